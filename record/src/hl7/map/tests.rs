#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test that is wrong about what it meets ends there"
)]

use baton_core::date::PartialDate;
use baton_core::patient::{AddressKind, ContactKind, Gender, Place, VisitStatus};
use baton_hl7::{Limits, Location, Message};

use super::*;

const PID: &str = "PID|1||A1^^^RX1^MR~9990000018^^^NHS^NH||Thistlewood^Ada^Mary^^Mrs^^L||19450714|F";
const PV1: &str = "PV1|1|I|W7^B2^3^RX1|||W1^^^RX1|C1^Khan^Amina^^^Dr|||110|||||||||V1^^^RX1";

fn message(event: &str, segments: &[&str]) -> Vec<u8> {
    let mut text = format!(
        "MSH|^~\\&|PAS|RX1|BATON|RX1|202601150931||ADT^{event}|42|P|2.5.1\rEVN|{event}|202601150930||||202601150900\r"
    );
    for segment in segments {
        text.push_str(segment);
        text.push('\r');
    }
    text.into_bytes()
}

fn mapped_at(now: u64, event: &str, segments: &[&str]) -> Result<Mapped, Reason> {
    let bytes = message(event, segments);
    let message = Message::parse(&bytes, Limits::ADT).unwrap();
    map(&Adt::read(&message).unwrap(), At::from_millis(now))
}

fn mapped(event: &str, segments: &[&str]) -> Mapped {
    mapped_at(1_800_000_000_000, event, segments).unwrap()
}

fn change(event: &str, segments: &[&str]) -> Change {
    let mut events = mapped(event, segments).events;
    assert_eq!(events.len(), 1, "{event}");
    events.remove(0).change
}

fn told(pid: &str) -> Details {
    match change("A31", &[pid]) {
        Change::Tell(subject, None) => subject.details,
        other => panic!("{other:?}"),
    }
}

fn visit(event: &str, pv1: &str) -> (VisitEvent, VisitDetails) {
    match change(event, &[PID, pv1]) {
        Change::Visit(_, what, details) => (what, details),
        other => panic!("{other:?}"),
    }
}

fn values(details: &Details) -> Vec<String> {
    let shown = details.identifiers.iter();
    shown
        .map(|known| format!("{}:{}", known.assigner, known.value.as_str()))
        .collect()
}

#[test]
fn each_event_of_a_visit_has_its_word() {
    for (event, expected) in [
        ("A01", VisitEvent::Admit),
        ("A02", VisitEvent::Transfer),
        ("A03", VisitEvent::Discharge),
        ("A04", VisitEvent::Attend),
        ("A05", VisitEvent::PreAdmit),
        ("A06", VisitEvent::Admit),
        ("A07", VisitEvent::Attend),
        ("A11", VisitEvent::Cancel(Cancelled::Admit)),
        ("A12", VisitEvent::Cancel(Cancelled::Transfer)),
        ("A13", VisitEvent::Cancel(Cancelled::Discharge)),
        ("A14", VisitEvent::PreAdmit),
        ("A21", VisitEvent::LeaveOut),
        ("A22", VisitEvent::LeaveBack),
        ("A23", VisitEvent::Remove),
        ("A27", VisitEvent::Cancel(Cancelled::PreAdmit)),
        ("A38", VisitEvent::Cancel(Cancelled::PreAdmit)),
        ("A52", VisitEvent::Cancel(Cancelled::LeaveOut)),
        ("A53", VisitEvent::Cancel(Cancelled::LeaveBack)),
    ] {
        assert_eq!(visit(event, PV1).0, expected, "{event}");
    }
}

#[test]
fn what_only_tells_has_a_visit_where_it_is_about_one_and_a_place_where_somebody_is() {
    for (event, says_where) in [
        ("A08", true),
        ("A54", true),
        ("A55", true),
        ("A61", true),
        ("A62", true),
        ("A09", false),
        ("A10", false),
        ("A15", false),
        ("A16", false),
        ("A25", false),
        ("A26", false),
        ("A32", false),
        ("A33", false),
    ] {
        match change(event, &[PID, PV1]) {
            Change::Tell(_, Some(visit)) => assert_eq!(!visit.place.is_keep(), says_where, "{event}"),
            other => panic!("{event}: {other:?}"),
        }
    }
    for event in ["A28", "A31"] {
        assert!(
            matches!(change(event, &[PID, PV1]), Change::Tell(_, None)),
            "{event}"
        );
    }
    assert!(matches!(change("A08", &[PID, "PV1|1|N"]), Change::Tell(_, None)));
    assert!(matches!(change("A29", &[PID]), Change::Remove(_)));
    assert_eq!(mapped("A20", &["NPU|W7^B2^3|O"]).events, []);
    assert_eq!(mapped("A60", &[PID]).events, []);
}

