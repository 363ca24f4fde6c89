//! What happens in a run.

use baton_core::id::{OpId, PatientId};
use baton_core::op::Body;
use baton_core::op::handover::section::standard;
use baton_core::op::handover::{
    Accepted, Answered, Asked, CareEnded, Closed, HandoverOp, NoteSet, Offered, Priority, PrioritySet,
    ReadBack, Refused, ResponsibilityTaken, Satisfaction, SectionId, Side, TemplateSet, To, Which, Withdrawn,
};
use baton_core::op::list::{ListOp, PatientAdded, PatientRemoved};
use baton_core::op::member::{Left, MemberOp};
use baton_core::op::space::{PurposeSet, SpaceOp};
use baton_core::state::SpaceState;
use baton_core::state::handover::view;
use baton_core::text::Basis;

use super::duty::{Duty, ROLES, TASKS};
use super::world::{LIST, World, patient, user};

/// What happens; the first number is the device, `usize` chooses among the handovers that are shown.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Accept(u8, usize, Option<Vec<u8>>),
    /// The record adds somebody, who may have left.
    ComeBack(u8),
    EndCare(u8, Vec<u8>),
    Duty(u8, Duty),
    /// The device takes so many entries of the log.
    Fetch(u8, usize),
    Leave(u8),
    /// Puts a patient on the list, or takes them off.
    List(u8, u8, bool),
    /// To one of the people, or to a role; the bits say which tasks, which roles and which role.
    Offer(u8, Vec<u8>, Option<u8>, u8),
    Purpose(u8, String),
    Rate(u8, u8, Priority),
    Refuse(u8, usize, Option<Vec<u8>>),
    /// From what the device kept.
    Restart(u8),
    /// Asks, answers if there is a question, and reads back.
    Say(u8, usize, String),
    /// So many of what the device has done reach the record.
    Send(u8, usize),
    /// For either side.
    SignOff(u8, usize, Option<Satisfaction>),
    /// From whoever is shown as responsible.
    Take(u8, Vec<u8>),
    Template(u8, bool),
    Withdraw(u8, usize),
    Write(u8, u8, u8, String),
}

fn named(some: &[u8]) -> Vec<PatientId> {
    let mut patients: Vec<PatientId> = some.iter().map(|n| patient(*n)).collect();
    patients.sort();
    patients.dedup();
    patients
}

fn which(some: Option<&Vec<u8>>) -> Which {
    some.map_or(Which::All, |some| Which::Some(named(some)))
}

fn handover(shown: &SpaceState, n: usize) -> OpId {
    let all: Vec<OpId> = shown
        .handovers
        .iter()
        .map(baton_core::state::Handover::id)
        .collect();
    let any = all.get(n % all.len().max(1));
    any.copied().unwrap_or(OpId::from_bytes([0; 16]))
}

impl World {
    pub(super) fn step(&mut self, step: &Step) {
        match step {
            Step::ComeBack(n) => self.add(*n),
            Step::Fetch(n, count) => self.fetch(*n, *count),
            Step::Restart(n) => self.restart(*n),
            Step::Send(n, count) => self.send(*n, *count),
            Step::Leave(n) => {
                let left = Body::Member(MemberOp::Left(Left {}));
                self.act(*n, left);
            }
            Step::List(n, p, is_on) => {
                let (list, patient) = (LIST, patient(*p));
                let op = if *is_on {
                    ListOp::PatientAdded(PatientAdded { list, patient })
                } else {
                    ListOp::PatientRemoved(PatientRemoved { list, patient })
                };
                self.act(*n, Body::List(op));
            }
            Step::Purpose(n, text) => {
                let Basis { base, after } = self.shown(*n).team.purpose.basis();
                let text = text.as_str().into();
                let set = PurposeSet { text, base, after };
                self.act(*n, Body::Space(SpaceOp::PurposeSet(set)));
            }
            Step::Duty(n, duty) => {
                let body = self.duty(*n, *duty);
                self.act(*n, body);
            }
            Step::Say(n, h, text) => self.say(*n, *h, text),
            step => {
                if let Some((n, op)) = self.handover_op(step) {
                    self.act(n, Body::Handover(op));
                }
            }
        }
    }

