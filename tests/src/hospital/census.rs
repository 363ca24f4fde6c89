//! Who is where: each bed has nobody or one person, and nobody is in two beds of one organisation.

use std::collections::BTreeMap;

use baton_core::date::Date;
use baton_core::patient::Gender;
use baton_core::time::At;

use super::draw::Draw;
use super::patient::Patient;
use super::place::{Bed, BedPlace, Facility, SERVICES, Service, Takes, WARDS, Ward, beds};
use super::staff::Doctor;

/// All stays.
#[derive(Clone, Debug)]
pub(super) struct Census {
    beds: Vec<BedPlace>,
    taken: Vec<Option<Occupant>>,
    stays: BTreeMap<(Part, u32), Stay>,
}

#[derive(Clone, Copy, Debug)]
struct Occupant {
    gender: Gender,
    is_newborn: bool,
}

/// In which part of the demonstration somebody stays: they can be in one place of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// In the hospital, or expected there.
    Hospital,
    /// In the care home.
    CareHome,
    /// On the caseload of a service.
    Caseload,
}

/// Of which kind a stay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// On a caseload.
    Caseload,
    /// In the emergency department.
    Emergency,
    /// Expected: in no bed yet.
    Expected,
    /// In a bed of a ward or a home.
    Inpatient,
}

/// A place, in the words of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) facility: Facility,
    pub(super) ward: &'static str,
    pub(super) room: String,
    pub(super) bed: String,
}

/// A stay.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stay {
    pub(super) patient: u32,
    pub(super) visit: u32,
    pub(super) facility: Facility,
    pub(super) class: Class,
    /// The bed; none for those who are expected or on a caseload.
    pub(super) bed: Option<Bed>,
    pub(super) spot: Spot,
    /// Where they were before.
    pub(super) before: Option<Spot>,
    pub(super) doctor: Doctor,
    pub(super) specialty: &'static str,
    pub(super) reason: &'static str,
    /// Since when, or from when on.
    pub(super) from: At,
    /// When they are expected to leave.
    pub(super) leaves: Option<Date>,
    pub(super) on_leave: bool,
}

impl Stay {
    /// The number of the visit, as its organisation writes it.
    pub(super) fn visit_number(&self) -> String {
        format!("V{:08}", self.visit)
    }

    pub(super) const fn part(&self) -> Part {
        match self.facility {
            Facility::Hospital => Part::Hospital,
            Facility::CareHome => Part::CareHome,
            Facility::Community | Facility::SocialCare => Part::Caseload,
        }
    }
}

impl Spot {
    /// A ward, with no bed named.
    pub(super) fn ward(ward: &Ward) -> Self {
        Self {
            facility: ward.facility,
            ward: ward.name,
            room: String::new(),
            bed: String::new(),
        }
    }

    /// A service.
    pub(super) fn service(service: &Service) -> Self {
        Self {
            facility: service.facility,
            ward: service.name,
            room: String::new(),
            bed: String::new(),
        }
    }
}

impl Census {
    pub(super) fn new() -> Self {
        let beds = beds();
        Self {
            taken: vec![None; beds.len()],
            beds,
            stays: BTreeMap::new(),
        }
    }

    /// Where somebody stays in a part.
    pub(super) fn stay(&self, part: Part, patient: u32) -> Option<&Stay> {
        self.stays.get(&(part, patient))
    }

    pub(super) fn stay_mut(&mut self, part: Part, patient: u32) -> Option<&mut Stay> {
        self.stays.get_mut(&(part, patient))
    }

    /// Whether somebody stays anywhere.
    pub(super) fn knows(&self, patient: u32) -> bool {
        [Part::Hospital, Part::CareHome, Part::Caseload]
            .into_iter()
            .any(|part| self.stays.contains_key(&(part, patient)))
    }

    /// All stays of a part.
    pub(super) fn stays(&self, part: Part) -> impl Iterator<Item = &Stay> {
        self.stays
            .range((part, 0)..=(part, u32::MAX))
            .map(|(_, stay)| stay)
    }

    /// One of the stays of a part that are as one wants.
    pub(super) fn one(&self, part: Part, draw: &mut Draw, wanted: impl Fn(&Stay) -> bool) -> Option<Stay> {
        let all: Vec<&Stay> = self.stays(part).filter(|stay| wanted(stay)).collect();
        draw.pick(&all).map(|stay| (*stay).clone())
    }

    /// The place of a bed.
    pub(super) fn spot(&self, bed: Bed) -> Option<Spot> {
        let place = self.beds.get(bed.0)?;
        let ward = WARDS.get(place.ward)?;
        Some(Spot {
            facility: ward.facility,
            ward: ward.name,
            room: place.room.clone(),
            bed: place.bed.clone(),
        })
    }

    /// Whose ward a bed is on: a place in [`WARDS`].
    pub(super) fn ward_of(&self, bed: Bed) -> Option<usize> {
        self.beds.get(bed.0).map(|place| place.ward)
    }

