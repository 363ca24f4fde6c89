//! What is inside: binary HTTP (RFC 9292), a request as we make it and a response as the record makes it, in the form
//! of known length.
//!
//! The `bhttp` crate serves the record and native clients, and has what no answer of ours uses; the tests hold this against
//! it (ADR 14).

/// Writes a request to the record: a method, a path, fields in their order, and content.
pub fn write_request(method: &str, path: &str, fields: &[(&str, &str)], content: &[u8]) -> Vec<u8> {
    let mut section = Vec::new();
    for (name, value) in fields {
        put(&mut section, name.as_bytes());
        put(&mut section, value.as_bytes());
    }
    let mut message = Vec::with_capacity(section.len() + content.len() + 64);
    put_number(&mut message, REQUEST);
    for part in [method, "https", "record", path] {
        put(&mut message, part.as_bytes());
    }
    put(&mut message, &section);
    put(&mut message, content);
    // No trailers.
    put(&mut message, &[]);
    message
}

/// A response: its status and its content. Fields say nothing that a client of the record goes by.
#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status of the final response.
    pub status: u16,
    /// The body.
    pub content: Vec<u8>,
}

impl Response {
    /// Reads a response. Informational ones before it are passed over; what is missing at its end is empty (RFC 9292 §3.8).
    pub fn parse(message: &[u8]) -> Result<Self, MessageError> {
        let mut rest = message;
        if number(&mut rest)? != RESPONSE {
            return Err(MessageError);
        }
        loop {
            let status = u16::try_from(number(&mut rest)?).map_err(|_| MessageError)?;
            if !(100..600).contains(&status) {
                return Err(MessageError);
            }
            check_fields(take(&mut rest)?)?;
            if status >= 200 {
                let content = take(&mut rest)?.to_vec();
                check_fields(take(&mut rest)?)?;
                return Ok(Self { status, content });
            }
        }
    }
}

/// Not a binary HTTP response of known length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a binary HTTP response")]
pub struct MessageError;

/// Fields come whole: each name, which is not empty, with its value.
fn check_fields(mut section: &[u8]) -> Result<(), MessageError> {
    while !section.is_empty() {
        let name = take(&mut section)?;
        if name.is_empty() || section.is_empty() {
            return Err(MessageError);
        }
        take(&mut section)?;
    }
    Ok(())
}

/// What comes after its length; nothing where the message has ended.
fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], MessageError> {
    if rest.is_empty() {
        return Ok(&[]);
    }
    let length = usize::try_from(number(rest)?).map_err(|_| MessageError)?;
    let (taken, left) = rest.split_at_checked(length).ok_or(MessageError)?;
    *rest = left;
    Ok(taken)
}

/// A number of variable length (RFC 9000 §16): the first two bits say in how many bytes.
fn number(rest: &mut &[u8]) -> Result<u64, MessageError> {
    let first = rest.first().ok_or(MessageError)?;
    let (bytes, left) = rest.split_at_checked(1 << (first >> 6)).ok_or(MessageError)?;
    *rest = left;
    let whole = bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let bits = 8 * bytes.len() - 2;
    Ok(whole & ((1 << bits) - 1))
}

fn put(message: &mut Vec<u8>, part: &[u8]) {
    put_number(message, part.len().try_into().unwrap_or(u64::MAX));
    message.extend_from_slice(part);
}

/// Writes a number in as few bytes as it needs, with how many these are in the first two bits.
fn put_number(message: &mut Vec<u8>, number: u64) {
    let (width, mark) = match number {
        0..0x40 => (1, 0),
        0x40..0x4000 => (2, 0x40),
        0x4000..0x4000_0000 => (4, 0x80),
        _ => (8, 0xc0),
    };
    let bytes = number.to_be_bytes();
    let start = message.len();
    message.extend_from_slice(bytes.get(bytes.len() - width..).unwrap_or_default());
    if let Some(first) = message.get_mut(start) {
        *first |= mark;
    }
}

