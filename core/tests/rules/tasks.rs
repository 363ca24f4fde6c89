//! Tasks.

use baton_core::chain::Seq;
use baton_core::id::OpId;
use baton_core::op::Body;
use baton_core::op::message::Priority;
use baton_core::op::task::{
    Accepted, Assigned, Assignee, COMMENTS, Cancelled, Commented, Declined, DueSet, ECHOES, Edited, Field,
    ITEMS, ItemAdded, ItemId, PrioritySet, REOPENED, Removed, Reopened, SAID_BYTES, Started, TASKS,
    TEMPLATE_ITEMS, TEMPLATES, TaskOp, TemplateRemoved, Ticked, Unwatched, Watched,
};
use baton_core::secret::Personal;
use baton_core::state::SpaceState;

use super::scene::{
    ADMIN, COMPLETION, DONE, FREE, HELD, MEMBER, NOWHERE, OUTSIDER, OWNER, TAKEN, TEMPLATE, THEIRS, act,
    completed, future, nth, task, template,
};
use super::table::{Case, Row, Topic, case, row};

fn body(op: TaskOp) -> Body {
    Body::Task(op)
}

fn accepted(task: OpId) -> Body {
    body(TaskOp::Accepted(Accepted { task }))
}

fn started(task: OpId) -> Body {
    body(TaskOp::Started(Started { task }))
}

fn assigned(task: OpId, to: Assignee, seen: OpId) -> Body {
    body(TaskOp::Assigned(Assigned { task, to, seen }))
}

fn cancelled(task: OpId, reason: &str) -> Body {
    let reason = reason.into();
    body(TaskOp::Cancelled(Cancelled { task, reason }))
}

fn commented(task: OpId, text: &str) -> Body {
    let text = text.into();
    body(TaskOp::Commented(Commented { task, text }))
}

fn declined(task: OpId, reason: &str) -> Body {
    let reason = reason.into();
    body(TaskOp::Declined(Declined { task, reason }))
}

fn due(task: OpId) -> Body {
    let due = None;
    body(TaskOp::DueSet(DueSet { task, due }))
}

fn edited(task: OpId, text: &str, base: Seq) -> Body {
    body(TaskOp::Edited(Edited {
        task,
        field: Field::Title,
        text: text.into(),
        base,
        after: vec![],
    }))
}

fn item(task: OpId, text: &str) -> Body {
    let text: Personal<String> = text.into();
    body(TaskOp::ItemAdded(ItemAdded { task, text }))
}

fn urgent(task: OpId) -> Body {
    let priority = Priority::Urgent;
    body(TaskOp::PrioritySet(PrioritySet { task, priority }))
}

fn removed(task: OpId, seen: OpId) -> Body {
    body(TaskOp::Removed(Removed { task, seen }))
}

fn reopened(task: OpId, reason: &str) -> Body {
    let reason = reason.into();
    body(TaskOp::Reopened(Reopened { task, reason }))
}

fn template_gone(template: OpId) -> Body {
    body(TaskOp::TemplateRemoved(TemplateRemoved { template }))
}

fn ticked(task: OpId, n: u16) -> Body {
    let (item, done) = (ItemId(task, n), true);
    body(TaskOp::Ticked(Ticked { task, item, done }))
}

fn watched(task: OpId) -> Body {
    body(TaskOp::Watched(Watched { task }))
}

fn unwatched(task: OpId) -> Body {
    body(TaskOp::Unwatched(Unwatched { task }))
}

/// It is refused when the task ended, and when it is not there.
fn of_open(of: impl Fn(OpId) -> Body) -> [Case; 2] {
    let ended = case("it was done or cancelled", of(DONE));
    [ended, case("it is not there", of(NOWHERE))]
}

fn many(state: &mut SpaceState) {
    for n in state.tasks.standing()..TASKS {
        act(state, nth(n), ADMIN, task("x", Assignee::Team));
    }
}

fn often(state: &mut SpaceState) {
    for n in 0..REOPENED {
        act(state, nth(n), ADMIN, reopened(DONE, "x"));
        act(state, nth(n), ADMIN, cancelled(DONE, "x"));
    }
}

