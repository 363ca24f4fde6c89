//! What patients are found by in the database: keyed hashes (HMAC-SHA-256 under a key of its own, derived from the key-encryption
//! key), which tell nothing without that key but that two patients share something. `SECURITY.md` says what that gives
//! away. A search checks each match against what is sealed, so 64 bits are enough.

use std::collections::BTreeSet;
use std::fmt;

use baton_core::date::PartialDate;
use baton_core::nhs_number::NhsNumber;
use baton_core::op::list::Source;
use baton_core::patient::phonetic::{Sound, phonetic};
use baton_core::patient::postcode::Postcode;
use baton_core::patient::{Patient, token};
use baton_core::secret::Personal;

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

/// All that a patient is found by. Of names and of the outward part of a postcode nothing is found without the year of birth, so
/// that a common name is many rare keys.
pub(super) fn of(keys: &KeyEncryption, patient: &Patient) -> BTreeSet<i64> {
    let year = Year::of(patient);
    let mut found = BTreeSet::new();
    let current = patient.nhs.map(|nhs| nhs.number);
    let numbers = patient.superseded.iter().copied().chain(current);
    found.extend(numbers.map(|number| nhs(keys, number)));
    found.extend(
        patient
            .identifiers
            .iter()
            .map(|identifier| value(keys, &token::normalise_number(identifier.value.as_str()))),
    );
    found.extend(patient.born.as_ref().map(|when| born(keys, *when.expose())));
    let texts: BTreeSet<_> = token::name_tokens(patient)
        .into_iter()
        .map(|token| token.text)
        .collect();
    for text in texts.iter().map(Personal::as_str).take(NAMES) {
        found.insert(name(keys, text, year));
        found.extend(
            PREFIXES
                .iter()
                .filter_map(|length| prefix(keys, text, *length, year)),
        );
        found.extend(heard(text).into_iter().map(|sound| sounds(keys, sound, year)));
    }
    for address in &patient.addresses {
        let Some(postcode) = Postcode::parse(address.postcode.as_str()) else {
            continue;
        };
        found.insert(outward(keys, &postcode, year));
        found.extend(whole(keys, &postcode));
    }
    found
}

/// Who has a number of some service, whichever; as [`token::normalise_number`] gives it.
pub(super) fn value(keys: &KeyEncryption, number: &str) -> i64 {
    short(keys, "value", &[number])
}

/// Who was born on a day; or of whom just this month or year is known.
pub(super) fn born(keys: &KeyEncryption, when: PartialDate) -> i64 {
    let known = when.day().map_or(when, PartialDate::Day);
    short(keys, "born", &[&known.to_string()])
}

/// Who has a name that is just this.
pub(super) fn name(keys: &KeyEncryption, text: &str, year: Year) -> i64 {
    short(keys, "name", &[text, &year.to_string()])
}

/// Who has a name that begins with the first so many letters of this; `None` of a shorter one.
pub(super) fn prefix(keys: &KeyEncryption, text: &str, length: usize, year: Year) -> Option<i64> {
    let start: String = text.chars().take(length).collect();
    (start.chars().count() == length).then(|| short(keys, "prefix", &[&start, &year.to_string()]))
}

/// What a name sounds like; nothing of one that is too short to be compared so.
pub(super) fn heard(text: &str) -> Vec<Sound> {
    if text.len() < SHORTEST_HEARD {
        return Vec::new();
    }
    phonetic(text)
}

/// Who has a name that sounds like this.
pub(super) fn sounds(keys: &KeyEncryption, sound: Sound, year: Year) -> i64 {
    short(keys, "sound", &[&sound.digits(), &year.to_string()])
}

/// Who lives in a postcode.
pub(super) fn whole(keys: &KeyEncryption, postcode: &Postcode) -> Option<i64> {
    Some(short(keys, "postcode", &[&postcode.whole()?]))
}

/// Who lives in the outward part of a postcode.
pub(super) fn outward(keys: &KeyEncryption, postcode: &Postcode, year: Year) -> i64 {
    short(keys, "outward", &[postcode.outward(), &year.to_string()])
}

/// Beginnings of names that are kept: a longer one that is typed is looked up by the longest of these.
pub(super) const PREFIXES: [usize; 4] = [2, 3, 4, 6];

/// As in [`baton_core::patient::find`].
const SHORTEST_HEARD: usize = 3;

/// Parts of one patient's names by which they are found.
const NAMES: usize = 12;

/// A year of birth, as names are kept with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Year {
    /// It is not known, or before [`FIRST_YEAR`].
    Other,
    /// It is this.
    Known(u16),
}

impl Year {
    fn of(patient: &Patient) -> Self {
        patient
            .born
            .as_ref()
            .map_or(Self::Other, |born| Self::from(born.expose().year()))
    }

    /// All in which somebody may be born.
    pub(super) fn all(now: u16) -> impl Iterator<Item = Self> {
        std::iter::once(Self::Other).chain((FIRST_YEAR..=now.saturating_add(1)).map(Self::Known))
    }
}

impl From<u16> for Year {
    fn from(year: u16) -> Self {
        if year < FIRST_YEAR {
            Self::Other
        } else {
            Self::Known(year)
        }
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(year) => write!(f, "{year}"),
            Self::Other => f.write_str("-"),
        }
    }
}

const FIRST_YEAR: u16 = 1900;

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
