//! Fills a running product with something to look at. `cargo xtask demo` runs it.

#![expect(clippy::print_stdout, reason = "it tells how far it is")]

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use baton_tests::client::Deployment;
use baton_tests::{clock, demo};
use clap::Parser;

#[derive(Debug, Parser)]
struct Arguments {
    /// Where the product is
    #[arg(long)]
    origin: String,
    /// How many operations the history has
    #[arg(long)]
    operations: u64,
    /// Over how many conversations
    #[arg(long)]
    conversations: u64,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    ensure!(
        (1..=demo::MOST_CONVERSATIONS).contains(&arguments.conversations),
        "there are between 1 and {} conversations",
        demo::MOST_CONVERSATIONS
    );
    let deployment = Deployment::read(&arguments.origin).await?;
    let told = Mutex::new(None::<Instant>);
    let tell = |made: u64, all: u64| {
        let Ok(mut told) = told.lock() else { return };
        if made == all || told.is_none_or(|told| told.elapsed() > Duration::from_secs(2)) {
            println!("  {made} of {all} operations");
            *told = Some(clock::tick());
        }
    };
    let written = demo::history(&deployment, arguments.operations, arguments.conversations, tell).await?;
    println!(
        "{} operations in {} conversations; sign in as {} to see them",
        written.operations, arguments.conversations, written.person
    );
    Ok(())
}
