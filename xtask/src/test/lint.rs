//! What can be told without running anything.

use anyhow::{Result, bail};

use super::check;
use crate::progress::say;
use crate::run::{Run, find};

/// Checks formatting, lints, the edge's features and the dependencies.
pub(super) fn run() -> Result<()> {
    check("formatting", "fmt", cargo(&["fmt", "--all", "--check"]))?;
    edge_opens_nothing()?;
    let strict = ["--", "-D", "warnings"];
    let native = ["clippy", "--workspace", "--all-targets", "--locked"];
    check("Clippy", "clippy", cargo(&native).args(strict))?;
    let wasm = [
        "clippy",
        "--target",
        "wasm32-unknown-unknown",
        "-p",
        "baton-app",
        "-p",
        "baton-edge",
        "--lib",
        "--bins",
        "--test",
        "vault",
        "--locked",
    ];
    check("Clippy for wasm32", "clippy-wasm", cargo(&wasm).args(strict))?;
    if find("cargo-deny").is_some() {
        check(
            "licences and advisories",
            "deny",
            cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"]),
        )?;
    } else {
        say("licences: not checked, as cargo-deny is not installed (cargo install cargo-deny)");
    }
    Ok(())
}

/// Fails when the edge, built alone, links the code that opens sealed things.
fn edge_opens_nothing() -> Result<()> {
    let tree = [
        "tree",
        "--package",
        "baton-edge",
        "--edges",
        "normal,features",
        "--prefix",
        "none",
        "--locked",
    ];
    let tree = cargo(&tree)
        .args(["--target", "wasm32-unknown-unknown"])
        .output()?;
    let linked = FORBIDDEN_IN_EDGE
        .into_iter()
        .find(|forbidden| tree.lines().any(|line| line.starts_with(forbidden)));
    if let Some(linked) = linked {
        bail!("the edge must be built without the code that opens anything, but `{linked}` is in it");
    }
    say("the edge is built without the code that opens anything: ok");
    Ok(())
}

fn cargo(args: &[&str]) -> Run {
    Run::new("cargo").args(args)
}

const FORBIDDEN_IN_EDGE: [&str; 3] = ["baton-core feature \"seal\"", "aes-gcm v", "hpke v"];
