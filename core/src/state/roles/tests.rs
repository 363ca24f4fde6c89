use super::*;
use crate::op::role::{
    Accepted, Archived, FallbackSet, OfferRefused, OfferWithdrawn, Offered, Released, Restored, Retitled,
    RotaSet, Taken,
};
use crate::state::{EARLIER, Stamp};
use crate::time::At;

const ROLE: OpId = OpId::from_bytes([1; 16]);
const ANN: UserId = UserId::from_bytes([11; 16]);
const BEN: UserId = UserId::from_bytes([12; 16]);
const CAT: UserId = UserId::from_bytes([13; 16]);

/// Roles as one log leads to them.
struct Log {
    roles: Roles,
    next: u64,
}

impl Log {
    fn new() -> Self {
        let mut log = Self {
            roles: Roles::default(),
            next: 1,
        };
        log.define(ROLE, None);
        log
    }

    fn define(&mut self, id: OpId, fallback: Option<Fallback>) {
        let title = "Medical registrar".into();
        let defined = RoleOp::Defined(Defined { title, fallback });
        self.roles.apply(self.mark(id, ANN), &defined);
    }

    fn mark(&self, op: OpId, by: UserId) -> Mark {
        let at = At::from_millis(self.next);
        Mark {
            seq: Seq::new(self.next),
            stamp: Stamp {
                op,
                by,
                at,
                recorded: Some(at),
            },
        }
    }

    /// Somebody does something; gives its id, and whether anything changed.
    fn act(&mut self, by: UserId, op: &RoleOp) -> (OpId, bool) {
        self.next += 1;
        let id = OpId::make(At::from_millis(self.next), [0; 10]);
        let changed = self.roles.apply(self.mark(id, by), op);
        (id, changed.is_some())
    }

    fn take(&mut self, by: UserId, from: Option<UserId>) -> bool {
        self.act(by, &RoleOp::Taken(Taken { role: ROLE, from })).1
    }

    fn offer(&mut self, by: UserId, to: UserId) -> OpId {
        self.act(by, &RoleOp::Offered(Offered { role: ROLE, to })).0
    }

    fn accept(&mut self, by: UserId, offer: OpId) -> bool {
        self.act(by, &RoleOp::Accepted(Accepted { role: ROLE, offer })).1
    }

    fn leave(&mut self, user: UserId) -> Vec<OpId> {
        self.next += 1;
        let mark = self.mark(OpId::make(At::from_millis(self.next), [0; 10]), ANN);
        self.roles.leave(mark, user)
    }

    fn role(&self) -> &Role {
        self.roles.find(ROLE).unwrap()
    }

    fn holder(&self) -> Option<UserId> {
        self.role().holder.map(|holder| holder.user)
    }
}

#[test]
fn an_offer_that_nobody_accepted_leaves_the_role_where_it_was() {
    let mut log = Log::new();
    assert!(log.take(ANN, None));
    let offer = log.offer(ANN, BEN);
    assert_eq!(log.holder(), Some(ANN));
    assert!(log.accept(BEN, offer));
    assert_eq!(log.holder(), Some(BEN));
    assert_eq!(log.role().past.len(), 1);
    assert_eq!(log.role().offer, None);
}

#[test]
fn a_newer_offer_takes_the_place_of_the_one_before_and_only_whom_it_is_to_accepts() {
    let mut log = Log::new();
    log.take(ANN, None);
    let first = log.offer(ANN, BEN);
    let second = log.offer(ANN, CAT);
    assert!(!log.accept(BEN, first));
    assert!(!log.accept(BEN, second));
    assert!(log.accept(CAT, second));
    assert!(!log.accept(CAT, second), "once");
}