    fn say(&mut self, n: u8, h: usize, text: &str) {
        let shown = self.shown(n);
        let id = handover(&shown, h);
        let Some(held) = shown.handovers.find(id) else {
            return;
        };
        let patient = held.parts[0].patient;
        let (handover, text) = (id, text);
        let asked = Asked {
            handover,
            patient: None,
            text: text.into(),
        };
        self.act(n, Body::Handover(HandoverOp::Asked(asked)));
        if let Some(question) = held.questions.first() {
            let (question, text) = (question.asked.stamp.op, text.into());
            let answered = HandoverOp::Answered(Answered { question, text });
            self.act(n, Body::Handover(answered));
        }
        let text = text.into();
        let read_back = HandoverOp::ReadBack(ReadBack {
            handover,
            patient,
            text,
        });
        self.act(n, Body::Handover(read_back));
    }

    fn handover_op(&self, step: &Step) -> Option<(u8, HandoverOp)> {
        Some(match step {
            Step::Accept(n, h, some) => {
                let (handover, patients) = (handover(&self.shown(*n), *h), which(some.as_ref()));
                (*n, HandoverOp::Accepted(Accepted { handover, patients }))
            }
            Step::EndCare(n, some) => {
                let patients = named(some);
                (*n, HandoverOp::CareEnded(CareEnded { patients }))
            }
            Step::Offer(n, some, to, along) => (*n, self.offer(*n, some, *to, *along)),
            Step::Rate(n, p, priority) => {
                let (patient, priority) = (patient(*p), *priority);
                (*n, HandoverOp::PrioritySet(PrioritySet { patient, priority }))
            }
            Step::Refuse(n, h, some) => {
                let refused = Refused {
                    handover: handover(&self.shown(*n), *h),
                    patients: which(some.as_ref()),
                    reason: "Not ours".into(),
                };
                (*n, HandoverOp::Refused(refused))
            }
            Step::SignOff(n, h, satisfaction) => {
                let shown = self.shown(*n);
                let handover = handover(&shown, *h);
                let is_theirs = shown.handovers.find(handover)?.from() == self.devices[usize::from(*n)].user;
                let closed = Closed {
                    handover,
                    side: if is_theirs { Side::Giving } else { Side::Receiving },
                    satisfaction: *satisfaction,
                    text: "".into(),
                    present: vec![],
                };
                (*n, HandoverOp::Closed(closed))
            }
            Step::Take(n, some) => {
                let patients = named(some);
                let shown = self.shown(*n);
                let from = shown.handovers.responsible(patients[0]).map(|known| known.user);
                (
                    *n,
                    HandoverOp::ResponsibilityTaken(ResponsibilityTaken { patients, from }),
                )
            }
            Step::Template(n, is_short) => {
                let Basis { base, after } = self.shown(*n).handovers.template.basis();
                let mut sections = standard();
                sections.truncate(if *is_short { 1 } else { sections.len() });
                let set = TemplateSet {
                    sections,
                    base,
                    after,
                };
                (*n, HandoverOp::TemplateSet(set))
            }
            Step::Withdraw(n, h) => {
                let handover = handover(&self.shown(*n), *h);
                (*n, HandoverOp::Withdrawn(Withdrawn { handover }))
            }
            Step::Write(n, p, section, text) => {
                let (patient, section) = (patient(*p), SECTIONS[usize::from(*section)]);
                let section = SectionId::new(section);
                let shown = self.shown(*n);
                let sheet = shown.handovers.sheet(patient);
                let basis = sheet.map(|sheet| sheet.basis(&section));
                let Basis { base, after } = basis.unwrap_or_default();
                let text = text.as_str().into();
                let set = NoteSet {
                    patient,
                    section,
                    text,
                    base,
                    after,
                };
                (*n, HandoverOp::NoteSet(set))
            }
            _ => return None,
        })
    }
}

impl World {
    fn offer(&self, n: u8, some: &[u8], to: Option<u8>, along: u8) -> HandoverOp {
        let role = To::Role(ROLES[usize::from(along >> 6) % 2]);
        let patients = named(some);
        let me = self.devices[usize::from(n)].user;
        let of = |ids: &[OpId], bits: u8| {
            let marked = ids.iter().zip(0_u8..).filter(|(_, n)| (bits >> n) & 1 == 1);
            marked.map(|(id, _)| *id).collect()
        };
        HandoverOp::Offered(Box::new(Offered {
            unsent: view::unsent(&self.shown(n), &patients, me),
            patients,
            list: Some(LIST),
            to: to.map_or(role, |to| To::Person(user(to))),
            tasks: of(&TASKS, along),
            roles: of(&ROLES, along >> 4),
            place: "Office".into(),
            note: "Quiet".into(),
            present: vec![],
        }))
    }
}

const SECTIONS: [&str; 2] = ["situation", "background"];
