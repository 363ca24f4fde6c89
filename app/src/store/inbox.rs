//! The list of conversations.

use crate::part::derived::{RwSignal, StoredValue};
use baton_core::chain::Seq;
use baton_core::id::{PatientId, SpaceId};
use baton_core::letter;
use baton_core::op::message::Priority;
use baton_core::op::space::SpaceKind;
use baton_core::ordered::{SortedSet, sort, sort_by};
use baton_core::state::{Item, Message, SpaceState};
use baton_core::sync::{Space, Sync};
use baton_core::time::At;

use super::Viewer;
use super::{Changed, event, patients};
use crate::moment;

/// A conversation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub id: SpaceId,
    /// What it is called: its title, or the other person's name.
    pub title: String,
    /// Of which kind.
    pub kind: SpaceKind,
    /// Letters of its picture.
    pub initials: String,
    /// Colour of its picture, 0 to 7.
    pub tint: u8,
    /// The other person's job title and organisation, for a direct conversation.
    pub role: String,
    /// Other organisations than one's own whose staff are members.
    pub outside: Vec<String>,
    /// Who did the last thing: `You`, or a given name; empty for what the preview tells itself.
    pub author: String,
    /// The last thing that was said or happened, in one line.
    pub preview: String,
    /// When that was, as a person reads it.
    pub time: String,
    /// When that was.
    pub at: At,
    /// Messages of others that were not on the screen yet.
    pub unread: usize,
    /// There may be more of them, before what this device holds.
    pub is_more_unread: bool,
    /// Urgent messages that wait for this person.
    pub urgent: usize,
    /// True when nothing of it has arrived yet.
    pub is_loading: bool,
    /// False when one was removed from it: it can be read, not written to.
    pub is_open: bool,
}

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    #[default]
    All,
    /// Those with unread messages.
    Unread,
    /// Those with urgent messages that wait for this person.
    Urgent,
}

impl Filter {
    /// All, as they are offered.
    pub const ALL: [Self; 3] = [Self::All, Self::Unread, Self::Urgent];

    /// What it is called on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Unread => "Unread",
            Self::Urgent => "Urgent",
        }
    }

    /// Whether a conversation is listed.
    pub fn lets(self, row: &Row) -> bool {
        match self {
            Self::All => !row.is_loading,
            Self::Unread => row.unread > 0,
            Self::Urgent => row.urgent > 0,
        }
    }
}

