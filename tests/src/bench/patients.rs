//! Looking patients up among a million: the record's own searches, on its own index, beside one row by its primary key from the
//! same PostgreSQL. The record measures itself, since only it has the keys; what devices add to it (signature, Oblivious HTTP,
//! audit) is the same for all they ask.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use xtask::progress::say;
use xtask::record_build::Profile;

use super::{Budget, Figure, millis, quantile};
use crate::stage::{Cast, Stage};

/// How many patients, and how many searches of each kind.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Patients.
    pub patients: u32,
    /// Searches.
    pub searches: u32,
}

/// What the record prints (`patients measure`): microseconds.
#[derive(Deserialize)]
struct Measured {
    row: Vec<u64>,
    nhs: Vec<u64>,
    prefix_and_birth: Vec<u64>,
    names: Vec<u64>,
    prefixes: Vec<u64>,
    missed: u32,
    bytes: (u64, u64),
}

/// Measures.
pub async fn measure(size: Size) -> Result<Vec<Figure>> {
    let cast = Cast {
        people: 1,
        teams: Vec::new(),
        planted: "Bench".to_owned(),
    };
    let stage = Stage::open("bench-patients", Profile::Release, &cast).await?;
    say(&format!("making {} patients and looking them up", size.patients));
    let printed = stage
        .with(move |stack| {
            let (patients, searches) = (size.patients.to_string(), size.searches.to_string());
            stack.record.command(&[
                "patients",
                "measure",
                "--patients",
                &patients,
                "--searches",
                &searches,
            ])
        })
        .await?;
    let measured: Measured = serde_json::from_str(&printed).context("what the record measured")?;
    ensure!(
        measured.missed == 0,
        "{} patients were not found by what names them",
        measured.missed
    );
    let mebibytes = |bytes: u64| bytes / (1024 * 1024);
    say(&format!(
        "{} MiB of patients, {} MiB of keys",
        mebibytes(measured.bytes.0),
        mebibytes(measured.bytes.1)
    ));
    let row = p95(&measured.row);
    let figure = |what: &str, times: &[u64], most: f64| {
        let time = p95(times);
        Figure {
            what: format!("{} patients, {what}, p95", size.patients),
            figure: millis(time),
            reference: format!("{} one row by primary key, p95", millis(row)),
            ratio: time.as_secs_f64() / row.as_secs_f64(),
            budget: Budget::AtMost(most),
        }
    };
    Ok(vec![
        figure("by NHS number", &measured.nhs, 5.),
        figure("by name prefix and birth date", &measured.prefix_and_birth, 5.),
        // No budget names these; they are bounded so that it shows when they get out of hand.
        figure("by whole names alone", &measured.names, 500.),
        figure("by two name prefixes alone", &measured.prefixes, 1_000.),
    ])
}

fn p95(micros: &[u64]) -> Duration {
    let mut times: Vec<Duration> = micros.iter().copied().map(Duration::from_micros).collect();
    quantile(&mut times, 0.95)
}
