//! Spaces hear of their patients: who they are when they are named, and what becomes of them; lists fill themselves.

use std::collections::BTreeMap;

use baton_core::chain::{Head, Seq};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::list::{Archived, Created, ListOp, PatientAdded, PatientRemoved, Restored, Source};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::patient::{News, PatientOp};
use baton_core::op::{Body, Op};
use baton_core::patient::{Died, Report, ReportFlag, ReportStatus};
use baton_core::person::Organisation;
use baton_core::refusal::Refusal;
use baton_core::state::SpaceState;
use baton_core::time::At;
use baton_record::context::Context;
use baton_record::log;
use baton_record::patients;
use baton_record::patients::change::{Change, Event, Update, VisitDetails, VisitEvent};
use baton_record::patients::refresh::refresh_due;

use sqlx::Connection;

use super::found::ada;
use super::kept::take;
use super::model;
use crate::place::{Place, TestDevice, append_one, new_seq, posted, refusal};

/// Everything that is due is done.
async fn refresh(cx: &Context) {
    while refresh_due(cx).await.unwrap() > 0 {}
}

/// The operations of a space's log, and what they lead to.
async fn log_of(place: &Place, device: &TestDevice, space: SpaceId) -> (Vec<Op>, SpaceState) {
    let ring = device.keys(place, space).await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let entries = log::row::entries_after(&mut conn, space, Seq::ZERO, 10_000, 1 << 30)
        .await
        .unwrap();
    let mut state = SpaceState::new(space);
    let mut ops = Vec::new();
    let mut ring = ring;
    for entry in entries {
        let opened = ring.open_entry(&entry).unwrap();
        let head = Head {
            seq: entry.seq,
            chain: entry.chain,
        };
        state.fold(head, entry.at, &opened.op);
        ops.push(opened.op);
    }
    (ops, state)
}

async fn state(place: &Place, device: &TestDevice, space: SpaceId) -> SpaceState {
    log_of(place, device, space).await.1
}

/// What a space was told of a patient, telling by telling: the version, and the news.
async fn told(
    place: &Place,
    device: &TestDevice,
    space: SpaceId,
    patient: PatientId,
) -> Vec<(u64, Vec<News>)> {
    let (ops, _) = log_of(place, device, space).await;
    ops.into_iter()
        .filter_map(|op| match op.body {
            Body::Patient(PatientOp::Refreshed(told)) if told.patient.id == patient => {
                Some((told.patient.version, told.news))
            }
            _ => None,
        })
        .collect()
}

async fn act(place: &Place, device: &TestDevice, space: SpaceId, body: Body) -> OpId {
    let mut ring = device.keys(place, space).await;
    let op = device.seal(place, &mut ring, body);
    let id = op.op.op_id;
    new_seq(&append_one(&place.cx, space, op).await);
    id
}

fn about(patient: PatientId) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: "Please see".into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: Vec::new(),
        roles: vec![],
        about: Some(patient),
        photos: vec![],
    }))
}

fn ward(name: &str) -> Source {
    Source::Ward {
        facility: String::new(),
        ward: name.to_owned(),
    }
}

fn list(source: Source) -> Body {
    Body::List(ListOp::Created(Created {
        title: "Our patients".into(),
        source: Some(source),
    }))
}

fn on(ward: &str) -> VisitDetails {
    VisitDetails {
        place: Update::Set(baton_core::patient::Place {
            facility: "Eastmere".to_owned(),
            ward: ward.to_owned(),
            ..baton_core::patient::Place::default()
        }),
        ..VisitDetails::default()
    }
}

async fn visit(place: &Place, at: u64, patient: usize, event: VisitEvent, ward: &str) -> PatientId {
    take(
        &place.cx,
        at,
        Change::Visit(model::subject(patient), event, on(ward)),
    )
    .await
}

/// Who is on a list, and whether they left.
fn rows(state: &SpaceState, list: OpId) -> BTreeMap<PatientId, bool> {
    let list = state.lists.find(list).unwrap();
    list.rows().map(|row| (row.patient, row.left.is_some())).collect()
}