/// The list, newest activity first.
#[derive(Clone, Copy)]
pub struct Inbox {
    rows: RwSignal<Vec<Row>>,
    filter: RwSignal<Filter>,
    /// Those of which the reader wants to be told only what is urgent.
    muted: RwSignal<SortedSet<SpaceId>>,
    /// Those that were muted, or no longer, since that was last kept.
    unkept: StoredValue<SortedSet<SpaceId>>,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self {
            rows: RwSignal::new(Vec::new()),
            filter: RwSignal::new(Filter::All),
            muted: RwSignal::new(SortedSet::new()),
            unkept: StoredValue::new(SortedSet::new()),
        }
    }

    /// Brings the list up to date with what has changed in the machine.
    pub(super) fn refresh(&self, sync: &Sync, changed: &Changed, viewer: &Viewer) {
        let new: Vec<Row> = changed
            .spaces(sync)
            .into_iter()
            .filter(|space| space.kind() != SpaceKind::Own)
            .map(|space| row(space, viewer))
            .collect();
        let are_all = *changed == Changed::All;
        let is_same = self.rows.with_untracked(|rows| {
            (!are_all || rows.len() == new.len()) && new.iter().all(|row| rows.contains(row))
        });
        if is_same {
            return;
        }
        self.rows.update(|rows| {
            rows.retain(|row| !are_all && new.iter().all(|new| new.id != row.id));
            rows.extend(new);
            sort_by(rows, |one, other| {
                other.at.cmp(&one.at).then_with(|| one.id.cmp(&other.id))
            });
        });
    }

    /// The filter.
    pub fn filter(&self) -> Filter {
        self.filter.get()
    }

    /// Changes the filter.
    pub fn set_filter(&self, filter: Filter) {
        self.filter.set(filter);
    }

    /// The ids of those that are listed and wait urgently for this person.
    pub fn urgent(&self) -> Vec<SpaceId> {
        self.ids(|row| row.urgent > 0)
    }

    /// The ids of the others that are listed.
    pub fn rest(&self) -> Vec<SpaceId> {
        self.ids(|row| row.urgent == 0)
    }

    fn ids(&self, wanted: impl Fn(&Row) -> bool) -> Vec<SpaceId> {
        let filter = self.filter.get();
        self.rows.with(|rows| {
            rows.iter()
                .filter(|row| filter.lets(row) && wanted(row))
                .map(|row| row.id)
                .collect()
        })
    }

    /// How many conversations have not arrived yet: neither what they are called nor where they stand is known.
    pub fn loading(&self) -> usize {
        self.rows
            .with(|rows| rows.iter().filter(|row| row.is_loading).count())
    }

    /// A conversation of the list.
    pub fn row(&self, id: SpaceId) -> Option<Row> {
        self.rows
            .with(|rows| rows.iter().find(|row| row.id == id).cloned())
    }

    /// All conversations, in the order of the list.
    pub fn all(&self) -> Vec<Row> {
        self.rows.get()
    }

    /// How many a filter would list.
    pub fn count(&self, filter: Filter) -> usize {
        self.rows
            .with(|rows| rows.iter().filter(|row| filter.lets(row)).count())
    }

    /// Unread messages of all conversations, in words: empty when there are none; of one that is muted, what is urgent.
    pub fn unread(&self) -> String {
        let of = |row: &Row| {
            if self.is_muted(row.id) {
                (row.urgent, false)
            } else {
                (row.unread, row.unread > 0 && row.is_more_unread)
            }
        };
        self.rows.with(|rows| {
            let all = rows.iter().map(of);
            let (count, is_more) = all.fold((0, false), |sum, row| (sum.0 + row.0, sum.1 || row.1));
            unread(count, is_more)
        })
    }

    /// Whether the reader is told only what is urgent in a conversation. Follows changes.
    pub fn is_muted(&self, id: SpaceId) -> bool {
        self.muted.with(|muted| muted.contains(&id))
    }

    /// Mutes a conversation, or no longer.
    pub(crate) fn mute(&self, id: SpaceId, is_muted: bool) {
        self.unkept.update_value(|unkept| _ = unkept.insert(id));
        self.put_back(id, is_muted);
    }

    /// Puts back what the vault kept, or what another tab says.
    pub(crate) fn put_back(&self, id: SpaceId, is_muted: bool) {
        self.muted.update(|muted| {
            _ = if is_muted {
                muted.insert(id)
            } else {
                muted.remove(&id)
            }
        });
    }

    /// Takes what is to be kept anew.
    pub(crate) fn take_unkept(&self) -> Vec<(SpaceId, bool)> {
        let unkept = self.unkept.try_update_value(std::mem::take).unwrap_or_default();
        self.muted
            .with_untracked(|muted| unkept.into_iter().map(|id| (id, muted.contains(&id))).collect())
    }

    /// These could not be kept.
    pub(crate) fn unkeep(&self, unkept: &[(SpaceId, bool)]) {
        self.unkept
            .update_value(|all| all.extend(unkept.iter().map(|(id, _)| *id)));
    }

    pub(super) fn clear(&self) {
        self.rows.set(Vec::new());
        self.filter.set(Filter::All);
        self.muted.set(SortedSet::new());
        self.unkept.set_value(SortedSet::new());
    }
}

/// How many messages are unread; `40+` where there may be more, and nothing where there are none.
pub fn unread(count: usize, is_more: bool) -> String {
    match (count, is_more) {
        (0, _) => String::new(),
        (_, false) => count.to_string(),
        (_, true) => format!("{count}+"),
    }
}

fn row(space: &Space, viewer: &Viewer) -> Row {
    let state = space.shown();
    let last = state.timeline.items().next_back();
    let at = last.map_or(At::default(), |item| item.stamp().kept_at());
    let (author, preview) = last.map_or_else(
        || (String::new(), String::new()),
        |item| preview(item, state, viewer),
    );
    let face = face(space, viewer);
    Row {
        id: space.id(),
        title: face.title,
        kind: space.kind(),
        initials: face.initials,
        tint: face.tint,
        role: face.role,
        outside: outside(state, viewer),
        author,
        preview,
        time: if last.is_some() {
            moment::brief(at, viewer.now, viewer.zone)
        } else {
            String::new()
        },
        at,
        unread: space.unread(),
        is_more_unread: space.has_unread_before(),
        urgent: urgent_for_me(space, viewer).count(),
        is_loading: last.is_none() && !space.is_caught_up() && space.is_open(),
        is_open: space.is_open(),
    }
}

/// What a conversation is called, and its picture.
pub(super) struct Face {
    pub(super) title: String,
    pub(super) initials: String,
    pub(super) tint: u8,
    pub(super) role: String,
}

