//! What each system did or asked is remembered, before it is answered: what it looked for and whom it was shown, sealed.

use baton_core::id::PatientId;
use baton_core::secret::Personal;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::auth::Caller;
use crate::context::{Context, millis};

/// What is sealed of an access.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// What was looked for.
    #[serde(rename = "t", default)]
    pub text: Option<Personal<String>>,
    /// Who was shown.
    #[serde(rename = "p", default)]
    pub shown: Vec<PatientId>,
}

/// Remembers an access, in the transaction of what it tells of.
pub async fn remember(
    cx: &Context,
    conn: &mut PgConnection,
    caller: &Caller<'_>,
    (event, patient): (&'static str, Option<PatientId>),
    access: &Access,
) -> Result<(), sqlx::Error> {
    let id = cx.make_op_id().uuid();
    let bytes = Zeroizing::new(baton_core::cbor::to_bytes(access));
    let sealed = cx.keys.seal_row("fhir_access", id, &bytes, &mut cx.rng());
    sqlx::query(
        "INSERT INTO fhir_access (id, at, client, event, patient, sealed) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(millis(cx.now()))
    .bind(&caller.client.id)
    .bind(event)
    .bind(patient.map(PatientId::uuid))
    .bind(sealed)
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens what was sealed of an access, for whoever examines it.
pub fn open(cx: &Context, id: Uuid, sealed: &[u8]) -> Option<Access> {
    let bytes = cx.keys.open_row("fhir_access", id, sealed).ok()?;
    baton_core::cbor::from_bytes(&bytes).ok()
}
