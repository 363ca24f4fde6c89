//! `Task` (UK Core), to read: tasks of conversations, out of their logs. What is in somebody's own space is told to nobody.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`store`] | which tasks there are |
//! | [`view`] | a task into a resource |

pub mod store;
pub mod view;
