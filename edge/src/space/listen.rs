//! Subscribing: may the device, from where does it listen, and what has it missed.

use std::rc::Rc;

use baton_core::chain::Seq;
use baton_core::frame::limit::ENTRIES_PER_FRAME;
use baton_core::frame::{FromEdge, encode};
use baton_core::id::SpaceId;
use baton_core::service::{Authorise, Entries};

use super::command::{Answer, Item, Listening};
use super::recent::Page;
use super::{From, Room, busy, not_allowed};
use crate::record::RecordError;
use crate::runtime::now;

impl Room {
    /// Answers `Subscribe`: the next page of what the device has missed, and whether it listens live from then on.
    pub(super) async fn subscribe(self: &Rc<Self>, space: SpaceId, from: From, after: Seq) -> Answer {
        match self.may(space, from).await {
            Ok(true) => {}
            Ok(false) => {
                return Answer {
                    listening: Some(Listening::No),
                    ..not_allowed(space)
                };
            }
            Err(error) => {
                return Answer {
                    listening: Some(Listening::No),
                    ..busy(space, error.wait())
                };
            }
        }
        // Before the page is made: whatever comes after it goes to the gateway, which holds it until it has the page.
        if self.subscribers.borrow_mut().listen(from.gateway) {
            self.persist(
                "INSERT OR IGNORE INTO listener (gateway) VALUES (?)",
                from.gateway,
            );
        }
        let page = match self.page(space, after).await {
            Ok(page) => page,
            Err(error) => {
                return Answer {
                    listening: Some(Listening::No),
                    ..busy(space, error.wait())
                };
            }
        };
        let Page { entries, head, more } = page;
        let listening = if more {
            Listening::CatchingUp
        } else {
            Listening::Live(head)
        };
        let mut answer = Answer {
            listening: Some(listening),
            ..Answer::default()
        }
        .with(encode(&FromEdge::Entries { space, entries, more }));
        if !more {
            let sealed = self.recent.borrow().cursors();
            if !sealed.is_empty() {
                answer = answer.with(encode(&FromEdge::Cursors { space, sealed }));
            }
        }
        answer
    }

    /// Passes a typing notice on. It is never kept.
    pub(super) async fn typing(self: &Rc<Self>, space: SpaceId, from: From, sealed: Vec<u8>) -> Answer {
        match self.may(space, from).await {
            Ok(true) => {
                let frame = encode(&FromEdge::Typing { space, sealed }).into();
                self.put_all(
                    space,
                    &Item::Signal {
                        except: Some(from.device),
                        frame,
                    },
                );
                Answer::default()
            }
            Ok(false) => not_allowed(space),
            Err(_) => Answer::default(),
        }
    }

    /// Says whether a device may listen and signal: by a yes of the last minute, else by asking the record.
    pub(super) async fn may(&self, space: SpaceId, from: From) -> Result<bool, RecordError> {
        if self.permits.borrow().is_good(from.device, now()) {
            return Ok(true);
        }
        loop {
            let (asked, generation) = (now(), self.permits.borrow().generation());
            let answer = self
                .record
                .authorise(&Authorise {
                    space,
                    device: from.device,
                })
                .await?;
            let mut permits = self.permits.borrow_mut();
            if !answer.allowed {
                return Ok(false);
            }
            // Somebody was removed while the yes was on its way: perhaps this one.
            if permits.generation() == generation {
                permits.keep(from.device, from.user, asked);
                return Ok(true);
            }
        }
    }

    async fn page(self: &Rc<Self>, space: SpaceId, after: Seq) -> Result<Page, RecordError> {
        if let Some(page) = self.recent.borrow().after(after) {
            return Ok(page);
        }
        let _one_reader = self.reading.lock().await;
        // Somebody may have asked for the same meanwhile.
        if let Some(page) = self.recent.borrow().after(after) {
            return Ok(page);
        }
        let limit = u32::try_from(ENTRIES_PER_FRAME).unwrap_or(u32::MAX);
        let answer = self.record.entries(&Entries { space, after, limit }).await?;
        let known = self.recent.borrow().head();
        if known.is_some_and(|known| known < answer.head) {
            // The log went on without us: by another replica, or in a batch that got no answer.
            let fresh = self.recent.borrow_mut().advance(answer.entries.clone());
            self.put_entries(space, fresh.entries);
            if fresh.gap {
                self.heal(space, 0);
            }
        }
        Ok(self
            .recent
            .borrow_mut()
            .learn(after, &answer.entries, answer.head, answer.cursors))
    }
}