    /// Of a hundred beds of a ward, in how many somebody is.
    pub(super) fn occupied(&self, ward: usize) -> u32 {
        let (mut all, mut taken) = (0, 0);
        for (place, occupant) in self.beds.iter().zip(&self.taken) {
            if place.ward == ward && !place.is_cot {
                all += 1;
                taken += u32::from(occupant.is_some());
            }
        }
        taken * 100 / u32::max(all, 1)
    }

    /// A free bed of a ward for somebody, if it takes them.
    pub(super) fn free_bed(&self, ward: usize, who: &Patient, today: Date, draw: &mut Draw) -> Option<Bed> {
        let newborn = who.is_newborn(today);
        let free: Vec<Bed> = (0..self.beds.len())
            .map(Bed)
            .filter(|bed| self.ward_of(*bed) == Some(ward) && self.suits(*bed, who, newborn))
            .collect();
        draw.pick(&free).copied()
    }

    /// Whether a bed is free and one for somebody.
    pub(super) fn is_for(&self, bed: Bed, who: &Patient, today: Date) -> bool {
        self.suits(bed, who, who.is_newborn(today))
    }

    fn suits(&self, bed: Bed, who: &Patient, newborn: bool) -> bool {
        let Some(place) = self.beds.get(bed.0) else {
            return false;
        };
        let Some(its) = WARDS.get(place.ward) else {
            return false;
        };
        let is_free = self.taken.get(bed.0).is_some_and(Option::is_none);
        let takes = if place.is_cot { Takes::Newborn } else { its.takes };
        let fits = is_free && takes.takes(who.years, newborn, who.gender);
        let is_shared_with_others = || {
            self.beds
                .iter()
                .zip(&self.taken)
                .filter(|(other, _)| other.ward == place.ward && other.room == place.room)
                .filter_map(|(_, occupant)| *occupant)
                .any(|occupant| !occupant.is_newborn && occupant.gender != who.gender)
        };
        fits && (!its.single_sex || newborn || !is_shared_with_others())
    }

    /// Takes somebody in. A bed that the stay names must be free.
    pub(super) fn admit(&mut self, stay: Stay, who: &Patient, today: Date) {
        if let Some(bed) = stay.bed {
            self.occupy(bed, who, today);
        }
        let other = self.stays.insert((stay.part(), stay.patient), stay);
        debug_assert!(other.is_none(), "nobody is in two places of one part");
    }

    /// Moves somebody to a free bed. Their stay then says where they were before.
    pub(super) fn transfer(&mut self, part: Part, who: &Patient, to: Bed, today: Date) {
        let Some(spot) = self.spot(to) else { return };
        let Some(stay) = self.stays.get_mut(&(part, who.number)) else {
            return;
        };
        let left = stay.bed.replace(to);
        stay.before = Some(std::mem::replace(&mut stay.spot, spot));
        if let Some(left) = left {
            self.vacate(left);
        }
        self.occupy(to, who, today);
    }

    /// Lets two change beds.
    pub(super) fn swap(&mut self, one: &Patient, other: &Patient, today: Date) -> Option<()> {
        let first = self.stay(Part::Hospital, one.number)?.bed?;
        let second = self.stay(Part::Hospital, other.number)?.bed?;
        self.vacate(second);
        self.transfer(Part::Hospital, one, second, today);
        // The first is in the other's bed now; what the other leaves is that, and must stay taken.
        let spot = self.spot(first)?;
        let stay = self.stay_mut(Part::Hospital, other.number)?;
        stay.bed = Some(first);
        stay.before = Some(std::mem::replace(&mut stay.spot, spot));
        self.occupy(first, other, today);
        Some(())
    }

    /// Lets somebody go.
    pub(super) fn discharge(&mut self, part: Part, patient: u32) -> Option<Stay> {
        let stay = self.stays.remove(&(part, patient))?;
        if let Some(bed) = stay.bed {
            self.vacate(bed);
        }
        Some(stay)
    }

    /// Gives one person's stays to another; gives the parts where there were any.
    pub(super) fn hand_over(&mut self, from: u32, to: &Patient, today: Date) -> Vec<Part> {
        let mut parts = Vec::new();
        for part in [Part::Hospital, Part::CareHome, Part::Caseload] {
            if let Some(mut stay) = self.discharge(part, from) {
                stay.patient = to.number;
                self.admit(stay, to, today);
                parts.push(part);
            }
        }
        parts
    }

    fn occupy(&mut self, bed: Bed, who: &Patient, today: Date) {
        if let Some(taken) = self.taken.get_mut(bed.0) {
            debug_assert!(taken.is_none(), "a bed has one person");
            *taken = Some(Occupant {
                gender: who.gender,
                is_newborn: who.is_newborn(today),
            });
        }
    }

    fn vacate(&mut self, bed: Bed) {
        if let Some(taken) = self.taken.get_mut(bed.0) {
            *taken = None;
        }
    }
}

/// A service by its place in a row that turns round.
pub(super) fn service(place: usize) -> Option<&'static Service> {
    SERVICES.get(place % SERVICES.len().max(1))
}
