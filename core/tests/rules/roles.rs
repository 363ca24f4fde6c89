//! Roles.

use baton_core::chain::Seq;
use baton_core::id::{OpId, UserId};
use baton_core::op::Body;
use baton_core::op::role::{
    Accepted, Archived, Fallback, FallbackSet, OfferRefused, OfferWithdrawn, Offered, REASON_BYTES, ROLES,
    Released, Restored, Retitled, RoleOp, RotaSet, SHIFTS, Shift, Taken,
};
use baton_core::state::SpaceState;
use baton_core::time::At;

use super::scene::{
    ADMIN, HELD, MEMBER, NOWHERE, OFFER, OFFEREE, OUTSIDER, OWNER, VACANT, act, future, nth, role,
};
use super::table::{Topic, case, row};

fn body(op: RoleOp) -> Body {
    Body::Role(op)
}

fn accepted(offer: OpId) -> Body {
    let role = HELD;
    body(RoleOp::Accepted(Accepted { role, offer }))
}

fn archived(role: OpId) -> Body {
    body(RoleOp::Archived(Archived { role }))
}

fn falls_to(fallback: Fallback) -> Body {
    let fallback = Some(fallback);
    body(RoleOp::FallbackSet(FallbackSet { role: HELD, fallback }))
}

fn offered(to: UserId) -> Body {
    body(RoleOp::Offered(Offered { role: HELD, to }))
}

fn not_taken(offer: OpId, reason: &str) -> Body {
    let (role, reason) = (HELD, reason.into());
    body(RoleOp::OfferRefused(OfferRefused { role, offer, reason }))
}

fn withdrawn(offer: OpId) -> Body {
    let role = HELD;
    body(RoleOp::OfferWithdrawn(OfferWithdrawn { role, offer }))
}

fn restored(role: OpId) -> Body {
    body(RoleOp::Restored(Restored { role }))
}

fn retitled(title: &str, base: Seq) -> Body {
    body(RoleOp::Retitled(Retitled {
        role: HELD,
        title: title.into(),
        base,
        after: vec![],
    }))
}

fn shift(from: u64, until: u64, who: UserId) -> Shift {
    Shift {
        from: At::from_millis(from),
        until: At::from_millis(until),
        who,
    }
}

fn rota(shifts: Vec<Shift>, base: Option<OpId>) -> Body {
    body(RoleOp::RotaSet(RotaSet {
        role: HELD,
        from: At::from_millis(10),
        until: At::from_millis(90),
        shifts,
        base,
    }))
}

fn taken(role: OpId, from: Option<UserId>) -> Body {
    body(RoleOp::Taken(Taken { role, from }))
}

fn put_away(state: &mut SpaceState) {
    act(state, nth(1), ADMIN, archived(HELD));
}

fn offered_anew(state: &mut SpaceState) {
    act(state, nth(1), OWNER, offered(OFFEREE));
}

fn taken_away(state: &mut SpaceState) {
    act(state, nth(1), ADMIN, taken(HELD, Some(OWNER)));
}

