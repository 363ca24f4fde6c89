//! Searching for patients: by number, by names and birth date.

use std::collections::BTreeSet;

use baton_core::date::PartialDate;
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::query::{PatientQuery, Sense, Term};
use baton_core::patient::{Identifier, Patient, token};
use baton_core::secret::Personal;
use sqlx::PgConnection;

use super::{Found, MOST, count, is_about_answer, malformed, too_wide, unknown};
use crate::fhir::act::Door;
use crate::fhir::datatype::NHS_NUMBER;
use crate::fhir::outcome::{Failure, Refusal};
use crate::fhir::patient::store;
use crate::fhir::request::Criteria;
use crate::fhir::systems::Systems;
use crate::patients::decide::NumberKey;
use crate::patients::search::{self, Among};
use crate::patients::whole::{self, Whole};

/// What has to hold; of several values of one parameter, any.
enum Wanted {
    Born(Vec<PartialDate>),
    Family(Vec<String>),
    Given(Vec<String>),
    Id(Vec<PatientId>),
    Name(Vec<String>),
    Number(Vec<Number>),
}

enum Number {
    Nhs(NhsNumber),
    Own(Identifier),
    /// Of whatever system.
    Value(String),
}

/// Finds patients.
pub async fn find(
    door: &Door<'_>,
    conn: &mut PgConnection,
    criteria: &Criteria,
    is_strict: bool,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut wanted = Vec::new();
    for (name, value) in &criteria.0 {
        if name == "_count" {
            found.count = Some(count(value)?);
        } else if let Some(read) = read(name, value, &door.config.systems)? {
            found.used.0.push((name.clone(), value.clone()));
            wanted.push(read);
        } else if !is_about_answer(name) {
            unknown(&mut found, is_strict)?;
        }
    }
    let ids = candidates(door, conn, &wanted).await?;
    let mut matching: Vec<Whole> = whole::read(door.cx, conn, &ids).await?;
    matching.retain(|whole| wanted.iter().all(|wanted| holds(wanted, &whole.held.shown)));
    if matching.len() > MOST {
        return Err(too_wide().into());
    }
    for whole in matching {
        let id = whole.held.shown.id;
        found.patients.push(id);
        found
            .resources
            .push((id.to_string(), store::resource(door, &whole)));
    }
    Ok(found)
}

/// Reads one parameter; `None` of one that is not known.
fn read(name: &str, value: &str, systems: &Systems) -> Result<Option<Wanted>, Refusal> {
    let values: Vec<&str> = value
        .split(',')
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .collect();
    if values.is_empty() {
        return Err(malformed("A search parameter has no value."));
    }
    let texts = || {
        values
            .iter()
            .map(|value| token::normalise(value))
            .filter(|text| !text.is_empty())
            .collect()
    };
    Ok(Some(match name {
        "_id" => Wanted::Id(values.iter().filter_map(|value| value.parse().ok()).collect()),
        "birthdate" => {
            let dates: Option<Vec<PartialDate>> = values
                .iter()
                .map(|value| value.strip_prefix("eq").unwrap_or(value).parse().ok())
                .collect();
            Wanted::Born(
                dates
                    .ok_or_else(|| malformed("birthdate is a date such as 1945-07-14, without a prefix."))?,
            )
        }
        "family" => Wanted::Family(texts()),
        "given" => Wanted::Given(texts()),
        "identifier" => {
            let numbers: Result<Vec<Number>, Refusal> =
                values.iter().map(|value| number(value, systems)).collect();
            Wanted::Number(numbers?)
        }
        "name" => Wanted::Name(texts()),
        _ => return Ok(None),
    }))
}

fn number(text: &str, systems: &Systems) -> Result<Number, Refusal> {
    let (system, value) = text
        .split_once('|')
        .map_or((None, text), |(system, value)| (Some(system), value));
    if value.is_empty() {
        return Err(too_wide());
    }
    match system {
        Some(NHS_NUMBER) => {
            let number = NhsNumber::parse(value);
            number
                .map(Number::Nhs)
                .map_err(|_| crate::fhir::conditional::not_nhs())
        }
        // Without a system: of none that is known as an address, and the value alone says whose it may be.
        None | Some("") => Ok(Number::Value(value.to_owned())),
        Some(system) => Ok(Number::Own(Identifier {
            assigner: systems.assigner(system).to_owned(),
            value: Personal::from(value),
        })),
    }
}

