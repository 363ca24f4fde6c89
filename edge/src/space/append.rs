//! Appending: queue, one batch at the record at a time, answers to the senders.

use std::rc::Rc;

use baton_core::frame::SealedOp;
use baton_core::id::SpaceId;
use baton_core::service::AppendAnswer;
use futures_channel::oneshot;
use serde_bytes::ByteBuf;
use worker::console_error;

use super::batch::{Batch, Group};
use super::command::Answer;
use super::{From, Room, busy};
use crate::refuse::count;

impl Room {
    /// Queues the operations of one frame, and gives what became of them.
    pub(super) async fn append(self: &Rc<Self>, space: SpaceId, from: From, ops: Vec<SealedOp>) -> Answer {
        let (slot, answer) = oneshot::channel();
        let pushed = self.queue.borrow_mut().push(Group {
            device: from.device,
            ops,
            slot,
        });
        match pushed {
            Err(_) => {
                count("queue-full");
                return busy(space, QUEUE_FULL);
            }
            Ok(true) => self.spawn(self.clone().drain(space)),
            Ok(false) => {}
        }
        answer
            .await
            .unwrap_or_else(|oneshot::Canceled| busy(space, QUEUE_FULL))
    }

    /// Sends batch after batch until nothing waits.
    async fn drain(self: Rc<Self>, space: SpaceId) {
        loop {
            let batch = self.queue.borrow_mut().next(space);
            let Some(batch) = batch else { return };
            match self.record.append(&batch.request).await {
                Ok(answer) => self.settle(space, batch, answer),
                Err(error) => {
                    console_error!(
                        "A batch of {} operations was not appended: {error}",
                        batch.request.ops.len()
                    );
                    for slot in batch.into_slots() {
                        let _ = slot.send(busy(space, error.wait()));
                    }
                    // It may have been kept all the same, and then nobody has been told.
                    self.heal(space, error.wait());
                }
            }
        }
    }

    /// Answers the senders, and passes on what is new. No `await`: the order of batches is the order of the log.
    fn settle(self: &Rc<Self>, space: SpaceId, batch: Batch<oneshot::Sender<Answer>>, answer: AppendAnswer) {
        let outcome = match batch.settle(answer.results) {
            Ok(outcome) => outcome,
            Err(slots) => {
                console_error!("The record answered a batch with another number of results");
                for slot in slots {
                    let _ = slot.send(busy(space, QUEUE_FULL));
                }
                self.heal(space, 0);
                return;
            }
        };
        let mut entries = outcome.entries;
        entries.extend(answer.made);
        self.pass_on(space, entries, outcome.reaches, answer.changed);
        for (slot, frames, not_allowed) in outcome.answers {
            if let Some(device) = not_allowed {
                count("not-allowed");
                self.permits.borrow_mut().drop_device(device);
            }
            let frames = frames.into_iter().map(ByteBuf::from).collect();
            let _ = slot.send(Answer {
                frames,
                listening: None,
            });
        }
    }
}

/// How long a device waits when too much waits already: about two batches, in milliseconds.
const QUEUE_FULL: u32 = 500;
