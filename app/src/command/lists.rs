//! What a person can do about lists of patients.

use baton_core::chain::Seq;
use baton_core::device_api::{HISTORY_OF_PATH, HistoryOf, HistoryOfAnswer};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::Body;
use baton_core::op::list::{
    Archived, ColumnAdded, ColumnRemoved, Created, Field, FieldSet, ListOp, Moved, PatientAdded,
    PatientRemoved, Renamed, Restored, Source,
};
use baton_core::op::space::SpaceKind;
use baton_core::ordered::SortedSet;
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::state::List;
use baton_core::sync::{Past, Space, Sync};
use baton_core::text::Basis;

use super::Command;
use crate::clock;
use crate::session::AskError;
use crate::store::lists::head::{self, Line, Owner};
use crate::store::lists::history::{self, Deed};
use crate::store::lists::look::{CellKey, ListKey};
use crate::web;

/// Entries that are asked for at one time.
const PAGE: u16 = 200;

/// A new space is waited for so often, 20 ms each: ten seconds.
const BEGINS: u32 = 500;

impl Command {
    /// Opens a list (or none).
    pub fn open_list(self, key: Option<ListKey>) {
        let (lists, mood) = (&self.store.lists, self.store.mood_now());
        if let Some(viewer) = self.store.viewer(clock::now(), clock::zone) {
            self.look(|sync| lists.open(key, sync, mood, &viewer));
        }
    }

    /// All lists. Follows changes.
    pub fn lists(self) -> Vec<Line> {
        self.store.lists.revision.track();
        let lists = &self.store.lists;
        self.store
            .viewer(clock::now(), clock::zone)
            .and_then(|viewer| self.look(|sync| head::lines(sync, |key| lists.look(key), &viewer)))
            .unwrap_or_default()
    }

    /// Where one may make lists. Follows changes.
    pub fn list_owners(self) -> Vec<Owner> {
        self.store.lists.revision.track();
        self.store
            .viewer(clock::now(), clock::zone)
            .and_then(|viewer| self.look(|sync| head::owners(sync, &viewer)))
            .unwrap_or_default()
    }

    /// How much there is in a space, here and at the record: entries of its log.
    pub fn size_of(self, space: SpaceId) -> u64 {
        let size = |sync: &Sync| Some(sync.space(space)?.confirmed().head.seq.value());
        self.look(size).flatten().unwrap_or_default()
    }

    /// The space of one's own lists, if there is one yet.
    pub fn own_space_now(self) -> Option<SpaceId> {
        let own = |sync: &Sync| {
            sync.spaces()
                .find(|space| space.kind() == SpaceKind::Own)
                .map(Space::id)
        };
        self.look(own).flatten()
    }

    /// The space of one's own lists. The record makes it when it is first asked for.
    pub async fn own_space(self) -> Result<SpaceId, AskError> {
        let own = if let Some(own) = self.own_space_now() {
            own
        } else {
            let request = OpId::make(clock::now(), clock::random());
            self.start(SpaceKind::Own, String::new(), Vec::new(), request)
                .await?
        };
        if self.begins(own).await {
            Ok(own)
        } else {
            Err(AskError::Unreachable)
        }
    }

    /// Waits for the first entry of a space that was just made: nothing can be done in it before. False when it does not come.
    pub(super) async fn begins(self, space: SpaceId) -> bool {
        let has_begun = |sync: &Sync| {
            sync.space(space)
                .is_some_and(|space| space.shown().kind.is_some())
        };
        for _ in 0..BEGINS {
            if self.look(has_begun).unwrap_or_default() {
                return true;
            }
            web::wait(20).await;
        }
        false
    }

    /// Makes a list.
    pub fn make_list(self, space: SpaceId, title: &str, source: Option<Source>) -> Result<ListKey, Refusal> {
        let title = Personal::from(title.trim());
        let list = self.act_list(space, ListOp::Created(Created { title, source }))?;
        Ok(ListKey { space, list })
    }