#[tokio::test]
async fn results_are_told_once_to_those_who_look_after_a_patient_and_not_to_who_wrote_of_them() {
    let Some(place) = Place::open("patients_results").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let wrote = place.team("Old friends", &["siobhan"], &["amina"]).await;
    let later = place.team("Ward 8", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let siobhan = place.device("siobhan").await;
    let mut subject = model::subject(0);
    subject.details = ada();
    let patient = take(
        &place.cx,
        10,
        Change::Visit(subject.clone(), VisitEvent::Admit, on("A")),
    )
    .await;
    act(&place, &amina, wrote, about(patient)).await;
    act(&place, &siobhan, team, list(ward("A"))).await;
    refresh(&place.cx).await;
    let report = Report {
        name: "Full blood count".into(),
        at: At::from_millis(19),
        status: ReportStatus::Final,
        flag: ReportFlag::Critical,
        told: Seq::ZERO,
    };
    // Sent again later, it is the same.
    for at in [20, 30] {
        take(
            &place.cx,
            at,
            Change::Report(subject.clone(), vec![report.clone()]),
        )
        .await;
        refresh(&place.cx).await;
    }
    let reports = async |space| {
        let state = state(&place, &amina, space).await;
        let held = state.patients.find(patient).unwrap().reports.clone();
        assert!(held.iter().all(|held| held.told > Seq::ZERO));
        (
            held.iter().filter(|held| held.is_again(&report)).count(),
            held.len(),
        )
    };
    assert_eq!(reports(team).await, (1, 1));
    assert_eq!(reports(wrote).await, (0, 0));
    let lines = state(&place, &amina, team).await.timeline.len();
    take(
        &place.cx,
        40,
        Change::Report(
            subject.clone(),
            vec![Report {
                at: At::from_millis(39),
                ..report.clone()
            }],
        ),
    )
    .await;
    refresh(&place.cx).await;
    assert_eq!(reports(team).await, (1, 2));
    assert_eq!(
        state(&place, &amina, team).await.timeline.len(),
        lines,
        "no line of a conversation"
    );
    // Whoever comes to look after them gets the last of them, also of the moment in which they come.
    take(
        &place.cx,
        50,
        Change::Visit(subject.clone(), VisitEvent::Transfer, on("B")),
    )
    .await;
    act(&place, &siobhan, later, list(ward("B"))).await;
    refresh(&place.cx).await;
    assert_eq!(reports(later).await, (1, 2));
    place.assert_verified(team).await;
    place.assert_verified(later).await;
}

#[tokio::test]
async fn a_space_that_names_a_patient_is_told_who_that_is_and_then_what_becomes_of_them() {
    let Some(place) = Place::open("patients_named").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let mut subject = model::subject(0);
    subject.details = ada();
    let patient = take(&place.cx, 10, Change::Visit(subject, VisitEvent::Admit, on("A"))).await;
    act(&place, &amina, team, about(patient)).await;
    refresh(&place.cx).await;
    // Who is new to a space has no past there.
    assert_eq!(told(&place, &amina, team, patient).await, [(1, vec![])]);
    let held = state(&place, &amina, team).await;
    let held = held.patients.find(patient).unwrap();
    assert_eq!(held.patient.name.expose().family, "QUILLFEATHER");

    let transfer = Change::Visit(model::subject(4711), VisitEvent::Transfer, on("B"));
    take(&place.cx, 20, transfer).await;
    let mut dead = model::subject(4711);
    dead.details.died = Update::Set(Died::default());
    take(&place.cx, 30, Change::Tell(dead, None)).await;
    refresh(&place.cx).await;
    let told = told(&place, &amina, team, patient).await;
    assert_eq!(told.len(), 2);
    let place_now = on("B").place.set().cloned().unwrap();
    assert_eq!(told[1], (3, vec![News::Moved(place_now), News::Died]));
    // What nobody would see is not told.
    take(&place.cx, 40, Change::Tell(model::subject(4711), None)).await;
    refresh(&place.cx).await;
    assert_eq!(super::told::told(&place, &amina, team, patient).await.len(), 2);
    place.assert_verified(team).await;
}

#[tokio::test]
async fn a_patient_who_is_not_in_the_index_cannot_be_named() {
    let Some(place) = Place::open("patients_unknown").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let mut ring = amina.keys(&place, team).await;
    let op = amina.seal(&place, &mut ring, about(PatientId::from_bytes([9; 16])));
    let id = op.op.op_id;
    let result = append_one(&place.cx, team, op).await;
    assert_eq!(refusal(&mut ring, id, &result), Refusal::NoSuchPatient);
    assert_eq!(place.count("patient_space").await, 0);
}

#[tokio::test]
async fn a_merge_and_its_undoing_reach_every_space_that_holds_either() {
    let Some(place) = Place::open("patients_told_merge").await else {
        return;
    };
    let ward_7 = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let ward_8 = place.team("Ward 8", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let survivor = take(&place.cx, 10, Change::Tell(model::subject(1), None)).await;
    let retired = take(&place.cx, 10, Change::Tell(model::subject(2), None)).await;
    act(&place, &amina, ward_7, about(survivor)).await;
    act(&place, &amina, ward_8, about(retired)).await;
    refresh(&place.cx).await;
    let merge = Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    };
    take(&place.cx, 20, merge).await;
    refresh(&place.cx).await;
    // Only who held the one that was merged away needs to know who stands for them.
    let held = state(&place, &amina, ward_7).await;
    assert!(held.patients.find(retired).is_none());
    assert_eq!(
        told(&place, &amina, ward_7, survivor).await.last(),
        Some(&(2, vec![News::TookIn(retired)]))
    );
    let held = state(&place, &amina, ward_8).await;
    assert_eq!(held.patients.resolve(retired), survivor);
    assert_eq!(
        told(&place, &amina, ward_8, survivor).await,
        [(2, vec![News::TookIn(retired)])]
    );
    assert_eq!(
        told(&place, &amina, ward_8, retired).await.last(),
        Some(&(2, vec![News::MergedInto(survivor)]))
    );
    // Somebody names the one who was merged away, in a space that did not know them.
    act(&place, &amina, ward_7, about(retired)).await;
    refresh(&place.cx).await;
    assert_eq!(
        state(&place, &amina, ward_7).await.patients.resolve(retired),
        survivor
    );

    let unmerge = Change::Unmerge {
        retired: model::subject(2),
    };
    take(&place.cx, 30, unmerge).await;
    refresh(&place.cx).await;
    for space in [ward_7, ward_8] {
        assert_eq!(
            state(&place, &amina, space).await.patients.resolve(retired),
            retired
        );
        assert_eq!(
            told(&place, &amina, space, retired).await.last(),
            Some(&(3, vec![News::Unmerged(survivor)]))
        );
        place.assert_verified(space).await;
    }
}

#[tokio::test]
async fn a_change_that_is_under_way_when_a_space_first_names_somebody_reaches_it() {
    let Some(place) = Place::open("patients_under_way").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let patient = take(&place.cx, 10, Change::Tell(model::subject(1), None)).await;
    let mut dead = model::subject(1);
    dead.details.died = Update::Set(Died::default());
    let event = Event {
        at: At::from_millis(20),
        change: Change::Tell(dead, None),
    };
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let mut transaction = conn.begin().await.unwrap();
    patients::apply(&place.cx, &mut transaction, &[event])
        .await
        .unwrap();
    act(&place, &amina, team, about(patient)).await;
    refresh(&place.cx).await;
    transaction.commit().await.unwrap();
    refresh(&place.cx).await;
    let held = state(&place, &amina, team).await;
    assert!(held.patients.find(patient).unwrap().patient.died.is_some());
}

#[tokio::test]
async fn who_is_said_not_to_be_a_patient_leaves_the_lists() {
    let Some(place) = Place::open("patients_list_removed").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &[]).await;
    let siobhan = place.device("siobhan").await;
    let list = act(&place, &siobhan, team, list(ward("Ward 7"))).await;
    let patient = visit(&place, 10, 1, VisitEvent::Admit, "Ward 7").await;
    refresh(&place.cx).await;
    take(&place.cx, 20, Change::Remove(model::subject(1))).await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(patient, true)])
    );
}

