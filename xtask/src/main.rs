//! `cargo xtask`: every chore of Baton.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::channel;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use xtask::progress::say;
use xtask::project;
use xtask::record_build::Profile;
use xtask::stack::ports::{ensure_free, free_port};
use xtask::stack::postgres::Postgres;
use xtask::{app_build, bench, demo, edge_build, record_build, shots, test, tools, up};

/// Every chore of Baton: set up, run, test, measure, look.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Set up, build and run the whole product on this machine until Ctrl-C
    Up(up::Options),
    /// Give the product that `up` runs something to look at
    Demo(demo::Options),
    /// Build what a deployment needs: the app, the edge and the record
    Build {
        /// Which parts (all if none is named)
        parts: Vec<Built>,
    },
    /// Run all tests, or the parts named: what continuous integration runs
    Test {
        /// Which parts (all if none is named)
        parts: Vec<test::Part>,
    },
    /// Measure the budgets' figures beside their references
    Bench(bench::Options),
    /// Take a picture of every screen, into target/shots/
    Shots(shots::Options),
    /// Run a PostgreSQL of our own until Ctrl-C, and say where it is
    Postgres {
        /// The port on loopback (a free one if not given)
        #[arg(long)]
        port: Option<u16>,
        /// Where its data is kept
        #[arg(long)]
        data: Option<PathBuf>,
    },
}

/// A part that is built for deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Built {
    App,
    Edge,
    Record,
}

fn main() -> ExitCode {
    match carry_out(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(chore: Chore) -> Result<()> {
    match chore {
        Chore::Up(options) => up::run(&options),
        Chore::Demo(options) => demo::run(options),
        Chore::Build { parts } => build(&parts),
        Chore::Test { parts } => test::run(&parts),
        Chore::Bench(options) => bench::run(&options),
        Chore::Shots(options) => shots::run(options),
        Chore::Postgres { port, data } => run_postgres(port, data),
    }
}

fn build(parts: &[Built]) -> Result<()> {
    tools::ensure_build_tools()?;
    tools::fetch_crates()?;
    let wanted = |part| parts.is_empty() || parts.contains(&part);
    if wanted(Built::Record) {
        say(&format!(
            "the record: {}",
            record_build::build(Profile::Release)?.display()
        ));
    }
    if wanted(Built::Edge) {
        edge_build::build()?;
        say(&format!(
            "the edge: {} runs it by workerd",
            edge_build::workerd_config().display()
        ));
    }
    if wanted(Built::App) {
        app_build::build()?;
        say(&format!(
            "the app: {} (add config.json: baton-record app-config)",
            app_build::dist().display()
        ));
    }
    Ok(())
}

fn run_postgres(port: Option<u16>, data: Option<PathBuf>) -> Result<()> {
    tools::ensure_npm_packages()?;
    let port = port.map_or_else(free_port, Ok)?;
    ensure_free(port, "PostgreSQL", "give another with --port")?;
    let mut postgres = Postgres::open(&data.unwrap_or_else(|| project::made().join("postgres")), port)?;
    postgres.start()?;
    say(&format!(
        "PostgreSQL is at {} (Ctrl-C stops it)",
        postgres.url("postgres")
    ));
    let (stop, stopped) = channel();
    ctrlc::set_handler(move || {
        let _stopping_already = stop.send(());
    })?;
    stopped.recv()?;
    postgres.stop()
}
