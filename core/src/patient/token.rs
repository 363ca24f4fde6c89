//! Names and numbers as they are compared: no case, no accents, no apostrophes. The record's blind index and a device's own
//! search use the same functions, so that both find the same.
//!
//! | name | tokens |
//! | --- | --- |
//! | `O'Brien` | `obrien`, `brien` |
//! | `Smith-Jones` | `smith`, `jones`, `smithjones` |
//! | `van der Berg` | `van`, `der`, `berg`, `vanderberg`, `derberg` |
//! | `Nguyễn` | `nguyen` |

use super::Patient;
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
    words(name).into_iter().map(|word| word.text).collect()
}

/// A local number in capitals and without anything but letters and digits; one of nothing but digits also without leading zeros,
/// which some systems write and others do not.
pub fn normalise_number(number: &str) -> String {
    let kept: String = number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect();
    if !kept.bytes().all(|digit| digit.is_ascii_digit()) {
        return kept;
    }
    match kept.trim_start_matches('0') {
        "" if !kept.is_empty() => "0".to_owned(),
        shorter => shorter.to_owned(),
    }
}

/// All that a patient's names are found by, in order and each once: every word, what follows an apostrophe, and the words joined from each
/// one to the last.
pub fn name_tokens(patient: &Patient) -> Vec<NameToken> {
    let name = patient.name.expose();
    let mut tokens = Vec::new();
    read(NamePart::Family, &name.family, &mut tokens);
    read(NamePart::Given, &name.given, &mut tokens);
    if let Some(preferred) = &patient.preferred {
        read(NamePart::Preferred, preferred.as_str(), &mut tokens);
    }
    tokens
}

fn read(part: NamePart, name: &str, tokens: &mut Vec<NameToken>) {
    let words = words(name);
    let mut push = |text: String| {
        let text = Personal::new(text);
        let token = NameToken { part, text };
        if let Err(place) = tokens.binary_search(&token) {
            tokens.insert(place, token);
        }
    };
    if (2..=MOST_JOINED).contains(&words.len()) {
        for first in 0..words.len() - 1 {
            push(words.iter().skip(first).map(|word| word.text.as_str()).collect());
        }
    }
    for word in words {
        if let Some(tail) = word.tail().filter(|tail| tail.len() >= SHORTEST_TAIL) {
            push(tail.to_owned());
        }
        push(word.text);
    }
}

/// A word of a name.
pub(super) struct Word {
    /// Folded: never empty.
    pub(super) text: String,
    /// Where in the text the part after its last apostrophe begins; 0 without one.
    after: usize,
    /// Whether a hyphen is between it and the word before.
    pub(super) is_hyphenated: bool,
}

impl Word {
    /// What follows an apostrophe: `brien`.
    pub(super) fn tail(&self) -> Option<&str> {
        self.text
            .get(self.after..)
            .filter(|tail| self.after > 0 && !tail.is_empty())
    }
}

/// The words of a name, folded.
pub(super) fn words(name: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    let mut is_hyphenated = false;
    for character in name.chars() {
        match Kind::of(character) {
            Kind::Digit | Kind::Letter => {
                if !is_open {
                    words.push(Word {
                        text: String::new(),
                        after: 0,
                        is_hyphenated,
                    });
                }
                if let Some(word) = words.last_mut() {
                    let (first, second) = fold_letter(character);
                    word.text.push(first);
                    word.text.extend(second);
                }
                (is_open, is_hyphenated) = (true, false);
            }
            Kind::Apostrophe => {
                if let Some(word) = words.last_mut().filter(|_| is_open) {
                    word.after = word.text.len();
                }
            }
            Kind::Nothing => {}
            Kind::Dash => (is_open, is_hyphenated) = (false, true),
            Kind::Blank | Kind::Other | Kind::Point => is_open = false,
        }
    }
    words
}

