//! A record to test: its own database, a clock that the test moves, people, devices, and the way in through Oblivious HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::cbor;
use baton_core::device::{Certificate, DeviceSecret, Request as Signed};
use baton_core::device_api::{
    AT_HEADER, DEVICE_HEADER, EpochKeys, KEYS_PATH, Keys, KeysAnswer, NONCE_HEADER, SIGNATURE_HEADER,
};
use baton_core::frame::SealedOp;
use baton_core::id::{DeviceId, OpId, SpaceId, UserId};
use baton_core::op::message::{MessageOp, Posted, Priority};
use baton_core::op::{Body as OpBody, Op};
use baton_core::person::{Name, Organisation};
use baton_core::seal::Keyring;
use baton_core::service::{Append, AppendAnswer, AppendResult, DeviceOp, OHTTP_PATH};
use baton_core::time::At;
use baton_record::config::Config;
use baton_record::context::{Clock, Context};
use baton_record::people::device::{self, Device, SESSION};
use baton_record::people::import::{self, Imported};
use baton_record::spaces::{self, TeamFile};
use baton_record::{edge_api, log, serve};
use ed25519_dalek::SigningKey;
use http_body_util::BodyExt;
use rand_core::Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Connection, Executor, PgConnection};
use tower::ServiceExt;

/// A clock that stands until a test moves it.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicU64>);

