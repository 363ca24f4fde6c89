//! Lists of patients.

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId};
use baton_core::op::Body;
use baton_core::op::list::{
    Archived, COLUMNS, ColumnAdded, ColumnRemoved, FIELD_BYTES, Field, FieldSet, LISTS, ListOp, Moved,
    PATIENTS, PatientLeft, PatientRemoved, Renamed, Restored, SOURCE_BYTES, Source,
};
use baton_core::op::space::SpaceKind;
use baton_core::state::SpaceState;
use baton_core::text::UNSETTLED;

use super::scene::{
    AUTOMATIC, COLUMN, ELSEWHERE, HERE, LIST, MEMBER, NOWHERE, RECORD, act, added, future, list, nth,
};
use super::table::{Topic, case, row};

fn archived(list: OpId) -> Body {
    Body::List(ListOp::Archived(Archived { list }))
}

fn column(title: &str) -> Body {
    let (list, title) = (LIST, title.into());
    Body::List(ListOp::ColumnAdded(ColumnAdded { list, title }))
}

fn column_gone(column: OpId) -> Body {
    Body::List(ListOp::ColumnRemoved(ColumnRemoved { list: LIST, column }))
}

fn field(patient: PatientId, field: Field, text: &str, base: Seq) -> Body {
    Body::List(ListOp::FieldSet(FieldSet {
        list: LIST,
        patient,
        field,
        text: text.into(),
        base,
        after: vec![],
    }))
}

fn left(patient: PatientId) -> Body {
    let list = AUTOMATIC;
    Body::List(ListOp::PatientLeft(PatientLeft { list, patient }))
}

fn moved(patient: PatientId) -> Body {
    let (list, after) = (LIST, None);
    Body::List(ListOp::Moved(Moved { list, patient, after }))
}

fn removed(patient: PatientId) -> Body {
    let list = LIST;
    Body::List(ListOp::PatientRemoved(PatientRemoved { list, patient }))
}

fn renamed(title: &str, base: Seq) -> Body {
    Body::List(ListOp::Renamed(Renamed {
        list: LIST,
        title: title.into(),
        base,
        after: vec![],
    }))
}

fn put_away(state: &mut SpaceState) {
    act(state, nth(1), MEMBER, archived(LIST));
}

fn at_once(state: &mut SpaceState) {
    for n in 0..UNSETTLED {
        act(
            state,
            nth(n),
            MEMBER,
            field(HERE, Field::Jobs, "bloods", Seq::ZERO),
        );
    }
}

#[expect(clippy::too_many_lines, reason = "a row for each")]
pub(super) fn lists() -> Topic {
    let jobs = |text: &str, base| field(HERE, Field::Jobs, text, base);
    let source = |code: &str| Some(Source::Practice(code.into()));
    Topic {
        title: "Lists of patients",
        about: "Whoever belongs to a space keeps its lists. The record puts \
                 patients on those that fill themselves, and marks who left.",
        rows: vec![
            row(list("Outliers", None), "A list that people keep by hand.").refused([
                case("nothing is written", list("", None)),
                case("there are 100 already", list("x", None)).given(|state| {
                    for n in 0..LISTS {
                        act(state, nth(n), MEMBER, list("x", None));
                    }
                }),
                case(
                    "it is to fill itself, in a team, and no administrator says so",
                    list("x", source("A81001")),
                )
                .by(MEMBER),
                case("it is to fill itself, in a group", list("x", source("A81001"))).of(SpaceKind::Group),
                case(
                    "what it includes is longer than 200 bytes",
                    list("x", source(&"x".repeat(SOURCE_BYTES + 1))),
                ),
            ]),
            row(renamed("Nights", Seq::new(1)), "The title is another.").refused([
                case("nothing is written", renamed("", Seq::new(1))),
                case("it was made on what is not there yet", renamed("x", future())),
                case("it is in the archive", renamed("x", Seq::new(1))).given(put_away),
            ]),
            row(archived(LIST), "It is put away. Once more is harmless.")
                .refused([case("it is not there", archived(NOWHERE))]),
            row(
                Body::List(ListOp::Restored(Restored { list: LIST })),
                "It is taken out of the archive. Once more is harmless.",
            )
            .refused([case(
                "it is not there",
                Body::List(ListOp::Restored(Restored { list: NOWHERE })),
            )]),
            row(
                added(LIST, ELSEWHERE),
                "A patient is on it. Twice is once; of a list that fills itself \
                 the record does it, too.",
            )
            .refused([
                case("the list is not there", added(NOWHERE, HERE)),
                case("it is in the archive", added(LIST, HERE)).given(put_away),
                case("2,000 patients are on it", added(LIST, ELSEWHERE)).given(|state| {
                    for n in 0..PATIENTS {
                        let patient = PatientId::from_bytes(*nth(n).as_bytes());
                        act(state, nth(n), MEMBER, added(LIST, patient));
                    }
                }),
            ]),
            row(left(HERE), "A patient is no longer where the list is of.").refused([case(
                "the patient is not on it",
                left(ELSEWHERE),
            )
            .by(RECORD)]),
            row(removed(HERE), "A patient is taken off it. Once more is harmless.").refused([
                case("the patient never was on it", removed(ELSEWHERE)),
                case("it is in the archive", removed(HERE)).given(put_away),
            ]),
            row(moved(HERE), "A patient's row goes elsewhere.").refused([
                case("the patient never was on it", moved(ELSEWHERE)),
                case("it is in the archive", moved(HERE)).given(put_away),
            ]),
            row(
                jobs("bloods", Seq::ZERO),
                "A field of a row is written, or cleared.",
            )
            .refused([
                case(
                    "the patient is not on it",
                    field(ELSEWHERE, Field::Jobs, "x", Seq::ZERO),
                ),
                case(
                    "the column is not there",
                    field(HERE, Field::Column(NOWHERE), "x", Seq::ZERO),
                ),
                case(
                    "it is longer than 8 KiB",
                    jobs(&"x".repeat(FIELD_BYTES + 1), Seq::ZERO),
                ),
                case("it was made on what is not there yet", jobs("x", future())),
                case(
                    "8 texts stand there that it was not made on",
                    jobs("x", Seq::ZERO),
                )
                .given(at_once),
                case("the list is in the archive", jobs("x", Seq::ZERO)).given(put_away),
            ]),
            row(column("Mobility"), "It has a column of its own more.").refused([
                case("nothing is written", column("")),
                case("it has 20", column("x")).given(|state| {
                    for n in 0..COLUMNS {
                        act(state, nth(n), MEMBER, column("x"));
                    }
                }),
                case("it is in the archive", column("x")).given(put_away),
            ]),
            row(
                column_gone(COLUMN),
                "A column of its own is no longer shown; what was written there is \
                 kept. Once more is harmless.",
            )
            .refused([
                case("the column is not there", column_gone(NOWHERE)),
                case("it is in the archive", column_gone(COLUMN)).given(put_away),
            ]),
        ],
    }
}
