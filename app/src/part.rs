//! Parts that several screens use.

pub mod dialog;
pub mod find_people;
pub mod icon;
pub mod person;
