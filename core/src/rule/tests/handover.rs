//! Handovers: each operation × each kind of author × each kind of space; then what each of them asks of the state.

use super::*;
use crate::id::PatientId;
use crate::op::handover::offer::{PLACE_BYTES, PRESENT, SAID_BYTES as SAID, TASKS};
use crate::op::handover::{
    Accepted, Answered, Asked, CareEnded, Closed, HandoverOp, NoteSet, Offered, Priority, PrioritySet,
    ReadBack, Refused, ResponsibilityTaken, Section, SectionId, Side, TemplateSet, To, Which, Withdrawn,
};
use crate::op::list::{self, ListOp, PatientAdded};
use crate::op::member::Left;
use crate::op::role::{Archived, Defined, Fallback, FallbackSet, RoleOp, Taken};

mod limits;

const HANDOVER: OpId = OpId::from_bytes([51; 16]);
const QUESTION: OpId = OpId::from_bytes([52; 16]);
const NOWHERE: OpId = OpId::from_bytes([36; 16]);
/// Of which nobody is the holder, and for which nobody answers.
const ROLE: OpId = OpId::from_bytes([54; 16]);
/// `ADMIN`'s, waiting for `MEMBER`.
const WAITS: PatientId = PatientId::from_bytes([41; 16]);
/// `ADMIN`'s.
const THEIRS: PatientId = PatientId::from_bytes([42; 16]);
const NOBODYS: PatientId = PatientId::from_bytes([43; 16]);
const BYSTANDER: UserId = UserId::from_bytes([4; 16]);

fn offered(patients: &[PatientId], to: To) -> Box<Offered> {
    Box::new(Offered {
        patients: patients.to_vec(),
        list: None,
        to,
        tasks: vec![],
        roles: vec![],
        place: "".into(),
        note: "".into(),
        present: vec![],
        unsent: vec![],
    })
}

fn take(patients: &[PatientId], from: Option<UserId>) -> HandoverOp {
    let patients = patients.to_vec();
    HandoverOp::ResponsibilityTaken(ResponsibilityTaken { patients, from })
}

fn note(patient: PatientId, section: &str, text: &str) -> NoteSet {
    NoteSet {
        patient,
        section: SectionId::new(section),
        text: text.into(),
        base: Seq::ZERO,
        after: vec![],
    }
}

/// `ADMIN` has offered `WAITS` to `MEMBER`, who asked something; `ADMIN` has `THEIRS` too.
fn ward(kind: SpaceKind) -> SpaceState {
    let mut state = space(kind);
    fold(
        &mut state,
        OpId::from_bytes([24; 16]),
        UserId::RECORD,
        add(BYSTANDER, false),
    );
    let title = "Registrar on call".into();
    let defined = RoleOp::Defined(Defined {
        title,
        fallback: None,
    });
    fold(&mut state, ROLE, ADMIN, Body::Role(defined));
    let fold = |state: &mut SpaceState, id, by, op| fold(state, id, by, Body::Handover(op));
    let id = OpId::from_bytes([53; 16]);
    fold(&mut state, id, ADMIN, take(&[THEIRS], None));
    let to = To::Person(MEMBER);
    fold(
        &mut state,
        HANDOVER,
        ADMIN,
        HandoverOp::Offered(offered(&[WAITS], to)),
    );
    let asked = Asked {
        handover: HANDOVER,
        patient: None,
        text: "Why?".into(),
    };
    fold(&mut state, QUESTION, MEMBER, HandoverOp::Asked(asked));
    state
}

fn ask_in(state: &SpaceState, user: UserId, op: HandoverOp) -> Result<(), Refusal> {
    super::ask_in(state, user, Body::Handover(op))
}

fn ask(user: UserId, op: HandoverOp) -> Result<(), Refusal> {
    ask_in(&ward(SpaceKind::Team), user, op)
}

fn accept(patients: Which) -> HandoverOp {
    let handover = HANDOVER;
    HandoverOp::Accepted(Accepted { handover, patients })
}

fn refuse(reason: &str) -> HandoverOp {
    HandoverOp::Refused(Refused {
        handover: HANDOVER,
        patients: Which::All,
        reason: reason.into(),
    })
}

fn withdraw() -> HandoverOp {
    HandoverOp::Withdrawn(Withdrawn { handover: HANDOVER })
}

fn close(side: Side) -> HandoverOp {
    HandoverOp::Closed(Closed {
        handover: HANDOVER,
        side,
        satisfaction: None,
        text: "".into(),
        present: vec![],
    })
}

fn question(text: &str, patient: Option<PatientId>) -> HandoverOp {
    HandoverOp::Asked(Asked {
        handover: HANDOVER,
        patient,
        text: text.into(),
    })
}

