//! The Rust tests, by nextest where it is installed.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::tally::Tally;
use super::{check, check_tests};
use crate::progress::step;
use crate::project;
use crate::run::{Run, find};
use crate::stack::ports::free_port;
use crate::stack::postgres::Postgres;
use crate::tools;

/// Tests that need nothing but themselves.
pub(super) fn unit(tally: &mut Tally) -> Result<()> {
    check_tests(
        "unit, property and simulation tests",
        "unit",
        tests(&NEED_A_STACK, false)?,
        tally,
    )?;
    let schedules = [
        "test",
        "--release",
        "--locked",
        "-p",
        "baton-core",
        "--test",
        "schedules",
        "agree_in_the_end",
    ];
    check_tests(
        "12,000 random schedules of the sync machine",
        "schedules",
        Run::new("cargo")
            .args(schedules)
            .env("BATON_SCHEDULES", "10000")
            .env("BATON_SEED", "1"),
        tally,
    )?;
    let doc = ["test", "--workspace", "--doc", "--locked"];
    check_tests(
        "examples in the documentation",
        "doc",
        Run::new("cargo").args(doc),
        tally,
    )
}

/// That the vectors come out the same under wasm32.
pub(super) fn wasm(tally: &mut Tally) -> Result<()> {
    let runner = tools::wasm_test_runner();
    let vectors = [
        "test",
        "--target",
        "wasm32-unknown-unknown",
        "-p",
        "baton-core",
        "--test",
        "vectors",
        "--locked",
    ];
    let run = Run::new("cargo")
        .args(vectors)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    check_tests("the same bytes under wasm32", "wasm", run, tally)
}

/// Tests with a real PostgreSQL and with the whole stack.
pub(super) fn integration(tally: &mut Tally) -> Result<()> {
    let build = ["build", "--workspace", "--bin", "baton-record", "--locked"];
    check(
        "building the record",
        "build-record",
        Run::new("cargo").args(build),
    )?;
    let state = project::made().join("stacks/integration");
    let mut postgres = step("starting PostgreSQL for the tests", || {
        if state.exists() {
            crate::stack::process::end_left_behind(&state.join("postgres.pid"))?;
            std::fs::remove_dir_all(&state)?;
        }
        let mut postgres = Postgres::open(&state, free_port()?)?;
        postgres.start()?;
        Ok::<_, anyhow::Error>(postgres)
    })?;
    let run = tests(&NEED_A_STACK, true)?.env("BATON_TEST_DATABASE_URL", postgres.url("postgres"));
    check_tests("integration and fault tests", "integration", run, tally)?;
    postgres.stop()
}

/// The tests of these packages, or of all others. Cargo always sees the whole workspace, so that nothing is built twice
/// with other features.
fn tests(packages: &[&str], these: bool) -> Result<Run> {
    let present: Vec<String> = workspace()?
        .into_iter()
        .filter(|name| packages.contains(&name.as_str()))
        .collect();
    if find("cargo-nextest").is_some() {
        let listed: Vec<String> = present.iter().map(|name| format!("package({name})")).collect();
        let any = if listed.is_empty() {
            "none()".to_owned()
        } else {
            listed.join(" | ")
        };
        let filter = if these { any } else { format!("not ({any})") };
        let nextest = [
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--no-fail-fast",
            "--no-tests=pass",
            "-E",
        ];
        return Ok(Run::new("cargo").args(nextest).arg(filter));
    }
    let cargo = Run::new("cargo").args(["test", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    let flag = if these { "--package" } else { "--exclude" };
    let cargo = if these { cargo } else { cargo.arg("--workspace") };
    Ok(present.iter().fold(cargo, |cargo, name| cargo.args([flag, name])))
}

/// The packages of the workspace.
fn workspace() -> Result<Vec<String>> {
    let metadata = Run::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1", "--locked"])
        .output()?;
    let metadata: Metadata = serde_json::from_str(&metadata).context("cargo metadata is not as expected")?;
    Ok(metadata
        .packages
        .into_iter()
        .map(|package| package.name)
        .collect())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

/// Packages whose tests need PostgreSQL or the whole stack.
const NEED_A_STACK: [&str; 2] = ["baton-record", "baton-tests"];
