//! Several interactions at once (<http://hl7.org/fhir/R4/http.html#transaction>). A `transaction` is done whole or not at all, a
//! `batch` each by itself.
//!
//! In a transaction entries may refer to each other. So patients come first, then their links, then encounters, then what is
//! read: as the standard's order (POST, PUT, GET) makes no difference between resources that are not the same.

use axum::http::StatusCode;
use baton_core::id::PatientId;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::act::{self, Done, Door, Where, Write, Written};
use super::json::Json;
use super::node::{Issues, Node};
use super::outcome::{Failure, Issue, Refusal};
use super::patient::{read, store};
use super::refs::Refs;
use super::request::{Criteria, Kind, Prefer, not_allowed};
use super::single::{Single, TRIES, single};
use super::{answer, encounter};

mod entry;

use entry::{Entry, entry};

/// Carries a bundle out, and answers with one.
pub async fn carry_out(door: &Door<'_>, json: &Json, prefer: Prefer) -> Result<Value, Failure> {
    let issues = Issues::default();
    let node = Node::root(json, "Bundle");
    let is_bundle = json.member("resourceType").and_then(Json::text) == Some("Bundle");
    let kind = node.text("type", &issues);
    let entries: Vec<Node<'_>> = if node.has("entry") {
        node.objects("entry", &issues)
    } else {
        Vec::new()
    };
    let (entries, kind) = issues.settle(Some((entries, kind)))?;
    if !is_bundle {
        return Err(Refusal::at(
            StatusCode::BAD_REQUEST,
            "invalid",
            "Only a Bundle is taken at the base address.",
            "resourceType",
        )
        .into());
    }
    if entries.len() > ENTRIES {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-long",
            "The bundle has too many entries.",
        )
        .into());
    }
    match kind {
        Some("batch") => batch(door, json, &entries, prefer).await,
        Some("transaction") => {
            let entries: Vec<Entry<'_>> = members(json, &entries)
                .into_iter()
                .map(|(json, node)| entry(door, json, node))
                .collect();
            let mut tries = 0;
            loop {
                match transaction(door, &entries, prefer).await {
                    Err(Failure::Again) if tries < TRIES => tries += 1,
                    otherwise => return otherwise,
                }
            }
        }
        _ => Err(Refusal::of(vec![Issue::rule(
            "not-supported",
            "Only bundles of the types batch and transaction are carried out.",
            "Bundle.type",
        )])
        .into()),
    }
}

fn members<'a, 'n>(json: &'a Json, nodes: &'n [Node<'a>]) -> Vec<(&'a Json, &'n Node<'a>)> {
    let Some(Json::List(entries)) = json.member("entry") else {
        return Vec::new();
    };
    entries.iter().zip(nodes).collect()
}

async fn batch(door: &Door<'_>, json: &Json, nodes: &[Node<'_>], prefer: Prefer) -> Result<Value, Failure> {
    let mut answers = Vec::new();
    for (at, (json, node)) in members(json, nodes).into_iter().enumerate() {
        let entry = entry(door, json, node);
        let done = match entry.single() {
            Ok(asked) => single(door, &asked).await,
            Err(refusal) => Err(refusal.into()),
        };
        answers.push(match done {
            Ok(done) => answer::entry(door, prefer.result, &done),
            Err(Failure::Refused(refusal)) => answer::entry_refused(&refusal.within(at)),
            // What was done stays done, so that a fault in the middle must not hide it.
            Err(Failure::Again | Failure::Fault(_)) => {
                answer::entry_refused(&super::unavailable().within(at))
            }
        });
    }
    Ok(response("batch-response", answers))
}

fn response(kind: &str, entries: Vec<Value>) -> Value {
    let mut bundle = json!({ "resourceType": "Bundle", "type": kind });
    if let Some(members) = bundle.as_object_mut().filter(|_| !entries.is_empty()) {
        members.insert("entry".to_owned(), Value::Array(entries));
    }
    bundle
}

async fn transaction(door: &Door<'_>, entries: &[Entry<'_>], prefer: Prefer) -> Result<Value, Failure> {
    let mut conn = door.cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let done = all(door, &mut transaction, entries).await?;
    transaction.commit().await?;
    crate::patients::wake(door.cx);
    let answers = done
        .iter()
        .map(|done| answer::entry(door, prefer.result, done))
        .collect();
    Ok(response("transaction-response", answers))
}

/// What an entry is, read and allowed.
enum Plan<'a> {
    Encounter(Write<'a>, encounter::read::Said<'a>),
    Patient(Write<'a>, read::Said<'a>),
    Read(Kind, &'a str, Option<&'a str>),
    Search(Kind, Criteria),
}

/// What was written by an entry.
enum Wrote {
    Encounter(Written<Uuid>),
    Patient(Written<PatientId>),
}

