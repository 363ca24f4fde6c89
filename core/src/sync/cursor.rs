//! Who has received and read what in one space: what others tell, and what this person tells them.

use std::time::Duration;

use crate::chain::Seq;
use crate::id::UserId;
use crate::ordered::SortedMap;
use crate::signal::Cursor;
use crate::time::At;

/// The cursors of one space.
#[derive(Debug)]
pub(super) struct Cursors {
    me: UserId,
    /// Of everybody, this person included; theirs holds what their other devices tell, too.
    all: SortedMap<UserId, Cursor>,
    /// What this person last told, on this connection or by another device.
    told: (Seq, Seq),
    due: Option<At>,
    last_sent: Option<At>,
    /// Sealed under keys that are still to come.
    unopened: Vec<Vec<u8>>,
}

impl Cursors {
    pub(super) fn new(me: UserId) -> Self {
        Self {
            me,
            all: SortedMap::new(),
            told: (Seq::ZERO, Seq::ZERO),
            due: None,
            last_sent: None,
            unopened: Vec::new(),
        }
    }

    pub(super) fn of(&self, user: UserId) -> Option<&Cursor> {
        self.all.get(&user)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Cursor> {
        self.all.values()
    }

    /// Up to where this person has read, on any of their devices.
    pub(super) fn read(&self) -> Seq {
        self.of(self.me).map_or(Seq::ZERO, |cursor| cursor.read)
    }

    /// Takes a cursor that came through the edge and opened; true when somebody moved on.
    pub(super) fn take(&mut self, cursor: &Cursor) -> bool {
        if cursor.user == self.me {
            self.told = (self.told.0.max(cursor.delivered), self.told.1.max(cursor.read));
        }
        self.advance(cursor)
    }

    fn advance(&mut self, cursor: &Cursor) -> bool {
        let still = Cursor {
            user: cursor.user,
            delivered: Seq::ZERO,
            read: Seq::ZERO,
            at: cursor.at,
        };
        self.all.or_insert_with(cursor.user, || still).advance(cursor)
    }

    /// Takes a cursor that this device kept, or that another tab of it has; true when somebody moved on. What this person
    /// has read there is told to the others.
    pub(super) fn restore(&mut self, cursor: &Cursor, tick: At) -> bool {
        let is_news = self.advance(cursor);
        if is_news && cursor.user == self.me {
            self.schedule(tick);
        }
        is_news
    }

    /// This device has received something of others up to `seq`.
    pub(super) fn delivered(&mut self, seq: Seq, now: At, tick: At) {
        self.moved(
            Cursor {
                user: self.me,
                delivered: seq,
                read: Seq::ZERO,
                at: now,
            },
            tick,
        );
    }

    /// This person has read up to `seq`; true when that is news.
    pub(super) fn read_up_to(&mut self, seq: Seq, now: At, tick: At) -> bool {
        self.moved(
            Cursor {
                user: self.me,
                delivered: seq,
                read: seq,
                at: now,
            },
            tick,
        )
    }

    fn moved(&mut self, cursor: Cursor, tick: At) -> bool {
        let is_news = self.advance(&cursor);
        if is_news {
            self.schedule(tick);
        }
        is_news
    }

    fn schedule(&mut self, tick: At) {
        if self.due.is_none() && self.untold().is_some() {
            let spaced = self.last_sent.map_or(tick, |sent| sent.plus(EVERY));
            self.due = Some(spaced.max(tick.plus(GATHER)));
        }
    }

    /// What this person has to tell.
    fn untold(&self) -> Option<Cursor> {
        let mine = self.of(self.me)?;
        let is_news = mine.delivered > self.told.0 || mine.read > self.told.1;
        is_news.then_some(*mine)
    }

    /// Takes what is to be told now.
    pub(super) fn take_due(&mut self, tick: At) -> Option<Cursor> {
        self.due.filter(|due| *due <= tick)?;
        self.due = None;
        let cursor = self.untold()?;
        self.told = (cursor.delivered, cursor.read);
        self.last_sent = Some(tick);
        Some(cursor)
    }

    /// The connection ended: whether what was told arrived is not known, so it is told again on the next.
    pub(super) fn disconnected(&mut self) {
        self.told = (Seq::ZERO, Seq::ZERO);
        self.due = None;
    }

    /// The space is listened to again: tells what the record does not know by then.
    pub(super) fn connected(&mut self, tick: At, spread: Duration) {
        self.last_sent = Some(tick.plus(spread));
        self.due = None;
        self.schedule(tick);
    }

    /// Keeps a sealed cursor until keys come.
    pub(super) fn keep_unopened(&mut self, sealed: Vec<u8>) {
        if self.unopened.len() < UNOPENED {
            self.unopened.push(sealed);
        }
    }

    /// Takes the cursors that wait for keys.
    pub(super) fn take_unopened(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.unopened)
    }

