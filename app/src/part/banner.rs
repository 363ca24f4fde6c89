//! The patient banner: the one component that shows who an open patient is (ISB 1505). It places what core says
//! ([`Banner`], [`MicroBanner`]) and says nothing of its own; below [`NARROW`] it is the micro banner.
//!
//! It stands still at the top of what it is about, over its full width; it never lies on anything, so that nothing that has
//! the focus is under it. What identifies the patient does not become another unseen ([`watch`]).

use std::sync::Arc;

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::date::LocalMoment;
use baton_core::id::PatientId;
use baton_core::patient::Patient;
use baton_core::patient::banner::{Banner, Item, MicroBanner, Note, NoteKind};

use crate::app::baton;
use crate::part::derived::{RwSignal, memo};
use crate::part::icon::Icon;
use crate::part::media;
use crate::store::patients::Source;
use crate::{clock, moment};

mod more;
pub mod watch;

use more::{Sections, sections_id};
pub use watch::Watch;

/// Narrower than this it is the micro banner.
const NARROW: &str = "(width < 40em)";

/// The banner as it is drawn.
#[derive(Clone, PartialEq, Eq)]
enum Shape {
    Full(Box<Banner>),
    Micro(Box<MicroBanner>),
}

/// What identifies the patient, as it is drawn.
#[derive(Clone, PartialEq, Eq)]
struct Who {
    name: String,
    preferred: Option<Item>,
    items: Vec<Item>,
    is_micro: bool,
}

impl Shape {
    fn who(&self) -> Who {
        let (name, preferred, items) = match self {
            Self::Full(banner) => (
                &banner.name,
                &banner.preferred,
                banner.identity().cloned().collect(),
            ),
            Self::Micro(banner) => (
                &banner.name,
                &banner.preferred,
                banner.identity().cloned().collect(),
            ),
        };
        Who {
            name: name.as_str().to_owned(),
            preferred: preferred.clone(),
            items,
            is_micro: self.is_micro(),
        }
    }

    fn is_deceased(&self) -> bool {
        match self {
            Self::Full(banner) => banner.is_deceased,
            Self::Micro(banner) => banner.is_deceased,
        }
    }

    fn notes(&self) -> Vec<Note> {
        match self {
            Self::Full(banner) => banner.notes.clone(),
            Self::Micro(banner) => banner.notes.clone(),
        }
    }

    /// What is labelled in zone 1.
    fn labelled(&self) -> Vec<Item> {
        let who = self.who();
        who.preferred.into_iter().chain(who.items).collect()
    }

    fn is_micro(&self) -> bool {
        matches!(self, Self::Micro(_))
    }
}

/// The banner of a patient, as soon as anything is known of them.
#[component]
pub fn PatientBanner(
    /// Who.
    #[prop(into)]
    patient: Signal<PatientId>,
    /// What became of their identity.
    watch: Watch,
    /// Always the micro banner, also where there is room: in a conversation.
    #[prop(optional)]
    always_micro: bool,
    /// What the name is called in the page; empty where it is no heading.
    #[prop(optional)]
    heading: &'static str,
) -> impl IntoView {
    let patients = &baton().store.patients;
    let is_narrow = media::matches(NARROW);
    let known = memo(move || patients.known(patient.get()));
    let shape = memo(move || {
        // Ages go on while one looks.
        patients.revision.track();
        let known = known.get()?;
        let survivor = known.patient.merged_into.and_then(|into| patients.find(into));
        let is_micro = always_micro || is_narrow.get();
        Some(shape(&known.patient, survivor.as_ref(), is_micro))
    });
    let is_whole = memo(move || known.with(|known| known.as_ref().is_some_and(|known| known.is_whole)));
    let looked_up = memo(move || {
        known.with(|known| match known.as_ref()?.source {
            Source::LookedUp(at) => Some(at),
            Source::Found | Source::Space => None,
        })
    });
    let is = move |fact: fn(&Shape) -> bool| move || shape.with(|shape| shape.as_ref().is_some_and(fact));
    // What else becomes known of them does not take the focus from their name.
    let who = memo(move || shape.with(|shape| shape.as_ref().map(Shape::who)));
    let is_open = RwSignal::new(false);
    view! {
        <section
            class="baton-banner"
            class:baton-banner--deceased=is(Shape::is_deceased)
            class:baton-banner--micro=is(Shape::is_micro)
            aria-label="Patient"
        >
            <watch::Changed watch />
            <div class="baton-banner__identity">
                {move || who.get().map(|who| view! { <Identity who heading /> })}
                {move || {
                    (is_whole.get() && is(Shape::is_micro)()).then(|| view! { <Toggle is_open /> })
                }}
            </div>
            {move || {
                let notes = shape.with(|shape| shape.as_ref().map(Shape::notes).unwrap_or_default());
                (!notes.is_empty()).then(|| view! { <Notes notes /> })
            }}
            {move || {
                is_whole
                    .get()
                    .then(|| {
                        view! {
                            <Sections shape=Signal::derive(move || shape.get()) is_open>
                                {(!is(Shape::is_micro)()).then(|| view! { <Toggle is_open /> })}
                            </Sections>
                        }
                    })
            }}
            {move || {
                looked_up
                    .get()
                    .map(|at| {
                        let when = moment::full(at, clock::now(), clock::zone);
                        view! { <p class="baton-banner__as-of">"As looked up " {when} ". It may have changed since."</p> }
                    })
            }}
        </section>
    }
}

