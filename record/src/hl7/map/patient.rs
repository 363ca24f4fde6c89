//! What is said of a patient (PID, PD1) and of whom is merged away (MRG).

use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{
    Address, AddressKind, Contact, ContactKind, Died, Gender, Identifier, PatientNhsNumber,
};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use baton_hl7::adt::{self, Assigner, Medium, NameKind, NhsNumberStatus, Sex};
use baton_hl7::{Condition, Fault, Location, Said};

use super::super::clock;
use super::Mapping;
use crate::patients::change::{Details, Update};

impl Mapping<'_> {
    pub(super) fn details(&mut self, patient: &adt::Patient) -> Details {
        let is_verified = patient
            .nhs_number_status
            .value()
            .is_some_and(|status| *status.expose() == NhsNumberStatus::Verified);
        // Table 0445: the birth, or the address, is not known or a default, such as 1 January 1901.
        let is_default = |code: &str| {
            let codes = patient.reliability.value();
            codes.is_some_and(|codes| codes.iter().any(|known| known == code))
        };
        Details {
            name: usual_name(&patient.names),
            preferred: preferred(patient),
            born: if is_default("UD") {
                Update::Keep
            } else {
                said(&patient.birth, |birth| {
                    clock::born(birth.expose()).map(Personal::new)
                })
            },
            died: self.died(&patient.death),
            gender: self.gender(&patient.sex),
            restricted: said(&patient.restricted, |restricted| Some(*restricted.expose())),
            addresses: if is_default("UA") {
                Update::Keep
            } else {
                said(&patient.addresses, |addresses| addresses_of(addresses))
            },
            contacts: contacts(patient),
            gp: said(&patient.practice, practice),
            ..self.numbers(&patient.identifiers, is_verified)
        }
    }

    /// The NHS number, if its check digit is right, and numbers of services. Numbers of accounts and visits are no patient's;
    /// neither is one of a kind of its own (a driving licence, a passport) that does not say who gave it, nor PID-19.
    pub(super) fn numbers(&mut self, identifiers: &[adt::Identifier], is_verified: bool) -> Details {
        let mut details = Details::default();
        for identifier in identifiers {
            if identifier.is_nhs_number() {
                self.nhs_number(&mut details, identifier, is_verified);
            } else if let Some(known) = self.service_number(identifier)
                && !details.identifiers.contains(&known)
            {
                details.identifiers.push(known);
            }
        }
        details
    }

    fn nhs_number(&mut self, details: &mut Details, identifier: &adt::Identifier, is_verified: bool) {
        let source = identifier.source;
        let place = Location::field(source.segment, source.field);
        match NhsNumber::parse(identifier.compact().as_str()) {
            Err(_) => {
                self.wrong_nhs += 1;
                self.notes.push(Fault {
                    condition: Condition::DataType,
                    location: Some(place),
                    message: "Not an NHS number: its check digit is wrong. Not taken",
                });
            }
            Ok(number) => match details.nhs.set().map(|known| known.number) {
                Some(known) if known == number => {}
                Some(_) => self.notes.push(Fault {
                    condition: Condition::DuplicateKeyIdentifier,
                    location: Some(place),
                    message: "More than one NHS number: the first is taken",
                }),
                None => {
                    details.nhs = Update::Set(PatientNhsNumber { number, is_verified });
                }
            },
        }
    }

    fn service_number(&self, identifier: &adt::Identifier) -> Option<Identifier> {
        let kind = identifier.kind.as_deref();
        let is_of_patients = !matches!(kind, Some("AN" | "ANON" | "ANC" | "ANT" | "VN" | "SS"));
        let is_of_sender = matches!(kind, None | Some("MR" | "PI" | "PT" | "PN"));
        // Who has number 1 of PID-2 need not be who has number 1 of PID-3.
        let assigner = match (&identifier.assigner, identifier.source.field) {
            (Some(assigner), _) => name_of(assigner),
            (None, 19) => return None,
            (None, field) if is_of_sender => match (identifier.source.segment, field) {
                ("PID", 2) | ("MRG", 4) => format!("{} PID-2", self.sender),
                ("PID", 4) | ("MRG", 2) => format!("{} PID-4", self.sender),
                _ => self.sender.clone(),
            },
            (None, _) => return None,
        };
        is_of_patients.then(|| Identifier {
            assigner,
            value: Personal::new(identifier.value.as_str().to_owned()),
        })
    }

    /// The number of a visit or an account.
    pub(super) fn number(&self, identifier: &adt::Identifier) -> Identifier {
        let assigner = identifier.assigner.as_ref();
        Identifier {
            assigner: assigner.map_or_else(|| self.sender.clone(), name_of),
            value: Personal::new(identifier.value.as_str().to_owned()),
        }
    }

    fn died(&self, death: &adt::Death) -> Update<Died> {
        match death.has_died() {
            Said::Absent => Update::Keep,
            Said::Deleted | Said::Value(false) => Update::Clear,
            Said::Value(true) => {
                let at = death.at.value().and_then(|at| self.clock.local(at.expose()));
                Update::Set(Died {
                    at: at.map(Personal::new),
                })
            }
        }
    }

    /// Table 0001, and the codes of the NHS Data Dictionary (person stated gender) that sites send in its place.
    fn gender(&mut self, sex: &Said<baton_hl7::Personal<Sex>>) -> Update<Gender> {
        let gender = said(sex, |sex| match sex.expose() {
            Sex::Female => Some(Gender::Female),
            Sex::Male => Some(Gender::Male),
            Sex::Ambiguous | Sex::Other => Some(Gender::NotSpecified),
            Sex::NotApplicable | Sex::Unknown => Some(Gender::NotKnown),
            Sex::Local(code) => match code.as_str() {
                "1" => Some(Gender::Male),
                "2" => Some(Gender::Female),
                "9" => Some(Gender::NotSpecified),
                "0" | "X" => Some(Gender::NotKnown),
                _ => None,
            },
        });
        if gender.is_keep() && !sex.is_absent() {
            let place = Location::field("PID", 8);
            self.notes.push(Fault::at(Condition::TableValueNotFound, place));
        }
        gender
    }
}

