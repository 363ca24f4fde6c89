//! A record with its FHIR door, and systems that ask at it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::id::PatientId;
use baton_core::patient::Patient;
use baton_record::fhir;
use ed25519_dalek::{Signer, SigningKey};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::place::Place;

pub(super) const BASE: &str = "https://record.test/fhir/r4";
pub(super) const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
pub(super) const MRN: &str = "https://fhir.rx1.example/mrn";
pub(super) const VISIT: &str = "https://fhir.rx1.example/visit";

/// Systems by name, what they may, and their key.
const SYSTEMS: [(&str, &str, u8); 6] = [
    ("pas", "system/Patient.cruds system/Encounter.cruds", 21),
    ("reader", "system/Patient.rs system/Encounter.rs", 22),
    ("feed", "system/Patient.cud", 23),
    ("visits", "system/Encounter.write", 24),
    ("work", "system/Task.rs system/Composition.rs", 25),
    ("index", "system/*.read", 26),
];

static JTI: AtomicU64 = AtomicU64::new(0);

pub(super) struct Stage {
    pub(super) place: Place,
    _file: TempFile,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The id in `Location`.
    pub(super) fn id(&self) -> String {
        let location = self.header("location");
        location.split('/').rev().nth(2).unwrap_or_default().to_owned()
    }

    /// Code and place of the first issue.
    pub(super) fn issue(&self) -> (&str, &str) {
        assert_eq!(self.body["resourceType"], "OperationOutcome", "{self:?}");
        let issue = &self.body["issue"][0];
        let place = issue["expression"][0].as_str().unwrap_or_default();
        (issue["code"].as_str().unwrap(), place)
    }

    /// Status, code and place.
    pub(super) fn refusal(&self) -> (u16, &str, &str) {
        let (code, place) = self.issue();
        (self.status, code, place)
    }
}

/// A file that goes with its test.
pub(super) struct TempFile(pub(super) PathBuf);

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(super) fn public_jwk(seed: u8) -> Value {
    let key = SigningKey::from_bytes(&[seed; 32]).verifying_key();
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": format!("k{seed}"), "x": URL_SAFE_NO_PAD.encode(key.to_bytes()) })
}

pub(super) fn clients_file(name: &str, clients: &Value) -> TempFile {
    let file = std::env::temp_dir().join(format!("baton-fhir-{name}-{}.json", std::process::id()));
    std::fs::write(&file, clients.to_string()).unwrap();
    TempFile(file)
}

pub(super) fn settings<'a>(listen: &'a str, base: &'a str, file: &'a TempFile) -> [(&'a str, &'a str); 3] {
    [
        ("BATON_FHIR_LISTEN", listen),
        ("BATON_FHIR_URL", base),
        ("BATON_FHIR_CLIENTS", file.0.to_str().unwrap()),
    ]
}

/// A token of a system; `change` spoils its claims.
pub(super) fn token(now: u64, client: &str, change: impl FnOnce(&mut Value)) -> String {
    let (_, _, seed) = SYSTEMS.into_iter().find(|(name, ..)| *name == client).unwrap();
    let mut claims = json!({
        "iss": client,
        "sub": client,
        "aud": BASE,
        "exp": now + 120,
        "jti": format!("jti-{}", JTI.fetch_add(1, Ordering::SeqCst)),
    });
    change(&mut claims);
    sign(
        seed,
        &json!({ "alg": "EdDSA", "typ": "JWT", "kid": format!("k{seed}") }),
        &claims,
    )
}

pub(super) fn sign(seed: u8, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::from_bytes(&[seed; 32]).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

impl Stage {
    pub(super) async fn open(name: &str) -> Option<Self> {
        let clients: Vec<Value> = SYSTEMS
            .iter()
            .map(|(id, scope, seed)| json!({ "id": id, "scope": scope, "jwks": { "keys": [public_jwk(*seed)] } }))
            .collect();
        let systems = json!([{ "system": MRN, "assigner": "RX1" }]);
        let file = clients_file(name, &json!({ "clients": clients, "systems": systems }));
        let place = Place::open_with(&format!("fhir_{name}"), &settings("127.0.0.1:0", BASE, &file)).await?;
        Some(Self { place, _file: file })
    }

    pub(super) fn now(&self) -> u64 {
        self.place.cx.now().millis() / 1000
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let answer = fhir::router(self.place.cx.clone())
            .oneshot(request)
            .await
            .unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: if bytes.is_empty() {
                Value::Null
            } else {
                serde_json::from_slice(&bytes).unwrap()
            },
        }
    }

    /// Asks as a system, with headers of one's own.
    pub(super) async fn ask(
        &self,
        client: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Option<Value>>,
    ) -> Answer {
        // A moment passes between any two requests.
        self.place.clock.pass(std::time::Duration::from_millis(1));
        let token = token(self.now(), client, |_| {});
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/fhir/r4/{path}"))
            .header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body: Option<Value> = body.into();
        let request = match body {
            Some(body) => request
                .header("content-type", "application/fhir+json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("pas", "POST", path, &[], body).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("pas", "PUT", path, &[], body).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask("pas", "GET", path, &[], None).await
    }

    /// Makes a resource that has to be taken, and gives its id.
    pub(super) async fn made(&self, kind: &str, body: Value) -> String {
        let answer = self.post(kind, body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.id()
    }

    /// What spaces and banners are shown of a patient.
    pub(super) async fn shown(&self, id: &str) -> Patient {
        let id: PatientId = id.parse().unwrap();
        let mut conn = self.place.cx.pool.acquire().await.unwrap();
        let mut found = baton_record::patients::read(&self.place.cx, &mut conn, &[id])
            .await
            .unwrap();
        found.remove(0).patient
    }
}

/// A patient with a number of RX1.
pub(super) fn patient(mrn: &str, family: &str, given: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{ "system": MRN, "value": mrn }],
        "name": [{ "use": "official", "family": family, "given": [given] }],
        "gender": "female",
        "birthDate": "1945-07-14",
    })
}

/// A visit with a number of RX1.
pub(super) fn visit(number: &str, patient: &str, status: &str, ward: &str) -> Value {
    json!({
        "resourceType": "Encounter",
        "identifier": [{ "system": VISIT, "value": number }],
        "status": status,
        "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP" },
        "subject": { "reference": format!("Patient/{patient}") },
        "location": [{ "location": { "display": ward }, "status": "active" }],
    })
}

/// Where test data of other makers is.
pub(super) fn examples() -> Option<PathBuf> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let folder = root.join("../../shared/data/fhir-uk-core");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: {} is not there", folder.display());
    None
}
