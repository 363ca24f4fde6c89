//! One interaction by itself, in a transaction of its own.

use axum::http::StatusCode;
use sqlx::{Connection, PgConnection};

use super::act::{self, Done, Door, Write, Written};
use super::outcome::Failure;
use super::refs::Refs;
use super::request::{Criteria, Kind, not_allowed};
use super::{access, encounter, patient};

/// One interaction that is not in a bundle.
pub enum Single<'a> {
    /// A read.
    Read(Kind, &'a str, Option<&'a str>),
    /// A search; strict or not.
    Search(Kind, Criteria, bool),
    /// A write.
    Write(Write<'a>),
}

/// Carries one out, in a transaction of its own, and again when it met another one crosswise.
pub async fn single(door: &Door<'_>, asked: &Single<'_>) -> Result<Done, Failure> {
    let mut tries = 0;
    loop {
        match attempt(door, asked).await {
            Err(Failure::Again) if tries < TRIES => tries += 1,
            Err(Failure::Refused(refusal)) if refusal.status == StatusCode::FORBIDDEN => {
                remember_refusal(door).await?;
                return Err(refusal.into());
            }
            otherwise => return otherwise,
        }
    }
}

async fn attempt(door: &Door<'_>, asked: &Single<'_>) -> Result<Done, Failure> {
    let mut conn = door.cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let done = match asked {
        Single::Read(kind, id, version) => act::read(door, &mut transaction, (*kind, id, *version)).await?,
        Single::Search(kind, criteria, is_strict) => {
            act::search(door, &mut transaction, (*kind, criteria, *is_strict)).await?
        }
        Single::Write(write) => {
            write.allow(door)?;
            written(door, &mut transaction, write).await?
        }
    };
    transaction.commit().await?;
    if done.is_write {
        crate::patients::wake(door.cx);
    }
    Ok(done)
}

async fn written(door: &Door<'_>, conn: &mut PgConnection, write: &Write<'_>) -> Result<Done, Failure> {
    let refs = Refs::default();
    match write.kind {
        Kind::Patient => {
            let said = patient::read::read(write.json, door.reading())?;
            write.check(said.id)?;
            let written = write.tell_patient(door, conn, &said).await?;
            if !matches!(written, Written::Found(_)) {
                let has_seen = write.if_match.is_some();
                patient::store::link(door, conn, &refs, written.id(), &said, has_seen).await?;
            }
            act::patient_written(door, conn, written).await
        }
        Kind::Encounter => {
            let said = encounter::read::read(write.json, door.reading())?;
            write.check(said.id)?;
            let written = write.tell_encounter(door, conn, &refs, &said).await?;
            act::encounter_written(door, conn, written).await
        }
        Kind::Composition | Kind::Task => Err(not_allowed().into()),
    }
}

/// That a system that is known asked for what it may not.
async fn remember_refusal(door: &Door<'_>) -> Result<(), Failure> {
    let mut conn = door.cx.pool.acquire().await?;
    let access = access::Access::default();
    access::remember(door.cx, &mut conn, door.caller, ("refused", None), &access).await?;
    Ok(())
}

/// `If-None-Exist` is a query, with or without a question mark.
pub fn condition_of(text: &str) -> Criteria {
    let before = text.split_once('?').filter(|(before, _)| !before.contains('='));
    Criteria::read(before.map_or(text, |(_, query)| query))
}

/// So often is tried again what met another one crosswise.
pub const TRIES: usize = 5;
