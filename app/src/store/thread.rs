//! The open conversation: the part of its timeline that is on the screen, as rows that are ready to be shown.
//!
//! Only a window of the timeline is turned into rows (at most [`WINDOW`]), so that a thread of 10,000 messages costs no
//! more than one of 300. Each row has a signal of its own: what did not change is not drawn again.

use crate::part::derived::{RwSignal, StoredValue};
use crate::prelude::*;
use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::ordered::SortedMap;
use baton_core::sync::{HistoryState, Space};

use super::Viewer;
use super::inbox::{self, Face};

mod describe;
mod row;
mod window;

pub(crate) use describe::quote;
pub use row::{Kind, MessageRow, Quote, Row, StatusLine, Tick};
use window::{Part, Window};
pub use window::{STEP, WINDOW};

/// What stands above the rows.
#[expect(clippy::struct_excessive_bools, reason = "each is shown on its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// What the conversation is called.
    pub title: String,
    /// Job title and organisation of the other, or how many members.
    pub role: String,
    /// Letters of its picture.
    pub initials: String,
    /// Colour of its picture.
    pub tint: u8,
    /// Two people, so that "read" needs no count.
    pub is_direct: bool,
    /// The patient around whom it is.
    pub about: Option<PatientId>,
    /// Other organisations whose staff read along.
    pub outside: Vec<String>,
    /// False when this person may no longer write.
    pub is_open: bool,
    /// True where only administrators write, and this person is none.
    pub is_read_only: bool,
    /// Whether there is older history than what is held.
    pub has_more: bool,
    /// Whether older history is on its way.
    pub is_loading: bool,
    /// True before anything has arrived.
    pub is_empty: bool,
    /// Conflicting names that wait for somebody to settle them.
    pub other_titles: Vec<String>,
}

/// The open conversation.
#[derive(Clone, Copy)]
pub struct Thread {
    space: RwSignal<Option<SpaceId>>,
    header: RwSignal<Header>,
    keys: RwSignal<Vec<OpId>>,
    rows: StoredValue<SortedMap<OpId, ArcRwSignal<Row>>>,
    window: RwSignal<Window>,
    /// Where the "New" divider stands; it stays while the conversation is open.
    first_unread: RwSignal<Option<Seq>>,
    /// Whether rows are left out after the window.
    is_cut_below: RwSignal<bool>,
    /// Whether rows are left out before the window.
    is_cut_above: RwSignal<bool>,
    typing: RwSignal<String>,
    /// Whether a page of history was asked for, to be shown when it comes.
    wants_older: StoredValue<bool>,
    /// A message that somebody is on their way to.
    wanted: StoredValue<Option<OpId>>,
}

impl Thread {
    pub(super) fn new() -> Self {
        Self {
            space: RwSignal::new(None),
            header: RwSignal::new(Header::default()),
            keys: RwSignal::new(Vec::new()),
            rows: StoredValue::new(SortedMap::new()),
            window: RwSignal::new(Window::Newest { rows: STEP }),
            first_unread: RwSignal::new(None),
            is_cut_below: RwSignal::new(false),
            is_cut_above: RwSignal::new(false),
            typing: RwSignal::new(String::new()),
            wants_older: StoredValue::new(false),
            wanted: StoredValue::new(None),
        }
    }

    /// The conversation that is opened next is to show this message.
    pub fn want(&self, message: OpId) {
        self.wanted.set_value(Some(message));
    }

    /// Takes the message that is to be shown.
    pub fn take_wanted(&self) -> Option<OpId> {
        self.wanted.try_update_value(Option::take).flatten()
    }

    /// Opens a conversation (or none), with the window so that the first unread message is in it.
    pub(super) fn open(&self, id: Option<SpaceId>, space: Option<&Space>, viewer: &Viewer) {
        self.rows.set_value(SortedMap::new());
        self.keys.set(Vec::new());
        self.typing.set(String::new());
        self.first_unread.set(None);
        self.wants_older.set_value(false);
        self.window.set(Window::Newest { rows: STEP });
        self.header.set(Header {
            is_empty: true,
            is_open: true,
            ..Header::default()
        });
        self.space.set(id);
        if let Some(space) = space {
            self.mark_unread(space);
            self.refresh(space, viewer);
        }
    }

    /// Puts the divider at the first unread message and widens the window up to it.
    fn mark_unread(&self, space: &Space) {
        let Some(first) = space.first_unread() else {
            return;
        };
        self.first_unread.set(Some(first));
        self.window.set(Window::around_unread(space, first));
    }

    /// The person no longer belongs to the open conversation: what was said is no longer shown, and the page says why.
    /// Nothing happens while the conversation has not been shown yet, since then it may still come.
    pub(super) fn lose(&self) {
        if self.header.with_untracked(|header| header.title.is_empty()) {
            return;
        }
        self.header.update(|header| {
            header.is_open = false;
            header.is_loading = false;
            header.has_more = false;
        });
        self.rows.set_value(SortedMap::new());
        self.keys.set(Vec::new());
        self.typing.set(String::new());
    }

    /// Rebuilds what is shown of the open conversation.
    pub(super) fn refresh(&self, space: &Space, viewer: &Viewer) {
        if self.first_unread.get_untracked().is_none() && self.keys.with_untracked(Vec::is_empty) {
            self.mark_unread(space);
        }
        self.refresh_header(space, viewer);
        let has_come = !matches!(space.history(), HistoryState::Loading);
        if has_come
            && self
                .wants_older
                .try_update_value(std::mem::take)
                .unwrap_or_default()
        {
            self.widen(space);
        }
        self.refresh_rows(space, viewer);
        self.refresh_typing(space, viewer);
    }

