//! How a person is called, where they live and how they are reached; and the practitioners who care for them.
//!
//! XPN (v2.5.1 §2.A.89), XAD (§2.A.84), XTN (§2.A.90), XCN (§2.A.86). The older PN, AD, TN and CN are their first
//! components.

use super::identifier::Assigner;
use super::read::{part, personal, whole};
use crate::field::Repetition;
use crate::personal::Personal;

/// A name of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Family name, with its prefix where one is a part of it.
    pub family: Option<Personal<String>>,
    /// First given name.
    pub given: Option<Personal<String>>,
    /// Further given names or initials.
    pub further: Option<Personal<String>>,
    /// `Jr`, `III`.
    pub suffix: Option<Personal<String>>,
    /// Title: `Dr`, `Mrs`.
    pub prefix: Option<Personal<String>>,
    /// What kind of name.
    pub kind: NameKind,
}

/// What kind of name it is (table 0200).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// `A`: alias.
    Alias,
    /// `B`: at birth.
    Birth,
    /// `D`: as the person is to be shown.
    Display,
    /// `L`: legal.
    Legal,
    /// `M`: before marriage.
    Maiden,
    /// `N`: nickname; what the person prefers to be called.
    Preferred,
    /// Another code.
    Other(String),
    /// Not said. Of a first name in PID-5 that is the legal one (v2.5.1 §3.4.2.5).
    Unstated,
}

impl Name {
    pub(crate) fn read(repetition: Repetition<'_>) -> Option<Self> {
        let name = Self {
            family: part(repetition, 1, 1).map(Personal::new),
            given: personal(repetition, 2),
            further: personal(repetition, 3),
            suffix: personal(repetition, 4),
            prefix: personal(repetition, 5),
            kind: whole(repetition, 7).map_or(NameKind::Unstated, NameKind::of),
        };
        (name.family.is_some() || name.given.is_some()).then_some(name)
    }
}

impl NameKind {
    fn of(code: String) -> Self {
        match code.as_str() {
            "A" => Self::Alias,
            "B" => Self::Birth,
            "D" => Self::Display,
            "L" => Self::Legal,
            "M" => Self::Maiden,
            "N" => Self::Preferred,
            _ => Self::Other(code),
        }
    }
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street, then other designation: the lines in order, none empty.
    pub lines: Vec<Personal<String>>,
    /// Town.
    pub city: Option<Personal<String>>,
    /// County.
    pub county: Option<Personal<String>>,
    /// Postcode.
    pub postcode: Option<Personal<String>>,
    /// Country, by ISO 3166 or in words.
    pub country: Option<Personal<String>>,
    /// The code of table 0190: `H` home, `C` current or temporary, `P` permanent, `M` mailing, `B` business, `BA` bad;
    /// `None` if not said.
    pub kind: Option<String>,
}

impl Address {
    pub(crate) fn read(repetition: Repetition<'_>) -> Option<Self> {
        // XAD.1 is SAD since v2.5: the address as one line, the street, the number of the house. A sender of another
        // version may have left an `&` as it is.
        let parts = [1, 2, 3].map(|number| part(repetition, 1, number));
        let street = match parts {
            [None, Some(street), Some(number)] => Some(format!("{number} {street}")),
            [None, Some(street), None] => Some(street),
            [Some(line), Some(street), _] if line.contains(&street) => Some(line),
            _ => whole(repetition, 1),
        };
        let address = Self {
            lines: [street, whole(repetition, 2)]
                .into_iter()
                .flatten()
                .map(Personal::new)
                .collect(),
            city: personal(repetition, 3),
            county: personal(repetition, 4),
            postcode: personal(repetition, 5),
            country: personal(repetition, 6),
            kind: whole(repetition, 7),
        };
        let says = !address.lines.is_empty()
            || [
                &address.city,
                &address.county,
                &address.postcode,
                &address.country,
            ]
            .into_iter()
            .any(Option::is_some);
        says.then_some(address)
    }
}