/// The one or two letters that stand for a letter: search's own, and what names have besides, of Vietnam and in transcriptions
/// from Arabic, Indian and Chinese writing (Latin Extended-B and Additional).
pub(super) fn fold_letter(character: char) -> (char, Option<char>) {
    let one = match character {
        '\u{1cd}'..='\u{1ce}' | '\u{1e00}'..='\u{1e01}' | '\u{1ea0}'..='\u{1eb7}' | '\u{200}'..='\u{203}' => {
            'a'
        }
        '\u{1cf}'..='\u{1d0}' | '\u{1e2c}'..='\u{1e2f}' | '\u{1ec8}'..='\u{1ecb}' | '\u{208}'..='\u{20b}' => {
            'i'
        }
        '\u{1a0}'..='\u{1a1}'
        | '\u{1d1}'..='\u{1d2}'
        | '\u{1e4c}'..='\u{1e53}'
        | '\u{1ecc}'..='\u{1ee3}'
        | '\u{20c}'..='\u{20f}' => 'o',
        '\u{1af}'..='\u{1b0}'
        | '\u{1d3}'..='\u{1dc}'
        | '\u{1e72}'..='\u{1e7b}'
        | '\u{1ee4}'..='\u{1ef1}'
        | '\u{214}'..='\u{217}' => 'u',
        '\u{1e14}'..='\u{1e1d}' | '\u{1eb8}'..='\u{1ec7}' | '\u{204}'..='\u{207}' => 'e',
        '\u{1e02}'..='\u{1e07}' => 'b',
        '\u{1e08}'..='\u{1e09}' => 'c',
        '\u{1e0a}'..='\u{1e13}' => 'd',
        '\u{1e1e}'..='\u{1e1f}' => 'f',
        '\u{1e20}'..='\u{1e21}' => 'g',
        '\u{1e22}'..='\u{1e2b}' => 'h',
        '\u{1e30}'..='\u{1e35}' => 'k',
        '\u{1e36}'..='\u{1e3d}' => 'l',
        '\u{1e3e}'..='\u{1e43}' => 'm',
        '\u{1e44}'..='\u{1e4b}' => 'n',
        '\u{1e54}'..='\u{1e57}' => 'p',
        '\u{1e58}'..='\u{1e5f}' | '\u{210}'..='\u{213}' => 'r',
        '\u{1e60}'..='\u{1e69}' => 's',
        '\u{1e6a}'..='\u{1e71}' => 't',
        '\u{1e7c}'..='\u{1e7f}' => 'v',
        '\u{1e80}'..='\u{1e89}' => 'w',
        '\u{1e8a}'..='\u{1e8d}' => 'x',
        '\u{1e8e}'..='\u{1e8f}' | '\u{1ef2}'..='\u{1ef9}' => 'y',
        '\u{1e90}'..='\u{1e95}' => 'z',
        _ => return fold(character),
    };
    (one, None)
}

/// Names of more words than this are not joined.
const MOST_JOINED: usize = 6;

/// What follows an apostrophe stands alone from so many letters on.
const SHORTEST_TAIL: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::tests::{named, patient};

    fn tokens(family: &str, given: &str) -> Vec<String> {
        let tokens = name_tokens(&named(1, family, given));
        tokens.into_iter().map(|token| token.text.into_inner()).collect()
    }

    #[test]
    fn apostrophes_fall_out_and_hyphens_split_and_join() {
        assert_eq!(tokens("O’BRIEN", ""), ["brien", "obrien"]);
        assert_eq!(tokens("Smith-Jones", ""), ["jones", "smith", "smithjones"]);
        assert_eq!(
            tokens("van der Berg", ""),
            ["berg", "der", "derberg", "van", "vanderberg"]
        );
        assert_eq!(tokens("", "Mary Ann"), ["ann", "mary", "maryann"]);
        assert_eq!(tokens("D'Arcy-O'Neill", "")[0], "arcy");
        assert_eq!(tokens("Sa'ad", "'"), ["saad"]);
        assert!(tokens(" - ", "…").is_empty());
    }

    #[test]
    fn a_token_knows_its_name_and_a_preferred_name_counts() {
        let mut patient = patient(1);
        patient.preferred = Some("Polly".into());
        let tokens = name_tokens(&patient);
        let found = |part| {
            tokens
                .iter()
                .find(|token| token.part == part)
                .map(|token| token.text.as_str())
        };
        assert_eq!(found(NamePart::Family), Some("jones"));
        assert_eq!(found(NamePart::Given), Some("mary"));
        assert_eq!(found(NamePart::Preferred), Some("polly"));
    }

    #[test]
    fn letters_of_all_that_live_here_are_folded() {
        for (name, folded) in [
            ("Nguyễn", "nguyen"),
            ("Nguye\u{302}\u{303}n", "nguyen"),
            ("ĐẶNG", "dang"),
            ("Trương Ỹ", "truongy"),
            ("Ḥusayn Ṣāliḥ", "husaynsalih"),
            ("Kṛṣṇa", "krsna"),
            ("Lǚ", "lu"),
            ("Ẁyn ỳ Siôn", "wynysion"),
            ("Łukasz Żółć", "lukaszzolc"),
            ("Ștefănescu", "stefanescu"),
            ("Jiří Dvořák", "jiridvorak"),
            ("Sørensen Æble", "sorensenaeble"),
            ("GROẞ Groß", "grossgross"),
            ("Жуков", "Жуков"),
        ] {
            assert_eq!(normalise(name), folded, "{name}");
        }
    }

    #[test]
    fn numbers_are_compared_without_spelling() {
        assert_eq!(normalise_number("rx1/00-12 a"), "RX10012A");
        assert_eq!(normalise_number("0012345"), "12345");
        assert_eq!(normalise_number("000"), "0");
        assert_eq!(normalise_number(" - "), "");
    }
}
