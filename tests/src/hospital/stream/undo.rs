//! What happened by mistake is taken back, as long as nothing else was told of the person since.

use super::Stream;
use crate::hospital::adt::Trigger;
use crate::hospital::census::{Part, Stay};
use crate::hospital::place::Bed;

/// Something that can be taken back.
#[derive(Clone, Debug)]
pub(super) struct Undo {
    patient: u32,
    turn: u64,
    what: Undone,
}

/// What can be taken back.
#[derive(Clone, Debug)]
pub(super) enum Undone {
    /// An admission straight to a ward.
    Admission,
    /// A discharge, with the stay that it ended.
    Discharge(Box<Stay>),
    /// A leave that began.
    LeaveTaken,
    /// A leave that ended.
    LeaveEnded,
    /// A move, with the bed that was left and the stay as it was.
    Transfer(Bed, Box<Stay>),
}

impl Stream {
    /// Remembers what has just happened to somebody.
    pub(super) fn remember(&mut self, patient: u32, what: Undone) {
        if self.undo.len() >= 30 {
            self.undo.pop_front();
        }
        self.undo.push_back(Undo {
            patient,
            turn: self.turn,
            what,
        });
    }

    /// Takes back something that happened lately.
    pub(super) fn take_back(&mut self) -> Option<()> {
        let turns = &self.turns;
        self.undo
            .retain(|undo| turns.get(&undo.patient) == Some(&undo.turn));
        let place = self.draw.below(u32::try_from(self.undo.len()).ok()?);
        let undo = self.undo.remove(crate::hospital::draw::index(place))?;
        let patient = undo.patient;
        match undo.what {
            Undone::Admission => {
                let stay = self.census.discharge(Part::Hospital, patient)?;
                self.tell(Trigger::A11, &stay);
            }
            Undone::Discharge(mut stay) => {
                // Who was on leave when they left is here again: nothing tells otherwise.
                stay.on_leave = false;
                let who = self.who(patient);
                let today = self.today();
                // The bed may be taken by now, or in a bay of others.
                if self.census.knows(patient) || !self.census.is_for(stay.bed?, &who, today) {
                    return None;
                }
                self.census.admit((*stay).clone(), &who, today);
                self.tell(Trigger::A13, &stay);
            }
            Undone::LeaveTaken => {
                self.census.stay_mut(Part::Hospital, patient)?.on_leave = false;
                self.tell_of(Trigger::A52, Part::Hospital, patient);
            }
            Undone::LeaveEnded => {
                self.census.stay_mut(Part::Hospital, patient)?.on_leave = true;
                self.tell_of(Trigger::A53, Part::Hospital, patient);
            }
            Undone::Transfer(bed, stay) => {
                let who = self.who(patient);
                let today = self.today();
                if !self.census.is_for(bed, &who, today) {
                    return None;
                }
                self.census.transfer(Part::Hospital, &who, bed, today);
                *self.census.stay_mut(Part::Hospital, patient)? = *stay;
                self.tell_of(Trigger::A12, Part::Hospital, patient);
            }
        }
        Some(())
    }
}
