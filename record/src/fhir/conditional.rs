//! Conditions by which one resource is meant: `identifier=system|value`, and nothing else, since nothing else means one.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::Identifier;
use baton_core::secret::Personal;
use sqlx::PgConnection;

use super::datatype::{NHS_NUMBER, Number, Reading};
use super::outcome::{Failure, Issue, Refusal};
use super::patient::read::Said;
use super::request::Criteria;
use super::systems::Systems;
use crate::context::Context;
use crate::patients::decide::agrees;
use crate::patients::whole;

/// What has to hold of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It has this NHS number.
    Nhs(NhsNumber),
    /// It has this number of a service.
    Own(Identifier),
}

impl Condition {
    /// Reads criteria.
    pub fn read(criteria: &Criteria, systems: &Systems) -> Result<Self, Refusal> {
        let [(name, value)] = criteria.0.as_slice() else {
            return Err(unclear());
        };
        if name != "identifier" {
            return Err(unclear());
        }
        let (system, value) = value.split_once('|').ok_or_else(unclear)?;
        if system.is_empty() || value.is_empty() || value.contains(',') {
            return Err(unclear());
        }
        if system == NHS_NUMBER {
            return NhsNumber::parse(value).map(Self::Nhs).map_err(|_| not_nhs());
        }
        Ok(Self::Own(Identifier {
            assigner: systems.assigner(system).to_owned(),
            value: Personal::from(value),
        }))
    }

    /// Who has it. Who was merged away has no NHS number of their own any more; a number of a service stays theirs.
    pub async fn patient(&self, cx: &Context, conn: &mut PgConnection) -> Result<Option<PatientId>, Failure> {
        match self {
            Self::Own(number) => Ok(whole::owner(cx, conn, number).await?),
            Self::Nhs(number) => {
                let ids = whole::with_nhs(cx, conn, *number).await?;
                let standing: Vec<_> = whole::read(cx, conn, &ids)
                    .await?
                    .into_iter()
                    .map(|whole| whole.held.shown)
                    .filter(|shown| shown.merged_into.is_none())
                    .collect();
                let is_now = |nhs: Option<NhsNumber>| nhs == Some(*number);
                let mut found: Vec<PatientId> = standing
                    .iter()
                    .filter(|shown| is_now(shown.nhs.map(|nhs| nhs.number)))
                    .map(|shown| shown.id)
                    .collect();
                if found.is_empty() {
                    let was = standing.iter().filter(|shown| shown.superseded.contains(number));
                    found.extend(was.map(|shown| shown.id));
                }
                match found.as_slice() {
                    [] => Ok(None),
                    [one] => Ok(Some(*one)),
                    _ => Err(
                        Refusal::precondition("multiple-matches", "More than one resource is meant.").into(),
                    ),
                }
            }
        }
    }

    /// That a body says of a patient what their NHS number says: a number alone names nobody, as one digit may be wrong.
    pub async fn agrees(
        &self,
        cx: &Context,
        conn: &mut PgConnection,
        patient: PatientId,
        said: &Said<'_>,
    ) -> Result<(), Failure> {
        if matches!(self, Self::Own(_)) {
            return Ok(());
        }
        let known = whole::read(cx, conn, &[patient]).await?;
        if known.iter().all(|known| agrees(&said.details, &known.held.shown)) {
            return Ok(());
        }
        Err(Refusal::new(
            StatusCode::CONFLICT,
            "conflict",
            "Who has this NHS number has another birth date or given name. If they are the same, update them by id.",
        )
        .into())
    }

    /// That a new resource is one for which the condition would hold: else it would be made again the next time.
    pub fn is_said(&self, nhs: Option<NhsNumber>, own: &[Identifier], place: &str) -> Result<(), Refusal> {
        let key = |number: &Identifier| crate::patients::decide::NumberKey::from(number);
        let is_said = match self {
            Self::Nhs(number) => nhs == Some(*number),
            Self::Own(number) => own.iter().any(|known| key(known) == key(number)),
        };
        if is_said {
            return Ok(());
        }
        Err(Refusal::of(vec![Issue::rule(
            "business-rule",
            "The resource does not have the number by which it was looked for.",
            place,
        )]))
    }
}

/// Whose a logical reference's number is. Not by an NHS number.
pub fn logical(number: Number, place: &str) -> Result<Condition, Refusal> {
    match number {
        Number::Own(number) => Ok(Condition::Own(number)),
        Number::Nhs(_) => Err(Refusal::of(vec![Issue::rule(
            "business-rule",
            "An NHS number alone does not say who is meant: refer to the patient, or to a number of a service.",
            place,
        )])),
    }
}

fn unclear() -> Refusal {
    Refusal::precondition(
        "processing",
        "A condition is identifier=system|value, and nothing else.",
    )
}

/// A value that is no NHS number.
pub fn not_nhs() -> Refusal {
    Refusal::of(vec![Issue::rule(
        "value",
        "This is not an NHS number: ten digits of which the last is the check digit.",
        "",
    )])
}

/// A condition on visits that is about patients.
pub fn not_nhs_of_visit() -> Refusal {
    Refusal::precondition("processing", "An NHS number is a patient's, not an encounter's.")
}

/// How resources are read now.
pub fn reading<'a>(cx: &Context, systems: &'a Systems) -> Reading<'a> {
    Reading {
        systems,
        now: cx.now(),
    }
}
