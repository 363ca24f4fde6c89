//! Who is where after a row of messages: a small model that knows nothing but the messages, and says when one tells what
//! cannot be. A record that took the same messages must know the same.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

mod read;

use read::{Group, Segment, groups};

/// What the messages said so far.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// Patients by their hospital number.
    people: BTreeMap<String, Known>,
    /// Visits by organisation and number.
    visits: BTreeMap<(String, String), Visit>,
    /// Which visit keeps a bed.
    beds: BTreeMap<Place, (String, String)>,
    controls: BTreeSet<String>,
    events: BTreeMap<String, u64>,
}

/// What is known of a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// NHS number; empty when there is none.
    pub nhs: String,
    /// Family and given name, as they were written.
    pub name: String,
    /// Birth date, as it was written.
    pub born: String,
    /// Whether they have died.
    pub died: bool,
    /// Into whom they were merged.
    pub merged_into: Option<String>,
}

/// A place: organisation, ward, room, bed.
pub type Place = (String, String, String, String);

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Whose, by hospital number.
    pub patient: String,
    /// Where.
    pub place: Place,
    /// How it stands.
    pub status: Status,
}

/// How a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Here.
    Here,
    /// On leave.
    OnLeave,
    /// Expected.
    Expected,
    /// Left.
    Left,
    /// Was told of, and did not come.
    Never,
}

impl Replay {
    /// Takes a message. Fails when it tells what cannot be.
    pub fn take(&mut self, message: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(message)?;
        let segments: Vec<Segment<'_>> = text.split_terminator('\r').map(Segment).collect();
        let header = segments.first().context("a message has segments")?;
        ensure!(text.ends_with('\r'), "the last segment ends");
        ensure!(
            header.field(0) == "MSH" && header.field(1) == "^~\\&",
            "a header comes first"
        );
        let control = header.field(9);
        ensure!(
            self.controls.insert(control.to_owned()),
            "control ids are used once: {control}"
        );
        let event = header.part(8, 1);
        let is_told_twice = segments
            .get(1)
            .is_some_and(|second| second.field(0) == "EVN" && second.field(1) == event);
        ensure!(is_told_twice, "the event comes second");
        *self.events.entry(event.to_owned()).or_default() += 1;
        let groups = groups(&segments);
        let told = self.tell(event, &groups, &segments);
        told.with_context(|| format!("{control}, {event}"))
    }

    /// A patient by their hospital number.
    pub fn person(&self, number: &str) -> Option<&Known> {
        self.people.get(number)
    }

    /// All patients by their hospital numbers.
    pub fn people(&self) -> impl Iterator<Item = (&str, &Known)> {
        self.people.iter().map(|(number, known)| (number.as_str(), known))
    }

    /// All visits.
    pub fn visits(&self) -> impl Iterator<Item = &Visit> {
        self.visits.values()
    }

    /// Who has a bed on a ward or in a home, or is on a caseload: hospital numbers, in the order of their beds.
    pub fn at(&self, facility: &str, ward: &str) -> Vec<&Visit> {
        let mut here: Vec<&Visit> = self
            .visits
            .values()
            .filter(|visit| matches!(visit.status, Status::Here | Status::OnLeave))
            .filter(|visit| visit.place.0 == facility && visit.place.1 == ward)
            .collect();
        here.sort_by(|one, other| one.place.cmp(&other.place));
        here
    }

    /// How many messages there were of each event.
    pub const fn events(&self) -> &BTreeMap<String, u64> {
        &self.events
    }

    fn tell(&mut self, event: &str, groups: &[Group<'_>], segments: &[Segment<'_>]) -> Result<()> {
        for group in groups {
            let is_new = self.hear_of(group)?;
            let may_be_new = matches!(event, "A04" | "A28");
            ensure!(
                is_new == (event == "A28") || may_be_new,
                "a person is added once, and first"
            );
        }
        let first = groups.first().context("a message is about somebody")?;
        match event {
            "A28" | "A31" => Ok(()),
            "A37" => {
                let second = groups.get(1).context("two are told apart")?;
                let retired = self.people.get_mut(&second.number()).context("they are known")?;
                ensure!(
                    retired.merged_into.take() == Some(first.number()),
                    "they were merged"
                );
                Ok(())
            }
            "A40" => {
                let retired = segments
                    .iter()
                    .find(|segment| segment.field(0) == "MRG")
                    .and_then(|segment| segment.identifier(1))
                    .context("somebody is merged")?;
                self.merge(&first.number(), &retired)
            }
            "A17" => {
                let second = groups.get(1).context("two change beds")?;
                let (one, other) = (first.place(), second.place());
                ensure!(
                    self.place_of(first)? == other && self.place_of(second)? == one,
                    "they had each other's bed"
                );
                self.free(first)?;
                self.free(second)?;
                self.put(first)?;
                self.put(second)
            }
            _ => self.visit(event, first),
        }
    }

