//! Passing on: entries and changes into the lanes of the gateways, and the calls that empty the lanes.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_core::cbor;
use baton_core::chain::{Entry, Seq};
use baton_core::frame::limit::ENTRIES_PER_FRAME;
use baton_core::frame::{FromEdge, encode};
use baton_core::id::SpaceId;
use baton_core::service::{Changed, Entries, Publish, derive_gateway};
use worker::{SqlStorageValue, console_error, console_warn};

use super::Room;
use super::command::{Item, ToGateway};
use super::subscribers::Call;
use crate::refuse::count;
use crate::runtime::{gateway_name, jitter, sleep};

impl Room {
    /// Passes on what the record made itself, or what came to it by another replica.
    pub(super) fn publish(self: &Rc<Self>, publish: Publish) {
        let Publish {
            space,
            entries,
            changed,
        } = publish;
        let reaches = entries.last().map_or(Seq::ZERO, |last| last.seq);
        self.pass_on(space, entries, reaches, changed);
    }

    /// Puts what is new into the lanes. `reaches` is the last place that is known to be taken.
    pub(super) fn pass_on(
        self: &Rc<Self>,
        space: SpaceId,
        entries: Vec<Entry>,
        reaches: Seq,
        changed: Changed,
    ) {
        // Whoever was removed must not get what follows, and is told even without listening.
        if !changed.removed.is_empty() {
            self.permits.borrow_mut().drop_users(&changed.removed);
            for (gateway, users) in self.by_gateway(changed.removed) {
                self.put(space, gateway, Item::Remove { users });
            }
        }
        let fresh = self.recent.borrow_mut().advance(entries);
        self.put_entries(space, fresh.entries);
        if changed.new_epoch {
            let frame = encode(&FromEdge::MembersChanged { space: Some(space) }).into();
            self.put_all(space, &Item::Signal { except: None, frame });
        }
        if !changed.spaces_of.is_empty() {
            let frame: super::command::Frame = encode(&FromEdge::MembersChanged { space: None }).into();
            for (gateway, users) in self.by_gateway(changed.spaces_of) {
                self.put(
                    space,
                    gateway,
                    Item::Tell {
                        users,
                        frame: frame.clone(),
                    },
                );
            }
        }
        let behind = self.recent.borrow().head().is_some_and(|head| head < reaches);
        if fresh.gap || behind {
            count("gap");
            self.heal(space, 0);
        }
    }

    /// Puts something into the lane of every gateway that listens.
    pub(super) fn put_all(self: &Rc<Self>, space: SpaceId, item: &Item) {
        let start = self.subscribers.borrow_mut().send(item);
        for gateway in start {
            self.spawn(self.clone().deliver(space, gateway));
        }
    }

    fn put(self: &Rc<Self>, space: SpaceId, gateway: u16, item: Item) {
        let start = self.subscribers.borrow_mut().send_to(gateway, item);
        if start {
            self.spawn(self.clone().deliver(space, gateway));
        }
    }

    fn by_gateway<U: IntoIterator<Item = baton_core::id::UserId>>(
        &self,
        users: U,
    ) -> BTreeMap<u16, Vec<baton_core::id::UserId>> {
        let mut shards = BTreeMap::<u16, Vec<_>>::new();
        for user in users {
            shards
                .entry(self.settings.shard(derive_gateway(user)))
                .or_default()
                .push(user);
        }
        shards
    }

    /// Asks the record, after `wait` milliseconds, for what came after the head that is known here, and passes it on:
    /// after a batch without an answer, or when a place was skipped.
    pub(super) fn heal(self: &Rc<Self>, space: SpaceId, wait: u32) {
        let known = self.recent.borrow().head().is_some();
        if known && self.subscribers.borrow().any() && !self.healing.replace(true) {
            self.spawn(self.clone().heal_from_record(space, wait));
        }
    }

    async fn heal_from_record(self: Rc<Self>, space: SpaceId, mut wait: u32) {
        for _ in 0..HEAL_TRIES {
            if wait > 0 {
                sleep(wait.saturating_add(jitter(wait))).await;
            }
            let Some(after) = self.recent.borrow().head() else {
                break;
            };
            let part = Entries {
                space,
                after,
                limit: u32::try_from(ENTRIES_PER_FRAME).unwrap_or(u32::MAX),
            };
            match self.record.entries(&part).await {
                Ok(answer) => {
                    let empty = answer.entries.is_empty();
                    let head = answer.head;
                    let fresh = self.recent.borrow_mut().advance(answer.entries).entries;
                    self.put_entries(space, fresh);
                    let done = self.recent.borrow().head().is_none_or(|known| known >= head);
                    if done || empty {
                        break;
                    }
                    wait = 0;
                }
                Err(error) => wait = error.wait(),
            }
        }
        self.healing.set(false);
    }

    /// Passes entries on that the head has just moved over.
    pub(super) fn put_entries(self: &Rc<Self>, space: SpaceId, entries: Vec<Entry>) {
        let Some(last) = entries.last().map(|entry| entry.seq) else {
            return;
        };
        // Encoded once for everybody; what is recent is kept without another copy.
        let frame = FromEdge::Entries {
            space,
            entries,
            more: false,
        };
        let item = Item::Entries {
            last,
            frame: encode(&frame).into(),
        };
        if let FromEdge::Entries { entries, .. } = frame {
            self.recent.borrow_mut().keep(entries.into_iter());
        }
        self.put_all(space, &item);
    }

    /// Empties the lane of one gateway, one call at a time.
    async fn deliver(self: Rc<Self>, space: SpaceId, gateway: u16) {
        let name = gateway_name(gateway);
        loop {
            let call = self.subscribers.borrow_mut().next(gateway);
            let Some(Call { items, generation }) = call else {
                return;
            };
            let body = cbor::to_bytes(&ToGateway::Deliver { space, items });
            match self.call_gateway(&name, &body).await {
                Some(410) => {
                    if self.subscribers.borrow_mut().unlisten(gateway, generation) {
                        self.persist("DELETE FROM listener WHERE gateway = ?", gateway);
                    }
                }
                Some(_) => {}
                None => {
                    console_warn!("A gateway was not reached; its listeners will connect again");
                    self.subscribers.borrow_mut().lose(gateway);
                }
            }
        }
    }

    /// The status of a call, tried a few times; `None` when none went through. A frame may arrive twice by this, which
    /// devices take as such by its places.
    async fn call_gateway(&self, name: &str, body: &[u8]) -> Option<u16> {
        for pause in DELIVERY_PAUSES {
            if pause > 0 {
                sleep(pause).await;
            }
            if let Ok((status @ (204 | 410), _)) = self.gateways.call(name, body).await {
                return Some(status);
            }
        }
        None
    }

    /// Writes down who listens.
    pub(super) fn persist(&self, query: &str, gateway: u16) {
        let value = SqlStorageValue::Integer(i64::from(gateway));
        if let Err(error) = self.state.storage().sql().exec(query, vec![value]) {
            console_error!("A space cannot write who listens: {error}");
            count("storage-failed");
        }
    }
}

/// Pauses before the tries of one delivery, in milliseconds.
const DELIVERY_PAUSES: [u32; 4] = [0, 20, 200, 1_000];

/// So often the record is asked for the end of the log before devices are left to find a gap themselves.
const HEAL_TRIES: u32 = 8;
