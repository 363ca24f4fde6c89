//! Taking one message: what it says into the index, that it was seen, and that it is kept for an operator if it was refused, in
//! one transaction. What is answered is durable.
//!
//! - The same message again is answered as the first time and does nothing. It is the same if feed, MSH-10 and content
//!   (but MSH-7) are. Another content under a known MSH-10 is refused and kept.
//! - What the database cannot do now is no answer: the caller closes the connection, and the sender sends it again. So the
//!   feed's order stays, and no sender takes a fault of ours for a refusal.
//! - What the database will never do (a fault of ours too) is refused and kept, or a feed would stand still for one message.

use std::time::Duration;

use baton_hl7::Fault;
use sqlx::{PgConnection, PgTransaction};

use super::feed::{self, Feed};
use super::map::Mapped;
use super::quarantine;
use super::read::{Key, Reading, is_expected};
use super::reason::Reason;
use crate::context::{Context, millis};
use crate::log::{LogError, database_kind};
use crate::patients;
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

/// What one transaction led to.
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
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = feed::begin(&mut conn, &reading.feed).await?;
    let label = match content {
        Ok(_) => ACCEPTED,
        Err(reason) => reason.label(),
    };
    if !see(cx, &mut transaction, &reading.feed, key, label).await? {
        return before(&mut transaction, reading, key).await;
    }
    match content {
        Ok(mapped) => act(cx, transaction, mapped).await,
        Err(reason) => {
            quarantine::keep(cx, &mut transaction, reading, key, reason).await?;
            transaction.commit().await?;
            Ok(Step::Taken(Verdict::Refused(reason)))
        }
    }
}

async fn act(cx: &Context, mut transaction: PgTransaction<'_>, mapped: &Mapped) -> Result<Step, LogError> {
    if let Err(reason) = tell(cx, &mut transaction, mapped).await? {
        transaction.rollback().await?;
        return Ok(Step::Refused(reason));
    }
    transaction.commit().await?;
    patients::wake(cx);
    Ok(Step::Taken(Verdict::Accepted(mapped.notes.clone())))
}

/// Tells the index what a message says: all of it or, when a part is refused, nothing, which is for the caller to see to.
pub(super) async fn tell(
    cx: &Context,
    conn: &mut PgConnection,
    mapped: &Mapped,
) -> Result<Result<Vec<Outcome>, Reason>, LogError> {
    if mapped.events.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let applied = patients::apply(cx, conn, &mapped.events).await?;
    let outcomes: Result<Vec<Outcome>, _> = applied.outcomes.into_iter().collect();
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(refusal) => return Ok(Err(Reason::Index(refusal))),
    };
    if mapped.wrong_nhs > 0 {
        let event = audit::Event {
            event: "hl7.nhs_number_wrong",
            subject: outcomes.first().and_then(|outcome| Some(outcome.patient?.uuid())),
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

/// Remembers a message. False if one is remembered under its key.
async fn see(
    cx: &Context,
    conn: &mut PgConnection,
    feed: &Feed,
    key: Key,
    outcome: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO hl7_seen (feed, control, digest, at, outcome) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(feed.name())
    .bind(key.control.as_slice())
    .bind(key.digest.as_slice())
    .bind(millis(cx.now()))
    .bind(outcome)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What was answered before.
async fn before(conn: &mut PgConnection, reading: &Reading<'_>, key: Key) -> Result<Step, LogError> {
    let row: Option<(Vec<u8>, String)> =
        sqlx::query_as("SELECT digest, outcome FROM hl7_seen WHERE feed = $1 AND control = $2")
            .bind(reading.feed.name())
            .bind(key.control.as_slice())
            .fetch_optional(conn)
            .await?;
    // It may have been forgotten in this moment, being old.
    let (digest, outcome) = row.ok_or(sqlx::Error::RowNotFound)?;
    if digest != key.digest {
        return Ok(Step::Other);
    }
    let verdict = match &reading.content {
        Ok(mapped) if outcome == ACCEPTED => Verdict::Accepted(mapped.notes.clone()),
        Err(_) if outcome == ACCEPTED => Verdict::Accepted(Vec::new()),
        Err(reason) if reason.label() == outcome => Verdict::Refused(*reason),
        Ok(_) | Err(_) => Verdict::Refused(Reason::named(&outcome)),
    };
    Ok(Step::Again(verdict))
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
        let give_up = |kind: String| {
            tracing::warn!(error.kind = %kind, "An HL7 message cannot be stored now; its connection is closed.");
            Err(LogError::Unfinished)
        };
        match error {
            LogError::Database(database) if is_away(database) => {
                let Some(wait) = WAITS.get(usize::try_from(self.away).unwrap_or(usize::MAX)) else {
                    return give_up(database_kind(database));
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
                    return give_up(error.kind().to_owned());
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
fn is_away(error: &sqlx::Error) -> bool {
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
const HOPELESS: u32 = 2;
