//! `Patient`: written, read, found, changed.

use axum::body::Body;
use axum::http::Request;
use baton_core::patient::{AddressKind, ContactKind};
use serde_json::{Value, json};

use super::stage::{Answer, BASE, MRN, NHS, Stage, patient, token};

/// Everything that the index holds of a patient.
fn whole() -> Value {
    json!({
        "resourceType": "Patient",
        "active": true,
        "identifier": [
            {
                "extension": [{
                    "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                    "valueCodeableConcept": { "coding": [{
                        "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
                        "code": "01",
                        "display": "Number present and verified",
                    }] },
                }],
                "system": NHS,
                "value": "9000000009",
            },
            { "use": "old", "system": NHS, "value": "9000000025" },
            { "system": MRN, "value": "A1" },
            { "system": "urn:oid:2.16.840.1.113883.2.1.4.1", "value": "B2" },
        ],
        "name": [
            { "use": "official", "family": "THISTLEWOOD", "given": ["Ada", "Mary"], "prefix": ["Mrs"] },
            { "use": "nickname", "given": ["Addie"] },
        ],
        "telecom": [
            { "system": "phone", "use": "home", "value": "020 7946 0001" },
            { "system": "phone", "use": "mobile", "value": "07700 900001" },
            { "system": "phone", "use": "work", "value": "020 7946 0002" },
            { "system": "email", "value": "ada@example.org" },
        ],
        "gender": "female",
        "birthDate": "1945-07-14",
        "_birthDate": { "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/patient-birthTime",
            "valueDateTime": "1945-07-14T08:05:00+00:00",
        }] },
        "deceasedDateTime": "2026-06-01T12:00:00+01:00",
        "address": [
            { "use": "home", "line": ["5 Mill Lane", "Eastmere"], "postalCode": "EM1 2AB" },
            { "use": "temp", "line": ["Ward End House"], "postalCode": "EM2 3CD" },
        ],
        "generalPractitioner": [{
            "identifier": { "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y00001" },
            "display": "Orchard Surgery",
        }],
    })
}

