//! Questions to the record that are open: each asked once at a time, again after a while when it fails, and once more
//! when something happened after it was asked that its answer may not know.

use std::time::Duration;

use rand_core::CryptoRng;

use super::Ask;
use super::backoff::Backoff;
use crate::id::SpaceId;
use crate::ordered::SortedMap;
use crate::time::At;

/// The questions that are open or due.
#[derive(Debug, Default)]
pub(super) struct Asks {
    open: SortedMap<Ask, Asked>,
    /// When a session or keys were last answered, so that nobody makes this device ask without end.
    answered: SortedMap<Ask, At>,
    /// The system says that there is no network.
    is_offline: bool,
}

#[derive(Debug)]
struct Asked {
    /// When it is to be asked; when it has been, when it is given up.
    due: At,
    is_out: bool,
    attempt: u32,
    /// Something happened since it was asked.
    again: bool,
}

impl Asks {
    /// Wants an answer that knows everything up to now.
    pub(super) fn want(&mut self, ask: Ask, tick: At) {
        if let Some(asked) = self.open.get_mut(&ask) {
            asked.again |= asked.is_out;
            return;
        }
        let soonest = self
            .answered
            .get(&ask)
            .map_or(tick, |last| last.plus(PAUSE).max(tick));
        let soonest = match rest(self.is_offline, &ask) {
            Some(rest) => soonest.max(tick.plus(rest)),
            None => soonest,
        };
        self.insert(ask, soonest);
    }

    /// Wants an answer once, whatever happens meanwhile.
    pub(super) fn want_once(&mut self, ask: Ask, tick: At) {
        if !self.open.contains_key(&ask) {
            self.want(ask, tick);
        }
    }

    /// The system says that there is no network: asks rarely until it says otherwise, since it may be wrong. What the device
    /// may have itself is asked as ever.
    pub(super) fn offline(&mut self, tick: At) {
        self.is_offline = true;
        let until = tick.plus(OFFLINE);
        for (ask, asked) in &mut self.open {
            if needs_network(ask) && !asked.is_out {
                asked.due = asked.due.max(until);
            }
        }
    }

    /// There may be a network.
    pub(super) fn online(&mut self) {
        self.is_offline = false;
    }

    /// Whether the system says that there is no network.
    pub(super) fn is_offline(&self) -> bool {
        self.is_offline
    }

    fn insert(&mut self, ask: Ask, due: At) {
        self.open.insert(
            ask,
            Asked {
                due,
                is_out: false,
                attempt: 0,
                again: false,
            },
        );
    }

    /// Takes what is to be asked now.
    pub(super) fn take_due(&mut self, tick: At, rng: &mut impl CryptoRng) -> Vec<Ask> {
        let (mut due, is_offline) = (Vec::new(), self.is_offline);
        for (ask, asked) in &mut self.open {
            if asked.due > tick {
                continue;
            }
            if asked.is_out {
                asked.fail(tick, rest(is_offline, ask), rng);
            } else {
                asked.is_out = true;
                asked.due = tick.plus(PATIENCE);
                due.push(ask.clone());
            }
        }
        due
    }

