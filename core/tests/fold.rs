//! Properties of the fold: whatever members do in whatever order, nothing written is lost, devices agree however much
//! history they hold, and the rules keep their promises.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking; a match names what it is about"
)]

use std::collections::BTreeSet;

use baton_core::cbor;
use baton_core::chain::{ChainHash, Head, Seq};
use baton_core::id::{OpId, PatientId, SpaceId, UserId};
use baton_core::op::handover::{
    Accepted, HandoverOp, NoteSet, Offered, ResponsibilityTaken, SectionId, To, Which,
};
use baton_core::op::list::{self, Field, FieldSet, ListOp, Moved, PatientAdded, PatientRemoved};
use baton_core::op::member::{Added, Left, MadeAdmin, MemberOp, Removed};
use baton_core::op::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use baton_core::op::patient::{News, PatientOp, Refreshed};
use baton_core::op::space::{AnnouncementsOnly, Created, NotePinned, Renamed, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::patient::{Gender, Patient, Report, ReportFlag, ReportStatus};
use baton_core::person::Name;
use baton_core::rule::{Author, may};
use baton_core::secret::Personal;
use baton_core::state::{SNAPSHOT_ITEMS, SpaceState};
use baton_core::time::At;
use proptest::prelude::*;

/// What somebody tries; numbers choose people, messages and bases among those there are.
#[derive(Clone, Debug)]
enum Try {
    Accept(usize),
    Acknowledge(usize),
    Add(u8),
    AddPatient(usize, u8),
    Correct(usize, String),
    MakeAdmin(u8),
    MakeList(String),
    Leave,
    Move(usize, u8, u8),
    Note(u8, String, u64),
    Offer(u8, u8),
    Only(bool),
    Pin(String),
    Post(String, bool),
    /// By the record.
    Refresh(u8, u64),
    Remove(u8),
    RemovePatient(usize, u8),
    Rename(String, u64),
    Take(u8, u8),
    Withdraw(usize),
    Write(usize, u8, String, u64),
}

fn tries() -> impl Strategy<Value = Try> {
    prop_oneof![
        4 => ("[a-z]{1,12}", any::<bool>()).prop_map(|(text, urgent)| Try::Post(text, urgent)),
        2 => (0..20_usize, "[a-z]{1,12}").prop_map(|(message, text)| Try::Correct(message, text)),
        2 => (0..20_usize).prop_map(Try::Acknowledge),
        1 => (0..20_usize).prop_map(Try::Withdraw),
        1 => (1..6_u8).prop_map(Try::Add),
        1 => (1..6_u8).prop_map(Try::Remove),
        1 => (1..6_u8).prop_map(Try::MakeAdmin),
        1 => ("[a-z]{1,12}", 0..40_u64).prop_map(|(title, base)| Try::Rename(title, base)),
        1 => "[a-z]{1,12}".prop_map(Try::MakeList),
        3 => (0..4_usize, 0..6_u8).prop_map(|(list, patient)| Try::AddPatient(list, patient)),
        1 => (0..4_usize, 0..6_u8).prop_map(|(list, patient)| Try::RemovePatient(list, patient)),
        1 => (0..4_usize, 0..6_u8, 0..6_u8).prop_map(|(list, patient, after)| Try::Move(list, patient, after)),
        2 => (0..4_usize, 0..6_u8, "[a-z]{1,12}", 0..40_u64)
            .prop_map(|(list, patient, text, base)| Try::Write(list, patient, text, base)),
        2 => (0..6_u8, "[a-z]{1,12}", 0..40_u64).prop_map(|(patient, text, base)| Try::Note(patient, text, base)),
        2 => (0..6_u8, 1..6_u8).prop_map(|(patient, to)| Try::Offer(patient, to)),
        2 => (0..4_usize).prop_map(Try::Accept),
        1 => (0..6_u8, 1..6_u8).prop_map(|(patient, from)| Try::Take(patient, from)),
        1 => any::<bool>().prop_map(Try::Only),
        1 => "[a-z]{1,12}".prop_map(Try::Pin),
        1 => Just(Try::Leave),
        1 => (0..6_u8, 0..6_u64).prop_map(|(patient, version)| Try::Refresh(patient, version)),
    ]
}

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn id(n: u8) -> PatientId {
    PatientId::from_bytes([n + 100; 16])
}

/// Of every third version there is a report.
fn reports(version: u64) -> Vec<Report> {
    let report = Report {
        name: Personal::new(format!("Report {version}")),
        at: At::from_millis(version),
        status: ReportStatus::Final,
        flag: ReportFlag::None,
        told: Seq::ZERO,
    };
    version.is_multiple_of(3).then_some(report).into_iter().collect()
}

fn patient(n: u8, version: u64) -> Patient {
    Patient {
        version,
        name: Personal::new(Name {
            family: "OKONKWO".into(),
            given: "Ada".into(),
            title: String::new(),
        }),
        gender: Gender::Female,
        ..Patient::new(id(n))
    }
}

/// A log as the record would keep it: only what the rules allow.
struct Log {
    state: SpaceState,
    ops: Vec<(Head, Op)>,
    written: Vec<String>,
    posted: Vec<OpId>,
    lists: Vec<OpId>,
    offers: Vec<OpId>,
}

impl Log {
    fn of(kind: SpaceKind, tried: &[(u8, Try)]) -> Self {
        let state = SpaceState::new(SpaceId::from_bytes([9; 16]));
        let mut log = Self {
            state,
            ops: vec![],
            written: vec![],
            posted: vec![],
            lists: vec![],
            offers: vec![],
        };
        let created = SpaceOp::Created(Created {
            kind,
            title: "start".into(),
            about: None,
        });
        log.append(Author::Record, Body::Space(created));
        for n in [1, 2] {
            let added = MemberOp::Added(Added {
                user: user(n),
                admin: n == 1,
            });
            log.append(Author::Record, Body::Member(added));
        }
        for (by, tried) in tried {
            let body = log.body(tried);
            let author = match tried {
                Try::Refresh(..) => Author::Record,
                _ => Author::Person(user(*by)),
            };
            log.append(author, body);
        }
        log
    }

    fn body(&self, tried: &Try) -> Body {
        let message = |n: &usize| {
            self.posted
                .get(*n % self.posted.len().max(1))
                .copied()
                .unwrap_or(OpId::from_bytes([0; 16]))
        };
        let list = |n: &usize| {
            let any = self.lists.get(*n % self.lists.len().max(1));
            any.copied().unwrap_or(OpId::from_bytes([0; 16]))
        };
        match tried {
            Try::AddPatient(n, patient) => Body::List(ListOp::PatientAdded(PatientAdded {
                list: list(n),
                patient: id(*patient),
            })),
            Try::Accept(_)
            | Try::Leave
            | Try::Note(..)
            | Try::Offer(..)
            | Try::Only(_)
            | Try::Pin(_)
            | Try::Take(..) => self.team_body(tried),
            Try::MakeList(title) => Body::List(ListOp::Created(list::Created {
                title: title.as_str().into(),
                source: None,
            })),
            Try::Move(n, patient, after) => Body::List(ListOp::Moved(Moved {
                list: list(n),
                patient: id(*patient),
                after: Some(id(*after)),
            })),
            Try::Refresh(n, version) => Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
                patient: patient(*n, *version),
                news: if version % 2 == 0 {
                    vec![News::Died]
                } else {
                    vec![]
                },
                reports: reports(*version),
            }))),
            Try::RemovePatient(n, patient) => Body::List(ListOp::PatientRemoved(PatientRemoved {
                list: list(n),
                patient: id(*patient),
            })),
            Try::Write(n, patient, text, base) => Body::List(ListOp::FieldSet(FieldSet {
                list: list(n),
                patient: id(*patient),
                field: Field::Jobs,
                text: text.as_str().into(),
                base: Seq::new(*base),
                after: vec![],
            })),
            Try::Acknowledge(n) => {
                Body::Message(MessageOp::Acknowledged(Acknowledged { message: message(n) }))
            }
            Try::Add(n) => Body::Member(MemberOp::Added(Added {
                user: user(*n),
                admin: false,
            })),
            Try::Correct(n, text) => {
                let text = text.as_str().into();
                Body::Message(MessageOp::Corrected(Corrected {
                    message: message(n),
                    text,
                }))
            }
            Try::MakeAdmin(n) => Body::Member(MemberOp::MadeAdmin(MadeAdmin { user: user(*n) })),
            Try::Post(text, urgent) => Body::Message(MessageOp::Posted(Posted {
                text: text.as_str().into(),
                priority: if *urgent {
                    Priority::Urgent
                } else {
                    Priority::Routine
                },
                reply_to: None,
                mentions: vec![],
                roles: vec![],
                about: None,
                photos: vec![],
            })),
            Try::Remove(n) => Body::Member(MemberOp::Removed(Removed { user: user(*n) })),
            Try::Rename(title, base) => Body::Space(SpaceOp::Renamed(Renamed {
                title: title.as_str().into(),
                base: Seq::new(*base),
                after: vec![],
            })),
            Try::Withdraw(n) => Body::Message(MessageOp::Withdrawn(Withdrawn { message: message(n) })),
        }
    }

    /// What is done in teams only.
    fn team_body(&self, tried: &Try) -> Body {
        Body::Handover(match tried {
            Try::Accept(n) => {
                let offer = self.offers.get(*n % self.offers.len().max(1));
                let handover = offer.copied().unwrap_or(OpId::from_bytes([0; 16]));
                let patients = Which::All;
                HandoverOp::Accepted(Accepted { handover, patients })
            }
            Try::Note(patient, text, base) => HandoverOp::NoteSet(NoteSet {
                patient: id(*patient),
                section: SectionId::new("situation"),
                text: text.as_str().into(),
                base: Seq::new(*base),
                after: vec![],
            }),
            Try::Offer(patient, to) => HandoverOp::Offered(Box::new(Offered {
                patients: vec![id(*patient)],
                list: None,
                to: To::Person(user(*to)),
                tasks: vec![],
                roles: vec![],
                place: "".into(),
                note: "".into(),
                present: vec![],
                unsent: vec![],
            })),
            Try::Only(on) => return Body::Space(SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on: *on })),
            Try::Pin(text) => {
                let text = text.as_str().into();
                return Body::Space(SpaceOp::NotePinned(NotePinned { text }));
            }
            Try::Take(patient, from) => {
                let patients = vec![id(*patient)];
                let from = self
                    .state
                    .handovers
                    .responsible(id(*patient))
                    .map(|_| user(*from));
                HandoverOp::ResponsibilityTaken(ResponsibilityTaken { patients, from })
            }
            _ => return Body::Member(MemberOp::Left(Left {})),
        })
    }

    fn append(&mut self, author: Author, body: Body) {
        let seq = self.state.head.seq.next();
        let at = At::from_millis(seq.value() * 1000);
        let by = match author {
            Author::Person(user) => user,
            Author::Record => UserId::RECORD,
        };
        let op = Op {
            id: OpId::make(at, [1; 10]),
            by,
            at,
            body,
        };
        if may(author, &op, &self.state).is_err() {
            return;
        }
        match &op.body {
            Body::Message(MessageOp::Posted(posted)) => {
                self.posted.push(op.id);
                self.written.push(posted.text.as_str().to_owned());
            }
            Body::Message(MessageOp::Corrected(corrected)) => {
                self.written.push(corrected.text.as_str().to_owned());
            }
            Body::List(ListOp::Created(created)) => {
                self.lists.push(op.id);
                self.written.push(created.title.as_str().to_owned());
            }
            Body::Handover(HandoverOp::Offered(_)) => self.offers.push(op.id),
            Body::Space(SpaceOp::Renamed(renamed)) => self.written.push(renamed.title.as_str().to_owned()),
            Body::Handover(_)
            | Body::List(_)
            | Body::Message(_)
            | Body::Member(_)
            | Body::Patient(_)
            | Body::Role(_)
            | Body::Space(_)
            | Body::Task(_)
            | Body::Unknown { .. } => {}
        }
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([u8::try_from(seq.value() % 251).unwrap(); 32]),
        };
        self.state.fold(head, at, &op);
        self.ops.push((head, op));
    }
}

