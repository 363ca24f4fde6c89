use baton_core::date::{Date, LocalMoment, PartialDate};
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::query::PatientQuery;
use baton_core::patient::similar::Likeness;
use baton_core::patient::{Gender, Identifier, PatientNhsNumber};
use baton_core::person::Name;
use baton_core::secret::Personal;
use leptos::prelude::Owner;

use super::change::{HELD_BACK_FOR, Watched, differences};
use super::*;

const NOW: At = At::from_millis(1_799_157_909_000);

fn id(number: u8) -> PatientId {
    PatientId::from_bytes([number; 16])
}

fn patient(number: u8, family: &str, given: &str) -> Patient {
    Patient {
        version: 1,
        name: Personal::new(Name {
            title: "Mrs".to_owned(),
            given: given.to_owned(),
            family: family.to_owned(),
        }),
        born: Date::new(1945, 7, 14).map(|day| Personal::new(PartialDate::Day(day))),
        gender: Gender::Female,
        nhs: NhsNumber::parse("900 000 0009")
            .ok()
            .map(|number| PatientNhsNumber {
                number,
                is_verified: true,
            }),
        ..Patient::new(id(number))
    }
}

/// Stores under an owner that lives as long as the test.
fn store() -> (Owner, Patients) {
    let owner = Owner::new();
    owner.set();
    (owner, Patients::new())
}

fn found(patients: &Patients, typed: &str) -> Vec<String> {
    let now = LocalMoment::in_uk(NOW);
    let hits = found::here(patients, &PatientQuery::parse(typed, now.date), now).hits;
    hits.into_iter().map(|hit| hit.face.name).collect()
}

