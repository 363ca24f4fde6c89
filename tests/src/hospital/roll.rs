//! The people as lines of JSON that `baton-record patients import` reads, one each.

use baton_core::patient::Gender;
use serde::Serialize;

use super::patient::Patient;

/// A line.
#[derive(Debug, Serialize)]
struct Line<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    nhs_number: Option<String>,
    nhs_number_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded: Option<String>,
    identifiers: [Number<'p>; 1],
    family: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    given: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    born: Option<String>,
    gender: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    died: Option<String>,
    deceased: bool,
    restricted: bool,
    address: [&'p str; 5],
    postcode: &'p str,
    home: &'p str,
    work: &'p str,
    mobile: &'p str,
    email: &'p str,
    gp: &'static str,
}

#[derive(Debug, Serialize)]
struct Number<'p> {
    assigner: &'static str,
    value: &'p str,
}

/// Writes a patient as a line, without its end.
pub fn line(patient: &Patient) -> serde_json::Result<String> {
    let home = &patient.home;
    serde_json::to_string(&Line {
        nhs_number: patient.nhs.map(|number| number.digits()),
        nhs_number_status: patient.nhs_status.code(),
        superseded: patient.former_nhs.map(|number| number.digits()),
        identifiers: [Number {
            assigner: "RX1",
            value: &patient.hospital_number,
        }],
        family: &patient.family,
        given: patient.all_given(),
        title: patient.title,
        preferred: patient.preferred.as_deref(),
        born: patient.born.map(|born| born.to_string()),
        gender: match patient.gender {
            Gender::Female => "female",
            Gender::Male => "male",
            Gender::NotSpecified => "other",
            Gender::NotKnown => "unknown",
        },
        died: patient.died.flatten().map(|died| died.to_string()),
        deceased: patient.died.is_some(),
        restricted: patient.restricted,
        address: [
            &home.within,
            &home.street,
            &home.locality,
            &home.town,
            &home.county,
        ],
        postcode: &home.postcode,
        home: &patient.reached.home,
        work: &patient.reached.work,
        mobile: &patient.reached.mobile,
        email: &patient.reached.email,
        gp: patient.practice.map_or("", |practice| practice.ods),
    })
}
