//! From the folded state to rows in words.

use baton_core::chain::Seq;
use baton_core::id::{OpId, UserId};
use baton_core::op::Body;
use baton_core::op::list::ListOp;
use baton_core::op::member::MemberOp;
use baton_core::op::message::{MessageOp, Priority};
use baton_core::op::space::SpaceOp;
use baton_core::state::{Item, Message, SpaceState, Stamp};
use baton_core::sync::{PendingState, Space, Status};
use baton_core::time::{At, must_show_recorded};

use super::row::{Kind, MessageRow, Quote, Row, StatusLine, Tick};
use crate::moment;
use crate::store::inbox::one_line;
use crate::store::patients::Chip;
use crate::store::{Viewer, event, handover};

/// Messages by one person within this time stand together under one name.
const RUN_MILLIS: u64 = 5 * 60 * 1000;

/// Describes a part of a timeline.
pub(super) fn rows(space: &Space, items: &[&Item], first_unread: Option<Seq>, viewer: &Viewer) -> Vec<Row> {
    let mut before: Option<&Item> = None;
    let gapless = space.history_from();
    let mut has_divider = false;
    let mut rows = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = item.stamp().at;
        let new_day = before.is_none_or(|last| !moment::is_same_day(last.stamp().at, at, viewer.zone));
        let starts_unread = !has_divider && first_unread.is_some_and(|first| item.seq() >= first);
        has_divider |= starts_unread;
        let follows_gap = before.is_some_and(|last| last.seq() < gapless && item.seq() >= gapless);
        let kind = match item {
            Item::Event(event) => Kind::Event {
                words: event::words(event, space.shown(), viewer),
                time: moment::clock(event.stamp.at, viewer.zone),
            },
            Item::Message(message) => {
                let after = items.get(index + 1).copied();
                let mut row = describe(space, message, viewer);
                row.starts_run =
                    new_day || starts_unread || follows_gap || !before.is_some_and(|last| is_run(last, item));
                row.ends_run = !after.is_some_and(|next| is_run(item, next));
                Kind::Message(Box::new(row))
            }
        };
        rows.push(Row {
            id: item.stamp().op,
            seq: item.seq(),
            day: new_day.then(|| moment::day(at, viewer.now, viewer.zone)),
            starts_unread,
            follows_gap,
            kind,
        });
        before = Some(item);
    }
    rows
}

fn is_run(first: &Item, second: &Item) -> bool {
    let (Item::Message(first), Item::Message(second)) = (first, second) else {
        return false;
    };
    first.stamp.by == second.stamp.by
        && second.stamp.at.since(first.stamp.at).as_millis() < u128::from(RUN_MILLIS)
        && first.priority == Priority::Routine
        && second.priority == Priority::Routine
}

fn describe(space: &Space, message: &Message, viewer: &Viewer) -> MessageRow {
    let author = viewer.people.card_now(message.stamp.by);
    let mine = message.stamp.by == viewer.me;
    let standing = message.withdrawn.is_none();
    let urgent = message.priority == Priority::Urgent;
    let status = mine.then(|| space.status(message));
    let refused = match status {
        Some(Status::Refused { reason }) => Some(reason.to_string()),
        Some(Status::Delivered { .. } | Status::OnThisDevice | Status::Read { .. } | Status::Sent) | None => {
            None
        }
    };
    MessageRow {
        is_outside: !author.ods.is_empty() && author.ods != viewer.ods,
        author,
        starts_run: true,
        ends_run: true,
        mine,
        text: if standing {
            message.text().to_owned()
        } else {
            String::new()
        },
        photos: if standing {
            message.photos.clone()
        } else {
            Vec::new()
        },
        urgent,
        about: about(space, message, viewer),
        to_me: to_me(message, space.shown(), viewer),
        reply: message.reply_to.map(|id| quote(space, id, viewer)),
        time: moment::clock(message.stamp.at, viewer.zone),
        datetime: moment::machine(message.stamp.at),
        recorded: recorded(message.stamp, viewer),
        corrected: message
            .corrections
            .last()
            .filter(|_| standing)
            .map(|correction| moment::full(correction.stamp.at, viewer.now, viewer.zone)),
        versions: if standing {
            versions(message, viewer)
        } else {
            Vec::new()
        },
        withdrawn: message.withdrawn.map(|stamp| {
            format!(
                "Message withdrawn by {} at {}",
                name(stamp.by, viewer, false),
                moment::full(stamp.at, viewer.now, viewer.zone)
            )
        }),
        acknowledged: message
            .acknowledged
            .iter()
            .map(|stamp| {
                (
                    name(stamp.by, viewer, true),
                    moment::full(stamp.at, viewer.now, viewer.zone),
                )
            })
            .collect(),
        may_acknowledge: urgent
            && standing
            && !mine
            && !message.is_acknowledged_by(viewer.me)
            && space.is_open(),
        may_change: mine && standing && refused.is_none() && space.is_open(),
        status: status.map(|status| status_line(status, space)),
        refused,
    }
}

