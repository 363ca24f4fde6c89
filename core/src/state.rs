//! The state of a space: the fold of its log. One entry in, changes out; every device and the record fold alike.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cbor;
use crate::chain::{Head, Seq};
use crate::id::{OpId, PatientId, SpaceId, UserId};
use crate::op::member::MemberOp;
use crate::op::patient::{PatientOp, Refreshed};
use crate::op::role::RoleOp;
use crate::op::space::{SpaceKind, SpaceOp};
use crate::op::{Body, Op};
use crate::ordered::SortedSet;
use crate::secret::Personal;
use crate::text::{Basis, TextField, TextVersion};
use crate::time::At;

pub mod handover;
pub mod lists;
pub mod members;
pub mod patients;
pub mod roles;
pub mod tasks;
pub mod team;
pub mod timeline;

pub use handover::{Handover, Handovers};
pub use lists::{Column, List, Lists, Removed, Row};
pub use members::{Duty, Member, Members, OffDuty};
pub use patients::{Held, Patients};
pub use roles::{Role, RoleNews, Roles};
pub use tasks::{Task, TaskNews, Tasks};
pub use team::{Pinned, Team};
pub use timeline::{Event, Item, Message, Timeline, What};

/// Items of the timeline that a snapshot holds, and over which [`SpaceState::hash`] is taken.
pub const SNAPSHOT_ITEMS: usize = 40;

/// Who did something, by which operation, when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The operation.
    #[serde(rename = "o")]
    pub op: OpId,
    /// Who.
    #[serde(rename = "b")]
    pub by: UserId,
    /// When they did it, by their device's clock.
    #[serde(rename = "a")]
    pub at: At,
    /// When the record kept it; `None` while it is only on this device.
    #[serde(rename = "r")]
    pub recorded: Option<At>,
}

impl Stamp {
    /// When the record kept it; while it has not, when it was done by its author's clock.
    pub fn kept_at(&self) -> At {
        self.recorded.unwrap_or(self.at)
    }
}

/// Where an operation stands: its place, and when the record kept it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its place in the log; for what is only on this device, the place that it would get.
    pub seq: Seq,
    /// When the record kept it; `None` while it is only on this device.
    pub recorded: Option<At>,
}

/// That something was done: where in the log, by whom, when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its place.
    #[serde(rename = "q")]
    pub seq: Seq,
    /// Who, when.
    #[serde(rename = "s")]
    pub stamp: Stamp,
}

impl Mark {
    /// A version of a text that was written by this.
    pub(crate) fn version(self, text: &Personal<String>) -> TextVersion {
        TextVersion {
            text: text.clone(),
            seq: self.seq,
            stamp: self.stamp,
        }
    }

    /// Takes an edit of a text that was made by this, on what its author names: a place in the log, and what they had besides.
    pub(crate) fn edit(self, field: &mut TextField, text: &Personal<String>, base: Seq, after: &[OpId]) {
        let after = after.to_vec();
        field.edit(self.version(text), &Basis { base, after });
    }

    /// As [`Self::edit`]; of the versions before it no more than [`EARLIER`] are held.
    pub(crate) fn rewrite(self, field: &mut TextField, text: &Personal<String>, base: Seq, after: &[OpId]) {
        self.edit(field, text, base, after);
        field.forget(EARLIER);
    }
}

/// Versions of a text that are held besides what holds now; the log keeps all. With two, a list of 500 patients of whom three
/// fields each were written four times takes less than 400 KB of a snapshot.
pub const EARLIER: usize = 2;

/// The folded state of one space. It holds the newest part of the timeline; older items are merged in as one scrolls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceState {
    /// Which space.
    #[serde(rename = "p")]
    pub space: SpaceId,
    /// Up to where the log is folded in.
    #[serde(rename = "h")]
    pub head: Head,
    /// What kind of space; `None` before the first entry.
    #[serde(rename = "k")]
    pub kind: Option<SpaceKind>,
    /// Its title.
    #[serde(rename = "t")]
    pub title: TextField,
    /// Who belongs to it.
    #[serde(rename = "m")]
    pub members: Members,
    /// What was said and what happened.
    #[serde(rename = "i")]
    pub timeline: Timeline,
    /// The patient around whom it is; only of [`SpaceKind::Patient`].
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
    /// Its lists of patients.
    #[serde(rename = "l", default, skip_serializing_if = "Lists::is_empty")]
    pub lists: Lists,
    /// What the record told of the patients that it speaks about.
    #[serde(rename = "n", default, skip_serializing_if = "Patients::is_empty")]
    pub patients: Patients,
    /// What was written for handovers, who is responsible for whom, and what was handed over.
    #[serde(rename = "o", default, skip_serializing_if = "Handovers::is_empty")]
    pub handovers: Handovers,
    /// What a team says of itself.
    #[serde(rename = "e", default, skip_serializing_if = "Team::is_empty")]
    pub team: Team,
    /// Its roles; only of [`SpaceKind::Team`].
    #[serde(rename = "r", default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// What is to be done.
    #[serde(rename = "j", default, skip_serializing_if = "Tasks::is_empty")]
    pub tasks: Tasks,
}

