//! Finding patients among those that are held: on a device with no network, and in the record among those that its blind index
//! gives. Both rank by this, so both show the same order.
//!
//! Every term of the query must hold. First come those with exactly the number that was typed; then, with a birth date typed or not,
//! those with the names whole, those whose names begin so, and those whose names sound so.

use super::phonetic::{Sound, phonetic};
use super::postcode::Postcode;
use super::query::{PatientQuery, Sense};
use super::token::{NamePart, NameToken, name_tokens, normalise_number};
use super::{Identifier, Patient};
use crate::date::PartialDate;
use crate::nhs_number::NhsNumber;

/// A patient who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatientHit<'a> {
    /// Who.
    pub patient: &'a Patient,
    /// How well they match.
    pub rank: Rank,
}

/// How well a patient matches: the least is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Was one with another and lives on there: after those who stand for themselves.
    is_merged: bool,
    has_no_number: bool,
    /// The worst of the matches.
    worst: u16,
    /// All of them together.
    sum: u16,
    is_by_superseded_number: bool,
}

impl Rank {
    /// Whether a name that was typed is not so written but only sounds so: to be shown apart.
    pub const fn is_by_sound(&self) -> bool {
        self.worst >= BY_SOUND
    }

    /// Whether they were found by an NHS number that is no longer theirs, which has to be said where they are shown.
    pub const fn is_by_superseded_number(&self) -> bool {
        self.is_by_superseded_number
    }
}

/// Patients who were found, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundHere<'a> {
    /// Who.
    pub hits: Vec<PatientHit<'a>>,
    /// True when more match than are told.
    pub has_more: bool,
}

impl PatientQuery {
    /// How well a patient matches; `None` when a term does not hold.
    pub fn rank(&self, patient: &Patient) -> Option<Rank> {
        Sought::of(self).rank(patient)
    }

    /// The best of some patients, at most `limit`, in an order that does not depend on theirs.
    pub fn find<'a>(&self, patients: impl IntoIterator<Item = &'a Patient>, limit: usize) -> FoundHere<'a> {
        let sought = Sought::of(self);
        let mut found = FoundHere::default();
        let mut order = Vec::new();
        for patient in patients {
            let Some(rank) = sought.rank(patient) else {
                continue;
            };
            let born = patient.born.as_ref().map(|born| *born.expose());
            let key = (rank, patient.shown_name(), born, patient.id);
            let Err(place) = order.binary_search(&key) else {
                continue;
            };
            if place < limit {
                order.insert(place, key);
                found.hits.insert(place, PatientHit { patient, rank });
            }
            found.has_more |= place >= limit || order.len() > limit;
            order.truncate(limit);
            found.hits.truncate(limit);
        }
        found
    }
}

/// A query with what its names sound like.
struct Sought<'q>(Vec<Vec<(&'q Sense, Vec<Sound>)>>);

impl<'q> Sought<'q> {
    fn of(query: &'q PatientQuery) -> Self {
        let with_sounds = |sense: &'q Sense| match sense {
            Sense::Name(name) if name.as_str().len() >= SHORTEST_HEARD => (sense, phonetic(name.as_str())),
            Sense::Born(_)
            | Sense::BornInMonth(_)
            | Sense::Name(_)
            | Sense::Nhs(_)
            | Sense::Number(_)
            | Sense::Postcode(_) => (sense, Vec::new()),
        };
        let terms = query.terms.iter();
        Self(
            terms
                .map(|term| term.senses.iter().map(with_sounds).collect())
                .collect(),
        )
    }

    fn rank(&self, patient: &Patient) -> Option<Rank> {
        if self.0.is_empty() {
            return None;
        }
        let mut candidate = Candidate {
            patient,
            tokens: None,
        };
        let mut rank = Rank {
            is_merged: patient.merged_into.is_some(),
            has_no_number: true,
            worst: 0,
            sum: 0,
            is_by_superseded_number: false,
        };
        for senses in &self.0 {
            let mut best: Option<(u16, Match)> = None;
            let mut may_be_born = false;
            for (sense, sounds) in senses {
                let found = candidate.matches(sense, sounds);
                may_be_born |= matches!(sense, Sense::Born(_));
                if let Some(found) = found {
                    let found = (found.cost(may_be_born), found);
                    if best.is_none_or(|best| found.0 < best.0) {
                        best = Some(found);
                    }
                }
            }
            let (cost, found) = best?;
            rank.has_no_number &= cost > 0 || !matches!(found, Match::Number);
            rank.is_by_superseded_number |= found == Match::Superseded;
            rank.worst = rank.worst.max(cost);
            rank.sum = rank.sum.saturating_add(cost);
        }
        Some(rank)
    }
}

/// In what way a sense holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Number,
    Superseded,
    Born,
    /// What is known of the birth date does not speak against it.
    MayBeBorn,
    Postcode,
    Whole(NamePart),
    Begins(NamePart),
    Sounds(NamePart),
}