#[tokio::test]
async fn several_replicas_tell_a_space_once_and_a_crash_tells_it_neither_less_nor_more() {
    let Some(place) = Place::open("patients_told_once").await else {
        return;
    };
    let other = place.replica(2);
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let mut patients = Vec::new();
    for number in 0..130 {
        patients.push(take(&place.cx, 10, Change::Tell(model::subject(number), None)).await);
    }
    for patient in &patients {
        act(&place, &amina, team, about(*patient)).await;
    }
    // Both at once, while people go on to write.
    let (one, two, ()) = tokio::join!(
        async {
            for _ in 0..4 {
                refresh_due(&place.cx).await.unwrap();
            }
        },
        async {
            for _ in 0..4 {
                refresh_due(&other).await.unwrap();
            }
        },
        async {
            for _ in 0..5 {
                act(&place, &amina, team, posted("And another thing")).await;
            }
        }
    );
    let ((), ()) = (one, two);
    refresh(&place.cx).await;
    for patient in &patients {
        assert_eq!(told(&place, &amina, team, *patient).await.len(), 1);
    }
    // The edge is told of the entries in the same transaction.
    assert!(place.count("edge_notice").await >= 2);
    place.assert_verified(team).await;
}

#[tokio::test]
async fn a_list_by_ward_takes_who_comes_and_marks_who_left() {
    let Some(place) = Place::open("patients_list_ward").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let siobhan = place.device("siobhan").await;
    let first = visit(&place, 10, 1, VisitEvent::Admit, "Ward 7").await;
    let elsewhere = visit(&place, 10, 2, VisitEvent::Admit, "Ward 8").await;
    let list = act(&place, &siobhan, team, list(ward("ward  7"))).await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(first, false)])
    );

    visit(&place, 20, 2, VisitEvent::Transfer, "WARD 7").await;
    visit(&place, 20, 1, VisitEvent::Discharge, "Ward 7").await;
    refresh(&place.cx).await;
    let now = state(&place, &siobhan, team).await;
    assert_eq!(
        rows(&now, list),
        BTreeMap::from([(first, true), (elsewhere, false)])
    );
    // The space knows who they are.
    assert!(now.patients.find(elsewhere).is_some());

    // Back again, and on leave: their bed is kept.
    visit(&place, 30, 1, VisitEvent::Admit, "Ward 7").await;
    visit(&place, 30, 2, VisitEvent::LeaveOut, "Ward 7").await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(first, false), (elsewhere, false)])
    );
    let before = place.assert_verified(team).await;
    refresh(&place.cx).await;
    assert_eq!(place.assert_verified(team).await, before);
}

