//! `Encounter`: how things are, into what happened, and back.

use baton_core::patient::{Place, VisitStatus};
use baton_core::secret::Personal;
use serde_json::{Value, json};

use super::stage::{BASE, Stage, VISIT, patient, visit};

fn at(ward: &str) -> Option<Place> {
    Some(Place {
        ward: ward.to_owned(),
        ..Place::default()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_goes_from_expected_to_over_and_the_banner_follows() {
    let Some(stage) = Stage::open("stay").await else {
        return;
    };
    let patient = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let id = stage
        .made("Encounter", visit("V1", &patient, "planned", "Ward 7"))
        .await;
    for (status, ward, expected, where_) in [
        ("planned", "Ward 7", Some(VisitStatus::PreAdmitted), at("Ward 7")),
        ("arrived", "Ward 7", Some(VisitStatus::Admitted), at("Ward 7")),
        ("triaged", "Ward 7", Some(VisitStatus::Admitted), at("Ward 7")),
        ("in-progress", "Ward 9", Some(VisitStatus::Admitted), at("Ward 9")),
        ("onleave", "Ward 9", Some(VisitStatus::OnLeave), at("Ward 9")),
        ("in-progress", "Ward 9", Some(VisitStatus::Admitted), at("Ward 9")),
        ("finished", "Ward 9", Some(VisitStatus::Discharged), at("Ward 9")),
        ("in-progress", "Ward 9", Some(VisitStatus::Admitted), at("Ward 9")),
        ("cancelled", "Ward 9", None, None),
        ("in-progress", "Ward 3", Some(VisitStatus::Admitted), at("Ward 3")),
        ("entered-in-error", "Ward 3", None, None),
    ] {
        let mut body = visit("V1", &patient, status, ward);
        body["id"] = json!(id);
        let answer = stage.put(&format!("Encounter/{id}"), body).await;
        assert_eq!(answer.status, 200, "{status}: {answer:?}");
        assert_eq!(answer.body["status"], status);
        let shown = stage.shown(&patient).await.visit;
        assert_eq!(shown.as_ref().map(|visit| visit.status), expected, "{status}");
        assert_eq!(shown.and_then(|visit| visit.place), where_, "{status}");
    }
    let read = stage.get(&format!("Encounter/{id}")).await;
    assert_eq!(
        (read.status, &read.body["status"]),
        (200, &json!("entered-in-error"))
    );
}

fn whole(patient: &str) -> Value {
    json!({
        "resourceType": "Encounter",
        "extension": [{
            "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate",
            "valueDateTime": "2026-06-09",
        }],
        "identifier": [{ "system": VISIT, "value": "V1" }],
        "status": "in-progress",
        "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "ACUTE", "display": "inpatient acute" },
        "subject": { "reference": format!("Patient/{patient}") },
        "participant": [{
            "type": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "ATND", "display": "attender",
            }] }],
            "individual": { "display": "Dr A Khan" },
        }],
        "serviceType": { "text": "Cardiology" },
        "period": { "start": "2026-06-01T12:00:00+01:00" },
        "location": [location("wa", "Ward", "Ward 7"), location("ro", "Room", "Bay 2"), location("bd", "Bed", "4")],
        "serviceProvider": { "display": "RX1" },
    })
}

