//! What people do with roles and tasks, on what is shown to them.

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{CameOnDuty, MemberOp, WentOffDuty};
use baton_core::op::message::Priority;
use baton_core::op::role::Fallback;
use baton_core::op::space::SpaceKind;
use baton_core::op::task::{
    Accepted, Assigned, Assignee, Cancelled, Commented, Completed, Created, Declined, DueSet, Edited, Field,
    ItemAdded, PrioritySet, Removed, Reopened, Started, TaskOp, TemplateItem, TemplateRemoved, TemplateSet,
    Ticked, Unwatched, Watched,
};
use baton_core::secret::Personal;
use baton_core::state::{SpaceState, Task};
use baton_core::text::Basis;
use baton_core::time::At;
use rand_chacha::ChaCha8Rng;
use rand_core::Rng as _;

use super::net::{chance, pick};
use super::roles;

/// Whom somebody who acts can name.
#[derive(Clone, Copy)]
pub struct Actor<'a> {
    pub users: &'a [UserId],
    pub patients: &'a [PatientId],
}

/// Something that somebody does with roles or tasks.
pub fn body(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> Body {
    let is_team = shown.kind == Some(SpaceKind::Team);
    if is_team && chance(rng, 60) {
        Body::Member(with_duty(shown, actor, rng))
    } else if is_team && chance(rng, 450) {
        Body::Role(roles::with_roles(shown, actor, rng))
    } else {
        Body::Task(with_tasks(shown, actor, rng))
    }
}

/// Goes off duty or comes back, mostly on what somebody who is shown said last.
fn with_duty(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> MemberOp {
    let said = any(actor.users, rng).and_then(|user| shown.members.duty(user));
    let base = said.map(|duty| duty.said);
    if chance(rng, 400) {
        return MemberOp::CameOnDuty(CameOnDuty { base });
    }
    let cover = match assignee(shown, actor, rng) {
        Assignee::Person(user) => Some(Fallback::Person(user)),
        Assignee::Role(role) => Some(Fallback::Role(role)),
        Assignee::Team => None,
    };
    let until = due(rng);
    MemberOp::WentOffDuty(WentOffDuty { until, cover, base })
}

/// Something that is in the way of another: on the oldest role or task.
pub fn contended(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> Option<Body> {
    if chance(rng, 500)
        && let Some((id, role)) = shown.roles.iter().next()
    {
        return Some(Body::Role(roles::with_role(id, role, actor, rng)));
    }
    let task = shown.tasks.iter().next()?;
    Some(Body::Task(with_task(task, shown, actor, rng)))
}

/// A text that nobody else writes.
pub fn words(rng: &mut ChaCha8Rng) -> Personal<String> {
    format!("at {:x}", rng.next_u64()).as_str().into()
}

/// One of some.
pub fn any<T: Copy>(of: &[T], rng: &mut ChaCha8Rng) -> Option<T> {
    of.get(pick(rng, of.len())).copied()
}

fn assignee(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> Assignee {
    let roles: Vec<OpId> = shown.roles.iter().map(|(id, _)| id).collect();
    match pick(rng, 3) {
        0 => any(actor.users, rng).map_or(Assignee::Team, Assignee::Person),
        1 => any(&roles, rng).map_or(Assignee::Team, Assignee::Role),
        _ => Assignee::Team,
    }
}

fn with_tasks(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> TaskOp {
    let tasks: Vec<&Task> = shown.tasks.iter().collect();
    if let Some(task) = any(&tasks, rng).filter(|_| !chance(rng, 120)) {
        return with_task(task, shown, actor, rng);
    }
    if chance(rng, 100) {
        return with_templates(shown, actor, rng);
    }
    let message = shown.timeline.messages().next_back();
    TaskOp::Created(Created {
        title: words(rng),
        details: if chance(rng, 500) { words(rng) } else { "".into() },
        about: any(actor.patients, rng).filter(|_| chance(rng, 500)),
        place: "".into(),
        priority: priority(rng),
        due: due(rng),
        to: assignee(shown, actor, rng),
        checklist: (0..pick(rng, 3)).map(|_| words(rng)).collect(),
        from: message.map(baton_core::state::Message::id),
    })
}

fn with_templates(shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> TaskOp {
    let templates: Vec<OpId> = shown.tasks.templates().map(|(id, _)| id).collect();
    let known = any(&templates, rng);
    if let Some(template) = known.filter(|_| chance(rng, 200)) {
        return TaskOp::TemplateRemoved(TemplateRemoved { template });
    }
    let item = TemplateItem {
        title: words(rng),
        priority: priority(rng),
        due_in: Some(60),
        to: assignee(shown, actor, rng),
    };
    TaskOp::TemplateSet(TemplateSet {
        replaces: known,
        name: words(rng),
        items: vec![item],
    })
}

fn with_task(held: &Task, shown: &SpaceState, actor: Actor<'_>, rng: &mut ChaCha8Rng) -> TaskOp {
    let task = held.id();
    match (held.end(), pick(rng, 20)) {
        (Some(seen), 0..=5) => TaskOp::Removed(Removed { task, seen }),
        (Some(_), 6..=8) => TaskOp::Reopened(Reopened {
            task,
            reason: words(rng),
        }),
        (None, 0..=2) => TaskOp::Accepted(Accepted { task }),
        (None, 3) => TaskOp::Started(Started { task }),
        (None, 4..=6) => TaskOp::Assigned(Assigned {
            task,
            to: assignee(shown, actor, rng),
            seen: held.hand(),
        }),
        (None, 7) => TaskOp::Declined(Declined {
            task,
            reason: words(rng),
        }),
        (None, 8) => TaskOp::Cancelled(Cancelled {
            task,
            reason: words(rng),
        }),
        (_, 9..=12) => TaskOp::Completed(Completed {
            task,
            note: if chance(rng, 700) { words(rng) } else { "".into() },
            round: held.round(),
        }),
        (_, 13 | 14) => TaskOp::Commented(Commented {
            task,
            text: words(rng),
        }),
        (_, 15) => with_checklist(held, rng),
        (_, 16) if chance(rng, 500) => TaskOp::Watched(Watched { task }),
        (_, 16) => TaskOp::Unwatched(Unwatched { task }),
        (_, 17) if chance(rng, 500) => TaskOp::DueSet(DueSet { task, due: due(rng) }),
        (_, 17) => TaskOp::PrioritySet(PrioritySet {
            task,
            priority: priority(rng),
        }),
        _ => edit(held, rng),
    }
}

fn with_checklist(held: &Task, rng: &mut ChaCha8Rng) -> TaskOp {
    let task = held.id();
    let items: Vec<_> = held.checklist.iter().map(|item| item.id).collect();
    match any(&items, rng).filter(|_| chance(rng, 700)) {
        Some(item) => {
            let done = chance(rng, 700);
            TaskOp::Ticked(Ticked { task, item, done })
        }
        None => TaskOp::ItemAdded(ItemAdded {
            task,
            text: words(rng),
        }),
    }
}

fn edit(held: &Task, rng: &mut ChaCha8Rng) -> TaskOp {
    let field = [Field::Details, Field::Place, Field::Title][pick(rng, 3)];
    let Basis { base, after } = held.field(field).basis();
    TaskOp::Edited(Edited {
        task: held.id(),
        field,
        text: words(rng),
        base,
        after,
    })
}

fn priority(rng: &mut ChaCha8Rng) -> Priority {
    if chance(rng, 300) {
        Priority::Urgent
    } else {
        Priority::Routine
    }
}

fn due(rng: &mut ChaCha8Rng) -> Option<At> {
    chance(rng, 500).then_some(At::from_millis(1_750_000_100_000))
}
