//! Which gateways listen to a space, and what waits for each.
//!
//! A gateway has one lane: what is put into it arrives in order, one call at a time, and what comes meanwhile goes with the
//! next call. Who listens is persisted by the shell (opaque numbers only), so that it survives eviction; what waits is not,
//! since an object with something waiting is not evicted.

use std::collections::BTreeMap;

use crate::limit::LANE_BYTES;
use crate::space::command::Item;

/// The lanes of a space.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    lanes: BTreeMap<u16, Lane>,
}

/// What one gateway is to get.
#[derive(Debug, Default)]
struct Lane {
    listens: bool,
    /// Counts up with each subscription, so that an older "nobody listens here" does not undo it.
    generation: u64,
    waiting: Vec<Item>,
    bytes: usize,
    running: bool,
}

/// A call to make.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// What goes with it.
    pub(crate) items: Vec<Item>,
    /// To be given back with the answer.
    pub(crate) generation: u64,
}

impl Subscribers {
    /// Takes in who listened before this object was last evicted.
    pub(crate) fn restore(gateways: impl IntoIterator<Item = u16>) -> Self {
        let lane = |gateway| {
            (
                gateway,
                Lane {
                    listens: true,
                    ..Lane::default()
                },
            )
        };
        Self {
            lanes: gateways.into_iter().map(lane).collect(),
        }
    }

    /// A gateway listens from now on; true when it did not before, and that is to be persisted.
    pub(crate) fn listen(&mut self, gateway: u16) -> bool {
        let lane = self.lanes.entry(gateway).or_default();
        lane.generation += 1;
        !std::mem::replace(&mut lane.listens, true)
    }

    /// True when some gateway listens.
    pub(crate) fn any(&self) -> bool {
        self.lanes.values().any(|lane| lane.listens)
    }

    /// Puts something into every listening lane; gives those that must be started.
    pub(crate) fn send(&mut self, item: &Item) -> Vec<u16> {
        let listening = self.lanes.iter_mut().filter(|(_, lane)| lane.listens);
        listening
            .filter_map(|(gateway, lane)| lane.push(item.clone()).then_some(*gateway))
            .collect()
    }

    /// Puts something into one lane, whether it listens or not; true when it must be started.
    pub(crate) fn send_to(&mut self, gateway: u16, item: Item) -> bool {
        self.lanes.entry(gateway).or_default().push(item)
    }

    /// Takes what waits for a gateway; `None` when nothing does, and then the caller stops.
    pub(crate) fn next(&mut self, gateway: u16) -> Option<Call> {
        let lane = self.lanes.get_mut(&gateway)?;
        if lane.waiting.is_empty() {
            lane.running = false;
            if !lane.listens {
                self.lanes.remove(&gateway);
            }
            return None;
        }
        lane.bytes = 0;
        Some(Call {
            items: std::mem::take(&mut lane.waiting),
            generation: lane.generation,
        })
    }

    /// A gateway answered that nobody there listens; true when that still holds, and is to be persisted.
    pub(crate) fn unlisten(&mut self, gateway: u16, generation: u64) -> bool {
        let Some(lane) = self.lanes.get_mut(&gateway) else {
            return false;
        };
        if lane.generation != generation {
            return false;
        }
        std::mem::replace(&mut lane.listens, false)
    }

    /// A gateway could not be reached: what it should have got is lost, and what waits is no longer of use to it.
    pub(crate) fn lose(&mut self, gateway: u16) {
        if let Some(lane) = self.lanes.get_mut(&gateway) {
            lane.lose();
        }
    }
}

impl Lane {
    fn push(&mut self, item: Item) -> bool {
        self.bytes += item.bytes();
        if self.bytes > LANE_BYTES {
            self.lose();
        } else {
            self.waiting.push(item);
        }
        !std::mem::replace(&mut self.running, true)
    }

    /// Keeps what is not about entries: those a device asks for when it comes back.
    fn lose(&mut self) {
        self.waiting
            .retain(|item| matches!(item, Item::Remove { .. } | Item::Tell { .. }));
        self.waiting.push(Item::Lost);
        self.bytes = self.waiting.iter().map(Item::bytes).sum();
    }
}

#[cfg(test)]
mod tests {
    use baton_core::chain::Seq;

    use super::*;

    fn entries(last: u64) -> Item {
        Item::Entries {
            last: Seq::new(last),
            frame: vec![0; 10].into(),
        }
    }

    #[test]
    fn each_gateway_gets_everything_once_and_in_order() {
        let mut subscribers = Subscribers::restore([1]);
        assert!(!subscribers.listen(1) && subscribers.listen(2));
        assert_eq!(subscribers.send(&entries(1)), [1, 2]);
        assert!(
            subscribers.send(&entries(2)).is_empty(),
            "both are on their way already"
        );
        let call = subscribers.next(1).unwrap();
        assert_eq!(call.items, [entries(1), entries(2)]);
        subscribers.send(&entries(3));
        assert_eq!(subscribers.next(1).unwrap().items, [entries(3)]);
        assert_eq!(subscribers.next(1), None);
        assert_eq!(subscribers.send(&entries(4)), [1]);
        assert_eq!(
            subscribers.next(2).unwrap().items,
            [entries(1), entries(2), entries(3), entries(4)]
        );
    }

    #[test]
    fn nobody_listens_any_more_unless_somebody_came_meanwhile() {
        let mut subscribers = Subscribers::default();
        subscribers.listen(1);
        subscribers.send(&entries(1));
        let call = subscribers.next(1).unwrap();
        subscribers.listen(1);
        assert!(!subscribers.unlisten(1, call.generation));
        subscribers.send(&entries(2));
        let call = subscribers.next(1).unwrap();
        assert!(subscribers.unlisten(1, call.generation));
        assert!(!subscribers.any());
        assert_eq!(subscribers.next(1), None);
        assert!(subscribers.lanes.is_empty());
        assert!(subscribers.send(&entries(3)).is_empty());
    }

    #[test]
    fn a_gateway_that_does_not_listen_can_be_told_something() {
        let mut subscribers = Subscribers::default();
        assert!(subscribers.send_to(3, Item::Lost));
        assert_eq!(subscribers.next(3).unwrap().items, [Item::Lost]);
        assert_eq!(subscribers.next(3), None);
        assert!(subscribers.lanes.is_empty());
    }

    #[test]
    fn what_waits_is_bounded_and_a_loss_is_told() {
        let mut subscribers = Subscribers::restore([1]);
        subscribers.send_to(1, Item::Remove { users: vec![] });
        let large = Item::Entries {
            last: Seq::new(1),
            frame: vec![0; 1024 * 1024].into(),
        };
        for _ in 0..20 {
            subscribers.send(&large);
        }
        let call = subscribers.next(1).unwrap();
        assert!(call.items.iter().map(Item::bytes).sum::<usize>() <= LANE_BYTES + 1024);
        assert!(call.items.contains(&Item::Lost) && call.items.contains(&Item::Remove { users: vec![] }));
    }
}
