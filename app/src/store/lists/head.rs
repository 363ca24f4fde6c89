//! What stands around the rows of a list, and a list among all lists, in words: what it includes, as of when, what the
//! record refused.

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::list::{Field, ListOp, Source};
use baton_core::op::space::SpaceKind;
use baton_core::op::{Body, Op};
use baton_core::ordered::sort_by;
use baton_core::state::List;
use baton_core::sync::{Pending, PendingState, Space, Sync};
use baton_core::time::At;

use super::describe::who;
use super::look::{ListKey, Look, Seen};
use super::row::{Refused, title};
use crate::moment;
use crate::store::connection::Mood;
use crate::store::patients::Chip;
use crate::store::patients::face::ON_THEIR_WAY;
use crate::store::{Viewer, inbox, members};

/// A list among all lists.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub key: ListKey,
    /// Its title.
    pub title: String,
    /// Whose it is; empty for the reader's own.
    pub owner: String,
    /// Whether it is one of the reader's own.
    pub is_own: bool,
    /// What it includes, in a sentence.
    pub includes: String,
    /// How many are on it, and how many of those left.
    pub count: String,
    /// How many rows changed since the reader last looked, in words; empty for none.
    pub changed: String,
    /// Whether it is in the archive.
    pub is_archived: bool,
    /// Whether the reader may write in it.
    pub may_write: bool,
}

/// A space in which lists can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Which; `None` for the reader's own lists, before there are any.
    pub space: Option<baton_core::id::SpaceId>,
    /// Whether it is that of the reader's own lists.
    pub is_mine: bool,
    /// What it is called.
    pub title: String,
    /// Whether a list that fills itself may be made there.
    pub may_be_automatic: bool,
}

impl Owner {
    /// As a choice of a form has it: empty for the reader's own.
    pub fn word(&self) -> String {
        let space = self.space.filter(|_| !self.is_mine);
        space.map(|space| space.to_string()).unwrap_or_default()
    }
}

/// The reader's own lists, as an owner.
pub const MINE: &str = "My lists";

