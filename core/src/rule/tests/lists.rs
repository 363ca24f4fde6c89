//! Lists and patients: each operation × each kind of author × each kind of space; then what each of them asks of the state.

use super::*;
use crate::id::PatientId;
use crate::op::list::{
    Archived, COLUMNS, COLUMNS_EVER, ColumnAdded, ColumnRemoved, Created, FIELD_BYTES, Field, FieldSet,
    LISTS, ListOp, Moved, PATIENTS, PatientAdded, PatientLeft, PatientRemoved, Renamed, Restored,
    SOURCE_BYTES, Source,
};
use crate::op::patient::{PatientOp, Refreshed};
use crate::patient::{Gender, Patient};
use crate::person::Name;
use crate::secret::Personal;
use crate::text::{AFTER, UNSETTLED};

/// Kept by hand; has a column, `HERE` is on it, `TAKEN_OFF` was.
const LIST: OpId = OpId::from_bytes([31; 16]);
const COLUMN: OpId = OpId::from_bytes([32; 16]);
/// Fills itself; `HERE` is on it.
const AUTOMATIC: OpId = OpId::from_bytes([33; 16]);
const PUT_AWAY: OpId = OpId::from_bytes([34; 16]);
const GONE_COLUMN: OpId = OpId::from_bytes([35; 16]);
const NOWHERE: OpId = OpId::from_bytes([36; 16]);
const HERE: PatientId = PatientId::from_bytes([41; 16]);
const TAKEN_OFF: PatientId = PatientId::from_bytes([42; 16]);
const ELSEWHERE: PatientId = PatientId::from_bytes([43; 16]);

fn fold(state: &mut SpaceState, id: OpId, op: ListOp) {
    super::fold(state, id, MEMBER, Body::List(op));
}

fn created(source: Option<Source>) -> ListOp {
    ListOp::Created(Created {
        title: "Outliers".into(),
        source,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as the operation has it")]
fn ward(ward: &str) -> Option<Source> {
    Some(Source::Ward {
        facility: String::new(),
        ward: ward.into(),
    })
}

fn added(list: OpId, patient: PatientId) -> ListOp {
    ListOp::PatientAdded(PatientAdded { list, patient })
}

fn left(list: OpId, patient: PatientId) -> ListOp {
    ListOp::PatientLeft(PatientLeft { list, patient })
}

fn removed(list: OpId, patient: PatientId) -> ListOp {
    ListOp::PatientRemoved(PatientRemoved { list, patient })
}

fn moved(list: OpId, patient: PatientId) -> ListOp {
    ListOp::Moved(Moved {
        list,
        patient,
        after: None,
    })
}

fn set(list: OpId, patient: PatientId, field: Field, text: &str) -> FieldSet {
    FieldSet {
        list,
        patient,
        field,
        text: text.into(),
        base: Seq::ZERO,
        after: vec![],
    }
}

fn renamed(list: OpId, title: &str) -> Renamed {
    Renamed {
        list,
        title: title.into(),
        base: Seq::new(1),
        after: vec![],
    }
}

fn column(list: OpId, title: &str) -> ListOp {
    ListOp::ColumnAdded(ColumnAdded {
        list,
        title: title.into(),
    })
}

fn column_gone(list: OpId, column: OpId) -> ListOp {
    ListOp::ColumnRemoved(ColumnRemoved { list, column })
}

fn archived(list: OpId) -> ListOp {
    ListOp::Archived(Archived { list })
}

fn restored(list: OpId) -> ListOp {
    ListOp::Restored(Restored { list })
}

fn refreshed() -> Body {
    let patient = Patient {
        version: 1,
        name: Personal::new(Name {
            family: "OKONKWO".into(),
            given: "Ada".into(),
            title: String::new(),
        }),
        gender: Gender::Female,
        ..Patient::new(HERE)
    };
    Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
        patient,
        news: vec![],
        reports: vec![],
    })))
}

