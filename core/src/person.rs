//! Staff as the record's directory shows them. What stands here was verified; nobody writes it about themselves.

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::letter;
use crate::secret::Personal;

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: Personal<Name>,
    /// Their job title, as their organisation gives it.
    pub job_title: Personal<String>,
    /// Their organisation.
    pub organisation: Organisation,
    /// Professional registration as shown, such as `GMC 7012345`; `None` when they have none or it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Personal<String>>,
    /// Where they are telephoned at work, as their organisation writes it: `0161 496 0123 ext 4021`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Personal<String>>,
    /// The number of their bleep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bleep: Option<Personal<String>>,
}

/// What calls a telephone number (RFC 3966): `tel:+441614960123;ext=4021`. What is no digit is how people write it; an
/// extension follows the first `x`, as in `ext` and `x4021`. The `(0)` of `+44 (0)161` is for who dials from within the country.
pub fn tel_uri(number: &str) -> String {
    let mut uri = String::from("tel:");
    let from_abroad = number.contains('+').then(|| number.replace("(0)", ""));
    for letter in from_abroad.as_deref().unwrap_or(number).chars() {
        match letter {
            '0'..='9' | '+' => uri.push(letter),
            'x' | 'X' => uri.push_str(";ext="),
            _ => {}
        }
    }
    uri
}

/// A name, in the parts that the NHS Common User Interface shows (ISB 1506).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Family name.
    pub family: String,
    /// Given name or names.
    pub given: String,
    /// Title, such as `Dr`; empty when there is none.
    #[serde(default)]
    pub title: String,
}

/// An organisation by its ODS code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// The ODS code, such as `RX1`; FHIR system `https://fhir.nhs.uk/Id/ods-organization-code`.
    pub ods: String,
    /// The name.
    pub name: String,
}

impl Person {
    /// The name as colleagues say it: `Dr Amina Khan`.
    pub fn spoken_name(&self) -> String {
        let Name { family, given, title } = self.name.expose();
        [title.as_str(), given.as_str(), &capitalised(family)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The two letters of an avatar: first of the given and of the family name.
    pub fn initials(&self) -> String {
        let Name { family, given, .. } = self.name.expose();
        [given, family]
            .into_iter()
            .filter_map(|part| part.chars().next())
            .map(letter::upper)
            .collect()
    }
}

/// Turns a family name that a source system wrote all in capitals (`O'NEILL-SMITH`) into the usual form. One that
/// already has lower-case letters (`McDonald`) is left as its owner writes it.
fn capitalised(family: &str) -> String {
    if family.chars().any(|shown| letter::upper(shown) != shown) {
        return family.to_owned();
    }
    let mut start = true;
    family
        .chars()
        .map(|written| {
            let shown = if start { written } else { letter::lower(written) };
            start = !letter::is_letter(written);
            shown
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(family: &str, given: &str, title: &str) -> Person {
        Person {
            id: UserId::from_bytes([1; 16]),
            name: Personal::new(Name {
                family: family.into(),
                given: given.into(),
                title: title.into(),
            }),
            job_title: "Staff nurse".into(),
            organisation: Organisation {
                ods: "RX1".into(),
                name: "Northbridge Hospital".into(),
            },
            registration: None,
            telephone: None,
            bleep: None,
        }
    }

    #[test]
    fn a_number_is_called_as_people_write_it() {
        for (written, uri) in [
            ("0161 496 0123", "tel:01614960123"),
            ("+44 (161) 496-0123", "tel:+441614960123"),
            ("+44 (0)161 496 0123", "tel:+441614960123"),
            (" +44 161 496 0123 ext. 4021", "tel:+441614960123;ext=4021"),
            ("01632 960123 x12", "tel:01632960123;ext=12"),
            ("4021", "tel:4021"),
        ] {
            assert_eq!(tel_uri(written), uri, "{written}");
        }
    }

    #[test]
    fn names_are_shown_as_colleagues_say_them() {
        assert_eq!(person("KHAN", "Amina", "Dr").spoken_name(), "Dr Amina Khan");
        assert_eq!(
            person("O'NEILL-SMITH", "Siobhán", "").spoken_name(),
            "Siobhán O'Neill-Smith"
        );
        assert_eq!(person("McDonald", "Ian", "Mr").spoken_name(), "Mr Ian McDonald");
        assert_eq!(person("ÅBERG", "ölof", "").initials(), "ÖÅ");
    }

    #[test]
    fn debug_shows_no_name() {
        let shown = format!("{:?}", person("KHAN", "Amina", "Dr"));
        assert!(
            !shown.contains("KHAN") && !shown.contains("Amina") && !shown.contains("nurse"),
            "{shown}"
        );
    }
}
