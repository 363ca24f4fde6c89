//! Finding patients by what was typed. The database gives candidates by keyed hashes, of which it knows nothing else; they are
//! opened here, checked and ranked by the same rules that a device uses for what it holds ([`PatientQuery`]).

use std::collections::{BTreeMap, BTreeSet};

use baton_core::date::{Date, PartialDate};
use baton_core::id::{PatientId, UserId};
use baton_core::patient::Patient;
use baton_core::patient::find::Rank;
use baton_core::patient::query::{PatientQuery, Sense, Term};
use sqlx::{Connection, PgConnection};

use super::keys::{self, PREFIXES, Year};
use crate::context::Context;
use crate::keys::KeyEncryption;
use crate::log::LogError;

pub(super) mod row;

use row::Candidate;

/// Patients that were found, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Who, as they are shown.
    pub patients: Vec<Patient>,
    /// True when more match than are told, or may match: more has to be typed.
    pub has_more: bool,
}

/// Whom a search may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Everybody.
    All,
    /// Only patients of whom a space speaks that this person belongs to.
    SpacesOf(UserId),
}

/// Finds patients, at most `limit`. Who was merged away is found as the one who stands for them; who was said not to be a
/// patient is not found.
pub async fn find(
    cx: &Context,
    conn: &mut PgConnection,
    query: &PatientQuery,
    among: Among,
    limit: usize,
) -> Result<Found, LogError> {
    let mut ranked: BTreeMap<PatientId, (Rank, Patient)> = BTreeMap::new();
    let mut has_more = false;
    for plan in Plan::of(cx, query) {
        if plan.conditions.is_empty() {
            // Nothing that was typed narrows it down.
            has_more = !query.terms.is_empty();
            break;
        }
        let candidates = candidates(conn, &plan, among).await?;
        has_more = candidates.len() >= CANDIDATES;
        take(cx, conn, query, candidates, among, &mut ranked).await?;
        if ranked.len() >= limit {
            // The exact ones are enough; those that only begin or sound like it come after them.
            has_more |= plan.is_exact;
            break;
        }
    }
    let mut ranked: Vec<(Rank, Patient)> = ranked.into_values().collect();
    ranked.sort_by(|(one_rank, one), (other_rank, other)| {
        let order = |patient: &Patient| {
            let name = patient.name.expose();
            (name.family.to_lowercase(), name.given.to_lowercase(), patient.id)
        };
        one_rank
            .cmp(other_rank)
            .then_with(|| order(one).cmp(&order(other)))
    });
    has_more |= ranked.len() > limit;
    ranked.truncate(limit);
    Ok(Found {
        patients: ranked.into_iter().map(|(_, patient)| patient).collect(),
        has_more,
    })
}

async fn candidates(
    conn: &mut PgConnection,
    plan: &Plan,
    among: Among,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let limit = i64::try_from(CANDIDATES).unwrap_or(i64::MAX);
    if plan.is_narrow {
        return row::candidates(conn, &plan.conditions, among, limit).await;
    }
    // PostgreSQL takes so many keys for a reason to read the whole table.
    let mut transaction = conn.begin().await?;
    sqlx::query("SET LOCAL enable_seqscan = off")
        .execute(&mut *transaction)
        .await?;
    let found = row::candidates(&mut transaction, &plan.conditions, among, limit).await?;
    transaction.commit().await?;
    Ok(found)
}

async fn take(
    cx: &Context,
    conn: &mut PgConnection,
    query: &PatientQuery,
    candidates: Vec<Candidate>,
    among: Among,
    ranked: &mut BTreeMap<PatientId, (Rank, Patient)>,
) -> Result<(), LogError> {
    let mut merged: Vec<(PatientId, Rank)> = Vec::new();
    for candidate in candidates {
        let patient = super::row::open(&cx.keys, candidate.id, candidate.version, &candidate.sealed)?;
        let Some(rank) = query.rank(&patient) else {
            continue;
        };
        if patient.merged_into.is_some() {
            merged.push((patient.id, rank));
        } else {
            keep(ranked, rank, patient);
        }
    }
    if merged.is_empty() {
        return Ok(());
    }
    for (id, rank) in merged {
        let Some(patient) = row::stands_for(cx, conn, id).await? else {
            continue;
        };
        if row::may_find(conn, among, patient.id).await? {
            keep(ranked, rank, patient);
        }
    }
    Ok(())
}

fn keep(ranked: &mut BTreeMap<PatientId, (Rank, Patient)>, rank: Rank, patient: Patient) {
    let id = patient.id;
    let best = ranked.get(&id).map_or(rank, |(known, _)| rank.min(*known));
    ranked.insert(id, (best, patient));
}

/// What the database is asked: patients who have a key of each condition.
struct Plan {
    conditions: Vec<Vec<i64>>,
    /// No more than some dozens can match.
    is_narrow: bool,
    /// Names as they were typed, whole.
    is_exact: bool,
}

impl Plan {
    /// At first those whose names are just what was typed, since of those that only begin like it there may be too many to
    /// look at; but at once all, where a number, a day of birth or a postcode leaves few.
    fn of(cx: &Context, query: &PatientQuery) -> Vec<Self> {
        let years = years(query, today(cx).year());
        let is_narrow = query.terms.iter().any(is_narrow);
        let plan = |is_exact| {
            let conditions = query
                .terms
                .iter()
                .filter_map(|term| condition(&cx.keys, term, &years, is_exact))
                .collect();
            Self {
                conditions,
                is_narrow,
                is_exact,
            }
        };
        if is_narrow {
            vec![plan(false)]
        } else {
            vec![plan(true), plan(false)]
        }
    }
}

