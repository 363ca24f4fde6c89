//! Refusals and faults as problem documents (RFC 9457). None holds content, identity, or the inner words of an error.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;

/// A problem document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// What it is, as in `urn:baton:<reason>`.
    pub reason: &'static str,
    /// A sentence for whoever reads it.
    pub title: &'static str,
    /// Seconds until it is worth trying again.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A refusal, which stays one however often it is asked.
    pub const fn new(status: StatusCode, reason: &'static str, title: &'static str) -> Self {
        Self {
            status,
            reason,
            title,
            retry_after: None,
        }
    }

    /// The body is not what this path takes.
    pub const MALFORMED: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "malformed",
        "The request is not what this path takes.",
    );

    /// The body is too large.
    pub const TOO_LARGE: Self = Self::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "The request is too large.",
    );

    /// There is nothing at this path.
    pub const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here.");

    /// Not with this method.
    pub const METHOD: Self = Self::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This path takes POST.",
    );

    /// The record cannot now; trying again is worth while.
    pub const UNAVAILABLE: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        reason: "unavailable",
        title: "The record cannot answer now. Nothing was lost.",
        retry_after: Some(1),
    };

    /// A fault that somebody has to look at.
    pub const FAULT: Self = Self::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "fault",
        "The record has a fault, which its operators were told of.",
    );
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let document = serde_json::json!({
            "type": format!("urn:baton:{}", self.reason),
            "title": self.title,
            "status": self.status.as_u16(),
        });
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
