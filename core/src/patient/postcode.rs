//! Postcodes as they are compared.

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
        let _ = text;
        None
    }

    /// The outward part: `LS1`.
    pub fn outward(&self) -> &str {
        self.outward.as_str()
    }

    /// The whole without a space: `LS14AB`; `None` of an outward part.
    pub fn whole(&self) -> Option<String> {
        self.inward
            .as_ref()
            .map(|inward| format!("{}{}", self.outward.as_str(), inward.as_str()))
    }
}
