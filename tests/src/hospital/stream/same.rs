//! Two patients turn out to be one person, and sometimes not to be after all.

use super::Stream;
use crate::hospital::adt::Trigger;
use crate::hospital::census::{Part, Stay};
use crate::hospital::patient::{Patient, TWICE, in_fifty};
use crate::hospital::place::Facility;

impl Stream {
    /// Somebody who was registered twice, or of whom nobody knew who they are, is one with the first.
    pub(super) fn be_the_same(&mut self) -> Option<()> {
        let unknown: Vec<u32> = self
            .census
            .stays(Part::Hospital)
            .map(|stay: &Stay| stay.patient)
            .filter(|number| *number >= self.hospital.patients)
            .filter(|number| self.changed.get(number).is_some_and(Patient::is_unknown))
            .collect();
        let (survivor, retired) = if let Some(retired) = self.draw.pick(&unknown).copied() {
            let gender = self.who(retired).gender;
            let survivor = self.somebody(|who| who.gender == gender && (18..90).contains(&who.years))?;
            if self.census.knows(survivor.number) {
                return None;
            }
            (survivor.number, retired)
        } else {
            let first = in_fifty(self.hospital.patients, TWICE, &mut self.draw)?;
            (first, first + 1)
        };
        self.merge(survivor, retired)
    }

    /// Two who were made one are two again.
    pub(super) fn be_two_after_all(&mut self) -> Option<()> {
        let (retired, survivor) = self.draw.pick(&self.mergers).copied()?;
        if self.is_retired(survivor) {
            return None;
        }
        self.mergers.retain(|merger| *merger != (retired, survivor));
        self.retired.remove(&retired);
        let head = self.head(Facility::Hospital, Trigger::A37);
        let both = [self.who(survivor), self.who(retired)];
        let message = self.writer.unlink(head, [&both[0], &both[1]]);
        self.send([survivor, retired], message);
        self.tell_person(Trigger::A31, retired);
        Some(())
    }

    fn merge(&mut self, survivor: u32, retired: u32) -> Option<()> {
        let (first, second) = (self.who(survivor), self.who(retired));
        let clash = [Part::Hospital, Part::CareHome, Part::Caseload]
            .into_iter()
            .any(|part| {
                self.census.stay(part, survivor).is_some() && self.census.stay(part, retired).is_some()
            });
        let dead = first.died.is_some() || second.died.is_some();
        let gone = retired >= self.people || self.is_retired(survivor) || self.is_retired(retired);
        if clash || dead || gone {
            return None;
        }
        let today = self.today();
        let parts = self.census.hand_over(retired, &first, today);
        self.retired.insert(retired, survivor);
        if parts.is_empty() {
            self.mergers.push((retired, survivor));
        }
        let head = self.head(Facility::Hospital, Trigger::A40);
        let message = self.writer.merge(head, &first, &second);
        self.send([survivor, retired], message);
        for part in parts {
            self.tell_of(Trigger::A08, part, survivor);
        }
        Some(())
    }
}
