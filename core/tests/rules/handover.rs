//! Handovers, and who is responsible for patients.

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::handover::offer::{
    OFFER_NOTE_BYTES, PATIENTS, PLACE_BYTES, PRESENT, RESPONSIBILITIES, ROLES, SAID_BYTES, TASKS, UNSENT,
    WAITING,
};
use baton_core::op::handover::section::{SECTIONS, SECTIONS_EVER};
use baton_core::op::handover::{
    Accepted, Answered, CareEnded, Closed, HandoverOp, NOTE_BYTES, NoteSet, Offered, Priority, PrioritySet,
    ReadBack, Refused, Section, SectionId, Side, TemplateSet, To, Unsent, Which, Withdrawn,
};
use baton_core::op::role::{self, Archived, RoleOp};
use baton_core::state::SpaceState;
use baton_core::state::handover::DOCUMENT_BYTES;
use baton_core::state::handover::talk;
use baton_core::text::UNSETTLED;

use super::scene::{
    ADMIN, CHARGE, ELSEWHERE, FREE, HANDOVER, HELD, LIST, MEMBER, NOWHERE, OFFER, OFFEREE, OUTSIDER, OWNER,
    QUESTION, WAITS, act, added, asked, future, nth, offer, taken_over,
};
use super::table::{Case, Row, Topic, case, row};

fn body(op: HandoverOp) -> Body {
    Body::Handover(op)
}

fn accepted(handover: OpId, patients: Which) -> Body {
    body(HandoverOp::Accepted(Accepted { handover, patients }))
}

fn answered(question: OpId, text: &str) -> Body {
    let text = text.into();
    body(HandoverOp::Answered(Answered { question, text }))
}

fn care_ended(patients: &[PatientId]) -> Body {
    let patients = patients.to_vec();
    body(HandoverOp::CareEnded(CareEnded { patients }))
}

fn closed(handover: OpId, side: Side, text: &str) -> Body {
    body(HandoverOp::Closed(Closed {
        handover,
        side,
        satisfaction: None,
        text: text.into(),
        present: vec![],
    }))
}

fn note(patient: PatientId, section: &str, text: &str, base: Seq) -> Body {
    body(HandoverOp::NoteSet(NoteSet {
        patient,
        section: SectionId::new(section),
        text: text.into(),
        base,
        after: vec![],
    }))
}

fn offered(patients: &[PatientId], to: To) -> Body {
    body(HandoverOp::Offered(Box::new(offer(patients, to))))
}

fn read_back(handover: OpId, patient: PatientId, text: &str) -> Body {
    body(HandoverOp::ReadBack(ReadBack {
        handover,
        patient,
        text: text.into(),
    }))
}

fn refused(handover: OpId, patients: Which, reason: &str) -> Body {
    body(HandoverOp::Refused(Refused {
        handover,
        patients,
        reason: reason.into(),
    }))
}

fn section(id: &str, title: &str) -> Section {
    Section {
        id: SectionId::new(id),
        title: title.into(),
        is_expected: true,
    }
}

/// Headings of a team's own, from the `from`th on.
fn own(from: usize, count: usize) -> Vec<Section> {
    (from..from + count)
        .map(|n| section(&format!("own-{n}"), "x"))
        .collect()
}

fn template(sections: Vec<Section>, base: Seq) -> Body {
    body(HandoverOp::TemplateSet(TemplateSet {
        sections,
        base,
        after: vec![],
    }))
}

fn archived() -> Body {
    Body::Role(RoleOp::Archived(Archived { role: HELD }))
}

fn withdrawn(handover: OpId) -> Body {
    body(HandoverOp::Withdrawn(Withdrawn { handover }))
}

/// So many patients, of whom nothing is known here.
fn many(count: usize) -> Vec<PatientId> {
    (0..count)
        .map(|n| PatientId::from_bytes(*nth(n).as_bytes()))
        .collect()
}

fn decided(state: &mut SpaceState) {
    act(state, nth(1), OFFEREE, accepted(HANDOVER, Which::All));
}

fn to_a_role(state: &mut SpaceState) {
    act(state, nth(1), OWNER, offered(&[CHARGE], To::Role(HELD)));
    let accepted = role::Accepted {
        role: HELD,
        offer: OFFER,
    };
    act(state, nth(2), OFFEREE, Body::Role(RoleOp::Accepted(accepted)));
}

fn full(state: &mut SpaceState) {
    for n in 0..talk::SAID_BYTES / SAID_BYTES {
        let text = "x".repeat(SAID_BYTES);
        act(state, nth(n), MEMBER, asked(HANDOVER, None, &text));
    }
}

