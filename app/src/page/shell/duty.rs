//! On or off duty: one switch on every page. Before one goes, it is said what one still has and where to hand it on; going moves
//! nothing.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::quick_add::Due;

use crate::app::baton;
use crate::clock;
use crate::command::duty::Off;
use crate::page::roles::{choice, of, options, word};
use crate::part::derived::{RwSignal, memo};
use crate::part::plain::{
    PRIMARY, QUIET, block, button, dialog, error, field, folded, follows, form, list, maybe, none, words,
};
use crate::route::Route;
use crate::store::duty::{Mine, Place};
use crate::web;

/// The switch.
pub(super) fn switch(is_open: RwSignal<bool>) -> AnyView {
    let duty = memo(move || baton().command.my_duty());
    let has_teams = memo(move || duty.with(|duty| duty.has_teams));
    let says = memo(move || duty.with(|duty| duty.words.clone()));
    let class = memo(move || {
        duty.with(|duty| match duty.is_on {
            Some(true) => "baton-mine__duty",
            Some(false) => "baton-mine__duty baton-mine__duty--off",
            None => "baton-mine__duty baton-mine__duty--unsaid",
        })
    });
    // One button all along, so that it keeps the focus when what it says is another.
    follows(move || {
        if !has_teams.get() {
            return none();
        }
        view! {
            <button type="button" id=SWITCH class=move || class.get().to_owned() on:click=move |_| is_open.set(true)>
                {move || says.get()}
                <span class="nhsuk-u-visually-hidden">" Change"</span>
            </button>
        }
    })
}

const SWITCH: &str = "duty-switch";

/// What it asks.
pub(super) fn asked(is_open: RwSignal<bool>) -> AnyView {
    let close = Callback::new(move |()| {
        is_open.set(false);
        web::focus(SWITCH);
    });
    follows(move || {
        if is_open.get() {
            untrack(|| change(&baton().command.my_duty(), close))
        } else {
            none()
        }
    })
}

fn change(duty: &Mine, close: Callback<()>) -> AnyView {
    let wrong = RwSignal::new(None::<String>);
    let say = move |off: Option<Off>| match baton().command.set_duty(off) {
        Ok(()) => close.run(()),
        Err(refusal) => wrong.set(Some(refusal.to_string())),
    };
    let come = move |class, says: &'static str| button(class, says, "", move || say(None));
    let off = |verb: &'static str| going(verb, duty, wrong, say);
    let inside = match duty.is_on {
        Some(false) => vec![
            words("", baton().command.i_am_away().unwrap_or_default()),
            maybe(has(duty, "You still have", close)),
            come(PRIMARY, "Come on duty"),
            folded("", "Change when you are back, or who covers", off("Save")),
        ],
        Some(true) => vec![
            maybe(has(duty, STAYS, close)),
            off("Go off duty"),
            maybe((!duty.is_everywhere).then(|| come(QUIET, "Say in all my teams that I am on duty"))),
        ],
        None => vec![
            words(
                "baton-hint",
                "You have not said yet whether you are on duty. Your teams see neither.",
            ),
            come(PRIMARY, "I am on duty"),
            maybe(has(duty, STAYS, close)),
            off("Go off duty"),
        ],
    };
    let mut all = vec![error(wrong)];
    all.extend(inside);
    dialog("Your duty", close, all)
}

const STAYS: &str = "This stays yours while you are off duty. Hand it on first";

/// What one has, with the ways to hand it on.
fn has(duty: &Mine, says: &'static str, close: Callback<()>) -> Option<AnyView> {
    let each = |(what, place): &(String, Place)| {
        let (to, verb) = match place {
            Place::Handover(space) => (Route::Handover(Some(*space)), "Hand over patients"),
            Place::Roles => (Route::Roles, "Offer or hand back"),
            Place::Tasks => (Route::Tasks, "Hand over tasks"),
        };
        let go = move || {
            close.run(());
            baton().router.go(to);
        };
        let inside = vec![words("", what.clone()), button(QUIET, verb, what.clone(), go)];
        block("baton-work__line", inside)
    };
    let all: Vec<AnyView> = duty.has.iter().map(each).collect();
    (!all.is_empty()).then(|| {
        let inside = vec![
            words("baton-warning", format!("{says}:")),
            list("baton-work__titles", says, all),
        ];
        block("baton-duty__has", inside)
    })
}

/// When one is back, who covers, and the button. What was said before stands in the fields.
fn going(
    verb: &'static str,
    duty: &Mine,
    wrong: RwSignal<Option<String>>,
    say: impl Fn(Option<Off>) + Copy + Send + Sync + 'static,
) -> AnyView {
    let (before, until) = (duty.off, duty.until.clone());
    let back = RwSignal::new(until.clone());
    let cover = RwSignal::new(before.cover.map(word).unwrap_or_default());
    let covers = baton().command.duty_covers();
    let choices = options(&covers);
    let go = move || {
        let back = back.get_untracked();
        let until = if back.trim().is_empty() {
            None
        } else if back == until {
            before.until
        } else {
            let Some(due) = Due::parse(&back) else {
                return wrong.set(Some(
                    "Write when you are back, such as 08:00 or tomorrow 08:00, or leave it empty.".to_owned(),
                ));
            };
            Some(due.at(clock::now()))
        };
        let cover = of(&cover.get_untracked(), &covers);
        say(Some(Off { until, cover }));
    };
    let inside = vec![
        field(
            "duty-back",
            "Back at (you can leave it empty)",
            "For example tomorrow 08:00",
            back,
        ),
        choice(
            "duty-cover",
            "Who covers for you",
            Some("Nobody named"),
            choices,
            cover,
        ),
    ];
    form("baton-make", inside, verb, go)
}
