//! What the guides do not speak of: restricted and merged patients, numbers that no longer hold.

use super::*;
use crate::id::PatientId;

#[test]
fn a_superseded_nhs_number_is_never_the_patients_and_says_what_it_is() {
    let mut patient = patient(1);
    patient.superseded = vec![nhs("9000000033", true).number];
    let banner = banner(&patient);
    assert!(
        banner
            .identity()
            .all(|item| !item.value.as_str().contains("0033"))
    );
    assert_eq!(banner.notes[0].kind, NoteKind::Superseded);
    let numbers = section(&banner, SectionKind::Numbers);
    assert_eq!(
        texts(&numbers.items),
        [
            "Northbridge A-012345",
            "RX1 0077123",
            "Earlier NHS No. 900 000 0033"
        ]
    );
    assert_eq!(numbers.items[2].status, Some("Superseded: do not use"));
}

#[test]
fn of_a_restricted_patient_nothing_shows_where_they_are_or_how_to_reach_them() {
    let mut patient = patient(1);
    patient.restricted = true;
    let (full, small) = (banner(&patient), micro(&patient));
    let all = full
        .sections
        .iter()
        .flat_map(|section| &section.items)
        .chain(&small.more)
        .chain(full.identity());
    let shown = texts(all).join(" ");
    for withheld in [
        "High Street",
        "LS1",
        "York",
        "0113",
        "07700",
        "example.com",
        "Park Surgery",
        "B86001",
    ] {
        assert!(!shown.contains(withheld), "{withheld}");
    }
    for kind in [SectionKind::Address, SectionKind::Contact, SectionKind::Practice] {
        let section = section(&full, kind);
        assert_eq!(section.summary.as_str(), "Restricted");
        assert_eq!(
            section.text,
            Some("Restricted: address and phone numbers are withheld")
        );
    }
    for notes in [&full.notes, &small.notes] {
        assert_eq!(notes[0].kind, NoteKind::Restricted);
        assert_eq!(
            notes[0].text.as_str(),
            "Restricted: address and phone numbers are withheld"
        );
    }
    assert_eq!(texts(full.identity()).len(), 3, "who they are is shown");
}

#[test]
fn a_merged_patient_says_into_whom_by_three_identifiers() {
    let mut retired = named(2, "Jones", "M");
    let survivor = patient(1);
    retired.merged_into = Some(survivor.id);
    let note = |survivor: Option<&Patient>| {
        Banner::of(&retired, now(), survivor).notes[0]
            .text
            .as_str()
            .to_owned()
    };
    assert_eq!(
        note(Some(&survivor)),
        "Merged into JONES, Mary (Mrs) · Born 14-Jul-1945 · NHS No. 900 000 0009: they are the same person"
    );
    let another = "Merged into the record of another patient: they are the same person";
    assert_eq!(note(None), another);
    let stranger = Patient {
        id: PatientId::from_bytes([9; 16]),
        ..patient(9)
    };
    assert_eq!(note(Some(&stranger)), another, "never the name of somebody else");
    assert_eq!(
        MicroBanner::of(&retired, now(), Some(&survivor)).notes[0].kind,
        NoteKind::Merged
    );
}

#[test]
fn debug_of_a_banner_shows_nobody() {
    let shown = format!("{:?} {:?}", banner(&patient(1)), micro(&patient(1)));
    for personal in ["JONES", "Mary", "1945", "0009", "High Street", "0113", "A-012345"] {
        assert!(!shown.contains(personal), "{personal}");
    }
}
