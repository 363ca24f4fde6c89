//! What is answered.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::act::{Done, Door};
use super::clock::http_date;
use super::outcome::{Issue, Refusal, outcome};
use super::request::{Kind, Return, tag_of};
use crate::config::Letters;

/// A resource.
pub fn resource(status: StatusCode, body: &Value) -> Response {
    respond(status, Some(body))
}

/// A refusal.
pub fn refused(refusal: &Refusal) -> Response {
    let mut response = respond(refusal.status, Some(&refusal.outcome()));
    let headers = response.headers_mut();
    let code = refusal.issues.first().map_or("", |issue| issue.code);
    match refusal.status {
        StatusCode::UNAUTHORIZED if code == "login" => put(headers, header::WWW_AUTHENTICATE, "Bearer"),
        StatusCode::UNAUTHORIZED => put(
            headers,
            header::WWW_AUTHENTICATE,
            "Bearer error=\"invalid_token\"",
        ),
        StatusCode::FORBIDDEN => put(
            headers,
            header::WWW_AUTHENTICATE,
            "Bearer error=\"insufficient_scope\"",
        ),
        StatusCode::SERVICE_UNAVAILABLE => put(headers, header::RETRY_AFTER, "1"),
        StatusCode::METHOD_NOT_ALLOWED => put(headers, header::ALLOW, "GET, HEAD, POST, PUT"),
        _ => {}
    }
    response
}

/// What was done.
pub fn done(door: &Door<'_>, if_none_match: Option<&str>, wanted: Return, done: &Done) -> Response {
    let is_known = |version: &str| {
        let tags = if_none_match.unwrap_or_default().split(',');
        !done.is_write && tags.filter_map(tag_of).any(|tag| tag == version)
    };
    let body = body(door, wanted, done);
    let mut response = match &done.resource {
        Some((_, _, version)) if is_known(version) => respond(StatusCode::NOT_MODIFIED, None),
        Some(_) | None => respond(done.status, body.as_ref()),
    };
    let headers = response.headers_mut();
    if let Some((_, _, version)) = &done.resource {
        put(headers, header::ETAG, &format!("W/\"{version}\""));
    }
    if let Some(location) = location(door, done).filter(|_| done.is_write) {
        put(headers, header::LOCATION, &location);
    }
    if let Some(modified) = done.modified {
        put(headers, header::LAST_MODIFIED, &http_date(modified));
    }
    response
}

/// The address of what was written, in its version.
pub fn location(door: &Door<'_>, done: &Done) -> Option<String> {
    let (kind, id, version) = done.resource.as_ref()?;
    let base = &door.config.base;
    Some(format!("{base}/{}/{id}/_history/{version}", kind.name()))
}

/// What comes back of it: of what was written only what its sender may read.
pub fn body(door: &Door<'_>, wanted: Return, done: &Done) -> Option<Value> {
    if !done.is_write {
        return Some(done.body.clone());
    }
    let kind = done.resource.as_ref().map(|(kind, ..)| *kind);
    let may_read = |kind: Kind| door.caller.may(kind, |letters: &Letters| letters.read);
    match wanted {
        Return::Minimal => None,
        Return::Outcome => Some(outcome(&[Issue {
            severity: "information",
            ..Issue::basic("informational", "All of it was taken.", "")
        }])),
        Return::Representation => kind.is_some_and(may_read).then(|| done.body.clone()),
    }
}

/// What was done, as an entry of a bundle.
pub fn entry(door: &Door<'_>, wanted: Return, done: &Done) -> Value {
    let mut response = json!({ "status": status_line(done.status) });
    if let Some(members) = response.as_object_mut() {
        if let Some((_, _, version)) = &done.resource {
            members.insert("etag".to_owned(), json!(format!("W/\"{version}\"")));
        }
        if let Some(location) = location(door, done).filter(|_| done.is_write) {
            members.insert("location".to_owned(), json!(location));
        }
        if let Some(modified) = done.modified {
            members.insert("lastModified".to_owned(), json!(super::clock::instant(modified)));
        }
    }
    let body = body(door, wanted, done);
    let mut entry = json!({});
    if let Some(members) = entry.as_object_mut() {
        if done.is_write && wanted == Return::Outcome {
            if let (Some(members), Some(body)) = (response.as_object_mut(), body) {
                members.insert("outcome".to_owned(), body);
            }
        } else if let Some(body) = body {
            members.insert("resource".to_owned(), body);
        }
        if let Some((kind, id, _)) = &done.resource {
            let base = &door.config.base;
            members.insert(
                "fullUrl".to_owned(),
                json!(format!("{base}/{}/{id}", kind.name())),
            );
        }
        members.insert("response".to_owned(), response);
    }
    entry
}

/// A refusal, as an entry of a bundle.
pub fn entry_refused(refusal: &Refusal) -> Value {
    json!({ "response": { "status": status_line(refusal.status), "outcome": refusal.outcome() } })
}

fn status_line(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim_end().to_owned()
}

fn respond(status: StatusCode, body: Option<&Value>) -> Response {
    let mut response = Response::new(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if body.is_some() {
        put(
            headers,
            header::CONTENT_TYPE,
            "application/fhir+json; charset=utf-8",
        );
    }
    put(headers, header::CACHE_CONTROL, "no-store");
    response
}

fn put(headers: &mut axum::http::HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
