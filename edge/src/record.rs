//! The client of the record: service identity, time-outs, retries, and a circuit breaker.
//!
//! Tried again is only what is worth it: 429, 5xx and broken connections, a few times with full jitter, and only calls
//! that may arrive twice (all but sealed requests: an operation's id is unique in its space). While the record is down
//! the breaker answers at once, so that devices are told to wait instead of queueing here.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use baton_core::cbor;
use baton_core::service::{
    APPEND_PATH, AUTHORISE_PATH, Append, AppendAnswer, Authorise, AuthoriseAnswer, ENTRIES_PATH, Entries,
    EntriesAnswer, SEEN_PATH, Seen, SeenAnswer,
};
use baton_core::time::At;
use serde::{Serialize, de::DeserializeOwned};
use worker::js_sys::{Uint8Array, global};
use worker::wasm_bindgen::JsCast as _;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{console_warn, web_sys};

use crate::limit::RECORD_TIMEOUT;
use crate::refuse::count;
use crate::runtime::{jitter, now, sleep, within};
use crate::settings::Settings;
use crate::token;

mod breaker;

use breaker::{Breaker, Turn};

thread_local! {
    static BREAKER: RefCell<Breaker> = const { RefCell::new(Breaker::new()) };
    static TOKEN: RefCell<Option<(Rc<str>, At)>> = const { RefCell::new(None) };
}

/// The record, as the edge sees it.
#[derive(Clone)]
pub(crate) struct Record {
    settings: Rc<Settings>,
}

impl Record {
    /// The record of these settings.
    pub(crate) fn new(settings: Rc<Settings>) -> Self {
        Self { settings }
    }

    /// Appends a batch. What it answers as appended is durable.
    pub(crate) async fn append(&self, batch: &Append) -> Result<AppendAnswer, RecordError> {
        self.ask(APPEND_PATH, batch).await
    }

    /// Asks whether a device may listen and write.
    pub(crate) async fn authorise(&self, who: &Authorise) -> Result<AuthoriseAnswer, RecordError> {
        self.ask(AUTHORISE_PATH, who).await
    }

    /// Reads a part of a log.
    pub(crate) async fn entries(&self, part: &Entries) -> Result<EntriesAnswer, RecordError> {
        self.ask(ENTRIES_PATH, part).await
    }

    /// Keeps cursors.
    pub(crate) async fn seen(&self, seen: &Seen) -> Result<SeenAnswer, RecordError> {
        self.ask(SEEN_PATH, seen).await
    }

    /// Sends bytes once and gives the answer's bytes.
    pub(crate) async fn once(
        &self,
        path: &str,
        content_type: &str,
        body: &[u8],
        limit: Duration,
    ) -> Result<Vec<u8>, RecordError> {
        if let Turn::Wait(wait) = BREAKER.with_borrow_mut(|breaker| breaker.turn(now())) {
            count("record-circuit-open");
            return Err(RecordError::Waiting { wait });
        }
        let answered = within(limit, self.send(path, content_type, body))
            .await
            .unwrap_or(Err(RecordError::TimedOut));
        let failed = answered.as_ref().is_err_and(RecordError::is_worth_retrying);
        let opened = BREAKER.with_borrow_mut(|breaker| breaker.learn(failed, now(), jitter(1_000)));
        if opened {
            console_warn!("The record does not answer; devices are told to wait.");
        }
        if let Err(error) = &answered {
            count(error.name());
        }
        answered
    }

