//! CBOR bodies.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Reads a body.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    baton_core::cbor::from_bytes(body).map_err(|_| Problem::MALFORMED)
}

/// An answer in CBOR, never cached.
pub struct Cbor<T>(pub T);

impl<T: Serialize> IntoResponse for Cbor<T> {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(baton_core::cbor::to_bytes(&self.0)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Done, with nothing to say.
pub fn no_content() -> Response<Body> {
    StatusCode::NO_CONTENT.into_response()
}
