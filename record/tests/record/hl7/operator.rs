//! What was refused, in an operator's hands.

use baton_record::hl7::quarantine::{self, QuarantineError};
use baton_record::hl7::{self};

use super::{ADA, Door, TOM, WARD_7, WARD_8, adt, code};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_is_listed_shown_corrected_and_replayed() {
    let Some(door) = Door::open("replay", &[]).await else {
        return;
    };
    let cx = &door.place.cx;
    let mut pas = door.dial().await;
    let no_visit = adt("A01", "1", 500, &[ADA]);
    assert_eq!(pas.send(&no_visit).await.code(), code("AE", "1"));
    let listed = quarantine::list(cx, false).await.unwrap();
    let [kept] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (kept.feed.name(), kept.reason.as_str(), kept.state.as_str()),
        ("PAS|RX1", "missing-segment", "waiting")
    );

    let shown = quarantine::show(cx, kept.id).await.unwrap();
    assert_eq!(shown.message, no_visit.as_bytes());
    assert_eq!(
        door.place.audit("hl7.quarantine_shown").await[0].subject,
        Some(kept.id)
    );

    // As it is, it is refused again, and waits on.
    let refused = hl7::replay(cx, kept.id, None).await.unwrap_err();
    assert!(matches!(refused, QuarantineError::Refused(_)), "{refused}");
    assert!(door.patient("A1").await.is_none());
    assert_eq!(door.place.audit("hl7.replay_refused").await.len(), 1);

    let corrected = adt("A01", "1", 500, &[ADA, WARD_7]).into_bytes();
    let outcomes = hl7::replay(cx, kept.id, Some(corrected)).await.unwrap();
    let ada = door.patient("A1").await.unwrap();
    assert_eq!(outcomes[0].patient, Some(ada.id));
    assert_eq!(ada.visit.unwrap().place.unwrap().ward, "W7");
    assert_eq!(door.place.audit("hl7.replayed").await[0].subject, Some(kept.id));
    assert_eq!(quarantine::list(cx, false).await.unwrap(), []);
    assert_eq!(quarantine::list(cx, true).await.unwrap()[0].state, "replayed");

    // The sender, which was stuck with it, is told that it was taken.
    assert_eq!(pas.send(&no_visit).await.code(), code("AA", "1"));
    let twice = hl7::replay(cx, kept.id, None).await.unwrap_err();
    assert!(matches!(twice, QuarantineError::Dealt(state) if state == "replayed"));
    assert_eq!(door.place.count("hl7_quarantine").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_replayed_late_undoes_nothing_newer() {
    let Some(door) = Door::open("replay_late", &[]).await else {
        return;
    };
    let cx = &door.place.cx;
    let mut pas = door.dial().await;
    assert_eq!(
        pas.send(&adt("A02", "1", 500, &[ADA])).await.code(),
        code("AE", "1")
    );
    assert_eq!(
        pas.send(&adt("A02", "2", 510, &[ADA, WARD_8])).await.code(),
        code("AA", "2")
    );
    let kept = quarantine::list(cx, false).await.unwrap().remove(0);
    let corrected = adt("A02", "1", 500, &[ADA, WARD_7]).into_bytes();
    hl7::replay(cx, kept.id, Some(corrected)).await.unwrap();
    let visit = door.patient("A1").await.unwrap().visit.unwrap();
    assert_eq!(visit.place.unwrap().ward, "W8");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_message_under_a_known_control_id_is_replayed_as_it_is() {
    let Some(door) = Door::open("replay_other", &[]).await else {
        return;
    };
    let cx = &door.place.cx;
    let mut pas = door.dial().await;
    pas.send(&adt("A28", "1", 500, &[ADA])).await;
    let other = adt("A28", "1", 501, &[TOM]);
    assert_eq!(pas.send(&other).await.code(), code("AE", "1"));
    let kept = quarantine::list(cx, false).await.unwrap().remove(0);
    hl7::replay(cx, kept.id, None).await.unwrap();
    assert!(door.patient("B2").await.is_some());
    assert_eq!(pas.send(&other).await.code(), code("AA", "1"));
    assert_eq!(
        pas.send(&adt("A28", "1", 500, &[ADA])).await.code(),
        code("AA", "1")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discarded_message_keeps_its_reason_sealed_and_stays_refused() {
    let Some(door) = Door::open("discard", &[]).await else {
        return;
    };
    let cx = &door.place.cx;
    let mut pas = door.dial().await;
    let message = adt("A01", "1", 500, &[ADA]);
    pas.send(&message).await;
    let kept = quarantine::list(cx, false).await.unwrap().remove(0);
    quarantine::discard(cx, kept.id, "sent twice by Mrs Quillfeather")
        .await
        .unwrap();
    let shown = quarantine::show(cx, kept.id).await.unwrap();
    assert_eq!(shown.why.as_deref(), Some("sent twice by Mrs Quillfeather"));
    assert_eq!(door.place.audit("hl7.discarded").await[0].subject, Some(kept.id));
    assert_eq!(pas.send(&message).await.code(), code("AE", "1"));
    assert!(quarantine::discard(cx, kept.id, "again").await.is_err());
    assert!(hl7::replay(cx, kept.id, None).await.is_err());
    assert!(matches!(
        quarantine::show(cx, uuid::Uuid::nil()).await,
        Err(QuarantineError::NoSuchMessage)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dealt_with_is_deleted_after_thirty_days_and_what_waits_is_not() {
    let Some(door) = Door::open("forget", &[]).await else {
        return;
    };
    let cx = &door.place.cx;
    let mut pas = door.dial().await;
    pas.send(&adt("A28", "1", 500, &[ADA])).await;
    pas.send(&adt("A01", "2", 501, &[ADA])).await;
    pas.send(&adt("A01", "3", 502, &[TOM])).await;
    let dealt = quarantine::list(cx, false).await.unwrap().remove(0);
    quarantine::discard(cx, dealt.id, "not ours").await.unwrap();
    quarantine::forget(cx).await.unwrap();
    assert_eq!(
        (
            door.place.count("hl7_seen").await,
            door.place.count("hl7_quarantine").await
        ),
        (3, 2)
    );
    door.place
        .clock
        .pass(quarantine::REMEMBERED + std::time::Duration::from_secs(1));
    quarantine::forget(cx).await.unwrap();
    // What is not in the index yet is not forgotten, however old.
    assert_eq!(door.place.count("hl7_seen").await, 1);
    baton_record::hl7::waiting::drain(cx).await.unwrap();
    quarantine::forget(cx).await.unwrap();
    assert_eq!(
        (
            door.place.count("hl7_seen").await,
            door.place.count("hl7_quarantine").await
        ),
        (0, 1)
    );
    // A control id that is used anew after that is a new message.
    assert_eq!(
        pas.send(&adt("A28", "1", 503, &[TOM])).await.code(),
        code("AA", "1")
    );
}
