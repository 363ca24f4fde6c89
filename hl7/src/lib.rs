//! HL7 v2 messages, as hospital systems send them: who was admitted, moved, discharged, merged (ADT), and whose results
//! are there (ORU).
//!
//! Pure: bytes, times and ids are arguments, there is no I/O, and no bytes from outside can make it panic. Whoever listens
//! feeds what arrives to an [`mllp::Decoder`], parses each block into a [`Message`], reads it as an [`adt::Adt`] or an
//! [`oru::Oru`], as its [`Kind`] is, and answers with what [`ack`] makes.
//!
//! ```
//! use baton_hl7::{Limits, Message, adt::{Adt, Event}};
//!
//! let bytes = b"MSH|^~\\&|PAS|RX1|BATON|RX1|202601150930||ADT^A01|42|P|2.4\r\
//!     EVN|A01|202601150930\r\
//!     PID|1||9990000018^^^NHS^NH~A123^^^RX1^MR||Test^Ada^^^Mrs||19450714|F\r\
//!     PV1|1|I|WARD1^BAY2^BED3\r";
//! let message = Message::parse(bytes, Limits::ADT)?;
//! let adt = Adt::read(&message)?;
//! assert_eq!(adt.event, Event::Admitted);
//! assert_eq!(adt.persons[0].patient.nhs_numbers().count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what it is |
//! | --- | --- |
//! | [`mllp`] | blocks of bytes out of a stream and into one |
//! | [`message`], [`segment`], [`field`] | a message and its parts, as views |
//! | [`separators`], [`charset`], [`escape`], [`time`], [`version`] | how parts are written |
//! | [`kind`] | which of the two a message is |
//! | [`adt`] | what happened to whom, typed |
//! | [`oru`] | reports of results, of whom, how final and how grave |
//! | [`ack`] | acknowledgements, in original and enhanced mode |
//! | [`fault`], [`personal`] | what is wrong, without content; what is never shown |

pub mod ack;
pub mod adt;
pub mod charset;
pub mod escape;
pub mod fault;
pub mod field;
pub mod kind;
pub mod message;
pub mod mllp;
pub mod oru;
pub mod personal;
pub mod segment;
pub mod separators;
pub mod time;
pub mod version;

pub use fault::{Condition, Fault, Location};
pub use kind::Kind;
pub use message::{Limits, Message, ParseError};
pub use personal::{Personal, Said};
pub use separators::Separators;
pub use time::{Precision, Timestamp};
pub use version::Version;
