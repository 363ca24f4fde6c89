//! Feeds: a feed is a sending application of a sending facility (MSH-3, MSH-4), over whichever connections it sends.
//!
//! What one feed sends is taken one after the other, in the order in which it came: a sender waits for each answer, and in this process a
//! feed that opens several connections has one turn at a time. So it waits with one connection of the
//! pool however many connections it opens, and all feeds together use a part of the pool only. The order in which messages
//! were kept is that in which the index hears of them ([`super::waiting`]).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

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
}

fn is_name(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " .-_:/&^()+".contains(letter);
    text.len() <= 64 && text.chars().all(is_plain)
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
