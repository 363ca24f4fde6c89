//! Two patients who are one, and who are not after all.

use serde_json::{Value, json};

use super::stage::{Stage, patient, visit};

fn with(mut body: Value, id: &str, links: &Value) -> Value {
    body["id"] = json!(id);
    body["link"] = links.clone();
    if links == &json!([]) {
        body.as_object_mut().unwrap().remove("link");
    }
    body
}

fn link(kind: &str, other: &str) -> Value {
    json!([{ "other": { "reference": format!("Patient/{other}") }, "type": kind }])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_merges_and_taking_it_away_after_reading_parts_again() {
    let Some(stage) = Stage::open("merge").await else {
        return;
    };
    let away = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let stays = stage.made("Patient", patient("2", "KHAN", "Ada")).await;
    stage
        .made("Encounter", visit("V1", &away, "in-progress", "Ward 7"))
        .await;
    let path = format!("Patient/{away}");
    let merged = stage
        .put(
            &path,
            with(patient("1", "KHAN", "Ada"), &away, &link("replaced-by", &stays)),
        )
        .await;
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(
        (&merged.body["active"], &merged.body["link"]),
        (&json!(false), &link("replaced-by", &stays))
    );
    let survivor = stage.get(&format!("Patient/{stays}")).await;
    assert_eq!(survivor.body["link"], link("replaces", &away));
    assert_eq!(survivor.body["identifier"].as_array().unwrap().len(), 2);
    assert_eq!(
        stage.shown(&stays).await.visit.unwrap().place.unwrap().ward,
        "Ward 7"
    );
    assert_eq!(stage.shown(&away).await.merged_into.unwrap().to_string(), stays);
    // Both show the number of the one who was merged; an update on condition means just that one.
    let both = stage
        .get("Patient?identifier=https://fhir.rx1.example/mrn%7C1")
        .await;
    assert_eq!(both.body["total"], 2);
    // A sender who knows nothing of the merge undoes none: of who was merged it is told, of who stands it may speak.
    let unaware = stage
        .put(&path, with(patient("1", "KHAN", "Ada"), &away, &json!([])))
        .await;
    assert_eq!(unaware.refusal(), (409, "conflict", "Patient.link"));
    let unaware = stage
        .put(
            &format!("Patient/{stays}"),
            with(patient("2", "KHAN", "Ada"), &stays, &json!([])),
        )
        .await;
    assert_eq!(
        (unaware.status, &unaware.body["link"]),
        (200, &link("replaces", &away))
    );
    // The same again changes nothing.
    let again = stage
        .put(
            &path,
            with(patient("1", "KHAN", "Ada"), &away, &link("replaced-by", &stays)),
        )
        .await;
    assert_eq!(again.status, 200);
    assert_eq!(stage.place.audit("patient.merged").await.len(), 1);
    // Who has read it, parts them.
    let version = stage.get(&path).await.header("etag").to_owned();
    let parted = stage
        .ask(
            "pas",
            "PUT",
            &path,
            &[("if-match", &version)],
            with(patient("1", "KHAN", "Ada"), &away, &json!([])),
        )
        .await;
    assert_eq!(
        (parted.status, &parted.body["active"], &parted.body["link"]),
        (200, &json!(true), &Value::Null)
    );
    assert_eq!(
        stage.get(&format!("Patient/{stays}")).await.body["link"],
        Value::Null
    );
    assert_eq!(stage.shown(&stays).await.visit, None);
    assert_eq!(
        stage.shown(&away).await.visit.unwrap().place.unwrap().ward,
        "Ward 7"
    );
    assert_eq!(stage.place.audit("patient.unmerged").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_takes_in_and_gives_back() {
    let Some(stage) = Stage::open("replaces").await else {
        return;
    };
    let away = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let stays = stage.made("Patient", patient("2", "KHAN", "Ada")).await;
    let path = format!("Patient/{stays}");
    let merged = stage
        .put(
            &path,
            with(patient("2", "KHAN", "Ada"), &stays, &link("replaces", &away)),
        )
        .await;
    assert_eq!(
        (merged.status, &merged.body["link"]),
        (200, &link("replaces", &away))
    );
    assert_eq!(
        stage.get(&format!("Patient/{away}")).await.body["link"],
        link("replaced-by", &stays)
    );
    // Into another one they are not merged too, unseen.
    let third = stage.made("Patient", patient("3", "KHAN", "Ada")).await;
    let refused = stage
        .put(
            &format!("Patient/{third}"),
            with(patient("3", "KHAN", "Ada"), &third, &link("replaces", &away)),
        )
        .await;
    assert_eq!(refused.refusal(), (409, "conflict", "Patient.link[0].other"));
    let refused = stage
        .put(
            &format!("Patient/{away}"),
            with(patient("1", "KHAN", "Ada"), &away, &link("replaced-by", &third)),
        )
        .await;
    assert_eq!(refused.refusal(), (409, "conflict", "Patient.link[0].other"));
    // Nothing of a refused update is kept.
    assert_eq!(
        stage.get(&format!("Patient/{third}")).await.body["link"],
        Value::Null
    );
    let version = stage.get(&path).await.header("etag").to_owned();
    let parted = stage
        .ask(
            "pas",
            "PUT",
            &path,
            &[("if-match", &version)],
            with(patient("2", "KHAN", "Ada"), &stays, &json!([])),
        )
        .await;
    assert_eq!((parted.status, &parted.body["link"]), (200, &Value::Null));
    assert_eq!(stage.get(&format!("Patient/{away}")).await.body["active"], true);
    let version = stage.get(&path).await.header("etag").to_owned();
    let linked = stage
        .put(
            &path,
            with(patient("2", "KHAN", "Ada"), &stays, &link("seealso", &third)),
        )
        .await;
    assert_eq!(linked.body["link"], link("seealso", &third));
    assert_eq!(
        stage.get(&format!("Patient/{third}")).await.body["link"],
        link("seealso", &stays)
    );
    assert_eq!(version, "W/\"3\"");
    for (links, expected) in [
        (
            link("replaces", &stays),
            (409, "conflict", "Patient.link[0].other"),
        ),
        (
            link("replaces", "0190f3a0-0000-7000-8000-000000000000"),
            (422, "not-found", "Patient.link[0].other"),
        ),
        (
            link("sibling", &away),
            (400, "code-invalid", "Patient.link[0].type"),
        ),
    ] {
        let refused = stage
            .put(&path, with(patient("2", "KHAN", "Ada"), &stays, &links))
            .await;
        assert_eq!(refused.refusal(), expected);
    }
}
