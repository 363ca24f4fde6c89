//! The Oblivious HTTP relay (RFC 9458 §5.3): passes sealed requests on to the record and tells it nothing else.
//!
//! Only the body goes through, with a content type and the edge's own service token: no address, no cookie, no agent, no
//! language. A sealed request is never sent twice, since the record refuses replays.

use baton_core::service::OHTTP_PATH;
use worker::{Response, ResponseBuilder};

use crate::limit::{OBLIVIOUS_BYTES, OBLIVIOUS_TIMEOUT};
use crate::record::{Record, RecordError};
use crate::refuse::Refusal;
use crate::runtime::{refuse, with_headers};

/// Passes one sealed request on.
pub(crate) async fn relay(record: &Record, sealed: &[u8]) -> Response {
    if sealed.is_empty() {
        return refuse(Refusal::BodyMalformed, None);
    }
    if sealed.len() > OBLIVIOUS_BYTES {
        return refuse(Refusal::BodyTooLarge, None);
    }
    match record
        .once(OHTTP_PATH, "message/ohttp-req", sealed, OBLIVIOUS_TIMEOUT)
        .await
    {
        Ok(answer) => {
            let answer = ResponseBuilder::new().with_status(200).fixed(answer);
            with_headers(
                answer,
                vec![
                    ("content-type", "message/ohttp-res".to_owned()),
                    ("cache-control", "no-store".to_owned()),
                ],
            )
        }
        Err(RecordError::Refused { status: 413 }) => refuse(Refusal::BodyTooLarge, None),
        // RFC 9458 §5.2: a key configuration that the record no longer has is the client's to mend.
        Err(RecordError::Refused {
            status: 400 | 401 | 415 | 422,
        }) => refuse(Refusal::BodyMalformed, None),
        Err(error) => refuse(Refusal::RecordUnavailable, Some(error.wait())),
    }
}
