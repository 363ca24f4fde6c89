//! Operations: everything a person does.
//!
//! An operation is a CBOR array `[id, by, at, kind, payload]`; `kind` is a text such as `message.posted`, `payload` a
//! byte string that holds the CBOR map of that kind. So a decoder keeps what it does not know ([`Body::Unknown`], bytes
//! and all), and a map may gain keys: evolution is additive only. A key is never given another meaning.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::cbor::{self, CborError};
use crate::id::{OpId, PatientId, UserId};
use crate::photo::Photo;
use crate::time::At;

pub mod handover;
pub mod list;
pub mod member;
pub mod message;
pub mod patient;
pub mod role;
pub mod space;
pub mod task;

/// One thing that somebody did, before it is signed and sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    /// Unique in its space.
    pub id: OpId,
    /// Who did it. The record refuses an operation whose device is not this person's.
    pub by: UserId,
    /// When they did it, by their device's clock.
    pub at: At,
    /// What they did.
    pub body: Body,
}

/// What somebody did, by topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Handover: notes on patients, and patients that change hands.
    Handover(handover::HandoverOp),
    /// Lists of patients.
    List(list::ListOp),
    /// Who belongs to a space.
    Member(member::MemberOp),
    /// What is said in a space.
    Message(message::MessageOp),
    /// What the record tells of patients.
    Patient(patient::PatientOp),
    /// Who holds which role.
    Role(role::RoleOp),
    /// The space itself.
    Space(space::SpaceOp),
    /// What is to be done.
    Task(task::TaskOp),
    /// Made by a newer version: shown as such, and kept.
    Unknown {
        /// Its kind.
        kind: String,
        /// Its payload, as it came.
        payload: Vec<u8>,
    },
}

#[derive(Serialize, Deserialize)]
struct Wire<'a>(
    OpId,
    UserId,
    At,
    Cow<'a, str>,
    #[serde(with = "serde_bytes")] Vec<u8>,
);

impl Op {
    /// Encodes the operation: what the device signs.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, payload) = self.body.encode();
        cbor::to_bytes(&Wire(self.id, self.by, self.at, Cow::Borrowed(kind), payload))
    }

    /// Decodes an operation. An unknown kind is not an error; a known kind with a malformed payload is.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CborError> {
        let Wire(id, by, at, kind, payload): Wire<'static> = cbor::from_bytes(bytes)?;
        let body = Body::decode(&kind, payload)?;
        Ok(Self { id, by, at, body })
    }

    /// The operation that this one is about, without which it means nothing: the message that is corrected, the list that a
    /// patient is put on.
    pub fn target(&self) -> Option<OpId> {
        match &self.body {
            Body::Handover(op) => op.target(),
            Body::List(op) => op.target(),
            Body::Message(op) => op.target(),
            Body::Role(op) => op.target(),
            Body::Space(op) => op.target(),
            Body::Task(op) => op.target(),
            Body::Member(_) | Body::Patient(_) | Body::Unknown { .. } => None,
        }
    }

    /// The message that this one is about: what a page of history needs with that message. The state of a list, a role, a
    /// task or a handover holds what was done to it, so nothing about those is needed there.
    pub fn amends(&self) -> Option<OpId> {
        match &self.body {
            Body::Message(op) => op.target(),
            Body::Handover(_)
            | Body::List(_)
            | Body::Member(_)
            | Body::Patient(_)
            | Body::Role(_)
            | Body::Space(_)
            | Body::Task(_)
            | Body::Unknown { .. } => None,
        }
    }

    /// The list, role or task that this one is about, as [`Self::target`] gives it: whose history it belongs to.
    pub fn list(&self) -> Option<OpId> {
        match &self.body {
            Body::List(op) => op.target(),
            Body::Role(op) => op.target(),
            Body::Task(op) => op.target(),
            Body::Handover(_)
            | Body::Member(_)
            | Body::Message(_)
            | Body::Patient(_)
            | Body::Space(_)
            | Body::Unknown { .. } => None,
        }
    }

    /// Whether it is shown although it was refused, marked as such: what somebody wrote in a conversation is. Who holds a
    /// role or is on duty, what is to be done, who is responsible, or what a team says of itself, is never shown as it would be.
    pub fn shows_refused(&self) -> bool {
        match &self.body {
            Body::Handover(_) | Body::Role(_) | Body::Task(_) => false,
            Body::Member(op) => op.shows_refused(),
            Body::Space(op) => op.shows_refused(),
            Body::List(_) | Body::Message(_) | Body::Patient(_) | Body::Unknown { .. } => {
                self.target().is_none()
            }
        }
    }

    /// The patients that a person names by it, whom the space has to be told of: put on a list, written about, handed over,
    /// or of whom something is to be done. Rows that are there already name nobody new.
    pub fn patients_named(&self) -> impl Iterator<Item = PatientId> + use<> {
        let named = match &self.body {
            Body::Handover(op) => op.patients_named(),
            Body::List(list::ListOp::PatientAdded(added)) => vec![added.patient],
            Body::Message(message::MessageOp::Posted(posted)) => posted.about.into_iter().collect(),
            Body::Task(task::TaskOp::Created(created)) => created.about.into_iter().collect(),
            Body::List(_)
            | Body::Member(_)
            | Body::Message(_)
            | Body::Patient(_)
            | Body::Role(_)
            | Body::Space(_)
            | Body::Task(_)
            | Body::Unknown { .. } => Vec::new(),
        };
        named.into_iter()
    }

    /// The photos that it shows: the record is to have them before it.
    pub fn photos(&self) -> &[Photo] {
        let Body::Message(message::MessageOp::Posted(posted)) = &self.body else {
            return &[];
        };
        &posted.photos
    }
}

