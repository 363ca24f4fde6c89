//! Catching up: a device returns after many entries, and fetches, checks, opens and folds them.

use std::time::Duration;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use anyhow::{Context, Result, ensure};
use baton_core::id::SpaceId;
use baton_core::sync::{Event, Space, Sync};
use xtask::record_build::Profile;

use super::reference::processor;
use super::{Budget, Figure, millis, quantile, text};
use crate::stage::{Cast, Stage};
use crate::{clock, log};

const DEVICES: usize = 5;

/// Measures.
pub async fn measure(entries: u32) -> Result<Vec<Figure>> {
    let cast = Cast {
        people: 2,
        teams: vec![("Team".to_owned(), vec![0, 1])],
        planted: "Bench".to_owned(),
    };
    let stage = Stage::open("bench-catch-up", Profile::Release, &cast).await?;
    let writer = stage
        .sign_in([0].into_iter())
        .await?
        .pop()
        .context("there is a writer")?;
    let readers = stage.sign_in(std::iter::repeat_n(1, DEVICES)).await?;
    let space = writer
        .look(|sync| sync.spaces().next().map(Space::id))
        .await?
        .context("there is a team")?;
    let before = head(&writer, space).await?;
    for reader in &readers {
        reader.tell(Event::Offline);
        let off = |sync: &Sync| (!sync.connection().is_live()).then_some(());
        reader
            .until("no connection", Duration::from_secs(10), off)
            .await?;
    }
    for _ in 0..entries {
        writer
            .post(space, &text())
            .await?
            .ok()
            .context("the rules allow it")?;
    }
    let idle = |sync: &Sync| (sync.waiting() == 0).then_some(());
    writer
        .until("an empty outbox", Duration::from_mins(5), idle)
        .await?;
    let target = head(&writer, space).await?;
    ensure!(
        target == before + u64::from(entries),
        "the log has {target} entries"
    );

    let mut times = Vec::new();
    let mut trips = 0;
    let (edge, record) = stage.processes().await?;
    let ids = [std::process::id(), edge, record];
    let before_all = ids.map(|id| processor(id).unwrap_or(0));
    for reader in &readers {
        let sent = reader.sent();
        reader.tell(Event::Online);
        let caught_up =
            move |sync: &Sync| (sync.space(space)?.confirmed().head.seq.value() == target).then_some(());
        reader
            .until("the head", Duration::from_mins(1), caught_up)
            .await?;
        // A device waits a random moment before it dials, so that a ward does not come back all at once.
        times.push(reader.dialled().context("it has dialled")?.elapsed());
        // Opening the socket is one, and each frame that is sent waits for its answer.
        trips = trips.max(reader.sent() - sent + 1);
    }
    let [device, edge, record] = ids.map(|id| processor(id).unwrap_or(0));
    let [device_before, edge_before, record_before] = before_all;
    let each = |after: u64, before: u64| (after - before) / DEVICES as u64;
    let spent = format!(
        "processor: device {}, edge {}, record {} ms",
        each(device, device_before),
        each(edge, edge_before),
        each(record, record_before)
    );
    let mut references = Vec::new();
    for _ in 0..DEVICES {
        references.push(reference(&stage.database_url, space, before).await?);
    }
    let (time, reference) = (quantile(&mut times, 0.5), quantile(&mut references, 0.5));
    Ok(vec![
        Figure {
            what: format!("catch-up with {entries} entries"),
            figure: format!("{} ({spent})", millis(time)),
            reference: millis(reference),
            ratio: time.as_secs_f64() / reference.as_secs_f64(),
            budget: Budget::AtMost(4.0),
        },
        Figure {
            what: "catch-up, round trips".to_owned(),
            figure: trips.to_string(),
            reference: String::new(),
            ratio: f64::from(u32::try_from(trips).unwrap_or(u32::MAX)),
            budget: Budget::AtMost(6.0),
        },
    ])
}

async fn head(client: &crate::client::Client, space: SpaceId) -> Result<u64> {
    let head = client
        .look(move |sync| sync.space(space).map(|space| space.confirmed().head.seq.value()))
        .await?;
    head.context("the space is held")
}

/// The same rows with one query, and AES-256-GCM over the same bytes.
async fn reference(url: &str, space: SpaceId, after: u64) -> Result<Duration> {
    let (query, sealed) = rows(url, space, after).await?;
    let key: Key<Aes256Gcm> = [7; 32].into();
    let cipher = Aes256Gcm::new(&key);
    let nonce: Nonce<_> = [9; 12].into();
    let seal = |bytes: &Vec<u8>| cipher.encrypt(&nonce, bytes.as_slice()).ok();
    let sealed: Option<Vec<_>> = sealed.iter().map(seal).collect();
    let sealed = sealed.context("AES-GCM seals")?;
    let started = clock::tick();
    for bytes in &sealed {
        let plain = cipher
            .decrypt(&nonce, bytes.as_slice())
            .ok()
            .context("AES-GCM opens")?;
        std::hint::black_box(plain);
    }
    Ok(query + started.elapsed())
}

/// The same rows with one query: how long it takes, and what is sealed in each.
pub(super) async fn rows(url: &str, space: SpaceId, after: u64) -> Result<(Duration, Vec<Vec<u8>>)> {
    let database = log::connect(url).await?;
    let sql = format!(
        "SELECT seq, op_id::text, device::text, at, chain, sealed FROM log WHERE space = '{space}' AND seq > {after} ORDER BY seq"
    );
    let query = database.prepare(&sql).await?;
    database.query(&query, &[]).await?;
    let started = clock::tick();
    let rows = database.query(&query, &[]).await?;
    let time = started.elapsed();
    let sealed = rows.iter().map(|row| row.try_get(5)).collect::<Result<_, _>>()?;
    Ok((time, sealed))
}
