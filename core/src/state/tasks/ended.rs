//! How a task ended, and that it was to be done after all.

use serde::{Deserialize, Serialize};

use crate::secret::Personal;
use crate::state::Mark;

/// Something that somebody wrote about a task: a comment, a reason, a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who, when.
    #[serde(rename = "s")]
    pub by: Mark,
    /// What; a note may be empty.
    #[serde(rename = "t")]
    pub text: Personal<String>,
}

impl Said {
    pub(super) fn new(by: Mark, text: &Personal<String>) -> Self {
        let text = text.clone();
        Self { by, text }
    }
}

/// That a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// How.
    #[serde(rename = "h")]
    pub how: Ending,
    /// By whom, when, with which note or reason.
    #[serde(rename = "w")]
    pub said: Said,
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It was not needed any more.
    #[serde(rename = "x")]
    Cancelled,
    /// It was done.
    #[serde(rename = "d")]
    Completed,
}

/// That a task was to be done after all, or again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// By whom, when, why.
    #[serde(rename = "w")]
    pub said: Said,
    /// How it had ended before.
    #[serde(rename = "c")]
    pub closed: Closed,
}
