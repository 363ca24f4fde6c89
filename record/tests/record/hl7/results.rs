//! Results of a laboratory, by the same door.

use baton_core::patient::Patient;
use tokio::net::TcpStream;

use super::{ADA, Door, Sender, WARD_7, adt, code};

/// A message of the laboratory of RX1, at a minute of 15 January 2026.
fn oru(control: &str, minute: u32, segments: &[&str]) -> String {
    let at = format!("20260115{:02}{:02}", minute / 60, minute % 60);
    let mut message = format!("MSH|^~\\&|LIMS|LAB|BATON|RX1|{at}||ORU^R01|{control}|P|2.5.1\r");
    for segment in segments {
        message.push_str(segment);
        message.push('\r');
    }
    message
}

/// Ada is on ward 7: who reports of her, and her as she was before.
async fn admitted(door: &Door) -> (Sender<TcpStream>, Patient) {
    let mut pas = door.dial().await;
    pas.send(&adt("A01", "1", 570, &[ADA, WARD_7])).await;
    (door.dial().await, door.patient("A1").await.unwrap())
}

const OBR: &str = "OBR|1|P1|F1|FBC^Full blood count^L|||202601150900|||||||||||||||202601150945||H|F";
const OBX: &str = "OBX|1|NM|HB^Haemoglobin^L||62|g/L|115-165|LL|||F";

#[tokio::test(flavor = "multi_thread")]
async fn results_are_answered_and_are_one_more_version_of_a_patient_whom_the_index_has() {
    let Some(door) = Door::open("results", &[]).await else {
        return;
    };
    let (mut laboratory, before) = admitted(&door).await;
    let answer = laboratory.send(&oru("1", 590, &[ADA, "ORC|RE", OBR, OBX])).await;
    assert_eq!(answer.code(), code("AA", "1"));
    assert_eq!(answer.field("MSH", 8), "ACK^R01^ACK");
    let after = door.patient("A1").await.unwrap();
    assert_eq!(after.version, before.version + 1);
    // The same again is answered again and does nothing.
    let again = laboratory.send(&oru("1", 590, &[ADA, "ORC|RE", OBR, OBX])).await;
    assert_eq!(again.code(), code("AA", "1"));
    assert_eq!(door.patient("A1").await.unwrap().version, after.version);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_change_nothing_else_of_a_patient_and_nothing_of_another_who_has_their_number() {
    let Some(door) = Door::open("results_other", &[]).await else {
        return;
    };
    let (mut laboratory, before) = admitted(&door).await;
    let moved =
        "PID|1||A1^^^RX1^MR||Thistlewood-Hart^Ada^^^Mrs^^L||19450714|F|||1 Old Road^^Northbridge^^NB1 1AA";
    laboratory.send(&oru("1", 590, &[moved, OBR, OBX])).await;
    let after = door.patient("A1").await.unwrap();
    assert_eq!((&after.name, &after.addresses), (&before.name, &before.addresses));
    for (control, other) in [
        ("2", "PID|1||A1^^^RX1^MR||Thistlewood^Ada^^^Mrs^^L||19540714|F"),
        ("3", "PID|1||A1^^^RX1^MR||Thistlewood^Ann^^^Mrs^^L||19450714|F"),
        ("4", "PID|1||Z9^^^RX1^MR||Nobody^Here^^^Mr^^L||19450714|M"),
    ] {
        let answer = laboratory.send(&oru(control, 600, &[other, OBR, OBX])).await;
        assert_eq!(answer.code(), code("AA", control));
    }
    assert_eq!(door.patient("A1").await.unwrap().version, after.version);
    assert!(door.patient("Z9").await.is_none());
    assert_eq!(door.place.count("patient").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_without_results_is_nothing_and_a_message_without_any_is_refused_and_kept() {
    let Some(door) = Door::open("results_none", &[]).await else {
        return;
    };
    let (mut laboratory, before) = admitted(&door).await;
    let ordered = "OBR|1|P1|F1|FBC^Full blood count^L|||202601150900|||||||||||||||||H|I";
    let answer = laboratory.send(&oru("1", 590, &[ADA, ordered])).await;
    assert_eq!(answer.code(), code("AA", "1"));
    assert_eq!(door.patient("A1").await.unwrap().version, before.version);
    for (control, segments) in [("2", vec![ADA]), ("3", vec![OBR, OBX])] {
        let answer = laboratory.send(&oru(control, 600, &segments)).await;
        assert_eq!(answer.code(), code("AE", control));
        assert_eq!(answer.condition(), "100");
    }
    assert_eq!(door.place.count("hl7_quarantine").await, 2);
}
