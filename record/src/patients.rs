//! Patients, as far as the log has to do with them.

pub mod space;
