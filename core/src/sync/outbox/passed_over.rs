//! What the record passed over: an operation that is not in the log before one that was done after it.
//!
//! A frame goes to the record whole and in its order. So where the later one stands, the record had refused the earlier
//! one, or the edge had left it out. Which of the two it was is told by the rules, and by the state that the later one came
//! into: device and record share both, and what is refused changes neither.
//!
//! What was refused is not sent again, even if its answer never came. By now it might be allowed, and would come after what
//! was done later: whoever was removed and added again would be removed. It waits for its author instead.

use std::sync::Arc;

use super::{Outbox, Pending, PendingState};
use crate::chain::Seq;
use crate::id::OpId;
use crate::op::member::MemberOp;
use crate::op::{Body, Op};
use crate::refusal::Refusal;
use crate::rule::{self, Author};
use crate::state::{Place, SpaceState};
use crate::sync::Kept;

/// What the record did with an operation that is not in the log before a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It would have taken it, had it come.
    LeftOut,
    /// It refused it.
    Refused(Refusal),
    /// That depends on what only the record knows.
    Unknown,
}

impl Outbox {
    /// The entry at `seq`, which comes into the state `before`, holds this operation. Looks at what was done before it and is
    /// not in the log, and gives what turns out to have been refused, to be kept as that.
    pub(in crate::sync) fn pass_over(&mut self, id: OpId, seq: Seq, before: &SpaceState) -> Vec<Kept> {
        let Some(index) = self.pending.iter().position(|pending| pending.op.id == id) else {
            return Vec::new();
        };
        let mut refused = Vec::new();
        // With what was left out, on which another may rest.
        let mut whole: Option<SpaceState> = None;
        for earlier in self.pending.iter_mut().take(index) {
            match earlier.state {
                PendingState::Refused(_) | PendingState::HeldBy(_) => continue,
                PendingState::Acked | PendingState::InFlight | PendingState::Waiting => {}
            }
            match earlier.judge(before, whole.as_ref()) {
                // Of what is acknowledged the edge says that the record took it all the same, at a second try.
                Verdict::Refused(reason) if earlier.is_watched && earlier.state != PendingState::Acked => {
                    refused.push((reason, earlier.kept(before, reason)));
                    continue;
                }
                Verdict::LeftOut => _ = earlier.overtaken.get_or_insert(seq),
                Verdict::Refused(_) | Verdict::Unknown => {}
            }
            let place = Place { seq, recorded: None };
            whole
                .get_or_insert_with(|| before.clone())
                .apply(place, &earlier.op);
        }
        for (reason, kept) in &refused {
            self.refuse(kept.op.id, *reason);
            if let Some(pending) = self
                .pending
                .iter_mut()
                .find(|pending| pending.op.id == kept.op.id)
            {
                pending.is_inferred = true;
            }
        }
        refused.into_iter().map(|(_, kept)| kept).collect()
    }
}

impl Pending {
    /// What the record did with this in the state `before`, or in `whole`, if that is what it had.
    fn judge(&self, before: &SpaceState, whole: Option<&SpaceState>) -> Verdict {
        // It may not have been in the frame.
        if self.gave_way {
            return Verdict::Unknown;
        }
        let op = &self.op;
        let may = |state| rule::may(Author::Person(op.by), op, state);
        // The record has all messages, a device the newest.
        if op
            .amends()
            .is_some_and(|message| before.timeline.message(message).is_none())
        {
            return Verdict::Unknown;
        }
        match may(before) {
            Err(_) if whole.is_some_and(|whole| may(whole).is_ok()) => Verdict::Unknown,
            Err(reason) => Verdict::Refused(reason),
            Ok(()) if names_somebody_new(op, before) => Verdict::Unknown,
            Ok(()) => Verdict::LeftOut,
        }
    }

    fn kept(&self, before: &SpaceState, reason: Refusal) -> Kept {
        Kept {
            space: before.space,
            order: self.order,
            op: Arc::clone(&self.op),
            refused: Some(reason),
        }
    }
}

/// Whether it names a person, a patient or a photo of whom only the record knows whether there is such.
fn names_somebody_new(op: &Op, state: &SpaceState) -> bool {
    let adds_a_person = matches!(&op.body, Body::Member(MemberOp::Added(_)));
    adds_a_person
        || !op.photos().is_empty()
        || op
            .patients_named()
            .any(|patient| state.patients.find(patient).is_none())
}

#[cfg(test)]
mod tests;
