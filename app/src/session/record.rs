//! The record, as a device asks it: CBOR requests through Oblivious HTTP, signed by the device's key.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

use baton_core::cbor;
use baton_core::device::Request;
use baton_core::device_api::{
    AT_HEADER, DEVICE_HEADER, NONCE_HEADER, SESSION_PATH, SIGN_IN_PATH, SIGNATURE_HEADER, Session, SignIn,
};
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Device;
use super::oblivious::{self, Inner, ObliviousError};
use crate::config::Config;
use crate::{clock, web};

/// The record behind the relay, as one visit asks it.
#[derive(Clone)]
pub struct Record {
    /// What it signs with: orders to erase, snapshots, operations of its own.
    pub verify_key: VerifyingKey,
    ohttp_keys: Vec<u8>,
    /// The visit is over.
    is_over: Rc<Cell<bool>>,
}

impl Record {
    /// The record that a configuration names.
    pub fn named_by(config: &Config) -> Self {
        Self {
            verify_key: config.verify_key,
            ohttp_keys: config.ohttp_keys.clone(),
            is_over: Rc::default(),
        }
    }

    /// From now on this is the record that a vault was lent by, whatever the configuration names by now; that of the
    /// configuration where the vault is of a time when nothing was kept of it. Says whether it is another.
    pub fn be_that_lent(&mut self, kept: &[u8]) -> bool {
        let Some((verify_key, ohttp_keys)) = kept.split_first_chunk() else {
            return false;
        };
        let Ok(verify_key) = VerifyingKey::from_bytes(verify_key) else {
            return false;
        };
        let is_other = self.verify_key != verify_key || self.ohttp_keys != ohttp_keys;
        self.verify_key = verify_key;
        self.ohttp_keys = ohttp_keys.to_vec();
        is_other
    }

    /// The keys that it is known by, as they are kept beside a vault.
    pub fn to_kept(&self) -> Vec<u8> {
        [self.verify_key.as_bytes().as_slice(), &self.ohttp_keys].concat()
    }

    /// The visit is over: what is still answered is for nobody, since the next person may be here by then.
    pub fn end(&self) {
        self.is_over.set(true);
    }

    /// Binds a device to the person who signed in. Not signed: it is what the keys come with.
    pub async fn sign_in(&self, request: &SignIn) -> Result<Session, AskError> {
        self.ask_unsigned(SIGN_IN_PATH, request).await
    }

    /// A fresh session of a device.
    pub async fn session(&self, device: &Device) -> Result<Session, AskError> {
        self.ask(device, SESSION_PATH, &()).await
    }

    /// Asks something as nobody in particular: what a locked device may ask.
    pub async fn ask_unsigned<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, AskError> {
        read_answer(&accept(
            self.post_unsigned(path, cbor::to_bytes(question)).await?,
        )?)
    }

    /// Asks something as a device, and reads the answer.
    pub async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        device: &Device,
        path: &str,
        question: &Q,
    ) -> Result<A, AskError> {
        read_answer(&self.answer(device, path, cbor::to_bytes(question)).await?)
    }

    /// Tells something as a device; there is nothing to read in the answer.
    pub async fn tell<Q: Serialize>(
        &self,
        device: &Device,
        path: &str,
        question: &Q,
    ) -> Result<(), AskError> {
        self.answer(device, path, cbor::to_bytes(question))
            .await
            .map(drop)
    }

    /// What the record answers to a question that is encoded already.
    pub async fn answer(&self, device: &Device, path: &str, question: Vec<u8>) -> Result<Vec<u8>, AskError> {
        accept(self.post(device, path, question).await?)
    }

    /// Boxed, so that it is compiled once and not into all that ask.
    fn post_unsigned<'a>(&'a self, path: &'a str, body: Vec<u8>) -> Answer<'a> {
        Box::pin(async move { Ok(oblivious::post(&self.ohttp_keys, path, &[], &body).await?) })
    }

    fn post<'a>(&'a self, device: &'a Device, path: &'a str, body: Vec<u8>) -> Answer<'a> {
        Box::pin(self.sign_and_post(device, path, body))
    }

    async fn sign_and_post(&self, device: &Device, path: &str, body: Vec<u8>) -> Result<Inner, AskError> {
        let request = Request {
            device: device.id,
            method: "POST",
            path,
            body: &body,
            at: device.record_time(clock::now()),
            nonce: clock::random(),
        };
        let signature = device.secret.sign_request(&request);
        let headers = [
            (DEVICE_HEADER, device.id.to_string()),
            (AT_HEADER, request.at.millis().to_string()),
            (NONCE_HEADER, web::to_base64url(&request.nonce)),
            (SIGNATURE_HEADER, web::to_base64url(&signature)),
        ];
        let answer = oblivious::post(&self.ohttp_keys, path, &headers, &body).await?;
        if self.is_over.get() {
            return Err(AskError::Unreachable);
        }
        Ok(answer)
    }
}

/// What the record answers, on its way.
type Answer<'a> = Pin<Box<dyn Future<Output = Result<Inner, AskError>> + 'a>>;

fn accept(inner: Inner) -> Result<Vec<u8>, AskError> {
    if (200..300).contains(&inner.status) {
        return Ok(inner.body);
    }
    // A problem document (RFC 9457), of which the app reads only the type.
    let problem = web::Json::parse(&inner.body).and_then(|problem| problem.text("type"));
    let kind = problem.unwrap_or_default();
    let reason = kind.strip_prefix("urn:baton:").unwrap_or_default().to_owned();
    Err(AskError::Refused {
        status: inner.status,
        reason,
    })
}

/// Reads an answer.
pub fn read_answer<A: DeserializeOwned>(answer: &[u8]) -> Result<A, AskError> {
    cbor::from_bytes(answer).map_err(|_| AskError::Malformed)
}

/// Why the record gave no answer that the app can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The answer is not what it should be: another version, or somebody in between.
    #[error("the record's answer is malformed")]
    Malformed,
    /// The record refused.
    #[error("the record refused: {status} {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reason, as in `urn:baton:<reason>`; empty when it gave none.
        reason: String,
    },
    /// The record or the relay cannot be reached now; trying again is worth while.
    #[error("the record cannot be reached")]
    Unreachable,
}

impl From<ObliviousError> for AskError {
    fn from(error: ObliviousError) -> Self {
        match error {
            ObliviousError::Relay { .. } | ObliviousError::Unreachable => Self::Unreachable,
            ObliviousError::Malformed(_) | ObliviousError::Sealed(_) => Self::Malformed,
        }
    }
}

impl AskError {
    /// True for what may pass by itself.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Malformed => false,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Unreachable => true,
        }
    }
}
