//! What a device asks the record, inside Oblivious HTTP (RFC 9458): binary HTTP requests (RFC 9292) with CBOR bodies.
//!
//! All but [`SIGN_IN_PATH`] and [`ORDERS_PATH`] are signed by the device ([`crate::device::Request`]), in the headers
//! [`DEVICE_HEADER`], [`AT_HEADER`], [`NONCE_HEADER`] and [`SIGNATURE_HEADER`] (binary as base64url without padding).
//!
//! | path (POST) | body → answer | |
//! | --- | --- | --- |
//! | [`SIGN_IN_PATH`] | [`SignIn`] → [`Session`] | binds the device to the person who signed in |
//! | [`SESSION_PATH`] | `null` → [`Session`] | a new relay token; spaces and keys as they are now |
//! | [`SIGN_OUT_PATH`] | `null` → 204 | ends this device |
//! | [`KEYS_PATH`] | [`Keys`] → [`KeysAnswer`] | a space's keys |
//! | [`SNAPSHOTS_PATH`] | [`Snapshots`] → [`SnapshotsAnswer`] | newest snapshots of several spaces |
//! | [`HISTORY_PATH`] | [`History`] → [`HistoryAnswer`] | older entries, as one scrolls back |
//! | [`HISTORY_OF_PATH`] | [`HistoryOf`] → [`HistoryOfAnswer`] | everything that was ever done to a list, or a message |
//! | [`HANDOVER_PATH`] | [`HandoverOf`] → [`HandoverOfAnswer`] | a handover of long ago, with its texts |
//! | [`DEPOSIT_PHOTO_PATH`] | [`DepositPhoto`] → 204 | keeps a photo for a message that will come |
//! | [`PHOTO_PATH`] | [`PhotoOf`] → [`PhotoAnswer`] | a photo of a message |
//! | [`CREATE_PATH`] | [`Create`] → [`SpaceGrant`] | a new conversation; the same direct one if it exists |
//! | [`INVITE_PATH`] | [`Invite`] → [`InviteAnswer`] | the invitation of a team, and who asked to join by it; for its administrators |
//! | [`JOIN_PATH`] | [`Join`] → [`JoinAnswer`] | asks to join a team by its invitation |
//! | [`DIRECTORY_PATH`] | [`Directory`] → [`PeopleAnswer`] | find people |
//! | [`PEOPLE_PATH`] | [`People`] → [`PeopleAnswer`] | people by id |
//! | [`ON_CALL_PATH`] | [`OnCall`] → [`OnCallAnswer`] | who is on call now |
//! | [`READ_ROTA_PATH`] | [`ReadRota`] → [`ReadRotaAnswer`] | what a rota in a file says |
//! | [`CERTIFICATES_PATH`] | [`Certificates`] → [`CertificatesAnswer`] | who wrote this? |
//! | [`VAULT_PATH`] | [`Vault`] → [`VaultAnswer`] | what this person keeps on this device: its share, its lease |
//! | [`VAULT_END_PATH`] | [`VaultEnd`] → 204 | it is erased |
//! | [`USE_PATH`] | [`Use`] → 204 | who used the device when, for the audit |
//! | [`DEVICES_PATH`] | [`Devices`] → [`DevicesAnswer`] | one's own devices; for administrators, another's |
//! | [`REVOKE_PATH`] | [`RevokeDevice`] → 204 | ends a device, which then erases itself |
//! | [`FIND_PATIENTS_PATH`] | [`FindPatients`] → [`FoundPatients`] | patients of the index, by what was typed |
//! | [`OPEN_PATIENT_PATH`] | [`OpenPatient`] → [`OpenedPatient`] | all that is known of one, and why it is asked |
//! | [`ORDERS_PATH`] | [`Orders`] → [`OrdersAnswer`] | not signed: whether a locked device is to erase itself |
//!
//! A refusal is a problem document (RFC 9457, `application/problem+json`) whose `type` is `urn:baton:<reason>`.

use serde::{Deserialize, Serialize};

use crate::chain::{Entry, Head, Seq};
use crate::device::{SealedToDevice, SignInPublic};
use crate::id::{DeviceId, OpId, PatientId, SpaceId, UserId};
use crate::op::space::SpaceKind;
use crate::person::Person;
use crate::seal::Epoch;
use crate::seal::key::SpaceKey;
use crate::secret::{Personal, Secret};
use crate::time::At;

