//! Patients whose names are alike, so that one may be taken for another.
//!
//! Two patients have
//! - the **same family name** when their family names are the same without case, accents, apostrophes, hyphens and spaces, or share a
//!   part (`Smith-Jones`, `Jones`) that is more than a particle (`van`, `de`, `bin`);
//! - **similar names** when
//!   1. their family names are the same (as above), sound the same, or become the same when one letter is left out of either (names
//!      of five letters or more: `Marten`, `Martin`, `Matrin`), **and** their given or preferred names begin with the same letter,
//!      share a part, or sound the same; with the very same family name also when one letter is left out of a given name;
//!   2. the family name of one is the given name of the other, and the other way round (`James Thomas`, `Thomas James`);
//!   3. they were born on the same day, and have family names as in 1, or the same given name by letters or sound.
//!
//! Each way to be alike is a key that both have, so that a list is sorted by keys rather than compared pair by pair: 2,000 patients
//! have some 150,000 keys, and would be 2,000,000 pairs.

use super::Patient;
use super::phonetic::phonetic;
use super::token::{Word, words};
use crate::id::PatientId;
use crate::ordered::SortedMap;
use crate::ordered::sort;

/// How much alike two patients' names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// They share a family name, or a part of it.
    SameFamily,
    /// Family and given names are alike, or a birth date goes with names of which one is.
    Similar,
}

impl Likeness {
    /// What is shown beside the name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SameFamily => "Same family name",
            Self::Similar => "Similar name",
        }
    }

    /// Whether choosing one of the two asks again. A family name alone does not, since a question that always comes is not read.
    pub const fn asks_again(self) -> bool {
        match self {
            Self::SameFamily => false,
            Self::Similar => true,
        }
    }
}

/// Which of some patients have names like others'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Similar(SortedMap<PatientId, Likeness>);

impl Similar {
    /// Compares all with all: of a list, or of what was found. One who was merged into another counts as that other.
    pub fn among<'a>(patients: impl IntoIterator<Item = &'a Patient>) -> Self {
        let mut people: Vec<(PatientId, PatientId)> = Vec::new();
        let mut keys: Vec<Key> = Vec::new();
        for (patient, number) in patients.into_iter().zip(0_u32..) {
            people.push((patient.id, person(patient)));
            push_keys(patient, number, &mut keys);
        }
        sort(&mut keys);
        let of = |number: u32| {
            usize::try_from(number)
                .ok()
                .and_then(|at| people.get(at))
                .copied()
        };
        let mut alike: SortedMap<PatientId, Likeness> = SortedMap::new();
        for same in keys.chunk_by(|one, other| one.0 == other.0) {
            let with_key = || {
                same.iter()
                    .filter_map(|(_, likeness, number)| Some((*likeness, of(*number)?)))
            };
            let first = with_key().next().map(|(_, (_, person))| person);
            if with_key().all(|(_, (_, person))| Some(person) == first) {
                continue;
            }
            for (likeness, (id, _)) in with_key() {
                let known = alike.or_insert_with(id, || likeness);
                *known = likeness.max(*known);
            }
        }
        Self(alike)
    }

    /// How much the most similar other one is like this patient; `None` when nobody is.
    pub fn of(&self, patient: PatientId) -> Option<Likeness> {
        self.0.get(&patient).copied()
    }
}

/// How much alike two patients' names are; `None` when they are not, and of one and the same patient. Which others a patient is like:
/// this with each of them.
pub fn likeness(one: &Patient, other: &Patient) -> Option<Likeness> {
    Similar::among([one, other]).of(one.id)
}

fn person(patient: &Patient) -> PatientId {
    patient.merged_into.unwrap_or(patient.id)
}

/// A way to be like another, as a hash; how much that is; whose.
type Key = (u64, Likeness, u32);

fn push_keys(patient: &Patient, number: u32, keys: &mut Vec<Key>) {
    let name = patient.name.expose();
    let family = Family::of(&name.family);
    let preferred = patient.preferred.as_ref().map_or("", |name| name.as_str());
    let given = Given::of(&name.given, preferred);
    let born = patient.born.as_ref().and_then(|born| born.expose().day());
    let same = family.same.iter();
    keys.extend(same.map(|key| (*key, Likeness::SameFamily, number)));
    let mut similar = |key: u64| keys.push((key, Likeness::Similar, number));
    for one in &family.same {
        let exact = given.slips.iter().copied();
        given
            .all()
            .chain(exact)
            .for_each(|other| similar(pair(*one, other)));
    }
    for one in &family.sounds {
        given.all().for_each(|other| similar(pair(*one, other)));
    }
    for one in &family.slips {
        given
            .initials
            .iter()
            .for_each(|other| similar(pair(*one, *other)));
    }
    if let (Some(family), Some(whole)) = (family.whole, given.whole) {
        for given in [Some(whole), given.first].into_iter().flatten() {
            // The same for both orders.
            similar(pair(tag(b'x'), family.wrapping_add(given)));
        }
    }
    if let Some(born) = born {
        let day = hash(b'b', &born.days().to_string());
        let names = family.same.iter().chain(&family.sounds).chain(&family.slips);
        let names = names.chain(&given.whole_key).chain(&given.sounds);
        names.for_each(|name| similar(pair(day, *name)));
    }
}

