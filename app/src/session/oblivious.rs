//! Oblivious HTTP (RFC 9458): requests to the record, sealed so that the relay that passes them on reads neither them
//! nor the answers.

use baton_core::oblivious::message::{MessageError, Response, write_request};
use baton_core::oblivious::{self, KeyConfig, SealedAnswer};

use crate::{clock, web};

/// Where the relay takes sealed requests, at this origin.
const RELAY: &str = "/ohttp";

/// The answer that was inside.
pub struct Inner {
    /// The record's HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Sends one `POST` to the record through the relay.
pub async fn post(
    keys: &[u8],
    path: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Result<Inner, ObliviousError> {
    let mut fields = vec![("content-type", "application/cbor")];
    fields.extend(headers.iter().map(|(name, value)| (*name, value.as_str())));
    let plain = write_request("POST", path, &fields, body);
    let (sealed, opener) = KeyConfig::parse(keys)?.encapsulate(&plain, &mut clock::rng())?;
    let answer = web::fetch("POST", RELAY, Some("message/ohttp-req"), Some(&sealed))
        .await
        .map_err(|_| ObliviousError::Unreachable)?;
    if answer.status != 200 || !answer.content_type.starts_with("message/ohttp-res") {
        return Err(ObliviousError::Relay {
            status: answer.status,
        });
    }
    let SealedAnswer { key, iv, sealed } = opener.answer(&answer.body)?;
    let plain = web::open_aes_gcm(&key, &iv, sealed)
        .await
        .ok_or(oblivious::ObliviousError::Answer)?;
    let Response { status, content } = Response::parse(&plain)?;
    Ok(Inner {
        status,
        body: content,
    })
}

/// Why there is no answer from the record.
#[derive(Debug, thiserror::Error)]
pub enum ObliviousError {
    /// No network, or the relay is down.
    #[error("the relay cannot be reached")]
    Unreachable,
    /// The relay answered in the record's place: it is overloaded, or cannot reach the record.
    #[error("the relay answered {status}")]
    Relay {
        /// Its HTTP status.
        status: u16,
    },
    /// What came back does not open: made with other keys than the pinned ones, or tampered with.
    #[error("the answer does not open")]
    Sealed(#[from] oblivious::ObliviousError),
    /// What was inside is not a binary HTTP message.
    #[error("the answer is malformed")]
    Malformed(#[from] MessageError),
}
