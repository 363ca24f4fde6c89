//! What must hold of each frame that a device sends.

use baton_core::frame::{self, ToEdge};

use super::lists::is_about_nobody;
use super::world::World;

impl World {
    /// What the record refused is not sent again once the device has seen in the log what was done after it there.
    ///
    /// But it is, where the device cannot know that it was refused: for a patient whom the record does not find, or when
    /// the device was started with nothing but its outbox, and may not have seen the whole log since.
    pub fn check_sent(&self, device: usize, bytes: &[u8]) {
        let own = &self.devices[device];
        let is_blind = own.vault.as_ref().is_some_and(|vault| !vault.keeps_all);
        let Ok(ToEdge::Append { space, ops }) = frame::decode_to_edge(bytes) else {
            return;
        };
        let acted = &own.acted[&(space, own.life())];
        let held = own
            .sync
            .as_ref()
            .and_then(|sync| sync.space(space))
            .expect("it sends");
        let has_seen = |op| {
            let seq = self.record.rooms[&space].places.get(op);
            seq.is_some_and(|seq| *seq <= held.confirmed().head.seq)
        };
        for op in ops.iter().map(|op| op.op_id) {
            let is_excused = held
                .outbox()
                .find(|pending| pending.op.id == op)
                .is_some_and(|pending| is_about_nobody(&pending.op) || own.gave_way.contains(&op));
            if is_blind || is_excused || !self.record.refused.contains(&op) {
                continue;
            }
            let later = acted.iter().skip_while(|acted| **acted != op).skip(1);
            let seen: Vec<_> = later
                .filter(|later| has_seen(later) && !own.gave_way.contains(later))
                .collect();
            assert!(
                seen.is_empty(),
                "device {device} sends {op:?}, which was refused, after {seen:?} was there; seed {}",
                self.seed
            );
        }
    }
}
