//! The edge of a local stack: the built worker in plain `workerd`, as a data centre would run it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::project;
use crate::stack::http;
use crate::stack::keys::Keys;
use crate::stack::ports::Ports;
use crate::stack::process::{Plan, Process, bound_to_us};

/// The edge, and its process while that runs.
pub struct Workerd {
    state: PathBuf,
    port: u16,
    config: PathBuf,
    assets: PathBuf,
    bindings: Vec<(&'static str, String)>,
    process: Option<Process>,
}

impl Workerd {
    /// Prepares an edge that serves the files in `assets` and asks the record at its port.
    pub fn new(state: &Path, config: &Path, assets: &Path, ports: Ports, keys: &Keys) -> Result<Self> {
        let bindings = vec![
            ("RECORD_URL", format!("http://127.0.0.1:{}", ports.record)),
            ("RECORD_VERIFY_KEY", keys.record_verify()?),
            ("EDGE_SIGNING_KEY", keys.edge_signing.clone()),
        ];
        Ok(Self {
            state: state.to_path_buf(),
            port: ports.edge,
            config: config.to_path_buf(),
            assets: assets.to_path_buf(),
            bindings,
            process: None,
        })
    }

    /// Sets one more of its bindings.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.bindings.retain(|(known, _)| *known != name);
        self.bindings.push((name, value.into()));
    }

    /// Starts it and waits until it is healthy.
    pub fn start(&mut self) -> Result<()> {
        let storage = self.storage();
        fs::create_dir_all(&storage)?;
        let mut command = bound_to_us(&program()?, "KILL");
        command.arg("serve").arg(&self.config);
        command.arg(format!("--socket-addr=http=127.0.0.1:{}", self.port));
        command.arg(format!("--directory-path=app={}", self.assets.display()));
        command.arg(format!("--directory-path=objects={}", storage.display()));
        command.envs(self.bindings.iter().map(|(name, value)| (name, value)));
        let plan = Plan {
            name: "edge",
            command,
            state: self.state.clone(),
            stop_with: Signal::TERM,
        };
        let mut process = Process::start(plan)?;
        let healthy = format!("http://127.0.0.1:{}/healthz", self.port);
        process.wait_ready(Duration::from_mins(1), || http::answers_ok(&healthy))?;
        self.process = Some(process);
        Ok(())
    }

    /// Stops it. Open WebSockets do not keep it alive.
    pub fn stop(&mut self) -> Result<()> {
        self.kill();
        Ok(())
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

    /// Where its Durable Objects keep what they keep.
    pub fn storage(&self) -> PathBuf {
        self.state.join("edge")
    }
}

impl fmt::Debug for Workerd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workerd")
            .field("port", &self.port)
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}

/// The runtime that npm brought.
pub fn program() -> Result<PathBuf> {
    let arch = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "64"
    };
    let program = project::root().join(format!(
        "node_modules/@cloudflare/workerd-linux-{arch}/bin/workerd"
    ));
    program
        .is_file()
        .then_some(program)
        .context("workerd is not installed: run `npm ci`")
}
