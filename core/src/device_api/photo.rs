//! Photos, as they are sealed ([`crate::photo`]).

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::id::SpaceId;
use crate::photo::PhotoId;

/// Gives the record a photo to keep, before the message that shows it. Giving it again does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositPhoto {
    /// In which space.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// It, sealed.
    #[serde(rename = "p")]
    pub sealed: ByteBuf,
}

/// Asks for a photo of a space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoOf {
    /// Of which space.
    #[serde(rename = "s")]
    pub space: SpaceId,
    /// Which.
    #[serde(rename = "i")]
    pub photo: PhotoId,
}

/// It, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoAnswer {
    /// `None` when the record has no such photo in this space.
    #[serde(rename = "p")]
    pub sealed: Option<ByteBuf>,
}
