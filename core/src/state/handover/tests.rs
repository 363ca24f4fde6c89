use super::document::Document;
use super::past::Past;
use super::*;
use crate::chain::{ChainHash, Head};
use crate::id::SpaceId;
use crate::op::handover::{Closed, Priority, Satisfaction, SectionId, Side, To};
use crate::op::list::{Created, ListOp, PatientAdded};
use crate::op::member::{Added, MemberOp};
use crate::op::patient::{PatientOp, Refreshed};
use crate::op::space::{self, SpaceKind, SpaceOp};
use crate::op::{Body, Op};
use crate::patient::{Gender, Patient};
use crate::person::Name;
use crate::secret::Personal;
use crate::state::SpaceState;
use crate::time::At;

mod along;
mod documents;
mod views;

const LIST: OpId = OpId::from_bytes([250; 16]);
const ANN: UserId = UserId::from_bytes([1; 16]);
const BEN: UserId = UserId::from_bytes([2; 16]);
const CAT: UserId = UserId::from_bytes([3; 16]);

fn patient(n: u8) -> PatientId {
    PatientId::from_bytes([n + 100; 16])
}

fn situation() -> SectionId {
    SectionId::new("situation")
}

/// A team of three, as its log leads to it.
struct Ward {
    state: SpaceState,
    log: Vec<(Head, At, Op)>,
}

impl Ward {
    fn new() -> Self {
        let mut ward = Self {
            state: SpaceState::new(SpaceId::from_bytes([9; 16])),
            log: vec![],
        };
        let created = space::Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        };
        ward.act(UserId::RECORD, Body::Space(SpaceOp::Created(created)));
        for user in [ANN, BEN, CAT] {
            let admin = user == ANN;
            ward.act(
                UserId::RECORD,
                Body::Member(MemberOp::Added(Added { user, admin })),
            );
        }
        ward
    }

    fn act(&mut self, by: UserId, body: Body) -> OpId {
        let seq = self.state.head.seq.next();
        let id = OpId::make(At::from_millis(seq.value()), [0; 10]);
        self.act_as(id, by, body)
    }

    fn act_as(&mut self, id: OpId, by: UserId, body: Body) -> OpId {
        let seq = self.state.head.seq.next();
        let at = At::from_millis(seq.value());
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([9; 32]),
        };
        let op = Op { id, by, at, body };
        self.state.fold(head, at, &op);
        self.log.push((head, at, op));
        id
    }

    fn hand(&mut self, by: UserId, op: HandoverOp) -> OpId {
        self.act(by, Body::Handover(op))
    }

    fn write(&mut self, by: UserId, n: u8, section: &SectionId, text: &str) -> OpId {
        let sheet = self.state.handovers.sheet(patient(n));
        let basis = sheet.map(|sheet| sheet.basis(section)).unwrap_or_default();
        let set = NoteSet {
            patient: patient(n),
            section: section.clone(),
            text: text.into(),
            base: basis.base,
            after: basis.after,
        };
        self.hand(by, HandoverOp::NoteSet(set))
    }

    fn rate(&mut self, by: UserId, n: u8, priority: Priority) -> OpId {
        let patient = patient(n);
        self.hand(by, HandoverOp::PrioritySet(PrioritySet { patient, priority }))
    }

    fn offer(&mut self, by: UserId, patients: &[u8], to: UserId) -> OpId {
        let offered = Offered {
            patients: patients.iter().map(|n| patient(*n)).collect(),
            list: None,
            to: To::Person(to),
            tasks: vec![],
            roles: vec![],
            place: "Office".into(),
            note: "Quiet night".into(),
            present: vec![CAT],
            unsent: vec![],
        };
        self.hand(by, HandoverOp::Offered(Box::new(offered)))
    }

    fn accept(&mut self, by: UserId, handover: OpId, patients: Which) {
        self.hand(by, HandoverOp::Accepted(Accepted { handover, patients }));
    }

    fn refuse(&mut self, by: UserId, handover: OpId, patients: Which) {
        let reason = "Not ours".into();
        let refused = Refused {
            handover,
            patients,
            reason,
        };
        self.hand(by, HandoverOp::Refused(refused));
    }

    fn take(&mut self, by: UserId, n: u8, from: Option<UserId>) {
        let patients = vec![patient(n)];
        self.hand(
            by,
            HandoverOp::ResponsibilityTaken(ResponsibilityTaken { patients, from }),
        );
    }

    fn close(&mut self, by: UserId, handover: OpId, side: Side) {
        let closed = Closed {
            handover,
            side,
            satisfaction: Some(Satisfaction::Satisfied),
            text: "".into(),
            present: vec![BEN, CAT],
        };
        self.hand(by, HandoverOp::Closed(closed));
    }

    fn list_with(&mut self, patients: &[u8]) {
        let created = Created {
            title: "Bay 2".into(),
            source: None,
        };
        self.act_as(LIST, ANN, Body::List(ListOp::Created(created)));
        for n in patients {
            let added = PatientAdded {
                list: LIST,
                patient: patient(*n),
            };
            self.act(ANN, Body::List(ListOp::PatientAdded(added)));
        }
    }

    fn held(&self) -> &Handovers {
        &self.state.handovers
    }

    fn who(&self, n: u8) -> Option<UserId> {
        self.held().responsible(patient(n)).map(|known| known.user)
    }

    fn handover(&self, id: OpId) -> &Handover {
        self.held().find(id).unwrap()
    }

    fn document(&self, id: OpId) -> Document {
        Document::of(&self.state, self.handover(id))
    }

    fn past(&self, id: OpId, keep: impl Fn(&Body) -> bool) -> Option<Handover> {
        let entries = self.log.iter().filter(|(.., op)| keep(&op.body));
        let entries = entries.map(|(head, at, op)| (*head, *at, op));
        let mut past = Past::new(SpaceState::new(self.state.space), id);
        for (head, at, op) in entries {
            if !past.fold(head, at, op) {
                break;
            }
        }
        past.handover()
    }
}