pub(super) fn face(space: &Space, viewer: &Viewer) -> Face {
    let state = space.shown();
    if space.kind() == SpaceKind::Direct {
        let other = state
            .members
            .iter()
            .map(|(user, _)| user)
            .find(|user| *user != viewer.me);
        return other.map_or_else(
            || Face {
                title: "Conversation".to_owned(),
                initials: String::new(),
                tint: 0,
                role: String::new(),
            },
            |user| {
                let card = viewer.people.card_now(user);
                Face {
                    role: card.role(None),
                    title: card.name,
                    initials: card.initials,
                    tint: card.tint,
                }
            },
        );
    }
    if let Some(about) = state.about {
        return around(about, state, viewer);
    }
    let title = state.title.newest().to_owned();
    let initials = title
        .split_whitespace()
        .filter_map(|word| {
            word.chars()
                .find(|&sign| sign.is_ascii_digit() || letter::is_letter(sign))
        })
        .take(2)
        .map(letter::upper)
        .collect();
    Face {
        title: if title.is_empty() {
            "Conversation".to_owned()
        } else {
            title
        },
        initials,
        tint: space
            .id()
            .as_bytes()
            .iter()
            .fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
            % 8,
        role: members(state),
    }
}

/// The conversation around a patient is called by their name, with what else identifies them beside it.
fn around(about: PatientId, state: &SpaceState, viewer: &Viewer) -> Face {
    let stands = viewer.patients.resolve_now(about);
    let face = patients::Face::find(stands, viewer);
    let (title, identity) = face.map_or_else(
        || (patients::face::ON_THEIR_WAY.to_owned(), String::new()),
        |face| {
            let died = if face.died.is_some() { "Deceased, " } else { "" };
            let identity = format!(
                "{died}Born {}, {} {}, ",
                face.born, face.number.label, face.number.value
            );
            (face.name, identity)
        },
    );
    Face {
        title,
        // Never an identifier, and none is needed: the icon says that it is around a patient.
        initials: String::new(),
        tint: 0,
        role: format!("{identity}{}", members(state)),
    }
}

fn members(state: &SpaceState) -> String {
    match state.members.len() {
        0 => String::new(),
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    }
}

/// The organisations, besides one's own, whose staff read along.
pub(super) fn outside(state: &SpaceState, viewer: &Viewer) -> Vec<String> {
    let mut names: Vec<String> = state
        .members
        .iter()
        .map(|(user, _)| viewer.people.card_now(user))
        .filter(|card| !card.ods.is_empty() && card.ods != viewer.ods)
        .map(|card| card.organisation)
        .collect();
    sort(&mut names);
    names.dedup();
    names
}

fn preview(item: &Item, state: &SpaceState, viewer: &Viewer) -> (String, String) {
    match item {
        Item::Event(event) => (String::new(), event::words(event, state, viewer)),
        Item::Message(message) => {
            let author = if message.stamp.by == viewer.me {
                "You".to_owned()
            } else {
                viewer.people.card_now(message.stamp.by).name
            };
            let text = if message.withdrawn.is_some() {
                "Message withdrawn".to_owned()
            } else {
                one_line(message.text())
            };
            (author, text)
        }
    }
}

/// A text as one line of at most 160 characters, for lists and quotes that cut it off visibly.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.chars().count() > 160 {
            line = line.chars().take(160).collect();
            line.push('…');
            break;
        }
    }
    line
}

/// The urgent messages of a conversation that wait for the reader, oldest first: that they have neither written nor acknowledged, as
/// long as nobody has or they are unread.
pub(super) fn urgent_for_me<'a>(
    space: &'a Space,
    viewer: &'a Viewer,
) -> impl DoubleEndedIterator<Item = &'a Message> {
    let first_unread = space.first_unread();
    let urgent = space.shown().timeline.urgent();
    urgent.filter(move |message| waits_for(message, viewer, first_unread))
}

fn waits_for(message: &Message, viewer: &Viewer, first_unread: Option<Seq>) -> bool {
    message.priority == Priority::Urgent
        && message.withdrawn.is_none()
        && message.stamp.by != viewer.me
        && !message.is_acknowledged_by(viewer.me)
        && (message.acknowledged.is_empty() || first_unread.is_some_and(|first| message.seq >= first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_one_line_and_says_where_it_was_cut() {
        assert_eq!(one_line("Bed 4\n\n is  ready"), "Bed 4 is ready");
        let long = one_line(&"word ".repeat(100));
        assert!(long.ends_with('…') && long.chars().count() <= 161);
    }
}
