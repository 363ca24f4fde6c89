//! A visit as an `Encounter`: as the index has it now, whoever changed it last.

use baton_core::id::PatientId;
use baton_core::patient::{Identifier, Visit, VisitStatus};
use baton_core::time::At;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::read::PLANNED_END;
use super::status::{Class, Status};
use crate::fhir::clock::date_time;
use crate::fhir::datatype::{Coding, own_value};
use crate::fhir::shown::Shown;
use crate::fhir::systems::Systems;
use crate::keys::KeyEncryption;

/// What is remembered of an `Encounter` besides what the index knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The visit's number.
    #[serde(rename = "n")]
    pub number: Identifier,
    /// The status that was sent last.
    #[serde(rename = "s")]
    pub status: Status,
    /// The class that was sent last.
    #[serde(rename = "c")]
    pub class: Coding,
}

/// An `Encounter` that is known.
pub struct Known {
    /// Its id.
    pub id: uuid::Uuid,
    /// Whose it is.
    pub patient: PatientId,
    /// How it was told.
    pub told: Told,
    /// How it stands; `None` when it was cancelled or never was.
    pub visit: Option<Visit>,
    /// When something was last said of it.
    pub at: At,
}

impl Known {
    /// The resource, and its version: a keyed hash of what it says, so that it moves whoever changes it.
    pub fn view(&self, systems: &Systems, keys: &KeyEncryption) -> (Value, String) {
        let shown = Shown::new(Value::Object(self.members(systems)), self.at, PROFILE, keys);
        (shown.resource, shown.version)
    }

    fn members(&self, systems: &Systems) -> Map<String, Value> {
        let (status, class) = self.status();
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        put("resourceType", json!("Encounter"));
        put("id", json!(self.id.to_string()));
        put("identifier", json!([own_value(systems, &self.told.number)]));
        put("status", json!(status.code()));
        put("class", class.value());
        put(
            "subject",
            json!({ "reference": format!("Patient/{}", self.patient) }),
        );
        if let Some(visit) = &self.visit {
            of_visit(visit, &mut put);
        }
        members
    }

    /// As it was sent, unless something else has happened since.
    fn status(&self) -> (Status, Coding) {
        let has_bed = self.visit.as_ref().and_then(|visit| visit.place.as_ref());
        let has_bed = has_bed.is_some_and(|place| !place.bed.is_empty());
        let told = &self.told;
        let stands = self.visit.as_ref().map(|visit| visit.status);
        let is_as_told =
            told.status == Status::Unknown || told.status.stands(Class::of(&told.class, has_bed)) == stands;
        if is_as_told {
            return (told.status, told.class.clone());
        }
        let class = match stands {
            Some(VisitStatus::Admitted) => act("IMP", "inpatient encounter"),
            Some(VisitStatus::Attending) => act("AMB", "ambulatory"),
            Some(VisitStatus::Discharged | VisitStatus::OnLeave | VisitStatus::PreAdmitted) | None => {
                told.class.clone()
            }
        };
        (stands.map_or(Status::Cancelled, Status::of_visit), class)
    }
}

fn act(code: &str, display: &str) -> Coding {
    Coding {
        system: Some("http://terminology.hl7.org/CodeSystem/v3-ActCode".to_owned()),
        code: code.to_owned(),
        display: Some(display.to_owned()),
    }
}

fn of_visit(visit: &Visit, put: &mut impl FnMut(&str, Value)) {
    if let Some(consultant) = &visit.consultant {
        let attends = json!({
            "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
            "code": "ATND",
            "display": "attender",
        });
        put(
            "participant",
            json!([{ "type": [{ "coding": [attends] }], "individual": { "display": consultant.as_str() } }]),
        );
    }
    if let Some(specialty) = &visit.specialty {
        put("serviceType", json!({ "text": specialty }));
    }
    let mut period = Map::new();
    for (name, when) in [("start", visit.from), ("end", visit.until)] {
        if let Some(when) = when {
            period.insert(name.to_owned(), json!(date_time(when)));
        }
    }
    if !period.is_empty() {
        put("period", Value::Object(period));
    }
    if let Some(expected) = visit.expected_discharge {
        put(
            "extension",
            json!([{ "url": PLANNED_END, "valueDateTime": date_time(expected) }]),
        );
    }
    let Some(place) = &visit.place else {
        return;
    };
    let status = if visit.status == VisitStatus::Discharged {
        "completed"
    } else {
        "active"
    };
    let locations: Vec<Value> = [
        ("wa", "Ward", &place.ward),
        ("ro", "Room", &place.room),
        ("bd", "Bed", &place.bed),
    ]
    .into_iter()
    .filter(|(_, _, name)| !name.is_empty())
    .map(|(code, display, name)| {
        let kind = json!({
            "system": "http://terminology.hl7.org/CodeSystem/location-physical-type",
            "code": code,
            "display": display,
        });
        json!({ "location": { "display": name }, "status": status, "physicalType": { "coding": [kind] } })
    })
    .collect();
    if !locations.is_empty() {
        put("location", Value::Array(locations));
    }
    if !place.facility.is_empty() {
        put("serviceProvider", json!({ "display": place.facility }));
    }
}

/// What is aimed at.
pub const PROFILE: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Encounter";
