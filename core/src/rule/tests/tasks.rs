//! Tasks: who may do what; then what each operation asks of the state.

use super::*;
use crate::op::role::{Archived, Defined, RoleOp, Taken};
use crate::op::task::{
    Accepted, Assigned, Assignee, COMMENTS, Cancelled, Commented, Completed, Created, DETAILS_BYTES,
    Declined, DueSet, ECHOES, Edited, Field, ITEM_BYTES, ITEMS, ItemAdded, ItemId, PLACE_BYTES, PrioritySet,
    REOPENED, Removed, Reopened, SAID_BYTES, Started, TASKS, TEMPLATE_ITEMS, TEMPLATES, TaskOp, TemplateItem,
    TemplateRemoved, TemplateSet, Ticked, Unwatched, Watched,
};

/// For everybody.
const FREE: OpId = OpId::from_bytes([81; 16]);
/// `MEMBER`'s.
const THEIRS: OpId = OpId::from_bytes([82; 16]);
/// For everybody, and `MEMBER` took it on.
const TAKEN: OpId = OpId::from_bytes([83; 16]);
/// For the role that `MEMBER` holds.
const OF_ROLE: OpId = OpId::from_bytes([84; 16]);
const DONE: OpId = OpId::from_bytes([85; 16]);
const COMPLETION: OpId = OpId::from_bytes([86; 16]);
const ROLE: OpId = OpId::from_bytes([87; 16]);
const PUT_AWAY: OpId = OpId::from_bytes([88; 16]);
const TEMPLATE: OpId = OpId::from_bytes([89; 16]);
const NOWHERE: OpId = OpId::from_bytes([90; 16]);

fn made(title: &str, to: Assignee) -> Created {
    Created {
        title: title.into(),
        details: "".into(),
        about: None,
        place: "".into(),
        priority: Priority::Routine,
        due: None,
        to,
        checklist: vec!["ECG".into()],
        from: None,
    }
}

fn created(to: Assignee) -> TaskOp {
    TaskOp::Created(made("Bloods", to))
}

fn accepted(task: OpId) -> TaskOp {
    TaskOp::Accepted(Accepted { task })
}

fn started(task: OpId) -> TaskOp {
    TaskOp::Started(Started { task })
}

fn assigned(task: OpId, to: Assignee, seen: OpId) -> TaskOp {
    TaskOp::Assigned(Assigned { task, to, seen })
}

fn completed(task: OpId, note: &str) -> TaskOp {
    let note = note.into();
    let round = None;
    TaskOp::Completed(Completed { task, note, round })
}

fn declined(task: OpId, reason: &str) -> TaskOp {
    let reason = reason.into();
    TaskOp::Declined(Declined { task, reason })
}

fn cancelled(task: OpId, reason: &str) -> TaskOp {
    let reason = reason.into();
    TaskOp::Cancelled(Cancelled { task, reason })
}

fn reopened(task: OpId, reason: &str) -> TaskOp {
    let reason = reason.into();
    TaskOp::Reopened(Reopened { task, reason })
}

fn commented(task: OpId, text: &str) -> TaskOp {
    let text = text.into();
    TaskOp::Commented(Commented { task, text })
}

fn added(task: OpId, text: &str) -> TaskOp {
    let text = text.into();
    TaskOp::ItemAdded(ItemAdded { task, text })
}

fn removed(task: OpId, seen: OpId) -> TaskOp {
    TaskOp::Removed(Removed { task, seen })
}

fn ticked(task: OpId, n: u16) -> TaskOp {
    let (item, done) = (ItemId(task, n), true);
    TaskOp::Ticked(Ticked { task, item, done })
}

fn edited(task: OpId, field: Field, text: &str, base: Seq) -> TaskOp {
    let (text, after) = (text.into(), vec![]);
    TaskOp::Edited(Edited {
        task,
        field,
        text,
        base,
        after,
    })
}

fn due(task: OpId) -> TaskOp {
    let due = Some(At::from_millis(1));
    TaskOp::DueSet(DueSet { task, due })
}

fn urgent(task: OpId) -> TaskOp {
    let priority = Priority::Urgent;
    TaskOp::PrioritySet(PrioritySet { task, priority })
}

fn template(replaces: Option<OpId>, name: &str, items: usize) -> TaskOp {
    let item = TemplateItem {
        title: "Weigh".into(),
        priority: Priority::Routine,
        due_in: None,
        to: Assignee::Team,
    };
    TaskOp::TemplateSet(TemplateSet {
        replaces,
        name: name.into(),
        items: vec![item; items],
    })
}