fn answer(question: OpId) -> HandoverOp {
    let text = "Because".into();
    HandoverOp::Answered(Answered { question, text })
}

fn read_back(patient: PatientId) -> HandoverOp {
    HandoverOp::ReadBack(ReadBack {
        handover: HANDOVER,
        patient,
        text: "At 22:00".into(),
    })
}

fn template(sections: Vec<Section>) -> HandoverOp {
    HandoverOp::TemplateSet(TemplateSet {
        sections,
        base: Seq::ZERO,
        after: vec![],
    })
}

fn section(id: &str) -> Section {
    Section {
        id: SectionId::new(id),
        title: "Plan".into(),
        is_expected: true,
    }
}

/// Each kind of operation with what `ADMIN`, `MEMBER` and `BYSTANDER` are told.
fn matrix() -> Vec<(HandoverOp, [Result<(), Refusal>; 3])> {
    let not = |refusal| Err(refusal);
    let all = [Ok(()); 3];
    let receiver = [not(Refusal::NotYours), Ok(()), not(Refusal::NotYours)];
    let giver = [Ok(()), not(Refusal::NotYours), not(Refusal::NotYours)];
    let rated = PrioritySet {
        patient: WAITS,
        priority: Priority::Watch,
    };
    let ended = CareEnded {
        patients: vec![THEIRS],
    };
    let not_theirs = not(Refusal::NotResponsible);
    let theirs = HandoverOp::Offered(offered(&[THEIRS], To::Role(ROLE)));
    vec![
        (HandoverOp::NoteSet(note(WAITS, "situation", "x")), all),
        (HandoverOp::PrioritySet(rated), all),
        (question("Why?", None), all),
        (answer(QUESTION), all),
        (take(&[NOBODYS], None), all),
        (theirs, [Ok(()), not_theirs, not_theirs]),
        (HandoverOp::CareEnded(ended), [Ok(()), not_theirs, not_theirs]),
        (accept(Which::All), receiver),
        (refuse("Not mine"), receiver),
        (read_back(WAITS), receiver),
        (withdraw(), giver),
        (close(Side::Giving), giver),
        (
            template(vec![section("plan")]),
            [Ok(()), not(Refusal::NotAdmin), not(Refusal::NotAdmin)],
        ),
    ]
}

#[test]
fn each_author_in_each_kind_of_space() {
    let kinds: std::collections::BTreeSet<_> = matrix()
        .iter()
        .map(|(op, _)| Body::Handover(op.clone()).kind().to_owned())
        .collect();
    assert_eq!(kinds.len(), 13, "every kind is here");
    for (op, expected) in matrix() {
        for (user, expected) in [ADMIN, MEMBER, BYSTANDER].into_iter().zip(expected) {
            assert_eq!(ask(user, op.clone()), expected, "{op:?} by {user}");
        }
        assert_eq!(ask(OUTSIDER, op.clone()), Err(Refusal::NotMember));
        for kind in KINDS.into_iter().filter(|kind| *kind != SpaceKind::Team) {
            assert_eq!(ask_in(&ward(kind), ADMIN, op.clone()), Err(Refusal::TeamsOnly));
        }
        let by_record = Op {
            id: OpId::from_bytes([99; 16]),
            by: UserId::RECORD,
            at: At::default(),
            body: Body::Handover(op),
        };
        let told = may(Author::Record, &by_record, &ward(SpaceKind::Team));
        assert_eq!(told, Err(Refusal::Malformed));
    }
}

#[test]
fn an_offer_names_people_who_are_there_and_patients_who_are_ones_own_and_wait_nowhere() {
    let offer = |patients: &[PatientId], to| HandoverOp::Offered(offered(patients, to));
    let (member, role) = (To::Person(MEMBER), To::Role(ROLE));
    assert_eq!(ask(ADMIN, offer(&[THEIRS, NOBODYS], member)), Ok(()));
    assert_eq!(
        ask(MEMBER, offer(&[NOBODYS], role)),
        Ok(()),
        "nobody has them yet"
    );
    let refused = [
        (offer(&[], member), Refusal::Malformed),
        (offer(&[THEIRS, THEIRS], member), Refusal::Malformed),
        (offer(&[THEIRS], To::Person(ADMIN)), Refusal::Malformed),
        (offer(&[THEIRS], To::Person(OUTSIDER)), Refusal::NoSuchMember),
        (offer(&[THEIRS, WAITS], member), Refusal::AlreadyOffered),
    ];
    for (op, refusal) in refused {
        assert_eq!(ask(ADMIN, op), Err(refusal));
    }
    assert_eq!(ask(MEMBER, offer(&[THEIRS], role)), Err(Refusal::NotResponsible));
    let with = |change: fn(&mut Offered)| {
        let mut op = offered(&[THEIRS], To::Person(MEMBER));
        change(&mut op);
        ask(ADMIN, HandoverOp::Offered(op))
    };
    assert_eq!(with(|op| op.list = Some(NOWHERE)), Err(Refusal::NoList));
    assert_eq!(
        with(|op| op.tasks = vec![NOWHERE; TASKS + 1]),
        Err(Refusal::TooLong)
    );
    assert_eq!(
        with(|op| op.present = vec![ADMIN; PRESENT + 1]),
        Err(Refusal::TooLong)
    );
    let long = "x".repeat(PLACE_BYTES + 1);
    let mut op = offered(&[THEIRS], member);
    op.place = long.as_str().into();
    assert_eq!(ask(ADMIN, HandoverOp::Offered(op)), Err(Refusal::TooLong));
}

