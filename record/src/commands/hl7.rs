//! `baton-record hl7`: messages that were refused, for an operator to look at, correct and replay.

use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use baton_record::context::Context;
use baton_record::hl7::quarantine::{self, QuarantineError};
use baton_record::{hl7, serve};
use clap::Subcommand;
use uuid::Uuid;

/// What hospital systems sent.
#[derive(Subcommand)]
pub(crate) enum Hl7Command {
    /// Messages that were refused, kept until somebody has dealt with them
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
}

#[derive(Subcommand)]
pub(crate) enum QuarantineCommand {
    /// Lists them in the order in which they came, without what is in them
    List {
        /// Those that were dealt with too
        #[arg(long)]
        all: bool,
    },
    /// Prints one, with the patient's data that is in it; the audit says so
    Show {
        /// Which
        id: Uuid,
    },
    /// Takes messages as if they came now, in the order in which they came; what is refused waits on
    Replay {
        /// Which
        #[arg(required = true)]
        ids: Vec<Uuid>,
        /// What to take in its place: the message, corrected, as `show` prints it
        #[arg(long = "as", value_name = "FILE")]
        corrected: Option<PathBuf>,
    },
    /// Puts one away; the reason is kept with it
    Discard {
        /// Which
        id: Uuid,
        /// Why, in a few words
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

/// Runs a command.
pub(crate) async fn run(cx: &Context, command: Hl7Command) -> Result<()> {
    serve::migrate(cx).await?;
    let Hl7Command::Quarantine(command) = command;
    match command {
        QuarantineCommand::List { all } => list(cx, all).await,
        QuarantineCommand::Show { id } => {
            let kept = quarantine::show(cx, id).await?;
            show(&kept.message)
        }
        QuarantineCommand::Replay { ids, corrected } => replay(cx, ids, corrected.as_deref()).await,
        QuarantineCommand::Discard { id, why } => {
            if why.trim().is_empty() {
                bail!("--why says nothing");
            }
            quarantine::discard(cx, id, why.trim()).await?;
            println!("{id} is discarded");
            Ok(())
        }
    }
}

async fn list(cx: &Context, all: bool) -> Result<()> {
    let listed = quarantine::list(cx, all).await?;
    for message in &listed {
        let at = hl7::clock::written(message.at);
        println!(
            "{}  {at}  {}  {}  {}",
            message.id,
            message.state,
            message.reason,
            message.feed.name()
        );
    }
    println!("{} messages", listed.len());
    Ok(())
}

/// A message's own line end is the carriage return, which screens and editors do not take for one. Into a file goes what came, in
/// its own character set; on a screen nothing of it can steer the terminal.
fn show(message: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let lines: Vec<u8> = message
        .trim_ascii_end()
        .iter()
        .map(|byte| if *byte == b'\r' { b'\n' } else { *byte })
        .chain([b'\n'])
        .collect();
    if out.is_terminal() {
        for letter in String::from_utf8_lossy(&lines).chars() {
            if letter.is_control() && !matches!(letter, '\n' | '\t') {
                write!(out, "{}", letter.escape_default())?;
            } else {
                write!(out, "{letter}")?;
            }
        }
        return Ok(());
    }
    Ok(out.write_all(&lines)?)
}

async fn replay(cx: &Context, ids: Vec<Uuid>, corrected: Option<&Path>) -> Result<()> {
    if corrected.is_some() && ids.len() > 1 {
        bail!("--as takes the place of one message");
    }
    let corrected = corrected
        .map(|file| std::fs::read(file).with_context(|| format!("{} cannot be read", file.display())))
        .transpose()?;
    let known = quarantine::list(cx, true).await?;
    // A feed's messages in the order in which they came.
    let mut ordered: Vec<Uuid> = known.iter().map(|message| message.id).collect();
    ordered.retain(|id| ids.contains(id));
    if let Some(unknown) = ids.iter().find(|id| !ordered.contains(id)) {
        bail!("there is no message {unknown}");
    }
    let mut refused = 0;
    for id in ordered {
        match hl7::replay(cx, id, corrected.clone()).await {
            Ok(outcomes) => println!("{id} is replayed: {} events", outcomes.len()),
            Err(QuarantineError::Refused(reason)) => {
                refused += 1;
                println!("{id} is refused ({}) and waits on", reason.label());
            }
            Err(error) => return Err(error).with_context(|| id.to_string()),
        }
    }
    if refused > 0 {
        bail!("{refused} were refused");
    }
    Ok(())
}
