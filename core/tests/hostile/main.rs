//! A hostile edge: what it may try, each case by its name, and that each is unreadable, detected, or harmless. After every
//! attack the edge behaves again, and the device must end where the record is, with nothing lost and nothing twice.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking, and treats the frame that it is about"
)]
#![expect(unreachable_pub, reason = "the model is shared with the schedules")]

mod edge;
mod lies;
mod made_up;
mod snapshots;
mod tampering;
mod withholding;

#[path = "../sim/lists.rs"]
#[expect(dead_code, reason = "the schedules need more of it")]
mod lists;
#[path = "../sim/net.rs"]
#[expect(dead_code, reason = "the schedules need more of it")]
mod net;
#[path = "../sim/record.rs"]
#[expect(dead_code, reason = "the schedules need more of it")]
mod record;
