//! Every example of UK Core, taken or refused as the standard says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::stage::{Stage, examples, patient};

/// Patients, visits and bundles by name, with what they are to be answered.
const CASES: [(&str, u16, &str, &str); 12] = [
    // Its NHS number has a wrong check digit.
    (
        "UKCore-Patient-BabyPatient-Example",
        422,
        "value",
        "Patient.identifier[0].value",
    ),
    ("UKCore-Patient-RichardSmith-Example", 201, "", ""),
    // Without any number nobody could speak of them again.
    (
        "UKCore-Patient-Sn-Makaton-Example",
        422,
        "required",
        "Patient.identifier",
    ),
    (
        "UKCore-Patient-Sn-MultipleLanguages-Example",
        422,
        "required",
        "Patient.identifier",
    ),
    (
        "UKCore-Patient-Sn-Photo-Example",
        422,
        "required",
        "Patient.identifier",
    ),
    (
        "UKCore-Patient-Sn-SingleLanguage-Example",
        422,
        "required",
        "Patient.identifier",
    ),
    // Its patient is not one of this server, by that id.
    (
        "UKCore-Encounter-InpatientEncounter-Example",
        422,
        "not-found",
        "Encounter.subject",
    ),
    // Only batches and transactions are carried out.
    (
        "UKCore-Bundle-AllergyList-Example",
        422,
        "not-supported",
        "Bundle.type",
    ),
    ("UKCore-Bundle-Batch-Example", 200, "", ""),
    ("UKCore-Bundle-BatchPOST-Example", 200, "", ""),
    (
        "UKCore-Bundle-NEWS2Observations-Example",
        422,
        "not-supported",
        "Bundle.type",
    ),
    (
        "UKCore-Bundle-Sn-NoAllergyData-Example",
        422,
        "not-supported",
        "Bundle.type",
    ),
];

fn all() -> Option<BTreeMap<String, Value>> {
    let folder = examples()?;
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|kind| kind == "json"));
    let read = files.map(|file| {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        (
            name,
            serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap(),
        )
    });
    Some(read.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_uk_core_is_taken_or_refused_as_the_standard_says() {
    let Some(examples) = all() else {
        return;
    };
    let Some(stage) = Stage::open("examples").await else {
        return;
    };
    assert!(examples.len() >= 142, "{} examples", examples.len());
    let mut seen = 0;
    for (name, body) in &examples {
        let kind = body["resourceType"].as_str().unwrap();
        let path = if kind == "Bundle" { "" } else { kind };
        let answer = stage.post(path, body.clone()).await;
        let Some((_, status, code, place)) = CASES.iter().find(|(known, ..)| known == name) else {
            assert!(
                !matches!(kind, "Bundle" | "Encounter" | "Patient"),
                "{name} has no case"
            );
            // What is only read here, and what is not here at all.
            let status = if matches!(kind, "Composition" | "Task") {
                405
            } else {
                404
            };
            assert_eq!(answer.refusal(), (status, "not-supported", ""), "{name}");
            continue;
        };
        seen += 1;
        if *status < 300 {
            assert_eq!(answer.status, *status, "{name}: {answer:?}");
        } else {
            assert_eq!(answer.refusal(), (*status, *code, *place), "{name}");
        }
    }
    assert_eq!(seen, CASES.len());
    assert_eq!(stage.place.count("patient").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_batches_are_answered_entry_by_entry() {
    let Some(examples) = all() else {
        return;
    };
    let Some(stage) = Stage::open("example_batches").await else {
        return;
    };
    for (name, status) in [
        ("UKCore-Bundle-Batch-Example", "404 Not Found"),
        ("UKCore-Bundle-BatchPOST-Example", "404 Not Found"),
    ] {
        let answer = stage.post("", examples[name].clone()).await;
        let entries = answer.body["entry"].as_array().unwrap();
        assert_eq!(entries.len(), examples[name]["entry"].as_array().unwrap().len());
        for entry in entries {
            assert_eq!(entry["response"]["status"], status, "{name}");
            assert_eq!(entry["response"]["outcome"]["resourceType"], "OperationOutcome");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_encounter_is_taken_when_its_patient_is_known() {
    let Some(examples) = all() else {
        return;
    };
    let Some(stage) = Stage::open("example_encounter").await else {
        return;
    };
    let richard = stage
        .made("Patient", examples["UKCore-Patient-RichardSmith-Example"].clone())
        .await;
    let read = stage.get(&format!("Patient/{richard}")).await.body;
    let sent = &examples["UKCore-Patient-RichardSmith-Example"];
    assert_eq!(read["identifier"], sent["identifier"]);
    assert_eq!(read["name"], sent["name"]);
    for same in ["gender", "birthDate"] {
        assert_eq!(read[same], sent[same]);
    }
    assert_eq!(read["address"][0]["line"], json!(["4 Sandmoor Drive", "LEEDS"]));
    assert_eq!(read["address"][0]["postalCode"], "LS17 7DF");
    assert_eq!(read["telecom"][0]["value"], sent["telecom"][0]["value"]);
    let mut encounter = examples["UKCore-Encounter-InpatientEncounter-Example"].clone();
    encounter["subject"]["reference"] = json!(format!("Patient/{richard}"));
    let made = stage.post("Encounter", encounter.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    for same in ["identifier", "status", "class", "period", "subject"] {
        assert_eq!(made.body[same], encounter[same], "{same}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_baby_is_taken_when_the_nhs_number_is_right() {
    let Some(examples) = all() else {
        return;
    };
    let Some(stage) = Stage::open("example_baby").await else {
        return;
    };
    stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let mut baby = examples["UKCore-Patient-BabyPatient-Example"].clone();
    baby["identifier"][0]["value"] = json!("9000000009");
    let made = stage.post("Patient", baby.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.body["_birthDate"], baby["_birthDate"]);
}
