//! The header, and which segments belong to which patient.

use super::*;

#[test]
fn the_header_says_who_sent_it_and_when() {
    let oru = read_text(&format!(
        "MSH|^~\\&|LAB^1.2.3^ISO|RX1|BATON|RX1|20260115093000+0100||ORU^R01^ORU_R01|42|T|2.5.1|7\r{PID}\r{}\r",
        obr("F")
    ))
    .unwrap();
    let header = &oru.header;
    let sender = header.sending_application.as_ref().unwrap();
    assert_eq!(sender.namespace.as_deref(), Some("LAB"));
    assert_eq!(header.made.unwrap().offset, Some(60));
    assert_eq!(
        (header.trigger.as_str(), header.control_id.as_str()),
        ("R01", "42")
    );
    assert_eq!(
        (&header.processing, header.version),
        (&Processing::Training, Version::V2_5_1)
    );
    assert_eq!(header.sequence.as_deref(), Some("7"));
    assert_eq!(
        (header.recorded, header.planned, header.occurred),
        (None, None, None)
    );
    assert_eq!(oru.notes, [], "no event segment is missed");
}

#[test]
fn each_version_is_read() {
    for version in ["2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8"] {
        let text = format!(
            "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|{version}\r{PID}\r{}\r",
            obr("F")
        );
        assert_eq!(read_text(&text).unwrap().patients.len(), 1, "{version}");
    }
}

#[test]
fn what_a_message_must_say_of_itself_is_demanded() {
    for (header, error) in [
        ("||ORU^R01|1|P|", AdtError::MissingVersion),
        ("||ORU^R01|1|P|2.9999", AdtError::UnsupportedVersion),
        ("||ORU^R01||P|2.4", AdtError::MissingControlId),
        ("||ORU|1|P|2.4", AdtError::MissingEvent),
        ("||ORU^R30|1|P|2.5", AdtError::UnsupportedEvent),
        ("||ORU^R31|1|P|2.5", AdtError::UnsupportedEvent),
        ("||ORU^R32|1|P|2.5", AdtError::UnsupportedEvent),
        ("||ORU^A01|1|P|2.4", AdtError::UnsupportedEvent),
        ("||ADT^A08|1|P|2.4", AdtError::UnsupportedType),
        ("||ORF^R01|1|P|2.4", AdtError::UnsupportedType),
        ("|||1|P|2.4", AdtError::MissingType),
        ("", AdtError::MissingType),
    ] {
        let text = format!("MSH|^~\\&|A|B|C|D|2026{header}\r{PID}\r{}\r", obr("F"));
        assert_eq!(read_text(&text).unwrap_err(), error, "{header}");
        assert!(error.fault().location.unwrap().segment == "MSH");
    }
}

#[test]
fn an_event_segment_decides_nothing() {
    let text = format!(
        "MSH|^~\\&|A|B|C|D|2026||ORU|1|P|2.4\rEVN|R01|2026\r{PID}\r{}\r",
        obr("F")
    );
    assert_eq!(read_text(&text).unwrap_err(), AdtError::MissingEvent);
    assert_eq!(read(&["EVN|A01|99", PID, &obr("F")]).unwrap().notes, []);
}

#[test]
fn a_patient_has_several_reports() {
    let (full, urea) = (
        obr("F"),
        "OBR|2|||UE^Urea and electrolytes|||2026||||||||||||||||||P",
    );
    let oru = read(&[PID, &full, &obx("H", "F"), urea, &obx("", "P"), &obx("AA", "P")]).unwrap();
    let [ada] = oru.patients.as_slice() else {
        unreachable!("one patient")
    };
    let said: Vec<_> = ada
        .reports
        .iter()
        .map(|report| (report.name.as_str(), report.status, report.flag))
        .collect();
    assert_eq!(
        said,
        [
            ("Full blood count", Status::Final, Flag::Abnormal),
            ("Urea and electrolytes", Status::Preliminary, Flag::Critical),
        ]
    );
}

