//! People, and certificates of their devices.

use std::collections::BTreeSet;

use axum::extract::State;
use baton_core::device_api::{Certificates, CertificatesAnswer, Directory, People, PeopleAnswer};
use uuid::Uuid;

use super::Refused;
use super::signed_request::Asked;
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::people::directory as listed;

pub(super) async fn directory(
    State(cx): State<Context>,
    asked: Asked<Directory>,
) -> Result<Cbor<PeopleAnswer>, Problem> {
    let answer = async || {
        let typed = asked.body.text.as_str();
        if typed.len() > TYPED {
            return Err(Refused::Problem(Problem::MALFORMED));
        }
        let directory = listed::current(&cx, &mut *cx.pool.acquire().await?).await?;
        Ok(PeopleAnswer {
            people: directory.search(typed, asked.device.user, FOUND),
        })
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn people(
    State(cx): State<Context>,
    asked: Asked<People>,
) -> Result<Cbor<PeopleAnswer>, Problem> {
    let answer = async || {
        if asked.body.users.len() > AT_ONCE {
            return Err(Refused::Problem(Problem::MALFORMED));
        }
        let users: BTreeSet<_> = asked.body.users.iter().copied().collect();
        let directory = listed::current(&cx, &mut *cx.pool.acquire().await?).await?;
        Ok(PeopleAnswer {
            people: directory.people(&users),
        })
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn certificates(
    State(cx): State<Context>,
    asked: Asked<Certificates>,
) -> Result<Cbor<CertificatesAnswer>, Problem> {
    let answer = async || {
        if asked.body.devices.len() > AT_ONCE {
            return Err(Refused::Problem(Problem::MALFORMED));
        }
        let ids: Vec<Uuid> = asked.body.devices.iter().map(|id| id.uuid()).collect();
        let rows: Vec<(Vec<u8>,)> =
            sqlx::query_as("SELECT certificate FROM device WHERE id = ANY($1) ORDER BY id")
                .bind(ids)
                .fetch_all(&cx.pool)
                .await?;
        Ok(CertificatesAnswer {
            certificates: rows
                .into_iter()
                .map(|(certificate,)| serde_bytes::ByteBuf::from(certificate))
                .collect(),
        })
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

/// People or devices in one request.
const AT_ONCE: usize = 500;

/// People that a search shows.
const FOUND: usize = 50;

/// Bytes that one types to find somebody.
pub(super) const TYPED: usize = 200;
