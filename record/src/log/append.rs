//! Append: a batch of sealed operations into one space's log.
//!
//! 1. Open and verify ([`super::read`]), without any lock of the database.
//! 2. Plan against the state in memory ([`super::plan`]).
//! 3. Write in one statement that holds only if the space still stands there ([`super::write`]). That is the usual way.
//! 4. Otherwise (another replica wrote, an operation came twice, a key is new, something is to be refused): lock the
//!    space's row, catch up, look up what is in the log already, plan and write again, in one transaction.
//!
//! What is answered as appended is durable. Sending a batch again at any time is harmless: what was appended is answered so
//! again, and what was refused before something that was appended is refused again ([`Refusal::Overtaken`]).
//!
//! [`Refusal::Overtaken`]: baton_core::refusal::Refusal::Overtaken

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::Seq;
use baton_core::frame::limit::OPS_PER_BATCH;
use baton_core::id::{DeviceId, OpId, PatientId, SpaceId, UserId};
use baton_core::photo::PhotoId;
use baton_core::service::{Append, AppendAnswer, AppendResult, DeviceOp};
use sqlx::{Connection, PgConnection};

use super::folded::Folded;
use super::plan::{self, Facts, Plan};
use super::read::{self, Reading, Ready};
use super::row::{self, SpaceRow};
use super::write::{self, Written};
use super::{LogError, snapshot};
use crate::context::Context;
use crate::patients;
use crate::people::{device, person};
use crate::photos;

/// Appends a batch. Runs to its end even when nobody waits for the answer any more.
pub async fn append(cx: &Context, batch: Append) -> Result<AppendAnswer, LogError> {
    if batch.ops.is_empty() || batch.ops.len() > OPS_PER_BATCH {
        return Err(LogError::BatchSize);
    }
    let worker = cx.clone();
    tokio::spawn(async move { run(&worker, batch).await })
        .await
        .map_err(|_| LogError::Unfinished)?
}

async fn run(cx: &Context, batch: Append) -> Result<AppendAnswer, LogError> {
    let slot = cx.spaces.slot(batch.space);
    // Held to the end. If anything fails the slot stays empty, and the next batch loads the space from the database.
    let mut held = slot.lock().await;
    let folded = match held.take() {
        Some(folded) => Some(folded),
        None => Folded::load(cx, &mut *cx.pool.acquire().await?, batch.space).await?,
    };
    let Some(mut folded) = folded else {
        return Ok(all_not_allowed(cx, &batch.ops));
    };
    let mut work = Work {
        readings: read_all(cx, &mut folded, &batch.ops).await?,
        ops: batch.ops,
        people: BTreeSet::new(),
        patients: BTreeSet::new(),
        photos: BTreeSet::new(),
    };
    work.look_up(cx, &mut folded).await?;
    let plan = match work.try_at_once(cx, &mut folded).await? {
        Some(plan) => plan,
        None => work.locked(cx, &mut folded).await?,
    };
    let answer = finish(cx, &mut folded, plan);
    if folded.is_snapshot_due(snapshot::EVERY) {
        // Not asked for again until it is there or has failed.
        folded.snapshot = folded.state.head.seq;
        snapshot_later(cx, batch.space);
    }
    *held = Some(folded);
    Ok(answer)
}

/// A batch, and what was found out about it.
struct Work {
    ops: Vec<DeviceOp>,
    readings: Vec<Reading>,
    people: BTreeSet<UserId>,
    patients: BTreeSet<PatientId>,
    photos: BTreeSet<PhotoId>,
}

/// What a plan needs and is not in memory.
#[derive(Default)]
struct Unknown {
    /// Messages that operations are about. Lists are always held whole.
    messages: BTreeSet<OpId>,
    /// Who is to be added.
    people: BTreeSet<UserId>,
    /// Who is named and not held.
    patients: BTreeSet<PatientId>,
    /// Photos that are shown.
    photos: BTreeSet<PhotoId>,
}

impl Unknown {
    fn is_empty(&self) -> bool {
        self.messages.is_empty()
            && self.people.is_empty()
            && self.patients.is_empty()
            && self.photos.is_empty()
    }
}

