//! What people do with roles, on what is shown to them.

use baton_core::id::OpId;
use baton_core::op::role::{
    Accepted, Archived, Defined, Fallback, FallbackSet, OfferRefused, OfferWithdrawn, Offered, Released,
    Restored, Retitled, RoleOp, RotaSet, Shift, Taken,
};
use baton_core::state::{Role, SpaceState};
use baton_core::text::Basis;
use baton_core::time::At;
use rand_chacha::ChaCha8Rng;

use super::net::{chance, pick};
use super::work::{Actor, any, words};

/// Something that somebody does with one of the roles, or a new one.
pub fn with_roles(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> RoleOp {
    let roles: Vec<(OpId, &Role)> = shown.roles.iter().collect();
    let Some((role, held)) = any(&roles, rng).filter(|_| roles.len() > 3 || !chance(rng, 100)) else {
        return RoleOp::Defined(Defined {
            title: words(rng),
            fallback: fallback(shown, actor, rng),
        });
    };
    if chance(rng, 80) {
        let fallback = fallback(shown, actor, rng);
        return RoleOp::FallbackSet(FallbackSet { role, fallback });
    }
    with_role(role, held, actor, rng)
}

/// Something that somebody does with a role.
pub fn with_role(role: OpId, held: &Role, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> RoleOp {
    let user = actor.users[pick(rng, actor.users.len())];
    let offer = held.offer.map(|offer| offer.made.stamp.op);
    match (pick(rng, 20), offer) {
        (0..=3, Some(offer)) => RoleOp::Accepted(Accepted { role, offer }),
        (4, Some(offer)) => RoleOp::OfferRefused(OfferRefused {
            role,
            offer,
            reason: words(rng),
        }),
        (5, Some(offer)) => RoleOp::OfferWithdrawn(OfferWithdrawn { role, offer }),
        (0..=6, _) => RoleOp::Offered(Offered { role, to: user }),
        (7, _) => RoleOp::Released(Released { role }),
        (8, _) if held.archived.is_some() => RoleOp::Restored(Restored { role }),
        (8, _) if chance(rng, 300) => RoleOp::Archived(Archived { role }),
        (9, _) => {
            let Basis { base, after } = held.title.basis();
            RoleOp::Retitled(Retitled {
                role,
                title: words(rng),
                base,
                after,
            })
        }
        (10 | 11, _) => RoleOp::RotaSet(rota(role, held, actor, rng)),
        _ => {
            let seen = held.holder.map(|holder| holder.user);
            // Now and then somebody takes it from who does not have it.
            let from = if chance(rng, 100) { Some(user) } else { seen };
            RoleOp::Taken(Taken { role, from })
        }
    }
}

fn fallback(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> Option<Fallback> {
    let roles: Vec<OpId> = shown.roles.iter().map(|(id, _)| id).collect();
    match pick(rng, 3) {
        0 => any(actor.users, rng).map(Fallback::Person),
        1 => any(&roles, rng).map(Fallback::Role),
        _ => None,
    }
}

fn rota(role: OpId, held: &Role, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> RotaSet {
    let at = |hours: usize| At::from_millis(u64::try_from(hours).expect("few") * 3_600_000);
    let start = pick(rng, 20);
    let mut shifts = Vec::new();
    for n in 0..pick(rng, 4) {
        // Now and then two at a time.
        let overlap = usize::from(n > 0 && chance(rng, 100));
        shifts.push(Shift {
            from: at(start + n * 4 - overlap),
            until: at(start + n * 4 + 4),
            who: actor.users[pick(rng, actor.users.len())],
        });
    }
    RotaSet {
        role,
        from: at(start),
        until: at(start + 12),
        shifts,
        base: held.rota_base(),
    }
}
