//! What crosses parts: the whole stack with native clients, its faults, its doors, and its speed.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`client`] | a device without a screen: core's sync machine over a real socket and real Oblivious HTTP |
//! | [`clock`] | the one place that reads the machine's clock |
//! | [`demo`], [`history`] | something to look at, and to measure with |
//! | [`door`] | what a stranger can do at a door: raw sockets, tokens of any kind, odd requests |
//! | [`hospital`] | a hospital and its town that do not exist, with their feed |
//! | [`index`] | the index of patients as it stands in the database |
//! | [`log`] | a space's log as it stands in the database |
//! | [`scan`] | whether a stolen disk would tell anything |
//! | [`stage`] | a stack with people and teams, and everybody signed in |
//! | [`bench`] | figures and their references, measured in the same run |

pub mod bench;
pub mod client;
pub mod clock;
pub mod demo;
pub mod door;
pub mod history;
pub mod hospital;
pub mod index;
pub mod log;
pub mod scan;
pub mod stage;
