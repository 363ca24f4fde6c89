//! People come: through the emergency department, as planned, straight to a ward, into the world, onto a caseload.

use std::time::Duration;

use baton_core::date::Date;
use baton_core::patient::Gender;

use super::Stream;
use super::load::{EMERGENCY, reasons};
use super::undo::Undone;
use crate::hospital::adt::Trigger;
use crate::hospital::census::{Class, Part, Spot, Stay};
use crate::hospital::draw::index;
use crate::hospital::patient::Patient;
use crate::hospital::place::{Bed, Facility, SERVICES, Takes, WARDS, Ward};
use crate::hospital::segment::calendar;
use crate::hospital::staff::consultants;

impl Stream {
    /// Somebody comes to the emergency department.
    pub(super) fn come_to_emergency(&mut self) -> Option<()> {
        let ward = WARDS.iter().position(|ward| ward.specialty == EMERGENCY)?;
        let who = self.somebody(|_| true)?;
        let bed = self.free_bed(ward, &who)?;
        self.leave_home(who.number);
        self.take_in(&who, bed, self.now);
        Some(())
    }

    /// Somebody comes of whom nobody knows who they are.
    pub(super) fn come_unknown(&mut self) -> Option<()> {
        let ward = WARDS.iter().position(|ward| ward.specialty == EMERGENCY)?;
        let gender = if self.draw.thousandth(500) {
            Gender::Female
        } else {
            Gender::Male
        };
        let who = Patient::derive_unknown(self.hospital.seed, self.people, gender);
        let bed = self.free_bed(ward, &who)?;
        self.people += 1;
        self.changed.insert(who.number, who.clone());
        self.take_in(&who, bed, self.now);
        Some(())
    }

    /// Somebody in the emergency department gets a bed on a ward.
    pub(super) fn go_up(&mut self) -> Option<()> {
        let waits = |stay: &Stay| stay.class == Class::Emergency;
        let stay = self.census.one(Part::Hospital, &mut self.draw, waits)?;
        let who = self.who(stay.patient);
        let to = self.ward_with_room()?;
        let bed = self.free_bed(to, &who)?;
        let ward = WARDS.get(to)?;
        self.census.transfer(Part::Hospital, &who, bed, self.today());
        self.settle_in(stay.patient, ward);
        self.tell_of(Trigger::A01, Part::Hospital, stay.patient);
        Some(())
    }

    /// Somebody is expected.
    pub(super) fn expect_somebody(&mut self) -> Option<()> {
        let who = self.somebody(|who| who.years >= 16)?;
        let wards: Vec<&Ward> = WARDS
            .iter()
            .filter(|ward| {
                ward.takes == Takes::Adults && ward.single_sex && ward.name != "Acute Medical Unit"
            })
            .collect();
        let ward = *self.draw.pick(&wards)?;
        let hours = u64::from(self.draw.between(6, 240));
        let from = self.now.plus(Duration::from_hours(hours));
        let stay = Stay {
            patient: who.number,
            visit: self.next_visit(),
            facility: Facility::Hospital,
            class: Class::Expected,
            bed: None,
            spot: Spot::ward(ward),
            before: None,
            doctor: self.draw.one(consultants(ward.specialty)),
            specialty: ward.specialty,
            reason: self.draw.one(reasons(ward)),
            from,
            leaves: Date::from_days(calendar(from).0.days() + 3),
            on_leave: false,
        };
        self.census.admit(stay.clone(), &who, self.today());
        self.tell(Trigger::A05, &stay);
        Some(())
    }

    /// Somebody who was expected is not.
    pub(super) fn expect_no_more(&mut self) -> Option<()> {
        let stay = self.expected()?;
        self.census.discharge(Part::Hospital, stay.patient)?;
        self.tell(Trigger::A38, &stay);
        Some(())
    }

    /// Somebody who was expected comes.
    pub(super) fn come_as_expected(&mut self) -> Option<()> {
        let mut stay = self.expected()?;
        let who = self.who(stay.patient);
        let ward = WARDS.iter().position(|ward| ward.name == stay.spot.ward)?;
        let bed = self.free_bed(ward, &who)?;
        self.leave_home(stay.patient);
        self.census.discharge(Part::Hospital, stay.patient)?;
        stay.class = Class::Inpatient;
        stay.spot = self.census.spot(bed)?;
        stay.bed = Some(bed);
        stay.from = self.now;
        self.census.admit(stay.clone(), &who, self.today());
        self.tell(Trigger::A01, &stay);
        Some(())
    }

    /// Somebody is admitted straight to a ward.
    pub(super) fn come_straight(&mut self) -> Option<()> {
        let ward = self.ward_with_room()?;
        let its = WARDS.get(ward)?;
        let who = self.somebody(|who| its.takes.takes(who.years, false, who.gender))?;
        if self.census.stay(Part::CareHome, who.number).is_some() {
            return None;
        }
        let bed = self.free_bed(ward, &who)?;
        let number = who.number;
        self.leave_home(number);
        self.take_in(&who, bed, self.now);
        self.remember(number, Undone::Admission);
        Some(())
    }

