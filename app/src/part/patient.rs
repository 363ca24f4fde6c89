//! A patient where there is no banner: in a row of results, and as a chip beside what is about them. Never by one identifier
//! alone, and never cut short.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::nhs::tag::Tag;
use crate::page::shell::go;
use crate::part::icon::Icon;
use crate::route::Route;
use crate::store::patients::face::ON_THEIR_WAY;
use crate::store::patients::found::Hit;
use crate::store::patients::{Chip, Face};

/// A patient in a row: name, birth, gender, number, and what must be seen with them.
#[component]
pub fn PatientLine(
    /// Who.
    face: Face,
    /// What else must be said of them, each in a sentence.
    #[prop(optional)]
    notes: Vec<String>,
    /// A mark beside the name: *Similar name*.
    #[prop(optional_no_strip)]
    mark: Option<&'static str>,
) -> impl IntoView {
    let Face {
        name,
        preferred,
        born,
        gender,
        number,
        died,
        is_restricted,
        merged,
        ..
    } = face;
    let notes: Vec<String> = merged.into_iter().chain(notes).collect();
    view! {
        <span class="baton-patient-line">
            <span class="baton-patient-line__top">
                <span class="baton-patient-line__name">{name}</span>
                {mark.map(|mark| view! { <Tag colour="yellow">{mark}</Tag> })}
                {died.is_some().then(|| view! { <Tag colour="grey">"Deceased"</Tag> })}
                {is_restricted.then(|| view! { <Tag colour="red">"Restricted"</Tag> })}
            </span>
            {preferred.map(|preferred| fact("Preferred name".to_owned(), preferred, None))}
            <span class="baton-patient-line__facts">
                {fact("Born".to_owned(), born, None)}
                {died.map(|died| fact("Died".to_owned(), died, None))}
                {fact("Gender".to_owned(), gender, None)}
                {fact(number.label, number.value, number.status)}
            </span>
            {notes
                .into_iter()
                .map(|note| view! { <span class="baton-patient-line__note">{Icon::Info.draw()} <span>{note}</span></span> })
                .collect_view()}
        </span>
    }
}

/// A patient who was found.
#[component]
pub fn FoundLine(
    /// Who, and how.
    hit: Hit,
) -> impl IntoView {
    let mut notes = Vec::new();
    if let Some(merged) = hit.by_merged {
        notes.push(format!("Found as {merged}, which was merged into this patient"));
    }
    if hit.by_superseded {
        notes.push("Found by an NHS number that is no longer this patient’s".to_owned());
    }
    if hit.by_sound {
        notes.push("The name is spelt otherwise and sounds alike".to_owned());
    }
    let mark = hit.likeness.map(baton_core::patient::similar::Likeness::label);
    view! { <PatientLine face=hit.face notes mark /> }
}

fn fact(label: String, value: String, status: Option<&'static str>) -> impl IntoView {
    view! {
        <span class="baton-patient-line__fact">
            <span class="baton-banner__label">{label}</span>
            " "
            <span class="baton-banner__value">{value}</span>
            {status.map(|status| view! { " " <strong class="baton-banner__status">{status}</strong> })}
            " "
        </span>
    }
}

/// What a chip says: name, birth, number.
#[component]
pub fn ChipWords(
    /// Who; `None` while nothing is known of them here.
    face: Option<Face>,
) -> impl IntoView {
    let Some(face) = face else {
        return view! { <span class="baton-chip__unknown">{ON_THEIR_WAY}</span> };
    };
    view! {
        <span class="baton-chip__name">{face.name}</span>
        {face.died.is_some().then(|| view! { <Tag colour="grey">"Deceased"</Tag> })}
        <span class="baton-chip__facts">
            {fact("Born".to_owned(), face.born, None)}
            {fact(face.number.label, face.number.value, face.number.status)}
        </span>
    }
}

/// Whom something is about, with the way to their page.
#[component]
pub fn PatientChip(
    /// Who.
    chip: Chip,
) -> impl IntoView {
    let to = Route::Patient(chip.id);
    let is_deceased = chip.face.as_ref().is_some_and(|face| face.died.is_some());
    view! {
        <a
            class="baton-chip"
            class:baton-chip--deceased=move || is_deceased
            href=to.path()
            on:click=move |event| go(&event, to)
        >
            {Icon::Patient.draw()}
            <span class="nhsuk-u-visually-hidden">"About patient "</span>
            <span class="baton-chip__words">
                <ChipWords face=chip.face />
                {chip
                    .written_about
                    .map(|merged| view! { <span class="baton-chip__merged">"Written about " {merged} ", since merged"</span> })}
            </span>
        </a>
    }
}
