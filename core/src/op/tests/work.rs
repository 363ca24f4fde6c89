//! Each kind of operation about roles and tasks.

use super::*;
use crate::op::role::{
    self, Fallback, OfferRefused, OfferWithdrawn, Offered, Released, RoleOp, Shift, Taken,
};
use crate::op::task::{self, Assignee, ItemId, TaskOp};

const USER: UserId = UserId::from_bytes([4; 16]);
const ROLE: OpId = OpId::from_bytes([21; 16]);
const TASK: OpId = OpId::from_bytes([22; 16]);

pub(super) fn every_role_op() -> Vec<RoleOp> {
    let (role, offer) = (ROLE, OpId::from_bytes([23; 16]));
    let title: Personal<String> = "Ward 7 nurse in charge".into();
    let defined = |fallback| {
        let title = title.clone();
        RoleOp::Defined(role::Defined { title, fallback })
    };
    vec![
        defined(None),
        defined(Some(Fallback::Person(USER))),
        defined(Some(Fallback::Role(ROLE))),
        RoleOp::Retitled(role::Retitled {
            role,
            title: title.clone(),
            base: Seq::new(3),
            after: vec![OpId::from_bytes([9; 16])],
        }),
        RoleOp::FallbackSet(role::FallbackSet {
            role,
            fallback: Some(Fallback::Person(USER)),
        }),
        RoleOp::Archived(role::Archived { role }),
        RoleOp::Restored(role::Restored { role }),
        RoleOp::Taken(Taken { role, from: None }),
        RoleOp::Taken(Taken {
            role,
            from: Some(USER),
        }),
        RoleOp::Offered(Offered { role, to: USER }),
        RoleOp::OfferWithdrawn(OfferWithdrawn { role, offer }),
        RoleOp::Accepted(role::Accepted { role, offer }),
        RoleOp::OfferRefused(OfferRefused {
            role,
            offer,
            reason: "Bed 4 is arresting".into(),
        }),
        RoleOp::Released(Released { role }),
        RoleOp::RotaSet(role::RotaSet {
            role,
            from: At::from_millis(1),
            until: At::from_millis(9),
            shifts: vec![Shift {
                from: At::from_millis(2),
                until: At::from_millis(8),
                who: USER,
            }],
            base: Some(offer),
        }),
    ]
}

pub(super) fn every_task_op() -> Vec<TaskOp> {
    let (task, template) = (TASK, OpId::from_bytes([24; 16]));
    let text = || Personal::<String>::from("Bed 4: bloods");
    let edited = |field| {
        TaskOp::Edited(task::Edited {
            task,
            field,
            text: text(),
            base: Seq::new(8),
            after: vec![OpId::from_bytes([9; 16])],
        })
    };
    let assigned = |to| {
        let seen = template;
        TaskOp::Assigned(task::Assigned { task, to, seen })
    };
    vec![
        TaskOp::Created(task::Created {
            title: text(),
            details: text(),
            about: Some(PatientId::from_bytes([7; 16])),
            place: "Ward 7".into(),
            priority: Priority::Urgent,
            due: Some(At::from_millis(5)),
            to: Assignee::Person(USER),
            checklist: vec![text()],
            from: Some(OpId::from_bytes([5; 16])),
        }),
        assigned(Assignee::Person(USER)),
        assigned(Assignee::Role(ROLE)),
        assigned(Assignee::Team),
        TaskOp::Accepted(task::Accepted { task }),
        TaskOp::Started(task::Started { task }),
        TaskOp::Completed(task::Completed {
            task,
            note: text(),
            round: Some(template),
        }),
        TaskOp::Completed(task::Completed {
            task,
            note: "".into(),
            round: None,
        }),
        TaskOp::Declined(task::Declined { task, reason: text() }),
        TaskOp::Cancelled(task::Cancelled { task, reason: text() }),
        TaskOp::Reopened(task::Reopened { task, reason: text() }),
        TaskOp::Commented(task::Commented { task, text: text() }),
        edited(task::Field::Details),
        edited(task::Field::Place),
        edited(task::Field::Title),
        TaskOp::DueSet(task::DueSet {
            task,
            due: Some(At::from_millis(5)),
        }),
        TaskOp::PrioritySet(task::PrioritySet {
            task,
            priority: Priority::Urgent,
        }),
        TaskOp::Ticked(task::Ticked {
            task,
            item: ItemId(task, 1),
            done: true,
        }),
        TaskOp::ItemAdded(task::ItemAdded { task, text: text() }),
        TaskOp::Watched(task::Watched { task }),
        TaskOp::Unwatched(task::Unwatched { task }),
        TaskOp::Removed(task::Removed { task, seen: template }),
        TaskOp::TemplateSet(task::TemplateSet {
            replaces: Some(template),
            name: "Ward 7 admission".into(),
            items: vec![task::TemplateItem {
                title: text(),
                priority: Priority::Routine,
                due_in: Some(60),
                to: Assignee::Team,
            }],
        }),
        TaskOp::TemplateRemoved(task::TemplateRemoved { template }),
    ]
}

#[test]
fn an_operation_about_a_role_belongs_to_its_history() {
    for body in every_role_op() {
        let is_first = matches!(body, RoleOp::Defined(_));
        let op = op(Body::Role(body));
        assert_eq!(op.target(), (!is_first).then_some(ROLE));
        assert_eq!(op.list(), op.target());
        assert_eq!(op.amends(), None);
        assert_eq!(op.patients_named().count(), 0);
    }
}

#[test]
fn an_operation_about_a_task_belongs_to_its_history_and_names_whom_it_is_about() {
    let patient = PatientId::from_bytes([7; 16]);
    for body in every_task_op() {
        let is_first = matches!(body, TaskOp::Created(_));
        let is_of_template = matches!(body, TaskOp::TemplateRemoved(_) | TaskOp::TemplateSet(_));
        let op = op(Body::Task(body));
        if !is_of_template {
            assert_eq!(op.target(), (!is_first).then_some(TASK));
        }
        assert_eq!(op.list(), op.target());
        assert_eq!(op.amends(), None);
        let named: Vec<PatientId> = op.patients_named().collect();
        assert_eq!(named, if is_first { vec![patient] } else { vec![] });
    }
}

#[test]
fn what_was_written_with_a_task_is_text_and_what_was_only_set_is_not() {
    let has_text = |op| Body::Task(op).has_text();
    let task = TASK;
    let note = |note: &str| {
        let (note, round) = (note.into(), None);
        TaskOp::Completed(task::Completed { task, note, round })
    };
    assert!(has_text(note("given at 08:00")));
    assert!(!has_text(note("")));
    assert!(!has_text(TaskOp::Accepted(task::Accepted { task })));
}