impl Clock for TestClock {
    fn now(&self) -> At {
        At::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    pub(crate) fn pass(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap();
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets it to so long after 1970.
    pub(crate) fn set(&self, time: Duration) {
        self.0
            .store(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

pub(crate) struct Place {
    pub(crate) cx: Context,
    pub(crate) clock: TestClock,
    settings: BTreeMap<String, String>,
}

impl Place {
    /// Opens a record on a fresh database; `None` when there is no PostgreSQL to test with.
    pub(crate) async fn open(name: &str) -> Option<Self> {
        Self::open_with(name, &[]).await
    }

    pub(crate) async fn open_with(name: &str, more: &[(&str, &str)]) -> Option<Self> {
        let Ok(server) = std::env::var("BATON_TEST_DATABASE_URL") else {
            let is_needed = ["CI", "BATON_REQUIRE_DATABASE"]
                .iter()
                .any(|name| std::env::var_os(name).is_some());
            assert!(!is_needed, "BATON_TEST_DATABASE_URL is not set");
            eprintln!("SKIPPED: BATON_TEST_DATABASE_URL is not set");
            return None;
        };
        let database = format!("record_{name}");
        let mut conn = PgConnection::connect(&server).await.unwrap();
        for statement in [
            format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"),
            format!("CREATE DATABASE {database}"),
        ] {
            conn.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        }
        let mut url: url::Url = server.parse().unwrap();
        url.set_path(&database);
        let mut settings = settings(url.as_str());
        settings.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let clock = TestClock(Arc::new(AtomicU64::new(1_800_000_000_000)));
        let cx = context(&settings, &clock, 1);
        serve::migrate(&cx).await.unwrap();
        let place = Self { cx, clock, settings };
        import::people(&place.cx, people()).await.unwrap();
        Some(place)
    }

    /// A second replica on the same database, with memory of its own.
    pub(crate) fn replica(&self, seed: u8) -> Context {
        context(&self.settings, &self.clock, seed)
    }

    pub(crate) async fn user(&self, subject: &str) -> UserId {
        let mut conn = self.cx.pool.acquire().await.unwrap();
        let issuer = &self.cx.config.identity.issuer;
        let found = baton_record::people::person::find_by_subject(&self.cx, &mut conn, issuer, subject).await;
        found.unwrap().unwrap()
    }

    /// A device of somebody, as sign-in registers it.
    pub(crate) async fn device(&self, subject: &str) -> TestDevice {
        let user = self.user(subject).await;
        let secret = DeviceSecret::make(&mut self.cx.rng());
        let (id, now) = (self.cx.make_device_id(), self.cx.now());
        let device = Device {
            id,
            user,
            keys: secret.public(),
            verifying_key: secret.public().verifying_key().unwrap(),
            session_until: now.plus(SESSION),
            revoked_at: None,
        };
        let certificate = Certificate {
            device: id,
            user,
            keys: secret.public(),
            at: now,
        };
        let signed = certificate.sign(self.cx.signing_key());
        let mut conn = self.cx.pool.acquire().await.unwrap();
        device::register(&mut conn, &device, &signed, now).await.unwrap();
        TestDevice { id, user, secret }
    }

    /// A team with these administrators and members.
    pub(crate) async fn team(&self, title: &str, admins: &[&str], members: &[&str]) -> SpaceId {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let team = TeamFile {
            title: title.to_owned(),
            admins: names(admins),
            members: names(members),
        };
        spaces::teams(&self.cx, &[team]).await.unwrap();
        let lookup = self.cx.keys.derive_lookup("team", &[title]);
        let (id,): (uuid::Uuid,) = sqlx::query_as("SELECT id FROM space WHERE team = $1")
            .bind(lookup.as_slice())
            .fetch_one(&self.cx.pool)
            .await
            .unwrap();
        SpaceId::from_uuid(id)
    }

    /// What the record's door to the edge answers.
    pub(crate) async fn edge(&self, path: &str, token: Option<&str>, body: Vec<u8>) -> (u16, Vec<u8>) {
        let content_type = if path == OHTTP_PATH {
            "message/ohttp-req"
        } else {
            "application/cbor"
        };
        let mut request = Request::post(path).header("content-type", content_type);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body)).unwrap();
        let answer = edge_api::router(self.cx.clone()).oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        (
            status,
            answer.into_body().collect().await.unwrap().to_bytes().to_vec(),
        )
    }

    pub(crate) fn service_token(&self) -> String {
        let now = self.cx.now().millis() / 1000;
        service_token(&edge_key(), "baton-edge", "baton-record", now, now + 60)
    }

    /// Sends a request as a device does, through Oblivious HTTP, and gives the inner status and body.
    pub(crate) async fn oblivious(
        &self,
        path: &str,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> (u16, Vec<u8>) {
        let config = ohttp::KeyConfig::encode_list(&[self.cx.oblivious.config()]).unwrap();
        let mut message = bhttp::Message::request(
            b"POST".to_vec(),
            b"https".to_vec(),
            b"record".to_vec(),
            path.as_bytes().to_vec(),
        );
        for (name, value) in headers {
            message.put_header(*name, value.as_str());
        }
        message.write_content(body);
        let mut inner = Vec::new();
        message.write_bhttp(bhttp::Mode::KnownLength, &mut inner).unwrap();
        let client = ohttp::ClientRequest::from_encoded_config_list(&config).unwrap();
        let (sealed, opener) = client.encapsulate(&inner).unwrap();
        let (status, answer) = self.edge(OHTTP_PATH, Some(&self.service_token()), sealed).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        let inner = opener.decapsulate(&answer).unwrap();
        let answer = bhttp::Message::read_bhttp(&mut std::io::Cursor::new(inner)).unwrap();
        let status = answer.control().status().unwrap().code();
        (status, answer.content().to_vec())
    }

    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&self.cx.pool).await.unwrap();
        count
    }

    /// What the audit says happened, in its order.
    pub(crate) async fn audit(&self, event: &str) -> Vec<Audited> {
        sqlx::query_as(
            "SELECT at, user_id, device, subject, device_at FROM audit WHERE event = $1 ORDER BY id",
        )
        .bind(event)
        .fetch_all(&self.cx.pool)
        .await
        .unwrap()
    }

    /// The log passes every check that `record verify` makes.
    pub(crate) async fn assert_verified(&self, space: SpaceId) -> u64 {
        let found = log::verify::space(&self.cx, space).await.unwrap().unwrap();
        assert_eq!(found.faults, []);
        found.entries
    }
}

/// A row of the audit.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Audited {
    pub(crate) at: i64,
    pub(crate) user_id: Option<uuid::Uuid>,
    pub(crate) device: Option<uuid::Uuid>,
    pub(crate) subject: Option<uuid::Uuid>,
    pub(crate) device_at: Option<i64>,
}

pub(crate) struct TestDevice {
    pub(crate) id: DeviceId,
    pub(crate) user: UserId,
    pub(crate) secret: DeviceSecret,
}

impl TestDevice {
    /// Asks the record something, signed.
    pub(crate) async fn ask<Q: Serialize>(&self, place: &Place, path: &str, question: &Q) -> (u16, Vec<u8>) {
        let body = cbor::to_bytes(question);
        place
            .oblivious(path, &self.headers(place, path, &body), &body)
            .await
    }