async fn all(door: &Door<'_>, conn: &mut PgConnection, entries: &[Entry<'_>]) -> Result<Vec<Done>, Failure> {
    let mut plans = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        plans.push(plan(door, entry).map_err(|refusal| refusal.within(at))?);
    }
    let mut refs = Refs::default();
    let mut wrote: Vec<Option<Wrote>> = plans.iter().map(|_| None).collect();
    for at in order(&plans) {
        let (Some(plan), Some(entry)) = (plans.get(at), entries.get(at)) else {
            continue;
        };
        let done = one(door, conn, plan, &refs)
            .await
            .map_err(|failure| within(failure, at))?;
        if let (Some(url), Some(done)) = (entry.full_url, &done) {
            match done {
                Wrote::Encounter(written) => refs.add(url, Kind::Encounter, written.id().to_string()),
                Wrote::Patient(written) => refs.add(url, Kind::Patient, written.id().to_string()),
            }
        }
        if let Some(place) = wrote.get_mut(at) {
            *place = done;
        }
        // Links may point to any patient of the bundle, and encounters to any that stands for another after them.
        if is_last_patient(&plans, at) {
            link_all(door, conn, &plans, &wrote, &refs).await?;
        }
    }
    refuse_twice(&wrote)?;
    let mut done = Vec::new();
    for (at, (plan, wrote)) in plans.iter().zip(&wrote).enumerate() {
        let answer = match (plan, wrote) {
            (_, Some(Wrote::Encounter(written))) => act::encounter_written(door, conn, *written).await,
            (_, Some(Wrote::Patient(written))) => act::patient_written(door, conn, *written).await,
            (Plan::Read(kind, id, version), None) => act::read(door, conn, (*kind, id, *version)).await,
            (Plan::Search(kind, criteria), None) => act::search(door, conn, (*kind, criteria, false)).await,
            (Plan::Encounter(..) | Plan::Patient(..), None) => Err(Failure::Again),
        };
        done.push(answer.map_err(|failure| within(failure, at))?);
    }
    Ok(done)
}

fn plan<'a>(door: &Door<'_>, entry: &'a Entry<'a>) -> Result<Plan<'a>, Refusal> {
    Ok(match entry.single()? {
        Single::Read(kind, id, version) => Plan::Read(kind, id, version),
        Single::Search(kind, criteria, _) => Plan::Search(kind, criteria),
        Single::Write(write) => {
            write.allow(door)?;
            match write.kind {
                Kind::Encounter => {
                    let said = encounter::read::read(write.json, door.reading())?;
                    write.check(said.id)?;
                    Plan::Encounter(write, said)
                }
                Kind::Patient => {
                    let said = read::read(write.json, door.reading())?;
                    write.check(said.id)?;
                    Plan::Patient(write, said)
                }
                Kind::Composition | Kind::Task => return Err(not_allowed()),
            }
        }
    })
}

/// Patients, then encounters; new ones before known ones.
fn order(plans: &[Plan<'_>]) -> Vec<usize> {
    let rank = |plan: &Plan<'_>| {
        let is_known = |write: &Write<'_>| matches!(write.place, Where::Id(_) | Where::TheOne(_));
        match plan {
            Plan::Patient(write, _) => Some((0, is_known(write))),
            Plan::Encounter(write, _) => Some((1, is_known(write))),
            Plan::Read(..) | Plan::Search(..) => None,
        }
    };
    let mut ranked: Vec<_> = plans
        .iter()
        .enumerate()
        .filter_map(|(at, plan)| Some((rank(plan)?, at)))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, at)| at).collect()
}

fn is_last_patient(plans: &[Plan<'_>], at: usize) -> bool {
    let is_patient = |at: usize| matches!(plans.get(at), Some(Plan::Patient(..)));
    order(plans).into_iter().rfind(|at| is_patient(*at)) == Some(at)
}

async fn one(
    door: &Door<'_>,
    conn: &mut PgConnection,
    plan: &Plan<'_>,
    refs: &Refs,
) -> Result<Option<Wrote>, Failure> {
    Ok(match plan {
        Plan::Encounter(write, said) => Some(Wrote::Encounter(
            write.tell_encounter(door, conn, refs, said).await?,
        )),
        Plan::Patient(write, said) => Some(Wrote::Patient(write.tell_patient(door, conn, said).await?)),
        Plan::Read(..) | Plan::Search(..) => None,
    })
}

async fn link_all(
    door: &Door<'_>,
    conn: &mut PgConnection,
    plans: &[Plan<'_>],
    wrote: &[Option<Wrote>],
    refs: &Refs,
) -> Result<(), Failure> {
    for (at, (plan, wrote)) in plans.iter().zip(wrote).enumerate() {
        if let (Plan::Patient(write, said), Some(Wrote::Patient(written))) = (plan, wrote)
            && !matches!(written, Written::Found(_))
        {
            let has_seen = write.if_match.is_some();
            let linked = store::link(door, conn, refs, written.id(), said, has_seen).await;
            linked.map_err(|failure| within(failure, at))?;
        }
    }
    Ok(())
}

/// No resource may be written twice in one transaction: which one counts would be unclear.
fn refuse_twice(wrote: &[Option<Wrote>]) -> Result<(), Refusal> {
    let mut seen = std::collections::BTreeSet::new();
    for (at, wrote) in wrote.iter().enumerate() {
        let id = match wrote {
            Some(Wrote::Encounter(Written::Changed(id) | Written::Made(id))) => id.to_string(),
            Some(Wrote::Patient(Written::Changed(id) | Written::Made(id))) => id.to_string(),
            Some(Wrote::Encounter(Written::Found(_)) | Wrote::Patient(Written::Found(_))) | None => continue,
        };
        if !seen.insert(id) {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "invalid",
                "A transaction writes the same resource twice.",
            )
            .within(at));
        }
    }
    Ok(())
}

fn within(failure: Failure, at: usize) -> Failure {
    match failure {
        Failure::Refused(refusal) => Failure::Refused(refusal.within(at)),
        Failure::Again | Failure::Fault(_) => failure,
    }
}

/// Entries of one bundle.
pub const ENTRIES: usize = 500;
