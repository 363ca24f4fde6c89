//! The patient banner as values that a screen puts in their places without any thinking of its own (ISB 1505; CUI *Patient Banner*
//! PAB-0001 to PAB-0076).
//!
//! A [`Banner`] has the identity (zone 1) in the one order that is allowed, each item with its label, and five sections of what
//! else is known (zone 2), which open and close together. Small screens have a [`MicroBanner`]. Nothing here is clinical. Which of
//! the rules are kept where, and which are a component's to keep, is in `docs/cui-rules.md`.

use crate::date::LocalMoment;
use crate::patient::Patient;
use crate::secret::Personal;

mod build;
mod micro;

pub(super) use build::NOT_VERIFIED;
pub use micro::MicroBanner;

/// A patient's banner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// The patient has died: zone 1 has another background colour and another pattern (PAB-0055).
    pub is_deceased: bool,
    /// `JONES, Mary (Mrs)`: without a label, never cut short (PAB-0049 to PAB-0053).
    pub name: Personal<String>,
    /// *Preferred name*: immediately below the name, aligned with it. `None` when there is none: the name is then centred
    /// vertically (PAB-0054, PAB-0061, PAB-0062).
    pub preferred: Option<Item>,
    /// *Born*, with the age of a living patient in brackets (PAB-0033, PAB-0034).
    pub born: Item,
    /// *Died* and *Age at Death*, in this order, below *Born* and aligned with it (PAB-0057 to PAB-0060, PAB-0063). `None` of a
    /// living patient.
    pub death: Option<[Item; 2]>,
    /// *Gender* (PAB-0035).
    pub gender: Item,
    /// *NHS No.*, on one line (PAB-0036, NUM-0001).
    pub nhs: Item,
    /// What must be seen with the identity.
    pub notes: Vec<Note>,
    /// Zone 2: address, phone and e-mail, other numbers, GP practice, allergies.
    pub sections: [Section; 5],
}

/// A label and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The label, without a colon (PAB-0042), in a lighter style than the value (PAB-0046).
    pub label: Label,
    /// The value; *Not Known* where there is none (PAB-0019).
    pub value: Personal<String>,
    /// The value for a screen reader: dates in the long form, the digits of an NHS number one by one.
    pub spoken: Personal<String>,
    /// A word about the value that is shown next to it and is not part of it: *Not verified*.
    pub status: Option<&'static str>,
    /// False where the value says that it is not known.
    pub is_known: bool,
}

/// A label: fixed words, or who gave a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// Who gave a number.
    Assigner(String),
    /// Words of the guide.
    Words(&'static str),
}

impl Label {
    /// The words.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Assigner(assigner) => assigner,
            Self::Words(words) => words,
        }
    }

    /// What a label of zone 1 means, for whoever asks (PAB-0047, MPB-0044, MPB-0045); `None` of other labels.
    pub fn definition(&self) -> Option<&'static str> {
        Some(match self.as_str() {
            BORN => "The date on which the patient was born, and their age",
            DIED => "The date on which the patient died",
            AGE_AT_DEATH => "How old the patient was when they died",
            GENDER => {
                "The patient's current gender, to identify and address them by. It may differ from their sex at birth, and is not for \
                 clinical judgement."
            }
            NHS_NUMBER => {
                "The ten-digit number that identifies a patient within the NHS in England, Wales and the Isle of Man"
            }
            PREFERRED_NAME => "What the patient likes to be called",
            _ => return None,
        })
    }
}

pub(super) const BORN: &str = "Born";
pub(super) const DIED: &str = "Died";
pub(super) const AGE_AT_DEATH: &str = "Age at Death";
pub(super) const GENDER: &str = "Gender";
pub(super) const NHS_NUMBER: &str = "NHS No.";
const PREFERRED_NAME: &str = "Preferred name";

/// Something that must be seen with the identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Of which kind.
    pub kind: NoteKind,
    /// A sentence.
    pub text: Personal<String>,
}

/// Of which kind a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// This record was merged into another.
    Merged,
    /// Address, phone numbers and the like are withheld.
    Restricted,
    /// An NHS number is no longer this patient's.
    Superseded,
}

/// A section of zone 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Which.
    pub kind: SectionKind,
    /// The label in its title.
    pub label: &'static str,
    /// What its title says besides the label, on one line that ends in an ellipsis where it is too long (PAB-0025, PAB-0028); empty
    /// when there is nothing to say.
    pub summary: Personal<String>,
    /// What it shows when it is open.
    pub items: Vec<Item>,
    /// A sentence in place of items, or after them.
    pub text: Option<&'static str>,
}

/// Which section, in the order of the banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionKind {
    /// Addresses.
    Address,
    /// Phone numbers and e-mail addresses.
    Contact,
    /// Numbers that services gave, and NHS numbers that no longer hold.
    Numbers,
    /// The GP practice.
    Practice,
    /// Kept for allergies (PAB-0032).
    Allergies,
}

impl Banner {
    /// The banner at a moment at the place of care. `survivor` is the patient into whom this one was merged, when the caller holds
    /// them.
    pub fn of(patient: &Patient, now: LocalMoment, survivor: Option<&Patient>) -> Self {
        build::banner(patient, now, survivor)
    }

    /// The items of zone 1 after the name, in the order in which they are shown and reached by the keyboard (PAB-0016, PAB-0076).
    pub fn identity(&self) -> impl Iterator<Item = &Item> {
        std::iter::once(&self.born)
            .chain(self.death.iter().flatten())
            .chain([&self.gender, &self.nhs])
    }
}

#[cfg(test)]
mod tests;
