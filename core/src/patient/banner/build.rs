//! How a banner is made of a patient.

use super::{
    AGE_AT_DEATH, BORN, Banner, DIED, GENDER, Item, Label, MicroBanner, NHS_NUMBER, Note, NoteKind,
    PREFERRED_NAME, Section, SectionKind,
};
use crate::date::{LocalMoment, NOT_KNOWN, PartialDate};
use crate::patient::identify::{assigner, spoken_digits, three_identifiers};
use crate::patient::{Address, AddressKind, ContactKind, Died, Patient, PatientNhsNumber};
use crate::secret::Personal;

/// What is said of an NHS number that was not traced.
pub(in crate::patient) const NOT_VERIFIED: &str = "Not verified";

const RESTRICTED: &str = "Restricted: address and phone numbers are withheld";

pub(super) fn banner(patient: &Patient, now: LocalMoment, survivor: Option<&Patient>) -> Banner {
    Banner {
        is_deceased: patient.died.is_some(),
        name: Personal::new(patient.shown_name()),
        preferred: preferred(patient),
        born: born(patient, now),
        death: patient.died.as_ref().map(|died| death(patient, died)),
        gender: gender(patient),
        nhs: nhs(patient),
        notes: notes(patient, survivor),
        sections: [
            address(patient),
            contact(patient),
            numbers(patient),
            practice(patient),
            allergies(),
        ],
    }
}

pub(super) fn micro_banner(patient: &Patient, now: LocalMoment, survivor: Option<&Patient>) -> MicroBanner {
    let mut more = vec![gender(patient)];
    more.extend(address(patient).items);
    MicroBanner {
        is_deceased: patient.died.is_some(),
        name: Personal::new(patient.shown_name()),
        preferred: preferred(patient),
        born: born(patient, now),
        death: patient.died.as_ref().map(|died| death(patient, died)),
        nhs: nhs(patient),
        notes: notes(patient, survivor),
        more,
    }
}

fn preferred(patient: &Patient) -> Option<Item> {
    patient.shown_preferred().map(|name| item(PREFERRED_NAME, name))
}

fn born(patient: &Patient, now: LocalMoment) -> Item {
    let Some(born) = patient.born.as_ref().map(|born| *born.expose()) else {
        return not_known(BORN);
    };
    let (mut shown, mut spoken) = (born.shown_day(), born.shown_long_day());
    if let Some(age) = patient.age(now) {
        shown = format!("{shown} ({})", age.shown());
        spoken = format!("{spoken}, {} old", age.spoken());
    }
    Item {
        spoken: Personal::new(spoken),
        ..item(BORN, shown)
    }
}

fn death(patient: &Patient, died: &Died) -> [Item; 2] {
    let at: Option<PartialDate> = died.at.as_ref().map(|at| *at.expose());
    let when = at.map_or_else(
        || not_known(DIED),
        |at| Item {
            spoken: Personal::new(at.shown_long_day()),
            ..item(DIED, at.shown_day())
        },
    );
    let age = patient.age_at_death().map_or_else(
        || not_known(AGE_AT_DEATH),
        |age| Item {
            spoken: Personal::new(age.spoken()),
            ..item(AGE_AT_DEATH, age.shown())
        },
    );
    [when, age]
}

fn gender(patient: &Patient) -> Item {
    match patient.gender {
        crate::patient::Gender::NotKnown => not_known(GENDER),
        crate::patient::Gender::Female
        | crate::patient::Gender::Male
        | crate::patient::Gender::NotSpecified => item(GENDER, patient.gender.shown().to_owned()),
    }
}

fn nhs(patient: &Patient) -> Item {
    let Some(PatientNhsNumber { number, is_verified }) = patient.nhs else {
        return not_known(NHS_NUMBER);
    };
    Item {
        spoken: Personal::new(spoken_digits(&number.shown())),
        status: (!is_verified).then_some(NOT_VERIFIED),
        ..item(NHS_NUMBER, number.shown())
    }
}

fn notes(patient: &Patient, survivor: Option<&Patient>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |kind, text: String| {
        notes.push(Note {
            kind,
            text: Personal::new(text),
        });
    };
    if let Some(into) = patient.merged_into {
        let survivor = survivor.filter(|survivor| survivor.id == into);
        let into = survivor.map_or_else(|| "the record of another patient".to_owned(), three_identifiers);
        say(
            NoteKind::Merged,
            format!("Merged into {into}: they are the same person"),
        );
    }
    if patient.restricted {
        say(NoteKind::Restricted, RESTRICTED.to_owned());
    }
    if !patient.superseded.is_empty() {
        say(
            NoteKind::Superseded,
            "An earlier NHS number of this patient must no longer be used".to_owned(),
        );
    }
    notes
}

