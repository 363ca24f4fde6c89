//! `cargo xtask demo`: gives the product that `cargo xtask up` runs something to look at.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::progress::{say, step};
use crate::project;
use crate::run::Run;
use crate::stack::http;
use crate::tools;

/// Options of `demo`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// Many operations over many conversations, sealed and signed as any other; what is there already is not written again
    #[arg(long, required = true)]
    history: bool,
    /// How many operations
    #[arg(long, default_value_t = 100_000)]
    operations: u64,
    /// Over how many conversations
    #[arg(long, default_value_t = 30)]
    conversations: u64,
    /// The port on localhost of the running product
    #[arg(long, default_value_t = 8787)]
    port: u16,
}

/// Fills it.
pub fn run(options: Options) -> Result<()> {
    let origin = format!("http://localhost:{}", options.port);
    if http::answers_ok(&format!("{origin}/config.json")).is_err() {
        bail!(
            "nothing answers at {origin}: run `cargo xtask up` in another terminal first, or name its port with --port"
        );
    }
    tools::fetch_crates()?;
    let program = build()?;
    say("writing");
    Run::new(program)
        .args(["history", "--origin", &origin])
        .args(["--operations", &options.operations.to_string()])
        .args(["--conversations", &options.conversations.to_string()])
        .wait()
}

/// Builds what fills a product, and returns where it is.
pub fn build() -> Result<PathBuf> {
    step("building what fills it", || {
        let cargo = ["build", "--release", "--locked", "--package", "baton-tests"];
        Run::new("cargo").args(cargo).args(["--bin", "baton-demo"]).wait()
    })?;
    Ok(program())
}

/// Where it is when it has been built.
pub fn program() -> PathBuf {
    project::cargo_target().join("release/baton-demo")
}
