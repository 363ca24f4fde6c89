//! Who belongs to the open conversation, and who has read what in it.

use baton_core::id::{OpId, SpaceId};
use baton_core::op::space::SpaceKind;
use baton_core::ordered::sort_by;
use baton_core::sync::{Space, Sync};
use baton_core::text::TextField;

use super::people::Card;
use super::{Viewer, inbox};
use crate::moment;

/// A member as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub card: Card,
    /// Whether they look after the conversation.
    pub is_admin: bool,
    /// Whether they work for another organisation than the reader.
    pub is_outside: bool,
    /// Whether it is the reader.
    pub is_me: bool,
}

/// A conversation as its details page shows it.
#[expect(clippy::struct_excessive_bools, reason = "each is shown on its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Which.
    pub id: SpaceId,
    /// What it is called.
    pub title: String,
    /// Names that were given at the same time and wait for somebody to settle them; none when there is no conflict.
    pub titles: Vec<String>,
    /// Of which kind.
    pub kind: SpaceKind,
    /// The members by name, oneself first.
    pub members: Vec<Member>,
    /// Whether the reader may add somebody.
    pub may_add: bool,
    /// Whether the reader may change its name.
    pub may_rename: bool,
    /// Whether the reader may remove others and make them administrators.
    pub is_admin: bool,
    /// Whether the reader may leave.
    pub may_leave: bool,
}

/// Describes a conversation.
pub fn details(space: &Space, viewer: &Viewer) -> Details {
    let state = space.shown();
    let mut members: Vec<Member> = state
        .members
        .iter()
        .map(|(user, member)| {
            let card = viewer.people.card_now(user);
            Member {
                is_admin: member.admin,
                is_outside: !card.ods.is_empty() && card.ods != viewer.ods,
                is_me: user == viewer.me,
                card,
            }
        })
        .collect();
    sort_by(&mut members, |one, other| {
        other
            .is_me
            .cmp(&one.is_me)
            .then_with(|| one.card.name.cmp(&other.card.name))
            .then_with(|| one.card.id.cmp(&other.card.id))
    });
    let is_admin = state.members.is_admin(viewer.me);
    let (open, kind) = (space.is_open() && state.members.contains(viewer.me), space.kind());
    let alone = state.members.len() == 1;
    Details {
        id: space.id(),
        title: if kind == SpaceKind::Patient {
            inbox::face(space, viewer).title
        } else {
            state.title.newest().to_owned()
        },
        titles: titles_in_conflict(&state.title),
        kind,
        members,
        may_add: open
            && (matches!(kind, SpaceKind::Group | SpaceKind::Patient)
                || (kind == SpaceKind::Team && is_admin)),
        may_rename: open && (kind == SpaceKind::Group || (kind == SpaceKind::Team && is_admin)),
        is_admin: open && is_admin && kind != SpaceKind::Direct,
        may_leave: open
            && kind != SpaceKind::Direct
            && (alone || !is_admin || state.members.other_admins(viewer.me) > 0),
    }
}

/// The names of a conversation that wait for somebody to settle which of them holds; none when there is no conflict.
pub(super) fn titles_in_conflict(title: &TextField) -> Vec<String> {
    let names = title
        .current()
        .iter()
        .map(|version| version.text.as_str().to_owned());
    if title.is_in_conflict() {
        names.collect()
    } else {
        Vec::new()
    }
}

/// How far each of the others has come with a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Who has read it, and when they last read here.
    pub read: Vec<(Card, String)>,
    /// On whose device it is, unread.
    pub delivered: Vec<Card>,
    /// Whose devices do not have it yet.
    pub pending: Vec<Card>,
}

/// Says who has read a message.
pub fn reach(sync: &Sync, space: SpaceId, message: OpId, viewer: &Viewer) -> Reach {
    let mut reach = Reach::default();
    let Some(space) = sync.space(space) else {
        return reach;
    };
    let state = space.shown();
    let Some(message) = state.timeline.message(message) else {
        return reach;
    };
    let others = state.members.iter().map(|(user, _)| user);
    for user in others.filter(|user| *user != viewer.me && *user != message.stamp.by) {
        let card = viewer.people.card_now(user);
        match space.cursor(user) {
            Some(cursor) if message.stamp.recorded.is_some() && cursor.read >= message.seq => {
                let time = moment::full(cursor.at, viewer.now, viewer.zone);
                reach.read.push((card, time));
            }
            Some(cursor) if message.stamp.recorded.is_some() && cursor.delivered >= message.seq => {
                reach.delivered.push(card);
            }
            Some(_) | None => reach.pending.push(card),
        }
    }
    reach
}
