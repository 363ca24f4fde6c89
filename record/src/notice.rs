//! Telling the edge what it did not cause: new conversations, new epochs, ended devices. A notice is a row, written in the
//! transaction of what it tells of, so that a crash loses none; any replica sends it.

use std::time::Duration;

use baton_core::chain::Entry;
use baton_core::id::SpaceId;
use baton_core::service::{Changed, PUBLISH_PATH, Publish};
use baton_core::time::At;
use serde::Serialize;
use sqlx::{Connection, PgConnection};

use crate::context::{Context, millis};
use crate::token;

/// Keeps a notice until the edge has taken it.
pub async fn add<T: Serialize>(
    conn: &mut PgConnection,
    now: At,
    path: &str,
    body: &T,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO edge_notice (path, body, due_at) VALUES ($1, $2, $3)")
        .bind(path)
        .bind(baton_core::cbor::to_bytes(body))
        .bind(millis(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a notice that something changed about a space.
pub async fn changed(
    conn: &mut PgConnection,
    now: At,
    space: SpaceId,
    changed: Changed,
) -> Result<(), sqlx::Error> {
    entries(conn, now, space, Vec::new(), changed).await
}

/// Keeps a notice of entries that the record made.
pub async fn entries(
    conn: &mut PgConnection,
    now: At,
    space: SpaceId,
    entries: Vec<Entry>,
    changed: Changed,
) -> Result<(), sqlx::Error> {
    let publish = Publish {
        space,
        entries,
        changed,
    };
    add(conn, now, PUBLISH_PATH, &publish).await
}

/// Sends notices until the future is dropped.
pub async fn run(cx: Context) {
    loop {
        match send_due(&cx).await {
            // There may be more.
            Ok(sent) if sent == AT_ONCE => {}
            Ok(_) => idle(&cx).await,
            Err(error) => {
                tracing::warn!(
                    error.kind = %crate::log::database_kind(&error),
                    "Notices for the edge cannot be read now."
                );
                idle(&cx).await;
            }
        }
    }
}

async fn idle(cx: &Context) {
    // Another replica's notices do not wake this one; the second is for those.
    let _ = tokio::time::timeout(Duration::from_secs(1), cx.notices.notified()).await;
}

/// Sends what is due, at most [`AT_ONCE`], and says how many that were.
pub async fn send_due(cx: &Context) -> Result<usize, sqlx::Error> {
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let due: Vec<(i64, String, Vec<u8>, i32)> = sqlx::query_as(
        "SELECT id, path, body, tries FROM edge_notice WHERE due_at <= $1 ORDER BY id LIMIT 8 FOR UPDATE SKIP LOCKED",
    )
    .bind(millis(cx.now()))
    .fetch_all(&mut *transaction)
    .await?;
    let count = due.len();
    for (id, path, body, tries) in due {
        let sent = send(cx, &path, body).await;
        let outcome = match sent {
            Sent::Taken => "taken",
            Sent::Refused => "refused",
            Sent::Failed if tries >= TRIES => "given-up",
            Sent::Failed => "failed",
        };
        cx.metrics.notices.with_label_values(&[outcome]).inc();
        if outcome == "failed" {
            let wait = Duration::from_millis(500 << tries.clamp(0, 7));
            sqlx::query("UPDATE edge_notice SET tries = tries + 1, due_at = $2 WHERE id = $1")
                .bind(id)
                .bind(millis(cx.now().plus(wait)))
                .execute(&mut *transaction)
                .await?;
        } else {
            if outcome != "taken" {
                tracing::warn!(notice.path = %path, notice.outcome = outcome, "The edge did not take a notice.");
            }
            sqlx::query("DELETE FROM edge_notice WHERE id = $1")
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(count)
}

enum Sent {
    Failed,
    Refused,
    Taken,
}

async fn send(cx: &Context, path: &str, body: Vec<u8>) -> Sent {
    let Ok(url) = cx.config.edge_url.join(path) else {
        return Sent::Refused;
    };
    let answer = cx
        .http
        .post(url)
        .timeout(Duration::from_secs(3))
        .bearer_auth(token::make_service(cx))
        .header("content-type", "application/cbor")
        .body(body)
        .send()
        .await;
    match answer {
        Ok(answer) if answer.status().is_success() => Sent::Taken,
        Ok(answer) if answer.status().is_client_error() && answer.status().as_u16() != 429 => Sent::Refused,
        Ok(_) | Err(_) => Sent::Failed,
    }
}

/// Notices sent in one transaction.
const AT_ONCE: usize = 8;

/// About half an hour of trying; devices find out by themselves when they connect again.
const TRIES: i32 = 30;
