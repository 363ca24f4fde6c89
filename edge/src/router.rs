//! Where a request goes, decided by its head alone: everything that can be refused is refused here, before any object
//! is woken or a body is read.

use baton_core::service::{PUBLISH_PATH, REVOKE_PATH};

use crate::limit::{OBLIVIOUS_BYTES, PUBLISH_BYTES};
use crate::refuse::Refusal;

/// The head of a request, as far as it decides.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head<'a> {
    /// The method.
    pub(crate) method: &'a str,
    /// The path of the URL.
    pub(crate) path: &'a str,
    /// The query of the URL, without its question mark.
    pub(crate) query: &'a str,
    /// The authority of the URL, which is the `Host` header.
    pub(crate) host: &'a str,
    /// `Upgrade`.
    pub(crate) upgrade: Option<&'a str>,
    /// `Origin`.
    pub(crate) origin: Option<&'a str>,
    /// `Content-Type`.
    pub(crate) content_type: Option<&'a str>,
    /// `Content-Length`.
    pub(crate) content_length: Option<&'a str>,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// A file or a page of the app; true for `HEAD`.
    Asset {
        /// Only the headers.
        head: bool,
    },
    /// Alive.
    Health,
    /// Counters, for the record's service.
    Metrics,
    /// A sealed request, to be passed on to the record.
    Oblivious,
    /// Entries and changes from the record.
    Publish,
    /// An order from the record to end a device.
    Revoke,
    /// A WebSocket for the gateway of this number.
    Socket {
        /// The gateway number that the device names.
        gateway: u8,
    },
}

/// Decides.
pub(crate) fn route(head: &Head<'_>) -> Result<Route, Refusal> {
    match head.path {
        "/healthz" => head.methods(&["GET", "HEAD"]).map(|()| Route::Health),
        "/edge-metrics" => head.methods(&["GET"]).map(|()| Route::Metrics),
        "/ohttp" => {
            head.methods(&["POST"])?;
            if head.content_type != Some("message/ohttp-req") {
                return Err(Refusal::ContentType);
            }
            head.at_most(OBLIVIOUS_BYTES).map(|()| Route::Oblivious)
        }
        "/socket" => {
            head.methods(&["GET"])?;
            if !head
                .upgrade
                .is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
            {
                return Err(Refusal::UpgradeExpected);
            }
            if !head.is_own_origin() {
                return Err(Refusal::Origin);
            }
            head.gateway().map(|gateway| Route::Socket { gateway })
        }
        PUBLISH_PATH => {
            head.methods(&["POST"])?;
            head.at_most(PUBLISH_BYTES).map(|()| Route::Publish)
        }
        REVOKE_PATH => {
            head.methods(&["POST"])?;
            head.at_most(REVOKE_BYTES).map(|()| Route::Revoke)
        }
        _ => {
            head.methods(&["GET", "HEAD"])?;
            Ok(Route::Asset {
                head: head.method == "HEAD",
            })
        }
    }
}

impl Head<'_> {
    fn methods(&self, allowed: &[&str]) -> Result<(), Refusal> {
        if allowed.contains(&self.method) {
            Ok(())
        } else {
            Err(Refusal::Method)
        }
    }

    /// A body without a length is measured when it is read.
    fn at_most(&self, limit: usize) -> Result<(), Refusal> {
        match self.content_length.map(str::parse::<usize>) {
            Some(Ok(length)) if length > limit => Err(Refusal::BodyTooLarge),
            Some(Err(_)) => Err(Refusal::BodyMalformed),
            Some(Ok(_)) | None => Ok(()),
        }
    }

    /// Browsers always name the page's origin; it must be ours. The scheme is not compared, since TLS may end before
    /// us. What is no browser names none and cannot be made to send a person's secrets by a page.
    fn is_own_origin(&self) -> bool {
        let Some(origin) = self.origin else { return true };
        origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(self.host))
    }

    fn gateway(&self) -> Result<u8, Refusal> {
        self.query
            .split('&')
            .find_map(|pair| pair.strip_prefix("g="))
            .and_then(|number| number.parse().ok())
            .ok_or(Refusal::GatewayNumber)
    }
}

/// An order to revoke: two ids and a signed statement.
const REVOKE_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Head<'_> {
        Head {
            method: "GET",
            path,
            host: "baton.example",
            ..Head::default()
        }
    }

    fn post(path: &str) -> Head<'_> {
        Head {
            method: "POST",
            ..get(path)
        }
    }

    fn socket<'a>() -> Head<'a> {
        Head {
            upgrade: Some("websocket"),
            query: "g=7",
            ..get("/socket")
        }
    }

    #[test]
    fn every_door_leads_where_it_should() {
        assert_eq!(route(&get("/")), Ok(Route::Asset { head: false }));
        assert_eq!(
            route(&Head {
                method: "HEAD",
                ..get("/a.js")
            }),
            Ok(Route::Asset { head: true })
        );
        assert_eq!(route(&get("/healthz")), Ok(Route::Health));
        assert_eq!(route(&get("/edge-metrics")), Ok(Route::Metrics));
        assert_eq!(route(&socket()), Ok(Route::Socket { gateway: 7 }));
        assert_eq!(route(&post(PUBLISH_PATH)), Ok(Route::Publish));
        assert_eq!(route(&post(REVOKE_PATH)), Ok(Route::Revoke));
        let sealed = Head {
            content_type: Some("message/ohttp-req"),
            content_length: Some("900"),
            ..post("/ohttp")
        };
        assert_eq!(route(&sealed), Ok(Route::Oblivious));
    }

    #[test]
    fn a_wrong_method_is_refused_at_every_door() {
        for path in ["/", "/healthz", "/edge-metrics", "/socket"] {
            assert_eq!(route(&post(path)), Err(Refusal::Method), "{path}");
        }
        for path in ["/ohttp", PUBLISH_PATH, REVOKE_PATH] {
            assert_eq!(route(&get(path)), Err(Refusal::Method), "{path}");
        }
    }

    #[test]
    fn a_socket_needs_an_upgrade_our_own_page_and_a_gateway() {
        assert_eq!(
            route(&Head {
                upgrade: None,
                ..socket()
            }),
            Err(Refusal::UpgradeExpected)
        );
        let from = |origin| {
            route(&Head {
                origin: Some(origin),
                ..socket()
            })
        };
        assert!(from("https://baton.example").is_ok());
        assert!(from("http://Baton.Example").is_ok());
        for origin in [
            "https://evil.example",
            "null",
            "",
            "https://baton.example.evil",
            "https://baton.example:8443",
        ] {
            assert_eq!(from(origin), Err(Refusal::Origin), "{origin}");
        }
        for query in ["", "g=", "g=256", "g=-1", "g=x", "h=1"] {
            assert_eq!(
                route(&Head { query, ..socket() }),
                Err(Refusal::GatewayNumber),
                "{query}"
            );
        }
    }

    #[test]
    fn a_body_that_is_too_large_or_of_the_wrong_kind_is_not_read() {
        let sealed = |length| Head {
            content_type: Some("message/ohttp-req"),
            content_length: Some(length),
            ..post("/ohttp")
        };
        assert_eq!(route(&sealed("524289")), Err(Refusal::BodyTooLarge));
        assert_eq!(route(&sealed("many")), Err(Refusal::BodyMalformed));
        assert_eq!(
            route(&Head {
                content_type: None,
                ..sealed("1")
            }),
            Err(Refusal::ContentType)
        );
        assert_eq!(
            route(&Head {
                content_length: Some("8388609"),
                ..post(PUBLISH_PATH)
            }),
            Err(Refusal::BodyTooLarge)
        );
    }
}
