//! The log of each space, and its only writer.
//!
//! [`append`] opens, verifies, checks, orders and writes a batch in one transaction; everything else here reads. Several
//! replicas may run at once: a batch is planned against a folded state and written only if the space's row is still
//! where that state stands.

use baton_core::id::SpaceId;

use crate::http::problem::Problem;

pub mod append;
pub mod cache;
pub mod current;
pub mod entries;
pub mod folded;
pub mod made;
pub mod past;
mod plan;
mod read;
pub mod row;
pub mod seen;
pub mod snapshot;
pub mod verify;
mod write;

/// A fault of the log: never somebody's mistake.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// More operations, or none, than one batch may have.
    #[error("a batch of a size that is never sent")]
    BatchSize,
    /// The database cannot now; nothing is half done.
    #[error("the database did not do it")]
    Database(#[from] sqlx::Error),
    /// What is in the database is not what was written.
    #[error("the log of {space} is damaged at {seq}")]
    Damaged {
        /// Of which space.
        space: SpaceId,
        /// Where.
        seq: u64,
    },
    /// A key does not open, or is not there.
    #[error("a key of {space} cannot be used")]
    Key {
        /// Of which space.
        space: SpaceId,
    },
    /// The task that did it ended early.
    #[error("the work was not finished")]
    Unfinished,
}

impl LogError {
    /// What it is, for counters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BatchSize => "batch-size",
            Self::Database(_) => "database",
            Self::Damaged { .. } => "damaged",
            Self::Key { .. } => "key",
            Self::Unfinished => "unfinished",
        }
    }

    /// What it is, for operators: of the database more than [`Self::kind`] says, without the values that it might quote.
    pub(crate) fn detail(&self) -> String {
        if let Self::Database(error) = self {
            database_kind(error)
        } else {
            self.kind().to_owned()
        }
    }

    /// Logs it once, counts it, and turns it into an answer.
    pub fn answer(&self, metrics: &crate::metrics::Metrics) -> Problem {
        if matches!(self, Self::BatchSize) {
            return Problem::MALFORMED;
        }
        metrics.faults.with_label_values(&[self.kind()]).inc();
        match self {
            Self::Database(error) => {
                tracing::warn!(error.kind = %database_kind(error), "The database did not do what it was asked.");
                Problem::UNAVAILABLE
            }
            Self::Unfinished => Problem::UNAVAILABLE,
            Self::BatchSize | Self::Damaged { .. } | Self::Key { .. } => {
                tracing::error!(error = %self, "A log cannot be used: run `baton-record verify`.");
                Problem::FAULT
            }
        }
    }
}

/// Says what kind of error it is, without the values that PostgreSQL might quote.
pub(crate) fn database_kind(error: &sqlx::Error) -> String {
    if let Some(error) = error.as_database_error() {
        return format!("sqlstate {}", error.code().unwrap_or_default());
    }
    if let sqlx::Error::Io(error) = error {
        return format!("io {:?}", error.kind());
    }
    let kind = if matches!(error, sqlx::Error::PoolTimedOut) {
        "pool timed out"
    } else if matches!(error, sqlx::Error::PoolClosed) {
        "pool closed"
    } else if matches!(error, sqlx::Error::RowNotFound) {
        "row not found"
    } else {
        "other"
    };
    kind.to_owned()
}
