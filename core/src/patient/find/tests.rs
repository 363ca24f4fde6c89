use proptest::prelude::*;

use super::*;
use crate::date::Date;
use crate::id::PatientId;
use crate::patient::tests::{born, date, identifier, named, nhs, patient};
use crate::secret::Personal;

fn today() -> Date {
    date(2026, 11, 26)
}

fn found(typed: &str, patients: &[Patient]) -> Vec<u8> {
    let query = PatientQuery::parse(typed, today());
    let found = query.find(patients, 25);
    found
        .hits
        .iter()
        .map(|hit| hit.patient.id.as_bytes()[0])
        .collect()
}

fn ward() -> Vec<Patient> {
    let mut ward = vec![
        patient(1),
        named(2, "O'Brien", "Siân"),
        named(3, "Smith", "Thomas"),
        named(4, "Smithson", "Jane"),
        named(5, "Smyth", "Jane"),
        named(6, "Thomas", "Smith"),
        named(7, "van der Berg", "Anna Maria"),
        named(8, "McDonald", "Ian"),
    ];
    ward[1].born = Some(born(1961, 1, 2));
    ward[1].nhs = Some(nhs("9000000025", false));
    ward[2].born = Some(born(1961, 1, 2));
    ward[3].born = Some(Personal::new(PartialDate::Year(1961)));
    ward[4].identifiers = vec![identifier("Northbridge", "19610102")];
    ward[5].superseded = vec![nhs("9000000033", true).number];
    ward
}

#[test]
fn each_identifier_finds_its_patient() {
    for typed in [
        "9000000009",
        "900 000 0009",
        "a012345",
        "A-012345",
        "77123",
        "0077123",
        "jones mary",
        "MARY Jones",
        "jon 14/7/45",
        "jones ls1",
        "mary 14-Jul-1945 LS1 4AB",
        "jones 1945",
        "yo1 7hh",
    ] {
        assert_eq!(found(typed, &ward()), [1], "{typed}");
    }
    assert_eq!(found("obrien", &ward()), [2]);
    assert_eq!(found("o brien", &ward()), [2]);
    assert_eq!(found("brien sian", &ward()), [2]);
    assert_eq!(found("vanderberg", &ward()), [7]);
    assert_eq!(found("van den berg", &ward()), [7_u8; 0]);
    assert_eq!(found("berg annamaria", &ward()), [7]);
    assert_eq!(found("mc donald", &ward()), [8]);
    assert_eq!(found("macdonald", &ward()), [8]);
}

#[test]
fn every_term_must_hold() {
    assert_eq!(found("jones 15/7/45", &ward()), [0_u8; 0]);
    assert_eq!(found("jones ls2", &ward()), [0_u8; 0]);
    assert_eq!(found("smith zzz", &ward()), [0_u8; 0]);
    assert_eq!(found("", &ward()), [0_u8; 0]);
    assert_eq!(
        found("ones", &ward()),
        [0_u8; 0],
        "a name is found from its beginning"
    );
}

#[test]
fn whole_names_come_before_beginnings_and_those_before_sounds() {
    assert_eq!(found("smith", &ward()), [3, 6, 4, 5]);
    assert_eq!(found("smith thomas", &ward()), [3, 6]);
    assert_eq!(found("smith jane", &ward()), [4, 5]);
}

#[test]
fn what_only_sounds_so_is_told_apart() {
    let ward = ward();
    let found = PatientQuery::parse("smith", today()).find(&ward, 25);
    let by_sound: Vec<bool> = found.hits.iter().map(|hit| hit.rank.is_by_sound()).collect();
    assert_eq!(by_sound, [false, false, false, true]);
}

#[test]
fn an_exact_number_comes_first() {
    assert_eq!(found("19610102", &ward()), [5, 2, 3, 4]);
}

#[test]
fn a_birth_date_that_is_known_in_part_is_found_after_those_that_are_the_same() {
    assert_eq!(found("2/1/1961", &ward()), [2, 3, 4]);
    assert_eq!(
        found("smi 2/1/61", &ward()),
        [3, 4, 2],
        "2 as Siân sounds like it"
    );
    assert_eq!(found("smithson jan 1961", &ward()), [4]);
    assert_eq!(found("smithson 1962", &ward()), [0_u8; 0]);
}

#[test]
fn by_a_superseded_number_a_patient_is_found_and_it_is_said() {
    let ward = ward();
    let found = PatientQuery::parse("900 000 0033", today()).find(&ward, 25);
    assert_eq!(found.hits.len(), 1);
    assert!(found.hits[0].rank.is_by_superseded_number());
    let found = PatientQuery::parse("900 000 0025", today()).find(&ward, 25);
    assert!(!found.hits[0].rank.is_by_superseded_number());
}

#[test]
fn a_restricted_patient_is_not_found_by_where_they_live() {
    let mut ward = ward();
    ward[0].restricted = true;
    assert_eq!(found("ls1 4ab", &ward), [0_u8; 0]);
    assert_eq!(found("jones", &ward), [1]);
}

#[test]
fn one_who_was_merged_comes_last() {
    let mut ward = ward();
    ward[2].merged_into = Some(PatientId::from_bytes([6; 16]));
    assert_eq!(found("smith", &ward), [6, 4, 5, 3]);
}

