//! One long-running process of the stack: output into its log, ended with its parent, and never left behind.
//!
//! Three things see to that. A child asks the kernel to be told when its parent ends (`setpriv --pdeathsig`). Every
//! child has its own process group, so that Ctrl-C reaches only the parent, which then stops the children in order. And
//! each writes who it is to a file, so that the next start can end what was left behind by a machine that was cut off.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::progress::Stopwatch;
use crate::run;

/// How a process is started.
#[derive(Debug)]
pub struct Plan {
    /// What it is called in messages; its log and process file carry this name.
    pub name: &'static str,
    /// Its program, arguments and environment.
    pub command: Command,
    /// Where its log and its process file are.
    pub state: PathBuf,
    /// What asks it to stop.
    pub stop_with: Signal,
}

/// A started process. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
    mark: PathBuf,
    stop_with: Signal,
}

impl Process {
    /// Starts it, with its output appended to its log.
    pub fn start(plan: Plan) -> Result<Self> {
        let Plan {
            name,
            mut command,
            state,
            stop_with,
        } = plan;
        let logs = state.join("log");
        fs::create_dir_all(&logs)?;
        let log = logs.join(format!("{name}.log"));
        let mark = state.join(format!("{name}.pid"));
        end_left_behind(&mark)?;
        let output = File::options().create(true).append(true).open(&log)?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0);
        let child = spawn(command).with_context(|| format!("{name} could not be started"))?;
        if let Some(started) = started_at(child.id()) {
            fs::write(&mark, format!("{} {started}", child.id()))?;
        }
        Ok(Self {
            name,
            child,
            log,
            mark,
            stop_with,
        })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its log.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until a probe succeeds. Fails when the process ends before, or after `within`.
    pub fn wait_ready(&mut self, within: Duration, mut probe: impl FnMut() -> Result<()>) -> Result<()> {
        let watch = Stopwatch::start();
        loop {
            let Err(why) = probe() else { return Ok(()) };
            if let Some(status) = self.ended() {
                bail!(
                    "{} ended ({status}); {} ends with:\n{}",
                    self.name,
                    self.log.display(),
                    run::tail(&self.log, 30)
                );
            }
            if watch.elapsed() > within {
                let end = run::tail(&self.log, 30);
                bail!(
                    "{} was not ready after {within:?} ({why:#}); {} ends with:\n{end}",
                    self.name,
                    self.log.display()
                );
            }
            thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Asks it to stop, and kills it when it has not by then.
    pub fn stop(mut self, grace: Duration) -> Result<()> {
        if let Some(pid) = pid_of(self.id()) {
            let _already_gone = kill_process(pid, self.stop_with);
        }
        let watch = Stopwatch::start();
        while self.ended().is_none() {
            if watch.elapsed() > grace {
                bail!("{} did not stop within {grace:?} and was killed", self.name);
            }
            thread::park_timeout(Duration::from_millis(10));
        }
        Ok(())
    }

    /// `kill -9`, of it and everything it started.
    pub fn kill(mut self) {
        self.kill_now();
    }

    fn kill_now(&mut self) {
        if self.ended().is_none() {
            let pid = self.id();
            kill_tree(pid);
            let _status = self.child.wait();
        }
        let _gone = fs::remove_file(&self.mark);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_now();
    }
}

/// A command that is signalled when this process ends, however that happens.
pub fn bound_to_us(program: &Path, signal: &str) -> Command {
    if let Some(setpriv) = run::find("setpriv") {
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", signal]).arg(program);
        return command;
    }
    Command::new(program)
}

/// Ends what a process file names, if that process is still the one it named.
pub fn end_left_behind(mark: &Path) -> Result<()> {
    let Ok(text) = fs::read_to_string(mark) else {
        return Ok(());
    };
    if let Some((pid, started)) = text.trim().split_once(' ')
        && let Ok(pid) = pid.parse()
        && started_at(pid).as_deref() == Some(started)
    {
        let ended = kill_tree(pid);
        let watch = Stopwatch::start();
        while ended
            .iter()
            .any(|pid| Path::new(&format!("/proc/{pid}")).exists())
        {
            if watch.elapsed() > Duration::from_secs(10) {
                bail!("process {pid}, left behind by an earlier run, cannot be ended");
            }
            thread::park_timeout(Duration::from_millis(10));
        }
    }
    fs::remove_file(mark)?;
    Ok(())
}

/// Kills a process, its group, and all that descend from it (PostgreSQL's own processes leave the group). Returns them.
pub fn kill_tree(root: u32) -> Vec<u32> {
    let mut killed = descendants(root);
    for process in &killed {
        if let Some(pid) = pid_of(*process) {
            let _already_gone = kill_process(pid, Signal::KILL);
        }
    }
    if let Some(pid) = pid_of(root) {
        let _already_gone = kill_process_group(pid, Signal::KILL);
        let _already_gone = kill_process(pid, Signal::KILL);
    }
    killed.push(root);
    killed
}

/// Parent of each process → everything below `root`.
fn descendants(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| Some((pid, stat_field(pid, PARENT)?.parse().ok()?)))
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, of)| *of == parent)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    found.remove(0);
    found
}

/// Whether a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// It has ended, and nobody has asked how.
    Ended,
    /// There is none of this id.
    Gone,
    /// It runs.
    Runs,
}

/// Tells whether a process runs.
pub(super) fn life(pid: u32) -> Life {
    match stat_field(pid, STATE).as_deref() {
        None => Life::Gone,
        Some("X" | "Z") => Life::Ended,
        Some(_) => Life::Runs,
    }
}

/// When a running process was started, in the kernel's ticks: with its id this names it for good.
fn started_at(pid: u32) -> Option<String> {
    if life(pid) == Life::Runs {
        stat_field(pid, STARTED)
    } else {
        None
    }
}

/// A field of `/proc/<pid>/stat` by its place after the program's name (which may hold spaces).
fn stat_field(pid: u32, place: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(place).map(str::to_owned)
}

fn pid_of(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}

/// Starts a child from a thread that lives as long as this process: the kernel's "parent has ended" means the thread
/// that started the child, and test threads end early.
fn spawn(command: Command) -> io::Result<Child> {
    type Job = (Command, Sender<io::Result<Child>>);
    static SPAWNER: OnceLock<Mutex<Sender<Job>>> = OnceLock::new();
    let jobs = SPAWNER.get_or_init(|| {
        let (jobs, queue) = channel::<Job>();
        thread::spawn(move || {
            for (mut command, answer) in queue {
                let _asker_gone = answer.send(command.spawn());
            }
        });
        Mutex::new(jobs)
    });
    let (answer, child) = channel();
    let sent = jobs
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .send((command, answer));
    sent.map_err(|_| io::Error::other("the thread that starts processes has ended"))?;
    child.recv().map_err(io::Error::other)?
}

const STATE: usize = 0;
const PARENT: usize = 1;
const STARTED: usize = 19;