fn address(patient: &Patient) -> Section {
    let addresses = if patient.restricted {
        &[]
    } else {
        patient.addresses.as_slice()
    };
    let mut section = section(SectionKind::Address, "Address");
    section.items = addresses
        .iter()
        .map(|address| {
            let label = match address.kind {
                AddressKind::Temporary => "Temporary address",
                AddressKind::Usual => "Usual address",
            };
            item_or_not_known(label, &whole(address))
        })
        .collect();
    if section.items.is_empty() && !patient.restricted {
        section.items.push(not_known("Usual address"));
    }
    finish(section, patient.restricted)
}

fn contact(patient: &Patient) -> Section {
    let mut section = section(SectionKind::Contact, "Phone and email");
    let order = [
        (ContactKind::Home, "Home"),
        (ContactKind::Work, "Work"),
        (ContactKind::Mobile, "Mobile"),
        (ContactKind::Email, "Email"),
    ];
    for (kind, label) in order {
        let of_kind = patient.contacts.iter().filter(|contact| contact.kind == kind);
        let values = of_kind.map(|contact| contact.value.as_str().trim());
        let known = values.filter(|value| !value.is_empty() && !patient.restricted);
        section
            .items
            .extend(known.map(|value| item(label, value.to_owned())));
    }
    finish(section, patient.restricted)
}

fn numbers(patient: &Patient) -> Section {
    let mut section = section(SectionKind::Numbers, "Other numbers");
    section.items = patient
        .identifiers
        .iter()
        .map(|identifier| Item {
            label: Label::Assigner(assigner(identifier).to_owned()),
            ..item("", identifier.value.as_str().trim().to_owned())
        })
        .collect();
    let superseded = patient.superseded.iter().map(|number| Item {
        spoken: Personal::new(spoken_digits(&number.shown())),
        status: Some("Superseded: do not use"),
        ..item("Earlier NHS No.", number.shown())
    });
    section.items.extend(superseded);
    finish(section, false)
}

fn practice(patient: &Patient) -> Section {
    let mut section = section(SectionKind::Practice, "GP practice");
    let gp = patient.gp.as_ref().filter(|_| !patient.restricted);
    if let Some(gp) = gp {
        section.items = vec![
            item_or_not_known("Practice", &gp.name),
            item_or_not_known("Practice code", &gp.ods),
        ];
    }
    finish(section, patient.restricted)
}

/// Baton cannot show allergies, which is what *Allergies unavailable* is for; any other title would say that somebody looked
/// (PAB-0064 and its rationale, 2.9.3).
fn allergies() -> Section {
    Section {
        text: Some("Baton does not hold allergies. Look in the patient's record."),
        ..section(SectionKind::Allergies, "Allergies unavailable")
    }
}

fn section(kind: SectionKind, label: &'static str) -> Section {
    Section {
        kind,
        label,
        summary: Personal::default(),
        items: Vec::new(),
        text: None,
    }
}

fn finish(mut section: Section, is_withheld: bool) -> Section {
    if is_withheld {
        section.summary = Personal::from("Restricted");
        section.text = Some(RESTRICTED);
    } else {
        let first = section.items.first().map(|item| item.value.clone());
        section.summary = first.unwrap_or_else(|| Personal::from(NOT_KNOWN));
    }
    section
}

fn whole(address: &Address) -> String {
    let lines = address.lines.expose().iter().map(|line| line.trim());
    let parts: Vec<&str> = lines
        .chain([address.postcode.as_str().trim()])
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

fn item(label: &'static str, value: String) -> Item {
    Item {
        label: Label::Words(label),
        spoken: Personal::new(value.clone()),
        value: Personal::new(value),
        status: None,
        is_known: true,
    }
}

fn item_or_not_known(label: &'static str, value: &str) -> Item {
    match value.trim() {
        "" => not_known(label),
        known => item(label, known.to_owned()),
    }
}

fn not_known(label: &'static str) -> Item {
    Item {
        is_known: false,
        ..item(label, NOT_KNOWN.to_owned())
    }
}
