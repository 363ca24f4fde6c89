//! One row: the day and the "New" divider where they belong, then what happened or was said.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::part::plain::{QUIET, button, words};
use crate::prelude::*;
use baton_core::id::OpId;

use super::here;
use super::message::MessageView;
use super::scroll::row_id;
use crate::app::baton;
use crate::part::derived::memo;
use crate::part::icon::Icon;
use crate::store::thread::{Kind, Row};

/// Which component a row needs; it rarely changes, so that the component stays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Event,
    Message,
    Refused,
}

/// A row.
#[component]
pub(super) fn RowView(
    /// The operation that made it.
    id: OpId,
) -> impl IntoView {
    let Some(row) = baton().store.thread.row(id) else {
        return ().into_any();
    };
    let row: Signal<Row> = row.into();
    let day = memo(move || row.with(|row| row.day.clone()));
    let starts_unread = memo(move || row.with(|row| row.starts_unread));
    let follows_gap = memo(move || row.with(|row| row.follows_gap));
    let shape = memo(move || {
        row.with(|row| match row.kind {
            Kind::Event { .. } => Shape::Event,
            Kind::Message(_) => Shape::Message,
            Kind::Refused { .. } => Shape::Refused,
        })
    });
    view! {
        <li class="baton-thread__row" id=row_id(id) data-seq=move || row.with(|row| row.seq.value().to_string())>
            {move || follows_gap.get().then(|| view! { <Gap /> })}
            {move || day.get().map(|day| view! { <p class="baton-day"><span>{day}</span></p> })}
            {move || starts_unread.get().then(|| view! { <p class="baton-unread"><span>"New"</span></p> })}
            {move || match shape.get() {
                Shape::Event => view! { <EventView row /> },
                Shape::Message => view! { <MessageView id row /> },
                Shape::Refused => view! { <RefusedView id row /> },
            }}
        </li>
    }
}

/// Where messages are missing, between urgent ones that wait and those that are held without gaps.
#[component]
fn Gap() -> impl IntoView {
    let (baton, here) = (baton(), here());
    view! {
        <p class="baton-gap">
            <span>"Messages in between are not shown."</span>
            {button(QUIET, "Show earlier messages", "", move || baton.command.show_older(here.space))}
        </p>
    }
}

#[component]
fn EventView(row: Signal<Row>) -> impl IntoView {
    move || {
        row.with(|row| {
            let Kind::Event { words, time } = &row.kind else { return None };
            let (words, time) = (words.clone(), time.clone());
            Some(view! { <p class="baton-event">{words} " " <span class="baton-event__time">{time}</span></p> })
        })
    }
}

/// Something that the record refused and that is no message: a correction, say.
#[component]
fn RefusedView(id: OpId, row: Signal<Row>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    move || {
        row.with(|row| {
            let Kind::Refused { what, text, reason } = &row.kind else {
                return None;
            };
            let (what, text, reason) = (what.clone(), text.clone(), reason.clone());
            let again = (!text.is_empty()).then(|| {
                let text = text.clone();
                button(QUIET, "Edit and send again", "", move || {
                    let text = text.clone();
                    baton.store.drafts.edit(here.space, |draft| draft.text = text);
                    baton.command.discard(here.space, id);
                    here.focus_composer();
                })
            });
            Some(view! {
                <div class="baton-refused" role="group" aria-label="Not taken by the record">
                    <p class="baton-refused__what">{Icon::Warning.draw()} {what} " was not sent"</p>
                    {(!text.is_empty()).then(|| words("baton-refused__text", text.clone()))}
                    {words("", reason)}
                    <p class="baton-refused__choices">
                        {again}
                        {button(QUIET, "Discard", "", move || baton.command.discard(here.space, id))}
                    </p>
                </div>
            })
        })
    }
}
