//! Core's state of a list in words.

use std::sync::Arc;

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId, UserId};
use baton_core::letter;
use baton_core::op::list::Field;
use baton_core::ordered::sort;
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::patient::{Patient, Visit, VisitStatus, three_identifiers};
use baton_core::state::{List, Mark, Row, SpaceState, Stamp};
use baton_core::text::{TextField, TextVersion};

use super::arrange::{Facts, pieces};
use super::look::{Seen, SeenRow};
use super::row::{Cell, ColumnHead, FIELDS, PlaceCell, SheetRow, Version, title};
use crate::moment;
use crate::store::Viewer;
use crate::store::handover::sheet::resuscitation_on_sheet;
use crate::store::patients::Face;

/// What the rows of one list are described with.
pub(super) struct Describe<'a> {
    pub(super) viewer: &'a Viewer,
    /// Of the space that has the list.
    pub(super) state: &'a SpaceState,
    pub(super) columns: &'a [ColumnHead],
    pub(super) seen: Option<&'a Seen>,
    /// What this person did in this list since they opened it: where that is, is said.
    pub(super) mine: &'a SortedSet<OpId>,
    /// Names that are like others' on the list, by who stands for a row.
    pub(super) likeness: &'a SortedMap<PatientId, &'static str>,
    /// Whether the list is one of several wards or homes, so that they have to be named.
    pub(super) names_facility: bool,
}

/// The columns of a list.
pub(super) fn columns(list: &List) -> Vec<ColumnHead> {
    let fixed = FIELDS.into_iter().map(|field| ColumnHead {
        field,
        title: title(field).to_owned(),
    });
    let own = list.columns().map(|column| ColumnHead {
        field: Field::Column(column.id),
        title: column.title.as_str().to_owned(),
    });
    fixed.chain(own).collect()
}

impl Describe<'_> {
    /// Describes a row. `face` is the one who stands for it.
    pub(super) fn row(&self, row: &Row, stands: PatientId, face: Option<Face>) -> SheetRow {
        let patients = self.viewer.patients;
        let patient = patients.find_now(stands);
        let merged = (stands != row.patient)
            .then(|| patients.find_now(row.patient))
            .flatten();
        let seen = self.seen_of(row.patient);
        let mut place = patient
            .as_deref()
            .map_or_else(PlaceCell::default, |patient| self.place(patient));
        place.before = seen
            .and_then(|(_, seen)| seen)
            .filter(|seen| seen.place != place.line())
            .map(|seen| {
                if seen.place.is_empty() {
                    "not known".to_owned()
                } else {
                    seen.place.clone()
                }
            });
        let cells: Vec<Cell> = self
            .columns
            .iter()
            .map(|column| self.cell(row, column.field, seen.map(|(seq, _)| seq), patient.as_deref()))
            .collect();
        let visit = patient.as_ref().and_then(|patient| patient.visit.as_ref());
        let consultant = visit.and_then(|visit| visit.consultant.as_ref());
        let facts = Facts {
            name: face
                .as_ref()
                .map(|face| letter::lowered(&face.name))
                .unwrap_or_default(),
            place: order_of(visit),
            location: self.location(visit),
            consultant: consultant
                .map(|name| name.as_str().to_owned())
                .unwrap_or_default(),
            flags: flags(row.field(Field::Flags)),
            text: text_of(&cells, face.as_ref(), &place),
            has_left: row.left.is_some(),
        };
        SheetRow {
            patient: row.patient,
            stands,
            written_about: merged.map(|merged| three_identifiers(&merged)),
            likeness: self.likeness.get(&stands).copied(),
            place,
            left: row.left.map(|mark| format!("Left at {}", self.when(mark.stamp))),
            added: format!(
                "Added by {}, {}",
                who(row.added.stamp.by, self.viewer),
                self.when(row.added.stamp)
            ),
            news: seen.and_then(|(seq, _)| self.news(row, seq)),
            status: self.status(row.added.stamp),
            cells,
            facts: Arc::new(facts),
            face,
        }
    }

    /// Up to where the reader has seen a row, and what it was like then; `None` before they ever looked at the list. A row
    /// that came later, or was hidden when they said that they had seen the list, is news from its beginning.
    fn seen_of(&self, patient: PatientId) -> Option<(Seq, Option<&SeenRow>)> {
        let seen = self.seen?;
        Some(
            seen.rows
                .get(&patient)
                .map_or((Seq::ZERO, None), |row| (row.seq, Some(row))),
        )
    }

    fn news(&self, row: &Row, seen: Seq) -> Option<&'static str> {
        let is_news = |mark: &Mark| mark.seq > seen && mark.stamp.by != self.viewer.me;
        if row.left.as_ref().is_some_and(is_news) {
            Some("Left")
        } else {
            is_news(&row.added).then_some("New")
        }
    }

    fn cell(&self, row: &Row, field: Field, seen: Option<Seq>, patient: Option<&Patient>) -> Cell {
        let current = row.field(field).map(TextField::current).unwrap_or_default();
        let is_news = |version: &TextVersion| {
            seen.is_some_and(|seen| version.seq > seen) && version.stamp.by != self.viewer.me
        };
        let own = current
            .iter()
            .rev()
            .find(|version| version.stamp.by == self.viewer.me);
        let is_blank = current
            .iter()
            .all(|version| version.text.as_str().trim().is_empty());
        Cell {
            field,
            versions: current.iter().map(|held| version(held, self.viewer)).collect(),
            feed: patient
                .filter(|_| is_blank)
                .and_then(|patient| told(field, patient)),
            elsewhere: Some(row.patient)
                .filter(|_| field == Field::Resuscitation)
                .and_then(|patient| resuscitation_on_sheet(self.state, patient)),
            is_changed: current.iter().any(is_news),
            status: own.and_then(|version| self.status(version.stamp)),
        }
    }

    /// Where something is on its way: said of what only this device has, and of what was done here since the list was opened.
    fn status(&self, stamp: Stamp) -> Option<&'static str> {
        match stamp.recorded {
            None => Some("On this device"),
            Some(_) => self.mine.contains(&stamp.op).then_some("Sent"),
        }
    }

    fn place(&self, patient: &Patient) -> PlaceCell {
        let Some(visit) = &patient.visit else {
            return PlaceCell::default();
        };
        let status = match visit.status {
            VisitStatus::Admitted | VisitStatus::Attending => None,
            VisitStatus::Discharged => Some("Discharged"),
            VisitStatus::OnLeave => Some("On leave"),
            VisitStatus::PreAdmitted => Some("Expected"),
        };
        let bed = visit.place.as_ref().map(|place| labelled("Bed", &place.bed));
        PlaceCell {
            bed: bed.unwrap_or_default(),
            rest: self.location(Some(visit)),
            status,
            before: None,
        }
    }

    /// Ward and room, and the hospital or home where several are on the list.
    fn location(&self, visit: Option<&Visit>) -> String {
        let Some(place) = visit.and_then(|visit| visit.place.as_ref()) else {
            return String::new();
        };
        let facility = if self.names_facility || place.ward.is_empty() {
            place.facility.as_str()
        } else {
            ""
        };
        let parts = [facility, place.ward.as_str(), place.room.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }

    fn when(&self, stamp: Stamp) -> String {
        moment::full(stamp.at, self.viewer.now, self.viewer.zone)
    }
}

