//! Lists of patients, of teams and of one's own: the one that is open, how this person looks at each, and what they are
//! writing in cells. The vault keeps the last two.

use std::rc::Rc;

use crate::part::derived::{RwSignal, StoredValue};
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::state::{Change, List, SpaceState};
use baton_core::sync::{Shown, Sync};

use super::Viewer;
use super::connection::Mood;

pub mod arrange;
pub(super) mod describe;
pub mod head;
pub mod history;
pub mod look;
pub mod row;
pub mod sheet;

use look::{CellDraft, CellKey, ListKey, Look, View};
use sheet::Sheet;

/// What is to be kept anew of how a person looks at lists and writes in them.
#[derive(Default)]
pub struct Unkept {
    /// How they look at them.
    pub looks: Vec<(ListKey, Look)>,
    /// What they are writing; `None`: nothing any more.
    pub cells: Vec<(CellKey, Option<CellDraft>)>,
}

impl Unkept {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.looks.is_empty() && self.cells.is_empty()
    }
}

/// The lists.
#[derive(Clone, Copy)]
pub struct Lists {
    /// Counts up whenever a list may have changed, for what is described on demand.
    pub revision: RwSignal<u32>,
    /// The open list.
    pub sheet: Sheet,
    looks: RwSignal<SortedMap<ListKey, Look>>,
    cells: RwSignal<SortedMap<CellKey, CellDraft>>,
    unkept_looks: StoredValue<SortedSet<ListKey>>,
    unkept_cells: StoredValue<SortedSet<CellKey>>,
    /// Told that something is to be kept.
    keeps: leptos::prelude::StoredValue<Option<Rc<dyn Fn()>>, LocalStorage>,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self {
            revision: RwSignal::new(0),
            sheet: Sheet::new(),
            looks: RwSignal::new(SortedMap::new()),
            cells: RwSignal::new(SortedMap::new()),
            unkept_looks: StoredValue::new(SortedSet::new()),
            unkept_cells: StoredValue::new(SortedSet::new()),
            keeps: leptos::prelude::StoredValue::new_local(None),
        }
    }

    /// Brings the lists up to date with the machine.
    pub(super) fn refresh(&self, sync: &Sync, shown: &[Shown], mood: Mood, viewer: &Viewer) {
        let open = self.sheet.key_now().map(|key| key.space);
        let (mut any, mut sheet) = (false, false);
        for change in shown {
            match change {
                Shown::Space(space, changes) => {
                    let is_of_lists = |change: &Change| match change {
                        Change::About | Change::List(_) | Change::Members | Change::Patient(_) => true,
                        Change::Added(_)
                        | Change::Amended(_)
                        | Change::Duty(_)
                        | Change::Handover(_)
                        | Change::Role(_)
                        | Change::Sheet(_)
                        | Change::Task(_)
                        | Change::Templates => false,
                    };
                    let is_told = changes.iter().any(is_of_lists);
                    any |= is_told;
                    // What is known of a patient is the same in every space.
                    let is_patient = changes.iter().any(|change| matches!(change, Change::Patient(_)));
                    // Of a resuscitation status the handover sheet is shown beside it.
                    let is_sheet = changes.iter().any(|change| matches!(change, Change::Sheet(_)));
                    sheet |= ((is_told || is_sheet) && Some(*space) == open) || is_patient;
                }
                Shown::Outbox(space) => {
                    any = true;
                    sheet |= Some(*space) == open;
                }
                Shown::Spaces => (any, sheet) = (true, true),
                Shown::Connection => sheet = true,
                Shown::Cursors(_) | Shown::History(_) | Shown::Typing(_) => {}
            }
        }
        if any {
            self.revision
                .update(|revision| *revision = revision.wrapping_add(1));
        }
        if sheet {
            self.refresh_sheet(sync, mood, viewer);
        }
    }

    /// Brings the open list up to date with the machine. The first time that somebody looks at a list, all of it counts as
    /// seen: nothing of it is news.
    pub(crate) fn refresh_sheet(&self, sync: &Sync, mood: Mood, viewer: &Viewer) {
        let Some(key) = self.sheet.key_now() else { return };
        let look = self.look_now(key);
        self.sheet.refresh(sync, &look, mood, viewer);
        let is_first = look.seen.is_none() && !self.sheet.with_header_now(|header| header.is_missing);
        if is_first {
            let all = self.sheet.own_order().into_iter().collect();
            self.see(key, &all, sync, mood, viewer);
        }
    }

    /// Opens a list (or none).
    pub(crate) fn open(&self, key: Option<ListKey>, sync: &Sync, mood: Mood, viewer: &Viewer) {
        self.sheet.open(key);
        self.refresh_sheet(sync, mood, viewer);
    }

    /// The reader has seen those rows of the open list.
    pub(crate) fn see(
        &self,
        key: ListKey,
        rows: &SortedSet<PatientId>,
        sync: &Sync,
        mood: Mood,
        viewer: &Viewer,
    ) {
        let Some(space) = sync.space(key.space) else {
            return;
        };
        let head = space.confirmed().head.seq;
        let before = self.look_now(key).seen;
        let seen = self.sheet.seen(rows, before.as_ref(), head, viewer);
        self.change_look(key, |look| look.seen = Some(seen));
        let look = self.look_now(key);
        self.sheet.refresh(sync, &look, mood, viewer);
    }

    /// How this person looks at a list. Follows changes.
    pub fn look(&self, key: ListKey) -> Look {
        self.looks
            .with(|looks| looks.get(&key).cloned())
            .unwrap_or_default()
    }

    /// How this person looks at a list now.
    pub fn look_now(&self, key: ListKey) -> Look {
        self.looks
            .with_untracked(|looks| looks.get(&key).cloned())
            .unwrap_or_default()
    }

    /// Order, grouping, filter and columns of a list. Follows changes.
    pub fn view(&self, key: ListKey) -> View {
        self.look(key).view
    }

    /// Changes order, grouping, filter or columns of a list.
    pub fn change_view(&self, key: ListKey, change: impl FnOnce(&mut View)) {
        self.change_look(key, |look| change(&mut look.view));
        if self.sheet.key_now() == Some(key) {
            self.sheet.rearrange(&self.look_now(key).view);
        }
    }

    fn change_look(&self, key: ListKey, change: impl FnOnce(&mut Look)) {
        self.looks.update(|looks| change(looks.or_default(key)));
        self.unkept_looks.update_value(|unkept| _ = unkept.insert(key));
        self.tell_keeper();
    }

    /// What is being written in a cell. Follows changes.
    pub fn draft(&self, cell: CellKey) -> Option<CellDraft> {
        self.cells.with(|cells| cells.get(&cell).cloned())
    }

    /// What is being written in a cell now.
    pub fn draft_now(&self, cell: CellKey) -> Option<CellDraft> {
        self.cells.with_untracked(|cells| cells.get(&cell).cloned())
    }

    /// Cells of a list in which something is written and not saved. Follows changes.
    pub fn drafts_of(&self, list: ListKey) -> Vec<CellKey> {
        self.cells
            .with(|cells| cells.keys().filter(|cell| cell.list == list).copied().collect())
    }

    /// How many one would lose by closing the tab.
    pub fn begun(&self) -> usize {
        self.cells.with_untracked(SortedMap::len)
    }

    /// Changes what is being written in a cell; `None`: nothing any more.
    pub fn set_draft(&self, cell: CellKey, draft: Option<CellDraft>) {
        self.put_back_cell(cell, draft);
        self.unkept_cells.update_value(|unkept| _ = unkept.insert(cell));
        self.tell_keeper();
    }

    fn tell_keeper(&self) {
        let keeps = self.keeps.try_with_value(Clone::clone).flatten();
        if let Some(keeps) = keeps {
            keeps();
        }
    }

    /// From now on tells `keeps` when something is to be kept.
    pub fn tell(&self, keeps: impl Fn() + 'static) {
        self.keeps.set_value(Some(Rc::new(keeps)));
    }

    /// Takes what is to be kept anew.
    pub fn take_unkept(&self) -> Unkept {
        let looks = self
            .unkept_looks
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        let cells = self
            .unkept_cells
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        Unkept {
            looks: looks.into_iter().map(|key| (key, self.look_now(key))).collect(),
            cells: cells
                .into_iter()
                .map(|cell| (cell, self.draft_now(cell)))
                .collect(),
        }
    }

    /// These could not be kept.
    pub fn unkeep(&self, unkept: &Unkept) {
        self.unkept_looks
            .update_value(|all| all.extend(unkept.looks.iter().map(|(key, _)| *key)));
        self.unkept_cells
            .update_value(|all| all.extend(unkept.cells.iter().map(|(cell, _)| *cell)));
    }

    /// Puts back how a list was looked at, as the vault kept it or another tab says.
    pub fn put_back_look(&self, key: ListKey, look: Look) {
        self.looks.update(|looks| _ = looks.insert(key, look));
        if self.sheet.key_now() == Some(key) {
            self.sheet.rearrange(&self.look_now(key).view);
        }
    }

    /// Puts back what was being written in a cell, as the vault kept it or another tab says.
    pub fn put_back_cell(&self, cell: CellKey, draft: Option<CellDraft>) {
        self.cells.update(|cells| match draft {
            Some(draft) => _ = cells.insert(cell, draft),
            None => _ = cells.remove(&cell),
        });
        if self.sheet.key_now() == Some(cell.list) {
            self.sheet.bump(cell.patient);
        }
    }

    pub(super) fn clear(&self) {
        self.revision.set(0);
        self.sheet.clear();
        self.looks.set(SortedMap::new());
        self.cells.set(SortedMap::new());
        self.unkept_looks.set_value(SortedSet::new());
        self.unkept_cells.set_value(SortedSet::new());
        self.keeps.set_value(None);
    }
}

/// Who wrote on the lists of a space: they may belong to it no longer.
pub(super) fn authors(state: &SpaceState) -> impl Iterator<Item = UserId> {
    let of_row = |row: &baton_core::state::Row| {
        let texts = row.fields().flat_map(|(_, text)| text.versions());
        let mut authors: Vec<UserId> = texts.map(|version| version.stamp.by).collect();
        authors.push(row.added.stamp.by);
        authors
    };
    let of_list = move |(_, list): (OpId, &List)| {
        let rows = list.rows().flat_map(of_row);
        let removed = list.removed().map(|removed| removed.by.stamp.by);
        let authors: SortedSet<UserId> = rows
            .chain(removed)
            .filter(|user| *user != UserId::RECORD)
            .collect();
        authors
    };
    state.lists.iter().flat_map(of_list)
}
