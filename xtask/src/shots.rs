//! `cargo xtask shots`: a picture of every screen, in every state, size and theme, into `target/shots/`.

use std::fs;

use anyhow::Result;

use crate::progress::{say, step};
use crate::record_build::{self, Profile};
use crate::run::Run;
use crate::stack::{Setup, Stack};
use crate::test::told_of;
use crate::{app_build, edge_build, project, tools};

/// Options of `shots`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// Look at what was built last
    #[arg(long)]
    no_build: bool,
}

/// Builds, starts a stack from nothing, and walks the screens.
pub fn run(options: Options) -> Result<()> {
    let chromium = tools::ensure_chromium()?;
    if options.no_build {
        tools::ensure_npm_packages()?;
    } else {
        tools::ensure_build_tools()?;
        tools::fetch_crates()?;
        record_build::build(Profile::Dev)?;
        edge_build::build()?;
        app_build::build()?;
    }
    let folder = project::made().join("shots");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let setup = Setup::for_tests("shots").fresh()?;
    let stack = Stack::start(&setup)?;
    let walk = Run::new(tools::node()).arg("tests/browser/shots.mjs");
    let walk = told_of(walk, &stack)
        .env("BATON_CHROMIUM", chromium)
        .env("BATON_SHOTS", &folder);
    step("walking the screens", || walk.wait())?;
    stack.stop()?;
    say(&format!("the pictures are in {}", folder.display()));
    Ok(())
}