struct Family {
    /// The whole name as it is hashed for both orders of names.
    whole: Option<u64>,
    /// The whole name and its parts.
    same: Vec<u64>,
    sounds: Vec<u64>,
    /// The whole name with a letter left out.
    slips: Vec<u64>,
}

impl Family {
    fn of(name: &str) -> Self {
        let parts = words(name);
        let whole: String = parts.iter().map(|word| word.text.as_str()).collect();
        let mut texts = vec![whole.as_str()];
        let counts = |word: &&Word| word.is_hyphenated || !PARTICLES.contains(&word.text.as_str());
        if parts.len() > 1 {
            texts.extend(parts.iter().filter(counts).map(|word| word.text.as_str()));
        }
        texts.retain(|text| !text.is_empty());
        Self {
            whole: (!whole.is_empty()).then(|| hash(b'n', &whole)),
            same: texts.iter().map(|text| hash(b'f', text)).collect(),
            sounds: texts.iter().flat_map(|text| sounds(b's', text)).collect(),
            slips: slips(b'd', &whole),
        }
    }
}

struct Given {
    whole: Option<u64>,
    first: Option<u64>,
    /// The whole name, among the keys of a birth date.
    whole_key: Option<u64>,
    initials: Vec<u64>,
    parts: Vec<u64>,
    sounds: Vec<u64>,
    slips: Vec<u64>,
}

impl Given {
    fn of(name: &str, preferred: &str) -> Self {
        let given = words(name);
        let preferred = words(preferred);
        let whole: String = given.iter().map(|word| word.text.as_str()).collect();
        let first = given.first().map(|word| word.text.as_str());
        let called = preferred.first().map(|word| word.text.as_str());
        let called = first.into_iter().chain(called);
        let initials = called.clone().filter_map(|name| name.chars().next());
        Self {
            whole: (!whole.is_empty()).then(|| hash(b'n', &whole)),
            first: first.map(|name| hash(b'n', name)),
            whole_key: (!whole.is_empty()).then(|| hash(b'w', &whole)),
            initials: initials
                .map(|initial| hash(b'i', initial.encode_utf8(&mut [0; 4])))
                .collect(),
            parts: given
                .iter()
                .chain(&preferred)
                .map(|word| hash(b'g', &word.text))
                .collect(),
            sounds: called.clone().flat_map(|name| sounds(b'h', name)).collect(),
            slips: called.flat_map(|name| slips(b'e', name)).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = u64> {
        self.initials
            .iter()
            .chain(&self.parts)
            .chain(&self.sounds)
            .copied()
    }
}

fn sounds(tag: u8, word: &str) -> impl Iterator<Item = u64> {
    phonetic(word)
        .into_iter()
        .map(move |sound| hash(tag, &sound.digits()))
}

/// The word, and the word with each of its letters left out: two that differ by one letter have one of these in common.
fn slips(tag: u8, word: &str) -> Vec<u64> {
    if word.chars().count() < SHORTEST_SLIP {
        return Vec::new();
    }
    let mut slips = vec![hash(tag, word)];
    let mut shorter = String::with_capacity(word.len());
    for (at, letter) in word.char_indices() {
        shorter.clear();
        shorter.push_str(word.get(..at).unwrap_or_default());
        shorter.push_str(word.get(at + letter.len_utf8()..).unwrap_or_default());
        slips.push(hash(tag, &shorter));
    }
    slips
}

fn tag(tag: u8) -> u64 {
    hash(tag, "")
}

/// FNV-1a, 64 bits: two of 150,000 keys are the same by chance once in a thousand million lists.
fn hash(tag: u8, text: &str) -> u64 {
    std::iter::once(tag)
        .chain(text.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// Two keys as one; the order matters. The finaliser of `MurmurHash3`.
fn pair(one: u64, other: u64) -> u64 {
    let mut mixed = one.rotate_left(25) ^ other;
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

/// Parts of a family name that many share who are not alike.
const PARTICLES: [&str; 30] = [
    "abd", "abu", "al", "ap", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos",
    "du", "el", "ibn", "la", "le", "mac", "mc", "o", "st", "te", "ten", "ter", "van", "von", "y",
];

/// A letter may be left out of names of so many letters or more.
const SHORTEST_SLIP: usize = 5;

#[cfg(test)]
mod tests;
