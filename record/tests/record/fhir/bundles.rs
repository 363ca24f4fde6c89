//! Several at once: all or nothing, or each by itself.

use baton_core::patient::VisitStatus;
use serde_json::{Value, json};

use super::stage::{BASE, Stage, patient, visit};

fn entry(full_url: &str, method: &str, url: &str, resource: Value) -> Value {
    json!({ "fullUrl": full_url, "resource": resource, "request": { "method": method, "url": url } })
}

fn bundle(kind: &str, entries: Vec<Value>) -> Value {
    json!({ "resourceType": "Bundle", "type": kind, "entry": entries })
}

fn visit_of(number: &str, subject: Value) -> Value {
    let mut body = visit(number, "x", "in-progress", "Ward 7");
    body["subject"] = subject;
    body
}

const ADA: &str = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a";
const BEN: &str = "urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059";

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_brings_patients_and_visits_that_refer_to_each_other() {
    let Some(stage) = Stage::open("transaction").await else {
        return;
    };
    let known = stage.made("Patient", patient("9", "OLD", "Eve")).await;
    let mut merged = patient("2", "KHAN", "Ada");
    merged["link"] = json!([{ "other": { "reference": ADA }, "type": "replaced-by" }]);
    let answer = stage
        .post(
            "",
            bundle(
                "transaction",
                vec![
                    // The visit stands before the patient to whom it refers.
                    entry("urn:uuid:1", "POST", "Encounter", visit_of("V1", json!({ "reference": ADA }))),
                    entry(BEN, "POST", "Patient", merged),
                    entry(ADA, "PUT", "Patient?identifier=https://fhir.rx1.example/mrn%7C1", patient("1", "KHAN", "Ada")),
                    entry(
                        "urn:uuid:2",
                        "PUT",
                        "Encounter?identifier=https://fhir.rx1.example/visit%7CV2",
                        visit_of("V2", json!({ "reference": "Patient?identifier=https://fhir.rx1.example/mrn%7C9" })),
                    ),
                    json!({ "request": { "method": "GET", "url": format!("{BASE}/Patient/{known}") } }),
                    json!({ "request": { "method": "GET", "url": "Patient?identifier=https://fhir.rx1.example/mrn%7C1" } }),
                ],
            ),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.body["type"]),
        (200, &json!("transaction-response")),
        "{answer:?}"
    );
    let entries = answer.body["entry"].as_array().unwrap();
    let statuses: Vec<_> = entries
        .iter()
        .map(|entry| entry["response"]["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [
            "201 Created",
            "201 Created",
            "201 Created",
            "201 Created",
            "200 OK",
            "200 OK"
        ]
    );
    let ada = entries[2]["resource"]["id"].as_str().unwrap();
    assert_eq!(
        entries[0]["resource"]["subject"]["reference"],
        format!("Patient/{ada}")
    );
    assert!(
        entries[2]["response"]["location"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{BASE}/Patient/{ada}/_history/"))
    );
    assert_eq!(
        entries[1]["resource"]["link"][0]["other"]["reference"],
        format!("Patient/{ada}")
    );
    assert_eq!(entries[4]["resource"]["name"][0]["family"], "OLD");
    assert_eq!(entries[5]["resource"]["type"], "searchset");
    assert_eq!(
        stage.shown(ada).await.visit.unwrap().status,
        VisitStatus::Admitted
    );
    assert_eq!(
        stage.shown(&known).await.visit.unwrap().status,
        VisitStatus::Admitted
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_transaction_with_one_bad_entry_nothing_is_kept() {
    let Some(stage) = Stage::open("all_or_nothing").await else {
        return;
    };
    let good = || entry(ADA, "POST", "Patient", patient("1", "KHAN", "Ada"));
    let mut bad = patient("2", "KHAN", "Ben");
    bad["gender"] = json!("F");
    let mut twice = patient("1", "KHAN", "Ada");
    twice["name"][0]["given"] = json!(["Adah"]);
    let condition = "Patient?identifier=https://fhir.rx1.example/mrn%7C1";
    let cases: Vec<(&str, Value, (u16, &str, &str))> = vec![
        (
            "malformed",
            entry(BEN, "POST", "Patient", bad),
            (400, "code-invalid", "Bundle.entry[1].resource.gender"),
        ),
        (
            "of nobody",
            entry(
                BEN,
                "POST",
                "Encounter",
                visit_of("V1", json!({ "reference": BEN })),
            ),
            (422, "not-found", "Bundle.entry[1].resource.subject"),
        ),
        (
            "another type",
            entry(
                BEN,
                "POST",
                "Observation",
                json!({ "resourceType": "Observation" }),
            ),
            (404, "not-supported", "Bundle.entry[1].request.url"),
        ),
        (
            "the same twice",
            entry(BEN, "PUT", condition, twice),
            (400, "invalid", "Bundle.entry[1]"),
        ),
        (
            "elsewhere",
            entry(
                BEN,
                "POST",
                "https://other.test/fhir/r4/Patient",
                patient("2", "KHAN", "Ben"),
            ),
            (404, "not-found", "Bundle.entry[1].request.url"),
        ),
        (
            "without a request",
            json!({ "resource": patient("2", "A", "B") }),
            (400, "required", "Bundle.entry[1].request"),
        ),
        (
            "without a resource",
            json!({ "request": { "method": "POST", "url": "Patient" } }),
            (400, "required", "Bundle.entry[1]"),
        ),
        (
            "nothing there",
            json!({ "request": { "method": "GET", "url": "Patient/x" } }),
            (404, "not-found", "Bundle.entry[1]"),
        ),
        (
            "to be deleted",
            json!({ "request": { "method": "DELETE", "url": "Patient/x" } }),
            (405, "not-supported", "Bundle.entry[1].request.url"),
        ),
    ];
    for (why, second, expected) in cases {
        let answer = stage.post("", bundle("transaction", vec![good(), second])).await;
        assert_eq!(answer.refusal(), expected, "{why}");
        assert_eq!(stage.place.count("patient").await, 0, "{why}");
    }
    let may_not = stage.ask(
        "feed",
        "POST",
        "",
        &[],
        bundle(
            "transaction",
            vec![
                good(),
                entry(
                    BEN,
                    "POST",
                    "Encounter",
                    visit_of("V1", json!({ "reference": ADA })),
                ),
            ],
        ),
    );
    assert_eq!(may_not.await.refusal(), (403, "forbidden", "Bundle.entry[1]"));
    assert_eq!(stage.place.count("patient").await, 0);
    assert_eq!(stage.place.count("fhir_encounter").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_each_entry_stands_for_itself() {
    let Some(stage) = Stage::open("batch").await else {
        return;
    };
    let answer = stage
        .post(
            "",
            bundle(
                "batch",
                vec![
                    entry(ADA, "POST", "Patient", patient("1", "KHAN", "Ada")),
                    entry(BEN, "POST", "Patient", json!({ "resourceType": "Patient" })),
                    json!({ "request": { "method": "GET", "url": "Observation/1" } }),
                    json!({ "request": { "method": "GET", "url": "Patient?identifier=https://fhir.rx1.example/mrn%7C1" } }),
                ],
            ),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.body["type"]),
        (200, &json!("batch-response")),
        "{answer:?}"
    );
    let entries = answer.body["entry"].as_array().unwrap();
    let statuses: Vec<_> = entries
        .iter()
        .map(|entry| entry["response"]["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [
            "201 Created",
            "422 Unprocessable Entity",
            "404 Not Found",
            "200 OK"
        ]
    );
    let told = &entries[1]["response"]["outcome"]["issue"][0];
    assert_eq!(
        (&told["code"], &told["expression"][0]),
        (&json!("required"), &json!("Bundle.entry[1].resource.identifier"))
    );
    assert_eq!(entries[3]["resource"]["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_transactions_that_meet_crosswise_are_both_done() {
    let Some(stage) = Stage::open("crosswise").await else {
        return;
    };
    let stage = std::sync::Arc::new(stage);
    let put = |mrn: &str, given: &str| {
        entry(
            "",
            "PUT",
            &format!("Patient?identifier=https://fhir.rx1.example/mrn%7C{mrn}"),
            patient(mrn, "KHAN", given),
        )
    };
    let send = |first: &'static str, second: &'static str| {
        let stage = stage.clone();
        let mut entries = vec![put(first, "Ada"), put(second, "Ben")];
        for entry in &mut entries {
            entry.as_object_mut().unwrap().remove("fullUrl");
        }
        tokio::spawn(async move { stage.post("", bundle("transaction", entries)).await })
    };
    for _ in 0..3 {
        let (one, other) = (send("1", "2"), send("2", "1"));
        assert_eq!(
            [one.await.unwrap().status, other.await.unwrap().status],
            [200, 200]
        );
    }
    assert_eq!(stage.place.count("patient").await, 2);
}
