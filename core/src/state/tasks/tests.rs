use super::*;
use crate::chain::{ChainHash, Head};
use crate::id::SpaceId;
use crate::op::member::{Added, MemberOp, Removed as Left};
use crate::op::message::Priority;
use crate::op::role::{Archived, Defined, RoleOp, Taken};
use crate::op::space::{self, SpaceKind, SpaceOp};
use crate::op::task::{
    Accepted, Assigned, Assignee, Cancelled, Commented, Completed, Created, Declined, DueSet, Edited, Field,
    ItemAdded, ItemId, PrioritySet, Removed, Reopened, Started, TemplateRemoved, Ticked, Unwatched, Watched,
};
use crate::op::{Body, Op};
use crate::state::{Change, Item, SpaceState, What};
use crate::time::At;

const ANN: UserId = UserId::from_bytes([11; 16]);
const BEN: UserId = UserId::from_bytes([12; 16]);
const CAT: UserId = UserId::from_bytes([13; 16]);
const SOMEBODY: PatientId = PatientId::from_bytes([41; 16]);

/// A team as one log leads to it.
struct Log {
    state: SpaceState,
    changes: Vec<Change>,
}

impl Log {
    fn new() -> Self {
        let mut log = Self {
            state: SpaceState::new(SpaceId::from_bytes([9; 16])),
            changes: vec![],
        };
        let (kind, title, about) = (SpaceKind::Team, "Ward 7".into(), None);
        let created = space::Created { kind, title, about };
        log.act(UserId::RECORD, Body::Space(SpaceOp::Created(created)));
        for user in [ANN, BEN, CAT] {
            let added = MemberOp::Added(Added { user, admin: true });
            log.act(UserId::RECORD, Body::Member(added));
        }
        log
    }

    fn act(&mut self, by: UserId, body: Body) -> OpId {
        let seq = self.state.head.seq.next();
        let at = At::from_millis(seq.value());
        let id = OpId::make(at, [0; 10]);
        let op = Op { id, by, at, body };
        let chain = ChainHash::default();
        self.changes = self.state.fold(Head { seq, chain }, at, &op);
        id
    }

    fn task(&mut self, by: UserId, op: TaskOp) -> OpId {
        self.act(by, Body::Task(op))
    }

    fn make(&mut self, to: Assignee) -> OpId {
        self.task(ANN, TaskOp::Created(created("Bloods", to)))
    }

    fn find(&self, id: OpId) -> &Task {
        self.state.tasks.find(id).unwrap()
    }

    fn who(&self, id: OpId) -> Option<UserId> {
        self.find(id).who(&self.state.roles)
    }

    fn is_accepted(&self, id: OpId) -> bool {
        self.find(id).is_accepted(&self.state.roles)
    }

    fn complete(&mut self, by: UserId, task: OpId, note: &str) -> OpId {
        let round = self.find(task).round();
        self.complete_in(by, task, note, round)
    }

    fn complete_in(&mut self, by: UserId, task: OpId, note: &str, round: Option<OpId>) -> OpId {
        let note = note.into();
        self.task(by, TaskOp::Completed(Completed { task, note, round }))
    }

    fn sign_off(&mut self, task: OpId) {
        let seen = self.find(task).end().unwrap();
        self.task(ANN, TaskOp::Removed(Removed { task, seen }));
    }
}

fn created(title: &str, to: Assignee) -> Created {
    Created {
        title: title.into(),
        details: "".into(),
        about: Some(SOMEBODY),
        place: "Bay 2".into(),
        priority: Priority::Routine,
        due: None,
        to,
        checklist: vec!["Consent".into(), "Label".into()],
        from: Some(OpId::from_bytes([77; 16])),
    }
}

#[test]
fn a_task_goes_from_made_to_signed_off() {
    let mut log = Log::new();
    let task = log.make(Assignee::Person(BEN));
    assert_eq!(log.who(task), Some(BEN));
    assert!(!log.is_accepted(task));
    log.task(CAT, TaskOp::Accepted(Accepted { task }));
    assert!(!log.is_accepted(task), "is not theirs");
    log.task(BEN, TaskOp::Accepted(Accepted { task }));
    assert!(log.is_accepted(task));
    log.task(BEN, TaskOp::Started(Started { task }));
    assert!(log.find(task).started.is_some());
    let done = log.complete(BEN, task, "haemolysed, sent again");
    assert_eq!(log.find(task).end(), Some(done));
    assert_eq!(log.state.tasks.to_sign_off().count(), 1);
    log.sign_off(task);
    assert_eq!(log.state.tasks.to_sign_off().count(), 0);
    assert_eq!(log.changes, [Change::Task(task)]);
    assert!(log.find(task).signed_off.is_some());
}

