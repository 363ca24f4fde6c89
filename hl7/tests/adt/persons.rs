//! Names, addresses, births, deaths.

use super::*;

#[test]
fn names_have_their_kinds() {
    let patient = patient("PID|1||A1||O'Neil&Van^Ada^Mary^Jr^Dr^^L~Neilly^Addie^^^^^N~Smith^^^^^^M~^^^^^^L");
    let names = patient.names.value().unwrap();
    assert_eq!(names.len(), 3);
    let legal = patient.legal_name().unwrap();
    assert_eq!(
        [
            &legal.family,
            &legal.given,
            &legal.further,
            &legal.suffix,
            &legal.prefix
        ]
        .map(|n| shown(n.as_ref())),
        ["O'Neil", "Ada", "Mary", "Jr", "Dr"]
    );
    assert_eq!(shown(patient.preferred_name().unwrap().given.as_ref()), "Addie");
    assert_eq!(names[2].kind, NameKind::Maiden);
}

#[test]
fn a_name_of_no_said_kind_is_the_legal_one() {
    let patient = patient("PID|1||A1||Doe^Jane^Q^^Ms~Janey^^^^^^Z||||DOE^JAN");
    assert_eq!(shown(patient.legal_name().unwrap().family.as_ref()), "Doe");
    assert_eq!(
        patient.names.value().unwrap()[1].kind,
        NameKind::Other("Z".to_owned())
    );
    assert_eq!(patient.aliases.value().unwrap().len(), 1);
}

#[test]
fn birth_is_as_precise_as_it_is_known() {
    let birth = |text: &str| {
        patient(&format!("PID|1||A1||T||{text}"))
            .birth
            .map(Personal::into_inner)
    };
    assert_eq!(birth("1945").value().unwrap().precision, Precision::Year);
    assert_eq!(
        birth("194507140930").value().unwrap().precision,
        Precision::Minute
    );
    assert_eq!(birth("19450101^Y").value().unwrap().precision, Precision::Year);
    assert_eq!(birth(""), Said::Absent);
    assert_eq!(birth("\"\""), Said::Deleted);
}

#[test]
fn sex_is_a_code_of_the_table_or_the_sites_own() {
    let sex = |code: &str| {
        patient(&format!("PID|1||A1||T|||{code}"))
            .sex
            .map(Personal::into_inner)
    };
    assert_eq!(sex("F"), Said::Value(Sex::Female));
    assert_eq!(sex("U^Unknown"), Said::Value(Sex::Unknown));
    assert_eq!(sex("1"), Said::Value(Sex::Local("1".to_owned())));
    assert_eq!(sex("\"\""), Said::Deleted);
}

#[test]
fn a_death_may_come_with_any_event() {
    let died = |at: &str, indicator: &str| {
        let pid = format!("PID|1||A1||T{}{at}|{indicator}", "|".repeat(24));
        let adt = read("A08", &[&pid]).unwrap();
        let notes = adt.notes.len();
        (only(adt).patient.death.has_died(), notes)
    };
    assert_eq!(died("20260114", "Y"), (Said::Value(true), 0));
    assert_eq!(died("", "Y"), (Said::Value(true), 0));
    assert_eq!(died("20260114", ""), (Said::Value(true), 0));
    assert_eq!(died("20260114", "\"\""), (Said::Value(true), 0));
    assert_eq!(died("", "N"), (Said::Value(false), 0));
    assert_eq!(died("\"\"", "N"), (Said::Value(false), 0));
    assert_eq!(died("", "\"\""), (Said::Deleted, 0));
    assert_eq!(died("\"\"", ""), (Said::Deleted, 0));
    assert_eq!(died("", ""), (Said::Absent, 0));
    assert_eq!(died("20260114", "N"), (Said::Absent, 1));
    assert_eq!(died("", "PV1"), (Said::Absent, 1));
    assert_eq!(died("yesterday", "Y"), (Said::Value(true), 1));
}

