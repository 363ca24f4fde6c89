//! Devices: whose they are, their public keys, whether they still count.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_core::device::DevicePublic;
use baton_core::device_api::DeviceLine;
use baton_core::id::{DeviceId, UserId};
use baton_core::time::At;
use ed25519_dalek::VerifyingKey;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::{Context, millis, moment};
use crate::log::LogError;

mod end;

pub use end::{By, begin_due_epochs, orders, revoke};

/// A device as the register has it.
#[derive(Clone, Debug)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// Whose.
    pub user: UserId,
    /// Its public keys.
    pub keys: DevicePublic,
    /// Its signing key, ready for use.
    pub verifying_key: VerifyingKey,
    /// When its session ends, however much it is used.
    pub session_until: At,
    /// Since when it does not count any more.
    pub revoked_at: Option<At>,
}

impl Device {
    /// Whether what it signs counts now.
    pub fn is_live(&self, now: At) -> bool {
        self.revoked_at.is_none() && now < self.session_until
    }
}

/// Devices in memory, bounded. That one was ended shows when something is written: the statement looks.
#[derive(Default)]
pub struct Devices(Mutex<BTreeMap<DeviceId, Arc<Device>>>);

impl Devices {
    fn held(&self, ids: &[DeviceId]) -> BTreeMap<DeviceId, Arc<Device>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter()
            .filter_map(|id| held.get(id).map(|device| (*id, Arc::clone(device))))
            .collect()
    }

    fn hold(&self, devices: &BTreeMap<DeviceId, Arc<Device>>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() > HELD {
            held.clear();
        }
        held.extend(devices.iter().map(|(id, device)| (*id, Arc::clone(device))));
    }

    /// Forgets what is no longer so.
    pub(crate) fn forget(&self, device: DeviceId) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(&device);
    }
}

type DeviceRow = (Uuid, Uuid, Vec<u8>, Vec<u8>, i64, Option<i64>);

/// Finds devices, in memory first.
pub async fn find_all(cx: &Context, ids: &[DeviceId]) -> Result<BTreeMap<DeviceId, Arc<Device>>, LogError> {
    let mut found = cx.devices.held(ids);
    let missing: Vec<DeviceId> = ids.iter().filter(|id| !found.contains_key(id)).copied().collect();
    if !missing.is_empty() {
        let mut conn = cx.pool.acquire().await?;
        found.extend(reload(cx, &mut conn, &missing).await?);
    }
    Ok(found)
}

/// Finds devices as the database has them now.
pub async fn reload(
    cx: &Context,
    conn: &mut PgConnection,
    ids: &[DeviceId],
) -> Result<BTreeMap<DeviceId, Arc<Device>>, LogError> {
    let found = load(conn, ids).await?;
    cx.devices.hold(&found);
    Ok(found)
}

/// Reads devices from the database.
pub async fn load(
    conn: &mut PgConnection,
    ids: &[DeviceId],
) -> Result<BTreeMap<DeviceId, Arc<Device>>, LogError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<DeviceRow> = sqlx::query_as(
        "SELECT id, user_id, signing_key, hpke_key, session_until, revoked_at FROM device WHERE id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(device)
        .map(|device| (device.id, Arc::new(device)))
        .collect())
}

fn device((id, user, signing, hpke, session_until, revoked_at): DeviceRow) -> Option<Device> {
    let keys = DevicePublic {
        signing: signing.try_into().ok()?,
        hpke: hpke.try_into().ok()?,
    };
    Some(Device {
        id: DeviceId::from_uuid(id),
        user: UserId::from_uuid(user),
        keys,
        verifying_key: keys.verifying_key()?,
        session_until: moment(session_until),
        revoked_at: revoked_at.map(moment),
    })
}

/// Registers a device that was just bound to a person.
pub async fn register(
    conn: &mut PgConnection,
    device: &Device,
    certificate: &[u8],
    now: At,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO device (id, user_id, signing_key, hpke_key, certificate, created_at, session_until, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6)",
    )
    .bind(device.id.uuid())
    .bind(device.user.uuid())
    .bind(device.keys.signing.as_slice())
    .bind(device.keys.hpke.as_slice())
    .bind(certificate)
    .bind(millis(now))
    .bind(millis(device.session_until))
    .execute(conn)
    .await?;
    Ok(())
}

/// The devices of a person that may still be used, or that may hold something; the one that was used last comes first.
pub async fn list(conn: &mut PgConnection, user: UserId, now: At) -> Result<Vec<DeviceLine>, sqlx::Error> {
    let rows: Vec<(Uuid, i64, i64, i64, Option<i64>)> = sqlx::query_as(
        "SELECT device.id, created_at, seen_at, session_until,
                CASE WHEN vault.kept AND vault.ended_at IS NULL THEN vault.lease_until END
         FROM device LEFT JOIN vault ON vault.id = device.vault
         WHERE device.user_id = $1 AND revoked_at IS NULL
               AND (session_until > $2 OR (vault.kept AND vault.ended_at IS NULL AND vault.lease_until > $2))
         ORDER BY seen_at DESC LIMIT 100",
    )
    .bind(user.uuid())
    .bind(millis(now))
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, made_at, seen_at, session_until, kept_until)| DeviceLine {
            device: DeviceId::from_uuid(id),
            made_at: moment(made_at),
            seen_at: moment(seen_at),
            session_until: moment(session_until),
            kept_until: kept_until.map(moment),
        })
        .collect())
}

/// A session lasts so long, however much it is used.
pub const SESSION: Duration = Duration::from_hours(12);

/// Devices held in memory, of about 300 bytes each.
const HELD: usize = 50_000;
