//! Parts that several screens use.

pub mod add_to_list;
pub mod attributes;
pub mod banner;
pub mod confirm_patient;
pub mod consent;
pub mod derived;
pub mod dialog;
pub mod drawn;
pub mod find_patients;
pub mod find_people;
pub mod icon;
pub mod kept;
pub mod media;
pub mod patient;
pub mod person;
pub mod plain;
pub mod press;
pub mod rows;
pub mod tabs;
