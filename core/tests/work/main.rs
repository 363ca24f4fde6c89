//! Properties of roles and tasks with which several people do things at the same time, each on what is shown to them: the
//! confirmed log, perhaps old, and on top of it what they have not sent. Whatever the order in which things land: at most one
//! holds a role, no offer moves it but by who accepts it, no task is done twice without showing it, none is nobody's, nothing
//! that was written is lost, and all agree.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking; a match names what it is about"
)]
#![expect(unreachable_pub, reason = "what people do is shared with the schedules")]

use proptest::prelude::*;

#[path = "../device/mod.rs"]
mod device;
#[path = "../sim/net.rs"]
#[expect(dead_code, reason = "of the network only its dice are used")]
mod net;
#[path = "../sim/roles.rs"]
mod roles;
#[path = "../sim/work.rs"]
mod work;

mod check;
mod plain;
mod texts;
mod world;

use world::{DEVICES, Step, World};

fn steps() -> impl Strategy<Value = Step> {
    let device = || 0..DEVICES;
    prop_oneof![
        12 => (device(), any::<u64>()).prop_map(|(device, seed)| Step::Act(device, seed)),
        4 => (device(), any::<u64>()).prop_map(|(device, seed)| Step::Contend(device, seed)),
        4 => (device(), 1..8_usize).prop_map(|(device, count)| Step::Fetch(device, count)),
        4 => (device(), 1..5_usize).prop_map(|(device, count)| Step::Send(device, count)),
        1 => (1..3_u8).prop_map(Step::Come),
        1 => (1..3_u8).prop_map(Step::Leave),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn at_most_one_holds_a_role_no_task_is_nobodys_and_all_agree(
        steps in proptest::collection::vec(steps(), 0..160),
        cut in 0..400_usize,
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step)?;
        }
        world.settle()?;
        world.check_agreement(cut)?;
        world.check_texts()?;
        world.check_completions()?;
    }
}
