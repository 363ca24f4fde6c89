//! One feed's order, replicas, and a database that cuts connections.

use baton_record::hl7;

use super::{ADA, Door, TOM, WARD_7, WARD_8, adt, code, framed, patient, serve};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_feed_over_many_connections_and_replicas_is_taken_one_by_one() {
    let Some(door) = Door::open("order", &[]).await else {
        return;
    };
    let second = door.place.replica(2);
    let (_stop, address, _served) = serve(&second).await;
    let mut connections = Vec::new();
    for number in 0..8_u32 {
        let address = if number % 2 == 0 { door.address } else { address };
        connections.push(tokio::spawn(async move {
            let stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let mut pas = super::Sender::new(stream);
            for turn in 0..10_u32 {
                let minute = turn * 8 + number;
                let ward = format!("PV1|1|I|W{minute}^^^RX1||||||||||||||||V1^^^RX1");
                let message = adt("A02", &minute.to_string(), minute, &[ADA, &ward]);
                assert_eq!(pas.send(&message).await.code(), code("AA", &minute.to_string()));
                // What it sent comes again by another way, as after a lost connection.
                assert_eq!(pas.send(&message).await.code(), code("AA", &minute.to_string()));
            }
        }));
    }
    for connection in connections {
        connection.await.unwrap();
    }
    let ada = patient(&second, "RX1", "A1").await.unwrap();
    assert_eq!(ada.visit.unwrap().place.unwrap().ward, "W79");
    assert_eq!(door.place.count("patient").await, 1);
    assert_eq!(door.place.count("hl7_seen").await, 80);
    let again = |cx| super::counted(cx, "baton_hl7_messages_total{answer=\"again\",reason=\"\"}");
    assert_eq!(again(&door.place.cx) + again(&second), 80);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_kept_is_answered_while_the_index_is_held_up_and_gets_there_in_its_order() {
    let Some(door) = Door::open("held_up", &[]).await else {
        return;
    };
    let (mut first, mut second) = (door.dial().await, door.dial().await);
    first.send(&adt("A28", "0", 500, &[ADA])).await;
    assert!(door.patient("A1").await.is_some());
    let background = tokio::spawn(hl7::waiting::run(door.place.cx.clone()));
    let mut blocker = door.place.cx.pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM patient FOR UPDATE")
        .execute(&mut *blocker)
        .await
        .unwrap();
    for (control, event, person) in [("1", "A31", ADA), ("2", "A28", TOM)] {
        let message = adt(event, control, 501, &[person]);
        assert_eq!(first.send(&message).await.code(), code("AA", control));
    }
    until_waiting(&mut blocker, 1).await;
    assert!(
        door.patient_now("B2").await.is_none(),
        "it overtook what came before it"
    );
    // Whether two are one, only the index knows: that is answered after its turn.
    let link = adt("A24", "3", 502, &[ADA, TOM]);
    second.write(&framed(link.as_bytes())).await;
    until_waiting(&mut blocker, 2).await;
    blocker.commit().await.unwrap();
    assert_eq!(second.read().await.unwrap().code(), code("AA", "3"));
    assert!(door.patient("B2").await.is_some());
    assert_eq!(waiting(&door).await, 0);
    background.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_replica_answered_before_it_ended_another_takes() {
    let Some(door) = Door::open("taken_over", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let message = adt("A01", "1", 500, &[ADA, WARD_7]);
    assert_eq!(pas.send(&message).await.code(), code("AA", "1"));
    let same = adt("A24", "2", 501, &[ADA, ADA]);
    assert_eq!(pas.send(&same).await.code(), code("AE", "2"));
    assert_eq!(pas.send(&same).await.code(), code("AE", "2"));
    let same_patient = "hl7_quarantine WHERE reason = 'same-patient'";
    assert_eq!(door.place.count(same_patient).await, 1);
    let transfer = adt("A02", "3", 502, &[ADA, WARD_8]);
    assert_eq!(pas.send(&transfer).await.code(), code("AA", "3"));
    assert_eq!(waiting(&door).await, 1);
    let place = door.closed().await;
    let second = place.replica(2);
    let ada = patient(&second, "RX1", "A1").await.unwrap();
    assert_eq!(ada.visit.unwrap().place.unwrap().ward, "W8");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_database_never_does_is_put_into_the_quarantine_and_the_next_is_taken() {
    let Some(door) = Door::open("never", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    pas.send(&adt("A01", "1", 500, &[ADA, WARD_7])).await;
    assert!(door.patient("A1").await.is_some());
    sqlx::query("ALTER TABLE patient ADD CONSTRAINT never CHECK (version < 2)")
        .execute(&door.place.cx.pool)
        .await
        .unwrap();
    let transfer = adt("A02", "2", 501, &[ADA, WARD_8]);
    assert_eq!(pas.send(&transfer).await.code(), code("AA", "2"));
    assert_eq!(
        pas.send(&adt("A28", "3", 502, &[TOM])).await.code(),
        code("AA", "3")
    );
    assert!(door.patient("B2").await.is_some());
    assert_eq!(waiting(&door).await, 0);
    assert_eq!(door.place.count("hl7_quarantine").await, 1);
    let again = pas.send(&transfer).await;
    assert_eq!(again.code(), code("AE", "2"));
    assert_eq!(again.condition(), "207");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_to_the_database_that_is_cut_loses_and_doubles_nothing() {
    let Some(door) = Door::open("cut", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    pas.send(&adt("A01", "1", 500, &[ADA, WARD_7])).await;
    let before = door.patient("A1").await.unwrap().version;
    let mut blocker = door.place.cx.pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM patient FOR UPDATE")
        .execute(&mut *blocker)
        .await
        .unwrap();
    let transfer = adt("A02", "2", 501, &[ADA, WARD_8]);
    assert_eq!(pas.send(&transfer).await.code(), code("AA", "2"));
    let cx = door.place.cx.clone();
    let draining = tokio::spawn(async move { hl7::waiting::drain(&cx).await.is_err() });
    until_waiting(&mut blocker, 1).await;
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'",
    )
    .execute(&mut *blocker)
    .await
    .unwrap();
    assert!(draining.await.unwrap(), "it says that it could not");
    blocker.commit().await.unwrap();
    assert_eq!(waiting(&door).await, 1);
    let ada = door.patient("A1").await.unwrap();
    assert_eq!(ada.visit.unwrap().place.unwrap().ward, "W8");
    assert_eq!(ada.version, before + 1);
    assert_eq!(door.place.count("hl7_seen").await, 2);
    assert_eq!(door.place.count("hl7_quarantine").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_late_undoes_nothing_newer() {
    let Some(door) = Door::open("late", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let (early, late) = (
        adt("A01", "1", 500, &[ADA, WARD_7]),
        adt("A02", "2", 510, &[ADA, WARD_8]),
    );
    assert_eq!(pas.send(&late).await.code(), code("AA", "2"));
    assert_eq!(pas.send(&early).await.code(), code("AA", "1"));
    let visit = door.patient("A1").await.unwrap().visit.unwrap();
    assert_eq!(visit.place.unwrap().ward, "W8");
}

/// How many messages were answered and are not in the index.
async fn waiting(door: &Door) -> i64 {
    door.place.count("hl7_seen WHERE sealed IS NOT NULL").await
}

/// Waits until so many others of this database wait for a lock.
async fn until_waiting(conn: &mut sqlx::PgConnection, count: i64) {
    loop {
        sqlx::query("SELECT pg_stat_clear_snapshot()")
            .execute(&mut *conn)
            .await
            .unwrap();
        let (waiting,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut *conn)
        .await
        .unwrap();
        if waiting >= count {
            return;
        }
        tokio::task::yield_now().await;
    }
}

impl Door {
    /// The version of the patient with a number, without waiting for anybody.
    async fn patient_now(&self, number: &str) -> Option<u64> {
        let key = self.place.cx.keys.derive_patient("number", &["RX1", number]);
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT version FROM patient JOIN patient_identifier ON patient = id WHERE key = $1",
        )
        .bind(key.as_slice())
        .fetch_optional(&self.place.cx.pool)
        .await
        .unwrap();
        row.map(|(version,)| version.unsigned_abs())
    }
}
