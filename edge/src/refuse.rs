//! Why the edge refuses: each reason with its name, its close code for a socket and its HTTP status.
//!
//! A name is all that a client, a log or a counter is told. Codes 4400 to 4499 are the sender's to mend, 4500 and up are
//! the edge's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;

use baton_core::frame::FrameError;

macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $close:literal, $status:literal;)*) => {
        /// Why a request, a frame or a socket is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Refusal {
            $($(#[$doc])* $variant,)*
        }

        impl Refusal {
            /// All of them, for the table in the documentation and for tests.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name: what a socket is closed with, a problem document is titled with, a counter is labelled with.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The code that a socket is closed with.
            pub const fn close_code(self) -> u16 {
                match self {
                    $(Self::$variant => $close,)*
                }
            }

            /// The status that a request is answered with.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                }
            }
        }
    };
}

refusals! {
    /// The body is larger than its limit.
    BodyTooLarge = "body-too-large", 4413, 413;
    /// The body is not what the path takes.
    BodyMalformed = "body-malformed", 4400, 400;
    /// Not the content type that the path takes.
    ContentType = "content-type", 4400, 415;
    /// The device reads more slowly than frames come, or the edge lost frames for it: connect again and catch up.
    FellBehind = "fell-behind", 4508, 503;
    /// Something broke here; it is in the log.
    Fault = "fault", 4500, 500;
    /// Not CBOR, not a known frame, truncated, or followed by something.
    FrameMalformed = "frame-malformed", 4400, 400;
    /// A frame, or a part of one, is larger than its limit.
    FrameTooLarge = "frame-too-large", 4413, 413;
    /// `g` is not a number from 0 to 255.
    GatewayNumber = "gateway-number", 4400, 400;
    /// The first frame is not `Hello`.
    HelloExpected = "hello-expected", 4402, 400;
    /// No `Hello` came in time.
    HelloLate = "hello-late", 4408, 408;
    /// The method is not one of the path's.
    Method = "method", 4405, 405;
    /// The WebSocket comes from a page of another origin.
    Origin = "origin", 4407, 403;
    /// The record does not answer, or answers that it cannot.
    RecordUnavailable = "record-unavailable", 4503, 503;
    /// A newer socket of the same device took its place.
    Replaced = "replaced", 4410, 409;
    /// The record revoked this device.
    Revoked = "revoked", 4403, 403;
    /// No token of the record's service, or not a good one.
    ServiceToken = "service-token", 4401, 401;
    /// The socket has lived long enough: connect again with a fresh token.
    SessionOver = "session-over", 4440, 401;
    /// A setting of the edge is missing or wrong; it is in the log.
    Settings = "settings", 4500, 500;
    /// A text frame other than the keep-alive.
    TextFrame = "text-frame", 4415, 400;
    /// The relay token has run out.
    TokenExpired = "token-expired", 4411, 401;
    /// The relay token is not one of the record's.
    TokenRefused = "token-refused", 4401, 401;
    /// Faster than the rate of a device or an address.
    TooFast = "too-fast", 4429, 429;
    /// No items, or more than the limit, in one frame.
    TooManyItems = "too-many-items", 4414, 413;
    /// The gateway, or the address, has all the sockets it may have.
    TooManySockets = "too-many-sockets", 4430, 503;
    /// There is nothing here.
    Unknown = "unknown", 4404, 404;
    /// The path is for WebSockets.
    UpgradeExpected = "upgrade-expected", 4426, 426;
    /// A version of the protocol that the edge does not speak.
    Version = "version", 4427, 400;
    /// `g` is not the number of the token's user.
    WrongGateway = "wrong-gateway", 4421, 421;
}

impl From<FrameError> for Refusal {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Malformed(_) => Self::FrameMalformed,
            FrameError::TooLarge => Self::FrameTooLarge,
            FrameError::TooManyItems => Self::TooManyItems,
        }
    }
}

thread_local! {
    static COUNTS: RefCell<BTreeMap<&'static str, u64>> = const { RefCell::new(BTreeMap::new()) };
}

/// Counts an event of this isolate by its name.
pub(crate) fn count(name: &'static str) {
    COUNTS.with_borrow_mut(|counts| *counts.entry(name).or_default() += 1);
}

/// Writes the counts of this isolate in the Prometheus text format.
pub(crate) fn metrics() -> String {
    let mut text = String::from(
        "# HELP baton_edge_events_total Refusals and other events of this isolate, by name.\n\
         # TYPE baton_edge_events_total counter\n",
    );
    COUNTS.with_borrow(|counts| {
        for (name, value) in counts {
            let _ = writeln!(text, "baton_edge_events_total{{name=\"{name}\"}} {value}");
        }
    });
    text
}

/// Writes a problem document (RFC 9457).
pub(crate) fn problem(refusal: Refusal) -> String {
    format!(
        r#"{{"type":"about:blank","title":"{}","status":{}}}"#,
        refusal.name(),
        refusal.status()
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_refusal_has_a_name_of_its_own_and_codes_that_are_allowed() {
        let names: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.name()).collect();
        assert_eq!(names.len(), Refusal::ALL.len());
        for refusal in Refusal::ALL {
            assert!((4400..4600).contains(&refusal.close_code()), "{refusal:?}");
            assert!((400..600).contains(&refusal.status()), "{refusal:?}");
            // RFC 6455 §5.5: a close reason has at most 123 bytes.
            assert!(refusal.name().len() <= 123);
        }
    }

    #[test]
    fn counts_are_shown_by_name() {
        count("token-refused");
        count("token-refused");
        assert!(metrics().contains("baton_edge_events_total{name=\"token-refused\"} 2\n"));
    }

    #[test]
    fn a_problem_says_no_more_than_its_name() {
        assert_eq!(
            problem(Refusal::Unknown),
            r#"{"type":"about:blank","title":"unknown","status":404}"#
        );
    }
}
