//! Whom references mean: a resource here, one that the same bundle brings, or whose number is given.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use baton_core::id::PatientId;
use sqlx::PgConnection;

use super::act::Door;
use super::conditional::{Condition, logical, reading};
use super::datatype::Reference;
use super::node::Issues;
use super::outcome::{Failure, Refusal};
use super::request::{Criteria, Kind};

/// What a bundle brings, by the addresses that its entries have in it.
#[derive(Default)]
pub struct Refs(BTreeMap<String, (Kind, String)>);

impl Refs {
    /// Adds an entry.
    pub fn add(&mut self, full_url: &str, kind: Kind, id: String) {
        self.0.insert(full_url.to_owned(), (kind, id));
    }

    /// Who is meant. Whether they exist is for the index to say.
    pub async fn patient(
        &self,
        door: &Door<'_>,
        conn: &mut PgConnection,
        reference: &Reference<'_>,
    ) -> Result<PatientId, Failure> {
        let nobody = || unknown(&reference.place);
        if let Some(literal) = reference.literal {
            if let Some((kind, id)) = self.0.get(literal) {
                let is_patient = *kind == Kind::Patient;
                let id = id.parse().ok().filter(|_| is_patient);
                return id.ok_or_else(|| nobody().into());
            }
            let local = door.local(literal).ok_or_else(nobody)?;
            if let Some(query) = local.strip_prefix("Patient?") {
                let condition = Condition::read(&Criteria::read(query), &door.config.systems)?;
                let found = match &condition {
                    Condition::Own(_) => condition.patient(door.cx, conn).await?,
                    Condition::Nhs(number) => {
                        let nhs = baton_core::patient::PatientNhsNumber {
                            number: *number,
                            is_verified: false,
                        };
                        return Err(logical(super::datatype::Number::Nhs(nhs), &reference.place)
                            .err()
                            .unwrap_or_else(nobody)
                            .into());
                    }
                };
                return found.ok_or_else(|| nobody().into());
            }
            let id = local.strip_prefix("Patient/").ok_or_else(nobody)?;
            let id = id.split('/').next().unwrap_or_default();
            return id.parse().map_err(|_| nobody().into());
        }
        let node = reference.logical.as_ref().ok_or_else(nobody)?;
        let issues = Issues::default();
        let systems = &door.config.systems;
        let identified = reading(door.cx, systems).identifier(node, &issues);
        let identified = issues.settle(identified)?;
        let condition = logical(identified.number, &reference.place)?;
        let found = condition.patient(door.cx, conn).await?;
        found.ok_or_else(|| nobody().into())
    }
}

/// A reference to nobody who is known.
pub fn unknown(place: &str) -> Refusal {
    Refusal::at(
        StatusCode::UNPROCESSABLE_ENTITY,
        "not-found",
        "There is no such patient.",
        place,
    )
}
