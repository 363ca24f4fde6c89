//! Lists that fill themselves: which there are, and which patients belong on them. [`super::refresh`] puts them there.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::list::{ListOp, Source};
use baton_core::op::{Body, Op};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::history::Held;
use super::keys;
use crate::context::Context;

/// What somebody did with a list, as far as it matters to one that fills itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListChange {
    /// Put away (true), or taken out of the archive.
    Archived(OpId, bool),
    /// Made.
    Created(OpId, Source),
}

impl ListChange {
    /// What an operation does; `None` of one that does not matter here.
    pub fn of(op: &Op) -> Option<Self> {
        let Body::List(body) = &op.body else {
            return None;
        };
        match body {
            ListOp::Archived(archived) => Some(Self::Archived(archived.list, true)),
            ListOp::Created(created) => Some(Self::Created(op.id, created.source.clone()?)),
            ListOp::Restored(restored) => Some(Self::Archived(restored.list, false)),
            ListOp::ColumnAdded(_)
            | ListOp::ColumnRemoved(_)
            | ListOp::FieldSet(_)
            | ListOp::Moved(_)
            | ListOp::PatientAdded(_)
            | ListOp::PatientLeft(_)
            | ListOp::PatientRemoved(_)
            | ListOp::Renamed(_) => None,
        }
    }
}

/// Remembers what was done with a list, in the transaction of that operation. The refresher, which the caller wakes after the
/// commit ([`super::wake`]), then fills a new one, and brings one up to date that was taken out of the archive; an archived one
/// stays as it is.
pub async fn change(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    change: &ListChange,
) -> Result<(), sqlx::Error> {
    let query = match change {
        ListChange::Archived(list, is_archived) => sqlx::query(
            "UPDATE auto_list SET archived = $3, due = due OR NOT $3 WHERE space = $1 AND list = $2",
        )
        .bind(space.uuid())
        .bind(list.uuid())
        .bind(is_archived),
        ListChange::Created(list, source) => {
            sqlx::query("INSERT INTO auto_list (space, list, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(space.uuid())
                .bind(list.uuid())
                .bind(keys::source(&cx.keys, source).to_vec())
        }
    };
    query.execute(conn).await?;
    Ok(())
}

/// Decides who comes onto lists and who left them, for patients of whom that may have changed and for new lists: some of
/// them, and says how many. [`super::refresh`] then tells the spaces.
///
/// Who was merged into another stays on a list on which they are as long as that one belongs there: their row, with what
/// people wrote in it, stands for both. Whom somebody took off comes back only after they left and came again.
pub(super) async fn decide(conn: &mut PgConnection) -> Result<usize, sqlx::Error> {
    let mut transaction = conn.begin().await?;
    let patients: Vec<(Uuid,)> = sqlx::query_as(
        "SELECT id FROM patient JOIN patient_due ON patient = id ORDER BY id LIMIT $1
         FOR NO KEY UPDATE OF patient SKIP LOCKED",
    )
    .bind(AT_ONCE)
    .fetch_all(&mut *transaction)
    .await?;
    let lists: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT space, list FROM auto_list WHERE due AND NOT archived ORDER BY space, list LIMIT 10
         FOR UPDATE SKIP LOCKED",
    )
    .fetch_all(&mut *transaction)
    .await?;
    let count = patients.len() + lists.len();
    if count == 0 {
        return Ok(0);
    }
    let patients: Vec<Uuid> = patients.into_iter().map(|(id,)| id).collect();
    let (spaces, ids): (Vec<Uuid>, Vec<Uuid>) = lists.into_iter().unzip();
    // Each patient with the one who stands for them, and all who are one with those.
    sqlx::query(DECIDE)
        .bind(&patients)
        .bind(&spaces)
        .bind(&ids)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("DELETE FROM patient_due WHERE patient = ANY($1)")
        .bind(&patients)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "UPDATE auto_list SET due = false FROM UNNEST($1::uuid[], $2::uuid[]) AS done (space, list)
         WHERE auto_list.space = done.space AND auto_list.list = done.list",
    )
    .bind(&spaces)
    .bind(&ids)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(count)
}

/// `up` leads from each patient in question to the one who stands for them, `group` from that one to all who are one with
/// them. A group is here if the one who stands for it has the list's key. New is the one who stands for it, where none of
/// them is here yet.
const DECIDE: &str = "
    WITH RECURSIVE asked (id) AS (
        SELECT UNNEST($1::uuid[])
        UNION SELECT patient FROM auto_list JOIN patient_source USING (key)
            WHERE (space, list) IN (SELECT * FROM UNNEST($2::uuid[], $3::uuid[]))
        UNION SELECT patient FROM auto_list_patient
            WHERE here AND (space, list) IN (SELECT * FROM UNNEST($2::uuid[], $3::uuid[]))),
    up (id, merged_into) AS (
        SELECT patient.id, merged_into FROM patient JOIN asked USING (id)
        UNION SELECT patient.id, patient.merged_into FROM patient JOIN up ON patient.id = up.merged_into),
    member (top, id) AS (
        SELECT id, id FROM up WHERE merged_into IS NULL
        UNION SELECT member.top, patient.id FROM patient JOIN member ON patient.merged_into = member.id),
    open AS (SELECT space, list, key FROM auto_list WHERE NOT archived),
    belongs AS (
        SELECT open.space, open.list, member.top FROM (SELECT DISTINCT top FROM member) AS member
            JOIN patient_source ON patient_source.patient = member.top JOIN open USING (key)),
    here AS (
        SELECT p.space, p.list, p.patient, member.top FROM member
            JOIN auto_list_patient AS p ON p.patient = member.id AND p.here
            JOIN open ON open.space = p.space AND open.list = p.list),
    change (space, list, patient, here) AS (
        SELECT space, list, patient, false FROM here
            WHERE NOT EXISTS (SELECT 1 FROM belongs WHERE belongs.space = here.space
                AND belongs.list = here.list AND belongs.top = here.top)
        UNION ALL SELECT space, list, top, true FROM belongs
            WHERE NOT EXISTS (SELECT 1 FROM here WHERE belongs.space = here.space
                AND belongs.list = here.list AND belongs.top = here.top)),
    speaks AS (
        INSERT INTO patient_space (patient, space) SELECT DISTINCT patient, space FROM change WHERE here
        ON CONFLICT DO NOTHING)
    INSERT INTO auto_list_patient (space, list, patient, here) SELECT * FROM change ORDER BY space, list, patient
    ON CONFLICT (space, list, patient) DO UPDATE SET here = EXCLUDED.here, due = true";

/// Patients that are looked at in one transaction.
const AT_ONCE: i64 = 200;

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
        let is: BTreeSet<Vec<u8>> = if held.history.removed.value {
            BTreeSet::new()
        } else {
            let sources = keys::sources(&cx.keys, &held.shown);
            sources.into_iter().map(Vec::from).collect()
        };
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
    // Their rows are locked until this transaction ends, so that nobody looks at them before.
    sqlx::query("INSERT INTO patient_due SELECT UNNEST($1::uuid[]) ON CONFLICT DO NOTHING")
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