    /// Takes one question, if it is to be asked now.
    pub(super) fn take_one(&mut self, ask: &Ask, tick: At) -> bool {
        match self.open.get_mut(ask) {
            Some(asked) if !asked.is_out && asked.due <= tick => {
                asked.is_out = true;
                asked.due = tick.plus(PATIENCE);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Takes an answer; false when nobody had asked.
    pub(super) fn answer(&mut self, ask: &Ask, tick: At) -> bool {
        if matches!(ask, Ask::Keys(_) | Ask::Session) {
            self.answered.insert(ask.clone(), tick);
        }
        let Some(asked) = self.open.remove(ask) else {
            return false;
        };
        if asked.again {
            self.insert(ask.clone(), tick.plus(PAUSE));
        }
        true
    }

    /// Takes a failure that is worth trying again.
    pub(super) fn fail(&mut self, ask: &Ask, tick: At, rng: &mut impl CryptoRng) {
        let rest = rest(self.is_offline, ask);
        if let Some(asked) = self.open.get_mut(ask) {
            asked.fail(tick, rest, rng);
        }
    }

    /// There may be an answer now: what failed is asked again at once, or within `spread`.
    pub(super) fn hurry(&mut self, until: At) {
        for asked in self.open.values_mut().filter(|asked| !asked.is_out) {
            asked.due = asked.due.min(until);
        }
    }

    /// Gives a question up.
    pub(super) fn give_up(&mut self, ask: &Ask) {
        self.open.remove(ask);
    }

    /// Gives all questions about a space up.
    pub(super) fn forget(&mut self, space: SpaceId) {
        let is_about = |ask: &Ask| match ask {
            Ask::Deposit(other, _) | Ask::History { space: other, .. } | Ask::Keys(other) => *other == space,
            Ask::Session | Ask::Snapshots(_) => false,
        };
        self.open.retain(|ask, _| !is_about(ask));
        self.answered.retain(|ask, _| !is_about(ask));
    }

    /// The spaces whose snapshots are being asked for, question by question.
    pub(super) fn snapshots(&self) -> Vec<&[SpaceId]> {
        self.open
            .keys()
            .filter_map(|ask| match ask {
                Ask::Snapshots(spaces) => Some(spaces.as_slice()),
                Ask::Deposit(..) | Ask::History { .. } | Ask::Keys(_) | Ask::Session => None,
            })
            .collect()
    }

    /// The open history question of a space.
    pub(super) fn history(&self, space: SpaceId) -> Option<Ask> {
        let is_it = |ask: &&Ask| matches!(ask, Ask::History { space: other, .. } if *other == space);
        self.open.keys().find(is_it).cloned()
    }

    /// When something is due.
    pub(super) fn next(&self) -> Option<At> {
        self.open.values().map(|asked| asked.due).min()
    }
}

impl Asked {
    /// It is asked again, `rest` later at the least.
    fn fail(&mut self, tick: At, rest: Option<Duration>, rng: &mut impl CryptoRng) {
        self.is_out = false;
        self.again = false;
        self.attempt = self.attempt.saturating_add(1);
        let wait = PAUSE + BACKOFF.wait(self.attempt, rng);
        self.due = tick.plus(wait.max(rest.unwrap_or_default()));
    }
}

/// How long a question waits at the least, where the system may say that there is no network.
fn rest(is_offline: bool, ask: &Ask) -> Option<Duration> {
    (is_offline && needs_network(ask)).then_some(OFFLINE)
}

/// Whether only the record can answer; a page of history may be on the device.
fn needs_network(ask: &Ask) -> bool {
    !matches!(ask, Ask::History { .. })
}

/// Where the system says that there is no network, the record is asked once in this.
const OFFLINE: Duration = Duration::from_secs(30);

/// An answer that does not come within this is no longer waited for.
const PATIENCE: Duration = Duration::from_secs(45);

/// The same thing is asked no sooner than this after its answer.
const PAUSE: Duration = Duration::from_millis(500);

const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_mins(1),
};

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn at(millis: u64) -> At {
        At::from_millis(millis)
    }

    #[test]
    fn a_question_is_asked_once_at_a_time_and_again_when_something_happened_since() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mut asks = Asks::default();
        asks.want(Ask::Session, at(0));
        asks.want(Ask::Session, at(0));
        assert_eq!(asks.take_due(at(0), &mut rng), [Ask::Session]);
        assert_eq!(asks.take_due(at(1), &mut rng), []);
        asks.want(Ask::Session, at(2));
        assert!(asks.answer(&Ask::Session, at(10)));
        assert_eq!(asks.next(), Some(at(510)));
        assert_eq!(asks.take_due(at(510), &mut rng), [Ask::Session]);
        asks.answer(&Ask::Session, at(520));
        assert_eq!(asks.next(), None);
        assert!(!asks.answer(&Ask::Session, at(530)));
    }

    #[test]
    fn without_a_network_the_record_is_asked_rarely_and_at_once_when_there_is_one() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mut asks = Asks::default();
        let page = Ask::History {
            space: SpaceId::from_bytes([1; 16]),
            before: crate::chain::Seq::new(5),
            limit: 5,
        };
        asks.offline(at(0));
        asks.want(Ask::Session, at(0));
        asks.want(page.clone(), at(0));
        assert_eq!(
            asks.take_due(at(29_999), &mut rng),
            [page],
            "the device may have it"
        );
        assert_eq!(asks.take_due(at(30_000), &mut rng), [Ask::Session]);
        asks.fail(&Ask::Session, at(30_000), &mut rng);
        assert_eq!(asks.take_due(at(59_999), &mut rng), []);
        asks.online();
        asks.hurry(at(40_000));
        assert_eq!(asks.take_due(at(40_000), &mut rng), [Ask::Session]);
    }

    #[test]
    fn nobody_makes_a_device_ask_without_end() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mut asks = Asks::default();
        let mut asked = 0;
        for millis in 0..10_000 {
            asks.want(Ask::Session, at(millis));
            for ask in asks.take_due(at(millis), &mut rng) {
                asked += 1;
                asks.answer(&ask, at(millis));
            }
        }
        assert!(asked <= 21, "{asked}");
    }

    #[test]
    fn what_fails_or_is_never_answered_is_asked_again_later_and_later() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mut asks = Asks::default();
        let keys = Ask::Keys(SpaceId::from_bytes([1; 16]));
        asks.want(keys.clone(), at(0));
        asks.take_due(at(0), &mut rng);
        asks.fail(&keys, at(100), &mut rng);
        assert!((at(600)..=at(1_600)).contains(&asks.next().unwrap()));
        assert_eq!(asks.take_due(at(2_000), &mut rng), std::slice::from_ref(&keys));
        assert_eq!(asks.take_due(at(50_000), &mut rng), []);
        assert_eq!(asks.take_due(at(60_000), &mut rng), std::slice::from_ref(&keys));
        asks.forget(SpaceId::from_bytes([1; 16]));
        assert_eq!(asks.next(), None);
    }
}
