//! Taking events into the index, within the caller's transaction: so that a listener can keep a message, what it did, that it was
//! seen and its answer together, or none of it.
//!
//! Whoever speaks of the same numbers waits for the other (locks of the database, taken in one order), then rows are locked
//! in the order of their ids. Should two transactions of several calls meet crosswise, PostgreSQL ends one of them
//! (SQLSTATE 40P01), and its caller tries again.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use sqlx::PgConnection;

use super::change::{Change, Event, Subject};
use super::decide::{Changes, Effect, EventRefusal, Index, NumberKey, Outcome};
use super::{keys, lists, row};
use crate::context::Context;
use crate::log::LogError;
use crate::people::audit;

/// What came of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// One for each event, in their order. One that is refused has changed nothing, and the others count all the same: who
    /// wants all or none rolls back.
    pub outcomes: Vec<Result<Outcome, EventRefusal>>,
    /// Pairs of patients that were found to be one person perhaps; they are in the audit too.
    pub possible_duplicates: usize,
}

/// Takes events, in their order. After the commit the caller wakes the refresher ([`super::wake`]), so that spaces hear of it
/// at once.
pub async fn apply(cx: &Context, conn: &mut PgConnection, events: &[Event]) -> Result<Applied, LogError> {
    let mut index = read(cx, conn, &Named::of(events)).await?;
    carry_out(cx, conn, &mut index, events).await
}

/// Takes events that follow from how things stand: `plan` is shown the part of the index that `subjects` name, which nobody
/// else changes until the transaction ends, and says what happens to just those. What it refuses is given back, and
/// nothing has changed.
pub async fn apply_planned<E>(
    cx: &Context,
    conn: &mut PgConnection,
    subjects: &[&Subject],
    plan: impl FnOnce(&Index) -> Result<Vec<Event>, E>,
) -> Result<Result<Applied, E>, LogError> {
    let mut named = Named::default();
    named.add(subjects);
    let mut index = read(cx, conn, &named).await?;
    match plan(&index) {
        Ok(events) => Ok(Ok(carry_out(cx, conn, &mut index, &events).await?)),
        Err(refusal) => Ok(Err(refusal)),
    }
}

async fn carry_out(
    cx: &Context,
    conn: &mut PgConnection,
    index: &mut Index,
    events: &[Event],
) -> Result<Applied, LogError> {
    let outcomes: Vec<_> = events
        .iter()
        .map(|event| index.take(event, &mut || cx.make_patient_id()))
        .collect();
    let changes = index.take_changes();
    write(cx, conn, index, &changes).await?;
    for outcome in &outcomes {
        let label = match outcome {
            Ok(outcome) => match outcome.effect {
                Effect::Changed => "changed",
                Effect::Made => "made",
                Effect::Nothing => "nothing",
            },
            Err(_) => "refused",
        };
        cx.metrics.patient_events.with_label_values(&[label]).inc();
    }
    let possible_duplicates = changes.possible_duplicates.len();
    cx.metrics
        .possible_duplicates
        .inc_by(u64::try_from(possible_duplicates).unwrap_or(u64::MAX));
    Ok(Applied {
        outcomes,
        possible_duplicates,
    })
}

/// Whom events name.
#[derive(Default)]
struct Named {
    patients: BTreeSet<PatientId>,
    numbers: BTreeSet<NumberKey>,
    nhs: BTreeSet<NhsNumber>,
}

impl Named {
    fn of(events: &[Event]) -> Self {
        let mut named = Self::default();
        for event in events {
            match &event.change {
                Change::Link { one, other } | Change::Unlink { one, other } => named.add(&[one, other]),
                Change::Merge { survivor, retired } => named.add(&[survivor, retired]),
                Change::MoveVisit { from, to, .. } | Change::Renumber { from, to } => named.add(&[from, to]),
                Change::Remove(subject)
                | Change::Report(subject, _)
                | Change::Tell(subject, _)
                | Change::Visit(subject, ..) => {
                    named.add(&[subject]);
                }
                Change::Swap { one, other } => named.add(&[&one.0, &other.0]),
                Change::Unmerge { retired } => named.add(&[retired]),
            }
        }
        named
    }

    fn add(&mut self, subjects: &[&Subject]) {
        for subject in subjects {
            let details = &subject.details;
            self.patients.extend(subject.patient);
            self.numbers
                .extend(details.identifiers.iter().map(NumberKey::from));
            let number = details.nhs.set().map(|nhs| nhs.number);
            self.nhs
                .extend(number.into_iter().chain(details.superseded.iter().copied()));
        }
    }
}

/// Reads all that events speak about, locked: whose the numbers are, and all who are one with those.
async fn read(cx: &Context, conn: &mut PgConnection, named: &Named) -> Result<Index, LogError> {
    let numbers: BTreeMap<[u8; 32], &NumberKey> = named
        .numbers
        .iter()
        .map(|number| (keys::number(&cx.keys, number), number))
        .collect();
    let nhs: Vec<i64> = named
        .nhs
        .iter()
        .map(|number| keys::nhs(&cx.keys, *number))
        .collect();
    row::wait_for(conn, numbers.keys(), &nhs).await?;
    let owners = row::owners(conn, numbers.keys()).await?;
    let mut ids: BTreeSet<PatientId> = named.patients.clone();
    ids.extend(owners.iter().map(|(_, patient)| *patient));
    ids.extend(row::with_keys(conn, &nhs).await?);
    let mut index = Index::default();
    for held in row::lock_groups(cx, conn, ids).await? {
        index.insert(held);
    }
    for (key, patient) in owners {
        if let Some(number) = numbers.get(&key) {
            index.insert_number((*number).clone(), patient);
        }
    }
    Ok(index)
}

async fn write(
    cx: &Context,
    conn: &mut PgConnection,
    index: &Index,
    changes: &Changes,
) -> Result<(), LogError> {
    if changes.patients.is_empty() {
        return Ok(());
    }
    let (made, known): (Vec<_>, Vec<_>) = changes
        .patients
        .iter()
        .filter_map(|id| index.patient(*id))
        .partition(|held| changes.made.contains(&held.shown.id));
    row::insert(cx, conn, &made).await?;
    row::update(cx, conn, &known).await?;
    row::add_numbers(cx, conn, &changes.numbers).await?;
    let changed: Vec<_> = made.into_iter().chain(known).collect();
    lists::follow(cx, conn, &changed).await?;
    row::spaces_of_merged(conn, &changes.merged).await?;
    row::make_due(conn, &changes.visible).await?;
    let events = [
        (
            "patient.merged",
            changes.merged.iter().map(|(away, _)| *away).collect(),
        ),
        (
            "patient.unmerged",
            changes.unmerged.iter().map(|(back, _)| *back).collect(),
        ),
        (
            "patient.possible_duplicate",
            changes
                .possible_duplicates
                .iter()
                .map(|(_, newer)| *newer)
                .collect::<Vec<_>>(),
        ),
    ];
    for (event, patients) in events {
        for patient in patients {
            let event = audit::Event {
                event,
                subject: Some(patient.uuid()),
                ..audit::Event::default()
            };
            audit::add(conn, cx.now(), event).await?;
        }
    }
    Ok(())
}
