//! What a report is called, when it was, how final and how grave it is.

use super::*;

#[test]
fn a_report_is_named_by_its_text_else_its_alternate_text_else_its_code() {
    for (service, name) in [
        (
            "FBC^Full blood count^L^24323-8^Metabolic panel^LN",
            "Full blood count",
        ),
        ("FBC^^L^24323-8^Metabolic panel^LN", "Metabolic panel"),
        ("FBC^\"\"^L^24323-8^\"\"^LN", "FBC"),
        ("FBC", "FBC"),
        (" 123 ", "123"),
        ("^Urea \\T\\ electrolytes", "Urea & electrolytes"),
    ] {
        let (report, notes) = report(&[&format!("OBR|1|||{service}|||2026||||||||||||||||||F")]);
        assert_eq!(report.name.as_str(), name, "{service}");
        assert_eq!(notes, [""; 0]);
    }
    for service in ["", "\"\"", "^^L"] {
        let (report, notes) = report(&[&format!("OBR|1|||{service}|||2026||||||||||||||||||F")]);
        assert_eq!((report.name.as_str(), notes), ("", vec!["OBR-4".to_owned()]));
    }
}

#[test]
fn a_report_is_of_when_it_was_reported_and_not_of_when_it_was_taken() {
    for (taken, reported, at, noted) in [
        ("202601150800", "202601150915", Some("202601150915"), &[][..]),
        ("202601150800", "", None, &[]),
        ("202601150800", "\"\"", None, &[]),
        ("202601150800", "soon", None, &["OBR-22"]),
        ("then", "202601150915+0100", Some("202601150915+0100"), &[]),
        ("", "", None, &[]),
    ] {
        let (report, notes) = report(&[&format!("OBR|1|||FBC|||{taken}|||||||||||||||{reported}|||F")]);
        assert_eq!(
            report.at.map(|at| at.to_string()).as_deref(),
            at,
            "{taken} {reported}"
        );
        assert_eq!(notes, noted);
    }
}

#[test]
fn how_final_a_report_is_it_says_itself() {
    for (code, status) in [
        ("A", Status::Preliminary),
        ("P", Status::Preliminary),
        ("R", Status::Preliminary),
        ("F", Status::Final),
        ("C", Status::Corrected),
        ("X", Status::Cancelled),
        ("O", Status::Pending),
        ("I", Status::Pending),
        ("S", Status::Pending),
        ("Y", Status::Unknown),
        ("Z", Status::Unknown),
        (" F ^final", Status::Final),
    ] {
        let (report, notes) = report(&[&obr(code), &obx("N", "F")]);
        assert_eq!(report.status, status, "{code}");
        assert_eq!(notes, [""; 0], "{code}");
    }
    for code in ["Q", "f", "FINAL"] {
        let (report, notes) = report(&[&obr(code), &obx("N", "F")]);
        assert_eq!(
            (report.status, notes),
            (Status::Unknown, vec!["OBR-25".to_owned()])
        );
    }
}

#[test]
fn a_correction_in_a_final_report_makes_it_corrected_and_in_no_other() {
    for (code, status) in [
        ("F", Status::Corrected),
        ("C", Status::Corrected),
        ("P", Status::Preliminary),
        ("X", Status::Cancelled),
        ("Q", Status::Unknown),
    ] {
        let (report, _) = report(&[&obr(code), &obx("", "F"), &obx("", "C"), &obx("", "F")]);
        assert_eq!(report.status, status, "{code}");
    }
    for (withdrawn, status) in [
        ("X", Status::Final),
        ("W", Status::Corrected),
        ("D", Status::Corrected),
    ] {
        let (report, _) = report(&[&obr("F"), &obx("", "P"), &obx("", ""), &obx("", withdrawn)]);
        assert_eq!(report.status, status, "{withdrawn}");
    }
}

