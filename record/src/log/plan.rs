//! The second half of append: what becomes of each operation, against the folded state, in the order of the batch. Pure:
//! nothing is written, and the state that was there before stays.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::{Entry, Head, Seq, derive_chain};
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::member::MemberOp;
use baton_core::op::{Body, Op};
use baton_core::photo::PhotoId;
use baton_core::refusal::Refusal;
use baton_core::rule::{self, Author};
use baton_core::service::{AppendResult, Changed, DeviceOp};
use baton_core::signal::seal_refusal;
use baton_core::state::{Change, SpaceState};
use baton_core::time::At;
use rand_core::CryptoRng;

use super::LogError;
use super::folded::Folded;
use super::read::{Reading, Ready};
use super::row::{Kept, NewEntry, SpaceRow};
use crate::patients::lists::ListChange;
use crate::patients::space::Named;
use crate::roles::standing::{self, RoleChanges};

/// What a batch leads to.
pub(super) struct Plan {
    /// One for each operation.
    pub(super) results: Vec<AppendResult>,
    /// What is to be written, in order.
    pub(super) rows: Vec<NewEntry>,
    /// The state after it.
    pub(super) state: SpaceState,
    /// Where the space stands after it, but for a new epoch.
    pub(super) row: SpaceRow,
    /// What is to be projected.
    pub(super) members: Vec<MemberChange>,
    /// Patients whom people named.
    pub(super) named: Vec<Named>,
    /// Photos that are shown.
    pub(super) photos: Vec<PhotoId>,
    /// What was done with lists that fill themselves.
    pub(super) lists: Vec<ListChange>,
    /// Roles that stand otherwise, and who held them.
    pub(super) roles: RoleChanges,
    /// What the edge has to tell whom.
    pub(super) changed: Changed,
    /// Reasons of refusals, for counting.
    pub(super) refused: Vec<&'static str>,
    /// False when something is refused that may be in the log already: it has to be looked up first.
    pub(super) is_certain: bool,
}

/// A change of the projection of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemberChange {
    pub(super) seq: Seq,
    pub(super) by: UserId,
    pub(super) user: UserId,
    pub(super) what: MemberWhat,
}

/// What changed about a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberWhat {
    Added { admin: bool },
    MadeAdmin,
    Removed,
}

/// What the plan needs to know besides the state.
pub(super) struct Facts<'a> {
    /// Those of the batch that are in the log; `None` while that was not looked up.
    pub(super) kept: Option<&'a BTreeMap<OpId, Kept>>,
    /// Those of the people who are to be added that the directory has.
    pub(super) people: &'a BTreeSet<UserId>,
    /// Those of the patients who are named, and whom the state does not hold, that the index has.
    pub(super) patients: &'a BTreeSet<PatientId>,
    /// Those of the photos that are shown that the record has.
    pub(super) photos: &'a BTreeSet<PhotoId>,
    /// The moment.
    pub(super) now: At,
}

/// Plans a batch.
pub(super) fn plan(
    folded: &mut Folded,
    ops: &[DeviceOp],
    readings: &[Reading],
    facts: &Facts<'_>,
    rng: &mut impl CryptoRng,
) -> Result<Plan, LogError> {
    let mut plan = Plan {
        results: Vec::with_capacity(ops.len()),
        rows: Vec::with_capacity(ops.len()),
        state: folded.state.clone(),
        row: SpaceRow {
            at: folded.row.at.max(facts.now),
            ..folded.row
        },
        members: Vec::new(),
        named: Vec::new(),
        photos: Vec::new(),
        lists: Vec::new(),
        roles: RoleChanges::default(),
        changed: Changed::default(),
        refused: Vec::new(),
        is_certain: true,
    };
    for (index, (sent, reading)) in ops.iter().zip(readings).enumerate() {
        let later = ops.iter().skip(index + 1);
        let is_overtaken = later
            .filter(|later| later.device == sent.device)
            .any(|later| plan.find_kept(folded, later.op.op_id, facts).is_some());
        let verdict = plan.judge(folded, sent, reading, is_overtaken, facts);
        plan.take(folded, sent, &verdict, facts, rng)?;
    }
    if !plan.rows.is_empty() {
        plan.roles.compare(&folded.state, &plan.state);
    }
    Ok(plan)
}

