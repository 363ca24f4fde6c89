//! Idle devices: resident memory at the edge for each device that is connected, listens to a team and does nothing,
//! beside a bare hibernating WebSocket.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use baton_core::chain::Seq;
use baton_core::frame::{FromEdge, ToEdge, VERSION};
use baton_core::id::DeviceId;
use baton_core::service::derive_gateway;
use xtask::record_build::Profile;
use xtask::stack::keys::Keys;

use super::reference::{Broadcast, resident};
use super::{Budget, Figure};
use crate::door::{Heard, Raw, Token, signing_key};
use crate::stage::{Cast, Stage};
use crate::{clock, log};

const PEOPLE: usize = 50;

/// Objects sleep after ten seconds without an event.
const ASLEEP: Duration = Duration::from_secs(15);

/// Measures.
pub async fn measure(devices: usize) -> Result<Vec<Figure>> {
    let team = ("Team".to_owned(), (0..PEOPLE).collect());
    let cast = Cast {
        people: PEOPLE,
        teams: vec![team],
        planted: "Bench".to_owned(),
    };
    let stage = Stage::open("bench-idle", Profile::Release, &cast).await?;
    let (one, session) = stage.deployment.sign_in(&Cast::subject(0)).await?;
    let space = session.spaces.first().context("there is a team")?.space;
    let keys = Keys::kept_in(&stage.state.join("keys.json"))?;
    let key = signing_key(&keys.record_signing)?;
    let made = more_devices(&stage, one.id, devices).await?;
    let id = stage
        .with(|stack| stack.edge.id().context("the edge runs"))
        .await?;

    // The first few bring up what all share.
    let mut sockets = Vec::new();
    let mut before = 0;
    for (number, (device, user)) in made.into_iter().enumerate() {
        if number == WARM {
            clock::pause(ASLEEP).await;
            before = resident(id)?;
        }
        let token = Token::service("baton-record", "baton-relay")
            .claim("sub", device)
            .claim("user", user.clone());
        let user = user.parse()?;
        let mut socket = Raw::dial(&stage.deployment, derive_gateway(user)).await?;
        socket
            .send(&ToEdge::Hello {
                token: token.sign(&key),
                version: VERSION,
            })
            .await?;
        socket
            .send(&ToEdge::Subscribe {
                space,
                after: Seq::ZERO,
            })
            .await?;
        loop {
            match socket.hear().await? {
                Heard::Frame(FromEdge::Entries { .. }) => break,
                Heard::Frame(FromEdge::Welcome { .. } | FromEdge::Cursors { .. }) => {}
                other @ (Heard::Closed(..) | Heard::Frame(_) | Heard::Text(_)) => {
                    bail!("an idle device heard {other:?}")
                }
            }
        }
        sockets.push(socket);
    }
    clock::pause(ASLEEP).await;
    let ours = each(resident(id)?, before, devices);
    drop(sockets);

    let broadcast = Broadcast::start(&stage.state).await?;
    let mut sockets = Vec::new();
    let mut before = 0;
    for number in 0..devices + WARM {
        if number == WARM {
            clock::pause(ASLEEP).await;
            before = resident(broadcast.id())?;
        }
        sockets.push(broadcast.dial("idle").await?);
    }
    clock::pause(ASLEEP).await;
    let bare = each(resident(broadcast.id())?, before, devices);
    Ok(vec![Figure {
        what: format!("idle device, {devices} devices"),
        figure: format!("{ours:.1} KiB"),
        reference: format!("{bare:.1} KiB"),
        ratio: ours / bare,
        budget: Budget::AtMost(1.5),
    }])
}

/// Registers many devices behind the record's back: their keys are never used. Gives device and user of each.
async fn more_devices(stage: &Stage, like: DeviceId, count: usize) -> Result<Vec<(String, String)>> {
    let database = log::connect(&stage.database_url).await?;
    let sql = format!(
        "INSERT INTO device SELECT gen_random_uuid(), p.id, d.signing_key, d.hpke_key, d.certificate, d.created_at,
           d.session_until, d.seen_at, NULL
         FROM device d, generate_series(1, {}) n, LATERAL (SELECT id FROM person ORDER BY id OFFSET n % {PEOPLE} LIMIT 1) p
         WHERE d.id = '{like}' RETURNING id::text, user_id::text",
        count + WARM
    );
    let rows = database.query(&sql, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "memory far below 2^52 bytes")]
fn each(after: u64, before: u64, count: usize) -> f64 {
    after.saturating_sub(before) as f64 / 1024.0 / count as f64
}

/// Sockets that are opened before memory is first looked at.
const WARM: usize = 50;
