//! `cargo xtask test`: everything that must hold before a change lands, in the order in which it fails soonest.
//!
//! Each part prints a line with the time it took, and its whole output is in `target/log/test/`. The first part that
//! fails ends the run with its output. The last line printed is the count of tests over all runners.

mod browser;
mod lint;
mod native;
mod tally;
mod worker;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::progress::{Stopwatch, spoken};
use crate::project;
use crate::run::Run;
use crate::tools;
pub(crate) use browser::told_of;
use tally::Tally;

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Part {
    /// Formatting, Clippy, dependencies, and that the edge is built without the code that opens anything
    Lint,
    /// Unit, property and simulation tests
    Unit,
    /// That wasm32 makes the same bytes
    Wasm,
    /// The app and the edge as they are deployed
    Build,
    /// The record on a real PostgreSQL, and the whole stack with its faults
    Integration,
    /// Real browsers
    Browser,
}

/// Runs these parts, or all.
pub fn run(parts: &[Part]) -> Result<()> {
    tools::ensure_build_tools()?;
    tools::fetch_crates()?;
    let mut tally = Tally::default();
    let mut outcome = Ok(());
    let chosen = Part::value_variants()
        .iter()
        .filter(|part| parts.is_empty() || parts.contains(part));
    for part in chosen {
        outcome = match part {
            Part::Lint => lint::run(),
            Part::Unit => native::unit(&mut tally),
            Part::Wasm => native::wasm(&mut tally),
            Part::Build => worker::run(),
            Part::Integration => native::integration(&mut tally),
            Part::Browser => browser::run(&mut tally),
        };
        if outcome.is_err() {
            break;
        }
    }
    if let Err(error) = &outcome {
        println!("\n{error:#}\n");
        tally.count_failure();
    }
    println!("{tally}");
    match outcome {
        Ok(()) => Ok(()),
        Err(_) => bail!("the tests failed"),
    }
}

/// Runs one check, logged, with a line that says how long it took.
fn check(what: &str, log: &str, run: Run) -> Result<()> {
    let watch = Stopwatch::start();
    let outcome = run.log(log_file(log)).wait();
    let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
    println!("· {what}: {verdict} ({})", spoken(watch.elapsed()));
    outcome
}

/// Like [`check`], and counts the tests in its output.
fn check_tests(what: &str, log: &str, run: Run, tally: &mut Tally) -> Result<()> {
    let outcome = check(what, log, run);
    let counted = Tally::read(&std::fs::read_to_string(log_file(log)).unwrap_or_default());
    println!("  {counted}");
    tally.add(counted);
    outcome
}

fn log_file(name: &str) -> PathBuf {
    project::made().join("log/test").join(format!("{name}.log"))
}
