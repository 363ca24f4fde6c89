//! A heading of a sheet: what stands there, what stood there at the last handover, and where one writes. What is typed is a draft
//! until it is saved, with what its author had before them, so that nothing another writes meanwhile is lost to it.

use crate::part::drawn::view;
use baton_core::id::{PatientId, SpaceId};
use baton_core::op::handover::NOTE_BYTES;
use baton_core::text::Basis;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::show::{sides, tag, versions};
use crate::app::baton;
use crate::page::tasks::Desk;
use crate::part::derived::{Memo, RwSignal, StoredValue, effect, memo};
use crate::part::plain::{PRIMARY, QUIET, block, button, follows, maybe, none, told, words};
use crate::store::handover::sheet::{Heading, Last, Written};
use crate::store::handover::texts::TextKey;
use crate::store::lists::look::CellDraft;
use crate::store::lists::row::Version;
use crate::web;

/// Which heading of whose sheet.
#[derive(Clone)]
struct Here {
    space: SpaceId,
    patient: PatientId,
    heading: Heading,
    written: Memo<Written>,
    is_open: RwSignal<bool>,
    desk: Desk,
}

impl Here {
    fn key(&self) -> TextKey {
        TextKey {
            space: self.space,
            what: self.heading.id.as_str().to_owned(),
            patient: Some(self.patient),
            at: None,
        }
    }

    fn save(&self, text: &str, basis: Basis) {
        let id = self.heading.id.clone();
        let done = baton()
            .command
            .write_note(self.space, self.patient, id, text, basis);
        if self.desk.took(done) {
            self.close();
        }
    }

    fn close(&self) {
        baton().store.texts.set(self.key(), None);
        self.is_open.set(false);
        web::focus(self.button_id());
    }

    fn button_id(&self) -> String {
        format!("write-{}", self.heading.id)
    }

    fn basis(&self) -> Basis {
        baton()
            .command
            .note_basis(self.space, self.patient, &self.heading.id)
    }
}

/// The heading; `name` is whose sheet it is.
pub fn note(space: SpaceId, patient: PatientId, heading: Heading, name: Memo<String>, desk: Desk) -> AnyView {
    let baton = baton();
    let id = heading.id.clone();
    let here = Here {
        space,
        patient,
        heading,
        written: memo(move || baton.command.note(space, patient, &id)),
        is_open: RwSignal::new(false),
        desk,
    };
    here.is_open.set(baton.store.texts.of_now(&here.key()).is_some());
    let (title, is_expected) = (here.heading.title.clone(), here.heading.is_expected);
    let written = here.written;
    let mark = follows(move || {
        let is_gap = is_expected && written.with(Written::is_blank);
        if is_gap {
            tag("orange", "Missing".to_owned())
        } else {
            none()
        }
    });
    let left = here.heading.is_left.then(|| {
        words(
            "baton-hint",
            "This heading has left the sheet. What stands here stays.",
        )
    });
    let now = {
        let here = here.clone();
        follows(move || {
            if here.is_open.get() {
                editor(&here, name)
            } else {
                text(&here)
            }
        })
    };
    let last = follows(move || maybe(written.with(|written| written.last.as_ref().map(before))));
    let label = title.clone();
    view! {
        <section class="baton-note" aria-label=label>
            <div class="baton-task__head"><h4 class="baton-role__title">{title}</h4>{mark}</div>
            {maybe(left)}
            <div class="baton-note__sides">
                <div class="baton-note__now">{now}</div>
                {last}
            </div>
        </section>
    }
}

/// What stood there at the last handover.
fn before(last: &Last) -> AnyView {
    let says = format!("At the last handover, by {}", last.words);
    let inside = if last.is_same && !last.versions.is_empty() {
        words("baton-hint", "The same as now.")
    } else {
        versions(&last.versions)
    };
    block("baton-note__last", vec![words("baton-hint", says), inside])
}

/// What stands there, and the way to write.
fn text(here: &Here) -> AnyView {
    let (all, is_here_only) = here
        .written
        .with(|written| (written.versions.clone(), written.is_here_only));
    let is_unsettled = all.len() > 1;
    let title = here.heading.title.clone();
    let says = match (is_unsettled, all.is_empty()) {
        (true, _) => "Write a new one",
        (false, true) => "Write",
        (false, false) => "Change",
    };
    // What is kept is kept instead of what is before the reader: whatever comes meanwhile stays to be settled.
    let basis = here.basis();
    let keep = |version: &Version| {
        let (here, basis, text) = (here.clone(), basis.clone(), version.text.clone());
        let about = format!("of {}, {}: {}", version.by, version.at, version.text);
        button(QUIET, "Keep this one", about, move || {
            here.save(&text, basis.clone());
        })
    };
    let mut inside = vec![sides(&all, &keep)];
    if is_here_only {
        inside.push(words("baton-hint", "On this device"));
    }
    let (id, is_open) = (here.button_id(), here.is_open);
    inside.push(view! {
        <button type="button" class=QUIET id=id on:click=move |_| is_open.set(true)>
            {says}
            <span class="nhsuk-u-visually-hidden">" " {title}</span>
        </button>
    });
    block("", inside)
}

/// Where one writes.
fn editor(here: &Here, name: Memo<String>) -> AnyView {
    let baton = baton();
    let texts = &baton.store.texts;
    let key = here.key();
    // Whoever goes on with a draft goes on with what they had before them when they began it.
    let draft = texts.of_now(&key).unwrap_or_else(|| {
        let Basis { base, after } = here.basis();
        let text = here.written.with_untracked(Written::text);
        CellDraft { text, base, after }
    });
    let basis = draft.basis();
    let first = draft.text.clone();
    let begun = StoredValue::new(draft);
    let field = NodeRef::<html::Textarea>::new();
    effect(move || {
        if let Some(field) = field.get() {
            _ = field.focus();
        }
    });
    let typed = move || {
        let field = field.get_untracked();
        field.map(|field| field.value()).unwrap_or_default()
    };
    let save = {
        let (here, basis) = (here.clone(), basis.clone());
        Callback::new(move |()| here.save(&typed(), basis.clone()))
    };
    let discard = {
        let here = here.clone();
        move || here.close()
    };
    let written = here.written;
    let meanwhile = follows(move || {
        let unseen = |written: &Written| {
            let all = written.versions.iter();
            all.filter(|version| version.is_unseen(&basis))
                .cloned()
                .collect::<Vec<Version>>()
        };
        let said = |version: Version| {
            let says = format!(
                "{} wrote at {}: “{}”. If you save, both stay until somebody settles them.",
                version.by, version.at, version.text
            );
            told("baton-handover__alone", "status", says)
        };
        block("", written.with(unseen).into_iter().map(said).collect())
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            save.run(());
        }
    };
    let title = here.heading.title.clone();
    let label = move || format!("{title} of {}", name.get());
    let about = here.heading.title.clone();
    let acts = vec![
        button(PRIMARY, "Save", about.clone(), move || save.run(())),
        button(QUIET, "Discard", about, discard),
    ];
    view! {
        <textarea
            class="baton-editor__field baton-note__field"
            rows="4"
            maxlength=NOTE_BYTES.to_string()
            autocomplete="off"
            node_ref=field
            aria-label=label
            prop:value=first
            on:keydown=on_key
            on:input=move |_| {
                let draft = begun.with_value(|draft| CellDraft { text: typed(), ..draft.clone() });
                texts.set(key.clone(), Some(draft));
            }
        ></textarea>
        {meanwhile}
        {words("baton-hint", "Kept on this device as you type. Others see it when you save.")}
        {block("baton-work__line", acts)}
    }
}