#[test]
fn whoever_takes_over_names_whom_they_saw() {
    assert_eq!(ask(MEMBER, take(&[THEIRS], Some(ADMIN))), Ok(()));
    assert_eq!(
        ask(MEMBER, take(&[WAITS], Some(ADMIN))),
        Ok(()),
        "also while they wait"
    );
    assert_eq!(
        ask(MEMBER, take(&[THEIRS], None)),
        Err(Refusal::ResponsibilityMoved)
    );
    assert_eq!(
        ask(MEMBER, take(&[NOBODYS], Some(ADMIN))),
        Err(Refusal::ResponsibilityMoved)
    );
    assert_eq!(
        ask(MEMBER, take(&[THEIRS, NOBODYS], Some(ADMIN))),
        Err(Refusal::ResponsibilityMoved)
    );
    assert_eq!(
        ask(MEMBER, take(&[THEIRS], Some(BYSTANDER))),
        Err(Refusal::ResponsibilityMoved)
    );
    assert_eq!(ask(ADMIN, take(&[THEIRS], Some(ADMIN))), Err(Refusal::Malformed));
}

#[test]
fn what_was_decided_or_withdrawn_is_not_decided_again() {
    let after = |by: UserId, op: HandoverOp| {
        let mut state = ward(SpaceKind::Team);
        assert_eq!(ask_in(&state, by, op.clone()), Ok(()));
        fold(&mut state, NOWHERE, by, Body::Handover(op));
        state
    };
    for (by, first) in [
        (MEMBER, accept(Which::All)),
        (MEMBER, refuse("Not mine")),
        (ADMIN, withdraw()),
        (BYSTANDER, take(&[WAITS], Some(ADMIN))),
    ] {
        let state = after(by, first.clone());
        for (by, second) in [
            (MEMBER, accept(Which::All)),
            (MEMBER, accept(Which::Some(vec![WAITS]))),
            (MEMBER, refuse("Not mine")),
            (ADMIN, withdraw()),
        ] {
            assert_eq!(
                ask_in(&state, by, second),
                Err(Refusal::NotWaiting),
                "after {first:?}"
            );
        }
        assert_eq!(ask_in(&state, MEMBER, close(Side::Receiving)), Ok(()));
    }
    assert_eq!(ask(MEMBER, close(Side::Receiving)), Err(Refusal::StillWaiting));
    assert_eq!(
        ask(MEMBER, accept(Which::Some(vec![THEIRS]))),
        Err(Refusal::NotWaiting)
    );
    assert_eq!(ask(MEMBER, accept(Which::Some(vec![]))), Err(Refusal::Malformed));
    assert_eq!(ask(MEMBER, refuse(" ")), Err(Refusal::Empty));
}