    /// Changes the title of a list. `basis` is what the author had before them.
    pub fn rename_list(self, key: ListKey, title: &str, basis: Basis) -> Result<OpId, Refusal> {
        let Basis { base, after } = basis;
        let (list, title) = (key.list, Personal::from(title.trim()));
        self.act_list(
            key.space,
            ListOp::Renamed(Renamed {
                list,
                title,
                base,
                after,
            }),
        )
    }

    /// What to name in a change of the title that begins now.
    pub fn title_basis(self, key: ListKey) -> Basis {
        self.in_list(key, |list| list.title.basis()).unwrap_or_default()
    }

    /// Puts a list into the archive, or takes it out.
    pub fn archive_list(self, key: ListKey, is_archived: bool) -> Result<OpId, Refusal> {
        let list = key.list;
        let op = if is_archived {
            ListOp::Archived(Archived { list })
        } else {
            ListOp::Restored(Restored { list })
        };
        self.act_list(key.space, op)
    }

    /// What to name in an edit of a cell that begins now.
    pub fn cell_basis(self, cell: CellKey) -> Basis {
        self.in_list(cell.list, |list| {
            list.row(cell.patient).map(|row| row.basis(cell.field))
        })
        .flatten()
        .unwrap_or_default()
    }

    /// Writes in a cell. `basis` is what the author had before them when they began.
    pub fn write_cell(self, cell: CellKey, text: &str, basis: Basis) -> Result<OpId, Refusal> {
        let set = FieldSet {
            list: cell.list.list,
            patient: cell.patient,
            field: cell.field,
            text: Personal::from(text.trim_end()),
            base: basis.base,
            after: basis.after,
        };
        let done = self.act_list(cell.list.space, ListOp::FieldSet(set))?;
        self.store.lists.set_draft(cell, None);
        Ok(done)
    }

    /// Takes a patient off a list.
    pub fn take_off_list(self, key: ListKey, patient: PatientId) -> Result<OpId, Refusal> {
        let list = key.list;
        self.act_list(
            key.space,
            ListOp::PatientRemoved(PatientRemoved { list, patient }),
        )
    }

    /// Puts a patient back where they were, with what was written.
    pub fn put_back_on_list(
        self,
        key: ListKey,
        patient: PatientId,
        after: Option<PatientId>,
    ) -> Result<OpId, Refusal> {
        let list = key.list;
        self.act_list(key.space, ListOp::PatientAdded(PatientAdded { list, patient }))?;
        self.move_on_list(key, patient, after)
    }

    /// Moves a row behind another, or to the top.
    pub fn move_on_list(
        self,
        key: ListKey,
        patient: PatientId,
        after: Option<PatientId>,
    ) -> Result<OpId, Refusal> {
        let list = key.list;
        self.act_list(key.space, ListOp::Moved(Moved { list, patient, after }))
    }

    /// Adds a column of the list's own.
    pub fn add_column(self, key: ListKey, title: &str) -> Result<OpId, Refusal> {
        let (list, title) = (key.list, Personal::from(title.trim()));
        self.act_list(key.space, ListOp::ColumnAdded(ColumnAdded { list, title }))
    }

    /// Removes a column of the list's own. What was written in it stays in its history.
    pub fn remove_column(self, key: ListKey, column: OpId) -> Result<OpId, Refusal> {
        let list = key.list;
        self.act_list(key.space, ListOp::ColumnRemoved(ColumnRemoved { list, column }))
    }

    /// Copies a list as it is shown: title, columns, rows in order and what is written. Where versions wait to be settled the
    /// copy has all of them in one text. Who left is copied as one who is on it.
    pub fn copy_list(self, key: ListKey, to: SpaceId, title: &str) -> Result<ListKey, Refusal> {
        let from = self.in_list(key, Clone::clone).ok_or(Refusal::NoList)?;
        let made = self.make_list(to, title, None)?;
        self.change(|sync| copy(&from, made, sync))
            .unwrap_or(Err(Refusal::NotMember))?;
        Ok(made)
    }

