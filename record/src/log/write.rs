//! Writing what was planned: log rows, projections, audit and a new epoch in one transaction, which holds only if the
//! space still stands where it was planned from.

use baton_core::id::{DeviceId, SpaceId};
use sqlx::{Acquire, PgConnection};
use uuid::Uuid;

use super::LogError;
use super::plan::{MemberChange, MemberWhat, Plan};
use super::row::{NewEntry, SpaceRow, signed};
use crate::context::{Context, millis};
use crate::keys::epoch;
use crate::patients::{lists, space};
use crate::people::audit;
use crate::photos;
use crate::roles::standing;

/// What came of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// The space is elsewhere by now, a device was ended, or an operation is in the log already: plan again.
    Missed,
    /// It is durable (in a caller's transaction: will be when that commits).
    Done,
}

/// Writes a plan, in a transaction of its own or within the caller's.
pub(super) async fn write(
    cx: &Context,
    conn: &mut PgConnection,
    from: SpaceRow,
    plan: &Plan,
) -> Result<Written, LogError> {
    let id = plan.state.space;
    let is_plain = plan.named.is_empty() && plan.lists.is_empty() && plan.roles.is_empty();
    if is_plain && plan.members.is_empty() && plan.photos.is_empty() {
        return entries(conn, id, from, plan.row, &plan.rows).await;
    }
    let mut transaction = conn.begin().await?;
    if entries(&mut transaction, id, from, plan.row, &plan.rows).await? == Written::Missed {
        transaction.rollback().await?;
        return Ok(Written::Missed);
    }
    if !plan.named.is_empty() {
        space::remember(&mut transaction, id, &plan.named).await?;
    }
    if !plan.photos.is_empty() {
        photos::show(&mut transaction, id, &plan.photos).await?;
    }
    for change in &plan.lists {
        lists::change(cx, &mut transaction, id, change).await?;
    }
    if !plan.roles.is_empty() {
        standing::write(cx, &mut transaction, plan.row.at, id, &plan.roles).await?;
    }
    for change in &plan.members {
        member(&mut transaction, id, *change).await?;
        audit::add(
            &mut transaction,
            plan.row.at,
            audit::Event {
                event: event_of(change.what),
                user: Some(change.by),
                space: Some(id),
                subject: Some(change.user.uuid()),
                ..audit::Event::default()
            },
        )
        .await?;
    }
    if plan.changed.new_epoch {
        epoch::begin_next(&mut transaction, &cx.keys, id, cx.now(), &mut cx.rng()).await?;
    }
    transaction.commit().await?;
    Ok(Written::Done)
}

/// One statement, so one round trip and one flush: moves the space's row on from where it was planned, and adds the
/// entries if that held.
pub(super) async fn entries(
    conn: &mut PgConnection,
    space: SpaceId,
    from: SpaceRow,
    to: SpaceRow,
    rows: &[NewEntry],
) -> Result<Written, LogError> {
    let mut devices: Vec<Uuid> = rows.iter().map(|row| row.entry.device.uuid()).collect();
    devices.sort_unstable();
    devices.dedup();
    devices.retain(|device| *device != DeviceId::RECORD.uuid());
    let column = |of: fn(&NewEntry) -> i64| rows.iter().map(of).collect::<Vec<_>>();
    let written = sqlx::query(
        "WITH head AS (
             UPDATE space SET head_seq = $2, head_chain = $3, head_at = $4
             WHERE id = $1 AND head_seq = $5 AND head_chain = $6 AND epoch = $7
                 AND NOT EXISTS (SELECT 1 FROM device WHERE id = ANY($8) AND revoked_at IS NOT NULL)
             RETURNING id)
         INSERT INTO log (space, seq, op_id, device, at, epoch, target, list, chain, sealed)
         SELECT head.id, new.* FROM head,
             UNNEST($9::bigint[], $10::uuid[], $11::uuid[], $12::bigint[], $13::int[], $14::uuid[], $15::uuid[],
                    $16::bytea[], $17::bytea[]) AS new (seq, op_id, device, at, epoch, target, list, chain, sealed)",
    )
    .bind(space.uuid())
    .bind(signed(to.head.seq))
    .bind(to.head.chain.as_bytes().as_slice())
    .bind(millis(to.at))
    .bind(signed(from.head.seq))
    .bind(from.head.chain.as_bytes().as_slice())
    .bind(epoch::write(from.epoch))
    .bind(devices)
    .bind(column(|row| signed(row.entry.seq)))
    .bind(rows.iter().map(|row| row.entry.op_id.uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.entry.device.uuid()).collect::<Vec<_>>())
    .bind(column(|row| millis(row.entry.at)))
    .bind(rows.iter().map(|row| epoch::write(row.epoch)).collect::<Vec<_>>())
    .bind(
        rows.iter()
            .map(|row| row.target.map(baton_core::id::OpId::uuid))
            .collect::<Vec<_>>(),
    )
    .bind(
        rows.iter()
            .map(|row| row.list.map(baton_core::id::OpId::uuid))
            .collect::<Vec<_>>(),
    )
    .bind(
        rows.iter()
            .map(|row| row.entry.chain.as_bytes().as_slice())
            .collect::<Vec<_>>(),
    )
    .bind(
        rows.iter()
            .map(|row| row.entry.sealed.as_slice())
            .collect::<Vec<_>>(),
    )
    .execute(conn)
    .await;
    match written {
        Ok(done) if done.rows_affected() == 0 => Ok(Written::Missed),
        Ok(_) => Ok(Written::Done),
        Err(error) if is_taken(&error) => Ok(Written::Missed),
        Err(error) => Err(error.into()),
    }
}

/// An operation of this id, or an entry at this place, is there already.
fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Writes one change of the members.
pub(super) async fn member(
    conn: &mut PgConnection,
    space: SpaceId,
    change: MemberChange,
) -> Result<(), LogError> {
    let query = match change.what {
        MemberWhat::Added { admin } => sqlx::query(
            "INSERT INTO member (space, user_id, since, admin) VALUES ($1, $2, $3, $4)
             ON CONFLICT (space, user_id) DO UPDATE SET since = $3, admin = $4, until = NULL",
        )
        .bind(space.uuid())
        .bind(change.user.uuid())
        .bind(signed(change.seq))
        .bind(admin),
        MemberWhat::MadeAdmin => {
            sqlx::query("UPDATE member SET admin = true WHERE space = $1 AND user_id = $2")
                .bind(space.uuid())
                .bind(change.user.uuid())
        }
        MemberWhat::Removed => {
            sqlx::query("UPDATE member SET until = $3, admin = false WHERE space = $1 AND user_id = $2")
                .bind(space.uuid())
                .bind(change.user.uuid())
                .bind(signed(change.seq))
        }
    };
    query.execute(&mut *conn).await?;
    // Whoever had asked to join was let in; if they are removed, they have to ask again.
    sqlx::query("DELETE FROM join_request WHERE space = $1 AND user_id = $2")
        .bind(space.uuid())
        .bind(change.user.uuid())
        .execute(conn)
        .await?;
    Ok(())
}

fn event_of(what: MemberWhat) -> &'static str {
    match what {
        MemberWhat::Added { .. } => "member.added",
        MemberWhat::MadeAdmin => "member.made_admin",
        MemberWhat::Removed => "member.removed",
    }
}
