//! A task as a `Task`.

use baton_core::id::{PatientId, UserId};
use baton_core::op::message::Priority;
use baton_core::op::task::Assignee;
use baton_core::state::tasks::{Ending, Said};
use baton_core::state::{Mark, SpaceState, Task};
use baton_core::text::{TextField, TextVersion};
use baton_core::time::At;
use serde_json::{Map, Value, json};

use super::store::TaskId;
use crate::fhir::clock::instant;
use crate::fhir::shown::Shown;
use crate::keys::KeyEncryption;
use crate::people::directory::Directory;

/// How a task stands, in the words of FHIR.
pub fn status(state: &SpaceState, task: &Task) -> &'static str {
    match &task.closed {
        Some(closed) if closed.how == Ending::Completed => "completed",
        Some(_) => "cancelled",
        None if !task.is_accepted(&state.roles) => "requested",
        None if task.started.is_some() => "in-progress",
        None => "accepted",
    }
}

/// The resource of a task about this patient.
pub fn resource(
    state: &SpaceState,
    task: &Task,
    patient: Option<PatientId>,
    directory: &Directory,
    keys: &KeyEncryption,
) -> Shown {
    let members = members(state, task, patient, directory);
    Shown::new(Value::Object(members), changed(task), PROFILE, keys)
}

fn members(
    state: &SpaceState,
    task: &Task,
    patient: Option<PatientId>,
    directory: &Directory,
) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    let id = TaskId {
        space: state.space,
        task: task.id(),
    };
    put("resourceType", json!("Task"));
    put("id", json!(id.to_string()));
    put("status", json!(status(state, task)));
    put("intent", json!("order"));
    let priority = match task.priority {
        Priority::Routine => "routine",
        Priority::Urgent => "urgent",
    };
    put("priority", json!(priority));
    put("description", json!(task.title.newest()));
    if let Some(patient) = patient {
        put("for", json!({ "reference": format!("Patient/{patient}") }));
    }
    put("authoredOn", json!(instant(recorded(task.created))));
    put("lastModified", json!(instant(changed(task))));
    put("requester", person(task.created.stamp.by, directory));
    if let Some(owner) = owner(state, task, directory) {
        put("owner", owner);
    }
    if let Some(due) = task.due {
        put("restriction", json!({ "period": { "end": instant(due) } }));
    }
    if !task.place.newest().is_empty() {
        put("location", json!({ "display": task.place.newest() }));
    }
    if let Some(closed) = &task.closed {
        put(
            "executionPeriod",
            json!({ "end": instant(recorded(closed.said.by)) }),
        );
        if closed.how == Ending::Cancelled {
            put("statusReason", json!({ "text": closed.said.text.as_str() }));
        }
    }
    let notes = notes(task, directory);
    if !notes.is_empty() {
        put("note", Value::Array(notes));
    }
    members
}

/// Who has it: a person, or the role that it is for with whoever answers for that. Nobody, while it is for all.
fn owner(state: &SpaceState, task: &Task, directory: &Directory) -> Option<Value> {
    let who = task.who(&state.roles);
    let Assignee::Role(role) = task.hold.to else {
        return who.map(|user| person(user, directory));
    };
    let title = state.roles.find(role).map_or("", |role| role.title.newest());
    let Some(user) = who else {
        return Some(json!({ "type": "PractitionerRole", "display": format!("{title} (vacant)") }));
    };
    let mut owner = person(user, directory);
    if let Some(members) = owner.as_object_mut() {
        let name = directory.find(user).map(baton_core::person::Person::spoken_name);
        let display = name.map_or_else(|| title.to_owned(), |name| format!("{title}: {name}"));
        members.insert("display".to_owned(), json!(display));
    }
    Some(owner)
}

/// By their identifier, since people are no resources of this door.
pub fn person(user: UserId, directory: &Directory) -> Value {
    let identifier = json!({ "system": SYSTEM, "value": format!("urn:uuid:{}", user.uuid()) });
    let mut reference = json!({ "type": "Practitioner", "identifier": identifier });
    if let (Some(members), Some(person)) = (reference.as_object_mut(), directory.find(user)) {
        members.insert("display".to_owned(), json!(person.spoken_name()));
    }
    reference
}

/// Details, comments, and what was said when it was done, also a second time; in the order of the log.
fn notes(task: &Task, directory: &Directory) -> Vec<Value> {
    let note = |by: Mark, text: &str| json!({ "authorReference": person(by.stamp.by, directory), "time": instant(recorded(by)), "text": text });
    let details = task.details.current().iter();
    let details = details
        .filter(|version| !version.text.as_str().trim().is_empty())
        .map(|version| (version.seq, note(mark(version), version.text.as_str())));
    let done = task
        .closed
        .iter()
        .filter(|closed| closed.how == Ending::Completed);
    let said = task
        .comments
        .iter()
        .chain(&task.echoes)
        .chain(&task.declined)
        .chain(done.map(|closed| &closed.said));
    let said = said.filter(|said| !said.text.as_str().trim().is_empty());
    let said = said.map(|Said { by, text }| (by.seq, note(*by, text.as_str())));
    let mut notes: Vec<_> = details.chain(said).collect();
    notes.sort_by_key(|(seq, _)| *seq);
    notes.into_iter().map(|(_, note)| note).collect()
}

fn mark(version: &TextVersion) -> Mark {
    Mark {
        seq: version.seq,
        stamp: version.stamp,
    }
}

/// When something last happened to it that is shown.
fn changed(task: &Task) -> At {
    let closed = task.closed.iter().map(|closed| closed.said.by);
    let said = task.comments.iter().chain(&task.echoes).chain(&task.declined);
    let texts = [&task.title, &task.details, &task.place];
    let texts = texts.into_iter().flat_map(TextField::versions).map(mark);
    let all = [
        Some(task.created),
        Some(task.hold.by),
        task.accepted,
        task.started,
    ];
    let all = all
        .into_iter()
        .flatten()
        .chain(closed)
        .chain(said.map(|said| said.by))
        .chain(texts);
    all.map(recorded).max().unwrap_or_default()
}

/// When the record took it.
pub fn recorded(mark: Mark) -> At {
    mark.stamp.kept_at()
}

/// What identifies people here: their UUID.
pub const SYSTEM: &str = "urn:ietf:rfc:3986";

/// What is aimed at.
pub const PROFILE: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Task";
