//! Walking through a resource: each element with its place in `FHIRPath`, and what is wrong gathered. Elements that nobody asks for
//! are not looked at; those that are asked for have to be what the standard says (<http://hl7.org/fhir/R4/json.html>).

use std::cell::RefCell;

use super::json::Json;
use super::outcome::{Issue, Refusal};

/// An element.
#[derive(Clone)]
pub struct Node<'a> {
    json: &'a Json,
    place: String,
}

/// What is wrong.
#[derive(Default)]
pub struct Issues {
    found: RefCell<Vec<Issue>>,
}

impl Issues {
    /// Adds what is wrong; of very much only the first.
    pub fn add(&self, issue: Issue) {
        let mut found = self.found.borrow_mut();
        if found.len() < MOST {
            found.push(issue);
        }
    }

    /// Gives what was read, if nothing is wrong with it.
    pub fn settle<T>(self, read: Option<T>) -> Result<T, Refusal> {
        let mut issues = self.found.into_inner();
        match read {
            Some(read) if issues.is_empty() => Ok(read),
            _ => {
                if issues.is_empty() {
                    issues.push(Issue::basic("structure", "The resource cannot be read.", ""));
                }
                Err(Refusal::of(issues))
            }
        }
    }
}

impl<'a> Node<'a> {
    /// The root of a resource.
    pub fn root(json: &'a Json, kind: &str) -> Self {
        Self {
            json,
            place: kind.to_owned(),
        }
    }

    /// An element that stands elsewhere, such as in `contained`.
    pub fn elsewhere(json: &'a Json, place: String) -> Self {
        Self { json, place }
    }

    /// Where it stands.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Where an element below it stands.
    pub fn place_of(&self, name: &str) -> String {
        format!("{}.{name}", self.place)
    }

    /// Whether there is something under a name.
    pub fn has(&self, name: &str) -> bool {
        self.json.member(name).is_some_and(|json| *json != Json::Null)
    }

    /// An element that is one object.
    pub fn object(&self, name: &str, issues: &Issues) -> Option<Self> {
        let json = self.json.member(name)?;
        let node = Self {
            json,
            place: self.place_of(name),
        };
        node.is_object(issues).then_some(node)
    }

    /// An element that is repeated objects.
    pub fn objects(&self, name: &str, issues: &Issues) -> Vec<Self> {
        let nodes = self.list(name, issues);
        nodes.into_iter().filter(|node| node.is_object(issues)).collect()
    }

    /// An element that is one text. Of an absent one, or one that has only an extension, nothing.
    pub fn text(&self, name: &str, issues: &Issues) -> Option<&'a str> {
        let json = self.json.member(name)?;
        text_of(json, || self.place_of(name), issues)
    }

    /// An element that is repeated texts.
    pub fn texts(&self, name: &str, issues: &Issues) -> Vec<&'a str> {
        let may_have_gaps = self.json.member(&format!("_{name}")).is_some();
        self.list(name, issues)
            .into_iter()
            .filter(|node| !(may_have_gaps && *node.json == Json::Null))
            .filter_map(|node| text_of(node.json, || node.place.clone(), issues))
            .collect()
    }

    /// An element that is `true` or `false`.
    pub fn flag(&self, name: &str, issues: &Issues) -> Option<bool> {
        match self.json.member(name)? {
            Json::Flag(flag) => Some(*flag),
            Json::Null | Json::List(_) | Json::Number(_) | Json::Object(_) | Json::Text(_) => {
                issues.add(Issue::basic(
                    "structure",
                    "This has to be true or false.",
                    self.place_of(name),
                ));
                None
            }
        }
    }

    /// An element of a closed list of codes: what the code means.
    pub fn code<T>(&self, name: &str, known: impl FnOnce(&str) -> Option<T>, issues: &Issues) -> Option<T> {
        let code = self.text(name, issues)?;
        let meaning = known(code);
        if meaning.is_none() {
            issues.add(Issue::basic(
                "code-invalid",
                "This is not a code that may stand here.",
                self.place_of(name),
            ));
        }
        meaning
    }

    /// Extensions with an address, of the element itself or, for a primitive one, of what stands beside it.
    pub fn extensions(&self, url: &str, issues: &Issues) -> Vec<Self> {
        self.objects("extension", issues)
            .into_iter()
            .filter(|extension| extension.json.member("url").and_then(Json::text) == Some(url))
            .collect()
    }

    /// What stands beside a primitive element.
    pub fn beside(&self, name: &str, issues: &Issues) -> Option<Self> {
        let json = self.json.member(&format!("_{name}"))?;
        let node = Self {
            json,
            place: self.place_of(name),
        };
        node.is_object(issues).then_some(node)
    }

    /// What changes the meaning of an element must not be passed over (FHIR R4 §2.6.3, modifier extensions).
    pub fn refuse_modifiers(&self, issues: &Issues) {
        for name in ["modifierExtension", "implicitRules"] {
            if self.has(name) {
                issues.add(Issue::rule(
                    "not-supported",
                    "This changes the meaning of what is sent, in a way that is not known here.",
                    self.place_of(name),
                ));
            }
        }
    }

    fn list(&self, name: &str, issues: &Issues) -> Vec<Self> {
        match self.json.member(name) {
            None => Vec::new(),
            Some(Json::List(values)) if !values.is_empty() => values
                .iter()
                .enumerate()
                .map(|(at, json)| Self {
                    json,
                    place: format!("{}.{name}[{at}]", self.place),
                })
                .collect(),
            Some(
                Json::Flag(_)
                | Json::List(_)
                | Json::Null
                | Json::Number(_)
                | Json::Object(_)
                | Json::Text(_),
            ) => {
                issues.add(Issue::basic(
                    "structure",
                    "This has to be an array with something in it.",
                    self.place_of(name),
                ));
                Vec::new()
            }
        }
    }

    fn is_object(&self, issues: &Issues) -> bool {
        let is_object = matches!(self.json, Json::Object(members) if !members.is_empty());
        if !is_object {
            issues.add(Issue::basic(
                "structure",
                "This has to be an object with something in it.",
                self.place.clone(),
            ));
        }
        is_object
    }
}

/// A text of FHIR is never empty and has no control characters (FHIR R4 §2.24.0.1, string).
fn text_of<'a>(json: &'a Json, place: impl FnOnce() -> String, issues: &Issues) -> Option<&'a str> {
    let Json::Text(text) = json else {
        issues.add(Issue::basic("structure", "This has to be a text.", place()));
        return None;
    };
    let is_sound = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    if text.trim().is_empty() || !text.chars().all(is_sound) {
        issues.add(Issue::basic(
            "value",
            "This has to be a text that is not empty, without control characters.",
            place(),
        ));
        return None;
    }
    Some(text.trim())
}

const MOST: usize = 20;
