//! What there is when the hospital opens: everybody in the index, and who lies where.

use std::time::Duration;

use baton_core::date::Date;
use baton_core::time::At;

use super::Stream;
use crate::hospital::adt::Trigger;
use crate::hospital::census::{Class, Part, Spot, Stay, service};
use crate::hospital::home::Home;
use crate::hospital::patient::{Kinship, MISTAKEN, NEWBORN, Patient, in_fifty};
use crate::hospital::place::{Bed, Facility, SERVICES, Takes, WARDS, Ward};
use crate::hospital::staff::consultants;

impl Stream {
    /// Tells of one person. A superseded NHS number is told first, then the one that holds.
    pub(super) fn introduce(&mut self, number: u32) {
        let patient = self.who(number);
        let Some(former) = patient.former_nhs else {
            self.tell_person(Trigger::A28, number);
            return;
        };
        let before = Patient {
            nhs: Some(former),
            ..patient
        };
        self.changed.insert(number, before);
        self.tell_person(Trigger::A28, number);
        self.changed.remove(&number);
        self.tell_person(Trigger::A31, number);
    }

    /// Puts people into beds and onto caseloads.
    pub(super) fn fill_places(&mut self) {
        // The ward that is looked at comes first, so that a small hospital has it full too.
        let mut order: Vec<(usize, &Ward)> = WARDS.iter().enumerate().collect();
        order.sort_by_key(|(_, ward)| std::cmp::Reverse(ward.busy));
        for (number, ward) in order {
            if ward.takes == Takes::Adults && ward.single_sex {
                for _ in 0..ward.busy.min(2) {
                    self.lay_two_alike(number);
                }
            }
            let mut tries = 0;
            while self.census.occupied(number) < ward.full && tries < 600 && self.has_room() {
                tries += 1;
                self.lay_somebody(number, ward);
            }
        }
        for place in 0..SERVICES.len() {
            self.fill_caseload(place);
        }
        for _ in 0..EXPECTED {
            self.expect_somebody();
        }
    }

    /// Whether enough people are still at home.
    fn has_room(&self) -> bool {
        u32::try_from(self.census.stays(Part::Hospital).count()).unwrap_or(u32::MAX)
            < self.hospital.patients / 3
    }

    /// Two whom one mistakes for each other, on one ward.
    fn lay_two_alike(&mut self, ward: usize) {
        for _ in 0..40 {
            let Some(first) = in_fifty(self.hospital.patients, MISTAKEN, &mut self.draw) else {
                return;
            };
            let second = first + 1;
            if second >= self.hospital.patients || self.census.knows(first) || self.census.knows(second) {
                continue;
            }
            if self.lay(first, ward) && self.lay(second, ward) {
                return;
            }
        }
    }

    fn lay_somebody(&mut self, number: usize, ward: &Ward) {
        let patients = self.hospital.patients;
        let newborn = match ward.takes {
            Takes::Newborn => in_fifty(patients, NEWBORN, &mut self.draw),
            // Every second mother has her child with her.
            Takes::Mothers if self.draw.thousandth(500) => in_fifty(patients, NEWBORN, &mut self.draw),
            Takes::Adults | Takes::Anybody | Takes::Children | Takes::Mothers | Takes::Older => None,
        };
        let Some(newborn) = newborn else {
            let somebody = self.draw.below(patients);
            if ward.takes != Takes::Newborn && !self.census.knows(somebody) {
                self.lay(somebody, number);
            }
            return;
        };
        let mother = newborn - 1;
        if self.census.knows(newborn) || self.census.knows(mother) {
            return;
        }
        if ward.takes == Takes::Newborn || self.lay(mother, number) {
            self.delivered.insert(mother);
            self.lay(newborn, number);
        }
    }

    fn lay(&mut self, patient: u32, ward: usize) -> bool {
        let who = self.who(patient);
        let again = matches!(who.kinship, Kinship::SameAs(_));
        if who.died.is_some() || again {
            return false;
        }
        let today = self.today();
        let Some(bed) = self.census.free_bed(ward, &who, today, &mut self.draw) else {
            return false;
        };
        let hours = match WARDS.get(ward).map(|ward| (ward.facility, ward.specialty)) {
            Some((Facility::CareHome, _)) => self.draw.between(2_000, 20_000),
            Some((_, EMERGENCY)) => self.draw.between(0, 5),
            _ if who.is_newborn(today) => 0,
            _ => self.draw.between(2, 400),
        };
        let from = earlier(self.now, hours);
        self.take_in(&who, bed, from);
        true
    }

