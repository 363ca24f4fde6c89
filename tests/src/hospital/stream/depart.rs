//! People leave: for home, for a while, off a caseload, for good.

use baton_core::date::PartialDate;

use super::Stream;
use super::undo::Undone;
use crate::hospital::adt::Trigger;
use crate::hospital::census::{Class, Part, Stay};
use crate::hospital::patient::Patient;
use crate::hospital::segment::calendar;

impl Stream {
    /// Somebody leaves a ward.
    pub(super) fn go_home(&mut self) -> Option<()> {
        let stay = self.one_of_the_full()?;
        self.discharge(stay.patient, true)
    }

    /// Somebody leaves the emergency department without having been admitted.
    pub(super) fn go_home_from_emergency(&mut self) -> Option<()> {
        let waits = |stay: &Stay| stay.class == Class::Emergency;
        let stay = self.census.one(Part::Hospital, &mut self.draw, waits)?;
        if self.who(stay.patient).is_unknown() {
            return None;
        }
        self.discharge(stay.patient, false)
    }

    /// Somebody goes on leave: their bed is kept.
    pub(super) fn go_on_leave(&mut self) -> Option<()> {
        let may = |stay: &Stay| is_on_ward(stay) && !stay.on_leave;
        let stay = self.census.one(Part::Hospital, &mut self.draw, may)?;
        if self.who(stay.patient).is_unknown() || self.on_leave() > MOST_ON_LEAVE {
            return None;
        }
        self.census.stay_mut(Part::Hospital, stay.patient)?.on_leave = true;
        self.tell_of(Trigger::A21, Part::Hospital, stay.patient);
        self.remember(stay.patient, Undone::LeaveTaken);
        Some(())
    }

    /// Somebody comes back from leave.
    pub(super) fn come_back(&mut self) -> Option<()> {
        let stay = self
            .census
            .one(Part::Hospital, &mut self.draw, |stay| stay.on_leave)?;
        self.census.stay_mut(Part::Hospital, stay.patient)?.on_leave = false;
        self.tell_of(Trigger::A22, Part::Hospital, stay.patient);
        self.remember(stay.patient, Undone::LeaveEnded);
        Some(())
    }

    /// Somebody is on a caseload no longer.
    pub(super) fn need_no_more(&mut self) -> Option<()> {
        let stay = self.census.one(Part::Caseload, &mut self.draw, |_| true)?;
        self.census.discharge(Part::Caseload, stay.patient)?;
        self.tell(Trigger::A03, &stay);
        Some(())
    }

    /// Somebody dies on a ward.
    pub(super) fn die_here(&mut self) -> Option<()> {
        let may = |stay: &Stay| is_on_ward(stay) && !stay.on_leave;
        let stay = self.census.one(Part::Hospital, &mut self.draw, may)?;
        let who = self.who(stay.patient);
        if who.years < 70 || who.is_unknown() {
            return None;
        }
        self.let_die(who);
        self.census.discharge(Part::Hospital, stay.patient)?;
        self.tell(Trigger::A03, &stay);
        self.close_elsewhere(stay.patient);
        Some(())
    }

    /// Somebody dies at home, in the care home or elsewhere.
    pub(super) fn die_elsewhere(&mut self) -> Option<()> {
        let who = self.somebody(|who| who.years >= 70)?;
        let number = who.number;
        self.let_die(who);
        self.tell_person(Trigger::A31, number);
        self.close_elsewhere(number);
        if self.deaths.len() >= 20 {
            self.deaths.remove(0);
        }
        self.deaths.push(number);
        Some(())
    }

    /// Somebody of whom it was told has not died.
    pub(super) fn be_alive_after_all(&mut self) -> Option<()> {
        let number = self.draw.pick(&self.deaths).copied()?;
        if self.is_retired(number) {
            return None;
        }
        self.deaths.retain(|each| *each != number);
        let who = self.who(number);
        self.changed.insert(number, Patient { died: None, ..who });
        self.tell_person(Trigger::A31, number);
        Some(())
    }

    fn let_die(&mut self, who: Patient) {
        let (today, second) = calendar(self.now);
        let minute = u16::try_from(second / 60).unwrap_or(0);
        let died = Some(Some(PartialDate::Minute(today, minute)));
        self.changed.insert(who.number, Patient { died, ..who });
    }

    fn close_elsewhere(&mut self, patient: u32) {
        for part in [Part::CareHome, Part::Caseload] {
            if let Some(stay) = self.census.discharge(part, patient) {
                self.tell(Trigger::A03, &stay);
            }
        }
    }

    fn discharge(&mut self, patient: u32, may_be_referred: bool) -> Option<()> {
        let stay = self.census.discharge(Part::Hospital, patient)?;
        self.tell(Trigger::A03, &stay);
        if let Some(home) = self.census.stay_mut(Part::CareHome, patient) {
            home.on_leave = false;
            self.tell_of(Trigger::A22, Part::CareHome, patient);
            return Some(());
        }
        let years = self.who(patient).years;
        if may_be_referred && years >= 60 && self.draw.thousandth(250) {
            self.put_on_caseload(patient, 0, self.now);
            return Some(());
        }
        self.remember(patient, Undone::Discharge(Box::new(stay)));
        Some(())
    }

    fn on_leave(&self) -> usize {
        self.census
            .stays(Part::Hospital)
            .filter(|stay| stay.on_leave)
            .count()
    }
}

/// Whether a stay is one in a bed of a ward.
pub(super) fn is_on_ward(stay: &Stay) -> bool {
    stay.class == Class::Inpatient && stay.bed.is_some()
}

const MOST_ON_LEAVE: usize = 8;
