//! The language all parts of Baton share.
//!
//! Everything a person does is a signed, sealed **operation** ([`op::Op`]) on the log of a **space**. The record checks
//! it ([`rule`]), gives it a place in the log (an [`chain::Entry`]), and every device folds the same log into the same
//! [`state::SpaceState`].
//!
//! Nothing here does I/O, reads a clock or draws randomness: `now`, `rng` and ids are arguments. Same input, same
//! bytes, on wasm32 and native.
//!
//! | module | what it is | feature |
//! | --- | --- | --- |
//! | [`id`], [`time`], [`cbor`] | names, moments, the one encoding | `wire` |
//! | [`chain`] | an entry of a log, its hash chain | `wire` |
//! | [`frame`] | what devices and the edge say to each other | `wire` |
//! | [`service`] | what the edge and the record say to each other | `wire` |
//! | [`secret`] | values that never show themselves | `seal` |
//! | [`person`], [`letter`] | staff as the record's directory shows them; the case of letters | `seal` |
//! | [`patient`], [`nhs_number`], [`date`] | patients as the record's index knows them; the rules of the NHS for showing them | `seal` |
//! | [`op`], [`text`], [`state`], [`rule`], [`refusal`] | what people do, what it leads to, what is allowed | `seal` |
//! | [`quick_add`] | a task from one line of text | `seal` |
//! | [`ordered`] | maps, sets and sorting, compiled once for all types | `seal` |
//! | [`photo`] | photos of messages, sealed apart from them | `seal` |
//! | [`seal`], [`snapshot`] | COSE envelopes and keys; folded state as bytes | `seal` |
//! | [`signal`] | cursors, typing notices, refusals on their way | `seal` |
//! | [`device`], [`device_api`] | a device's keys; what it asks the record through Oblivious HTTP | `seal` |
//! | [`oblivious`] | Oblivious HTTP, the client's half | `seal` |
//! | [`search`] | finding messages and people on a device | `seal` |
//! | [`sync`] | the client's sans-I/O state machine | `seal` |
//! | [`vault`] | what a device keeps at rest: its keys, its rows | `seal` |

pub mod cbor;
pub mod chain;
pub mod frame;
pub mod id;
pub mod service;
pub mod time;

#[cfg(feature = "seal")]
mod cose;
#[cfg(feature = "seal")]
pub mod date;
#[cfg(feature = "seal")]
pub mod device;
#[cfg(feature = "seal")]
pub mod device_api;
#[cfg(feature = "seal")]
pub mod letter;
#[cfg(feature = "seal")]
pub mod nhs_number;
#[cfg(feature = "seal")]
pub mod oblivious;
#[cfg(feature = "seal")]
pub mod op;
#[cfg(feature = "seal")]
pub mod ordered;
#[cfg(feature = "seal")]
pub mod patient;
#[cfg(feature = "seal")]
pub mod person;
#[cfg(feature = "seal")]
pub mod photo;
#[cfg(feature = "seal")]
pub mod quick_add;
#[cfg(feature = "seal")]
pub mod refusal;
#[cfg(feature = "seal")]
pub mod rule;
#[cfg(feature = "seal")]
pub mod seal;
#[cfg(feature = "seal")]
pub mod search;
#[cfg(feature = "seal")]
pub mod secret;
#[cfg(feature = "seal")]
pub mod signal;
#[cfg(feature = "seal")]
pub mod snapshot;
#[cfg(feature = "seal")]
pub mod state;
#[cfg(feature = "seal")]
pub mod sync;
#[cfg(feature = "seal")]
pub mod text;
#[cfg(feature = "seal")]
pub mod vault;