mod devices;
mod handover;
mod invite;
mod lists;
mod patients;
mod photo;
mod roles;
mod rota;
mod vault;

pub use devices::{DeviceLine, Devices, DevicesAnswer, Orders, OrdersAnswer, RevokeDevice};
pub use handover::{HandoverOf, HandoverOfAnswer};
pub use invite::{Invite, InviteAnswer, InviteDeed, Join, JoinAnswer};
pub use lists::{HistoryOf, HistoryOfAnswer};
pub use patients::{FindPatients, FoundPatients, LookUp, OpenPatient, OpenedPatient};
pub use photo::{DepositPhoto, PhotoAnswer, PhotoOf};
pub use roles::{OnCall, OnCallAnswer, OnCallRole};
pub use rota::{ReadRota, ReadRotaAnswer, RotaFormat, RotaLine, RotaRefusal};
pub use vault::{Policy, Use, UseKind, Vault, VaultAnswer, VaultEnd};

/// Binds this device to the person who signs in. Not signed: it is what the keys come with.
pub const SIGN_IN_PATH: &str = "/device/sign-in";
/// A fresh session.
pub const SESSION_PATH: &str = "/device/session";
/// Ends this device.
pub const SIGN_OUT_PATH: &str = "/device/sign-out";
/// A space's keys.
pub const KEYS_PATH: &str = "/device/keys";
/// Newest snapshots.
pub const SNAPSHOTS_PATH: &str = "/device/snapshots";
/// Older entries.
pub const HISTORY_PATH: &str = "/device/history";
/// What was done to one list or message.
pub const HISTORY_OF_PATH: &str = "/device/history/of";
/// A handover of long ago.
pub const HANDOVER_PATH: &str = "/device/handover";
/// Keeps a photo.
pub const DEPOSIT_PHOTO_PATH: &str = "/device/photos";
/// A photo of a message.
pub const PHOTO_PATH: &str = "/device/photo";
/// A new conversation.
pub const CREATE_PATH: &str = "/device/spaces";
/// The invitation of a team.
pub const INVITE_PATH: &str = "/device/invitations";
/// Asks to join by one.
pub const JOIN_PATH: &str = "/device/invitations/join";
/// Find people.
pub const DIRECTORY_PATH: &str = "/device/directory";
/// People by id.
pub const PEOPLE_PATH: &str = "/device/people";
/// Who is on call now.
pub const ON_CALL_PATH: &str = "/device/on-call";
/// What a rota in a file says.
pub const READ_ROTA_PATH: &str = "/device/roles/rota";
/// Certificates of devices.
pub const CERTIFICATES_PATH: &str = "/device/certificates";

/// A vault's share and lease.
pub const VAULT_PATH: &str = "/device/vault";
/// A vault is erased.
pub const VAULT_END_PATH: &str = "/device/vault/end";
/// Who used the device when.
pub const USE_PATH: &str = "/device/use";
/// Devices of a person.
pub const DEVICES_PATH: &str = "/device/devices";
/// Ends a device.
pub const REVOKE_PATH: &str = "/device/revoke";
/// Find patients.
pub const FIND_PATIENTS_PATH: &str = "/device/patients/find";
/// All that is known of one patient.
pub const OPEN_PATIENT_PATH: &str = "/device/patients/open";
/// Whether a locked device is to erase itself.
pub const ORDERS_PATH: &str = "/device/orders";

/// The device's id.
pub const DEVICE_HEADER: &str = "baton-device";
/// Milliseconds since the epoch.
pub const AT_HEADER: &str = "baton-at";
/// 16 random bytes, base64url.
pub const NONCE_HEADER: &str = "baton-nonce";
/// 64 bytes, base64url.
pub const SIGNATURE_HEADER: &str = "baton-signature";

/// A device's time may differ from the record's by this much, in milliseconds.
pub const REQUEST_SKEW_MILLIS: u64 = 5 * 60 * 1000;

/// The answer of the identity provider, with what the `nonce` committed to.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// The authorization code.
    pub code: Personal<String>,
    /// The PKCE verifier (RFC 7636).
    pub verifier: Personal<String>,
    /// The key of this sign-in, which the `nonce` committed to.
    pub key: SignInPublic,
    /// The 32 random bytes of the commitment.
    pub salt: Secret<32>,
    /// Which device it is for, signed by that key ([`SignInPublic::open`]).
    #[serde(with = "serde_bytes")]
    pub device: Vec<u8>,
}