    /// A child is born, and lies in a cot beside the mother.
    pub(super) fn be_born(&mut self) -> Option<()> {
        let ward = WARDS.iter().position(|ward| ward.takes == Takes::Mothers)?;
        let name = WARDS.get(ward)?.name;
        let delivered = self.delivered.clone();
        let may = |stay: &Stay| stay.spot.ward == name && !delivered.contains(&stay.patient);
        let stay = self.census.one(Part::Hospital, &mut self.draw, may)?;
        let mother = self.who(stay.patient);
        if mother.gender != Gender::Female || mother.years < 16 {
            return None;
        }
        let (today, second) = calendar(self.now);
        let minute = u16::try_from(second / 60).unwrap_or(0);
        let child = self.hospital.child(self.people, &mother, today, minute);
        let bed = self.free_bed(ward, &child)?;
        self.people += 1;
        self.delivered.insert(mother.number);
        self.changed.insert(child.number, child.clone());
        self.tell_person(Trigger::A28, child.number);
        self.take_in(&child, bed, self.now);
        Some(())
    }

    /// Somebody comes onto a caseload.
    pub(super) fn be_referred(&mut self) -> Option<()> {
        let who = self.somebody(|who| who.years >= 50)?;
        if self.census.knows(who.number) || self.census.stays(Part::Caseload).count() > MOST_ON_CASELOADS {
            return None;
        }
        let place = self.draw.below(u32::try_from(SERVICES.len()).unwrap_or(1));
        self.put_on_caseload(who.number, index(place), self.now);
        Some(())
    }

    /// Somebody moves into the care home.
    pub(super) fn move_into_home(&mut self) -> Option<()> {
        let ward = WARDS
            .iter()
            .position(|ward| ward.facility == Facility::CareHome)?;
        let who = self.somebody(|who| who.years >= 75)?;
        if self.census.knows(who.number) {
            return None;
        }
        let bed = self.free_bed(ward, &who)?;
        self.take_in(&who, bed, self.now);
        Some(())
    }

    /// Somebody who is alive, known, and neither in hospital nor expected there.
    pub(super) fn somebody(&mut self, wanted: impl Fn(&Patient) -> bool) -> Option<Patient> {
        for _ in 0..60 {
            let number = self.draw.below(self.people);
            if self.is_retired(number) || self.census.stay(Part::Hospital, number).is_some() {
                continue;
            }
            let who = self.who(number);
            let is_newborn = who.is_newborn(self.today());
            if who.died.is_none() && !is_newborn && !who.is_unknown() && wanted(&who) {
                return Some(who);
            }
        }
        None
    }

    /// Tells home and services that somebody goes to hospital: the home keeps the room, a service closes.
    fn leave_home(&mut self, patient: u32) {
        if let Some(stay) = self.census.stay_mut(Part::CareHome, patient)
            && !stay.on_leave
        {
            stay.on_leave = true;
            self.tell_of(Trigger::A21, Part::CareHome, patient);
        }
        if let Some(stay) = self.census.discharge(Part::Caseload, patient) {
            self.tell(Trigger::A03, &stay);
        }
    }

    /// Makes a stay one of this ward.
    pub(super) fn settle_in(&mut self, patient: u32, ward: &Ward) {
        let doctor = self.draw.one(consultants(ward.specialty));
        let days = i32::try_from(self.draw.between(1, 8)).unwrap_or(1);
        let leaves = Date::from_days(self.today().days() + days);
        if let Some(stay) = self.census.stay_mut(Part::Hospital, patient) {
            stay.class = Class::Inpatient;
            stay.doctor = doctor;
            stay.specialty = ward.specialty;
            stay.leaves = leaves;
        }
    }

    /// A ward, the likelier the emptier and the busier it is.
    pub(super) fn ward_with_room(&mut self) -> Option<usize> {
        let weights: Vec<(usize, u32)> = hospital_wards()
            .map(|(place, ward)| {
                let room = (ward.full + 8).saturating_sub(self.census.occupied(place));
                (place, ward.busy * room)
            })
            .collect();
        self.draw
            .weighted(&weights, |(_, weight)| *weight)
            .map(|(place, _)| *place)
    }

    pub(super) fn free_bed(&mut self, ward: usize, who: &Patient) -> Option<Bed> {
        let today = self.today();
        self.census.free_bed(ward, who, today, &mut self.draw)
    }

    fn expected(&mut self) -> Option<Stay> {
        self.census.one(Part::Hospital, &mut self.draw, |stay| {
            stay.class == Class::Expected
        })
    }
}

/// Wards where people are admitted to.
pub(super) fn hospital_wards() -> impl Iterator<Item = (usize, &'static Ward)> {
    WARDS.iter().enumerate().filter(|(_, ward)| {
        ward.facility == Facility::Hospital && ward.specialty != EMERGENCY && ward.name != "Discharge Lounge"
    })
}

const MOST_ON_CASELOADS: usize = 120;
