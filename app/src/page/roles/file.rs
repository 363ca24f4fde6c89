//! A rota from a file: the record reads it, what would be planned is shown with each line that is not taken, and one press plans
//! it.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::device_api::{ReadRotaAnswer, RotaFormat};
use baton_core::letter;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Here;
use super::plan::plan_hint;
use crate::app::baton;
use crate::command::roles::RoleDeed;
use crate::part::derived::RwSignal;
use crate::part::plain::{PRIMARY, block, button, dialog, error, follows, heading, list, none, told, words};
use crate::session::AskError;
use crate::store::work::role::RoleKey;

/// How it goes with the file.
#[derive(Clone, PartialEq, Eq)]
enum File {
    /// It is asked what it says.
    Asked,
    /// What it says.
    Read(ReadRotaAnswer),
    /// None was chosen, or it could not be read.
    Unread,
}

/// More than this is not sent to be read.
const MOST: u32 = 200 * 1024;

/// The dialog.
pub(super) fn from_file(key: RoleKey, title: &str, here: Here, close: Callback<()>) -> AnyView {
    let (file, wrong) = (RwSignal::new(File::Unread), RwSignal::new(None::<String>));
    let choose = move |event: leptos::ev::Event| {
        let chosen: Option<web_sys::HtmlInputElement> =
            event.target().and_then(|field| field.dyn_into().ok());
        if let Some(chosen) = chosen.and_then(|field| field.files()?.get(0)) {
            read(key, chosen, file, wrong);
        }
    };
    let choice = view! {
        <label class="baton-find__label" for="rota-file">"File"</label>
        <p class="baton-hint" id="rota-file-hint">
            "iCalendar (.ics), or comma-separated values (.csv) with the columns person, from and until"
        </p>
        <input
            id="rota-file"
            class="baton-field"
            type="file"
            accept=".csv,.ics,text/csv,text/calendar"
            aria-describedby="rota-file-hint"
            on:change=choose
        />
    };
    let shown = follows(move || match file.get() {
        File::Asked => told("baton-hint", "status", "Reading the file…"),
        File::Read(answer) => preview(key, answer, here, close, wrong),
        File::Unread => none(),
    });
    let inside = vec![plan_hint(), choice.into_any(), error(wrong), shown];
    dialog(format!("Rota from a file: {title}"), close, inside)
}

fn read(key: RoleKey, chosen: web_sys::File, file: RwSignal<File>, wrong: RwSignal<Option<String>>) {
    wrong.set(None);
    if chosen.size() > f64::from(MOST) {
        file.set(File::Unread);
        return wrong.set(Some("The file is too large. Import it in parts.".to_owned()));
    }
    let format = if letter::lowered(&chosen.name()).rsplit('.').next() == Some("ics") {
        RotaFormat::Calendar
    } else {
        RotaFormat::Csv
    };
    file.set(File::Asked);
    let command = baton().command;
    spawn_local(async move {
        let text = JsFuture::from(chosen.text()).await.ok();
        let answer = match text.and_then(|text| text.as_string()) {
            Some(text) => command.read_rota(key.space, format, text).await,
            None => Err(AskError::Malformed),
        };
        let says = match answer {
            Ok(answer) => {
                file.try_set(File::Read(answer));
                return;
            }
            Err(AskError::Unreachable) => {
                "The record cannot be reached now, and it reads the file. Try again when you have a network."
            }
            Err(AskError::Refused { .. }) => "Only an administrator of the team can set a rota.",
            Err(AskError::Malformed) => "The file could not be read. Choose it again.",
        };
        file.try_set(File::Unread);
        wrong.try_set(Some(says.to_owned()));
    });
}

/// What would be planned, and what is not taken.
fn preview(
    key: RoleKey,
    answer: ReadRotaAnswer,
    here: Here,
    close: Callback<()>,
    wrong: RwSignal<Option<String>>,
) -> AnyView {
    let refused = answer.refused.iter().map(|line| {
        let says = format!("Line {}: {}", line.line, line.why);
        words("", says)
    });
    let refused: Vec<AnyView> = refused.collect();
    let shifts = untrack(|| baton().command.shift_words(&answer.shifts));
    let many = match shifts.len() {
        1 => "1 shift".to_owned(),
        many => format!("{many} shifts"),
    };
    let mut inside = Vec::new();
    if refused.is_empty() {
        inside.push(told(
            "baton-hint",
            "status",
            format!("All of the file can be planned: {many}."),
        ));
    } else {
        inside.push(told(
            "baton-warning",
            "alert",
            format!("{} lines are not taken", refused.len()),
        ));
        inside.push(list("baton-work__titles", "Lines that are not taken", refused));
    }
    let stretch = answer.shifts.first().map(|first| first.from);
    let stretch = stretch.zip(answer.shifts.last().map(|last| last.until));
    if let Some((from, until)) = stretch {
        let shifts = shifts.into_iter().map(|shift| words("", shift)).collect();
        inside.push(heading(format!("Would be planned: {many}")));
        inside.push(words(
            "baton-hint",
            "They take the place of what is planned between the first and the last.",
        ));
        inside.push(list("baton-work__titles", "Shifts that would be planned", shifts));
        let says = format!("Plan {many}");
        let done = format!("{many} planned.");
        let plan = move || {
            let shifts = answer.shifts.clone();
            match baton().command.do_role(key, RoleDeed::Plan(from, until, shifts)) {
                Ok(_) => {
                    close.run(());
                    here.desk.say(done.clone(), None, false);
                }
                Err(refusal) => wrong.set(Some(refusal.to_string())),
            }
        };
        inside.push(button(PRIMARY, says, "", plan));
    }
    block("baton-work__part", inside)
}
