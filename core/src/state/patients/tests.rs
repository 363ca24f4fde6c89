use super::*;
use crate::chain::{ChainHash, Head};
use crate::id::{OpId, SpaceId, UserId};
use crate::op::list::{Created, ListOp, PatientAdded};
use crate::op::message::{MessageOp, Posted, Priority};
use crate::op::patient::{News, PatientOp, Refreshed};
use crate::op::{Body, Op};
use crate::patient::{Gender, Place, Report, ReportFlag, ReportStatus};
use crate::person::Name;
use crate::secret::Personal;
use crate::state::{Item, SpaceState, What};
use crate::time::At;

fn id(n: u16) -> PatientId {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&n.to_be_bytes());
    PatientId::from_bytes(bytes)
}

fn patient(n: u16, version: u64) -> Patient {
    Patient {
        version,
        name: Personal::new(Name {
            family: "OKONKWO".into(),
            given: format!("Ada {version}"),
            title: String::new(),
        }),
        gender: Gender::Female,
        ..Patient::new(id(n))
    }
}

fn merged(n: u16, version: u64, into: u16) -> Patient {
    Patient {
        merged_into: Some(id(into)),
        ..patient(n, version)
    }
}

struct Log(SpaceState);

impl Log {
    fn new() -> Self {
        Self(SpaceState::new(SpaceId::from_bytes([9; 16])))
    }

    fn add(&mut self, body: Body) -> (OpId, Vec<Change>) {
        let seq = self.0.head.seq.next();
        let at = At::from_millis(seq.value());
        let op = Op {
            id: OpId::make(at, [0; 10]),
            by: UserId::RECORD,
            at,
            body,
        };
        let head = Head {
            seq,
            chain: ChainHash::default(),
        };
        (op.id, self.0.fold(head, at, &op))
    }

    fn tell(&mut self, patient: Patient, news: Vec<News>) -> Vec<Change> {
        let refreshed = Refreshed {
            patient,
            news,
            reports: Vec::new(),
        };
        self.add(Body::Patient(PatientOp::Refreshed(Box::new(refreshed))))
            .1
    }

    fn report(&mut self, patient: Patient, reports: Vec<Report>) -> Vec<Change> {
        let refreshed = Refreshed {
            patient,
            news: Vec::new(),
            reports,
        };
        self.add(Body::Patient(PatientOp::Refreshed(Box::new(refreshed))))
            .1
    }

    fn write_about(&mut self, n: u16) {
        self.add(Body::Message(MessageOp::Posted(Posted {
            text: "seen on the round".into(),
            priority: Priority::Routine,
            reply_to: None,
            mentions: vec![],
            roles: vec![],
            about: Some(id(n)),
            photos: vec![],
        })));
    }

    fn version(&self, n: u16) -> Option<u64> {
        self.0.patients.find(id(n)).map(|held| held.patient.version)
    }
}

#[test]
fn the_highest_version_is_held_whatever_comes_when() {
    let mut log = Log::new();
    assert_eq!(log.tell(patient(1, 3), vec![]), [Change::Patient(id(1))]);
    assert_eq!(log.tell(patient(1, 2), vec![]), []);
    assert_eq!(log.tell(patient(1, 3), vec![]), []);
    assert_eq!(log.version(1), Some(3));
    assert_eq!(log.tell(patient(1, 4), vec![]), [Change::Patient(id(1))]);
    assert_eq!(log.version(1), Some(4));
    assert_eq!(log.0.patients.find(id(1)).unwrap().told, log.0.head.seq);
}

#[test]
fn news_of_a_patient_are_one_item_of_the_timeline_and_nothing_new_is_none() {
    let mut log = Log::new();
    log.tell(patient(1, 1), vec![]);
    assert!(log.0.timeline.is_empty());
    let place = Place {
        ward: "7".into(),
        ..Place::default()
    };
    let news = vec![News::Admitted(place), News::IdentityChanged];
    let changes = log.tell(patient(1, 2), news.clone());
    assert_eq!(changes, [Change::Added(log.0.head.seq), Change::Patient(id(1))]);
    let Some(Item::Event(event)) = log.0.timeline.items().next() else {
        panic!("no event")
    };
    assert_eq!(event.what, What::Patient { patient: id(1), news });
}

