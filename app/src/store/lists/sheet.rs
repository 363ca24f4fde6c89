//! The open list: its rows as signals, each with its own, so that what did not change is not drawn again.

use std::sync::Arc;

use crate::part::derived::{RwSignal, StoredValue};
use crate::prelude::*;
use baton_core::chain::Seq;
use baton_core::date::LocalMoment;
use baton_core::id::{OpId, PatientId};
use baton_core::op::list::Field;
use baton_core::op::space::SpaceKind;
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::patient::Patient;
use baton_core::state::List;
use baton_core::sync::{Space, Sync};

use super::arrange::{Arrangement, Entry, Facts, arrange};
use super::describe::{self, Describe};
use super::head;
use super::look::{ListKey, Look, Seen, SeenRow, View};
use super::row::{Header, SheetRow};

use crate::moment;
use crate::store::connection::Mood;
use crate::store::patients::Face;
use crate::store::{Viewer, inbox};

/// A row on the screen.
#[derive(Clone)]
pub struct RowSignals {
    /// What it shows.
    pub row: ArcRwSignal<SheetRow>,
    /// Cells of it in which somebody is writing.
    pub editing: ArcRwSignal<SortedSet<Field>>,
    /// Counts up when what is being written in it changes.
    pub drafts: ArcRwSignal<u32>,
    /// Whether the filter lets it be seen.
    pub is_shown: ArcRwSignal<bool>,
}

/// The open list.
#[derive(Clone, Copy)]
pub struct Sheet {
    key: RwSignal<Option<ListKey>>,
    /// Which opening of a list it is: a row that is on two lists is not drawn for one with what is of the other.
    opening: StoredValue<u32>,
    header: RwSignal<Header>,
    arranged: RwSignal<Arrangement>,
    /// All rows and headings in order, those too that a filter hides: a filter only hides and shows what is there.
    slots: RwSignal<Vec<Slot>>,
    rows: StoredValue<SortedMap<PatientId, RowSignals>>,
    /// The rows in the list's own order.
    own_order: StoredValue<Vec<PatientId>>,
    faces: StoredValue<Faces>,
    likeness: StoredValue<Alike>,
    /// What this person did here since they opened it.
    mine: StoredValue<SortedSet<OpId>>,
}

/// A place in the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A heading.
    Group(String),
    /// A patient's row.
    Row(PatientId),
}

impl From<Entry> for Slot {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Group(title, _) => Self::Group(title),
            Entry::Row(patient) => Self::Row(patient),
        }
    }
}

/// How patients were last described: a banner is not built anew for each key that somebody types.
#[derive(Default)]
struct Faces {
    at: Option<LocalMoment>,
    known: SortedMap<PatientId, Known>,
}

/// A patient, the one into whom they were merged, and how they are shown.
type Known = (Arc<Patient>, Option<Arc<Patient>>, Face);

/// Like names, and of whom they are.
#[derive(Default)]
struct Alike {
    of: Vec<(PatientId, u64)>,
    labels: SortedMap<PatientId, &'static str>,
}

impl Sheet {
    pub(super) fn new() -> Self {
        Self {
            key: RwSignal::new(None),
            opening: StoredValue::new(0),
            header: RwSignal::new(Header::default()),
            arranged: RwSignal::new(Arrangement::default()),
            slots: RwSignal::new(Vec::new()),
            rows: StoredValue::new(SortedMap::new()),
            own_order: StoredValue::new(Vec::new()),
            faces: StoredValue::new(Faces::default()),
            likeness: StoredValue::new(Alike::default()),
            mine: StoredValue::new(SortedSet::new()),
        }
    }

    /// Which list is open, without following it.
    pub fn key_now(&self) -> Option<ListKey> {
        self.key.get_untracked()
    }

    /// Which opening of a list it is.
    pub fn opening(&self) -> u32 {
        self.opening.get_value()
    }

    /// What stands around the rows.
    pub fn header(&self) -> Header {
        self.header.get()
    }

    /// Looks at what stands around the rows.
    pub fn with_header<R>(&self, look: impl FnOnce(&Header) -> R) -> R {
        self.header.with(look)
    }

    /// Looks at what stands around the rows now.
    pub fn with_header_now<R>(&self, look: impl FnOnce(&Header) -> R) -> R {
        self.header.with_untracked(look)
    }

    /// What is shown, in order.
    pub fn arranged(&self) -> RwSignal<Arrangement> {
        self.arranged
    }

    /// All rows and headings, in order.
    pub fn slots(&self) -> RwSignal<Vec<Slot>> {
        self.slots
    }

    /// What is being written in a row is another.
    pub(super) fn bump(&self, patient: PatientId) {
        if let Some(signals) = self.row(patient) {
            signals.drafts.update(|drafts| *drafts = drafts.wrapping_add(1));
        }
    }

