//! A handover of long ago, from the whole log: a team's state holds the texts of the newest alone.

use baton_core::chain::Head;
use baton_core::id::{OpId, SpaceId};
use baton_core::op::Body;
use baton_core::op::handover::HandoverOp;
use baton_core::seal::OpenedOp;
use baton_core::state::handover::past::Past;
use baton_core::state::{Handover, SpaceState};
use sqlx::PgConnection;
use tokio::sync::Semaphore;

use super::{LogError, row};
use crate::context::Context;
use crate::keys::epoch;

/// A handover with its texts, exactly as it was; `None` when the log has no such offer. Only so many are read at a time: others
/// are told to ask again.
pub async fn handover(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    id: OpId,
) -> Result<Option<Handover>, LogError> {
    let offer = row::entries_of(conn, space, &[id]).await?;
    let mut keys = epoch::load(conn, &cx.keys, space).await?;
    let is_offer = offer.first().is_some_and(|entry| {
        let opened = keys.ring.open_entry(entry);
        opened.is_ok_and(|opened| matches!(opened.op.body, Body::Handover(HandoverOp::Offered(_))))
    });
    if !is_offer {
        return Ok(None);
    }
    let _permit = READING.try_acquire().map_err(|_| LogError::Unfinished)?;
    let mut past = Past::new(SpaceState::new(space), id);
    let mut head = Head::default();
    loop {
        let page = row::entries_after(conn, space, head.seq, PAGE, PAGE_BYTES).await?;
        if page.is_empty() {
            return Ok(past.handover());
        }
        for entry in &page {
            let seq = entry.seq.value();
            head = head.extend(entry).map_err(|_| LogError::Damaged { space, seq })?;
            if let Ok(OpenedOp { op, .. }) = keys.ring.open_entry(entry)
                && !past.fold(head, entry.at, &op)
            {
                return Ok(past.handover());
            }
        }
        // A long log is read for a while; others are answered meanwhile.
        tokio::task::yield_now().await;
    }
}

/// A whole log is read and folded for one: so many at a time.
static READING: Semaphore = Semaphore::const_new(2);

/// Entries that are read at one time, and their bytes.
const PAGE: u32 = 1_000;
const PAGE_BYTES: usize = 8 * 1024 * 1024;
