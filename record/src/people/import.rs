//! Bringing people into the directory from a file. Coming twice, a person keeps their id and gets the newer particulars.

use baton_core::id::UserId;
use baton_core::person::{Name, Organisation, Person};
use baton_core::secret::Personal;
use serde::Deserialize;
use sqlx::Connection;
use uuid::Uuid;

use super::{audit, person};
use crate::context::{Context, millis};
use crate::log::LogError;

/// A person as the file has them.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imported {
    /// Who vouches for them; the configured issuer when not given.
    pub issuer: Option<String>,
    /// What the issuer calls them (`sub`).
    pub subject: String,
    /// Their name.
    pub name: Name,
    /// Their job title.
    pub job_title: String,
    /// Their organisation.
    pub organisation: Organisation,
    /// Professional registration as shown.
    #[serde(default)]
    pub registration: Option<String>,
    /// Whether they may end the devices of people of their organisation.
    #[serde(default)]
    pub administrator: bool,
    /// Whether they may find patients of whom none of their spaces speaks. They may when not given.
    #[serde(default = "yes")]
    pub finds_patients: bool,
}

const fn yes() -> bool {
    true
}

/// How many people were new, and how many were known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// New.
    pub added: usize,
    /// Known before.
    pub updated: usize,
}

/// Imports people, all or none.
pub async fn people(cx: &Context, people: Vec<Imported>) -> Result<Count, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let mut count = Count::default();
    for imported in people {
        let issuer = imported
            .issuer
            .clone()
            .unwrap_or_else(|| cx.config.identity.issuer.clone());
        let lookup = person::derive_lookup(&cx.keys, &issuer, &imported.subject);
        let known: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM person WHERE lookup = $1 FOR UPDATE")
            .bind(lookup.as_slice())
            .fetch_optional(&mut *transaction)
            .await?;
        if known.is_some() {
            count.updated += 1;
        } else {
            count.added += 1;
        }
        let id = known.map_or_else(|| cx.make_user_id(), |(id,)| UserId::from_uuid(id));
        let (administrator, finds_patients) = (imported.administrator, imported.finds_patients);
        let person = imported.into_person(id);
        sqlx::query(
            "INSERT INTO person (id, lookup, sealed, updated_at, administrator, finds_patients)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE
             SET sealed = $3, updated_at = $4, administrator = $5, finds_patients = $6",
        )
        .bind(id.uuid())
        .bind(lookup.as_slice())
        .bind(person::seal(cx, &person))
        .bind(millis(cx.now()))
        .bind(administrator)
        .bind(finds_patients)
        .execute(&mut *transaction)
        .await?;
        let event = audit::Event {
            event: "person.imported",
            subject: Some(id.uuid()),
            ..audit::Event::default()
        };
        audit::add(&mut transaction, cx.now(), event).await?;
    }
    sqlx::query("UPDATE directory SET version = version + 1")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(count)
}

impl Imported {
    fn into_person(self, id: UserId) -> Person {
        Person {
            id,
            name: Personal::new(self.name),
            job_title: Personal::new(self.job_title),
            organisation: self.organisation,
            registration: self.registration.map(Personal::new),
        }
    }
}