#[test]
fn the_order_does_not_depend_on_theirs_and_no_more_are_told_than_wanted() {
    let mut ward = ward();
    let query = PatientQuery::parse("smi", today());
    let order = |found: FoundHere| found.hits.iter().map(|hit| hit.patient.id).collect::<Vec<_>>();
    let before = order(query.find(&ward, 25));
    ward.reverse();
    assert_eq!(order(query.find(&ward, 25)), before);
    let found = query.find(&ward, 2);
    assert!(found.has_more);
    assert_eq!(found.hits.len(), 2);
    let twice = ward.iter().chain(&ward);
    assert_eq!(query.find(twice, 25).hits.len(), before.len());
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-zéłšơ]{1,9}",
        "(O'|D’|Mc|Mac|van der |al-|Nguyễn )[A-Z][a-z]{2,8}",
        "[A-Z][a-z]{1,7}[- ][A-Z][a-z]{1,7}",
        "(May|June|Dr|Miss|Lord|Jan)",
    ]
}

fn any_patient() -> impl Strategy<Value = Patient> {
    let identifier = "[A-Z]{0,3}[ /-]?[0-9]{3,9}[A-Z]?";
    let digits = prop::sample::select(vec!["9000000009", "9000000025", "9434765919", "4010232137"]);
    let birth = (-35_000_i32..20_000).prop_filter_map("a day", Date::from_days);
    (any_name(), any_name(), birth, identifier, digits).prop_map(|(family, given, birth, number, digits)| {
        let mut patient = named(1, &family, &given);
        patient.born = Some(Personal::new(PartialDate::Day(birth)));
        patient.identifiers = vec![identifier_of(&number)];
        patient.nhs = Some(nhs(digits, true));
        patient
    })
}

fn identifier_of(number: &str) -> Identifier {
    identifier("Northbridge", number)
}

fn finds(typed: &str, patient: &Patient) -> bool {
    PatientQuery::parse(typed, today()).rank(patient).is_some()
}

/// A date as people write it here.
fn spellings(date: Date) -> Vec<String> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let long = date.shown_long();
    let name = long.split(' ').nth(1).unwrap_or_default().to_owned();
    let short: String = name.chars().take(3).collect();
    let two = year % 100;
    let mut spellings = vec![
        date.shown(),
        long,
        format!("{day}/{month}/{year}"),
        format!("{day}.{month}.{year}"),
        format!("{day:02} {month:02} {year}"),
        format!("{day} {name} {year}"),
        format!("{day}-{}-{year}", short.to_lowercase()),
        format!("{day}{short}{year}"),
        format!("{year}{month:02}{day:02}"),
        format!("{day:02}{month:02}{year}"),
        format!("{year}-{month:02}-{day:02}"),
        format!("{year}"),
    ];
    if year > 1906 {
        spellings.push(format!("{day}/{month}/{two:02}"));
        spellings.push(format!("{day} {short} {two:02}"));
        spellings.push(format!("{day:02}{month:02}{two:02}"));
    }
    spellings
}

#[test]
fn a_line_that_identifies_a_patient_finds_them_when_it_is_pasted() {
    let ward = ward();
    assert_eq!(found(&crate::patient::three_identifiers(&ward[0]), &ward), [1]);
}

proptest! {
    #[test]
    fn a_patient_is_found_by_each_identifier(patient in any_patient(), spaces in prop::collection::vec(0_usize..10, 0..4)) {
        let number = patient.identifiers[0].value.as_str();
        prop_assert!(finds(number, &patient), "{number}");
        prop_assert!(finds(&number.to_lowercase(), &patient), "{number}");
        let mut digits = patient.nhs.unwrap().number.digits();
        for at in spaces {
            digits.insert(at, ' ');
        }
        prop_assert!(finds(&digits, &patient), "{digits}");
    }

    #[test]
    fn a_patient_is_found_by_the_parts_of_the_name_in_any_order(patient in any_patient(), by in 0_usize..6, is_turned in any::<bool>()) {
        let name = patient.name.expose();
        let typed = format!("{} {}", name.family, name.given);
        let mut parts: Vec<&str> = typed.split(' ').collect();
        let by = by % parts.len();
        parts.rotate_left(by);
        if is_turned {
            parts.reverse();
        }
        let typed = parts.join(" ");
        prop_assert!(finds(&typed, &patient), "{typed}");
        prop_assert!(finds(&typed.to_uppercase(), &patient), "{typed}");
        let cut: Vec<String> = parts.iter().map(|part| part.chars().take(3).collect()).collect();
        prop_assert!(finds(&cut.join(" "), &patient), "{cut:?}");
        prop_assert!(finds(&patient.shown_name(), &patient));
    }

    #[test]
    fn a_patient_is_found_by_any_spelling_of_the_birth_date(patient in any_patient()) {
        let birth = patient.born.as_ref().unwrap().expose().day().unwrap();
        for typed in spellings(birth).into_iter().filter(|_| birth <= today() && birth.year() >= 1906) {
            prop_assert!(finds(&typed, &patient), "{typed}");
            let family = patient.name.expose().family.clone();
            prop_assert!(finds(&format!("{family} {typed}"), &patient), "{family} {typed}");
        }
    }
}
