//! A line of a file as what it says of a patient.

use std::collections::BTreeMap;

use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{
    Address, AddressKind, Contact, ContactKind, Died, Identifier, PatientNhsNumber, Place, VisitStatus,
};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use baton_core::time::At;

use super::cell;
use crate::patients::change::{Change, Details, Event, Subject, Update, VisitDetails, VisitEvent};

/// The columns of a file, in any order and each at most once; those that are not there, and cells that are empty, leave what is
/// known as it is. In a file of JSON `null` clears.
pub const COLUMNS: [(&str, &str); 36] = [
    ("assigner", "who gave the number, such as the hospital's code"),
    ("number", "the number that they gave the patient"),
    ("other_numbers", "more of them, ASSIGNER:NUMBER with ; between"),
    ("nhs_number", "ten digits; checked"),
    (
        "nhs_verified",
        "yes if it was traced (status indicator 01); no if not given",
    ),
    ("superseded_nhs_numbers", "with ; between"),
    ("family", "family name"),
    ("given", "given names"),
    ("title", "such as Mrs"),
    ("preferred", "what they like to be called"),
    ("born", "1945-07-14 or 14/07/1945, or 1945-07, or 1945"),
    ("died", "the same, or yes; no withdraws it"),
    ("gender", "female, male, not specified, not known"),
    ("restricted", "yes withholds address and phone numbers"),
    (
        "address",
        "the usual one, its lines with ; between, without the postcode",
    ),
    ("postcode", "of the usual address"),
    ("temporary_address", "the same of a temporary one"),
    ("temporary_postcode", "of the temporary address"),
    ("home_phone", ""),
    ("work_phone", ""),
    ("mobile_phone", ""),
    ("email", ""),
    ("gp_ods", "ODS code of the GP practice"),
    ("gp_name", "its name"),
    ("visit_number", "number of the visit"),
    ("visit_assigner", "who gave it; the patient's if not given"),
    ("visit", "admitted, attending, on leave, discharged, expected"),
    ("facility", "hospital, home or service"),
    ("ward", "ward, unit or team"),
    ("room", "room or bay"),
    ("bed", ""),
    ("consultant", "as they are named, such as Dr A Khan"),
    ("specialty", ""),
    ("from", "since when they are there: a day, or 2026-01-31T14:05"),
    ("until", "when they left"),
    ("expected_discharge", ""),
];

/// Why a line is refused. Holds nothing of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineRefusal {
    /// A date.
    #[error("{0}: not a date")]
    Date(&'static str),
    /// As many fields as the heading has columns are expected.
    #[error("another number of fields than the heading has")]
    Fields,
    /// It is not JSON.
    #[error("not a JSON object of texts, numbers, true and false")]
    Json,
    /// The NHS number.
    #[error("{0}: not a valid NHS number")]
    NhsNumber(&'static str),
    /// Nothing says which patient.
    #[error("neither number with assigner, nor NHS number with date of birth and family name")]
    NoNumber,
    /// It is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// One of `other_numbers`.
    #[error("other_numbers: ASSIGNER:NUMBER is expected")]
    Numbers,
    /// More than is kept of one patient.
    #[error("longer than what is kept of one patient")]
    TooLong,
    /// Not a word that this column takes.
    #[error("{0}: not one of its words")]
    Word(&'static str),
    /// A name that is no column.
    #[error("a name that is no column")]
    Column,
}

/// The cells of a line that say something: `None` clears.
#[derive(Default)]
pub struct Cells(BTreeMap<&'static str, Option<String>>);

impl Cells {
    pub(super) fn of_csv(heading: &[&'static str], record: &csv::StringRecord) -> Self {
        let cells = heading.iter().zip(record).filter(|(_, cell)| !cell.is_empty());
        Self(cells.map(|(name, cell)| (*name, Some(cell.to_owned()))).collect())
    }

    pub(super) fn of_json(line: &[u8]) -> Result<Self, LineRefusal> {
        let text = std::str::from_utf8(line).map_err(|_| LineRefusal::NotUtf8)?;
        let object: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|_| LineRefusal::Json)?;
        let cells = object.into_iter().map(|(name, value)| {
            let known = COLUMNS.iter().find(|(known, _)| *known == name);
            let (name, _) = known.ok_or(LineRefusal::Column)?;
            let cell = match value {
                serde_json::Value::Null => None,
                serde_json::Value::Bool(value) => Some(if value { "yes" } else { "no" }.to_owned()),
                serde_json::Value::Number(number) => Some(number.to_string()),
                serde_json::Value::String(text) => {
                    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
                }
                serde_json::Value::Array(_) | serde_json::Value::Object(_) => return Err(LineRefusal::Json),
            };
            Ok((*name, cell))
        });
        cells.collect::<Result<_, _>>().map(Self)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }

    fn update<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        refusal: LineRefusal,
    ) -> Result<Update<T>, LineRefusal> {
        match self.0.get(name) {
            None => Ok(Update::Keep),
            Some(None) => Ok(Update::Clear),
            Some(Some(text)) => read(text).map(Update::Set).ok_or(refusal),
        }
    }

    fn words(&self, name: &'static str) -> Result<Update<String>, LineRefusal> {
        self.update(name, |text| Some(text.to_owned()), LineRefusal::Word(name))
    }

    fn date<T>(
        &self,
        name: &'static str,
        wrap: impl FnOnce(baton_core::date::PartialDate) -> T,
    ) -> Result<Update<T>, LineRefusal> {
        self.update(name, |text| cell::date(text).map(wrap), LineRefusal::Date(name))
    }

    fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(name))
    }
}

