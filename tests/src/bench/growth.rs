//! Growth: what an operation costs where there is ten and a hundred times as much: entries in the log, members of the space,
//! spaces of the author. Processor time of the servers (record, edge, PostgreSQL), and of the author's device. What devices that
//! listen cost on top is to be so much for each of them, however many there are.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Sub;
use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::id::SpaceId;
use baton_core::sync::Sync;
use xtask::record_build::Profile;

use super::reference::processor_micros;
use super::{Budget, Figure, text};
use crate::client::Client;
use crate::stage::{Cast, Stage, spaces_by_title};
use crate::{clock, history};

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Entries of the shortest log.
    pub history: u64,
    /// Operations of each author in a round.
    pub operations: u32,
}

const TIMES: [usize; 3] = [1, 10, 100];
const MEMBERS: usize = 5;
const SPACES: usize = 3;
const LISTENERS: usize = 10;
/// Of the rounds the median counts: PostgreSQL and the others tidy up when they like.
const ROUNDS: usize = 9;

/// Whose spaces are many is not a member of anything else.
const AUTHOR: usize = 0;
const PEOPLE: usize = MEMBERS * 100 + TIMES.len();

/// What grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    History,
    Members,
    Spaces,
}

impl Of {
    const ALL: [Self; 3] = [Self::History, Self::Members, Self::Spaces];

    fn word(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Members => "members",
            Self::Spaces => "spaces",
        }
    }

    fn title(self, times: usize) -> String {
        format!("{} {times}", self.word())
    }
}

/// One who acts in a space.
struct Arm {
    of: Of,
    times: usize,
    space: SpaceId,
    /// Of each round.
    costs: Vec<Cost>,
}

/// Processor time, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    edge: u64,
    record: u64,
    database: u64,
    device: u64,
}

/// Whose time it is.
#[derive(Clone, Copy, Debug)]
enum Side {
    Device,
    Servers,
}

impl Side {
    fn of(self, cost: Cost) -> u64 {
        match self {
            Self::Device => cost.device,
            Self::Servers => cost.edge + cost.record + cost.database,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Device => "its author's device",
            Self::Servers => "servers",
        }
    }
}

/// Measures.
pub async fn measure(size: Size) -> Result<Vec<Figure>> {
    let stage = Stage::open("bench-growth", Profile::Release, &cast()).await?;
    let authors = stage
        .sign_in([AUTHOR].into_iter().chain(MEMBERS * 100..PEOPLE))
        .await?;
    let first = authors.first().context("there is an author")?;
    let mut wanted = Vec::new();
    for times in TIMES {
        let space = space_of(first, &Of::History.title(times)).await?;
        wanted.push((space, size.history * u64::try_from(times)?));
    }
    history::write(std::slice::from_ref(first), &wanted, |_, _| ()).await?;

    let mut arms = Vec::new();
    for of in Of::ALL {
        for (place, times) in TIMES.into_iter().enumerate() {
            let author = if of == Of::Spaces { place + 1 } else { 0 };
            let client = authors.get(author).context("there is the author")?;
            let space = space_of(client, &of.title(times)).await?;
            arms.push((
                client,
                Arm {
                    of,
                    times,
                    space,
                    costs: Vec::new(),
                },
            ));
        }
    }
    for round in 0..=ROUNDS {
        for (client, arm) in &mut arms {
            let spent = act(&stage, client, arm.space, size.operations).await?;
            // The first is for what is done once.
            if round > 0 {
                arm.costs.push(spent);
            }
        }
        // Nobody is always first, or after the longest history.
        arms.rotate_left(4);
    }
    let done = f64::from(size.operations);
    let arms: Vec<Arm> = arms.into_iter().map(|(_, arm)| arm).collect();
    let mut figures = Vec::new();
    for of in Of::ALL {
        figures.extend(of_arms(of, &arms, done));
    }
    figures.push(listeners(&stage, first, size).await?);
    Ok(figures)
}

fn cast() -> Cast {
    let mut teams = Vec::new();
    for (place, times) in TIMES.into_iter().enumerate() {
        teams.push((Of::History.title(times), (0..MEMBERS).collect()));
        teams.push((Of::Members.title(times), (0..MEMBERS * times).collect()));
        let author = MEMBERS * 100 + place;
        teams.push((Of::Spaces.title(times), vec![author]));
        for number in 1..SPACES * times {
            teams.push((format!("Another {times} {number}"), vec![author]));
        }
    }
    for count in [LISTENERS, LISTENERS * 10] {
        teams.push((heard(count), (0..=count).collect()));
    }
    Cast {
        people: PEOPLE,
        teams,
        planted: "Bench".to_owned(),
    }
}

fn heard(listeners: usize) -> String {
    format!("Heard by {listeners}")
}

async fn space_of(client: &Client, title: &str) -> Result<SpaceId> {
    let known = client.look(spaces_by_title).await?;
    known.get(title).copied().context("there is the team")
}

/// Writes in a space, each message when the one before is in the log; gives what all took.
async fn act(stage: &Stage, client: &Client, space: SpaceId, operations: u32) -> Result<Cost> {
    let before = spent(stage).await?;
    for _ in 0..operations {
        client
            .post(space, &text())
            .await?
            .ok()
            .context("the rules allow it")?;
        let is_in_log = move |sync: &Sync| sync.space(space)?.outbox().next().is_none().then_some(());
        client
            .until("a message in the log", Duration::from_mins(1), is_in_log)
            .await?;
    }
    // What follows a message, as a snapshot, is of its cost.
    clock::pause(Duration::from_millis(200)).await;
    let after = spent(stage).await?;
    Ok(after - before)
}

