//! A team's headings: for administrators to add, rename, order and remove; for all to see.

use std::sync::Arc;

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, SpaceId};
use baton_core::op::handover::section::{PRSB, STANDARD};
use baton_core::op::handover::{Section, SectionId};
use baton_core::secret::Personal;

use crate::app::baton;
use crate::clock;
use crate::page::list::Choice;
use crate::page::tasks::Desk;
use crate::part::derived::RwSignal;
use crate::part::plain::{PRIMARY, QUIET, block, button, check, dialog, error, field, hidden, list, words};
use crate::part::rows::{RowKey, rows};
use crate::web;

/// A heading that is being changed.
#[derive(Clone, Copy)]
struct Line {
    id: RwSignal<SectionId>,
    title: RwSignal<String>,
    is_expected: RwSignal<bool>,
}

impl Line {
    fn of(section: Section) -> Self {
        Self {
            id: RwSignal::new(section.id),
            title: RwSignal::new(section.title.as_str().to_owned()),
            is_expected: RwSignal::new(section.is_expected),
        }
    }

    fn section(self) -> Section {
        Section {
            id: self.id.get_untracked(),
            title: Personal::new(self.title.get_untracked().trim().to_owned()),
            is_expected: self.is_expected.get_untracked(),
        }
    }

    fn is(self, id: &str) -> bool {
        self.id.with_untracked(|own| own.as_str() == id)
    }
}

/// The dialog.
pub fn headings(space: SpaceId, is_admin: bool, desk: Desk, close: Callback<()>) -> AnyView {
    let (sections, basis) = untrack(|| baton().command.headings(space));
    if !is_admin {
        let line = |section: Section| {
            let expected = if section.is_expected {
                ": expected for everybody"
            } else {
                ""
            };
            words("", format!("{}{expected}", section.title.as_str()))
        };
        let all = sections.into_iter().map(line).collect();
        let inside = vec![
            words("baton-hint", "Administrators of the team choose them."),
            list("baton-work__titles", "Headings", all),
        ];
        return dialog("Headings of the sheets", close, inside);
    }
    let lines = RwSignal::new(sections.into_iter().map(Line::of).collect::<Vec<Line>>());
    let wrong = RwSignal::new(None::<String>);
    let save = move || {
        let sections = lines.with_untracked(|lines| lines.iter().map(|line| line.section()).collect());
        match baton().command.set_headings(space, sections, basis.clone()) {
            Ok(_) => {
                desk.say("The headings are changed.".to_owned(), None, false);
                close.run(());
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let keys = move || {
        lines.with(|lines| {
            let key = |line: &Line| RowKey::Heading(0, Arc::from(line.id.get_untracked().as_str()));
            lines.iter().map(key).collect()
        })
    };
    let draw = move |key: RowKey| match key {
        RowKey::Heading(_, id) => row(&id, lines),
        RowKey::Id(_) | RowKey::Opened(..) => ().into_any(),
    };
    let inside = vec![
        words(
            "baton-hint",
            "What was written under a heading that you remove stays, and is shown after the others.",
        ),
        view! { <ol class="baton-headings" aria-label="Headings, in their order">{rows(keys, draw)}</ol> },
        add(lines),
        error(wrong),
        button(PRIMARY, "Save the headings", "", save),
    ];
    dialog("Headings of the sheets", close, inside)
}

fn row(id: &str, lines: RwSignal<Vec<Line>>) -> AnyView {
    let line = lines.with_untracked(|lines| lines.iter().find(|line| line.is(id)).copied());
    let Some(line) = line else { return ().into_any() };
    let name = line.title.get_untracked();
    let title_id = format!("heading-{id}");
    let shift = move |by: isize| {
        let id = line.id.get_untracked();
        lines.update(|lines| {
            let at = lines.iter().position(|line| line.is(id.as_str()));
            let to = at
                .and_then(|at| at.checked_add_signed(by))
                .filter(|to| *to < lines.len());
            if let (Some(at), Some(to)) = (at, to) {
                lines.swap(at, to);
            }
        });
        web::focus(format!("heading-{id}"));
    };
    let remove = move || {
        let id = line.id.get_untracked();
        lines.update(|lines| lines.retain(|line| !line.is(id.as_str())));
        web::focus("heading-own");
    };
    let is_expected = Signal::derive(move || line.is_expected.get());
    let expected = vec!["Expected".into_any(), hidden(name.clone())].into_any();
    let acts = vec![
        check(expected, is_expected, move || {
            line.is_expected.update(|is| *is = !*is);
        }),
        button(QUIET, "Up", name.clone(), move || shift(-1)),
        button(QUIET, "Down", name.clone(), move || shift(1)),
        button(QUIET, "Remove", name.clone(), remove),
    ];
    view! {
        <li class="baton-headings__one">
            <input
                id=title_id
                class="baton-field"
                type="text"
                autocomplete="off"
                aria-label=format!("Heading {name}")
                prop:value=move || line.title.get()
                on:input=move |event| line.title.set(event_target_value(&event))
            />
            {block("baton-work__line", acts)}
        </li>
    }
}

/// Adding one: of those that there are to choose from, or one's own.
fn add(lines: RwSignal<Vec<Line>>) -> AnyView {
    let own = RwSignal::new(String::new());
    let put = move |section: Section| {
        let id = section.id.clone();
        lines.update(|lines| lines.push(Line::of(section)));
        web::focus(format!("heading-{id}"));
    };
    let left = Signal::derive(move || {
        lines.with(|lines| {
            let all = STANDARD.iter().chain(&PRSB);
            let new = all.filter(|heading| !lines.iter().any(|line| line.is(heading.id)));
            new.map(|heading| (heading.title.to_owned(), heading.id.to_owned()))
                .collect::<Vec<_>>()
        })
    });
    let choose = move |id: String| {
        let heading = STANDARD.iter().chain(&PRSB).find(|heading| heading.id == id);
        if let Some(heading) = heading {
            put(heading.section(false));
        }
    };
    let value = Signal::stored(String::new());
    let make = move || {
        let title = own.get_untracked().trim().to_owned();
        if title.is_empty() {
            return;
        }
        let id = OpId::make(clock::now(), clock::random())
            .to_string()
            .replace('-', "");
        own.set(String::new());
        put(Section {
            id: SectionId::new(&id),
            title: Personal::new(title),
            is_expected: false,
        });
    };
    let known = view! { <Choice id="heading-known" label="Add a heading" any="Choose one" options=left value choose /> };
    block(
        "baton-make",
        vec![
            known.into_any(),
            field("heading-own", "Or one of your own", "", own),
            button(QUIET, "Add it", "as a heading", make),
        ],
    )
}
