//! Writing: the text grows, is never lost, and says how it is to be sent.

use baton_core::id::{OpId, UserId};
use baton_core::op::message::TEXT_BYTES;
use leptos::html;
use leptos::prelude::*;

use super::here;
use super::mention::{self, Mentions};
use crate::app::baton;
use crate::command::posted;
use crate::part::icon::Icon;
use crate::store::drafts::Draft;
use crate::web;

/// From here on the composer says how much room is left, in bytes.
const NEAR_LIMIT: usize = 1024;

/// The composer of the open conversation.
#[component]
pub fn Composer() -> impl IntoView {
    let (baton, here) = (baton(), here());
    let space = here.space;
    let drafts = baton.store.drafts;
    let field = NodeRef::<html::Textarea>::new();
    let error = RwSignal::new(None::<String>);
    let draft = Memo::new(move |_| drafts.of(space));
    let urgent = Memo::new(move |_| draft.with(|draft| draft.urgent));
    let picker = RwSignal::new(None::<mention::Typed>);
    let named = RwSignal::new(Vec::<(UserId, String)>::new());
    let room = move || {
        let used = draft.with(|draft| draft.text.len());
        (used + NEAR_LIMIT > TEXT_BYTES).then(|| if used > TEXT_BYTES { (used - TEXT_BYTES, true) } else { (TEXT_BYTES - used, false) })
    };
    Effect::new(move || {
        draft.with(|_| ());
        if let Some(field) = field.get() {
            web::next_frame(move || grow(&field));
        }
    });
    Effect::new(move |before: Option<u32>| {
        let count = here.focus.get();
        if before.is_some_and(|before| before != count)
            && let Some(field) = field.get_untracked()
        {
            _ = field.focus();
        }
        count
    });
    // A conversation that was just started takes a moment to come; what is written meanwhile waits in the field.
    let is_coming = move || baton.store.thread.header().title.is_empty();
    let send = move || {
        let now = drafts.of_now(space);
        if now.text.trim().is_empty() || untrack(is_coming) {
            return;
        }
        let mentions = named.with_untracked(|named| mention::still_named(named, &now.text));
        let done = match now.corrects {
            Some(message) => baton.command.correct(space, message, now.text.trim_end()),
            None => baton
                .command
                .post(space, posted(now.text.trim_end(), now.urgent, now.reply_to, mentions)),
        };
        match done {
            Ok(_) => {
                drafts.clear(space);
                named.set(Vec::new());
                picker.set(None);
                error.set(None);
                here.scroll.to_newest();
            }
            Err(refusal) => error.set(Some(refusal.to_string())),
        }
        if let Some(field) = field.get_untracked() {
            _ = field.focus();
        }
    };
    let on_input = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        let caret = field.selection_start().ok().flatten().unwrap_or_default();
        picker.set(mention::typed(&text, caret));
        drafts.edit(space, |draft| draft.text = text);
        error.set(None);
        baton.command.typing(space);
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let wants = match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => true,
            "Enter" => baton.preference.enter_sends() && !event.shift_key() && !event.alt_key(),
            "Escape" => {
                picker.set(None);
                give_up(drafts, space);
                false
            }
            _ => false,
        };
        if wants {
            event.prevent_default();
            send();
        }
    };
    view! {
        <form
            class="baton-composer"
            class:baton-composer--urgent=move || urgent.get()
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <About draft />
            {move || {
                picker.get().map(|typed| view! { <Mentions typed picker named field /> })
            }}
            {move || error.get().map(|words| view! { <p class="baton-error" role="alert">{words}</p> })}
            {move || {
                urgent
                    .get()
                    .then(|| {
                        view! {
                            <p class="baton-composer__urgent" id="composer-urgent">
                                {Icon::Warning.draw()}
                                "Urgent: interrupts everyone here and asks them to acknowledge"
                            </p>
                        }
                    })
            }}
            <div class="baton-composer__line">
                <button
                    type="button"
                    class="baton-composer__toggle"
                    aria-pressed=move || urgent.get().to_string()
                    disabled=move || draft.with(|draft| draft.corrects.is_some())
                    on:click=move |_| drafts.edit(space, |draft| draft.urgent = !draft.urgent)
                >
                    {Icon::Warning.draw()}
                    <span>"Urgent"</span>
                </button>
                <textarea
                    class="baton-composer__field"
                    node_ref=field
                    rows="1"
                    aria-label="Write a message"
                    placeholder="Write a message"
                    enterkeyhint=move || if baton.preference.enter_sends() { "send" } else { "enter" }
                    prop:value=move || draft.with(|draft| draft.text.clone())
                    on:input=on_input
                    on:keydown=on_key
                ></textarea>
                <button
                    type="submit"
                    class="baton-composer__send"
                    disabled=move || draft.with(|draft| draft.text.trim().is_empty()) || is_coming()
                >
                    {Icon::Send.draw()}
                    <span class="baton-composer__send-word">
                        {move || if draft.with(|draft| draft.corrects.is_some()) { "Save" } else { "Send" }}
                    </span>
                </button>
            </div>
            {move || {
                room()
                    .map(|(count, over)| {
                        let class = if over { "baton-composer__room baton-error" } else { "baton-composer__room" };
                        let words = if over {
                            format!("{count} characters too long: shorten it, or send it in parts")
                        } else {
                            format!("{count} characters left")
                        };
                        view! { <p class=class role="status">{words}</p> }
                    })
            }}
        </form>
    }
}

/// What the message is about: an answer, or a correction.
#[component]
fn About(draft: Memo<Draft>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let drafts = baton.store.drafts;
    let about = Memo::new(move |_| draft.with(|draft| (draft.corrects, draft.reply_to)));
    let bar = move |title: &'static str, id: OpId| {
        baton.command.quote(here.space, id).map(|quote| {
            view! {
                <div class="baton-composer__about">
                    <p class="baton-composer__about-words">
                        <strong>{title}</strong>
                        " "
                        <span>{quote.author} ": " {quote.text}</span>
                    </p>
                    <button
                        type="button"
                        class="baton-icon-button"
                        aria-label="Cancel"
                        on:click=move |_| give_up(drafts, here.space)
                    >
                        {Icon::Close.draw()}
                    </button>
                </div>
            }
        })
    };
    move || match about.get() {
        (Some(id), _) => bar("Correcting", id),
        (None, Some(id)) => bar("Replying to", id),
        (None, None) => None,
    }
}

/// Gives up answering (the text stays) or correcting (the text was that of the message).
fn give_up(drafts: crate::store::drafts::Drafts, space: baton_core::id::SpaceId) {
    drafts.edit(space, |draft| {
        draft.reply_to = None;
        if draft.corrects.take().is_some() {
            draft.text.clear();
        }
    });
}

/// Makes the field as high as its text, up to what its style allows.
fn grow(field: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    _ = style.set_property("height", "auto");
    _ = style.set_property("height", &format!("{}px", field.scroll_height() + 4));
}