#[test]
fn who_starts_has_accepted_and_who_took_it_on_keeps_what_is_for_all() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    log.task(BEN, TaskOp::Started(Started { task }));
    log.task(CAT, TaskOp::Started(Started { task }));
    log.task(CAT, TaskOp::Accepted(Accepted { task }));
    assert_eq!(log.who(task), Some(BEN));
    assert_eq!(log.find(task).started.unwrap().stamp.by, BEN);
}

#[test]
fn of_two_who_give_it_away_at_once_the_first_stands() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    let seen = log.find(task).hand();
    let to = |user| Assignee::Person(user);
    log.task(
        ANN,
        TaskOp::Assigned(Assigned {
            task,
            to: to(BEN),
            seen,
        }),
    );
    log.task(
        BEN,
        TaskOp::Assigned(Assigned {
            task,
            to: to(CAT),
            seen,
        }),
    );
    assert_eq!(log.who(task), Some(BEN));
    log.task(BEN, TaskOp::Accepted(Accepted { task }));
    let seen = log.find(task).hand();
    log.task(
        ANN,
        TaskOp::Assigned(Assigned {
            task,
            to: to(CAT),
            seen,
        }),
    );
    assert_eq!(log.who(task), Some(CAT));
    assert!(!log.is_accepted(task));
}

#[test]
fn the_first_completion_stands_and_what_was_done_again_stays_beside_it() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    let first = log.complete(BEN, task, "5 mg at 08:00");
    log.sign_off(task);
    let second = log.complete(CAT, task, "5 mg at 08:05");
    log.complete(CAT, task, "");
    log.complete(BEN, task, "");
    let held = log.find(task);
    let closed = held.closed.as_ref().unwrap();
    assert_eq!(closed.said.by.stamp.op, first);
    assert_eq!(closed.said.text.as_str(), "5 mg at 08:00");
    let echoes: Vec<&str> = held.echoes.iter().map(|echo| echo.text.as_str()).collect();
    assert_eq!(echoes, ["5 mg at 08:05"], "what somebody says twice is once");
    assert_eq!(held.signed_off, None, "nobody has signed off that");
    assert!(held.is_done_again());
    assert_ne!(held.end(), Some(first));
    assert_eq!(held.end(), Some(second));
}

#[test]
fn what_was_done_before_it_was_reopened_does_not_close_it_again() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    log.complete(ANN, task, "sent");
    let reason = "haemolysed".into();
    log.task(BEN, TaskOp::Reopened(Reopened { task, reason }));
    log.complete_in(CAT, task, "sent them too", None);
    assert!(log.find(task).is_open());
    assert_eq!(log.find(task).echoes.len(), 1);
    assert_eq!(log.find(task).end(), None);
    log.complete(CAT, task, "and again");
    let held = log.find(task);
    assert_eq!(held.closed.as_ref().unwrap().said.text.as_str(), "and again");
    assert_eq!(held.reopened[0].closed.said.text.as_str(), "sent");
    assert_eq!(held.reopened[0].said.text.as_str(), "haemolysed");
}

#[test]
fn who_takes_their_own_word_back_leaves_it_with_whoever_had_it_and_who_reopens_anothers_does_not() {
    let reopened = |by| {
        let mut log = Log::new();
        let task = log.make(Assignee::Team);
        log.task(BEN, TaskOp::Started(Started { task }));
        log.complete(CAT, task, "");
        let reason = "by mistake".into();
        log.task(by, TaskOp::Reopened(Reopened { task, reason }));
        assert!(log.find(task).is_open());
        (log.who(task), log.find(task).started.is_some())
    };
    assert_eq!(reopened(CAT), (Some(BEN), true));
    assert_eq!(reopened(ANN), (None, false), "to be taken on anew");
}

