//! Live delivery: a team of ten, one sender at ten messages a second, from the tap to decrypted and folded at each of the
//! others.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use baton_core::id::OpId;
use baton_core::state::{Change, Item};
use baton_core::sync::{Shown, Space, Sync};
use xtask::record_build::Profile;

use super::reference::{Broadcast, paced_inserts};
use super::{Budget, Figure, millis, quantile, text};
use crate::client::{Client, Listener, message};
use crate::clock;
use crate::stage::{Cast, Stage};

const MEMBERS: usize = 10;
const PACE: Duration = Duration::from_millis(100);

/// Sealed, a 300-byte message has about this many bytes.
const SEALED: usize = 700;

/// Measures.
pub async fn measure(messages: u32) -> Result<Vec<Figure>> {
    let cast = Cast {
        people: MEMBERS,
        teams: vec![("Team".to_owned(), (0..MEMBERS).collect())],
        planted: "Bench".to_owned(),
    };
    let stage = Stage::open("bench-live", Profile::Release, &cast).await?;
    let (heard, hearing) = mpsc::channel();
    let mut clients = Vec::new();
    for number in 0..MEMBERS {
        let listener = listen(heard.clone());
        clients.push(Client::sign_in_listening(&stage.deployment, &Cast::subject(number), listener).await?);
    }
    for client in &clients {
        client.until_caught_up(Duration::from_mins(1)).await?;
    }
    let before = stage.metrics().await?;
    let sender = clients.first().context("there is a sender")?;
    let me = sender.seat().device.user;
    let space = sender
        .look(|sync| sync.spaces().next().map(Space::id))
        .await?
        .context("there is a team")?;
    let mut sent: BTreeMap<OpId, Instant> = BTreeMap::new();
    let mut pace = tokio::time::interval(PACE);
    for _ in 0..messages {
        pace.tick().await;
        let body = message(&text());
        let deed = sender
            .change(move |sync, now, rng| (clock::tick(), sync.act(space, body, now, rng)))
            .await?;
        sent.insert(deed.1.ok().context("the rules allow it")?, deed.0);
    }
    let total = u64::from(messages) + 1;
    for client in &clients {
        let done = move |sync: &Sync| {
            let space = sync.space(space)?;
            (space.confirmed().timeline.messages().count() + 1 >= usize::try_from(total).ok()?).then_some(())
        };
        client.until("all messages", Duration::from_mins(1), done).await?;
    }
    let mut times: Vec<Duration> = hearing
        .try_iter()
        .filter(|(user, _, _)| *user != me)
        .filter_map(|(_, op, at)| Some(at.duration_since(*sent.get(&op)?)))
        .collect();
    let count = times.len();
    let after = stage.metrics().await?;
    let grown = |name: &str| after.get(name).unwrap_or(&0.0) - before.get(name).unwrap_or(&0.0);
    let append = grown("baton_append_seconds_sum") / grown("baton_append_seconds_count") * 1000.0;
    drop(clients);

    let broadcast = Broadcast::start(&stage.state).await?;
    let mut bare = broadcast.live(MEMBERS, messages, SEALED, PACE).await?;
    let mut inserts = paced_inserts(&stage.database_url, messages, SEALED, PACE).await?;
    let (bare, insert) = (quantile(&mut bare, 0.5), quantile(&mut inserts, 0.5));
    let reference = bare + insert;
    let (median, p99) = (quantile(&mut times, 0.5), quantile(&mut times, 0.99));
    let words = format!("{} + {} ({count} deliveries)", millis(bare), millis(insert));
    let figure = |what: &str, time: Duration, most: f64| Figure {
        what: what.to_owned(),
        figure: format!("{} (append at the record: {append:.1} ms)", millis(time)),
        reference: words.clone(),
        ratio: time.as_secs_f64() / reference.as_secs_f64(),
        budget: Budget::AtMost(most),
    };
    Ok(vec![
        figure("live delivery, median", median, 1.5),
        figure("live delivery, p99", p99, 3.0),
    ])
}

type Heard = (baton_core::id::UserId, OpId, Instant);

/// Tells when each message has been folded into the confirmed state.
fn listen(heard: mpsc::Sender<Heard>) -> Listener {
    Box::new(move |sync, shown| {
        let Shown::Space(space, changes) = shown else {
            return;
        };
        let Some(held) = sync.space(*space) else { return };
        for change in changes {
            let Change::Added(seq) = change else { continue };
            if let Some(Item::Message(message)) = held.confirmed().timeline.at(*seq) {
                let _over = heard.send((sync.user(), message.id(), clock::tick()));
            }
        }
    })
}
