//! The record of a local stack: `baton-record` with its configuration in the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::stack::http;
use crate::stack::keys::Keys;
use crate::stack::ports::Ports;
use crate::stack::process::{Plan, Process, bound_to_us};

/// Who vouches for people.
#[derive(Clone)]
pub struct Issuer {
    /// The provider's address.
    pub url: String,
    /// The record's name there.
    pub client_id: String,
    /// The record's private key there, PKCS#8 PEM.
    pub client_key: String,
}

/// The record, and its process while that runs.
pub struct Record {
    state: PathBuf,
    program: PathBuf,
    settings: BTreeMap<&'static str, String>,
    process: Option<Process>,
}

impl Record {
    /// Prepares a record on a database, for the app at `origin`.
    pub fn new(
        state: &Path,
        program: &Path,
        database_url: &str,
        origin: &str,
        issuer: &Issuer,
        ports: Ports,
        keys: &Keys,
    ) -> Result<Self> {
        let settings = BTreeMap::from([
            ("BATON_DATABASE_URL", database_url.to_owned()),
            ("BATON_LISTEN", format!("127.0.0.1:{}", ports.record)),
            ("BATON_OPS_LISTEN", format!("127.0.0.1:{}", ports.record_ops)),
            ("BATON_HL7_LISTEN", format!("127.0.0.1:{}", ports.record_hl7)),
            ("BATON_KEK", keys.kek.clone()),
            ("BATON_SIGNING_KEY", keys.record_signing.clone()),
            ("BATON_OHTTP_KEY", keys.record_ohttp.clone()),
            ("BATON_EDGE_URL", format!("http://127.0.0.1:{}", ports.edge)),
            ("BATON_EDGE_VERIFY_KEY", keys.edge_verify()?),
            ("BATON_APP_ORIGIN", origin.to_owned()),
            ("BATON_OIDC_ISSUER", issuer.url.clone()),
            ("BATON_OIDC_CLIENT_ID", issuer.client_id.clone()),
            ("BATON_OIDC_CLIENT_KEY", issuer.client_key.clone()),
        ]);
        Ok(Self {
            state: state.to_path_buf(),
            program: program.to_path_buf(),
            settings,
            process: None,
        })
    }

    /// Sets one more of its settings, by the name of its environment variable.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.settings.insert(name, value.into());
    }

    /// Starts it and waits until it is ready to serve.
    pub fn start(&mut self) -> Result<()> {
        let mut command = bound_to_us(&self.program, "TERM");
        command.arg("serve").envs(&self.settings);
        let plan = Plan {
            name: "record",
            command,
            state: self.state.clone(),
            stop_with: Signal::TERM,
        };
        let mut process = Process::start(plan)?;
        let ready = format!("{}/readyz", self.ops_url());
        process.wait_ready(Duration::from_mins(1), || http::answers_ok(&ready))?;
        self.process = Some(process);
        Ok(())
    }

    /// Stops it after the requests in flight are answered.
    pub fn stop(&mut self) -> Result<()> {
        self.process
            .take()
            .map_or(Ok(()), |process| process.stop(Duration::from_secs(20)))
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

    /// The process id while it runs, for measuring.
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Runs one of its other commands to the end and returns what that prints. What it logs goes to `record.log`.
    pub fn command(&self, args: &[&str]) -> Result<String> {
        let logs = self.state.join("log");
        std::fs::create_dir_all(&logs)?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(logs.join("record.log"))?;
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .envs(&self.settings)
            .stdin(Stdio::null())
            .stderr(log);
        let output = command
            .output()
            .with_context(|| format!("{} could not be started", self.program.display()))?;
        if !output.status.success() {
            let end = crate::run::tail(&logs.join("record.log"), 20);
            bail!(
                "`baton-record {}` failed ({}):\n{end}",
                args.join(" "),
                output.status
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Its program, and the environment in which its other commands find it: for a test that is another program.
    pub fn invocation(&self) -> (&Path, impl Iterator<Item = (&'static str, &str)>) {
        let settings = self.settings.iter();
        (
            &self.program,
            settings.map(|(name, value)| (*name, value.as_str())),
        )
    }

    /// Where it is healthy, ready and measured.
    pub fn ops_url(&self) -> String {
        format!(
            "http://{}",
            self.settings.get("BATON_OPS_LISTEN").map_or("", String::as_str)
        )
    }

    /// Where it takes HL7 messages: `host:port`.
    pub fn hl7_address(&self) -> &str {
        self.settings.get("BATON_HL7_LISTEN").map_or("", String::as_str)
    }

    /// Its door to the edge and to Oblivious HTTP.
    pub fn url(&self) -> String {
        format!(
            "http://{}",
            self.settings.get("BATON_LISTEN").map_or("", String::as_str)
        )
    }
}

// What is secret stays out of sight.
impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("url", &self.url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}