/// The legal name; where none is said to be, the one that is to be shown, else the first.
pub(super) fn usual_name(names: &Said<Vec<adt::Name>>) -> Update<Personal<Name>> {
    said(names, |names| {
        let of = |kind: NameKind| names.iter().find(|name| name.kind == kind);
        let usual = of(NameKind::Legal)
            .or_else(|| of(NameKind::Unstated))
            .or_else(|| of(NameKind::Display))
            .or_else(|| names.first());
        usual.map(|name| Personal::new(name_parts(name)))
    })
}

/// What a field says; a value of which nothing can be made says nothing.
pub(super) fn said<T, U>(field: &Said<T>, value: impl FnOnce(&T) -> Option<U>) -> Update<U> {
    match field {
        Said::Absent => Update::Keep,
        Said::Deleted => Update::Clear,
        Said::Value(said) => value(said).into(),
    }
}

/// An assigning authority by the name that sites agree on, else by its OID.
pub(super) fn name_of(assigner: &Assigner) -> String {
    let named = assigner.namespace.as_deref().or(assigner.universal.as_deref());
    named.unwrap_or_default().to_owned()
}

fn words(parts: &[Option<&baton_hl7::Personal<String>>]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .flatten()
        .map(|part| part.as_str())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

fn name_parts(name: &adt::Name) -> Name {
    Name {
        family: words(&[name.family.as_ref(), name.suffix.as_ref()]),
        given: words(&[name.given.as_ref(), name.further.as_ref()]),
        title: words(&[name.prefix.as_ref()]),
    }
}

/// Where names are said they are all names: without one that is preferred there is none.
fn preferred(patient: &adt::Patient) -> Update<Personal<String>> {
    match (&patient.names, patient.preferred_name()) {
        (Said::Absent, _) => Update::Keep,
        (Said::Deleted | Said::Value(_), None) => Update::Clear,
        (Said::Deleted | Said::Value(_), Some(name)) => {
            let given = words(&[name.given.as_ref()]);
            let called = if given.is_empty() {
                words(&[name.family.as_ref()])
            } else {
                given
            };
            Update::Set(Personal::new(called))
        }
    }
}

/// Table 0190: where somebody lives, for good or for a time. Not where they work, were born, or cannot be reached.
fn addresses_of(addresses: &[adt::Address]) -> Option<Vec<Address>> {
    let mut found: Vec<Address> = addresses
        .iter()
        .filter_map(|address| {
            let kind = match address.kind.as_deref() {
                None | Some("H" | "P" | "L" | "M") => AddressKind::Usual,
                Some("C" | "V" | "RH") => AddressKind::Temporary,
                Some(_) => return None,
            };
            let country = address
                .country
                .as_ref()
                .filter(|country| !is_here(country.as_str()));
            let lines = address.lines.iter().map(Some).chain([
                address.city.as_ref(),
                address.county.as_ref(),
                country,
            ]);
            Some(Address {
                kind,
                lines: Personal::new(lines.flatten().map(|line| line.as_str().to_owned()).collect()),
                postcode: Personal::new(words(&[address.postcode.as_ref()])),
            })
        })
        .collect();
    found.sort_by_key(|address| address.kind == AddressKind::Temporary);
    (!found.is_empty()).then_some(found)
}

fn is_here(country: &str) -> bool {
    matches!(
        country.to_ascii_uppercase().as_str(),
        "GB" | "GBR" | "UK" | "ENG" | "UNITED KINGDOM" | "ENGLAND"
    )
}

/// PID-13, PID-14 and PID-40 together: the index has one list of all.
fn contacts(patient: &adt::Patient) -> Update<Vec<Contact>> {
    let fields = [
        (&patient.home_telecoms, ContactKind::Home),
        (&patient.work_telecoms, ContactKind::Work),
        (&patient.telecoms, ContactKind::Home),
    ];
    let mut found: Vec<Contact> = Vec::new();
    for (field, usual) in fields {
        for telecom in field.value().into_iter().flatten() {
            let contact = contact(telecom, usual);
            if let Some(contact) = contact.filter(|contact| !found.contains(contact)) {
                found.push(contact);
            }
        }
    }
    if !found.is_empty() {
        return Update::Set(found);
    }
    let is_deleted = fields.iter().any(|(field, _)| matches!(field, Said::Deleted));
    if is_deleted { Update::Clear } else { Update::Keep }
}

fn contact(telecom: &adt::Telecom, usual: ContactKind) -> Option<Contact> {
    let kind = match (telecom.medium, telecom.usage.as_deref()) {
        (Medium::Email, _) => ContactKind::Email,
        (Medium::Mobile, _) | (Medium::Phone, Some("PRS")) => ContactKind::Mobile,
        (Medium::Phone | Medium::TextPhone, Some("WPN")) => ContactKind::Work,
        (Medium::Phone | Medium::TextPhone, _) => usual,
        (Medium::Fax | Medium::Pager, _) => return None,
    };
    Some(Contact {
        kind,
        value: Personal::new(telecom.value.as_str().to_owned()),
    })
}

/// Without its code it would be on no list, or on a wrong one.
fn practice(practice: &adt::Organisation) -> Option<Organisation> {
    let code = practice.code.as_ref()?;
    Some(Organisation {
        ods: code.as_str().to_owned(),
        name: words(&[practice.name.as_ref()]),
    })
}
