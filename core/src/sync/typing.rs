//! Who is writing in one space: shown for a few seconds, never kept.

use std::time::Duration;

use crate::id::UserId;
use crate::ordered::SortedMap;
use crate::time::At;

/// Who is writing in one space.
#[derive(Debug, Default)]
pub(super) struct Typists {
    /// Until when somebody is shown, on the steady clock and on the device's.
    until: SortedMap<UserId, (At, At)>,
    last_told: Option<At>,
}

impl Typists {
    /// Somebody is writing; true when that is news.
    pub(super) fn take(&mut self, user: UserId, tick: At, now: At) -> bool {
        self.until
            .insert(user, (tick.plus(SHOWN_FOR), now.plus(SHOWN_FOR)))
            .is_none()
    }

    /// Somebody sent what they wrote; true when they were shown as writing.
    pub(super) fn stop(&mut self, user: UserId) -> bool {
        self.until.remove(&user).is_some()
    }

    /// Drops those who stopped; true when there were some.
    pub(super) fn expire(&mut self, tick: At) -> bool {
        let before = self.until.len();
        self.until.retain(|_, (until, _)| *until > tick);
        before != self.until.len()
    }

    /// Who is writing.
    pub(super) fn writing(&self, now: At) -> Vec<UserId> {
        self.until
            .iter()
            .filter(|(_, (_, until))| *until > now)
            .map(|(user, _)| *user)
            .collect()
    }

    /// Whether this person's own writing is to be told now.
    pub(super) fn may_tell(&mut self, tick: At) -> bool {
        let is_early = self.last_told.is_some_and(|last| tick < last.plus(TOLD_EVERY));
        if !is_early {
            self.last_told = Some(tick);
        }
        !is_early
    }

    /// When somebody is no longer shown.
    pub(super) fn next(&self) -> Option<At> {
        self.until.values().map(|(until, _)| *until).min()
    }
}

/// How long somebody is shown as writing after they last told.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// A person's writing is told once in this time at most.
const TOLD_EVERY: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_shown_for_six_seconds_and_told_every_three() {
        let at = At::from_millis;
        let user = UserId::from_bytes([1; 16]);
        let mut typists = Typists::default();
        assert!(typists.take(user, at(0), at(100)));
        assert!(!typists.take(user, at(1_000), at(1_100)));
        assert!(!typists.expire(at(6_999)));
        assert_eq!(typists.writing(at(7_099)), [user]);
        assert_eq!(typists.next(), Some(at(7_000)));
        assert!(typists.expire(at(7_000)));
        assert_eq!(typists.writing(at(0)), []);
        assert!(typists.may_tell(at(0)) && !typists.may_tell(at(2_999)) && typists.may_tell(at(3_000)));
    }
}
