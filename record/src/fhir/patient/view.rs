//! A patient of the index as a `Patient`. What is withheld of a restricted patient is not there, and the resource says that
//! it is not whole (`SUBSETTED`).

use baton_core::date::PartialDate;
use baton_core::id::PatientId;
use baton_core::patient::{Address, AddressKind, Contact, ContactKind, Gender, Patient};
use serde_json::{Map, Value, json};

use super::read::{BIRTH_TIME, CONFIDENTIALITY};
use crate::fhir::clock::{date_time, instant};
use crate::fhir::datatype::{NHS_NUMBER, ODS, nhs_value, own_value};
use crate::fhir::systems::Systems;
use crate::keys::KeyEncryption;
use crate::patients::history::Held;
use crate::patients::whole::Whole;

/// The version of a patient. Of one of whom something is withheld it moves with that too, which the index' own version
/// does not.
pub fn version(keys: &KeyEncryption, held: &Held) -> String {
    let version = held.shown.version;
    if !held.shown.restricted {
        return version.to_string();
    }
    let facts = &held.history.facts;
    let withheld = baton_core::cbor::to_bytes(&(&facts.addresses, &facts.contacts, &facts.gp));
    let digest = keys.derive_patient("fhir version", &[&hex(&withheld)]);
    format!("{version}-{}", hex(digest.first_chunk::<6>().unwrap_or(&[0; 6])))
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The resource.
pub fn view(systems: &Systems, keys: &KeyEncryption, whole: &Whole) -> Value {
    let patient = &whole.held.shown;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put("resourceType", json!("Patient"));
    put("id", json!(patient.id.to_string()));
    put("meta", meta(keys, whole));
    put(
        "active",
        json!(!whole.held.history.removed.value && patient.merged_into.is_none()),
    );
    let lists = [
        ("identifier", identifiers(systems, patient)),
        ("name", names(patient)),
        ("link", links(whole)),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            put(name, Value::Array(list));
        }
    }
    put("gender", json!(gender(patient.gender)));
    if let Some(born) = &patient.born {
        let born = *born.expose();
        put(
            "birthDate",
            json!(born.day().map_or(born, PartialDate::Day).to_string()),
        );
        if matches!(born, PartialDate::Minute(..)) {
            put(
                "_birthDate",
                json!({ "extension": [{ "url": BIRTH_TIME, "valueDateTime": date_time(born) }] }),
            );
        }
    }
    match patient.died.as_ref().map(|died| &died.at) {
        Some(Some(at)) => put("deceasedDateTime", json!(date_time(*at.expose()))),
        Some(None) => put("deceasedBoolean", json!(true)),
        None => {}
    }
    if !patient.restricted {
        reach(patient, &mut put);
    }
    Value::Object(members)
}

fn reach(patient: &Patient, put: &mut impl FnMut(&str, Value)) {
    if !patient.addresses.is_empty() {
        put("address", patient.addresses.iter().map(address).collect());
    }
    if !patient.contacts.is_empty() {
        put("telecom", patient.contacts.iter().map(telecom).collect());
    }
    if let Some(gp) = &patient.gp {
        let mut practice = json!({ "identifier": { "system": ODS, "value": gp.ods } });
        if let Some(members) = practice.as_object_mut().filter(|_| !gp.name.is_empty()) {
            members.insert("display".to_owned(), json!(gp.name));
        }
        put("generalPractitioner", json!([practice]));
    }
}

fn meta(keys: &KeyEncryption, whole: &Whole) -> Value {
    let mut meta = json!({
        "versionId": version(keys, &whole.held),
        "lastUpdated": instant(whole.updated_at),
        "profile": [PROFILE],
    });
    if let Some(members) = meta.as_object_mut().filter(|_| whole.held.shown.restricted) {
        members.insert(
            "security".to_owned(),
            json!([{ "system": CONFIDENTIALITY, "code": "R", "display": "restricted" }]),
        );
        members.insert(
            "tag".to_owned(),
            json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED" }]),
        );
    }
    meta
}

fn identifiers(systems: &Systems, patient: &Patient) -> Vec<Value> {
    let current = patient.nhs.map(nhs_value);
    let superseded = patient
        .superseded
        .iter()
        .map(|number| json!({ "use": "old", "system": NHS_NUMBER, "value": number.digits() }));
    let own = patient
        .identifiers
        .iter()
        .map(|number| own_value(systems, number));
    current.into_iter().chain(superseded).chain(own).collect()
}

fn names(patient: &Patient) -> Vec<Value> {
    let name = patient.name.expose();
    let mut official = Map::new();
    if !name.family.is_empty() {
        official.insert("family".to_owned(), json!(name.family));
    }
    for (member, words) in [("given", &name.given), ("prefix", &name.title)] {
        let words: Vec<&str> = words.split_whitespace().collect();
        if !words.is_empty() {
            official.insert(member.to_owned(), json!(words));
        }
    }
    let mut names = Vec::new();
    if !official.is_empty() {
        official.insert("use".to_owned(), json!("official"));
        names.push(Value::Object(official));
    }
    if let Some(preferred) = &patient.preferred {
        names.push(json!({ "use": "nickname", "given": [preferred.as_str()] }));
    }
    names
}

const fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
        Gender::NotSpecified => "other",
        Gender::NotKnown => "unknown",
    }
}

fn address(address: &Address) -> Value {
    let mut value = json!({
        "use": match address.kind {
            AddressKind::Temporary => "temp",
            AddressKind::Usual => "home",
        },
    });
    if let Some(members) = value.as_object_mut() {
        if !address.lines.expose().is_empty() {
            members.insert("line".to_owned(), json!(address.lines.expose()));
        }
        if !address.postcode.as_str().is_empty() {
            members.insert("postalCode".to_owned(), json!(address.postcode.as_str()));
        }
    }
    value
}

fn telecom(contact: &Contact) -> Value {
    let value = contact.value.as_str();
    let usage = match contact.kind {
        ContactKind::Email => return json!({ "system": "email", "value": value }),
        ContactKind::Home => "home",
        ContactKind::Mobile => "mobile",
        ContactKind::Work => "work",
    };
    json!({ "system": "phone", "use": usage, "value": value })
}

fn links(whole: &Whole) -> Vec<Value> {
    let link = |other: PatientId, kind: &str| json!({ "other": { "reference": format!("Patient/{other}") }, "type": kind });
    let merged = whole.held.shown.merged_into;
    let linked = whole.held.history.links.iter().filter(|(_, link)| link.value);
    merged
        .map(|into| link(into, "replaced-by"))
        .into_iter()
        .chain(whole.took_in.iter().map(|away| link(*away, "replaces")))
        .chain(linked.map(|(other, _)| link(*other, "seealso")))
        .collect()
}

/// What is aimed at.
pub const PROFILE: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient";