    /// Takes somebody into a bed, and tells it.
    pub(super) fn take_in(&mut self, who: &Patient, bed: Bed, from: At) {
        let (Some(ward), Some(spot)) = (
            self.census.ward_of(bed).and_then(|ward| WARDS.get(ward)),
            self.census.spot(bed),
        ) else {
            return;
        };
        let class = if ward.specialty == EMERGENCY {
            Class::Emergency
        } else {
            Class::Inpatient
        };
        let days = i32::try_from(self.draw.between(0, 9)).unwrap_or(0);
        let leaves = Date::from_days(self.today().days() + days);
        let stay = Stay {
            patient: who.number,
            visit: self.next_visit(),
            facility: ward.facility,
            class,
            bed: Some(bed),
            spot,
            before: None,
            doctor: self.draw.one(consultants(ward.specialty)),
            specialty: ward.specialty,
            reason: self.draw.one(reasons(ward)),
            from,
            leaves: leaves.filter(|_| class == Class::Inpatient && ward.facility == Facility::Hospital),
            on_leave: false,
        };
        let number = who.number;
        if ward.facility == Facility::CareHome {
            let room = stay.spot.room.clone();
            let home = Home::care_home(&room);
            self.changed.insert(number, Patient { home, ..who.clone() });
        }
        self.census.admit(stay.clone(), who, self.today());
        let trigger = if class == Class::Emergency {
            Trigger::A04
        } else {
            Trigger::A01
        };
        self.tell_since(trigger, &stay, from);
    }

    fn fill_caseload(&mut self, place: usize) {
        let Some(of) = service(place) else { return };
        let wanted = (self.hospital.patients / 1000 * of.share).clamp(2, 60);
        let mut tries = 0;
        let mut found = 0;
        while found < wanted && tries < wanted * 20 {
            tries += 1;
            let somebody = self.draw.below(self.hospital.patients);
            let who = self.who(somebody);
            let again = matches!(who.kinship, Kinship::SameAs(_));
            if who.years >= 50 && who.died.is_none() && !again && !self.census.knows(somebody) {
                let hours = self.draw.between(24, 3_000);
                self.put_on_caseload(somebody, place, earlier(self.now, hours));
                found += 1;
            }
        }
    }

    /// Puts somebody onto the caseload of a service, and tells it.
    pub(super) fn put_on_caseload(&mut self, patient: u32, place: usize, from: At) {
        let Some(of) = service(place) else { return };
        let stay = Stay {
            patient,
            visit: self.next_visit(),
            facility: of.facility,
            class: Class::Caseload,
            bed: None,
            spot: Spot::service(of),
            before: None,
            doctor: crate::hospital::staff::Doctor::default(),
            specialty: of.specialty,
            reason: self.draw.one(AT_HOME),
            from,
            leaves: None,
            on_leave: false,
        };
        let who = self.who(patient);
        self.census.admit(stay.clone(), &who, self.today());
        self.tell_since(Trigger::A04, &stay, from);
    }
}

fn earlier(now: At, hours: u32) -> At {
    let before = Duration::from_hours(u64::from(hours));
    At::from_millis(
        now.millis()
            .saturating_sub(u64::try_from(before.as_millis()).unwrap_or(0)),
    )
}

/// Why people come, by what a ward does.
pub(super) fn reasons(ward: &Ward) -> &'static [&'static str] {
    match ward.takes {
        Takes::Mothers => &[
            "In labour",
            "Induction of labour",
            "Elective caesarean section",
            "Reduced movements",
        ],
        Takes::Newborn => &["Prematurity", "Jaundice", "Observation after birth", "Feeding"],
        Takes::Children => &[
            "Bronchiolitis",
            "Wheeze",
            "Fractured forearm",
            "Appendicitis",
            "Febrile convulsion",
        ],
        Takes::Adults | Takes::Anybody | Takes::Older => match ward.specialty {
            "General surgery" => &[
                "Abdominal pain",
                "Cholecystitis",
                "Hernia repair",
                "Bowel obstruction",
            ],
            "Trauma and orthopaedics" => &[
                "Fractured neck of femur",
                "Hip replacement",
                "Fall, wrist fracture",
            ],
            "Stroke medicine" => &["Left-sided weakness", "TIA", "Slurred speech"],
            "Cardiology" => &["Chest pain", "Heart failure", "Atrial fibrillation", "NSTEMI"],
            "Respiratory medicine" => &["COPD exacerbation", "Pneumonia", "Pleural effusion", "Asthma"],
            "Intensive care medicine" => &["Septic shock", "Respiratory failure", "After major surgery"],
            "Care home with nursing" => &["Long-term nursing care", "Dementia care", "Respite"],
            _ => &[
                "Fall",
                "Chest infection",
                "Acute kidney injury",
                "Confusion",
                "Urinary tract infection",
                "Off legs",
                "Shortness of breath",
                "Cellulitis & leg swelling",
            ],
        },
    }
}

/// Why people are seen at home.
const AT_HOME: &[&str] = &[
    "Leg ulcer dressings",
    "Insulin administration",
    "Catheter care",
    "Palliative care",
    "Falls assessment",
    "Pressure area care",
    "After discharge",
];

/// The emergency department's specialty.
pub(super) const EMERGENCY: &str = "Emergency medicine";

/// How many are expected.
const EXPECTED: u32 = 12;