impl Body {
    /// Its kind on the wire.
    pub fn kind(&self) -> &str {
        match self {
            Self::Handover(op) => op.kind(),
            Self::List(op) => op.kind(),
            Self::Member(op) => op.kind(),
            Self::Message(op) => op.kind(),
            Self::Patient(op) => op.kind(),
            Self::Role(op) => op.kind(),
            Self::Space(op) => op.kind(),
            Self::Task(op) => op.kind(),
            Self::Unknown { kind, .. } => kind,
        }
    }

    /// Whether somebody wrote something in it that is nowhere else.
    pub fn has_text(&self) -> bool {
        match self {
            Self::Handover(op) => op.has_text(),
            Self::List(op) => op.has_text(),
            Self::Message(op) => op.has_text(),
            Self::Role(op) => op.has_text(),
            Self::Task(op) => op.has_text(),
            Self::Member(_) | Self::Patient(_) => false,
            Self::Space(op) => op.has_text(),
            Self::Unknown { .. } => true,
        }
    }

    fn encode(&self) -> (&str, Vec<u8>) {
        let payload = match self {
            Self::Handover(op) => op.payload(),
            Self::List(op) => op.payload(),
            Self::Member(op) => op.payload(),
            Self::Message(op) => op.payload(),
            Self::Patient(op) => op.payload(),
            Self::Role(op) => op.payload(),
            Self::Space(op) => op.payload(),
            Self::Task(op) => op.payload(),
            Self::Unknown { payload, .. } => payload.clone(),
        };
        (self.kind(), payload)
    }

    fn decode(kind: &str, payload: Vec<u8>) -> Result<Self, CborError> {
        if let Some(op) = space::SpaceOp::decode(kind, &payload)? {
            return Ok(Self::Space(op));
        }
        if let Some(op) = member::MemberOp::decode(kind, &payload)? {
            return Ok(Self::Member(op));
        }
        if let Some(op) = message::MessageOp::decode(kind, &payload)? {
            return Ok(Self::Message(op));
        }
        if let Some(op) = list::ListOp::decode(kind, &payload)? {
            return Ok(Self::List(op));
        }
        if let Some(op) = handover::HandoverOp::decode(kind, &payload)? {
            return Ok(Self::Handover(op));
        }
        if let Some(op) = task::TaskOp::decode(kind, &payload)? {
            return Ok(Self::Task(op));
        }
        if let Some(op) = role::RoleOp::decode(kind, &payload)? {
            return Ok(Self::Role(op));
        }
        if let Some(op) = patient::PatientOp::decode(kind, &payload)? {
            return Ok(Self::Patient(op));
        }
        Ok(Self::Unknown {
            kind: kind.to_owned(),
            payload,
        })
    }
}

/// Decodes a payload into one variant of a topic.
fn variant<P: DeserializeOwned, O>(payload: &[u8], make: fn(P) -> O) -> Result<Option<O>, CborError> {
    cbor::from_bytes(payload).map(|payload| Some(make(payload)))
}

#[cfg(test)]
mod tests;
