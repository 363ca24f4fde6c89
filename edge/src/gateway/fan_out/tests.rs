use std::cell::RefCell;
use std::rc::Rc;

use baton_core::chain::Seq;
use baton_core::frame::decode_from_edge;
use serde_bytes::ByteBuf;

use super::*;
use crate::gateway::attachment::{Attachment, Identity};
use crate::limit::{HELD_BYTES, HELLO_WITHIN};
use crate::space::command::{Frame, Listening};

/// What happened to a socket.
#[derive(Clone, Default)]
pub(crate) struct Paper {
    pub(crate) written: Rc<RefCell<Vec<Vec<u8>>>>,
    pub(crate) closed: Rc<RefCell<Option<Refusal>>>,
    pub(crate) attached: Rc<RefCell<Vec<u8>>>,
}

impl Socket for Paper {
    type Packed = Rc<[u8]>;

    fn pack(frame: &[u8]) -> Rc<[u8]> {
        frame.into()
    }

    fn packed_bytes(packed: &Rc<[u8]>) -> usize {
        packed.len()
    }

    fn write(&self, packed: &Rc<[u8]>) -> bool {
        self.written.borrow_mut().push(packed.to_vec());
        true
    }

    fn close(&self, refusal: Refusal) {
        *self.closed.borrow_mut() = Some(refusal);
    }

    fn attach(&self, attachment: &[u8]) {
        *self.attached.borrow_mut() = attachment.to_vec();
    }
}

const NOW: At = At::from_millis(1_000_000);

fn space() -> SpaceId {
    SpaceId::from_bytes([5; 16])
}

fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n; 16])
}

/// A device of user `of` that has said `Hello` and listens live.
fn join(roll: &mut Roll<Paper>, id: ConnectionId, of: u8) -> Paper {
    let paper = Paper::default();
    let identity = Some(Identity {
        device: device(of),
        user: user(of),
        until: At::from_millis(2_000_000),
    });
    let attachment = Attachment {
        gateway: 0,
        address: 1,
        opened: NOW,
        identity,
        spaces: vec![space()],
    };
    roll.insert(id, Connection::new(paper.clone(), attachment, NOW));
    paper
}

fn entries(last: u64) -> Item {
    Item::Entries {
        last: Seq::new(last),
        frame: marked(last),
    }
}

fn marked(mark: u64) -> Frame {
    mark.to_be_bytes().to_vec().into()
}

fn marks(paper: &Paper) -> Vec<u64> {
    paper
        .written
        .borrow()
        .iter()
        .filter_map(|frame| Some(u64::from_be_bytes(frame.as_slice().try_into().ok()?)))
        .collect()
}

#[test]
fn entries_go_to_all_who_listen_and_to_nobody_else() {
    let mut roll = Roll::default();
    let (first, second) = (join(&mut roll, 1, 1), join(&mut roll, 2, 2));
    assert!(roll.deliver(space(), vec![entries(1), entries(2)]));
    assert_eq!((marks(&first), marks(&second)), (vec![1, 2], vec![1, 2]));
    roll.leave(2, space());
    assert!(roll.deliver(space(), vec![entries(3)]));
    roll.remove(1);
    assert!(
        !roll.deliver(space(), vec![entries(4)]),
        "nobody listens any more"
    );
    assert_eq!((marks(&first), marks(&second)), (vec![1, 2, 3], vec![1, 2]));
    assert!(roll.by_space.is_empty());
}

#[test]
fn what_comes_live_waits_for_the_page_and_nothing_is_written_twice() {
    let mut roll = Roll::default();
    let paper = join(&mut roll, 1, 1);
    let ticket = roll.ask(1, space());
    roll.deliver(space(), vec![entries(7), entries(8)]);
    assert_eq!(marks(&paper), Vec::<u64>::new());
    let page = Answer {
        listening: Some(Listening::Live(Seq::new(7))),
        frames: vec![ByteBuf::from(99_u64.to_be_bytes())],
    };
    roll.answer(1, space(), Some(ticket), page);
    roll.deliver(space(), vec![entries(9)]);
    assert_eq!(marks(&paper), [99, 8, 9]);
}

#[test]
fn whoever_catches_up_gets_pages_only() {
    let mut roll = Roll::default();
    let paper = join(&mut roll, 1, 1);
    let ticket = roll.ask(1, space());
    let page = Answer {
        listening: Some(Listening::CatchingUp),
        frames: vec![],
    };
    roll.answer(1, space(), Some(ticket), page);
    assert!(roll.deliver(space(), vec![entries(5)]), "it still listens");
    assert_eq!(marks(&paper), Vec::<u64>::new());
    roll.deliver(
        space(),
        vec![Item::Signal {
            except: None,
            frame: marked(50),
        }],
    );
    assert_eq!(marks(&paper), [50]);
}

#[test]
fn only_the_newest_askings_answer_counts() {
    let mut roll = Roll::default();
    let paper = join(&mut roll, 1, 1);
    let (old, new) = (roll.ask(1, space()), roll.ask(1, space()));
    roll.answer(
        1,
        space(),
        Some(old),
        Answer {
            listening: Some(Listening::No),
            frames: vec![],
        },
    );
    roll.deliver(space(), vec![entries(3)]);
    roll.answer(
        1,
        space(),
        Some(new),
        Answer {
            listening: Some(Listening::Live(Seq::new(2))),
            frames: vec![],
        },
    );
    assert_eq!(marks(&paper), [3]);
}

