//! Looking patients up: who is told what is decided in [`crate::patients::access`].

use axum::extract::State;
use axum::http::StatusCode;
use baton_core::device_api::{FindPatients, FoundPatients, OpenPatient, OpenedPatient};

use super::signed_request::Asked;
use super::{NOT_MEMBER, Refused};
use crate::context::Context;
use crate::http::cbor::Cbor;
use crate::http::problem::Problem;
use crate::patients::access::{self, AccessRefusal, REASON_CHARS, TYPED_BYTES};

pub(super) async fn find(
    State(cx): State<Context>,
    asked: Asked<FindPatients>,
) -> Result<Cbor<FoundPatients>, Problem> {
    let answer = async || {
        let typed = asked.body.text.as_str();
        if typed.trim().is_empty() || typed.len() > TYPED_BYTES {
            return Err(Refused::Problem(Problem::MALFORMED));
        }
        access::find(&cx, &asked.device, typed).await?.map_err(refused)
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

pub(super) async fn open(
    State(cx): State<Context>,
    asked: Asked<OpenPatient>,
) -> Result<Cbor<OpenedPatient>, Problem> {
    let answer = async || {
        access::open(&cx, &asked.device, &asked.body)
            .await?
            .map_err(refused)
    };
    answer().await.map(Cbor).map_err(|refused| refused.answer(&cx))
}

fn refused(refusal: AccessRefusal) -> Refused {
    Refused::Problem(match refusal {
        AccessRefusal::NoReason => NO_REASON,
        AccessRefusal::NoSuchPatient => NO_SUCH_PATIENT,
        AccessRefusal::NotAbout => NOT_ABOUT,
        AccessRefusal::NotMember => NOT_MEMBER,
        AccessRefusal::OwnPatientsOnly => OWN_PATIENTS_ONLY,
        AccessRefusal::ReasonTooLong => REASON_TOO_LONG,
        AccessRefusal::TooMany => TOO_MANY,
    })
}

const NO_REASON: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "no-reason",
    "Say why you need to look at this patient.",
);
const NO_SUCH_PATIENT: Problem = Problem::new(
    StatusCode::NOT_FOUND,
    "no-such-patient",
    "There is no such patient.",
);
const NOT_ABOUT: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "not-about",
    "Nothing in this conversation is about this patient.",
);
const OWN_PATIENTS_ONLY: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "own-patients-only",
    "Your organisation lets you look at patients of your own teams and conversations only.",
);
const REASON_TOO_LONG: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "reason-too-long",
    "Say why in at most 500 characters.",
);
const _: () = assert!(REASON_CHARS == 500, "it is what the text above says");
const TOO_MANY: Problem = Problem {
    status: StatusCode::TOO_MANY_REQUESTS,
    reason: "too-many",
    title: "You looked up many patients in a short time. Wait a minute, then try again.",
    retry_after: Some(60),
};