#[tokio::test]
async fn lists_by_consultant_and_by_practice_fill_themselves_too() {
    let Some(place) = Place::open("patients_list_other").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &[]).await;
    let siobhan = place.device("siobhan").await;
    let khan = act(
        &place,
        &siobhan,
        team,
        list(Source::Consultant("dr a khan".to_owned())),
    )
    .await;
    let surgery = act(
        &place,
        &siobhan,
        team,
        list(Source::Practice("y98765".to_owned())),
    )
    .await;
    let mut subject = model::subject(1);
    subject.details.gp = Update::Set(Organisation {
        ods: "Y98765".to_owned(),
        name: "Mill Lane Surgery".to_owned(),
    });
    let details = VisitDetails {
        consultant: Update::Set("Dr A Khan".into()),
        ..on("Ward 7")
    };
    let patient = take(&place.cx, 10, Change::Visit(subject, VisitEvent::Attend, details)).await;
    refresh(&place.cx).await;
    let now = state(&place, &siobhan, team).await;
    for list in [khan, surgery] {
        assert_eq!(rows(&now, list), BTreeMap::from([(patient, false)]));
    }
}

#[tokio::test]
async fn whom_somebody_took_off_stays_off_until_they_left_and_came_again() {
    let Some(place) = Place::open("patients_list_taken_off").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let siobhan = place.device("siobhan").await;
    let list = act(&place, &siobhan, team, list(ward("Ward 7"))).await;
    let patient = visit(&place, 10, 1, VisitEvent::Admit, "Ward 7").await;
    refresh(&place.cx).await;
    let off = Body::List(ListOp::PatientRemoved(PatientRemoved { list, patient }));
    act(&place, &siobhan, team, off).await;
    visit(&place, 20, 1, VisitEvent::LeaveOut, "Ward 7").await;
    refresh(&place.cx).await;
    assert!(rows(&state(&place, &siobhan, team).await, list).is_empty());
    visit(&place, 30, 1, VisitEvent::Transfer, "Ward 8").await;
    refresh(&place.cx).await;
    assert!(rows(&state(&place, &siobhan, team).await, list).is_empty());
    visit(&place, 40, 1, VisitEvent::Transfer, "Ward 7").await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(patient, false)])
    );
}