enum Verdict<'a> {
    Again(Kept),
    Append(&'a Ready),
    NotAllowed(&'static str),
    Refuse(Refusal, &'static str),
    Stale,
}

impl Plan {
    fn judge<'a>(
        &self,
        folded: &Folded,
        sent: &DeviceOp,
        reading: &'a Reading,
        is_overtaken: bool,
        facts: &Facts<'_>,
    ) -> Verdict<'a> {
        let is_member = matches!(reading, Reading::Ready(ready) if self.state.members.contains(ready.user));
        if let Some(kept) = self.find_kept(folded, sent.op.op_id, facts) {
            return if kept.device == sent.device || is_member {
                Verdict::Again(kept)
            } else {
                Verdict::NotAllowed("not-member")
            };
        }
        let ready = match reading {
            Reading::NoKey => return Verdict::Refuse(Refusal::Malformed, "no-key"),
            Reading::NotAllowed => return Verdict::NotAllowed("device"),
            Reading::Refused { refusal, reason } => return Verdict::Refuse(*refusal, reason),
            Reading::Ready(ready) => ready,
        };
        if !is_member {
            return Verdict::NotAllowed("not-member");
        }
        if !folded.keys.is_taken(ready.epoch, facts.now) {
            return Verdict::Stale;
        }
        // A batch goes in whole and in order: if what came after this is in the log and this is not, it was refused. The
        // word of that was lost, and by now the rules may allow it, after what its author did later.
        if is_overtaken {
            return Verdict::Refuse(Refusal::Overtaken, "overtaken");
        }
        if let Err(refusal) = rule::may(Author::Person(ready.user), &ready.op, &self.state) {
            return Verdict::Refuse(refusal, "rule");
        }
        if added(&ready.op).is_some_and(|user| !facts.people.contains(&user)) {
            return Verdict::Refuse(Refusal::NoSuchPerson, "rule");
        }
        let is_known = |id: PatientId| facts.patients.contains(&id) || self.state.patients.find(id).is_some();
        let mut shown = ready.op.photos().iter();
        if !ready.op.patients_named().all(is_known) {
            Verdict::Refuse(Refusal::NoSuchPatient, "rule")
        } else if shown.all(|photo| facts.photos.contains(&photo.id)) {
            Verdict::Append(ready)
        } else {
            Verdict::Refuse(Refusal::NoPhoto, "rule")
        }
    }

    fn find_kept(&self, folded: &Folded, op: OpId, facts: &Facts<'_>) -> Option<Kept> {
        let in_batch = || {
            let row = self.rows.iter().find(|row| row.entry.op_id == op)?;
            Some(Kept {
                op_id: op,
                seq: row.entry.seq,
                device: row.entry.device,
                at: row.entry.at,
                chain: row.entry.chain,
            })
        };
        folded
            .recent(op)
            .copied()
            .or_else(|| facts.kept.and_then(|kept| kept.get(&op).copied()))
            .or_else(in_batch)
    }

    fn take(
        &mut self,
        folded: &mut Folded,
        sent: &DeviceOp,
        verdict: &Verdict<'_>,
        facts: &Facts<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<(), LogError> {
        let result = match verdict {
            Verdict::Again(kept) => AppendResult::Appended {
                seq: kept.seq,
                at: kept.at,
                chain: kept.chain,
                again: true,
            },
            Verdict::Append(ready) => self.extend(sent, ready),
            Verdict::NotAllowed(reason) => {
                self.refuse(reason, facts);
                AppendResult::NotAllowed
            }
            Verdict::Refuse(refusal, reason) => {
                self.refuse(reason, facts);
                let space = self.state.space;
                let sealed = seal_refusal(*refusal, sent.op.op_id, &mut folded.keys.ring, rng)
                    .map_err(|_| LogError::Key { space })?;
                AppendResult::Refused { sealed }
            }
            Verdict::Stale => {
                self.refuse("stale-epoch", facts);
                AppendResult::StaleEpoch
            }
        };
        self.results.push(result);
        Ok(())
    }

    fn refuse(&mut self, reason: &'static str, facts: &Facts<'_>) {
        self.refused.push(reason);
        self.is_certain &= facts.kept.is_some();
    }

    fn extend(&mut self, sent: &DeviceOp, ready: &Ready) -> AppendResult {
        let (seq, at) = (self.row.head.seq.next(), self.row.at);
        let chain = derive_chain(
            self.row.head.chain,
            seq,
            sent.op.op_id,
            sent.device,
            at,
            &sent.op.sealed,
        );
        self.row.head = Head { seq, chain };
        for patient in ready.op.patients_named() {
            let is_held = self.state.patients.find(patient).is_some();
            self.named.push(Named { patient, is_held });
        }
        self.photos.extend(ready.op.photos().iter().map(|photo| photo.id));
        self.lists.extend(ListChange::of(&ready.op));
        let held = standing::holders(&self.state);
        let changes = self.state.fold(self.row.head, at, &ready.op);
        self.roles.follow(&held, &standing::holders(&self.state));
        if changes.contains(&Change::Members) {
            self.project(seq, ready);
        }
        self.rows.push(NewEntry {
            entry: Entry {
                seq,
                op_id: sent.op.op_id,
                device: sent.device,
                at,
                sealed: sent.op.sealed.clone(),
                chain,
            },
            epoch: ready.epoch,
            target: ready.op.amends(),
            list: ready.op.list(),
        });
        AppendResult::Appended {
            seq,
            at,
            chain,
            again: false,
        }
    }

    fn project(&mut self, seq: Seq, ready: &Ready) {
        let Body::Member(op) = &ready.op.body else {
            return;
        };
        let (user, what) = match op {
            MemberOp::Added(added) => (added.user, MemberWhat::Added { admin: added.admin }),
            MemberOp::Left(_) => (ready.user, MemberWhat::Removed),
            MemberOp::MadeAdmin(made) => (made.user, MemberWhat::MadeAdmin),
            MemberOp::Removed(removed) => (removed.user, MemberWhat::Removed),
            MemberOp::CameOnDuty(_) | MemberOp::WentOffDuty(_) => return,
        };
        match what {
            MemberWhat::Added { .. } => {
                self.changed.spaces_of.push(user);
                self.changed.removed.retain(|removed| *removed != user);
            }
            MemberWhat::MadeAdmin => {}
            MemberWhat::Removed => {
                self.changed.spaces_of.push(user);
                self.changed.removed.push(user);
                self.changed.new_epoch = true;
            }
        }
        self.members.push(MemberChange {
            seq,
            by: ready.user,
            user,
            what,
        });
    }
}

/// Who is to be added by an operation.
pub(super) fn added(op: &Op) -> Option<UserId> {
    match &op.body {
        Body::Member(MemberOp::Added(added)) => Some(added.user),
        Body::Handover(_)
        | Body::List(_)
        | Body::Member(_)
        | Body::Message(_)
        | Body::Patient(_)
        | Body::Role(_)
        | Body::Space(_)
        | Body::Task(_)
        | Body::Unknown { .. } => None,
    }
}
