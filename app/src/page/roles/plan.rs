//! Who is planned to hold a role when, set by hand: what is planned, a shift more, a shift less.

use crate::prelude::*;
use baton_core::id::UserId;
use baton_core::op::role::{Fallback, Shift};
use baton_core::quick_add::Due;
use baton_core::time::At;

use super::Here;
use super::arrange::{choice, of, options};
use crate::app::baton;
use crate::clock;
use crate::command::roles::RoleDeed;
use crate::part::derived::{RwSignal, StoredValue};
use crate::part::plain::{
    QUIET, block, button, dialog, error, field, follows, form, heading, list, none, words,
};
use crate::store::work::role::RoleKey;

/// What a rota does not do.
pub(super) fn plan_hint() -> AnyView {
    words(
        "baton-hint",
        "The rota is a plan. The role moves only when somebody takes or accepts it.",
    )
}

/// Who is planned to hold a role when. A plan moves no role.
pub(super) fn plan(key: RoleKey, title: &str, here: Here, close: Callback<()>) -> AnyView {
    let who = RwSignal::new(String::new());
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let people: Vec<(String, Fallback)> = untrack(|| baton().command.covers(key.space, None))
        .into_iter()
        .filter(|(_, cover)| matches!(cover, Fallback::Person(_)))
        .collect();
    let options = options(&people);
    let asked = StoredValue::new(String::new());
    let plan = move || {
        let (who, from, until) = (who.get_untracked(), from.get_untracked(), until.get_untracked());
        let Some(shift) = shift(&who, &people, &from, &until) else {
            return wrong.set(Some(
                "Choose a person, and write both times, such as 20:00 and tomorrow 08:00.".to_owned(),
            ));
        };
        // What was planned then is named before it is replaced.
        let there = of_stretch(key, shift);
        let typed = [who, from, until].join(" ");
        if !there.is_empty() && asked.get_value() != typed {
            asked.set_value(typed);
            return wrong.set(Some(format!(
                "It takes the place of what is planned then: {}. Choose Plan again to replace it.",
                there.join("; ")
            )));
        }
        match baton()
            .command
            .do_role(key, RoleDeed::Plan(shift.from, shift.until, vec![shift]))
        {
            Ok(_) => {
                close.run(());
                here.desk.say("The shift is on the rota.".to_owned(), None, false);
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let planned = follows(move || planned(key, wrong));
    let inside = vec![
        plan_hint(),
        error(wrong),
        choice("shift-who", "Who", Some("Choose a person"), options, who),
        field("shift-from", "From", "For example 20:00 or saturday 20:00", from),
        field("shift-until", "Until", "For example 08:00 or +12h", until),
    ];
    dialog(
        format!("Plan a shift: {title}"),
        close,
        vec![form("baton-make", inside, "Plan", plan), planned],
    )
}

/// The end is the first such time after the beginning.
fn shift(who: &str, people: &[(String, Fallback)], from: &str, until: &str) -> Option<Shift> {
    let now = clock::now();
    let who = person(of(who, people)?)?;
    let from: At = Due::parse(from)?.at(now);
    let end = Due::parse(until)?;
    let until = end.at(now);
    let until = if until > from { until } else { end.at(from) };
    Some(Shift { from, until, who })
}

fn person(cover: Fallback) -> Option<UserId> {
    match cover {
        Fallback::Person(user) => Some(user),
        Fallback::Role(_) => None,
    }
}

/// What is planned from now on, each to be taken off.
fn planned(key: RoleKey, wrong: RwSignal<Option<String>>) -> AnyView {
    let all = baton().command.planned(key);
    if all.is_empty() {
        return none();
    }
    let line = |(shift, says): (Shift, String)| {
        let about = says.clone();
        let remove = move || {
            let none = RoleDeed::Plan(shift.from, shift.until, Vec::new());
            let done = baton().command.do_role(key, none);
            wrong.set(done.err().map(|refusal| refusal.to_string()));
        };
        let inside = vec![words("", says), button(QUIET, "Remove", about, remove)];
        block("baton-work__line", inside)
    };
    let lines = all.into_iter().map(line).collect();
    block(
        "",
        vec![
            heading("Planned"),
            list("baton-work__titles", "Planned shifts", lines),
        ],
    )
}

/// What is planned in the time of a shift, in words.
fn of_stretch(key: RoleKey, new: Shift) -> Vec<String> {
    let all = untrack(|| baton().command.planned(key)).into_iter();
    let there = all.filter(|(shift, _)| shift.from < new.until && new.from < shift.until);
    there.map(|(_, says)| says).collect()
}
