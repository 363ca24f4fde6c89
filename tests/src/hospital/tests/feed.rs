use std::collections::{BTreeMap, BTreeSet};

use baton_core::nhs_number::NhsNumber;
use baton_hl7::adt::{Adt, Processing};
use baton_hl7::{Limits, Message};

use super::hospital;
use crate::hospital::Hospital;
use crate::hospital::place::WARDS;
use crate::hospital::replay::{Known, Replay, Status};

/// The model after the load and so many messages of the living day.
fn after(hospital: Hospital, living: usize) -> Replay {
    let mut replay = Replay::default();
    let mut stream = hospital.stream();
    let mut told = 0;
    while told < living {
        let (_, message) = stream.next().unwrap();
        told += usize::from(stream.is_living());
        if let Err(why) = replay.take(&message) {
            let text = String::from_utf8_lossy(&message).replace('\r', "\n");
            panic!("message {told} of the living day: {why:#}\n{text}");
        }
    }
    replay
}

fn loaded(hospital: Hospital) -> Replay {
    after(hospital, 1)
}

#[test]
fn no_message_tells_what_cannot_be() {
    let replay = after(hospital(4, 2_000), 12_000);
    let events: BTreeSet<&str> = replay.events().keys().map(String::as_str).collect();
    let all = [
        "A01", "A02", "A03", "A04", "A05", "A08", "A11", "A12", "A13", "A17", "A21", "A22", "A28", "A31",
        "A37", "A38", "A40", "A52", "A53",
    ];
    assert_eq!(events, all.into(), "{:?}", replay.events());
    let rare = replay.events().iter().filter(|(_, times)| **times < 5).count();
    assert_eq!(rare, 0, "{:?}", replay.events());
}

#[test]
fn that_holds_for_other_seeds_and_for_small_hospitals() {
    for seed in 0..6 {
        after(hospital(seed, 150), 1_500);
    }
    after(hospital(7, 1), 3);
    after(hospital(8, 40), 300);
}

#[test]
fn the_same_seed_sends_the_same_bytes_and_another_sends_others() {
    let bytes = |seed| hospital(seed, 300).stream().take(3_000).collect::<Vec<_>>();
    let first = bytes(4);
    assert!(first == bytes(4));
    let others = bytes(5);
    let same = first
        .iter()
        .zip(&others)
        .filter(|(one, other)| one == other)
        .count();
    assert_eq!(same, 0);
}

#[test]
fn its_time_never_goes_back() {
    let times: Vec<_> = hospital(4, 200).stream().take(2_000).map(|(at, _)| at).collect();
    assert!(times.is_sorted());
    assert!(times.last() > times.first());
}

#[test]
fn wards_stay_as_full_as_they_are_meant_to_be() {
    let hospital = hospital(4, 2_000);
    let mut stream = hospital.stream();
    let mut replay = Replay::default();
    for round in 0..4 {
        for _ in 0..if round == 0 { 4_000 } else { 2_000 } {
            replay.take(&stream.next().unwrap().1).unwrap();
        }
        for ward in WARDS.iter().filter(|ward| ward.name != "Discharge Lounge") {
            let beds: u32 = ward.bays.iter().filter(|bay| !bay.cots).map(|bay| bay.beds).sum();
            let here = replay.at(ward.facility.ods(), ward.name);
            let in_beds = here.iter().filter(|visit| !visit.place.3.starts_with("Cot"));
            let full = u32::try_from(in_beds.count()).unwrap() * 100 / beds;
            assert!(
                (35..=100).contains(&full),
                "{} is {full} % full in round {round}",
                ward.name
            );
        }
    }
}

#[test]
fn ward_7_has_two_patients_whom_one_mistakes_for_each_other() {
    let hospital = hospital(4, 2_000);
    let replay = loaded(hospital);
    let here = replay.at("RX1", "Ward 7");
    assert!(here.len() >= 20, "{} patients", here.len());
    let numbers: BTreeMap<String, u32> = hospital
        .people()
        .map(|who| (who.hospital_number, who.number))
        .collect();
    let here: BTreeSet<u32> = here.iter().map(|visit| numbers[&visit.patient]).collect();
    let pairs = here
        .iter()
        .filter(|number| **number % 50 == 18 && here.contains(&(**number + 1)));
    assert!(pairs.count() >= 1);
}

#[test]
fn women_and_men_do_not_share_a_bay() {
    let hospital = hospital(4, 2_000);
    let replay = loaded(hospital);
    let gender: BTreeMap<String, _> = hospital
        .people()
        .map(|who| (who.hospital_number, who.gender))
        .collect();
    for ward in WARDS
        .iter()
        .filter(|ward| ward.single_sex && ward.name != "Maternity")
    {
        let mut bays: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
        for visit in replay.at(ward.facility.ods(), ward.name) {
            bays.entry(visit.place.2.as_str())
                .or_default()
                .insert(gender[&visit.patient]);
        }
        assert!(bays.values().all(|genders| genders.len() == 1), "{}", ward.name);
    }
}

