//! What must hold after every entry, and when everybody has heard of everything.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::cbor;
use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::handover::{HandoverOp, Which};
use baton_core::op::{Body, Op};
use baton_core::state::handover::past::Past;
use baton_core::state::handover::{Decision, HANDOVERS, Part};
use baton_core::state::{Handover, Handovers, SNAPSHOT_ITEMS, SpaceState};
use baton_core::text::{Basis, TextField};
use baton_core::time::At;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::world::World;

/// An edit in the log.
type Edit = (Seq, OpId, Basis);

/// Everything that was ever handed over, as it was first.
#[derive(Default)]
pub(super) struct Frozen {
    parts: BTreeMap<(OpId, PatientId), Part>,
}

impl Frozen {
    /// Looks at what an operation did; panics when it did what none may.
    pub(super) fn follow(&mut self, before: &Handovers, now: &Handovers, op: &Op) {
        promises(now);
        for sheet in before.sheets() {
            let Some(was) = sheet.responsible else { continue };
            let is = now.responsible(sheet.patient).map(|known| known.user);
            let is_ended = matches!(&op.body, Body::Handover(HandoverOp::CareEnded(ended))
                if ended.patients.contains(&sheet.patient) && op.by == was.user);
            assert!(is.is_some() || is_ended, "{op:?} made a patient nobody's");
            let is_moved = is.is_some_and(|is| is != was.user);
            let may_move = matches!(
                &op.body,
                Body::Handover(HandoverOp::Accepted(_) | HandoverOp::ResponsibilityTaken(_))
            );
            assert!(
                !is_moved || (may_move && is == Some(op.by)),
                "{op:?} moved a patient to {is:?}"
            );
        }
        for handover in now.iter() {
            for part in &handover.parts {
                self.take(handover, part);
            }
        }
    }

    fn take(&mut self, handover: &Handover, part: &Part) {
        let known = self.parts.entry((handover.id(), part.patient));
        let known = known.or_insert_with(|| part.clone());
        if handover.has_document() {
            assert_eq!(part.offered, known.offered, "what was offered has changed");
        }
        if known.decision.is_some() {
            assert_eq!(part.decision, known.decision, "what was decided has changed");
            assert!(!handover.has_document() || part.accepted == known.accepted);
        }
        known.accepted.clone_from(&part.accepted);
        known.decision.clone_from(&part.decision);
    }
}

/// What holds of every state, also of one that is shown.
fn promises(held: &Handovers) {
    let mut waiting: BTreeSet<PatientId> = BTreeSet::new();
    let mut done = 0;
    for handover in held.iter() {
        done += usize::from(!handover.is_waiting());
        let distinct: BTreeSet<PatientId> = handover.parts.iter().map(|part| part.patient).collect();
        assert_eq!(distinct.len(), handover.parts.len(), "each patient is there once");
        for patient in handover.waiting_of(&Which::All) {
            assert!(waiting.insert(patient), "a patient waits in two handovers");
            let responsible = held.responsible(patient).map(|known| known.user);
            assert_eq!(
                responsible,
                Some(handover.from()),
                "who waits is with who offered"
            );
        }
    }
    assert!(done <= HANDOVERS);
}

impl World {
    /// Also what is shown on a device, of which the record may refuse much, holds what is promised.
    pub(super) fn check_devices(&self) {
        for device in &self.devices {
            promises(&device.shown().handovers);
        }
    }

    pub(super) fn check_agreement(&self) -> Result<(), TestCaseError> {
        for device in &self.devices {
            prop_assert!(device.waiting.is_empty());
            prop_assert_eq!(&device.confirmed, &self.state);
        }
        let read: SpaceState = cbor::from_bytes(&cbor::to_bytes(&self.state)).unwrap();
        prop_assert_eq!(&read, &self.state);
        // A device that goes on from a snapshot in the middle.
        let mut late = SpaceState::new(self.state.space);
        for (n, (head, op)) in self.log.iter().enumerate() {
            late.fold(*head, At::from_millis(head.seq.value()), op);
            if n == self.log.len() / 2 {
                late.trim(SNAPSHOT_ITEMS);
                late = cbor::from_bytes(&cbor::to_bytes(&late)).unwrap();
            }
        }
        prop_assert_eq!(late.hash(), self.state.hash());
        prop_assert_eq!(&late.handovers, &self.state.handovers);
        Ok(())
    }

