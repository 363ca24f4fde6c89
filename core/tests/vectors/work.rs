//! Operations about roles and tasks, and what they lead to.

use baton_core::chain::{ChainHash, Head, Seq};
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::Op;
use baton_core::op::member::{Added, MemberOp, Removed as Left};
use baton_core::op::message::Priority;
use baton_core::op::role::{
    self, Defined, Fallback, FallbackSet, OfferRefused, OfferWithdrawn, Offered, Released, Retitled, RoleOp,
    RotaSet, Shift, Taken,
};
use baton_core::op::task::{
    self, Assigned, Assignee, Cancelled, Commented, Completed, Created, Declined, DueSet, Edited, Field,
    ItemAdded, ItemId, PrioritySet, Removed, Reopened, Started, TaskOp, TemplateItem, TemplateRemoved,
    TemplateSet, Ticked, Unwatched, Watched,
};
use baton_core::state::SpaceState;
use baton_core::time::At;

use super::{AT, SPACE, USER, op};

const ROLE: OpId = OpId::from_bytes([0x61; 16]);
const OFFER: OpId = OpId::from_bytes([0x62; 16]);
const TASK: OpId = OpId::from_bytes([0x63; 16]);
const TEMPLATE: OpId = OpId::from_bytes([0x64; 16]);
const OTHER: UserId = UserId::from_bytes([0xa2; 16]);
const PATIENT: PatientId = PatientId::from_bytes([0x41; 16]);

fn later(minutes: u64) -> At {
    At::from_millis(AT.millis() + minutes * 60_000)
}

fn rota(base: Option<OpId>) -> RoleOp {
    RoleOp::RotaSet(RotaSet {
        role: ROLE,
        from: AT,
        until: later(1_440),
        shifts: vec![Shift {
            from: later(60),
            until: later(780),
            who: OTHER,
        }],
        base,
    })
}

fn template(replaces: Option<OpId>) -> TaskOp {
    TaskOp::TemplateSet(TemplateSet {
        replaces,
        name: "Admission".into(),
        items: vec![TemplateItem {
            title: "VTE assessment".into(),
            priority: Priority::Urgent,
            due_in: Some(840),
            to: Assignee::Role(ROLE),
        }],
    })
}

fn roles() -> Vec<(&'static str, RoleOp)> {
    let (role, offer) = (ROLE, OFFER);
    let defined = |fallback| {
        let title = "Medical registrar on call".into();
        RoleOp::Defined(Defined { title, fallback })
    };
    let retitled = Retitled {
        role,
        title: "Medical registrar, nights".into(),
        base: Seq::new(1),
        after: vec![OpId::from_bytes([0x33; 16])],
    };
    let set = |fallback| RoleOp::FallbackSet(FallbackSet { role, fallback });
    let reason = "in theatre until 15:00".into();
    vec![
        ("role.defined", defined(None)),
        ("role.defined/person", defined(Some(Fallback::Person(OTHER)))),
        ("role.defined/role", defined(Some(Fallback::Role(ROLE)))),
        ("role.retitled", RoleOp::Retitled(retitled)),
        ("role.fallback_set", set(Some(Fallback::Person(OTHER)))),
        ("role.fallback_set/none", set(None)),
        ("role.archived", RoleOp::Archived(role::Archived { role })),
        ("role.restored", RoleOp::Restored(role::Restored { role })),
        ("role.taken", RoleOp::Taken(Taken { role, from: None })),
        (
            "role.taken/from",
            RoleOp::Taken(Taken {
                role,
                from: Some(OTHER),
            }),
        ),
        ("role.offered", RoleOp::Offered(Offered { role, to: OTHER })),
        (
            "role.offer_withdrawn",
            RoleOp::OfferWithdrawn(OfferWithdrawn { role, offer }),
        ),
        ("role.accepted", RoleOp::Accepted(role::Accepted { role, offer })),
        (
            "role.offer_refused",
            RoleOp::OfferRefused(OfferRefused { role, offer, reason }),
        ),
        ("role.released", RoleOp::Released(Released { role })),
        ("role.rota_set", rota(Some(OFFER))),
    ]
}

fn made() -> Vec<(&'static str, TaskOp)> {
    let plain = Created {
        title: "Repeat potassium".into(),
        details: "".into(),
        about: None,
        place: "".into(),
        priority: Priority::Routine,
        due: None,
        to: Assignee::Team,
        checklist: vec![],
        from: None,
    };
    let whole = Created {
        details: "6.1 at 08:00, haemolysed?".into(),
        about: Some(PATIENT),
        place: "Ward 7, bed 4".into(),
        priority: Priority::Urgent,
        due: Some(later(60)),
        to: Assignee::Role(ROLE),
        checklist: vec!["Bloods".into(), "ECG".into()],
        from: Some(OpId::from_bytes([2; 16])),
        ..plain.clone()
    };
    vec![
        ("task.created", TaskOp::Created(plain)),
        ("task.created/whole", TaskOp::Created(whole)),
        ("task.template_set", template(Some(TEMPLATE))),
        (
            "task.template_removed",
            TaskOp::TemplateRemoved(TemplateRemoved { template: TEMPLATE }),
        ),
    ]
}

