//! Taking one message. What is answered is durable: the message itself, sealed, with what it is known again by, in one statement; what it
//! says goes into the index right after it ([`waiting`]). One that is refused is kept for an operator, in one transaction.
//!
//! - The same message again is answered as the first time and does nothing. It is the same if feed, MSH-10 and content
//!   (but MSH-7) are. Another content under a known MSH-10 is refused and kept.
//! - What the database cannot do now is no answer: the caller closes the connection, and the sender sends it again. So the
//!   feed's order stays, and no sender takes a fault of ours for a refusal.
//! - What the database will never do (a fault of ours too) is refused and kept, or a feed would stand still for one message.

use std::time::Duration;

use baton_hl7::Fault;
use sqlx::PgConnection;

use super::feed::Feed;
use super::map::Mapped;
use super::read::{Key, Reading, is_expected};
use super::reason::Reason;
use super::{quarantine, waiting};
use crate::context::Context;
use crate::log::LogError;
use crate::patients;
use crate::patients::change::Event;
use crate::patients::decide::Outcome;
use crate::people::audit;

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What to answer.
    pub verdict: Verdict,
    /// Whether it came before, and was answered in the same way.
    pub is_again: bool,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken; with what could not be read or used in it.
    Accepted(Vec<Fault>),
    /// It was not.
    Refused(Reason),
}

impl Taken {
    fn refused(reason: Reason) -> Self {
        Self {
            verdict: Verdict::Refused(reason),
            is_again: false,
        }
    }
}

/// Takes a message. An error means that nothing is known to have happened: no answer may be given.
pub async fn take(cx: &Context, bytes: &[u8]) -> Result<Taken, LogError> {
    let reading = Reading::of(cx, bytes);
    let taken = take_in_turn(cx, &reading).await?;
    count(cx, &reading.feed, &taken);
    Ok(taken)
}

async fn take_in_turn(cx: &Context, reading: &Reading<'_>) -> Result<Taken, LogError> {
    if !is_expected(&cx.config.hl7, &reading.feed) {
        return Ok(Taken::refused(Reason::Sender));
    }
    let mut content = reading.content.as_ref().map_err(|reason| *reason);
    if let Err(reason) = content
        && !reason.is_kept()
    {
        return Ok(Taken::refused(reason));
    }
    let _turn = cx.feeds.turn(&reading.feed).await;
    let mut key = reading.key;
    let mut tries = Tries::default();
    loop {
        let step = match attempt(cx, reading, key, content).await {
            Ok(step) => step,
            Err(error) => {
                tries.another(&error).await?;
                if tries.is_hopeless() {
                    tracing::error!(
                        error.kind = %error.kind(),
                        "An HL7 message could not be stored, twice; it is kept in the quarantine."
                    );
                    content = Err(Reason::NotStored);
                }
                continue;
            }
        };
        match step {
            Step::Again(verdict) => {
                return Ok(Taken {
                    verdict,
                    is_again: true,
                });
            }
            Step::Other => {
                key = reading.other_key();
                content = Err(Reason::OtherContent);
            }
            Step::Refused(reason) => content = Err(reason),
            Step::Taken(verdict) => {
                return Ok(Taken {
                    verdict,
                    is_again: false,
                });
            }
        }
    }
}

/// What one try led to.
enum Step {
    /// It was seen before.
    Again(Verdict),
    /// Another message was seen under its control id.
    Other,
    /// The index does not take it; nothing was written.
    Refused(Reason),
    /// It is written.
    Taken(Verdict),
}

async fn attempt(
    cx: &Context,
    reading: &Reading<'_>,
    key: Key,
    content: Result<&Mapped, Reason>,
) -> Result<Step, LogError> {
    match content {
        Ok(mapped) => {
            if let Some(reason) = waiting::refusal(cx, mapped) {
                return Ok(Step::Refused(reason));
            }
            if !waiting::keep(cx, reading, key, mapped).await? {
                return before(cx, reading, key).await;
            }
            if waiting::is_certain(mapped) {
                return Ok(Step::Taken(Verdict::Accepted(mapped.notes.clone())));
            }
            let step = before(cx, reading, key).await?;
            Ok(if let Step::Again(verdict) = step {
                Step::Taken(verdict)
            } else {
                step
            })
        }
        Err(reason) => {
            let mut transaction = cx.pool.begin().await?;
            if !waiting::remember(&mut *transaction, reading, key, reason.label(), None).await? {
                drop(transaction);
                return before(cx, reading, key).await;
            }
            quarantine::keep(cx, &mut transaction, reading, key, reason).await?;
            transaction.commit().await?;
            Ok(Step::Taken(Verdict::Refused(reason)))
        }
    }
}

