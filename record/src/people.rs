//! The directory: who works here, and which devices are theirs. Everything personal is sealed in the database and opened
//! only in memory.

pub mod audit;
pub mod device;
pub mod directory;
pub mod import;
pub mod person;
pub mod vault;
