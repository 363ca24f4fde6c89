//! Lists in the log: appended, looked up by list, and what the record does to them itself.

use baton_core::chain::Seq;
use baton_core::date::PartialDate;
use baton_core::device_api::{
    HISTORY_OF_PATH, HISTORY_PATH, History, HistoryAnswer, HistoryOf, HistoryOfAnswer,
};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::list::{
    Created, Field, FieldSet, ListOp, PatientAdded, PatientLeft, PatientRemoved, Renamed, Source,
};
use baton_core::op::message::{Corrected, MessageOp, Posted, Priority};
use baton_core::op::{Body, Op};
use baton_core::patient::Identifier;
use baton_core::person::Name;
use baton_core::refusal::Refusal;
use baton_core::seal::Keyring;
use baton_core::secret::Personal;
use baton_core::time::At;
use baton_record::log::made::{append_decided, append_made};
use baton_record::patients::change::{Change, Details, Event, Subject, Update};
use baton_record::patients::{self, space};
use sqlx::Connection;

use crate::place::{Place, TestDevice, append, append_one, new_seq, posted, refusal};

/// A patient whom a feed told of; the same number is the same patient.
pub(crate) async fn patient(place: &Place, number: u32) -> PatientId {
    let subject = subject(number);
    take(place, u64::from(number) + 10, Change::Tell(subject, None)).await
}

pub(crate) fn subject(number: u32) -> Subject {
    let name = Name {
        family: "OKONKWO".into(),
        given: format!("Ada {number}"),
        title: String::new(),
    };
    let born: PartialDate = "1945-07-14".parse().unwrap();
    Subject {
        patient: None,
        details: Details {
            identifiers: vec![Identifier {
                assigner: "RX1".into(),
                value: Personal::new(number.to_string()),
            }],
            name: Update::Set(Personal::new(name)),
            born: Update::Set(Personal::new(born)),
            ..Details::default()
        },
    }
}

pub(crate) async fn take(place: &Place, at: u64, change: Change) -> PatientId {
    let event = Event {
        at: At::from_millis(at),
        change,
    };
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let mut transaction = conn.begin().await.unwrap();
    let applied = patients::apply(&place.cx, &mut transaction, &[event])
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    applied.outcomes[0].as_ref().unwrap().patient.unwrap()
}

/// Up to which version a space was told of a patient; `None` when it does not speak of them.
pub(crate) async fn told(place: &Place, space: SpaceId, patient: PatientId) -> Option<i64> {
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT told FROM patient_space WHERE space = $1 AND patient = $2")
            .bind(space.uuid())
            .bind(patient.uuid())
            .fetch_optional(&place.cx.pool)
            .await
            .unwrap();
    row.map(|(told,)| told)
}

fn created(source: Option<Source>) -> Body {
    Body::List(ListOp::Created(Created {
        title: "Outliers".into(),
        source,
    }))
}

fn added(list: OpId, patient: PatientId) -> Body {
    Body::List(ListOp::PatientAdded(PatientAdded { list, patient }))
}

fn left(list: OpId, patient: PatientId) -> Body {
    Body::List(ListOp::PatientLeft(PatientLeft { list, patient }))
}

fn set(list: OpId, patient: PatientId, text: &str, base: Seq, after: Vec<OpId>) -> Body {
    Body::List(ListOp::FieldSet(FieldSet {
        list,
        patient,
        field: Field::Jobs,
        text: text.into(),
        base,
        after,
    }))
}

fn about(patient: PatientId) -> Body {
    Body::Message(MessageOp::Posted(Posted {
        text: "Please see".into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: Some(patient),
        photos: vec![],
    }))
}

/// A team, a device in it, its keys.
async fn team(place: &Place) -> (SpaceId, TestDevice, Keyring) {
    let space = place.team("Ward 7", &["amina"], &["tom"]).await;
    let amina = place.device("amina").await;
    let ring = amina.keys(place, space).await;
    (space, amina, ring)
}

