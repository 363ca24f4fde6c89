//! Rows by the million, and one of them.

use std::fmt::Write as _;

use baton_core::id::PatientId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::{Context, millis};
use crate::patients::history::Held;
use crate::patients::row::Rows;

/// One row as it is kept, by its primary key: what searches are measured against.
pub(super) async fn sealed(
    conn: &mut PgConnection,
    patient: PatientId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let row: Option<(Uuid, i64, Vec<u8>)> =
        sqlx::query_as("SELECT id, version, sealed FROM patient WHERE id = $1")
            .bind(patient.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(_, _, sealed)| sealed))
}

/// How many patients there are.
pub(super) async fn count(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT count(*) FROM patient")
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// Writes new patients in the fastest way, for measurements.
pub(super) async fn copy(
    cx: &Context,
    conn: &mut PgConnection,
    patients: &[Held],
) -> Result<(), sqlx::Error> {
    let rows = Rows::of(cx, &patients.iter().collect::<Vec<_>>());
    let mut copy = conn
        .copy_in_raw("COPY patient (id, version, sealed, history, keys, updated_at) FROM STDIN")
        .await?;
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    let mut text = String::new();
    let columns = rows
        .ids
        .iter()
        .zip(&rows.versions)
        .zip(&rows.sealed)
        .zip(&rows.histories)
        .zip(&rows.keys);
    for ((((id, version), sealed), history), keys) in columns {
        let _ = writeln!(
            text,
            "{id}\t{version}\t\\\\x{}\t\\\\x{}\t{keys}\t{}",
            hex(sealed),
            hex(history),
            millis(cx.now())
        );
    }
    copy.send(text.as_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// What PostgreSQL does by itself after a while: visibility, counts.
pub(super) async fn tidy(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SET statement_timeout = 0")
        .execute(&mut *conn)
        .await?;
    sqlx::query("VACUUM (ANALYZE) patient").execute(conn).await?;
    Ok(())
}

/// Bytes of the table with its primary key, and of the index of keys.
pub(super) async fn sizes(conn: &mut PgConnection) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as("SELECT pg_table_size('patient'), pg_relation_size('patient_keys')")
        .fetch_one(conn)
        .await
}
