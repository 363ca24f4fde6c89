//! The record: the care organisation's own service. It holds the log of every space and the keys to it, knows who people
//! are, checks and orders what their devices send, and answers for it.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`config`] | settings from environment and file; every wrong one is named at start |
//! | [`context`] | what every request gets: pool, clock, randomness, keys, caches, counters |
//! | [`serve`] | start-up order, background work, shutdown |
//! | [`edge_api`] | what the edge asks; behind service tokens |
//! | [`device_api`] | what devices ask, out of Oblivious HTTP |
//! | [`log`] | append, entries, snapshots, verify: the only writer of the log |
//! | [`hl7`] | the door for hospital systems: HL7 v2 over MLLP |
//! | [`fhir`] | the door for systems that speak FHIR R4 |
//! | [`keys`] | the key-encryption key; space keys, wrapped, by epoch |
//! | [`patients`] | the index of patients: what feeds say of them, and finding them |
//! | [`people`] | the directory, and devices |
//! | [`patients`] | which spaces speak about which patients |
//! | [`roles`] | who is on call now, over all teams |
//! | [`photos`] | photos of messages, as devices sealed them |
//! | [`spaces`] | new conversations and teams |
//! | [`identity`] | the OpenID Connect client |
//! | [`notice`] | telling the edge what it did not cause |
//! | [`ops`] | health, readiness, metrics |

pub mod config;
pub mod context;
pub mod device_api;
pub mod edge_api;
pub mod fhir;
pub mod hl7;
pub mod http;
pub mod identity;
pub mod keys;
pub mod log;
pub mod metrics;
pub mod notice;
pub mod ops;
pub mod patients;
pub mod people;
pub mod photos;
pub mod roles;
pub mod serve;
pub mod spaces;
pub mod token;
