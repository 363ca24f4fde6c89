//! `Patient.link`: pure. Two patients become one by `replaced-by` on the one or `replaces` on the other. A merge ends when the
//! link is taken away by somebody who has seen it (`If-Match`): a sender who knows nothing of merges undoes none.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use baton_core::time::At;

use super::read::LinkKind;
use crate::fhir::outcome::Refusal;
use crate::patients::change::{Change, Event, Subject};
use crate::patients::decide::Index;

/// A link whose other end is known.
pub struct Resolved {
    /// What it says.
    pub kind: LinkKind,
    /// The other patient.
    pub other: PatientId,
    /// Where it stands.
    pub place: String,
}

/// How a patient is linked before, and what a resource says.
pub struct Linking<'a> {
    /// Whose resource it is.
    pub patient: PatientId,
    /// Who was merged into them.
    pub took_in: &'a [PatientId],
    /// What the resource says.
    pub links: &'a [Resolved],
    /// Whether its sender has seen how things stand.
    pub has_seen: bool,
    /// The moment.
    pub now: At,
}

impl Linking<'_> {
    /// What happens.
    pub fn plan(&self, index: &Index) -> Result<Vec<Event>, Refusal> {
        let mut changes = Vec::new();
        let into: Vec<&Resolved> = self.of(LinkKind::ReplacedBy).collect();
        if let [_, second, ..] = into.as_slice() {
            return Err(conflict("A patient is replaced by one at most.", &second.place));
        }
        for link in self.links {
            if link.other == self.patient {
                return Err(conflict("A patient cannot be linked to themselves.", &link.place));
            }
            if index.patient(link.other).is_none() {
                return Err(Refusal::at(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "not-found",
                    "There is no such patient.",
                    link.place.clone(),
                ));
            }
        }
        self.plan_own(index, into.first().copied(), &mut changes)?;
        for away in self.of(LinkKind::Replaces) {
            if merged_into(index, away.other) != Some(self.patient)
                && index.stands_for(away.other) != self.patient
            {
                if merged_into(index, away.other).is_some() {
                    return Err(conflict("That patient is merged into another one.", &away.place));
                }
                changes.push(merge(self.patient, away.other));
            }
        }
        for other in self
            .of(LinkKind::SeeAlso)
            .filter(|link| !self.is_linked(index, link.other))
        {
            changes.push(Change::Link {
                one: named(self.patient),
                other: named(other.other),
            });
        }
        if self.has_seen {
            self.plan_ends(index, &mut changes);
        }
        let at = self.now;
        Ok(changes.into_iter().map(|change| Event { at, change }).collect())
    }

    fn of(&self, kind: LinkKind) -> impl Iterator<Item = &Resolved> {
        self.links.iter().filter(move |link| link.kind == kind)
    }

    /// What becomes of this one.
    fn plan_own(
        &self,
        index: &Index,
        into: Option<&Resolved>,
        changes: &mut Vec<Change>,
    ) -> Result<(), Refusal> {
        let before = merged_into(index, self.patient);
        match (before, into) {
            (None, None) => {}
            (None, Some(link)) => changes.push(merge(link.other, self.patient)),
            (Some(_), None) if self.has_seen => changes.push(Change::Unmerge {
                retired: named(self.patient),
            }),
            (Some(_), None) => {
                return Err(conflict(
                    "This patient was merged into another one. To part them, read this one and update it with If-Match.",
                    "Patient.link",
                ));
            }
            (Some(before), Some(link)) => {
                let is_same = before == link.other || index.stands_for(self.patient) == link.other;
                if !is_same && !self.has_seen {
                    return Err(conflict(
                        "This patient was merged into another one than this.",
                        &link.place,
                    ));
                }
                if !is_same {
                    changes.push(Change::Unmerge {
                        retired: named(self.patient),
                    });
                    changes.push(merge(link.other, self.patient));
                }
            }
        }
        Ok(())
    }

    /// What the resource does not say any more.
    fn plan_ends(&self, index: &Index, changes: &mut Vec<Change>) {
        let is_said = |other: PatientId, kind: LinkKind| self.of(kind).any(|link| link.other == other);
        for away in self.took_in {
            if !is_said(*away, LinkKind::Replaces) {
                changes.push(Change::Unmerge {
                    retired: named(*away),
                });
            }
        }
        let links = index.patient(self.patient).map(|held| &held.history.links);
        for (other, link) in links.into_iter().flatten() {
            // Unlinking those who are merged would part them.
            let are_one = index.stands_for(*other) == index.stands_for(self.patient);
            if link.value && !are_one && !is_said(*other, LinkKind::SeeAlso) {
                changes.push(Change::Unlink {
                    one: named(self.patient),
                    other: named(*other),
                });
            }
        }
    }

    fn is_linked(&self, index: &Index, other: PatientId) -> bool {
        let held = index.patient(self.patient);
        held.is_some_and(|held| {
            held.history
                .links
                .iter()
                .any(|(known, link)| *known == other && link.value)
        })
    }
}

fn merged_into(index: &Index, patient: PatientId) -> Option<PatientId> {
    index.patient(patient).and_then(|held| held.history.merged.value)
}

fn merge(survivor: PatientId, retired: PatientId) -> Change {
    Change::Merge {
        survivor: named(survivor),
        retired: named(retired),
    }
}

/// A patient by the index' own id.
pub fn named(patient: PatientId) -> Subject {
    Subject {
        patient: Some(patient),
        ..Subject::default()
    }
}

fn conflict(text: &'static str, place: &str) -> Refusal {
    Refusal::at(StatusCode::CONFLICT, "conflict", text, place)
}
