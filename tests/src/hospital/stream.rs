//! The feed: who there is and who lies where when the hospital opens, then a living day that does not end.
//!
//! It is a state machine over [`Census`]: it draws what happens next, does it when that is possible (there is a bed; the
//! person is there), and tells it in one message or several. So it never tells what cannot be: no bed has two people but
//! while two change beds, nobody leaves who is not there, and only what happened last can be taken back.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use baton_core::date::Date;
use baton_core::time::At;

use super::Hospital;
use super::adt::{Head, Trigger, Writer};
use super::census::{Census, Part, Stay};
use super::draw::{Draw, Purpose};
use super::patient::Patient;
use super::place::Facility;
use super::segment::calendar;
use undo::Undo;

mod arrive;
mod depart;
mod life;
mod load;
mod person;
mod remain;
mod same;
mod undo;

/// A moment of the hospital's own time.
pub type SimTime = At;

/// The messages, in order; the same for the same hospital. It does not end.
#[derive(Clone, Debug)]
pub struct Stream {
    hospital: Hospital,
    now: At,
    draw: Draw,
    writer: Writer,
    census: Census,
    phase: Phase,
    waiting: VecDeque<(SimTime, Vec<u8>)>,
    /// People who are not, or no longer, as [`Hospital::patient`] makes them.
    changed: BTreeMap<u32, Patient>,
    /// Those who were merged, and into whom.
    retired: BTreeMap<u32, u32>,
    /// Merges that can be taken back: who was merged, and into whom.
    mergers: Vec<(u32, u32)>,
    /// Deaths outside the hospital that can turn out to be a mistake.
    deaths: Vec<u32>,
    delivered: BTreeSet<u32>,
    undo: VecDeque<Undo>,
    /// When something was told of somebody last, in turns.
    turns: BTreeMap<u32, u64>,
    turn: u64,
    people: u32,
    visits: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Everybody is told, from this one on.
    People(u32),
    /// Then who is where.
    Places,
    /// That is told, and something is left to send.
    Settled,
    /// Things happen.
    Living,
}

impl Stream {
    pub(super) fn new(hospital: Hospital) -> Self {
        Self {
            hospital,
            now: hospital.opened,
            draw: Draw::new(hospital.seed, Purpose::Load, 0),
            writer: Writer::new(),
            census: Census::new(),
            phase: Phase::People(0),
            waiting: VecDeque::new(),
            changed: BTreeMap::new(),
            retired: BTreeMap::new(),
            mergers: Vec::new(),
            deaths: Vec::new(),
            delivered: BTreeSet::new(),
            undo: VecDeque::new(),
            turns: BTreeMap::new(),
            turn: 0,
            people: hospital.patients,
            visits: 0,
        }
    }

    /// Whether what was told last is part of the living day, and not of what there was when the hospital opened.
    pub fn is_living(&self) -> bool {
        self.phase == Phase::Living
    }

    fn go_on(&mut self) {
        match self.phase {
            Phase::People(next) if next < self.hospital.patients => {
                self.introduce(next);
                self.phase = Phase::People(next + 1);
            }
            Phase::People(_) => self.phase = Phase::Places,
            Phase::Places => {
                self.fill_places();
                self.phase = Phase::Settled;
            }
            Phase::Settled => {
                self.draw = Draw::new(self.hospital.seed, Purpose::Day, 0);
                self.phase = Phase::Living;
            }
            Phase::Living => self.live(),
        }
    }

    /// A patient as they are now.
    fn who(&self, number: u32) -> Patient {
        let changed = self.changed.get(&number).cloned();
        changed.unwrap_or_else(|| self.hospital.patient(number))
    }

    fn today(&self) -> Date {
        calendar(self.now).0
    }

    fn is_retired(&self, number: u32) -> bool {
        self.retired.contains_key(&number)
    }

    fn next_visit(&mut self) -> u32 {
        self.visits += 1;
        self.visits
    }

    /// A head of a message that is sent now, about what has just happened.
    fn head(&self, sender: Facility, trigger: Trigger) -> Head {
        Head {
            sender,
            trigger,
            at: self.now,
            happened: self.now,
        }
    }

    /// Tells something of a stay.
    fn tell(&mut self, trigger: Trigger, stay: &Stay) {
        self.tell_since(trigger, stay, self.now);
    }

    /// Tells something of a stay that happened earlier.
    fn tell_since(&mut self, trigger: Trigger, stay: &Stay, happened: At) {
        let head = Head {
            happened,
            ..self.head(stay.facility, trigger)
        };
        let message = self.writer.stay(head, &self.who(stay.patient), stay);
        self.send([stay.patient], message);
    }

    /// Tells something of a stay as it stands now, if there is one.
    fn tell_of(&mut self, trigger: Trigger, part: Part, patient: u32) {
        if let Some(stay) = self.census.stay(part, patient).cloned() {
            self.tell(trigger, &stay);
        }
    }

    /// Tells what is known of a person.
    fn tell_person(&mut self, trigger: Trigger, patient: u32) {
        let head = self.head(Facility::Hospital, trigger);
        let message = self.writer.demographics(head, &self.who(patient));
        self.send([patient], message);
    }

    fn send<const N: usize>(&mut self, about: [u32; N], message: Vec<u8>) {
        self.turn += 1;
        for patient in about {
            self.turns.insert(patient, self.turn);
        }
        self.waiting.push_back((self.now, message));
    }

    /// Lets as much time go by as there is between two happenings: from half of the hospital's pace to one and a half.
    fn wait(&mut self) {
        let pace = u32::try_from(self.hospital.pace.as_millis()).unwrap_or(u32::MAX / 2);
        let gap = self.draw.between(pace / 2, pace / 2 + pace);
        self.now = self.now.plus(Duration::from_millis(u64::from(gap)));
    }
}

impl Iterator for Stream {
    type Item = (SimTime, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.waiting.pop_front() {
                return Some(next);
            }
            self.go_on();
        }
    }
}
