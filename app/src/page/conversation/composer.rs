//! Writing: the text grows, is never lost, and says how it is to be sent.

use crate::part::drawn::view;
use crate::part::plain;
use crate::prelude::*;
use baton_core::id::{OpId, UserId};
use baton_core::op::message::TEXT_BYTES;
use leptos::html;

use super::about::{self, About as Patient, AboutPatient, PatientButton};
use super::mention::{self, Mentions};
use super::photo::{Attached, PhotoButton};
use super::{Here, here, off_duty};
use crate::app::{Baton, baton};
use crate::command::posted;
use crate::part::derived::{Memo, RwSignal, effect, memo};
use crate::part::icon::Icon;
use crate::store::drafts::Draft;
use crate::store::work::full::named;
use crate::web;

/// From here on the composer says how much room is left, in bytes.
const NEAR_LIMIT: usize = 1024;

/// What the parts of the composer share.
#[derive(Clone, Copy)]
struct Writing {
    field: NodeRef<html::Textarea>,
    draft: Memo<Draft>,
    /// Why the last message was not taken.
    error: RwSignal<Option<String>>,
    /// The name that is being typed after `@`.
    picker: RwSignal<Option<mention::Typed>>,
    /// Who was picked after it.
    picked: RwSignal<Vec<UserId>>,
    /// Choosing the patient whom it is about.
    patient: Patient,
}

/// The composer of the open conversation.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let (baton, here) = (baton(), here());
    let space = here.space;
    let drafts = &baton.store.drafts;
    let field = NodeRef::new();
    let writing = Writing {
        field,
        draft: memo(move || drafts.of(space)),
        error: RwSignal::new(None),
        picker: RwSignal::new(None),
        picked: RwSignal::new(Vec::new()),
        patient: about::start(field),
    };
    let Writing {
        draft,
        error,
        picker,
        picked,
        patient,
        ..
    } = writing;
    Effect::new(move |before: Option<u32>| {
        let count = here.focus.get();
        if before.is_some_and(|before| before != count) {
            writing.focus();
        }
        count
    });
    let send = move || writing.send(baton, here);
    view! {
        <form
            class="baton-composer"
            class:baton-composer--urgent=move || draft.with(|draft| draft.urgent)
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <About draft />
            <AboutPatient about=patient draft />
            <Attached draft />
            {move || {
                picker.get().map(|typed| view! { <Mentions typed picker picked field /> })
            }}
            {plain::error(error)}
            {off_duty::before_sending(draft)}
            {move || draft.with(|draft| draft.urgent).then(|| view! { <UrgentNote /> })}
            <div class="baton-composer__line">
                <button
                    type="button"
                    class="baton-composer__toggle"
                    aria-pressed=move || draft.with(|draft| draft.urgent).to_string()
                    disabled=move || draft.with(|draft| draft.corrects.is_some())
                    on:click=move |_| drafts.edit(space, |draft| draft.urgent = !draft.urgent)
                >
                    {Icon::Warning.draw()}
                    <span>"Urgent"</span>
                </button>
                {move || about::may_choose(baton).then(|| view! { <PatientButton about=patient draft /> })}
                <PhotoButton draft />
                <Field writing send=send />
                <button
                    type="submit"
                    class="baton-composer__send"
                    disabled=move || draft.with(|draft| draft.text.trim().is_empty()) || is_coming(baton)
                >
                    {Icon::Send.draw()}
                    <span class="baton-composer__send-word">
                        {move || if draft.with(|draft| draft.corrects.is_some()) { "Save" } else { "Send" }}
                    </span>
                </button>
            </div>
            <Room draft />
        </form>
    }
}

/// A conversation that was just started takes a moment to come; what is written meanwhile waits in the field.
fn is_coming(baton: Baton) -> bool {
    baton.store.thread.header().title.is_empty()
}

impl Writing {
    fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            _ = field.focus();
        }
    }

    /// Sends what is written, and makes room for the next.
    fn send(self, baton: Baton, here: Here) {
        let (drafts, space) = (&baton.store.drafts, here.space);
        let now = drafts.of_now(space);
        if now.text.trim().is_empty() || untrack(|| is_coming(baton)) {
            return;
        }
        let done = if let Some(message) = now.corrects {
            baton.command.correct(space, message, now.text.trim_end())
        } else {
            let draft = Draft {
                about: about::around(baton).or(now.about),
                ..now
            };
            let targets = untrack(|| baton.command.targets(space));
            baton.command.post(
                space,
                posted(
                    &draft,
                    &named(&targets, &draft.text, &self.picked.get_untracked()),
                ),
            )
        };
        match done {
            Ok(_) => {
                drafts.sent(space);
                self.picker.set(None);
                self.picked.set(Vec::new());
                self.patient.picker.set(None);
                self.error.set(None);
                here.scroll.to_newest();
            }
            Err(refusal) => self.error.set(Some(refusal.to_string())),
        }
        self.focus();
    }
}

