//! Fills a running product with something to look at. `cargo xtask demo` and `cargo xtask up` run it.

#![expect(clippy::print_stdout, reason = "it tells how far it is")]

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use baton_tests::client::Deployment;
use baton_tests::hospital::player::{Score, play};
use baton_tests::hospital::{Hospital, MOST_PATIENTS, mllp, roll};
use baton_tests::{clock, demo};
use clap::{Args, Parser};

/// What to fill it with.
#[derive(Debug, Parser)]
enum Part {
    /// Many operations over many conversations
    History(History),
    /// A hospital and its town: everybody who is there, then a day that does not end, as HL7 messages
    Hospital(Playing),
    /// The people of that hospital, as lines of JSON for `baton-record patients import`
    Patients(Which),
}

#[derive(Debug, Args)]
struct History {
    /// Where the product is
    #[arg(long)]
    origin: String,
    /// How many operations the history has
    #[arg(long)]
    operations: u64,
    /// Over how many conversations
    #[arg(long)]
    conversations: u64,
}

#[derive(Clone, Copy, Debug, Args)]
struct Which {
    /// Which of all such hospitals: the same number makes the same people and the same messages
    #[arg(long, default_value_t = 4)]
    seed: u64,
    /// How many patients
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_PATIENTS)))]
    patients: u32,
}

#[derive(Debug, Args)]
struct Playing {
    /// The record's HL7 listener: `host:port` (`BATON_HL7_LISTEN`)
    #[arg(long)]
    to: String,
    /// How long to wait before each message once all is loaded: `8s`, `500ms`, `2m`
    #[arg(long, default_value = "8s", value_parser = duration)]
    every: Duration,
    /// A file that keeps how far it has got, so that it goes on from there; then the other options are as they were at first
    #[arg(long)]
    kept: Option<PathBuf>,
    /// How many messages after the load; without end when not given
    #[arg(long)]
    most: Option<u64>,
    #[command(flatten)]
    which: Which,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    match Part::parse() {
        Part::History(history) => write_history(history).await,
        Part::Hospital(playing) => play_hospital(playing).await,
        Part::Patients(which) => write_patients(which),
    }
}

async fn write_history(arguments: History) -> Result<()> {
    ensure!(
        (1..=demo::MOST_CONVERSATIONS).contains(&arguments.conversations),
        "there are between 1 and {} conversations",
        demo::MOST_CONVERSATIONS
    );
    let deployment = Deployment::read(&arguments.origin).await?;
    let told = Mutex::new(None::<Instant>);
    let tell = |made: u64, all: u64| {
        let Ok(mut told) = told.lock() else { return };
        if made == all || told.is_none_or(|told| told.elapsed() > Duration::from_secs(2)) {
            println!("  {made} of {all} operations");
            *told = Some(clock::tick());
        }
    };
    let written = demo::history(&deployment, arguments.operations, arguments.conversations, tell).await?;
    println!(
        "{} operations in {} conversations; sign in as {} to see them",
        written.operations, arguments.conversations, written.person
    );
    Ok(())
}

async fn play_hospital(arguments: Playing) -> Result<()> {
    // Its own time goes as fast as it is played, so that what it tells is of today.
    let pace = arguments.every.max(Duration::from_millis(100));
    let hospital = arguments.which.hospital(pace);
    let score = Score {
        to: arguments.to,
        every: arguments.every,
        kept: arguments.kept,
        patience: Duration::from_mins(2),
        most: arguments.most,
    };
    let mut was_living = false;
    play(hospital, &score, |progress, message| {
        if progress.living && !was_living {
            println!(
                "all is loaded; from here on something happens every {:?}",
                score.every
            );
        }
        if progress.living {
            println!("{} {}", mllp::control_id(message), mllp::kind(message));
        } else if progress.taken.is_multiple_of(500) {
            println!("{} messages loaded", progress.taken);
        }
        was_living = progress.living;
    })
    .await
}

fn write_patients(which: Which) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for patient in which.hospital(Duration::from_secs(8)).people() {
        writeln!(out, "{}", roll::line(&patient)?)?;
    }
    Ok(out.flush()?)
}

impl Which {
    fn hospital(self, pace: Duration) -> Hospital {
        Hospital {
            seed: self.seed,
            patients: self.patients,
            opened: clock::now(),
            pace,
        }
    }
}

fn duration(text: &str) -> Result<Duration> {
    let digits = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().context("a time such as 8s, 500ms or 2m")?;
    match unit {
        "ms" => Ok(Duration::from_millis(number)),
        "s" | "" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number * 60)),
        _ => anyhow::bail!("a time such as 8s, 500ms or 2m"),
    }
}