#[test]
fn whoever_was_looked_up_is_kept_and_comes_back_and_whoever_was_only_found_does_not() {
    let (_owner, patients) = store();
    patients.keep(Arc::new(patient(1, "Jones", "Mary")), true, NOW);
    patients.note_found(&[Arc::new(patient(2, "Smith", "John"))]);
    let kept = patients.take_unkept();
    assert_eq!(kept.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(patients.take_unkept(), []);

    let (_owner, after) = store();
    after.put_back_kept(kept.into_iter().filter_map(|(_, kept)| kept).collect(), NOW);
    assert_eq!(after.find_now(id(1)), patients.find_now(id(1)));
    assert_eq!(after.find_now(id(2)), None);
    assert_eq!(after.take_unkept(), [], "what was kept is not written again");
}

#[test]
fn who_was_looked_up_longest_ago_goes_first_and_nobody_stays_past_their_time() {
    let (_owner, patients) = store();
    let later = |seconds: u64| At::from_millis(NOW.millis() + seconds * 1_000);
    for (order, number) in (0_u8..).zip(0..u8::try_from(KEPT).unwrap()) {
        patients.keep(
            Arc::new(patient(number, "Jones", "Mary")),
            false,
            later(order.into()),
        );
    }
    _ = patients.take_unkept();
    patients.keep(Arc::new(patient(250, "Last", "One")), false, later(1_000));
    let changed = patients.take_unkept();
    assert_eq!(changed.len(), 2);
    assert!(changed.contains(&(id(0), None)), "the first is kept no longer");

    let week = KEPT_FOR.as_secs();
    patients.keep(Arc::new(patient(251, "Next", "Week")), false, later(1_000 + week));
    let left: Vec<PatientId> = patients
        .last_looked_up(KEPT)
        .iter()
        .map(|patient| patient.id)
        .collect();
    assert_eq!(left, [id(251), id(250)]);
}

#[test]
fn less_of_the_same_version_does_not_take_the_place_of_all_of_it_and_a_newer_identity_does() {
    let (_owner, patients) = store();
    patients.keep(Arc::new(patient(1, "Jones", "Mary")), true, NOW);
    patients.note_found(&[Arc::new(patient(1, "Jones", "Mary"))]);
    let known = patients.known(id(1)).unwrap();
    assert!(known.is_whole);
    assert_eq!(known.source, Source::LookedUp(NOW));

    let newer = Patient {
        version: 2,
        ..patient(1, "Evans", "Mary")
    };
    patients.note_found(&[Arc::new(newer)]);
    let known = patients.known(id(1)).unwrap();
    assert_eq!(known.patient.shown_name(), "EVANS, Mary (Mrs)");
    assert!(
        !known.is_whole,
        "the address that is shown is not that of another version"
    );
    assert_eq!(known.source, Source::LookedUp(NOW));
}

#[test]
fn a_merged_patient_is_found_and_named_as_the_one_who_stands_for_both() {
    let (_owner, patients) = store();
    let merged = Patient {
        merged_into: Some(id(2)),
        ..patient(1, "Zebrowski", "Mary")
    };
    patients.keep(Arc::new(merged), true, NOW);
    assert_eq!(patients.resolve(id(1)), id(1), "the other is not known yet");
    patients.keep(Arc::new(patient(2, "Jones", "Mary")), true, NOW);
    assert_eq!(patients.resolve(id(1)), id(2));
    assert_eq!(
        patients.family(id(2)),
        baton_core::ordered::SortedSet::from([id(1), id(2)])
    );
    assert_eq!(found(&patients, "zebrowski"), ["JONES, Mary (Mrs)"]);
    let now = LocalMoment::in_uk(NOW);
    let query = PatientQuery::parse("zebrowski", now.date);
    let hit = found::here(&patients, &query, now).hits.pop().unwrap();
    assert!(hit.by_merged.unwrap().starts_with("ZEBROWSKI, Mary (Mrs)"));
}

#[test]
fn merges_that_go_round_in_a_circle_stand_for_nobody_else() {
    let (_owner, patients) = store();
    for (number, into) in [(1, 2), (2, 1)] {
        let merged = Patient {
            merged_into: Some(id(into)),
            ..patient(number, "Jones", "Mary")
        };
        patients.keep(Arc::new(merged), true, NOW);
    }
    assert_eq!(patients.resolve(id(1)), id(1));
    assert_eq!(patients.resolve(id(2)), id(2));
}

#[test]
fn only_whom_this_device_keeps_is_found_on_it() {
    let (_owner, patients) = store();
    patients.keep(Arc::new(patient(1, "Jones", "Mary")), false, NOW);
    patients.note_found(&[Arc::new(patient(2, "Jones", "Jane"))]);
    assert_eq!(found(&patients, "jones"), ["JONES, Mary (Mrs)"]);
    assert_eq!(found(&patients, "900 000 0009"), ["JONES, Mary (Mrs)"]);
    assert_eq!(found(&patients, "smith"), [""; 0]);
}

#[test]
fn what_was_understood_is_said() {
    let now = LocalMoment::in_uk(NOW);
    let understood = |typed: &str| found::understood(&PatientQuery::parse(typed, now.date));
    assert_eq!(understood("smith 2/1/61"), "name smith, born 02-Jan-1961");
    assert_eq!(understood("900-000-0009"), "NHS No. 900 000 0009");
    assert_eq!(understood(""), "");
    assert!(
        understood("ls1 4ab").contains("postcode LS1 4AB"),
        "{}",
        understood("ls1 4ab")
    );
}

#[test]
fn two_with_names_alike_are_marked_whichever_group_they_are_in() {
    let (_owner, patients) = store();
    for (number, family) in [(1, "Marten"), (2, "Martin"), (3, "Okafor")] {
        patients.keep(Arc::new(patient(number, family, "Mary")), false, NOW);
    }
    let now = LocalMoment::in_uk(NOW);
    let hit = |number| found::hit(id(number), &patients, now).unwrap();
    let (mut here, mut index) = (vec![hit(1), hit(3)], vec![hit(2)]);
    found::mark_similar([&mut here, &mut index]);
    let is_marked = |hit: &found::Hit| hit.likeness.is_some_and(Likeness::asks_again);
    assert!(is_marked(&here[0]) && is_marked(&index[0]));
    // The same birth date with the same given name.
    assert!(is_marked(&here[1]));
}

#[test]
fn without_an_nhs_number_a_line_has_the_number_of_the_hospital() {
    let now = LocalMoment::in_uk(NOW);
    let local = Patient {
        nhs: None,
        identifiers: vec![Identifier {
            assigner: "St Mary's".to_owned(),
            value: Personal::new("H123".to_owned()),
        }],
        ..patient(1, "Jones", "Mary")
    };
    let face = Face::of(&local, now, None);
    assert_eq!(
        (face.number.label.as_str(), face.number.value.as_str()),
        ("St Mary's No.", "H123")
    );
    assert_eq!(face.born, "14-Jul-1945 (81y)");
    let neither = Patient {
        identifiers: Vec::new(),
        ..local
    };
    let face = Face::of(&neither, now, None);
    assert_eq!(
        (face.number.label.as_str(), face.number.value.as_str()),
        ("NHS No.", "Not Known")
    );
}

#[test]
fn a_change_of_identity_is_told_until_it_was_seen_and_holds_back_what_is_pressed_right_after_it() {
    let mut watched = Watched::default();
    let later = |millis: u64| At::from_millis(NOW.millis() + millis);
    let first = Arc::new(patient(1, "Jones", "Mary"));
    assert!(!watched.see(&first, None, NOW));
    assert!(!watched.holds_back(NOW), "whom one opens is no change");

    let mut moved = patient(1, "Jones", "Mary");
    moved.version = 2;
    moved.preferred = Some(Personal::new("Molly".to_owned()));
    assert!(!watched.see(&Arc::new(moved), None, later(10)), "no identity");
    assert_eq!(watched.since(), None);

    let married = Patient {
        version: 3,
        ..patient(1, "Evans", "Mary")
    };
    assert!(watched.see(&Arc::new(married.clone()), None, later(1_000)));
    assert_eq!(watched.since(), Some(later(1_000)));
    assert!(watched.holds_back(later(1_699)));
    assert!(!watched.holds_back(later(1_000 + u64::try_from(HELD_BACK_FOR.as_millis()).unwrap())));

    // A second change before the first was seen: what is told is from what the person saw.
    let mut born = married;
    born.version = 4;
    born.born = None;
    assert!(watched.see(&Arc::new(born), None, later(5_000)));
    let told: Vec<(&str, &str, &str)> = watched
        .differences
        .iter()
        .map(|it| (it.label, it.before.as_str(), it.after.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("Name", "JONES, Mary (Mrs)", "EVANS, Mary (Mrs)"),
            ("Born", "14-Jul-1945", "Not Known"),
        ]
    );
    watched.acknowledge();
    assert_eq!(watched.since(), None);
}

#[test]
fn a_change_and_back_leaves_nothing_to_be_told() {
    let mut watched = Watched::default();
    let (one, other) = (
        Arc::new(patient(1, "Jones", "Mary")),
        Arc::new(patient(1, "Evans", "Mary")),
    );
    watched.see(&one, None, NOW);
    watched.see(&other, None, NOW);
    watched.see(&one, None, NOW);
    assert_eq!(watched.since(), None);
    assert!(watched.holds_back(NOW), "but it moved under the finger");
}

#[test]
fn a_merge_and_a_death_are_changes_of_identity() {
    let before = patient(1, "Jones", "Mary");
    let survivor = patient(2, "Jones", "Maria");
    let merged = Patient {
        merged_into: Some(id(2)),
        ..before.clone()
    };
    let labels = |after: &Patient, survivor: Option<&Patient>| {
        let all = differences(&before, after, survivor).into_iter();
        all.map(|difference| difference.label).collect::<Vec<_>>()
    };
    assert_eq!(labels(&merged, Some(&survivor)), ["Merged into"]);
    assert_eq!(labels(&survivor, None), ["Record", "Name"]);
    let dead = Patient {
        died: Some(baton_core::patient::Died::default()),
        ..before.clone()
    };
    assert_eq!(labels(&dead, None), ["Died"]);
}