#[test]
fn where_a_report_does_not_say_it_its_observations_do() {
    for (codes, status) in [
        ("F", Status::Final),
        ("F U B V", Status::Final),
        ("F C", Status::Corrected),
        ("F A", Status::Corrected),
        ("F D W X", Status::Corrected),
        ("F X", Status::Final),
        ("F N O", Status::Final),
        ("F P", Status::Preliminary),
        ("F R", Status::Preliminary),
        ("F S", Status::Preliminary),
        ("C P", Status::Preliminary),
        ("F I", Status::Preliminary),
        ("C I", Status::Preliminary),
        ("? P", Status::Preliminary),
        ("I I", Status::Pending),
        ("I X", Status::Pending),
        ("X", Status::Cancelled),
        ("D W", Status::Cancelled),
        ("X N", Status::Cancelled),
        ("F ?", Status::Unknown),
        ("F -", Status::Unknown),
        ("I -", Status::Unknown),
        ("N O", Status::Unknown),
        ("", Status::Unknown),
    ] {
        let unstated = |code| obx("", if code == "-" { "" } else { code });
        let observations: Vec<String> = codes.split_whitespace().map(unstated).collect();
        for none in ["", "\"\""] {
            let obr = obr(none);
            let segments: Vec<&str> = [&obr]
                .into_iter()
                .chain(&observations)
                .map(String::as_str)
                .collect();
            let (report, notes) = report(&segments);
            assert_eq!(report.status, status, "{codes}");
            assert_eq!(notes[0], "OBR-25");
            assert_eq!(notes.len() - 1, codes.matches('?').count(), "{codes}");
        }
    }
}

#[test]
fn how_grave_a_report_is_its_flags_say() {
    for (flags, flag) in [
        ("", Flag::None),
        ("N", Flag::None),
        ("N~N", Flag::None),
        ("NEG", Flag::None),
        ("S", Flag::None),
        ("\"\"", Flag::None),
        ("~", Flag::None),
        ("L", Flag::Abnormal),
        ("H", Flag::Abnormal),
        ("A", Flag::Abnormal),
        ("<", Flag::Abnormal),
        (">", Flag::Abnormal),
        ("U", Flag::Abnormal),
        ("D", Flag::Abnormal),
        ("B", Flag::Abnormal),
        ("W", Flag::Abnormal),
        ("R", Flag::Abnormal),
        ("HU", Flag::Abnormal),
        ("**", Flag::Abnormal),
        ("LL", Flag::Critical),
        ("HH", Flag::Critical),
        ("AA", Flag::Critical),
        ("hh", Flag::Critical),
        ("HH^Panic high^HL70078", Flag::Critical),
        ("N~H", Flag::Abnormal),
        ("H~~AA~N", Flag::Critical),
    ] {
        let (report, notes) = report(&[&obr("F"), &obx(flags, "F")]);
        assert_eq!(report.flag, flag, "{flags}");
        assert_eq!(notes, [""; 0]);
    }
    let many = format!("{}HH", "N~".repeat(1_000));
    assert_eq!(report(&[&obr("F"), &obx(&many, "F")]).0.flag, Flag::Critical);
}

#[test]
fn the_gravest_observation_counts_and_those_withdrawn_do_not() {
    let of = |observations: &[(&str, &str)]| {
        let observations: Vec<String> = observations
            .iter()
            .map(|(flags, code)| obx(flags, code))
            .collect();
        let obr = obr("F");
        let segments: Vec<&str> = [&obr]
            .into_iter()
            .chain(&observations)
            .map(String::as_str)
            .collect();
        report(&segments).0.flag
    };
    assert_eq!(of(&[]), Flag::None);
    assert_eq!(of(&[("N", "F"), ("HH", "F"), ("L", "F")]), Flag::Critical);
    assert_eq!(of(&[("N", "F"), ("L", "F"), ("", "F")]), Flag::Abnormal);
    for withdrawn in ["D", "W", "X"] {
        assert_eq!(
            of(&[("HH", withdrawn), ("L", "F")]),
            Flag::Abnormal,
            "{withdrawn}"
        );
        assert_eq!(of(&[("HH", withdrawn)]), Flag::None, "{withdrawn}");
    }
    for counts in ["", "C", "F", "I", "N", "O", "P", "R", "S", "U", "?"] {
        assert_eq!(of(&[("HH", counts), ("N", "F")]), Flag::Critical, "{counts}");
    }
    assert!(Flag::None < Flag::Abnormal && Flag::Abnormal < Flag::Critical);
}

#[test]
fn an_observation_of_a_specimen_is_of_the_report_it_stands_in() {
    let (report, _) = report(&[&obr("F"), &obx("N", "F"), "SPM|1", &obx("AA", "F")]);
    assert_eq!(report.flag, Flag::Critical);
}

#[test]
fn nothing_that_names_a_person_or_a_test_is_shown() {
    let oru = read(&[PID, &obr("F"), "OBX|1|TX|HIV^Zebedee||Reactive||||||F"]).unwrap();
    let shown = format!("{oru:?}");
    for content in ["Ada", "A1", "blood", "FBC", "Zebedee", "Reactive"] {
        assert!(!shown.contains(content), "{content}: {shown}");
    }
}
