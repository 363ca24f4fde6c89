//! The Oblivious HTTP gateway (RFC 9458): opens what the edge passed on unread, and hands it to the device API in process.
//! To the edge every answer looks alike: 200, sealed.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use baton_core::seal::pad::bucket;
use baton_core::secret::Secret;
use bhttp::{Message, Mode};
use http_body_util::BodyExt;
use ohttp::hpke::{Aead, Kdf, Kem};
use ohttp::{KeyConfig, Server, SymmetricSuite};
use tower::ServiceExt;

use crate::context::Context;
use crate::http::problem::Problem;

/// Derives the gateway's key.
pub fn server(secret: &Secret<32>) -> Result<Server, ohttp::Error> {
    let suites = vec![
        SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes256Gcm),
        SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm),
    ];
    Server::new(KeyConfig::derive(
        KEY_ID,
        Kem::X25519Sha256,
        suites,
        secret.expose(),
    )?)
}

pub(super) async fn relay(
    State(cx): State<Context>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response<Body>, Problem> {
    let refuse = |reason: &'static str, problem: Problem| {
        cx.metrics.reject("ohttp", reason);
        problem
    };
    if headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes) != Some(REQUEST_TYPE) {
        return Err(refuse("content-type", WRONG_TYPE));
    }
    let body = body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            refuse("too-large", Problem::TOO_LARGE)
        } else {
            refuse("unreadable", Problem::MALFORMED)
        }
    })?;
    let (inner, sealer) = cx
        .oblivious
        .decapsulate(&body)
        .map_err(|error| match reason(&error) {
            "key-id" => refuse("key-id", UNKNOWN_KEY),
            other => refuse(other, Problem::MALFORMED),
        })?;
    let answer = if let Some(request) = request(&inner) {
        dispatch(&cx, request).await
    } else {
        cx.metrics.reject("ohttp", "inner");
        axum::response::IntoResponse::into_response(Problem::MALFORMED)
    };
    let sealed = sealer
        .encapsulate(&binary(answer).await?)
        .map_err(|_| Problem::FAULT)?;
    let mut response = Response::new(Body::from(sealed));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("message/ohttp-res"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn dispatch(cx: &Context, request: Request<Body>) -> Response<Body> {
    match crate::device_api::router(cx.clone()).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Turns binary HTTP (RFC 9292) into a request; only what the device API reads goes along.
fn request(inner: &[u8]) -> Option<Request<Body>> {
    let message = Message::read_bhttp(&mut std::io::Cursor::new(inner)).ok()?;
    let control = message.control();
    let mut request = Request::builder().method(control.method()?).uri(control.path()?);
    for field in message.header().iter() {
        if field.name().starts_with(b"baton-") {
            request = request.header(field.name(), field.value());
        }
    }
    request.body(Body::from(message.content().to_vec())).ok()
}

async fn binary(response: Response<Body>) -> Result<Vec<u8>, Problem> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|_| Problem::FAULT)?.to_bytes();
    let status = head.status.as_u16().try_into().map_err(|_| Problem::FAULT)?;
    let mut message = Message::response(status);
    for name in [header::CONTENT_TYPE, header::RETRY_AFTER] {
        if let Some(value) = head.headers.get(&name) {
            message.put_header(name.as_str(), value.as_bytes());
        }
    }
    message.write_content(&body);
    let mut bytes = Vec::with_capacity(body.len() + 256);
    message
        .write_bhttp(Mode::KnownLength, &mut bytes)
        .map_err(|_| Problem::FAULT)?;
    // Zeros after the message are padding (RFC 9292 §3.8): lengths shall say little, and no refusal look unlike an answer.
    bytes.resize(bucket(bytes.len().max(SMALLEST)), 0);
    Ok(bytes)
}

fn reason(error: &ohttp::Error) -> &'static str {
    match error {
        ohttp::Error::KeyId => "key-id",
        ohttp::Error::Truncated | ohttp::Error::Io(_) => "truncated",
        ohttp::Error::InvalidKem | ohttp::Error::InvalidKeyType | ohttp::Error::Unsupported => "suite",
        ohttp::Error::Aead(_)
        | ohttp::Error::Format
        | ohttp::Error::Hpke(_)
        | ohttp::Error::Internal
        | ohttp::Error::TooManySymmetricSuites => "unopened",
    }
}

const KEY_ID: u8 = 1;
const REQUEST_TYPE: &[u8] = b"message/ohttp-req";

/// No answer is smaller.
const SMALLEST: usize = 512;

/// What a device asks is small, but for a photo ([`baton_core::photo::PHOTO_BYTES`]); the edge has the same limit.
pub const REQUEST_BYTES: usize = 512 * 1024;

const WRONG_TYPE: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "content-type",
    "This path takes message/ohttp-req.",
);

/// RFC 9458 §5.3 gives this failure a type of its own, for which a client fetches the configuration again.
const UNKNOWN_KEY: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "ohttp-key",
    "The key configuration is not this record's.",
);
