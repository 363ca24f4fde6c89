//! Telling spaces of their patients: whatever the index learnt since a space was told, as operations of the record. Any replica
//! does it, and any may end at any moment: what a space was told is written down in the transaction that tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::Body;
use baton_core::op::list::{ListOp, PatientAdded, PatientLeft};
use baton_core::op::patient::{News, PatientOp, Refreshed};
use baton_core::patient::Report;
use baton_core::service::Changed;
use baton_core::state::SpaceState;
use sqlx::{Connection, PgConnection};

use super::history::Held;
use super::{lists, refresh_row, row};
use crate::context::Context;
use crate::log::{LogError, made};
use crate::notice;

/// Tells spaces until the future is dropped.
pub async fn run(cx: Context) {
    loop {
        match refresh_due(&cx).await {
            // There may be more.
            Ok(done) if done > 0 => {}
            Ok(_) => idle(&cx).await,
            Err(error) => {
                error.answer(&cx.metrics);
                idle(&cx).await;
            }
        }
    }
}

async fn idle(cx: &Context) {
    // What another replica was told of does not wake this one, and neither may a wake that was missed matter.
    let _ = tokio::time::timeout(EVERY, cx.patients_due.notified()).await;
}

/// Does some of what is due, and says how much that was: nothing when all is done.
pub async fn refresh_due(cx: &Context) -> Result<usize, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let mut done = lists::decide(&mut conn).await?;
    let mut fault = None;
    for space in refresh_row::due_spaces(&mut conn, SPACES).await? {
        match refresh(cx, &mut conn, space).await {
            Ok(told) => done += told,
            // One space that cannot be told keeps none of the others waiting.
            Err(error) => fault = Some(error),
        }
    }
    if done > 0 {
        cx.notices.notify_one();
    }
    match fault {
        Some(error) if done == 0 => Err(error),
        Some(error) => {
            error.answer(&cx.metrics);
            Ok(done)
        }
        None => Ok(done),
    }
}

/// Tells one space some of what is due, and says how much that was.
async fn refresh(cx: &Context, conn: &mut PgConnection, space: SpaceId) -> Result<usize, LogError> {
    let mut transaction = conn.begin().await?;
    // Another replica may be at it.
    if !refresh_row::try_lock(&mut transaction, space).await? {
        return Ok(0);
    }
    // Before all other rows, as everybody does who appends.
    crate::log::row::lock_space(&mut transaction, space).await?;
    let told = refresh_row::due_patients(&mut transaction, space, PATIENTS).await?;
    let ids: Vec<PatientId> = told.keys().copied().collect();
    // A change that is under way may not know of this space yet: it is waited for, in that this patient stays due.
    let known = row::hold_still(cx, &mut transaction, &ids).await?;
    let ids: Vec<PatientId> = known.iter().map(|held| held.shown.id).collect();
    let moves = refresh_row::due_moves(&mut transaction, space, &ids, PATIENTS).await?;
    let mut kept: BTreeSet<(OpId, PatientId)> = BTreeSet::new();
    let entries = made::append_decided(cx, &mut transaction, space, |state| {
        let looked_after = looked_after(state, &moves);
        let mut bodies: Vec<Body> = known
            .iter()
            .filter_map(|held| {
                let id = held.shown.id;
                refreshed(held, told.get(&id).copied()?, state, looked_after.contains(&id))
            })
            .collect();
        let mut lengths: BTreeMap<OpId, usize> = BTreeMap::new();
        for change in &moves {
            match moved(*change, state, &mut lengths) {
                Moved::Told(body) => bodies.push(body),
                Moved::Nothing => {}
                Moved::Full => {
                    kept.insert((change.list, change.patient));
                }
            }
        }
        bodies
    })
    .await?;
    if !kept.is_empty() {
        cx.metrics
            .lists_full
            .inc_by(u64::try_from(kept.len()).unwrap_or(u64::MAX));
    }
    refresh_row::told(&mut transaction, space, &known).await?;
    refresh_row::moved(&mut transaction, space, &moves, &kept).await?;
    cx.metrics
        .patients_told
        .inc_by(u64::try_from(entries.len()).unwrap_or(u64::MAX));
    if !entries.is_empty() {
        notice::entries(&mut transaction, cx.now(), space, entries, Changed::default()).await?;
    }
    transaction.commit().await?;
    Ok(known.len() + moves.len())
}

