//! Zone 2 of the banner: five sections that open and close together, each with its title always in view (PAB-0004 to PAB-0007,
//! PAB-0025 to PAB-0032). The micro banner has nothing of it until it is opened (MPB-0006, MPB-0028).

use crate::part::derived::RwSignal;
use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::part::plain::words;
use crate::prelude::*;
use baton_core::patient::banner::{Item, Section, SectionKind};

use super::{Labelled, Shape};
use crate::part::icon::Icon;

/// What the sections are called in the page.
pub(super) fn sections_id() -> &'static str {
    "banner-more"
}

/// The sections.
#[component]
pub(super) fn Sections(
    /// The banner.
    shape: Signal<Option<Shape>>,
    /// Whether they are open.
    is_open: RwSignal<bool>,
    /// What stands beside their titles.
    children: Children,
) -> impl IntoView {
    let hint = move || {
        (!is_open.get())
            .then_some("Show more to see the address, phone numbers, other numbers and GP practice")
    };
    view! {
        <div class="baton-banner__more" class:baton-banner__more--open=move || is_open.get() title=hint>
            <div
                id=sections_id()
                class="baton-banner__sections"
                role=move || is_open.get().then_some("group")
                aria-label=move || (if is_open.get() { "More about this patient" } else { "" }).to_owned()
                tabindex=move || is_open.get().then_some("0")
            >
                {move || match shape.get() {
                    Some(Shape::Full(banner)) => {
                        let is_open = is_open.get();
                        banner
                            .sections
                            .into_iter()
                            .map(|section| view! { <SectionView section is_open /> })
                            .collect_view()
                            .into_any()
                    }
                    Some(Shape::Micro(banner)) if is_open.get() => {
                        let items = banner.more.into_iter();
                        view! {
                            <dl class="baton-banner__items">
                                {items.map(|item| view! { <div class="baton-banner__item"><Labelled item /></div> }).collect_view()}
                            </dl>
                        }
                    }
                    Some(Shape::Micro(_)) | None => ().into_any(),
                }}
                {move || {
                    let labelled = shape.with(|shape| shape.as_ref().map(Shape::labelled).unwrap_or_default());
                    is_open.get().then(|| view! { <Definitions labelled /> })
                }}
            </div>
            {children()}
        </div>
    }
}

/// What the labels of zone 1 mean, for whoever asks, also by touch and keyboard (PAB-0047, MPB-0044, MPB-0045).
#[component]
fn Definitions(labelled: Vec<Item>) -> impl IntoView {
    let line = |item: Item| {
        let definition = item.label.definition()?;
        let label = item.label.as_str().to_owned();
        Some(view! { <div><dt class="baton-banner__value">{label}</dt> <dd>{definition}</dd></div> })
    };
    view! {
        <div class="baton-banner__section baton-banner__definitions">
            <p class="baton-banner__section-title"><span class="baton-banner__label">"What the labels mean"</span></p>
            <dl>{labelled.into_iter().filter_map(line).collect_view()}</dl>
        </div>
    }
}

#[component]
fn SectionView(section: Section, is_open: bool) -> impl IntoView {
    // Baton holds no allergies: the icon says no more than that (PAB-0072).
    let icon = (section.kind == SectionKind::Allergies).then(|| Icon::Info.draw());
    let summary = section.summary.as_str().to_owned();
    let title = view! {
        <p class="baton-banner__section-title">
            {icon}
            <span class="baton-banner__label">{section.label}</span>
            {(!is_open && !summary.is_empty())
                .then(|| view! { " " <span class="baton-banner__summary">{summary}</span> })}
        </p>
    };
    let items = section.items;
    view! {
        <div class="baton-banner__section">
            {title}
            {(is_open && !items.is_empty())
                .then(|| {
                    view! {
                        <dl class="baton-banner__items">
                            {items
                                .into_iter()
                                .map(|item| view! { <div class="baton-banner__item"><Labelled item /></div> })
                                .collect_view()}
                        </dl>
                    }
                })}
            {section.text.filter(|_| is_open).map(|text| words("baton-banner__text", text))}
        </div>
    }
}
