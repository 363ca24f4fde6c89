//! Tasks and roles that go along, and what was written and did not arrive.

use super::*;
use crate::op::handover::Unsent;
use crate::op::message::Priority as Pressing;
use crate::op::role::{Defined, RoleOp, Taken};
use crate::op::task::{self, Assignee, Completed, TaskOp};
use crate::state::handover::view::unsent;
use crate::state::{Place, tasks};

impl Ward {
    fn role(&mut self, holder: Option<UserId>) -> OpId {
        let title = "Registrar on call".into();
        let defined = RoleOp::Defined(Defined {
            title,
            fallback: None,
        });
        let role = self.act(ANN, Body::Role(defined));
        if let Some(holder) = holder {
            self.take_role(holder, role, None);
        }
        role
    }

    fn take_role(&mut self, by: UserId, role: OpId, from: Option<UserId>) {
        self.act(by, Body::Role(RoleOp::Taken(Taken { role, from })));
    }

    fn task(&mut self, about: Option<u8>, to: Assignee) -> OpId {
        let created = task::Created {
            title: "Bloods".into(),
            details: "".into(),
            about: about.map(patient),
            place: "".into(),
            priority: Pressing::Routine,
            due: None,
            to,
            checklist: vec![],
            from: None,
        };
        self.act(ANN, Body::Task(TaskOp::Created(created)))
    }

    fn offer_with(&mut self, patients: &[u8], to: To, tasks: &[OpId], roles: &[OpId]) -> OpId {
        let offered = Offered {
            patients: patients.iter().map(|n| patient(*n)).collect(),
            list: None,
            to,
            tasks: tasks.to_vec(),
            roles: roles.to_vec(),
            place: "".into(),
            note: "".into(),
            present: vec![],
            unsent: vec![],
        };
        self.hand(ANN, HandoverOp::Offered(Box::new(offered)))
    }

    fn went(&self, handover: OpId, what: OpId) -> Option<Went> {
        self.handover(handover).went(what).map(|along| along.went)
    }

    fn holder(&self, role: OpId) -> Option<UserId> {
        let holder = self.state.roles.find(role).unwrap().holder;
        holder.map(|holder| holder.user)
    }

    fn has(&self, task: OpId) -> Option<UserId> {
        self.state.tasks.find(task).unwrap().who(&self.state.roles)
    }
}

#[test]
fn tasks_and_roles_pass_with_the_patients_in_one_step() {
    let mut ward = Ward::new();
    let role = ward.role(Some(ANN));
    let about = ward.task(Some(1), Assignee::Person(ANN));
    let other = ward.task(None, Assignee::Person(ANN));
    let of_role = ward.task(Some(2), Assignee::Role(role));
    let all = [about, other, of_role, about];
    let id = ward.offer_with(&[1, 2], To::Person(BEN), &all, &[role]);
    assert_eq!(
        (ward.has(about), ward.holder(role)),
        (Some(ANN), Some(ANN)),
        "an offer moves nothing"
    );
    ward.accept(BEN, id, Which::Some(vec![patient(1)]));
    assert_eq!(
        (ward.has(about), ward.has(other)),
        (Some(BEN), Some(ANN)),
        "that of who was accepted"
    );
    assert_eq!((ward.went(id, other), ward.holder(role)), (None, Some(ANN)));
    ward.accept(BEN, id, Which::All);
    assert_eq!((ward.has(other), ward.holder(role)), (Some(BEN), Some(BEN)));
    assert_eq!(
        ward.went(id, of_role),
        Some(Went::WithRole(role)),
        "it follows its role"
    );
    assert_eq!(ward.has(of_role), Some(BEN));
    let task = ward.state.tasks.find(about).unwrap();
    assert_eq!(task.hold.way, tasks::Way::HandedOver(id));
    assert!(task.is_accepted(&ward.state.roles), "accepted with the handover");
    assert_eq!(ward.document(id).along.len(), 4);
    assert_eq!(ward.document(id).tasks, [about, other, of_role], "each once");
}

#[test]
fn what_somebody_else_has_by_now_stays_there_and_that_is_said() {
    let mut ward = Ward::new();
    let role = ward.role(Some(ANN));
    let vacant = ward.role(None);
    let done = ward.task(Some(1), Assignee::Person(ANN));
    let given = ward.task(Some(1), Assignee::Person(CAT));
    let for_all = ward.task(None, Assignee::Team);
    let id = ward.offer_with(&[1], To::Person(BEN), &[done, given, for_all], &[role, vacant]);
    ward.take_role(CAT, role, Some(ANN));
    let completed = Completed {
        task: done,
        note: "".into(),
        round: None,
    };
    ward.act(CAT, Body::Task(TaskOp::Completed(completed)));
    ward.accept(BEN, id, Which::All);
    assert_eq!(ward.who(1), Some(BEN), "the patient passes all the same");
    assert_eq!((ward.holder(role), ward.holder(vacant)), (Some(CAT), None));
    let said = [done, given, for_all, role, vacant].map(|what| ward.went(id, what).unwrap());
    let elsewhere = [Some(CAT), None, Some(CAT), None].map(Went::Elsewhere);
    assert_eq!(said[0], Went::Ended);
    assert_eq!(said[1..], elsewhere);
    assert_eq!(ward.handover(id).left_behind().count(), 5);
}

