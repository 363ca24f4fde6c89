//! What stands in the way of a visit: each with its own words, which say what to do.

use crate::part::drawn::view;
use crate::prelude::*;

use crate::app::baton;
use crate::page::sign_in::Outside;
use crate::part::plain::{PRIMARY, button, told};
use crate::session::AskError;
use crate::session::sign_in::SignInError;

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The browser does not open what it keeps at this moment.
    Busy,
    /// The person turned back at the identity provider.
    Cancelled,
    /// This device's clock is too far off.
    Clock,
    /// The app's configuration does not fit the app.
    Deployment,
    /// There is no room on the device.
    Full,
    /// The session ended: time, or signed out elsewhere.
    Ended,
    /// The identity provider reported an error, or the record did not take its answer.
    Identity,
    /// What was kept here was kept for too long without contact with the record.
    LeaseEnded,
    /// The way of signing in is not strong enough for this record.
    Level,
    /// The browser has given up what was kept here.
    Lost,
    /// The browser keeps nothing for this site.
    NoStorage,
    /// The person is not in the record's directory.
    NotInDirectory,
    /// The device was revoked.
    Revoked,
    /// The answer belongs to no sign-in of this tab.
    Stale,
    /// The record cannot be reached.
    Unreachable,
    /// The record's answer makes no sense to this app.
    Version,
}

impl Problem {
    /// Why signing in failed.
    pub fn from_sign_in(error: &SignInError) -> Self {
        match error {
            SignInError::Ask(ask) => Self::from_ask(ask, Self::Identity),
            SignInError::Cancelled => Self::Cancelled,
            SignInError::NoStorage => Self::NoStorage,
            SignInError::Provider => Self::Identity,
            SignInError::Stale => Self::Stale,
        }
    }

    /// Why a session could not be carried on.
    pub fn from_session(error: &AskError) -> Self {
        Self::from_ask(error, Self::Ended)
    }

    fn from_ask(error: &AskError, other: Self) -> Self {
        match error {
            AskError::Malformed => Self::Version,
            AskError::Refused { reason, .. } => Self::from_reason(reason).unwrap_or(if error.is_passing() {
                Self::Unreachable
            } else {
                other
            }),
            AskError::Unreachable => Self::Unreachable,
        }
    }

    /// The reasons of the record's problem documents that have a page of their own.
    fn from_reason(reason: &str) -> Option<Self> {
        Some(match reason {
            "acr" | "authentication-level" | "level" => Self::Level,
            "clock" | "skew" | "time" | "wrong-time" => Self::Clock,
            "device-revoked" | "revoked" => Self::Revoked,
            "no-such-person" | "not-in-directory" | "unknown-person" => Self::NotInDirectory,
            _ => return None,
        })
    }

    fn title(self) -> &'static str {
        match self {
            Self::Busy => "This browser does not open what it keeps",
            Self::Cancelled => "You did not finish signing in",
            Self::Clock => "This device’s clock is wrong",
            Self::Deployment => "Baton is not set up correctly",
            Self::Ended => "Your session has ended",
            Self::Full => "This device is full",
            Self::Identity => "Signing in did not work",
            Self::LeaseEnded => "This device was offline for too long",
            Self::Level => "A stronger way of signing in is needed",
            Self::Lost => "What Baton kept here is gone",
            Self::NoStorage => "Your browser does not let Baton sign you in",
            Self::NotInDirectory => "You are not in the directory yet",
            Self::Revoked => "This device was signed out for you",
            Self::Stale => "This sign-in was started somewhere else",
            Self::Unreachable => "Baton cannot be reached",
            Self::Version => "This page is out of date",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Busy => {
                "Close other tabs of Baton, then try again. If that does not help, close the browser and open it again. Nothing that was written here is lost."
            }
            Self::Cancelled => "Nothing has changed. Sign in when you are ready.",
            Self::Clock => {
                "Its time is more than 5 minutes from the record’s, so signing in would not be safe. Set the clock of this device, then try again."
            }
            Self::Deployment => {
                "This is not your mistake. Tell your IT service desk that the configuration of Baton could not be read."
            }
            Self::Ended => {
                "Sessions end after a while so that nobody else can carry on in your name. Sign in again. Messages that were sent are safe."
            }
            Self::Full => {
                "There is no room to open Baton. Free some space on it, then try again. Nothing that was written here is lost."
            }
            Self::Identity => {
                "Your organisation’s sign-in service, or the record, did not accept the sign-in. Try again. If it happens again, tell your IT service desk."
            }
            Self::LeaseEnded => {
                "So that a lost device tells nobody anything, what it kept was erased. Anything that you wrote and that was not sent is still here, and is sent when you sign in."
            }
            Self::Level => "This record asks for two-step or smartcard sign-in. Sign in again in that way.",
            Self::Lost => {
                "This browser has deleted it. What was sent is safe, and comes back when you sign in. What you wrote here and had not sent is lost: write it again."
            }
            Self::NoStorage => {
                "It blocks storage for this site, even for this tab. Allow it for this site, or use another browser, then try again."
            }
            Self::NotInDirectory => {
                "You have signed in, but your organisation has not added you to Baton’s directory. Ask your team’s administrator or your IT service desk to add you."
            }
            Self::Revoked => {
                "You or an administrator did this, and everything on it was erased. If you did not expect this, speak to your IT service desk before you sign in again."
            }
            Self::Stale => "It may come from another tab, or from an earlier try. Sign in again in this tab.",
            Self::Unreachable => {
                "There may be no network, or the record may be down. Check this device’s connection, then try again. For anything urgent, use the telephone."
            }
            Self::Version => {
                "A newer version of Baton may have been put in place. Reload this page. If that does not help, tell your IT service desk."
            }
        }
    }

    /// Whether to begin anew (true), or to sign in (false).
    fn begins_anew(self) -> bool {
        match self {
            Self::Busy | Self::Deployment | Self::Full | Self::Unreachable | Self::Version => true,
            Self::Cancelled
            | Self::Clock
            | Self::Ended
            | Self::Identity
            | Self::LeaseEnded
            | Self::Level
            | Self::Lost
            | Self::NoStorage
            | Self::NotInDirectory
            | Self::Revoked
            | Self::Stale => false,
        }
    }
}

/// Says what stands in the way and what to do.
#[component]
pub fn ProblemPage(
    /// What.
    problem: Problem,
) -> impl IntoView {
    let baton = baton();
    let way_on = if problem.begins_anew() {
        button(PRIMARY, "Try again", "", crate::web::reload)
    } else {
        button(PRIMARY, "Sign in again", "", move || baton.sign_in())
    };
    view! {
        <Outside>
            <h1 class="baton-outside-page__title">{problem.title()}</h1>
            {told("", "alert", problem.advice())}
            <div class="baton-buttons">{way_on}</div>
        </Outside>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_the_record_has_its_own_page() {
        let refused = |status, reason: &str| AskError::Refused {
            status,
            reason: reason.to_owned(),
        };
        let page = |error| Problem::from_sign_in(&SignInError::Ask(error));
        assert_eq!(page(refused(403, "not-in-directory")), Problem::NotInDirectory);
        assert_eq!(page(refused(400, "nonce")), Problem::Identity);
        assert_eq!(page(refused(503, "")), Problem::Unreachable);
        assert_eq!(page(AskError::Unreachable), Problem::Unreachable);
        assert_eq!(Problem::from_session(&refused(401, "")), Problem::Ended);
    }
}
