//! The relay of Baton, for the Workers runtime (`workerd` on one's own machines, or Cloudflare's network).
//!
//! It serves the app, holds the devices' WebSockets, passes sealed operations to the record and what the record made of
//! them to everybody who listens, and relays sealed requests (Oblivious HTTP). It sees opaque ids, sizes and times. It is
//! built with the `wire` part of `baton-core` only, so there is no code in it that could open anything; and it keeps no
//! content, not even sealed: recent entries are in memory, on disk is who listens where.
//!
//! # Doors
//!
//! | request | from | what |
//! | --- | --- | --- |
//! | `GET /socket?g=<0..255>` | devices | a WebSocket; see below |
//! | `POST /ohttp` | devices | `message/ohttp-req`, passed on to the record |
//! | `POST /record/publish`, `/record/revoke` | the record | CBOR, with its service token |
//! | `GET /edge-metrics` | the record's service token | counters of one isolate, by name |
//! | `GET /healthz` | anybody | alive |
//! | `GET` anything else | browsers | the app, with strict headers; paths without an extension are the page |
//!
//! # How a device connects
//!
//! `g` is [`derive_gateway`](baton_core::service::derive_gateway) of its user's id. Frames are binary; the first, within ten
//! seconds, is `Hello` with a relay token and the protocol's version, answered with `Welcome`; what follows need not wait
//! for that. Keep-alive is the text `ping`, answered with the text `pong`; any other text closes the socket. A socket lives
//! an hour after its last `Hello` (a device may say it again with a fresh token to stay), then is closed as
//! `session-over`. The gateway checks that `g` is the token's user's.
//!
//! A socket is closed with a code and a name: [`refuse::Refusal`]. Codes below 4500 are the device's to mend (a fresh token,
//! a newer version); with 4500 and above, and with 4410, 4429, 4430 and 4440, it connects again after a pause. `Busy` says
//! that one frame, or what was asked of one space, was not taken, and how long to wait.
//!
//! # Parts
//!
//! `router` decides by a request's head and `serve` carries that out; `gateway` holds sockets, one object per shard of the
//! users; `space` orders and fans out, one object per space; `record` asks the record. Objects are shells: what they do is decided in types
//! without the runtime, which are tested natively.

#![deny(clippy::expect_used)]

use worker::{Context, Env, Request, Response, event};

mod asset;
#[expect(missing_docs, reason = "what `durable_object` adds")]
mod gateway;
mod limit;
mod oblivious;
mod record;
pub mod refuse;
mod router;
mod runtime;
mod serve;
mod settings;
#[expect(missing_docs, reason = "what `durable_object` adds")]
mod space;
mod token;

pub use gateway::Gateway;
pub use space::Space;

/// Answers a request.
#[event(fetch)]
pub async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
    serve::serve(request, &env).await
}