    /// When something is to be told.
    pub(super) fn next(&self) -> Option<At> {
        self.due
    }
}

/// One cursor per space in this time at most.
const EVERY: Duration = Duration::from_secs(2);

/// Received and then read within this is told once.
const GATHER: Duration = Duration::from_millis(150);

/// Sealed cursors kept until keys come: 1 KiB each at most.
const UNOPENED: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    const ME: UserId = UserId::from_bytes([1; 16]);
    const OTHER: UserId = UserId::from_bytes([2; 16]);

    fn at(millis: u64) -> At {
        At::from_millis(millis)
    }

    fn cursor(user: UserId, delivered: u64, read: u64) -> Cursor {
        Cursor {
            user,
            delivered: Seq::new(delivered),
            read: Seq::new(read),
            at: at(0),
        }
    }

    #[test]
    fn what_is_received_and_read_is_told_once_in_two_seconds() {
        let mut cursors = Cursors::new(ME);
        cursors.delivered(Seq::new(5), at(0), at(0));
        cursors.read_up_to(Seq::new(4), at(10), at(10));
        assert_eq!(cursors.next(), Some(at(150)));
        let told = cursors.take_due(at(150)).unwrap();
        assert_eq!((told.delivered, told.read), (Seq::new(5), Seq::new(4)));
        cursors.read_up_to(Seq::new(5), at(200), at(200));
        assert_eq!(cursors.next(), Some(at(2_150)));
        assert!(cursors.take_due(at(2_149)).is_none());
        assert!(cursors.take_due(at(2_150)).is_some());
        assert!(
            !cursors.read_up_to(Seq::new(3), at(2_200), at(2_200)),
            "cursors only move on"
        );
        assert_eq!(cursors.next(), None);
    }

    #[test]
    fn what_may_not_have_arrived_is_told_again_unless_the_record_shows_it() {
        let mut cursors = Cursors::new(ME);
        cursors.read_up_to(Seq::new(5), at(0), at(0));
        cursors.take_due(at(150)).unwrap();
        cursors.disconnected();
        cursors.connected(at(1_000), Duration::from_millis(300));
        assert_eq!(cursors.next(), Some(at(3_300)));
        cursors.take(&cursor(ME, 5, 5));
        assert!(cursors.take_due(at(3_300)).is_none());
    }

    #[test]
    fn an_old_cursor_that_is_replayed_changes_nothing() {
        let mut cursors = Cursors::new(ME);
        assert!(cursors.take(&cursor(OTHER, 9, 7)));
        assert!(!cursors.take(&cursor(OTHER, 8, 3)));
        assert_eq!(cursors.of(OTHER).unwrap().read, Seq::new(7));
    }

    #[test]
    fn cursors_under_unknown_keys_take_bounded_memory() {
        let mut cursors = Cursors::new(ME);
        for _ in 0..10_000 {
            cursors.keep_unopened(vec![0; 1024]);
        }
        assert_eq!(cursors.take_unopened().len(), UNOPENED);
    }
}
