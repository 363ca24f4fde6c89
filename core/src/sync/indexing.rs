//! What a device holds, put into the index of local search: messages as they are folded, and entries of a log that are kept
//! and not folded. What is folded has everything that was ever done to a message, so it goes before what entries tell.
//!
//! Invariant: what the index was fed of a log ([`Index::fed`]) is one stretch that ends at the head, or goes on to there. So
//! nothing that was done to a message it has is missing, and what was withdrawn is never found. A log that was continued
//! from a snapshot is fed anew from there.

use super::{Space, Sync};
use crate::chain::{Entry, Seq};
use crate::device_api::HistoryAnswer;
use crate::id::{OpId, SpaceId};
use crate::op::message::MessageOp;
use crate::op::{Body, Op};
use crate::ordered::SortedSet;
use crate::search::{Found, Index, Message, Query};
use crate::secret::Personal;
use crate::state::{self, Change, Item};

impl Sync {
    /// Indexes every message of a space that is held folded and that the record has.
    pub fn index_held(&self, id: SpaceId, index: &mut Index) {
        let Some(space) = self.spaces.get(&id) else { return };
        for message in space.confirmed.timeline.messages() {
            index_message(id, message, index);
        }
    }

    /// Indexes what changed of a space.
    pub fn index_changes(&self, id: SpaceId, changes: &[Change], index: &mut Index) {
        let Some(space) = self.spaces.get(&id) else { return };
        for change in changes {
            if let Change::Added(seq) | Change::Amended(seq) = change
                && let Some(Item::Message(message)) = space.confirmed.timeline.at(*seq)
            {
                index_message(id, message, index);
            }
        }
    }

    /// Indexes the entries of a space's log that come next after what the index was fed. What does not open has nothing to be
    /// found.
    pub fn index_newer(&mut self, id: SpaceId, entries: &[Entry], index: &mut Index) {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            return;
        };
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        for entry in entries {
            space.index_entry(entry, index, |_| true);
        }
        index.cover(id, before(first.seq), last.seq);
    }

    /// Indexes a page of entries that come just before what the index was fed.
    pub fn index_older(&mut self, id: SpaceId, page: &HistoryAnswer, index: &mut Index) {
        let (Some(first), Some(last)) = (page.entries.first(), page.entries.last()) else {
            return;
        };
        let Some(space) = self.spaces.get_mut(&id) else {
            return;
        };
        // What is about a message before this page comes with that message's own.
        let here: SortedSet<OpId> = page.entries.iter().map(|entry| entry.op_id).collect();
        for entry in page.entries.iter().chain(&page.later) {
            space.index_entry(entry, index, |target| here.contains(&target));
        }
        index.cover(id, before(first.seq), last.seq);
    }
}

impl Sync {
    /// Finds messages: those of the index, and what is only on this device, as it is shown.
    pub fn find(&self, index: &mut Index, query: &Query) -> Found {
        let mut waiting = Index::new();
        let mut touched = SortedSet::new();
        for space in self.spaces.values() {
            let id = space.id();
            for pending in space.outbox() {
                let Body::Message(body) = &pending.op.body else {
                    continue;
                };
                let target = body.target().unwrap_or(pending.op.id);
                touched.insert((id, target));
                if let Some(message) = space.shown().timeline.message(target) {
                    index_message(id, message, &mut waiting);
                }
            }
        }
        let mut found = index.find(query);
        if touched.is_empty() {
            return found;
        }
        found.leave_out(|hit| touched.contains(&(hit.space, hit.op)));
        found.join(waiting.find(query), query.limit);
        found
    }
}

impl Space {
    /// Indexes what an entry tells of a message that is wanted.
    fn index_entry(&mut self, entry: &Entry, index: &mut Index, wants: impl Fn(OpId) -> bool) {
        if let Ok(Some(op)) = self.open_entry(entry)
            && let Body::Message(body) = &op.body
            && wants(body.target().unwrap_or(op.id))
        {
            self.index_op(entry.seq, &op, body, index);
        }
    }

    fn index_op(&self, seq: Seq, op: &Op, body: &MessageOp, index: &mut Index) {
        let space = self.id();
        let target = body.target().unwrap_or(op.id);
        if let Some(held) = self.confirmed.timeline.message(target) {
            return index_message(space, held, index);
        }
        match body {
            MessageOp::Acknowledged(_) => {}
            MessageOp::Corrected(corrected) => {
                _ = index.replace(space, target, Personal::new(corrected.text.as_str()));
            }
            MessageOp::Posted(posted) => index.put(&Message {
                space,
                seq,
                op: op.id,
                by: op.by,
                at: op.at,
                text: Personal::new(posted.text.as_str()),
            }),
            MessageOp::Withdrawn(_) => _ = index.remove(space, target),
        }
    }
}

fn index_message(space: SpaceId, message: &state::Message, index: &mut Index) {
    if message.withdrawn.is_some() {
        _ = index.remove(space, message.id());
        return;
    }
    index.put(&Message {
        space,
        seq: message.seq,
        op: message.id(),
        by: message.stamp.by,
        at: message.stamp.at,
        text: Personal::new(message.text()),
    });
}

fn before(seq: Seq) -> Seq {
    Seq::new(seq.value().saturating_sub(1))
}

#[cfg(test)]
mod tests;
