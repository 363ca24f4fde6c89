//! What was detected: each thing that an honest edge never does, by name.

use crate::chain::Seq;
use crate::id::SpaceId;

/// Something that an honest edge never does (or, rarely, a record that lost its newest entries). Nothing of it was
/// taken into the confirmed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// In which space; `None` when it is about the connection.
    pub space: Option<SpaceId>,
    /// What was detected.
    pub kind: FaultKind,
}

/// What was detected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// An entry whose chain hash does not follow: changed, swapped, dropped before it, or rewritten history.
    BrokenChain(Seq),
    /// Another entry than the known one at a known place.
    ConflictingReplay(Seq),
    /// An entry, cursor or notice that does not open under the keys that the record gives: forged or changed.
    Forged,
    /// A refusal that the record did not seal for this operation.
    ForgedRefusal,
    /// An order to wipe the device that the record did not sign for it.
    ForgedRevocation,
    /// A snapshot that the record did not seal, or whose checkpoint it did not sign.
    ForgedSnapshot,
    /// The log that the edge showed is not the record's: places were swapped, dropped, or made up. The space is read
    /// anew, and what was written meanwhile is sent anew.
    ForkedLog(Seq),
    /// Keys that were not sealed to this device for this space.
    ForgedKeys,
    /// Not a frame, or larger than any.
    Malformed,
    /// Something sealed for another space, operation or purpose in the place of this.
    Relabelled,
    /// What this device did first was put into the log after what it did later.
    Reordered(Seq),
    /// Said to be appended, and never seen in the log.
    UnseenAppend,
    /// The record has entries that the edge does not send.
    Withheld(Seq),
    /// A welcome for another device, or in a version that was not named.
    WrongWelcome,
}

impl FaultKind {
    /// Its name, for counters and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BrokenChain(_) => "broken-chain",
            Self::ConflictingReplay(_) => "conflicting-replay",
            Self::Forged => "forged",
            Self::ForgedKeys => "forged-keys",
            Self::ForgedRefusal => "forged-refusal",
            Self::ForgedRevocation => "forged-revocation",
            Self::ForgedSnapshot => "forged-snapshot",
            Self::ForkedLog(_) => "forked-log",
            Self::Malformed => "malformed",
            Self::Relabelled => "relabelled",
            Self::Reordered(_) => "reordered",
            Self::UnseenAppend => "unseen-append",
            Self::Withheld(_) => "withheld",
            Self::WrongWelcome => "wrong-welcome",
        }
    }
}

/// What was detected and not taken yet.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, space: Option<SpaceId>, kind: FaultKind) {
        if self.0.len() < KEPT {
            self.0.push(Fault { space, kind });
        }
    }

    pub(super) fn take(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.0)
    }
}

/// Faults that are kept until somebody takes them.
const KEPT: usize = 256;
