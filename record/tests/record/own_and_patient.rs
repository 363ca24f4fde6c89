//! Spaces of which there is one: somebody's own, and the one of the people around a patient.

use baton_core::chain::{Head, Seq};
use baton_core::device_api::{CREATE_PATH, Create, SESSION_PATH, Session, SpaceGrant};
use baton_core::id::{PatientId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{Added, MemberOp, Removed};
use baton_core::op::space::{Renamed, SpaceKind, SpaceOp};
use baton_core::refusal::Refusal;
use baton_core::state::SpaceState;
use baton_record::log;
use baton_record::patients::change::Change;
use baton_record::patients::refresh::refresh_due;

use crate::lists::{patient, subject, take, told};
use crate::place::{Place, TestDevice, append_one, new_seq, refusal};

fn own(place: &Place) -> Create {
    Create {
        kind: SpaceKind::Own,
        title: "".into(),
        members: vec![],
        request: place.cx.make_op_id(),
        about: None,
    }
}

fn around(place: &Place, patient: PatientId, members: &[UserId]) -> Create {
    Create {
        kind: SpaceKind::Patient,
        members: members.to_vec(),
        about: Some(patient),
        ..own(place)
    }
}

async fn create(place: &Place, device: &TestDevice, asked: &Create) -> SpaceGrant {
    device.get(place, CREATE_PATH, asked).await
}

/// The space, folded from its log.
pub(crate) async fn state(place: &Place, device: &TestDevice, space: SpaceId) -> SpaceState {
    let mut ring = device.keys(place, space).await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let entries = log::row::entries_after(&mut conn, space, Seq::ZERO, 1000, 1 << 20).await;
    let mut state = SpaceState::new(space);
    for entry in entries.unwrap() {
        let opened = ring.open_entry(&entry).unwrap();
        let head = Head {
            seq: entry.seq,
            chain: entry.chain,
        };
        state.fold(head, entry.at, &opened.op);
    }
    state
}

fn members(state: &SpaceState) -> Vec<UserId> {
    state.members.iter().map(|(user, _)| user).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_one_space_of_their_own_on_all_devices() {
    let Some(place) = Place::open("own_one").await else {
        return;
    };
    let (phone, desk) = (place.device("amina").await, place.device("amina").await);
    let (one_asked, other_asked) = (own(&place), own(&place));
    let (one, other) = tokio::join!(
        create(&place, &phone, &one_asked),
        create(&place, &desk, &other_asked)
    );
    assert_eq!(one.space, other.space);
    assert_eq!(create(&place, &phone, &own(&place)).await.space, one.space);
    assert_eq!(one.kind, SpaceKind::Own);
    assert_eq!(place.count("own_space").await, 1);
    let folded = state(&place, &desk, one.space).await;
    assert_eq!(folded.kind, Some(SpaceKind::Own));
    assert_eq!(members(&folded), [phone.user]);
    let session: Session = desk.get(&place, SESSION_PATH, &()).await;
    assert!(session.spaces.iter().any(|grant| grant.space == one.space));
    let tom = place.device("tom").await;
    assert_ne!(create(&place, &tom, &own(&place)).await.space, one.space);
    place.assert_verified(one.space).await;
}

#[tokio::test]
async fn a_space_of_ones_own_stays_that() {
    let Some(place) = Place::open("own_stays").await else {
        return;
    };
    let (amina, tom) = (place.device("amina").await, place.user("tom").await);
    let asked = Create {
        members: vec![tom],
        ..own(&place)
    };
    let refused = |asked: Create| {
        let (amina, place) = (&amina, &place);
        async move { amina.refused(place, CREATE_PATH, &asked).await }
    };
    assert_eq!(refused(asked).await, (422, "own-fixed".to_owned()));
    let titled = Create {
        title: "Mine".into(),
        ..own(&place)
    };
    assert_eq!(refused(titled).await, (422, "title".to_owned()));
    let about = Create {
        about: Some(patient(&place, 1).await),
        ..own(&place)
    };
    assert_eq!(refused(about).await, (422, "about".to_owned()));
    let space = create(&place, &amina, &own(&place)).await.space;
    let mut ring = amina.keys(&place, space).await;
    let added = Body::Member(MemberOp::Added(Added {
        user: tom,
        admin: false,
    }));
    let removed = Body::Member(MemberOp::Removed(Removed { user: amina.user }));
    let renamed = Body::Space(SpaceOp::Renamed(Renamed {
        title: "Mine".into(),
        base: Seq::new(1),
        after: vec![],
    }));
    for (body, reason) in [
        (added, Refusal::OwnFixed),
        (removed, Refusal::OwnFixed),
        (renamed, Refusal::NoTitle),
    ] {
        let op = amina.seal(&place, &mut ring, body);
        let id = op.op.op_id;
        let result = append_one(&place.cx, space, op).await;
        assert_eq!(refusal(&mut ring, id, &result), reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_people_around_a_patient_come_together_in_one_space_across_organisations() {
    let Some(place) = Place::open("patient_space").await else {
        return;
    };
    let patient = patient(&place, 1).await;
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    let (tom, siobhan) = (place.user("tom").await, place.user("siobhan").await);
    let asked = around(&place, patient, &[tom]);
    let made = create(&place, &amina, &asked).await;
    assert_eq!(made.kind, SpaceKind::Patient);
    assert_eq!(create(&place, &amina, &asked).await.space, made.space);
    assert_eq!(told(&place, made.space, patient).await, Some(0));
    while refresh_due(&place.cx).await.unwrap() > 0 {}
    let folded = state(&place, &amina, made.space).await;
    assert_eq!(folded.about, Some(patient));
    let held = folded.patients.find(patient).unwrap();
    assert_eq!(held.patient.name.expose().family, "OKONKWO");
    assert_eq!(folded.title.newest(), "", "it is shown by the patient's name");

    // Whoever asks joins, and brings others.
    let joined = create(&place, &liam, &around(&place, patient, &[siobhan, tom])).await;
    assert_eq!(joined.space, made.space);
    create(&place, &liam, &around(&place, patient, &[])).await;
    let folded = state(&place, &liam, made.space).await;
    let mut expected = vec![amina.user, tom, liam.user, siobhan];
    expected.sort_unstable();
    assert_eq!(members(&folded), expected);
    assert!(!folded.members.is_admin(liam.user));
    let audited = place.audit("patient_space.joined").await;
    let joins: Vec<_> = audited.iter().map(|row| (row.user_id, row.subject)).collect();
    assert_eq!(
        joins,
        [(Some(liam.user.uuid()), Some(patient.uuid()))],
        "who looked for whom, once"
    );
    let added = place.audit("member.added").await;
    let added: Vec<_> = added.iter().map(|row| (row.user_id, row.subject)).collect();
    assert_eq!(added, [(Some(liam.user.uuid()), Some(siobhan.uuid()))]);
    let session: Session = liam.get(&place, SESSION_PATH, &()).await;
    assert!(session.spaces.iter().any(|grant| grant.space == made.space));
    assert_eq!(place.count("patient_care_space").await, 1);

    // Any member may add somebody; who left may join again.
    let mut ring = liam.keys(&place, made.space).await;
    let leaves = Body::Member(MemberOp::Removed(Removed { user: liam.user }));
    let op = liam.seal(&place, &mut ring, leaves);
    new_seq(&append_one(&place.cx, made.space, op).await);
    let mut ring = amina.keys(&place, made.space).await;
    let added = Body::Member(MemberOp::Added(Added {
        user: liam.user,
        admin: false,
    }));
    let op = amina.seal(&place, &mut ring, added);
    new_seq(&append_one(&place.cx, made.space, op).await);
    place.assert_verified(made.space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ask_for_the_same_patient_at_once_meet() {
    let Some(place) = Place::open("patient_space_race").await else {
        return;
    };
    let patient = patient(&place, 1).await;
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    let (ours, theirs) = (around(&place, patient, &[]), around(&place, patient, &[]));
    let (one, other) = tokio::join!(create(&place, &amina, &ours), create(&place, &liam, &theirs));
    assert_eq!(one.space, other.space);
    let folded = state(&place, &amina, one.space).await;
    assert_eq!(folded.members.len(), 2);
    place.assert_verified(one.space).await;
}

#[tokio::test]
async fn there_is_no_space_around_nobody() {
    let Some(place) = Place::open("patient_space_none").await else {
        return;
    };
    let amina = place.device("amina").await;
    let nobody = around(&place, PatientId::from_bytes([7; 16]), &[]);
    let refused = amina.refused(&place, CREATE_PATH, &nobody).await;
    assert_eq!(refused, (422, "no-such-patient".to_owned()));
    let none = Create {
        about: None,
        ..nobody
    };
    let refused = amina.refused(&place, CREATE_PATH, &none).await;
    assert_eq!(refused, (422, "about".to_owned()));
    let titled = Create {
        title: "Mrs Okonkwo".into(),
        ..around(&place, patient(&place, 1).await, &[])
    };
    let refused = amina.refused(&place, CREATE_PATH, &titled).await;
    assert_eq!(refused, (422, "title".to_owned()));
    assert_eq!(place.count("space").await, 0);
}

#[tokio::test]
async fn around_somebody_who_was_known_twice_people_meet_under_the_one_who_stands_for_both() {
    let Some(place) = Place::open("patient_space_merged").await else {
        return;
    };
    let (kept, retired) = (patient(&place, 1).await, patient(&place, 2).await);
    let merge = Change::Merge {
        survivor: subject(1),
        retired: subject(2),
    };
    take(&place, 1000, merge).await;
    let (amina, liam) = (place.device("amina").await, place.device("liam").await);
    let one = create(&place, &amina, &around(&place, retired, &[])).await;
    let other = create(&place, &liam, &around(&place, kept, &[])).await;
    assert_eq!(one.space, other.space);
    let folded = state(&place, &amina, one.space).await;
    assert_eq!(folded.about, Some(kept));
}
