//! What is said of a visit (PV1, PV2).

use baton_core::date::PartialDate;
use baton_core::patient::{Place, VisitStatus};
use baton_core::secret::Personal;
use baton_hl7::adt::{self, Class, PersonLocation, Practitioner};
use baton_hl7::{Said, Timestamp};

use super::Mapping;
use super::patient::{name_of, said};
use crate::patients::change::{Update, VisitDetails, VisitEvent};

type PersonalText = Option<baton_hl7::Personal<String>>;

impl Mapping<'_> {
    /// `None` if there is no visit, or its class says that none is meant.
    pub(super) fn visit_details(
        &self,
        visit: Option<&adt::Visit>,
        event: Option<VisitEvent>,
    ) -> Option<VisitDetails> {
        let visit = visit?;
        let class = visit.class.value().map(baton_hl7::Personal::expose);
        if class == Some(&Class::NotApplicable) {
            return None;
        }
        let mut details = VisitDetails {
            number: visit.number.value().map(|number| self.number(number)),
            status: status(class, &visit.discharged),
            place: said(&visit.location, |location| Some(self.place(location))),
            consultant: consultant(visit),
            specialty: said(&visit.service, |service| Some(service.as_str().to_owned())),
            from: self.time(&visit.admitted),
            until: self.time(&visit.discharged),
            expected_discharge: self.time(&visit.expected_discharge),
        };
        self.fill(&mut details, visit, event);
        Some(details)
    }

    /// Since when somebody is here, or when they left, where the event says it better than PV1 does.
    fn fill(&self, details: &mut VisitDetails, visit: &adt::Visit, event: Option<VisitEvent>) {
        let header = self.header;
        let local = |time: Option<Timestamp>| time.and_then(|time| self.clock.local(&time));
        let happened = || local(header.occurred.or(header.recorded).or(header.made));
        match event {
            Some(VisitEvent::Admit | VisitEvent::Attend) if details.from.is_keep() => {
                details.from = happened().into();
            }
            Some(VisitEvent::PreAdmit) if details.from.is_keep() => {
                let expected = self.time(&visit.expected_admission).set().copied();
                details.from = expected.or_else(|| local(header.planned)).into();
            }
            Some(VisitEvent::Discharge) if details.until.is_keep() => {
                details.until = happened().into();
            }
            Some(_) | None => {}
        }
    }

    fn time(&self, time: &Said<baton_hl7::Personal<Timestamp>>) -> Update<PartialDate> {
        said(time, |time| self.clock.local(time.expose()))
    }

    /// Where no hospital is named it is the sender's: every hospital has a ward 7.
    fn place(&self, location: &PersonLocation) -> Place {
        let text = |part: &PersonalText| {
            let part = part.as_ref().map(|part| part.as_str().to_owned());
            part.unwrap_or_default()
        };
        let ward = [
            &location.point_of_care,
            &location.description,
            &location.building,
            &location.floor,
        ]
        .into_iter()
        .find(|part| part.is_some());
        let facility = location.facility.as_ref();
        Place {
            facility: facility.map_or_else(|| self.sender.clone(), |facility| name_of(facility.expose())),
            ward: ward.map(text).unwrap_or_default(),
            room: text(&location.room),
            bed: text(&location.bed),
        }
    }
}

/// How a visit stands of which nothing was known: by its class, where that is one of the standard's.
fn status(class: Option<&Class>, discharged: &Said<baton_hl7::Personal<Timestamp>>) -> Option<VisitStatus> {
    let status = match class? {
        Class::Inpatient | Class::Obstetrics => VisitStatus::Admitted,
        Class::Emergency | Class::Outpatient | Class::Recurring => VisitStatus::Attending,
        Class::PreAdmit => VisitStatus::PreAdmitted,
        Class::Local(_) | Class::NotApplicable | Class::Unknown => return None,
    };
    let has_left = discharged.value().is_some();
    Some(if has_left { VisitStatus::Discharged } else { status })
}

/// Who has charge (PV1-7), else who is consulted (PV1-9): as sites have it.
fn consultant(visit: &adt::Visit) -> Update<Personal<String>> {
    let named = |field: &Said<Vec<Practitioner>>| {
        said(field, |people| people.iter().find_map(spoken).map(Personal::new))
    };
    match named(&visit.attending) {
        Update::Set(attending) => Update::Set(attending),
        otherwise @ (Update::Clear | Update::Keep) => match named(&visit.consulting) {
            Update::Set(consulting) => Update::Set(consulting),
            Update::Clear => Update::Clear,
            Update::Keep => otherwise,
        },
    }
}

/// `Dr A Khan`; by a code where no name is said.
fn spoken(practitioner: &Practitioner) -> Option<String> {
    let name = practitioner.name.as_ref().map(|name| {
        let parts = [&name.prefix, &name.given, &name.family];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .map(baton_hl7::Personal::as_str)
            .collect();
        parts.join(" ")
    });
    let code = practitioner.id.as_ref().map(|id| id.as_str().to_owned());
    name.or(code).filter(|name| !name.is_empty())
}
