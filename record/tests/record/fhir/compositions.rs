//! `Composition`: what was handed over of a patient.

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId};
use baton_core::op::Body;
use baton_core::op::handover::{
    Accepted, HandoverOp, NoteSet, Offered, Priority, PrioritySet, Refused, SectionId, To, Unsent, Which,
};
use serde_json::{Value, json};

use super::stage::{Answer, Stage, patient};
use super::tasks::act;

fn note(patient: PatientId, text: &str) -> Body {
    Body::Handover(HandoverOp::NoteSet(NoteSet {
        patient,
        section: SectionId::new("situation"),
        text: text.into(),
        base: Seq::ZERO,
        after: vec![],
    }))
}

fn found(answer: &Answer) -> Vec<&Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let entries = answer.body["entry"].as_array();
    entries
        .into_iter()
        .flatten()
        .map(|entry| &entry["resource"])
        .collect()
}

/// The texts of a section.
fn text<'a>(resource: &'a Value, title: &str) -> &'a str {
    let sections = resource["section"].as_array().unwrap();
    let section = sections.iter().find(|section| section["title"] == title);
    section.unwrap()["text"]["div"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_over_is_read_under_its_headings_and_stays_as_it_was() {
    let Some(stage) = Stage::open("compositions").await else {
        return;
    };
    let ada = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let eve = stage.made("Patient", patient("2", "OKONKWO", "Eve")).await;
    let [ada_id, eve_id] = [&ada, &eve].map(|id| id.parse::<PatientId>().unwrap());
    let space = stage.place.team("Ward 7", &["amina"], &["tom"]).await;
    let (amina, tom) = (stage.place.device("amina").await, stage.place.device("tom").await);
    act(
        &stage,
        space,
        &amina,
        note(ada_id, "Day 2 <b>& febrile\u{1}\nSiân is coming"),
    )
    .await;
    let rated = PrioritySet {
        patient: ada_id,
        priority: Priority::Watch,
    };
    act(
        &stage,
        space,
        &amina,
        Body::Handover(HandoverOp::PrioritySet(rated)),
    )
    .await;
    let offered = HandoverOp::Offered(Box::new(Offered {
        patients: vec![ada_id, eve_id],
        list: None,
        to: To::Person(tom.user),
        tasks: vec![],
        roles: vec![],
        place: "".into(),
        note: "".into(),
        present: vec![],
        unsent: vec![Unsent {
            patient: 1,
            note: OpId::from_bytes([9; 16]),
        }],
    }));
    let handover = act(&stage, space, &amina, Body::Handover(offered)).await;

    let search = async |id: &str| {
        let path = format!("Composition?patient={id}");
        stage.ask("work", "GET", &path, &[], None).await
    };
    let waiting = search(&ada).await;
    assert_eq!(found(&waiting)[0]["status"], "preliminary");
    assert!(text(found(&waiting)[0], "Handover").contains("Not accepted yet."));

    let some = |patient| Which::Some(vec![patient]);
    let accepted = HandoverOp::Accepted(Accepted {
        handover,
        patients: some(ada_id),
    });
    act(&stage, space, &tom, Body::Handover(accepted)).await;
    let refused = HandoverOp::Refused(Refused {
        handover,
        patients: some(eve_id),
        reason: "Not ours".into(),
    });
    act(&stage, space, &tom, Body::Handover(refused)).await;
    act(&stage, space, &tom, note(ada_id, "Written later")).await;

    let of_ada = search(&ada).await;
    let resource = found(&of_ada)[0];
    let expected = [
        ("/status", json!("final")),
        ("/subject/reference", json!(format!("Patient/{ada}"))),
        ("/title", json!("Handover, Ward 7")),
        ("/author/0/display", json!("Dr Amina Khan")),
        ("/attester/0/party/display", json!("Dr Amina Khan")),
        ("/attester/1/party/display", json!("Dr Tom Fletcher")),
    ];
    for (place, value) in expected {
        assert_eq!(resource.pointer(place), Some(&value), "{place}");
    }
    let situation = text(resource, "Situation");
    assert!(
        situation.contains("<p>Day 2 &lt;b&gt;&amp; febrile\u{fffd}<br/>Siân is coming</p><p>(Dr Amina Khan, 15-Jan-2027 08:00)</p>"),
        "{situation}"
    );
    assert!(!situation.contains("later"), "it stays as it was");
    let how = text(resource, "Handover");
    for expected in [
        "Offered to Dr Tom Fletcher by Dr Amina Khan",
        "Accepted by Dr Tom Fletcher",
        "To be watched",
    ] {
        assert!(how.contains(expected), "{how}");
    }
    let sections = resource["section"].as_array().unwrap();
    let gaps = sections
        .iter()
        .filter(|section| !section["emptyReason"].is_null());
    assert!(
        gaps.count() > 0,
        "expected sections that were empty are shown as that"
    );
    let read = stage
        .ask(
            "work",
            "GET",
            &format!("Composition/{}", resource["id"].as_str().unwrap()),
            &[],
            None,
        )
        .await;
    assert_eq!((read.status, &read.body), (200, resource));
    assert_eq!(resource["id"].as_str().unwrap().len(), 64);

    let of_eve = search(&eve).await;
    let resource = found(&of_eve)[0];
    let how = text(resource, "Handover");
    assert_eq!(resource["status"], "preliminary", "it was never taken over");
    assert!(
        how.contains("Refused by Dr Tom Fletcher") && how.contains("Not ours"),
        "{how}"
    );
    assert!(
        how.contains("did not arrive"),
        "a note that is missing is told: {how}"
    );
    assert_eq!(resource["attester"].as_array().unwrap().len(), 1);

    for system in ["pas", "reader", "index"] {
        let refused = stage
            .ask(system, "GET", &format!("Composition?patient={ada}"), &[], None)
            .await;
        assert_eq!(refused.refusal().0, 403, "{system}");
    }
    for (method, path, expected) in [
        ("GET", "Composition", (400, "too-costly")),
        ("GET", "Composition/1", (404, "not-found")),
        (
            "GET",
            &format!("Composition/{}", "A".repeat(64)),
            (404, "not-found"),
        ),
        ("POST", "Composition", (405, "not-supported")),
    ] {
        let refused = stage.ask("work", method, path, &[], json!({})).await;
        let (status, code, _) = refused.refusal();
        assert_eq!((status, code), expected, "{method} {path}");
    }
}
