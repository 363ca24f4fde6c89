//! Replaying a message of the quarantine, as it came or corrected: what it says goes into the index with its own moment, so that
//! it undoes nothing newer, however late it is. Its sender, should it send the message again, is then told that it was taken.

use sqlx::Connection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::quarantine::{self, QuarantineError};
use super::{read, take};
use crate::context::{Context, millis};
use crate::patients;
use crate::patients::decide::Outcome;

/// Replays a message that waits, or what an operator put in its place.
pub async fn replay(
    cx: &Context,
    id: Uuid,
    corrected: Option<Vec<u8>>,
) -> Result<Vec<Outcome>, QuarantineError> {
    let mut conn = cx.pool.acquire().await?;
    let feed = quarantine::feed_of(&mut conn, id).await?;
    let mut transaction = conn.begin().await?;
    let (kept, control) = quarantine::waiting(cx, &mut transaction, id).await?;
    let message = Zeroizing::new(corrected.unwrap_or(kept.message));
    let told = match read::content(&cx.config.hl7, &message, cx.now()) {
        Ok(mapped) => take::tell(cx, &mut transaction, &[mapped]).await?,
        Err(reason) => Err(reason),
    };
    let outcomes = match told {
        Ok(outcomes) => outcomes,
        Err(reason) => {
            transaction.rollback().await?;
            quarantine::tell_audit(cx, &mut conn, "hl7.replay_refused", id).await?;
            return Err(QuarantineError::Refused(reason));
        }
    };
    sqlx::query("UPDATE hl7_quarantine SET state = 'replayed', state_at = $2 WHERE id = $1")
        .bind(id)
        .bind(millis(cx.now()))
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE hl7_seen SET outcome = $3 WHERE feed = $1 AND control = $2")
        .bind(feed.name())
        .bind(control)
        .bind(take::ACCEPTED)
        .execute(&mut *transaction)
        .await?;
    quarantine::tell_audit(cx, &mut transaction, "hl7.replayed", id).await?;
    transaction.commit().await?;
    patients::wake(cx);
    Ok(outcomes)
}
