//! Which segments an event needs, and whose they are.

use super::*;

#[test]
fn one_patient_and_no_more_but_for_events_of_several() {
    let second = AdtError::OutOfOrder(Location::segment("PID", 2));
    for trigger in ["A01", "A03", "A08", "A28", "A31"] {
        assert_eq!(
            read(trigger, &[PID, PV1, OTHER_PID, PV1]).unwrap_err(),
            second,
            "{trigger}"
        );
    }
    assert_eq!(
        read("A01", &[]).unwrap_err(),
        AdtError::MissingSegment(Location::segment("PID", 1))
    );
    assert_eq!(
        read("A01", &[PV1]).unwrap_err(),
        AdtError::MissingSegment(Location::segment("PID", 1))
    );
}

#[test]
fn segments_out_of_order_are_refused() {
    let out = |segment, occurrence| AdtError::OutOfOrder(Location::segment(segment, occurrence));
    assert_eq!(read("A01", &[PV1, PID]).unwrap_err(), out("PV1", 1));
    assert_eq!(read("A01", &[PID, PV1, PV1]).unwrap_err(), out("PV1", 2));
    assert_eq!(
        read("A01", &[PID, "PD1|1", "PD1|2", PV1]).unwrap_err(),
        out("PD1", 2)
    );
    assert_eq!(
        read("A01", &[PID, PV1, "PV2|1", "PV2|2"]).unwrap_err(),
        out("PV2", 2)
    );
}

#[test]
fn segments_that_are_not_expected_are_ignored() {
    let adt = read(
        "A01",
        &[
            "ZPI|1",
            PID,
            "NK1|1||Smith",
            "ZZ9",
            PV1,
            "AL1|1",
            "MRG|X",
            "GT1|1",
        ],
    )
    .unwrap();
    assert_eq!(adt.notes.len(), 1, "of a merge in an admission");
    assert!(only(adt).priors.is_empty());
    assert_eq!(
        read("A08", &[PID, "PV2|1"]).unwrap().notes.len(),
        1,
        "a second part without a first"
    );
}

#[test]
fn an_event_segment_may_be_missing_and_is_missed() {
    let adt = read_text("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.4\rPID|1||A1||T\r").unwrap();
    assert_eq!(adt.notes[0].to_string(), "100 Segment sequence error at EVN");
}

#[test]
fn swapped_beds_are_of_two_patients_with_a_visit_each() {
    let adt = read("A17", &[PID, PV1, OTHER_PID, "PV1|1|I|WARD9"]).unwrap();
    assert_eq!((adt.event, adt.persons.len()), (Event::BedsSwapped, 2));
    assert!(adt.persons.iter().all(|person| person.visit.is_some()));
    let missing = |segment, n| AdtError::MissingSegment(Location::segment(segment, n));
    assert_eq!(read("A17", &[PID, PV1]).unwrap_err(), missing("PID", 2));
    assert_eq!(
        read("A17", &[PID, PV1, OTHER_PID]).unwrap_err(),
        missing("PV1", 2)
    );
    let third = AdtError::OutOfOrder(Location::segment("PID", 3));
    assert_eq!(read("A17", &[PID, PV1, OTHER_PID, PV1, PID]).unwrap_err(), third);
}

#[test]
fn links_are_of_two_patients() {
    for (trigger, event) in [("A24", Event::Linked), ("A37", Event::Unlinked)] {
        let adt = read(trigger, &[PID, "PD1|1", OTHER_PID]).unwrap();
        assert_eq!((adt.event, adt.persons.len()), (event, 2));
        assert!(read(trigger, &[PID]).is_err());
    }
}

#[test]
fn what_is_irrelevant_is_accepted_whatever_it_holds() {
    for trigger in ["A20", "A60"] {
        let adt = read(trigger, &["PV1|1", "PID|1"]).unwrap();
        assert!(matches!(adt.event, Event::Irrelevant { trigger: t } if t == trigger));
        assert!(adt.persons.is_empty());
    }
}
