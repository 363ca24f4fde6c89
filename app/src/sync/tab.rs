//! The tabs of one vault: what they tell each other, so that all show the same and one alone talks to the record.
//!
//! The tab that holds the vault's lock leads: it has the connection. When it is gone, however it went, the browser gives
//! the lock to the next, which connects at once. What a person does in any tab is kept by that tab and told to all.

use baton_core::chain::Seq;
use baton_core::id::{PatientId, SpaceId, VaultId};
use baton_core::person::Person;
use baton_core::sync::Store;
use serde::{Deserialize, Serialize};

use crate::store::connection::ConnectionLine;
use crate::store::drafts::Draft;
use crate::store::handover::texts::TextKey;
use crate::store::lists::look::{CellDraft, CellKey, ListKey, Look};
use crate::store::patients::LookedUp;
use crate::store::work::tell::Told;

/// What one tab tells the others of the same vault.
#[derive(Serialize, Deserialize)]
pub(crate) enum Said {
    /// Somebody is at this device.
    Active,
    /// What is being written in a cell of a list; `None`: nothing any more.
    Cell(CellKey, Option<CellDraft>),
    /// How the connection is, from the tab that leads.
    Connection(ConnectionLine),
    /// A draft changed; `None`: it is gone.
    Draft(SpaceId, Option<Draft>),
    /// A tab came that follows: how is the connection?
    Hello,
    /// The person is signing out in this tab: the order that the record answers with is theirs.
    Leaving,
    /// Lock all tabs.
    Lock,
    /// How a list is looked at.
    Look(ListKey, Look),
    /// A conversation is muted, or no longer.
    Muted(SpaceId, bool),
    /// Everything of this person was erased here: signed out, or by order.
    Over(Over),
    /// Patients who were looked up; `None`: no longer kept.
    Patients(Vec<(PatientId, Option<LookedUp>)>),
    /// Names of people.
    People(Vec<Person>),
    /// Somebody read up to a place, in a tab that follows.
    Read(SpaceId, Seq),
    /// The person signed in again: take the device's keys anew from the vault.
    Renewed,
    /// A machine kept something.
    Stored(Store),
    /// What is being written at a handover; `None`: nothing any more.
    Text(TextKey, Option<CellDraft>),
    /// What of overdue tasks was told.
    Told(Told),
    /// Somebody writes, in a tab that follows.
    Typing(SpaceId),
}

/// Why a vault is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Over {
    /// Its lease ended.
    LeaseEnded,
    /// The record ordered it.
    Revoked,
    /// The person signed out.
    SignedOut,
}

/// The lock of a vault that is open or locked in some tab: as long as one holds it the vault is not given up for dead.
pub(crate) fn living(vault: VaultId) -> String {
    format!("baton-vault-{}", hex(vault))
}

/// The lock of the tab that leads.
pub(crate) fn leading(vault: VaultId) -> String {
    format!("baton-lead-{}", hex(vault))
}

/// The channel of a vault's tabs.
pub(crate) fn channel(vault: VaultId) -> String {
    format!("baton-tabs-{}", hex(vault))
}

fn hex(vault: VaultId) -> String {
    vault.uuid().simple().to_string()
}
