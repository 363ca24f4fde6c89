//! The local stack: each part as a process that can be started, stopped, killed and started again in its place.
//!
//! [`Stack::start`] brings all of it up: PostgreSQL and the OpenID provider (unless others are given), the record on them
//! with its schema and its people, and the edge in front. Each part is public, so that a test can `kill` one and `start`
//! it again: it comes back on the same port with the same data, as a supervisor would bring it back.
//!
//! Everything a stack keeps is in its state folder: keys, ports, data, logs (`log/<part>.log`).

pub mod hospital;
pub mod http;
pub mod keys;
pub mod oidc;
pub mod ports;
pub mod postgres;
pub mod process;
pub mod record;
pub mod workerd;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::app_build;
use crate::edge_build;
use crate::progress::step;
use crate::project::{self, hex_digest};
use crate::record_build::{self, Profile};
use crate::stack::keys::Keys;
use crate::stack::oidc::Oidc;
use crate::stack::ports::{Ports, ensure_free};
use crate::stack::postgres::Postgres;
use crate::stack::record::{Issuer, Record};
use crate::stack::workerd::Workerd;

/// What a stack is made of. The builds must have been done.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where it keeps everything.
    pub state: PathBuf,
    /// The record's binary.
    pub record: PathBuf,
    /// The edge's configuration for workerd.
    pub edge_config: PathBuf,
    /// The built app; without one the edge serves an empty page.
    pub app: Option<PathBuf>,
    /// The edge's port, if it matters.
    pub edge_port: Option<u16>,
    /// A database to use instead of an embedded PostgreSQL.
    pub database_url: Option<String>,
    /// A provider to use instead of the loopback one.
    pub issuer: Option<Issuer>,
    /// Who there is (`people.json`).
    pub people: PathBuf,
    /// Which teams there are (`teams.json`), made when the database is new.
    pub teams: Option<PathBuf>,
    /// Whether the record takes HL7 messages about invented people (MSH-11 `T`), and no others.
    pub training: bool,
}

impl Setup {
    /// The stack of this checkout's development builds, with the demo's people and teams, in a folder of this name.
    pub fn for_tests(name: &str) -> Self {
        Self {
            state: project::made().join("stacks").join(name),
            record: record_build::binary(Profile::Dev),
            edge_config: edge_build::workerd_config(),
            app: app_build::dist()
                .join("index.html")
                .exists()
                .then(app_build::dist),
            edge_port: None,
            database_url: None,
            issuer: None,
            people: project::root().join("xtask/demo/people.json"),
            teams: Some(project::root().join("xtask/demo/teams.json")),
            training: true,
        }
    }

    /// The same from nothing: whatever an earlier stack of this folder kept is deleted, after it has been ended.
    pub fn fresh(self) -> Result<Self> {
        for part in PARTS {
            process::end_left_behind(&self.state.join(format!("{part}.pid")))?;
        }
        if self.state.exists() {
            fs::remove_dir_all(&self.state)
                .with_context(|| format!("cannot delete {}", self.state.display()))?;
        }
        Ok(self)
    }
}

/// A running stack. Dropping it kills what runs.
#[derive(Debug)]
pub struct Stack {
    /// The edge.
    pub edge: Workerd,
    /// The record.
    pub record: Record,
    /// The OpenID provider, unless another is used.
    pub oidc: Option<Oidc>,
    /// PostgreSQL, unless another is used.
    pub postgres: Option<Postgres>,
    /// Where each part listens.
    pub ports: Ports,
    issuer: String,
    database_url: String,
    state: PathBuf,
}

impl Stack {
    /// Starts every part and waits until each is ready.
    pub fn start(setup: &Setup) -> Result<Self> {
        let mut stack = Self::prepare(setup)?;
        stack.start_all(setup)?;
        Ok(stack)
    }

    /// Stops every part, those first that use the others.
    pub fn stop(mut self) -> Result<()> {
        self.edge.stop()?;
        self.record.stop()?;
        self.oidc.as_mut().map_or(Ok(()), Oidc::stop)?;
        self.postgres.as_mut().map_or(Ok(()), Postgres::stop)
    }

    /// What the browser opens.
    pub fn origin(&self) -> String {
        origin(self.ports)
    }

