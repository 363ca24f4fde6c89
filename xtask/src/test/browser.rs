//! Browser tests: a fresh stack, and Chromium driven by `node --test`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::check_tests;
use super::tally::Tally;
use crate::progress::step;
use crate::record_build::{self, Profile};
use crate::run::Run;
use crate::stack::{Setup, Stack};
use crate::{app_build, edge_build, project, tools};

/// Runs `tests/browser/*.test.mjs`, one file after the other, against a stack that starts from nothing; `BATON_BROWSER`
/// narrows it to one of them (`BATON_BROWSER=search`).
pub(super) fn run(tally: &mut Tally) -> Result<()> {
    let chromium = tools::ensure_chromium()?;
    // What was changed since the other parts ran, or all when this part runs alone.
    record_build::build(Profile::Dev)?;
    edge_build::build()?;
    app_build::build()?;
    let vault_tests = step("building the vault's tests", vault_tests)?;
    let setup = Setup::for_tests("browser").fresh()?;
    let mut stack = step("starting a stack for the browser tests", || Stack::start(&setup))?;
    let mut failures = Vec::new();
    for name in chosen()? {
        let policy = POLICIES.iter().find(|policy| policy.tests == name);
        if let Some(policy) = policy {
            serve(&mut stack, policy.name, policy.value)?;
        }
        let tests = Run::new(tools::node())
            .args(["--test", "--test-force-exit"])
            .arg(format!("tests/browser/{name}.test.mjs"))
            .env("BATON_CHROMIUM", &chromium)
            .env("BATON_VAULT_TESTS", &vault_tests)
            .env("BATON_WASM_TEST_RUNNER", tools::wasm_test_runner());
        let tests = told_of(tests, &stack)
            .env("BATON_SHOTS", project::made().join("shots/tests"))
            .limit(LIMIT);
        let what = format!("in the browser: {name}");
        failures.extend(check_tests(&what, &format!("browser/{name}"), tests, tally).err());
        if let Some(policy) = policy {
            serve(&mut stack, policy.name, policy.usual)?;
        }
    }
    stack.stop()?;
    if failures.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = failures.iter().map(|failure| format!("{failure:#}")).collect();
    bail!(told.join("\n"))
}

/// What the record's policy is while some tests run.
struct Policy {
    /// The name of their file.
    tests: &'static str,
    /// Which setting of the record.
    name: &'static str,
    value: &'static str,
    usual: &'static str,
}

/// Tests that run under another policy than the others.
const POLICIES: [Policy; 1] = [Policy {
    tests: "lock_on_hide",
    name: "BATON_LOCK_ON_HIDE",
    value: "yes",
    usual: "no",
}];

/// Starts the record anew with a setting.
fn serve(stack: &mut Stack, name: &'static str, value: &str) -> Result<()> {
    stack.record.set(name, value);
    stack.record.stop()?;
    stack.record.start()
}

/// The tests of one file take no longer, on a machine that does much else.
const LIMIT: Duration = Duration::from_mins(8);

/// The names of the files of tests, in order.
fn chosen() -> Result<Vec<String>> {
    let which = std::env::var("BATON_BROWSER").ok();
    let files = fs::read_dir(project::root().join("tests/browser"))?;
    let mut names: Vec<String> = files
        .filter_map(|file| {
            Some(
                file.ok()?
                    .file_name()
                    .to_str()?
                    .strip_suffix(".test.mjs")?
                    .to_owned(),
            )
        })
        .filter(|name| which.as_ref().is_none_or(|which| which == name))
        .collect();
    names.sort_unstable();
    ensure!(
        !names.is_empty(),
        "there are no browser tests of that name in tests/browser"
    );
    Ok(names)
}

/// Tells a command where the stack is.
pub(crate) fn told_of(run: Run, stack: &Stack) -> Run {
    let (record, settings) = stack.record.invocation();
    let run = run.env("BATON_RECORD", record);
    settings
        .fold(run, |run, (name, value)| run.env(name, value))
        .env("BATON_URL", stack.origin())
        .env("BATON_ISSUER", stack.issuer())
        .env("BATON_STATE_DIR", stack.state())
        .env("BATON_DATABASE_URL", stack.database_url())
        .env("BATON_HL7", stack.record.hl7_address())
}

/// Builds the tests that run in a page themselves, and says where their wasm is.
fn vault_tests() -> Result<PathBuf> {
    let build = [
        "test",
        "--no-run",
        "--target",
        "wasm32-unknown-unknown",
        "-p",
        "baton-app",
        "--test",
        "vault",
        "--locked",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ];
    let built = Run::new("cargo").args(build).output()?;
    // Beside the tests cargo names the app itself, which they could run, and either may come first.
    let artifacts = built
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok());
    artifacts
        .filter(|artifact| artifact.target.kind == ["test"])
        .find_map(|artifact| artifact.executable)
        .context("cargo built no tests of the vault")
}

/// What cargo says of something that it built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    target: Target,
}

/// What it was built of.
#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}
