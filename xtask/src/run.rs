//! Commands that are run to their end. Either their output is shown as it comes (long builds at a terminal), or it goes
//! to a log and its end is shown only when they fail.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::progress::Stopwatch;
use crate::project;
use crate::stack::process::kill_tree;

/// A command to run to its end, from the root of the checkout unless told otherwise.
#[derive(Debug)]
pub struct Run {
    command: Command,
    shown: String,
    log: Option<PathBuf>,
    limit: Option<Duration>,
}

impl Run {
    /// Prepares a program. Programs of npm packages are found first.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command
            .current_dir(project::root())
            .stdin(Stdio::null())
            .env("PATH", path_with(&[]));
        // A cargo that runs inside `cargo run` should see what it would see alone.
        for inherited in [
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PKG_NAME",
            "CARGO_PKG_VERSION",
        ] {
            command.env_remove(inherited);
        }
        let shown = Path::new(program)
            .file_name()
            .unwrap_or(program)
            .to_string_lossy()
            .into_owned();
        Self {
            command,
            shown,
            log: None,
            limit: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets its working folder.
    #[must_use]
    pub fn within(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Looks for programs here before anywhere else.
    #[must_use]
    pub fn finding(mut self, folders: &[PathBuf]) -> Self {
        self.command.env("PATH", path_with(folders));
        self
    }

    /// Sends its output to this file (made anew) instead of the terminal.
    #[must_use]
    pub fn log(mut self, file: impl Into<PathBuf>) -> Self {
        self.log = Some(file.into());
        self
    }

    /// Kills it, with all that it started, when it takes longer.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Runs it, and fails unless it succeeds.
    pub fn wait(mut self) -> Result<()> {
        if let Some(log) = &self.log {
            if let Some(folder) = log.parent() {
                fs::create_dir_all(folder)?;
            }
            let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
            self.command.stdout(file.try_clone()?).stderr(file);
        }
        let why = match self.ended()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => format!("`{}` failed ({status})", self.shown),
            None => format!("`{}` took too long and was ended", self.shown),
        };
        match &self.log {
            None => bail!(why),
            Some(log) => bail!("{why}; {} ends with:\n{}", log.display(), tail(log, 60)),
        }
    }

    /// Starts it and says how it ended; none when it took longer than it may.
    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let not_started = || format!("`{}` could not be started", self.shown);
        let Some(limit) = self.limit else {
            return self.command.status().map(Some).with_context(not_started);
        };
        let mut child = self.command.spawn().with_context(not_started)?;
        let watch = Stopwatch::start();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if watch.elapsed() > limit {
                kill_tree(child.id());
                child.wait()?;
                return Ok(None);
            }
            thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Runs it and returns what it prints; fails unless it succeeds.
    pub fn output(mut self) -> Result<String> {
        let output = self
            .command
            .output()
            .with_context(|| format!("`{}` could not be started", self.shown))?;
        if !output.status.success() {
            bail!(
                "`{}` failed ({}): {}",
                self.shown,
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Where a program is on the `PATH`, if it is.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

/// The last lines of a file, for the message of a failure.
pub fn tail(file: &Path, lines: usize) -> String {
    let text = fs::read(file)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all.get(all.len().saturating_sub(lines)..)
        .unwrap_or_default()
        .join("\n")
}

/// `PATH` with these folders and npm's in front.
pub fn path_with(folders: &[PathBuf]) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders
        .iter()
        .cloned()
        .chain([project::npm_bin()])
        .chain(std::env::split_paths(&path));
    std::env::join_paths(all).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let mark = std::env::temp_dir().join(format!("baton-limit-{}", std::process::id()));
        let script = format!("sleep 30 & echo $! > {}; wait", mark.display());
        let run = Run::new("sh").args(["-c", &script]);
        let told = run
            .limit(Duration::from_millis(300))
            .wait()
            .unwrap_err()
            .to_string();
        assert!(told.ends_with("took too long and was ended"), "{told}");
        let started = fs::read_to_string(&mark).unwrap();
        // The kill is sent; on a busy machine it takes a moment to be carried out.
        let stat = format!("/proc/{}/stat", started.trim());
        let still_runs = || fs::read_to_string(&stat).is_ok_and(|state| !state.contains(") Z"));
        for _ in 0..2_000 {
            if !still_runs() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(!still_runs(), "{:?}", fs::read_to_string(&stat));
        fs::remove_file(&mark).unwrap();
    }
}
