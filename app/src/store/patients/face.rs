//! A patient in a line, a row or a chip: what identifies them, as the banner has it and never one identifier alone.

use std::fmt;

use baton_core::date::LocalMoment;
use baton_core::id::PatientId;
use baton_core::patient::banner::{Banner, Item, NoteKind};
use baton_core::patient::{Patient, spoken_label, three_identifiers};

use super::super::Viewer;
use crate::clock;

/// What stands for a patient whom the record has not told of yet.
pub const ON_THEIR_WAY: &str = "Patient details are on their way";

/// How a patient is shown where there is no banner.
#[derive(Clone, PartialEq, Eq)]
pub struct Face {
    /// Who.
    pub id: PatientId,
    /// `JONES, Mary (Mrs)`.
    pub name: String,
    /// What they like to be called.
    pub preferred: Option<String>,
    /// `14-Jul-1945 (81y)`, or that it is not known.
    pub born: String,
    /// In full.
    pub gender: String,
    /// The NHS number, or another when there is none.
    pub number: Number,
    /// When they died, as far as it is known; `None` of a living patient.
    pub died: Option<String>,
    /// Address and phone numbers are withheld.
    pub is_restricted: bool,
    /// Into whom they were merged; `None` when they were not.
    pub merged: Option<String>,
    /// All of it for a screen reader.
    pub spoken: String,
    /// Name, birth and number in one line.
    pub line: String,
}

/// A number that identifies a patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// `NHS No.`, or who gave it.
    pub label: String,
    /// The number.
    pub value: String,
    /// A word about it: *Not verified*.
    pub status: Option<&'static str>,
}

/// A patient beside what is about them.
#[derive(Clone, PartialEq, Eq)]
pub struct Chip {
    /// Who: of a record that was merged, the one that stands for it now.
    pub id: PatientId,
    /// How they are shown; `None` while nothing is known of them here.
    pub face: Option<Face>,
    /// The merged record under which it was written, in one line.
    pub written_about: Option<String>,
}

impl Chip {
    /// Describes whom something is about.
    pub fn of(about: PatientId, viewer: &Viewer) -> Self {
        let patients = viewer.patients;
        let stands = patients.resolve_now(about);
        let merged = (stands != about).then(|| patients.find_now(about)).flatten();
        Self {
            id: stands,
            face: Face::find(stands, viewer),
            written_about: merged.map(|merged| three_identifiers(&merged)),
        }
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Face").finish_non_exhaustive()
    }
}

impl fmt::Debug for Chip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chip").finish_non_exhaustive()
    }
}

impl Face {
    /// A patient by exactly this id as known now; `None` when nothing is known of them here.
    pub fn find(id: PatientId, viewer: &Viewer) -> Option<Self> {
        let patient = viewer.patients.find_now(id)?;
        let survivor = patient
            .merged_into
            .and_then(|into| viewer.patients.find_now(into));
        let now = LocalMoment::in_uk(viewer.now);
        Some(Self::of(&patient, now, survivor.as_deref()))
    }

    /// A patient as they are now.
    pub fn now(patient: &Patient) -> Self {
        Self::of(patient, LocalMoment::in_uk(clock::now()), None)
    }

    /// A patient as they are at a moment.
    pub fn of(patient: &Patient, now: LocalMoment, survivor: Option<&Patient>) -> Self {
        let banner = Banner::of(patient, now, survivor);
        let value = |item: &Item| item.value.as_str().to_owned();
        let has = |kind: NoteKind| {
            let note = banner.notes.iter().find(|note| note.kind == kind);
            note.map(|note| note.text.as_str().to_owned())
        };
        Self {
            id: patient.id,
            name: banner.name.as_str().to_owned(),
            preferred: banner.preferred.as_ref().map(value),
            born: value(&banner.born),
            gender: value(&banner.gender),
            number: number(patient, &banner.nhs),
            died: banner.death.as_ref().map(|[died, _]| value(died)),
            is_restricted: patient.restricted,
            merged: has(NoteKind::Merged),
            spoken: spoken_label(patient),
            line: three_identifiers(patient),
        }
    }
}

fn number(patient: &Patient, nhs: &Item) -> Number {
    match patient.identifiers.first() {
        Some(local) if !nhs.is_known => Number {
            label: format!("{} No.", local.assigner.trim()),
            value: local.value.as_str().trim().to_owned(),
            status: None,
        },
        Some(_) | None => Number {
            label: nhs.label.as_str().to_owned(),
            value: nhs.value.as_str().to_owned(),
            status: nhs.status,
        },
    }
}