fn shape(patient: &Patient, survivor: Option<&Arc<Patient>>, is_micro: bool) -> Shape {
    let now = LocalMoment::in_uk(clock::now());
    let survivor = survivor.map(AsRef::as_ref);
    if is_micro {
        Shape::Micro(Box::new(MicroBanner::of(patient, now, survivor)))
    } else {
        Shape::Full(Box::new(Banner::of(patient, now, survivor)))
    }
}

/// Zone 1: what identifies the patient, in the one order (PAB-0016). Each can be reached by the keyboard in this order (PAB-0076).
#[component]
fn Identity(who: Who, heading: &'static str) -> impl IntoView {
    let Who {
        name,
        preferred,
        items,
        is_micro,
    } = who;
    let stop = (!is_micro).then_some("0");
    let name = if heading.is_empty() {
        view! { <p class="baton-banner__name" tabindex=move || stop>{name}</p> }
    } else {
        view! { <h2 class="baton-banner__name" id=heading tabindex=stop.unwrap_or("-1")>{name}</h2> }
    };
    view! {
        <div class="baton-banner__who">
            {name}
            {preferred
                .map(|preferred| {
                    view! {
                        <p class="baton-banner__preferred">
                            <span class="baton-banner__label">{preferred.label.as_str().to_owned()}</span>
                            " "
                            <span class="baton-banner__value">{preferred.value.as_str().to_owned()}</span>
                        </p>
                    }
                })}
        </div>
        <dl class="baton-banner__facts">
            {items
                .into_iter()
                .map(|item| {
                    let place = place(item.label.as_str());
                    view! { <div class=format!("baton-banner__fact baton-banner__fact--{place}") tabindex=move || stop><Labelled item /></div> }
                })
                .collect_view()}
        </dl>
    }
}

/// Where an item of zone 1 stands.
fn place(label: &str) -> &'static str {
    match label {
        "Born" => "born",
        "Died" => "died",
        "Age at Death" => "age",
        "Gender" => "gender",
        _ => "number",
    }
}

/// A label and its value; a screen reader hears the value as it is spoken.
#[component]
fn Labelled(item: Item) -> impl IntoView {
    let label = item.label.as_str().to_owned();
    let title = item.label.definition();
    let (value, spoken) = (item.value.as_str().to_owned(), item.spoken.as_str().to_owned());
    let value_class = if item.is_known {
        "baton-banner__value"
    } else {
        "baton-banner__value baton-banner__value--unknown"
    };
    let value = if value == spoken {
        view! { <span>{value}</span> }
    } else {
        view! {
            <span aria-hidden="true">{value}</span>
            <span class="nhsuk-u-visually-hidden">{spoken}</span>
        }
    };
    view! {
        <dt class="baton-banner__label" title=move || title>{label}</dt>
        <dd class=value_class>
            {value}
            {item.status.map(|status| view! { " " <strong class="baton-banner__status">{status}</strong> })}
        </dd>
    }
}

/// What must be seen with the identity.
#[component]
fn Notes(notes: Vec<Note>) -> impl IntoView {
    let line = |note: Note| {
        let icon = match note.kind {
            NoteKind::Merged | NoteKind::Superseded => Icon::Warning,
            NoteKind::Restricted => Icon::Lock,
        };
        view! { <li class="baton-banner__note">{icon.draw()} <span>{note.text.as_str().to_owned()}</span></li> }
    };
    view! { <ul class="baton-banner__notes" aria-label="About this patient">{notes.into_iter().map(line).collect_view()}</ul> }
}

/// Opens and closes all of zone 2 (PAB-0006, PAB-0075).
#[component]
fn Toggle(is_open: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="baton-banner__toggle"
            aria-expanded=move || is_open.get().to_string()
            aria-controls=sections_id()
            on:click=move |_| is_open.update(|open| *open = !*open)
        >
            {move || if is_open.get() { "Show less" } else { "Show more" }}
            <span class="nhsuk-u-visually-hidden">" about this patient"</span>
        </button>
    }
}
