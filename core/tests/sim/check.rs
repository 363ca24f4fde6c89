//! What must hold when a schedule is over and everything has settled.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::Seq;
use baton_core::id::{OpId, SpaceId};
use baton_core::op::list::FieldSet;
use baton_core::sync::{HistoryState, PendingState, Space};

use super::device::Device;
use super::world::World;

impl World {
    /// Checks everything; panics with the seed in the message.
    pub fn check(&self) {
        let mut where_is: BTreeMap<OpId, (SpaceId, Seq)> = BTreeMap::new();
        for (id, room) in &self.record.rooms {
            for entry in &room.log {
                let twice = where_is.insert(entry.op_id, (*id, entry.seq));
                assert!(
                    twice.is_none(),
                    "{:?} is in the log twice; seed {}",
                    entry.op_id,
                    self.seed
                );
            }
        }
        for (n, device) in self.devices.iter().enumerate() {
            self.check_device(n, device, &where_is);
        }
        self.check_texts();
    }

    /// Nobody's text on a list took the place of one that was not on the screen of whoever wrote it.
    fn check_texts(&self) {
        let wrote: BTreeMap<OpId, &(FieldSet, BTreeSet<OpId>)> = self
            .devices
            .iter()
            .flat_map(|device| device.wrote.iter().map(|(op, wrote)| (*op, wrote)))
            .collect();
        // After a refusal the screen has gone back to what was there before.
        let is_plain = |set: &FieldSet| {
            wrote.iter().all(|(op, (other, _))| {
                let is_there = (other.list, other.patient, other.field) == (set.list, set.patient, set.field);
                !is_there || !self.record.refused.contains(op)
            })
        };
        for room in self.record.rooms.values() {
            let mut holding: Vec<(Seq, OpId, &FieldSet)> = Vec::new();
            for (seq, op, set) in &room.edits {
                let mut over = Vec::new();
                holding.retain(|(at, known, other)| {
                    let is_there =
                        (other.list, other.patient, other.field) == (set.list, set.patient, set.field);
                    let goes = is_there && (*at <= set.base || set.after.contains(known));
                    over.extend(goes.then_some(*known));
                    !goes
                });
                holding.push((*seq, *op, set));
                let had = &wrote[op].1;
                let unseen: Vec<&OpId> = over.iter().filter(|known| !had.contains(known)).collect();
                assert!(
                    unseen.is_empty() || !is_plain(set),
                    "{op:?} took the place of {unseen:?} unseen; seed {}",
                    self.seed
                );
            }
        }
    }

    fn check_device(&self, n: usize, device: &Device, where_is: &BTreeMap<OpId, (SpaceId, Seq)>) {
        let seed = self.seed;
        let sync = device.sync.as_ref().expect("it was started");
        let at = |what: &str| format!("device {n}: {what}; seed {seed}");
        assert!(device.is_settled(), "{}: {:?}", at("is live"), sync.connection());
        assert_eq!(device.faults, [], "{}", at("an honest relay is never accused"));
        for op in &device.acked {
            assert!(
                where_is.contains_key(op),
                "{}",
                at("what was acknowledged is in the log")
            );
        }
        for ((space, _), acted) in &device.acted {
            let places: Vec<Seq> = acted
                .iter()
                .filter(|op| !self.record.refused.contains(op))
                .filter_map(|op| where_is.get(op))
                .map(|(found, seq)| {
                    assert_eq!(found, space, "{}", at("each is in its space"));
                    *seq
                })
                .collect();
            assert!(
                places.is_sorted(),
                "{}: {places:?}",
                at("what a device does keeps its order")
            );
        }
        let waiting: BTreeSet<OpId> = sync
            .spaces()
            .flat_map(Space::outbox)
            .map(|pending| pending.op.id)
            .collect();
        for ((space, life), acted) in &device.acted {
            for op in acted.iter().filter(|_| *life == device.life()) {
                let known =
                    where_is.contains_key(op) || waiting.contains(op) || device.discarded.contains(op);
                assert!(
                    known,
                    "{}",
                    at(&format!("nothing that was written is lost: {op:?} of {space:?}"))
                );
            }
        }
        for (id, room) in &self.record.rooms {
            let is_member = room.state.members.contains(sync.user());
            let Some(space) = sync.space(*id) else {
                assert!(!is_member, "{}", at("a member has the space"));
                continue;
            };
            if !is_member {
                assert!(!space.is_open(), "{}", at("who was removed is told"));
                assert!(
                    space.confirmed().timeline.is_empty(),
                    "{}",
                    at("who was removed holds nothing")
                );
                let refused = space
                    .outbox()
                    .all(|pending| matches!(pending.state, PendingState::Refused(_)));
                assert!(refused, "{}", at("who was removed sends nothing"));
                continue;
            }
            self.check_space(n, space);
        }
        if let Some(vault) = &device.vault {
            let kept: BTreeSet<OpId> = vault.outbox.iter().map(|kept| kept.op.id).collect();
            assert_eq!(kept, waiting, "{}", at("the vault keeps what waits, and no more"));
        }
        if let Some(tab) = &device.other_tab {
            let shape = |sync: &baton_core::sync::Sync| -> Vec<_> {
                let shape = |space: &Space| {
                    let waits: Vec<OpId> = space.outbox().map(|pending| pending.op.id).collect();
                    (
                        space.id(),
                        space.is_open(),
                        space.confirmed().head,
                        space.confirmed().hash(),
                        waits,
                        space.cursor(sync.user()).map(|cursor| cursor.read),
                    )
                };
                sync.spaces().map(shape).collect()
            };
            assert_eq!(
                shape(tab),
                shape(sync),
                "{}",
                at("the tab that follows shows the same")
            );
        }
    }