fn responsible_for_all(state: &mut SpaceState) {
    act(state, nth(1), MEMBER, taken_over(&many(RESPONSIBILITIES), None));
}

fn many_wait(state: &mut SpaceState) {
    for (n, patient) in many(WAITING).into_iter().enumerate() {
        act(state, nth(n), ADMIN, offered(&[patient], To::Role(HELD)));
    }
}

/// It is refused when there is no room, and when the handover is not there.
fn of_held(by: UserId, of: impl Fn(OpId) -> Body) -> [Case; 2] {
    let no_room = case("32 KiB were said there already", of(HANDOVER));
    [
        no_room.by(by).given(full),
        case("the handover is not there", of(NOWHERE)).by(by),
    ]
}

/// What is written of patients.
fn of_sheets() -> Vec<Row> {
    let situation = |text: &str, base| note(CHARGE, "situation", text, base);
    let rated = PrioritySet {
        patient: CHARGE,
        priority: Priority::Watch,
    };
    let mut again = own(0, 1);
    again.extend(own(0, 1));
    vec![
        row(
            situation("Stable overnight", Seq::ZERO),
            "A section of a patient's sheet is written, or cleared.",
        )
        .refused([
            case(
                "the heading is not on the sheet, and nothing stands there",
                note(CHARGE, "plan", "x", Seq::ZERO),
            ),
            case(
                "it is longer than 8 KiB",
                situation(&"x".repeat(NOTE_BYTES + 1), Seq::ZERO),
            ),
            case("it was made on what is not there yet", situation("x", future())),
            case(
                "8 texts stand there that it was not made on",
                situation("x", Seq::ZERO),
            )
            .given(|state| {
                for n in 0..UNSETTLED {
                    act(state, nth(n), MEMBER, note(CHARGE, "situation", "x", Seq::ZERO));
                }
            }),
        ]),
        row(
            body(HandoverOp::PrioritySet(rated)),
            "A patient is unstable, to be watched, or stable.",
        ),
        row(
            template(own(0, 1), Seq::ZERO),
            "The headings of the sheets are others. What stands under one that is \
                 gone is kept.",
        )
        .refused([
            case(
                "a heading is empty",
                template(vec![section("plan", " ")], Seq::ZERO),
            ),
            case("there is no heading", template(vec![], Seq::ZERO)),
            case("one is there twice", template(again, Seq::ZERO)),
            case(
                "one is named by other than small letters, digits and hyphens",
                template(vec![section("Plan A", "x")], Seq::ZERO),
            ),
            case(
                "it was made on what is not there yet",
                template(own(0, 1), future()),
            ),
            case(
                "there are more than 24",
                template(own(0, SECTIONS + 1), Seq::ZERO),
            ),
            case(
                "with those that were there before there are more than 60",
                template(own(SECTIONS_EVER, SECTIONS), Seq::ZERO),
            )
            .given(|state| {
                for n in 0..SECTIONS_EVER / SECTIONS {
                    let sections = own(n * SECTIONS, SECTIONS);
                    act(state, nth(n), ADMIN, template(sections, state.head.seq));
                }
            }),
            case("somebody else set it meanwhile", template(own(0, 1), Seq::ZERO))
                .given(|state| act(state, nth(1), ADMIN, template(own(1, 1), Seq::ZERO))),
        ]),
    ]
}

