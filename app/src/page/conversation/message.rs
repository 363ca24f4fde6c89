//! A message.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::part::plain::{self, QUIET, button};
use crate::prelude::*;
use baton_core::id::OpId;

use super::actions::{Actions, Choices};
use super::here;
use super::photo::photos;
use super::task::tasks_of;
use crate::app::baton;
use crate::nhs::tag::Tag;
use crate::part::derived::memo;
use crate::part::icon::Icon;
use crate::part::patient::PatientChip;
use crate::part::person::Picture;
use crate::store::thread::{Kind, MessageRow, Quote, Row, StatusLine, Tick};
use crate::web;

/// A message. Its status and its acknowledgements change often, and are drawn apart from the rest.
#[component]
pub(super) fn MessageView(
    /// Its id.
    id: OpId,
    /// Its row.
    row: Signal<Row>,
) -> impl IntoView {
    let here = here();
    let said = memo(move || {
        row.with(|row| match &row.kind {
            Kind::Message(message) => Some(MessageRow {
                status: None,
                acknowledged: Vec::new(),
                may_acknowledge: false,
                refused: None,
                ..MessageRow::clone(message)
            }),
            Kind::Event { .. } | Kind::Refused { .. } => None,
        })
    });
    // A photo that somebody looks at stays as it is when the next message comes.
    let shown = memo(move || {
        said.with(|said| said.as_ref().map(|said| (said.photos.clone(), said.text.clone())))
            .unwrap_or_default()
    });
    // The menu that is open stays as it is when the next message comes.
    let choices = memo(move || said.with(|said| said.as_ref().map(Choices::of)));
    let whole = memo(move || {
        row.with(|row| match &row.kind {
            Kind::Message(message) => Some((
                message.status.clone(),
                message.acknowledged.clone(),
                message.may_acknowledge,
                message.refused.clone(),
            )),
            Kind::Event { .. } | Kind::Refused { .. } => None,
        })
    });
    let is = move |fact: fn(&MessageRow) -> bool| move || said.with(|said| said.as_ref().is_some_and(fact));
    view! {
        <article
            class="baton-message"
            class:baton-message--mine=is(|message| message.mine)
            class:baton-message--urgent=is(|message| message.urgent && message.withdrawn.is_none())
            class:baton-message--starts=is(|message| message.starts_run)
            class:baton-message--ends=is(|message| message.ends_run)
            class:baton-message--flash=move || here.flash.get() == Some(id)
        >
            {move || said.get().map(|said| view! { <Author said /> })}
            <div class="baton-message__line">
                <div class="baton-message__bubble">
                    {move || said.get().map(|said| view! { <Said said /> })}
                    {plain::follows(move || {
                        let (all, text) = shown.get();
                        photos(here.space, all, &text)
                    })}
                    {move || {
                        whole
                            .get()
                            .map(|(_, acknowledged, may, _)| view! { <Acknowledgements id acknowledged may /> })
                    }}
                    {tasks_of(id, here)}
                    <p class="baton-message__foot">
                        {move || said.get().map(|said| view! { <Times said /> })}
                        {move || {
                            whole
                                .get()
                                .and_then(|(status, ..)| status)
                                .map(|status| view! { <StatusView id status /> })
                        }}
                    </p>
                </div>
                {move || choices.get().map(|choices| view! { <Actions id choices /> })}
            </div>
            {move || {
                whole.get().and_then(|(_, _, _, refused)| refused).map(|reason| view! { <RefusedMessage id reason /> })
            }}
        </article>
    }
}

#[component]
fn Author(said: MessageRow) -> impl IntoView {
    if said.mine {
        return view! { <h3 class="nhsuk-u-visually-hidden">"You wrote"</h3> };
    }
    if !said.starts_run {
        return view! { <h3 class="nhsuk-u-visually-hidden">{said.author.name}</h3> };
    }
    let role = said.author.job_title.clone();
    let organisation = said.author.organisation.clone();
    let outside = said.is_outside;
    view! {
        <div class="baton-message__author">
            <Picture initials=said.author.initials tint=said.author.tint />
            <h3 class="baton-message__name">{said.author.name}</h3>
            <span class="baton-message__role">
                {role}
                {(!organisation.is_empty())
                    .then(|| {
                        let class = if outside { "baton-outside" } else { "" };
                        view! { ", " <span class=class>{organisation}</span> }
                    })}
            </span>
        </div>
    }
}

