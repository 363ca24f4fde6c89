//! Chromium at work for a bench: `tests/browser/measure.mjs` does in it what it is told, a line of JSON for each thing to do
//! and one for what it saw.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use xtask::{app_build, project, tools};

use crate::stage::Stage;

/// It. It ends when this is dropped, since then nobody tells it anything any more.
#[derive(Debug)]
pub struct Chromium {
    told: ChildStdin,
    tells: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Chromium {
    /// Starts it before a stage that serves the app.
    pub async fn start(stage: &Stage) -> Result<Self> {
        let chromium = tokio::task::spawn_blocking(tools::ensure_chromium).await??;
        let issuer = stage.with(|stack| Ok(stack.issuer().to_owned())).await?;
        let mut process = Command::new(tools::node())
            .arg("tests/browser/measure.mjs")
            .current_dir(project::root())
            .env("BATON_CHROMIUM", chromium)
            .env("BATON_URL", &stage.deployment.origin)
            .env("BATON_ISSUER", issuer)
            .env("BATON_STATE_DIR", &stage.state)
            .env("BATON_BLANK", app_build::blank())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let told = process.stdin.take().context("it can be told something")?;
        let tells = process.stdout.take().context("it can tell something")?;
        Ok(Self {
            told,
            tells: BufReader::new(tells).lines(),
            _process: process,
        })
    }

    /// Has it do something; gives what it saw.
    pub async fn ask<A: DeserializeOwned>(&mut self, question: &Value) -> Result<A> {
        self.told.write_all(format!("{question}\n").as_bytes()).await?;
        let Ok(line) = tokio::time::timeout(PATIENCE, self.tells.next_line()).await else {
            bail!("the browser has not done in {PATIENCE:?}: {question}");
        };
        let line = line?.with_context(|| format!("the browser has ended at {question}"))?;
        serde_json::from_str(&line).with_context(|| format!("the browser answers {question} with {line}"))
    }
}

/// For a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(10);