#[test]
fn an_offer_ends_when_it_is_withdrawn_refused_or_the_role_goes_elsewhere() {
    let (role, reason) = (ROLE, "in theatre");
    let mut log = Log::new();
    log.take(ANN, None);
    let offer = log.offer(ANN, BEN);
    assert!(
        log.act(ANN, &RoleOp::OfferWithdrawn(OfferWithdrawn { role, offer }))
            .1
    );
    assert!(!log.accept(BEN, offer));
    let offer = log.offer(ANN, BEN);
    let refused = OfferRefused {
        role,
        offer,
        reason: reason.into(),
    };
    assert!(!log.act(CAT, &RoleOp::OfferRefused(refused.clone())).1);
    assert!(log.act(BEN, &RoleOp::OfferRefused(refused)).1);
    assert!(!log.accept(BEN, offer));
    assert_eq!(log.role().refused[0].reason.as_str(), reason);
    let offer = log.offer(ANN, BEN);
    assert!(log.take(CAT, Some(ANN)));
    assert!(!log.accept(BEN, offer));
    assert_eq!(log.holder(), Some(CAT));
}

#[test]
fn a_role_is_taken_only_as_it_was_seen() {
    let mut log = Log::new();
    assert!(log.take(ANN, None));
    assert!(!log.take(BEN, None), "is no longer vacant");
    assert!(!log.take(BEN, Some(CAT)), "is another's");
    assert!(log.take(BEN, Some(ANN)));
    assert!(!log.act(ANN, &RoleOp::Released(Released { role: ROLE })).1);
    assert!(log.act(BEN, &RoleOp::Released(Released { role: ROLE })).1);
    assert!(!log.take(ANN, Some(BEN)), "was handed back");
    assert_eq!(log.holder(), None);
}

#[test]
fn whoever_leaves_holds_nothing_is_offered_nothing_and_answers_for_nothing() {
    let mut log = Log::new();
    let other = OpId::from_bytes([2; 16]);
    log.define(other, Some(Fallback::Person(BEN)));
    log.take(ANN, None);
    log.offer(ANN, BEN);
    assert_eq!(log.leave(BEN), [ROLE, other]);
    assert_eq!(log.role().offer, None);
    assert_eq!(log.holder(), Some(ANN));
    assert_eq!(log.roles.answers(other), None);
    assert_eq!(log.leave(ANN), [ROLE]);
    assert_eq!(log.holder(), None);
    assert_eq!(log.leave(ANN), []);
}

#[test]
fn a_role_in_the_archive_is_held_by_nobody() {
    let mut log = Log::new();
    log.take(ANN, None);
    let offer = log.offer(ANN, BEN);
    assert!(log.act(CAT, &RoleOp::Archived(Archived { role: ROLE })).1);
    assert_eq!(log.holder(), None);
    assert!(!log.accept(BEN, offer));
    assert!(!log.take(BEN, None));
    assert!(log.act(CAT, &RoleOp::Restored(Restored { role: ROLE })).1);
    assert!(log.take(BEN, None));
}

#[test]
fn a_vacant_role_is_answered_for_by_whoever_its_fallbacks_lead_to() {
    let (second, third) = (OpId::from_bytes([2; 16]), OpId::from_bytes([3; 16]));
    let mut log = Log::new();
    log.define(second, Some(Fallback::Role(third)));
    log.define(third, Some(Fallback::Person(CAT)));
    let fallback = Some(Fallback::Role(second));
    log.act(ANN, &RoleOp::FallbackSet(FallbackSet { role: ROLE, fallback }));
    let cover = log.roles.cover(ROLE);
    assert_eq!(cover.through, [ROLE, second, third]);
    assert_eq!(cover.who, Some(CAT));
    assert!(!cover.is_holder());
    log.act(
        BEN,
        &RoleOp::Taken(Taken {
            role: third,
            from: None,
        }),
    );
    assert_eq!(log.roles.answers(ROLE), Some(BEN));
    log.take(ANN, None);
    assert!(log.roles.cover(ROLE).is_holder());
    assert!(log.roles.leads_to(ROLE, third));
    assert!(!log.roles.leads_to(third, ROLE));
}

#[test]
fn a_circle_that_waits_on_a_device_leads_to_nobody_and_ends() {
    let second = OpId::from_bytes([2; 16]);
    let mut log = Log::new();
    log.define(second, Some(Fallback::Role(ROLE)));
    let fallback = Some(Fallback::Role(second));
    log.act(ANN, &RoleOp::FallbackSet(FallbackSet { role: ROLE, fallback }));
    assert_eq!(log.roles.cover(ROLE).who, None);
    assert_eq!(log.roles.cover(ROLE).through, [ROLE, second]);
    assert!(!log.roles.leads_to(ROLE, OpId::from_bytes([9; 16])));
}