fn about(space: &Space, message: &Message, viewer: &Viewer) -> Option<Chip> {
    let chip = Chip::of(message.about?, viewer);
    let theirs = space
        .shown()
        .about
        .map(|about| viewer.patients.resolve_now(about));
    (theirs != Some(chip.id)).then_some(chip)
}

/// When the record kept something, where it is so far from when it was done that both must be shown.
fn recorded(stamp: Stamp, viewer: &Viewer) -> Option<String> {
    stamp
        .recorded
        .filter(|recorded| must_show_recorded(stamp.at, *recorded))
        .map(|recorded| moment::full(recorded, viewer.now, viewer.zone))
}

fn versions(message: &Message, viewer: &Viewer) -> Vec<(String, String)> {
    if message.corrections.is_empty() {
        return Vec::new();
    }
    let when = |at: At| moment::full(at, viewer.now, viewer.zone);
    let first = (
        format!("Written {}", when(message.stamp.at)),
        message.posted.as_str().to_owned(),
    );
    let later = message.corrections.iter().map(|correction| {
        (
            format!("Corrected {}", when(correction.stamp.at)),
            correction.text.as_str().to_owned(),
        )
    });
    std::iter::once(first).chain(later).collect()
}

pub(crate) fn quote(space: &Space, id: OpId, viewer: &Viewer) -> Quote {
    match space.shown().timeline.message(id) {
        Some(message) => Quote {
            id,
            author: name(message.stamp.by, viewer, true),
            text: if message.withdrawn.is_some() {
                "Message withdrawn".to_owned()
            } else {
                one_line(message.text())
            },
        },
        None => Quote {
            id,
            author: String::new(),
            text: "An earlier message".to_owned(),
        },
    }
}

fn status_line(status: Status, space: &Space) -> StatusLine {
    let direct = space.kind() == baton_core::op::space::SpaceKind::Direct;
    let (tick, words) = match status {
        Status::Delivered { .. } if direct => (Tick::Delivered, "Delivered".to_owned()),
        Status::Delivered { by, of } => (Tick::Delivered, format!("Delivered to {by} of {of}")),
        Status::OnThisDevice => (Tick::Clock, "On this device".to_owned()),
        Status::Read { .. } if direct => (Tick::Read, "Read".to_owned()),
        Status::Read { by, of } => (Tick::Read, format!("Read by {by} of {of}")),
        Status::Refused { .. } => (Tick::Refused, "Not sent".to_owned()),
        Status::Sent => (Tick::Sent, "Sent".to_owned()),
    };
    StatusLine { tick, words }
}

/// What the record refused and what has no row of its own in the timeline.
pub(super) fn refused_rows(space: &Space, viewer: &Viewer) -> Vec<Row> {
    let timeline = &space.shown().timeline;
    space
        .outbox()
        .filter_map(|pending| {
            let PendingState::Refused(reason) = pending.state else {
                return None;
            };
            let op = &pending.op;
            if timeline.message(op.id).is_some() {
                return None;
            }
            let (what, text) = what(&op.body, viewer);
            let (reason, seq) = (reason.to_string(), space.shown().head.seq);
            Some(Row {
                id: op.id,
                seq,
                day: None,
                starts_unread: false,
                follows_gap: false,
                kind: Kind::Refused { what, text, reason },
            })
        })
        .collect()
}

/// That a message names the reader, or a role that they answer for now, whoever did when it was written.
fn to_me(message: &Message, state: &SpaceState, viewer: &Viewer) -> String {
    let mine = message
        .roles
        .iter()
        .find(|role| state.roles.answers(**role) == Some(viewer.me));
    match mine.and_then(|role| state.roles.find(*role)) {
        _ if message.mentions.contains(&viewer.me) => "Mentions you".to_owned(),
        Some(role) if role.is_held_by(viewer.me) => format!("To your role {}", role.title.newest()),
        Some(role) => format!("To {}, which you cover", role.title.newest()),
        None => String::new(),
    }
}

