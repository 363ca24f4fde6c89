//! The people as lines of JSON that `baton-record patients import` reads, one each: its columns, without those that say nothing.

use baton_core::date::PartialDate;
use baton_core::patient::Gender;
use serde::Serialize;

use super::patient::{NhsStatus, Patient};

/// A line. An empty text would say that something is not so any more; what is not known is left out.
#[derive(Debug, Serialize)]
struct Line<'p> {
    assigner: &'static str,
    number: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nhs_number: Option<String>,
    nhs_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_nhs_numbers: Option<String>,
    family: &'p str,
    #[serde(skip_serializing_if = "String::is_empty")]
    given: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    born: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    died: Option<String>,
    gender: &'static str,
    restricted: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    address: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    postcode: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    home_phone: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    work_phone: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    mobile_phone: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    gp_ods: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    gp_name: &'static str,
}

/// Writes a patient as a line, without its end.
pub fn line(patient: &Patient) -> serde_json::Result<String> {
    let died = |at: Option<PartialDate>| at.map_or_else(|| "yes".to_owned(), |at| at.to_string());
    let home = &patient.home;
    let lines = [
        &home.within,
        &home.street,
        &home.locality,
        &home.town,
        &home.county,
    ];
    let lines: Vec<&str> = lines
        .into_iter()
        .map(String::as_str)
        .filter(|line| !line.is_empty())
        .collect();
    serde_json::to_string(&Line {
        assigner: "RX1",
        number: &patient.hospital_number,
        nhs_number: patient.nhs.map(|number| number.digits()),
        nhs_verified: patient.nhs_status == NhsStatus::Verified,
        superseded_nhs_numbers: patient.former_nhs.map(|number| number.digits()),
        family: &patient.family,
        given: patient.all_given(),
        title: patient.title,
        preferred: patient.preferred.as_deref(),
        born: patient.born.map(|born| born.to_string()),
        died: patient.died.map(died),
        gender: match patient.gender {
            Gender::Female => "female",
            Gender::Male => "male",
            Gender::NotSpecified => "not specified",
            Gender::NotKnown => "not known",
        },
        restricted: patient.restricted,
        address: lines.join("; "),
        postcode: &home.postcode,
        home_phone: &patient.reached.home,
        work_phone: &patient.reached.work,
        mobile_phone: &patient.reached.mobile,
        email: &patient.reached.email,
        gp_ods: patient.practice.map_or("", |practice| practice.ods),
        gp_name: patient.practice.map_or("", |practice| practice.name),
    })
}