    async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, RecordError> {
        let body = cbor::to_bytes(question);
        let mut tried = 0;
        loop {
            match self.once(path, "application/cbor", &body, RECORD_TIMEOUT).await {
                Ok(answer) => return cbor::from_bytes(&answer).map_err(|_| RecordError::Malformed),
                Err(error) if error.is_worth_retrying() && tried < RETRIES => {
                    sleep(error.pause(tried, jitter(1 << 16))).await;
                    tried += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn send(&self, path: &str, content_type: &str, body: &[u8]) -> Result<Vec<u8>, RecordError> {
        let request = self.request(path, content_type, body)?;
        let abort = AbortOnDrop(web_sys::AbortController::new().map_err(|_| RecordError::Unreachable)?);
        let init = web_sys::RequestInit::new();
        init.set_signal(Some(&abort.0.signal()));
        let scope: web_sys::WorkerGlobalScope = global().unchecked_into();
        let promise = scope.fetch_with_request_and_init(&request, &init);
        let answer = JsFuture::from(promise).await.map_err(|error| {
            console_warn!("DEBUG {path} {} {error:?}", body.len());
            RecordError::Unreachable
        })?;
        let answer: web_sys::Response = answer.dyn_into().map_err(|_| RecordError::Unreachable)?;
        let status = answer.status();
        let after = answer.headers().get("retry-after").ok().flatten();
        let body = answer.array_buffer().map_err(|_| RecordError::Unreachable)?;
        let body = JsFuture::from(body).await.map_err(|_| RecordError::Unreachable)?;
        RecordError::of_status(status, after.as_deref())?;
        Ok(Uint8Array::new(&body).to_vec())
    }

    fn request(&self, path: &str, content_type: &str, body: &[u8]) -> Result<web_sys::Request, RecordError> {
        let build = || {
            let init = web_sys::RequestInit::new();
            init.set_method("POST");
            init.set_body(&Uint8Array::from(body));
            init.set_redirect(web_sys::RequestRedirect::Manual);
            let headers = web_sys::Headers::new()?;
            headers.set("content-type", content_type)?;
            if let Some(token) = self.service_token() {
                headers.set("authorization", &format!("Bearer {token}"))?;
            }
            init.set_headers(&headers);
            web_sys::Request::new_with_str_and_init(&format!("{}{path}", self.settings.record_url), &init)
        };
        build().map_err(|_| RecordError::Unreachable)
    }

    /// The token of now, made anew when a third of its life is left.
    fn service_token(&self) -> Option<Rc<str>> {
        let now = now();
        TOKEN.with_borrow_mut(|kept| {
            if let Some((token, until)) = kept
                && now < *until
            {
                return Some(token.clone());
            }
            let token: Rc<str> = token::make_service(&self.settings.signing_key, now).ok()?.into();
            *kept = Some((token.clone(), now.plus(token::SERVICE_LIFE * 2 / 3)));
            Some(token)
        })
    }
}

/// Ends a fetch that nobody waits for any more.
struct AbortOnDrop(web_sys::AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Why the record did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordError {
    /// It answered something else than was agreed: versions differ.
    #[error("the record's answer is malformed")]
    Malformed,
    /// It will not do this, and asking again does not help.
    #[error("the record refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// It answered 429 or 5xx.
    #[error("the record cannot now, with status {status}")]
    TemporarilyUnable {
        /// The HTTP status.
        status: u16,
        /// Its `Retry-After`, in milliseconds.
        wait: Option<u32>,
    },
    /// It did not answer in time. What was asked may have been done.
    #[error("the record did not answer in time")]
    TimedOut,
    /// No connection, or it broke. What was asked may have been done.
    #[error("the record cannot be reached")]
    Unreachable,
    /// It was down a moment ago; nothing was sent.
    #[error("the record is down; waiting {wait} ms")]
    Waiting {
        /// Milliseconds until it is tried again.
        wait: u32,
    },
}

impl RecordError {
    fn of_status(status: u16, retry_after: Option<&str>) -> Result<(), Self> {
        let wait = retry_after
            .and_then(|text| text.parse::<u32>().ok())
            .map(|seconds| seconds.saturating_mul(1_000));
        match status {
            200..=299 => Ok(()),
            429 | 500..=599 => Err(Self::TemporarilyUnable { status, wait }),
            _ => Err(Self::Refused { status }),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Malformed => "record-malformed",
            Self::Refused { .. } => "record-refused",
            Self::TemporarilyUnable { .. } => "record-unable",
            Self::TimedOut => "record-timed-out",
            Self::Unreachable => "record-unreachable",
            Self::Waiting { .. } => "record-circuit-open",
        }
    }

    fn is_worth_retrying(&self) -> bool {
        match self {
            Self::TemporarilyUnable { .. } | Self::TimedOut | Self::Unreachable => true,
            Self::Malformed | Self::Refused { .. } | Self::Waiting { .. } => false,
        }
    }

    /// How long to pause before trying again: what the record says, else full jitter over a doubling span. `random` is
    /// below 2^16.
    fn pause(&self, tried: u32, random: u32) -> u32 {
        if let Self::TemporarilyUnable { wait: Some(wait), .. } = self {
            return (*wait).min(LONGEST_PAUSE);
        }
        let span = FIRST_PAUSE.saturating_mul(1 << tried.min(8)).min(LONGEST_PAUSE);
        (span.saturating_mul(random & 0xffff) >> 16).max(10)
    }

    /// How long a device is told to wait, in milliseconds.
    pub(crate) fn wait(&self) -> u32 {
        match self {
            Self::Waiting { wait } | Self::TemporarilyUnable { wait: Some(wait), .. } => (*wait).max(200),
            Self::Malformed | Self::Refused { .. } => 5_000,
            Self::TemporarilyUnable { wait: None, .. } | Self::TimedOut | Self::Unreachable => 1_000,
        }
    }
}

/// So often a call is sent again.
const RETRIES: u32 = 3;

/// The span of the first pause, in milliseconds; it doubles each time.
const FIRST_PAUSE: u32 = 100;

/// No pause within a call is longer.
const LONGEST_PAUSE: u32 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        assert_eq!(RecordError::of_status(200, None), Ok(()));
        for status in [429, 500, 502, 503, 504] {
            assert!(
                RecordError::of_status(status, None)
                    .unwrap_err()
                    .is_worth_retrying(),
                "{status}"
            );
        }
        for status in [301, 400, 401, 403, 404, 413, 422] {
            assert!(
                !RecordError::of_status(status, None)
                    .unwrap_err()
                    .is_worth_retrying(),
                "{status}"
            );
        }
        assert!(RecordError::Unreachable.is_worth_retrying() && RecordError::TimedOut.is_worth_retrying());
        assert!(!RecordError::Malformed.is_worth_retrying());
    }

    #[test]
    fn pauses_double_with_jitter_and_obey_the_record() {
        assert_eq!(RecordError::Unreachable.pause(0, 0xffff), 99);
        assert_eq!(RecordError::Unreachable.pause(1, 0xffff), 199);
        assert_eq!(RecordError::Unreachable.pause(30, 0xffff), 1_999);
        assert_eq!(RecordError::Unreachable.pause(5, 0), 10);
        let asked = RecordError::of_status(503, Some("1")).unwrap_err();
        assert_eq!((asked.pause(0, 0), asked.wait()), (1_000, 1_000));
    }
}
