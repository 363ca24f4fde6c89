//! How a start without a connection is put in words.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::super::{Action, Ask, Connection, Event, Setup, Sync};
use crate::device::DeviceSecret;
use crate::id::{DeviceId, UserId};
use crate::time::At;

fn at(seconds: u64) -> At {
    At::from_millis(1_800_000_000_000 + seconds * 1_000)
}

/// A device that starts from what it kept, where the system may say that there is no network.
fn start(says_offline: bool) -> (Sync, ChaCha20Rng) {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let mut sync = Sync::new(Setup {
        device: DeviceId::from_bytes([3; 16]),
        user: UserId::from_bytes([4; 16]),
        secret: DeviceSecret::make(&mut rng),
        record: ed25519_dalek::SigningKey::from_bytes(&[2; 32]).verifying_key(),
    });
    if says_offline {
        sync.handle_event(Event::Offline, at(0), &mut rng);
    }
    sync.resume(at(0), &mut rng);
    (sync, rng)
}

fn attempt(sync: &Sync) -> u32 {
    let connection = sync.connection();
    let Connection::Connecting { attempt, .. } = connection else {
        panic!("{connection:?}")
    };
    *attempt
}

/// How often the record was asked for a session.
fn asked(sync: &mut Sync) -> usize {
    let actions = std::iter::from_fn(|| sync.poll_action());
    actions
        .filter(|action| *action == Action::Ask(Ask::Session))
        .count()
}

#[test]
fn a_start_is_a_first_attempt() {
    let (mut sync, _) = start(false);
    assert_eq!((attempt(&sync), asked(&mut sync)), (1, 1));
}

#[test]
fn a_start_where_the_system_says_that_there_is_no_network_is_offline_at_once_and_tried_when_there_is_one() {
    let (mut sync, mut rng) = start(true);
    assert_eq!((attempt(&sync), asked(&mut sync)), (2, 0));
    sync.handle_event(Event::Online, at(5), &mut rng);
    sync.handle_event(Event::TimeReached, at(6), &mut rng);
    assert_eq!(asked(&mut sync), 1, "at once, not after half a minute");
}

#[test]
fn a_network_that_goes_while_a_session_is_asked_for_is_told_at_once() {
    let (mut sync, mut rng) = start(false);
    sync.handle_event(Event::Offline, at(1), &mut rng);
    assert_eq!((attempt(&sync), asked(&mut sync)), (2, 1));
    sync.handle_event(Event::TimeReached, at(45), &mut rng);
    sync.handle_event(Event::TimeReached, at(74), &mut rng);
    assert_eq!(asked(&mut sync), 0, "rarely, without a network");
    sync.handle_event(Event::TimeReached, at(76), &mut rng);
    assert_eq!(asked(&mut sync), 1);
}

#[test]
fn a_record_that_does_not_answer_is_told_after_fifteen_seconds() {
    let (mut sync, mut rng) = start(false);
    sync.handle_event(Event::TimeReached, at(14), &mut rng);
    assert_eq!(attempt(&sync), 1);
    sync.handle_event(Event::TimeReached, at(15), &mut rng);
    assert_eq!(attempt(&sync), 2);
    sync.handle_event(Event::TimeReached, at(44), &mut rng);
    assert_eq!(
        (attempt(&sync), asked(&mut sync)),
        (2, 1),
        "it is still waited for"
    );
    sync.handle_event(Event::TimeReached, at(45), &mut rng);
    sync.handle_event(Event::TimeReached, at(50), &mut rng);
    assert_eq!(asked(&mut sync), 1, "and asked again");
}
