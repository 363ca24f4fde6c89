//! What is known of somebody changes: a telephone, an address, a name, the NHS number.

use super::Stream;
use crate::hospital::adt::Trigger;
use crate::hospital::home::{self, Home};
use crate::hospital::number::Which;
use crate::hospital::patient::NhsStatus;

impl Stream {
    /// Something else is known of somebody from now on.
    pub(super) fn change_details(&mut self) -> Option<()> {
        // Half of the time of somebody who is in hospital: those are asked.
        let number = if self.draw.thousandth(500) {
            self.one_of_the_busy()?.patient
        } else {
            self.somebody(|_| true)?.number
        };
        let mut who = self.who(number);
        if who.is_unknown() || who.is_newborn(self.today()) {
            return None;
        }
        match self.draw.below(10) {
            0..3 => who.reached.mobile = home::mobile(&mut self.draw),
            3 | 4 => who.reached.home = home::landline(&mut self.draw),
            5 => who.home = Home::draw(&mut self.draw),
            6 => who.preferred = Some(self.draw.one(&["Jo", "Sam", "Alex", "Nan", "Bobby"]).to_owned()),
            7 => {
                let other = self.draw.below(self.hospital.patients);
                let other = self.hospital.patient(other).family;
                who.family = if self.draw.thousandth(500) && !who.family.contains('-') {
                    format!("{}-{other}", who.family)
                } else {
                    other
                };
            }
            8 => match who.nhs_status {
                NhsStatus::Verified => return None,
                NhsStatus::NotTraced | NhsStatus::TraceRequired => who.nhs_status = NhsStatus::Verified,
                NhsStatus::Baby | NhsStatus::NoMatch | NhsStatus::NotRequired => {
                    who.nhs = Some(self.hospital.numbers().nhs(number, Which::Present));
                    who.nhs_status = NhsStatus::Verified;
                }
            },
            _ => {
                if who.former_nhs.is_some() || who.nhs.is_none() {
                    return None;
                }
                who.former_nhs = who
                    .nhs
                    .replace(self.hospital.numbers().nhs(number, Which::Former));
            }
        }
        self.changed.insert(number, who);
        self.tell_person(Trigger::A31, number);
        Some(())
    }
}
