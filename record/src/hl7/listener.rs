//! Listening for hospital systems: how many connections there are, TLS, and ending without leaving anything half answered.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Duration, timeout};
use tokio_rustls::TlsAcceptor;

use super::{connection, tls};
use crate::context::Context;

/// A door that is open.
pub struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
}

/// Opens the door; `None` when nobody is to listen (`BATON_HL7_LISTEN`).
pub async fn bind(cx: &Context) -> Result<Option<Listener>> {
    let config = &cx.config.hl7;
    let Some(address) = config.listen else {
        return Ok(None);
    };
    let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
    let socket = TcpListener::bind(address)
        .await
        .context("the HL7 listener failed (is BATON_HL7_LISTEN in use?)")?;
    if tls.is_none() && !address.ip().is_loopback() {
        tracing::warn!("HL7 messages come unencrypted: BATON_HL7_TLS_CERTIFICATE is not set.");
    }
    Ok(Some(Listener { socket, tls }))
}

impl Listener {
    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        self.socket.local_addr().ok()
    }

    /// Serves until `stop` turns true: then nobody new is let in, a message that has begun to arrive is taken and answered, and
    /// what takes longer than [`DRAIN`] is cut off, unanswered.
    pub async fn serve(self, cx: Context, stop: watch::Receiver<bool>) {
        let slots = Arc::new(Semaphore::new(cx.config.hl7.connections));
        let mut connections = JoinSet::new();
        let mut stopping = stop.clone();
        loop {
            let accepted = tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => break,
                Some(_) = connections.join_next() => continue,
                accepted = self.socket.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // The machine has no socket left, say; it may have one soon.
                tokio::time::sleep(REST).await;
                continue;
            };
            let Ok(slot) = slots.clone().try_acquire_owned() else {
                count_end(&cx, "too-many");
                continue;
            };
            let guest = Guest {
                cx: cx.clone(),
                tls: self.tls.clone(),
                stop: stop.clone(),
                _slot: slot,
            };
            connections.spawn(guest.serve(stream));
        }
        drop(self.socket);
        let all = async { while connections.join_next().await.is_some() {} };
        if timeout(DRAIN, all).await.is_err() {
            tracing::warn!("HL7 connections were cut off; what they were sending is not answered.");
        }
    }
}

/// Somebody who was let in.
struct Guest {
    cx: Context,
    tls: Option<TlsAcceptor>,
    stop: watch::Receiver<bool>,
    _slot: OwnedSemaphorePermit,
}

impl Guest {
    async fn serve(self, stream: TcpStream) {
        // An answer is not held back to be sent with the next one.
        let _ = stream.set_nodelay(true);
        self.cx.metrics.hl7.open.inc();
        let end = match &self.tls {
            None => connection::serve(&self.cx, stream, self.stop.clone())
                .await
                .label(),
            Some(tls) => match timeout(HANDSHAKE, tls.accept(stream)).await {
                Ok(Ok(stream)) => connection::serve(&self.cx, stream, self.stop.clone())
                    .await
                    .label(),
                Ok(Err(_)) | Err(_) => "tls",
            },
        };
        self.cx.metrics.hl7.open.dec();
        count_end(&self.cx, end);
    }
}

fn count_end(cx: &Context, end: &str) {
    cx.metrics.hl7.connections.with_label_values(&[end]).inc();
}

/// How long what was begun may take at the end.
pub const DRAIN: Duration = Duration::from_secs(10);

const HANDSHAKE: Duration = Duration::from_secs(10);
const REST: Duration = Duration::from_millis(100);
