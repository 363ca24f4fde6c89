//! `cargo xtask up`: from a fresh checkout to a running product, and back to nothing on Ctrl-C.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::progress::say;
use crate::project;
use crate::record_build::{self, Profile};
use crate::stack::hospital::Hospital;
use crate::stack::ports::ensure_free;
use crate::stack::process::end_left_behind;
use crate::stack::record::Issuer;
use crate::stack::{Setup, Stack};
use crate::{app_build, demo, edge_build, tools};

/// Options of `up`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Use this PostgreSQL database instead of an embedded one (`postgres://user:password@host/database`)
    #[arg(long)]
    database_url: Option<String>,
    /// Use this OpenID provider instead of the demonstration one
    #[arg(long, requires_all = ["client_id", "client_key", "people"])]
    issuer: Option<String>,
    /// The record's client id at --issuer
    #[arg(long)]
    client_id: Option<String>,
    /// The record's private key at --issuer: a file with an Ed25519 or P-256 key, PKCS#8 PEM
    #[arg(long)]
    client_key: Option<PathBuf>,
    /// Who there is, by their subjects at the provider: a file like xtask/demo/people.json, which is used if none is given
    #[arg(long)]
    people: Option<PathBuf>,
    /// Which teams there are: a file like xtask/demo/teams.json, which is used with the people there
    #[arg(long)]
    teams: Option<PathBuf>,
    /// The port on localhost that the browser opens
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Start what was built last
    #[arg(long)]
    no_build: bool,
    /// Run without the demonstration's hospital; with a database of one's own there is none anyway
    #[arg(long)]
    no_hospital: bool,
}

/// Sets up, builds, starts, and stops on Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    let state = project::made().join("baton-up");
    fs::create_dir_all(&state)?;
    let lock = File::create(state.join("lock"))?;
    if lock.try_lock().is_err() {
        bail!("`cargo xtask up` is already running in this checkout");
    }
    end_left_behind(&state.join("edge.pid"))?;
    ensure_free(options.port, "the edge", "stop it, or choose another with --port")?;
    if options.no_build {
        tools::ensure_npm_packages()?;
    } else {
        tools::ensure_build_tools()?;
        tools::fetch_crates()?;
        record_build::build(Profile::Release)?;
        edge_build::build()?;
        app_build::build()?;
        if options.has_hospital() {
            demo::build()?;
        }
    }
    let (stop, stopped) = channel();
    ctrlc::set_handler(move || {
        let _stopping_already = stop.send(());
    })?;
    let setup = setup(options, state)?;
    let mut stack = Stack::start(&setup)?;
    welcome(&stack, &setup)?;
    let feed = demo::program();
    let mut hospital = None;
    if options.has_hospital() && feed.exists() {
        hospital = Some(Hospital::start(&setup.state, &feed, stack.record.hl7_address())?);
        say("a hospital of 2,000 invented patients feeds it: people come, move and leave every few seconds");
    }
    loop {
        match stopped.recv_timeout(Duration::from_millis(500)) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(ended) = hospital.take_if(Hospital::has_ended) {
                    say(&format!(
                        "the hospital's feed has stopped:\n{}",
                        ended.last_words()
                    ));
                }
                if let Some(part) = stack.fallen() {
                    let log = setup.state.join(format!("log/{part}.log"));
                    let end = crate::run::tail(&log, 30);
                    let stopping = stack.stop();
                    bail!(
                        "{part} has ended by itself; {} ends with:\n{end}\n{stopping:?}",
                        log.display()
                    );
                }
            }
        }
    }
    say("stopping");
    hospital.map_or(Ok(()), Hospital::stop)?;
    stack.stop()?;
    say("stopped; the data is kept in target/baton-up");
    Ok(())
}

impl Options {
    /// The hospital is for a database that is the demonstration's own.
    const fn has_hospital(&self) -> bool {
        !self.no_hospital && self.database_url.is_none() && self.people.is_none()
    }
}

fn setup(options: &Options, state: PathBuf) -> Result<Setup> {
    let issuer = match (&options.issuer, &options.client_id, &options.client_key) {
        (Some(url), Some(client_id), Some(key)) => Some(Issuer {
            url: url.clone(),
            client_id: client_id.clone(),
            client_key: fs::read_to_string(key).with_context(|| format!("cannot read {}", key.display()))?,
        }),
        _ => None,
    };
    let demo = |file: &str| project::root().join("xtask/demo").join(file);
    let demo_teams = options.people.is_none().then(|| demo("teams.json"));
    Ok(Setup {
        state,
        record: record_build::binary(Profile::Release),
        edge_config: edge_build::workerd_config(),
        app: Some(app_build::dist()),
        edge_port: Some(options.port),
        database_url: options.database_url.clone(),
        issuer,
        people: options.people.clone().unwrap_or_else(|| demo("people.json")),
        teams: options.teams.clone().or(demo_teams),
        training: options.has_hospital(),
    })
}

/// Says where to go and who one can be there.
fn welcome(stack: &Stack, setup: &Setup) -> Result<()> {
    let people: Vec<Person> = serde_json::from_str(&fs::read_to_string(&setup.people)?)?;
    let mut organisations: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for person in &people {
        let name = format!(
            "{} {} ({})",
            person.name.given, person.name.family, person.job_title
        );
        organisations
            .entry(&person.organisation.name)
            .or_default()
            .push(name);
    }
    println!("\nBaton is at {}\n", stack.origin());
    if stack.oidc.is_some() {
        println!("Sign in as one of these; open a second browser or a private window to be two of them:");
    } else {
        println!("Sign in at {} as one of these:", stack.issuer());
    }
    for (organisation, names) in organisations {
        println!("  {organisation}: {}", names.join(", "));
    }
    println!("\nHL7 messages are taken at {}.", stack.record.hl7_address());
    println!(
        "Logs are in {}. Ctrl-C stops it all.",
        setup.state.join("log").display()
    );
    Ok(())
}

/// What the welcome says of a person.
#[derive(Deserialize)]
struct Person {
    name: Name,
    job_title: String,
    organisation: Organisation,
}

#[derive(Deserialize)]
struct Name {
    family: String,
    given: String,
}

#[derive(Deserialize)]
struct Organisation {
    name: String,
}