fn kinds() -> impl Strategy<Value = SpaceKind> {
    prop_oneof![
        Just(SpaceKind::Direct),
        Just(SpaceKind::Group),
        Just(SpaceKind::Own),
        Just(SpaceKind::Patient),
        Just(SpaceKind::Team)
    ]
}

proptest! {
    #[test]
    fn every_text_ever_written_is_in_the_state_or_its_history(
        kind in kinds(),
        tried in proptest::collection::vec((1..6_u8, tries()), 0..60),
    ) {
        let log = Log::of(kind, &tried);
        let mut held: Vec<String> = log.state.title.versions().map(|version| version.text.as_str().to_owned()).collect();
        for message in log.state.timeline.messages() {
            held.push(message.posted.as_str().to_owned());
            held.extend(message.corrections.iter().map(|correction| correction.text.as_str().to_owned()));
        }
        let titles = log.state.lists.iter().flat_map(|(_, list)| list.title.versions());
        held.extend(titles.map(|version| version.text.as_str().to_owned()));
        let held: BTreeSet<_> = held.into_iter().collect();
        for text in &log.written {
            prop_assert!(held.contains(text), "lost a text of {} bytes", text.len());
        }
    }

    #[test]
    fn devices_agree_however_much_history_they_hold(
        kind in kinds(),
        tried in proptest::collection::vec((1..6_u8, tries()), 0..150),
        split in 0..150_usize,
    ) {
        let log = Log::of(kind, &tried);
        let split = split.min(log.ops.len());
        let (early, late) = log.ops.split_at(split);
        let mut device = SpaceState::new(log.state.space);
        for (head, op) in early {
            device.fold(*head, op.at, op);
        }
        device.trim(SNAPSHOT_ITEMS);
        let mut device: SpaceState = cbor::from_bytes(&cbor::to_bytes(&device)).unwrap();
        for (head, op) in late {
            device.fold(*head, op.at, op);
        }
        prop_assert_eq!(device.hash(), log.state.hash());
        for (head, op) in &log.ops {
            device.fold_older(head.seq, op.at, op);
        }
        prop_assert_eq!(&device, &log.state);
    }

    #[test]
    fn a_space_with_members_always_has_somebody_to_look_after_it(
        tried in proptest::collection::vec((1..6_u8, tries()), 0..80),
    ) {
        let log = Log::of(SpaceKind::Team, &tried);
        let members = &log.state.members;
        prop_assert!(members.is_empty() || members.iter().any(|(_, member)| member.admin));
    }
}
