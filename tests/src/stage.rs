//! A stack with people and teams of its own, from nothing, and everybody signed in.
//!
//! The builds must have been done (`cargo xtask test` and `cargo xtask bench` do them first). `BATON_RECORD` names
//! another binary of the record than that of the build folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::id::SpaceId;
use baton_core::sync::Sync;
use serde_json::json;
use xtask::record_build::{self, Profile};
use xtask::stack::{Setup, Stack};

use crate::client::{Client, Deployment};

/// Who there is on a stage: people by number, of whom the first administrates their organisation, and teams of them.
#[derive(Clone, Debug)]
pub struct Cast {
    /// How many people.
    pub people: usize,
    /// Titles, and the numbers of their members; the first is the administrator.
    pub teams: Vec<(String, Vec<usize>)>,
    /// What is planted in the names of all, to be searched for afterwards.
    pub planted: String,
}

impl Cast {
    /// What the provider calls a person.
    pub fn subject(number: usize) -> String {
        format!("member.{number}")
    }

    fn people_file(&self) -> serde_json::Value {
        let people = (0..self.people).map(|number| {
            json!({
                "issuer": null,
                "subject": Self::subject(number),
                "name": { "family": format!("{}{number}", self.planted), "given": "Robin", "title": "Dr" },
                "job_title": "Registrar",
                "organisation": { "ods": "RX1", "name": "Eastmere University Hospital" },
                "registration": null,
                "administrator": number == 0,
            })
        });
        people.collect()
    }

    fn teams_file(&self) -> serde_json::Value {
        let teams = self.teams.iter().map(|(title, members)| {
            let mut subjects = members.iter().map(|number| Self::subject(*number));
            let admins: Vec<String> = subjects.by_ref().take(1).collect();
            json!({ "title": title, "admins": admins, "members": subjects.collect::<Vec<_>>() })
        });
        teams.collect()
    }
}

/// A running stack and what a device needs to find it. Dropping it kills the stack.
#[derive(Debug)]
pub struct Stage {
    /// Its parts.
    pub stack: Arc<Mutex<Stack>>,
    /// How devices find it.
    pub deployment: Arc<Deployment>,
    /// Where it keeps everything.
    pub state: PathBuf,
    /// The record's database, with its password.
    pub database_url: String,
    /// The record's health and metrics.
    pub ops_url: String,
    /// The record's door to the edge.
    pub record_url: String,
    /// The record's door for HL7 messages, of invented people (MSH-11 `T`): `host:port`.
    pub hl7_address: String,
}

impl Stage {
    /// Sets a cast up in a folder of this name, from nothing. Its edge serves no app.
    pub async fn open(name: &str, profile: Profile, cast: &Cast) -> Result<Self> {
        Self::set_up(name, profile, cast, None).await
    }

    /// The same, with an app that was built.
    pub async fn open_serving(name: &str, profile: Profile, cast: &Cast, app: PathBuf) -> Result<Self> {
        Self::set_up(name, profile, cast, Some(app)).await
    }

    async fn set_up(name: &str, profile: Profile, cast: &Cast, app: Option<PathBuf>) -> Result<Self> {
        let mut setup = Setup::for_tests(name);
        setup.record = match std::env::var_os("BATON_RECORD") {
            Some(record) => record.into(),
            None => record_build::binary(profile),
        };
        setup.app = app;
        let (people, teams) = (cast.people_file(), cast.teams_file());
        let stack = tokio::task::spawn_blocking(move || {
            let mut setup = setup.fresh()?;
            fs::create_dir_all(&setup.state)?;
            setup.people = setup.state.join("people.json");
            let teams_path = setup.state.join("teams.json");
            fs::write(&setup.people, people.to_string())?;
            fs::write(&teams_path, teams.to_string())?;
            setup.teams = Some(teams_path);
            Stack::start(&setup)
        })
        .await??;
        let deployment = Deployment::read(&stack.origin()).await?;
        Ok(Self {
            state: stack.state().to_path_buf(),
            database_url: stack.database_url().to_owned(),
            ops_url: stack.record.ops_url(),
            record_url: stack.record.url(),
            hl7_address: stack.record.hl7_address().to_owned(),
            stack: Arc::new(Mutex::new(stack)),
            deployment,
        })
    }

    /// Does something with the stack's parts, off the runtime's threads.
    pub async fn with<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Stack) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let stack = self.stack.clone();
        tokio::task::spawn_blocking(move || act(&mut stack.lock().unwrap_or_else(PoisonError::into_inner)))
            .await?
    }

    /// Signs people in, each on a new device, and waits until each holds all its spaces.
    pub async fn sign_in(&self, numbers: impl Iterator<Item = usize>) -> Result<Vec<Client>> {
        let mut clients = Vec::new();
        for number in numbers {
            let client = Client::sign_in(&self.deployment, &Cast::subject(number)).await;
            clients.push(client.with_context(|| format!("signing in person {number}"))?);
        }
        for client in &clients {
            client.until_caught_up(Duration::from_mins(1)).await?;
        }
        Ok(clients)
    }

    /// The process ids of the edge and the record, for measuring.
    pub async fn processes(&self) -> Result<(u32, u32)> {
        self.with(|stack| {
            let edge = stack.edge.id().context("the edge runs")?;
            Ok((edge, stack.record.id().context("the record runs")?))
        })
        .await
    }

    /// What the record counts, by name with labels.
    pub async fn metrics(&self) -> Result<BTreeMap<String, f64>> {
        let text = self
            .deployment
            .http
            .get(&format!("{}/metrics", self.ops_url))
            .await?
            .text();
        Ok(read_metrics(&text))
    }

    /// Checks every log as an auditor would: `baton-record verify`.
    pub async fn verify(&self) -> Result<String> {
        self.with(|stack| stack.record.command(&["verify"])).await
    }
}

/// Reads Prometheus' text format.
pub fn read_metrics(text: &str) -> BTreeMap<String, f64> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}

/// The spaces that a machine holds, by title.
pub fn spaces_by_title(sync: &Sync) -> BTreeMap<String, SpaceId> {
    sync.spaces()
        .map(|space| (space.confirmed().title.newest().to_owned(), space.id()))
        .collect()
}
