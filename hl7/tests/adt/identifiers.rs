//! Identifiers, and which are NHS numbers.

use super::*;

#[test]
fn each_identifier_keeps_its_assigner_and_its_kind() {
    let patient = patient("PID|1||A1^^^RX1&2.16.1&ISO^MR~7~999 000 0018^^^NHS^NH||T");
    let [local, bare, nhs] = patient.identifiers.as_slice() else {
        panic!()
    };
    let assigner = local.assigner.as_ref().unwrap();
    assert_eq!(assigner.namespace.as_deref(), Some("RX1"));
    assert_eq!(
        (assigner.universal.as_deref(), assigner.universal_kind.as_deref()),
        (Some("2.16.1"), Some("ISO"))
    );
    assert_eq!(
        (local.kind.as_deref(), local.is_nhs_number()),
        (Some("MR"), false)
    );
    assert_eq!((bare.assigner.as_ref(), bare.kind.as_deref()), (None, None));
    assert_eq!(nhs.value.as_str(), "999 000 0018");
    assert_eq!(nhs.compact().as_str(), "9990000018");
    assert_eq!(patient.nhs_numbers().count(), 1);
}

#[test]
fn an_nhs_number_is_known_by_assigner_kind_or_oid() {
    for id in [
        "9^^^NHS",
        "9^^^nhs^PI",
        "9^^^^NH",
        "9^^^RX1^NHS",
        "9^^^&2.16.840.1.113883.2.1.4.1&ISO",
    ] {
        assert_eq!(
            patient(&format!("PID|1||{id}||T")).nhs_numbers().count(),
            1,
            "{id}"
        );
    }
    for id in ["9", "9^^^RX1^MR", "9^^^NHSX^PI", "9^^^^NI"] {
        assert_eq!(
            patient(&format!("PID|1||{id}||T")).nhs_numbers().count(),
            0,
            "{id}"
        );
    }
}

#[test]
fn older_fields_are_read_after_the_list() {
    let patient = patient(&format!("PID|1|ext^5^M10|int|alt|T{}9990000018", "|".repeat(14)));
    let sources: Vec<(u16, &str)> = patient
        .identifiers
        .iter()
        .map(|id| (id.source.field, id.value.as_str()))
        .collect();
    assert_eq!(sources, [(3, "int"), (2, "ext"), (4, "alt"), (19, "9990000018")]);
}

#[test]
fn a_patient_without_any_identifier_is_refused() {
    for pid in [
        "PID|1||||Test",
        "PID|1||\"\"||Test",
        "PID|1||^^^RX1^MR||Test",
        "PID|1|\"\"|~\"\"||Test",
    ] {
        let error = AdtError::MissingField(Location::field("PID", 3));
        assert_eq!(read("A31", &[pid]).unwrap_err(), error, "{pid}");
    }
}

#[test]
fn how_far_the_nhs_number_is_verified_stands_in_pid_32() {
    let status = |codes: &str| {
        let patient = patient(&format!("PID|1||A1||T{}{codes}", "|".repeat(27)));
        (
            patient.nhs_number_status.map(Personal::into_inner),
            patient.reliability,
        )
    };
    assert_eq!(status("NSTS01").0, Said::Value(NhsNumberStatus::Verified));
    assert_eq!(status("AL~NSTS04").0, Said::Value(NhsNumberStatus::TraceFailed));
    assert_eq!(status("08").0, Said::Value(NhsNumberStatus::TracePostponed));
    assert_eq!(status("UD"), (Said::Absent, Said::Value(vec!["UD".to_owned()])));
    assert_eq!(status("\"\"").0, Said::Deleted);
}

#[test]
fn a_list_of_hundreds_is_no_list_of_identifiers() {
    let many = |count| format!("PID|1||{}||T", vec!["A1"; count].join("~"));
    assert_eq!(patient(&many(200)).identifiers.len(), 200);
    let missing = AdtError::MissingField(Location::field("PID", 3));
    assert_eq!(read("A31", &[&many(201)]).unwrap_err(), missing);
}
