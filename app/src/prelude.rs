//! What a screen is written with: leptos' prelude, with parts of ours in the place of those that leptos compiles for each type
//! (ADR 14).

pub use leptos::prelude::*;

pub use crate::part::attributes::{
    AriaAttributes, ClassAttribute, GlobalAttributes, OnAttribute, OnTargetAttribute, PropAttribute,
};