/// What a fold changed, so that a screen redraws no more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Kind or title, or what a team says of itself.
    About,
    /// An item was added to the timeline.
    Added(Seq),
    /// An item of the timeline changed.
    Amended(Seq),
    /// Whether somebody is on duty.
    Duty(UserId),
    /// A handover: offered, or anything of it.
    Handover(OpId),
    /// A list: made, or anything of it.
    List(OpId),
    /// The members.
    Members,
    /// What is known of a patient.
    Patient(PatientId),
    /// A patient's handover sheet: what is written there, how sick they are, who is responsible.
    Sheet(PatientId),
    /// A role: defined, or anything of it.
    Role(OpId),
    /// A task: made, or anything of it. One that is no longer held is told by nothing.
    Task(OpId),
    /// The templates for tasks.
    Templates,
}

impl SpaceState {
    /// The state before the first entry.
    pub fn new(space: SpaceId) -> Self {
        Self {
            space,
            head: Head::default(),
            kind: None,
            title: TextField::default(),
            members: Members::default(),
            timeline: Timeline::default(),
            about: None,
            lists: Lists::default(),
            patients: Patients::default(),
            handovers: Handovers::default(),
            team: Team::default(),
            roles: Roles::default(),
            tasks: Tasks::default(),
        }
    }

    /// All that a screen has to draw anew when the whole state is another.
    pub fn everything(&self) -> Vec<Change> {
        let items = self.timeline.items().map(Item::seq).map(Change::Added);
        [Change::About, Change::Members]
            .into_iter()
            .chain(self.lists.iter().map(|(id, _)| Change::List(id)))
            .chain(self.roles.iter().map(|(id, _)| Change::Role(id)))
            .chain(self.tasks.iter().map(|task| Change::Task(task.id())))
            .chain([Change::Templates])
            .chain(self.patients.iter().map(|held| Change::Patient(held.patient.id)))
            .chain(self.handovers.sheets().map(|sheet| Change::Sheet(sheet.patient)))
            .chain(
                self.handovers
                    .iter()
                    .map(|handover| Change::Handover(handover.id())),
            )
            .chain(items)
            .collect()
    }

    /// Folds in the operation of the entry that leads to `head`. The caller has checked the chain.
    pub fn fold(&mut self, head: Head, recorded: At, op: &Op) -> Vec<Change> {
        let changes = self.apply(
            Place {
                seq: head.seq,
                recorded: Some(recorded),
            },
            op,
        );
        self.head = head;
        changes
    }

    /// Passes over an entry that this device cannot make sense of (it is kept in the log): the timeline says so.
    pub fn fold_unreadable(&mut self, head: Head, stamp: Stamp) -> Vec<Change> {
        self.head = head;
        self.timeline.add_event(head.seq, stamp, What::Newer)
    }