    /// The address of the OpenID provider.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The record's database, with its password.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Where it keeps everything.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// A part that has ended though nobody stopped it.
    pub fn fallen(&mut self) -> Option<&'static str> {
        if !self.edge.is_running() {
            return Some("edge");
        }
        if !self.record.is_running() {
            return Some("record");
        }
        if self.oidc.as_mut().is_some_and(|oidc| !oidc.is_running()) {
            return Some("oidc");
        }
        self.postgres
            .as_mut()
            .is_some_and(|postgres| !postgres.is_running())
            .then_some("postgres")
    }

    /// Prepares the parts; starts nothing but PostgreSQL's `initdb` when its data is not there.
    fn prepare(setup: &Setup) -> Result<Self> {
        let state = setup.state.clone();
        fs::create_dir_all(&state)?;
        for part in PARTS {
            process::end_left_behind(&state.join(format!("{part}.pid")))?;
        }
        let keys = Keys::kept_in(&state.join("keys.json"))?;
        let ports = Ports::kept_in(&state.join("ports.json"), setup.edge_port)?;
        let origin = origin(ports);
        let (postgres, database_url) = if let Some(url) = &setup.database_url {
            (None, url.clone())
        } else {
            let postgres = step("preparing PostgreSQL", || Postgres::open(&state, ports.postgres))?;
            let url = postgres.url(DATABASE);
            (Some(postgres), url)
        };
        let (oidc, issuer) = if let Some(issuer) = &setup.issuer {
            (None, issuer.clone())
        } else {
            let oidc = Oidc::new(&state, ports.oidc, &origin, &setup.people, &keys)?;
            let issuer = Issuer {
                url: oidc.issuer(),
                client_id: oidc::CLIENT_ID.to_owned(),
                client_key: keys.oidc_client_pem()?,
            };
            (Some(oidc), issuer)
        };
        let mut record = Record::new(
            &state,
            &setup.record,
            &database_url,
            &origin,
            &issuer,
            ports,
            &keys,
        )?;
        if setup.training {
            record.set("BATON_HL7_PROCESSING", "T");
        }
        let edge = Workerd::new(&state, &setup.edge_config, &state.join("dist"), ports, &keys)?;
        Ok(Self {
            edge,
            record,
            oidc,
            postgres,
            ports,
            issuer: issuer.url,
            database_url,
            state,
        })
    }

    fn start_all(&mut self, setup: &Setup) -> Result<()> {
        ensure_free(
            self.ports.edge,
            "the edge",
            "stop it, or choose another with --port",
        )?;
        if let Some(postgres) = &mut self.postgres {
            step("starting PostgreSQL", || {
                postgres.start()?;
                postgres.create_database(DATABASE)
            })?;
        }
        if let Some(oidc) = &mut self.oidc {
            ensure_free(
                self.ports.oidc,
                "the OpenID provider",
                "stop it: the provider's address must not change",
            )?;
            step("starting the OpenID provider", || oidc.start())?;
        }
        step(
            "bringing the database's schema and the directory up to date",
            || {
                self.record.command(&["migrate"])?;
                self.record
                    .command(&["people", "import", &setup.people.to_string_lossy()])
            },
        )?;
        if let Some(teams) = &setup.teams {
            self.make_teams_once(teams)?;
        }
        step("starting the record", || self.record.start())?;
        self.lay_out_app(setup)?;
        step("starting the edge", || self.edge.start())
    }

    /// Makes the teams, unless that has been done for this database, provider and file.
    fn make_teams_once(&self, teams: &Path) -> Result<()> {
        let teams_bytes = fs::read(teams).with_context(|| format!("cannot read {}", teams.display()))?;
        let what = [self.database_url.as_bytes(), self.issuer.as_bytes(), &teams_bytes].concat();
        let digest = hex_digest(&what);
        let mark = self.state.join("teams-made");
        if fs::read_to_string(&mark).is_ok_and(|made| made == digest) {
            return Ok(());
        }
        step("making the teams", || {
            self.record.command(&["team", "create", &teams.to_string_lossy()])
        })?;
        fs::write(mark, digest)?;
        Ok(())
    }

    fn lay_out_app(&self, setup: &Setup) -> Result<()> {
        let to = self.state.join("dist");
        let config = self.record.command(&["app-config"])?;
        if let Some(app) = &setup.app {
            return app_build::deploy(app, &to, &config);
        }
        fs::create_dir_all(&to)?;
        fs::write(to.join("index.html"), "<!doctype html><title>Baton</title>")?;
        fs::write(to.join("config.json"), config)?;
        Ok(())
    }
}

fn origin(ports: Ports) -> String {
    format!("http://localhost:{}", ports.edge)
}

const DATABASE: &str = "baton";

/// All that a stack can run, those first that use the others.
const PARTS: [&str; 5] = ["hospital", "edge", "record", "oidc", "postgres"];