fn of_offers() -> Vec<Row> {
    let to = To::Role(HELD);
    let with = |change: fn(&mut Offered)| {
        let mut offered = offer(&[ELSEWHERE], to);
        change(&mut offered);
        body(HandoverOp::Offered(Box::new(offered)))
    };
    let listed = with(|offered| offered.list = Some(NOWHERE));
    let placed = with(|offered| offered.place = "x".repeat(PLACE_BYTES + 1).as_str().into());
    let noted = with(|offered| offered.note = "x".repeat(OFFER_NOTE_BYTES + 1).as_str().into());
    let tasked = with(|offered| offered.tasks = vec![FREE; TASKS + 1]);
    let with_roles = with(|offered| offered.roles = vec![HELD; ROLES + 1]);
    let attended = with(|offered| offered.present = vec![MEMBER; PRESENT + 1]);
    let unsent = with(|offered| {
        let note = Unsent {
            patient: 0,
            note: NOWHERE,
        };
        offered.unsent = vec![note; UNSENT + 1];
    });
    let long = many(DOCUMENT_BYTES / NOTE_BYTES + 1);
    vec![
        row(
            offered(&[CHARGE], to),
            "Patients are offered to a person or a role. They stay with \
                 who offers them.",
        )
        .owner("who is responsible for them"),
        row(
            offered(&[ELSEWHERE], to),
            "Patients are offered for whom nobody is responsible: from there on \
                 who offers them is.",
        )
        .refused([
            case("nobody is offered", offered(&[], to)),
            case("somebody is offered twice", offered(&[ELSEWHERE, ELSEWHERE], to)),
            case("more than 200 are", offered(&many(PATIENTS + 1), to)),
            case(
                "they are offered to oneself",
                offered(&[ELSEWHERE], To::Person(ADMIN)),
            ),
            case(
                "they are offered to somebody who is no member",
                offered(&[ELSEWHERE], To::Person(OUTSIDER)),
            ),
            case(
                "they are offered to a role that is not there",
                offered(&[ELSEWHERE], To::Role(NOWHERE)),
            ),
            case(
                "they are offered to a role in the archive",
                offered(&[ELSEWHERE], to),
            )
            .given(|state| act(state, nth(1), ADMIN, archived())),
            case("one of them waits already", offered(&[WAITS], to)).by(OWNER),
            case("the list they are from is not there", listed),
            case("the place is longer than 200 bytes", placed),
            case("the note is longer than 8 KiB", noted),
            case("more than 200 tasks go along", tasked),
            case("more than 20 roles do", with_roles),
            case("more than 50 people are there besides", attended),
            case("more than 100 notes had not been sent", unsent),
            case(
                "the team has 2,000 for whom somebody is responsible",
                offered(&[ELSEWHERE], to),
            )
            .given(responsible_for_all),
            case("patients wait in 24 already", offered(&[ELSEWHERE], to)).given(many_wait),
            case(
                "their sheets and the note are longer than 256 KiB",
                offered(&long, to),
            )
            .given(move |state| {
                for (n, patient) in long.iter().enumerate() {
                    let text = "x".repeat(NOTE_BYTES);
                    act(
                        state,
                        nth(n),
                        MEMBER,
                        note(*patient, "situation", &text, Seq::ZERO),
                    );
                }
            }),
        ]),
        row(withdrawn(HANDOVER), "Those who still wait are no longer offered.")
            .owner("who offered them")
            .refused([
                case("nobody waits any more", withdrawn(HANDOVER))
                    .by(OWNER)
                    .given(decided),
                case("the handover is not there", withdrawn(NOWHERE)).by(OWNER),
            ]),
    ]
}

/// What is refused of a decision.
fn of_decision(of: impl Fn(OpId, Which) -> Body) -> [Case; 5] {
    let some = |patients: &[PatientId]| Which::Some(patients.to_vec());
    [
        case("none of them waits any more", of(HANDOVER, Which::All))
            .by(OFFEREE)
            .given(decided),
        case(
            "somebody is named who was not offered",
            of(HANDOVER, some(&[WAITS, CHARGE])),
        )
        .by(OFFEREE),
        case("nobody is named", of(HANDOVER, some(&[]))).by(OFFEREE),
        case("somebody is named twice", of(HANDOVER, some(&[WAITS, WAITS]))).by(OFFEREE),
        case("the handover is not there", of(NOWHERE, Which::All)).by(OFFEREE),
    ]
}

fn of_decisions() -> Vec<Row> {
    let said = "x".repeat(SAID_BYTES + 1);
    vec![
        row(
            accepted(HANDOVER, Which::All),
            "The author is responsible for those who wait, or for some of them.",
        )
        .offeree("to whom they are offered")
        .refused(of_decision(accepted)),
        row(
            accepted(nth(1), Which::All),
            "The same, where they are offered to a role.",
        )
        .offeree("who holds the role, or answers for it, and did not offer them")
        .given(to_a_role),
        row(
            refused(HANDOVER, Which::All, "not ours"),
            "The author does not take them, or some of them, with the reason: they \
                 stay with who offered them.",
        )
        .offeree("to whom they are offered")
        .refused([
            case("no reason is written", refused(HANDOVER, Which::All, " ")).by(OFFEREE),
            case("it is longer than 2 KiB", refused(HANDOVER, Which::All, &said)).by(OFFEREE),
        ])
        .refused(of_decision(|handover, patients| refused(handover, patients, "x"))),
    ]
}

