//! Append: what is taken, what is refused, and that neither happens twice.

use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::id::{DeviceId, OpId, UserId};
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::message::{Acknowledged, Corrected, MessageOp, Priority, Withdrawn};
use baton_core::op::{Body, Op};
use baton_core::refusal::Refusal;
use baton_core::seal::Epoch;
use baton_core::service::{Append, AppendResult, DeviceOp, Entries};
use baton_record::log::{self, LogError, entries};
use baton_record::people::device;

use crate::place::{Place, append, append_one, new_seq, posted, posted_as, refusal};

fn again(result: &AppendResult) -> u64 {
    match result {
        AppendResult::Appended { seq, again: true, .. } => seq.value(),
        other => panic!("not there already: {other:?}"),
    }
}

fn corrected(message: OpId, text: &str) -> Body {
    Body::Message(MessageOp::Corrected(Corrected {
        message,
        text: text.into(),
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_are_appended_in_order_and_twice_is_once() {
    let Some(place) = Place::open("append_order").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let mut ring = amina.keys(&place, space).await;
    let ops: Vec<DeviceOp> = (0..5)
        .map(|n| amina.seal(&place, &mut ring, posted(&format!("{n}"))))
        .collect();
    let answer = append(&place.cx, space, ops.clone()).await;
    let seqs: Vec<u64> = answer.results.iter().map(new_seq).collect();
    assert_eq!(seqs, [4, 5, 6, 7, 8]);
    // The same batch, the same in another order, and one that holds an operation twice.
    let repeated = append(&place.cx, space, ops.clone()).await;
    assert_eq!(
        repeated.results.iter().map(again).collect::<Vec<_>>(),
        [4, 5, 6, 7, 8]
    );
    let reversed = append(&place.replica(7), space, ops.iter().rev().cloned().collect()).await;
    assert_eq!(
        reversed.results.iter().map(again).collect::<Vec<_>>(),
        [8, 7, 6, 5, 4]
    );
    let one = tom.seal(&place, &mut ring, posted("once"));
    let doubled = append(&place.cx, space, vec![one.clone(), one]).await;
    assert_eq!((new_seq(&doubled.results[0]), again(&doubled.results[1])), (9, 9));
    assert_eq!(place.assert_verified(space).await, 9);
    let asked = Entries {
        space,
        after: Seq::new(3),
        limit: 3,
    };
    let read = entries::after(&place.cx, &asked).await.unwrap().unwrap();
    assert_eq!(
        read.entries
            .iter()
            .map(|entry| entry.seq.value())
            .collect::<Vec<_>>(),
        [4, 5, 6]
    );
    assert_eq!(read.head, Seq::new(9));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_is_not_its_devices_own_is_refused() {
    let Some(place) = Place::open("append_forged").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let other = place.team("Other ward", &["amina"], &[]).await;
    let (amina, tom, liam) = (
        place.device("amina").await,
        place.device("tom").await,
        place.device("liam").await,
    );
    let mut ring = amina.keys(&place, space).await;
    let good = amina.seal(&place, &mut ring, posted("good"));

    // Sent as another device's, under another id, or to another space: it does not open.
    let as_toms = DeviceOp {
        device: tom.id,
        ..good.clone()
    };
    let result = append_one(&place.cx, space, as_toms).await;
    assert_eq!(refusal(&mut ring, good.op.op_id, &result), Refusal::Malformed);
    let mut renamed = good.clone();
    renamed.op.op_id = place.cx.make_op_id();
    let result = append_one(&place.cx, space, renamed.clone()).await;
    assert_eq!(refusal(&mut ring, renamed.op.op_id, &result), Refusal::Malformed);
    let mut other_ring = amina.keys(&place, other).await;
    let result = append_one(&place.cx, other, good.clone()).await;
    assert_eq!(
        refusal(&mut other_ring, good.op.op_id, &result),
        Refusal::Malformed
    );

    // Changed on its way, cut short, or garbage.
    let changes: [fn(&mut Vec<u8>); 3] = [
        |sealed| *sealed.last_mut().unwrap() ^= 1,
        |sealed| sealed.truncate(20),
        |sealed| *sealed = vec![0xff; 64],
    ];
    for change in changes {
        let mut changed = amina.seal(&place, &mut ring, posted("changed"));
        change(&mut changed.op.sealed);
        let result = append_one(&place.cx, space, changed.clone()).await;
        assert_eq!(refusal(&mut ring, changed.op.op_id, &result), Refusal::Malformed);
    }

    // Sealed with the right key, but signed by somebody else's, or in somebody else's name.
    let op = Op {
        id: place.cx.make_op_id(),
        by: amina.user,
        at: place.cx.now(),
        body: posted("forged"),
    };
    let sealed = ring
        .seal_op(&op, amina.id, &tom.secret.signing_key(), &mut place.cx.rng())
        .unwrap();
    let forged = DeviceOp {
        device: amina.id,
        op: baton_core::frame::SealedOp { op_id: op.id, sealed },
    };
    let result = append_one(&place.cx, space, forged).await;
    assert_eq!(refusal(&mut ring, op.id, &result), Refusal::Malformed);
    let named = Op {
        by: tom.user,
        id: place.cx.make_op_id(),
        ..op
    };
    let result = append_one(&place.cx, space, amina.seal_op(&place, &mut ring, &named)).await;
    assert_eq!(refusal(&mut ring, named.id, &result), Refusal::Malformed);
    let as_record = Op {
        by: UserId::RECORD,
        id: place.cx.make_op_id(),
        ..named
    };
    let mut sent = amina.seal_op(&place, &mut ring, &as_record);
    sent.device = DeviceId::RECORD;
    assert_eq!(append_one(&place.cx, space, sent).await, AppendResult::NotAllowed);

    // Somebody who got hold of the key, but does not belong here; and a device that nobody knows.
    let outsider = liam.seal(&place, &mut ring, posted("outside"));
    assert_eq!(
        append_one(&place.cx, space, outsider).await,
        AppendResult::NotAllowed
    );
    let mut unknown = amina.seal(&place, &mut ring, posted("unknown"));
    unknown.device = place.cx.make_device_id();
    assert_eq!(
        append_one(&place.cx, space, unknown).await,
        AppendResult::NotAllowed
    );
    let nowhere = append_one(&place.cx, place.cx.make_space_id(), good.clone()).await;
    assert_eq!(nowhere, AppendResult::NotAllowed);

    // A refused operation does not stop the next.
    assert_eq!(new_seq(&append_one(&place.cx, space, good).await), 4);
    assert_eq!(place.assert_verified(space).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_are_bounded() {
    let Some(place) = Place::open("append_sizes").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &[]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    let mut large = amina.seal(&place, &mut ring, posted("large"));
    large
        .op
        .sealed
        .resize(baton_core::frame::limit::SEALED_BYTES + 1, 0);
    let result = append_one(&place.cx, space, large.clone()).await;
    assert_eq!(refusal(&mut ring, large.op.op_id, &result), Refusal::TooLong);
    let long = amina.seal(&place, &mut ring, posted(&"x".repeat(16 * 1024 + 1)));
    let result = append_one(&place.cx, space, long.clone()).await;
    assert_eq!(refusal(&mut ring, long.op.op_id, &result), Refusal::TooLong);
    let many = vec![large; baton_core::frame::limit::OPS_PER_BATCH + 1];
    let refused = log::append::append(&place.cx, Append { space, ops: many }).await;
    assert!(matches!(refused, Err(LogError::BatchSize)));
    assert_eq!(place.assert_verified(space).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_an_old_message_is_checked_against_it() {
    let Some(place) = Place::open("append_old").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let mut ring = amina.keys(&place, space).await;
    let first = amina.seal(&place, &mut ring, posted("first"));
    let message = first.op.op_id;
    append_one(&place.cx, space, first).await;
    for _ in 0..3 {
        let ops = (0..100)
            .map(|n| tom.seal(&place, &mut ring, posted(&format!("{n}"))))
            .collect();
        append(&place.cx, space, ops).await;
    }
    // By now it has left the memory of both replicas.
    for cx in [place.cx.clone(), place.replica(8)] {
        let theirs = tom.seal(&place, &mut ring, corrected(message, "by another"));
        let result = append_one(&cx, space, theirs.clone()).await;
        assert_eq!(refusal(&mut ring, theirs.op.op_id, &result), Refusal::NotAuthor);
        let own = amina.seal(&place, &mut ring, corrected(message, "better"));
        new_seq(&append_one(&cx, space, own).await);
    }
    let withdrawn = amina.seal(
        &place,
        &mut ring,
        Body::Message(MessageOp::Withdrawn(Withdrawn { message })),
    );
    new_seq(&append_one(&place.replica(9), space, withdrawn).await);
    let late = amina.seal(&place, &mut ring, corrected(message, "too late"));
    let result = append_one(&place.replica(10), space, late.clone()).await;
    assert_eq!(refusal(&mut ring, late.op.op_id, &result), Refusal::Withdrawn);
    let nothing = amina.seal(&place, &mut ring, corrected(place.cx.make_op_id(), "nothing"));
    let result = append_one(&place.cx, space, nothing.clone()).await;
    assert_eq!(refusal(&mut ring, nothing.op.op_id, &result), Refusal::NoMessage);
    place.assert_verified(space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_is_sent_again_after_the_withdrawal_was_there_already() {
    let Some(place) = Place::open("append_late_again").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, space).await;
    let first = amina.seal(&place, &mut ring, posted("first"));
    let message = first.op.op_id;
    let correction = amina.seal(&place, &mut ring, corrected(message, "better"));
    let withdrawn = amina.seal(
        &place,
        &mut ring,
        Body::Message(MessageOp::Withdrawn(Withdrawn { message })),
    );
    append(&place.cx, space, vec![first, correction.clone(), withdrawn]).await;
    assert_eq!(again(&append_one(&place.replica(5), space, correction).await), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_not_taken_after_what_its_author_did_later() {
    let Some(place) = Place::open("append_overtaken").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    let mut ring = amina.keys(&place, space).await;
    let user = liam.user;
    let removed = amina.seal(
        &place,
        &mut ring,
        Body::Member(MemberOp::Removed(Removed { user })),
    );
    let later = amina.seal(&place, &mut ring, posted("later"));
    let batch = vec![removed.clone(), later.clone()];
    let answer = append(&place.cx, space, batch.clone()).await;
    assert_eq!(
        refusal(&mut ring, removed.op.op_id, &answer.results[0]),
        Refusal::NoSuchMember
    );
    assert_eq!(new_seq(&answer.results[1]), 4);
    let added = Body::Member(MemberOp::Added(Added { user, admin: false }));
    let added = amina.seal(&place, &mut ring, added);
    assert_eq!(new_seq(&append_one(&place.cx, space, added).await), 5);
    // The answer was lost, and the frame comes again, when the rules would allow all of it; also to a replica that has seen nothing.
    for cx in [&place.cx, &place.replica(3)] {
        let answer = append(cx, space, batch.clone()).await;
        assert_eq!(
            refusal(&mut ring, removed.op.op_id, &answer.results[0]),
            Refusal::Overtaken
        );
        assert_eq!(again(&answer.results[1]), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn urgent_messages_are_acknowledged_by_others() {
    let Some(place) = Place::open("append_urgent").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom) = (place.device("amina").await, place.device("tom").await);
    let mut ring = amina.keys(&place, space).await;
    let urgent = amina.seal(&place, &mut ring, posted_as("come", Priority::Urgent));
    let message = urgent.op.op_id;
    append_one(&place.cx, space, urgent).await;
    let body = || Body::Message(MessageOp::Acknowledged(Acknowledged { message }));
    let own = amina.seal(&place, &mut ring, body());
    let result = append_one(&place.cx, space, own.clone()).await;
    assert_eq!(refusal(&mut ring, own.op.op_id, &result), Refusal::AcknowledgeOwn);
    new_seq(&append_one(&place.cx, space, tom.seal(&place, &mut ring, body())).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_gets_no_new_key_and_an_old_key_is_taken_for_a_minute() {
    let Some(place) = Place::open("append_epoch").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom", "siobhan"]).await;
    let (amina, tom, siobhan) = (
        place.device("amina").await,
        place.device("tom").await,
        place.device("siobhan").await,
    );
    let mut old = amina.keys(&place, space).await;
    let removed = amina.seal(
        &place,
        &mut old,
        Body::Member(MemberOp::Removed(Removed { user: tom.user })),
    );
    let after = siobhan.seal(&place, &mut old, posted("in the same batch"));
    let answer = append(&place.cx, space, vec![removed, after]).await;
    assert!(answer.results.iter().all(|result| new_seq(result) > 4));
    assert!(answer.changed.new_epoch);
    assert_eq!(answer.changed.removed, [tom.user]);
    assert_eq!(answer.changed.spaces_of, [tom.user]);
    let (status, _) = tom
        .ask(
            &place,
            baton_core::device_api::KEYS_PATH,
            &baton_core::device_api::Keys { space },
        )
        .await;
    assert_eq!(status, 403);
    let sent = tom.seal(&place, &mut old, posted("still here"));
    assert_eq!(append_one(&place.cx, space, sent).await, AppendResult::NotAllowed);
    assert!(!entries::may(&place.cx, space, tom.id).await.unwrap());

    let mut new = amina.keys(&place, space).await;
    assert_eq!(new.newest(), Some(Epoch::new(2)));
    for cx in [&place.cx, &place.replica(4)] {
        new_seq(&append_one(cx, space, amina.seal(&place, &mut new, posted("new key"))).await);
        new_seq(&append_one(cx, space, siobhan.seal(&place, &mut old, posted("old key"))).await);
    }
    let kept = siobhan.seal(&place, &mut old, posted("kept"));
    new_seq(&append_one(&place.cx, space, kept.clone()).await);
    place.clock.pass(Duration::from_secs(61));
    for cx in [&place.cx, &place.replica(3)] {
        let stale = siobhan.seal(&place, &mut old, posted("too late"));
        assert_eq!(append_one(cx, space, stale).await, AppendResult::StaleEpoch);
        // What is in the log is there, however old its key.
        again(&append_one(cx, space, kept.clone()).await);
    }
    place.assert_verified(space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_people_of_the_directory_are_added() {
    let Some(place) = Place::open("append_members").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, tom, liam) = (
        place.device("amina").await,
        place.device("tom").await,
        place.device("liam").await,
    );
    let mut ring = amina.keys(&place, space).await;
    let add = |user| Body::Member(MemberOp::Added(Added { user, admin: false }));
    let nobody = amina.seal(&place, &mut ring, add(UserId::from_bytes([8; 16])));
    let result = append_one(&place.cx, space, nobody.clone()).await;
    assert_eq!(
        refusal(&mut ring, nobody.op.op_id, &result),
        Refusal::NoSuchPerson
    );
    let not_admin = tom.seal(&place, &mut ring, add(liam.user));
    let result = append_one(&place.cx, space, not_admin.clone()).await;
    assert_eq!(refusal(&mut ring, not_admin.op.op_id, &result), Refusal::NotAdmin);
    let answer = append(
        &place.cx,
        space,
        vec![amina.seal(&place, &mut ring, add(liam.user))],
    )
    .await;
    assert_eq!(answer.changed.spaces_of, [liam.user]);
    // Who is added reads what was before.
    liam.keys(&place, space).await;
    new_seq(&append_one(&place.cx, space, liam.seal(&place, &mut ring, posted("hello"))).await);
    assert_eq!(place.assert_verified(space).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_ended_writes_nothing_more_on_any_replica() {
    let Some(place) = Place::open("append_revoked").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &["tom"]).await;
    let (amina, lost) = (place.device("amina").await, place.device("tom").await);
    let mut ring = amina.keys(&place, space).await;
    let other = place.replica(6);
    new_seq(&append_one(&other, space, lost.seal(&place, &mut ring, posted("before"))).await);
    assert!(
        device::revoke(&place.cx, lost.id, device::By::Operator)
            .await
            .unwrap()
    );
    assert!(
        !device::revoke(&place.cx, lost.id, device::By::Operator)
            .await
            .unwrap()
    );
    let sent = lost.seal(&place, &mut ring, posted("after"));
    assert_eq!(append_one(&other, space, sent).await, AppendResult::NotAllowed);
    // Whoever holds it knows the old key; the new one it never sees.
    assert_eq!(amina.keys(&place, space).await.newest(), Some(Epoch::new(2)));
    place.clock.pass(baton_record::people::device::SESSION);
    let ended = amina.seal(&place, &mut ring, posted("half a day later"));
    assert_eq!(
        append_one(&place.cx, space, ended).await,
        AppendResult::NotAllowed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keys_month_ends_with_a_new_epoch() {
    let Some(place) = Place::open("append_month").await else {
        return;
    };
    let space = place.team("Ward", &["amina"], &[]).await;
    assert_eq!(baton_record::serve::renew_epochs(&place.cx).await.unwrap(), 0);
    place.clock.pass(Duration::from_hours(30 * 24 + 1));
    assert_eq!(baton_record::serve::renew_epochs(&place.cx).await.unwrap(), 1);
    assert_eq!(baton_record::serve::renew_epochs(&place.cx).await.unwrap(), 0);
    let amina = place.device("amina").await;
    assert_eq!(amina.keys(&place, space).await.newest(), Some(Epoch::new(2)));
}
