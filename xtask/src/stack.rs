//! The local stack: each part as a process that can be started, stopped, killed and started again in its place.

pub mod keys;
pub mod ports;
pub mod postgres;
pub mod process;
