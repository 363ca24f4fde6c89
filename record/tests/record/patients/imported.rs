//! `patients import`: files of patients.

use baton_core::patient::VisitStatus;
use baton_core::time::At;
use baton_record::patients;
use baton_record::patients::import::{self, Format, LineRefusal, Refused, Report};

use super::kept::take;
use super::model;
use crate::place::Place;

async fn import(place: &Place, format: Format, file: &str, as_of: u64) -> Report {
    import::patients(&place.cx, file.as_bytes(), format, At::from_millis(as_of), |_| {})
        .await
        .unwrap()
}

const CSV: &str = "\
number,Assigner,nhs_number,nhs_verified,family,given,born,gender,postcode,address,ward,visit
0,hospital,900 000 0009,yes,QUILLFEATHER,Ada,01/02/1961,Female,LS1 4AB,3 Marzipan Mews; Eastmere,Ward 7,admitted
1,hospital,9991234567,,BYRNE,Tom,1949,male,,,,
,,,,NOBODY,Ann,1950-01-01,,,,,
2,hospital,,,\"O'NEILL, JR\",Liam,31/02/1950,,,,,
3,hospital,,,HALL
4,hospital,,,HALL,Eve,1950-07,purple,,,,
5,hospital,,,HALL,Eve,1950-07,,,,,
";

#[tokio::test]
async fn what_can_be_taken_is_taken_and_every_other_line_is_told_with_its_reason() {
    let Some(place) = Place::open("patients_import").await else {
        return;
    };
    let report = import(&place, Format::Csv, CSV, 1_000).await;
    let refused = |line, why| Refused { line, why };
    assert_eq!(
        report.refused,
        [
            refused(3, LineRefusal::NhsNumber("nhs_number")),
            refused(4, LineRefusal::NoNumber),
            refused(5, LineRefusal::Date("born")),
            refused(6, LineRefusal::Fields),
            refused(7, LineRefusal::Word("gender")),
        ]
    );
    assert_eq!(
        (report.lines, report.made, report.changed, report.same),
        (7, 2, 0, 0)
    );
    // No reason holds what stood there.
    for refused in &report.refused {
        let text = format!("{refused:?} {}", refused.why);
        assert!(!text.contains("9991234567") && !text.contains("NOBODY") && !text.contains("purple"));
    }
    let id = take(
        &place.cx,
        1,
        baton_record::patients::change::Change::Tell(model::subject(0), None),
    )
    .await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let ada = patients::read(&place.cx, &mut conn, &[id])
        .await
        .unwrap()
        .remove(0)
        .patient;
    assert!(ada.nhs.unwrap().is_verified);
    assert_eq!(
        ada.addresses[0].lines.expose().as_slice(),
        ["3 Marzipan Mews", "Eastmere"]
    );
    let visit = ada.visit.unwrap();
    assert_eq!(
        (visit.status, visit.place.unwrap().ward.as_str()),
        (VisitStatus::Admitted, "Ward 7")
    );
}

#[tokio::test]
async fn a_file_that_comes_again_changes_nothing_and_an_old_one_undoes_nothing() {
    let Some(place) = Place::open("patients_import_again").await else {
        return;
    };
    import(&place, Format::Csv, CSV, 1_000).await;
    let again = import(&place, Format::Csv, CSV, 1_000).await;
    assert_eq!((again.made, again.changed, again.same), (0, 0, 2));
    let newer = "number,assigner,family\n0,hospital,QUILL\n";
    let changed = import(&place, Format::Csv, newer, 2_000).await;
    assert_eq!((changed.made, changed.changed), (0, 1));
    let old = import(&place, Format::Csv, CSV, 1_500).await;
    assert_eq!(old.made, 0);
    let id = take(
        &place.cx,
        1,
        baton_record::patients::change::Change::Tell(model::subject(0), None),
    )
    .await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let ada = patients::read(&place.cx, &mut conn, &[id])
        .await
        .unwrap()
        .remove(0)
        .patient;
    assert_eq!(ada.name.expose().family, "QUILL");
}

#[tokio::test]
async fn a_file_of_json_says_the_same_and_null_clears() {
    let Some(place) = Place::open("patients_import_json").await else {
        return;
    };
    let file = concat!(
        "{\"number\":0,\"assigner\":\"hospital\",\"family\":\"QUILLFEATHER\",\"preferred\":\"Addie\",\"restricted\":false}\n",
        "\n",
        "{\"number\":1,\"assigner\":\"hospital\",\"shoe_size\":4}\n",
        "[1,2]\n",
        "{\"number\":[1],\"assigner\":\"hospital\"}\n",
        "{\"number\":\"\\ud800\"}\n",
        "{\"number\":2,\"assigner\":\"hospital\",\"died\":\"2026-01-31\"}",
    );
    let report = import(&place, Format::Ndjson, file, 1_000).await;
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|refused| (refused.line, refused.why))
        .collect();
    assert_eq!(
        refused,
        [
            (3, LineRefusal::Column),
            (4, LineRefusal::Json),
            (5, LineRefusal::Json),
            (6, LineRefusal::Json),
        ]
    );
    assert_eq!(report.made, 2);
    let clear = "{\"number\":\"0\",\"assigner\":\"hospital\",\"preferred\":null}\n";
    import(&place, Format::Ndjson, clear, 2_000).await;
    let id = take(
        &place.cx,
        1,
        baton_record::patients::change::Change::Tell(model::subject(0), None),
    )
    .await;
    let mut conn = place.cx.pool.acquire().await.unwrap();
    let ada = patients::read(&place.cx, &mut conn, &[id])
        .await
        .unwrap()
        .remove(0)
        .patient;
    assert_eq!(ada.preferred, None);
    assert_eq!(ada.name.expose().family, "QUILLFEATHER");
}

#[tokio::test]
async fn a_heading_that_is_not_known_and_a_line_without_end_are_refused() {
    let Some(place) = Place::open("patients_import_heading").await else {
        return;
    };
    let file = "number,assigner,shoe_size\n1,hospital,4\n";
    let refused = import::patients(
        &place.cx,
        file.as_bytes(),
        Format::Csv,
        At::from_millis(1),
        |_| {},
    )
    .await;
    assert!(matches!(refused, Err(import::ImportError::Heading(3))));
    assert_eq!(place.count("patient").await, 0);
    let long = format!(
        "{{\"number\":\"{}\"}}\n{{\"number\":1,\"assigner\":\"hospital\"}}\n",
        "9".repeat(300_000)
    );
    let report = import(&place, Format::Ndjson, &long, 1_000).await;
    assert_eq!((report.lines, report.made, report.refused.len()), (2, 1, 1));
}