    /// A row.
    pub fn row(&self, patient: PatientId) -> Option<RowSignals> {
        self.rows
            .try_with_value(|rows| rows.get(&patient).cloned())
            .flatten()
    }

    /// A row as it is now.
    pub fn row_now(&self, patient: PatientId) -> Option<SheetRow> {
        self.row(patient).map(|signals| signals.row.get_untracked())
    }

    /// All rows as they are now, in the list's own order.
    pub fn rows_now(&self) -> Vec<SheetRow> {
        let order = self.own_order.get_value();
        order
            .into_iter()
            .filter_map(|patient| self.row_now(patient))
            .collect()
    }

    /// The rows in the list's own order.
    pub fn own_order(&self) -> Vec<PatientId> {
        self.own_order.get_value()
    }

    /// Notes what this person did, so that it is said where it is.
    pub(crate) fn note_mine(&self, op: OpId) {
        self.mine.update_value(|mine| _ = mine.insert(op));
    }

    pub(super) fn open(&self, key: Option<ListKey>) {
        self.rows.set_value(SortedMap::new());
        self.own_order.set_value(Vec::new());
        self.likeness.set_value(Alike::default());
        self.mine.set_value(SortedSet::new());
        self.arranged.set(Arrangement::default());
        self.slots.set(Vec::new());
        self.header.set(Header::default());
        self.opening
            .update_value(|opening| *opening = opening.wrapping_add(1));
        self.key.set(key);
    }

    pub(super) fn clear(&self) {
        self.open(None);
        self.faces.set_value(Faces::default());
    }

    /// Rebuilds what is shown. `look` is how the reader looks at it.
    pub(super) fn refresh(&self, sync: &Sync, look: &Look, mood: Mood, viewer: &Viewer) {
        let Some(key) = self.key_now() else { return };
        let found = sync
            .space(key.space)
            .and_then(|space| Some((space, space.shown().lists.find(key.list)?)));
        let Some((space, list)) = found else {
            let missing = Header {
                is_missing: true,
                ..Header::default()
            };
            return set_changed(self.header, missing);
        };
        self.refresh_rows(list, space, look.seen.as_ref(), viewer);
        self.refresh_header(sync, space, key, list, look.seen.as_ref(), mood, viewer);
        self.rearrange(&look.view);
    }

    fn refresh_rows(&self, list: &List, space: &Space, seen: Option<&Seen>, viewer: &Viewer) {
        self.refresh_likeness(list, viewer);
        let columns = describe::columns(list);
        let names_facility = space.kind() == SpaceKind::Own || facilities(list, viewer) > 1;
        let described: Vec<SheetRow> = self.likeness.with_value(|alike| {
            self.mine.with_value(|mine| {
                let describe = Describe {
                    viewer,
                    state: space.shown(),
                    columns: &columns,
                    seen,
                    mine,
                    likeness: &alike.labels,
                    names_facility,
                };
                let row = |row: &baton_core::state::Row| {
                    let stands = viewer.patients.resolve_now(row.patient);
                    describe.row(row, stands, self.face(stands, viewer))
                };
                list.rows().map(row).collect()
            })
        });
        self.own_order
            .set_value(described.iter().map(|row| row.patient).collect());
        self.rows.update_value(|shown| {
            let mut kept = SortedMap::new();
            for row in described {
                let patient = row.patient;
                let signals = match shown.remove(&patient) {
                    Some(signals) => {
                        if signals.row.with_untracked(|old| *old != row) {
                            signals.row.set(row);
                        }
                        signals
                    }
                    None => RowSignals {
                        row: ArcRwSignal::new(row),
                        editing: ArcRwSignal::new(SortedSet::new()),
                        drafts: ArcRwSignal::new(0),
                        is_shown: ArcRwSignal::new(true),
                    },
                };
                kept.insert(patient, signals);
            }
            *shown = kept;
        });
    }

    /// Who stands for a row; described anew when they are another version, or a minute went by.
    fn face(&self, stands: PatientId, viewer: &Viewer) -> Option<Face> {
        let patient = viewer.patients.find_now(stands)?;
        let survivor = patient
            .merged_into
            .and_then(|into| viewer.patients.find_now(into));
        let now = LocalMoment::in_uk(viewer.now);
        self.faces.try_update_value(|faces| {
            if faces.at != Some(now) {
                faces.known.clear();
                faces.at = Some(now);
            }
            if let Some((known, into, face)) = faces.known.get(&stands)
                && Arc::ptr_eq(known, &patient)
                && *into == survivor
            {
                return face.clone();
            }
            let face = Face::of(&patient, now, survivor.as_deref());
            faces.known.insert(stands, (patient, survivor, face.clone()));
            face
        })
    }

