//! Plain HTTP to loopback: one pool of connections for a whole process.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Reply {
    /// Its body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A place of requests, whose connections die with its runtime.
#[derive(Clone, Debug)]
pub struct Http(Client<HttpConnector, Full<Bytes>>);

impl Http {
    /// One for the runtime that it is used in.
    pub fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }

    /// One that opens a connection for each request: what breaks one connection breaks no other request.
    pub fn one_shot() -> Self {
        let connector = HttpConnector::new();
        Self(
            Client::builder(TokioExecutor::new())
                .pool_max_idle_per_host(0)
                .build(connector),
        )
    }

    /// Sends a request.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Reply> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into()))?;
        let answer = async {
            let answer = self.0.request(request).await?;
            let (head, body) = answer.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok::<_, anyhow::Error>(Reply {
                status: head.status,
                headers: head.headers,
                body,
            })
        };
        tokio::time::timeout(WITHIN, answer)
            .await
            .context("no answer in time")?
    }

    /// Gets something.
    pub async fn get(&self, url: &str) -> Result<Reply> {
        self.send(Method::GET, url, &[], Bytes::new()).await
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

/// Longer than the edge gives the record.
const WITHIN: Duration = Duration::from_secs(40);

/// Names a query's value as it stands in an address (RFC 3986 §2.1).
pub(super) fn encode(text: &str) -> String {
    static HEX: LazyLock<Vec<String>> =
        LazyLock::new(|| (0..=255_u8).map(|byte| format!("%{byte:02X}")).collect());
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => HEX.get(usize::from(byte)).cloned().unwrap_or_default(),
        })
        .collect()
}
