//! A heading of a sheet, or what a team is for: what stands there, what stood there at the last handover, and where one writes. What
//! is typed is a draft until it is saved, with what its author had before them, so that nothing another writes meanwhile is lost to it.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{PatientId, SpaceId};
use baton_core::op::handover::{NOTE_BYTES, SectionId};
use baton_core::text::Basis;
use leptos::ev::KeyboardEvent;
use leptos::html;

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

/// Which text, of those that several write.
#[derive(Clone)]
enum Of {
    /// What a team is for.
    Purpose(SpaceId),
    /// What stands under a heading of a patient's sheet.
    Sheet(SpaceId, PatientId, SectionId),
}

impl Of {
    fn written(&self) -> Written {
        let command = baton().command;
        match self {
            Self::Purpose(space) => command.purpose(*space),
            Self::Sheet(space, patient, section) => command.note(*space, *patient, section),
        }
    }

    /// What stands there now. Does not follow it: nobody is taken out of what they write by what another does.
    fn basis(&self) -> Basis {
        let command = baton().command;
        untrack(|| match self {
            Self::Purpose(space) => command.purpose_basis(*space),
            Self::Sheet(space, patient, section) => command.note_basis(*space, *patient, section),
        })
    }

    fn key(&self) -> TextKey {
        match self {
            Self::Purpose(space) => TextKey::purpose(*space),
            Self::Sheet(space, patient, section) => TextKey {
                space: *space,
                what: section.as_str().to_owned(),
                patient: Some(*patient),
                at: None,
            },
        }
    }
}

/// A text, its name, and whether somebody is writing it.
#[derive(Clone)]
struct Here {
    of: Of,
    title: String,
    written: Memo<Written>,
    is_open: RwSignal<bool>,
    desk: Desk,
}

impl Here {
    fn start(of: Of, title: String, desk: Desk) -> Self {
        let text = of.clone();
        let is_begun = baton().store.texts.of_now(&of.key()).is_some();
        Self {
            of,
            title,
            written: memo(move || text.written()),
            is_open: RwSignal::new(is_begun),
            desk,
        }
    }

    fn save(&self, text: &str, basis: Basis) {
        let command = baton().command;
        let done = match &self.of {
            Of::Purpose(space) => command.write_purpose(*space, text, basis),
            Of::Sheet(space, patient, section) => {
                command.write_note(*space, *patient, section.clone(), text, basis)
            }
        };
        if self.desk.took(done) {
            self.close();
        }
    }

    fn close(&self) {
        baton().store.texts.set(self.of.key(), None);
        self.is_open.set(false);
        web::focus(self.button_id());
    }

    fn button_id(&self) -> String {
        format!("write-{}", self.of.key().what)
    }
}

/// A text of a team that its administrators write; `name` is the team's.
pub fn purpose(space: SpaceId, title: &str, name: Memo<String>, desk: Desk) -> AnyView {
    let here = Here::start(Of::Purpose(space), title.to_owned(), desk);
    section(&here, name, none(), none(), none())
}

/// A heading of a sheet; `name` is whose sheet it is.
pub fn note(space: SpaceId, patient: PatientId, heading: Heading, name: Memo<String>, desk: Desk) -> AnyView {
    let is_expected = heading.is_expected;
    let here = Here::start(Of::Sheet(space, patient, heading.id), heading.title, desk);
    let written = here.written;
    let mark = follows(move || {
        let is_gap = is_expected && written.with(Written::is_blank);
        if is_gap {
            tag("orange", "Missing".to_owned())
        } else {
            none()
        }
    });
    let left = heading.is_left.then(|| {
        words(
            "baton-hint",
            "This heading has left the sheet. What stands here stays.",
        )
    });
    let last = follows(move || maybe(written.with(|written| written.last.as_ref().map(before))));
    let elsewhere = follows(move || {
        let all = written.with(|written| written.elsewhere.join(". "));
        if all.is_empty() {
            none()
        } else {
            words("baton-handover__alone", all)
        }
    });
    section(&here, name, mark, block("", vec![maybe(left), elsewhere]), last)
}

/// What stands there, or where one writes; with what stands beside its name, below it, and beside the text.
fn section(here: &Here, name: Memo<String>, mark: AnyView, below: AnyView, beside: AnyView) -> AnyView {
    let (title, label) = (here.title.clone(), here.title.clone());
    let here = here.clone();
    let now = follows(move || {
        if here.is_open.get() {
            editor(&here, name)
        } else {
            text(&here)
        }
    });
    view! {
        <section class="baton-note" aria-label=label>
            <div class="baton-task__head"><h4 class="baton-role__title">{title}</h4>{mark}</div>
            {below}
            <div class="baton-note__sides">
                <div class="baton-note__now">{now}</div>
                {beside}
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
    let title = here.title.clone();
    let says = match (is_unsettled, all.is_empty()) {
        (true, _) => "Write a new one",
        (false, true) => "Write",
        (false, false) => "Change",
    };
    // What is kept is kept instead of what is before the reader: whatever comes meanwhile stays to be settled.
    let basis = here.of.basis();
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
    let key = here.of.key();
    // Whoever goes on with a draft goes on with what they had before them when they began it.
    let draft = texts.of_now(&key).unwrap_or_else(|| {
        let Basis { base, after } = here.of.basis();
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
    let title = here.title.clone();
    let label = move || format!("{title} of {}", name.get());
    let about = here.title.clone();
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
            prop:value=move || first.clone()
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