/// What a line says.
pub(super) fn event(cells: &Cells, at: At) -> Result<Event, LineRefusal> {
    let subject = Subject {
        patient: None,
        details: details(cells)?,
    };
    if !has_number(&subject.details) {
        return Err(LineRefusal::NoNumber);
    }
    let visit = visit(cells, &subject.details)?;
    let change = match visit {
        Some((Some(event), visit)) => Change::Visit(subject, event, visit),
        Some((None, visit)) => Change::Tell(subject, Some(visit)),
        None => Change::Tell(subject, None),
    };
    Ok(Event { at, change })
}

fn has_number(details: &Details) -> bool {
    let is_whole =
        details.nhs.set().is_some() && details.born.set().is_some() && details.name.set().is_some();
    !details.identifiers.is_empty() || is_whole
}

fn details(cells: &Cells) -> Result<Details, LineRefusal> {
    let family = cells.text("family");
    let name = family.map(|family| {
        let text = |name| cells.text(name).unwrap_or_default().to_owned();
        Personal::new(Name {
            family: family.to_owned(),
            given: text("given"),
            title: text("title"),
        })
    });
    let verified = cells
        .update("nhs_verified", cell::yes, LineRefusal::Word("nhs_verified"))?
        .set()
        .is_some_and(|yes| *yes);
    let nhs = |text: &str| {
        let number = NhsNumber::parse(text).ok()?;
        Some(PatientNhsNumber {
            number,
            is_verified: verified,
        })
    };
    let superseded = cells.text("superseded_nhs_numbers").unwrap_or_default();
    let superseded = cell::parts(superseded)
        .map(|text| NhsNumber::parse(text).map_err(|_| LineRefusal::NhsNumber("superseded_nhs_numbers")))
        .collect::<Result<_, _>>()?;
    let gp = cells.text("gp_ods").map(|ods| Organisation {
        ods: ods.to_owned(),
        name: cells.text("gp_name").unwrap_or_default().to_owned(),
    });
    Ok(Details {
        identifiers: identifiers(cells)?,
        nhs: cells.update("nhs_number", nhs, LineRefusal::NhsNumber("nhs_number"))?,
        superseded,
        name: name.into(),
        preferred: personal(cells.words("preferred")?),
        born: cells.date("born", Personal::new)?,
        died: died(cells)?,
        gender: cells.update("gender", cell::gender, LineRefusal::Word("gender"))?,
        restricted: cells.update("restricted", cell::yes, LineRefusal::Word("restricted"))?,
        addresses: addresses(cells),
        contacts: contacts(cells),
        gp: gp.into(),
    })
}

fn identifiers(cells: &Cells) -> Result<Vec<Identifier>, LineRefusal> {
    let identifier = |assigner: &str, value: &str| Identifier {
        assigner: assigner.trim().to_owned(),
        value: Personal::new(value.trim().to_owned()),
    };
    let mut found = Vec::new();
    match (cells.text("assigner"), cells.text("number")) {
        (Some(assigner), Some(number)) => found.push(identifier(assigner, number)),
        (_, None) => {}
        (None, Some(_)) => return Err(LineRefusal::NoNumber),
    }
    for part in cell::parts(cells.text("other_numbers").unwrap_or_default()) {
        let (assigner, number) = part.split_once(':').ok_or(LineRefusal::Numbers)?;
        if assigner.trim().is_empty() || number.trim().is_empty() {
            return Err(LineRefusal::Numbers);
        }
        found.push(identifier(assigner, number));
    }
    Ok(found)
}