    /// Applies an operation at a place without moving the head: for [`Self::fold`], and for showing what is only on
    /// this device on top of what is confirmed.
    pub fn apply(&mut self, place: Place, op: &Op) -> Vec<Change> {
        let stamp = Stamp {
            op: op.id,
            by: op.by,
            at: op.at,
            recorded: place.recorded,
        };
        let mark = Mark {
            seq: place.seq,
            stamp,
        };
        let mut changes = self.timeline.apply(place.seq, stamp, &op.body);
        match &op.body {
            Body::Space(SpaceOp::Created(created)) => {
                self.kind = Some(created.kind);
                self.about = created.about;
                self.title.edit(mark.version(&created.title), &Basis::default());
                changes.push(Change::About);
            }
            Body::Space(SpaceOp::Renamed(renamed)) => {
                mark.edit(&mut self.title, &renamed.title, renamed.base, &renamed.after);
                changes.push(Change::About);
            }
            Body::Space(op) => changes.extend(self.team.apply(mark, op)),
            Body::Member(member) => {
                if self.members.apply(place.seq, op.by, member) {
                    changes.push(Change::Members);
                    if let Some(user) = gone(op.by, member) {
                        self.leave(mark, user, &mut changes);
                    }
                }
                if self.members.take_duty(mark, member) {
                    changes.push(Change::Duty(op.by));
                }
            }
            Body::Handover(op) => {
                let duties = handover::along::Duties {
                    roles: &mut self.roles,
                    tasks: &mut self.tasks,
                };
                changes.extend(self.handovers.apply(mark, op, duties));
                if self.handovers.may_have_too_many_sheets() {
                    self.handovers.let_sheets_go(&self.lists.patients());
                }
            }
            Body::List(op) => changes.extend(self.lists.apply(mark, op).map(Change::List)),
            Body::Patient(PatientOp::Refreshed(refreshed)) => {
                changes.extend(self.take_patient(place.seq, refreshed));
            }
            Body::Role(op) => {
                let changed = self.roles.apply(mark, op);
                if let (RoleOp::Archived(_), Some(role)) = (op, changed) {
                    let lost = self.tasks.lose_role(mark, role);
                    changes.extend(lost.into_iter().map(Change::Task));
                }
                changes.extend(changed.map(Change::Role));
            }
            Body::Task(op) => changes.extend(self.tasks.apply(mark, op).map(|changed| match changed {
                tasks::Changed::Task(task) => Change::Task(task),
                tasks::Changed::Templates => Change::Templates,
            })),
            Body::Message(_) | Body::Unknown { .. } => {}
        }
        for patient in op.patients_named() {
            self.patients.name(patient, place.seq);
        }
        changes
    }

    /// Somebody no longer belongs here: their roles are vacant, they cover for nobody, and what they had to do is for all.
    fn leave(&mut self, mark: Mark, user: UserId, changes: &mut Vec<Change>) {
        changes.extend(self.members.uncover(user).into_iter().map(Change::Duty));
        changes.extend(self.roles.leave(mark, user).into_iter().map(Change::Role));
        changes.extend(self.tasks.leave(mark, user).into_iter().map(Change::Task));
    }

    /// Takes what the record tells of a patient. When that is one more, those of whom nothing was said for long are let go.
    fn take_patient(&mut self, seq: Seq, refreshed: &Refreshed) -> Option<Change> {
        let (is_new, change) = self.patients.take(seq, refreshed);
        if is_new && self.patients.len() > patients::OTHERS {
            let needed = self.looked_after();
            self.patients.let_go(needed);
        }
        change
    }

    /// The patients with whom people here have something to do: those on its lists, of its handovers and tasks, and whom it is
    /// about. Not who was only written of.
    pub fn looked_after(&self) -> SortedSet<PatientId> {
        let mut needed = self.lists.patients();
        needed.extend(self.about);
        needed.extend(self.handovers.patients());
        needed.extend(self.tasks.patients().iter().copied());
        needed
    }

    /// Takes an older entry of the log into the timeline alone, as one scrolls back. Applying one twice is harmless.
    pub fn fold_older(&mut self, seq: Seq, recorded: At, op: &Op) -> Vec<Change> {
        let stamp = Stamp {
            op: op.id,
            by: op.by,
            at: op.at,
            recorded: Some(recorded),
        };
        self.timeline.apply(seq, stamp, &op.body)
    }

    /// Drops the oldest items but for `keep` of them and for urgent messages that nobody has acknowledged.
    pub fn trim(&mut self, keep: usize) {
        self.timeline.trim(keep);
    }

    /// Before each copy of a state that grows: what a copy costs then does not grow with the history.
    pub(crate) fn gather(&mut self) {
        self.timeline.gather();
    }

    /// A SHA-256 over what every device must agree on, however much history it holds.
    pub fn hash(&self) -> [u8; 32] {
        let mut canonical = self.clone();
        canonical.trim(SNAPSHOT_ITEMS);
        Sha256::digest(cbor::to_bytes(&canonical)).into()
    }
}

/// Who no longer belongs to the space by what somebody did.
fn gone(by: UserId, op: &MemberOp) -> Option<UserId> {
    match op {
        MemberOp::Left(_) => Some(by),
        MemberOp::Removed(removed) => Some(removed.user),
        MemberOp::Added(_) | MemberOp::CameOnDuty(_) | MemberOp::MadeAdmin(_) | MemberOp::WentOffDuty(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests;