    fn check_space(&self, n: usize, space: &Space) {
        let seed = self.seed;
        let at = |what: &str| format!("device {n}, space {}: {what}; seed {seed}", space.id());
        let room = &self.record.rooms[&space.id()];
        assert!(
            space.is_open() && space.is_caught_up(),
            "{}",
            at("is open and caught up")
        );
        assert_eq!(
            space.confirmed().head,
            room.state.head,
            "{}",
            at("the head is the record's")
        );
        assert_eq!(
            space.confirmed().hash(),
            room.state.hash(),
            "{}",
            at("the state is the record's")
        );
        assert_ne!(
            space.history(),
            HistoryState::Loading,
            "{}",
            at("no page is on its way for ever")
        );
        let is_refused = |op: OpId| {
            let mut outbox = space.outbox();
            outbox.any(|pending| pending.op.id == op && matches!(pending.state, PendingState::Refused(_)))
        };
        // Who was sent away while an operation was on its way, and comes back to a later state, is not told that it was taken:
        // the log then says who is responsible, and not what waits in the outbox (H-25).
        let confirmed = |patient| {
            let sheet = space.confirmed().handovers.sheet(patient);
            sheet
                .and_then(|sheet| sheet.responsible)
                .map(|responsible| responsible.since.stamp.op)
        };
        for sheet in space.shown().handovers.sheets() {
            let since = sheet.responsible.map(|responsible| responsible.since.stamp.op);
            assert!(
                since == confirmed(sheet.patient) || !since.is_some_and(is_refused),
                "{}",
                at("nobody is shown as responsible by what was refused")
            );
        }
        for pending in space.outbox() {
            match pending.state {
                PendingState::Refused(_) => {}
                PendingState::HeldBy(by) => {
                    let holds = space.outbox().any(|other| other.op.id == by);
                    assert!(holds, "{}", at("what holds something is there"));
                }
                PendingState::Acked | PendingState::InFlight | PendingState::Waiting => {
                    panic!("{}: {:?}", at("nothing waits without a reason"), pending.state)
                }
            }
        }
        // Messages that are held are the record's in every part, whatever way they came.
        for message in space.confirmed().timeline.messages() {
            let theirs = room.state.timeline.message(message.id());
            assert_eq!(Some(message), theirs, "{}", at("each message is whole"));
        }
        for (user, (kept, _)) in &room.cursors {
            let known = space.cursor(*user).map(|cursor| (cursor.delivered, cursor.read));
            let is_known =
                known.is_some_and(|(delivered, read)| delivered >= kept.delivered && read >= kept.read);
            assert!(is_known, "{}: {kept:?} {known:?}", at("cursors of all are known"));
        }
        let me = self.devices[n].me().user;
        let mine = space.cursor(me).map_or(Seq::ZERO, |cursor| cursor.read);
        let kept = room.cursors.get(&me).map_or(Seq::ZERO, |(cursor, _)| cursor.read);
        assert_eq!(mine, kept, "{}", at("what was read is known to the record"));
    }
}
