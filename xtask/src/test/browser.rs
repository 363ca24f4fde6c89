//! Browser tests: a fresh stack, and Chromium driven by `node --test`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::check_tests;
use super::tally::Tally;
use crate::progress::step;
use crate::record_build::{self, Profile};
use crate::run::Run;
use crate::stack::{Setup, Stack};
use crate::{app_build, edge_build, project, tools};

/// Runs `tests/browser/*.test.mjs` against a stack that starts from nothing; `BATON_BROWSER` narrows it to some of them
/// (`BATON_BROWSER=unlock`).
pub(super) fn run(tally: &mut Tally) -> Result<()> {
    let chromium = tools::ensure_chromium()?;
    // What was changed since the other parts ran, or all when this part runs alone.
    record_build::build(Profile::Dev)?;
    edge_build::build()?;
    app_build::build()?;
    let vault_tests = step("building the vault's tests", vault_tests)?;
    let setup = Setup::for_tests("browser").fresh()?;
    let stack = step("starting a stack for the browser tests", || Stack::start(&setup))?;
    let which = std::env::var("BATON_BROWSER").unwrap_or_else(|_| "*".to_owned());
    let tests = Run::new(tools::node())
        .args(["--test", "--test-concurrency=1"])
        .arg(format!("tests/browser/{which}.test.mjs"))
        .env("BATON_CHROMIUM", chromium)
        .env("BATON_VAULT_TESTS", vault_tests)
        .env("BATON_WASM_TEST_RUNNER", tools::wasm_test_runner());
    let tests = told_of(tests, &stack).env("BATON_SHOTS", project::made().join("shots/tests"));
    let outcome = check_tests("browser tests", "browser", tests, tally);
    stack.stop()?;
    outcome
}

/// Tells a command where the stack is.
pub(crate) fn told_of(run: Run, stack: &Stack) -> Run {
    run.env("BATON_URL", stack.origin())
        .env("BATON_ISSUER", stack.issuer())
        .env("BATON_STATE_DIR", stack.state())
        .env("BATON_DATABASE_URL", stack.database_url())
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
    built
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok()?.executable)
        .next_back()
        .context("cargo built no tests of the vault")
}

/// What cargo says of something that it built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
}