fn without_server_parts(mut resource: Value) -> Value {
    let members = resource.as_object_mut().unwrap();
    members.remove("id");
    members.remove("meta");
    resource
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_back_is_what_was_sent() {
    let Some(stage) = Stage::open("round_trip").await else {
        return;
    };
    let made = stage.post("Patient", whole()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.id();
    assert_eq!(made.header("location"), format!("{BASE}/Patient/{id}/_history/1"));
    assert_eq!(made.header("etag"), "W/\"1\"");
    assert_eq!(made.header("last-modified"), "Fri, 15 Jan 2027 08:00:00 GMT");
    let read = stage.get(&format!("Patient/{id}")).await;
    assert_eq!(read.body, made.body);
    assert_eq!(read.body["id"], id);
    assert_eq!(read.body["meta"]["versionId"], "1");
    assert_eq!(without_server_parts(read.body.clone()), whole());
    let version = stage.get(&format!("Patient/{id}/_history/1")).await;
    assert_eq!((version.status, version.body), (200, read.body.clone()));
    // Sent again as it was read, nothing changes.
    let again = stage.put(&format!("Patient/{id}"), read.body.clone()).await;
    assert_eq!((again.status, again.header("etag")), (200, "W/\"1\""));
    assert_eq!(without_server_parts(again.body), whole());
    assert_eq!(
        stage.get(&format!("Patient/{id}/_history/2")).await.refusal(),
        (404, "not-found", "")
    );
    let known = stage
        .ask(
            "pas",
            "GET",
            &format!("Patient/{id}"),
            &[("if-none-match", "W/\"1\"")],
            None,
        )
        .await;
    assert_eq!((known.status, known.body), (304, Value::Null));
    let head = stage
        .ask("pas", "HEAD", &format!("Patient/{id}"), &[], None)
        .await;
    assert_eq!((head.status, head.header("etag")), (200, "W/\"1\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_banner_shows_what_was_sent() {
    let Some(stage) = Stage::open("banner").await else {
        return;
    };
    let id = stage.made("Patient", whole()).await;
    let shown = stage.shown(&id).await;
    let name = shown.name.expose();
    assert_eq!(
        (name.family.as_str(), name.given.as_str(), name.title.as_str()),
        ("THISTLEWOOD", "Ada Mary", "Mrs")
    );
    assert_eq!(shown.preferred.unwrap().as_str(), "Addie");
    assert!(shown.nhs.unwrap().is_verified);
    assert_eq!(shown.superseded.len(), 1);
    let numbers: Vec<_> = shown
        .identifiers
        .iter()
        .map(|known| (known.assigner.as_str(), known.value.as_str()))
        .collect();
    assert_eq!(
        numbers,
        [("RX1", "A1"), ("urn:oid:2.16.840.1.113883.2.1.4.1", "B2")]
    );
    assert_eq!(shown.born.unwrap().expose().to_string(), "1945-07-14T08:05");
    assert_eq!(
        shown.died.unwrap().at.unwrap().expose().to_string(),
        "2026-06-01T12:00"
    );
    let kinds: Vec<_> = shown.addresses.iter().map(|address| address.kind).collect();
    assert_eq!(kinds, [AddressKind::Usual, AddressKind::Temporary]);
    let kinds: Vec<_> = shown.contacts.iter().map(|contact| contact.kind).collect();
    assert_eq!(
        kinds,
        [
            ContactKind::Home,
            ContactKind::Mobile,
            ContactKind::Work,
            ContactKind::Email
        ]
    );
    assert_eq!(shown.gp.unwrap().ods, "Y00001");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_refused_with_its_place_and_none_of_what_was_sent() {
    let Some(stage) = Stage::open("malformed").await else {
        return;
    };
    let cases: [(&str, Value, (u16, &str, &str)); 27] = [
        (
            "/resourceType",
            json!("Person"),
            (400, "invalid", "Patient.resourceType"),
        ),
        (
            "/identifier/0/value",
            json!("9000000008"),
            (422, "value", "Patient.identifier[0].value"),
        ),
        (
            "/identifier/0/value",
            json!(9_000_000_009_u64),
            (400, "structure", "Patient.identifier[0].value"),
        ),
        (
            "/identifier/2/system",
            Value::Null,
            (400, "structure", "Patient.identifier[2].system"),
        ),
        (
            "/identifier/2/use",
            json!("mine"),
            (400, "code-invalid", "Patient.identifier[2].use"),
        ),
        (
            "/identifier",
            json!({ "system": MRN, "value": "A1" }),
            (400, "structure", "Patient.identifier"),
        ),
        ("/identifier", json!([]), (400, "structure", "Patient.identifier")),
        (
            "/identifier",
            json!([{ "value": "A1" }]),
            (422, "required", "Patient.identifier[0].system"),
        ),
        (
            "/name/0/family",
            json!(""),
            (400, "value", "Patient.name[0].family"),
        ),
        (
            "/name/0/family",
            json!("A\u{0}B"),
            (400, "value", "Patient.name[0].family"),
        ),
        (
            "/name/0/use",
            json!("legal"),
            (400, "code-invalid", "Patient.name[0].use"),
        ),
        (
            "/name/0/given",
            json!("Ada"),
            (400, "structure", "Patient.name[0].given"),
        ),
        (
            "/name/0/given/1",
            json!({}),
            (400, "structure", "Patient.name[0].given[1]"),
        ),
        ("/gender", json!("F"), (400, "code-invalid", "Patient.gender")),
        (
            "/birthDate",
            json!("14/07/1945"),
            (400, "value", "Patient.birthDate"),
        ),
        (
            "/birthDate",
            json!("1945-02-30"),
            (400, "value", "Patient.birthDate"),
        ),
        (
            "/birthDate",
            json!("1945-07-14T08:05:00Z"),
            (400, "value", "Patient.birthDate"),
        ),
        (
            "/birthDate",
            json!("1945-07-20"),
            (400, "invariant", "Patient.birthDate"),
        ),
        (
            "/deceasedDateTime",
            json!("2026-06-01T12:00"),
            (400, "value", "Patient.deceasedDateTime"),
        ),
        (
            "/deceasedBoolean",
            json!(true),
            (400, "structure", "Patient.deceased"),
        ),
        ("/active", json!("yes"), (400, "structure", "Patient.active")),
        (
            "/address/0/use",
            json!("house"),
            (400, "code-invalid", "Patient.address[0].use"),
        ),
        (
            "/address/0/line",
            json!([null]),
            (400, "structure", "Patient.address[0].line[0]"),
        ),
        (
            "/telecom/0/system",
            json!("carrier pigeon"),
            (400, "code-invalid", "Patient.telecom[0].system"),
        ),
        (
            "/telecom",
            json!([{ "value": "1" }]),
            (400, "invariant", "Patient.telecom[0].system"),
        ),
        (
            "/link",
            json!([{ "type": "replaces" }]),
            (400, "required", "Patient.link[0].other"),
        ),
        (
            "/modifierExtension",
            json!([{ "url": "urn:x:not" }]),
            (422, "not-supported", "Patient.modifierExtension"),
        ),
    ];
    for (pointer, value, expected) in cases {
        let mut body = whole();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match name.parse::<usize>() {
            Ok(at) => parent[at] = value,
            Err(_) => parent[name] = value,
        }
        let answer = stage.post("Patient", body).await;
        assert_eq!(answer.refusal(), expected, "{pointer}");
        let told = answer.body.to_string();
        for secret in ["9000000008", "THISTLEWOOD", "14/07/1945", "pigeon", "Mill"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    // All that is wrong is told at once.
    let both = json!({ "resourceType": "Patient", "gender": "F", "birthDate": "x" });
    assert_eq!(
        stage.post("Patient", both).await.body["issue"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(stage.place.count("patient").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_asks_for_is_passed_over() {
    let Some(stage) = Stage::open("ignored").await else {
        return;
    };
    let mut body = patient("1", "KHAN", "Ada");
    body["photo"] = json!([{ "data": "AAAA" }]);
    body["multipleBirthInteger"] = json!(2);
    body["unheardOf"] = json!({ "nested": [1, 2.5, null] });
    body["extension"] = json!([{ "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
        "valueCodeableConcept": { "coding": [{ "code": "A" }] } }]);
    assert_eq!(stage.post("Patient", body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_headers_that_are_not_fhir_json_are_refused() {
    let Some(stage) = Stage::open("bodies").await else {
        return;
    };
    let send = async |kind: &str, accept: &str, body: Vec<u8>| -> Answer {
        let token = token(stage.now(), "pas", |_| {});
        let request = Request::post("/fhir/r4/Patient")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind)
            .header("accept", accept);
        stage.send(request.body(Body::from(body)).unwrap()).await
    };
    let (json, any) = ("application/fhir+json", "*/*");
    let good = patient("1", "KHAN", "Ada").to_string().into_bytes();
    assert_eq!(
        send("application/fhir+xml", any, good.clone()).await.refusal(),
        (415, "not-supported", "")
    );
    assert_eq!(
        send(json, "application/fhir+xml", good.clone()).await.refusal(),
        (406, "not-supported", "")
    );
    assert_eq!(
        send(json, any, b"<Patient/>".to_vec()).await.refusal(),
        (400, "structure", "")
    );
    assert_eq!(
        send(json, any, b"".to_vec()).await.refusal(),
        (400, "structure", "")
    );
    let twice = br#"{"resourceType":"Patient","gender":"male","gender":"female"}"#.to_vec();
    assert_eq!(send(json, any, twice).await.refusal(), (400, "structure", ""));
    assert_eq!(
        send(json, any, vec![b'['; 100_000]).await.refusal(),
        (400, "structure", "")
    );
    assert_eq!(
        send(json, any, vec![b' '; 2 * 1024 * 1024 + 1]).await.refusal(),
        (413, "too-long", "")
    );
    let many = format!("[{}0]", "0,".repeat(500_000));
    assert_eq!(
        send(json, any, many.into_bytes()).await.refusal(),
        (413, "too-long", "")
    );
    assert_eq!(stage.place.count("patient").await, 0);
    assert_eq!(send(json, any, good).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_patient_needs_something_that_says_who_it_is() {
    let Some(stage) = Stage::open("named").await else {
        return;
    };
    let mut nameless = patient("1", "KHAN", "Ada");
    nameless.as_object_mut().unwrap().remove("identifier");
    assert_eq!(
        stage.post("Patient", nameless.clone()).await.refusal(),
        (422, "required", "Patient.identifier")
    );
    nameless["identifier"] = json!([{ "system": NHS, "value": "9000000009" }]);
    let made = stage.post("Patient", nameless.clone()).await;
    assert_eq!(made.status, 201);
    // The same once more is the same patient.
    let again = stage.post("Patient", nameless.clone()).await;
    assert_eq!((again.status, again.id()), (200, made.id()));
    // Another system that knows them by NHS number, birth date and given name adds its number, and takes nothing away.
    let mut other = nameless.clone();
    other["identifier"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "system": "https://home.example", "value": "9" }));
    let joined = stage.post("Patient", other.clone()).await;
    assert_eq!((joined.status, joined.id()), (200, made.id()));
    // A number that is known is not given twice.
    assert_eq!(
        stage.post("Patient", other).await.refusal(),
        (409, "duplicate", "Patient.identifier[1]")
    );
    // An NHS number alone is nobody: with another birth date it is another patient, who has it unverified.
    nameless["birthDate"] = json!("1991-01-01");
    let twin = stage.post("Patient", nameless).await;
    assert_eq!(twin.status, 201);
    assert_ne!(twin.id(), made.id());
    assert_eq!(stage.place.audit("patient.possible_duplicate").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_makes_one_patient_however_often_it_is_sent() {
    let Some(stage) = Stage::open("conditional").await else {
        return;
    };
    let if_none = [("if-none-exist", "identifier=https://fhir.rx1.example/mrn%7C1")];
    let first = stage
        .ask("pas", "POST", "Patient", &if_none, patient("1", "KHAN", "Ada"))
        .await;
    assert_eq!(first.status, 201, "{first:?}");
    let second = stage
        .ask("pas", "POST", "Patient", &if_none, patient("1", "OTHER", "Name"))
        .await;
    assert_eq!((second.status, second.id()), (200, first.id()));
    assert_eq!(second.body["name"][0]["family"], "KHAN");
    let path = "Patient?identifier=https://fhir.rx1.example/mrn%7C2";
    let made = stage.put(path, patient("2", "LOW", "Ben")).await;
    assert_eq!(made.status, 201);
    let changed = stage.put(path, patient("2", "LOWE", "Ben")).await;
    assert_eq!((changed.status, changed.id()), (200, made.id()));
    assert_eq!(changed.body["name"][0]["family"], "LOWE");
    let mut with_id = patient("2", "LOWE", "Ben");
    with_id["id"] = json!(first.id());
    assert_eq!(
        stage.put(path, with_id.clone()).await.refusal(),
        (400, "invalid", "")
    );
    let path = "Patient?identifier=https://fhir.rx1.example/mrn%7C3";
    assert_eq!(
        stage.put(path, with_id).await.refusal(),
        (405, "not-supported", "")
    );
    assert_eq!(
        stage.put(path, patient("4", "X", "Y")).await.refusal(),
        (422, "business-rule", "Patient.identifier")
    );
    for path in [
        "Patient",
        "Patient?family=KHAN",
        "Patient?identifier=1",
        "Patient?identifier=https://fhir.rx1.example/mrn%7C1&family=KHAN",
        "Patient?identifier=https://fhir.rx1.example/mrn%7C1,https://fhir.rx1.example/mrn%7C2",
    ] {
        assert_eq!(
            stage.put(path, patient("1", "KHAN", "Ada")).await.refusal(),
            (412, "processing", ""),
            "{path}"
        );
    }
    let nhs = |value: &str, born: &str| {
        let mut body = patient("9", "MOTT", "Eve");
        body["identifier"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "system": NHS, "value": value }));
        body["birthDate"] = json!(born);
        body
    };
    let path = "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009";
    let made = stage.put(path, nhs("9000000009", "1945-07-14")).await;
    assert_eq!(made.status, 201);
    let changed = stage.put(path, nhs("9000000009", "1945-07-14")).await;
    assert_eq!((changed.status, changed.id()), (200, made.id()));
    // One digit may be wrong: an NHS number alone overwrites nobody.
    assert_eq!(
        stage.put(path, nhs("9000000009", "1950-01-01")).await.refusal(),
        (409, "conflict", "")
    );
    let path = "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000008";
    assert_eq!(
        stage.put(path, nhs("9000000009", "1945-07-14")).await.refusal(),
        (422, "value", "")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_create_the_same_patient_at_once_make_one() {
    let Some(stage) = Stage::open("race").await else {
        return;
    };
    let stage = std::sync::Arc::new(stage);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let stage = stage.clone();
            tokio::spawn(async move {
                let if_none = [("if-none-exist", "identifier=https://fhir.rx1.example/mrn%7C1")];
                stage
                    .ask("pas", "POST", "Patient", &if_none, patient("1", "KHAN", "Ada"))
                    .await
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap().status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    assert_eq!(stage.place.count("patient").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_the_same_version_one_is_told_to_read_again() {
    let Some(stage) = Stage::open("if_match").await else {
        return;
    };
    let stage = std::sync::Arc::new(stage);
    let id = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let change = |given: &'static str, version: &'static str| {
        let (stage, id) = (stage.clone(), id.clone());
        tokio::spawn(async move {
            let mut body = patient("1", "KHAN", given);
            body["id"] = json!(id);
            stage
                .ask(
                    "pas",
                    "PUT",
                    &format!("Patient/{id}"),
                    &[("if-match", version)],
                    body,
                )
                .await
        })
    };
    let (one, other) = (change("Ben", "W/\"1\""), change("Eve", "W/\"1\""));
    let (one, other) = (one.await.unwrap(), other.await.unwrap());
    let (won, lost) = if one.status == 200 {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!((won.status, won.header("etag")), (200, "W/\"2\""));
    assert_eq!(lost.refusal(), (412, "conflict", ""));
    let stands = stage.get(&format!("Patient/{id}")).await;
    assert_eq!(stands.body["name"], won.body["name"]);
    assert_eq!(change("Eve", "3").await.unwrap().status, 400);
    assert_eq!(change("Eve", "W/\"2\"").await.unwrap().status, 200);
    assert_eq!(change("Joy", "*").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_replaces_how_one_is_reached_and_never_blanks_who_one_is() {
    let Some(stage) = Stage::open("replace").await else {
        return;
    };
    let id = stage.made("Patient", whole()).await;
    let path = format!("Patient/{id}");
    let empty = json!({ "resourceType": "Patient", "id": id });
    let answer = stage.put(&path, empty.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    for gone in ["address", "telecom", "generalPractitioner"] {
        assert_eq!(answer.body[gone], Value::Null, "{gone}");
    }
    assert_eq!(answer.body["name"].as_array().unwrap().len(), 1);
    for stays in [
        "identifier",
        "gender",
        "birthDate",
        "_birthDate",
        "deceasedDateTime",
    ] {
        assert_eq!(answer.body[stays], whole()[stays], "{stays}");
    }
    // Said in so many words it goes.
    let mut said = empty.clone();
    said["deceasedBoolean"] = json!(false);
    said["gender"] = json!("unknown");
    said["_birthDate"] = json!({ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] });
    said["identifier"] = json!([{ "use": "old", "system": NHS, "value": "9000000009" }]);
    let answer = stage.put(&path, said).await;
    assert_eq!(answer.body["deceasedDateTime"], Value::Null);
    assert_eq!(answer.body["deceasedBoolean"], Value::Null);
    assert_eq!(answer.body["gender"], "unknown");
    assert_eq!(answer.body["birthDate"], Value::Null);
    let nhs: Vec<_> = answer.body["identifier"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|known| known["system"] == NHS)
        .collect();
    assert!(nhs.iter().all(|known| known["use"] == "old"), "{nhs:?}");
    // That somebody died says no less than when.
    let mut died = empty.clone();
    died["deceasedDateTime"] = json!("2026-06");
    stage.put(&path, died.clone()).await;
    died.as_object_mut().unwrap().remove("deceasedDateTime");
    died["deceasedBoolean"] = json!(true);
    assert_eq!(stage.put(&path, died).await.body["deceasedDateTime"], "2026-06");
    // A number of another patient is not taken.
    stage.made("Patient", patient("Z9", "OTHER", "One")).await;
    let mut theirs = empty;
    theirs["identifier"] = json!([{ "system": MRN, "value": "A1" }, { "system": MRN, "value": "Z9" }]);
    assert_eq!(
        stage.put(&path, theirs).await.refusal(),
        (409, "duplicate", "Patient.identifier[1]")
    );
    // Ids are given here.
    let mut unknown = patient("N1", "NEW", "One");
    unknown["id"] = json!("0190f3a0-0000-7000-8000-000000000000");
    let path = "Patient/0190f3a0-0000-7000-8000-000000000000";
    assert_eq!(
        stage.put(path, unknown.clone()).await.refusal(),
        (405, "not-supported", "")
    );
    assert_eq!(
        stage.put(&format!("Patient/{id}"), unknown).await.refusal(),
        (400, "invalid", "")
    );
    assert_eq!(stage.get(path).await.refusal(), (404, "not-found", ""));
    assert_eq!(stage.get("Patient/x").await.refusal(), (404, "not-found", ""));
    assert_eq!(
        stage
            .ask("pas", "DELETE", &format!("Patient/{id}"), &[], None)
            .await
            .status,
        405
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_restricted_patient_lives_is_neither_told_nor_lost() {
    let Some(stage) = Stage::open("restricted").await else {
        return;
    };
    let label = |code: &str| json!({ "security": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code }] });
    let mut body = whole();
    body["meta"] = label("R");
    let made = stage.post("Patient", body.clone()).await;
    let path = format!("Patient/{}", made.id());
    for withheld in ["address", "telecom", "generalPractitioner"] {
        assert_eq!(made.body[withheld], Value::Null, "{withheld}");
    }
    assert_eq!(made.body["meta"]["security"][0]["code"], "R");
    assert_eq!(made.body["meta"]["tag"][0]["code"], "SUBSETTED");
    // Sent back as it was read, without the address and without the label, nothing is lost and nothing is laid open.
    let mut back = made.body.clone();
    back.as_object_mut().unwrap().remove("meta");
    let answer = stage.put(&path, back.clone()).await;
    assert_eq!(answer.body["address"], Value::Null);
    assert!(stage.shown(&made.id()).await.restricted);
    // Its version moves with what is withheld too.
    let before = stage.get(&path).await.header("etag").to_owned();
    let mut moved = back.clone();
    moved["address"] = json!([{ "line": ["9 New Street"], "postalCode": "EM9 9ZZ" }]);
    let answer = stage
        .ask("pas", "PUT", &path, &[("if-match", &before)], moved.clone())
        .await;
    assert_eq!((answer.status, &answer.body["address"]), (200, &Value::Null));
    assert_ne!(answer.header("etag"), before);
    assert_eq!(
        stage
            .ask("pas", "PUT", &path, &[("if-match", &before)], moved)
            .await
            .status,
        412
    );
    let found = stage.get("Patient?family=thistlewood&birthdate=1945-07-14").await;
    assert_eq!(found.body["total"], 1);
    assert!(!found.body.to_string().contains("New Street"));
    // Only the word itself lays it open.
    back["meta"] = label("N");
    let open = stage.put(&path, back).await;
    assert_eq!(open.body["address"][0]["line"], json!(["9 New Street"]));
    assert!(!stage.shown(&made.id()).await.restricted);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_active_is_found_no_more_until_somebody_speaks_of_them() {
    let Some(stage) = Stage::open("inactive").await else {
        return;
    };
    let id = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let path = format!("Patient/{id}");
    let mut body = patient("1", "KHAN", "Ada");
    body["id"] = json!(id);
    body["active"] = json!(false);
    assert_eq!(stage.put(&path, body.clone()).await.body["active"], false);
    assert_eq!(stage.get(&path).await.body["active"], false);
    let by_name = "Patient?family=khan&birthdate=1945-07-14";
    assert_eq!(stage.get(by_name).await.body["total"], 0);
    let by_number = "Patient?identifier=https://fhir.rx1.example/mrn%7C1";
    assert_eq!(
        stage.get(by_number).await.body["entry"][0]["resource"]["active"],
        false
    );
    body["active"] = json!(true);
    assert_eq!(stage.put(&path, body).await.body["active"], true);
    assert_eq!(stage.get(by_name).await.body["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn patients_are_found_by_number_name_and_birth_date() {
    let Some(stage) = Stage::open("search").await else {
        return;
    };
    let ada = stage.made("Patient", whole()).await;
    let ben = stage.made("Patient", patient("2", "O'Brien-Smith", "Ben")).await;
    for (query, expected) in [
        (
            "identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009",
            vec![&ada],
        ),
        (
            "identifier=https://fhir.nhs.uk/Id/nhs-number%7C900%20000%200025",
            vec![&ada],
        ),
        ("identifier=https://fhir.rx1.example/mrn%7CA1", vec![&ada]),
        ("identifier=https://fhir.rx1.example/mrn%7C2", vec![&ben]),
        ("identifier=https://other.example%7C2", vec![]),
        ("identifier=9000000009", vec![&ada]),
        ("identifier=%7CB2", vec![&ada]),
        ("identifier=A1,2", vec![&ada, &ben]),
        ("family=thistle", vec![&ada]),
        ("family=obrien&given=b", vec![&ben]),
        ("family=smith", vec![&ben]),
        ("given=Addie", vec![&ada]),
        ("birthdate=1945-07-14", vec![&ada, &ben]),
        ("birthdate=eq1945-07-14&family=thistlewood", vec![&ada]),
        ("family=thistlewood&birthdate=1945", vec![&ada]),
        ("family=thistlewood&birthdate=1946", vec![]),
        ("name=ada&identifier=A1", vec![&ada]),
        ("name=ben&identifier=A1", vec![]),
        ("family=thistelwood", vec![]),
        (&format!("_id={ada}"), vec![&ada]),
        ("_id=nonsense", vec![]),
        ("identifier=A1&favourite-colour=red", vec![&ada]),
    ] {
        let found = stage.get(&format!("Patient?{query}")).await;
        assert_eq!(
            (found.status, &found.body["type"]),
            (200, &json!("searchset")),
            "{query}: {found:?}"
        );
        assert_eq!(found.body["total"], expected.len(), "{query}");
        let entries = found.body["entry"].as_array().cloned().unwrap_or_default();
        let mut ids: Vec<&str> = entries
            .iter()
            .filter_map(|entry| entry["resource"]["id"].as_str())
            .collect();
        ids.sort_unstable();
        let mut expected: Vec<&str> = expected.iter().map(|id| id.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(ids, expected, "{query}");
    }
    let unknown = stage.get("Patient?identifier=A1&favourite-colour=red").await;
    assert_eq!(unknown.body["entry"][1]["search"]["mode"], "outcome");
    assert_eq!(
        unknown.body["link"][0]["url"],
        format!("{BASE}/Patient?identifier=A1")
    );
    let strict = [("prefer", "handling=strict")];
    let refused = stage
        .ask(
            "pas",
            "GET",
            "Patient?identifier=A1&favourite-colour=red",
            &strict,
            None,
        )
        .await;
    assert_eq!(refused.refusal(), (400, "not-supported", ""));
    for (query, status, code) in [
        ("", 400, "too-costly"),
        ("_count=5", 400, "too-costly"),
        ("birthdate=1945", 400, "too-costly"),
        ("birthdate=gt1945-01-01", 400, "value"),
        ("birthdate=", 400, "value"),
        (
            "identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000008",
            422,
            "value",
        ),
    ] {
        let refused = stage.get(&format!("Patient?{query}")).await;
        assert_eq!(refused.refusal(), (status, code, ""), "{query}");
    }
    // In a form nothing personal is in an address.
    let token = token(stage.now(), "pas", |_| {});
    let request = Request::post("/fhir/r4/Patient/_search")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-www-form-urlencoded");
    let found = stage
        .send(
            request
                .body(Body::from("family=thistlewood&birthdate=1945-07-14"))
                .unwrap(),
        )
        .await;
    assert_eq!((found.status, &found.body["total"]), (200, &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_is_what_was_preferred() {
    let Some(stage) = Stage::open("prefer").await else {
        return;
    };
    for (at, (prefer, kind)) in [
        ("return=minimal", Value::Null),
        ("return=representation", json!("Patient")),
        ("return=OperationOutcome", json!("OperationOutcome")),
        ("something=else", json!("Patient")),
    ]
    .into_iter()
    .enumerate()
    {
        let body = patient(&format!("P{at}"), "KHAN", "Ada");
        let answer = stage
            .ask("pas", "POST", "Patient", &[("prefer", prefer)], body)
            .await;
        assert_eq!(
            (answer.status, &answer.body["resourceType"]),
            (201, &kind),
            "{prefer}"
        );
        assert!(!answer.id().is_empty() && !answer.header("etag").is_empty());
    }
}
