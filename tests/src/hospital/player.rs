//! Plays the feed to a record: first all that there is, as fast as it is taken, then what happens, one after the other.
//!
//! Each message is sent again until it is answered, over as many connections as that takes; the record knows a message that
//! it has had. How far it got is kept in a file, so that the next player goes on where this one ended.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use baton_core::time::At;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::mllp::{self, Answer};
use super::{Hospital, Stream};
use crate::clock;

/// Where and how to play.
#[derive(Clone, Debug)]
pub struct Score {
    /// The record's HL7 listener: `host:port`.
    pub to: String,
    /// How long to wait before each message of the living day.
    pub every: Duration,
    /// Where it is kept how far the play has got; nowhere, and from the beginning, when not given.
    pub kept: Option<PathBuf>,
    /// How long nobody may answer.
    pub patience: Duration,
    /// How many messages of the living day; all when not given, of which there is no end.
    pub most: Option<u64>,
}

/// How far a play has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many messages were taken in all.
    pub taken: u64,
    /// Whether the last was of the living day.
    pub living: bool,
}

/// Plays until there is no more to play, or until the record refuses something: then it says what, and nothing was sent after
/// that.
pub async fn play(hospital: Hospital, score: &Score, mut told: impl FnMut(Progress, &[u8])) -> Result<()> {
    let mut kept = match &score.kept {
        Some(file) => Kept::read(file)?.unwrap_or_else(|| Kept::new(hospital)),
        None => Kept::new(hospital),
    };
    let mut stream = kept.stream()?;
    let mut line = Line::new(score);
    let mut played = 0;
    while score.most.is_none_or(|most| played < most) {
        let (_, message) = stream.next().context("the feed does not end")?;
        let living = stream.is_living();
        if living {
            // The pause keeps what was loaded safe too: it is written down before the first one.
            kept.write(score)?;
            clock::pause(score.every).await;
        }
        line.deliver(&message).await?;
        kept.taken += 1;
        kept.last = digest(&message);
        played += u64::from(living);
        if living || kept.taken.is_multiple_of(LOADED_TOGETHER) {
            kept.write(score)?;
        }
        let progress = Progress {
            taken: kept.taken,
            living,
        };
        told(progress, &message);
    }
    Ok(())
}

/// Which hospital is played, and how many messages were taken: in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    seed: u64,
    patients: u32,
    opened: At,
    pace_millis: u64,
    taken: u64,
    /// A digest of the last message that was taken; empty when none was.
    last: String,
}

impl Kept {
    fn new(hospital: Hospital) -> Self {
        Self {
            seed: hospital.seed,
            patients: hospital.patients,
            opened: hospital.opened,
            pace_millis: u64::try_from(hospital.pace.as_millis()).unwrap_or(u64::MAX),
            taken: 0,
            last: String::new(),
        }
    }

    fn read(file: &Path) -> Result<Option<Self>> {
        if !file.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let kept = serde_json::from_str(&text);
        kept.map(Some).with_context(|| {
            format!(
                "{} does not say which hospital was played; delete it, and the record's data with it, to begin anew",
                file.display()
            )
        })
    }

    fn write(&self, score: &Score) -> Result<()> {
        let Some(file) = &score.kept else { return Ok(()) };
        let fresh = file.with_extension("new");
        fs::write(&fresh, serde_json::to_vec(self)?)?;
        fs::rename(&fresh, file).with_context(|| format!("cannot write {}", file.display()))
    }

    /// The feed after what was taken.
    fn stream(&self) -> Result<Stream> {
        let hospital = Hospital {
            seed: self.seed,
            patients: self.patients,
            opened: self.opened,
            pace: Duration::from_millis(self.pace_millis),
        };
        let mut stream = hospital.stream();
        let mut last = String::new();
        for number in 1..=self.taken {
            let (_, message) = stream.next().context("the feed does not end")?;
            if number == self.taken {
                last = digest(&message);
            }
        }
        ensure!(
            last == self.last,
            "the hospital that was played is one of another release, which this one cannot go on with: begin anew, with \
             the record's data deleted, or go back to that release"
        );
        Ok(stream)
    }
}

fn digest(message: &[u8]) -> String {
    let digest = Sha256::digest(message);
    let number = digest
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}

/// A connection that is made again when it is lost.
struct Line<'s> {
    score: &'s Score,
    open: Option<BufReader<TcpStream>>,
}

impl<'s> Line<'s> {
    const fn new(score: &'s Score) -> Self {
        Self { score, open: None }
    }

    /// Sends a message until it is taken.
    async fn deliver(&mut self, message: &[u8]) -> Result<()> {
        let control = mllp::control_id(message);
        let framed = mllp::frame(message);
        let began = clock::tick();
        let mut wait = FIRST_WAIT;
        loop {
            match self.exchange(&framed, &control).await {
                Ok(answer) if answer.is_taken() => return Ok(()),
                Ok(answer) => {
                    let kind = mllp::kind(message);
                    bail!(
                        "the record answered {} to message {control} ({kind}): {}. Nothing was sent after it.",
                        answer.code,
                        if answer.words.is_empty() {
                            "no reason given"
                        } else {
                            &answer.words
                        }
                    );
                }
                Err(why) => {
                    self.open = None;
                    if began.elapsed() > self.score.patience {
                        let to = &self.score.to;
                        return Err(why.context(format!("nobody answers HL7 messages at {to}")));
                    }
                    clock::pause(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// Sends once, and waits for the answer.
    async fn exchange(&mut self, framed: &[u8], control: &str) -> Result<Answer> {
        let line = match &mut self.open {
            Some(line) => line,
            none => {
                let stream = timeout(ANSWERS_WITHIN, TcpStream::connect(&self.score.to)).await??;
                stream.set_nodelay(true)?;
                none.insert(BufReader::new(stream))
            }
        };
        let exchange = async {
            line.get_mut().write_all(framed).await?;
            loop {
                let answer = mllp::read(line).await?.context("the connection was closed")?;
                let answer = Answer::parse(&answer).context("what came is no acknowledgement")?;
                // The answer to an earlier copy may still be on its way.
                if answer.control == control {
                    return Ok(answer);
                }
            }
        };
        timeout(ANSWERS_WITHIN, exchange)
            .await
            .context("no answer came in time")?
    }
}

/// How many messages of the load are taken before it is written down again.
const LOADED_TOGETHER: u64 = 200;

const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