#[test]
fn addresses_keep_lines_that_were_sent() {
    let pid = "PID|1||A1||T||||||Flat 1 & 2^High St^York^N Yorks^YO1 7HH^GBR^H~&Mill Lane&4^^Hull^^\"\"~9 Mill Lane&Mill Lane&9^^Hull~\"\"";
    let patient = patient(pid);
    let [first, second, third] = patient.addresses.value().unwrap().as_slice() else {
        panic!()
    };
    let lines: Vec<&str> = first.lines.iter().map(Personal::as_str).collect();
    assert_eq!(lines, ["Flat 1 & 2", "High St"]);
    assert_eq!(
        [&first.city, &first.county, &first.postcode, &first.country].map(|part| shown(part.as_ref())),
        ["York", "N Yorks", "YO1 7HH", "GBR"]
    );
    assert_eq!(first.kind.as_deref(), Some("H"));
    assert_eq!(second.lines[0].as_str(), "4 Mill Lane");
    assert_eq!(second.postcode, None);
    assert_eq!(third.lines[0].as_str(), "9 Mill Lane");
}

#[test]
fn telephones_and_email_come_in_old_and_new_forms() {
    let pid = "PID|1||A1||T||||||||01904 1^PRN^PH~^PRN^CP^^44^7700^900123^9~^NET^Internet^a@b.uk\
               ~07700 2^PRN^PH^c@d.uk~e@f.uk^NET~^ORN^FX^^^^^^^^^0123|(555)1";
    let patient = patient(pid);
    let home: Vec<(&str, Medium, Option<&str>)> = patient
        .home_telecoms
        .value()
        .unwrap()
        .iter()
        .map(|telecom| (telecom.value.as_str(), telecom.medium, telecom.usage.as_deref()))
        .collect();
    assert_eq!(
        home,
        [
            ("01904 1", Medium::Phone, Some("PRN")),
            ("+44 7700 900123 X9", Medium::Mobile, Some("PRN")),
            ("a@b.uk", Medium::Email, Some("NET")),
            ("07700 2", Medium::Phone, Some("PRN")),
            ("c@d.uk", Medium::Email, Some("PRN")),
            ("e@f.uk", Medium::Email, Some("NET")),
            ("0123", Medium::Fax, Some("ORN")),
        ]
    );
    assert_eq!(patient.work_telecoms.value().unwrap()[0].value.as_str(), "(555)1");
    assert_eq!(patient.telecoms, Said::Absent);
}

#[test]
fn practice_practitioner_and_restriction_stand_in_pd1() {
    let adt = read(
        "A31",
        &[PID, "PD1|||The Surgery^^A12345|G123^Khan^Amina^^^Dr||||||||Y"],
    )
    .unwrap();
    let patient = only(adt).patient;
    let practice = patient.practice.value().unwrap();
    assert_eq!(
        (shown(practice.name.as_ref()), shown(practice.code.as_ref())),
        ("The Surgery", "A12345")
    );
    let gp = patient.general_practitioner.value().unwrap();
    assert_eq!(shown(gp.id.as_ref()), "G123");
    assert_eq!(shown(gp.name.as_ref().unwrap().prefix.as_ref()), "Dr");
    assert_eq!(patient.restricted, Said::Value(Personal::new(true)));
    let silent = only(read("A31", &[PID]).unwrap()).patient;
    assert_eq!(silent.restricted, Said::Absent);
}

#[test]
fn null_deletes_and_silence_does_not() {
    let patient = patient("PID|1||A1||T||||||\"\"^\"\"||\"\"|");
    assert_eq!(patient.addresses, Said::Deleted);
    assert_eq!(patient.home_telecoms, Said::Deleted);
    assert_eq!(patient.work_telecoms, Said::Absent);
}

#[test]
fn debug_of_a_message_names_nobody() {
    let adt = read(
        "A01",
        &[
            "PID|1||SECRETA^^^RX1^MR||SECRETB^SECRETC||19450230|SECRETD|||SECRETE||SECRETF",
            "PD1|||SECRETG|SECRETH",
            "PV1|1|SECRETI|SECRETJ^SECRETK|||SECRETL|SECRETM|||SECRETN||||||SECRETO|||SECRETP",
        ],
    );
    assert!(!format!("{adt:?}").contains("SECRET"), "{adt:?}");
}
