//! Properties of handovers that several people work on at the same time, each on what their device shows: the confirmed log,
//! perhaps old, and on top of it what it has not sent. Whatever the order in which things land: nobody's patient becomes
//! nobody's, at most one person is responsible for each, a role has one holder at most and what goes along goes whole to who
//! accepts, what was handed over never changes, no text takes the place of one
//! that its author had not seen, and all agree.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking; a match names what it is about"
)]

use baton_core::op::handover::{Priority, Satisfaction};
use proptest::prelude::*;

mod check;
#[path = "../device/mod.rs"]
mod device;
mod duty;
mod step;
mod world;

use step::Step;
use world::{DEVICES, World};

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (device(), 1..8_usize).prop_map(|(device, count)| Step::Fetch(device, count)),
        3 => (device(), 1..6_usize).prop_map(|(device, count)| Step::Send(device, count)),
        1 => device().prop_map(Step::Restart),
        8 => doings(),
    ]
}

fn device() -> impl Strategy<Value = u8> {
    0..DEVICES
}

/// What people do.
fn doings() -> impl Strategy<Value = Step> {
    let some = || proptest::collection::vec(0..5_u8, 1..4);
    let which = || proptest::option::of(some());
    let priority = prop_oneof![
        Just(Priority::Unstable),
        Just(Priority::Watch),
        Just(Priority::Stable)
    ];
    let satisfaction = proptest::option::of(prop_oneof![
        Just(Satisfaction::Satisfied),
        Just(Satisfaction::Unsatisfied),
        Just(Satisfaction::Incident)
    ]);
    let handover = || any::<usize>();
    prop_oneof![
        6 => (device(), some(), proptest::option::of(0..4_u8), any::<u8>()).prop_map(|(device, some, to, along)| Step::Offer(device, some, to, along)),
        5 => (device(), duty::any_duty()).prop_map(|(device, duty)| Step::Duty(device, duty)),
        4 => (device(), handover(), which()).prop_map(|(device, handover, which)| Step::Accept(device, handover, which)),
        2 => (device(), handover(), which()).prop_map(|(device, handover, which)| Step::Refuse(device, handover, which)),
        2 => (device(), handover()).prop_map(|(device, handover)| Step::Withdraw(device, handover)),
        3 => (device(), some()).prop_map(|(device, some)| Step::Take(device, some)),
        1 => (device(), some()).prop_map(|(device, some)| Step::EndCare(device, some)),
        6 => (device(), 0..3_u8, 0..2_u8, "[a-z]{0,8}").prop_map(|(device, patient, section, text)| Step::Write(device, patient, section, text)),
        2 => (device(), 0..5_u8, priority).prop_map(|(device, patient, priority)| Step::Rate(device, patient, priority)),
        1 => (device(), any::<bool>()).prop_map(|(device, is_short)| Step::Template(device, is_short)),
        2 => (device(), handover(), "[a-z]{1,8}").prop_map(|(device, handover, text)| Step::Say(device, handover, text)),
        2 => (device(), handover(), satisfaction).prop_map(|(device, handover, how)| Step::SignOff(device, handover, how)),
        1 => (device(), 0..5_u8, any::<bool>()).prop_map(|(device, patient, is_on)| Step::List(device, patient, is_on)),
        1 => device().prop_map(Step::Leave),
        1 => (0..4_u8).prop_map(Step::ComeBack),
        1 => (device(), "[a-z]{0,8}").prop_map(|(device, text)| Step::Purpose(device, text)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nobodys_patient_becomes_nobodys_and_nothing_that_was_handed_over_changes(
        steps in proptest::collection::vec(steps(), 0..140),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
            world.check_devices();
        }
        world.settle();
        world.check_agreement()?;
        world.check_responsibility()?;
        world.check_duties()?;
        world.check_texts()?;
        world.check_documents()?;
    }

    /// As if the record had no rules: what the fold promises it promises by itself.
    #[test]
    fn whatever_a_log_holds_at_most_one_is_responsible_and_no_document_changes(
        steps in proptest::collection::vec(doings(), 0..140),
    ) {
        let mut world = World::new();
        world.is_lawless = true;
        for step in &steps {
            world.step(step);
        }
        world.settle();
        world.check_agreement()?;
        world.check_documents()?;
    }
}
