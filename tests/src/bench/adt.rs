//! A hospital's feed over one MLLP connection: from a message's first byte to its acknowledgement, which comes after the durable commit
//! of what it says. Its reference is one durable row into the same PostgreSQL, in the same minute.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use xtask::record_build::Profile;

use super::reference::paced_inserts;
use super::{Budget, Figure, millis, quantile};
use crate::clock;
use crate::hospital::mllp::{self, Answer};
use crate::hospital::{Hospital, Stream};
use crate::stage::{Cast, Stage};

/// A patient's row, sealed, has about this many bytes.
const SEALED: usize = 900;

/// Measures so many messages of the living day, of a hospital of 2,000 patients.
pub async fn measure(messages: u32) -> Result<Vec<Figure>> {
    let cast = Cast {
        people: 1,
        teams: Vec::new(),
        planted: "Bench".to_owned(),
    };
    let stage = Stage::open("bench-adt", Profile::Release, &cast).await?;
    let stream = TcpStream::connect(&stage.hl7_address).await?;
    stream.set_nodelay(true)?;
    let mut line = BufReader::new(stream);
    let opened = clock::now().millis().saturating_sub(YEAR);
    let hospital = Hospital::demo(baton_core::time::At::from_millis(opened), Duration::from_mins(5));
    let mut stream = hospital.stream();
    let mut loaded = 0_u64;
    let started = clock::tick();
    let mut first = loop {
        let message = next(&mut stream)?;
        if stream.is_living() {
            break Some(message);
        }
        send(&mut line, &message).await?;
        loaded += 1;
    };
    crate::index::settled(&stage.database_url).await?;
    let load = started.elapsed();
    let mut times = Vec::new();
    let mut reference = Vec::new();
    // By turns, so that a noisy minute is in both.
    for _ in 0..TURNS {
        for _ in 0..messages / TURNS {
            let message = match first.take() {
                Some(message) => message,
                None => next(&mut stream)?,
            };
            let started = clock::tick();
            send(&mut line, &message).await?;
            times.push(started.elapsed());
        }
        // What a message costs is not to be found in what it is measured against.
        crate::index::settled(&stage.database_url).await?;
        let rows = messages / TURNS;
        reference.extend(paced_inserts(&stage.database_url, rows, SEALED, Duration::from_micros(1)).await?);
    }
    let (median, commit) = (quantile(&mut times, 0.5), quantile(&mut reference, 0.5));
    let (late, late_commit) = (quantile(&mut times, 0.95), quantile(&mut reference, 0.95));
    let rate = super::reference::per_second(loaded, load);
    Ok(vec![
        Figure {
            what: "ADT message to durable acknowledgement, median".to_owned(),
            figure: format!("{} ({rate:.0}/s while loading)", millis(median)),
            reference: format!("{} one commit", millis(commit)),
            ratio: median.as_secs_f64() / commit.as_secs_f64(),
            budget: Budget::AtMost(2.0),
        },
        Figure {
            what: "ADT message to durable acknowledgement, 95th of 100".to_owned(),
            figure: millis(late),
            reference: format!("{} one commit", millis(late_commit)),
            ratio: late.as_secs_f64() / late_commit.as_secs_f64(),
            budget: Budget::AtMost(3.0),
        },
    ])
}

fn next(stream: &mut Stream) -> Result<Vec<u8>> {
    let (_, message) = stream.next().context("the feed does not end")?;
    Ok(message)
}

async fn send(line: &mut BufReader<TcpStream>, message: &[u8]) -> Result<()> {
    line.get_mut().write_all(&mllp::frame(message)).await?;
    let answer = mllp::read(line).await?.context("the connection was closed")?;
    let answer = Answer::parse(&answer).context("what came is no acknowledgement")?;
    ensure!(answer.is_taken(), "{} {}", answer.code, answer.words);
    Ok(())
}

const TURNS: u32 = 10;
const YEAR: u64 = 365 * 24 * 60 * 60 * 1000;
