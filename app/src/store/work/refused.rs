//! What the record refused of tasks, roles and handovers: it waits for its author, with what they wrote.

use baton_core::id::{OpId, SpaceId};
use baton_core::op::Body;
use baton_core::op::member::MemberOp;
use baton_core::sync::{PendingState, Sync};

use crate::store::event;

/// An operation about tasks, roles or handovers that the record refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where.
    pub space: SpaceId,
    /// The operation.
    pub op: OpId,
    /// What the author wrote in it; empty if they wrote nothing.
    pub text: String,
    /// Why, and what one can do.
    pub reason: String,
}

fn told((what, text): (String, String)) -> String {
    if text.is_empty() {
        what
    } else {
        format!("{what}: {text}")
    }
}

/// What the record refused of tasks, roles and handovers.
pub fn refused(sync: &Sync) -> Vec<Refused> {
    let spaces = sync.spaces();
    let refused = spaces.flat_map(|space| {
        let of_space = space.outbox().filter_map(|pending| {
            let PendingState::Refused(why) = pending.state else {
                return None;
            };
            let text = match &pending.op.body {
                Body::Role(op) => event::role::written(op).to_owned(),
                Body::Task(op) => event::task::written(op),
                Body::Handover(op) => told(crate::store::handover::refused(op)),
                Body::Member(MemberOp::CameOnDuty(_)) => "You are on duty".to_owned(),
                Body::Member(MemberOp::WentOffDuty(_)) => "You are off duty".to_owned(),
                Body::List(_)
                | Body::Member(_)
                | Body::Message(_)
                | Body::Patient(_)
                | Body::Space(_)
                | Body::Unknown { .. } => return None,
            };
            Some(Refused {
                space: space.id(),
                op: pending.op.id,
                text,
                reason: why.to_string(),
            })
        });
        of_space.collect::<Vec<_>>()
    });
    refused.collect()
}
