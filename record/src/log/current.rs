//! A space as it stands now, for whoever does not append to it.

use std::collections::BTreeSet;

use baton_core::chain::Seq;
use baton_core::id::{SpaceId, UserId};
use baton_core::seal::Keyring;
use baton_core::service::Changed;
use sqlx::{Connection, PgConnection};

use super::folded::Folded;
use super::{LogError, row};
use crate::context::Context;
use crate::keys::epoch;
use crate::notice;

/// A space as it stands now, from what is held in memory if possible.
pub(crate) async fn current(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    held: Option<Folded>,
) -> Result<Option<Folded>, LogError> {
    let Some(mut folded) = held else {
        return Folded::load(cx, conn, space).await;
    };
    let Some(row) = row::space(conn, space).await? else {
        return Ok(None);
    };
    folded.catch_up(cx, conn, row).await?;
    Ok(Some(folded))
}

/// What somebody who only reads needs of a space as it stands now.
pub(crate) struct Reader {
    /// The keys: a copy, so that nobody waits for it.
    pub(crate) ring: Keyring,
    /// Who belongs to it.
    pub(crate) members: BTreeSet<UserId>,
    /// Its last place.
    pub(crate) head: Seq,
}

impl Reader {
    fn of(folded: &Folded) -> Self {
        let mut ring = Keyring::new(folded.state.space);
        for (epoch, key) in folded.keys.ring.iter() {
            ring.insert(epoch, key.clone());
        }
        Self {
            ring,
            members: folded.state.members.iter().map(|(user, _)| user).collect(),
            head: folded.state.head.seq,
        }
    }
}

/// Gives a reader of what is in memory: perhaps a little behind what another replica wrote. `None` when there is no such
/// space. Who appends is held up no longer than it takes to copy.
pub(crate) async fn recent_reader(cx: &Context, space: SpaceId) -> Result<Option<Reader>, LogError> {
    if let Some(folded) = cx.spaces.slot(space).lock().await.as_ref() {
        return Ok(Some(Reader::of(folded)));
    }
    reader(cx, space).await
}

/// Gives a reader of where the space stands now. The slot is taken before a connection, as everywhere: whoever holds a
/// connection never waits for a slot.
pub(crate) async fn reader(cx: &Context, space: SpaceId) -> Result<Option<Reader>, LogError> {
    let slot = cx.spaces.slot(space);
    let mut held = slot.lock().await;
    let mut conn = cx.pool.acquire().await?;
    let Some(folded) = current(cx, &mut conn, space, held.take()).await? else {
        return Ok(None);
    };
    let reader = Reader::of(&folded);
    *held = Some(folded);
    Ok(Some(reader))
}

/// Begins a new epoch of a space outside of an append: after 30 days, or when a device was taken from its person.
pub async fn begin_epoch(cx: &Context, space: SpaceId) -> Result<(), LogError> {
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    if row::lock_space(&mut transaction, space).await?.is_some() {
        epoch::begin_next(&mut transaction, &cx.keys, space, cx.now(), &mut cx.rng()).await?;
        notice::changed(
            &mut transaction,
            cx.now(),
            space,
            Changed {
                new_epoch: true,
                ..Changed::default()
            },
        )
        .await?;
    }
    transaction.commit().await?;
    cx.notices.notify_one();
    Ok(())
}