async fn candidates(
    door: &Door<'_>,
    conn: &mut PgConnection,
    wanted: &[Wanted],
) -> Result<Vec<PatientId>, Failure> {
    for one in wanted {
        if let Wanted::Id(ids) = one {
            return Ok(ids.clone());
        }
    }
    for one in wanted {
        if let Wanted::Number(numbers) = one {
            return by_numbers(door, conn, numbers).await;
        }
    }
    let terms: Vec<Term> = wanted.iter().filter_map(term).collect();
    if terms.is_empty() {
        return Err(too_wide().into());
    }
    let query = PatientQuery {
        terms,
        doubts: Vec::new(),
    };
    let found = search::find(door.cx, conn, &query, Among::All, CANDIDATES).await?;
    if found.has_more {
        return Err(too_wide().into());
    }
    Ok(found.patients.into_iter().map(|patient| patient.id).collect())
}

async fn by_numbers(
    door: &Door<'_>,
    conn: &mut PgConnection,
    numbers: &[Number],
) -> Result<Vec<PatientId>, Failure> {
    let mut ids = BTreeSet::new();
    for number in numbers {
        match number {
            Number::Nhs(nhs) => ids.extend(whole::with_nhs(door.cx, conn, *nhs).await?),
            // Whoever shows the number: its owner, and into whom they were merged.
            Number::Own(own) => ids.extend(whole::with_value(door.cx, conn, own.value.as_str()).await?),
            Number::Value(value) => {
                ids.extend(whole::with_value(door.cx, conn, value).await?);
                if let Ok(nhs) = NhsNumber::parse(value) {
                    ids.extend(whole::with_nhs(door.cx, conn, nhs).await?);
                }
            }
        }
    }
    Ok(ids.into_iter().collect())
}

fn term(wanted: &Wanted) -> Option<Term> {
    let senses: Vec<Sense> = match wanted {
        // Of a part of a date nobody can be found, only left out.
        Wanted::Born(dates) => {
            let days: Option<Vec<Sense>> = dates
                .iter()
                .map(|date| {
                    date.day()
                        .map(|day| Sense::Born(Personal::new(PartialDate::Day(day))))
                })
                .collect();
            days?
        }
        Wanted::Family(names) | Wanted::Given(names) | Wanted::Name(names) => names
            .iter()
            .map(|name| Sense::Name(Personal::from(name.as_str())))
            .collect(),
        Wanted::Id(_) | Wanted::Number(_) => return None,
    };
    (!senses.is_empty()).then_some(Term { senses })
}

/// As the standard says: names begin so, without case and accents; a date is within what was asked for; numbers are the
/// same.
fn holds(wanted: &Wanted, patient: &Patient) -> bool {
    let name = patient.name.expose();
    let begins = |names: &[String], known: &str| {
        let whole = token::normalise(known);
        let words = known
            .split(|letter: char| !letter.is_alphanumeric())
            .map(token::normalise);
        std::iter::once(whole)
            .chain(words)
            .any(|word| names.iter().any(|name| word.starts_with(name.as_str())))
    };
    let preferred = patient
        .preferred
        .as_ref()
        .map(Personal::as_str)
        .unwrap_or_default();
    match wanted {
        Wanted::Born(dates) => patient.born.as_ref().is_some_and(|born| {
            let known = *born.expose();
            let known = known.day().map_or(known, PartialDate::Day).to_string();
            dates.iter().any(|date| known.starts_with(&date.to_string()))
        }),
        Wanted::Family(names) => begins(names, &name.family),
        Wanted::Given(names) => begins(names, &name.given) || begins(names, preferred),
        Wanted::Id(ids) => ids.contains(&patient.id),
        Wanted::Name(names) => {
            let parts = [name.family.as_str(), &name.given, &name.title, preferred];
            parts.into_iter().any(|part| begins(names, part))
        }
        Wanted::Number(numbers) => numbers.iter().any(|number| has(patient, number)),
    }
}

fn has(patient: &Patient, number: &Number) -> bool {
    let has_nhs = |nhs: NhsNumber| {
        patient.nhs.is_some_and(|known| known.number == nhs) || patient.superseded.contains(&nhs)
    };
    match number {
        Number::Nhs(nhs) => has_nhs(*nhs),
        Number::Own(own) => patient
            .identifiers
            .iter()
            .any(|known| NumberKey::from(known) == NumberKey::from(own)),
        Number::Value(value) => {
            let value = value.trim().to_uppercase();
            patient
                .identifiers
                .iter()
                .any(|known| NumberKey::from(known).value == value)
                || NhsNumber::parse(&value).is_ok_and(has_nhs)
        }
    }
}

/// Candidates by name and birth date that are looked at.
const CANDIDATES: usize = 300;
