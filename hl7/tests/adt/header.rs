//! The header and the event.

use super::*;

#[test]
fn the_header_says_who_sent_it_and_when() {
    let adt = read_text(
        "MSH|^~\\&|PAS^1.2.3^ISO|RX1|ROUTE|RX1|20260115093000+0100||ADT^A08^ADT_A01|42|T|2.5.1^GBR|7\r\
         EVN||202601150929|20260120||||202601150900\rPID|1||A1||Test\r",
    )
    .unwrap();
    let header = &adt.header;
    let sender = header.sending_application.as_ref().unwrap();
    assert_eq!(
        (sender.namespace.as_deref(), sender.universal.as_deref()),
        (Some("PAS"), Some("1.2.3"))
    );
    assert_eq!(
        header.sending_facility.as_ref().unwrap().namespace.as_deref(),
        Some("RX1")
    );
    assert_eq!(header.made.unwrap().offset, Some(60));
    assert_eq!(
        (header.trigger.as_str(), header.control_id.as_str()),
        ("A08", "42")
    );
    assert_eq!(
        (&header.processing, header.version),
        (&Processing::Training, Version::V2_5_1)
    );
    assert_eq!(header.sequence.as_deref(), Some("7"));
    assert_eq!(header.recorded.unwrap().minute, 29);
    assert_eq!(header.planned.unwrap().precision, Precision::Day);
    assert_eq!(header.occurred, None);
    assert_eq!(adt.notes, []);
}

#[test]
fn old_messages_name_the_event_in_evn_only() {
    let adt = read_text("MSH|^~\\&|A|B|C|D|2026||ADT|1|P|2.1\rEVN|A03|2026\rPID|1||A1||T\rPV1|1|I\r");
    assert_eq!(adt.unwrap().event, Event::Discharged);
}

#[test]
fn the_trigger_of_the_header_decides_and_the_difference_is_noted() {
    let adt = read_text("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.4\rEVN|A03\rPID|1||A1||T\r").unwrap();
    assert_eq!(adt.event, Event::Updated);
    assert_eq!(adt.notes[0].to_string(), "103 Table value not found at EVN-1");
}

#[test]
fn what_a_message_must_say_of_itself_is_demanded() {
    for (header, error) in [
        ("||ADT^A08|1|P|", AdtError::MissingVersion),
        ("||ADT^A08|1|P|2.9999", AdtError::UnsupportedVersion),
        ("||ADT^A08||P|2.4", AdtError::MissingControlId),
        ("||ADT^A08|\"\"|P|2.4", AdtError::MissingControlId),
        ("||ADT|1|P|2.4", AdtError::MissingEvent),
        ("||ADT^A99|1|P|2.4", AdtError::UnsupportedEvent),
        ("||ADT^A19|1|P|2.4", AdtError::UnsupportedEvent),
        ("||ORU^R01|1|P|2.4", AdtError::UnsupportedType),
        ("|||1|P|2.4", AdtError::MissingType),
        ("", AdtError::MissingType),
    ] {
        let text = format!("MSH|^~\\&|A|B|C|D|2026{header}\rPID|1||A1||T\r");
        assert_eq!(read_text(&text).unwrap_err(), error, "{header}");
        assert!(error.fault().location.unwrap().segment == "MSH");
    }
}

#[test]
fn what_is_no_time_is_noted_and_not_taken() {
    let adt =
        read_text("MSH|^~\\&|A|B|C|D|soon||ADT^A08|1|X|2.4\rEVN|A08|99\rPID|1||A1||T||19460231|F\r").unwrap();
    assert_eq!((adt.header.made, adt.header.recorded), (None, None));
    let places: Vec<String> = adt
        .notes
        .iter()
        .map(|note| note.location.unwrap().to_string())
        .collect();
    assert_eq!(places, ["MSH-7", "MSH-11", "EVN-2", "PID-7"]);
    assert_eq!(only(adt).patient.birth, Said::Absent);
}
