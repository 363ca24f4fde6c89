//! Properties of lists that several devices write on at the same time, each on what it shows: the confirmed log, perhaps old,
//! and on top of it what it has not sent. Whatever the order in which things land: nobody's text takes the place of one that
//! they had not seen, what one device writes in a row is never in conflict with itself, each patient has one row, and all
//! agree.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking; a match names what it is about"
)]

use baton_core::chain::Seq;
use baton_core::id::{OpId, UserId};
use baton_core::op::Body;
use baton_core::op::list::{Field, FieldSet, ListOp, PatientAdded};
use baton_core::time::At;
use proptest::prelude::*;

mod check;
#[path = "../device/mod.rs"]
mod device;
mod world;

use world::{DEVICES, LIST, Step, World, patient};

fn steps() -> impl Strategy<Value = Step> {
    let device = || 0..DEVICES;
    let patient = || 0..5_u8;
    prop_oneof![
        3 => (device(), patient()).prop_map(|(device, patient)| Step::Add(device, patient)),
        4 => (device(), 1..6_usize).prop_map(|(device, count)| Step::Fetch(device, count)),
        1 => patient().prop_map(Step::Leave),
        2 => (device(), patient(), proptest::option::of(patient()))
            .prop_map(|(device, patient, after)| Step::Move(device, patient, after)),
        1 => (device(), patient()).prop_map(|(device, patient)| Step::Remove(device, patient)),
        1 => (device(), "[a-z]{1,8}").prop_map(|(device, title)| Step::RenameList(device, title)),
        1 => (device(), "[a-z]{1,8}").prop_map(|(device, title)| Step::RenameSpace(device, title)),
        4 => (device(), 1..4_usize).prop_map(|(device, count)| Step::Send(device, count)),
        4 => (device(), patient(), any::<bool>()).prop_map(|(device, patient, field)| Step::Begin(device, patient, field)),
        6 => (device(), "[a-z]{0,8}").prop_map(|(device, text)| Step::Write(device, text)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_written_is_overwritten_unseen_and_all_agree(steps in proptest::collection::vec(steps(), 0..120)) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        world.settle();
        world.check_agreement()?;
        world.check_rows()?;
        world.check_texts()?;
    }

    #[test]
    fn whatever_bases_are_named_what_holds_is_what_no_later_edit_named(
        edits in proptest::collection::vec((0..3_u8, any::<bool>(), 0..40_u64, proptest::collection::vec(0..30_u64, 0..3)), 0..40),
    ) {
        let mut world = World::new();
        for n in 0..3 {
            let added = PatientAdded { list: LIST, patient: patient(n) };
            let op = world.op(UserId::from_bytes([1; 16]), Body::List(ListOp::PatientAdded(added)));
            world.append(op);
        }
        for (n, is_summary, base, after) in edits {
            let set = FieldSet {
                list: LIST,
                patient: patient(n),
                field: if is_summary { Field::Summary } else { Field::Jobs },
                text: "x".into(),
                base: Seq::new(base),
                after: after.iter().map(|made| OpId::make(At::from_millis(*made), [0; 10])).collect(),
            };
            let op = world.op(UserId::from_bytes([1; 16]), Body::List(ListOp::FieldSet(set)));
            world.append(op);
        }
        world.check_rows()?;
        world.check_texts()?;
    }
}
