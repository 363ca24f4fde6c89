//! HL7 v2 messages, as hospital systems send them.
//!
//! Pure: bytes, times and ids are arguments, there is no I/O, and no bytes from outside can make it panic.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`mllp`] | blocks of bytes out of a stream and into one |
//! | [`message`], [`segment`], [`field`] | a message and its parts, as views |
//! | [`separators`], [`charset`], [`escape`], [`time`], [`version`] | how parts are written |
//! | [`fault`], [`personal`] | what is wrong, without content; what is never shown |

pub mod charset;
pub mod escape;
pub mod fault;
pub mod field;
pub mod message;
pub mod mllp;
pub mod personal;
pub mod segment;
pub mod separators;
pub mod time;
pub mod version;

pub use fault::{Condition, Fault, Location};
pub use message::{Limits, Message, ParseError};
pub use personal::{Personal, Said};
pub use separators::Separators;
pub use time::{Precision, Timestamp};
pub use version::Version;
