//! Who may look whom up, and that it is remembered: what was typed or why, sealed, and an audit row, before anything is
//! answered.

use std::time::Duration;

use baton_core::device_api::{FoundPatients, LookUp, OpenPatient, OpenedPatient};
use baton_core::id::{PatientId, SpaceId};
use baton_core::patient::Patient;
use baton_core::patient::query::PatientQuery;
use baton_core::secret::Personal;
use baton_core::time::At;
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::search::{self, Among};
use super::{access_row, row};
use crate::context::Context;
use crate::log::LogError;
use crate::people::device::Device;
use crate::people::{audit, person};

/// Why nobody is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessRefusal {
    /// It has to be said why.
    NoReason,
    /// The index has no such patient.
    NoSuchPatient,
    /// The space does not speak about this patient.
    NotAbout,
    /// Not a member of that space.
    NotMember,
    /// By policy this person sees only patients of their own spaces.
    OwnPatientsOnly,
    /// More than [`REASON_CHARS`].
    ReasonTooLong,
    /// More than [`AT_MOST`] in a minute by one device.
    TooMany,
}

impl AccessRefusal {
    const fn event(self) -> Option<&'static str> {
        match self {
            // Somebody tried to see a patient who is not theirs to see.
            Self::NotAbout | Self::NotMember | Self::OwnPatientsOnly | Self::NoSuchPatient => {
                Some("patient.open_refused")
            }
            Self::TooMany => Some("patients.too_many"),
            Self::NoReason | Self::ReasonTooLong => None,
        }
    }
}

/// What is sealed of an access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// What was typed, or why.
    #[serde(rename = "t", default)]
    pub text: Option<Personal<String>>,
    /// Who was shown.
    #[serde(rename = "p", default)]
    pub shown: Vec<PatientId>,
}

/// Finds patients for somebody, and remembers that they looked.
pub async fn find(
    cx: &Context,
    device: &Device,
    typed: &str,
) -> Result<Result<FoundPatients, AccessRefusal>, LogError> {
    let mut conn = cx.pool.acquire().await?;
    if is_too_often(cx, &mut conn, device, SEARCHED).await? {
        return refuse(cx, &mut conn, device, None, AccessRefusal::TooMany).await;
    }
    let among = if person::finds_patients(&mut conn, device.user).await? {
        Among::All
    } else {
        Among::SpacesOf(device.user)
    };
    let query = PatientQuery::parse(typed, search::today(cx));
    let found = search::find(cx, &mut conn, &query, among, FOUND).await?;
    let access = Access {
        text: Some(Personal::from(typed)),
        shown: found.patients.iter().map(|patient| patient.id).collect(),
    };
    remember(cx, &mut conn, device, SEARCHED, (None, None), &access).await?;
    Ok(Ok(FoundPatients {
        patients: found.patients.into_iter().map(without_particulars).collect(),
        has_more: found.has_more,
    }))
}

fn without_particulars(patient: Patient) -> Patient {
    Patient {
        addresses: Vec::new(),
        contacts: Vec::new(),
        visit: None,
        ..patient
    }
}

/// Shows somebody a patient, and remembers that they looked and why.
pub async fn open(
    cx: &Context,
    device: &Device,
    asked: &OpenPatient,
) -> Result<Result<OpenedPatient, AccessRefusal>, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let allowed = match is_allowed(cx, &mut conn, device, asked).await? {
        Ok(allowed) => allowed,
        Err(refusal) => return refuse(cx, &mut conn, device, Some(asked.patient), refusal).await,
    };
    let (space, text) = match &asked.why {
        LookUp::InSpace(space) => (Some(*space), None),
        LookUp::Other(text) => (None, Some(text.clone())),
    };
    let access = Access {
        text,
        shown: vec![asked.patient],
    };
    remember(
        cx,
        &mut conn,
        device,
        OPENED,
        (space, Some(asked.patient)),
        &access,
    )
    .await?;
    let space = access_row::space_around(&mut conn, asked.patient, device.user).await?;
    Ok(Ok(OpenedPatient {
        patient: allowed,
        space,
    }))
}