#[test]
fn two_patients_are_linked_unlinked_and_change_places() {
    let other = "PID|2||B2^^^RX1^MR||Fenn^Tom||1950";
    assert!(matches!(change("A24", &[PID, other]), Change::Link { .. }));
    assert!(matches!(change("A37", &[PID, other]), Change::Unlink { .. }));
    match change("A17", &[PID, PV1, other, "PV1|2|I|W1^^^RX1"]) {
        Change::Swap { one, other } => {
            let ward = |visit: &VisitDetails| visit.place.set().unwrap().ward.clone();
            assert_eq!((ward(&one.1), ward(&other.1)), ("W7".into(), "W1".into()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_merge_names_who_stays_and_who_goes() {
    for event in ["A18", "A30", "A34", "A39", "A40"] {
        match change(event, &[PID, "MRG|B2^^^RX1^MR||||||Thistlewood^Ada"]) {
            Change::Merge { survivor, retired } => {
                assert_eq!(values(&survivor.details), ["RX1:A1"]);
                assert_eq!(values(&retired.details), ["RX1:B2"]);
                assert_eq!(retired.details.name.set().unwrap().expose().family, "Thistlewood");
            }
            other => panic!("{event}: {other:?}"),
        }
    }
    let two = mapped(
        "A40",
        &[PID, "MRG|B2^^^RX1", "PID|2||C3^^^RX1||Fenn", "MRG|D4^^^RX1"],
    );
    assert_eq!(two.events.len(), 2);
    let account = "PID|1||A1^^^RX1||Thistlewood|||||||||||||N1^^^RX1";
    assert!(matches!(
        change("A36", &[account, "MRG|B2^^^RX1||N2^^^RX1"]),
        Change::Merge { .. }
    ));
    for event in ["A35", "A41"] {
        let change = change(event, &[account, "MRG|A1^^^RX1||N2^^^RX1"]);
        assert!(matches!(change, Change::Tell(_, None)), "{event}");
    }
}

#[test]
fn numbers_and_visits_that_were_wrong_are_put_right() {
    for event in ["A46", "A47", "A48"] {
        match change(event, &[PID, "MRG|B2^^^RX1^MR"]) {
            Change::Renumber { from, to } => {
                assert_eq!(
                    (values(&from.details), values(&to.details)),
                    (vec!["RX1:B2".into()], vec!["RX1:A1".into()])
                );
            }
            other => panic!("{event}: {other:?}"),
        }
    }
    let moved = |event: &str, mrg: &str| match change(event, &[PID, PV1, mrg]) {
        Change::MoveVisit {
            from,
            number,
            to,
            becomes,
        } => {
            let value = |number: &VisitNumber| number.as_ref().unwrap().value.as_str().to_owned();
            (
                values(&from.details),
                value(&number),
                values(&to.details),
                value(&becomes),
            )
        }
        other => panic!("{event}: {other:?}"),
    };
    let own = || vec!["RX1:A1".to_owned()];
    let of =
        |whose: &str, old: &str, new: &str| (vec![whose.to_owned()], old.to_owned(), own(), new.to_owned());
    assert_eq!(moved("A45", "MRG|B2^^^RX1||||V0^^^RX1"), of("RX1:B2", "V0", "V1"));
    assert_eq!(moved("A50", "MRG|||||V0^^^RX1"), of("RX1:A1", "V0", "V1"));
    assert_eq!(moved("A42", "MRG|||||V0^^^RX1"), of("RX1:A1", "V0", "V1"));
}

#[test]
fn a_move_of_numbers_is_left_to_a_person() {
    let moved = |mrg: &str| mapped_at(0, "A43", &[PID, mrg]);
    assert_eq!(moved("MRG|B2^^^RX1"), Err(Reason::Moved));
    let same = moved("MRG|A1^^^RX1^MR").unwrap().events;
    assert!(matches!(
        same.as_slice(),
        [Event {
            change: Change::Tell(_, None),
            ..
        }]
    ));
}

#[test]
fn an_nhs_number_counts_only_with_a_right_check_digit() {
    assert_eq!(told(PID).nhs.set().unwrap().number.digits(), "9990000018");
    assert!(!told(PID).nhs.set().unwrap().is_verified);
    let verified = format!("{PID}{}NSTS01", "|".repeat(24));
    assert!(told(&verified).nhs.set().unwrap().is_verified);
    let wrong = mapped("A31", &["PID|1||A1^^^RX1~9991234567^^^NHS^NH||Thistlewood^Ada"]);
    let Change::Tell(subject, _) = &wrong.events[0].change else {
        panic!("{wrong:?}")
    };
    assert!(subject.details.nhs.is_keep());
    assert_eq!(values(&subject.details), ["RX1:A1"]);
    assert_eq!(wrong.wrong_nhs, 1);
    assert_eq!(wrong.notes[0].location, Some(Location::field("PID", 3)));
}

#[test]
fn numbers_are_told_apart_by_who_gave_them() {
    let numbers = |pid: &str| values(&told(&format!("{pid}||Thistlewood^Ada")));
    assert_eq!(
        numbers("PID|1||1^^^RX1^MR~1^^^RX2^MR~1^^^&1.2.3&ISO^PI~2"),
        ["RX1:1", "RX2:1", "1.2.3:1", "RX1:2"]
    );
    // PID-2 and PID-3 are numbers of different kinds, though both are 7.
    assert_eq!(numbers("PID|1|7|7"), ["RX1:7", "RX1 PID-2:7"]);
    // A visit's, an account's and a licence's number say nothing of who somebody is.
    assert_eq!(
        numbers("PID|1||1^^^RX1^MR~2^^^RX1^VN~3^^^RX1^AN~4^^^^DL"),
        ["RX1:1"]
    );
}

#[test]
fn a_field_that_says_nothing_leaves_and_two_quotes_empty() {
    let nothing = told("PID|1||A1^^^RX1");
    assert!(nothing.name.is_keep() && nothing.born.is_keep() && nothing.died.is_keep());
    assert!(nothing.gender.is_keep() && nothing.addresses.is_keep() && nothing.contacts.is_keep());
    let empty = told("PID|1||A1^^^RX1||\"\"||\"\"|\"\"|||\"\"||\"\"||||||||||||||||\"\"|\"\"");
    assert_eq!((empty.born, empty.gender), (Update::Clear, Update::Clear));
    assert_eq!((empty.name, empty.preferred), (Update::Clear, Update::Clear));
    assert_eq!((empty.addresses, empty.contacts), (Update::Clear, Update::Clear));
    assert_eq!(empty.died, Update::Clear);
}

#[test]
fn names_are_taken_by_what_they_are() {
    let names = told("PID|1||A1^^^RX1||Old^Ada^^^^^M~Thistlewood^Ada^Mary^III^Dr^^L~^Addie^^^^^N");
    let usual = names.name.set().unwrap().expose().clone();
    assert_eq!(
        (usual.family.as_str(), usual.given.as_str(), usual.title.as_str()),
        ("Thistlewood III", "Ada Mary", "Dr")
    );
    assert_eq!(names.preferred.set().unwrap().as_str(), "Addie");
    assert_eq!(told(PID).preferred, Update::Clear);
}

#[test]
fn a_default_birth_or_address_is_not_taken_for_one() {
    let pid = |code: &str| {
        format!(
            "PID|1||A1^^^RX1||Unknown||19010101||||1 High St{}{code}",
            "|".repeat(21)
        )
    };
    assert!(told(&pid("UD")).born.is_keep());
    assert!(told(&pid("UA")).addresses.is_keep());
    assert_eq!(
        told(&pid("US")).born.set().unwrap().expose().to_string(),
        "1901-01-01"
    );
}

#[test]
fn gender_death_and_protection_are_read() {
    for (code, gender) in [
        ("F", Gender::Female),
        ("M", Gender::Male),
        ("A", Gender::NotSpecified),
        ("O", Gender::NotSpecified),
        ("U", Gender::NotKnown),
        ("1", Gender::Male),
        ("2", Gender::Female),
        ("9", Gender::NotSpecified),
    ] {
        assert_eq!(
            told(&format!("PID|1||A1^^^RX1||T|||{code}")).gender,
            Update::Set(gender),
            "{code}"
        );
    }
    let odd = mapped("A31", &["PID|1||A1^^^RX1||T|||Q"]);
    assert_eq!(odd.notes[0].location, Some(Location::field("PID", 8)));
    let died = |fields: &str| told(&format!("PID|1||A1^^^RX1||T{}{fields}", "|".repeat(24))).died;
    let at = |died: Update<baton_core::patient::Died>| {
        died.set().unwrap().at.as_ref().map(|at| at.expose().to_string())
    };
    assert_eq!(at(died("202601140805|Y")), Some("2026-01-14T08:05".into()));
    assert_eq!(at(died("|Y")), None);
    assert_eq!(died("|N"), Update::Clear);
    let restricted = |pd1: &str| match change("A31", &[PID, pd1]) {
        Change::Tell(subject, _) => subject.details.restricted,
        other => panic!("{other:?}"),
    };
    assert_eq!(restricted("PD1||||||||||||Y"), Update::Set(true));
    assert_eq!(restricted("PD1||||||||||||N"), Update::Set(false));
    assert_eq!(restricted("PD1|"), Update::Keep);
}

#[test]
fn addresses_phones_and_practice_are_read() {
    let pid = "PID|1||A1^^^RX1||T||||||5 Mill Lane^Flat 2^Eastmere^^EM1 2AB^GBR^H~Ward End^^Eastmere^^^^C~Works^^^^^^B||\
        020 7946 0001^PRN^PH~07700 900001^PRN^CP~^NET^Internet^ada@example.org|020 7946 0002^WPN^PH";
    let details = told(pid);
    let addresses = details.addresses.set().unwrap();
    assert_eq!(
        addresses[0].lines.expose(),
        &["5 Mill Lane", "Flat 2", "Eastmere"]
    );
    assert_eq!(addresses[0].postcode.as_str(), "EM1 2AB");
    let kinds: Vec<_> = addresses.iter().map(|address| address.kind).collect();
    assert_eq!(kinds, [AddressKind::Usual, AddressKind::Temporary]);
    let kinds: Vec<_> = details
        .contacts
        .set()
        .unwrap()
        .iter()
        .map(|contact| contact.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            ContactKind::Home,
            ContactKind::Mobile,
            ContactKind::Email,
            ContactKind::Work
        ]
    );
    match change("A31", &[PID, "PD1|||Orchard Surgery^^Y00001"]) {
        Change::Tell(subject, _) => assert_eq!(subject.details.gp.set().unwrap().ods, "Y00001"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_visit_says_where_who_and_since_when() {
    let (_, details) = visit("A01", PV1);
    let place = Place {
        facility: "RX1".into(),
        ward: "W7".into(),
        room: "B2".into(),
        bed: "3".into(),
    };
    assert_eq!(details.place, Update::Set(place));
    assert_eq!(details.consultant.set().unwrap().as_str(), "Dr Amina Khan");
    assert_eq!(details.specialty, Update::Set("110".into()));
    assert_eq!(details.number.unwrap().value.as_str(), "V1");
    assert_eq!(details.status, Some(VisitStatus::Admitted));
    // Nothing in PV1-44: when it happened (EVN-6).
    let shown = |date: &Update<PartialDate>| date.set().map(ToString::to_string);
    assert_eq!(shown(&details.from), Some("2026-01-15T09:00".into()));
    assert_eq!(shown(&visit("A03", PV1).1.until), Some("2026-01-15T09:00".into()));
    let (_, elsewhere) = visit("A01", "PV1|1|I|W7");
    assert_eq!(elsewhere.place.set().unwrap().facility, "RX1");
    assert_eq!(elsewhere.number, None);
    let (_, consulted) = visit("A01", "PV1|1|I|W7||||||C2^Okoro^Ben^^^Mr");
    assert_eq!(consulted.consultant.set().unwrap().as_str(), "Mr Ben Okoro");
}

#[test]
fn a_planned_discharge_is_expected_until_it_is_cancelled() {
    let expected = |event: &str, evn: &str| {
        let bytes = message(event, &[PID, PV1]);
        let text = String::from_utf8(bytes)
            .unwrap()
            .replace("|202601150930||||", evn);
        let message = Message::parse(text.as_bytes(), Limits::ADT).unwrap();
        let mapped = map(&Adt::read(&message).unwrap(), At::from_millis(1_800_000_000_000)).unwrap();
        match &mapped.events[0].change {
            Change::Tell(_, Some(visit)) => visit.expected_discharge,
            other => panic!("{other:?}"),
        }
    };
    let planned = expected("A16", "|202601150930|20260118|||");
    assert_eq!(planned.set().unwrap().to_string(), "2026-01-18");
    assert_eq!(expected("A25", "|202601150930||||"), Update::Clear);
}

#[test]
fn an_event_has_the_moment_at_which_it_was_taken_down_but_never_one_in_the_future() {
    let at = |now| mapped_at(now, "A01", &[PID, PV1]).unwrap().events[0].at.millis();
    // 15 January 2026, 09:30.
    assert_eq!(at(1_800_000_000_000), 1_768_469_400_000);
    assert_eq!(at(1_768_469_000_000), 1_768_469_000_000);
}