fn location(code: &str, display: &str, name: &str) -> Value {
    json!({
        "location": { "display": name },
        "status": "active",
        "physicalType": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/location-physical-type", "code": code, "display": display,
        }] },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_back_of_a_visit_is_what_was_sent() {
    let Some(stage) = Stage::open("visit_round_trip").await else {
        return;
    };
    let patient = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let made = stage.post("Encounter", whole(&patient)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.id();
    assert!(
        made.header("location")
            .starts_with(&format!("{BASE}/Encounter/{id}/_history/"))
    );
    let read = stage.get(&format!("Encounter/{id}")).await;
    assert_eq!(read.body, made.body);
    let mut got = read.body.clone();
    let members = got.as_object_mut().unwrap();
    members.remove("id");
    members.remove("meta");
    assert_eq!(got, whole(&patient));
    let shown = stage.shown(&patient).await.visit.unwrap();
    assert_eq!(shown.consultant, Some(Personal::from("Dr A Khan")));
    assert_eq!(shown.specialty.as_deref(), Some("Cardiology"));
    assert_eq!(shown.from.unwrap().to_string(), "2026-06-01T12:00");
    assert_eq!(shown.expected_discharge.unwrap().to_string(), "2026-06-09");
    let place = shown.place.unwrap();
    assert_eq!(
        (
            place.facility.as_str(),
            place.ward.as_str(),
            place.room.as_str(),
            place.bed.as_str()
        ),
        ("RX1", "Ward 7", "Bay 2", "4")
    );
    // What a later resource leaves out is not so any more.
    let mut less = visit("V1", &patient, "in-progress", "Ward 7");
    less["id"] = json!(id);
    let answer = stage.put(&format!("Encounter/{id}"), less).await;
    for gone in ["extension", "participant", "serviceType", "period"] {
        assert_eq!(answer.body[gone], Value::Null, "{gone}");
    }
    // Where they were stays known when they have left.
    let mut over = visit("V1", &patient, "finished", "Ward 7");
    over["id"] = json!(id);
    over.as_object_mut().unwrap().remove("location");
    over["period"] = json!({ "start": "2026-06-01", "end": "2026-06-02" });
    let answer = stage.put(&format!("Encounter/{id}"), over).await;
    assert_eq!(answer.body["location"][0]["location"]["display"], "Ward 7");
    assert_eq!(answer.body["period"]["end"], "2026-06-02");
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_consultants_are_found_where_senders_put_them() {
    let Some(stage) = Stage::open("places").await else {
        return;
    };
    let patient = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let mut body = visit("V1", &patient, "in-progress", "Ward 1");
    body["contained"] = json!([
        { "resourceType": "Location", "id": "w", "name": "Ward 5" },
        { "resourceType": "Practitioner", "id": "p", "name": [{ "family": "Okoro", "given": ["Ben"], "prefix": ["Mr"] }] },
        { "resourceType": "Organization", "id": "o", "name": "St James" },
    ]);
    body["location"] = json!([
        { "location": { "display": "Ward 1" }, "status": "completed" },
        { "location": { "display": "Ward 2" }, "period": { "end": "2020-01-01" } },
        { "location": { "display": "Ward 3" }, "status": "planned" },
        { "location": { "reference": "#w" }, "status": "active" },
    ]);
    body["participant"] = json!([
        { "type": [{ "coding": [{ "code": "CON" }] }], "individual": { "display": "Dr Other" } },
        { "type": [{ "coding": [{ "code": "ATND" }] }], "individual": { "reference": "#p" } },
        { "type": [{ "coding": [{ "code": "ATND" }] }], "individual": { "display": "Dr Gone" }, "period": { "end": "2020" } },
    ]);
    body["serviceProvider"] = json!({ "reference": "#o" });
    let id = stage.made("Encounter", body).await;
    let shown = stage.shown(&patient).await.visit.unwrap();
    assert_eq!(shown.consultant, Some(Personal::from("Mr Ben Okoro")));
    let place = shown.place.unwrap();
    assert_eq!(
        (place.ward.as_str(), place.facility.as_str()),
        ("Ward 5", "St James")
    );
    // An emergency attendance is no stay.
    let mut body = visit("V1", &patient, "in-progress", "ED");
    body["id"] = json!(id);
    body["class"] = json!({ "code": "EMER" });
    stage.put(&format!("Encounter/{id}"), body).await;
    assert_eq!(
        stage.shown(&patient).await.visit.unwrap().status,
        VisitStatus::Attending
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_without_a_number_or_a_patient_who_is_known_is_refused() {
    let Some(stage) = Stage::open("visit_refused").await else {
        return;
    };
    let patient = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let good = || visit("V1", &patient, "in-progress", "Ward 7");
    let nobody = "Patient/0190f3a0-0000-7000-8000-000000000000";
    let cases: [(&str, Value, (u16, &str, &str)); 16] = [
        (
            "identifier",
            Value::Null,
            (422, "required", "Encounter.identifier"),
        ),
        (
            "status",
            json!("going"),
            (400, "code-invalid", "Encounter.status"),
        ),
        ("status", Value::Null, (400, "required", "Encounter.status")),
        ("class", Value::Null, (400, "required", "Encounter.class")),
        (
            "class",
            json!({ "display": "x" }),
            (400, "required", "Encounter.class"),
        ),
        ("subject", Value::Null, (422, "required", "Encounter.subject")),
        (
            "subject",
            json!({ "display": "Ada" }),
            (422, "required", "Encounter.subject"),
        ),
        (
            "subject",
            json!({ "reference": nobody }),
            (422, "not-found", "Encounter.subject"),
        ),
        (
            "subject",
            json!({ "reference": "Patient/UKCore" }),
            (422, "not-found", "Encounter.subject"),
        ),
        (
            "subject",
            json!({ "reference": "Group/1" }),
            (422, "not-found", "Encounter.subject"),
        ),
        (
            "subject",
            json!({ "reference": "https://other.test/Patient/1" }),
            (422, "not-found", "Encounter.subject"),
        ),
        (
            "subject",
            json!({ "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9000000009" } }),
            (422, "business-rule", "Encounter.subject"),
        ),
        (
            "period",
            json!({ "start": "2026-06-02", "end": "2026-06-01" }),
            (400, "invariant", "Encounter.period"),
        ),
        (
            "period",
            json!({ "start": "yesterday" }),
            (400, "value", "Encounter.period.start"),
        ),
        (
            "location",
            json!([{ "status": "active" }]),
            (400, "required", "Encounter.location[0].location"),
        ),
        (
            "modifierExtension",
            json!([{ "url": "urn:x" }]),
            (422, "not-supported", "Encounter.modifierExtension"),
        ),
    ];
    for (name, value, expected) in cases {
        let mut body = good();
        if value == Value::Null {
            body.as_object_mut().unwrap().remove(name);
        } else {
            body[name] = value;
        }
        assert_eq!(stage.post("Encounter", body).await.refusal(), expected, "{name}");
    }
    assert_eq!(stage.place.count("fhir_encounter").await, 0);
    assert_eq!(stage.shown(&patient).await.visit, None);
    let mut by_number = good();
    by_number["subject"] =
        json!({ "identifier": { "system": "https://fhir.rx1.example/mrn", "value": "1" } });
    assert_eq!(stage.post("Encounter", by_number).await.status, 201);
    assert_eq!(
        stage.post("Encounter", good()).await.refusal(),
        (409, "duplicate", "Encounter.identifier")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_written_on_condition_and_only_in_the_version_that_was_seen() {
    let Some(stage) = Stage::open("visit_condition").await else {
        return;
    };
    let patient = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let path = "Encounter?identifier=https://fhir.rx1.example/visit%7CV1";
    let made = stage
        .put(path, visit("V1", &patient, "in-progress", "Ward 7"))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let moved = stage
        .put(path, visit("V1", &patient, "in-progress", "Ward 8"))
        .await;
    assert_eq!((moved.status, moved.id()), (200, made.id()));
    let if_none = [("if-none-exist", "identifier=https://fhir.rx1.example/visit%7CV1")];
    let found = stage
        .ask(
            "pas",
            "POST",
            "Encounter",
            &if_none,
            visit("V1", &patient, "planned", "Ward 1"),
        )
        .await;
    assert_eq!(
        (found.status, &found.body["status"]),
        (200, &json!("in-progress"))
    );
    let stage = std::sync::Arc::new(stage);
    let change = |ward: &'static str| {
        let (stage, version) = (stage.clone(), found.header("etag").to_owned());
        let body = visit("V1", &patient, "in-progress", ward);
        tokio::spawn(async move {
            stage
                .ask("pas", "PUT", path, &[("if-match", &version)], body)
                .await
        })
    };
    let (one, other) = (change("Ward 2"), change("Ward 3"));
    let mut statuses = [one.await.unwrap().status, other.await.unwrap().status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let path = "Encounter?identifier=https://fhir.rx1.example/visit%7CV2";
    assert_eq!(
        stage
            .put(path, visit("V3", &patient, "planned", "W"))
            .await
            .refusal(),
        (422, "business-rule", "Encounter.identifier")
    );
    let mut body = visit("V9", &patient, "planned", "W");
    body["id"] = json!(made.id());
    let other = stage.put(&format!("Encounter/{}", made.id()), body).await;
    assert_eq!(other.refusal(), (422, "business-rule", "Encounter.identifier"));
    for (query, total) in [
        ("identifier=https://fhir.rx1.example/visit%7CV1".to_owned(), 1),
        (format!("patient={patient}"), 1),
        (
            format!("subject=Patient/{patient}&identifier=https://fhir.rx1.example/visit%7CV1"),
            1,
        ),
        (
            format!("patient={patient}&identifier=https://fhir.rx1.example/visit%7CV2"),
            0,
        ),
        ("patient=nobody".to_owned(), 0),
    ] {
        let found = stage.get(&format!("Encounter?{query}")).await;
        assert_eq!(
            (found.status, &found.body["total"]),
            (200, &json!(total)),
            "{query}"
        );
    }
    assert_eq!(stage.get("Encounter").await.refusal(), (400, "too-costly", ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_of_the_wrong_patient_is_moved_to_the_right_one() {
    let Some(stage) = Stage::open("visit_moved").await else {
        return;
    };
    let wrong = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let right = stage.made("Patient", patient("2", "KAHN", "Ada")).await;
    let id = stage
        .made("Encounter", visit("V1", &wrong, "in-progress", "Ward 7"))
        .await;
    let mut body = visit("V1", &right, "in-progress", "Ward 7");
    body["id"] = json!(id);
    let moved = stage.put(&format!("Encounter/{id}"), body).await;
    assert_eq!(
        (moved.status, &moved.body["subject"]["reference"]),
        (200, &json!(format!("Patient/{right}")))
    );
    assert_eq!(stage.shown(&wrong).await.visit, None);
    assert_eq!(
        stage.shown(&right).await.visit.unwrap().status,
        VisitStatus::Admitted
    );
}
