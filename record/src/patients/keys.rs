//! What patients are found by in the database: keyed hashes (HMAC-SHA-256 under a key of its own, derived from the key-encryption
//! key), which tell nothing without that key but that two patients share something. `SECURITY.md` says what that gives
//! away. A search checks each match against what is sealed, so 64 bits are enough.

use std::collections::BTreeSet;

use baton_core::nhs_number::NhsNumber;
use baton_core::op::list::Source;
use baton_core::patient::Patient;

use super::decide::NumberKey;
use super::stay;
use crate::keys::KeyEncryption;

/// Whose a service's number is.
pub(super) fn number(keys: &KeyEncryption, number: &NumberKey) -> [u8; 32] {
    keys.derive_patient("number", &[&number.assigner, &number.value])
}

/// Who has an NHS number, or had it.
pub(super) fn nhs(keys: &KeyEncryption, number: NhsNumber) -> i64 {
    short(keys, "nhs", &[&number.digits()])
}

/// All that a patient is found by.
pub(super) fn of(keys: &KeyEncryption, patient: &Patient) -> BTreeSet<i64> {
    let current = patient.nhs.map(|nhs| nhs.number);
    let mut found: BTreeSet<i64> = patient
        .superseded
        .iter()
        .copied()
        .chain(current)
        .map(|number| nhs(keys, number))
        .collect();
    found.extend(
        patient
            .identifiers
            .iter()
            .map(|identifier| value(keys, identifier.value.as_str())),
    );
    found
}

/// Who has a number of some service, whichever.
pub(super) fn value(keys: &KeyEncryption, value: &str) -> i64 {
    let plain: String = value
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    short(keys, "value", &[&plain])
}

/// The automatic list on which a patient belongs.
pub(super) fn source(keys: &KeyEncryption, source: &Source) -> [u8; 32] {
    let plain = |text: &str| {
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    };
    match source {
        Source::Consultant(name) => keys.derive_patient("consultant", &[&plain(name)]),
        Source::Practice(ods) => keys.derive_patient("practice", &[&plain(ods)]),
        Source::Ward { facility, ward } => keys.derive_patient("ward", &[&plain(facility), &plain(ward)]),
    }
}

/// The automatic lists on which a patient belongs: those of where they are in care now. Who was merged away belongs on none.
pub(super) fn sources(keys: &KeyEncryption, patient: &Patient) -> BTreeSet<[u8; 32]> {
    let visit = patient
        .visit
        .as_ref()
        .filter(|visit| stay::goes_on(visit.status) && patient.merged_into.is_none());
    let Some(visit) = visit else {
        return BTreeSet::new();
    };
    let mut found = BTreeSet::new();
    let mut add = |of: Source| {
        found.insert(source(keys, &of));
    };
    if let Some(place) = visit.place.as_ref().filter(|place| !place.ward.trim().is_empty()) {
        for facility in [place.facility.clone(), String::new()] {
            let ward = place.ward.clone();
            add(Source::Ward { facility, ward });
        }
    }
    if let Some(consultant) = &visit.consultant {
        add(Source::Consultant(consultant.as_str().to_owned()));
    }
    if let Some(practice) = &patient.gp {
        add(Source::Practice(practice.ods.clone()));
    }
    found
}

fn short(keys: &KeyEncryption, kind: &str, parts: &[&str]) -> i64 {
    let key = keys.derive_patient(kind, parts);
    key.first_chunk::<8>()
        .map_or(0, |first| i64::from_be_bytes(*first))
}