    /// Asks the record something that it has to refuse; gives status and reason.
    pub(crate) async fn refused<Q: Serialize>(
        &self,
        place: &Place,
        path: &str,
        question: &Q,
    ) -> (u16, String) {
        let (status, body) = self.ask(place, path, question).await;
        assert!(status >= 400, "{path} was answered with {status}");
        (status, reason(&body))
    }

    /// Asks the record something that it has to answer.
    pub(crate) async fn get<Q: Serialize, A: DeserializeOwned>(
        &self,
        place: &Place,
        path: &str,
        question: &Q,
    ) -> A {
        let (status, body) = self.ask(place, path, question).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        cbor::from_bytes(&body).unwrap()
    }

    pub(crate) fn headers(&self, place: &Place, path: &str, body: &[u8]) -> Vec<(&'static str, String)> {
        let mut nonce = [0; 16];
        place.cx.rng().fill_bytes(&mut nonce);
        let request = Signed {
            device: self.id,
            method: "POST",
            path,
            body,
            at: place.cx.now(),
            nonce,
        };
        vec![
            (DEVICE_HEADER, self.id.to_string()),
            (AT_HEADER, request.at.millis().to_string()),
            (NONCE_HEADER, URL_SAFE_NO_PAD.encode(nonce)),
            (
                SIGNATURE_HEADER,
                URL_SAFE_NO_PAD.encode(self.secret.sign_request(&request)),
            ),
        ]
    }

    /// The space's keys as the record gives them to this device.
    pub(crate) async fn keys(&self, place: &Place, space: SpaceId) -> Keyring {
        let answer: KeysAnswer = self.get(place, KEYS_PATH, &Keys { space }).await;
        let opened = self.secret.open(&answer.keys).unwrap();
        let released: EpochKeys = cbor::from_bytes(&opened).unwrap();
        assert_eq!(released.space, space);
        let mut ring = Keyring::new(space);
        for (epoch, key) in released.keys {
            ring.insert(epoch, key);
        }
        ring
    }

    /// Seals what this device's person does.
    pub(crate) fn seal(&self, place: &Place, ring: &mut Keyring, body: OpBody) -> DeviceOp {
        let op = Op {
            id: place.cx.make_op_id(),
            by: self.user,
            at: place.cx.now(),
            body,
        };
        self.seal_op(place, ring, &op)
    }

