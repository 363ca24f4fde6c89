//! Cursors: gathered while a request is at the record, one per device, then passed on to the others.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_core::frame::{FromEdge, encode};
use baton_core::id::{DeviceId, SpaceId};
use baton_core::service::{DeviceCursor, Seen};
use serde_bytes::ByteBuf;

use super::command::{Answer, Item};
use super::{From, Room, not_allowed};
use crate::refuse::count;
use crate::runtime::{jitter, sleep};

/// Cursors that wait for the record; the newest of each device counts.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    waiting: BTreeMap<DeviceId, Vec<u8>>,
    running: bool,
}

impl Cursors {
    /// Adds a cursor; true when nobody is sending yet, and the caller must start.
    fn push(&mut self, device: DeviceId, sealed: Vec<u8>) -> bool {
        if self.waiting.len() < WAITING || self.waiting.contains_key(&device) {
            self.waiting.insert(device, sealed);
        }
        !std::mem::replace(&mut self.running, true)
    }

    /// Puts back what was not taken, unless a newer one has come.
    fn put_back(&mut self, cursors: Vec<DeviceCursor>) {
        for DeviceCursor { device, sealed } in cursors {
            self.waiting.entry(device).or_insert(sealed);
        }
    }

    /// Takes what waits; empty when nothing does, and then the caller stops.
    fn next(&mut self) -> Vec<DeviceCursor> {
        let waiting = std::mem::take(&mut self.waiting);
        self.running = !waiting.is_empty();
        waiting
            .into_iter()
            .map(|(device, sealed)| DeviceCursor { device, sealed })
            .collect()
    }
}

impl Room {
    /// Takes a cursor in. The device hears nothing unless it may not.
    pub(super) async fn see(self: &Rc<Self>, space: SpaceId, from: From, sealed: Vec<u8>) -> Answer {
        if let Ok(false) = self.may(space, from).await {
            return not_allowed(space);
        }
        let start = self.cursors.borrow_mut().push(from.device, sealed);
        if start {
            self.spawn(self.clone().keep_cursors(space));
        }
        Answer::default()
    }

    async fn keep_cursors(self: Rc<Self>, space: SpaceId) {
        let mut failures = 0;
        loop {
            let cursors = self.cursors.borrow_mut().next();
            if cursors.is_empty() {
                return;
            }
            let seen = Seen { space, cursors };
            match self.record.seen(&seen).await {
                Ok(answer) => {
                    failures = 0;
                    let kept = seen
                        .cursors
                        .into_iter()
                        .zip(answer.kept)
                        .filter(|(_, kept)| *kept);
                    self.pass_cursors_on(space, kept.map(|(cursor, _)| cursor).collect());
                }
                Err(error) if failures < TRIES => {
                    failures += 1;
                    self.cursors.borrow_mut().put_back(seen.cursors);
                    sleep(error.wait().saturating_add(jitter(1_000))).await;
                }
                Err(_) => count("cursors-dropped"),
            }
        }
    }

    fn pass_cursors_on(self: &Rc<Self>, space: SpaceId, cursors: Vec<DeviceCursor>) {
        let except = match cursors.as_slice() {
            [] => return,
            [only] => Some(only.device),
            _ => None,
        };
        let mut sealed = Vec::with_capacity(cursors.len());
        for cursor in cursors {
            let bytes = ByteBuf::from(cursor.sealed);
            self.recent.borrow_mut().see(cursor.device, bytes.clone());
            sealed.push(bytes);
        }
        let frame = encode(&FromEdge::Cursors { space, sealed }).into();
        self.put_all(space, &Item::Signal { except, frame });
    }
}

/// Devices whose cursors wait at once; a frame's worth.
const WAITING: usize = 1024;

/// So often cursors are tried before they are dropped; the next one of the device says as much.
const TRIES: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn device(n: u8) -> DeviceId {
        DeviceId::from_bytes([n; 16])
    }

    #[test]
    fn the_newest_cursor_of_each_device_goes_next() {
        let mut cursors = Cursors::default();
        assert!(cursors.push(device(1), vec![1]));
        assert!(!cursors.push(device(1), vec![2]) && !cursors.push(device(2), vec![3]));
        let sent = cursors.next();
        assert_eq!(
            sent.iter()
                .map(|cursor| cursor.sealed.clone())
                .collect::<Vec<_>>(),
            [vec![2], vec![3]]
        );
        cursors.push(device(1), vec![4]);
        cursors.put_back(sent);
        let sent = cursors.next();
        assert_eq!(
            sent.iter()
                .map(|cursor| cursor.sealed.clone())
                .collect::<Vec<_>>(),
            [vec![4], vec![3]]
        );
        assert!(cursors.next().is_empty());
        assert!(
            cursors.push(device(1), vec![5]),
            "whoever comes after the end starts again"
        );
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut cursors = Cursors::default();
        for n in 0..2_000_u16 {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            cursors.push(DeviceId::from_bytes(id), vec![]);
        }
        assert_eq!(cursors.next().len(), WAITING);
    }
}