#[test]
fn a_message_is_of_several_patients_and_nothing_of_one_is_of_another() {
    let (report, grave) = (obr("F"), obx("HH", "F"));
    let oru = read(&[
        PID,
        "PD1|||Practice^^A81001",
        &report,
        &obx("N", "F"),
        OTHER_PID,
        &report,
        &grave,
        PID,
        &report,
    ])
    .unwrap();
    let said: Vec<_> = oru
        .patients
        .iter()
        .map(|of| {
            (
                of.patient.names.value().unwrap().len(),
                of.patient.practice.value().is_some(),
                of.reports.iter().map(|report| report.flag).max().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (1, true, Flag::None),
            (1, false, Flag::Critical),
            (1, false, Flag::None)
        ]
    );
    assert_ne!(oru.patients[0].patient.names, oru.patients[1].patient.names);
    assert_eq!(oru.patients[0].patient.names, oru.patients[2].patient.names);
}

#[test]
fn a_patient_is_demanded_and_stands_before_what_is_theirs() {
    let missing = AdtError::MissingSegment(Location::segment("PID", 1));
    let (report, grave) = (obr("F"), obx("HH", "F"));
    for segments in [
        [].as_slice(),
        &["PV1|1|I"],
        &[&report],
        &["ORC|RE", &report, &grave],
        &[&report, PID],
        &[&grave, PID, &report],
        &["PD1|1", PID, &report],
    ] {
        assert_eq!(read(segments).unwrap_err(), missing, "{segments:?}");
    }
    assert_eq!(missing.fault().condition, Condition::SegmentSequence);
}

#[test]
fn an_identifier_of_each_patient_is_demanded() {
    let report = obr("F");
    let missing = |occurrence| AdtError::MissingField(Location::field("PID", 3).in_occurrence(occurrence));
    assert_eq!(read(&["PID|1||||Test^Ada", &report]).unwrap_err(), missing(1));
    assert_eq!(
        read(&[PID, &report, "PID|2||\"\"||Test^Bob", &report]).unwrap_err(),
        missing(2)
    );
}

#[test]
fn a_report_of_each_patient_is_demanded() {
    let report = obr("F");
    let missing = |occurrence| AdtError::MissingSegment(Location::segment("OBR", occurrence));
    assert_eq!(read(&[PID]).unwrap_err(), missing(1));
    assert_eq!(read(&[PID, &obx("H", "F")]).unwrap_err(), missing(1));
    assert_eq!(read(&[PID, OTHER_PID, &report]).unwrap_err(), missing(1));
    assert_eq!(read(&[PID, &report, &report, OTHER_PID]).unwrap_err(), missing(3));
}

#[test]
fn details_of_a_patient_stand_once_and_before_their_reports() {
    let report = obr("F");
    let out = |occurrence| AdtError::OutOfOrder(Location::segment("PD1", occurrence));
    assert_eq!(read(&[PID, "PD1|1", "PD1|2", &report]).unwrap_err(), out(2));
    assert_eq!(read(&[PID, &report, "PD1|1"]).unwrap_err(), out(1));
}

#[test]
fn segments_that_are_not_expected_are_ignored() {
    let (full, grave) = (obr("F"), obx("HH", "F"));
    let segments = [
        "SFT|1",
        "MSA|AA|1",
        PID,
        "NTE|1",
        "NK1|1",
        "PV1|1|I",
        "PV2|1",
        "OBX|1|NM|HT||1||||||F",
        "ORC|RE",
        &full,
        "NTE|1||a\\.br\\b",
        "TQ1|1",
        "ZXX|1",
        &grave,
        "NTE|1",
        "FT1|1",
        "CTI|1",
        "SPM|1",
        "MRG|X",
        "DSC|1",
    ];
    let oru = read(&segments).unwrap();
    assert_eq!(oru.notes, []);
    assert_eq!(oru.patients[0].reports[0].flag, Flag::Critical);
}

#[test]
fn what_is_said_of_a_patient_before_a_report_is_of_no_report() {
    let (report, notes) = report(&[&obx("HH", "C"), &obr("F"), &obx("N", "F")]);
    assert_eq!((report.status, report.flag), (Status::Final, Flag::None));
    assert_eq!(notes, [""; 0]);
}

#[test]
fn a_long_report_is_read_and_one_beyond_all_measure_is_not() {
    let long = |observations: usize| {
        let each = format!("{}\rNTE|1||a\rNTE|2||b\rNTE|3||c\r", obx("", "F"));
        format!(
            "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.4\r{PID}\r{}\r{}{}\r",
            obr("F"),
            each.repeat(observations),
            obx("LL", "F")
        )
    };
    for observations in [60, 2_400] {
        let oru = read_text(&long(observations)).unwrap();
        assert_eq!(oru.patients[0].reports[0].flag, Flag::Critical);
    }
    let parsed = |text: &str| Message::parse(text.as_bytes(), Limits::ORU).map(|_| ());
    assert_eq!(parsed(&long(2_500)), Err(ParseError::TooManySegments));
    assert_eq!(parsed(&long(20_000)), Err(ParseError::TooLong));
}