fn shift(from: u64, until: u64, who: UserId) -> Shift {
    Shift {
        from: At::from_millis(from),
        until: At::from_millis(until),
        who,
    }
}

fn rota(from: u64, until: u64, shifts: Vec<Shift>, base: Option<OpId>) -> RoleOp {
    RoleOp::RotaSet(RotaSet {
        role: ROLE,
        from: At::from_millis(from),
        until: At::from_millis(until),
        shifts,
        base,
    })
}

#[test]
fn a_rota_replaces_its_stretch_and_moves_no_baton() {
    let mut log = Log::new();
    let first = vec![shift(20, 30, BEN), shift(10, 20, ANN), shift(30, 40, CAT)];
    let (base, _) = log.act(ANN, &rota(0, 100, first, None));
    let second = vec![shift(18, 22, CAT)];
    assert!(!log.act(BEN, &rota(15, 25, second.clone(), None)).1, "unseen");
    assert!(log.act(BEN, &rota(15, 25, second, Some(base))).1);
    let expected = [
        shift(10, 15, ANN),
        shift(18, 22, CAT),
        shift(25, 30, BEN),
        shift(30, 40, CAT),
    ];
    assert_eq!(log.role().rota(), expected);
    let planned = |at| log.roles.planned(ROLE, At::from_millis(at));
    assert_eq!(planned(10), Some(ANN));
    assert_eq!(planned(15), None);
    assert_eq!(planned(29), Some(BEN));
    assert_eq!(planned(30), Some(CAT));
    let next = log.role().next_planned(At::from_millis(22)).unwrap();
    assert_eq!(next.who, BEN);
    assert_eq!(log.holder(), None);
}

#[test]
fn who_holds_a_role_is_to_hand_it_on_when_their_shift_is_over_or_anothers_has_begun() {
    let mut log = Log::new();
    let shifts = vec![shift(100, 200, ANN), shift(200, 300, BEN)];
    log.act(ANN, &rota(0, 1_000, shifts, None));
    let due = |log: &Log, at| log.role().to_hand_on(At::from_millis(at)).map(|shift| shift.who);
    assert_eq!(due(&log, 250), None, "nobody holds it");
    log.take(ANN, None);
    assert_eq!(due(&log, 50), None, "before the rota begins");
    assert_eq!(due(&log, 199), None);
    assert_eq!(due(&log, 200), Some(BEN));
    assert_eq!(due(&log, 300), None, "his is over, and she holds it by agreement");
    log.offer(ANN, BEN);
    assert_eq!(due(&log, 250), None, "it is on its way");
    log.take(BEN, Some(ANN));
    assert_eq!(due(&log, 250), None);
    assert_eq!(due(&log, 300), Some(BEN), "his own is over");
    assert_eq!(due(&log, 9_000), Some(BEN));
    log.next = 400;
    log.take(CAT, Some(BEN));
    log.take(BEN, Some(CAT));
    assert_eq!(due(&log, 500), None, "he took it after his shift");
}

#[test]
fn what_is_held_of_a_role_does_not_grow_without_end() {
    let mut log = Log::new();
    let mut base = None;
    for n in 0..300_u64 {
        let (to, from) = if n % 2 == 0 { (ANN, BEN) } else { (BEN, ANN) };
        assert!(log.take(to, (n > 0).then_some(from)));
        let shifts = vec![
            shift(n * 10, n * 10 + 5, ANN),
            shift(n * 10 + 5, n * 10 + 10, BEN),
        ];
        let (set, _) = log.act(ANN, &rota(n * 10, n * 10 + 10, shifts, base));
        base = Some(set);
        let retitled = Retitled {
            role: ROLE,
            title: "Registrar".into(),
            base: log.role().title.basis().base,
            after: vec![],
        };
        log.act(ANN, &RoleOp::Retitled(retitled));
    }
    assert_eq!(log.role().past.len(), PAST);
    assert_eq!(log.role().rota().len(), ROTA);
    assert_eq!(log.role().rota().last().unwrap().until, At::from_millis(3_000));
    assert_eq!(log.role().title.versions().count(), EARLIER + 1);
    assert_eq!(log.role().title.newest(), "Registrar");
}