impl Work {
    /// Brings in what the plan needs and the state in memory does not hold: messages that operations are about, people who
    /// are to be added, patients who are named, photos that are shown.
    async fn look_up(&mut self, cx: &Context, folded: &mut Folded) -> Result<(), LogError> {
        let unknown = self.unknown(folded);
        if unknown.is_empty() {
            return Ok(());
        }
        let mut conn = cx.pool.acquire().await?;
        self.look_up_with(&mut conn, folded, unknown).await
    }

    async fn look_up_with(
        &mut self,
        conn: &mut PgConnection,
        folded: &mut Folded,
        unknown: Unknown,
    ) -> Result<(), LogError> {
        if !unknown.people.is_empty() {
            let people: Vec<UserId> = unknown.people.into_iter().collect();
            self.people.extend(person::known(conn, &people).await?);
        }
        if !unknown.patients.is_empty() {
            let patients: Vec<PatientId> = unknown.patients.into_iter().collect();
            self.patients
                .extend(patients::space::known(conn, &patients).await?);
        }
        let space = folded.state.space;
        if !unknown.photos.is_empty() {
            self.photos
                .extend(photos::known(conn, space, &unknown.photos).await?);
        }
        if unknown.messages.is_empty() {
            return Ok(());
        }
        let messages: Vec<OpId> = unknown.messages.into_iter().collect();
        let mut entries = row::entries_of(conn, space, &messages).await?;
        entries.extend(row::entries_about(conn, space, &messages, Seq::ZERO).await?);
        for entry in entries {
            if let Ok(opened) = folded.keys.ring.open_entry(&entry) {
                folded.state.fold_older(entry.seq, entry.at, &opened.op);
            }
        }
        Ok(())
    }

    fn unknown(&self, folded: &Folded) -> Unknown {
        let ready = self.readings.iter().filter_map(|reading| match reading {
            Reading::Ready(ready) => Some(ready),
            Reading::NoKey | Reading::NotAllowed | Reading::Refused { .. } => None,
        });
        let mut unknown = Unknown::default();
        let state = &folded.state;
        for Ready { op, .. } in ready.map(AsRef::as_ref) {
            let is_held = |id: &OpId| state.timeline.message(*id).is_some();
            unknown.messages.extend(op.amends().filter(|id| !is_held(id)));
            unknown
                .people
                .extend(plan::added(op).filter(|user| !self.people.contains(user)));
            let is_known = |id: &PatientId| self.patients.contains(id) || state.patients.find(*id).is_some();
            unknown
                .patients
                .extend(op.patients_named().filter(|id| !is_known(id)));
            let shown = op.photos().iter().map(|photo| photo.id);
            unknown
                .photos
                .extend(shown.filter(|id| !self.photos.contains(id)));
        }
        for sent in &self.ops {
            unknown.messages.remove(&sent.op.op_id);
        }
        unknown
    }

    /// The usual way: one statement, no lock held beforehand. `None` when it has to be done with the row locked.
    async fn try_at_once(&mut self, cx: &Context, folded: &mut Folded) -> Result<Option<Plan>, LogError> {
        let facts = Facts {
            kept: None,
            people: &self.people,
            patients: &self.patients,
            photos: &self.photos,
            now: cx.now(),
        };
        let plan = plan::plan(folded, &self.ops, &self.readings, &facts, &mut cx.rng())?;
        if !plan.is_certain {
            return Ok(None);
        }
        if plan.rows.is_empty() {
            return Ok(Some(plan));
        }
        let mut conn = cx.pool.acquire().await?;
        match write::write(cx, &mut conn, folded.row, &plan).await? {
            Written::Done => Ok(Some(plan)),
            Written::Missed => Ok(None),
        }
    }

