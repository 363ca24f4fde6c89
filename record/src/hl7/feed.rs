//! Feeds: a feed is a sending application of a sending facility (MSH-3, MSH-4), over whichever connections it sends.
//!
//! What one feed sends is taken one after the other, in the order in which it came: within this process by a lock for each feed,
//! between replicas by a lock of the database that ends with the transaction. So a feed waits with one connection of the
//! pool however many connections it opens, and all feeds together use a part of the pool only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgTransaction};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::read::Header;
use crate::context::{Context, moment};
use crate::keys::KeyEncryption;

/// A feed's name, `application|facility`. Names are kept and shown as they are; what does not look like one (a header that was
/// shifted might hold anything) is named by a keyed hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feed(String);

impl Feed {
    /// The feed of a message with this header.
    pub(super) fn of(keys: &KeyEncryption, header: &Header) -> Self {
        let (application, facility) = (header.application.as_str(), header.facility.as_str());
        if is_name(application) && is_name(facility) {
            return Self(format!("{application}|{facility}"));
        }
        let hash = keys.derive_lookup("hl7.feed", &[application, facility]);
        let number = hash.first_chunk().copied().map_or(0, u64::from_be_bytes);
        Self(format!("unnamed {number:016x}"))
    }

    /// A feed that was kept under this name.
    pub fn named(name: String) -> Self {
        Self(name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// As counters name it: those that are configured by their names, all others as one.
    pub fn label<'a>(&'a self, configured: &[String]) -> &'a str {
        if configured.contains(&self.0) {
            &self.0
        } else {
            "any"
        }
    }

    fn lock_key(&self) -> i32 {
        // FNV-1a. Two feeds that share a number wait for each other for nothing.
        let hash = self.0.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        i32::from_be_bytes(hash.to_be_bytes())
    }
}

fn is_name(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " .-_:/&^()+".contains(letter);
    text.len() <= 64 && text.chars().all(is_plain)
}

/// Begins a transaction, waiting for whoever takes a message of the same feed until theirs ends. Both in one question to the
/// database, since each message asks it.
pub(super) async fn begin<'c>(
    conn: &'c mut PgConnection,
    feed: &Feed,
) -> Result<PgTransaction<'c>, sqlx::Error> {
    let lock = feed.lock_key();
    // Two numbers are all that is put in.
    let sql = format!("BEGIN; SELECT pg_advisory_xact_lock({LOCK_SPACE}, {lock})");
    conn.begin_with(AssertSqlSafe(sql)).await
}

/// Who takes a message of a feed now, in this process.
pub struct Feeds {
    turns: Mutex<BTreeMap<Feed, Arc<tokio::sync::Mutex<()>>>>,
    database: Arc<Semaphore>,
}

/// A feed's turn. The next message of the feed waits until it is dropped.
pub(super) struct Turn {
    _feed: OwnedMutexGuard<()>,
    _database: Option<OwnedSemaphorePermit>,
}

impl Feeds {
    /// No feed has its turn. Of so many connections to the database feeds use a quarter.
    pub fn new(database_connections: u32) -> Self {
        let share = usize::try_from(database_connections / 4).unwrap_or(1).max(1);
        Self {
            turns: Mutex::default(),
            database: Arc::new(Semaphore::new(share)),
        }
    }

    pub(super) async fn turn(&self, feed: &Feed) -> Turn {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            if turns.len() >= FEEDS {
                turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            }
            turns.entry(feed.clone()).or_default().clone()
        };
        Turn {
            _feed: turn.lock_owned().await,
            // It is never closed.
            _database: self.database.clone().acquire_owned().await.ok(),
        }
    }
}

/// Says when each configured feed was heard last, from what was kept: a feed that stopped before this process began is not
/// forgotten.
pub async fn remember_last(cx: &Context) -> Result<(), sqlx::Error> {
    for feed in &cx.config.hl7.feeds {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT at FROM hl7_seen WHERE feed = $1 ORDER BY at DESC LIMIT 1")
                .bind(feed)
                .fetch_optional(&cx.pool)
                .await?;
        let last = row.map_or(0, |(at,)| moment(at).millis() / 1000);
        let gauge = cx.metrics.hl7.last_message.with_label_values(&[feed.as_str()]);
        gauge.set(gauge.get().max(i64::try_from(last).unwrap_or(i64::MAX)));
    }
    Ok(())
}

/// The first half of the names of our locks ("hl7f").
const LOCK_SPACE: i32 = 0x686c_3766;

/// Turns that are remembered before those that nobody waits for are forgotten.
const FEEDS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::secret::Secret;

    fn feed(application: &str, facility: &str) -> Feed {
        let header = Header {
            application: application.to_owned(),
            facility: facility.to_owned(),
            ..Header::default()
        };
        Feed::of(&KeyEncryption::new(&Secret::new([1; 32])), &header)
    }

    #[test]
    fn a_feed_is_named_by_its_sender_and_never_by_what_is_no_name() {
        assert_eq!(feed("PAS", "RX1").name(), "PAS|RX1");
        assert_eq!(feed("PAS", "").name(), "PAS|");
        let odd = feed("Zoë Thistlewood", "RX1");
        assert!(odd.name().starts_with("unnamed ") && !odd.name().contains("Thistlewood"));
        assert_ne!(odd, feed("Zoë Thistlewood", "RX2"));
        assert!(feed(&"x".repeat(65), "RX1").name().starts_with("unnamed "));
    }

    #[test]
    fn counters_name_only_feeds_that_are_configured() {
        let configured = ["PAS|RX1".to_owned()];
        assert_eq!(feed("PAS", "RX1").label(&configured), "PAS|RX1");
        assert_eq!(feed("OTHER", "RX1").label(&configured), "any");
    }

    #[tokio::test]
    async fn a_feed_has_one_turn_at_a_time_and_others_have_theirs() {
        let feeds = Arc::new(Feeds::new(20));
        let first = feeds.turn(&feed("PAS", "RX1")).await;
        let other = feeds.turn(&feed("PAS", "RX2")).await;
        let waits = feeds.clone();
        let second = tokio::spawn(async move { waits.turn(&feed("PAS", "RX1")).await });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(other);
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        drop(second.await.unwrap());
    }
}
