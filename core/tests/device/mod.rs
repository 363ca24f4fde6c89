//! A device in a random history of several people, and the record's part of one: shared by the tests that play such histories.

use baton_core::chain::{ChainHash, Head};
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::{Body, Op};
use baton_core::rule::Author;
use baton_core::state::{Place, SpaceState};
use baton_core::time::At;

/// What a device has of the log, and what was done there that is not in it.
pub(crate) struct Device {
    pub(crate) user: UserId,
    pub(crate) confirmed: SpaceState,
    /// Entries of the log that it has.
    pub(crate) has: usize,
    pub(crate) waiting: Vec<Op>,
}

impl Device {
    /// It has nothing yet.
    pub(crate) fn new(space: SpaceId, user: UserId) -> Self {
        Self {
            user,
            confirmed: SpaceState::new(space),
            has: 0,
            waiting: vec![],
        }
    }

    /// What is shown: as the machine does it, at places that are guesses.
    pub(crate) fn shown(&self) -> SpaceState {
        let mut shown = self.confirmed.clone();
        let mut seq = shown.head.seq;
        for op in &self.waiting {
            seq = seq.next();
            shown.apply(Place { seq, recorded: None }, op);
        }
        shown
    }

    /// Takes so many entries of the log.
    pub(crate) fn fetch(&mut self, log: &[(Head, Op)], count: usize) {
        for (head, op) in log.iter().skip(self.has).take(count) {
            let at = At::from_millis(head.seq.value());
            self.confirmed.fold(*head, at, op);
            self.waiting.retain(|waiting| waiting.id != op.id);
            self.has += 1;
        }
    }

    /// So many of what is to be sent: what was sent waits on until it is seen in the log.
    pub(crate) fn to_send(&self, log: &[(Head, Op)], count: usize) -> Vec<Op> {
        let is_new = |op: &&Op| log.iter().all(|(_, known)| known.id != op.id);
        self.waiting.iter().filter(is_new).take(count).cloned().collect()
    }

    /// What the record refuses is given up.
    pub(crate) fn give_up(&mut self, op: OpId) {
        self.waiting.retain(|waiting| waiting.id != op);
    }
}

/// Something that somebody does; `made` counts what was done.
pub(crate) fn op(made: &mut u64, by: UserId, body: Body) -> Op {
    *made += 1;
    let at = At::from_millis(*made);
    let id = OpId::make(at, [0; 10]);
    Op { id, by, at, body }
}

/// Who did it, as a seal would prove it.
pub(crate) fn author(op: &Op) -> Author {
    if op.by == UserId::RECORD {
        Author::Record
    } else {
        Author::Person(op.by)
    }
}

/// Folds in an entry as the record places it, and gives its place.
pub(crate) fn fold_next(state: &mut SpaceState, op: &Op) -> Head {
    let seq = state.head.seq.next();
    let head = Head {
        seq,
        chain: ChainHash::from_bytes([u8::try_from(seq.value() % 251).unwrap(); 32]),
    };
    state.fold(head, At::from_millis(seq.value()), op);
    head
}