fn what(body: &Body, viewer: &Viewer) -> (String, String) {
    let person = |user: UserId| viewer.people.card_now(user).name;
    match body {
        Body::Message(MessageOp::Acknowledged(_)) => ("Your acknowledgement".to_owned(), String::new()),
        Body::Message(MessageOp::Corrected(op)) => {
            ("Your correction".to_owned(), op.text.as_str().to_owned())
        }
        Body::Message(MessageOp::Posted(op)) => ("Your message".to_owned(), op.text.as_str().to_owned()),
        Body::Message(MessageOp::Withdrawn(_)) => ("Withdrawing your message".to_owned(), String::new()),
        Body::Member(MemberOp::Added(op)) => (format!("Adding {}", person(op.user)), String::new()),
        Body::Handover(op) => handover::refused(op),
        Body::Member(MemberOp::CameOnDuty(_)) => ("That you are on duty".to_owned(), String::new()),
        Body::Member(MemberOp::WentOffDuty(_)) => ("That you are off duty".to_owned(), String::new()),
        Body::Member(MemberOp::Left(_)) => ("Leaving".to_owned(), String::new()),
        Body::Member(MemberOp::MadeAdmin(op)) => (
            format!("Making {} an administrator", person(op.user)),
            String::new(),
        ),
        Body::Member(MemberOp::Removed(op)) => (format!("Removing {}", person(op.user)), String::new()),
        Body::Space(SpaceOp::AnnouncementsOnly(_)) => ("Who may write here".to_owned(), String::new()),
        Body::Space(SpaceOp::NotePinned(op)) => ("Your pinned note".to_owned(), op.text.as_str().to_owned()),
        Body::Space(SpaceOp::NoteUnpinned(_)) => ("Taking a pinned note down".to_owned(), String::new()),
        Body::Space(SpaceOp::PurposeSet(op)) => {
            ("What the team is for".to_owned(), op.text.as_str().to_owned())
        }
        Body::Space(SpaceOp::Renamed(op)) => ("The new name".to_owned(), op.title.as_str().to_owned()),
        Body::List(op) => {
            let text = match op {
                ListOp::FieldSet(op) => op.text.as_str(),
                ListOp::Created(op) => op.title.as_str(),
                ListOp::Renamed(op) => op.title.as_str(),
                ListOp::ColumnAdded(op) => op.title.as_str(),
                ListOp::Archived(_)
                | ListOp::ColumnRemoved(_)
                | ListOp::Moved(_)
                | ListOp::PatientAdded(_)
                | ListOp::PatientLeft(_)
                | ListOp::PatientRemoved(_)
                | ListOp::Restored(_) => "",
            };
            ("What you did to a list of patients".to_owned(), text.to_owned())
        }
        Body::Role(op) => (
            "What you did with a role".to_owned(),
            event::role::written(op).to_owned(),
        ),
        Body::Task(op) => ("What you did with a task".to_owned(), event::task::written(op)),
        Body::Patient(_) | Body::Space(SpaceOp::Created(_)) | Body::Unknown { .. } => {
            ("What you did".to_owned(), String::new())
        }
    }
}

pub(crate) fn name(user: UserId, viewer: &Viewer, starts: bool) -> String {
    if user == viewer.me {
        if starts { "You" } else { "you" }.to_owned()
    } else {
        viewer.people.card_now(user).name
    }
}

/// Who is writing, in words.
pub(super) fn typing(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} is writing…"),
        [one, other] => format!("{one} and {other} are writing…"),
        [one, rest @ ..] => format!("{one} and {} others are writing…", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::typing;

    #[test]
    fn who_is_writing_reads_as_a_sentence() {
        let names: Vec<String> = ["Dr Khan", "Sister Obi", "Mr Lee"].map(str::to_owned).to_vec();
        assert_eq!(typing(&names[..0]), "");
        assert_eq!(typing(&names[..1]), "Dr Khan is writing…");
        assert_eq!(typing(&names[..2]), "Dr Khan and Sister Obi are writing…");
        assert_eq!(typing(&names), "Dr Khan and 2 others are writing…");
    }
}
