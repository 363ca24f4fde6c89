//! The chores of Baton and, as a library, the local stack they stand on: the tests that cross parts start, kill and
//! restart PostgreSQL, the OpenID provider, the record and the edge through [`stack`].
//!
//! | module | what it does |
//! | --- | --- |
//! | [`project`] | where things are: the checkout, the build folder, the cache that outlives a checkout |
//! | [`progress`], [`run`] | a line for each step, and commands whose failure says what they were |
//! | [`tools`] | installs what the build needs, once, at pinned versions |
//! | [`app_build`], [`edge_build`], [`record_build`] | the app, the edge and the record, ready to serve |
//! | [`stack`] | the parts as processes |
//! | [`up`], [`demo`], [`test`], [`bench`], [`shots`] | the commands |

#![expect(
    clippy::print_stdout,
    reason = "talking to the person at the terminal is what this crate is for"
)]

pub mod app_build;
pub mod bench;
pub mod demo;
pub mod edge_build;
pub mod progress;
pub mod project;
pub mod record_build;
pub mod run;
pub mod shots;
pub mod stack;
pub mod test;
pub mod tools;
pub mod up;