/// All lists: the reader's own first, then by team and title.
pub fn lines(sync: &Sync, look: impl Fn(ListKey) -> Look, viewer: &Viewer) -> Vec<Line> {
    let mut lines: Vec<Line> = sync
        .spaces()
        .flat_map(|space| {
            let lists = space.shown().lists.iter();
            lists
                .map(|(id, list)| {
                    let key = ListKey {
                        space: space.id(),
                        list: id,
                    };
                    line(key, list, space, look(key).seen.as_ref(), viewer)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    sort_by(&mut lines, |one, other| {
        let order = |line: &Line| (!line.is_own, line.owner.clone(), line.title.clone(), line.key);
        order(one).cmp(&order(other))
    });
    lines
}

fn line(key: ListKey, list: &List, space: &Space, seen: Option<&Seen>, viewer: &Viewer) -> Line {
    let is_own = space.kind() == SpaceKind::Own;
    let (on, left) = (
        list.rows().len(),
        list.rows().filter(|row| row.left.is_some()).count(),
    );
    let patients = if on == 1 { "patient" } else { "patients" };
    let count = if left == 0 {
        format!("{on} {patients}")
    } else {
        format!("{on} {patients}, {left} of them left")
    };
    let changed = seen.map_or(0, |seen| changed(list, seen, viewer.me));
    Line {
        key,
        title: list.title.newest().to_owned(),
        owner: if is_own {
            String::new()
        } else {
            inbox::face(space, viewer).title
        },
        is_own,
        includes: includes(list),
        count,
        changed: match changed {
            0 => String::new(),
            1 => "1 row changed since you last looked".to_owned(),
            many => format!("{many} rows changed since you last looked"),
        },
        is_archived: list.archived.is_some(),
        may_write: space.is_open(),
    }
}

fn changed(list: &List, seen: &Seen, me: UserId) -> usize {
    let is_news = |row: &&baton_core::state::Row| {
        let known = seen.rows.get(&row.patient).map(|row| row.seq).unwrap_or_default();
        let texts = row.fields().flat_map(|(_, text)| text.current());
        let written = texts
            .filter(|version| version.seq > known)
            .any(|version| version.stamp.by != me);
        let marks = row.left.iter().chain([&row.added]);
        row.changed > known
            && (written
                || marks
                    .filter(|mark| mark.seq > known)
                    .any(|mark| mark.stamp.by != me))
    };
    list.rows().filter(is_news).count()
}

/// Where one may make lists: one's own, then teams and groups by name.
pub fn owners(sync: &Sync, viewer: &Viewer) -> Vec<Owner> {
    let own = sync.spaces().find(|space| space.kind() == SpaceKind::Own);
    let mine = Owner {
        space: own.map(Space::id),
        is_mine: true,
        title: MINE.to_owned(),
        may_be_automatic: true,
    };
    let shared = sync.spaces().filter(|space| space.is_open());
    let mut others: Vec<Owner> = shared
        .filter(|space| matches!(space.kind(), SpaceKind::Group | SpaceKind::Team))
        .map(|space| Owner {
            space: Some(space.id()),
            is_mine: false,
            title: inbox::face(space, viewer).title,
            may_be_automatic: space.kind() == SpaceKind::Team && space.shown().members.is_admin(viewer.me),
        })
        .collect();
    sort_by(&mut others, |one, other| {
        (&one.title, one.space).cmp(&(&other.title, other.space))
    });
    std::iter::once(mine).chain(others).collect()
}

/// What a list includes, in a sentence.
pub(super) fn includes(list: &List) -> String {
    let by_hand = list
        .rows()
        .filter(|row| row.added.stamp.by != UserId::RECORD)
        .count();
    let Some(source) = &list.source else {
        return "Patients added by hand".to_owned();
    };
    let whose = source_words(source);
    match by_hand {
        0 => format!("{whose}, kept by the hospital’s feed"),
        many => format!("{whose}, kept by the hospital’s feed, and {many} added by hand"),
    }
}

/// Whom an automatic list is of.
pub(super) fn source_words(source: &Source) -> String {
    match source {
        Source::Consultant(name) => format!("Patients of {name}"),
        Source::Practice(code) => format!("Patients of GP practice {code}"),
        Source::Ward { facility, ward } if facility.is_empty() => format!("Patients of {ward}"),
        Source::Ward { facility, ward } => format!("Patients of {ward}, {facility}"),
    }
}

/// Other titles that wait for somebody to settle them.
pub(super) fn other_titles(list: &List) -> Vec<String> {
    members::titles_in_conflict(&list.title)
}

/// Who was taken off a list since the reader last looked.
pub(super) fn taken_off(list: &List, seen: Option<&Seen>, viewer: &Viewer) -> Vec<String> {
    let Some(seen) = seen else { return Vec::new() };
    let news = list.removed().filter(|removed| {
        let known = seen
            .rows
            .get(&removed.row.patient)
            .map(|row| row.seq)
            .unwrap_or_default();
        removed.by.seq > seen.seq && removed.by.seq > known && removed.by.stamp.by != viewer.me
    });
    news.map(|removed| {
        let stamp = removed.by.stamp;
        let at = moment::full(stamp.at, viewer.now, viewer.zone);
        format!(
            "{}, by {} at {at}",
            line_of(removed.row.patient, viewer),
            who(stamp.by, viewer)
        )
    })
    .collect()
}

/// A patient in one line.
pub(super) fn line_of(patient: PatientId, viewer: &Viewer) -> String {
    let chip = Chip::of(patient, viewer);
    chip.face
        .map_or_else(|| ON_THEIR_WAY.to_owned(), |face| face.line)
}

/// As of when a list is, and whether that is now.
pub(super) fn as_of(sync: &Sync, space: &Space, mood: Mood, viewer: &Viewer) -> (String, bool) {
    let clock = |at: At| moment::full(at, viewer.now, viewer.zone);
    if mood == Mood::Live {
        return if space.is_caught_up() || !sync.connection().is_live() {
            (format!("As of {}", clock(viewer.now)), true)
        } else {
            ("Being brought up to date…".to_owned(), false)
        };
    }
    match sync.last_contact() {
        Some(at) => (format!("As of {}, {}", clock(at), ago(at, viewer.now)), false),
        None => ("As this device kept it".to_owned(), false),
    }
}

/// How long ago something was.
fn ago(at: At, now: At) -> String {
    let minutes = now.since(at).as_secs() / 60;
    match (minutes, minutes / 60, minutes / (24 * 60)) {
        (0, ..) => "less than a minute ago".to_owned(),
        (1..60, ..) => format!("{minutes} min ago"),
        (_, hours @ 0..48, _) => format!("{hours} h ago"),
        (_, _, days) => format!("{days} days ago"),
    }
}

/// What the record refused of a list, oldest first.
pub(super) fn refused(space: &Space, id: OpId, list: &List, viewer: &Viewer) -> Vec<Refused> {
    let about = |pending: &Pending| {
        let PendingState::Refused(refusal) = pending.state else {
            return None;
        };
        let (what, cell, text) = what_of(&pending.op, id, list, viewer)?;
        Some(Refused {
            op: pending.op.id,
            what,
            cell,
            text,
            reason: refusal.to_string(),
        })
    };
    space.outbox().filter_map(about).collect()
}

type What = (String, Option<(PatientId, Field)>, String);

fn what_of(op: &Op, id: OpId, list: &List, viewer: &Viewer) -> Option<What> {
    let made = op.id;
    let Body::List(op) = &op.body else { return None };
    let name = |patient: PatientId| line_of(patient, viewer);
    let plain = |what: String| (what, None, String::new());
    let (target, what) = match op {
        ListOp::Archived(op) => (op.list, plain("Putting it into the archive".to_owned())),
        ListOp::ColumnAdded(op) => (
            op.list,
            ("A new column".to_owned(), None, op.title.as_str().to_owned()),
        ),
        ListOp::ColumnRemoved(op) => (op.list, plain("Removing a column".to_owned())),
        ListOp::Created(op) => (
            made,
            ("Making this list".to_owned(), None, op.title.as_str().to_owned()),
        ),
        ListOp::FieldSet(op) => {
            let what = format!("{} of {}", column_title(list, op.field), name(op.patient));
            (
                op.list,
                (what, Some((op.patient, op.field)), op.text.as_str().to_owned()),
            )
        }
        ListOp::Moved(op) => (op.list, plain(format!("Moving {}", name(op.patient)))),
        ListOp::PatientAdded(op) => (op.list, plain(format!("Adding {}", name(op.patient)))),
        ListOp::PatientLeft(op) => (op.list, plain(format!("That {} left", name(op.patient)))),
        ListOp::PatientRemoved(op) => (
            op.list,
            plain(format!("Taking {} off the list", name(op.patient))),
        ),
        ListOp::Renamed(op) => (
            op.list,
            ("A new title".to_owned(), None, op.title.as_str().to_owned()),
        ),
        ListOp::Restored(op) => (op.list, plain("Taking it out of the archive".to_owned())),
    };
    (target == id).then_some(what)
}

/// What a column is called, also one that was removed.
pub(super) fn column_title(list: &List, field: Field) -> String {
    match field {
        Field::Column(id) => {
            let column = list.column(id).map(|column| column.title.as_str().to_owned());
            column.unwrap_or_else(|| title(field).to_owned())
        }
        Field::ExpectedDischarge | Field::Flags | Field::Jobs | Field::Resuscitation | Field::Summary => {
            title(field).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_list_is_of_is_said_in_words() {
        let ward = |facility: &str| Source::Ward {
            facility: facility.into(),
            ward: "Ward 7".into(),
        };
        assert_eq!(source_words(&ward("")), "Patients of Ward 7");
        assert_eq!(source_words(&ward("St Mary’s")), "Patients of Ward 7, St Mary’s");
        assert_eq!(
            source_words(&Source::Practice("A81001".into())),
            "Patients of GP practice A81001"
        );
    }

    #[test]
    fn how_long_ago_is_said_as_people_say_it() {
        let after = |minutes: u64| ago(At::from_millis(0), At::from_millis(minutes * 60_000));
        assert_eq!(after(0), "less than a minute ago");
        assert_eq!(after(59), "59 min ago");
        assert_eq!(after(185), "3 h ago");
        assert_eq!(after(48 * 60), "2 days ago");
    }
}
