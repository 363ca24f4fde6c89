//! The OpenID provider of a local stack (`xtask/oidc/provider.mjs`): demo staff sign in by saying who they are.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use crate::project;
use crate::stack::http;
use crate::stack::keys::Keys;
use crate::stack::process::{Plan, Process, bound_to_us};
use crate::tools;

pub mod visit;

/// The provider, and its process while that runs.
#[derive(Debug)]
pub struct Oidc {
    state: PathBuf,
    port: u16,
    origin: String,
    people: PathBuf,
    client_jwk: String,
    process: Option<Process>,
}

impl Oidc {
    /// Prepares a provider for the app at `origin`, with these people.
    pub fn new(state: &Path, port: u16, origin: &str, people: &Path, keys: &Keys) -> Result<Self> {
        Ok(Self {
            state: state.to_path_buf(),
            port,
            origin: origin.to_owned(),
            people: people.to_path_buf(),
            client_jwk: keys.oidc_client_jwk()?.to_string(),
            process: None,
        })
    }

    /// Starts it and waits until it answers.
    pub fn start(&mut self) -> Result<()> {
        let mut command = bound_to_us(&tools::node(), "KILL");
        command.arg(project::root().join("xtask/oidc/provider.mjs"));
        command.env("BATON_OIDC_ISSUER", self.issuer());
        command.env("BATON_OIDC_PEOPLE", &self.people);
        command.env("BATON_OIDC_CLIENT_ID", CLIENT_ID);
        command.env("BATON_OIDC_CLIENT_JWK", &self.client_jwk);
        command.env("BATON_OIDC_REDIRECT_URIS", format!("{}/signed-in", self.origin));
        command.env("BATON_OIDC_LOGOUT_URIS", format!("{}/", self.origin));
        command.env("BATON_OIDC_STATE", &self.state);
        let plan = Plan {
            name: "oidc",
            command,
            state: self.state.clone(),
            stop_with: Signal::TERM,
        };
        let mut process = Process::start(plan)?;
        let discovery = format!("{}/.well-known/openid-configuration", self.issuer());
        process.wait_ready(Duration::from_secs(30), || http::answers_ok(&discovery))?;
        self.process = Some(process);
        Ok(())
    }

    /// Stops it.
    pub fn stop(&mut self) -> Result<()> {
        self.process
            .take()
            .map_or(Ok(()), |process| process.stop(Duration::from_secs(5)))
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// Whether it has been started and has not ended.
    pub fn is_running(&mut self) -> bool {
        self.process
            .as_mut()
            .is_some_and(|process| process.ended().is_none())
    }

    /// Its address, by which identities name it.
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// The record's name at the provider.
pub const CLIENT_ID: &str = "baton";