#[test]
fn who_had_it_before_and_what_made_it_urgent_is_known() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    assert_eq!((log.find(task).hold.from, log.find(task).raised), (None, None));
    log.task(BEN, TaskOp::Accepted(Accepted { task }));
    let seen = log.find(task).hand();
    let to = Assignee::Person(CAT);
    log.task(ANN, TaskOp::Assigned(Assigned { task, to, seen }));
    assert_eq!(log.find(task).hold.from, Some(Assignee::Person(BEN)));
    let set = |priority| TaskOp::PrioritySet(PrioritySet { task, priority });
    let raised = log.task(ANN, set(Priority::Urgent));
    log.task(ANN, set(Priority::Urgent));
    assert_eq!(log.find(task).raised.map(|mark| mark.stamp.op), Some(raised));
    log.task(ANN, set(Priority::Routine));
    assert_eq!(log.find(task).raised, None);
}

#[test]
fn what_was_cancelled_and_done_all_the_same_shows_both() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    let reason = "discharged".into();
    log.task(ANN, TaskOp::Cancelled(Cancelled { task, reason }));
    log.complete(BEN, task, "given at 09:00");
    let held = log.find(task);
    assert_eq!(held.closed.as_ref().unwrap().how, Ending::Cancelled);
    assert_eq!(held.echoes[0].text.as_str(), "given at 09:00");
}

#[test]
fn what_is_declined_is_for_all_and_shows_it() {
    let mut log = Log::new();
    let task = log.make(Assignee::Person(BEN));
    let reason = || "in theatre".into();
    log.task(
        CAT,
        TaskOp::Declined(Declined {
            task,
            reason: reason(),
        }),
    );
    assert_eq!(log.who(task), Some(BEN), "not theirs to decline");
    let declined = log.task(
        BEN,
        TaskOp::Declined(Declined {
            task,
            reason: reason(),
        }),
    );
    let held = log.find(task);
    assert_eq!(held.hold.to, Assignee::Team);
    assert_eq!(held.hold.way, Way::Declined);
    assert_eq!(held.hand(), declined);
    assert_eq!(held.declined[0].text.as_str(), "in theatre");
    assert_eq!(log.state.tasks.of_team().count(), 1);
}

#[test]
fn what_somebody_had_who_left_is_for_all_and_shows_it() {
    let mut log = Log::new();
    let theirs = log.make(Assignee::Person(BEN));
    let taken_on = log.make(Assignee::Team);
    log.task(BEN, TaskOp::Started(Started { task: taken_on }));
    let done = log.make(Assignee::Person(BEN));
    log.complete(BEN, done, "");
    let others = log.make(Assignee::Person(CAT));
    log.task(BEN, TaskOp::Watched(Watched { task: others }));
    log.act(ANN, Body::Member(MemberOp::Removed(Left { user: BEN })));
    for task in [theirs, taken_on, done] {
        assert_eq!(log.find(task).hold.to, Assignee::Team);
        assert_eq!(log.find(task).hold.way, Way::Left(BEN));
        assert_eq!(log.who(task), None);
        assert!(log.changes.contains(&Change::Task(task)));
    }
    assert_eq!(log.find(taken_on).started, None);
    assert_eq!(log.who(others), Some(CAT));
    assert!(log.find(others).watchers.is_empty());
    assert!(!log.find(done).is_open(), "what was done stays done");
}

#[test]
fn the_task_of_a_role_follows_the_baton() {
    let mut log = Log::new();
    let (title, fallback) = ("Registrar".into(), None);
    let role = log.act(ANN, Body::Role(RoleOp::Defined(Defined { title, fallback })));
    let task = log.make(Assignee::Role(role));
    assert_eq!(log.who(task), None);
    let taken = |from| Body::Role(RoleOp::Taken(Taken { role, from }));
    log.act(BEN, taken(None));
    assert_eq!(log.who(task), Some(BEN));
    log.task(BEN, TaskOp::Started(Started { task }));
    assert!(log.is_accepted(task));
    log.act(CAT, taken(Some(BEN)));
    assert_eq!(log.who(task), Some(CAT));
    assert!(!log.is_accepted(task), "the new holder has not taken it on");
    log.task(CAT, TaskOp::Accepted(Accepted { task }));
    assert!(log.is_accepted(task));
    assert_eq!(log.find(task).started, None);
    assert_eq!(log.state.tasks.mine(CAT, &log.state.roles).count(), 1);
    assert_eq!(log.state.tasks.of_role(role).count(), 1);
    log.act(ANN, Body::Role(RoleOp::Archived(Archived { role })));
    assert_eq!(log.find(task).hold.way, Way::RoleArchived(role));
    assert_eq!(
        log.changes,
        [
            Change::Added(log.state.head.seq),
            Change::Task(task),
            Change::Role(role)
        ]
    );
}