    /// Compares the names of all on the list, when they are others than before.
    fn refresh_likeness(&self, list: &List, viewer: &Viewer) {
        let patients: Vec<Arc<Patient>> = list
            .rows()
            .filter_map(|row| viewer.patients.standing_now(row.patient))
            .collect();
        let of: Vec<(PatientId, u64)> = patients
            .iter()
            .map(|patient| (patient.id, patient.version))
            .collect();
        if self.likeness.with_value(|alike| alike.of == of) {
            return;
        }
        let ids: Vec<PatientId> = of.iter().map(|(id, _)| *id).collect();
        let labels = viewer.patients.alike(&ids);
        self.likeness.set_value(Alike { of, labels });
    }

    #[expect(clippy::too_many_arguments, reason = "each is a thing of its own")]
    fn refresh_header(
        &self,
        sync: &Sync,
        space: &Space,
        key: ListKey,
        list: &List,
        seen: Option<&Seen>,
        mood: Mood,
        viewer: &Viewer,
    ) {
        let rows = self.rows_now();
        let facts = || rows.iter().map(|row| &row.facts);
        let (as_of, is_live) = head::as_of(sync, space, mood, viewer);
        let full = |at| moment::full(at, viewer.now, viewer.zone);
        let is_own = space.kind() == SpaceKind::Own;
        let conflicts = rows
            .iter()
            .flat_map(|row| &row.cells)
            .filter(|cell| cell.is_in_conflict());
        let header = Header {
            is_missing: false,
            title: list.title.newest().to_owned(),
            other_titles: head::other_titles(list),
            owner: if is_own {
                head::MINE.to_owned()
            } else {
                inbox::face(space, viewer).title
            },
            is_own,
            includes: head::includes(list),
            archived: list.archived.map(|mark| full(mark.stamp.at)),
            may_write: space.is_open() && list.archived.is_none(),
            columns: describe::columns(list),
            flags: distinct(facts().flat_map(|facts| &facts.flags)),
            consultants: distinct(facts().map(|facts| &facts.consultant)),
            since: seen.map(|seen| full(seen.at)),
            changed: rows.iter().filter(|row| row.is_changed()).count(),
            taken_off: head::taken_off(list, seen, viewer),
            conflicts: conflicts.count(),
            refused: head::refused(space, key.list, list, viewer),
            as_of,
            is_live,
        };
        set_changed(self.header, header);
    }

    /// Orders, groups and filters the rows that are here.
    pub(super) fn rearrange(&self, view: &View) {
        let facts: Vec<(PatientId, Arc<Facts>)> = self.rows.with_value(|rows| {
            let order = self.own_order.get_value();
            let facts = order.into_iter().filter_map(|patient| {
                let signals = rows.get(&patient)?;
                Some((patient, signals.row.with_untracked(|row| row.facts.clone())))
            });
            facts.collect()
        });
        let arranged = arrange(&facts, view);
        let shown: SortedSet<PatientId> = arranged.rows().collect();
        self.rows.with_value(|rows| {
            for (patient, signals) in rows {
                let is_shown = shown.contains(patient);
                if signals.is_shown.get_untracked() != is_shown {
                    signals.is_shown.set(is_shown);
                }
            }
        });
        let mut wide = view.clone();
        wide.widen();
        let slots = if view.is_filtered() {
            arrange(&facts, &wide).entries
        } else {
            arranged.entries.clone()
        };
        set_changed(self.slots, slots.into_iter().map(Slot::from).collect());
        set_changed(self.arranged, arranged);
    }

    /// What has been seen once those who are on the screen are: the others stay marked as they are.
    pub(super) fn seen(
        &self,
        shown: &SortedSet<PatientId>,
        before: Option<&Seen>,
        head: Seq,
        viewer: &Viewer,
    ) -> Seen {
        let mut rows = before.map(|seen| seen.rows.clone()).unwrap_or_default();
        let here: SortedSet<PatientId> = self.own_order.with_value(|order| order.iter().copied().collect());
        rows.retain(|patient, _| here.contains(patient));
        for row in self.rows_now().iter().filter(|row| shown.contains(&row.patient)) {
            let place = row.place.line();
            rows.insert(row.patient, SeenRow { seq: head, place });
        }
        Seen {
            seq: head,
            at: viewer.now,
            rows,
        }
    }
}

/// In how many hospitals or homes those on a list are.
fn facilities(list: &List, viewer: &Viewer) -> usize {
    let facility = |row: &baton_core::state::Row| {
        let patient = viewer.patients.standing_now(row.patient)?;
        let place = patient.visit.as_ref()?.place.as_ref()?;
        Some(place.facility.clone())
    };
    list.rows().filter_map(facility).collect::<SortedSet<_>>().len()
}

fn distinct<'a>(all: impl Iterator<Item = &'a String>) -> Vec<String> {
    let all: SortedSet<&String> = all.filter(|text| !text.is_empty()).collect();
    all.into_iter().cloned().collect()
}

fn set_changed<T: PartialEq + Send + core::marker::Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
