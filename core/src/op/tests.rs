use ciborium::cbor;

use super::list::*;
use super::member::{Added, CameOnDuty, MadeAdmin, MemberOp, Removed, WentOffDuty};
use super::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use super::patient::{News, PatientOp, Refreshed};
use super::space::{self, SpaceKind, SpaceOp};
use super::*;
use crate::chain::Seq;
use crate::nhs_number::NhsNumber;
use crate::patient::{Gender, Patient, PatientNhsNumber, Place};
use crate::person::Name;
use crate::secret::Personal;

mod handover;
mod work;

fn op(body: Body) -> Op {
    Op {
        id: OpId::from_bytes([1; 16]),
        by: UserId::from_bytes([2; 16]),
        at: At::from_millis(3),
        body,
    }
}

fn every_body() -> Vec<Body> {
    let (user, message) = (UserId::from_bytes([4; 16]), OpId::from_bytes([5; 16]));
    vec![
        Body::Space(SpaceOp::Created(space::Created {
            kind: SpaceKind::Team,
            title: "Ward 7".into(),
            about: None,
        })),
        Body::Space(SpaceOp::Renamed(space::Renamed {
            title: "Ward 7B".into(),
            base: Seq::new(1),
            after: vec![],
        })),
        Body::Member(MemberOp::Added(Added { user, admin: true })),
        Body::Member(MemberOp::MadeAdmin(MadeAdmin { user })),
        Body::Member(MemberOp::Removed(Removed { user })),
        Body::Member(MemberOp::CameOnDuty(CameOnDuty { base: None })),
        Body::Member(MemberOp::CameOnDuty(CameOnDuty { base: Some(message) })),
        Body::Member(MemberOp::WentOffDuty(WentOffDuty {
            until: None,
            cover: None,
            base: None,
        })),
        Body::Member(MemberOp::WentOffDuty(WentOffDuty {
            until: Some(At::from_millis(9)),
            cover: Some(super::role::Fallback::Person(user)),
            base: Some(message),
        })),
        Body::Message(MessageOp::Posted(Posted {
            text: "Bed 4 needs reviewing".into(),
            priority: Priority::Urgent,
            reply_to: Some(message),
            mentions: vec![user],
            roles: vec![],
            about: None,
            photos: vec![],
        })),
        Body::Message(MessageOp::Posted(Posted {
            text: "Thanks".into(),
            priority: Priority::Routine,
            reply_to: None,
            mentions: vec![],
            roles: vec![],
            about: None,
            photos: vec![],
        })),
        Body::Message(MessageOp::Corrected(Corrected {
            message,
            text: "Bed 5".into(),
        })),
        Body::Message(MessageOp::Withdrawn(Withdrawn { message })),
        Body::Message(MessageOp::Acknowledged(Acknowledged { message })),
        Body::Unknown {
            kind: "observation.received".into(),
            payload: vec![0xa0],
        },
    ]
    .into_iter()
    .chain(every_list_op().into_iter().map(Body::List))
    .chain(work::every_role_op().into_iter().map(Body::Role))
    .chain(work::every_task_op().into_iter().map(Body::Task))
    .chain([refreshed()])
    .chain(handover::every_handover_op().into_iter().map(Body::Handover))
    .chain(handover::every_team_op())
    .collect()
}

fn every_list_op() -> Vec<ListOp> {
    let (list, patient) = (OpId::from_bytes([6; 16]), PatientId::from_bytes([7; 16]));
    let title: Personal<String> = "Ward 7 outliers".into();
    let source = |source| {
        ListOp::Created(Created {
            title: title.clone(),
            source,
        })
    };
    let set = |field| {
        ListOp::FieldSet(FieldSet {
            list,
            patient,
            field,
            text: "Bed 4: bloods".into(),
            base: Seq::new(8),
            after: vec![OpId::from_bytes([9; 16])],
        })
    };
    vec![
        source(None),
        source(Some(Source::Consultant("Dr Ward".into()))),
        source(Some(Source::Practice("A81001".into()))),
        source(Some(Source::Ward {
            facility: "Northbridge".into(),
            ward: "Ward 7".into(),
        })),
        ListOp::Archived(Archived { list }),
        ListOp::Restored(Restored { list }),
        ListOp::Renamed(Renamed {
            list,
            title: title.clone(),
            base: Seq::new(3),
            after: vec![],
        }),
        ListOp::PatientAdded(PatientAdded { list, patient }),
        ListOp::PatientLeft(PatientLeft { list, patient }),
        ListOp::PatientRemoved(PatientRemoved { list, patient }),
        ListOp::Moved(Moved {
            list,
            patient,
            after: Some(PatientId::from_bytes([8; 16])),
        }),
        set(Field::Column(OpId::from_bytes([9; 16]))),
        set(Field::ExpectedDischarge),
        set(Field::Flags),
        set(Field::Jobs),
        set(Field::Resuscitation),
        set(Field::Summary),
        ListOp::ColumnAdded(ColumnAdded { list, title }),
        ListOp::ColumnRemoved(ColumnRemoved {
            list,
            column: OpId::from_bytes([9; 16]),
        }),
    ]
}

