//! What one may do with a task, and what is asked first.

use crate::part::derived::{Memo, RwSignal};
use crate::prelude::*;
use baton_core::id::OpId;
use baton_core::op::task::{Assignee, Field};
use baton_core::quick_add::Due;
use wasm_bindgen::JsCast;

use super::Desk;
use super::give::give;
use crate::app::baton;
use crate::clock;
use crate::command::work::Deed;
use crate::part::kept;
use crate::part::plain::{
    PRIMARY, SECONDARY, area, block, button, dialog, error, field, follows, form, maybe, none, words,
};
use crate::store::handover::texts::TextKey;
use crate::store::work::TaskKey;
use crate::store::work::full::Full;
use crate::web;

/// What is asked before something is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Cancel,
    Comment,
    Complete,
    Decline,
    Due,
    Edit(Field),
    Give,
    Reopen,
    Step,
}

/// What may be done now.
#[derive(Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button")]
pub(super) struct Acts {
    is_open: bool,
    is_urgent: bool,
    is_watched: bool,
    may_accept: bool,
    may_decline: bool,
    may_start: bool,
    end: Option<OpId>,
    round: Option<OpId>,
}

impl Acts {
    pub(super) fn of(full: &Full) -> Self {
        Self {
            is_open: full.line.is_open,
            is_urgent: full.line.is_urgent,
            is_watched: full.is_watched,
            may_accept: full.may_accept,
            may_decline: full.may_decline,
            may_start: full.may_start,
            end: full.end,
            round: full.line.round,
        }
    }

    /// The buttons.
    pub(super) fn buttons(self, key: TaskKey, desk: Desk, asked: RwSignal<Option<Asked>>) -> AnyView {
        let act = |class: &'static str, says: &'static str, deed: fn(Self) -> Deed| {
            button(class, says, "", move || {
                if desk.took(baton().command.do_task(key, deed(self))) {
                    focus_acts();
                }
            })
        };
        let ask =
            |says: &'static str, what: Asked| button(SECONDARY, says, "", move || asked.set(Some(what)));
        let mut all = Vec::new();
        if self.is_open {
            all.push(act(PRIMARY, "Done", |acts| {
                Deed::Complete(String::new(), acts.round)
            }));
            all.push(ask("Done, with a note", Asked::Complete));
            if self.may_accept {
                all.push(act(SECONDARY, "Accept", |_| Deed::Accept));
            }
            if self.may_start {
                all.push(act(SECONDARY, "Start", |_| Deed::Start));
            }
            all.push(ask("Give to", Asked::Give));
            all.push(ask("Change when it is due", Asked::Due));
            let urgent = if self.is_urgent {
                "Make routine"
            } else {
                "Make urgent"
            };
            all.push(act(SECONDARY, urgent, |acts| Deed::Urgent(!acts.is_urgent)));
            if self.may_decline {
                all.push(ask("Decline", Asked::Decline));
            }
            all.push(ask("Cancel the task", Asked::Cancel));
        } else {
            all.extend(self.end.map(|end| {
                button(PRIMARY, "Sign off", "", move || {
                    if desk.took(baton().command.do_task(key, Deed::SignOff(end))) {
                        focus_acts();
                    }
                })
            }));
            all.push(ask("Reopen", Asked::Reopen));
        }
        all.push(ask("Comment", Asked::Comment));
        let watch = if self.is_watched { "Stop watching" } else { "Watch" };
        all.push(act(SECONDARY, watch, |acts| Deed::Watch(!acts.is_watched)));
        block("baton-buttons", all)
    }
}

/// The dialog that is open.
pub(super) fn dialogs(
    key: TaskKey,
    desk: Desk,
    asked: RwSignal<Option<Asked>>,
    full: Memo<Option<Full>>,
) -> AnyView {
    let close = Callback::new(move |()| asked.set(None));
    follows(move || {
        let Some(what) = asked.get() else {
            return none();
        };
        // As it stood when this was asked: whoever gives it away says what they saw.
        let seen = full.with_untracked(|full| full.as_ref().map(|full| (full.line.hand, full.line.round)));
        let Some((hand, round)) = seen else {
            return none();
        };
        if what == Asked::Give {
            let choose = Callback::new(move |to: Assignee| {
                if desk.took(baton().command.do_task(key, Deed::Give(to, hand))) {
                    close.run(());
                }
            });
            return give("Give to", key.space, close, choose);
        }
        say(what, key, round, close)
    })
}