#[test]
fn teams_of_the_demonstration_find_their_patients() {
    let replay = loaded(hospital(4, 2_000));
    for (facility, ward, least) in [
        ("RX1", "Ward 7", 20),
        ("VM9X1", "Orchard House", 20),
        ("RY9", "Millbrook neighbourhood team", 40),
        ("901", "Reablement", 10),
    ] {
        let here = replay.at(facility, ward).len();
        assert!(here >= least, "{here} at {ward}");
    }
}

#[test]
fn a_resident_in_hospital_keeps_the_room_in_the_home() {
    let replay = after(hospital(4, 2_000), 6_000);
    let home = replay.at("VM9X1", "Orchard House");
    let away: Vec<_> = home
        .iter()
        .filter(|visit| visit.status == Status::OnLeave)
        .collect();
    assert!(!away.is_empty());
    for resident in away {
        let elsewhere = WARDS
            .iter()
            .filter(|ward| ward.facility.ods() == "RX1")
            .flat_map(|ward| replay.at("RX1", ward.name))
            .any(|visit| visit.patient == resident.patient);
        assert!(elsewhere, "who is on leave from the home is in hospital");
    }
}

#[test]
fn what_was_merged_names_who_stands_for_it() {
    let replay = after(hospital(4, 2_000), 4_000);
    let merged: Vec<&Known> = replay
        .people()
        .map(|(_, known)| known)
        .filter(|known| known.merged_into.is_some())
        .collect();
    assert!(merged.len() > 10, "{} are merged", merged.len());
    for known in merged {
        let mut stands = known;
        // Who stands for somebody may have been merged in turn.
        for _ in 0..5 {
            let survivor = stands.merged_into.as_deref();
            stands = survivor.map_or(stands, |number| replay.person(number).unwrap());
        }
        assert_eq!(stands.merged_into, None);
    }
}

#[test]
fn what_stands_in_an_address_never_becomes_a_field() {
    let odd: Vec<_> = hospital(4, 2_000)
        .people()
        .filter(|who| who.home.street.contains('|') || who.home.within.contains('&'))
        .collect();
    assert!(odd.len() > 1);
    let messages: Vec<String> = hospital(4, 2_000)
        .stream()
        .take(2_000)
        .map(|(_, message)| String::from_utf8(message).unwrap())
        .collect();
    for who in odd {
        let number = format!("{}^^^RX1^MR", who.hospital_number);
        let message = messages.iter().find(|message| message.contains(&number)).unwrap();
        let pid = message
            .split('\r')
            .find(|segment| segment.starts_with("PID|"))
            .unwrap();
        let address = pid.split('|').nth(11).unwrap();
        assert_eq!(address.split('^').nth(4), Some(who.home.postcode.as_str()));
        assert!(!address.contains('&') && (address.contains("\\F\\") || address.contains("\\T\\")));
    }
}

#[test]
fn a_million_patients_are_told_of_one_at_a_time() {
    let mut stream = hospital(4, 1_000_000).stream();
    let first = stream.next().unwrap().1;
    assert!(first.starts_with(b"MSH|^~\\&|PAS|RX1|BATON|RX1|20260112070000+0000||ADT^A28^ADT_A05|"));
    assert!(!stream.is_living());
}

#[test]
fn every_message_is_one_that_the_parser_of_the_record_understands_whole() {
    let mut stream = hospital(4, 2_000).stream();
    let mut living = 0;
    while living < 4_000 {
        let (_, bytes) = stream.next().unwrap();
        living += usize::from(stream.is_living());
        let message = Message::parse(&bytes, Limits::ADT).unwrap();
        let adt = Adt::read(&message).unwrap();
        let text = String::from_utf8_lossy(&bytes).replace('\r', "\n");
        assert_eq!(adt.notes, [], "{text}");
        assert_eq!(adt.header.processing, Processing::Training);
        for subject in &adt.persons {
            let kinds: Vec<_> = subject
                .patient
                .identifiers
                .iter()
                .map(|number| number.kind.as_deref())
                .collect();
            assert!(kinds.contains(&Some("MR")), "{text}");
            let numbers = subject.patient.nhs_numbers();
            let valid = numbers.map(|number| NhsNumber::parse(number.value.as_str()));
            assert!(valid.into_iter().all(|number| number.is_ok()), "{text}");
            assert!(subject.patient.legal_name().is_some(), "{text}");
        }
    }
}