#[component]
fn Said(said: MessageRow) -> impl IntoView {
    if let Some(words) = said.withdrawn {
        return plain::words("baton-message__withdrawn", words);
    }
    let versions = said.versions;
    let corrected = said.corrected;
    view! {
        {said.urgent.then(|| view! { <p class="baton-message__urgent">{Icon::Warning.draw()} "Urgent"</p> })}
        {(!said.to_me.is_empty()).then(|| view! { <Tag colour="yellow">{said.to_me}</Tag> })}
        {said.about.map(|chip| view! { <PatientChip chip /> })}
        {said.reply.map(|quote| view! { <QuoteView quote /> })}
        {plain::words("baton-message__text", said.text)}
        {corrected
            .map(|time| {
                view! {
                    <details class="baton-versions">
                        <summary>"Corrected " {time}</summary>
                        <ol class="baton-versions__list">
                            {versions
                                .into_iter()
                                .map(|(when, text)| {
                                    view! {
                                        <li>
                                            <span class="baton-versions__when">{when}</span>
                                            <span class="baton-versions__text">{text}</span>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ol>
                    </details>
                }
            })}
    }
}

#[component]
fn QuoteView(quote: Quote) -> impl IntoView {
    let here = here();
    view! {
        <button
            type="button"
            class="baton-quote"
            on:click=move |_| here.jump_to(quote.id)
        >
            <span class="nhsuk-u-visually-hidden">"In reply to "</span>
            <span class="baton-quote__author">{quote.author}</span>
            <span class="baton-quote__text">{quote.text}</span>
        </button>
    }
}

#[component]
fn Times(said: MessageRow) -> impl IntoView {
    view! {
        <time class="baton-message__time" datetime=said.datetime>{said.time}</time>
        {said.recorded.map(|time| view! { <span class="baton-message__recorded">"recorded at " {time}</span> })}
    }
}

#[component]
fn StatusView(id: OpId, status: StatusLine) -> impl IntoView {
    let here = here();
    let (icon, look) = match status.tick {
        Tick::Clock => (Icon::Clock, "clock"),
        Tick::Delivered => (Icon::DoubleTick, "delivered"),
        Tick::Read => (Icon::DoubleTick, "read"),
        Tick::Refused => (Icon::Warning, "refused"),
        Tick::Sent => (Icon::Tick, "sent"),
    };
    view! {
        <button
            type="button"
            class=format!("baton-status baton-status--{look}")
            aria-haspopup="dialog"
            on:click=move |_| here.details.set(Some(id))
        >
            {icon.draw()}
            {status.words}
        </button>
    }
}

#[component]
fn Acknowledgements(id: OpId, acknowledged: Vec<(String, String)>, may: bool) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let list = (!acknowledged.is_empty()).then(|| {
        let names = acknowledged
            .into_iter()
            .map(|(name, time)| view! { <li>{name} " " <span class="baton-acknowledged__time">{time}</span></li> })
            .collect_view();
        view! {
            <div class="baton-acknowledged">
                <p class="baton-acknowledged__title">{Icon::Tick.draw()} "Acknowledged by"</p>
                <ul class="baton-acknowledged__list">{names}</ul>
            </div>
        }
    });
    let button = may.then(|| {
        button(
            "nhsuk-button baton-button baton-acknowledge",
            "Acknowledge",
            "",
            move || {
                _ = baton.command.acknowledge(here.space, id);
            },
        )
    });
    view! { {list} {button} }
}

/// A message that the record refused: it stays with its author, with the reason and what can be done.
#[component]
fn RefusedMessage(id: OpId, reason: String) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let again = move || {
        if let Some(written) = baton.command.draft_of(here.space, id) {
            baton.store.drafts.edit(here.space, |draft| *draft = written);
            baton.command.discard(here.space, id);
            here.focus_composer();
        }
    };
    let copy = move || {
        if let Some(text) = baton.command.text_of(here.space, id) {
            web::copy(&text);
        }
    };
    view! {
        <div class="baton-refused" role="alert">
            <p class="baton-refused__what">{Icon::Warning.draw()} "Not sent"</p>
            {plain::words("", reason)}
            <p class="baton-refused__choices">
                {move || {
                    // Who was removed has nowhere to send it to, but may need it elsewhere.
                    if baton.store.thread.header().is_open {
                        button(QUIET, "Edit and send again", "", again)
                    } else {
                        button(QUIET, "Copy the text", "", copy)
                    }
                }}
                {button(QUIET, "Discard", "", move || baton.command.discard(here.space, id))}
            </p>
        </div>
    }
}
