//! People as rows: sealed, found by id or by a blind index.

use std::collections::BTreeSet;

use baton_core::id::{SpaceId, UserId};
use baton_core::person::Person;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::Context;
use crate::keys::KeyEncryption;
use crate::log::LogError;

/// Derives what a person is found by when they sign in.
pub fn derive_lookup(keys: &KeyEncryption, issuer: &str, subject: &str) -> [u8; 32] {
    keys.derive_lookup("person", &[issuer, subject])
}

/// Finds who it is that an identity provider vouches for.
pub async fn find_by_subject(
    cx: &Context,
    conn: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, sqlx::Error> {
    let row: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM person WHERE lookup = $1")
        .bind(derive_lookup(&cx.keys, issuer, subject).as_slice())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(id,)| UserId::from_uuid(id)))
}

/// Those of these people that the directory has.
pub async fn known(conn: &mut PgConnection, users: &[UserId]) -> Result<BTreeSet<UserId>, sqlx::Error> {
    let ids: Vec<Uuid> = users.iter().map(|user| user.uuid()).collect();
    let rows: Vec<(Uuid,)> = sqlx::query_as("SELECT id FROM person WHERE id = ANY($1)")
        .bind(ids)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id,)| UserId::from_uuid(id)).collect())
}

/// The spaces that somebody belongs to.
pub async fn spaces(conn: &mut PgConnection, user: UserId) -> Result<Vec<SpaceId>, sqlx::Error> {
    let rows: Vec<(Uuid,)> =
        sqlx::query_as("SELECT space FROM member WHERE user_id = $1 AND until IS NULL ORDER BY space")
            .bind(user.uuid())
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(space,)| SpaceId::from_uuid(space))
        .collect())
}

/// Whether somebody administrates the devices of their organisation.
pub async fn is_administrator(conn: &mut PgConnection, user: UserId) -> Result<bool, sqlx::Error> {
    let row: Option<(bool,)> = sqlx::query_as("SELECT administrator FROM person WHERE id = $1")
        .bind(user.uuid())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some_and(|(administrator,)| administrator))
}

/// Whether somebody may find patients of whom none of their spaces speaks.
pub async fn finds_patients(conn: &mut PgConnection, user: UserId) -> Result<bool, sqlx::Error> {
    let row: Option<(bool,)> = sqlx::query_as("SELECT finds_patients FROM person WHERE id = $1")
        .bind(user.uuid())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some_and(|(finds_patients,)| finds_patients))
}

/// Everybody who belongs to one of these spaces or once did.
pub async fn of_spaces(conn: &mut PgConnection, spaces: &[SpaceId]) -> Result<BTreeSet<UserId>, sqlx::Error> {
    let ids: Vec<Uuid> = spaces.iter().map(|space| space.uuid()).collect();
    let rows: Vec<(Uuid,)> = sqlx::query_as("SELECT DISTINCT user_id FROM member WHERE space = ANY($1)")
        .bind(ids)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id,)| UserId::from_uuid(id)).collect())
}

/// Seals a person for their row.
pub fn seal(cx: &Context, person: &Person) -> Vec<u8> {
    let bytes = zeroize::Zeroizing::new(baton_core::cbor::to_bytes(person));
    cx.keys
        .seal_row("person", person.id.uuid(), &bytes, &mut cx.rng())
}

/// Opens a person's row.
pub fn open(keys: &KeyEncryption, id: Uuid, sealed: &[u8]) -> Result<Person, LogError> {
    let damaged = || LogError::Database(sqlx::Error::Protocol("a person's row does not open".into()));
    let bytes = keys.open_row("person", id, sealed).map_err(|_| damaged())?;
    let person: Person = baton_core::cbor::from_bytes(&bytes).map_err(|_| damaged())?;
    if person.id.uuid() == id {
        Ok(person)
    } else {
        Err(damaged())
    }
}
