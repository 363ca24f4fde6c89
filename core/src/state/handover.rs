//! Handover: what a team wrote about its patients, who is responsible for each, and what was handed over.
//!
//! Invariants, whatever comes in whatever order:
//! - At most one person is responsible for a patient. Nobody's they become only by [`CareEnded`] of who was.
//! - A patient waits in at most one handover, and is then the responsibility of who offered it: neither an offer nor a refusal
//!   nor a withdrawal moves it. To offer a patient for whom nobody is responsible is to take the responsibility.
//! - Tasks and roles that go along pass by the acceptance itself, and only from who offered them ([`along`]).
//! - What was handed over is kept in the handover as it was ([`Frozen`]), and never changes.
//!
//! What is held is bounded. Of handovers that nobody waits in, the newest [`HANDOVERS`] are held, and of those the documents
//! of the newest up to [`DOCUMENT_BYTES`]; the log has all, and [`past::Past`] gives an older one. Sheets of patients whom
//! nobody looks after here any more are let go like the patients themselves ([`OTHERS`]).
//!
//! The fold keeps the invariants by itself: what is shown on top of the log may be an operation that the record will refuse.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Change, Mark, Roles};
use crate::chain::Seq;
use crate::id::{OpId, PatientId, UserId};
use crate::op::handover::{Accepted, CareEnded, HandoverOp, NoteSet, Offered, PrioritySet, Refused, Which};
use crate::op::handover::{ResponsibilityTaken, Withdrawn};
use crate::ordered::{SortedMap, SortedSet, sort};

pub mod along;
pub mod document;
pub mod event;
pub mod frozen;
pub mod offer;
pub mod past;
pub mod sheet;
pub mod talk;
pub mod template;
pub mod view;

use along::Duties;
pub use along::{Along, Went};
pub use event::HandoverEvent;
pub use frozen::Frozen;
pub use offer::{Decision, Handover, Part};
pub use sheet::{Rated, Responsible, Sheet};
pub use talk::{Answer, Question, ReadBack, SignOff};
pub use template::Template;

/// Handovers that are held besides those in which a patient waits: two weeks of three shifts a day.
pub const HANDOVERS: usize = 42;

/// Of handovers in which no patient waits, so many bytes of text are held, or those of the newest. Thirty patients of seven
/// sections with 200 bytes each are 42 KB: the documents of the last six shifts.
pub const DOCUMENT_BYTES: usize = 256 * 1024;

/// Sheets that are held besides those of patients on a list, or for whom somebody is responsible.
pub const OTHERS: usize = 100;

/// What a team wrote for its handovers, and what was handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handovers {
    /// The headings of the sheets.
    #[serde(rename = "t", default, skip_serializing_if = "Template::is_standard")]
    pub template: Template,
    #[serde(rename = "p", default, skip_serializing_if = "Sheets::is_empty")]
    sheets: Sheets,
    /// In the order in which they were offered.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    given: Vec<Arc<Handover>>,
}

/// The sheets, by patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Arc<Sheet>>", into = "Vec<Arc<Sheet>>")]
struct Sheets(SortedMap<PatientId, Arc<Sheet>>);

impl Sheets {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<Arc<Sheet>>> for Sheets {
    fn from(sheets: Vec<Arc<Sheet>>) -> Self {
        Self(sheets.into_iter().map(|sheet| (sheet.patient, sheet)).collect())
    }
}

impl From<Sheets> for Vec<Arc<Sheet>> {
    fn from(sheets: Sheets) -> Self {
        sheets.0.into_values().collect()
    }
}

impl Handovers {
    /// A patient's sheet; `None` when nothing was ever said of them, or it was let go.
    pub fn sheet(&self, patient: PatientId) -> Option<&Sheet> {
        self.sheets.0.get(&patient).map(AsRef::as_ref)
    }

