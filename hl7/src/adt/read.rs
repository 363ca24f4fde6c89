//! Reading a segment's fields into values: what is absent, what is deleted, and notes of what could not be read.
//!
//! A field that is not of its type does not stop a message: nothing is made of it, and a note says where it was. So an
//! admission arrives although a birth date is mistyped, and the sender can be told.

use super::identifier::Identifier;
use super::person::{Address, Name, Practitioner, Telecom};
use crate::fault::{Condition, Fault, Location};
use crate::field::{Component, Field, Repetition};
use crate::message::Message;
use crate::personal::{Personal, Said};
use crate::segment::Segment;
use crate::time::{Precision, Timestamp};

/// A segment and where it stood.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'m> {
    pub(crate) segment: Segment<'m>,
    pub(crate) place: Location,
}

impl<'m> Placed<'m> {
    pub(crate) fn reader<'n>(self, notes: &'n mut Vec<Fault>) -> Reader<'m, 'n> {
        Reader::new(self.segment, self.place, notes)
    }
}

/// The segments that have one of these names, in order.
pub(crate) fn placed<'m, const N: usize>(
    message: &'m Message<'_>,
    names: [&'static str; N],
) -> impl Iterator<Item = Placed<'m>> {
    let mut count = [0_u16; N];
    message.segments().filter_map(move |segment| {
        let mut counted = names.into_iter().zip(&mut count);
        let (name, count) = counted.find(|(name, _)| *name == segment.name())?;
        *count = count.saturating_add(1);
        let place = Location::segment(name, *count);
        Some(Placed { segment, place })
    })
}

/// One segment, its place, and where notes of it go.
pub(crate) struct Reader<'m, 'n> {
    segment: Segment<'m>,
    place: Location,
    notes: &'n mut Vec<Fault>,
}

impl<'m, 'n> Reader<'m, 'n> {
    pub(crate) fn new(segment: Segment<'m>, place: Location, notes: &'n mut Vec<Fault>) -> Self {
        Self {
            segment,
            place,
            notes,
        }
    }

