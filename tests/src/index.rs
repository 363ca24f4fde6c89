//! The index of patients as it stands in the database, opened behind the record's back with the stack's own key: what the
//! record says of itself is not what is compared with.

use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::patient::Patient;
use hkdf::Hkdf;
use sha2::Sha256;
use xtask::stack::keys::Keys;

use crate::log;

/// Reads all patients, by id. `state` is the stack's folder, where its key-encryption key is.
pub async fn read(url: &str, state: &Path) -> Result<Vec<Patient>> {
    let keys = Keys::kept_in(&state.join("keys.json"))?;
    let cipher = cipher(&URL_SAFE_NO_PAD.decode(&keys.kek)?)?;
    let database = log::connect(url).await?;
    let rows = database
        .query("SELECT uuid_send(id), sealed FROM patient ORDER BY id", &[])
        .await?;
    rows.iter()
        .map(|row| open(&cipher, row.try_get(0)?, row.try_get(1)?))
        .collect()
}

/// How many rows of a table there are.
pub async fn count(url: &str, sql: &str) -> Result<i64> {
    let database = log::connect(url).await?;
    Ok(database.query_one(sql, &[]).await?.try_get(0)?)
}

/// Waits until every HL7 message that was answered is in the index.
pub async fn settled(url: &str) -> Result<()> {
    let waiting = "SELECT count(*) FROM hl7_seen WHERE sealed IS NOT NULL";
    for _ in 0..TRIES {
        if count(url, waiting).await? == 0 {
            return Ok(());
        }
        crate::clock::pause(PAUSE).await;
    }
    anyhow::bail!("messages that were answered do not get into the index")
}

fn cipher(kek: &[u8]) -> Result<Aes256Gcm> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, kek)
        .expand(b"baton-row-1", &mut key)
        .ok()
        .context("32 bytes are within what HKDF gives")?;
    Ok(Aes256Gcm::new(&key.into()))
}

fn open(cipher: &Aes256Gcm, id: &[u8], sealed: &[u8]) -> Result<Patient> {
    let (iv, sealed) = sealed.split_first_chunk::<12>().context("a row has an IV")?;
    let place = [b"baton-row patient ", id].concat();
    let payload = Payload {
        msg: sealed,
        aad: &place,
    };
    let opened = cipher.decrypt(&Nonce::from(*iv), payload).ok();
    let patient: Patient = baton_core::cbor::from_bytes(&opened.context("a row opens")?)?;
    ensure!(patient.id.uuid().as_bytes() == id, "a row is of its patient");
    Ok(patient)
}

const TRIES: u32 = 3_000;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);