#[test]
fn a_subscription_that_was_refused_is_none() {
    let mut roll = Roll::default();
    let paper = join(&mut roll, 1, 1);
    let ticket = roll.ask(1, space());
    roll.answer(
        1,
        space(),
        Some(ticket),
        Answer {
            listening: Some(Listening::No),
            frames: vec![],
        },
    );
    assert!(!roll.deliver(space(), vec![entries(3)]));
    let kept = Attachment::parse(&paper.attached.borrow()).unwrap();
    assert_eq!(kept.spaces, []);
}

#[test]
fn whoever_was_removed_is_told_and_hears_nothing_more() {
    let mut roll = Roll::default();
    let (gone, stays) = (join(&mut roll, 1, 1), join(&mut roll, 2, 2));
    roll.deliver(
        space(),
        vec![
            Item::Remove {
                users: vec![user(1), user(9)],
            },
            entries(4),
        ],
    );
    assert_eq!(
        decode_from_edge(&gone.written.borrow()[0]),
        Ok(FromEdge::NotAllowed { space: space() })
    );
    assert_eq!((marks(&gone), marks(&stays)), (vec![], vec![4]));
    assert!(gone.closed.borrow().is_none(), "its other spaces go on");
    assert_eq!(Attachment::parse(&gone.attached.borrow()).unwrap().spaces, []);
}

#[test]
fn a_signal_does_not_come_back_and_people_are_told_without_listening() {
    let mut roll = Roll::default();
    let (first, second) = (join(&mut roll, 1, 1), join(&mut roll, 2, 2));
    roll.deliver(
        space(),
        vec![Item::Signal {
            except: Some(device(1)),
            frame: marked(1),
        }],
    );
    assert_eq!((marks(&first), marks(&second)), (vec![], vec![1]));
    let other = SpaceId::from_bytes([6; 16]);
    assert!(!roll.deliver(
        other,
        vec![Item::Tell {
            users: vec![user(1)],
            frame: marked(2)
        }]
    ));
    assert_eq!((marks(&first), marks(&second)), (vec![2], vec![1]));
}

#[test]
fn a_loss_and_a_flood_end_the_sockets_that_would_miss_something() {
    let mut roll = Roll::default();
    let paper = join(&mut roll, 1, 1);
    roll.deliver(space(), vec![Item::Lost]);
    assert_eq!(*paper.closed.borrow(), Some(Refusal::FellBehind));
    let paper = join(&mut roll, 2, 2);
    roll.ask(2, space());
    let large = Item::Entries {
        last: Seq::new(1),
        frame: vec![0; HELD_BYTES / 2].into(),
    };
    roll.deliver(space(), vec![large.clone(), large.clone()]);
    assert_eq!(*paper.closed.borrow(), None);
    roll.deliver(space(), vec![large]);
    assert_eq!(*paper.closed.borrow(), Some(Refusal::FellBehind));
}

#[test]
fn a_reader_that_is_never_heard_is_found() {
    let mut roll = Roll::default();
    join(&mut roll, 1, 1);
    let large = Item::Entries {
        last: Seq::new(1),
        frame: vec![0; UNHEARD_BYTES].into(),
    };
    roll.deliver(space(), vec![large]);
    assert_eq!(roll.unheard(space()), Vec::<ConnectionId>::new());
    roll.deliver(space(), vec![entries(2)]);
    assert_eq!(roll.unheard(space()), [1]);
}

#[test]
fn a_revoked_device_gets_the_order_and_its_sockets_end() {
    let mut roll = Roll::default();
    let (first, second, other) = (
        join(&mut roll, 1, 1),
        join(&mut roll, 2, 1),
        join(&mut roll, 3, 3),
    );
    roll.revoke(user(1), device(1), vec![1, 2]);
    for paper in [first, second] {
        assert_eq!(
            decode_from_edge(&paper.written.borrow()[0]),
            Ok(FromEdge::Revoked { signed: vec![1, 2] })
        );
        assert_eq!(*paper.closed.borrow(), Some(Refusal::Revoked));
    }
    assert!(other.closed.borrow().is_none());
    assert_eq!((roll.len(), roll.by_user.len()), (1, 1));
}

#[test]
fn a_devices_oldest_socket_makes_room() {
    let mut roll = Roll::default();
    let papers: Vec<_> = (0..4).map(|id| join(&mut roll, id, 1)).collect();
    let newest = join(&mut roll, 4, 1);
    roll.identify(4, device(1), user(1));
    let closed: Vec<_> = papers.iter().map(|paper| *paper.closed.borrow()).collect();
    assert_eq!(closed, [Some(Refusal::Replaced), None, None, None]);
    assert!(newest.closed.borrow().is_none());
}

#[test]
fn those_whose_time_is_over_are_named() {
    let mut roll = Roll::default();
    join(&mut roll, 1, 1);
    let silent = Attachment {
        gateway: 0,
        address: 7,
        opened: NOW,
        identity: None,
        spaces: vec![],
    };
    roll.insert(2, Connection::new(Paper::default(), silent, NOW));
    assert_eq!((roll.silent(7), roll.silent(1)), (1, 0));
    assert_eq!(roll.next_due(), Some(NOW.plus(HELLO_WITHIN)));
    assert_eq!(roll.overdue(NOW), []);
    assert_eq!(roll.overdue(NOW.plus(HELLO_WITHIN)), [(2, Refusal::HelloLate)]);
    assert_eq!(
        roll.overdue(At::from_millis(3_000_000)),
        [(1, Refusal::SessionOver), (2, Refusal::HelloLate)]
    );
}
