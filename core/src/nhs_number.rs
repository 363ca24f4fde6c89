//! NHS numbers: checked wherever they enter (modulus 11), and shown in one way (ISB 0149; CUI NUM-0001, NUM-0002).

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A ten-digit NHS number whose check digit holds. It is personal: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber([u8; 10]);

impl NhsNumber {
    /// Takes what somebody typed or a system sent: ten digits, with spaces or hyphens anywhere.
    pub fn parse(text: &str) -> Result<Self, NhsNumberError> {
        let mut digits = [0_u8; 10];
        let mut count = 0;
        for letter in text.chars() {
            match letter.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
                Some(digit) => {
                    *digits.get_mut(count).ok_or(NhsNumberError::Length)? = digit;
                    count += 1;
                }
                None if letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}') => {}
                None => return Err(NhsNumberError::NotDigits),
            }
        }
        if count != digits.len() {
            return Err(NhsNumberError::Length);
        }
        Self::from_digits(digits)
    }

    fn from_digits(digits: [u8; 10]) -> Result<Self, NhsNumberError> {
        let [first, .., check] = digits;
        if digits.iter().all(|digit| *digit == first) {
            return Err(NhsNumberError::Check);
        }
        let sum: u32 = digits
            .iter()
            .zip((2..=10).rev())
            .map(|(digit, weight)| u32::from(*digit) * weight)
            .sum();
        match (11 - sum % 11) % 11 {
            expected if expected == u32::from(check) => Ok(Self(digits)),
            _ => Err(NhsNumberError::Check),
        }
    }

    /// Its ten digits without spaces, as systems write them.
    pub fn digits(&self) -> String {
        self.0.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// As people read it: `900 000 0009`, 3-3-4 with single spaces.
    pub fn shown(&self) -> String {
        let digits = self.digits();
        let (first, rest) = digits.split_at(3);
        let (second, third) = rest.split_at(3);
        format!("{first} {second} {third}")
    }

    /// Whether it is of the range kept for tests (900 to 999), which no patient has.
    pub fn is_synthetic(&self) -> bool {
        self.0.first() == Some(&9)
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}

impl Serialize for NhsNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.digits())
    }
}

impl<'de> Deserialize<'de> for NhsNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// Why a text is not an NHS number. Holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NhsNumberError {
    /// The check digit does not hold: a digit is wrong, or two are swapped.
    #[error("This is not a valid NHS number. Check each digit.")]
    Check,
    /// Not ten digits.
    #[error("An NHS number has 10 digits.")]
    Length,
    /// Something else than digits, spaces and hyphens.
    #[error("An NHS number has only digits.")]
    NotDigits,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_hyphens_do_not_matter_and_it_is_shown_in_threes_and_four() {
        for typed in [
            "9000000009",
            "900 000 0009",
            "900-000-0009",
            " 9 0 0 0 0 0 0 0 0 9 ",
        ] {
            assert_eq!(NhsNumber::parse(typed).unwrap().shown(), "900 000 0009");
        }
        assert_eq!(NhsNumber::parse("9000000025").unwrap().shown(), "900 000 0025");
    }

    #[test]
    fn a_wrong_check_digit_is_refused_also_in_well_known_examples() {
        for wrong in [
            "999 123 4567",
            "123 456 7890",
            "900 000 0008",
            "0000000000",
            "9999999999",
        ] {
            assert_eq!(NhsNumber::parse(wrong), Err(NhsNumberError::Check), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_ten_digits_is_refused_with_its_reason() {
        assert_eq!(NhsNumber::parse("900000000"), Err(NhsNumberError::Length));
        assert_eq!(NhsNumber::parse("90000000099"), Err(NhsNumberError::Length));
        assert_eq!(NhsNumber::parse("90000000o9"), Err(NhsNumberError::NotDigits));
        assert_eq!(NhsNumber::parse(""), Err(NhsNumberError::Length));
    }

    #[test]
    fn every_single_slip_and_every_swap_of_neighbours_is_found() {
        let digits = *b"9434765919";
        let parse = |digits: &[u8]| NhsNumber::parse(std::str::from_utf8(digits).unwrap());
        assert!(parse(&digits).is_ok());
        for at in 0..10 {
            for wrong in (b'0'..=b'9').filter(|wrong| *wrong != digits[at]) {
                let mut slip = digits;
                slip[at] = wrong;
                assert!(parse(&slip).is_err());
            }
            if at < 9 && digits[at] != digits[at + 1] {
                let mut swapped = digits;
                swapped.swap(at, at + 1);
                assert!(parse(&swapped).is_err());
            }
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        let shown = format!("{:?}", NhsNumber::parse("9000000009").unwrap());
        assert!(!shown.contains('9'), "{shown}");
    }
}