/// The patients after whom a space looks, or is about to; with them those who stand for them.
fn looked_after(state: &SpaceState, moves: &[Move]) -> BTreeSet<PatientId> {
    let come = moves
        .iter()
        .filter(|change| change.here)
        .map(|change| change.patient);
    let here = state.looked_after();
    let stand: Vec<PatientId> = here
        .iter()
        .map(|patient| state.patients.resolve(*patient))
        .collect();
    come.chain(here).chain(stand).collect()
}

/// What a space has to be told of a patient; `None` when it has been told.
fn refreshed(held: &Held, told: u64, state: &SpaceState, is_looked_after: bool) -> Option<Body> {
    let is_known = told >= held.shown.version;
    if is_known {
        return None;
    }
    let is_new = |version: u64, news: &News| {
        if told > 0 {
            return version > told;
        }
        // Who is new here has no past, but that they stand for somebody who was here before.
        match news {
            News::TookIn(other) => state.patients.find(*other).is_some(),
            News::Admitted(_)
            | News::Cancelled
            | News::DeathWithdrawn
            | News::Died
            | News::Discharged
            | News::IdentityChanged
            | News::Leave { .. }
            | News::MergedInto(_)
            | News::Moved(_)
            | News::Unmerged(_) => false,
        }
    };
    let news = held
        .history
        .news
        .iter()
        .filter(|(version, news)| is_new(*version, news))
        .map(|(_, news)| news.clone())
        .collect();
    // Results are for those who look after somebody, who get the last of them with the patient: not for whoever wrote of them.
    let known = state.patients.find(held.shown.id);
    let is_known =
        |report: &Report| known.is_some_and(|held| held.reports.iter().any(|known| known.is_again(report)));
    let reports = held.history.reports.iter();
    let reports = reports
        .filter(|(version, report)| is_looked_after && *version > told && !is_known(report))
        .map(|(_, report)| report.clone())
        .collect();
    let refreshed = Refreshed {
        patient: held.shown.clone(),
        news,
        reports,
    };
    Some(Body::Patient(PatientOp::Refreshed(Box::new(refreshed))))
}

/// Somebody who comes onto a list that fills itself, or who left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) list: OpId,
    pub(super) patient: PatientId,
    pub(super) here: bool,
}

enum Moved {
    Full,
    Nothing,
    Told(Body),
}

fn moved(change: Move, state: &SpaceState, lengths: &mut BTreeMap<OpId, usize>) -> Moved {
    let Move { list, patient, here } = change;
    let Some(known) = state.lists.find(list).filter(|list| list.archived.is_none()) else {
        return Moved::Nothing;
    };
    let row = known.row(patient);
    let op = if here {
        let length = lengths.entry(list).or_insert_with(|| known.rows().len());
        match row {
            Some(row) if row.left.is_none() => return Moved::Nothing,
            Some(_) => {}
            None if *length >= baton_core::op::list::PATIENTS => return Moved::Full,
            None => *length += 1,
        }
        ListOp::PatientAdded(PatientAdded { list, patient })
    } else {
        match row {
            Some(row) if row.left.is_none() => {}
            Some(_) | None => return Moved::Nothing,
        }
        ListOp::PatientLeft(PatientLeft { list, patient })
    };
    Moved::Told(Body::List(op))
}

/// Spaces that are looked at before it is asked again which there are.
const SPACES: i64 = 50;

/// Patients of whom one space is told in one transaction: about 100 KiB.
const PATIENTS: i64 = 100;

const EVERY: Duration = Duration::from_secs(5);