/// Tells the index what messages say: all of it or, when a part is refused, nothing, which is for the caller to see to.
pub(super) async fn tell(
    cx: &Context,
    conn: &mut PgConnection,
    messages: &[Mapped],
) -> Result<Result<Vec<Outcome>, Reason>, LogError> {
    let events: Vec<Event> = messages
        .iter()
        .flat_map(|mapped| mapped.events.iter().cloned())
        .collect();
    if events.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let applied = patients::apply(cx, conn, &events).await?;
    let outcomes: Result<Vec<Outcome>, _> = applied.outcomes.into_iter().collect();
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(refusal) => return Ok(Err(Reason::Index(refusal))),
    };
    let mut of_each = outcomes.iter();
    for mapped in messages {
        let mut own = of_each.by_ref().take(mapped.events.len());
        let first = own.next();
        own.for_each(drop);
        if mapped.wrong_nhs == 0 {
            continue;
        }
        let event = audit::Event {
            event: "hl7.nhs_number_wrong",
            subject: first.and_then(|outcome| Some(outcome.patient?.uuid())),
            ..audit::Event::default()
        };
        audit::add(conn, cx.now(), event).await?;
        cx.metrics
            .hl7
            .wrong_nhs
            .inc_by(u64::try_from(mapped.wrong_nhs).unwrap_or(u64::MAX));
    }
    Ok(Ok(outcomes))
}

/// What was answered before. Where that is open, after its turn.
async fn before(cx: &Context, reading: &Reading<'_>, key: Key) -> Result<Step, LogError> {
    let is_certain = reading.content.as_ref().is_ok_and(waiting::is_certain);
    let mut row = remembered(cx, reading, key).await?;
    if row.is_open && !is_certain && row.digest == key.digest {
        waiting::drain(cx).await?;
        row = remembered(cx, reading, key).await?;
    }
    if row.digest != key.digest {
        return Ok(Step::Other);
    }
    let verdict = match &reading.content {
        Ok(mapped) if row.outcome == ACCEPTED => Verdict::Accepted(mapped.notes.clone()),
        Err(_) if row.outcome == ACCEPTED => Verdict::Accepted(Vec::new()),
        Err(reason) if reason.label() == row.outcome => Verdict::Refused(*reason),
        Ok(_) | Err(_) => Verdict::Refused(Reason::named(&row.outcome)),
    };
    Ok(Step::Again(verdict))
}

/// A message that is remembered.
#[derive(sqlx::FromRow)]
struct Remembered {
    digest: Vec<u8>,
    outcome: String,
    is_open: bool,
}

async fn remembered(cx: &Context, reading: &Reading<'_>, key: Key) -> Result<Remembered, LogError> {
    let row = sqlx::query_as(
        "SELECT digest, outcome, sealed IS NOT NULL AS is_open FROM hl7_seen WHERE feed = $1 AND control = $2",
    )
    .bind(reading.feed.name())
    .bind(key.control.as_slice())
    .fetch_optional(&cx.pool)
    .await?;
    // It may have been forgotten in this moment, being old.
    Ok(row.ok_or(sqlx::Error::RowNotFound)?)
}

/// How often the database was asked in vain.
#[derive(Default)]
struct Tries {
    away: u32,
    faults: u32,
}

impl Tries {
    /// Waits before another try; gives the error back when there have been enough.
    async fn another(&mut self, error: &LogError) -> Result<(), LogError> {
        let give_up = || {
            tracing::warn!(error.kind = %error.detail(), "An HL7 message cannot be stored now; its connection is closed.");
            Err(LogError::Unfinished)
        };
        match error {
            LogError::Database(database) if is_away(database) => {
                let Some(wait) = WAITS.get(usize::try_from(self.away).unwrap_or(usize::MAX)) else {
                    return give_up();
                };
                self.away += 1;
                tokio::time::sleep(*wait).await;
                Ok(())
            }
            LogError::BatchSize
            | LogError::Damaged { .. }
            | LogError::Database(_)
            | LogError::Key { .. }
            | LogError::Unfinished => {
                self.faults += 1;
                if self.faults > HOPELESS {
                    return give_up();
                }
                Ok(())
            }
        }
    }

    const fn is_hopeless(&self) -> bool {
        self.faults >= HOPELESS
    }
}

/// Whether an error says that the database, not the message, is what stands in the way: it is gone or stopping, has too much
/// to do, or others were in the way (SQLSTATE classes 08, 40, 53, 55, 57, 58).
pub(super) fn is_away(error: &sqlx::Error) -> bool {
    if let Some(error) = error.as_database_error() {
        let code = error.code().unwrap_or_default();
        return ["08", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class));
    }
    !matches!(
        error,
        sqlx::Error::Protocol(_) | sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }
    )
}

fn count(cx: &Context, feed: &Feed, taken: &Taken) {
    let (answer, reason) = match &taken.verdict {
        Verdict::Accepted(_) => ("accepted", ""),
        Verdict::Refused(reason) => ("refused", reason.label()),
    };
    let answer = if taken.is_again { "again" } else { answer };
    cx.metrics.hl7.messages.with_label_values(&[answer, reason]).inc();
    if matches!(taken.verdict, Verdict::Refused(Reason::Sender)) {
        return;
    }
    let label = feed.label(&cx.config.hl7.feeds);
    let seconds = i64::try_from(cx.now().millis() / 1000).unwrap_or(i64::MAX);
    cx.metrics
        .hl7
        .last_message
        .with_label_values(&[label])
        .set(seconds);
}

/// What `hl7_seen` says of a message that was taken.
pub(super) const ACCEPTED: &str = "accepted";

/// Before each further try while the database is away.
const WAITS: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(300),
    Duration::from_secs(1),
];

/// After so many errors that another try does not mend, a message is not tried again.
pub(super) const HOPELESS: u32 = 2;
