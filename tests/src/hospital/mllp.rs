//! Sending HL7 over TCP: a message between `<VT>` and `<FS><CR>`, then its answer in the same way (HL7 v2.5.1 appendix C).

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

/// A message as it goes over the line.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(message.len() + 3);
    framed.push(START);
    framed.extend_from_slice(message);
    framed.extend_from_slice(&[END, RETURN]);
    framed
}

/// Reads one message from the line; `None` when the other side has closed it between two.
pub async fn read<R: AsyncRead + Unpin>(line: &mut BufReader<R>) -> io::Result<Option<Vec<u8>>> {
    let mut before = Vec::new();
    if limited(line).read_until(START, &mut before).await? == 0 {
        return Ok(None);
    }
    if before.pop() != Some(START) {
        return Err(io::Error::other("what came is not MLLP"));
    }
    let mut message = Vec::new();
    limited(line).read_until(END, &mut message).await?;
    if message.pop() != Some(END) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

fn limited<R: AsyncRead + Unpin>(line: &mut BufReader<R>) -> tokio::io::Take<&mut BufReader<R>> {
    line.take(LONGEST)
}

/// What the other side says of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which message (MSA-2).
    pub control: String,
    /// How it was taken (MSA-1): `AA` or `CA` when it was.
    pub code: String,
    /// What was wrong, in the words of the other side (MSA-3, ERR-8, ERR-7, ERR-3); empty when nothing was.
    pub words: String,
}

impl Answer {
    /// Reads an acknowledgement; `None` when it is none.
    pub fn parse(message: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(message);
        let separator = text.strip_prefix("MSH")?.chars().next()?;
        let field = |name: &str, place: usize| {
            let segment = text
                .split(['\r', '\n'])
                .find(|segment| segment.split(separator).next() == Some(name))?;
            segment.split(separator).nth(place).map(str::to_owned)
        };
        let words = [("MSA", 3), ("ERR", 8), ("ERR", 7), ("ERR", 3), ("ERR", 2)]
            .into_iter()
            .filter_map(|(name, place)| field(name, place))
            .filter(|said| !said.is_empty())
            .collect::<Vec<_>>();
        Some(Self {
            code: field("MSA", 1)?,
            control: field("MSA", 2)?,
            words: words.join("; "),
        })
    }

    /// Whether the message was taken.
    pub fn is_taken(&self) -> bool {
        matches!(self.code.as_str(), "AA" | "CA")
    }
}

/// What identifies a message of ours (MSH-10).
pub fn control_id(message: &[u8]) -> String {
    header(message, 9)
}

/// What a message of ours tells (MSH-9).
pub fn kind(message: &[u8]) -> String {
    header(message, 8)
}

fn header(message: &[u8], place: usize) -> String {
    let field = message
        .split(|byte| matches!(byte, b'\r' | b'|'))
        .nth(place)
        .unwrap_or_default();
    String::from_utf8_lossy(field).into_owned()
}

const START: u8 = 0x0B;
const END: u8 = 0x1C;
const RETURN: u8 = 0x0D;

/// An answer is short; whoever sends more speaks something else.
const LONGEST: u64 = 256 * 1024;
