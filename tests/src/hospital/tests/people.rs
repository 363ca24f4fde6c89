use std::collections::BTreeSet;

use baton_core::date::PartialDate;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::Gender;

use super::hospital;
use crate::hospital::patient::{Kinship, NhsStatus, Patient};
use crate::hospital::roll;

#[test]
fn every_nhs_number_is_valid_of_the_test_range_and_of_one_person() {
    for seed in [4, 5] {
        let mut numbers = BTreeSet::new();
        let mut hospital_numbers = BTreeSet::new();
        for patient in hospital(seed, 2_000).people() {
            for number in patient.nhs.into_iter().chain(patient.former_nhs) {
                assert_eq!(NhsNumber::parse(&number.digits()), Ok(number));
                assert!(number.is_synthetic());
                assert!(numbers.insert(number));
            }
            assert!(hospital_numbers.insert(patient.hospital_number));
        }
        assert!(numbers.len() > 1_900);
    }
}

#[test]
fn no_two_of_a_million_have_a_number_in_common() {
    let numbers = hospital(4, 1_000_000).numbers();
    // A stretch of neighbours at either end, and some from all over.
    let places = (0..20_000)
        .chain((0..1_000_000).step_by(53))
        .chain(980_000..1_000_000);
    let places: BTreeSet<u32> = places.collect();
    let numbers: BTreeSet<String> = places.iter().map(|place| numbers.hospital(*place)).collect();
    assert_eq!(numbers.len(), places.len());
}

#[test]
fn a_patient_is_the_same_in_a_small_and_in_a_large_hospital() {
    let (small, large) = (hospital(4, 2_000), hospital(4, 1_000_000));
    assert!((0..2_000).all(|number| small.patient(number) == large.patient(number)));
    assert_eq!(large.patient(999_999).number, 999_999);
}

#[test]
fn the_same_seed_makes_the_same_people_and_another_makes_others() {
    let people = |seed| hospital(seed, 200).people().collect::<Vec<_>>();
    assert_eq!(people(4), people(4));
    let same = people(4)
        .into_iter()
        .zip(people(5))
        .filter(|(one, other)| (&one.family, &one.given) == (&other.family, &other.given));
    assert!(same.count() < 10);
}

#[test]
fn there_are_people_of_every_kind_that_software_stumbles_over() {
    let hospital = hospital(4, 2_000);
    let today = hospital.opening_day();
    let people: Vec<Patient> = hospital.people().collect();
    let some = |what: &str, is_one: &dyn Fn(&Patient) -> bool| {
        let found = people.iter().filter(|patient| is_one(patient)).count();
        assert!((2..600).contains(&found), "{found} of two thousand: {what}");
    };
    some("apostrophes", &|who| who.family.contains('\''));
    some("hyphens", &|who| who.family.contains('-'));
    some("accents", &|who| !who.family.is_ascii() || !who.given.is_ascii());
    some("two words in a family name", &|who| who.family.contains(' '));
    some("one name only", &|who| who.given.is_empty());
    some("very long names", &|who| {
        who.family.len() + who.all_given().len() > 60
    });
    some("very short names", &|who| who.family.chars().count() <= 2);
    some("names they like better", &|who| who.preferred.is_some());
    some("centenarians", &|who| who.years >= 100);
    some("newborn children", &|who| who.is_newborn(today));
    some("children", &|who| (1..16).contains(&who.years));
    some("dead people", &|who| who.died.is_some());
    some("dead people of whom nobody knows when", &|who| {
        who.died == Some(None)
    });
    some("restricted people", &|who| who.restricted);
    some("unknown birth dates", &|who| who.born.is_none());
    some("known years of birth", &|who| {
        matches!(who.born, Some(PartialDate::Year(_)))
    });
    some("no NHS number", &|who| who.nhs.is_none());
    some("unverified NHS numbers", &|who| {
        who.nhs.is_some() && who.nhs_status != NhsStatus::Verified
    });
    some("superseded NHS numbers", &|who| who.former_nhs.is_some());
    some("no practice", &|who| who.practice.is_none());
    some("no fixed abode", &|who| who.home.postcode == "ZZ99 3VZ");
    some("neither female nor male", &|who| {
        matches!(who.gender, Gender::NotKnown | Gender::NotSpecified)
    });
    some("registered twice", &|who| {
        matches!(who.kinship, Kinship::SameAs(_))
    });
    let families: BTreeSet<&str> = people.iter().map(|who| who.family.as_str()).collect();
    assert!(families.len() > 400, "{} family names", families.len());
}

#[test]
fn twins_are_born_on_one_day_and_are_two() {
    for twin in hospital(4, 2_000).people() {
        let Kinship::TwinOf(first) = twin.kinship else {
            continue;
        };
        let first = hospital(4, 2_000).patient(first);
        assert_eq!((&first.family, first.born), (&twin.family, twin.born));
        assert_eq!((first.of_twins, twin.of_twins), (1, 2));
        assert_ne!(first.given, twin.given);
        assert_ne!(first.nhs, twin.nhs);
    }
}

#[test]
fn a_newborn_child_has_the_mothers_name_and_home() {
    let hospital = hospital(4, 2_000);
    for child in hospital.people() {
        let Kinship::ChildOf(mother) = child.kinship else {
            continue;
        };
        let mother = hospital.patient(mother);
        assert_eq!(mother.gender, Gender::Female);
        assert!((18..=43).contains(&mother.years));
        assert_eq!((&child.family, &child.home), (&mother.family, &mother.home));
        let born = child.born.and_then(PartialDate::day).unwrap();
        assert!((0..5).contains(&(hospital.opening_day().days() - born.days())));
    }
}

#[test]
fn two_who_are_mistaken_for_each_other_are_alike_and_are_not_one() {
    let hospital = hospital(4, 2_000);
    let mut same_name = 0;
    for other in hospital.people() {
        let Kinship::MistakenFor(first) = other.kinship else {
            continue;
        };
        let first = hospital.patient(first);
        let begins = |name: &str| name.chars().next();
        assert_eq!(begins(&first.family), begins(&other.family));
        assert_eq!(first.gender, other.gender);
        assert_ne!(first.nhs, other.nhs);
        assert_ne!(first.hospital_number, other.hospital_number);
        same_name += usize::from(first.family == other.family && first.given == other.given);
    }
    assert!(same_name >= 10, "{same_name} pairs have the same name");
}

#[test]
fn nobody_can_be_telephoned_or_visited() {
    for who in hospital(4, 2_000).people() {
        let reached = &who.reached;
        for number in [&reached.home, &reached.work, &reached.mobile] {
            let rings_nowhere = number.starts_with("01632 960") || number.starts_with("07700 900");
            assert!(
                number.is_empty() || (rings_nowhere && number.len() == 12),
                "{number}"
            );
        }
        assert!(reached.email.is_empty() || reached.email.ends_with("@mail.example"));
        assert!(who.home.postcode.starts_with("ZZ"));
    }
}

#[test]
fn each_person_is_a_line_of_json_for_import() {
    for who in hospital(4, 200).people() {
        let line = roll::line(&who).unwrap();
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(read["family"], who.family);
        assert_eq!(
            (&read["assigner"], &read["number"]),
            (&"RX1".into(), &who.hospital_number.into())
        );
        let says = |value: &serde_json::Value| {
            value.is_boolean() || value.as_str().is_some_and(|text| !text.is_empty())
        };
        assert!(read.as_object().unwrap().values().all(says), "{line}");
    }
}
