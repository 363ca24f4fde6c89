//! Where visits that FHIR clients speak of are remembered: whose each is, its number, and how it was told. What it has come to
//! is in the patient's history, wherever that came from.

use baton_core::id::PatientId;
use baton_core::patient::Identifier;
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::plan::plan;
use super::read::Said;
use super::view::{Known, Told};
use crate::context::Context;
use crate::fhir::act::{Door, Written};
use crate::fhir::outcome::{Failure, Issue, Refusal};
use crate::fhir::patient::link::named;
use crate::fhir::patient::store::refused;
use crate::fhir::refs::{Refs, unknown};
use crate::fhir::request::IfMatch;
use crate::log::LogError;
use crate::patients;
use crate::patients::change::{Change, Event, VisitDetails};
use crate::patients::decide::{Index, NumberKey};
use crate::patients::stay::{self, Stay};
use crate::patients::whole;

/// A row.
pub struct Row {
    /// The resource's id.
    pub id: Uuid,
    /// Whose it is.
    pub patient: PatientId,
    /// How it was told.
    pub told: Told,
}

type Columns = (Uuid, Uuid, Vec<u8>);

/// By id.
pub async fn by_id(cx: &Context, conn: &mut PgConnection, id: Uuid) -> Result<Option<Row>, Failure> {
    let row: Option<Columns> = sqlx::query_as("SELECT id, patient, sealed FROM fhir_encounter WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    row.map(|row| open(cx, row)).transpose()
}

/// By id, for whoever changes it: nobody else does until the transaction ends.
pub async fn lock(cx: &Context, conn: &mut PgConnection, id: Uuid) -> Result<Option<Row>, Failure> {
    sqlx::query("SELECT FROM fhir_encounter WHERE id = $1 FOR UPDATE")
        .bind(id)
        .execute(&mut *conn)
        .await?;
    by_id(cx, conn, id).await
}

/// By the visit's number.
pub async fn by_number(
    cx: &Context,
    conn: &mut PgConnection,
    number: &Identifier,
) -> Result<Option<Row>, Failure> {
    let row: Option<Columns> =
        sqlx::query_as("SELECT id, patient, sealed FROM fhir_encounter WHERE key = $1")
            .bind(key(cx, number).as_slice())
            .fetch_optional(conn)
            .await?;
    row.map(|row| open(cx, row)).transpose()
}

/// All of a patient.
pub async fn of_patient(
    cx: &Context,
    conn: &mut PgConnection,
    patient: PatientId,
) -> Result<Vec<Row>, Failure> {
    let rows: Vec<Columns> = sqlx::query_as(
        "SELECT id, patient, sealed FROM fhir_encounter WHERE patient = $1 ORDER BY id LIMIT 200",
    )
    .bind(patient.uuid())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| open(cx, row)).collect()
}

fn open(cx: &Context, (id, patient, sealed): Columns) -> Result<Row, Failure> {
    let damaged = || LogError::Database(sqlx::Error::Protocol("a visit's row does not open".into()));
    let bytes = cx
        .keys
        .open_row("fhir_encounter", id, &sealed)
        .map_err(|_| damaged())?;
    Ok(Row {
        id,
        patient: PatientId::from_uuid(patient),
        told: baton_core::cbor::from_bytes(&bytes).map_err(|_| damaged())?,
    })
}

fn key(cx: &Context, number: &Identifier) -> [u8; 32] {
    let number = NumberKey::from(number);
    cx.keys
        .derive_patient("visit", &[&number.assigner, &number.value])
}

async fn write(cx: &Context, conn: &mut PgConnection, row: &Row) -> Result<(), Failure> {
    let bytes = Zeroizing::new(baton_core::cbor::to_bytes(&row.told));
    let sealed = cx.keys.seal_row("fhir_encounter", row.id, &bytes, &mut cx.rng());
    sqlx::query(
        "INSERT INTO fhir_encounter (id, key, patient, sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET patient = excluded.patient, sealed = excluded.sealed",
    )
    .bind(row.id)
    .bind(key(cx, &row.told.number).as_slice())
    .bind(row.patient.uuid())
    .bind(sealed)
    .execute(conn)
    .await?;
    Ok(())
}