fn died(cells: &Cells) -> Result<Update<Died>, LineRefusal> {
    match cells.text("died").map(|text| (cell::yes(text), text)) {
        None => Ok(Update::Keep),
        Some((Some(true), _)) => Ok(Update::Set(Died::default())),
        Some((Some(false), _)) => Ok(Update::Clear),
        Some((None, text)) => {
            let at = cell::date(text).ok_or(LineRefusal::Date("died"))?;
            Ok(Update::Set(Died {
                at: Some(Personal::new(at)),
            }))
        }
    }
}

fn addresses(cells: &Cells) -> Update<Vec<Address>> {
    let kinds = [
        (AddressKind::Usual, "address", "postcode"),
        (AddressKind::Temporary, "temporary_address", "temporary_postcode"),
    ];
    if !cells.has(&["address", "postcode", "temporary_address", "temporary_postcode"]) {
        return Update::Keep;
    }
    let found = kinds.into_iter().filter_map(|(kind, lines, postcode)| {
        let lines: Vec<String> = cell::parts(cells.text(lines).unwrap_or_default())
            .map(str::to_owned)
            .collect();
        let postcode = cells.text(postcode).unwrap_or_default();
        (!lines.is_empty() || !postcode.is_empty()).then(|| Address {
            kind,
            lines: Personal::new(lines),
            postcode: postcode.into(),
        })
    });
    Update::Set(found.collect())
}

fn contacts(cells: &Cells) -> Update<Vec<Contact>> {
    let kinds = [
        (ContactKind::Home, "home_phone"),
        (ContactKind::Work, "work_phone"),
        (ContactKind::Mobile, "mobile_phone"),
        (ContactKind::Email, "email"),
    ];
    if !cells.has(&kinds.map(|(_, name)| name)) {
        return Update::Keep;
    }
    let found = kinds.into_iter().filter_map(|(kind, name)| {
        cells.text(name).map(|value| Contact {
            kind,
            value: value.into(),
        })
    });
    Update::Set(found.collect())
}

type Visited = (Option<VisitEvent>, VisitDetails);

fn visit(cells: &Cells, details: &Details) -> Result<Option<Visited>, LineRefusal> {
    let is_said = cells.has(&[
        "visit_number",
        "visit",
        "facility",
        "ward",
        "room",
        "bed",
        "consultant",
        "specialty",
        "from",
        "until",
        "expected_discharge",
    ]);
    if !is_said {
        return Ok(None);
    }
    let status = cells.update("visit", cell::visit, LineRefusal::Word("visit"))?;
    let event = status.set().map(|status| match status {
        VisitStatus::Admitted => VisitEvent::Admit,
        VisitStatus::Attending => VisitEvent::Attend,
        VisitStatus::Discharged => VisitEvent::Discharge,
        VisitStatus::OnLeave => VisitEvent::LeaveOut,
        VisitStatus::PreAdmitted => VisitEvent::PreAdmit,
    });
    let assigner = cells
        .text("visit_assigner")
        .or_else(|| details.identifiers.first().map(|first| first.assigner.as_str()));
    let number = cells.text("visit_number").map(|number| Identifier {
        assigner: assigner.unwrap_or_default().to_owned(),
        value: number.into(),
    });
    let place = cells.has(&["facility", "ward", "room", "bed"]).then(|| {
        let text = |name| cells.text(name).unwrap_or_default().to_owned();
        Place {
            facility: text("facility"),
            ward: text("ward"),
            room: text("room"),
            bed: text("bed"),
        }
    });
    let visit = VisitDetails {
        number,
        status: status.set().copied(),
        place: place.into(),
        consultant: personal(cells.words("consultant")?),
        specialty: cells.words("specialty")?,
        from: cells.date("from", |date| date)?,
        until: cells.date("until", |date| date)?,
        expected_discharge: cells.date("expected_discharge", |date| date)?,
    };
    Ok(Some((event, visit)))
}

fn personal(update: Update<String>) -> Update<Personal<String>> {
    match update {
        Update::Clear => Update::Clear,
        Update::Keep => Update::Keep,
        Update::Set(text) => Update::Set(Personal::new(text)),
    }
}
