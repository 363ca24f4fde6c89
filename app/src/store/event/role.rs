//! What happened to a role, in words.

use baton_core::id::{OpId, UserId};
use baton_core::op::role::RoleOp;
use baton_core::state::{RoleNews, SpaceState};

use super::name;
use crate::store::Viewer;

/// Tells what happened to a role in one sentence.
pub(super) fn words(role: OpId, news: &RoleNews, by: UserId, state: &SpaceState, viewer: &Viewer) -> String {
    let who = name(by, viewer, true);
    let title = title(role, state);
    match news {
        RoleNews::Accepted | RoleNews::Taken(None) if by == viewer.me => format!("You hold {title} now"),
        RoleNews::Accepted | RoleNews::Taken(None) => format!("{who} holds {title} now"),
        RoleNews::Archived => format!("{who} put {title} into the archive: nobody holds it"),
        RoleNews::Defined(title) => format!("{who} made the role {}", title.as_str()),
        RoleNews::Offered(to) => format!("{who} offered {title} to {}", name(*to, viewer, false)),
        RoleNews::OfferRefused => format!("{who} did not take {title}, which was offered"),
        RoleNews::OfferWithdrawn => format!("{who} no longer offers {title}"),
        RoleNews::Released => format!("{who} handed {title} back"),
        RoleNews::Restored => format!("{who} took {title} out of the archive"),
        RoleNews::Retitled(title) => format!("{who} changed the name of a role to “{}”", title.as_str()),
        RoleNews::Taken(Some(from)) => format!("{who} took {title} from {}", name(*from, viewer, false)),
    }
}

/// What was written in an operation about a role.
pub(in crate::store) fn written(op: &RoleOp) -> &str {
    match op {
        RoleOp::Defined(op) => op.title.as_str(),
        RoleOp::OfferRefused(op) => op.reason.as_str(),
        RoleOp::Retitled(op) => op.title.as_str(),
        RoleOp::Accepted(_)
        | RoleOp::Archived(_)
        | RoleOp::FallbackSet(_)
        | RoleOp::Offered(_)
        | RoleOp::OfferWithdrawn(_)
        | RoleOp::Released(_)
        | RoleOp::Restored(_)
        | RoleOp::RotaSet(_)
        | RoleOp::Taken(_) => "",
    }
}

fn title(role: OpId, state: &SpaceState) -> String {
    let title = state.roles.find(role).map(|role| role.title.newest());
    title.map_or_else(|| "a role".to_owned(), |title| format!("“{title}”"))
}