/// Where one writes.
#[component]
fn Field(
    writing: Writing,
    /// Sends it.
    #[prop(into)]
    send: Callback<()>,
) -> impl IntoView {
    let (baton, space) = (baton(), here().space);
    let drafts = &baton.store.drafts;
    let Writing {
        field,
        draft,
        error,
        picker,
        patient,
        ..
    } = writing;
    effect(move || {
        draft.with(|_| ());
        if let Some(field) = field.get() {
            web::next_frame(move || grow(&field));
        }
    });
    let on_input = move |_| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let text = field.value();
        let caret = field.selection_start().ok().flatten().unwrap_or_default();
        // A correction is to whom the message was.
        let is_new = draft.with_untracked(|draft| draft.corrects.is_none());
        picker.set(mention::typed(&text, caret, '@').filter(|_| is_new));
        let may_choose = untrack(|| about::may_choose(baton));
        patient
            .picker
            .set(mention::typed(&text, caret, '#').filter(|_| may_choose));
        drafts.edit(space, |draft| draft.text = text);
        error.set(None);
        baton.command.typing(space);
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let sends = match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => true,
            "Enter" | "ArrowDown" | "ArrowUp"
                if !event.shift_key()
                    && patient.picker.with_untracked(Option::is_some)
                    && mention::go_to_offered() =>
            {
                event.prevent_default();
                false
            }
            "Enter" => baton.preference.enter_sends() && !event.shift_key() && !event.alt_key(),
            "Escape" if patient.picker.with_untracked(Option::is_some) => {
                patient.picker.set(None);
                false
            }
            "Escape" => {
                picker.set(None);
                give_up(drafts, space);
                false
            }
            _ => false,
        };
        if sends {
            event.prevent_default();
            send.run(());
        }
    };
    view! {
        // A browser writes into its session what is in a field that it may complete.
        <textarea
            autocomplete="off"
            class="baton-composer__field"
            node_ref=field
            rows="1"
            aria-label="Write a message"
            placeholder=move || {
                if draft.with(|draft| draft.photos.is_empty()) {
                    "Write a message"
                } else {
                    "Write what the photo shows"
                }
            }
            enterkeyhint=move || if baton.preference.enter_sends() { "send" } else { "enter" }
            prop:value=move || draft.with(|draft| draft.text.clone())
            on:input=on_input
            on:keydown=on_key
        ></textarea>
    }
}

/// What urgent means, before it is sent.
#[component]
fn UrgentNote() -> impl IntoView {
    view! {
        <p class="baton-composer__urgent" id="composer-urgent">
            {Icon::Warning.draw()}
            "Urgent: interrupts everyone here and asks them to acknowledge"
        </p>
    }
}

/// How much room is left, once little is.
#[component]
fn Room(draft: Memo<Draft>) -> impl IntoView {
    let used = memo(move || draft.with(|draft| draft.text.len()));
    move || {
        let used = used.get();
        let is_over = used > TEXT_BYTES;
        let (class, words) = if is_over {
            let over = used - TEXT_BYTES;
            let words = format!("{over} characters too long: shorten it, or send it in parts");
            ("baton-composer__room baton-error", words)
        } else {
            (
                "baton-composer__room",
                format!("{} characters left", TEXT_BYTES - used),
            )
        };
        (used + NEAR_LIMIT > TEXT_BYTES).then(|| view! { <p class=class role="status">{words}</p> })
    }
}

/// What the message is about: an answer, or a correction.
#[component]
fn About(draft: Memo<Draft>) -> impl IntoView {
    let (baton, here) = (baton(), here());
    let drafts = &baton.store.drafts;
    let about = memo(move || draft.with(|draft| (draft.corrects, draft.reply_to)));
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
fn give_up(drafts: &crate::store::drafts::Drafts, space: baton_core::id::SpaceId) {
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