/// A way to reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telecom {
    /// The number, or the address for e-mail, as it was sent.
    pub value: Personal<String>,
    /// What it is.
    pub medium: Medium,
    /// The code of table 0201: `PRN` primary residence, `ORN` other residence, `WPN` work, `VHN` vacation home, `EMR`
    /// emergency, `NET` e-mail, `PRS` personal; `None` if not said.
    pub usage: Option<String>,
}

/// What a [`Telecom`] is (tables 0201 and 0202).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Medium {
    /// An address for e-mail.
    Email,
    /// A telefax.
    Fax,
    /// A mobile telephone.
    Mobile,
    /// A pager.
    Pager,
    /// A telephone, or not said.
    Phone,
    /// A text telephone (TDD, TTY) for people who do not hear well.
    TextPhone,
}

impl Telecom {
    /// The number and the address for e-mail that one repetition may hold together.
    pub(crate) fn read(repetition: Repetition<'_>) -> Vec<Self> {
        let usage = whole(repetition, 2);
        let equipment = whole(repetition, 3);
        let mut medium = match equipment.as_deref() {
            Some("Internet" | "X.400") => Medium::Email,
            Some("FX") => Medium::Fax,
            Some("CP") => Medium::Mobile,
            Some("BP") => Medium::Pager,
            Some("TDD" | "TTY") => Medium::TextPhone,
            Some(_) | None if usage.as_deref() == Some("NET") => Medium::Email,
            Some(_) | None => Medium::Phone,
        };
        let number = [whole(repetition, 1), whole(repetition, 12), composed(repetition)]
            .into_iter()
            .flatten()
            .next();
        let email = whole(repetition, 4).filter(|text| text.contains('@'));
        if number.as_deref().is_some_and(|number| number.contains('@')) {
            medium = Medium::Email;
        } else if email.is_some() && medium == Medium::Email {
            medium = Medium::Phone;
        }
        let of = |value: String, medium| Self {
            value: Personal::new(value),
            medium,
            usage: usage.clone(),
        };
        let number = number.map(|value| of(value, medium));
        let email = email
            .map(|value| of(value, Medium::Email))
            .filter(|email| Some(email) != number.as_ref());
        [number, email].into_iter().flatten().collect()
    }
}

/// A number from its parts: country, area, local number and extension (XTN.5 to .8).
fn composed(repetition: Repetition<'_>) -> Option<String> {
    let local = whole(repetition, 7)?;
    let country = whole(repetition, 5).map(|code| format!("+{}", code.trim_start_matches('+')));
    let extension = whole(repetition, 8).map(|number| format!("X{number}"));
    let parts = [country, whole(repetition, 6), Some(local), extension];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// A practitioner: by an identifier, a name, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practitioner {
    /// Their identifier: in the UK a GMC, GMP or local code.
    pub id: Option<Personal<String>>,
    /// Who assigned it (XCN.9).
    pub assigner: Option<Assigner>,
    /// Their name.
    pub name: Option<Name>,
}

impl Practitioner {
    pub(crate) fn read(repetition: Repetition<'_>) -> Option<Self> {
        let name = Name {
            family: part(repetition, 2, 1).map(Personal::new),
            given: personal(repetition, 3),
            further: personal(repetition, 4),
            suffix: personal(repetition, 5),
            prefix: personal(repetition, 6),
            kind: whole(repetition, 10).map_or(NameKind::Unstated, NameKind::of),
        };
        let practitioner = Self {
            id: personal(repetition, 1),
            assigner: Assigner::read(repetition, 9),
            name: (name.family.is_some() || name.given.is_some()).then_some(name),
        };
        (practitioner.id.is_some() || practitioner.name.is_some()).then_some(practitioner)
    }
}

/// An organisation (XON, v2.5.1 §2.A.88).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its name (XON.1).
    pub name: Option<Personal<String>>,
    /// Its code (XON.10, before v2.7 XON.3): in the UK the ODS code of a practice.
    pub code: Option<Personal<String>>,
}

impl Organisation {
    pub(crate) fn read(repetition: Repetition<'_>) -> Option<Self> {
        let organisation = Self {
            name: personal(repetition, 1),
            code: personal(repetition, 10).or_else(|| personal(repetition, 3)),
        };
        (organisation.name.is_some() || organisation.code.is_some()).then_some(organisation)
    }
}
