//! Lists that fill themselves: which there are, and which patients belong on them. [`super::refresh`] puts them there.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::list::Source;
use sqlx::PgConnection;
use uuid::Uuid;

use super::history::Held;
use super::keys;
use crate::context::Context;

/// Remembers a list that was created with a source, in the transaction of that operation. The refresher, which the caller wakes
/// after the commit ([`super::wake`]), then fills it.
pub async fn created(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    list: OpId,
    source: &Source,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO auto_list (space, list, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(space.uuid())
        .bind(list.uuid())
        .bind(keys::source(&cx.keys, source).as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

/// Remembers that a list was archived, or taken out of the archive, in the transaction of that operation. An archived one
/// stays as it is; taken out, it is brought up to date. Of a list that does not fill itself there is nothing to remember.
pub async fn archived(
    conn: &mut PgConnection,
    space: SpaceId,
    list: OpId,
    is_archived: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE auto_list SET archived = $3, due = due OR NOT $3 WHERE space = $1 AND list = $2")
        .bind(space.uuid())
        .bind(list.uuid())
        .bind(is_archived)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes down on which lists patients belong now, and makes the refresher look at those for whom that changed.
pub(super) async fn follow(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[&Held],
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = patients.iter().map(|held| held.shown.id.uuid()).collect();
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("SELECT patient, key FROM patient_source WHERE patient = ANY($1)")
            .bind(&ids)
            .fetch_all(&mut *conn)
            .await?;
    let mut before: BTreeMap<PatientId, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for (patient, key) in rows {
        before
            .entry(PatientId::from_uuid(patient))
            .or_default()
            .insert(key);
    }
    let (mut gone, mut new, mut due) = (Pairs::default(), Pairs::default(), BTreeSet::new());
    for held in patients {
        let id = held.shown.id;
        let was = before.remove(&id).unwrap_or_default();
        let is: BTreeSet<Vec<u8>> = keys::sources(&cx.keys, &held.shown)
            .into_iter()
            .map(Vec::from)
            .collect();
        gone.extend(id, was.difference(&is));
        new.extend(id, is.difference(&was));
        if was != is {
            due.insert(id.uuid());
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM patient_source USING UNNEST($1::bytea[], $2::uuid[]) AS gone (key, patient)
         WHERE patient_source.key = gone.key AND patient_source.patient = gone.patient",
    )
    .bind(&gone.keys)
    .bind(&gone.patients)
    .execute(&mut *conn)
    .await?;
    sqlx::query("INSERT INTO patient_source (key, patient) SELECT * FROM UNNEST($1::bytea[], $2::uuid[])")
        .bind(&new.keys)
        .bind(&new.patients)
        .execute(&mut *conn)
        .await?;
    sqlx::query("UPDATE patient SET lists_due = true WHERE id = ANY($1)")
        .bind(due.into_iter().collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(Default)]
struct Pairs {
    keys: Vec<Vec<u8>>,
    patients: Vec<Uuid>,
}

impl Pairs {
    fn extend<'a>(&mut self, patient: PatientId, keys: impl Iterator<Item = &'a Vec<u8>>) {
        for key in keys {
            self.keys.push(key.clone());
            self.patients.push(patient.uuid());
        }
    }
}