async fn act(place: &Place, space: SpaceId, device: &TestDevice, ring: &mut Keyring, body: Body) -> OpId {
    let op = device.seal(place, ring, body);
    let id = op.op.op_id;
    new_seq(&append_one(&place.cx, space, op).await);
    id
}

#[tokio::test]
async fn a_space_is_to_be_told_of_the_patients_whom_people_name_and_unknown_ones_are_refused() {
    let Some(place) = Place::open("lists_named").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let (first, second, third) = (
        patient(&place, 1).await,
        patient(&place, 2).await,
        patient(&place, 3).await,
    );
    let list = act(&place, space, &amina, &mut ring, created(None)).await;
    // In one batch, so that what is refused in the middle takes nothing with it.
    let nobody = PatientId::from_bytes([9; 16]);
    let bodies = [
        added(list, first),
        added(list, nobody),
        about(second),
        about(nobody),
        added(OpId::from_bytes([8; 16]), third),
    ];
    let ops: Vec<_> = bodies
        .into_iter()
        .map(|body| amina.seal(&place, &mut ring, body))
        .collect();
    let ids: Vec<OpId> = ops.iter().map(|op| op.op.op_id).collect();
    let results = append(&place.cx, space, ops).await.results;
    new_seq(&results[0]);
    new_seq(&results[2]);
    for (n, reason) in [
        (1, Refusal::NoSuchPatient),
        (3, Refusal::NoSuchPatient),
        (4, Refusal::NoList),
    ] {
        assert_eq!(refusal(&mut ring, ids[n], &results[n]), reason);
    }
    assert_eq!(told(&place, space, first).await, Some(0));
    assert_eq!(told(&place, space, second).await, Some(0));
    assert_eq!(
        told(&place, space, third).await,
        None,
        "what was refused names nobody"
    );
    place.assert_verified(space).await;
}

#[tokio::test]
async fn who_is_named_again_and_no_longer_held_is_told_again() {
    let Some(place) = Place::open("lists_again").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let patient = patient(&place, 1).await;
    act(&place, space, &amina, &mut ring, about(patient)).await;
    while patients::refresh::refresh_due(&place.cx).await.unwrap() > 0 {}
    let version = told(&place, space, patient).await.unwrap();
    assert!(version > 0);
    act(&place, space, &amina, &mut ring, about(patient)).await;
    assert_eq!(told(&place, space, patient).await, Some(version), "is held");
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let named = space::Named {
        patient,
        is_held: false,
    };
    space::remember(&mut conn, space, &[named]).await.unwrap();
    assert_eq!(told(&place, space, patient).await, Some(0));
}

#[tokio::test]
async fn all_that_was_done_to_a_list_comes_page_by_page_and_a_page_of_history_without_it() {
    let Some(place) = Place::open("lists_history").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let patient = patient(&place, 1).await;
    let message = act(&place, space, &amina, &mut ring, posted("first")).await;
    let list = act(&place, space, &amina, &mut ring, created(None)).await;
    let mut done = vec![list];
    done.push(act(&place, space, &amina, &mut ring, added(list, patient)).await);
    for n in 0..12 {
        let before = *done.last().unwrap();
        let body = set(list, patient, &n.to_string(), Seq::ZERO, vec![before]);
        done.push(act(&place, space, &amina, &mut ring, body).await);
        act(&place, space, &amina, &mut ring, posted("in between")).await;
    }
    let corrected = Body::Message(MessageOp::Corrected(Corrected {
        message,
        text: "first, mended".into(),
    }));
    let correction = act(&place, space, &amina, &mut ring, corrected).await;
    let removed = ListOp::PatientRemoved(PatientRemoved { list, patient });
    done.push(act(&place, space, &amina, &mut ring, Body::List(removed)).await);

    let mut found: Vec<OpId> = Vec::new();
    let mut before = HistoryOf::NEWEST;
    loop {
        let asked = HistoryOf {
            space,
            target: list,
            before,
            limit: 5,
        };
        let page: HistoryOfAnswer = amina.get(&place, HISTORY_OF_PATH, &asked).await;
        assert!(page.entries.len() <= 5);
        before = page.entries[0].seq;
        found.splice(0..0, page.entries.iter().map(|entry| entry.op_id));
        for entry in &page.entries {
            ring.open_entry(entry).unwrap();
        }
        if page.is_start {
            break;
        }
    }
    assert_eq!(found, done);
    let of_message = HistoryOf {
        space,
        target: message,
        before: HistoryOf::NEWEST,
        limit: 5,
    };
    let page: HistoryOfAnswer = amina.get(&place, HISTORY_OF_PATH, &of_message).await;
    let ids: Vec<OpId> = page.entries.iter().map(|entry| entry.op_id).collect();
    assert_eq!((ids, page.is_start), (vec![message, correction], true));

    let of_list = ring_seq(&place, space, list).await;
    let asked = History {
        space,
        before: of_list.next(),
        limit: 2,
    };
    let page: HistoryAnswer = amina.get(&place, HISTORY_PATH, &asked).await;
    let ids = |entries: &[baton_core::chain::Entry]| -> Vec<OpId> {
        entries.iter().map(|entry| entry.op_id).collect()
    };
    assert_eq!(ids(&page.entries), [message, list]);
    assert_eq!(
        ids(&page.later),
        [correction],
        "of the list nothing is needed there"
    );
}