/// A space of a kind with its lists; those of a kind that has none are folded in all the same.
fn with_lists(kind: SpaceKind) -> SpaceState {
    let mut state = space(kind);
    let mut act = |id: u8, op| fold(&mut state, OpId::from_bytes([id; 16]), op);
    act(31, created(None));
    act(32, column(LIST, "Diet"));
    act(35, column(LIST, "Old"));
    act(51, column_gone(LIST, GONE_COLUMN));
    act(52, added(LIST, HERE));
    act(53, added(LIST, TAKEN_OFF));
    act(54, removed(LIST, TAKEN_OFF));
    act(33, created(ward("7")));
    act(55, added(AUTOMATIC, HERE));
    act(34, created(ward("8")));
    act(56, archived(PUT_AWAY));
    state
}

fn may_do(author: Author, body: Body, state: &SpaceState) -> Result<(), Refusal> {
    let by = match author {
        Author::Person(user) => user,
        Author::Record => UserId::RECORD,
    };
    let op = Op {
        id: OpId::from_bytes([99; 16]),
        by,
        at: At::default(),
        body,
    };
    may(author, &op, state)
}

fn member_may(op: ListOp, state: &SpaceState) -> Result<(), Refusal> {
    may_do(Author::Person(MEMBER), Body::List(op), state)
}

/// Each kind of operation that could be done, and whether a member, an administrator and the record may.
fn every_operation(kind: SpaceKind) -> Vec<(Body, [Result<(), Refusal>; 3])> {
    let people = [Ok(()), Ok(()), Err(Refusal::Malformed)];
    let record = [Err(Refusal::RecordOnly), Err(Refusal::RecordOnly), Ok(())];
    let fills_itself = match kind {
        SpaceKind::Group => [
            Err(Refusal::NoAutomatic),
            Err(Refusal::NoAutomatic),
            Err(Refusal::Malformed),
        ],
        SpaceKind::Team => [Err(Refusal::NotAdmin), Ok(()), Err(Refusal::Malformed)],
        SpaceKind::Direct | SpaceKind::Own | SpaceKind::Patient => people,
    };
    let field = ListOp::FieldSet(set(LIST, HERE, Field::Jobs, "bloods"));
    let of_lists = [
        (archived(LIST), people),
        (column(LIST, "Mobility"), people),
        (column_gone(LIST, COLUMN), people),
        (created(None), people),
        (created(ward("9")), fills_itself),
        (field, people),
        (moved(LIST, HERE), people),
        (added(LIST, ELSEWHERE), people),
        (added(AUTOMATIC, ELSEWHERE), [Ok(()); 3]),
        (left(AUTOMATIC, HERE), record),
        (removed(LIST, HERE), people),
        (ListOp::Renamed(renamed(LIST, "Nights")), people),
        (restored(PUT_AWAY), people),
    ];
    let has_lists = match kind {
        SpaceKind::Group | SpaceKind::Own | SpaceKind::Team => true,
        SpaceKind::Direct | SpaceKind::Patient => false,
    };
    let of_lists = of_lists.into_iter().map(|(op, expected)| {
        let none = [Err(Refusal::NoListsHere); 3];
        (Body::List(op), if has_lists { expected } else { none })
    });
    of_lists.chain([(refreshed(), record)]).collect()
}

#[test]
fn who_may_do_what_with_lists_and_patients_follows_the_kind_of_space() {
    for kind in KINDS {
        let state = with_lists(kind);
        for (body, expected) in every_operation(kind) {
            let authors = [Author::Person(MEMBER), Author::Person(ADMIN), Author::Record];
            for (author, expected) in authors.into_iter().zip(expected) {
                assert_eq!(
                    may_do(author, body.clone(), &state),
                    expected,
                    "{author:?} {body:?} {kind:?}"
                );
            }
            let outside = may_do(Author::Person(OUTSIDER), body.clone(), &state);
            assert_eq!(outside, Err(Refusal::NotMember), "{body:?} {kind:?}");
        }
    }
}