#[test]
fn a_checklist_is_ticked_off_by_item_also_when_it_grew_meanwhile() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    let text = "Send".into();
    let added = log.task(BEN, TaskOp::ItemAdded(ItemAdded { task, text }));
    let tick = |item, done| TaskOp::Ticked(Ticked { task, item, done });
    log.task(BEN, tick(ItemId(task, 1), true));
    log.task(CAT, tick(ItemId(added, 0), true));
    log.task(ANN, tick(ItemId(task, 1), false));
    let done: Vec<Option<UserId>> = log
        .find(task)
        .checklist
        .iter()
        .map(|item| item.done.map(|done| done.stamp.by))
        .collect();
    assert_eq!(done, [None, None, Some(CAT)]);
    log.task(ANN, tick(ItemId(task, 9), true));
    assert_eq!(log.changes, []);
}

#[test]
fn texts_of_two_who_write_at_once_stay_beside_each_other() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    let edit = |field, text: &str, base| {
        let (text, after) = (text.into(), vec![]);
        TaskOp::Edited(Edited {
            task,
            field,
            text,
            base,
            after,
        })
    };
    let seen = log.state.head.seq;
    log.task(ANN, edit(Field::Title, "Bloods at 18:00", seen));
    log.task(BEN, edit(Field::Title, "Bloods and cultures", seen));
    assert!(log.find(task).title.is_in_conflict());
    log.task(BEN, edit(Field::Details, "left arm", Seq::ZERO));
    log.task(BEN, edit(Field::Place, "", seen));
    assert_eq!(log.find(task).details.newest(), "left arm");
    assert_eq!(log.find(task).place.newest(), "");
    assert_eq!(log.find(task).field(Field::Place).versions().count(), 2);
}

#[test]
fn what_else_is_said_and_set() {
    let mut log = Log::new();
    let task = log.make(Assignee::Team);
    let due = Some(At::from_millis(500));
    log.task(ANN, TaskOp::DueSet(DueSet { task, due }));
    let priority = Priority::Urgent;
    log.task(ANN, TaskOp::PrioritySet(PrioritySet { task, priority }));
    log.task(BEN, TaskOp::Watched(Watched { task }));
    log.task(CAT, TaskOp::Watched(Watched { task }));
    log.task(BEN, TaskOp::Unwatched(Unwatched { task }));
    let text = "phoned the lab".into();
    log.task(CAT, TaskOp::Commented(Commented { task, text }));
    let held = log.find(task);
    assert_eq!((held.due, held.priority), (due, priority));
    assert_eq!(held.watchers.iter().collect::<Vec<_>>(), [&CAT]);
    assert_eq!(held.comments[0].text.as_str(), "phoned the lab");
    assert!(held.is_overdue(At::from_millis(501)));
    assert!(!held.is_overdue(At::from_millis(500)));
}

