//! The record as a device asks it: CBOR inside Oblivious HTTP, signed by the device.

use std::io::Cursor;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::cbor;
use baton_core::device::Request;
use baton_core::device_api::{
    AT_HEADER, DEVICE_HEADER, HISTORY_PATH, History, KEYS_PATH, Keys, NONCE_HEADER, SESSION_PATH,
    SIGN_IN_PATH, SIGNATURE_HEADER, SNAPSHOTS_PATH, Session, SignIn, Snapshots,
};
use baton_core::sync::{Ask, Event, Failure};
use bhttp::{Message, Mode};
use hyper::Method;
use ohttp::ClientRequest;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Deployment, Device};
use crate::clock;

/// Binds a device to the person who signed in.
pub async fn sign_in(deployment: &Deployment, request: &SignIn) -> Result<Session, AskError> {
    let inner = post(deployment, SIGN_IN_PATH, &[], &cbor::to_bytes(request)).await?;
    read(&inner)
}

/// A fresh session of a device.
pub async fn session(deployment: &Deployment, device: &Device) -> Result<Session, AskError> {
    ask(deployment, device, SESSION_PATH, &()).await
}

/// Asks something as a device.
pub async fn ask<Q: Serialize + std::marker::Sync, A: DeserializeOwned>(
    deployment: &Deployment,
    device: &Device,
    path: &str,
    question: &Q,
) -> Result<A, AskError> {
    let body = cbor::to_bytes(question);
    let headers = sign(device, path, &body);
    read(&post(deployment, path, &headers, &body).await?)
}

/// Tells something as a device; there is nothing to read in the answer.
pub async fn tell<Q: Serialize + std::marker::Sync>(
    deployment: &Deployment,
    device: &Device,
    path: &str,
    question: &Q,
) -> Result<(), AskError> {
    let body = cbor::to_bytes(question);
    accept(&post(deployment, path, &sign(device, path, &body), &body).await?)
}

/// Asks something as nobody in particular.
pub async fn ask_unsigned<Q: Serialize + std::marker::Sync, A: DeserializeOwned>(
    deployment: &Deployment,
    path: &str,
    question: &Q,
) -> Result<A, AskError> {
    read(&post(deployment, path, &[], &cbor::to_bytes(question)).await?)
}

/// Answers what the sync machine asks.
pub(super) async fn answer(deployment: &Deployment, device: &Device, question: Ask) -> Event {
    let answered = match &question {
        // What the bench writes shows none.
        Ask::Deposit(space, photo) => Ok(Event::NoPhoto(*space, *photo)),
        Ask::History { space, before, limit } => {
            let (space, before, limit) = (*space, *before, *limit);
            ask(
                deployment,
                device,
                HISTORY_PATH,
                &History { space, before, limit },
            )
            .await
            .map(|answer| Event::History(space, answer))
        }
        Ask::Keys(space) => ask(deployment, device, KEYS_PATH, &Keys { space: *space })
            .await
            .map(|answer| Event::Keys(*space, answer)),
        Ask::Session => session(deployment, device)
            .await
            .map(|session| Event::Session(Box::new(session))),
        Ask::Snapshots(spaces) => {
            let wanted = spaces.clone();
            ask(deployment, device, SNAPSHOTS_PATH, &Snapshots { spaces: wanted })
                .await
                .map(|answer| Event::Snapshots(spaces.clone(), answer))
        }
    };
    answered.unwrap_or_else(|error| Event::AskFailed(question, error.class()))
}

/// The headers by which a device signs a request.
pub fn sign(device: &Device, path: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    let request = Request {
        device: device.id,
        method: "POST",
        path,
        body,
        at: clock::now(),
        nonce: clock::random(),
    };
    let signature = device.secret.sign_request(&request);
    vec![
        (DEVICE_HEADER, device.id.to_string()),
        (AT_HEADER, request.at.millis().to_string()),
        (NONCE_HEADER, URL_SAFE_NO_PAD.encode(request.nonce)),
        (SIGNATURE_HEADER, URL_SAFE_NO_PAD.encode(signature)),
    ]
}