#[test]
fn reports_of_results_are_held_with_their_patient_the_newest_of_them_and_crowd_out_no_message() {
    let report = |number: u64| Report {
        name: Personal::new(format!("Report {number}")),
        at: At::from_millis(number),
        status: ReportStatus::Final,
        flag: ReportFlag::None,
        told: Seq::ZERO,
    };
    let told = |seq: Seq, number: u64| Report {
        told: seq,
        ..report(number)
    };
    let mut log = Log::new();
    log.report(patient(1, 1), vec![report(1)]);
    assert_eq!(
        log.report(patient(1, 2), vec![report(2), report(3)]),
        [Change::Patient(id(1))]
    );
    let held = |log: &Log| log.0.patients.find(id(1)).unwrap().reports.clone();
    let head = log.0.head.seq;
    assert_eq!(held(&log), [told(Seq::new(1), 1), told(head, 2), told(head, 3)]);
    // The same again is told once.
    log.report(patient(1, 2), vec![report(2), report(3)]);
    assert_eq!(held(&log).len(), 3);
    for number in 4..40 {
        log.report(patient(1, number), vec![report(number)]);
    }
    let names: Vec<At> = held(&log).iter().map(|report| report.at).collect();
    let newest: Vec<At> = (40 - 12..40).map(At::from_millis).collect();
    assert_eq!(names, newest);
    assert!(log.0.timeline.is_empty());
}

#[test]
fn a_report_that_is_flagged_critical_stays_while_others_go_and_critical_ones_crowd_out_no_other() {
    let report = |number: u64, flag| Report {
        name: Personal::new(format!("Report {number}")),
        at: At::from_millis(number),
        status: ReportStatus::Final,
        flag,
        told: Seq::ZERO,
    };
    let mut log = Log::new();
    let mut version = 0;
    let mut tell = |log: &mut Log, flag| {
        version += 1;
        log.report(patient(1, version), vec![report(version, flag)]);
    };
    let held = |log: &Log| -> Vec<u64> {
        let held = log.0.patients.find(id(1)).unwrap();
        held.reports.iter().map(|report| report.at.millis()).collect()
    };
    for _ in 0..6 {
        tell(&mut log, ReportFlag::Critical);
    }
    for _ in 0..20 {
        tell(&mut log, ReportFlag::Abnormal);
    }
    let newest = (19..=26).collect::<Vec<u64>>();
    assert_eq!(held(&log), [&[3, 4, 5, 6][..], &newest].concat());
    tell(&mut log, ReportFlag::Critical);
    assert_eq!(held(&log), [&[4, 5, 6][..], &newest, &[27]].concat());
}

#[test]
fn a_message_says_about_whom_it_is() {
    let mut log = Log::new();
    log.write_about(5);
    let message = log.0.timeline.messages().next().unwrap();
    assert_eq!(message.about, Some(id(5)));
}

#[test]
fn who_was_merged_is_found_under_the_one_who_stands_for_them() {
    let mut log = Log::new();
    let stands_for = |log: &Log, n| log.0.patients.resolve(id(n));
    log.tell(merged(1, 1, 2), vec![News::MergedInto(id(2))]);
    assert_eq!(stands_for(&log, 1), id(1), "until the other is known");
    log.tell(merged(2, 1, 3), vec![]);
    log.tell(patient(3, 1), vec![News::TookIn(id(2))]);
    assert_eq!(stands_for(&log, 1), id(3));
    assert_eq!(stands_for(&log, 3), id(3));
    assert_eq!(stands_for(&log, 9), id(9), "nothing is known of them");
    log.tell(patient(1, 2), vec![News::Unmerged(id(2))]);
    assert_eq!(stands_for(&log, 1), id(1));
}

#[test]
fn merges_that_go_round_in_a_circle_end() {
    let mut log = Log::new();
    log.tell(merged(1, 1, 2), vec![]);
    log.tell(merged(2, 1, 3), vec![]);
    log.tell(merged(3, 1, 2), vec![]);
    log.tell(merged(4, 1, 4), vec![]);
    assert_eq!(log.0.patients.resolve(id(1)), id(1));
    assert_eq!(log.0.patients.resolve(id(4)), id(4));
}

#[test]
fn a_space_holds_those_on_its_lists_and_of_the_others_whom_something_was_said_of_last() {
    let mut log = Log::new();
    let (list, _) = log.add(Body::List(ListOp::Created(Created {
        title: "Ward 7".into(),
        source: None,
    })));
    let others = u16::try_from(OTHERS).unwrap();
    log.add(Body::List(ListOp::PatientAdded(PatientAdded {
        list,
        patient: id(0),
    })));
    log.tell(merged(0, 1, 1), vec![]);
    log.tell(patient(1, 1), vec![]);
    for n in 2..others + 2 {
        log.tell(patient(n, 1), vec![]);
    }
    assert_eq!(log.0.patients.len(), OTHERS + 2, "as many as are held");
    log.write_about(2);
    log.tell(patient(others + 2, 1), vec![]);
    assert_eq!(log.version(0), Some(1), "on the list");
    assert_eq!(log.version(1), Some(1), "stands for one on the list");
    assert_eq!(log.version(2), Some(1), "written about a moment ago");
    assert_eq!(log.version(3), None, "nothing was said of them for longest");
    assert_eq!(log.0.patients.len(), OTHERS + 2);
    let bytes = crate::cbor::to_bytes(&log.0);
    let read: SpaceState = crate::cbor::from_bytes(&bytes).unwrap();
    assert_eq!(read, log.0);
}
