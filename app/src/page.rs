//! The screens: one file a screen, its parts in a folder of the same name.

pub mod conversation;
pub mod device;
pub mod directory;
pub mod handover;
pub mod inbox;
pub mod list;
pub mod members;
pub mod new;
pub mod patient;
pub mod patients;
pub mod problem;
pub mod roles;
pub mod search;
pub mod shell;
pub mod sign_in;
pub mod tasks;
pub mod unlock;