#[test]
fn an_offer_to_a_role_is_for_who_holds_or_answers_for_it_at_that_moment() {
    let mut state = ward(SpaceKind::Team);
    let role = |state: &mut SpaceState, n, by, op| {
        fold(state, OpId::from_bytes([n; 16]), by, Body::Role(op));
    };
    let taken = |from| RoleOp::Taken(Taken { role: ROLE, from });
    fold(&mut state, NOWHERE, ADMIN, Body::Handover(withdraw()));
    let to_role = HandoverOp::Offered(offered(&[WAITS, NOBODYS], To::Role(ROLE)));
    let id = OpId::from_bytes([61; 16]);
    assert_eq!(ask_in(&state, ADMIN, to_role.clone()), Ok(()));
    fold(&mut state, id, ADMIN, Body::Handover(to_role));
    let accepts = |state: &SpaceState, by| {
        let op = Accepted {
            handover: id,
            patients: Which::Some(vec![WAITS]),
        };
        ask_in(state, by, HandoverOp::Accepted(op))
    };
    let all = |state: &SpaceState| [ADMIN, MEMBER, BYSTANDER].map(|by| accepts(state, by));
    let not = Err(Refusal::NotYours);
    assert_eq!(all(&state), [not; 3], "nobody holds it");
    let fallback = Some(Fallback::Person(BYSTANDER));
    role(
        &mut state,
        62,
        ADMIN,
        RoleOp::FallbackSet(FallbackSet { role: ROLE, fallback }),
    );
    assert_eq!(all(&state), [not, not, Ok(())], "who answers for it");
    role(&mut state, 63, MEMBER, taken(None));
    assert_eq!(all(&state), [not, Ok(()), not], "who holds it");
    role(&mut state, 64, ADMIN, taken(Some(MEMBER)));
    assert_eq!(all(&state), [not; 3], "nobody receives from themselves");
    role(&mut state, 65, MEMBER, taken(Some(ADMIN)));
    let accepted = Accepted {
        handover: id,
        patients: Which::All,
    };
    let accepted = Body::Handover(HandoverOp::Accepted(accepted));
    fold(&mut state, OpId::from_bytes([66; 16]), MEMBER, accepted);
    role(&mut state, 67, BYSTANDER, taken(Some(MEMBER)));
    let signs = |by| {
        let op = Closed {
            handover: id,
            side: Side::Receiving,
            satisfaction: None,
            text: "".into(),
            present: vec![],
        };
        ask_in(&state, by, HandoverOp::Closed(op))
    };
    assert_eq!(
        (signs(MEMBER), signs(BYSTANDER)),
        (Ok(()), not),
        "who received signs off, though another holds the role by now"
    );
}

#[test]
fn an_offer_names_a_role_that_is_there_and_not_in_the_archive() {
    let mut state = ward(SpaceKind::Team);
    let offer = |role| HandoverOp::Offered(offered(&[THEIRS], To::Role(role)));
    assert_eq!(ask_in(&state, ADMIN, offer(NOWHERE)), Err(Refusal::NoRole));
    let archived = Body::Role(RoleOp::Archived(Archived { role: ROLE }));
    fold(&mut state, NOWHERE, ADMIN, archived);
    assert_eq!(ask_in(&state, ADMIN, offer(ROLE)), Err(Refusal::RoleArchived));
}

#[test]
fn tasks_and_roles_that_somebody_else_has_by_now_do_not_hold_an_offer_back() {
    let mut op = offered(&[THEIRS], To::Person(MEMBER));
    op.tasks = vec![NOWHERE];
    op.roles = vec![ROLE, NOWHERE];
    assert_eq!(ask(ADMIN, HandoverOp::Offered(op)), Ok(()));
}

#[test]
fn an_offer_of_somebody_who_left_can_still_be_accepted() {
    let mut state = ward(SpaceKind::Team);
    let made = Body::Member(MemberOp::MadeAdmin(MadeAdmin { user: MEMBER }));
    fold(&mut state, NOWHERE, ADMIN, made);
    let left = Body::Member(MemberOp::Left(Left {}));
    fold(&mut state, OpId::from_bytes([61; 16]), ADMIN, left);
    assert_eq!(ask_in(&state, MEMBER, accept(Which::All)), Ok(()));
    assert_eq!(ask_in(&state, BYSTANDER, take(&[THEIRS], Some(ADMIN))), Ok(()));
    let offer = HandoverOp::Offered(offered(&[THEIRS], To::Person(MEMBER)));
    assert_eq!(
        ask_in(&state, BYSTANDER, offer),
        Err(Refusal::NotResponsible),
        "taken first"
    );
}

#[test]
fn care_ends_for_who_is_on_no_list_and_waits_nowhere() {
    let ended = |patients: &[PatientId]| {
        let patients = patients.to_vec();
        HandoverOp::CareEnded(CareEnded { patients })
    };
    assert_eq!(ask(ADMIN, ended(&[THEIRS])), Ok(()));
    assert_eq!(ask(ADMIN, ended(&[THEIRS, WAITS])), Err(Refusal::StillHere));
    assert_eq!(ask(ADMIN, ended(&[NOBODYS])), Err(Refusal::NotResponsible));
    let mut state = ward(SpaceKind::Team);
    let created = list::Created {
        title: "Bay 2".into(),
        source: None,
    };
    fold(&mut state, NOWHERE, ADMIN, Body::List(ListOp::Created(created)));
    let added = PatientAdded {
        list: NOWHERE,
        patient: THEIRS,
    };
    let id = OpId::from_bytes([61; 16]);
    fold(&mut state, id, ADMIN, Body::List(ListOp::PatientAdded(added)));
    assert_eq!(ask_in(&state, ADMIN, ended(&[THEIRS])), Err(Refusal::StillHere));
}
