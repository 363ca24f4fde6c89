//! What became of a patient's identity while they were open: the banner must not become another one under the finger.

use std::sync::Arc;
use std::time::Duration;

use baton_core::date::{NOT_KNOWN, PartialDate};
use baton_core::patient::{Patient, three_identifiers};
use baton_core::secret::Personal;
use baton_core::time::At;

/// What is pressed within this time after a change was meant for what stood there before, and is not done.
pub const HELD_BACK_FOR: Duration = Duration::from_millis(700);

/// Something that identifies a patient and is another than before.
#[derive(Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is called.
    pub label: &'static str,
    /// What it was.
    pub before: String,
    /// What it is now.
    pub after: String,
}

/// An open patient's identity as it was when the person last saw it, and what became of it since.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// As it was when the patient was opened, or when the person acknowledged the last change.
    before: Option<Arc<Patient>>,
    /// As it is shown.
    shown: Option<Arc<Patient>>,
    /// When the last change was shown.
    changed: Option<At>,
    /// What is another than it was.
    pub differences: Vec<Difference>,
}

impl Watched {
    /// What is shown now; true when it identifies another than what was shown.
    pub fn see(&mut self, patient: &Arc<Patient>, survivor: Option<&Patient>, now: At) -> bool {
        let last = self.shown.replace(patient.clone());
        let before = self.before.get_or_insert_with(|| patient.clone()).clone();
        let has_changed = last.is_some_and(|last| !differences(&last, patient, survivor).is_empty());
        if has_changed {
            self.changed = Some(now);
            self.differences = differences(&before, patient, survivor);
        }
        has_changed
    }

    /// When that changed which the person has not acknowledged.
    pub fn since(&self) -> Option<At> {
        self.changed.filter(|_| !self.differences.is_empty())
    }

    /// Whether what is pressed now is not done, since it was meant for what stood there a moment ago.
    pub fn holds_back(&self, now: At) -> bool {
        self.changed
            .is_some_and(|changed| now >= changed && now.since(changed) < HELD_BACK_FOR)
    }

    /// The person has seen the change.
    pub fn acknowledge(&mut self) {
        self.before = self.shown.clone();
        self.differences.clear();
    }
}

/// What identifies a patient and is another in `after` than in `before`, in the order of the banner. `survivor` is the patient into
/// whom `after` was merged, when they are known.
pub fn differences(before: &Patient, after: &Patient, survivor: Option<&Patient>) -> Vec<Difference> {
    let (was, is) = (facts(before, None), facts(after, survivor));
    let another = (before.id != after.id).then(|| Difference {
        label: "Record",
        before: three_identifiers(before),
        after: three_identifiers(after),
    });
    let facts = was
        .into_iter()
        .zip(is)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((label, before), (_, after))| Difference { label, before, after });
    another.into_iter().chain(facts).collect()
}

fn facts(patient: &Patient, survivor: Option<&Patient>) -> [(&'static str, String); 6] {
    let known = |text: Option<String>| text.unwrap_or_else(|| NOT_KNOWN.to_owned());
    let day = |date: &Personal<PartialDate>| date.expose().shown_day();
    let died = patient
        .died
        .as_ref()
        .map_or_else(|| "Alive".to_owned(), |died| known(died.at.as_ref().map(day)));
    let merged = match (patient.merged_into, survivor) {
        (Some(_), Some(survivor)) => three_identifiers(survivor),
        (Some(_), None) => "Another patient".to_owned(),
        (None, _) => "Nobody".to_owned(),
    };
    [
        ("Name", patient.shown_name()),
        ("Born", known(patient.born.as_ref().map(day))),
        ("Died", died),
        ("Gender", patient.gender.shown().to_owned()),
        ("NHS No.", known(patient.nhs.map(|nhs| nhs.number.shown()))),
        ("Merged into", merged),
    ]
}
