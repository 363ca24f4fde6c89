//! Operations that say who is on duty, and what they lead to.

use baton_core::chain::{ChainHash, Head};
use baton_core::id::{OpId, UserId};
use baton_core::op::member::{Added, CameOnDuty, MemberOp, WentOffDuty};
use baton_core::op::role::{Defined, Fallback, RoleOp};
use baton_core::op::space::{Created, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::state::SpaceState;
use baton_core::time::At;

use super::{AT, SPACE, USER, op};

const OTHER: UserId = UserId::from_bytes([0xa2; 16]);
const SAID: OpId = OpId::from_bytes([0x71; 16]);
const ROLE: OpId = OpId::from_bytes([0x72; 16]);

fn off(until: Option<At>, cover: Option<Fallback>, base: Option<OpId>) -> MemberOp {
    MemberOp::WentOffDuty(WentOffDuty { until, cover, base })
}

fn said() -> Vec<(&'static str, MemberOp)> {
    let morning = Some(At::from_millis(AT.millis() + 12 * 3_600_000));
    let by_role = Some(Fallback::Role(ROLE));
    let by_person = Some(Fallback::Person(OTHER));
    let on = |base| MemberOp::CameOnDuty(CameOnDuty { base });
    vec![
        ("member.came_on_duty", on(None)),
        ("member.came_on_duty/again", on(Some(SAID))),
        ("member.went_off_duty", off(None, None, None)),
        ("member.went_off_duty/person", off(morning, by_person, Some(SAID))),
        ("member.went_off_duty/role", off(morning, by_role, None)),
    ]
}

pub(super) fn ops() -> Vec<(&'static str, Op)> {
    let said = said().into_iter();
    said.map(|(name, body)| (name, op(Body::Member(body)))).collect()
}

/// One who came on duty and went off it twice, another who is on duty, a third who never said so.
pub(super) fn state() -> SpaceState {
    let mut state = SpaceState::new(SPACE);
    let mut fold = |id: OpId, by: UserId, body: Body| {
        let seq = state.head.seq.next();
        let chain = ChainHash::from_bytes([9; 32]);
        state.fold(Head { seq, chain }, AT, &Op { id, by, ..op(body) });
    };
    let id = |n: u8| OpId::from_bytes([n; 16]);
    let (kind, title, about) = (SpaceKind::Team, "Ward 7".into(), None);
    fold(
        id(1),
        USER,
        Body::Space(SpaceOp::Created(Created { kind, title, about })),
    );
    for (n, user) in [(2, USER), (3, OTHER), (4, UserId::from_bytes([0xa3; 16]))] {
        fold(
            id(n),
            USER,
            Body::Member(MemberOp::Added(Added { user, admin: n == 2 })),
        );
    }
    let (title, fallback) = ("Registrar".into(), None);
    fold(
        ROLE,
        USER,
        Body::Role(RoleOp::Defined(Defined { title, fallback })),
    );
    let all = said();
    let of = |name: &str| {
        let found = all.iter().find(|(known, _)| *known == name);
        Body::Member(found.unwrap().1.clone())
    };
    fold(SAID, USER, of("member.came_on_duty"));
    fold(id(5), USER, of("member.went_off_duty/person"));
    fold(
        id(6),
        USER,
        Body::Member(off(None, Some(Fallback::Role(ROLE)), Some(id(5)))),
    );
    fold(id(7), OTHER, of("member.came_on_duty"));
    state
}