/// Who is signed in, where they belong, and what lets the device in at the edge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// This device.
    pub device: DeviceId,
    /// The person.
    pub me: Person,
    /// The record's time.
    pub now: At,
    /// The relay token.
    pub relay_token: Personal<String>,
    /// When it ends.
    pub relay_until: At,
    /// When the session itself ends, and the person has to sign in again.
    pub session_until: At,
    /// The device's certificate.
    #[serde(with = "serde_bytes")]
    pub certificate: Vec<u8>,
    /// The person's spaces, latest activity first.
    pub spaces: Vec<SpaceGrant>,
    /// The members of those spaces, and who wrote in them.
    pub people: Vec<Person>,
    /// How this organisation has its devices behave.
    #[serde(default)]
    pub policy: Policy,
    /// Whether this person administrates the devices of their organisation.
    #[serde(default)]
    pub administrates: bool,
}

/// A space that this person belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceGrant {
    /// Which.
    pub space: SpaceId,
    /// Of which kind.
    pub kind: SpaceKind,
    /// Where its log stands: the last place and its chain hash. A device measures what the edge shows it against
    /// this, since the record says it where the edge cannot change it.
    pub head: Head,
    /// Its keys of all epochs, [`EpochKeys`] sealed to this device.
    pub keys: SealedToDevice,
}

/// The keys of one space, as they are sealed to a device.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpochKeys {
    /// Which space.
    pub space: SpaceId,
    /// By epoch.
    pub keys: Vec<(Epoch, SpaceKey)>,
}

/// Asks for a space's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Which space.
    pub space: SpaceId,
}

/// A space's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysAnswer {
    /// [`EpochKeys`] sealed to this device.
    pub keys: SealedToDevice,
}

/// Asks for newest snapshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshots {
    /// At most 100 spaces.
    pub spaces: Vec<SpaceId>,
}

/// Newest snapshots, of those spaces that have one; the others are folded from their first entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotsAnswer {
    /// In any order.
    pub snapshots: Vec<SealedSnapshot>,
}

/// A snapshot ([`crate::snapshot::open`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSnapshot {
    /// Of which space.
    pub space: SpaceId,
    /// The sealed state.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
    /// The signed checkpoint.
    #[serde(with = "serde_bytes")]
    pub checkpoint: Vec<u8>,
}

/// Asks for older entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Of which space.
    pub space: SpaceId,
    /// Before this place.
    pub before: Seq,
    /// At most so many (at most 200).
    pub limit: u16,
}

/// Older entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryAnswer {
    /// Those just before the asked place, in order, without gaps.
    pub entries: Vec<Entry>,
    /// Later entries, in order, that are about one of those (corrections, say).
    pub later: Vec<Entry>,
    /// True when there is nothing before these.
    pub is_start: bool,
}

/// Asks for a new conversation. The asking person is a member, and its administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// `Direct` (exactly one other), `Group`, `Own` (the asking person's, with no others: there is one, which is given again)
    /// or `Patient` (there is one around each patient; who asks joins it); `Team`, also with no others: not by a name that a team of the organisation has.
    pub kind: SpaceKind,
    /// Its title; empty for `Direct`.
    pub title: Personal<String>,
    /// The others.
    pub members: Vec<UserId>,
    /// Makes asking twice harmless: the same id gives the same space.
    pub request: OpId,
    /// The patient around whom it is; of `Patient` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
}

/// Finds people by the beginnings of names, job title, organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// What was typed; empty lists colleagues of one's own organisation.
    pub text: Personal<String>,
}

/// Asks for people by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// At most 500.
    pub users: Vec<UserId>,
}

/// People, at most 500; those that are not known are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleAnswer {
    /// In the order of their names.
    pub people: Vec<Person>,
}

/// Asks for certificates of devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificates {
    /// At most 500.
    pub devices: Vec<DeviceId>,
}

/// Certificates ([`crate::device::Certificate::open`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatesAnswer {
    /// Of those devices that are known.
    pub certificates: Vec<serde_bytes::ByteBuf>,
}