/// A request of known length (RFC 9292 §3.3).
const REQUEST: u64 = 0;
/// A response of known length.
const RESPONSE: u64 = 1;

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use bhttp::{Message, Mode, StatusCode};
    use proptest::prelude::*;

    use super::*;

    fn theirs(status: u16, fields: &[(String, String)], content: &[u8]) -> Vec<u8> {
        let mut message = Message::response(StatusCode::try_from(status).unwrap());
        for (name, value) in fields {
            message.put_header(name.as_str(), value.as_str());
        }
        message.write_content(content);
        let mut bytes = Vec::new();
        message.write_bhttp(Mode::KnownLength, &mut bytes).unwrap();
        bytes
    }

    /// What `bhttp` reads, of what is a response of known length.
    fn read_by_theirs(bytes: &[u8]) -> Result<Response, MessageError> {
        let message = Message::read_bhttp(&mut Cursor::new(bytes)).map_err(|_| MessageError)?;
        let status = message.control().status().ok_or(MessageError)?;
        Ok(Response {
            status: status.code(),
            content: message.content().to_vec(),
        })
    }

    proptest! {
        #[test]
        fn a_request_is_what_bhttp_writes(
            path in "/[a-z/]{0,80}",
            fields in prop::collection::vec(("[a-z-]{1,20}", "[ -~]{0,100}"), 0..4),
            content in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..200),
                prop::collection::vec(any::<u8>(), 16_300..16_500),
            ],
        ) {
            let borrowed: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let ours = write_request("POST", &path, &borrowed, &content);
            let mut message = Message::request(
                b"POST".to_vec(),
                b"https".to_vec(),
                b"record".to_vec(),
                path.into_bytes(),
            );
            for (name, value) in borrowed {
                message.put_header(name, value);
            }
            message.write_content(&content);
            let mut bytes = Vec::new();
            message.write_bhttp(Mode::KnownLength, &mut bytes).unwrap();
            prop_assert_eq!(ours, bytes);
        }

        #[test]
        fn a_response_is_read_as_bhttp_reads_it(
            status in 200_u16..600,
            fields in prop::collection::vec(("[a-z-]{1,20}", "[ -~]{0,100}"), 0..4),
            content in prop::collection::vec(any::<u8>(), 0..200),
            change in any::<Option<(prop::sample::Index, u8)>>(),
            cut in any::<Option<prop::sample::Index>>(),
        ) {
            let mut bytes = theirs(status, &fields, &content);
            if change.is_none() && cut.is_none() {
                prop_assert_eq!(Response::parse(&bytes), Ok(Response { status, content }));
            }
            if let Some((place, byte)) = change {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            if let Some(place) = cut {
                bytes.truncate(place.index(bytes.len()));
            }
            prop_assume!(bytes.first().is_some_and(|first| u64::from(*first) == RESPONSE));
            prop_assert_eq!(Response::parse(&bytes), read_by_theirs(&bytes));
        }
    }

    #[test]
    fn informational_responses_are_passed_over() {
        // 1: a response; 103 and no fields; 204 and no fields; nothing more.
        let bytes = [1, 0x40, 103, 0, 0x40, 204, 0];
        let expected = Response {
            status: 204,
            content: Vec::new(),
        };
        assert_eq!(read_by_theirs(&bytes).as_ref(), Ok(&expected));
        assert_eq!(Response::parse(&bytes), Ok(expected));
    }

    #[test]
    fn what_is_no_response_of_known_length_is_refused() {
        for bytes in [
            &[][..],
            &[0],
            &[3, 0x40, 200, 0],
            &[1],
            &[1, 0x42, 88, 0],
            &[1, 0x3f, 0],
        ] {
            assert_eq!(Response::parse(bytes), Err(MessageError), "{bytes:?}");
        }
    }
}
