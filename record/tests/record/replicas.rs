//! Several replicas on one database, and what a crash leaves.

use baton_core::service::{Append, AppendResult};
use baton_record::log;

use crate::place::{Place, append, append_one, new_seq, posted};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_write_at_once_keep_one_log_without_gaps() {
    let Some(place) = Place::open("replicas_race").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom", "siobhan"]).await;
    let replicas = [place.cx.clone(), place.replica(2), place.replica(3)];
    let mut writers = Vec::new();
    for (index, subject) in ["amina", "tom", "siobhan"].into_iter().enumerate() {
        let device = place.device(subject).await;
        let mut ring = device.keys(&place, space).await;
        let batches: Vec<_> = (0..20)
            .map(|batch| {
                (0..3)
                    .map(|n| device.seal(&place, &mut ring, posted(&format!("{index} {batch} {n}"))))
                    .collect::<Vec<_>>()
            })
            .collect();
        let replicas = replicas.clone();
        writers.push(tokio::spawn(async move {
            let mut seqs = Vec::new();
            for (turn, ops) in batches.into_iter().enumerate() {
                // Each batch by another replica, and some twice at once.
                let first = &replicas[(turn + index) % 3];
                let second = &replicas[(turn + index + 1) % 3];
                let (one, two) = tokio::join!(append(first, space, ops.clone()), append(second, space, ops));
                for (one, two) in one.results.iter().zip(&two.results) {
                    let place = |result: &AppendResult| match result {
                        AppendResult::Appended {
                            seq, chain, again, ..
                        } => (seq.value(), *chain, *again),
                        other => panic!("{other:?}"),
                    };
                    let ((seq, chain, again), (other_seq, other_chain, other_again)) =
                        (place(one), place(two));
                    assert_eq!((seq, chain), (other_seq, other_chain));
                    assert!(again != other_again, "exactly one of the two wrote it");
                    seqs.push(seq);
                }
            }
            assert!(seqs.is_sorted(), "one writer's operations stay in order");
            seqs
        }));
    }
    let mut all = Vec::new();
    for writer in writers {
        all.extend(writer.await.unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, (5..=184).collect::<Vec<u64>>());
    assert_eq!(place.assert_verified(space).await, 184);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_leaves_nothing_half_done() {
    let Some(place) = Place::open("replicas_crash").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    append_one(&place.cx, space, amina.seal(&place, &mut ring, posted("before"))).await;
    // Somebody holds the space's row, and every connection of the record is cut while it waits for it.
    let mut blocker = place.cx.pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM space FOR UPDATE")
        .execute(&mut *blocker)
        .await
        .unwrap();
    let (own,): (i32,) = sqlx::query_as("SELECT pg_backend_pid()")
        .fetch_one(&mut *blocker)
        .await
        .unwrap();
    let op = amina.seal(&place, &mut ring, posted("cut"));
    let (cx, sent) = (place.cx.clone(), op.clone());
    let cut = tokio::spawn(async move {
        log::append::append(
            &cx,
            Append {
                space,
                ops: vec![sent],
            },
        )
        .await
    });
    let mut ended = 0;
    while ended == 0 {
        // A transaction else sees for ever who waited when it looked first.
        sqlx::query("SELECT pg_stat_clear_snapshot()")
            .execute(&mut *blocker)
            .await
            .unwrap();
        let done = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> $1 AND wait_event_type = 'Lock'",
        )
        .bind(own)
        .execute(&mut *blocker)
        .await
        .unwrap();
        ended = done.rows_affected();
        tokio::task::yield_now().await;
    }
    let answer = cut.await.unwrap().unwrap_err();
    assert_eq!(answer.answer(&place.cx.metrics).status, 503);
    blocker.rollback().await.unwrap();
    assert_eq!(place.assert_verified(space).await, 4);
    // Sent again, it is there once.
    assert_eq!(new_seq(&append_one(&place.cx, space, op.clone()).await), 5);
    let again = append_one(&place.cx, space, op).await;
    assert!(matches!(again, AppendResult::Appended { again: true, .. }));
    assert_eq!(place.assert_verified(space).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_starts_late_goes_on_from_the_snapshot() {
    let Some(place) = Place::open("replicas_snapshot").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &[]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    for _ in 0..3 {
        let ops = (0..200)
            .map(|n| amina.seal(&place, &mut ring, posted(&format!("{n}"))))
            .collect();
        append(&place.cx, space, ops).await;
    }
    let made = log::snapshot::make(&place.cx, space).await.unwrap().unwrap();
    let opened = baton_core::snapshot::open(
        &made.sealed,
        &made.checkpoint,
        &mut ring,
        &place.cx.verifying_key(),
    );
    assert_eq!(opened.unwrap().head.seq.value(), 602);
    let late = place.replica(9);
    new_seq(&append_one(&late, space, amina.seal(&place, &mut ring, posted("late"))).await);
    // Asked for within 100 entries the kept one does.
    let fresh = log::snapshot::fresh(&late, space, 100).await.unwrap().unwrap();
    assert!(fresh.checkpoint == made.checkpoint, "another snapshot");
    assert_eq!(place.assert_verified(space).await, 603);
}