/// The years of birth that what was typed leaves to names. Whoever has a number that may be meant by all that was typed (`SMI
/// 03/02/1950` is one, too) is found by it alone, whatever the year.
fn years(query: &PatientQuery, now: u16) -> Vec<Year> {
    let is_of_all = |sense: &Sense| {
        let is_number = matches!(sense, Sense::Nhs(_) | Sense::Number(_));
        is_number && query.terms.iter().all(|term| term.senses.contains(sense))
    };
    let mut left: Option<BTreeSet<Year>> = None;
    for term in &query.terms {
        let of_term: Option<BTreeSet<Year>> = term
            .senses
            .iter()
            .filter(|sense| !is_of_all(sense))
            .map(|sense| match sense {
                Sense::Born(born) => Some(Year::from(born.expose().year())),
                Sense::BornInMonth(_)
                | Sense::Name(_)
                | Sense::Nhs(_)
                | Sense::Number(_)
                | Sense::Postcode(_) => None,
            })
            .collect();
        if let Some(years) = of_term.filter(|years| !years.is_empty()) {
            left = Some(match left {
                Some(left) => left.intersection(&years).copied().collect(),
                None => years,
            });
        }
    }
    left.map_or_else(|| Year::all(now).collect(), |left| left.into_iter().collect())
}

fn is_narrow(term: &Term) -> bool {
    term.senses.iter().all(|sense| match sense {
        Sense::Born(born) => born.expose().day().is_some(),
        Sense::Nhs(_) | Sense::Number(_) => true,
        Sense::Postcode(postcode) => postcode.whole().is_some(),
        Sense::BornInMonth(_) | Sense::Name(_) => false,
    })
}

/// Keys of which a patient has one if the term holds; `None` when it cannot be told by keys.
fn condition(keys: &KeyEncryption, term: &Term, years: &[Year], is_exact: bool) -> Option<Vec<i64>> {
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for sense in &term.senses {
        match sense {
            Sense::Born(born) => {
                // Of some only the month or the year is known: those may be them.
                let day = born.expose().day()?;
                found.extend([
                    keys::born(keys, PartialDate::Day(day)),
                    keys::born(keys, PartialDate::Month(day.year(), day.month())),
                    keys::born(keys, PartialDate::Year(day.year())),
                ]);
            }
            Sense::BornInMonth(_) => return None,
            Sense::Name(text) => found.extend(of_name(keys, text.as_str(), years, is_exact)?),
            Sense::Nhs(number) => {
                found.insert(keys::nhs(keys, *number));
            }
            Sense::Number(number) => {
                found.insert(keys::value(keys, number.as_str()));
            }
            Sense::Postcode(postcode) => match keys::whole(keys, postcode) {
                Some(key) => {
                    found.insert(key);
                }
                None => found.extend(years.iter().map(|year| keys::outward(keys, postcode, *year))),
            },
        }
    }
    Some(found.into_iter().collect())
}

fn of_name(keys: &KeyEncryption, text: &str, years: &[Year], is_exact: bool) -> Option<Vec<i64>> {
    if is_exact {
        return Some(years.iter().map(|year| keys::name(keys, text, *year)).collect());
    }
    let length = text.chars().count();
    let longest = PREFIXES.iter().copied().filter(|known| *known <= length).max()?;
    let sounds = keys::heard(text);
    let found = years.iter().flat_map(|year| {
        let sounds = sounds.iter().map(|sound| keys::sounds(keys, *sound, *year));
        keys::prefix(keys, text, longest, *year).into_iter().chain(sounds)
    });
    Some(found.collect())
}

/// The day, of which the night's hour between London's and Greenwich's makes no difference to anybody's age in years.
pub fn today(cx: &Context) -> Date {
    let days = i32::try_from(cx.now().millis() / MILLIS_OF_DAY).unwrap_or(0);
    Date::from_days(days).unwrap_or_else(|| Date::new(1970, 1, 1).expect("it is a day"))
}

/// Candidates that are opened in one search: some milliseconds of work.
const CANDIDATES: usize = 400;

const MILLIS_OF_DAY: u64 = 24 * 60 * 60 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn years_of(typed: &str) -> Vec<Year> {
        let today = Date::new(2026, 11, 26).unwrap();
        years(&PatientQuery::parse(typed, today), today.year())
    }

    #[test]
    fn a_day_of_birth_leaves_one_year_to_names() {
        for typed in [
            "smithson 3/2/1950",
            "smi 3/2/1950",
            "smi 1950-02-03",
            "3 feb 1950 smi",
        ] {
            assert_eq!(years_of(typed), [Year::from(1950)], "{typed}");
        }
    }

    #[test]
    fn what_may_be_a_number_instead_leaves_all_years() {
        let all = years_of("smithson");
        assert!(all.len() > 100);
        for typed in ["smithson 03021950", "smi 1234567"] {
            assert_eq!(years_of(typed), all, "{typed}");
        }
    }
}