/// What was inside an answer.
#[derive(Debug)]
pub struct Inner {
    /// The record's status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Inner {
    /// The reason of a refusal, as in `urn:baton:<reason>`.
    pub fn reason(&self) -> String {
        #[derive(Deserialize)]
        struct Problem {
            #[serde(rename = "type")]
            kind: String,
        }
        let kind = serde_json::from_slice::<Problem>(&self.body)
            .map(|problem| problem.kind)
            .unwrap_or_default();
        kind.strip_prefix("urn:baton:").unwrap_or_default().to_owned()
    }
}

/// Sends one `POST` to the record through the relay.
pub async fn post(
    deployment: &Deployment,
    path: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Result<Inner, AskError> {
    let (sealed, opener) = seal(deployment, path, headers, body).ok_or(AskError::Malformed)?;
    let url = format!("{}/ohttp", deployment.origin);
    let answer = deployment
        .http
        .send(
            Method::POST,
            &url,
            &[("content-type", "message/ohttp-req")],
            sealed,
        )
        .await
        .map_err(|_| AskError::Unreachable)?;
    if answer.status.as_u16() != 200 {
        return Err(AskError::Relay {
            status: answer.status.as_u16(),
        });
    }
    let plain = opener
        .decapsulate(&answer.body)
        .map_err(|_| AskError::Malformed)?;
    let message = Message::read_bhttp(&mut Cursor::new(plain)).map_err(|_| AskError::Malformed)?;
    let status = message.control().status().map_or(0, bhttp::StatusCode::code);
    Ok(Inner {
        status,
        body: message.content().to_vec(),
    })
}

/// Seals a request for the record, as the relay will see it.
pub fn seal(
    deployment: &Deployment,
    path: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Option<(Vec<u8>, ohttp::ClientResponse)> {
    let mut request = Message::request(
        b"POST".to_vec(),
        b"https".to_vec(),
        b"record".to_vec(),
        path.as_bytes().to_vec(),
    );
    request.put_header("content-type", "application/cbor");
    for (name, value) in headers {
        request.put_header(*name, value.as_bytes());
    }
    request.write_content(body);
    let mut plain = Vec::new();
    request.write_bhttp(Mode::KnownLength, &mut plain).ok()?;
    let client = ClientRequest::from_encoded_config(&deployment.ohttp_keys)
        .or_else(|_| ClientRequest::from_encoded_config_list(&deployment.ohttp_keys))
        .ok()?;
    client.encapsulate(&plain).ok()
}

fn accept(inner: &Inner) -> Result<(), AskError> {
    if (200..300).contains(&inner.status) {
        return Ok(());
    }
    Err(AskError::Refused {
        status: inner.status,
        reason: inner.reason(),
    })
}

fn read<A: DeserializeOwned>(inner: &Inner) -> Result<A, AskError> {
    accept(inner)?;
    cbor::from_bytes(&inner.body).map_err(|_| AskError::Malformed)
}

/// Why the record gave no answer that a device can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskError {
    /// It does not open, or is not what it should be.
    Malformed,
    /// The record refused.
    Refused {
        /// By this status.
        status: u16,
        /// For this reason.
        reason: String,
    },
    /// The relay answered in the record's place.
    Relay {
        /// By this status.
        status: u16,
    },
    /// No answer at all.
    Unreachable,
}

impl std::fmt::Display for AskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed => f.write_str("the record's answer is malformed"),
            Self::Refused { status, reason } => write!(f, "the record refused: {status} {reason}"),
            Self::Relay { status } => write!(f, "the relay answered {status}"),
            Self::Unreachable => f.write_str("the relay cannot be reached"),
        }
    }
}

impl std::error::Error for AskError {}

impl AskError {
    /// What the sync machine is told.
    pub fn class(&self) -> Failure {
        match self {
            Self::Refused { reason, .. } if reason == "revoked" || reason == "device-revoked" => {
                Failure::Revoked
            }
            Self::Refused { status: 401, .. } => Failure::SignInNeeded,
            Self::Refused { status: 403, .. } => Failure::NotAllowed,
            Self::Malformed | Self::Refused { .. } | Self::Relay { .. } | Self::Unreachable => Failure::Retry,
        }
    }
}
