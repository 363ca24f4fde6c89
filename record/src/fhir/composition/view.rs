//! What was handed over of a patient as a `Composition`: first how it went, then what stood under each heading.

use baton_core::date::LocalMoment;
use baton_core::id::{PatientId, UserId};
use baton_core::op::handover::{Priority, To};
use baton_core::person::Person;
use baton_core::state::handover::Decision;
use baton_core::state::handover::document::{Page, SectionPart};
use baton_core::state::{Mark, SpaceState};
use serde_json::{Value, json};

use super::Known;
use crate::fhir::clock::instant;
use crate::fhir::shown::Shown;
use crate::fhir::task::view::{person, recorded};
use crate::keys::KeyEncryption;
use crate::people::directory::Directory;

/// The resource.
pub fn resource(
    state: &SpaceState,
    known: &Known,
    patient: PatientId,
    directory: &Directory,
    keys: &KeyEncryption,
) -> Shown {
    let words = Words { state, directory };
    let offered = known.document.offered;
    let (status, decided) = match &known.part.decision {
        Some(Decision::Accepted(by)) => ("final", Some(*by)),
        // An offer that nobody accepted was never taken over.
        Some(Decision::Overtaken(by) | Decision::Refused { by, .. } | Decision::Withdrawn(by)) => {
            ("preliminary", Some(*by))
        }
        None => ("preliminary", None),
    };
    let at = recorded(decided.unwrap_or(offered));
    let page = known.part.accepted.as_ref().unwrap_or(&known.part.offered);
    let mut attesters = vec![words.attester(offered)];
    if status == "final" {
        attesters.extend(decided.map(|by| words.attester(by)));
    }
    let mut sections = vec![section("Handover", &words.how_it_went(known, page))];
    sections.extend(page.sections.iter().filter_map(|part| words.section(part)));
    let resource = json!({
        "resourceType": "Composition",
        "id": known.id.to_string(),
        "status": status,
        "type": { "text": "Clinical handover" },
        "subject": { "reference": format!("Patient/{patient}") },
        "date": instant(at),
        "author": [person(offered.stamp.by, directory)],
        "title": format!("Handover, {}", state.title.newest()),
        "attester": attesters,
        "section": sections,
    });
    Shown::new(resource, at, PROFILE, keys)
}

/// People and times in words.
struct Words<'a> {
    state: &'a SpaceState,
    directory: &'a Directory,
}

impl Words<'_> {
    fn attester(&self, by: Mark) -> Value {
        let party = person(by.stamp.by, self.directory);
        json!({ "mode": "professional", "time": instant(recorded(by)), "party": party })
    }

    fn name(&self, user: UserId) -> String {
        let known = self.directory.find(user).map(Person::spoken_name);
        known.unwrap_or_else(|| "somebody whom the directory does not have".to_owned())
    }

    /// Who, when.
    fn by(&self, by: Mark) -> String {
        let when = LocalMoment::in_uk(recorded(by)).shown();
        format!("{}, {when}", self.name(by.stamp.by))
    }

    /// One line for each thing that is to be known of it.
    fn how_it_went(&self, known: &Known, page: &Page) -> Vec<String> {
        let to = match known.document.to {
            To::Person(user) => self.name(user),
            To::Role(role) => {
                let title = self
                    .state
                    .roles
                    .find(role)
                    .map(|role| role.title.newest().to_owned());
                title.unwrap_or_default()
            }
        };
        let mut lines = vec![format!("Offered to {to} by {}.", self.by(known.document.offered))];
        lines.push(match &known.part.decision {
            Some(Decision::Accepted(by)) => format!("Accepted by {}.", self.by(*by)),
            Some(Decision::Overtaken(by)) => {
                format!(
                    "Not accepted: somebody else took the responsibility, {}.",
                    self.by(*by)
                )
            }
            Some(Decision::Refused { by, reason }) => {
                format!("Refused by {}: {}", self.by(*by), reason.as_str())
            }
            Some(Decision::Withdrawn(by)) => format!("Withdrawn by {}.", self.by(*by)),
            None => "Not accepted yet.".to_owned(),
        });
        if let Some(rated) = page.priority {
            let priority = match rated.priority {
                Priority::Stable => "Stable",
                Priority::Unstable => "Unstable",
                Priority::Watch => "To be watched",
            };
            lines.push(format!("{priority} ({}).", self.by(rated.by)));
        }
        if known.part.is_missing_notes {
            lines.push(
                "Who offered had written more, which did not arrive and is not part of this.".to_owned(),
            );
        }
        let said = known.part.questions.iter().flat_map(|question| {
            let asked = format!("Asked by {}: {}", self.by(question.asked), question.text.as_str());
            let answers = question.answers.iter();
            let answers =
                answers.map(|answer| format!("Answered by {}: {}", self.by(answer.by), answer.text.as_str()));
            std::iter::once(asked).chain(answers.collect::<Vec<_>>())
        });
        lines.extend(said);
        let read = known.part.read_backs.iter();
        lines.extend(read.map(|read| format!("Read back by {}: {}", self.by(read.by), read.text.as_str())));
        lines
    }

    /// What stood under a heading; nothing where it was empty and might be.
    fn section(&self, part: &SectionPart) -> Option<Value> {
        let title = part.title.as_str();
        if part.is_gap {
            let mut empty = section(title, &["Nothing was written here.".to_owned()]);
            let reason = json!({
                "system": "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                "code": "unavailable",
            });
            if let Some(members) = empty.as_object_mut() {
                members.insert("emptyReason".to_owned(), json!({ "coding": [reason] }));
            }
            return Some(empty);
        }
        let lines: Vec<String> = part
            .versions
            .iter()
            .flat_map(|version| {
                let by = Mark {
                    seq: version.seq,
                    stamp: version.stamp,
                };
                [version.text.as_str().to_owned(), format!("({})", self.by(by))]
            })
            .collect();
        (!lines.is_empty()).then(|| section(title, &lines))
    }
}

fn section(title: &str, lines: &[String]) -> Value {
    let mut div = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    for line in lines {
        div.push_str("<p>");
        escape(line, &mut div);
        div.push_str("</p>");
    }
    div.push_str("</div>");
    json!({ "title": title, "code": { "text": title }, "text": { "status": "generated", "div": div } })
}

/// As XHTML has it; what XML does not have at all is a replacement character.
fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '\n' => into.push_str("<br/>"),
            '\t' => into.push(' '),
            '\r' => {}
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                into.push(char::REPLACEMENT_CHARACTER);
            }
            letter => into.push(letter),
        }
    }
}

/// What is aimed at.
pub const PROFILE: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Composition";