fn template_gone(template: OpId) -> TaskOp {
    TaskOp::TemplateRemoved(TemplateRemoved { template })
}

/// A space of a kind with its tasks. Roles and templates are folded in also where there are none.
fn with_tasks(kind: SpaceKind) -> SpaceState {
    let mut state = space(kind);
    let mut act = |id, by, body| fold(&mut state, id, by, body);
    let id = |n| OpId::from_bytes([n; 16]);
    let defined = |title: &str| {
        let (title, fallback) = (title.into(), None);
        Body::Role(RoleOp::Defined(Defined { title, fallback }))
    };
    act(ROLE, ADMIN, defined("Registrar"));
    act(PUT_AWAY, ADMIN, defined("Houseman"));
    let gone = Archived { role: PUT_AWAY };
    act(id(101), ADMIN, Body::Role(RoleOp::Archived(gone)));
    let taken = Taken {
        role: ROLE,
        from: None,
    };
    act(id(102), MEMBER, Body::Role(RoleOp::Taken(taken)));
    let mut act = |id, by, op| act(id, by, Body::Task(op));
    act(FREE, ADMIN, created(Assignee::Team));
    act(THEIRS, ADMIN, created(Assignee::Person(MEMBER)));
    act(TAKEN, ADMIN, created(Assignee::Team));
    act(id(103), MEMBER, accepted(TAKEN));
    act(OF_ROLE, ADMIN, created(Assignee::Role(ROLE)));
    act(DONE, ADMIN, created(Assignee::Team));
    act(COMPLETION, MEMBER, completed(DONE, "given"));
    act(TEMPLATE, ADMIN, template(None, "Admission", 1));
    state
}

fn may_do(user: UserId, op: TaskOp, state: &SpaceState) -> Result<(), Refusal> {
    let op = Op {
        id: OpId::from_bytes([99; 16]),
        by: user,
        at: At::default(),
        body: Body::Task(op),
    };
    may(Author::Person(user), &op, state)
}

#[test]
fn who_may_do_what_with_tasks() {
    use Refusal::{NotAdmin, NotForYou, TaskTaken, TeamsOnly};
    let both = [Ok(()), Ok(())];
    let theirs = [Ok(()), Err(NotForYou)];
    let nobodys = [Err(NotForYou); 2];
    let cases = [
        (created(Assignee::Team), both),
        (accepted(FREE), both),
        (accepted(THEIRS), theirs),
        (accepted(OF_ROLE), theirs),
        (accepted(TAKEN), [Ok(()), Err(TaskTaken)]),
        (started(FREE), both),
        (started(THEIRS), theirs),
        (declined(FREE, "busy"), nobodys),
        (declined(THEIRS, "busy"), theirs),
        (declined(OF_ROLE, "busy"), theirs),
        (declined(TAKEN, "busy"), theirs),
        (assigned(THEIRS, Assignee::Person(ADMIN), THEIRS), both),
        (completed(THEIRS, ""), both),
        (completed(DONE, "given, too"), both),
        (cancelled(THEIRS, "went home"), both),
        (reopened(DONE, "not given"), both),
        (removed(DONE, COMPLETION), both),
        (commented(DONE, "phoned"), both),
        (edited(FREE, Field::Details, "left arm", Seq::ZERO), both),
        (due(FREE), both),
        (urgent(FREE), both),
        (ticked(FREE, 0), both),
        (added(FREE, "Label"), both),
        (TaskOp::Watched(Watched { task: DONE }), both),
        (TaskOp::Unwatched(Unwatched { task: DONE }), both),
        (template(None, "Discharge", 1), [Err(NotAdmin), Ok(())]),
        (template(Some(TEMPLATE), "Clerking", 1), [Err(NotAdmin), Ok(())]),
        (template_gone(TEMPLATE), [Err(NotAdmin), Ok(())]),
    ];
    for kind in KINDS {
        let state = with_tasks(kind);
        for (op, expected) in &cases {
            let is_of_template = matches!(op, TaskOp::TemplateRemoved(_) | TaskOp::TemplateSet(_));
            let here = if is_of_template && kind != SpaceKind::Team {
                [Err(TeamsOnly); 2]
            } else {
                *expected
            };
            for (user, expected) in [MEMBER, ADMIN].into_iter().zip(here) {
                assert_eq!(
                    may_do(user, op.clone(), &state),
                    expected,
                    "{user:?} {op:?} {kind:?}"
                );
            }
            assert_eq!(may_do(OUTSIDER, op.clone(), &state), Err(Refusal::NotMember));
            let by_record = Op {
                id: NOWHERE,
                by: UserId::RECORD,
                at: At::default(),
                body: Body::Task(op.clone()),
            };
            assert_eq!(may(Author::Record, &by_record, &state), Err(Refusal::Malformed));
        }
    }
}

