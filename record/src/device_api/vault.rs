//! Vaults of devices: their shares and leases, and who used a device when.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use baton_core::device_api::{Use, UseKind, Vault, VaultAnswer, VaultEnd};
use sqlx::Connection;

use super::Refused;
use super::signed_request::Asked;
use crate::context::Context;
use crate::http::cbor::{Cbor, no_content};
use crate::http::problem::Problem;
use crate::log::LogError;
use crate::people::{audit, vault};

pub(super) async fn vault(
    State(cx): State<Context>,
    asked: Asked<Vault>,
) -> Result<Cbor<VaultAnswer>, Problem> {
    lend(&cx, &asked)
        .await
        .map(Cbor)
        .map_err(|refused| refused.answer(&cx))
}

async fn lend(cx: &Context, asked: &Asked<Vault>) -> Result<VaultAnswer, Refused> {
    let Vault { vault, kept } = asked.body;
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let (device, user) = (asked.device.id, asked.device.user);
    // What was kept while that was allowed is still lent: there may be something in it that was never sent.
    if kept && !cx.config.policy.keep_allowed && !vault::is_kept(&mut transaction, vault, user).await? {
        return Err(NOT_KEPT_HERE.into());
    }
    let lent = vault::lend(cx, &mut transaction, vault, device, user, kept)
        .await?
        .ok_or(NOT_YOURS)?;
    let event = audit::Event {
        event: if lent.is_new { "vault.made" } else { "vault.lent" },
        user: Some(user),
        device: Some(device),
        subject: Some(vault.uuid()),
        ..audit::Event::default()
    };
    audit::add(&mut transaction, cx.now(), event).await?;
    transaction.commit().await.map_err(LogError::from)?;
    Ok(VaultAnswer {
        share: lent.share,
        lease_until: lent.lease_until,
    })
}

pub(super) async fn end(
    State(cx): State<Context>,
    asked: Asked<VaultEnd>,
) -> Result<Response<Body>, Problem> {
    let ended = async || -> Result<(), Refused> {
        let mut conn = cx.pool.acquire().await?;
        let mut transaction = conn.begin().await?;
        let (device, now) = (&asked.device, cx.now());
        if vault::end(&mut transaction, asked.body.vault, device.user, now).await? {
            let event = audit::Event {
                event: "vault.erased",
                user: Some(device.user),
                device: Some(device.id),
                subject: Some(asked.body.vault.uuid()),
                ..audit::Event::default()
            };
            audit::add(&mut transaction, now, event).await?;
        }
        transaction.commit().await.map_err(LogError::from)?;
        Ok(())
    };
    ended().await.map_err(|refused| refused.answer(&cx))?;
    Ok(no_content())
}

/// What happened at a device goes into the audit with the device's own times and the record's.
pub(super) async fn used(State(cx): State<Context>, asked: Asked<Use>) -> Result<Response<Body>, Problem> {
    let noted = async || -> Result<(), Refused> {
        if asked.body.events.len() > EVENTS {
            return Err(Problem::MALFORMED.into());
        }
        let mut conn = cx.pool.acquire().await?;
        let mut transaction = conn.begin().await?;
        for (at, kind) in &asked.body.events {
            let event = audit::Event {
                event: match kind {
                    UseKind::Erased => "device.erased",
                    UseKind::Failed => "device.unlock_failed",
                    UseKind::LeaseExpired => "device.lease_expired",
                    UseKind::Locked => "device.locked",
                    UseKind::TakenOffline => "device.taken_offline",
                    UseKind::Unlocked => "device.unlocked",
                },
                user: Some(asked.device.user),
                device: Some(asked.device.id),
                device_at: Some(*at),
                ..audit::Event::default()
            };
            audit::add(&mut transaction, cx.now(), event).await?;
        }
        transaction.commit().await.map_err(LogError::from)?;
        Ok(())
    };
    noted().await.map_err(|refused| refused.answer(&cx))?;
    Ok(no_content())
}

/// Somebody else's vault, or one that has ended: which of the two is not told.
const NOT_YOURS: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not-your-vault",
    "This device keeps nothing of yours under that name.",
);

const NOT_KEPT_HERE: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "keeping-not-allowed",
    "Your organisation does not let devices keep anything.",
);

/// Events in one telling.
const EVENTS: usize = 200;
