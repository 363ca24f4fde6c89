//! What the demonstration has to look at beyond its people and teams (`xtask/demo/`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::device_api::{CREATE_PATH, Create, SIGN_OUT_PATH, SpaceGrant};
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use baton_core::secret::Personal;
use baton_core::sync::Event;

use crate::client::{Client, Deployment, record};
use crate::stage::spaces_by_title;
use crate::{clock, history};

/// What there is afterwards.
#[derive(Clone, Debug)]
pub struct Written {
    /// How many operations the conversations' logs have.
    pub operations: u64,
    /// In whose inbox they are.
    pub person: String,
}

/// A history in conversations of four people, the first of whom starts them. What is there already is not written
/// again.
pub async fn history(
    deployment: &Arc<Deployment>,
    operations: u64,
    conversations: u64,
    told: impl Fn(u64, u64),
) -> Result<Written> {
    let mut authors = Vec::new();
    for subject in AUTHORS {
        let author = Client::sign_in(deployment, subject).await;
        authors.push(author.with_context(|| format!("signing in as {subject}"))?);
    }
    let wrote = write(&authors, operations, conversations, told).await;
    for author in &authors {
        let seat = author.seat();
        record::tell(&seat.deployment, &seat.device, SIGN_OUT_PATH, &()).await?;
    }
    Ok(Written {
        operations: wrote?,
        person: AUTHORS.first().copied().unwrap_or_default().to_owned(),
    })
}

async fn write(
    authors: &[Client],
    operations: u64,
    conversations: u64,
    told: impl Fn(u64, u64),
) -> Result<u64> {
    let (first, others) = authors.split_first().context("there are authors")?;
    for author in authors {
        author.until_caught_up(PATIENCE).await?;
    }
    let others: Vec<UserId> = others.iter().map(|other| other.seat().device.user).collect();
    let known = first.look(spaces_by_title).await?;
    let mut wanted = Vec::new();
    for (title, share) in TITLES.iter().zip(history::shares(operations, conversations)) {
        wanted.push((space(first, &known, title, &others).await?, share));
    }
    for author in authors {
        for (space, _) in wanted.iter().copied() {
            author
                .until("the conversation", PATIENCE, move |sync| {
                    sync.space(space)?.is_caught_up().then_some(())
                })
                .await?;
        }
    }
    history::write(authors, &wanted, told).await?;
    let spaces: Vec<SpaceId> = wanted.iter().map(|(space, _)| *space).collect();
    let reads_late = history::shares(operations, conversations).len() / 3;
    for author in authors {
        history::read_all(author, spaces.get(reads_late..).unwrap_or_default()).await?;
    }
    clock::pause(TOLD).await;
    let mut all = 0;
    for space in spaces {
        all += first
            .look(move |sync| {
                sync.space(space)
                    .map_or(0, |held| held.confirmed().head.seq.value())
            })
            .await?;
    }
    Ok(all)
}

/// The conversation of this title, started if there is none.
async fn space(
    starter: &Client,
    known: &BTreeMap<String, SpaceId>,
    title: &str,
    others: &[UserId],
) -> Result<SpaceId> {
    if let Some(space) = known.get(title) {
        return Ok(*space);
    }
    let question = Create {
        kind: SpaceKind::Group,
        title: Personal::new(title.to_owned()),
        members: others.to_vec(),
        request: OpId::make(clock::now(), clock::random()),
        about: None,
    };
    let seat = starter.seat();
    let grant: SpaceGrant = record::ask(&seat.deployment, &seat.device, CREATE_PATH, &question).await?;
    let space = grant.space;
    starter.tell(Event::Granted(Box::new(grant)));
    Ok(space)
}

/// Who writes it (`xtask/demo/people.json`).
const AUTHORS: [&str; 4] = ["grace.adeyemi", "amina.khan", "daniel.osei", "hannah.levy"];

/// The conversations, the busiest first.
const TITLES: [&str; 30] = [
    "Ward 7 day to day",
    "Bed meeting",
    "Board round actions",
    "Ward 7 and pharmacy",
    "Ward 7 and therapies",
    "Frailty huddle",
    "Falls and mobility",
    "Night cover, medicine",
    "Bloods and results to chase",
    "Cannulas and lines",
    "Virtual ward, respiratory",
    "Discharge lounge",
    "Transport",
    "Tissue viability link nurses",
    "Infection control, tower block",
    "Diabetes link nurses",
    "Continence link nurses",
    "Dementia and delirium",
    "Nutrition and swallowing",
    "End of life care",
    "Heart failure clinic",
    "Stroke follow-up",
    "Acute kidney injury watch",
    "Medicines to take home",
    "Equipment and loans",
    "Bank and agency shifts",
    "Students and mentors",
    "Teaching on Wednesdays",
    "Ward 7 sisters",
    "Christmas rota",
];

/// How many conversations there can be.
pub const MOST_CONVERSATIONS: u64 = TITLES.len() as u64;

/// For a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);

/// How far somebody has read is told within a few seconds.
const TOLD: Duration = Duration::from_secs(8);
