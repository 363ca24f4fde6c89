use baton_core::chain::{ChainHash, Head};
use baton_core::id::SpaceId;
use baton_core::op::handover::section::RESUSCITATION;
use baton_core::op::handover::{HandoverOp, NoteSet, SectionId};
use baton_core::op::list::{Created, FieldSet, ListOp, PatientAdded, PatientLeft, PatientRemoved};
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::secret::Personal;
use baton_core::state::{Place, SpaceState};
use baton_core::text::Basis;
use baton_core::time::At;
use leptos::prelude::Owner;

use super::*;
use crate::store::lists::head;
use crate::store::patients::Patients;
use crate::store::people::People;

const ME: UserId = UserId::from_bytes([1; 16]);
const OTHER: UserId = UserId::from_bytes([2; 16]);
const SPACE: SpaceId = SpaceId::from_bytes([3; 16]);
const ANN: PatientId = PatientId::from_bytes([4; 16]);
const BEN: PatientId = PatientId::from_bytes([5; 16]);

/// A list as its log makes it.
struct Log {
    state: SpaceState,
    list: OpId,
    _owner: Owner,
    viewer: Viewer,
}

impl Log {
    /// A list of two, made by somebody else.
    fn new() -> Self {
        let owner = Owner::new();
        owner.set();
        let viewer = Viewer {
            me: ME,
            ods: "RX1".to_owned(),
            people: Box::leak(Box::new(People::new())),
            patients: Box::leak(Box::new(Patients::new())),
            now: At::from_millis(60_000_000),
            zone: |_| 0,
        };
        let mut log = Self {
            state: SpaceState::new(SPACE),
            list: OpId::from_bytes([0; 16]),
            _owner: owner,
            viewer,
        };
        let created = space::Created {
            kind: SpaceKind::Team,
            title: Personal::from("Ward 7"),
            about: None,
        };
        log.recorded(OTHER, Body::Space(SpaceOp::Created(created)));
        let created = Created {
            title: Personal::from("Board"),
            source: None,
        };
        log.list = log.recorded(OTHER, Body::List(ListOp::Created(created)));
        for patient in [ANN, BEN] {
            log.add(OTHER, patient);
        }
        log
    }

    fn recorded(&mut self, by: UserId, body: Body) -> OpId {
        let seq = self.state.head.seq.next();
        let op = op(by, seq, body);
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([0; 32]),
        };
        self.state.fold(head, At::from_millis(seq.value() * 1000), &op);
        op.id
    }

    /// Only on this device.
    fn waiting(&mut self, body: Body) -> OpId {
        let seq = self.state.head.seq.next();
        let op = op(ME, seq, body);
        self.state.apply(Place { seq, recorded: None }, &op);
        op.id
    }

    fn add(&mut self, by: UserId, patient: PatientId) {
        let list = self.list;
        self.recorded(
            by,
            Body::List(ListOp::PatientAdded(PatientAdded { list, patient })),
        );
    }

    fn text(&self, patient: PatientId, text: &str, basis: Basis) -> Body {
        Body::List(ListOp::FieldSet(FieldSet {
            list: self.list,
            patient,
            field: Field::Jobs,
            text: Personal::from(text),
            base: basis.base,
            after: basis.after,
        }))
    }

    fn basis(&self, patient: PatientId) -> Basis {
        self.list().row(patient).unwrap().basis(Field::Jobs)
    }

    fn list(&self) -> &List {
        self.state.lists.find(self.list).unwrap()
    }

    fn row(&self, patient: PatientId, seen: Option<&Seen>, mine: &[OpId]) -> SheetRow {
        let describe = Describe {
            viewer: &self.viewer,
            state: &self.state,
            columns: &columns(self.list()),
            seen,
            mine: &mine.iter().copied().collect(),
            likeness: &SortedMap::new(),
            names_facility: false,
        };
        describe.row(self.list().row(patient).unwrap(), patient, None)
    }

    /// Those were on the screen now.
    fn saw(&self, patients: &[PatientId]) -> Seen {
        let seq = self.state.head.seq;
        let row = |patient: &PatientId| {
            (
                *patient,
                SeenRow {
                    seq,
                    place: String::new(),
                },
            )
        };
        Seen {
            seq,
            at: At::from_millis(1),
            rows: patients.iter().map(row).collect(),
        }
    }
}

fn op(by: UserId, seq: Seq, body: Body) -> Op {
    let at = At::from_millis(seq.value() * 1000);
    let who = by.as_bytes()[0];
    Op {
        id: OpId::make(at, [who; 10]),
        by,
        at,
        body,
    }
}

fn texts(row: &SheetRow) -> Vec<&str> {
    let jobs = row.cell(Field::Jobs).unwrap();
    jobs.versions
        .iter()
        .map(|version| version.text.as_str())
        .collect()
}

#[test]
fn what_others_wrote_since_the_reader_looked_is_marked_and_what_they_wrote_themselves_is_not() {
    let mut log = Log::new();
    let seen = log.saw(&[ANN, BEN]);
    for (by, patient) in [(OTHER, ANN), (ME, BEN)] {
        let body = log.text(patient, "Chase bloods", log.basis(patient));
        log.recorded(by, body);
    }
    assert!(log.row(ANN, Some(&seen), &[]).is_changed());
    assert!(!log.row(BEN, Some(&seen), &[]).is_changed());
    let seen = log.saw(&[ANN, BEN]);
    assert!(!log.row(ANN, Some(&seen), &[]).is_changed());
    assert!(
        !log.row(ANN, None, &[]).is_changed(),
        "nothing is news to whoever looks for the first time"
    );
}

