//! Measures the budgets' figures and prints them as a table. `cargo xtask bench` builds what it needs and runs it.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::process::ExitCode;

use anyhow::Result;
use baton_tests::bench::{Row, Sizes, Table, measure};
use clap::{Parser, ValueEnum};

#[derive(Debug, Parser)]
struct Arguments {
    /// Which rows (all if none is named)
    rows: Vec<Row>,
    /// A small part of the work, for a look in a minute
    #[arg(long)]
    quick: bool,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let sizes = if arguments.quick {
        Sizes::QUICK
    } else {
        Sizes::WHOLE
    };
    let mut figures = Vec::new();
    let chosen = Row::value_variants()
        .iter()
        .filter(|row| arguments.rows.is_empty() || arguments.rows.contains(row));
    for row in chosen {
        let measured = measure(*row, sizes).await?;
        println!("{}", Table(&measured));
        figures.extend(measured);
    }
    println!("\n{}", Table(&figures));
    let all_hold = figures.iter().all(baton_tests::bench::Figure::holds);
    Ok(if all_hold {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