async fn ring_seq(place: &Place, space: SpaceId, op: OpId) -> Seq {
    let (seq,): (i64,) = sqlx::query_as("SELECT seq FROM log WHERE space = $1 AND op_id = $2")
        .bind(space.uuid())
        .bind(op.uuid())
        .fetch_one(&place.cx.pool)
        .await
        .unwrap();
    Seq::new(u64::try_from(seq).unwrap())
}

#[tokio::test]
async fn the_history_of_a_list_is_for_members_and_of_its_own_space() {
    let Some(place) = Place::open("lists_history_of").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let list = act(&place, space, &amina, &mut ring, created(None)).await;
    let asked = |space| HistoryOf {
        space,
        target: list,
        before: HistoryOf::NEWEST,
        limit: 200,
    };
    let liam = place.device("liam").await;
    let refused = liam.refused(&place, HISTORY_OF_PATH, &asked(space)).await;
    assert_eq!(refused, (403, "not-member".to_owned()));
    let other = place.team("Ward 8", &["liam"], &[]).await;
    let elsewhere: HistoryOfAnswer = liam.get(&place, HISTORY_OF_PATH, &asked(other)).await;
    assert_eq!(elsewhere.entries, []);
    assert!(elsewhere.is_start);
}

#[tokio::test]
async fn two_own_edits_in_a_row_that_were_made_offline_follow_each_other_past_what_others_wrote() {
    let Some(place) = Place::open("lists_offline").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let patient = patient(&place, 1).await;
    let list = act(&place, space, &amina, &mut ring, created(None)).await;
    act(&place, space, &amina, &mut ring, added(list, patient)).await;
    let first = amina.seal(&place, &mut ring, set(list, patient, "one", Seq::ZERO, vec![]));
    let own = vec![first.op.op_id];
    let second = amina.seal(&place, &mut ring, set(list, patient, "two", Seq::ZERO, own));
    let tom = place.device("tom").await;
    act(
        &place,
        space,
        &tom,
        &mut ring,
        set(list, patient, "theirs", Seq::ZERO, vec![]),
    )
    .await;
    append(&place.cx, space, vec![first, second]).await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let folded = baton_record::log::folded::Folded::load(&place.cx, &mut conn, space)
        .await
        .unwrap()
        .unwrap();
    let row = folded.state.lists.find(list).unwrap().row(patient).unwrap();
    let holding = row.field(Field::Jobs).unwrap().current();
    let texts: Vec<&str> = holding.iter().map(|version| version.text.as_str()).collect();
    assert_eq!(texts, ["theirs", "two"]);
}