    /// The reader has seen those rows of a list.
    pub fn see_rows(self, key: ListKey, rows: &SortedSet<PatientId>) {
        let (lists, mood) = (&self.store.lists, self.store.mood_now());
        if let Some(viewer) = self.store.viewer(clock::now(), clock::zone) {
            self.look(|sync| lists.see(key, rows, sync, mood, &viewer));
        }
    }

    /// What this device holds of the history of a list.
    pub fn held_history(self, key: ListKey) -> Vec<Deed> {
        self.store
            .viewer(clock::now(), clock::zone)
            .and_then(|viewer| self.in_list(key, |list| history::held(list, &viewer)))
            .unwrap_or_default()
    }

    /// The whole history of a list, as the record has it.
    pub async fn whole_history(self, key: ListKey) -> Result<Vec<Deed>, AskError> {
        let (mut before, mut pages) = (HistoryOf::NEWEST, Vec::<Vec<Past>>::new());
        loop {
            let question = HistoryOf {
                space: key.space,
                target: key.list,
                before,
                limit: PAGE,
            };
            let answer: HistoryOfAnswer = self.ask(HISTORY_OF_PATH, &question).await?;
            let past = self.change(|sync| sync.read_about(key.space, &answer.entries));
            pages.push(past.flatten().ok_or(AskError::Malformed)?);
            let first = answer.entries.first().map(|entry| entry.seq);
            match first.filter(|first| !answer.is_start && *first < before && *first > Seq::ZERO) {
                Some(first) => before = first,
                None => break,
            }
        }
        let past: Vec<Past> = pages.into_iter().rev().flatten().collect();
        let viewer = self
            .store
            .viewer(clock::now(), clock::zone)
            .ok_or(AskError::Unreachable)?;
        Ok(history::of_log(&past, &viewer))
    }

    fn act_list(self, space: SpaceId, op: ListOp) -> Result<OpId, Refusal> {
        let done = self.act(space, Body::List(op));
        if let Ok(op) = &done {
            self.store.lists.sheet.note_mine(*op);
        }
        done
    }

    fn in_list<R>(self, key: ListKey, look: impl FnOnce(&List) -> R) -> Option<R> {
        self.look(|sync| sync.space(key.space)?.shown().lists.find(key.list).map(look))?
    }
}

fn copy(from: &List, to: ListKey, sync: &mut Sync) -> Result<(), Refusal> {
    let list = to.list;
    let mut act = |op: ListOp| sync.act(to.space, Body::List(op), clock::now(), &mut clock::rng());
    let mut columns = Vec::new();
    for column in from.columns() {
        let title = column.title.clone();
        columns.push((column.id, act(ListOp::ColumnAdded(ColumnAdded { list, title }))?));
    }
    for row in from.rows().filter(|row| row.left.is_none()) {
        let patient = row.patient;
        act(ListOp::PatientAdded(PatientAdded { list, patient }))?;
        for (field, text) in row.fields() {
            let Some(field) = copied(field, &columns) else {
                continue;
            };
            // What nobody has settled is not settled in the copy either: each version is one that has seen nothing of the others.
            for version in text
                .current()
                .iter()
                .filter(|version| !version.text.as_str().is_empty())
            {
                act(ListOp::FieldSet(FieldSet {
                    list,
                    patient,
                    field,
                    text: version.text.clone(),
                    base: Seq::ZERO,
                    after: Vec::new(),
                }))?;
            }
        }
    }
    Ok(())
}

/// The same field in a copy; `None` for that of a column that was removed.
fn copied(field: Field, columns: &[(OpId, OpId)]) -> Option<Field> {
    match field {
        Field::Column(column) => {
            let copy = columns.iter().find(|(from, _)| *from == column);
            copy.map(|(_, to)| Field::Column(*to))
        }
        Field::ExpectedDischarge | Field::Flags | Field::Jobs | Field::Resuscitation | Field::Summary => {
            Some(field)
        }
    }
}
