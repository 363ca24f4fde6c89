//! What the record's index knows of a patient besides what the banner shows: where they are, and all of what the banner folds away.

use crate::part::derived::Memo;
use crate::part::drawn::view;
use crate::part::plain::words;
use crate::prelude::*;
use baton_core::date::LocalMoment;
use baton_core::id::PatientId;
use baton_core::patient::banner::{Banner, Item, Section, SectionKind};
use baton_core::patient::{Visit, VisitStatus};

use crate::app::baton;
use crate::store::patients::Source;
use crate::store::patients::news::place_words;
use crate::{clock, moment};

/// The tab.
#[component]
pub(super) fn Details(
    /// Of whom.
    patient: Memo<PatientId>,
) -> impl IntoView {
    let patients = &baton().store.patients;
    move || {
        let known = patients.known(patient.get())?;
        let survivor = known.patient.merged_into.and_then(|into| patients.find(into));
        let now = LocalMoment::in_uk(clock::now());
        let banner = Banner::of(&known.patient, now, survivor.as_deref());
        let as_of = match known.source {
            Source::Space => {
                "Kept up to date by the record while a conversation or list of yours is about this patient."
                    .to_owned()
            }
            Source::Found => "As found in the record’s index just now.".to_owned(),
            Source::LookedUp(at) => format!(
                "As looked up {}. Nothing of yours is about this patient, so it is not kept up to date.",
                moment::full(at, clock::now(), clock::zone)
            ),
        };
        let visit = known.is_whole.then(|| visit(known.patient.visit.as_ref()));
        let is_whole = known.is_whole;
        let sections = banner.sections.into_iter().filter(move |section| {
            is_whole || matches!(section.kind, SectionKind::Allergies | SectionKind::Numbers)
        });
        Some(view! {
            {words("baton-hint", as_of)}
            {visit}
            {sections.map(section).collect_view()}
        })
    }
}

fn visit(visit: Option<&Visit>) -> impl IntoView + use<> {
    let rows = visit.map(rows).unwrap_or_default();
    let is_empty = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|(label, value)| row(label.to_owned(), value, None));
    view! {
        <h3 class="baton-found__title">"Where they are"</h3>
        {is_empty.then(|| words("baton-hint", "The feed has told of no visit."))}
        <dl class="baton-summary">{rows.collect_view()}</dl>
    }
}

fn rows(visit: &Visit) -> Vec<(&'static str, String)> {
    let status = match visit.status {
        VisitStatus::Admitted => "Admitted",
        VisitStatus::Attending => "Attending",
        VisitStatus::Discharged => "Discharged",
        VisitStatus::OnLeave => "On leave: the bed is kept",
        VisitStatus::PreAdmitted => "Expected",
    };
    let place = visit
        .place
        .as_ref()
        .map(place_words)
        .filter(|words| !words.is_empty());
    let day = |date: Option<baton_core::date::PartialDate>| date.map(baton_core::date::PartialDate::shown);
    [
        ("Status", Some(status.to_owned())),
        ("Place", place),
        (
            "Consultant",
            visit.consultant.as_ref().map(|name| name.as_str().to_owned()),
        ),
        ("Specialty", visit.specialty.clone()),
        ("Since", day(visit.from)),
        ("Left", day(visit.until)),
        ("Expected to leave", day(visit.expected_discharge)),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

fn section(section: Section) -> impl IntoView {
    let is_empty = section.items.is_empty() && section.text.is_none();
    let items = section.items.into_iter().map(|item: Item| {
        let label = item.label.as_str().to_owned();
        row(label, item.value.as_str().to_owned(), item.status)
    });
    view! {
        <h3 class="baton-found__title">{section.label}</h3>
        {is_empty.then(|| view! { <p class="baton-hint">{baton_core::date::NOT_KNOWN}</p> })}
        <dl class="baton-summary">{items.collect_view()}</dl>
        {section.text.map(|text| words("baton-hint", text))}
    }
}

fn row(label: String, value: String, status: Option<&'static str>) -> impl IntoView {
    view! {
        <div class="baton-summary__row">
            <dt class="baton-banner__label">{label}</dt>
            <dd class="baton-banner__value">
                {value} {status.map(|status| view! { " " <strong class="baton-banner__status">{status}</strong> })}
            </dd>
        </div>
    }
}