/// `Bed 4` of `4`, and `Chair 2` of `Chair 2`.
fn labelled(label: &str, name: &str) -> String {
    if name.starts_with(|sign: char| sign.is_ascii_digit()) || name.len() == 1 {
        format!("{label} {name}")
    } else {
        name.to_owned()
    }
}

fn order_of(visit: Option<&Visit>) -> Vec<super::arrange::Piece> {
    let Some(place) = visit.and_then(|visit| visit.place.as_ref()) else {
        return Vec::new();
    };
    let names = [&place.facility, &place.ward, &place.room, &place.bed];
    if names.iter().all(|name| name.is_empty()) {
        return Vec::new();
    }
    names.into_iter().flat_map(|name| pieces(name)).collect()
}

/// What the hospital's feed says of a field that people write too.
fn told(field: Field, patient: &Patient) -> Option<String> {
    match field {
        Field::ExpectedDischarge => {
            let expected = patient.visit.as_ref()?.expected_discharge?;
            Some(expected.shown())
        }
        Field::Column(_) | Field::Flags | Field::Jobs | Field::Resuscitation | Field::Summary => None,
    }
}

/// A version of a text in words.
pub(in crate::store) fn version(version: &TextVersion, viewer: &Viewer) -> Version {
    Version {
        op: version.stamp.op,
        seq: version.seq,
        text: version.text.as_str().to_owned(),
        by: who(version.stamp.by, viewer),
        at: moment::full(version.stamp.at, viewer.now, viewer.zone),
    }
}

/// Who did something, within a sentence.
pub(super) fn who(user: UserId, viewer: &Viewer) -> String {
    if user == viewer.me {
        "you".to_owned()
    } else if user == UserId::RECORD {
        "the hospital’s feed".to_owned()
    } else {
        viewer.people.card_now(user).name
    }
}

/// Flags as people write them: one a line, or with commas, semicolons or slashes between them.
fn flags(field: Option<&TextField>) -> Vec<String> {
    let current = field.map(TextField::current).unwrap_or_default();
    let all = current
        .iter()
        .flat_map(|version| version.text.as_str().split([',', ';', '/', '\n']));
    let mut flags: Vec<String> = all
        .map(|flag| letter::lowered(flag.trim()))
        .filter(|flag| !flag.is_empty())
        .collect();
    sort(&mut flags);
    flags.dedup();
    flags
}

fn text_of(cells: &[Cell], face: Option<&Face>, place: &PlaceCell) -> String {
    let mut text = letter::lowered(&place.line());
    if let Some(face) = face {
        let digits: String = face.number.value.chars().filter(|sign| *sign != ' ').collect();
        let preferred = face.preferred.as_deref().unwrap_or_default();
        for part in [
            face.name.as_str(),
            preferred,
            &face.born,
            &face.number.value,
            &digits,
        ] {
            text.push(' ');
            text.push_str(&letter::lowered(part));
        }
    }
    for version in cells.iter().flat_map(|cell| &cell.versions) {
        text.push(' ');
        text.push_str(&letter::lowered(&version.text));
    }
    text
}

#[cfg(test)]
mod tests;