impl Match {
    /// A number that is written like a date is the likelier one only where nobody was born then.
    const fn cost(self, may_be_born: bool) -> u16 {
        match self {
            Self::Number if may_be_born => 3,
            Self::Number | Self::Born | Self::Postcode => 0,
            Self::Superseded => 1,
            Self::MayBeBorn => 8,
            Self::Whole(part) => aside(part),
            Self::Begins(part) => 4 + aside(part),
            Self::Sounds(part) => BY_SOUND + aside(part),
        }
    }
}

const fn aside(part: NamePart) -> u16 {
    match part {
        NamePart::Family => 0,
        NamePart::Given => 1,
        NamePart::Preferred => 2,
    }
}

struct Candidate<'a> {
    patient: &'a Patient,
    tokens: Option<Vec<NameToken>>,
}

impl Candidate<'_> {
    fn matches(&mut self, sense: &Sense, sounds: &[Sound]) -> Option<Match> {
        match sense {
            Sense::Born(typed) => {
                let born = self.patient.born.as_ref()?;
                of_birth(*typed.expose(), *born.expose())
            }
            Sense::BornInMonth(month) => {
                let born = self.patient.born.as_ref()?;
                month_of_birth(*month.expose(), *born.expose())
            }
            Sense::Name(name) => self.named(name.as_str(), sounds),
            Sense::Nhs(number) => self.nhs(*number),
            Sense::Number(number) => self.number(number.as_str()).then_some(Match::Number),
            Sense::Postcode(postcode) => self.lives_in(postcode).then_some(Match::Postcode),
        }
    }

    fn nhs(&self, number: NhsNumber) -> Option<Match> {
        if self.patient.nhs.is_some_and(|nhs| nhs.number == number) {
            Some(Match::Number)
        } else {
            self.patient
                .superseded
                .contains(&number)
                .then_some(Match::Superseded)
        }
    }

    fn number(&self, number: &str) -> bool {
        let is_it = |identifier: &Identifier| normalise_number(identifier.value.as_str()) == number;
        self.patient.identifiers.iter().any(is_it)
    }

    /// A restricted patient is not found by where they live.
    fn lives_in(&self, postcode: &Postcode) -> bool {
        let addresses = self.patient.addresses.iter().filter(|_| !self.patient.restricted);
        let mut postcodes = addresses.filter_map(|address| Postcode::parse(address.postcode.as_str()));
        postcodes.any(|other| postcode.includes(&other))
    }

    fn named(&mut self, name: &str, sounds: &[Sound]) -> Option<Match> {
        let patient = self.patient;
        let tokens = self.tokens.get_or_insert_with(|| name_tokens(patient));
        let written = tokens.iter().filter_map(|token| {
            let text = token.text.as_str();
            if text == name {
                Some(Match::Whole(token.part))
            } else {
                text.starts_with(name).then_some(Match::Begins(token.part))
            }
        });
        written.min_by_key(|found| found.cost(false)).or_else(|| {
            let heard = |token: &&NameToken| {
                let text = token.text.as_str();
                text.len() >= SHORTEST_HEARD && phonetic(text).iter().any(|sound| sounds.contains(sound))
            };
            let token = tokens.iter().filter(|_| !sounds.is_empty()).find(heard)?;
            Some(Match::Sounds(token.part))
        })
    }
}

/// Whether a birth is when was typed, as far as both are known.
fn of_birth(typed: PartialDate, born: PartialDate) -> Option<Match> {
    let is_same = match (typed, born) {
        (PartialDate::Day(typed) | PartialDate::Minute(typed, _), _) => match born {
            PartialDate::Day(born) | PartialDate::Minute(born, _) => born == typed,
            PartialDate::Month(year, month) => {
                return ((year, month) == (typed.year(), typed.month())).then_some(Match::MayBeBorn);
            }
            PartialDate::Year(year) => return (year == typed.year()).then_some(Match::MayBeBorn),
        },
        (PartialDate::Month(year, month), _) => {
            if born.year() != year {
                return None;
            }
            return month_of_birth(month, born);
        }
        (PartialDate::Year(year), _) => born.year() == year,
    };
    is_same.then_some(Match::Born)
}

fn month_of_birth(typed: u8, born: PartialDate) -> Option<Match> {
    match born {
        PartialDate::Year(_) => Some(Match::MayBeBorn),
        PartialDate::Month(_, month) => (month == typed).then_some(Match::Born),
        PartialDate::Day(day) | PartialDate::Minute(day, _) => (day.month() == typed).then_some(Match::Born),
    }
}

const BY_SOUND: u16 = 16;

/// Shorter names are not compared by their sound.
const SHORTEST_HEARD: usize = 3;

#[cfg(test)]
mod tests;