#[expect(clippy::too_many_lines, reason = "a row for each")]
pub(super) fn roles() -> Topic {
    Topic {
        title: "Roles",
        about: "Batons of a team: at most one person holds each. An offer that nobody accepted leaves it where it was. A rota is a plan, and moves no \
                baton. Whoever leaves the team holds nothing, is offered nothing and covers for nothing from there on.",
        rows: vec![
            row(
                role("Registrar", None),
                "There is a role, and who answers for it while nobody holds it.",
            )
            .refused([
                case("nothing is written", role("", None)),
                case("there are 200 already", role("x", None)).given(|state| {
                    for n in 0..ROLES {
                        act(state, nth(n), ADMIN, role("x", None));
                    }
                }),
                case(
                    "it is to fall back to somebody who is no member",
                    role("x", Some(Fallback::Person(OUTSIDER))),
                ),
                case(
                    "it is to fall back to a role that is not there",
                    role("x", Some(Fallback::Role(NOWHERE))),
                ),
            ]),
            row(retitled("Med reg", Seq::new(1)), "The title is another.").refused([
                case("nothing is written", retitled("", Seq::new(1))),
                case("it was made on what is not there yet", retitled("x", future())),
                case("it is in the archive", retitled("x", Seq::new(1))).given(put_away),
            ]),
            row(
                falls_to(Fallback::Person(MEMBER)),
                "Somebody else answers for it while nobody holds it, or nobody.",
            )
            .refused([
                case("they are no member", falls_to(Fallback::Person(OUTSIDER))),
                case(
                    "it would fall back to itself, by way of others or not",
                    falls_to(Fallback::Role(VACANT)),
                ),
                case("it is in the archive", falls_to(Fallback::Person(MEMBER))).given(put_away),
            ]),
            row(
                archived(HELD),
                "It is put away: nobody holds it, its offer ends, its tasks are \
                 for all. Once more is harmless.",
            )
            .refused([case("it is not there", archived(NOWHERE))]),
            row(
                restored(HELD),
                "It is taken out of the archive, vacant. Once more is harmless.",
            )
            .given(put_away)
            .refused([case("it is not there", restored(NOWHERE))]),
            row(
                taken(VACANT, None),
                "The author holds it: it was vacant, or they name from whom they \
                 take it.",
            )
            .refused([
                case(
                    "it is not vacant, and its author thought it was",
                    taken(HELD, None),
                ),
                case(
                    "it is vacant, and its author thought it was not",
                    taken(VACANT, Some(OWNER)),
                ),
                case(
                    "another holds it than its author thought",
                    taken(HELD, Some(MEMBER)),
                ),
                case("they hold it", taken(HELD, Some(OWNER))).by(OWNER),
                case("it is in the archive", taken(HELD, None)).given(put_away),
                case("it is not there", taken(NOWHERE, None)),
            ]),
            row(
                offered(MEMBER),
                "It is offered to somebody; an earlier offer ends.",
            )
            .owner("who holds it")
            .refused([
                case("they are no member", offered(OUTSIDER)).by(OWNER),
                case("it is offered to oneself", offered(OWNER)).by(OWNER),
            ]),
            row(withdrawn(OFFER), "It is no longer offered.")
                .owner("who holds it")
                .refused([case("the offer does not stand", withdrawn(NOWHERE)).by(OWNER)]),
            row(accepted(OFFER), "The author holds it.")
                .offeree("to whom it is offered")
                .refused([
                    case("there is a newer offer", accepted(OFFER))
                        .by(OFFEREE)
                        .given(offered_anew),
                    case("who offered it does not hold it any more", accepted(OFFER))
                        .by(OFFEREE)
                        .given(taken_away),
                    case("it is in the archive", accepted(OFFER))
                        .by(OFFEREE)
                        .given(put_away),
                ]),
            row(
                not_taken(OFFER, "in theatre"),
                "The author does not take it, with the reason.",
            )
            .offeree("to whom it is offered")
            .refused([
                case("no reason is written", not_taken(OFFER, " ")).by(OFFEREE),
                case(
                    "it is longer than 2 KiB",
                    not_taken(OFFER, &"x".repeat(REASON_BYTES + 1)),
                )
                .by(OFFEREE),
                case("the offer does not stand", not_taken(NOWHERE, "x")).by(OFFEREE),
            ]),
            row(
                body(RoleOp::Released(Released { role: HELD })),
                "It is handed back: nobody holds it.",
            )
            .owner("who holds it")
            .refused([case(
                "it is in the archive",
                body(RoleOp::Released(Released { role: HELD })),
            )
            .by(OWNER)
            .given(put_away)]),
            row(
                rota(vec![shift(10, 20, MEMBER)], None),
                "Who is planned in a stretch of time; what was planned there \
                 before is replaced.",
            )
            .refused([
                case(
                    "two are planned at a time",
                    rota(vec![shift(10, 20, MEMBER), shift(19, 30, OWNER)], None),
                ),
                case(
                    "a shift is outside the stretch, or ends before it begins",
                    rota(vec![shift(5, 20, MEMBER)], None),
                ),
                case(
                    "somebody is planned who is no member",
                    rota(vec![shift(10, 20, OUTSIDER)], None),
                ),
                case(
                    "more than 200 shifts are planned",
                    rota(vec![shift(10, 20, MEMBER); SHIFTS + 1], None),
                ),
                case("somebody else set it meanwhile", rota(vec![], Some(NOWHERE))),
                case("it is in the archive", rota(vec![], None)).given(put_away),
            ]),
        ],
    }
}
