//! As much of a message as the model looks at: read by its separators and nothing else.

use anyhow::{Context, Result};

use super::Place;

/// A segment of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'m>(pub(super) &'m str);

impl<'m> Segment<'m> {
    pub(super) fn field(self, place: usize) -> &'m str {
        self.0.split('|').nth(place).unwrap_or_default()
    }

    pub(super) fn part(self, place: usize, part: usize) -> &'m str {
        self.field(place).split('^').nth(part).unwrap_or_default()
    }

    /// The hospital's number in a field of numbers.
    pub(super) fn identifier(self, place: usize) -> Option<String> {
        self.identifier_of(place, "RX1")
    }

    pub(super) fn identifier_of(self, place: usize, assigner: &str) -> Option<String> {
        let numbers = self.field(place).split('~');
        numbers
            .map(|number| number.split('^').collect::<Vec<_>>())
            .find(|parts| parts.get(3).copied() == Some(assigner))
            .and_then(|parts| parts.first().map(|number| (*number).to_owned()))
    }
}

/// The segments about one patient.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'m> {
    pub(super) pid: Segment<'m>,
    pub(super) pv1: Option<Segment<'m>>,
}

pub(super) fn groups<'m>(segments: &[Segment<'m>]) -> Vec<Group<'m>> {
    let mut groups: Vec<Group<'m>> = Vec::new();
    for segment in segments {
        match (segment.field(0), groups.last_mut()) {
            ("PID", _) => groups.push(Group {
                pid: *segment,
                pv1: None,
            }),
            ("PV1", Some(group)) => group.pv1 = Some(*segment),
            _ => {}
        }
    }
    groups
}

impl Group<'_> {
    pub(super) fn number(&self) -> String {
        self.pid.identifier(3).unwrap_or_default()
    }

    pub(super) fn visit(&self) -> Result<(String, String)> {
        let pv1 = self.pv1.context("a visit is told")?;
        Ok((pv1.part(19, 3).to_owned(), pv1.part(19, 0).to_owned()))
    }

    pub(super) fn place(&self) -> Place {
        self.location(3)
    }

    pub(super) fn place_before(&self) -> Place {
        self.location(6)
    }

    fn location(&self, place: usize) -> Place {
        let part = |number| self.pv1.map_or("", |pv1| pv1.part(place, number)).to_owned();
        (part(3), part(0), part(1), part(2))
    }
}