/// What a dialog of words says: its title, what the field is called, its button, and whether something must be written.
fn faces(what: Asked) -> (&'static str, &'static str, &'static str) {
    match what {
        Asked::Cancel => ("Cancel this task?", "Why it is not needed", "Cancel the task"),
        Asked::Comment => ("Comment", "Your comment", "Save"),
        Asked::Complete => (
            "Done",
            "What others need to know (you can leave it empty)",
            "Done",
        ),
        Asked::Decline => (
            "Decline this task?",
            "Why you do not do it. It goes to everybody here.",
            "Decline",
        ),
        Asked::Due => ("When it is due", "When", "Save"),
        Asked::Edit(Field::Details) => ("Details", "What else is to be known", "Save"),
        Asked::Edit(Field::Place) => ("Place", "Where", "Save"),
        Asked::Edit(Field::Title) => ("Title", "What is to be done", "Save"),
        Asked::Give => ("Give to", "", ""),
        Asked::Reopen => ("Reopen this task?", "Why it is to be done", "Reopen"),
        Asked::Step => ("Add a step", "What is to be done", "Add"),
    }
}

fn say(what: Asked, key: TaskKey, round: Option<OpId>, close: Callback<()>) -> AnyView {
    let (title, label, verb) = faces(what);
    let begun = match what {
        Asked::Edit(field) => baton().command.task_text(key, field),
        Asked::Cancel
        | Asked::Comment
        | Asked::Complete
        | Asked::Decline
        | Asked::Due
        | Asked::Give
        | Asked::Reopen
        | Asked::Step => None,
    };
    let (first, basis) = begun.unwrap_or_default();
    let draft = TextKey::of_team(key.space, title).at(key.task);
    let (text, basis) = kept::begun(draft.clone(), first, basis);
    // What one began to change and leaves is not to be changed; what one began to say stays.
    let leave = {
        let draft = draft.clone();
        Callback::new(move |()| {
            if matches!(what, Asked::Due | Asked::Edit(_)) {
                kept::no_longer(draft.clone());
            }
            close.run(());
        })
    };
    let wrong = RwSignal::new(None::<String>);
    let send = move || {
        let typed = text.get_untracked();
        let deed = match what {
            Asked::Cancel => Deed::Cancel(typed),
            Asked::Comment => Deed::Comment(typed),
            Asked::Complete => Deed::Complete(typed, round),
            Asked::Decline => Deed::Decline(typed),
            Asked::Due if typed.trim().is_empty() => Deed::Due(None),
            Asked::Due => match Due::parse(&typed) {
                Some(due) => Deed::Due(Some(due.at(clock::now()))),
                None => {
                    return wrong.set(Some(
                        "Write a time, such as 18:00, tomorrow 08:00 or +2h.".to_owned(),
                    ));
                }
            },
            Asked::Edit(field) => Deed::Edit(field, typed, basis.clone()),
            Asked::Give => return,
            Asked::Reopen => Deed::Reopen(typed),
            Asked::Step => Deed::AddStep(typed),
        };
        match baton().command.do_task(key, deed) {
            Ok(_) => {
                kept::no_longer(draft.clone());
                close.run(());
                focus_acts();
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let hint = (what == Asked::Due).then(|| {
        words(
            "baton-hint",
            "For example 18:00, tomorrow 08:00 or +2h. Empty: when there is time.",
        )
    });
    let input = if what == Asked::Due {
        field("task-words", label, "", text)
    } else {
        area("task-words", label, text)
    };
    let inside = form("baton-make", vec![error(wrong), input, maybe(hint)], verb, send);
    dialog(title, leave, vec![inside])
}

/// The focus goes to what one may do next.
fn focus_acts() {
    web::next_frame(|| {
        let first = web::document().query_selector("#task-acts button").ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
            _ = first.focus();
        }
    });
}
