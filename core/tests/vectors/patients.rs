//! Operations about lists and patients, and what they lead to.

use baton_core::chain::{ChainHash, Head, Seq};
use baton_core::id::{OpId, PatientId};
use baton_core::nhs_number::NhsNumber;
use baton_core::op::list::{
    Archived, ColumnAdded, ColumnRemoved, Created, Field, FieldSet, ListOp, Moved, PatientAdded, PatientLeft,
    PatientRemoved, Renamed, Restored, Source,
};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::patient::{News, PatientOp, Refreshed};
use baton_core::op::space::{self, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::patient::{
    Address, AddressKind, Contact, ContactKind, Died, Gender, Identifier, Patient, PatientNhsNumber, Place,
    Report, ReportFlag, ReportStatus, Visit, VisitStatus,
};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use baton_core::state::SpaceState;
use baton_core::time::At;

use super::{AT, SPACE, op};

const LIST: OpId = OpId::from_bytes([0x31; 16]);
const COLUMN: OpId = OpId::from_bytes([0x32; 16]);
const PATIENT: PatientId = PatientId::from_bytes([0x41; 16]);
const OTHER: PatientId = PatientId::from_bytes([0x42; 16]);

/// Each kind of operation, each kind of field and of source.
#[expect(clippy::too_many_lines, reason = "a row for each")]
pub(super) fn ops() -> Vec<(&'static str, Op)> {
    let (list, patient, column) = (LIST, PATIENT, COLUMN);
    let created = |source| {
        let title = "Outliers".into();
        ListOp::Created(Created { title, source })
    };
    let ward = Source::Ward {
        facility: "Northbridge Hospital".into(),
        ward: "Ward 7".into(),
    };
    let set = |field, base, after| {
        ListOp::FieldSet(FieldSet {
            list,
            patient,
            field,
            text: "potassium at 18:00".into(),
            base: Seq::new(base),
            after,
        })
    };
    let renamed = Renamed {
        list,
        title: "Outliers, nights".into(),
        base: Seq::new(1),
        after: vec![],
    };
    let title = "Mobility".into();
    let lists = [
        ("list.created", created(None)),
        ("list.created/ward", created(Some(ward))),
        (
            "list.created/consultant",
            created(Some(Source::Consultant("Dr A Khan".into()))),
        ),
        (
            "list.created/practice",
            created(Some(Source::Practice("A81001".into()))),
        ),
        ("list.archived", ListOp::Archived(Archived { list })),
        ("list.restored", ListOp::Restored(Restored { list })),
        ("list.renamed", ListOp::Renamed(renamed)),
        (
            "list.patient_added",
            ListOp::PatientAdded(PatientAdded { list, patient }),
        ),
        (
            "list.patient_left",
            ListOp::PatientLeft(PatientLeft { list, patient }),
        ),
        (
            "list.patient_removed",
            ListOp::PatientRemoved(PatientRemoved { list, patient }),
        ),
        (
            "list.moved",
            ListOp::Moved(Moved {
                list,
                patient,
                after: Some(OTHER),
            }),
        ),
        (
            "list.moved/top",
            ListOp::Moved(Moved {
                list,
                patient,
                after: None,
            }),
        ),
        ("list.field_set/jobs", set(Field::Jobs, 0, vec![])),
        (
            "list.field_set/summary",
            set(Field::Summary, 7, vec![OpId::from_bytes([0x33; 16])]),
        ),
        ("list.field_set/flags", set(Field::Flags, 7, vec![])),
        (
            "list.field_set/resuscitation",
            set(Field::Resuscitation, 7, vec![]),
        ),
        (
            "list.field_set/expected_discharge",
            set(Field::ExpectedDischarge, 7, vec![]),
        ),
        ("list.field_set/column", set(Field::Column(column), 7, vec![])),
        (
            "list.column_added",
            ListOp::ColumnAdded(ColumnAdded { list, title }),
        ),
        (
            "list.column_removed",
            ListOp::ColumnRemoved(ColumnRemoved { list, column }),
        ),
    ];
    let others = [
        (
            "patient.refreshed",
            Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
                patient: patient_at(3),
                news: news(),
                reports: vec![],
            }))),
        ),
        (
            "patient.refreshed/reports",
            Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
                patient: patient_at(4),
                news: vec![],
                reports: vec![Report {
                    name: "Full blood count".into(),
                    at: At::from_millis(1_767_225_600_000),
                    status: ReportStatus::Final,
                    flag: ReportFlag::Critical,
                    told: Seq::ZERO,
                }],
            }))),
        ),
        (
            "message.posted/roles",
            Body::Message(MessageOp::Posted(Posted {
                text: "@FY1 on call please see bed 4".into(),
                priority: Priority::Routine,
                reply_to: None,
                mentions: vec![],
                roles: vec![OpId::from_bytes([4; 16])],
                about: None,
                photos: vec![],
            })),
        ),
        (
            "message.posted/about",
            Body::Message(MessageOp::Posted(Posted {
                text: "Seen on the round".into(),
                priority: Priority::Routine,
                reply_to: None,
                mentions: vec![],
                roles: vec![],
                about: Some(PATIENT),
                photos: vec![],
            })),
        ),
        (
            "space.created/patient",
            Body::Space(SpaceOp::Created(space::Created {
                kind: SpaceKind::Patient,
                title: "".into(),
                about: Some(PATIENT),
            })),
        ),
        (
            "space.created/own",
            Body::Space(SpaceOp::Created(space::Created {
                kind: SpaceKind::Own,
                title: "".into(),
                about: None,
            })),
        ),
        (
            "space.renamed/after",
            Body::Space(SpaceOp::Renamed(space::Renamed {
                title: "Ward 7B".into(),
                base: Seq::new(1),
                after: vec![OpId::from_bytes([0x33; 16])],
            })),
        ),
    ];
    lists
        .into_iter()
        .map(|(name, body)| (name, Body::List(body)))
        .chain(others)
        .map(|(name, body)| (name, op(body)))
        .collect()
}

