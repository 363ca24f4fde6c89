//! Postcodes as they are compared (BS 7666): an outward part such as `LS1`, `M60` or `SW1A`, and an inward part such as `4AB`.

use crate::secret::Personal;

/// A UK postcode, or the outward part of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Postcode {
    outward: Personal<String>,
    inward: Option<Personal<String>>,
}

impl Postcode {
    /// Takes a postcode in any case and spacing, whole (`ls1 4ab`) or the outward part (`LS1`); `None` of anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = Vec::new();
        for character in text.chars().filter(|character| !character.is_ascii_whitespace()) {
            let is_kept = character.is_ascii_alphanumeric() && letters.len() < LONGEST;
            letters.push(is_kept.then(|| character.to_ascii_uppercase())?);
        }
        let (outward, inward) = match letters
            .len()
            .checked_sub(3)
            .and_then(|at| letters.split_at_checked(at))
        {
            Some((outward, inward)) if is_outward(outward) && is_inward(inward) => (outward, Some(inward)),
            Some(_) | None if is_outward(&letters) => (letters.as_slice(), None),
            Some(_) | None => return None,
        };
        Some(Self {
            outward: Personal::new(outward.iter().collect()),
            inward: inward.map(|inward| Personal::new(inward.iter().collect())),
        })
    }

    /// The outward part: `LS1`.
    pub fn outward(&self) -> &str {
        self.outward.as_str()
    }

    /// The whole without a space: `LS14AB`; `None` of an outward part.
    pub fn whole(&self) -> Option<String> {
        let inward = self.inward.as_ref()?;
        Some(format!("{}{}", self.outward.as_str(), inward.as_str()))
    }

    /// Whether an address with this other postcode is within it: an outward part takes in all that begin with it.
    pub fn includes(&self, other: &Self) -> bool {
        self.outward == other.outward && (self.inward.is_none() || self.inward == other.inward)
    }
}

fn is_outward(letters: &[char]) -> bool {
    let shape: String = letters
        .iter()
        .map(|letter| if letter.is_ascii_digit() { '9' } else { 'A' })
        .collect();
    matches!(shape.as_str(), "A9" | "A99" | "A9A" | "AA9" | "AA99" | "AA9A")
}

fn is_inward(letters: &[char]) -> bool {
    matches!(letters, [digit, first, second]
        if digit.is_ascii_digit() && first.is_ascii_alphabetic() && second.is_ascii_alphabetic())
}

/// No postcode has more letters and digits.
const LONGEST: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postcode_is_read_in_any_case_and_spacing() {
        for typed in ["LS1 4AB", "ls14ab", " Ls 14 aB "] {
            let postcode = Postcode::parse(typed).unwrap();
            assert_eq!(
                (postcode.outward(), postcode.whole().as_deref()),
                ("LS1", Some("LS14AB")),
                "{typed}"
            );
        }
        for (typed, outward) in [
            ("M1 1AE", "M1"),
            ("M60 1NW", "M60"),
            ("W1A 0AX", "W1A"),
            ("SW1A2AA", "SW1A"),
            ("dn55 1pt", "DN55"),
        ] {
            assert_eq!(Postcode::parse(typed).unwrap().outward(), outward);
        }
    }

    #[test]
    fn an_outward_part_includes_its_own_and_no_other() {
        let outward = Postcode::parse("ls1").unwrap();
        assert_eq!(outward.whole(), None);
        assert!(outward.includes(&Postcode::parse("LS1 4AB").unwrap()));
        assert!(!outward.includes(&Postcode::parse("LS11 4AB").unwrap()));
        let whole = Postcode::parse("LS1 4AB").unwrap();
        assert!(whole.includes(&whole));
        assert!(!whole.includes(&Postcode::parse("LS1 4AD").unwrap()));
        assert!(!whole.includes(&outward));
    }

    #[test]
    fn what_is_no_postcode_is_none() {
        for text in [
            "", "LS", "1234567", "LS1 4A", "LS1-4AB", "LS1 4ABC", "ABC1 4AB", "Ł1 4AB", "LS1234AB",
        ] {
            assert_eq!(Postcode::parse(text), None, "{text}");
        }
    }
}