    /// Who is responsible, by the plainest reading of what was done.
    pub(super) fn check_responsibility(&self) -> Result<(), TestCaseError> {
        let mut who: BTreeMap<PatientId, UserId> = BTreeMap::new();
        let mut waits: BTreeMap<OpId, BTreeSet<PatientId>> = BTreeMap::new();
        for (_, op) in &self.log {
            let Body::Handover(body) = &op.body else { continue };
            match body {
                HandoverOp::Offered(offered) => {
                    for patient in &offered.patients {
                        who.entry(*patient).or_insert(op.by);
                    }
                    waits.insert(op.id, offered.patients.iter().copied().collect());
                }
                HandoverOp::Accepted(accepted) => {
                    let waiting = waits.get_mut(&accepted.handover).unwrap();
                    let taken: Vec<PatientId> = waiting
                        .iter()
                        .copied()
                        .filter(|one| accepted.patients.includes(*one))
                        .collect();
                    for patient in taken {
                        waiting.remove(&patient);
                        who.insert(patient, op.by);
                    }
                }
                HandoverOp::Refused(refused) => {
                    let waiting = waits.get_mut(&refused.handover).unwrap();
                    waiting.retain(|patient| !refused.patients.includes(*patient));
                }
                HandoverOp::Withdrawn(withdrawn) => waits.get_mut(&withdrawn.handover).unwrap().clear(),
                HandoverOp::ResponsibilityTaken(taken) => {
                    for patient in &taken.patients {
                        who.insert(*patient, op.by);
                        for waiting in waits.values_mut() {
                            waiting.remove(patient);
                        }
                    }
                }
                HandoverOp::CareEnded(ended) => who.retain(|patient, _| !ended.patients.contains(patient)),
                _ => {}
            }
        }
        let sheets = self.held().sheets();
        let held: BTreeMap<PatientId, UserId> = sheets
            .filter_map(|sheet| Some((sheet.patient, sheet.responsible?.user)))
            .collect();
        prop_assert_eq!(held, who);
        for handover in self.held().iter() {
            let waiting: BTreeSet<PatientId> = handover.waiting_of(&Which::All).collect();
            prop_assert_eq!(&waiting, &waits[&handover.id()]);
        }
        Ok(())
    }

    /// What holds in a section is every text that no later edit was made on; and no edit was made on a text that its author's
    /// device did not have.
    pub(super) fn check_texts(&self) -> Result<(), TestCaseError> {
        let mut fields: BTreeMap<(PatientId, String), Vec<Edit>> = BTreeMap::new();
        for (head, op) in &self.log {
            let Body::Handover(HandoverOp::NoteSet(set)) = &op.body else {
                continue;
            };
            let basis = Basis {
                base: set.base,
                after: set.after.clone(),
            };
            let field = fields.entry((set.patient, set.section.to_string()));
            field.or_default().push((head.seq, op.id, basis));
        }
        for sheet in self.held().sheets() {
            for (section, text) in sheet.notes() {
                let edits = fields.remove(&(sheet.patient, section.to_string())).unwrap();
                self.check_field(text, &edits)?;
            }
        }
        prop_assert!(fields.is_empty(), "a text that was taken is nowhere");
        Ok(())
    }

    fn check_field(&self, text: &TextField, edits: &[Edit]) -> Result<(), TestCaseError> {
        let mut holding = BTreeSet::new();
        for (index, (seq, id, _)) in edits.iter().enumerate() {
            let later = edits[index + 1..].iter();
            let over: Vec<OpId> = later
                .filter(|(.., basis)| *seq <= basis.base || basis.after.contains(id))
                .map(|(_, later, _)| *later)
                .collect();
            if over.is_empty() {
                holding.insert(*id);
            }
            for later in over {
                prop_assert!(
                    self.had[&later].contains(id),
                    "a text took the place of one that its author had not seen"
                );
            }
        }
        let held: BTreeSet<OpId> = text.current().iter().map(|version| version.stamp.op).collect();
        prop_assert_eq!(held, holding);
        Ok(())
    }

    /// The log gives every handover exactly as it was.
    pub(super) fn check_documents(&self) -> Result<(), TestCaseError> {
        let offered: BTreeSet<OpId> = self.frozen.parts.keys().map(|(handover, _)| *handover).collect();
        for id in offered.into_iter().take(4) {
            let mut past = Past::new(SpaceState::new(self.state.space), id);
            for (head, op) in &self.log {
                if !past.fold(*head, At::from_millis(head.seq.value()), op) {
                    break;
                }
            }
            let past = past.handover().unwrap();
            for part in &past.parts {
                prop_assert_eq!(part, &self.frozen.parts[&(id, part.patient)]);
                let is_changed = part.accepted.is_some();
                let is_accepted = matches!(part.decision, Some(Decision::Accepted(_)));
                prop_assert!(is_accepted || !is_changed);
            }
        }
        Ok(())
    }
}
