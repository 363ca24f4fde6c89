//! Thousands of random schedules of the sync machine against a model relay and a model record: loss, delay, duplication,
//! reordering, crashes, restarts, wrong clocks, changing members and keys. After each, when things have settled, what
//! must hold does ([`sim::check`]).
//!
//! `BATON_SCHEDULES` says how many (100 without it; `cargo xtask test` runs 10,000), `BATON_SEED` where to begin (random
//! without it, and printed). `BATON_ONE=<seed>` runs one and tells what happened: of the test that is named as filter.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells what it did"
)]
#![expect(unreachable_pub, reason = "the model is a crate of its own in all but name")]

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

mod sim {
    pub mod check;
    pub mod clock;
    pub mod device;
    pub mod handover;
    pub mod lists;
    pub mod net;
    pub mod record;
    pub mod relay;
    pub mod roles;
    pub mod sent;
    pub mod vault;
    pub mod work;
    pub mod world;
}

use sim::world::{Acts, World};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

fn run(seed: u64, acts: Acts) {
    let mut world = World::new(seed, acts);
    world.run();
    world.check();
}

/// Each of these found a fault once; what it was is in its name.
mod found {
    use super::Acts;

    fn run(seed: u64) {
        super::run(seed, Acts::Messages);
    }

    #[test]
    fn a_snapshot_of_an_epoch_that_began_a_moment_ago_is_not_forged() {
        run(343);
        run(752);
    }

    #[test]
    fn an_edge_of_which_nothing_is_heard_withholds_nothing_the_connection_is_dead() {
        run(859);
        run(1654);
        run(2208);
    }

    #[test]
    fn while_the_record_is_asked_where_something_stands_nobody_is_accused() {
        run(3011);
    }

    #[test]
    fn a_late_acknowledgement_has_its_time_to_be_seen_in_the_log() {
        run(77_001_117);
        run(137_749_314_112_193);
    }

    #[test]
    fn a_clock_set_back_two_hours_keeps_no_device_from_dialling() {
        run(475);
    }

    #[test]
    fn what_was_refused_and_not_told_is_not_sent_after_what_was_done_later() {
        super::run(39_871_129_315_465, Acts::Lists);
    }

    #[test]
    fn two_devices_of_one_person_who_have_each_read_further_somewhere_are_merged() {
        run(136);
        run(171);
    }
}

#[test]
fn whatever_happens_devices_and_record_agree_in_the_end() {
    run_all(number("BATON_SCHEDULES").unwrap_or(100), Acts::All);
}

/// One in ten of the others: each is longer.
#[test]
fn however_much_people_are_in_each_others_way_devices_and_record_agree_in_the_end() {
    run_all(
        number("BATON_SCHEDULES").unwrap_or(100).div_ceil(10),
        Acts::Contended,
    );
}

/// Again one in ten: many who hand patients over to each other.
#[test]
fn whoever_hands_over_what_to_whom_devices_and_record_agree_in_the_end() {
    run_all(
        number("BATON_SCHEDULES").unwrap_or(100).div_ceil(10),
        Acts::Handover,
    );
}

fn run_all(schedules: u64, acts: Acts) {
    if let Some(seed) = number("BATON_ONE") {
        let mut world = World::new(seed, acts);
        world.trace = Some(Vec::new());
        world.run();
        for line in world.trace.take().unwrap() {
            println!("{line}");
        }
        world.check();
        return;
    }
    let random = || RandomState::new().hash_one(0) >> 16;
    let first = number("BATON_SEED").unwrap_or_else(random);
    println!("{schedules} schedules from BATON_SEED={first}");
    let next = AtomicU64::new(0);
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = first + next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + schedules {
                        break;
                    }
                    if std::panic::catch_unwind(|| run(seed, acts)).is_err() {
                        failures.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {schedules} schedules failed: BATON_ONE={failures:?}",
        failures.len()
    );
}