#[test]
fn what_is_not_there_is_refused_by_what_is_missing() {
    let state = with_lists(SpaceKind::Team);
    let cases = [
        (added(NOWHERE, HERE), Refusal::NoList),
        (archived(NOWHERE), Refusal::NoList),
        (restored(NOWHERE), Refusal::NoList),
        (added(ROUTINE, HERE), Refusal::NoList),
        (column_gone(LIST, NOWHERE), Refusal::NoColumn),
        (moved(LIST, ELSEWHERE), Refusal::NotOnList),
        (removed(LIST, ELSEWHERE), Refusal::NotOnList),
        (
            ListOp::FieldSet(set(LIST, ELSEWHERE, Field::Jobs, "x")),
            Refusal::NotOnList,
        ),
        (
            ListOp::FieldSet(set(LIST, TAKEN_OFF, Field::Jobs, "x")),
            Refusal::NotOnList,
        ),
        (
            ListOp::FieldSet(set(LIST, HERE, Field::Column(NOWHERE), "x")),
            Refusal::NoColumn,
        ),
        (
            ListOp::FieldSet(set(LIST, HERE, Field::Column(GONE_COLUMN), "x")),
            Refusal::NoColumn,
        ),
    ];
    for (op, refusal) in cases {
        assert_eq!(member_may(op.clone(), &state), Err(refusal), "{op:?}");
    }
    let on_record = |op| may_do(Author::Record, Body::List(op), &state);
    assert_eq!(on_record(left(AUTOMATIC, ELSEWHERE)), Err(Refusal::NotOnList));
    assert_eq!(
        on_record(added(LIST, ELSEWHERE)),
        Err(Refusal::Malformed),
        "the record keeps its hands off lists that people keep"
    );
}

#[test]
fn what_two_people_may_do_at_once_is_harmless_twice() {
    let state = with_lists(SpaceKind::Group);
    for op in [
        added(LIST, HERE),
        removed(LIST, TAKEN_OFF),
        moved(LIST, TAKEN_OFF),
        archived(PUT_AWAY),
        restored(LIST),
        column_gone(LIST, GONE_COLUMN),
        ListOp::FieldSet(set(LIST, HERE, Field::Column(COLUMN), "")),
    ] {
        assert_eq!(member_may(op.clone(), &state), Ok(()), "{op:?}");
    }
}

#[test]
fn a_list_in_the_archive_is_read_only() {
    let state = with_lists(SpaceKind::Own);
    for op in [
        added(PUT_AWAY, HERE),
        removed(PUT_AWAY, HERE),
        moved(PUT_AWAY, HERE),
        column(PUT_AWAY, "Diet"),
        column_gone(PUT_AWAY, COLUMN),
        ListOp::FieldSet(set(PUT_AWAY, HERE, Field::Jobs, "x")),
        ListOp::Renamed(renamed(PUT_AWAY, "x")),
    ] {
        assert_eq!(
            member_may(op.clone(), &state),
            Err(Refusal::ListArchived),
            "{op:?}"
        );
    }
    for op in [added(PUT_AWAY, HERE), left(PUT_AWAY, HERE)] {
        let on_record = may_do(Author::Record, Body::List(op), &state);
        assert_eq!(on_record, Err(Refusal::ListArchived));
    }
}

#[test]
fn what_is_written_on_lists_has_its_limits() {
    let state = with_lists(SpaceKind::Own);
    let long = "ü".repeat(TITLE_CHARS + 1);
    let field = |text: &str| ListOp::FieldSet(set(LIST, HERE, Field::Summary, text));
    let titled = |title: &str| {
        ListOp::Created(Created {
            title: title.into(),
            source: None,
        })
    };
    let consultant = |name: &str| created(Some(Source::Consultant(name.into())));
    let cases = [
        (titled(" "), Refusal::Empty),
        (titled(&long), Refusal::TooLong),
        (column(LIST, ""), Refusal::Empty),
        (column(LIST, &long), Refusal::TooLong),
        (ListOp::Renamed(renamed(LIST, "")), Refusal::Empty),
        (ListOp::Renamed(renamed(LIST, &long)), Refusal::TooLong),
        (field(&"x".repeat(FIELD_BYTES + 1)), Refusal::TooLong),
        (created(ward(" ")), Refusal::Empty),
        (created(ward(&"x".repeat(SOURCE_BYTES + 1))), Refusal::TooLong),
        (consultant(""), Refusal::Empty),
    ];
    for (op, refusal) in cases {
        assert_eq!(member_may(op.clone(), &state), Err(refusal), "{op:?}");
    }
    assert_eq!(member_may(field(&"x".repeat(FIELD_BYTES)), &state), Ok(()));
    assert_eq!(member_may(titled(&"ü".repeat(TITLE_CHARS)), &state), Ok(()));
}