    /// The sheets, by patient.
    pub fn sheets(&self) -> impl Iterator<Item = &Sheet> {
        self.sheets.0.values().map(AsRef::as_ref)
    }

    /// Who is responsible for a patient, and since when; `None` when nobody ever was, or care has ended. They may have left
    /// the space since: [`view::Standing`] says so.
    pub fn responsible(&self, patient: PatientId) -> Option<&Responsible> {
        self.sheet(patient)?.responsible.as_ref()
    }

    /// A handover, if it is held.
    pub fn find(&self, id: OpId) -> Option<&Handover> {
        self.iter().find(|handover| handover.id() == id)
    }

    /// The handover in which a patient waits to be accepted; at most one.
    pub fn waiting(&self, patient: PatientId) -> Option<&Handover> {
        self.iter().find(|handover| handover.is_waiting_for(patient))
    }

    /// The handovers that are held, in the order in which they were offered.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Handover> {
        self.given.iter().map(AsRef::as_ref)
    }

    /// The handover in which a question was asked.
    pub fn asked_in(&self, question: OpId) -> Option<&Handover> {
        self.iter().find(|handover| handover.question(question).is_some())
    }

    /// How many patients somebody is responsible for.
    pub fn responsibilities(&self) -> usize {
        self.sheets().filter(|sheet| sheet.responsible.is_some()).count()
    }

    /// True when nothing was ever done here.
    pub fn is_empty(&self) -> bool {
        self.template.is_standard() && self.sheets.is_empty() && self.given.is_empty()
    }

    /// Those for whom somebody is responsible. Whoever waits in a handover is among them.
    pub(super) fn patients(&self) -> impl Iterator<Item = PatientId> {
        let held = self.sheets().filter(|sheet| sheet.responsible.is_some());
        held.map(|sheet| sheet.patient)
    }

    /// Applies an operation; gives what changed.
    pub(super) fn apply(&mut self, mark: Mark, op: &HandoverOp, mut duties: Duties<'_>) -> Vec<Change> {
        match op {
            HandoverOp::Accepted(op) => self.accept(mark, op, &mut duties),
            HandoverOp::CareEnded(op) => self.end_care(mark, op),
            HandoverOp::NoteSet(op) => self.write(mark, op),
            HandoverOp::Offered(op) => self.offer(mark, op),
            HandoverOp::PrioritySet(op) => self.rate(mark, op),
            HandoverOp::Refused(op) => self.refuse(mark, op, &mut duties),
            HandoverOp::ResponsibilityTaken(op) => self.take(mark, op),
            HandoverOp::TemplateSet(op) => {
                let has_changed = self.template.set(mark, op);
                has_changed.then_some(Change::About).into_iter().collect()
            }
            HandoverOp::Withdrawn(op) => self.withdraw(mark, *op),
            HandoverOp::Answered(said) => {
                let asked = self.asked_in(said.question).map(Handover::id);
                self.talk(mark, asked, op)
            }
            HandoverOp::Asked(_) | HandoverOp::Closed(_) | HandoverOp::ReadBack(_) => {
                self.talk(mark, op.target(), op)
            }
        }
    }

    fn write(&mut self, mark: Mark, op: &NoteSet) -> Vec<Change> {
        self.sheet_mut(op.patient).write(mark, op);
        vec![Change::Sheet(op.patient)]
    }

    fn rate(&mut self, mark: Mark, op: &PrioritySet) -> Vec<Change> {
        self.sheet_mut(op.patient).rate(mark, op.priority);
        vec![Change::Sheet(op.patient)]
    }