#[tokio::test]
async fn an_archived_list_stands_still_and_is_brought_up_to_date_when_it_comes_back() {
    let Some(place) = Place::open("patients_list_archived").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &[]).await;
    let siobhan = place.device("siobhan").await;
    let list = act(&place, &siobhan, team, list(ward("Ward 7"))).await;
    let first = visit(&place, 10, 1, VisitEvent::Admit, "Ward 7").await;
    refresh(&place.cx).await;
    act(
        &place,
        &siobhan,
        team,
        Body::List(ListOp::Archived(Archived { list })),
    )
    .await;
    let second = visit(&place, 20, 2, VisitEvent::Admit, "Ward 7").await;
    visit(&place, 20, 1, VisitEvent::Discharge, "Ward 7").await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(first, false)])
    );
    act(
        &place,
        &siobhan,
        team,
        Body::List(ListOp::Restored(Restored { list })),
    )
    .await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(first, true), (second, false)])
    );
    place.assert_verified(team).await;
}

#[tokio::test]
async fn a_merge_leaves_the_row_of_who_was_merged_away_and_adds_no_second_one() {
    let Some(place) = Place::open("patients_list_merge").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &[]).await;
    let siobhan = place.device("siobhan").await;
    let list = act(&place, &siobhan, team, list(ward("Ward 7"))).await;
    let survivor = take(&place.cx, 10, Change::Tell(model::subject(1), None)).await;
    let retired = visit(&place, 10, 2, VisitEvent::Admit, "Ward 7").await;
    refresh(&place.cx).await;
    let merge = Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    };
    take(&place.cx, 20, merge).await;
    refresh(&place.cx).await;
    let now = state(&place, &siobhan, team).await;
    assert_eq!(rows(&now, list), BTreeMap::from([(retired, false)]));
    assert_eq!(now.patients.resolve(retired), survivor);
    // They leave under the number that holds now.
    visit(&place, 30, 1, VisitEvent::Discharge, "Ward 7").await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(retired, true)])
    );
    // And come back as who they are.
    visit(&place, 40, 1, VisitEvent::Admit, "Ward 7").await;
    refresh(&place.cx).await;
    assert_eq!(
        rows(&state(&place, &siobhan, team).await, list),
        BTreeMap::from([(retired, true), (survivor, false)])
    );
}

#[tokio::test]
async fn a_list_kept_by_hand_holds_whom_people_put_on_it_and_the_space_is_told_who_they_are() {
    let Some(place) = Place::open("patients_list_hand").await else {
        return;
    };
    let team = place.team("Ward 7", &["siobhan"], &["amina"]).await;
    let amina = place.device("amina").await;
    let patient = visit(&place, 10, 1, VisitEvent::Admit, "Ward 7").await;
    let made = Body::List(ListOp::Created(Created {
        title: "Jobs".into(),
        source: None,
    }));
    let list = act(&place, &amina, team, made).await;
    let added = Body::List(ListOp::PatientAdded(PatientAdded { list, patient }));
    act(&place, &amina, team, added).await;
    visit(&place, 20, 1, VisitEvent::Discharge, "Ward 7").await;
    refresh(&place.cx).await;
    let now = state(&place, &amina, team).await;
    assert_eq!(rows(&now, list), BTreeMap::from([(patient, false)]));
    assert!(now.patients.find(patient).is_some());
    assert_eq!(place.count("auto_list").await, 0);
}
