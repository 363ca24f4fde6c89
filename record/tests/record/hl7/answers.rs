//! What is answered, and to what.

use super::{ADA, Door, TOM, WARD_7, adt, code};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_again_is_answered_the_same_and_does_nothing() {
    let Some(door) = Door::open("again", &[]).await else {
        return;
    };
    let message = adt("A01", "42", 570, &[ADA, WARD_7]);
    let mut pas = door.dial().await;
    pas.send(&message).await;
    let before = door.patient("A1").await.unwrap();
    let mut again = door.dial().await;
    assert_eq!(again.send(&message).await.code(), code("AA", "42"));
    // Written anew by its sender, with another time of writing.
    let sent_again = message.replacen("|202601150930||ADT", "|202601150945||ADT", 1);
    assert_ne!(sent_again, message);
    assert_eq!(again.send(&sent_again).await.code(), code("AA", "42"));
    assert_eq!(door.patient("A1").await.unwrap(), before);
    assert_eq!(
        door.counted("baton_hl7_messages_total{answer=\"again\",reason=\"\"}"),
        2
    );
    assert_eq!(door.place.count("hl7_seen").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_message_with_a_known_control_id_is_refused_and_kept_once() {
    let Some(door) = Door::open("other", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    pas.send(&adt("A28", "42", 570, &[ADA])).await;
    for _ in 0..3 {
        let answer = pas.send(&adt("A28", "42", 571, &[TOM])).await;
        assert_eq!(answer.code(), code("AE", "42"));
        assert_eq!(answer.condition(), "205");
    }
    assert!(door.patient("B2").await.is_none());
    assert_eq!(door.place.count("hl7_quarantine").await, 1);
    // Of another sender it is another message.
    let other = adt("A28", "42", 571, &[TOM]).replace("|PAS|", "|ICE|");
    assert_eq!(pas.send(&other).await.code(), code("AA", "42"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_understood_is_refused_and_kept_once() {
    let Some(door) = Door::open("refused", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let no_visit = adt("A01", "1", 570, &[ADA]);
    let no_number = adt("A28", "2", 570, &["PID|1||77^^^RX1^AN||Thistlewood^Ada"]);
    let odd_event = adt("A99", "3", 570, &[ADA]);
    let old = adt("A28", "4", 570, &[ADA]).replace("|2.5.1", "|9.9");
    let moved = adt("A43", "5", 570, &[ADA, "MRG|B2^^^RX1"]);
    for (message, answer, control, condition) in [
        (&no_visit, "AE", "1", "100"),
        (&no_number, "AE", "2", "101"),
        (&odd_event, "AR", "3", "201"),
        (&old, "AR", "4", "203"),
        (&moved, "AE", "5", "201"),
    ] {
        for _ in 0..2 {
            let got = pas.send(message).await;
            assert_eq!(got.code(), code(answer, control), "{got:?}");
            // The answer to an unknown version is in that of v2.4.
            if got.field("MSH", 11) == "2.5.1" {
                assert_eq!(got.condition(), condition, "{got:?}");
            }
            assert!(!got.0.contains("Thistlewood"));
        }
    }
    let garbled = "MSH|^~\\&|PAS|RX1|||202601150930||ADT^A28|6|P|2.5.1\rnot a segment\r";
    assert_eq!(pas.send(garbled).await.code(), code("AR", "6"));
    assert_eq!(door.place.count("hl7_quarantine").await, 6);
    assert_eq!(door.place.count("patient").await, 0);
    assert_eq!(door.place.audit("hl7.quarantined").await.len(), 6);
    assert_eq!(door.counted("baton_hl7_quarantined"), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_taken_is_rejected_and_not_kept() {
    let Some(door) = Door::open("never", &[("BATON_HL7_FEEDS", "PAS|RX1")]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let order = "MSH|^~\\&|PAS|RX1|||202601150930||ORM^O01|1|P|2.5.1\rPID|1||A1^^^RX1\rORC|NW|1\r";
    let answer = pas.send(order).await;
    assert_eq!(
        (answer.code(), answer.condition()),
        (code("AR", "1"), "200".into())
    );
    let training = adt("A28", "2", 570, &[ADA]).replace("|P|2.5.1", "|T|2.5.1");
    let answer = pas.send(&training).await;
    assert_eq!(
        (answer.code(), answer.condition()),
        (code("AR", "2"), "202".into())
    );
    let stranger = adt("A28", "3", 570, &[ADA]).replace("|PAS|", "|ICE|");
    let answer = pas.send(&stranger).await;
    assert_eq!(
        (answer.code(), answer.condition()),
        (code("AR", "3"), "207".into())
    );
    assert_eq!(door.place.count("hl7_quarantine").await, 0);
    assert_eq!(door.place.count("hl7_seen").await, 0);
    assert_eq!(door.place.count("patient").await, 0);
    // An acknowledgement is not answered, or two systems would go on for ever; the connection goes on.
    let ack = "MSH|^~\\&|PAS|RX1|||202601150930||ACK|4|P|2.5.1\rMSA|AA|7\r";
    pas.write(&super::framed(ack.as_bytes())).await;
    assert_eq!(
        pas.send(&adt("A28", "5", 570, &[ADA])).await.code(),
        code("AA", "5")
    );
    assert!(door.counted("baton_hl7_last_message_timestamp_seconds{feed=\"PAS|RX1\"}") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_say_nothing_of_who_is_where_are_accepted() {
    let Some(door) = Door::open("nothing", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    for (control, event) in [("1", "A20"), ("2", "A60")] {
        assert_eq!(
            pas.send(&adt(event, control, 570, &[ADA])).await.code(),
            code("AA", control)
        );
    }
    assert_eq!(door.place.count("patient").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_nhs_number_with_a_wrong_check_digit_is_a_warning_and_in_the_audit() {
    let Some(door) = Door::open("wrong_nhs", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let pid = "PID|1||A1^^^RX1~999 123 4567^^^NHS^NH||Thistlewood^Ada||19450714|F";
    let answer = pas.send(&adt("A28", "1", 570, &[pid])).await;
    assert_eq!(answer.code(), code("AA", "1"));
    assert_eq!(
        (answer.field("ERR", 2), answer.field("ERR", 4)),
        ("PID^1^3".into(), "W".into())
    );
    assert!(!answer.0.contains("4567"));
    let ada = door.patient("A1").await.unwrap();
    assert_eq!((ada.nhs, ada.identifiers.len()), (None, 1));
    let told = door.place.audit("hl7.nhs_number_wrong").await;
    assert_eq!(told[0].subject, Some(ada.id.uuid()));
    assert_eq!(door.counted("baton_hl7_wrong_nhs_numbers_total"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_enhanced_mode_it_is_answered_that_it_is_kept_and_what_came_of_it() {
    let Some(door) = Door::open("enhanced", &[]).await else {
        return;
    };
    let mut pas = door.dial().await;
    let enhanced =
        |message: String, asked: &str| message.replacen("|P|2.5.1", &format!("|P|2.5.1|||{asked}"), 1);
    let good = |control: &str| adt("A28", control, 570, &[ADA]);
    let bad = |control: &str| adt("A01", control, 570, &[ADA]);
    let order = "MSH|^~\\&|PAS|RX1|||202601150930||ORM^O01|r|P|2.5.1\rPID|1||A1^^^RX1\r".to_owned();
    for (message, asked, answers) in [
        (good("1"), "AL|AL", vec!["CA", "AA"]),
        (good("2"), "AL|NE", vec!["CA"]),
        (good("3"), "NE|AL", vec!["AA"]),
        (bad("4"), "AL|AL", vec!["CA", "AE"]),
        (bad("5"), "AL|NE", vec!["CE"]),
        (bad("6"), "ER|ER", vec!["AE"]),
        (order.clone(), "AL|AL", vec!["CR"]),
        (order, "NE|AL", vec!["AR"]),
        (good("7"), "NE|NE", vec![]),
        (good("8"), "AL|AL", vec!["CA", "AA"]),
    ] {
        let message = enhanced(message, asked);
        pas.write(&super::framed(message.as_bytes())).await;
        for expected in answers {
            let answer = pas.read().await.unwrap();
            assert_eq!(answer.field("MSA", 1), expected, "{asked}: {answer:?}");
            assert_eq!(answer.field("MSH", 14), "NE", "an answer asks for none");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_no_answer_and_nothing_is_refused() {
    let Some(door) = Door::open("away", &[]).await else {
        return;
    };
    let message = adt("A28", "1", 570, &[ADA]);
    let mut pas = door.dial().await;
    sqlx::query("ALTER TABLE hl7_seen RENAME TO hl7_gone")
        .execute(&door.place.cx.pool)
        .await
        .unwrap();
    // Every try fails, and so does keeping it: nothing may be said.
    pas.write(&super::framed(message.as_bytes())).await;
    assert_eq!(pas.read().await, None);
    door.until_counted("baton_hl7_connections_total{end=\"unanswered\"}", 1)
        .await;
    sqlx::query("ALTER TABLE hl7_gone RENAME TO hl7_seen")
        .execute(&door.place.cx.pool)
        .await
        .unwrap();
    assert_eq!(door.place.count("hl7_quarantine").await, 0);
    let mut again = door.dial().await;
    assert_eq!(again.send(&message).await.code(), code("AA", "1"));
}