    /// Who waits elsewhere, or is somebody else's by now, is left out.
    fn offer(&mut self, mark: Mark, op: &Offered) -> Vec<Change> {
        let by = mark.stamp.by;
        if self.find(mark.stamp.op).is_some() {
            return Vec::new();
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut changes = Vec::new();
        for (index, patient) in op.patients.iter().enumerate() {
            let is_theirs = self.responsible(*patient).is_none_or(|known| known.user == by);
            let is_twice = parts.iter().any(|part| part.patient == *patient);
            if !is_theirs || is_twice || self.waiting(*patient).is_some() {
                continue;
            }
            let sheet = self.sheet_mut(*patient);
            if sheet.responsible.is_none() {
                sheet.hand_to(mark, by);
                changes.push(Change::Sheet(*patient));
            }
            parts.push(Part::new(index, sheet, op));
        }
        if parts.is_empty() {
            return Vec::new();
        }
        let handover = Handover::new(mark, op, &self.template, parts);
        changes.push(Change::Handover(handover.id()));
        self.given.push(Arc::new(handover));
        self.let_handovers_go();
        changes
    }

    fn accept(&mut self, mark: Mark, op: &Accepted, duties: &mut Duties<'_>) -> Vec<Change> {
        let by = mark.stamp.by;
        let Some(handover) = self.received(op.handover, by, duties.roles) else {
            return Vec::new();
        };
        let accepted: Vec<PatientId> = handover.waiting_of(&op.patients).collect();
        let mut changes = Vec::new();
        for patient in accepted.iter().copied() {
            let sheet = self.sheet_mut(patient);
            let now = sheet.freeze();
            sheet.hand_to(mark, by);
            changes.push(Change::Sheet(patient));
            self.change(op.handover, |handover| handover.accept(mark, patient, now));
        }
        changes.extend(self.pass_along(mark, op.handover, &accepted, duties));
        self.decided(op.handover, changes)
    }

    fn refuse(&mut self, mark: Mark, op: &Refused, duties: &mut Duties<'_>) -> Vec<Change> {
        let by = mark.stamp.by;
        let Some(handover) = self.received(op.handover, by, duties.roles) else {
            return Vec::new();
        };
        let refused: Vec<PatientId> = handover.waiting_of(&op.patients).collect();
        let mut changes: Vec<Change> = refused.iter().map(|patient| Change::Sheet(*patient)).collect();
        for patient in refused {
            let reason = op.reason.clone();
            let decision = Decision::Refused { by: mark, reason };
            self.change(op.handover, |handover| handover.decide(patient, decision));
        }
        changes.extend(self.pass_along(mark, op.handover, &[], duties));
        self.decided(op.handover, changes)
    }

    /// A handover that somebody may decide on.
    fn received(&self, id: OpId, by: UserId, roles: &Roles) -> Option<&Handover> {
        self.find(id).filter(|handover| handover.may_receive(by, roles))
    }

    fn withdraw(&mut self, mark: Mark, op: Withdrawn) -> Vec<Change> {
        let by = mark.stamp.by;
        let Some(handover) = self.find(op.handover).filter(|handover| handover.from() == by) else {
            return Vec::new();
        };
        let withdrawn: Vec<PatientId> = handover.waiting_of(&Which::All).collect();
        let changes: Vec<Change> = withdrawn.iter().map(|patient| Change::Sheet(*patient)).collect();
        for patient in withdrawn {
            self.change(op.handover, |handover| {
                handover.decide(patient, Decision::Withdrawn(mark));
            });
        }
        self.decided(op.handover, changes)
    }

    /// Those who are no longer whose its author saw are left out.
    fn take(&mut self, mark: Mark, op: &ResponsibilityTaken) -> Vec<Change> {
        let by = mark.stamp.by;
        let mut changes = Vec::new();
        for patient in &op.patients {
            let now = self.responsible(*patient).map(|known| known.user);
            if now != op.from || now == Some(by) {
                continue;
            }
            self.sheet_mut(*patient).hand_to(mark, by);
            changes.push(Change::Sheet(*patient));
            self.overtake(mark, *patient, &mut changes);
        }
        self.let_handovers_go();
        changes
    }

    fn end_care(&mut self, mark: Mark, op: &CareEnded) -> Vec<Change> {
        let by = mark.stamp.by;
        let mut changes = Vec::new();
        for patient in &op.patients {
            if self.responsible(*patient).is_none_or(|known| known.user != by) {
                continue;
            }
            self.sheet_mut(*patient).end_care(mark);
            changes.push(Change::Sheet(*patient));
            self.overtake(mark, *patient, &mut changes);
        }
        self.let_handovers_go();
        changes
    }

    /// Somebody else has a patient who waited: they wait no longer.
    fn overtake(&mut self, mark: Mark, patient: PatientId, changes: &mut Vec<Change>) {
        let Some(id) = self.waiting(patient).map(Handover::id) else {
            return;
        };
        self.change(id, |handover| {
            handover.decide(patient, Decision::Overtaken(mark));
        });
        if !changes.contains(&Change::Handover(id)) {
            changes.push(Change::Handover(id));
        }
    }

    fn talk(&mut self, mark: Mark, handover: Option<OpId>, op: &HandoverOp) -> Vec<Change> {
        let Some(id) = handover else {
            return Vec::new();
        };
        let mut has_changed = false;
        self.change(id, |handover| has_changed = handover.take_said(mark, op));
        has_changed.then_some(Change::Handover(id)).into_iter().collect()
    }

    fn decided(&mut self, handover: OpId, mut changes: Vec<Change>) -> Vec<Change> {
        if !changes.is_empty() {
            changes.push(Change::Handover(handover));
            self.let_handovers_go();
        }
        changes
    }

    fn change(&mut self, id: OpId, change: impl FnOnce(&mut Handover)) {
        let held = self.given.iter_mut().find(|handover| handover.id() == id);
        if let Some(handover) = held {
            change(Arc::make_mut(handover));
        }
    }

    fn sheet_mut(&mut self, patient: PatientId) -> &mut Sheet {
        let new = || Arc::new(Sheet::new(patient));
        Arc::make_mut(self.sheets.0.or_insert_with(patient, new))
    }

    /// Lets the oldest handovers go in which nobody waits, and the texts of those that are held without.
    fn let_handovers_go(&mut self) {
        let done = |handover: &Arc<Handover>| !handover.is_waiting();
        let mut excess = self
            .given
            .iter()
            .filter(|handover| done(handover))
            .count()
            .saturating_sub(HANDOVERS);
        self.given.retain(|handover| {
            let goes = excess > 0 && done(handover);
            excess -= usize::from(goes);
            !goes
        });
        let mut bytes = 0;
        for handover in self.given.iter_mut().rev().filter(|handover| done(handover)) {
            let is_newest = bytes == 0;
            bytes += handover.document_bytes();
            if !is_newest && bytes > DOCUMENT_BYTES && handover.has_document() {
                Arc::make_mut(handover).let_document_go();
            }
        }
    }

    /// Lets those sheets go of whom nothing was said for longest, but for patients who are needed or somebody's.
    pub(super) fn let_sheets_go(&mut self, needed: &SortedSet<PatientId>) {
        let mut others: Vec<(Seq, PatientId)> = self
            .sheets()
            .filter(|sheet| sheet.responsible.is_none() && !needed.contains(&sheet.patient))
            .map(|sheet| (sheet.touched(), sheet.patient))
            .collect();
        sort(&mut others);
        for (_, patient) in others.iter().take(others.len().saturating_sub(OTHERS)) {
            self.sheets.0.remove(patient);
        }
    }

    /// Whether letting sheets go is worth looking at lists for.
    pub(super) fn may_have_too_many_sheets(&self) -> bool {
        self.sheets.0.len() > OTHERS
    }

    /// Patients whom this person is responsible for.
    pub fn of(&self, user: UserId) -> impl Iterator<Item = &Sheet> {
        self.sheets()
            .filter(move |sheet| sheet.responsible.as_ref().is_some_and(|known| known.user == user))
    }
}

#[cfg(test)]
mod tests;
