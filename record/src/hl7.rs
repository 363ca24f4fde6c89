//! The door for hospital systems: HL7 v2 ADT messages over MLLP, into the index of patients.
//!
//! A message goes [`listener`] → `connection` → `read` → [`map`] → [`take`](take()) → `answer`. What is answered `AA` (or `CA`) is
//! durable: the whole message, sealed, is committed before the answer, and [`waiting`] takes what it says into the index right after
//! it, in order. A refused one is committed to the [`quarantine`] before its answer. Where nothing can be known to be durable there is no
//! answer: the connection is closed, and the sender sends again.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`listener`] | connections: TLS, limits of number, size and time, shutdown |
//! | [`feed`] | who sends; one message of a feed after the other |
//! | `read` | what a message is known again by |
//! | [`map`] | HL7's events in the index's words |
//! | [`clock`] | the time at the place of care |
//! | [`take`](take()) | one message: kept, then answered |
//! | [`waiting`] | what is kept, into the index |
//! | [`reason`] | why not |
//! | `answer` | acknowledgements |
//! | [`quarantine`], [`replay`](replay()) | what was refused, for an operator |

use std::time::Duration;

use crate::context::Context;

pub mod clock;
pub mod feed;
pub mod listener;
pub mod map;
pub mod quarantine;
pub mod reason;
pub mod waiting;

mod answer;
mod connection;
mod read;
mod replay;
mod take;
mod tls;

pub use replay::replay;
pub use take::{Taken, Verdict, take};

/// What has to be looked at while the door is open: how many messages wait for an operator, and when each feed was heard last.
/// What was answered long ago is forgotten.
pub async fn look_after(cx: Context) {
    let mut is_remembered = false;
    loop {
        let done = async {
            if !is_remembered {
                feed::remember_last(&cx).await?;
                is_remembered = true;
            }
            quarantine::count(&cx).await?;
            waiting::count(&cx).await?;
            quarantine::forget(&cx).await
        };
        if let Err(error) = done.await {
            tracing::warn!(
                error.kind = %crate::log::database_kind(&error),
                "What HL7 feeds left cannot be looked after now."
            );
        }
        tokio::time::sleep(EVERY).await;
    }
}

const EVERY: Duration = Duration::from_mins(1);