    pub(crate) fn seal_op(&self, place: &Place, ring: &mut Keyring, op: &Op) -> DeviceOp {
        let signer = self.secret.signing_key();
        let sealed = ring.seal_op(op, self.id, &signer, &mut place.cx.rng()).unwrap();
        DeviceOp {
            device: self.id,
            op: SealedOp { op_id: op.id, sealed },
        }
    }
}

pub(crate) fn posted(text: &str) -> OpBody {
    posted_as(text, Priority::Routine)
}

pub(crate) fn posted_as(text: &str, priority: Priority) -> OpBody {
    OpBody::Message(MessageOp::Posted(Posted {
        text: text.into(),
        priority,
        reply_to: None,
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: vec![],
    }))
}

pub(crate) async fn append(cx: &Context, space: SpaceId, ops: Vec<DeviceOp>) -> AppendAnswer {
    log::append::append(cx, Append { space, ops }).await.unwrap()
}

pub(crate) async fn append_one(cx: &Context, space: SpaceId, op: DeviceOp) -> AppendResult {
    append(cx, space, vec![op]).await.results.remove(0)
}

/// The place of something appended for the first time.
pub(crate) fn new_seq(result: &AppendResult) -> u64 {
    match result {
        AppendResult::Appended {
            seq, again: false, ..
        } => seq.value(),
        other => panic!("not appended: {other:?}"),
    }
}

pub(crate) fn refusal(ring: &mut Keyring, op: OpId, result: &AppendResult) -> baton_core::refusal::Refusal {
    match result {
        AppendResult::Refused { sealed } => baton_core::signal::open_refusal(op, ring, sealed).unwrap(),
        other => panic!("not refused: {other:?}"),
    }
}

/// The reason of a problem document.
pub(crate) fn reason(body: &[u8]) -> String {
    let document: serde_json::Value = serde_json::from_slice(body).unwrap();
    let kind = document["type"].as_str().unwrap();
    kind.strip_prefix("urn:baton:").unwrap().to_owned()
}

pub(crate) fn edge_key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

pub(crate) fn service_token(key: &SigningKey, iss: &str, aud: &str, iat: u64, exp: u64) -> String {
    use ed25519_dalek::Signer;
    let header = serde_json::json!({ "alg": "EdDSA", "typ": "JWT" });
    let claims = serde_json::json!({ "iss": iss, "aud": aud, "iat": iat, "exp": exp });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let signature = key.sign(signed.as_bytes()).to_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn context(settings: &BTreeMap<String, String>, clock: &TestClock, seed: u8) -> Context {
    let config = Config::read(None, settings.clone().into_iter()).unwrap();
    Context::new(config, Box::new(clock.clone()), [seed; 32]).unwrap()
}

fn settings(database_url: &str) -> BTreeMap<String, String> {
    let key = |byte: u8| URL_SAFE_NO_PAD.encode([byte; 32]);
    let edge = URL_SAFE_NO_PAD.encode(edge_key().verifying_key().to_bytes());
    [
        ("BATON_DATABASE_URL", database_url),
        ("BATON_DATABASE_CONNECTIONS", "20"),
        ("BATON_LISTEN", "127.0.0.1:0"),
        ("BATON_OPS_LISTEN", "127.0.0.1:0"),
        ("BATON_KEK", &key(1)),
        ("BATON_SIGNING_KEY", &key(2)),
        ("BATON_OHTTP_KEY", &key(3)),
        ("BATON_EDGE_URL", "http://127.0.0.1:9"),
        ("BATON_EDGE_VERIFY_KEY", &edge),
        ("BATON_APP_ORIGIN", "http://localhost:8787"),
        ("BATON_OIDC_ISSUER", "http://127.0.0.1:9"),
        ("BATON_OIDC_CLIENT_ID", "baton"),
        ("BATON_OIDC_CLIENT_KEY", CLIENT_KEY),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn people() -> Vec<Imported> {
    // Siobhán administers RX1, Liam RX2.
    let person = |subject: &str, given: &str, family: &str, job: &str, ods: &str| Imported {
        issuer: None,
        subject: subject.to_owned(),
        name: Name {
            family: family.to_owned(),
            given: given.to_owned(),
            title: "Dr".to_owned(),
        },
        job_title: job.to_owned(),
        organisation: Organisation {
            ods: ods.to_owned(),
            name: format!("Organisation {ods}"),
        },
        registration: None,
        telephone: None,
        bleep: None,
        administrator: matches!(subject, "siobhan" | "liam"),
        finds_patients: true,
    };
    vec![
        person("amina", "Amina", "KHAN", "Registrar", "RX1"),
        person("tom", "Tom", "FLETCHER", "Doctor", "RX1"),
        person("siobhan", "Siobhán", "BYRNE", "Ward manager", "RX1"),
        person("liam", "Liam", "O'NEILL", "Community nurse", "RX2"),
    ]
}

const CLIENT_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