#[test]
fn what_ended_is_neither_accepted_nor_declined_nor_cancelled() {
    let state = with_tasks(SpaceKind::Team);
    for op in [
        accepted(DONE),
        started(DONE),
        declined(DONE, "busy"),
        cancelled(DONE, "went home"),
        assigned(DONE, Assignee::Team, DONE),
        edited(DONE, Field::Title, "x", Seq::ZERO),
        due(DONE),
        urgent(DONE),
        ticked(DONE, 0),
        added(DONE, "x"),
    ] {
        assert_eq!(
            may_do(MEMBER, op.clone(), &state),
            Err(Refusal::TaskClosed),
            "{op:?}"
        );
    }
    for op in [reopened(FREE, "again"), removed(FREE, FREE)] {
        assert_eq!(may_do(MEMBER, op, &state), Err(Refusal::TaskOpen));
    }
}

#[test]
fn what_is_not_there_or_moved_is_refused_by_what_is_the_matter() {
    let state = with_tasks(SpaceKind::Team);
    let person = Assignee::Person(OUTSIDER);
    let cases = [
        (accepted(NOWHERE), Refusal::NoTask),
        (completed(NOWHERE, ""), Refusal::NoTask),
        (commented(NOWHERE, "x"), Refusal::NoTask),
        (removed(NOWHERE, NOWHERE), Refusal::NoTask),
        (ticked(FREE, 1), Refusal::NoItem),
        (assigned(THEIRS, Assignee::Team, FREE), Refusal::TaskMoved),
        (assigned(TAKEN, Assignee::Team, TAKEN), Refusal::TaskMoved),
        (assigned(FREE, person, FREE), Refusal::NoSuchMember),
        (created(person), Refusal::NoSuchMember),
        (created(Assignee::Role(NOWHERE)), Refusal::NoRole),
        (created(Assignee::Role(PUT_AWAY)), Refusal::RoleArchived),
        (removed(DONE, DONE), Refusal::TaskEndedAgain),
        (template_gone(NOWHERE), Refusal::NoTemplate),
        (template(Some(NOWHERE), "x", 1), Refusal::NoTemplate),
        (template(None, "x", 0), Refusal::Empty),
        (template(None, "x", TEMPLATE_ITEMS + 1), Refusal::TooLong),
        (
            edited(FREE, Field::Title, "x", state.head.seq.next()),
            Refusal::Malformed,
        ),
    ];
    for (op, refusal) in cases {
        assert_eq!(may_do(ADMIN, op.clone(), &state), Err(refusal), "{op:?}");
    }
}

#[test]
fn of_two_who_do_it_both_are_taken_and_nobody_signs_that_off_unseen() {
    let mut state = with_tasks(SpaceKind::Team);
    let echo = OpId::from_bytes([111; 16]);
    assert_eq!(may_do(ADMIN, completed(DONE, "given at 8"), &state), Ok(()));
    fold(&mut state, echo, ADMIN, Body::Task(completed(DONE, "given at 8")));
    assert_eq!(
        may_do(MEMBER, removed(DONE, COMPLETION), &state),
        Err(Refusal::TaskEndedAgain)
    );
    assert_eq!(may_do(MEMBER, removed(DONE, echo), &state), Ok(()));
}