async fn is_allowed(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    asked: &OpenPatient,
) -> Result<Result<Patient, AccessRefusal>, LogError> {
    if is_too_often(cx, conn, device, OPENED).await? {
        return Ok(Err(AccessRefusal::TooMany));
    }
    match &asked.why {
        LookUp::InSpace(space) => {
            if !access_row::is_member(conn, *space, device.user).await? {
                return Ok(Err(AccessRefusal::NotMember));
            }
            if !row::is_held(conn, *space, asked.patient).await? {
                return Ok(Err(AccessRefusal::NotAbout));
            }
        }
        LookUp::Other(text) => {
            if text.as_str().trim().is_empty() {
                return Ok(Err(AccessRefusal::NoReason));
            }
            if text.as_str().chars().count() > REASON_CHARS {
                return Ok(Err(AccessRefusal::ReasonTooLong));
            }
            // Whether there is such a patient is not told to somebody who may not look.
            if !person::finds_patients(conn, device.user).await?
                && !search::row::may_find(conn, Among::SpacesOf(device.user), asked.patient).await?
            {
                return Ok(Err(AccessRefusal::OwnPatientsOnly));
            }
        }
    }
    let is_here = matches!(asked.why, LookUp::InSpace(_));
    let found = row::read(cx, conn, &[asked.patient]).await?.pop();
    Ok(found
        .filter(|found| is_here || !found.is_removed)
        .map(|found| found.patient)
        .ok_or(AccessRefusal::NoSuchPatient))
}

/// Whether a device asked this more often than anybody does who cares for the patients.
async fn is_too_often(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    event: &str,
) -> Result<bool, LogError> {
    let since = cx.now().millis().saturating_sub(millis_of(WITHIN));
    let count = access_row::count(conn, device, event, At::from_millis(since)).await?;
    Ok(count >= AT_MOST)
}

async fn remember(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    event: &'static str,
    (space, patient): (Option<SpaceId>, Option<PatientId>),
    access: &Access,
) -> Result<(), LogError> {
    let id = cx.make_op_id().uuid();
    let bytes = Zeroizing::new(baton_core::cbor::to_bytes(access));
    let sealed = cx.keys.seal_row("patient_access", id, &bytes, &mut cx.rng());
    let mut transaction = conn.begin().await?;
    let line = access_row::Line {
        id,
        at: cx.now(),
        event,
        space,
        patient,
        sealed,
    };
    access_row::add(&mut transaction, device, line).await?;
    let event = audit::Event {
        event,
        user: Some(device.user),
        device: Some(device.id),
        space,
        subject: patient.map(PatientId::uuid),
        ..audit::Event::default()
    };
    audit::add(&mut transaction, cx.now(), event).await?;
    transaction.commit().await?;
    cx.metrics
        .patients_looked_up
        .with_label_values(&[event.event])
        .inc();
    Ok(())
}

async fn refuse<T>(
    cx: &Context,
    conn: &mut PgConnection,
    device: &Device,
    patient: Option<PatientId>,
    refusal: AccessRefusal,
) -> Result<Result<T, AccessRefusal>, LogError> {
    if let Some(event) = refusal.event() {
        let event = audit::Event {
            event,
            user: Some(device.user),
            device: Some(device.id),
            subject: patient.map(PatientId::uuid),
            ..audit::Event::default()
        };
        audit::add(conn, cx.now(), event).await?;
    }
    Ok(Err(refusal))
}

/// Opens what was sealed of an access, for whoever examines it.
pub fn open_access(cx: &Context, id: Uuid, sealed: &[u8]) -> Option<Access> {
    let bytes = cx.keys.open_row("patient_access", id, sealed).ok()?;
    baton_core::cbor::from_bytes(&bytes).ok()
}

fn millis_of(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Bytes of what one types to find a patient.
pub const TYPED_BYTES: usize = 200;

/// Characters of a reason.
pub const REASON_CHARS: usize = 500;

/// Searches, and patients opened, by one device [`WITHIN`] which it is refused more: somebody who cares for patients looks up some
/// in a minute, somebody who trawls looks up all.
pub const AT_MOST: i64 = 60;

/// See [`AT_MOST`].
pub const WITHIN: Duration = Duration::from_mins(1);

/// Patients that a search tells of.
pub const FOUND: usize = 25;

const SEARCHED: &str = "patients.searched";
const OPENED: &str = "patient.opened";