fn tasks() -> Vec<(&'static str, TaskOp)> {
    let task = TASK;
    let assigned = |to| TaskOp::Assigned(Assigned { task, to, seen: TASK });
    let completed = |note: &str, round| {
        let note = note.into();
        TaskOp::Completed(Completed { task, note, round })
    };
    let edited = |field, base, after| {
        let text = "potassium at 18:00".into();
        TaskOp::Edited(Edited {
            task,
            field,
            text,
            base: Seq::new(base),
            after,
        })
    };
    let reason = || "discharged".into();
    let text = || "lab phoned".into();
    let item = ItemId(TASK, 1);
    let (done, priority) = (true, Priority::Urgent);
    vec![
        ("task.assigned/person", assigned(Assignee::Person(OTHER))),
        ("task.assigned/team", assigned(Assignee::Team)),
        ("task.accepted", TaskOp::Accepted(task::Accepted { task })),
        ("task.started", TaskOp::Started(Started { task })),
        ("task.completed", completed("", None)),
        (
            "task.completed/note",
            completed("5.2, no ECG changes", Some(OFFER)),
        ),
        (
            "task.declined",
            TaskOp::Declined(Declined {
                task,
                reason: reason(),
            }),
        ),
        (
            "task.cancelled",
            TaskOp::Cancelled(Cancelled {
                task,
                reason: reason(),
            }),
        ),
        (
            "task.reopened",
            TaskOp::Reopened(Reopened {
                task,
                reason: reason(),
            }),
        ),
        (
            "task.commented",
            TaskOp::Commented(Commented { task, text: text() }),
        ),
        ("task.edited/title", edited(Field::Title, 7, vec![OFFER])),
        ("task.edited/details", edited(Field::Details, 0, vec![])),
        ("task.edited/place", edited(Field::Place, 0, vec![])),
        (
            "task.due_set",
            TaskOp::DueSet(DueSet {
                task,
                due: Some(later(30)),
            }),
        ),
        ("task.due_set/none", TaskOp::DueSet(DueSet { task, due: None })),
        (
            "task.priority_set",
            TaskOp::PrioritySet(PrioritySet { task, priority }),
        ),
        ("task.ticked", TaskOp::Ticked(Ticked { task, item, done })),
        (
            "task.item_added",
            TaskOp::ItemAdded(ItemAdded { task, text: text() }),
        ),
        ("task.watched", TaskOp::Watched(Watched { task })),
        ("task.unwatched", TaskOp::Unwatched(Unwatched { task })),
        ("task.removed", TaskOp::Removed(Removed { task, seen: OFFER })),
    ]
}

/// Each kind of operation.
pub(super) fn ops() -> Vec<(&'static str, Op)> {
    let roles = roles().into_iter().map(|(name, body)| (name, Body::Role(body)));
    let tasks = made().into_iter().chain(tasks());
    let tasks = tasks.map(|(name, body)| (name, Body::Task(body)));
    roles.chain(tasks).map(|(name, body)| (name, op(body))).collect()
}

/// What these lead to in one team: a role that went from one to another and is offered, a task that was done twice, reopened
/// and written about, one that is everybody's since its person left, a template.
pub(super) fn state() -> SpaceState {
    use baton_core::op::space::{Created, SpaceKind, SpaceOp};
    let mut state = SpaceState::new(SPACE);
    let mut fold = |id: OpId, by: UserId, body: Body| {
        let seq = state.head.seq.next();
        let head = Head {
            seq,
            chain: ChainHash::from_bytes([9; 32]),
        };
        let op = op(body);
        state.fold(head, AT, &Op { id, by, ..op });
    };
    let all = ops();
    let of = |name: &str| {
        all.iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
            .body
            .clone()
    };
    let next = |n: u8| OpId::from_bytes([n; 16]);
    let (kind, title, about) = (SpaceKind::Team, "Ward 7".into(), None);
    let created = Body::Space(SpaceOp::Created(Created { kind, title, about }));
    fold(next(1), USER, created);
    for (n, user) in [(2, USER), (3, OTHER)] {
        let added = MemberOp::Added(Added { user, admin: true });
        fold(next(n), USER, Body::Member(added));
    }
    fold(ROLE, USER, of("role.defined/person"));
    fold(next(4), USER, of("role.taken"));
    fold(OFFER, USER, of("role.offered"));
    fold(next(5), OTHER, of("role.accepted"));
    fold(next(6), USER, of("role.taken/from"));
    fold(next(7), USER, of("role.retitled"));
    fold(next(8), USER, Body::Role(rota(None)));
    fold(next(9), USER, of("role.offered"));
    let refused = OfferRefused {
        role: ROLE,
        offer: next(9),
        reason: "at a crash call".into(),
    };
    fold(next(10), OTHER, Body::Role(RoleOp::OfferRefused(refused)));
    fold(next(11), USER, of("role.offered"));
    fold(TASK, USER, of("task.created/whole"));
    let by_user = [
        "task.started",
        "task.edited/title",
        "task.edited/details",
        "task.ticked",
    ];
    for (n, name) in (20..).zip(by_user) {
        fold(next(n), USER, of(name));
    }
    fold(next(30), USER, of("task.completed"));
    fold(next(31), OTHER, of("task.completed/note"));
    fold(next(32), OTHER, of("task.reopened"));
    fold(next(33), OTHER, of("task.cancelled"));
    let seen = next(33);
    let signed = TaskOp::Removed(Removed { task: TASK, seen });
    fold(next(34), USER, Body::Task(signed));
    for (n, name) in (40..).zip(["task.commented", "task.item_added", "task.watched"]) {
        fold(next(n), USER, of(name));
    }
    fold(next(50), USER, of("task.created"));
    let to = Assignee::Person(OTHER);
    let assigned = |task, seen| TaskOp::Assigned(Assigned { task, to, seen });
    fold(next(51), USER, Body::Task(assigned(next(50), next(50))));
    let declined = Declined {
        task: next(50),
        reason: "off the ward".into(),
    };
    fold(next(52), OTHER, Body::Task(TaskOp::Declined(declined)));
    fold(next(53), USER, Body::Task(assigned(next(50), next(52))));
    fold(TEMPLATE, USER, Body::Task(template(None)));
    fold(
        next(54),
        USER,
        Body::Member(MemberOp::Removed(Left { user: OTHER })),
    );
    state
}
