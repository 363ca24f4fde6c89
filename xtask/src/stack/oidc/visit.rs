//! A visitor without a browser: signs demo staff in at the loopback provider, for native clients in tests and benches.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use ureq::http::{Response, header};
use ureq::{Agent, Body, RequestBuilder};

/// One browser's worth of cookies at the provider: a second visit is not asked who it is.
#[derive(Debug)]
pub struct Visitor {
    agent: Agent,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// Someone whom the provider has not seen.
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false);
        Self {
            agent: Agent::new_with_config(config.build()),
            cookies: BTreeMap::new(),
        }
    }

    /// Goes to an authorization request's address, says to be `subject` when asked, and returns where the provider sends
    /// the browser back to: the redirect URI with `code` and `state`, or with `error`.
    pub fn sign_in(&mut self, authorization_url: &str, subject: &str) -> Result<String> {
        let origin = origin(authorization_url)?;
        let mut next = authorization_url.to_owned();
        for _ in 0..REDIRECTS {
            if !next.starts_with(origin) {
                return Ok(next);
            }
            let path = next.strip_prefix(origin).unwrap_or_default();
            let answer = if path.starts_with("/sign-in/") {
                let cookies = self.cookies();
                let request = self.agent.post(&next).header(header::COOKIE, cookies);
                self.keep_cookies(request.send_form([("subject", subject)])?)
            } else {
                let request = self.agent.get(&next);
                let request: RequestBuilder<_> = request.header(header::COOKIE, self.cookies());
                self.keep_cookies(request.call()?)
            };
            let location = answer
                .headers()
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok());
            let Some(location) = location else {
                bail!("the provider answers {} at {path}", answer.status())
            };
            next = if location.starts_with('/') {
                format!("{origin}{location}")
            } else {
                location.to_owned()
            };
        }
        bail!("the provider sends its visitor round in circles")
    }

    fn cookies(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn keep_cookies(&mut self, answer: Response<Body>) -> Response<Body> {
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie
                .to_str()
                .ok()
                .and_then(|cookie| cookie.split(';').next())
                .and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

impl Default for Visitor {
    fn default() -> Self {
        Self::new()
    }
}

/// `http://host:port` of an address.
fn origin(url: &str) -> Result<&str> {
    let after_scheme = url
        .find("://")
        .context("an authorization request needs a whole address")?
        + 3;
    let rest = url.get(after_scheme..).unwrap_or_default();
    let end = rest.find('/').map_or(url.len(), |slash| after_scheme + slash);
    url.get(..end).context("an authorization request needs a host")
}

const REDIRECTS: usize = 6;