#[test]
fn who_accepts_nobody_gets_nothing_and_who_refuses_the_last_gets_the_rest() {
    let mut ward = Ward::new();
    let role = ward.role(Some(ANN));
    let refused = ward.task(Some(2), Assignee::Person(ANN));
    let id = ward.offer_with(&[1], To::Person(BEN), &[], &[role]);
    ward.refuse(BEN, id, Which::All);
    assert_eq!((ward.holder(role), ward.went(id, role)), (Some(ANN), None));
    let Some(Decision::Refused { by, .. }) = ward.handover(id).parts[0].decision else {
        panic!("it was refused");
    };
    assert_eq!(by.stamp.by, BEN, "a refusal says who");
    assert_eq!(by.stamp.recorded.unwrap().millis(), by.seq.value(), "and when");
    let id = ward.offer_with(&[1, 2], To::Person(BEN), &[refused], &[role]);
    ward.accept(BEN, id, Which::Some(vec![patient(1)]));
    assert_eq!(ward.holder(role), Some(ANN), "somebody still waits");
    ward.refuse(BEN, id, Which::All);
    assert_eq!(
        ward.holder(role),
        Some(BEN),
        "they have taken the shift, if not everybody of it"
    );
    assert_eq!(
        ward.has(refused),
        Some(ANN),
        "what is about who was refused stays"
    );
}

#[test]
fn a_role_is_asked_for_its_holder_when_somebody_accepts() {
    let mut ward = Ward::new();
    let role = ward.role(Some(CAT));
    let id = ward.offer_with(&[1], To::Role(role), &[], &[]);
    ward.accept(BEN, id, Which::All);
    assert_eq!(ward.who(1), Some(ANN), "he does not hold it");
    let asked = |ward: &Ward, user| view::offered_to(&ward.state, user).count();
    assert_eq!(
        (asked(&ward, BEN), asked(&ward, CAT), asked(&ward, ANN)),
        (0, 1, 0)
    );
    ward.take_role(BEN, role, Some(CAT));
    ward.accept(CAT, id, Which::All);
    assert_eq!(ward.who(1), Some(ANN), "she does not hold it any more");
    ward.accept(BEN, id, Which::All);
    assert_eq!(ward.who(1), Some(BEN));
}

#[test]
fn a_note_that_was_refused_does_not_hold_the_offer_back_and_the_handover_says_that_it_is_missing() {
    let mut ward = Ward::new();
    let set = |n, id: u8, text: &str| {
        let set = NoteSet {
            patient: patient(n),
            section: situation(),
            text: text.into(),
            base: Seq::ZERO,
            after: vec![],
        };
        let at = At::from_millis(u64::from(id));
        let (id, body) = (
            OpId::from_bytes([id; 16]),
            Body::Handover(HandoverOp::NoteSet(set)),
        );
        Op {
            id,
            by: ANN,
            at,
            body,
        }
    };
    let (taken, refused) = (set(1, 201, "stable"), set(2, 202, "for theatre"));
    // As her device shows it: nothing of it is sent.
    let mut shown = ward.state.clone();
    for op in [&taken, &refused] {
        let place = Place {
            seq: shown.head.seq.next(),
            recorded: None,
        };
        shown.apply(place, op);
    }
    let patients = [patient(1), patient(2)];
    let unsent = unsent(&shown, &patients, ANN);
    let note = |patient, id| Unsent {
        patient,
        note: OpId::from_bytes([id; 16]),
    };
    assert_eq!(unsent, [note(0, 201), note(1, 202)]);
    assert!(view::unsent(&shown, &patients, BEN).is_empty(), "it is not his");
    // The record takes the first and refuses the second.
    ward.act_as(taken.id, ANN, taken.body);
    assert!(
        view::unsent(&ward.state, &patients, ANN).is_empty(),
        "what was sent is not named"
    );
    let offered = Offered {
        patients: patients.to_vec(),
        list: None,
        to: To::Person(BEN),
        tasks: vec![],
        roles: vec![],
        place: "".into(),
        note: "".into(),
        present: vec![],
        unsent,
    };
    let id = ward.hand(ANN, HandoverOp::Offered(Box::new(offered)));
    let missing: Vec<bool> = ward
        .document(id)
        .patients
        .iter()
        .map(|part| part.is_missing_notes)
        .collect();
    assert_eq!(missing, [false, true]);
    ward.accept(BEN, id, Which::All);
    assert_eq!(ward.who(2), Some(BEN));
}