fn id(kind: u8, n: usize) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[..8].copy_from_slice(&u64::try_from(n).unwrap().to_be_bytes());
    bytes
}

#[test]
fn lists_columns_and_rows_are_not_endless() {
    let mut state = with_lists(SpaceKind::Team);
    for n in state.lists.len()..LISTS {
        assert_eq!(member_may(created(None), &state), Ok(()));
        fold(&mut state, OpId::from_bytes(id(200, n)), created(None));
    }
    assert_eq!(member_may(created(None), &state), Err(Refusal::TooManyLists));
    for n in 1..COLUMNS {
        assert_eq!(member_may(column(LIST, "x"), &state), Ok(()));
        fold(&mut state, OpId::from_bytes(id(201, n)), column(LIST, "x"));
    }
    assert_eq!(
        member_may(column(LIST, "x"), &state),
        Err(Refusal::TooManyColumns)
    );
    for n in COLUMNS + 1..COLUMNS_EVER {
        let oldest = state.lists.find(LIST).unwrap().columns().next().unwrap().id;
        fold(
            &mut state,
            OpId::from_bytes(id(202, n)),
            column_gone(LIST, oldest),
        );
        assert_eq!(member_may(column(LIST, "x"), &state), Ok(()));
        fold(&mut state, OpId::from_bytes(id(203, n)), column(LIST, "x"));
    }
    let oldest = state.lists.find(LIST).unwrap().columns().next().unwrap().id;
    fold(&mut state, NOWHERE, column_gone(LIST, oldest));
    assert_eq!(
        member_may(column(LIST, "x"), &state),
        Err(Refusal::TooManyColumns),
        "what was written in those that are gone is kept"
    );
    for n in 1..PATIENTS {
        let patient = PatientId::from_bytes(id(204, n));
        fold(&mut state, OpId::from_bytes(id(205, n)), added(LIST, patient));
    }
    assert_eq!(member_may(added(LIST, ELSEWHERE), &state), Err(Refusal::ListFull));
    assert_eq!(member_may(added(LIST, HERE), &state), Ok(()), "is on it already");
}

#[test]
fn an_edit_names_no_place_of_the_future_and_leaves_few_texts_beside_it() {
    let mut state = with_lists(SpaceKind::Team);
    let head = state.head.seq;
    let on = |base, after: Vec<OpId>| {
        let set = set(LIST, HERE, Field::Jobs, "x");
        ListOp::FieldSet(FieldSet { base, after, ..set })
    };
    let titled = |base, after: Vec<OpId>| {
        let renamed = renamed(LIST, "x");
        ListOp::Renamed(Renamed {
            base,
            after,
            ..renamed
        })
    };
    for edit in [&on as &dyn Fn(Seq, Vec<OpId>) -> ListOp, &titled] {
        assert_eq!(member_may(edit(head, vec![LIST; AFTER]), &state), Ok(()));
        assert_eq!(
            member_may(edit(head.next(), vec![]), &state),
            Err(Refusal::Malformed)
        );
        assert_eq!(
            member_may(edit(head, vec![LIST; AFTER + 1]), &state),
            Err(Refusal::Malformed)
        );
    }
    for n in 0..UNSETTLED {
        assert_eq!(member_may(on(Seq::ZERO, vec![]), &state), Ok(()));
        fold(&mut state, OpId::from_bytes(id(206, n)), on(Seq::ZERO, vec![]));
    }
    assert_eq!(member_may(on(Seq::ZERO, vec![]), &state), Err(Refusal::Unsettled));
    assert_eq!(member_may(on(state.head.seq, vec![]), &state), Ok(()));
}