/// What the record tells of a patient.
fn told(id: PatientId, merged_into: Option<PatientId>) -> Body {
    let name = Name {
        family: "OKONKWO".into(),
        given: "Ada".into(),
        title: String::new(),
    };
    let patient = Patient {
        version: 1,
        name: Personal::new(name),
        gender: Gender::Female,
        merged_into,
        ..Patient::new(id)
    };
    let news = vec![];
    Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
        patient,
        news,
        reports: Vec::new(),
    })))
}

#[test]
fn a_patient_stays_with_who_offered_until_somebody_accepts() {
    let mut ward = Ward::new();
    assert_eq!(ward.who(1), None);
    let first = ward.offer(ANN, &[1, 2], BEN);
    assert_eq!(
        (ward.who(1), ward.who(2)),
        (Some(ANN), Some(ANN)),
        "an offer takes what nobody had"
    );
    ward.accept(CAT, first, Which::All);
    assert_eq!(ward.who(1), Some(ANN), "it was not offered to her");
    ward.refuse(BEN, first, Which::Some(vec![patient(2)]));
    ward.accept(BEN, first, Which::All);
    assert_eq!((ward.who(1), ward.who(2)), (Some(BEN), Some(ANN)));
    assert_eq!(ward.held().responsible(patient(1)).unwrap().from, Some(ANN));
    let second = ward.offer(ANN, &[2], CAT);
    ward.hand(ANN, HandoverOp::Withdrawn(Withdrawn { handover: second }));
    ward.accept(CAT, second, Which::All);
    assert_eq!(ward.who(2), Some(ANN), "what was withdrawn is not accepted");
    let part = ward.handover(second).part(patient(2)).unwrap();
    assert!(matches!(part.decision, Some(Decision::Withdrawn(_))));
}