#[tokio::test]
async fn what_the_record_does_itself_keeps_the_rules_and_whoever_appends_next_knows_of_it() {
    let Some(place) = Place::open("lists_made").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let (here, gone) = (patient(&place, 1).await, patient(&place, 2).await);
    let list = act(
        &place,
        space,
        &amina,
        &mut ring,
        created(Some(Source::Practice("A81001".into()))),
    )
    .await;
    let by_hand = act(&place, space, &amina, &mut ring, created(None)).await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let mut transaction = conn.begin().await.unwrap();
    let bodies = vec![
        added(list, here),
        added(by_hand, here),
        added(list, gone),
        left(list, gone),
    ];
    let entries = append_made(&place.cx, &mut transaction, space, bodies)
        .await
        .unwrap();
    assert_eq!(entries.len(), 3, "the record keeps its hands off other lists");
    // In the same transaction it sees what it did.
    let seen = append_decided(&place.cx, &mut transaction, space, |state| {
        let list = state.lists.find(list).unwrap();
        assert_eq!(list.rows().len(), 2);
        assert!(list.row(gone).unwrap().left.is_some());
        Vec::new()
    });
    assert_eq!(seen.await.unwrap(), []);
    transaction.commit().await.unwrap();
    let next = amina.seal(&place, &mut ring, set(list, here, "bloods", Seq::ZERO, vec![]));
    assert_eq!(new_seq(&append_one(&place.cx, space, next).await), 9);
    assert_eq!(place.assert_verified(space).await, 9);
    let asked = HistoryOf {
        space,
        target: list,
        before: HistoryOf::NEWEST,
        limit: 200,
    };
    let history: HistoryOfAnswer = amina.get(&place, HISTORY_OF_PATH, &asked).await;
    assert_eq!(
        history.entries.len(),
        5,
        "also what the record did is of the list"
    );
    let nowhere = SpaceId::from_bytes([7; 16]);
    let none = append_made(&place.cx, &mut conn, nowhere, vec![added(list, here)]).await;
    assert_eq!(none.unwrap(), []);
}

#[tokio::test]
async fn what_the_record_did_and_took_back_is_not_in_memory() {
    let Some(place) = Place::open("lists_rolled_back").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let patient = patient(&place, 1).await;
    let source = Some(Source::Practice("A81001".into()));
    let list = act(&place, space, &amina, &mut ring, created(source)).await;
    for _ in 0..2 {
        let mut conn = place.cx.pool.acquire().await.unwrap();
        let mut transaction = conn.begin().await.unwrap();
        for _ in 0..2 {
            append_made(&place.cx, &mut transaction, space, vec![added(list, patient)])
                .await
                .unwrap();
        }
        transaction.rollback().await.unwrap();
        act(&place, space, &amina, &mut ring, posted("meanwhile")).await;
    }
    assert_eq!(place.assert_verified(space).await, 6);
    let op = amina.seal(&place, &mut ring, set(list, patient, "bloods", Seq::ZERO, vec![]));
    let id = op.op.op_id;
    let result = append_one(&place.cx, space, op).await;
    assert_eq!(refusal(&mut ring, id, &result), Refusal::NotOnList);
}

#[tokio::test]
async fn a_title_of_the_past_is_known_to_every_replica() {
    let Some(place) = Place::open("lists_replica").await else {
        return;
    };
    let (space, amina, mut ring) = team(&place).await;
    let list = act(&place, space, &amina, &mut ring, created(None)).await;
    let other = place.replica(5);
    for (n, cx) in [&place.cx, &other, &place.cx].into_iter().enumerate() {
        let op = Op {
            id: place.cx.make_op_id(),
            by: amina.user,
            at: place.cx.now(),
            body: Body::List(ListOp::Renamed(Renamed {
                list,
                title: Personal::new(format!("Title {n}")),
                base: Seq::new(4),
                after: vec![],
            })),
        };
        let sealed = amina.seal_op(&place, &mut ring, &op);
        new_seq(&append_one(cx, space, sealed).await);
    }
    let mut conn = other.pool.acquire().await.unwrap();
    let folded = baton_record::log::folded::Folded::load(&other, &mut conn, space).await;
    let folded = folded.unwrap().unwrap();
    let title = &folded.state.lists.find(list).unwrap().title;
    assert_eq!(title.current().len(), 3, "nobody had seen the others'");
}
