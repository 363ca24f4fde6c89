//! One entry of a bundle: what it asks for, and what it brings.

use axum::http::{Method, StatusCode};

use crate::fhir::act::{Door, Where, Write};
use crate::fhir::json::Json;
use crate::fhir::node::{Issues, Node};
use crate::fhir::outcome::{Issue, Refusal};
use crate::fhir::request::{IfMatch, Kind, Route};
use crate::fhir::single::{Single, condition_of};

/// One entry.
pub(super) struct Entry<'a> {
    pub(super) full_url: Option<&'a str>,
    json: Option<&'a Json>,
    request: Result<Request<'a>, Refusal>,
}

struct Request<'a> {
    method: Method,
    route: Route,
    if_match: Option<IfMatch>,
    if_none_exist: Option<&'a str>,
}

/// Reads an entry: what is wrong with it is told when it is asked what it asks for.
pub(super) fn entry<'a>(door: &Door<'_>, json: &'a Json, node: &Node<'a>) -> Entry<'a> {
    let issues = Issues::default();
    let full_url = node.text("fullUrl", &issues);
    let request = request(door, node, issues);
    Entry {
        full_url,
        json: json.member("resource"),
        request,
    }
}

fn request<'a>(door: &Door<'_>, node: &Node<'a>, issues: Issues) -> Result<Request<'a>, Refusal> {
    let request = node.object("request", &issues);
    let Some(request) = request else {
        issues.add(Issue::basic(
            "required",
            "An entry needs its request.",
            node.place_of("request"),
        ));
        return issues.settle(None);
    };
    let method = request.code("method", method_of, &issues);
    let url = request.text("url", &issues);
    let if_match = request.text("ifMatch", &issues);
    let if_none_exist = request.text("ifNoneExist", &issues);
    for name in ["method", "url"] {
        if !request.has(name) {
            issues.add(Issue::basic(
                "required",
                "A request needs this.",
                request.place_of(name),
            ));
        }
    }
    let (method, url) = issues.settle(method.zip(url))?;
    let elsewhere = || {
        Refusal::at(
            StatusCode::NOT_FOUND,
            "not-found",
            "This address is not one of this server.",
            request.place_of("url"),
        )
    };
    let local = door.local(url).ok_or_else(elsewhere)?;
    let (path, query) = local
        .split_once('?')
        .map_or((local, None), |(path, query)| (path, Some(query)));
    let route = Route::read(&method, path, query).map_err(|mut refusal| {
        for issue in &mut refusal.issues {
            issue.place = request.place_of("url");
        }
        refusal
    })?;
    Ok(Request {
        method,
        route,
        if_match: if_match.map(IfMatch::read).transpose()?,
        if_none_exist,
    })
}

fn method_of(code: &str) -> Option<Method> {
    match code {
        "DELETE" => Some(Method::DELETE),
        "GET" => Some(Method::GET),
        "HEAD" => Some(Method::HEAD),
        "PATCH" => Some(Method::PATCH),
        "POST" => Some(Method::POST),
        "PUT" => Some(Method::PUT),
        _ => None,
    }
}

impl<'a> Entry<'a> {
    /// What it asks for; what it brings, if it has to bring something.
    pub(super) fn single(&'a self) -> Result<Single<'a>, Refusal> {
        let request = self.request.as_ref().map_err(Clone::clone)?;
        let json = || {
            self.json.ok_or_else(|| {
                Refusal::new(
                    StatusCode::BAD_REQUEST,
                    "required",
                    "This entry needs a resource.",
                )
            })
        };
        let write = |kind: Kind, place: Where<'a>| {
            Ok(Single::Write(Write {
                kind,
                json: json()?,
                place,
                if_match: request.if_match.clone(),
            }))
        };
        match &request.route {
            Route::Create(kind) => {
                let condition = request.if_none_exist.map(condition_of);
                write(*kind, condition.map_or(Where::New, Where::NewUnless))
            }
            Route::Read(kind, id, version) => Ok(Single::Read(*kind, id, version.as_deref())),
            Route::Search(kind, criteria) if request.method != Method::POST => {
                Ok(Single::Search(*kind, criteria.clone(), false))
            }
            Route::Update(kind, id) => write(*kind, Where::Id(id)),
            Route::UpdateWhere(kind, criteria) => write(*kind, Where::TheOne(criteria.clone())),
            Route::Bundle | Route::Capabilities | Route::Search(..) => Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "not-supported",
                "This cannot be asked for within a bundle.",
            )),
        }
    }
}