    /// Shows the page of history that is asked for next, when it comes.
    pub(crate) fn want_older(&self) {
        self.wants_older.set_value(true);
    }

    fn refresh_header(&self, space: &Space, viewer: &Viewer) {
        let Face {
            title,
            initials,
            tint,
            role,
        } = inbox::face(space, viewer);
        let state = space.shown();
        let header = Header {
            title,
            role,
            initials,
            tint,
            is_direct: space.kind() == baton_core::op::space::SpaceKind::Direct,
            about: state.about,
            outside: inbox::outside(state, viewer),
            is_open: space.is_open(),
            is_read_only: state.team.announcements_only.is_some() && !state.members.is_admin(viewer.me),
            has_more: matches!(space.history(), HistoryState::More),
            is_loading: matches!(space.history(), HistoryState::Loading) || !space.is_caught_up(),
            is_empty: state.timeline.is_empty(),
            other_titles: super::members::titles_in_conflict(&state.title),
        };
        if self.header.with_untracked(|shown| *shown != header) {
            self.header.set(header);
        }
    }

    fn refresh_rows(&self, space: &Space, viewer: &Viewer) {
        let Part {
            items,
            is_cut_above,
            is_cut_below,
        } = self.window.get_untracked().part(space);
        let mut rows = describe::rows(space, &items, self.first_unread.get_untracked(), viewer);
        if !is_cut_below {
            rows.extend(describe::refused_rows(space, viewer));
        }
        let keys: Vec<OpId> = rows.iter().map(|row| row.id).collect();
        self.rows.update_value(|shown| {
            let mut kept = SortedMap::new();
            for row in rows {
                let signal = match shown.remove(&row.id) {
                    Some(signal) => {
                        if signal.with_untracked(|old| *old != row) {
                            signal.set(row.clone());
                        }
                        signal
                    }
                    None => ArcRwSignal::new(row.clone()),
                };
                kept.insert(row.id, signal);
            }
            *shown = kept;
        });
        set_changed(self.is_cut_above, is_cut_above);
        set_changed(self.is_cut_below, is_cut_below);
        set_changed(self.keys, keys);
    }

    pub(super) fn refresh_typing(&self, space: &Space, viewer: &Viewer) {
        let names: Vec<String> = space
            .typing(viewer.now)
            .into_iter()
            .filter(|user| *user != viewer.me)
            .map(|user| viewer.people.card_now(user).name)
            .collect();
        set_changed(self.typing, describe::typing(&names));
    }

    /// Shows older rows that are held; false when there are none, and the history has to be asked for.
    pub(crate) fn show_older(&self, space: &Space, viewer: &Viewer) -> bool {
        let has_older = self.is_cut_above.get_untracked() && self.widen(space);
        if has_older {
            self.refresh_rows(space, viewer);
        }
        has_older
    }

    fn widen(&self, space: &Space) -> bool {
        let from = space.history_from();
        let shown = self.rows.with_value(|rows| {
            let seqs = rows.values().map(|row| row.with_untracked(|row| row.seq));
            seqs.filter(|seq| *seq >= from).min()
        });
        let older = shown.and_then(|shown| self.window.get_untracked().older(space, shown));
        if let Some(window) = older {
            self.window.set(window);
        }
        older.is_some()
    }

    /// Shows newer rows after a window that does not reach the end.
    pub(crate) fn show_newer(&self, space: &Space, viewer: &Viewer) {
        if self.is_cut_below.get_untracked() {
            self.window.update(|window| *window = window.newer(space));
            self.refresh_rows(space, viewer);
        }
    }

    /// Goes back to following what arrives.
    pub(crate) fn show_newest(&self, space: &Space, viewer: &Viewer) {
        if self.is_cut_below.get_untracked() || self.keys.with_untracked(Vec::len) > WINDOW {
            self.window.set(Window::Newest { rows: STEP });
            self.refresh_rows(space, viewer);
        }
    }

    /// Moves the window so that a message is in it; false when it is not held.
    pub(crate) fn show_message(&self, id: OpId, space: &Space, viewer: &Viewer) -> bool {
        if self.keys.with_untracked(|keys| keys.contains(&id)) {
            return true;
        }
        let Some(target) = space.shown().timeline.message(id).map(|message| message.seq) else {
            return false;
        };
        self.window.set(Window::around(space, target));
        self.refresh_rows(space, viewer);
        true
    }

    /// Which conversation is open, without following it.
    pub fn space_now(&self) -> Option<SpaceId> {
        self.space.get_untracked()
    }

    /// What stands above the rows.
    pub fn header(&self) -> Header {
        self.header.get()
    }

    /// The rows on the screen, oldest first.
    pub fn keys(&self) -> Vec<OpId> {
        self.keys.get()
    }

    /// A row, while it is on the screen.
    pub fn row(&self, id: OpId) -> Option<ArcRwSignal<Row>> {
        self.rows.try_with_value(|rows| rows.get(&id).cloned()).flatten()
    }

    /// The last place on the screen and whether it is the newest of all.
    pub fn reaches_end(&self) -> bool {
        !self.is_cut_below.get()
    }

    /// Who is writing, in words; empty when nobody is.
    pub fn typing(&self) -> String {
        self.typing.get()
    }

    pub(super) fn clear(&self) {
        self.space.set(None);
        self.rows.set_value(SortedMap::new());
        self.keys.set(Vec::new());
        self.header.set(Header::default());
        self.typing.set(String::new());
        self.wanted.set_value(None);
    }
}

fn set_changed<T: PartialEq + Send + core::marker::Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