#[test]
fn what_is_written_about_tasks_has_its_limits() {
    let state = with_tasks(SpaceKind::Group);
    let said = "x".repeat(SAID_BYTES + 1);
    let title = "ü".repeat(TITLE_CHARS + 1);
    let details = "x".repeat(DETAILS_BYTES + 1);
    let place = "x".repeat(PLACE_BYTES + 1);
    let item = "x".repeat(ITEM_BYTES + 1);
    let whole = |change: &dyn Fn(&mut Created)| {
        let mut created = made("Bloods", Assignee::Team);
        change(&mut created);
        TaskOp::Created(created)
    };
    let cases = [
        (whole(&|op| op.title = " ".into()), Refusal::Empty),
        (whole(&|op| op.title = title.as_str().into()), Refusal::TooLong),
        (
            whole(&|op| op.details = details.as_str().into()),
            Refusal::TooLong,
        ),
        (whole(&|op| op.place = place.as_str().into()), Refusal::TooLong),
        (whole(&|op| op.checklist = vec!["".into()]), Refusal::Empty),
        (
            whole(&|op| op.checklist = vec!["x".into(); ITEMS + 1]),
            Refusal::TaskFull,
        ),
        (declined(THEIRS, " "), Refusal::Empty),
        (declined(THEIRS, &said), Refusal::TooLong),
        (cancelled(FREE, ""), Refusal::Empty),
        (reopened(DONE, ""), Refusal::Empty),
        (commented(FREE, ""), Refusal::Empty),
        (commented(FREE, &said), Refusal::TooLong),
        (completed(FREE, &said), Refusal::TooLong),
        (added(FREE, ""), Refusal::Empty),
        (added(FREE, &item), Refusal::TooLong),
        (edited(FREE, Field::Title, " ", Seq::ZERO), Refusal::Empty),
        (edited(FREE, Field::Place, &place, Seq::ZERO), Refusal::TooLong),
        (
            edited(FREE, Field::Details, &details, Seq::ZERO),
            Refusal::TooLong,
        ),
    ];
    for (op, refusal) in cases {
        assert_eq!(may_do(MEMBER, op.clone(), &state), Err(refusal), "{op:?}");
    }
    assert_eq!(
        may_do(MEMBER, edited(FREE, Field::Place, "", Seq::ZERO), &state),
        Ok(())
    );
}

fn id(n: usize) -> OpId {
    OpId::make(At::from_millis(n.try_into().unwrap()), [1; 10])
}

#[test]
fn what_one_task_holds_is_not_endless() {
    let mut state = with_tasks(SpaceKind::Team);
    let head = state.head.seq.next();
    let mut fill = |op: &dyn Fn(&SpaceState) -> TaskOp, room: usize, refusal: Refusal| {
        for n in 0..room {
            assert_eq!(may_do(MEMBER, op(&state), &state), Ok(()), "{n}");
            let next = op(&state);
            fold(&mut state, id(n), MEMBER, Body::Task(next));
        }
        assert_eq!(may_do(MEMBER, op(&state), &state), Err(refusal));
    };
    fill(&|_| commented(FREE, "x"), COMMENTS, Refusal::TaskFull);
    fill(&|_| added(FREE, "x"), ITEMS - 1, Refusal::TaskFull);
    fill(&|_| completed(DONE, "x"), ECHOES, Refusal::TaskFull);
    fill(
        &|_| edited(FREE, Field::Details, "x", Seq::ZERO),
        UNSETTLED,
        Refusal::Unsettled,
    );
    for n in 0..REOPENED {
        fold(&mut state, id(n), ADMIN, Body::Task(cancelled(THEIRS, "x")));
        assert_eq!(may_do(MEMBER, reopened(THEIRS, "x"), &state), Ok(()));
        fold(&mut state, id(n), ADMIN, Body::Task(reopened(THEIRS, "x")));
    }
    fold(&mut state, NOWHERE, ADMIN, Body::Task(cancelled(THEIRS, "x")));
    assert_eq!(
        may_do(MEMBER, reopened(THEIRS, "x"), &state),
        Err(Refusal::TaskFull)
    );
    assert!(state.head.seq > head);
}

#[test]
fn tasks_and_templates_are_not_endless() {
    let mut state = with_tasks(SpaceKind::Team);
    for n in state.tasks.standing()..TASKS {
        fold(&mut state, id(n), ADMIN, Body::Task(created(Assignee::Team)));
    }
    let refused = Err(Refusal::TooManyTasks);
    assert_eq!(may_do(ADMIN, created(Assignee::Team), &state), refused);
    fold(&mut state, NOWHERE, ADMIN, Body::Task(removed(DONE, COMPLETION)));
    assert_eq!(may_do(ADMIN, created(Assignee::Team), &state), Ok(()));
    fold(&mut state, id(TASKS), ADMIN, Body::Task(created(Assignee::Team)));
    assert_eq!(may_do(ADMIN, reopened(DONE, "again"), &state), refused);
    for n in 1..TEMPLATES {
        assert_eq!(may_do(ADMIN, template(None, "x", 1), &state), Ok(()));
        fold(
            &mut state,
            id(n),
            ADMIN,
            Body::Task(template(None, "x", TEMPLATE_ITEMS)),
        );
    }
    let refused = Err(Refusal::TooManyTemplates);
    assert_eq!(may_do(ADMIN, template(None, "x", 1), &state), refused);
    assert_eq!(may_do(ADMIN, template(Some(TEMPLATE), "x", 1), &state), Ok(()));
}