#[test]
fn tasks_stand_in_the_order_in_which_they_are_to_be_done() {
    let mut log = Log::new();
    let mut make = |title: &str, priority, due: Option<u64>| {
        let due = due.map(At::from_millis);
        let created = Created {
            priority,
            due,
            ..created(title, Assignee::Team)
        };
        log.task(ANN, TaskOp::Created(created));
    };
    make("old", Priority::Routine, None);
    make("new", Priority::Routine, None);
    make("later", Priority::Routine, Some(2_000));
    make("soon", Priority::Routine, Some(1_500));
    make("overdue", Priority::Routine, Some(900));
    make("urgent", Priority::Urgent, None);
    make("urgent, overdue", Priority::Urgent, Some(800));
    let at = At::from_millis(1_000);
    let mut tasks: Vec<&Task> = log.state.tasks.open().collect();
    order(&mut tasks, |task| task, at);
    let titles: Vec<&str> = tasks.iter().map(|task| task.title.newest()).collect();
    let expected = [
        "urgent, overdue",
        "urgent",
        "overdue",
        "soon",
        "later",
        "old",
        "new",
    ];
    assert_eq!(titles, expected);
    assert_eq!(log.state.tasks.overdue(at).count(), 2);
    assert_eq!(log.state.tasks.about(SOMEBODY, &log.state.patients).count(), 7);
    let message = OpId::from_bytes([77; 16]);
    assert_eq!(log.state.tasks.from_message(message).count(), 7);
    let urgent = tasks[0].id();
    log.task(BEN, TaskOp::Accepted(Accepted { task: urgent }));
    let load = log.state.tasks.load(&log.state.roles, at);
    let expected = Load {
        open: 1,
        urgent: 1,
        overdue: 1,
        waiting: 0,
    };
    assert_eq!(load.get(&BEN), Some(&expected));
    assert_eq!(load.len(), 1);
    assert_eq!(log.state.tasks.unaccepted(&log.state.roles).count(), 6);
}

#[test]
fn of_what_was_signed_off_the_newest_are_held() {
    let mut log = Log::new();
    let open = log.make(Assignee::Team);
    let mut made = vec![];
    for _ in 0..SIGNED_OFF + 3 {
        let task = log.make(Assignee::Team);
        log.complete(BEN, task, "");
        made.push(task);
    }
    assert_eq!(log.state.tasks.standing(), SIGNED_OFF + 4, "none goes unseen");
    for task in made.iter().rev() {
        log.sign_off(*task);
    }
    assert_eq!(log.state.tasks.standing(), 1);
    assert_eq!(log.state.tasks.iter().count(), SIGNED_OFF + 1);
    assert!(log.state.tasks.find(open).is_some());
    assert!(log.state.tasks.find(made[0]).is_some(), "signed off last");
    assert!(log.state.tasks.find(made[SIGNED_OFF + 2]).is_none());
}

#[test]
fn a_template_is_replaced_only_as_it_was_seen() {
    let mut log = Log::new();
    let set = |replaces, name: &str| {
        let (title, priority) = ("Weigh".into(), Priority::Routine);
        let item = TemplateItem {
            title,
            priority,
            due_in: Some(60),
            to: Assignee::Team,
        };
        TaskOp::TemplateSet(TemplateSet {
            replaces,
            name: name.into(),
            items: vec![item],
        })
    };
    let first = log.task(ANN, set(None, "Admission"));
    assert_eq!(log.changes, [Change::Templates]);
    let second = log.task(ANN, set(Some(first), "Admissions"));
    log.task(BEN, set(Some(first), "Clerking"));
    assert_eq!(log.state.tasks.templates().len(), 1);
    assert_eq!(
        log.state.tasks.template(second).unwrap().name.as_str(),
        "Admissions"
    );
    log.task(BEN, TaskOp::TemplateRemoved(TemplateRemoved { template: second }));
    assert!(log.state.tasks.is_empty());
}

#[test]
fn a_conversation_tells_what_all_should_see_of_a_task() {
    let mut log = Log::new();
    let before = log.state.timeline.len();
    let task = log.make(Assignee::Person(BEN));
    log.task(BEN, TaskOp::Accepted(Accepted { task }));
    let priority = Priority::Urgent;
    log.task(ANN, TaskOp::PrioritySet(PrioritySet { task, priority }));
    log.complete(BEN, task, "done");
    let told: Vec<&TaskNews> = log
        .state
        .timeline
        .items()
        .skip(before)
        .filter_map(|item| {
            let Item::Event(event) = item else { return None };
            let What::Task { task: of, news } = &event.what else {
                return None;
            };
            (*of == task).then_some(news)
        })
        .collect();
    assert!(matches!(
        told[0],
        TaskNews::Created {
            from: Some(_),
            about: Some(SOMEBODY),
            ..
        }
    ));
    assert_eq!(told[1..], [&TaskNews::Urgent, &TaskNews::Completed]);
    assert!(
        log.state.patients.find(SOMEBODY).is_none(),
        "until the record tells of them"
    );
}
