//! Where a patient is, and who looks after them.

use super::*;

#[test]
fn a_visit_says_where_who_and_when() {
    let pv1 = "PV1|1|I|WARD1^BAY2^BED3^RX1^O^N^EAST^2^By the lift|||OLD^1^2|C1^Khan^Amina^^^Dr|C2^Roe|C3^Poe~C4|300|TMP\
               |||||VIP|C5||V1^^^RX1^VN|||||||||||||||||||||||NEXT^1||202601150900|202601170900|||||V9";
    let visit = only(read("A01", &[PID, pv1, "PV2||||||||20260114|20260118^D"]).unwrap())
        .visit
        .unwrap();
    let place = visit.location.value().unwrap();
    let parts = [
        &place.point_of_care,
        &place.room,
        &place.bed,
        &place.building,
        &place.floor,
        &place.description,
    ];
    assert_eq!(
        parts.map(|part| shown(part.as_ref())),
        ["WARD1", "BAY2", "BED3", "EAST", "2", "By the lift"]
    );
    assert_eq!(
        place.facility.as_ref().unwrap().expose().namespace.as_deref(),
        Some("RX1")
    );
    assert_eq!(
        shown(visit.prior_location.value().unwrap().point_of_care.as_ref()),
        "OLD"
    );
    assert_eq!(
        shown(visit.temporary_location.value().unwrap().point_of_care.as_ref()),
        "TMP"
    );
    assert_eq!(
        shown(visit.pending_location.value().unwrap().point_of_care.as_ref()),
        "NEXT"
    );
    let ids = [
        &visit.attending,
        &visit.referring,
        &visit.consulting,
        &visit.admitting,
    ]
    .map(|who| shown(who.value().unwrap()[0].id.as_ref()).to_owned());
    assert_eq!(ids, ["C1", "C2", "C3", "C5"]);
    assert_eq!(visit.consulting.value().unwrap().len(), 2);
    assert_eq!(shown(visit.service.value()), "300");
    assert_eq!(shown(visit.vip.value()), "VIP");
    assert_eq!(visit.class, Said::Value(Personal::new(Class::Inpatient)));
    assert_eq!(visit.number.value().unwrap().value.as_str(), "V1");
    assert_eq!(visit.alternate_number.value().unwrap().value.as_str(), "V9");
    assert_eq!(
        visit.admitted.value().unwrap().expose().to_string(),
        "202601150900"
    );
    assert_eq!(
        visit.discharged.value().unwrap().expose().to_string(),
        "202601170900"
    );
    assert_eq!(visit.expected_admission.value().unwrap().expose().day, 14);
    assert_eq!(visit.expected_discharge.value().unwrap().expose().day, 18);
    assert_eq!(visit.expected_return, Said::Absent);
}

#[test]
fn a_class_of_the_sites_own_is_kept() {
    let visit = only(read("A01", &[PID, "PV1|1|DAYCASE|\"\""]).unwrap())
        .visit
        .unwrap();
    assert_eq!(
        visit.class,
        Said::Value(Personal::new(Class::Local("DAYCASE".to_owned())))
    );
    assert_eq!(visit.location, Said::Deleted);
    assert_eq!(visit.number, Said::Absent);
}

#[test]
fn events_about_a_visit_need_one() {
    let visitless = [
        "A08", "A18", "A24", "A28", "A29", "A30", "A31", "A34", "A35", "A36", "A37",
    ];
    for number in (1..=17).chain(21..=38).chain([52, 53, 54, 55, 61, 62]) {
        let trigger = format!("A{number:02}");
        let patients: &[&str] = if trigger == "A17" {
            &[PID, OTHER_PID]
        } else {
            &[PID]
        };
        let error = read(&trigger, patients);
        let missing = error == Err(AdtError::MissingSegment(Location::segment("PV1", 1)));
        assert_eq!(
            missing,
            !visitless.contains(&trigger.as_str()),
            "{trigger}: {error:?}"
        );
    }
    assert!(read("A08", &[PID]).is_ok());
}
