//! Finding patients: what was understood of what was typed, and who of those that this device knows it fits.

use std::sync::Arc;

use baton_core::date::{LocalMoment, PartialDate};
use baton_core::id::PatientId;
use baton_core::letter;
use baton_core::ordered::SortedSet;
use baton_core::patient::find::Rank;
use baton_core::patient::query::{PatientQuery, Sense};
use baton_core::patient::similar::{Likeness, Similar};
use baton_core::patient::{Patient, three_identifiers};

use super::{Face, Patients};

/// Patients of this device that are shown at most.
pub const MOST: usize = 25;

/// Fewer letters and digits than this are too little to look for.
pub const LEAST: usize = 2;

/// A patient who was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// Who: of a record that was merged, the one that stands for it now.
    pub patient: Arc<Patient>,
    /// How they are shown.
    pub face: Face,
    /// The merged record by which they were found, in one line.
    pub by_merged: Option<String>,
    /// They were found by an NHS number that is no longer theirs.
    pub by_superseded: bool,
    /// Their name only sounds like what was typed.
    pub by_sound: bool,
    /// How like another's the name is among those that are shown.
    pub likeness: Option<Likeness>,
}

/// Patients who were found, best first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// Who.
    pub hits: Vec<Hit>,
    /// True when more fit than are told.
    pub has_more: bool,
}

/// Whether so little is typed that nobody is looked for.
pub fn is_too_little(typed: &str) -> bool {
    let counts = |sign: &char| sign.is_ascii_digit() || letter::is_letter(*sign);
    typed.chars().filter(counts).count() < LEAST
}

/// Finds among those that this device knows. Follows changes.
pub fn here(patients: &Patients, query: &PatientQuery, now: LocalMoment) -> Hits {
    let all = patients.kept();
    let found = query.find(all.iter().map(AsRef::as_ref), MOST);
    let (mut hits, mut seen) = (Vec::new(), SortedSet::new());
    for hit in &found.hits {
        let Some(hit) = one(hit.patient, Some(hit.rank), patients, now) else {
            continue;
        };
        if seen.insert(hit.patient.id) {
            hits.push(hit);
        }
    }
    Hits {
        hits,
        has_more: found.has_more,
    }
}

/// What the record found, in its order.
pub fn of_record(
    found: &[Arc<Patient>],
    query: &PatientQuery,
    patients: &Patients,
    now: LocalMoment,
) -> Vec<Hit> {
    let mut seen = SortedSet::new();
    let hits = found
        .iter()
        .filter_map(|patient| one(patient, query.rank(patient), patients, now));
    hits.filter(|hit| seen.insert(hit.patient.id)).collect()
}

/// A patient as if they had been found, when they are known.
pub fn hit(id: PatientId, patients: &Patients, now: LocalMoment) -> Option<Hit> {
    one(&*patients.find(id)?, None, patients, now)
}

fn one(found: &Patient, rank: Option<Rank>, patients: &Patients, now: LocalMoment) -> Option<Hit> {
    let stands = patients.resolve(found.id);
    let patient = patients.find(stands)?;
    let survivor = patient.merged_into.and_then(|into| patients.find(into));
    let face = Face::of(&patient, now, survivor.as_deref());
    Some(Hit {
        by_merged: (stands != found.id).then(|| three_identifiers(found)),
        face,
        patient,
        by_superseded: rank.is_some_and(|rank| rank.is_by_superseded_number()),
        by_sound: rank.is_some_and(|rank| rank.is_by_sound()),
        likeness: None,
    })
}

/// Marks those whose names are like others' among all that are shown together.
pub fn mark_similar(groups: [&mut Vec<Hit>; 2]) {
    let all: Vec<Arc<Patient>> = groups
        .iter()
        .flat_map(|group| group.iter().map(|hit| hit.patient.clone()))
        .collect();
    let similar = Similar::among(all.iter().map(AsRef::as_ref));
    for group in groups {
        for hit in group.iter_mut() {
            hit.likeness = similar.of(hit.patient.id);
        }
    }
}

/// What was understood of what was typed: `name smith, born 02-Jan-1961`; empty when nothing was.
pub fn understood(query: &PatientQuery) -> String {
    let term = |senses: &[Sense]| match senses {
        // It may be the number of a hospital too, which nobody means.
        [Sense::Nhs(number), ..] => format!("NHS No. {}", number.shown()),
        senses => senses.iter().map(sense).collect::<Vec<String>>().join(" or "),
    };
    let terms: Vec<String> = query.terms.iter().map(|it| term(&it.senses)).collect();
    terms.join(", ")
}

fn sense(sense: &Sense) -> String {
    match sense {
        Sense::Born(date) => format!("born {}", date.expose().shown()),
        Sense::BornInMonth(month) => {
            let shown = PartialDate::Month(2000, *month.expose()).shown_long();
            format!("born in {}", shown.split(' ').next().unwrap_or_default())
        }
        Sense::Name(name) => format!("name {}", name.as_str()),
        Sense::Nhs(number) => format!("NHS No. {}", number.shown()),
        Sense::Number(number) => format!("number {}", number.as_str()),
        Sense::Postcode(postcode) => {
            let outward = postcode.outward();
            let whole = postcode.whole().unwrap_or_default();
            let inward = whole.strip_prefix(outward).unwrap_or_default();
            format!("postcode {outward} {inward}").trim_end().to_owned()
        }
    }
}
