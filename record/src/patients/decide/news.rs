//! What people in spaces must see of a change.

use baton_core::op::patient::News;
use baton_core::patient::{Patient, Place, Visit, VisitStatus};

/// What kind of event led to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Something was withdrawn.
    pub(super) is_cancel: bool,
    /// Two became one, or one two: where they are did not change.
    pub(super) is_merge: bool,
}

/// What is new.
pub(super) fn of(before: &Patient, after: &Patient, seen: Seen) -> Vec<News> {
    let mut news = Vec::new();
    let is_another = before.name != after.name
        || before.born != after.born
        || before.gender != after.gender
        || before.nhs.map(|nhs| nhs.number) != after.nhs.map(|nhs| nhs.number);
    if is_another && !seen.is_merge {
        news.push(News::IdentityChanged);
    }
    match (&before.died, &after.died) {
        (None, Some(_)) => news.push(News::Died),
        (Some(_), None) => news.push(News::DeathWithdrawn),
        (None, None) | (Some(_), Some(_)) => {}
    }
    if !seen.is_merge {
        news.extend(of_visit(
            before.visit.as_ref(),
            after.visit.as_ref(),
            seen.is_cancel,
        ));
    }
    news
}

fn of_visit(before: Option<&Visit>, after: Option<&Visit>, is_cancel: bool) -> Option<News> {
    let status = |visit: Option<&Visit>| visit.map(|visit| visit.status);
    let place = |visit: Option<&Visit>| visit.and_then(|visit| visit.place.clone());
    let has_moved = place(before) != place(after);
    let has_turned = status(before) != status(after);
    if is_cancel {
        return (has_moved || has_turned).then_some(News::Cancelled);
    }
    let place = || place(after).unwrap_or_else(Place::default);
    match (status(before), status(after)) {
        (Some(VisitStatus::OnLeave), Some(VisitStatus::Admitted)) => Some(News::Leave { out: false }),
        (Some(VisitStatus::OnLeave), Some(VisitStatus::OnLeave))
        | (Some(VisitStatus::Admitted), Some(VisitStatus::Admitted))
        | (Some(VisitStatus::Attending), Some(VisitStatus::Attending)) => {
            has_moved.then(|| News::Moved(place()))
        }
        (_, Some(VisitStatus::OnLeave)) => Some(News::Leave { out: true }),
        (_, Some(VisitStatus::Admitted)) => Some(News::Admitted(place())),
        (
            Some(VisitStatus::Admitted | VisitStatus::Attending | VisitStatus::OnLeave),
            Some(VisitStatus::Discharged),
        ) => Some(News::Discharged),
        // The visit is said not to be one.
        (Some(VisitStatus::Admitted | VisitStatus::Attending | VisitStatus::OnLeave), None) => {
            Some(News::Cancelled)
        }
        (
            None
            | Some(
                VisitStatus::Admitted
                | VisitStatus::Attending
                | VisitStatus::Discharged
                | VisitStatus::OnLeave
                | VisitStatus::PreAdmitted,
            ),
            Some(VisitStatus::Attending | VisitStatus::Discharged | VisitStatus::PreAdmitted) | None,
        ) => None,
    }
}