fn refreshed() -> Body {
    let name = Name {
        family: "WARD".into(),
        given: "Thanks".into(),
        title: "Ms".into(),
    };
    let place = Place {
        facility: "Northbridge".into(),
        bed: "4".into(),
        ..Place::default()
    };
    let patient = Patient {
        version: 12,
        name: Personal::new(name),
        preferred: Some("Ward".into()),
        born: Some(Personal::new("1945-07-14".parse().unwrap())),
        gender: Gender::Female,
        nhs: Some(PatientNhsNumber {
            number: NhsNumber::parse("900 000 0009").unwrap(),
            is_verified: true,
        }),
        merged_into: Some(PatientId::from_bytes([8; 16])),
        ..Patient::new(PatientId::from_bytes([7; 16]))
    };
    let news = vec![
        News::Admitted(place.clone()),
        News::Cancelled,
        News::Died,
        News::DeathWithdrawn,
        News::Discharged,
        News::IdentityChanged,
        News::Leave { out: true },
        News::MergedInto(patient.id),
        News::Moved(place),
        News::TookIn(patient.id),
        News::Unmerged(patient.id),
    ];
    Body::Patient(PatientOp::Refreshed(Box::new(Refreshed {
        patient,
        news,
        reports: Vec::new(),
    })))
}

#[test]
fn a_list_operation_is_about_its_list_and_names_whom_it_brings_in() {
    let (list, patient) = (OpId::from_bytes([6; 16]), PatientId::from_bytes([7; 16]));
    for body in every_list_op() {
        let is_first = matches!(body, ListOp::Created(_));
        let brings_in = matches!(body, ListOp::PatientAdded(_));
        let op = op(Body::List(body));
        assert_eq!(op.target(), (!is_first).then_some(list));
        assert_eq!(op.list(), op.target());
        assert_eq!(op.amends(), None, "a page of history needs nothing about lists");
        let named: Vec<PatientId> = op.patients_named().collect();
        assert_eq!(named, if brings_in { vec![patient] } else { vec![] });
    }
    let told = op(refreshed());
    assert_eq!(told.patients_named().count(), 0, "the record names nobody new");
}

#[test]
fn a_message_names_the_patient_that_it_is_about() {
    let patient = PatientId::from_bytes([7; 16]);
    let posted = op(Body::Message(MessageOp::Posted(Posted {
        text: "seen".into(),
        priority: Priority::Routine,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: Some(patient),
        photos: vec![],
    })));
    assert_eq!(Op::from_bytes(&posted.to_bytes()), Ok(posted.clone()));
    assert_eq!(posted.patients_named().collect::<Vec<_>>(), [patient]);
}

#[test]
fn every_operation_survives_encoding() {
    for body in every_body() {
        let op = op(body);
        assert_eq!(Op::from_bytes(&op.to_bytes()), Ok(op));
    }
}

#[test]
fn an_operation_cut_anywhere_is_refused() {
    for body in every_body() {
        let bytes = op(body).to_bytes();
        for cut in 0..bytes.len() {
            assert!(Op::from_bytes(&bytes[..cut]).is_err());
        }
    }
}

#[test]
fn what_a_newer_version_made_is_kept_byte_for_byte() {
    let newer = op(Body::Unknown {
        kind: "observation.received".into(),
        payload: vec![1, 2, 3],
    });
    let bytes = newer.to_bytes();
    assert_eq!(Op::from_bytes(&bytes).unwrap().to_bytes(), bytes);
}

#[test]
fn a_new_key_in_a_known_payload_is_passed_over() {
    let payload = cbor::to_bytes(&cbor!({ "t" => "Hello", "zz" => [1, 2] }).unwrap());
    let bytes = cbor::to_bytes(&Wire(
        OpId::from_bytes([1; 16]),
        UserId::from_bytes([2; 16]),
        At::from_millis(3),
        Cow::Borrowed("message.posted"),
        payload,
    ));
    let Body::Message(MessageOp::Posted(posted)) = Op::from_bytes(&bytes).unwrap().body else {
        panic!("not a message")
    };
    assert_eq!(posted.text.as_str(), "Hello");
}

#[test]
fn a_known_kind_with_a_malformed_payload_is_refused() {
    let bytes = cbor::to_bytes(&Wire(
        OpId::from_bytes([1; 16]),
        UserId::from_bytes([2; 16]),
        At::from_millis(3),
        Cow::Borrowed("message.posted"),
        vec![0xf6],
    ));
    assert_eq!(Op::from_bytes(&bytes), Err(CborError::Malformed));
}

#[test]
fn debug_shows_nothing_that_was_written() {
    for body in every_body() {
        let shown = format!("{:?}", op(body));
        for planted in [
            "Bed", "Thanks", "Ward 7", "WARD", "Dr Ward", "A81001", "1945", "900",
        ] {
            assert!(!shown.contains(planted), "{shown}");
        }
    }
}