#[test]
fn a_row_that_was_not_on_the_screen_stays_marked() {
    let mut log = Log::new();
    let before = log.saw(&[ANN, BEN]);
    for patient in [ANN, BEN] {
        let body = log.text(patient, "Chase bloods", log.basis(patient));
        log.recorded(OTHER, body);
    }
    let mut seen = log.saw(&[ANN]);
    seen.rows.insert(BEN, before.rows.get(&BEN).cloned().unwrap());
    assert!(!log.row(ANN, Some(&seen), &[]).is_changed());
    assert!(log.row(BEN, Some(&seen), &[]).is_changed());
    seen.rows.remove(&BEN);
    assert_eq!(
        log.row(BEN, Some(&seen), &[]).news,
        Some("New"),
        "a row that never was on the screen is new"
    );
}

#[test]
fn who_left_is_marked_as_left_and_who_was_taken_off_is_named() {
    let mut log = Log::new();
    let seen = log.saw(&[ANN, BEN]);
    let list = log.list;
    log.recorded(
        UserId::RECORD,
        Body::List(ListOp::PatientLeft(PatientLeft { list, patient: ANN })),
    );
    let row = log.row(ANN, Some(&seen), &[]);
    assert_eq!(
        (row.left.as_deref(), row.news),
        (Some("Left at 00:00"), Some("Left"))
    );
    assert!(row.facts.has_left);
    log.recorded(
        OTHER,
        Body::List(ListOp::PatientRemoved(PatientRemoved { list, patient: BEN })),
    );
    assert_eq!(head::taken_off(log.list(), Some(&seen), &log.viewer).len(), 1);
    let seen = log.saw(&[ANN]);
    assert_eq!(head::taken_off(log.list(), Some(&seen), &log.viewer).len(), 0);
}

#[test]
fn both_of_two_versions_are_shown_with_who_wrote_them_until_somebody_settles_it() {
    let mut log = Log::new();
    let basis = log.basis(ANN);
    for (by, text) in [(OTHER, "stable"), (ME, "worse")] {
        let body = log.text(ANN, text, basis.clone());
        log.recorded(by, body);
    }
    let row = log.row(ANN, None, &[]);
    assert_eq!(texts(&row), ["stable", "worse"]);
    let jobs = row.cell(Field::Jobs).unwrap();
    assert!(jobs.is_in_conflict() && !jobs.is_empty());
    assert_eq!(jobs.versions.last().unwrap().by, "you");
    assert!(
        row.facts.text.contains("stable") && row.facts.text.contains("worse"),
        "both are found"
    );
    let body = log.text(ANN, "worse", log.basis(ANN));
    log.recorded(OTHER, body);
    assert_eq!(texts(&log.row(ANN, None, &[])), ["worse"]);
}

#[test]
fn what_is_only_here_says_so_and_what_was_done_here_says_that_it_was_sent() {
    let mut log = Log::new();
    let body = log.text(ANN, "Chase bloods", log.basis(ANN));
    let status = |log: &Log, mine: &[OpId]| log.row(ANN, None, mine).cell(Field::Jobs).unwrap().status;
    let waiting = log.waiting(body.clone());
    assert_eq!(status(&log, &[waiting]), Some("On this device"));
    let mut log = Log::new();
    let sent = log.recorded(ME, body);
    assert_eq!(status(&log, &[sent]), Some("Sent"));
    assert_eq!(status(&log, &[]), None, "it is an old story");
}

#[test]
fn flags_are_taken_apart_as_people_write_them() {
    let mut log = Log::new();
    let set = FieldSet {
        list: log.list,
        patient: ANN,
        field: Field::Flags,
        text: Personal::from("Falls, isolate;\nPressure area / falls"),
        base: Seq::ZERO,
        after: Vec::new(),
    };
    log.recorded(OTHER, Body::List(ListOp::FieldSet(set)));
    assert_eq!(
        log.row(ANN, None, &[]).facts.flags,
        ["falls", "isolate", "pressure area"]
    );
}

#[test]
fn a_number_alone_is_a_bed_and_a_name_is_itself() {
    assert_eq!(labelled("Bed", "4"), "Bed 4");
    assert_eq!(labelled("Bed", "C"), "Bed C");
    assert_eq!(labelled("Bed", "Chair 2"), "Chair 2");
    assert_eq!(labelled("Bed", ""), "");
}

#[test]
fn of_a_resuscitation_status_the_sheet_is_told_beside_what_stands_on_the_list() {
    let mut log = Log::new();
    let beside = |log: &Log| {
        let row = log.row(ANN, None, &[]);
        row.cell(Field::Resuscitation).unwrap().elsewhere.clone()
    };
    assert_eq!(beside(&log), None);
    let set = |text: &str, log: &Log| {
        let section = SectionId::new(RESUSCITATION);
        let sheet = log.state.handovers.sheet(ANN);
        let basis = sheet.map(|sheet| sheet.basis(&section)).unwrap_or_default();
        Body::Handover(HandoverOp::NoteSet(NoteSet {
            patient: ANN,
            section,
            text: text.into(),
            base: basis.base,
            after: basis.after,
        }))
    };
    let body = set("For CPR", &log);
    log.recorded(OTHER, body);
    assert_eq!(beside(&log).as_deref(), Some("Handover sheet: For CPR"));
    let body = set(" ", &log);
    log.recorded(OTHER, body);
    assert_eq!(beside(&log), None);
}
