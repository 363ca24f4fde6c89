//! What was said and what happened of a patient, in all conversations that one belongs to, the newest last.

use crate::part::drawn::view;
use crate::part::plain::{self, QUIET, button, told};
use crate::prelude::*;
use baton_core::id::PatientId;

use crate::app::baton;
use crate::nhs::tag::Tag;
use crate::page::shell::go;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::icon::Icon;
use crate::route::Route;
use crate::store::patients::timeline::{Line, LineKind, Part, STEP};

/// The timeline.
#[component]
pub(super) fn Timeline(
    /// Of whom.
    patient: Memo<PatientId>,
) -> impl IntoView {
    let baton = baton();
    let most = RwSignal::new(STEP);
    let part = memo(move || baton.command.patient_timeline(patient.get(), most.get()));
    view! {
        <Earlier part most />
        {move || {
            let lines = part.with(|part| part.lines.clone());
            if lines.is_empty() {
                told("baton-hint", "status", "Nothing about this patient is in your conversations on this device.")
            } else {
                view! { <ol class="baton-timeline">{lines.into_iter().map(line).collect_view()}</ol> }
            }
        }}
    }
}

/// What is not shown, and the way to it: nobody is to believe that there is nothing because it is not here.
#[component]
fn Earlier(part: Memo<Part>, most: RwSignal<usize>) -> impl IntoView {
    let baton = baton();
    let words = move || {
        part.with(|part| {
            if part.is_loading {
                return "Loading earlier messages…".to_owned();
            }
            match (part.is_cut, part.incomplete.len()) {
                (true, _) => "Earlier messages are not shown.".to_owned(),
                (false, 0) => "All of it, from the beginning of your conversations.".to_owned(),
                (false, 1) => "Earlier messages of 1 conversation are not shown.".to_owned(),
                (false, many) => format!("Earlier messages of {many} conversations are not shown."),
            }
        })
    };
    let has_more = move || part.with(|part| !part.is_loading && (part.is_cut || !part.incomplete.is_empty()));
    let show = move || {
        let (is_cut, incomplete) = part.with_untracked(|part| (part.is_cut, part.incomplete.clone()));
        most.update(|most| *most += STEP);
        if !is_cut {
            baton.command.load_older_of(&incomplete);
        }
    };
    view! {
        <p class="baton-hint" role="status">
            {words}
            " "
            {move || {
                has_more()
                    .then(|| button(QUIET, "Show earlier", "", show))
            }}
        </p>
    }
}

fn line(line: Line) -> impl IntoView {
    let baton = baton();
    let (to, id, title) = (Route::Thread(line.space), line.id, line.title);
    let time = view! { <time class="baton-timeline__time" datetime=line.datetime>{line.time}</time> };
    let link = (!title.is_empty()).then(|| {
        view! {
            <a
                class="baton-link baton-timeline__where"
                href=to.path()
                on:click=move |event| {
                    baton.store.thread.want(id);
                    go(&event, to);
                }
            >
                <span class="nhsuk-u-visually-hidden">"Show it in "</span>
                {title}
            </a>
        }
    });
    let what = match line.kind {
        LineKind::Event(words) => view! {
            {plain::words("baton-timeline__event", words)}
            <p class="baton-timeline__foot">{time} " " {link}</p>
        },
        LineKind::Message {
            author,
            text,
            is_urgent,
            is_withdrawn,
            written_about,
        } => {
            let role = author.role(None);
            view! {
                <p class="baton-timeline__who">
                    <strong>{author.name}</strong>
                    " "
                    <span class="baton-timeline__role">{role}</span>
                    {is_urgent.then(|| view! { " " <Tag colour="red">"Urgent"</Tag> })}
                </p>
                {if is_withdrawn {
                    plain::words("baton-message__withdrawn", "Message withdrawn")
                } else {
                    plain::words("baton-timeline__text", text)
                }}
                {written_about
                    .map(|merged| view! { <p class="baton-hint">{Icon::Info.draw()} " Written about " {merged} ", since merged"</p> })}
                <p class="baton-timeline__foot">{time} " " {link}</p>
            }
        }
    };
    view! {
        <li class="baton-timeline__item">
            {line.day.map(|day| view! { <h3 class="baton-timeline__day">{day}</h3> })}
            {what}
        </li>
    }
}