    /// With the space's row locked, nobody else moves it: this always comes to an end.
    async fn locked(&mut self, cx: &Context, folded: &mut Folded) -> Result<Plan, LogError> {
        cx.metrics.contended.inc();
        let space = folded.state.space;
        let mut conn = cx.pool.acquire().await?;
        let mut transaction = conn.begin().await?;
        let row = row::lock_space(&mut transaction, space)
            .await?
            .ok_or(LogError::Damaged { space, seq: 0 })?;
        folded.catch_up(cx, &mut transaction, row).await?;
        let ids: Vec<OpId> = self.ops.iter().map(|sent| sent.op.op_id).collect();
        let kept: BTreeMap<_, _> = row::kept(&mut transaction, space, &ids)
            .await?
            .into_iter()
            .map(|kept| (kept.op_id, kept))
            .collect();
        self.read_again(cx, &mut transaction, folded).await?;
        let unknown = self.unknown(folded);
        self.look_up_with(&mut transaction, folded, unknown).await?;
        let facts = Facts {
            kept: Some(&kept),
            people: &self.people,
            patients: &self.patients,
            photos: &self.photos,
            now: cx.now(),
        };
        let plan = plan::plan(folded, &self.ops, &self.readings, &facts, &mut cx.rng())?;
        if !plan.rows.is_empty()
            && write::write(cx, &mut transaction, folded.row, &plan).await? == Written::Missed
        {
            // The row is locked, so only a device that was ended in this moment can be the cause.
            transaction.rollback().await?;
            return Err(LogError::Unfinished);
        }
        transaction.commit().await?;
        Ok(plan)
    }

    /// Devices as the database has them now, and what could not be opened for want of a key.
    async fn read_again(
        &mut self,
        cx: &Context,
        conn: &mut PgConnection,
        folded: &mut Folded,
    ) -> Result<(), LogError> {
        let devices = device::reload(cx, conn, &device_ids(&self.ops)).await?;
        let now = cx.now();
        for (sent, reading) in self.ops.iter().zip(&mut self.readings) {
            let device = devices.get(&sent.device).map(std::sync::Arc::as_ref);
            let is_live = device.is_some_and(|device| device.is_live(now));
            if !is_live {
                *reading = Reading::NotAllowed;
            } else if matches!(reading, Reading::NoKey | Reading::NotAllowed) {
                *reading = read::read(&mut folded.keys.ring, device, sent, now);
            }
        }
        Ok(())
    }
}

async fn read_all(cx: &Context, folded: &mut Folded, ops: &[DeviceOp]) -> Result<Vec<Reading>, LogError> {
    let devices = device::find_all(cx, &device_ids(ops)).await?;
    Ok(read::read_all(&mut folded.keys.ring, &devices, ops, cx.now()))
}

fn device_ids(ops: &[DeviceOp]) -> Vec<DeviceId> {
    let ids: BTreeSet<DeviceId> = ops.iter().map(|sent| sent.device).collect();
    ids.into_iter().collect()
}

fn finish(cx: &Context, folded: &mut Folded, plan: Plan) -> AppendAnswer {
    let Plan {
        results,
        rows,
        state,
        mut row,
        changed,
        refused,
        named,
        lists,
        ..
    } = plan;
    if !named.is_empty() || !lists.is_empty() {
        cx.patients_due.notify_one();
    }
    for reason in refused {
        cx.metrics.refused.with_label_values(&[reason]).inc();
    }
    let again = results
        .iter()
        .filter(|result| matches!(result, AppendResult::Appended { again: true, .. }))
        .count();
    cx.metrics.again.inc_by(u64::try_from(again).unwrap_or(0));
    cx.metrics.appended.inc_by(u64::try_from(rows.len()).unwrap_or(0));
    if rows.is_empty() {
        row = folded.row;
    }
    // After a new epoch the keys in memory are old; the row says so, and the next batch loads them.
    if changed.new_epoch {
        row = SpaceRow {
            epoch: baton_core::seal::Epoch::new(0),
            ..row
        };
    }
    folded.advance(state, row, rows.iter().map(|row| &row.entry));
    AppendAnswer {
        results,
        made: Vec::new(),
        changed,
    }
}

fn all_not_allowed(cx: &Context, ops: &[DeviceOp]) -> AppendAnswer {
    for _ in ops {
        cx.metrics.refused.with_label_values(&["no-space"]).inc();
    }
    AppendAnswer {
        results: vec![AppendResult::NotAllowed; ops.len()],
        made: Vec::new(),
        changed: baton_core::service::Changed::default(),
    }
}

fn snapshot_later(cx: &Context, space: SpaceId) {
    let cx = cx.clone();
    tokio::spawn(async move {
        if let Err(error) = snapshot::make(&cx, space).await {
            error.answer(&cx.metrics);
        }
    });
}
