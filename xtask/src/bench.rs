//! `cargo xtask bench`: the budgets' figures beside their references, from release builds of everything.
//!
//! What is measured is in `tests/src/bench/`, whose native clients drive the real stack; what it is measured against, a
//! bare broadcast through `workerd`, is in `bench/`. Opening an entry and local search are measured under wasm32, as a
//! browser does them.

use anyhow::Result;

use crate::record_build::{self, Profile};
use crate::run::Run;
use crate::{app_build, edge_build, tools};

/// Options of `bench`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Which rows: adt, browser, bundle, catch-up, idle, list, live, opening, search, throughput, patients (all if none is named)
    rows: Vec<String>,
    /// A small part of the work, for a look in a minute
    #[arg(long)]
    quick: bool,
    /// Measure what was built last
    #[arg(long)]
    no_build: bool,
}

/// Builds, measures and prints the table. Fails when a budget does not hold.
pub fn run(options: &Options) -> Result<()> {
    tools::ensure_build_tools()?;
    tools::fetch_crates()?;
    if !options.no_build {
        record_build::build(Profile::Release)?;
        edge_build::build()?;
        app_build::build()?;
        app_build::build_blank()?;
    }
    let (in_wasm, rows): (Vec<&str>, Vec<&str>) = options
        .rows
        .iter()
        .map(String::as_str)
        .partition(|row| IN_WASM.iter().any(|(name, _)| name == row));
    for (row, test) in IN_WASM {
        if options.rows.is_empty() || in_wasm.contains(&row) {
            measure_in_wasm(test)?;
        }
    }
    if options.rows.is_empty() || !rows.is_empty() {
        let bench = [
            "run",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "baton-tests",
            "--bin",
            "baton-bench",
            "--",
        ];
        let quick = options.quick.then_some("--quick");
        return Run::new("cargo").args(bench).args(rows).args(quick).wait();
    }
    Ok(())
}

/// Runs a test of core's that measures, under wasm32 in Node.js, built as the app is.
fn measure_in_wasm(test: &str) -> Result<()> {
    let bench = [
        "test",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm",
        "--package",
        "baton-core",
        "--test",
        test,
        "--locked",
        "--",
        "--nocapture",
    ];
    let runner = tools::WASM_BINDGEN.program("wasm-bindgen-test-runner");
    Run::new("cargo")
        .args(bench)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .wait()
}

/// Rows that are measured under wasm32, and the test of each.
const IN_WASM: [(&str, &str); 2] = [("opening", "opening"), ("search", "searching")];