    /// A field that says something.
    pub(crate) fn field(&self, number: u16) -> Said<Field<'m>> {
        match self.segment.field(number.into()) {
            Some(field) if field.is_null() => Said::Deleted,
            Some(field) if !field.is_empty() => Said::Value(field),
            Some(_) | None => Said::Absent,
        }
    }

    /// The first component of the first repetition, as text.
    pub(crate) fn code(&self, number: u16) -> Said<String> {
        match self.field(number) {
            Said::Absent => Said::Absent,
            Said::Deleted => Said::Deleted,
            Said::Value(field) => whole(field.first(), 1).map_or(Said::Absent, Said::Value),
        }
    }

    /// The same, of a person.
    pub(crate) fn text(&self, number: u16) -> Said<Personal<String>> {
        self.code(number).map(Personal::new)
    }

    /// A moment (TS, DTM). TS.2 may say that it is less precise than it looks (v2.3 to v2.5).
    pub(crate) fn time(&mut self, number: u16) -> Said<Timestamp> {
        let field = match self.field(number) {
            Said::Absent => return Said::Absent,
            Said::Deleted => return Said::Deleted,
            Said::Value(field) => field,
        };
        let first = field.first();
        let time = whole(first, 1).map(|text| Timestamp::parse(&text));
        let precision = whole(first, 2).and_then(|code| Precision::named(&code));
        match (time, precision) {
            (Some(Ok(time)), Some(precision)) => Said::Value(time.at_most(precision)),
            (Some(Ok(time)), None) => Said::Value(time),
            (Some(Err(_)) | None, _) => {
                self.note(number, Condition::DataType);
                Said::Absent
            }
        }
    }

    /// Yes or no (table 0136).
    pub(crate) fn yes_or_no(&mut self, number: u16) -> Said<bool> {
        match self.code(number) {
            Said::Absent => Said::Absent,
            Said::Deleted => Said::Deleted,
            Said::Value(code) => match code.as_str() {
                "Y" | "y" => Said::Value(true),
                "N" | "n" => Said::Value(false),
                _ => {
                    self.note(number, Condition::TableValueNotFound);
                    Said::Absent
                }
            },
        }
    }

    /// Each repetition that says something. More than [`REPETITIONS`] are no list of anything.
    pub(crate) fn each<T>(
        &mut self,
        number: u16,
        read: impl Fn(Repetition<'m>) -> Option<T>,
    ) -> Said<Vec<T>> {
        match self.field(number) {
            Said::Absent => Said::Absent,
            Said::Deleted => Said::Deleted,
            Said::Value(field) if field.repetitions().nth(REPETITIONS).is_some() => {
                self.note(number, Condition::DataType);
                Said::Absent
            }
            Said::Value(field) => {
                let spoken = field
                    .repetitions()
                    .filter(|repetition| !repetition.is_empty() && !repetition.is_null());
                let values: Vec<T> = spoken.filter_map(read).collect();
                if values.is_empty() {
                    Said::Absent
                } else {
                    Said::Value(values)
                }
            }
        }
    }

    /// The first repetition that says something.
    pub(crate) fn one<T>(&mut self, number: u16, read: impl Fn(Repetition<'m>) -> Option<T>) -> Said<T> {
        match self.each(number, read) {
            Said::Absent => Said::Absent,
            Said::Deleted => Said::Deleted,
            Said::Value(values) => values.into_iter().next().map_or(Said::Absent, Said::Value),
        }
    }

    pub(crate) fn identifiers(&mut self, number: u16) -> Said<Vec<Identifier>> {
        let segment = self.place.segment;
        self.each(number, |repetition| Identifier::read(repetition, segment, number))
    }

    pub(crate) fn identifier(&mut self, number: u16) -> Said<Identifier> {
        let segment = self.place.segment;
        self.one(number, |repetition| Identifier::read(repetition, segment, number))
    }

    pub(crate) fn names(&mut self, number: u16) -> Said<Vec<Name>> {
        self.each(number, Name::read)
    }

    pub(crate) fn addresses(&mut self, number: u16) -> Said<Vec<Address>> {
        self.each(number, Address::read)
    }

    pub(crate) fn practitioners(&mut self, number: u16) -> Said<Vec<Practitioner>> {
        self.each(number, Practitioner::read)
    }

    /// Ways to reach somebody; one repetition may hold a number and an address for e-mail.
    pub(crate) fn telecoms(&mut self, number: u16) -> Said<Vec<Telecom>> {
        match self.each(number, |repetition| Some(Telecom::read(repetition))) {
            Said::Absent => Said::Absent,
            Said::Deleted => Said::Deleted,
            Said::Value(telecoms) => {
                let telecoms: Vec<Telecom> = telecoms.into_iter().flatten().collect();
                if telecoms.is_empty() {
                    Said::Absent
                } else {
                    Said::Value(telecoms)
                }
            }
        }
    }

    /// Notes that a field could not be read, or is missed.
    pub(crate) fn note(&mut self, number: u16, condition: Condition) {
        let location = Location {
            field: Some(number),
            ..self.place
        };
        self.notes.push(Fault::at(condition, location));
    }
}

/// A component's text with the subcomponents in it, trimmed; `None` if it says nothing or is null.
pub(crate) fn whole(repetition: Repetition<'_>, number: usize) -> Option<String> {
    let component = repetition.component(number)?;
    spoken(component).then(|| component.text().trim().to_owned())
}

/// The text of a component's `sub`th part, trimmed; `None` if it says nothing or is null.
pub(crate) fn part(repetition: Repetition<'_>, number: usize, sub: usize) -> Option<String> {
    let part = repetition.component(number)?.subcomponent(sub)?;
    (!part.is_empty() && !part.is_null()).then(|| part.text().trim().to_owned())
}

/// [`whole`], of a person.
pub(crate) fn personal(repetition: Repetition<'_>, number: usize) -> Option<Personal<String>> {
    whole(repetition, number).map(Personal::new)
}

fn spoken(component: Component<'_>) -> bool {
    !component.is_empty() && !component.is_null()
}

/// How many repetitions are read: many times the identifiers or names that a person has.
const REPETITIONS: usize = 200;
