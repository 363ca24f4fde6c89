//! A history of many operations over several spaces, each made, sealed and signed by a device of its author and taken by
//! the record as any other: what a product that has been used for a year holds.
//!
//! It is written now, so that every operation carries the time at which it was written.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use baton_core::id::SpaceId;
use baton_core::op::Body;
use baton_core::op::message::{Acknowledged, Corrected, MessageOp, Posted, Priority, Withdrawn};
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::state::Message;
use baton_core::sync::{Pending, PendingState, Space, Sync};
use baton_core::time::At;
use futures_util::future::try_join_all;
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;

use crate::client::Client;

mod words;

/// How many of all operations each of so many spaces has: the second half as many as the first, the third a third, as
/// the busy and the quiet ones of a hospital.
pub fn shares(operations: u64, spaces: u64) -> Vec<u64> {
    let weights: Vec<u64> = (1..=spaces).map(|place| 1_000_000 / place).collect();
    let sum: u64 = weights.iter().sum::<u64>().max(1);
    let mut shares: Vec<u64> = weights.iter().map(|weight| operations * weight / sum).collect();
    let rest = operations - shares.iter().sum::<u64>();
    if let Some(first) = shares.first_mut() {
        *first += rest;
    }
    shares
}

/// Writes what is missing, so that each log has as many entries as it is to have. All authors belong to all the spaces.
/// Tells, as it goes on, how many operations were made and how many there are to make.
pub async fn write(authors: &[Client], wanted: &[(SpaceId, u64)], told: impl Fn(u64, u64)) -> Result<()> {
    let first = authors.first().context("a history has authors")?;
    let mut missing = Vec::new();
    for (space, entries) in wanted.iter().copied() {
        let head = first
            .look(move |sync| sync.space(space).map(head))
            .await?
            .context("the authors belong to the space")?;
        missing.push((space, entries.saturating_sub(head)));
    }
    let all = missing.iter().map(|(_, count)| count).sum();
    let made = AtomicU64::new(0);
    let (missing, made, told) = (&missing, &made, &told);
    let count = u64::try_from(authors.len())?;
    let writing = authors.iter().zip(0_u64..).map(|(author, number)| async move {
        for (space, entries) in missing {
            let mine = entries / count + u64::from(number < entries % count);
            write_in(author, *space, mine, |more| {
                told(made.fetch_add(more, Ordering::Relaxed) + more, all);
            })
            .await?;
        }
        Ok::<_, anyhow::Error>(())
    });
    try_join_all(writing).await?;
    for author in authors {
        author.until("an empty outbox", PATIENCE, is_settled).await?;
    }
    Ok(())
}

/// Nothing waits but what the record refused: two may have done at one time what only one may.
fn is_settled(sync: &Sync) -> Option<()> {
    let is_over = |pending: &Pending| match pending.state {
        PendingState::Refused(_) | PendingState::HeldBy(_) => true,
        PendingState::Acked | PendingState::InFlight | PendingState::Waiting => false,
    };
    let mut all = sync.spaces().flat_map(Space::outbox);
    all.all(is_over).then_some(())
}

/// Has a person read all of these spaces.
pub async fn read_all(reader: &Client, spaces: &[SpaceId]) -> Result<()> {
    let mine = spaces.to_vec();
    reader
        .change(move |sync, now, _| {
            for id in mine {
                if let Some(seq) = sync.space(id).map(|space| space.confirmed().head.seq) {
                    sync.read_up_to(id, seq, now);
                }
            }
        })
        .await
}

async fn write_in(author: &Client, space: SpaceId, operations: u64, told: impl Fn(u64)) -> Result<()> {
    let mut left = operations;
    while left > 0 {
        let made = author
            .change(move |sync, now, rng| some(sync, space, left, now, rng))
            .await?
            .map_err(|refusal| anyhow!("the rules refuse an operation of the history: {refusal:?}"))?;
        left -= made;
        told(made);
        let has_room = move |sync: &Sync| (waiting(sync.space(space)?) <= WINDOW / 2).then_some(());
        author.until("room in the outbox", PATIENCE, has_room).await?;
    }
    Ok(())
}

/// As many operations as may wait at one time; gives how many it made.
fn some(sync: &mut Sync, space: SpaceId, most: u64, now: At, rng: &mut ChaCha20Rng) -> Result<u64, Refusal> {
    let room = WINDOW.saturating_sub(sync.space(space).map_or(WINDOW, waiting));
    let count = most.min(room);
    for _ in 0..count {
        let body = sync
            .space(space)
            .map(|held| something(held, sync, rng))
            .ok_or(Refusal::NotMember)?;
        sync.act(space, body, now, rng)?;
    }
    Ok(count)
}

/// What people do: most of it is said, some of it answers, corrects, withdraws; what is urgent is acknowledged, the oldest first.
fn something(held: &Space, sync: &Sync, rng: &mut ChaCha20Rng) -> Body {
    let me = sync.user();
    let mut lately = held.shown().timeline.messages().rev().take(LATELY);
    let standing = |message: &&Message| message.withdrawn.is_none();
    let mine = |message: &&Message| message.withdrawn.is_none() && message.stamp.by == me;
    let posted = |priority, reply_to, rng: &mut ChaCha20Rng| {
        MessageOp::Posted(Posted {
            text: Personal::new(words::message(rng)),
            priority,
            reply_to,
            mentions: Vec::new(),
            roles: vec![],
            about: None,
            photos: vec![],
        })
    };
    let op = match rng.next_u32() % 100 {
        0..4 => lately.find(mine).map(|message| {
            MessageOp::Corrected(Corrected {
                message: message.id(),
                text: Personal::new(words::message(rng)),
            })
        }),
        4 => lately.find(mine).map(|message| {
            MessageOp::Withdrawn(Withdrawn {
                message: message.id(),
            })
        }),
        5..8 => Some(posted(Priority::Urgent, None, rng)),
        8..16 => held
            .shown()
            .timeline
            .urgent()
            .find(|message| message.waits_for_acknowledgement() && message.stamp.by != me)
            .map(|message| {
                MessageOp::Acknowledged(Acknowledged {
                    message: message.id(),
                })
            }),
        16..26 => lately
            .find(standing)
            .map(|message| posted(Priority::Routine, Some(message.id()), rng)),
        _ => None,
    };
    Body::Message(op.unwrap_or_else(|| posted(Priority::Routine, None, rng)))
}

fn head(space: &Space) -> u64 {
    space.confirmed().head.seq.value()
}

fn waiting(space: &Space) -> u64 {
    u64::try_from(space.outbox().count()).unwrap_or(u64::MAX)
}

/// Operations of one author that wait in one space at one time.
const WINDOW: u64 = 256;

/// Messages that something is still done with.
const LATELY: usize = 20;

/// For a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(5);

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn the_shares_are_all_there_is() {
        for (operations, spaces) in [(100_000, 30), (7, 30), (0, 3), (10, 1)] {
            let shares = shares(operations, spaces);
            assert_eq!(shares.iter().sum::<u64>(), operations);
            assert_eq!(shares.len() as u64, spaces);
            assert!(shares.is_sorted_by(|more, fewer| more >= fewer));
        }
    }
}
