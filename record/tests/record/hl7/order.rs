//! One feed's order, replicas, and a database that cuts connections.

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
async fn a_message_waits_for_the_one_before_it_and_other_feeds_do_not() {
    let Some(door) = Door::open("waits", &[]).await else {
        return;
    };
    let (mut first, mut second, mut other) = (door.dial().await, door.dial().await, door.dial().await);
    first.send(&adt("A28", "0", 500, &[ADA])).await;
    let mut blocker = door.place.cx.pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM patient FOR UPDATE")
        .execute(&mut *blocker)
        .await
        .unwrap();
    first
        .write(&framed(adt("A31", "1", 501, &[ADA]).as_bytes()))
        .await;
    until_waiting(&mut blocker, 1).await;
    second
        .write(&framed(adt("A28", "2", 502, &[TOM]).as_bytes()))
        .await;
    for number in 0..10 {
        let carol = "PID|1||C3^^^RX2||Carol^Ann";
        let message = adt("A31", &number.to_string(), 500, &[carol]).replace("|RX1|BATON", "|RX2|BATON");
        assert_eq!(other.send(&message).await.code().0, "AA");
    }
    assert!(
        door.patient_now("B2").await.is_none(),
        "it overtook the one before it"
    );
    blocker.commit().await.unwrap();
    assert_eq!(first.read().await.unwrap().code(), code("AA", "1"));
    assert_eq!(second.read().await.unwrap().code(), code("AA", "2"));
    assert!(door.patient("B2").await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_to_the_database_that_is_cut_loses_and_doubles_nothing() {
    let Some(door) = Door::open("cut", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    pas.send(&adt("A01", "1", 500, &[ADA, WARD_7])).await;
    let mut blocker = door.place.cx.pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM patient FOR UPDATE")
        .execute(&mut *blocker)
        .await
        .unwrap();
    let version = door.patient_now("A1").await;
    pas.write(&framed(adt("A02", "2", 501, &[ADA, WARD_8]).as_bytes()))
        .await;
    until_waiting(&mut blocker, 1).await;
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'",
    )
    .execute(&mut *blocker)
    .await
    .unwrap();
    blocker.commit().await.unwrap();
    assert_eq!(pas.read().await.unwrap().code(), code("AA", "2"));
    let ada = door.patient("A1").await.unwrap();
    assert_eq!(ada.visit.unwrap().place.unwrap().ward, "W8");
    assert_eq!(Some(ada.version), version.map(|version| version + 1));
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