    /// Hears what a message says of somebody; true when nobody spoke of them before.
    fn hear_of(&mut self, group: &Group<'_>) -> Result<bool> {
        let number = group.number();
        ensure!(!number.is_empty(), "everybody has a hospital number");
        let is_new = !self.people.contains_key(&number);
        let known = self.people.entry(number).or_default();
        known.nhs = group.pid.identifier_of(3, "NHS").unwrap_or_default();
        known.name = format!("{}^{}", group.pid.part(5, 0), group.pid.part(5, 1));
        group.pid.field(7).clone_into(&mut known.born);
        match group.pid.field(30) {
            "Y" => known.died = true,
            "N" => known.died = false,
            _ => {}
        }
        Ok(is_new)
    }

    fn visit(&mut self, event: &str, group: &Group<'_>) -> Result<()> {
        let key = group.visit()?;
        let number = group.number();
        let before = self.visits.get(&key).cloned();
        let status = before.as_ref().map(|visit| visit.status);
        ensure!(
            before.as_ref().is_none_or(|visit| visit.patient == number),
            "a visit is of one person"
        );
        let known = self.people.get(&number).context("the person is known")?;
        ensure!(
            known.merged_into.is_none(),
            "somebody who was merged has no visits"
        );
        let here = status == Some(Status::Here);
        let away = status == Some(Status::OnLeave);
        let becomes = match event {
            // From the emergency department, from being expected, or from nowhere.
            "A01" => {
                ensure!(
                    here || status.is_none() || status == Some(Status::Expected),
                    "they are not here yet"
                );
                Status::Here
            }
            "A02" | "A12" => {
                ensure!(here, "who is moved is here");
                if event == "A02" {
                    ensure!(
                        before.is_some_and(|visit| visit.place == group.place_before()),
                        "they were there"
                    );
                }
                Status::Here
            }
            "A03" => {
                ensure!(here || away, "who leaves was here");
                Status::Left
            }
            "A04" => {
                ensure!(status.is_none(), "an attendance begins once");
                Status::Here
            }
            "A05" => {
                ensure!(status.is_none(), "somebody is expected once");
                Status::Expected
            }
            "A08" => status.context("a visit that changes is known")?,
            "A11" => {
                ensure!(here, "who was not admitted was said to be here");
                Status::Never
            }
            "A13" => {
                ensure!(
                    status == Some(Status::Left),
                    "who did not leave was said to have left"
                );
                Status::Here
            }
            "A21" | "A53" => {
                ensure!(here, "who goes on leave is here");
                Status::OnLeave
            }
            "A22" | "A52" => {
                ensure!(away, "who comes back was on leave");
                Status::Here
            }
            "A38" => {
                ensure!(status == Some(Status::Expected), "who is no longer expected was");
                Status::Never
            }
            other => bail!("{other} is not told by this hospital"),
        };
        self.beds.retain(|_, visit| *visit != key);
        let place = group.place();
        let visit = Visit {
            patient: number,
            place,
            status: becomes,
        };
        self.visits.insert(key, visit);
        if matches!(becomes, Status::Here | Status::OnLeave) {
            self.put(group)?;
        }
        Ok(())
    }

    fn merge(&mut self, survivor: &str, retired: &str) -> Result<()> {
        let stands = self
            .people
            .get(survivor)
            .context("who stands for both is known")?;
        ensure!(stands.merged_into.is_none(), "who stands for both was not merged");
        ensure!(survivor != retired, "two are merged");
        let away = self.people.get_mut(retired).context("who is merged is known")?;
        ensure!(away.merged_into.is_none(), "somebody is merged once");
        away.merged_into = Some(survivor.to_owned());
        for visit in self.visits.values_mut() {
            if visit.patient == retired {
                survivor.clone_into(&mut visit.patient);
            }
        }
        Ok(())
    }

    fn place_of(&self, group: &Group<'_>) -> Result<Place> {
        let visit = self.visits.get(&group.visit()?).context("the visit is known")?;
        ensure!(visit.status == Status::Here, "who changes beds is here");
        Ok(visit.place.clone())
    }

    fn free(&mut self, group: &Group<'_>) -> Result<()> {
        let key = group.visit()?;
        self.beds.retain(|_, visit| *visit != key);
        Ok(())
    }

    fn put(&mut self, group: &Group<'_>) -> Result<()> {
        let (key, place) = (group.visit()?, group.place());
        if let Some(visit) = self.visits.get_mut(&key) {
            visit.place.clone_from(&place);
        }
        let has_bed = !place.2.is_empty() || !place.3.is_empty();
        if has_bed {
            let other = self.beds.insert(place.clone(), key.clone());
            ensure!(
                other.is_none_or(|other| other == key),
                "a bed has one person: {place:?}"
            );
        }
        Ok(())
    }
}
