//! Making all keys of the index again: after a release that folds names, hears them or writes keys in another way. Searches find by
//! the old ones until a patient's turn comes.

use baton_core::id::PatientId;
use sqlx::Connection;

use super::row;
use crate::context::Context;
use crate::log::LogError;

/// Makes the keys of all patients again, some at a time, and says of how many they are others than before. Feeds go on meanwhile.
pub async fn reindex(cx: &Context) -> Result<u64, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let (mut after, mut changed) = (PatientId::from_bytes([0; 16]), 0);
    loop {
        let mut transaction = conn.begin().await?;
        let batch = row::lock_after(cx, &mut transaction, after, AT_ONCE).await?;
        let Some(last) = batch.last() else {
            transaction.commit().await?;
            return Ok(changed);
        };
        after = last.id;
        changed += row::write_keys(cx, &mut transaction, &batch).await?;
        transaction.commit().await?;
    }
}

/// Patients whose rows are locked at once.
const AT_ONCE: i64 = 500;
