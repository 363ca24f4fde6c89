//! Who of the others is off duty, before one sends to them: since when, until when, and who covers, to whom one can write at once.
//! Among several people it is said when a message is urgent. And which of the roles that one names nobody holds.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::op::task::Assignee;

use super::here;
use crate::app::baton;
use crate::page::directory::{message_to, not_started};
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::icon::Icon;
use crate::part::plain::{QUIET, block, button, follows, list, maybe, none, words};
use crate::store::drafts::Draft;
use crate::store::duty::Absent;
use crate::store::work::full::{Target, named};

/// Behind what the other is, in a conversation between two.
pub(super) fn in_head(space: baton_core::id::SpaceId) -> AnyView {
    let baton = baton();
    let since = memo(move || {
        let is_direct = baton.store.thread.header().is_direct;
        let mut absent = if is_direct {
            baton.command.absent(space)
        } else {
            Vec::new()
        };
        absent.pop().map(|absent| absent.since)
    });
    let says = move |since| view! { <span class="baton-away">" · " {since}</span> };
    follows(move || maybe(since.get().map(says)))
}

/// Above what one writes.
pub(super) fn before_sending(draft: Memo<Draft>) -> AnyView {
    let (baton, space) = (baton(), here().space);
    let failed = RwSignal::new(false);
    let is_shown = memo(move || baton.store.thread.header().is_direct || draft.with(|draft| draft.urgent));
    let absent = memo(move || {
        if is_shown.get() {
            baton.command.absent(space)
        } else {
            Vec::new()
        }
    });
    let vacant = memo(move || {
        let text = draft.with(|draft| {
            if draft.corrects.is_some() {
                String::new()
            } else {
                draft.text.clone()
            }
        });
        if text.contains('@') {
            vacant_named(&baton.command.targets(space), &text)
        } else {
            Vec::new()
        }
    });
    let all = follows(move || {
        let absent = absent.get();
        let vacant = vacant.get();
        if absent.is_empty() && vacant.is_empty() {
            return none();
        }
        let more = absent.len().saturating_sub(NAMED);
        let mut lines: Vec<AnyView> = vacant.into_iter().map(|vacant| words("", vacant)).collect();
        lines.extend(absent.into_iter().take(NAMED).map(|absent| line(absent, failed)));
        if more > 0 {
            lines.push(words("", format!("{more} more are off duty")));
        }
        let lines = list("baton-composer__absent", "Off duty", lines);
        view! { <div class="baton-composer__off" role="status">{Icon::Info.draw()} {lines}</div> }
    });
    block("", vec![not_started(failed), all])
}

/// The roles that a text names and nobody holds, or whose holder is off duty; and who answers.
fn vacant_named(targets: &[Target], text: &str) -> Vec<String> {
    let is_vacant = |target: &&Target| target.warns && matches!(target.to, Assignee::Role(_));
    let roles = named(targets, text, &[]).into_iter().filter(is_vacant);
    roles
        .map(|role| format!("{}: {}", role.name, role.says))
        .collect()
}

fn line(absent: Absent, failed: RwSignal<bool>) -> AnyView {
    let write = absent.cover.map(|card| {
        let says = format!("Message {} instead", card.name);
        button(QUIET, says, "", move || message_to(baton(), &card, failed))
    });
    block("baton-work__line", vec![words("", absent.words), maybe(write)])
}

/// So many are named; the others are counted.
const NAMED: usize = 3;
