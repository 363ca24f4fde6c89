//! What happens to people who are in hospital: another bed, another ward, another date.

use baton_core::date::Date;

use super::Stream;
use super::arrive::hospital_wards;
use super::depart::is_on_ward;
use super::load::reasons;
use super::undo::Undone;
use crate::hospital::adt::Trigger;
use crate::hospital::census::{Part, Stay};
use crate::hospital::place::{Bed, WARDS};
use crate::hospital::staff::consultants;

impl Stream {
    /// Somebody gets another bed on their ward.
    pub(super) fn move_bed(&mut self) -> Option<()> {
        let stay = self.one_of_the_busy()?;
        let ward = self.census.ward_of(stay.bed?)?;
        self.move_to(&stay, ward)
    }

    /// Somebody goes to another ward, or to the discharge lounge.
    pub(super) fn move_ward(&mut self) -> Option<()> {
        let stay = self.one_of_the_busy()?;
        let lounge = WARDS.iter().position(|ward| ward.name == "Discharge Lounge")?;
        let to = if self.draw.thousandth(150) {
            lounge
        } else {
            self.ward_with_room()?
        };
        let from = self.census.ward_of(stay.bed?)?;
        if to == from {
            return None;
        }
        self.move_to(&stay, to)
    }

    /// Two on a ward change beds.
    pub(super) fn change_beds(&mut self) -> Option<()> {
        let first = self.one_of_the_busy()?;
        let who = self.who(first.patient);
        let others = |stay: &Stay| {
            is_on_ward(stay)
                && !stay.on_leave
                && stay.spot.ward == first.spot.ward
                && stay.patient != first.patient
        };
        let second = self.census.one(Part::Hospital, &mut self.draw, others)?;
        let other = self.who(second.patient);
        let today = self.today();
        let alike = who.gender == other.gender && who.is_newborn(today) == other.is_newborn(today);
        if !alike {
            return None;
        }
        self.census.swap(&who, &other, today)?;
        let one = self.census.stay(Part::Hospital, who.number).cloned()?;
        let two = self.census.stay(Part::Hospital, other.number).cloned()?;
        let head = self.head(one.facility, Trigger::A17);
        let message = self.writer.swap(head, [(&who, &one), (&other, &two)]);
        self.send([who.number, other.number], message);
        Some(())
    }

    /// Something is decided about somebody: when they leave, who looks after them, why they are here.
    pub(super) fn be_looked_after(&mut self) -> Option<()> {
        let stay = self.one_of_the_busy()?;
        let ward = WARDS.iter().find(|ward| ward.name == stay.spot.ward)?;
        let days = i32::try_from(self.draw.between(0, 12)).unwrap_or(0);
        let leaves = Date::from_days(self.today().days() + days);
        let doctor = self.draw.one(consultants(ward.specialty));
        let reason = self.draw.one(reasons(ward));
        let which = self.draw.below(5);
        let own = self.census.stay_mut(Part::Hospital, stay.patient)?;
        match which {
            0 => own.doctor = doctor,
            1 => own.reason = reason,
            _ => own.leaves = leaves,
        }
        self.tell_of(Trigger::A08, Part::Hospital, stay.patient);
        Some(())
    }

    /// Somebody on a ward; of those where more happens, more often.
    pub(super) fn one_of_the_busy(&mut self) -> Option<Stay> {
        let weights: Vec<(usize, u32)> = hospital_wards().map(|(place, ward)| (place, ward.busy)).collect();
        self.one_by(&weights)
    }

    /// Somebody on a ward; of those that are full, more often.
    pub(super) fn one_of_the_full(&mut self) -> Option<Stay> {
        let lounge = WARDS
            .iter()
            .enumerate()
            .filter(|(_, ward)| ward.name == "Discharge Lounge");
        let weights: Vec<(usize, u32)> = hospital_wards()
            .chain(lounge)
            .map(|(place, ward)| {
                let above = (self.census.occupied(place) + 20).saturating_sub(ward.full);
                (place, ward.busy * above)
            })
            .collect();
        self.one_by(&weights)
    }

    fn one_by(&mut self, weights: &[(usize, u32)]) -> Option<Stay> {
        let (place, _) = *self.draw.weighted(weights, |(_, weight)| *weight)?;
        let name = WARDS.get(place)?.name;
        let here = |stay: &Stay| is_on_ward(stay) && !stay.on_leave && stay.spot.ward == name;
        self.census.one(Part::Hospital, &mut self.draw, here)
    }

    fn move_to(&mut self, stay: &Stay, ward: usize) -> Option<()> {
        let who = self.who(stay.patient);
        let bed = self.free_bed(ward, &who)?;
        let from: Bed = stay.bed?;
        let today = self.today();
        self.census.transfer(Part::Hospital, &who, bed, today);
        let its = WARDS.get(ward)?;
        if its.name != stay.spot.ward && its.name != "Discharge Lounge" {
            self.settle_in(stay.patient, its);
        }
        self.tell_of(Trigger::A02, Part::Hospital, stay.patient);
        self.remember(stay.patient, Undone::Transfer(from, Box::new(stay.clone())));
        Some(())
    }
}