fn place() -> Place {
    Place {
        facility: "Northbridge Hospital".into(),
        ward: "Ward 7".into(),
        room: "Bay 2".into(),
        bed: "4".into(),
    }
}

fn news() -> Vec<News> {
    vec![
        News::Admitted(place()),
        News::Moved(place()),
        News::Leave { out: true },
        News::Cancelled,
        News::Discharged,
        News::Died,
        News::DeathWithdrawn,
        News::IdentityChanged,
        News::MergedInto(OTHER),
        News::TookIn(OTHER),
        News::Unmerged(OTHER),
    ]
}

/// A patient of whom everything is known that may be.
fn patient_at(version: u64) -> Patient {
    let day = |text: &str| text.parse().unwrap();
    Patient {
        id: PATIENT,
        version,
        name: Personal::new(Name {
            family: "OKONKWO".into(),
            given: "Ada".into(),
            title: "Mrs".into(),
        }),
        preferred: Some("Addie".into()),
        born: Some(Personal::new(day("1945-07-14"))),
        gender: Gender::Female,
        nhs: Some(PatientNhsNumber {
            number: NhsNumber::parse("900 000 0009").unwrap(),
            is_verified: true,
        }),
        superseded: vec![NhsNumber::parse("900 000 0017").unwrap()],
        identifiers: vec![Identifier {
            assigner: "RX1".into(),
            value: "H123456".into(),
        }],
        died: Some(Died {
            at: Some(Personal::new(day("2026-10-01T08:05"))),
        }),
        restricted: true,
        addresses: vec![Address {
            kind: AddressKind::Usual,
            lines: Personal::new(vec!["1 High Street".into(), "Northbridge".into()]),
            postcode: "NB1 1AA".into(),
        }],
        contacts: vec![Contact {
            kind: ContactKind::Mobile,
            value: "07700 900000".into(),
        }],
        gp: Some(Organisation {
            ods: "A81001".into(),
            name: "The Surgery".into(),
        }),
        visit: Some(Visit {
            status: VisitStatus::Admitted,
            place: Some(place()),
            consultant: Some("Dr A Khan".into()),
            specialty: Some("Geriatric medicine".into()),
            from: Some(day("2026-09-28T11:30")),
            until: None,
            expected_discharge: Some(day("2026-10-03")),
        }),
        merged_into: Some(OTHER),
    }
}

/// What these lead to in one space: a list with a patient on it and one who was taken off, a column, two texts at once.
pub(super) fn state() -> SpaceState {
    let mut state = SpaceState::new(SPACE);
    let mut fold = |id: OpId, body: Body| {
        let seq = state.head.seq.next();
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([9; 32]),
        };
        let op = op(body);
        state.fold(head, AT, &Op { id, ..op });
    };
    let (list, patient) = (LIST, OTHER);
    let all = ops();
    let of = |name: &str| {
        all.iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
            .body
            .clone()
    };
    fold(OpId::from_bytes([1; 16]), of("space.created/own"));
    fold(LIST, of("list.created/ward"));
    fold(COLUMN, of("list.column_added"));
    let other = PatientAdded { list, patient };
    fold(OpId::from_bytes([2; 16]), Body::List(ListOp::PatientAdded(other)));
    let names = [
        "list.patient_added",
        "patient.refreshed",
        "list.moved",
        "list.field_set/jobs",
        "list.field_set/jobs",
        "list.field_set/column",
        "list.field_set/summary",
        "list.patient_left",
        "list.column_removed",
        "list.renamed",
        "message.posted/about",
        "list.archived",
    ];
    for (n, name) in (3..).zip(names) {
        fold(OpId::from_bytes([n; 16]), of(name));
    }
    let gone = PatientRemoved { list, patient };
    fold(
        OpId::from_bytes([0x20; 16]),
        Body::List(ListOp::PatientRemoved(gone)),
    );
    state
}