/// Who has it, and how it goes on.
#[expect(clippy::too_many_lines, reason = "a row for each")]
fn of_work() -> Vec<Row> {
    let outsider = Assignee::Person(OUTSIDER);
    let said = "x".repeat(SAID_BYTES + 1);
    vec![
        row(
            task("Bloods", Assignee::Team),
            "Something is to be done: by a person, by whoever holds a role, or \
                 by anybody of the space.",
        )
        .refused([
            case("nothing is written", task("", Assignee::Team)),
            case("it is for somebody who is no member", task("x", outsider)),
            case(
                "it is for a role that is not there",
                task("x", Assignee::Role(NOWHERE)),
            ),
            case("5,000 are not signed off", task("x", Assignee::Team)).given(many),
        ]),
        row(
            assigned(THEIRS, Assignee::Role(HELD), THEIRS),
            "It is for another.",
        )
        .refused([
            case(
                "somebody gave it away or took it on meanwhile",
                assigned(TAKEN, Assignee::Team, TAKEN),
            ),
            case("they are no member", assigned(FREE, outsider, FREE)),
        ])
        .refused(of_open(|task| assigned(task, Assignee::Team, task))),
        row(
            accepted(THEIRS),
            "The author has taken it on: who has it, or anybody where it is \
                 for all. Twice is once.",
        )
        .owner("for whom it is (whoever holds the role, or covers for it)")
        .refused([case(
            "it is for all, and somebody else has taken it on",
            accepted(TAKEN),
        )])
        .refused(of_open(accepted)),
        row(started(FREE), "The author has begun, and so has taken it on.")
            .refused([
                case("it is for somebody else", started(THEIRS)),
                case("it is for all, and somebody else has taken it on", started(TAKEN)),
            ])
            .refused(of_open(started)),
        row(
            declined(THEIRS, "in theatre"),
            "The author does not do it: it is for all now, and shows that it \
                 was declined.",
        )
        .owner("for whom it is, or who took it on")
        .refused([
            case("no reason is written", declined(THEIRS, "")).by(OWNER),
            case("nobody has taken it on", declined(FREE, "x")),
        ])
        .refused(of_open(|task| declined(task, "x"))),
        row(
            completed(FREE),
            "It is done, whoever it was for. The first stands; that of \
                 somebody who had not seen it stays beside it, also where it was \
                 cancelled.",
        )
        .refused([
            case(
                "the note is longer than 2 KiB",
                body(TaskOp::Completed(baton_core::op::task::Completed {
                    task: FREE,
                    note: said.as_str().into(),
                    round: None,
                })),
            ),
            case("20 said so after the first", completed(DONE)).given(|state| {
                for n in 0..ECHOES {
                    act(state, nth(n), MEMBER, completed(DONE));
                }
            }),
            case("it is not there", completed(NOWHERE)),
        ]),
        row(cancelled(FREE, "went home"), "It is not needed any more.")
            .refused([case("no reason is written", cancelled(FREE, ""))])
            .refused(of_open(|task| cancelled(task, "x"))),
        row(
            reopened(DONE, "not given"),
            "It is to be done after all, or again.",
        )
        .refused([
            case("no reason is written", reopened(DONE, "")),
            case("it is open", reopened(FREE, "x")),
            case("it was reopened 20 times", reopened(DONE, "x")).given(often),
        ]),
        row(
            removed(DONE, COMPLETION),
            "It is signed off, and no longer listed. Once more is harmless.",
        )
        .refused([
            case("it is open", removed(FREE, FREE)),
            case(
                "it was done again, and its author had not seen that",
                removed(DONE, COMPLETION),
            )
            .given(|state| act(state, nth(1), MEMBER, completed(DONE))),
        ]),
    ]
}

/// What it says.
fn of_content() -> Vec<Row> {
    let said = "x".repeat(SAID_BYTES + 1);
    vec![
        row(
            edited(FREE, "Bloods at 18:00", Seq::ZERO),
            "Title, details or place are others.",
        )
        .refused([
            case("the title is empty", edited(FREE, "", Seq::ZERO)),
            case(
                "it was made on what is not there yet",
                edited(FREE, "x", future()),
            ),
        ])
        .refused(of_open(|task| edited(task, "x", Seq::ZERO))),
        row(due(FREE), "It is due at another time, or when there is time.").refused(of_open(due)),
        row(urgent(FREE), "It is urgent, or routine.").refused(of_open(urgent)),
        row(item(FREE, "Label"), "Its checklist has a step more.")
            .refused([
                case("nothing is written", item(FREE, "")),
                case("it has 50", item(FREE, "x")).given(|state| {
                    for n in 0..ITEMS {
                        act(state, nth(n), MEMBER, item(FREE, "x"));
                    }
                }),
            ])
            .refused(of_open(|task| item(task, "x"))),
        row(ticked(FREE, 0), "A step is done, or not after all.")
            .refused([case("the step is not on the checklist", ticked(FREE, 7))])
            .refused(of_open(|task| ticked(task, 0))),
        row(
            commented(DONE, "phoned"),
            "Somebody says something about it, also when it is done.",
        )
        .refused([
            case("nothing is written", commented(FREE, "")),
            case("it is longer than 2 KiB", commented(FREE, &said)),
            case("it has 100 comments", commented(FREE, "x")).given(|state| {
                for n in 0..COMMENTS {
                    act(state, nth(n), MEMBER, commented(FREE, "x"));
                }
            }),
            case("it is not there", commented(NOWHERE, "x")),
        ]),
        row(watched(FREE), "The author wants to hear of it.")
            .refused([case("it is not there", watched(NOWHERE))]),
        row(unwatched(FREE), "The author no longer wants to hear of it.")
            .refused([case("it is not there", unwatched(NOWHERE))]),
    ]
}

fn of_templates() -> Vec<Row> {
    vec![
        row(
            template(Some(TEMPLATE), 1),
            "Tasks that a team makes together, new or in place of an earlier template.",
        )
        .refused([
            case("there are no tasks in it", template(None, 0)),
            case("there are more than 50 in it", template(None, TEMPLATE_ITEMS + 1)),
            case("there are 50 templates already", template(None, 1)).given(|state| {
                for n in 0..TEMPLATES {
                    act(state, nth(n), ADMIN, template(None, 1));
                }
            }),
            case(
                "what it replaces was changed meanwhile, or is not there",
                template(Some(NOWHERE), 1),
            ),
        ]),
        row(template_gone(TEMPLATE), "The template is no more.").refused([case(
            "it was changed meanwhile, or is not there",
            template_gone(NOWHERE),
        )]),
    ]
}

pub(super) fn tasks() -> Topic {
    Topic {
        title: "Tasks",
        about: "In every kind of space. A task is never nobody's: declined, or its person gone, or its role in the archive, it is for all of the space, \
                and shows why. A role's task follows whoever holds the role. Closed tasks stay until somebody signs them off.",
        rows: of_work()
            .into_iter()
            .chain(of_content())
            .chain(of_templates())
            .collect(),
    }
}