/// What is said at it.
fn of_talk() -> Vec<Row> {
    let said = "x".repeat(SAID_BYTES + 1);
    vec![
        row(
            asked(HANDOVER, None, "Who has the bleep?"),
            "Somebody asks something, of one patient or of the whole.",
        )
        .refused([
            case("nothing is written", asked(HANDOVER, None, " ")),
            case("it is longer than 2 KiB", asked(HANDOVER, None, &said)),
            case(
                "it is about a patient who was not offered",
                asked(HANDOVER, Some(CHARGE), "x"),
            ),
        ])
        .refused(of_held(ADMIN, |handover| asked(handover, None, "x"))),
        row(
            answered(QUESTION, "The registrar"),
            "Somebody answers a question.",
        )
        .refused([
            case("nothing is written", answered(QUESTION, " ")),
            case("it is longer than 2 KiB", answered(QUESTION, &said)),
            case("32 KiB were said there already", answered(QUESTION, "x")).given(full),
            case("the question is not there", answered(NOWHERE, "x")),
        ]),
        row(
            read_back(HANDOVER, WAITS, "Bloods at 22:00"),
            "The author says in their own words what they understood.",
        )
        .offeree("to whom they are offered")
        .refused([
            case("nothing is written", read_back(HANDOVER, WAITS, " ")).by(OFFEREE),
            case("it is longer than 2 KiB", read_back(HANDOVER, WAITS, &said)).by(OFFEREE),
            case(
                "it is about a patient who was not offered",
                read_back(HANDOVER, CHARGE, "x"),
            )
            .by(OFFEREE),
        ])
        .refused(of_held(OFFEREE, |handover| read_back(handover, WAITS, "x"))),
        row(
            closed(HANDOVER, Side::Giving, ""),
            "Who gives signs off, also while patients wait.",
        )
        .owner("who offered them")
        .refused([case(
            "the remark is longer than 2 KiB",
            closed(HANDOVER, Side::Giving, &said),
        )
        .by(OWNER)])
        .refused(of_held(OWNER, |handover| closed(handover, Side::Giving, ""))),
        row(closed(HANDOVER, Side::Receiving, ""), "Who receives signs off.")
            .offeree("to whom they are offered")
            .given(decided)
            .refused([case("some still wait", closed(HANDOVER, Side::Receiving, "")).by(OFFEREE)]),
    ]
}

fn of_responsibility() -> Vec<Row> {
    vec![
        row(
            taken_over(&[ELSEWHERE], None),
            "The author is responsible: nobody was, or they name from whom they \
                 take the patients, who then wait no longer.",
        )
        .refused([
            case("nobody is named", taken_over(&[], None)),
            case(
                "somebody is named twice",
                taken_over(&[ELSEWHERE, ELSEWHERE], None),
            ),
            case("more than 200 are", taken_over(&many(PATIENTS + 1), None)),
            case(
                "somebody is responsible, and its author thought nobody was",
                taken_over(&[CHARGE], None),
            ),
            case(
                "nobody is responsible, and its author thought somebody was",
                taken_over(&[ELSEWHERE], Some(OWNER)),
            ),
            case(
                "another is responsible than its author thought",
                taken_over(&[CHARGE], Some(MEMBER)),
            ),
            case("they are responsible", taken_over(&[CHARGE], Some(OWNER))).by(OWNER),
            case(
                "nobody was, and the team has 2,000 for whom somebody is",
                taken_over(&[ELSEWHERE], None),
            )
            .given(responsible_for_all),
        ]),
        row(
            care_ended(&[CHARGE]),
            "The team does not look after these patients any more: nobody is \
                 responsible.",
        )
        .owner("who is responsible for them")
        .refused([
            case("nobody is named", care_ended(&[])).by(OWNER),
            case("somebody is named twice", care_ended(&[CHARGE, CHARGE])).by(OWNER),
            case("more than 200 are", care_ended(&many(PATIENTS + 1))).by(OWNER),
            case("nobody is responsible", care_ended(&[ELSEWHERE])).by(OWNER),
            case("one of them waits to be accepted", care_ended(&[WAITS])).by(OWNER),
            case("one of them is on a list", care_ended(&[CHARGE]))
                .by(OWNER)
                .given(|state| act(state, nth(1), MEMBER, added(LIST, CHARGE))),
        ]),
    ]
}

pub(super) fn handovers() -> Topic {
    Topic {
        title: "Handovers",
        about: "Of a team. At most one person is responsible for a patient, and a patient waits in at most one handover: until somebody accepts, or takes \
                over, they stay with who offered them. What was handed over is kept as it was. An offer to a role is for who holds it or answers for it when they accept. Tasks and \
                roles that go along pass by the acceptance, where they are still with who offered.",
        rows: of_sheets()
            .into_iter()
            .chain(of_offers())
            .chain(of_decisions())
            .chain(of_talk())
            .chain(of_responsibility())
            .collect(),
    }
}
