//! A message as it came: whose it is, what it is known again by, and what it says. Pure.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::time::At;
use baton_hl7::adt::{self, Adt};
use baton_hl7::oru::Oru;
use baton_hl7::{Kind, Limits, Message};
use sha2::{Digest, Sha256};

use super::feed::Feed;
use super::map::{Mapped, map, map_reports};
use super::reason::Reason;
use crate::config::{Hl7Config, Processing};
use crate::context::Context;

/// A message that was read.
pub(super) struct Reading<'a> {
    /// All of it.
    pub(super) bytes: &'a [u8],
    /// When it came.
    pub(super) at: At,
    /// Whose it is.
    pub(super) feed: Feed,
    /// What it is known again by.
    pub(super) key: Key,
    /// What it says, or why that is not taken.
    pub(super) content: Result<Mapped, Reason>,
}

/// What a message is known again by, as keyed hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Of its control id (MSH-10); of all of it, where it has none.
    pub(super) control: [u8; 32],
    /// Of all of it but MSH-7: some systems write that anew when they send a message again.
    pub(super) digest: [u8; 32],
}

/// The fields of a header by which a message is known, out of its bytes: also of one that is otherwise unreadable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// MSH-3, its first component, else its second.
    pub(super) application: String,
    /// MSH-4, likewise.
    pub(super) facility: String,
    /// MSH-10; empty if there is none.
    pub(super) control_id: String,
}

impl<'a> Reading<'a> {
    /// Reads a message. Of whoever sent it nothing is demanded here: see [`is_expected`].
    pub(super) fn of(cx: &Context, bytes: &'a [u8]) -> Self {
        Self::of_kept(cx, bytes, cx.now())
    }

    /// Reads a message that came before.
    pub(super) fn of_kept(cx: &Context, bytes: &'a [u8], at: At) -> Self {
        let (header, digest) = header(bytes);
        let feed = Feed::of(&cx.keys, &header);
        let digest = cx.keys.derive_lookup("hl7.message", &[feed.name(), &digest]);
        let control = if header.control_id.is_empty() {
            digest
        } else {
            let parts = [feed.name(), header.control_id.as_str()];
            cx.keys.derive_lookup("hl7.control", &parts)
        };
        Self {
            bytes,
            at,
            feed,
            key: Key { control, digest },
            content: content(&cx.config.hl7, bytes, at),
        }
    }

    /// The key of a message whose control id is another message's.
    pub(super) fn other_key(&self) -> Key {
        Key {
            control: self.key.digest,
            ..self.key
        }
    }
}

/// Whether messages of a feed are taken.
pub(super) fn is_expected(config: &Hl7Config, feed: &Feed) -> bool {
    config.feeds.is_empty() || config.feeds.iter().any(|name| name == feed.name())
}

/// What a message says.
pub(super) fn content(config: &Hl7Config, bytes: &[u8], now: At) -> Result<Mapped, Reason> {
    let limits = Limits {
        bytes: config.max_message_bytes,
        ..Limits::ORU
    };
    let message = Message::parse(bytes, limits).map_err(Reason::Parse)?;
    if Kind::of(&message) == Kind::Oru {
        let oru = Oru::read(&message).map_err(Reason::Adt)?;
        is_taken(config, &oru.header.processing)?;
        return Ok(map_reports(&oru, now));
    }
    let adt = Adt::read(&message).map_err(Reason::Adt)?;
    is_taken(config, &adt.header.processing)?;
    map(&adt, now)
}

/// Whether messages for this kind of use are taken.
fn is_taken(config: &Hl7Config, processing: &adt::Processing) -> Result<(), Reason> {
    let is_taken = match processing {
        adt::Processing::Debugging => config.processing == Processing::Debugging,
        adt::Processing::Training => config.processing == Processing::Training,
        adt::Processing::Production | adt::Processing::Unknown => config.processing == Processing::Production,
    };
    if is_taken { Ok(()) } else { Err(Reason::Processing) }
}

/// The header, and the digest of all but MSH-7.
fn header(bytes: &[u8]) -> (Header, String) {
    let bytes = bytes.trim_ascii();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let end = bytes
        .iter()
        .position(|byte| matches!(byte, b'\r' | b'\n'))
        .unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let separator = line.get(3).copied().filter(|_| line.starts_with(b"MSH"));
    let mut hash = Sha256::new();
    let mut header = Header::default();
    match separator {
        Some(separator) => {
            let component = line.get(4).copied().unwrap_or(b'^');
            for (index, field) in line.split(|byte| *byte == separator).enumerate() {
                match index {
                    2 => header.application = name(field, component),
                    3 => header.facility = name(field, component),
                    9 => header.control_id = text(field),
                    _ => {}
                }
                if index != 6 {
                    hash.update(field);
                }
                hash.update([separator]);
            }
        }
        None => hash.update(line),
    }
    hash.update(rest);
    (header, URL_SAFE_NO_PAD.encode(hash.finalize()))
}

fn name(field: &[u8], component: u8) -> String {
    let mut parts = field.split(|byte| *byte == component).map(text);
    parts.find(|part| !part.is_empty()).unwrap_or_default()
}

fn text(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field.trim_ascii()).into_owned();
    if text == "\"\"" { String::new() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_by_sender_control_id_and_all_but_when_it_was_written() {
        let of = |text: &str| header(text.as_bytes());
        let (known, digest) = of("MSH|^~\\&|PAS^1.2^ISO|RX1|||20260101||ADT^A01|42|P|2.4\rPID|1\r");
        let expected = Header {
            application: "PAS".into(),
            facility: "RX1".into(),
            control_id: "42".into(),
        };
        assert_eq!(known, expected);
        let (_, spaced) = of("MSH|^~\\&|PAS^1.2^ISO|RX1|||20260101||ADT^A01|42|P|2.4\rPID|1\r\r\n");
        assert_eq!(digest, spaced);
        let (_, other) = of("MSH|^~\\&|PAS^1.2^ISO|RX1|||20260101||ADT^A01|42|P|2.4\rPID|2\r");
        assert_ne!(digest, other);
    }

    #[test]
    fn when_it_was_written_is_of_no_account() {
        let of = |text: &str| header(text.as_bytes()).1;
        let one = of("MSH|^~\\&|PAS|RX1|||20260101||ADT^A01|42|P|2.4\rPID|1\r");
        assert_eq!(one, of("MSH|^~\\&|PAS|RX1|||20260102||ADT^A01|42|P|2.4\rPID|1\r"));
        assert_ne!(
            one,
            of("MSH|^~\\&|PAS|RX1|||20260101|X|ADT^A01|42|P|2.4\rPID|1\r")
        );
    }

    #[test]
    fn what_has_no_header_is_known_by_its_bytes() {
        for text in ["", "PID|1", "MSH", "\r\n", "MS"] {
            assert_eq!(header(text.as_bytes()).0, Header::default(), "{text}");
        }
        assert_ne!(header(b"PID|1").1, header(b"PID|2").1);
    }
}