/// How a visit stands; `None` when the index has forgotten it, or it became another patient's.
pub async fn stands(cx: &Context, conn: &mut PgConnection, row: Row) -> Result<Option<Known>, Failure> {
    let whole = whole::read(cx, conn, &[row.patient]).await?.pop();
    let stays = whole.map(|whole| whole.held.history.stays).unwrap_or_default();
    let number = Some(row.told.number.clone());
    let stay = stays.into_iter().find(|stay| stay.number == number);
    Ok(stay.map(|stay| known(&row, &stay)))
}

fn known(row: &Row, stay: &Stay) -> Known {
    Known {
        id: row.id,
        patient: row.patient,
        told: row.told.clone(),
        visit: stay::visit(&[stay]),
        at: stay.at(),
    }
}

/// Which encounter is written.
pub enum Target {
    /// A new one; one that is known refuses it.
    New,
    /// This one.
    Known(Row),
}

/// Takes what is said of a visit.
pub async fn tell(
    door: &Door<'_>,
    conn: &mut PgConnection,
    refs: &Refs,
    target: Target,
    said: &Said<'_>,
    if_match: Option<&IfMatch>,
) -> Result<Written<Uuid>, Failure> {
    let cx = door.cx;
    let patient = refs.patient(door, conn, &said.subject).await?;
    let row = match target {
        Target::Known(row) => {
            refuse_other_number(&row.told.number, said)?;
            Some(row)
        }
        Target::New => None,
    };
    let number = row
        .as_ref()
        .map(|row| &row.told.number)
        .or_else(|| said.numbers.first());
    let number = number.cloned().ok_or_else(Refusal::not_found)?;
    let before = row.as_ref().map_or(patient, |row| row.patient);
    let (subject, earlier) = (named(patient), named(before));
    let writing = Writing {
        door,
        row: row.as_ref(),
        number: &number,
        said,
        if_match,
    };
    let planned = |index: &_| writing.plan(index, patient, before);
    let applied = patients::apply_planned(cx, conn, &[&subject, &earlier], planned).await??;
    for outcome in applied.outcomes {
        outcome.map_err(refused)?;
    }
    let is_known = row.is_some();
    let id = row.map_or_else(|| cx.make_op_id().uuid(), |row| row.id);
    let told = Told {
        number,
        status: said.status,
        class: said.coding.clone(),
    };
    write(cx, conn, &Row { id, patient, told }).await?;
    Ok(if is_known {
        Written::Changed(id)
    } else {
        Written::Made(id)
    })
}

struct Writing<'a> {
    door: &'a Door<'a>,
    row: Option<&'a Row>,
    number: &'a Identifier,
    said: &'a Said<'a>,
    if_match: Option<&'a IfMatch>,
}

impl Writing<'_> {
    fn plan(&self, index: &Index, patient: PatientId, before: PatientId) -> Result<Vec<Event>, Refusal> {
        if index.patient(patient).is_none() {
            return Err(unknown(&self.said.subject.place));
        }
        let number = Some(self.number.clone());
        let stays = index.patient(before).map(|held| &held.history.stays);
        let stay = stays.and_then(|stays| stays.iter().find(|stay| stay.number == number));
        if let Some(wanted) = self.if_match {
            let (systems, keys) = (&self.door.config.systems, &self.door.cx.keys);
            let version = self
                .row
                .zip(stay)
                .map(|(row, stay)| known(row, stay).view(systems, keys).1);
            wanted.holds(version.as_deref())?;
        }
        let at = self.door.cx.now();
        let mut events = Vec::new();
        if patient != before {
            events.push(Event {
                at,
                change: Change::MoveVisit {
                    from: named(before),
                    number: number.clone(),
                    to: named(patient),
                    becomes: number.clone(),
                },
            });
        }
        let visit = stay.and_then(|stay| stay::visit(&[stay]));
        for (word, details) in plan(visit.as_ref(), self.said) {
            let details = VisitDetails {
                number: number.clone(),
                ..details
            };
            let change = match word {
                Some(word) => Change::Visit(named(patient), word, details),
                None => Change::Tell(named(patient), Some(details)),
            };
            events.push(Event { at, change });
        }
        Ok(events)
    }
}

fn refuse_other_number(known: &Identifier, said: &Said<'_>) -> Result<(), Refusal> {
    if said
        .numbers
        .iter()
        .any(|number| NumberKey::from(number) == NumberKey::from(known))
    {
        return Ok(());
    }
    Err(Refusal::of(vec![Issue::rule(
        "business-rule",
        "An encounter keeps the number by which it was made.",
        "Encounter.identifier",
    )]))
}