#[test]
fn who_takes_over_ends_the_waiting_and_one_who_comes_too_late_gets_nothing() {
    let mut ward = Ward::new();
    let offered = ward.offer(ANN, &[1, 2], BEN);
    ward.take(CAT, 1, Some(ANN));
    ward.take(BEN, 1, Some(ANN));
    assert_eq!(ward.who(1), Some(CAT));
    let part = ward.handover(offered).part(patient(1)).unwrap();
    assert!(matches!(part.decision, Some(Decision::Overtaken(_))));
    ward.accept(BEN, offered, Which::All);
    assert_eq!(
        (ward.who(1), ward.who(2)),
        (Some(CAT), Some(BEN)),
        "only who still waited"
    );
    ward.offer(ANN, &[1], BEN);
    assert!(ward.held().waiting(patient(1)).is_none(), "not hers to offer");
}

#[test]
fn of_two_offers_of_one_patient_the_first_in_the_log_stands() {
    let mut ward = Ward::new();
    let first = ward.offer(ANN, &[1], BEN);
    let second = ward.offer(ANN, &[1, 2], CAT);
    let offered: Vec<PatientId> = ward
        .handover(second)
        .parts
        .iter()
        .map(|part| part.patient)
        .collect();
    assert_eq!(offered, [patient(2)]);
    assert_eq!(ward.held().waiting(patient(1)).map(Handover::id), Some(first));
}

#[test]
fn sheets_of_patients_who_are_nobodys_and_on_no_list_are_let_go_and_no_others() {
    let mut ward = Ward::new();
    ward.list_with(&[1]);
    ward.take(ANN, 2, None);
    ward.write(ANN, 1, &situation(), "on a list");
    ward.write(ANN, 2, &situation(), "somebody's");
    for n in 0..OTHERS + 5 {
        let id = PatientId::make(At::from_millis(u64::try_from(n).unwrap()), [7; 10]);
        let set = NoteSet {
            patient: id,
            section: situation(),
            text: "seen once".into(),
            base: Seq::ZERO,
            after: vec![],
        };
        ward.hand(ANN, HandoverOp::NoteSet(set));
    }
    assert_eq!(ward.held().sheets().count(), OTHERS + 2);
    for n in [1, 2] {
        assert!(!ward.held().sheet(patient(n)).unwrap().is_blank(&situation()));
    }
}

#[test]
fn a_patient_for_whom_somebody_is_responsible_is_held_with_their_banner() {
    let mut ward = Ward::new();
    ward.take(ANN, 1, None);
    ward.act(UserId::RECORD, told(patient(1), None));
    for n in 0..=crate::state::patients::OTHERS {
        let id = PatientId::make(At::from_millis(u64::try_from(n).unwrap()), [7; 10]);
        ward.act(UserId::RECORD, told(id, None));
    }
    assert!(ward.state.patients.find(patient(1)).is_some());
    assert_eq!(ward.state.patients.len(), crate::state::patients::OTHERS + 1);
}

#[test]
fn the_same_operation_twice_is_one() {
    let mut ward = Ward::new();
    let offered = ward.offer(ANN, &[1], BEN);
    ward.close(ANN, offered, Side::Giving);
    let before = ward.state.handovers.clone();
    let again: Vec<(Head, At, Op)> = ward.log.clone();
    for (head, _, op) in &again {
        let mark = Mark {
            seq: head.seq,
            stamp: crate::state::Stamp {
                op: op.id,
                by: op.by,
                at: op.at,
                recorded: Some(op.at),
            },
        };
        if let Body::Handover(op) = &op.body {
            let duties = Duties {
                roles: &mut ward.state.roles,
                tasks: &mut ward.state.tasks,
            };
            assert_eq!(ward.state.handovers.apply(mark, op, duties), []);
        }
    }
    assert_eq!(ward.state.handovers, before);
}