/// What each process has used so far.
struct Spent {
    edge: u64,
    record: u64,
    database: BTreeMap<u32, u64>,
    device: u64,
}

impl Sub for Spent {
    type Output = Cost;

    /// Processes that began or ended meanwhile (PostgreSQL tidies up when it likes) are not counted.
    fn sub(self, before: Self) -> Cost {
        let grown = |(id, time): (&u32, &u64)| Some(time.saturating_sub(*before.database.get(id)?));
        Cost {
            edge: self.edge.saturating_sub(before.edge),
            record: self.record.saturating_sub(before.record),
            database: self.database.iter().filter_map(grown).sum(),
            device: self.device.saturating_sub(before.device),
        }
    }
}

async fn spent(stage: &Stage) -> Result<Spent> {
    let (edge, record) = stage.processes().await?;
    let data = stage
        .with(|stack| {
            Ok(stack
                .postgres
                .as_ref()
                .context("the stack has a PostgreSQL")?
                .data())
        })
        .await?;
    let postmaster = fs::read_to_string(data.join("postmaster.pid"))?;
    let postmaster: u32 = postmaster
        .lines()
        .next()
        .context("a process id")?
        .trim()
        .parse()?;
    let children = fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"))?;
    let backends = children.split_whitespace().filter_map(|id| id.parse().ok());
    let database = std::iter::once(postmaster).chain(backends);
    Ok(Spent {
        edge: processor_micros(edge)?,
        record: processor_micros(record)?,
        database: database
            .filter_map(|id| Some((id, processor_micros(id).ok()?)))
            .collect(),
        device: processor_micros(std::process::id())?,
    })
}

/// What an operation costs at ten and a hundred times, beside once.
fn of_arms(of: Of, arms: &[Arm], done: f64) -> Vec<Figure> {
    let cost = |times: usize, of_cost: &dyn Fn(Cost) -> u64| {
        let arm = arms.iter().find(|arm| arm.of == of && arm.times == times);
        let mut costs: Vec<u64> = arm
            .into_iter()
            .flat_map(|arm| &arm.costs)
            .map(|cost| of_cost(*cost))
            .collect();
        costs.sort_unstable();
        each(costs.get(costs.len() / 2).copied().unwrap_or_default(), done)
    };
    let [once, more @ ..] = TIMES;
    let mut figures = Vec::new();
    for times in more {
        for side in [Side::Servers, Side::Device] {
            let whole = |times| cost(times, &|cost| side.of(cost));
            let (figure, reference) = (whole(times), whole(once));
            let parts = |times| match side {
                Side::Device => String::new(),
                Side::Servers => format!(
                    " (edge {:.2}, record {:.2}, PostgreSQL {:.2})",
                    cost(times, &|cost| cost.edge),
                    cost(times, &|cost| cost.record),
                    cost(times, &|cost| cost.database)
                ),
            };
            figures.push(Figure {
                what: format!(
                    "growth: an operation at {times} times the {}, {}",
                    of.word(),
                    side.word()
                ),
                figure: format!("{figure:.2} ms{}", parts(times)),
                reference: format!("{reference:.2} ms{}", parts(once)),
                ratio: figure / reference,
                budget: Budget::AtMost(1.2),
            });
        }
    }
    figures
}

/// What each device that listens costs the servers on top, where ten do and where a hundred do.
async fn listeners(stage: &Stage, author: &Client, size: Size) -> Result<Figure> {
    let [few, many] = [LISTENERS, LISTENERS * 10];
    let (to_few, to_many) = (
        space_of(author, &heard(few)).await?,
        space_of(author, &heard(many)).await?,
    );
    let servers = async |space| {
        let cost = act(stage, author, space, size.operations).await?;
        anyhow::Ok(Side::Servers.of(cost))
    };
    let mut alone = 0;
    for space in [to_few, to_many, to_few, to_many] {
        alone += servers(space).await?;
    }
    let listening = stage.sign_in(1..=many).await?;
    let (mut by_few, mut by_many) = (0, 0);
    for _ in 0..4 {
        by_few += servers(to_few).await?;
        by_many += servers(to_many).await?;
    }
    drop(listening);
    let done = f64::from(size.operations) * 4.0;
    let for_each = |all: u64, listeners: usize| -> Result<f64> {
        Ok((each(all, done) - each(alone, done)) / f64::from(u32::try_from(listeners)?))
    };
    let (figure, reference) = (for_each(by_many, many)?, for_each(by_few, few)?);
    Ok(Figure {
        what: "growth: an operation for each device that listens, at 10 times as many".to_owned(),
        figure: format!("{figure:.3} ms"),
        reference: format!("{reference:.3} ms"),
        ratio: figure / reference,
        budget: Budget::AtMost(1.2),
    })
}

#[expect(clippy::cast_precision_loss, reason = "microseconds far below 2^52")]
fn each(micros: u64, done: f64) -> f64 {
    micros as f64 / 1_000.0 / done
}
