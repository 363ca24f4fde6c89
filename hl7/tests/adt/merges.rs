//! Merges, moves and changes of identifiers.

use super::*;

fn priors(adt: &Adt) -> Vec<Vec<&str>> {
    let of = |person: &'_ Subject| person.priors.len();
    assert!(adt.persons.iter().all(|person| of(person) > 0));
    adt.persons
        .iter()
        .flat_map(|person| &person.priors)
        .map(|prior| {
            prior
                .prior
                .identifiers
                .iter()
                .map(|id| id.value.as_str())
                .collect()
        })
        .collect()
}

#[test]
fn a_merge_names_who_remains_and_who_is_merged_into_them() {
    let adt = read("A40", &[PID, "MRG|B2^^^RX1^MR~9^^^NHS^NH||||||Test^Bob"]).unwrap();
    assert_eq!(adt.event, Event::Merged(Level::Patient));
    assert_eq!(adt.persons[0].patient.identifiers[0].value.as_str(), "A1");
    assert_eq!(priors(&adt), [["B2", "9"]]);
    assert_eq!(adt.persons[0].priors[0].prior.names.value().unwrap().len(), 1);
}

#[test]
fn one_message_may_hold_several_merges() {
    let adt = read("A40", &[PID, "MRG|X1", PV1, OTHER_PID, "PD1|1", "MRG|X2"]).unwrap();
    assert_eq!(priors(&adt), [["X1"], ["X2"]]);
    assert!(adt.persons[0].visit.is_none() && adt.persons[0].priors[0].visit.is_some());
}

#[test]
fn the_old_merge_has_its_visit_before_and_other_fields() {
    let adt = read("A18", &[PID, PV1, "MRG|B2"]).unwrap();
    assert!(adt.persons[0].visit.is_some());
    assert_eq!(priors(&read("A30", &[PID, "MRG||||EXT7"]).unwrap()), [["EXT7"]]);
}

#[test]
fn what_is_merged_must_be_said() {
    let missing = |field| AdtError::MissingField(Location::field("MRG", field));
    for trigger in ["A18", "A30", "A34", "A36", "A39", "A40", "A43", "A47"] {
        assert_eq!(
            read(trigger, &[PID, PV1, "MRG|"]).unwrap_err(),
            missing(1),
            "{trigger}"
        );
        assert_eq!(
            read(trigger, &[PID, PV1]).unwrap_err(),
            AdtError::MissingSegment(Location::segment("MRG", 1)),
            "{trigger}"
        );
    }
    for trigger in ["A35", "A41", "A44", "A49"] {
        assert_eq!(
            read(trigger, &[PID, "MRG|B2"]).unwrap_err(),
            missing(3),
            "{trigger}"
        );
    }
    for trigger in ["A42", "A45", "A50"] {
        assert_eq!(
            read(trigger, &[PID, "MRG|B2", PV1]).unwrap_err(),
            missing(5),
            "{trigger}"
        );
    }
    assert_eq!(read("A51", &[PID, "MRG|B2", PV1]).unwrap_err(), missing(6));
    let second = read("A40", &[PID, "MRG|X1", OTHER_PID, "MRG|"]).unwrap_err();
    assert_eq!(
        second,
        AdtError::MissingField(Location::field("MRG", 1).in_occurrence(2))
    );
}

#[test]
fn what_it_becomes_must_be_said_too() {
    let missing = |segment, field| AdtError::MissingField(Location::field(segment, field));
    for trigger in ["A35", "A36", "A41", "A49"] {
        assert_eq!(
            read(trigger, &[PID, "MRG|B2||ACC1"]).unwrap_err(),
            missing("PID", 18),
            "{trigger}"
        );
    }
    let with_account = "PID|1||A1||T|||||||||||||ACC2";
    assert!(read("A41", &[with_account, "MRG|B2||ACC1"]).is_ok());
    for trigger in ["A42", "A50"] {
        for visit in [PV1, "PD1|1"] {
            let error = read(trigger, &[PID, "MRG|A1||||V1", visit]).unwrap_err();
            assert_eq!(error, missing("PV1", 19), "{trigger}");
        }
        let visit = "PV1|1|I|||||||||||||||||V2";
        assert!(read(trigger, &[PID, "MRG|A1||||V1", visit]).is_ok(), "{trigger}");
        assert!(read(trigger, &[PID, visit, "MRG|A1||||V1"]).is_ok(), "{trigger}");
    }
    assert_eq!(
        read("A51", &[PID, "MRG|A1|||||V1", PV1]).unwrap_err(),
        missing("PV1", 50)
    );
}

#[test]
fn a_move_of_visits_names_each() {
    let adt = read("A45", &[PID, "MRG|B2||||V1", PV1, "MRG|B2||||V2", PV1]).unwrap();
    assert_eq!(adt.event, Event::Moved(Level::Visit));
    let visits: Vec<&str> = adt.persons[0]
        .priors
        .iter()
        .map(|prior| prior.prior.visit.value().unwrap().value.as_str())
        .collect();
    assert_eq!(visits, ["V1", "V2"]);
}
