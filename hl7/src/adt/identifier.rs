//! Identifiers of patients, accounts and visits (CX, v2.5.1 §2.A.14; CK and CM of v2.1 and v2.2 have the same places).

use super::read::{part, whole};
use crate::field::Repetition;
use crate::personal::Personal;

/// An identifier and who assigned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// CX.1: the identifier, as it was sent.
    pub value: Personal<String>,
    /// CX.4: the assigning authority; `None` if not said. With two assigners the same value is two patients.
    pub assigner: Option<Assigner>,
    /// CX.5: what kind of identifier it is (table 0203: `MR`, `PI`, `NH`, `NI`, `AN`, `VN`); `None` if not said.
    pub kind: Option<String>,
    /// Where it stood.
    pub source: Source,
}

/// An assigning authority (HD, v2.5.1 §2.A.33): a name, an identifier of its own such as an OID, or both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assigner {
    /// HD.1: a name that the sites have agreed on; in the UK the ODS code of the organisation, or `NHS`.
    pub namespace: Option<String>,
    /// HD.2: the universal identifier.
    pub universal: Option<String>,
    /// HD.3: its kind (table 0301): `ISO` is an OID.
    pub universal_kind: Option<String>,
}

/// The field that an identifier stood in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Segment.
    pub segment: &'static str,
    /// Field.
    pub field: u16,
}

impl Identifier {
    /// Whether the sender says that this is an NHS number: the assigner is `NHS` or has its OID, or the kind is `NH` or
    /// `NHS` (HL7 UK A.3, ITK HL7 V2 ADT 1.1). Whether the number is one (ten digits, check digit) is not looked at.
    ///
    /// PID-19 has no assigner. Whether a site sends NHS numbers there is to be agreed with it: see [`Source`].
    pub fn is_nhs_number(&self) -> bool {
        let of_the_nhs = self.assigner.as_ref().is_some_and(|assigner| {
            let named = assigner
                .namespace
                .as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case("NHS"));
            named
                || [&assigner.universal, &assigner.namespace]
                    .into_iter()
                    .any(|id| id.as_deref() == Some(NHS_NUMBER))
        });
        let of_the_kind = matches!(self.kind.as_deref(), Some("NH" | "NHS"));
        of_the_nhs || of_the_kind
    }

    /// The identifier without the spaces and hyphens that people read it by.
    pub fn compact(&self) -> Personal<String> {
        let value = self.value.as_str().chars();
        Personal::new(value.filter(|c| !c.is_whitespace() && *c != '-').collect())
    }

    pub(crate) fn read(repetition: Repetition<'_>, segment: &'static str, field: u16) -> Option<Self> {
        Some(Self {
            value: Personal::new(whole(repetition, 1)?),
            assigner: Assigner::read(repetition, 4),
            kind: whole(repetition, 5),
            source: Source { segment, field },
        })
    }
}

impl Assigner {
    pub(crate) fn read(repetition: Repetition<'_>, number: usize) -> Option<Self> {
        let assigner = Self {
            namespace: part(repetition, number, 1),
            universal: part(repetition, number, 2),
            universal_kind: part(repetition, number, 3),
        };
        (assigner.namespace.is_some() || assigner.universal.is_some()).then_some(assigner)
    }

    /// A field of type HD, where its parts are components (MSH-3 to MSH-6).
    pub(crate) fn read_field(repetition: Repetition<'_>) -> Option<Self> {
        let assigner = Self {
            namespace: whole(repetition, 1),
            universal: whole(repetition, 2),
            universal_kind: whole(repetition, 3),
        };
        (assigner.namespace.is_some() || assigner.universal.is_some()).then_some(assigner)
    }
}

/// The OID of the NHS number in England, Wales and the Isle of Man.
const NHS_NUMBER: &str = "2.16.840.1.113883.2.1.4.1";
