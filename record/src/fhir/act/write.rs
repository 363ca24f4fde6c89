//! Writing one resource: which one is meant, and what is said of it.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Door, Written};
use crate::fhir::conditional::{Condition, not_nhs_of_visit};
use crate::fhir::encounter;
use crate::fhir::encounter::store as visits;
use crate::fhir::json::Json;
use crate::fhir::outcome::{Failure, Refusal};
use crate::fhir::patient::plan::Target;
use crate::fhir::patient::{self, store as patients};
use crate::fhir::refs::Refs;
use crate::fhir::request::{Criteria, IfMatch, Kind};

/// What is to be written.
pub struct Write<'a> {
    /// Of which kind.
    pub kind: Kind,
    /// What is sent.
    pub json: &'a Json,
    /// To which resource.
    pub place: Where<'a>,
    /// Only if it is in this version.
    pub if_match: Option<IfMatch>,
}

/// Where something is written.
pub enum Where<'a> {
    /// The one with this id.
    Id(&'a str),
    /// A new one.
    New,
    /// A new one, if there is none for which this holds.
    NewUnless(Criteria),
    /// The one for which this holds, or a new one.
    TheOne(Criteria),
}

impl Write<'_> {
    /// That who asks may write so.
    pub fn allow(&self, door: &Door<'_>) -> Result<(), Refusal> {
        match self.place {
            Where::Id(_) => door.allow(self.kind, |letters| letters.update),
            Where::New | Where::NewUnless(_) => door.allow(self.kind, |letters| letters.create),
            Where::TheOne(_) => door.allow(self.kind, |letters| letters.create && letters.update),
        }
    }

    /// That what is sent is of the type, and has the id, that its address names.
    pub fn check(&self, id: Option<&str>) -> Result<(), Refusal> {
        self.has_type()?;
        self.has_id(id)
    }

    /// Takes what a `Patient` says, without its links.
    pub async fn tell_patient(
        &self,
        door: &Door<'_>,
        conn: &mut PgConnection,
        said: &patient::read::Said<'_>,
    ) -> Result<Written<PatientId>, Failure> {
        let target = match &self.place {
            Where::Id(id) => Target::Known(known_id(id)?),
            Where::New => Target::New,
            Where::NewUnless(criteria) | Where::TheOne(criteria) => {
                let condition = Condition::read(criteria, &door.config.systems)?;
                let found = condition.patient(door.cx, conn).await?;
                if let Some(found) = found {
                    condition.agrees(door.cx, conn, found, said).await?;
                }
                let nhs = said.details.nhs.set().map(|nhs| nhs.number);
                match (found, &self.place) {
                    (Some(found), Where::NewUnless(_)) => return Ok(Written::Found(found)),
                    (Some(found), Where::Id(_) | Where::New | Where::TheOne(_)) => {
                        let is_other = said.id.is_some_and(|id| id != found.to_string());
                        if is_other {
                            return Err(other_id().into());
                        }
                        Target::Known(found)
                    }
                    (None, _) => {
                        refuse_own_id(&self.place, said.id)?;
                        condition.is_said(nhs, &said.details.identifiers, "Patient.identifier")?;
                        Target::NewOrKnown
                    }
                }
            }
        };
        patients::tell(door, conn, target, said, self.if_match.as_ref()).await
    }

    /// Takes what an `Encounter` says.
    pub async fn tell_encounter(
        &self,
        door: &Door<'_>,
        conn: &mut PgConnection,
        refs: &Refs,
        said: &encounter::read::Said<'_>,
    ) -> Result<Written<Uuid>, Failure> {
        let target = match &self.place {
            Where::Id(id) => {
                let id = Uuid::try_parse(id).map_err(|_| no_such_id())?;
                let row = visits::lock(door.cx, conn, id).await?;
                visits::Target::Known(row.ok_or_else(no_such_id)?)
            }
            Where::New => {
                for number in &said.numbers {
                    if visits::by_number(door.cx, conn, number).await?.is_some() {
                        return Err(known_visit().into());
                    }
                }
                visits::Target::New
            }
            Where::NewUnless(criteria) | Where::TheOne(criteria) => {
                let Condition::Own(number) = Condition::read(criteria, &door.config.systems)? else {
                    return Err(not_nhs_of_visit().into());
                };
                let found = visits::by_number(door.cx, conn, &number).await?;
                match (found, &self.place) {
                    (Some(found), Where::NewUnless(_)) => return Ok(Written::Found(found.id)),
                    (Some(found), Where::Id(_) | Where::New | Where::TheOne(_)) => {
                        if said.id.is_some_and(|id| id != found.id.to_string()) {
                            return Err(other_id().into());
                        }
                        let row = visits::lock(door.cx, conn, found.id).await?;
                        visits::Target::Known(row.ok_or(Failure::Again)?)
                    }
                    (None, _) => {
                        refuse_own_id(&self.place, said.id)?;
                        // It is kept by its first number, so that is the one to ask for.
                        let first = said.numbers.get(..1).unwrap_or_default();
                        Condition::Own(number).is_said(None, first, "Encounter.identifier")?;
                        visits::Target::New
                    }
                }
            }
        };
        if let (visits::Target::New, Some(wanted)) = (&target, &self.if_match) {
            wanted.holds(None)?;
        }
        visits::tell(door, conn, refs, target, said, self.if_match.as_ref()).await
    }

    fn has_type(&self) -> Result<(), Refusal> {
        if self.json.member("resourceType").and_then(Json::text) == Some(self.kind.name()) {
            return Ok(());
        }
        Err(Refusal::at(
            StatusCode::BAD_REQUEST,
            "invalid",
            "The resource is not of the type that the address names.",
            format!("{}.resourceType", self.kind.name()),
        ))
    }

    /// What is written to an id has just that id (FHIR R4 §3.1.0.4).
    fn has_id(&self, id: Option<&str>) -> Result<(), Refusal> {
        match (&self.place, id) {
            (Where::Id(wanted), Some(id)) if *wanted == id => Ok(()),
            (Where::Id(_), _) => Err(other_id()),
            (Where::New | Where::NewUnless(_) | Where::TheOne(_), _) => Ok(()),
        }
    }
}

fn known_id(id: &str) -> Result<PatientId, Refusal> {
    id.parse().map_err(|_| no_such_id())
}

/// Clients do not choose ids here (FHIR R4 §3.1.0.4.1).
pub fn no_such_id() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "not-supported",
        "There is no such resource, and ids are given here: create it, or update on condition.",
    )
}

fn refuse_own_id(place: &Where<'_>, id: Option<&str>) -> Result<(), Refusal> {
    if matches!(place, Where::TheOne(_)) && id.is_some() {
        return Err(no_such_id());
    }
    Ok(())
}

fn other_id() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "invalid",
        "The resource's id is not that of the resource that is meant.",
    )
}

fn known_visit() -> Refusal {
    Refusal::at(
        StatusCode::CONFLICT,
        "duplicate",
        "An encounter with this number is known: update it, or create on condition (If-None-Exist).",
        "Encounter.identifier",
    )
}
