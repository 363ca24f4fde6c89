//! The demonstration's hospital: a process that plays its feed to the record (`baton-demo hospital`), from the beginning when
//! there is none yet, else from where it was.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use crate::run;
use crate::stack::process::{Plan, Process, bound_to_us};

/// The running feed. Dropping it kills it; how far it got is kept.
pub struct Hospital {
    process: Process,
}

impl Hospital {
    /// Starts playing to a record that listens at `to`.
    pub fn start(state: &Path, program: &Path, to: &str) -> Result<Self> {
        let mut command = bound_to_us(program, "TERM");
        command.args(["hospital", "--every", "8s", "--to", to]);
        command.arg("--kept").arg(state.join("hospital.json"));
        let plan = Plan {
            name: "hospital",
            command,
            state: state.to_path_buf(),
            stop_with: Signal::TERM,
        };
        Ok(Self {
            process: Process::start(plan)?,
        })
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.process.ended().is_some()
    }

    /// What it said last.
    pub fn last_words(&self) -> String {
        run::tail(self.process.log(), 5)
    }

    /// Stops it.
    pub fn stop(self) -> Result<()> {
        self.process.stop(Duration::from_secs(5))
    }
}

impl fmt::Debug for Hospital {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hospital")
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}
