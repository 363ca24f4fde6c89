//! Durable throughput: twenty teams of fifty, a hundred senders with one message in flight each. A hundred people are in
//! ten of the teams each, and all hundred devices listen to all of theirs, so that each message reaches fifty.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::id::SpaceId;
use baton_core::state::{Change, Item};
use baton_core::sync::{Shown, Sync};
use tokio::sync::mpsc;
use xtask::record_build::Profile;

use super::reference::{insert_rate, per_second};
use super::{Budget, Figure, text};
use crate::client::{Client, Listener};
use crate::clock;
use crate::stage::{Cast, Stage, spaces_by_title};

const PEOPLE: usize = 100;
const TEAMS: usize = 20;
const SENDERS_EACH: usize = 5;
const MEMBERS: usize = 50;

/// Sealed, a 300-byte message has about this many bytes.
const SEALED: usize = 700;

/// Measures.
pub async fn measure(load: Duration) -> Result<Vec<Figure>> {
    let members = |team: usize| {
        (0..MEMBERS)
            .map(|place| (team * SENDERS_EACH + place) % PEOPLE)
            .collect()
    };
    let teams = (0..TEAMS)
        .map(|team| (format!("Team {team}"), members(team)))
        .collect();
    let cast = Cast {
        people: PEOPLE,
        teams,
        planted: "Bench".to_owned(),
    };
    let stage = Stage::open("bench-throughput", Profile::Release, &cast).await?;
    let counts = Arc::new(Counts::default());
    let mut clients = Vec::new();
    for number in 0..PEOPLE {
        let (landed, landing) = mpsc::unbounded_channel();
        let listener = listen(counts.clone(), landed);
        let client = Client::sign_in_listening(&stage.deployment, &Cast::subject(number), listener).await?;
        clients.push((client, landing));
    }
    for (client, _) in &clients {
        client.until_caught_up(Duration::from_mins(2)).await?;
    }
    let mut senders = Vec::new();
    for (number, (client, landing)) in clients.into_iter().enumerate() {
        let title = format!("Team {}", number / SENDERS_EACH);
        let space = client
            .look(move |sync| spaces_by_title(sync).get(&title).copied())
            .await?;
        let space = space.context("everybody is in the team that they send to")?;
        senders.push(tokio::spawn(send(client, space, landing, counts.clone())));
    }
    clock::pause(Duration::from_secs(2)).await;
    let started = clock::tick();
    let (sent, received) = counts.read();
    clock::pause(load).await;
    let time = started.elapsed();
    let (sent, received) = (counts.read().0 - sent, counts.read().1 - received);
    counts.is_over.store(true, Ordering::Relaxed);
    for sender in senders {
        let client = sender.await??;
        let idle = |sync: &Sync| (sync.waiting() == 0).then_some(());
        client
            .until("an empty outbox", Duration::from_secs(30), idle)
            .await?;
    }
    let rate = per_second(sent, time);
    let reference = insert_rate(&stage.database_url, 10, SEALED, load / 2).await?;
    Ok(vec![Figure {
        what: "durable throughput".to_owned(),
        figure: format!("{rate:.0}/s (to {:.0}/s)", per_second(received, time)),
        reference: format!("{reference:.0} inserts/s"),
        ratio: rate / reference,
        budget: Budget::AtLeast(1.0),
    }])
}

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    received: AtomicU64,
    is_over: AtomicBool,
}

impl Counts {
    fn read(&self) -> (u64, u64) {
        (
            self.sent.load(Ordering::Relaxed),
            self.received.load(Ordering::Relaxed),
        )
    }
}

/// Sends again and again, the next when the one before is in the log.
async fn send(
    client: Client,
    space: SpaceId,
    mut landing: mpsc::UnboundedReceiver<SpaceId>,
    counts: Arc<Counts>,
) -> Result<Client> {
    while !counts.is_over.load(Ordering::Relaxed) {
        client
            .post(space, &text())
            .await?
            .ok()
            .context("the rules allow it")?;
        while landing.recv().await.context("the client has ended")? != space {}
        counts.sent.fetch_add(1, Ordering::Relaxed);
    }
    Ok(client)
}

/// Counts what is folded, and tells of one's own.
fn listen(counts: Arc<Counts>, landed: mpsc::UnboundedSender<SpaceId>) -> Listener {
    Box::new(move |sync, shown| {
        let Shown::Space(space, changes) = shown else {
            return;
        };
        let Some(held) = sync.space(*space) else { return };
        for change in changes {
            let Change::Added(seq) = change else { continue };
            if let Some(Item::Message(message)) = held.confirmed().timeline.at(*seq) {
                counts.received.fetch_add(1, Ordering::Relaxed);
                let is_mine = message.stamp.by == sync.user();
                if is_mine && landed.send(*space).is_err() {
                    return;
                }
            }
        }
    })
}
