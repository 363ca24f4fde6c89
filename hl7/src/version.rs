//! The versions of HL7 v2 (table 0104).

/// A version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is its own number")]
pub enum Version {
    V2_1,
    V2_2,
    V2_3,
    V2_3_1,
    V2_4,
    V2_5,
    V2_5_1,
    V2_6,
    V2_7,
    V2_7_1,
    V2_8,
    V2_8_1,
    V2_8_2,
}

impl Version {
    /// Finds a version by MSH-12.1; `None` if it is not one of these.
    pub fn named(code: &str) -> Option<Self> {
        Some(match code {
            "2.1" => Self::V2_1,
            "2.2" => Self::V2_2,
            "2.3" => Self::V2_3,
            "2.3.1" => Self::V2_3_1,
            "2.4" => Self::V2_4,
            "2.5" => Self::V2_5,
            "2.5.1" => Self::V2_5_1,
            "2.6" => Self::V2_6,
            "2.7" => Self::V2_7,
            "2.7.1" => Self::V2_7_1,
            "2.8" => Self::V2_8,
            "2.8.1" => Self::V2_8_1,
            "2.8.2" => Self::V2_8_2,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order() {
        assert!(Version::named("2.3.1") < Version::named("2.4"));
        assert_eq!(Version::named("2.5.1"), Some(Version::V2_5_1));
        for other in ["", "2", "2.0", "2.9999", "2.6.1", "3.0", "v2.3"] {
            assert_eq!(Version::named(other), None, "{other}");
        }
    }
}
