//! MLLP, the blocks that HL7 v2 travels in over TCP: `<VT> message <FS><CR>` (HL7 v2.5.1 appendix C; "Transport
//! Specification: MLLP", release 1).
//!
//! [`Decoder`] takes bytes as they arrive and gives whole messages. What it holds never grows beyond its limit; what
//! stands between blocks is skipped and counted. A block ends at `<FS>`: the `<CR>` after it is swallowed if it comes and
//! not waited for, since some senders leave it out and wait for the answer.

use std::fmt;

/// Begins a block.
pub const START: u8 = 0x0b;

/// Ends a block, with [`RETURN`] after it.
pub const END: u8 = 0x1c;

/// Follows [`END`].
pub const RETURN: u8 = 0x0d;

/// Messages out of a stream of bytes. One for each connection.
pub struct Decoder {
    limit: usize,
    state: State,
    block: Vec<u8>,
    counts: Counts,
}

/// Where in the stream the decoder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between blocks, after so many bytes that are of none.
    Between { skipped: usize },
    /// In a block.
    Inside,
    /// In a block that is too long, up to its end.
    Discarding,
}

/// What a decoder has met so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Messages that were given.
    pub messages: u64,
    /// Blocks with nothing in them, which some systems send to see whether anybody is there. They are not given.
    pub empty: u64,
    /// Bytes outside blocks, and of blocks that were too long; line ends after a block are not counted.
    pub skipped: u64,
    /// Blocks that began before the one before had ended.
    pub restarted: u64,
    /// Blocks that were too long.
    pub too_long: u64,
}

impl Decoder {
    /// Starts at the beginning of a stream. A message may have `limit` bytes.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            state: State::Between { skipped: 0 },
            block: Vec::new(),
            counts: Counts {
                messages: 0,
                empty: 0,
                skipped: 0,
                restarted: 0,
                too_long: 0,
            },
        }
    }

    /// Takes bytes off the front of `input` up to the end of a message, or to what is wrong. `None` when all were taken:
    /// read more. After an error it goes on; whether the connection does is for the caller.
    pub fn take(&mut self, input: &mut &[u8]) -> Option<Result<Vec<u8>, MllpError>> {
        while let Some((&byte, rest)) = input.split_first() {
            let step = match (self.state, byte) {
                (State::Inside, START) => {
                    *input = rest;
                    self.block.clear();
                    self.counts.restarted += 1;
                    Some(Err(MllpError::Restarted))
                }
                (State::Inside, END) => {
                    *input = rest;
                    self.state = State::Between { skipped: 0 };
                    self.whole_block()
                }
                (State::Inside, _) => self.fill(input),
                (State::Between { .. } | State::Discarding, START) => {
                    *input = rest;
                    self.state = State::Inside;
                    None
                }
                (State::Discarding, END) => {
                    *input = rest;
                    self.state = State::Between { skipped: 0 };
                    None
                }
                (State::Discarding, _) => {
                    *input = rest;
                    self.counts.skipped += 1;
                    None
                }
                (State::Between { skipped: 0 }, RETURN | b'\n') => {
                    *input = rest;
                    None
                }
                (State::Between { skipped }, _) => {
                    *input = rest;
                    self.counts.skipped += 1;
                    self.state = State::Between {
                        skipped: skipped.saturating_add(1),
                    };
                    (skipped == self.limit).then_some(Err(MllpError::NoBlocks))
                }
            };
            if step.is_some() {
                return step;
            }
        }
        None
    }

    /// What it has met so far.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether a block has begun and not ended: at the end of a connection, a message that was cut off.
    pub const fn is_inside(&self) -> bool {
        matches!(self.state, State::Inside | State::Discarding)
    }

    fn whole_block(&mut self) -> Option<Result<Vec<u8>, MllpError>> {
        if self.block.is_empty() {
            self.counts.empty += 1;
            return None;
        }
        self.counts.messages += 1;
        Some(Ok(std::mem::take(&mut self.block)))
    }

    /// Takes the bytes of a block up to the next control byte, or to the limit.
    fn fill(&mut self, input: &mut &[u8]) -> Option<Result<Vec<u8>, MllpError>> {
        let end = input.iter().position(|byte| matches!(*byte, START | END));
        let (content, rest) = input.split_at_checked(end.unwrap_or(input.len()))?;
        *input = rest;
        if content.len() <= self.limit.saturating_sub(self.block.len()) {
            self.block.extend_from_slice(content);
            return None;
        }
        let length = self.block.len().saturating_add(content.len());
        self.counts.skipped += u64::try_from(length).unwrap_or(u64::MAX);
        let kept = self.limit.min(HEAD);
        self.block
            .extend(content.iter().take(kept.saturating_sub(self.block.len())));
        self.block.truncate(kept);
        self.block.shrink_to_fit();
        let head = std::mem::take(&mut self.block);
        self.state = State::Discarding;
        self.counts.too_long += 1;
        Some(Err(MllpError::TooLong { head: Head(head) }))
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("state", &self.state)
            .field("held", &self.block.len())
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

/// A message in a block, to be sent.
pub fn encode(message: &[u8]) -> Result<Vec<u8>, MllpError> {
    if message.iter().any(|byte| matches!(*byte, START | END)) {
        return Err(MllpError::Content);
    }
    let mut block = Vec::with_capacity(message.len() + 3);
    block.push(START);
    block.extend_from_slice(message);
    block.extend([END, RETURN]);
    Ok(block)
}

/// The first kilobytes of a message that was too long: enough for [`crate::ack::Envelope`] to answer it.
#[derive(Clone, PartialEq, Eq)]
pub struct Head(Vec<u8>);

impl Head {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Head(…)")
    }
}

/// What is wrong with a stream. `Display` holds nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MllpError {
    /// A message to be sent has a byte that begins or ends a block.
    #[error("a control byte of MLLP inside a message")]
    Content,
    /// As many bytes as a message may have, and none began a block: somebody speaks another protocol.
    #[error("no block begins")]
    NoBlocks,
    /// A block began inside another: what came of the first is lost. Its sender will send it again.
    #[error("a block began before the one before had ended")]
    Restarted,
    /// A block is longer than the limit. The rest of it is skipped.
    #[error("a message that is too long")]
    TooLong {
        /// How it began.
        head: Head,
    },
}

/// How much of a message that is too long is kept: many times a header.
const HEAD: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn all(limit: usize, stream: &[u8]) -> (Vec<Result<Vec<u8>, MllpError>>, Counts) {
        let mut decoder = Decoder::new(limit);
        let mut input = stream;
        let mut found = Vec::new();
        while let Some(next) = decoder.take(&mut input) {
            found.push(next);
        }
        assert!(input.is_empty());
        (found, decoder.counts())
    }

    #[test]
    fn a_message_is_what_stands_between_vt_and_fs_cr() {
        let (found, counts) = all(100, b"\x0bMSH|1\rPID|1\r\x1c\r\x0bMSH|2\r\x1c\r");
        assert_eq!(found, [Ok(b"MSH|1\rPID|1\r".to_vec()), Ok(b"MSH|2\r".to_vec())]);
        assert_eq!(
            counts,
            Counts {
                messages: 2,
                ..Counts::default()
            }
        );
    }

    #[test]
    fn the_return_after_a_block_may_be_missing_or_something_else() {
        let (found, counts) = all(100, b"\x0ba\x1c\x0bb\x1c\n\x0bc\x1c\r\n\x0bd\x1c");
        assert_eq!(found.len(), 4);
        assert_eq!(counts.skipped, 0);
    }

    #[test]
    fn what_stands_between_blocks_is_skipped_and_counted() {
        let (found, counts) = all(100, b"junk\x0ba\x1c\rmore\rjunk\x0bb\x1c\r");
        assert_eq!(found, [Ok(b"a".to_vec()), Ok(b"b".to_vec())]);
        assert_eq!(counts.skipped, 13);
    }

    #[test]
    fn a_stream_without_blocks_is_named_once() {
        let (found, counts) = all(10, &[b'x'; 100]);
        assert_eq!(found, [Err(MllpError::NoBlocks)]);
        assert_eq!(counts.skipped, 100);
    }

    #[test]
    fn a_block_inside_a_block_starts_again() {
        let (found, counts) = all(100, b"\x0bhalf\x0bwhole\x1c\r");
        assert_eq!(found, [Err(MllpError::Restarted), Ok(b"whole".to_vec())]);
        assert_eq!(counts.restarted, 1);
    }

    #[test]
    fn a_message_that_is_too_long_is_dropped_and_the_next_is_read() {
        let stream = [b"\x0b".as_slice(), &[b'x'; 11], b"\x1c\r\x0b0123456789\x1c\r"].concat();
        let (found, counts) = all(10, &stream);
        assert_eq!(
            found,
            [
                Err(MllpError::TooLong {
                    head: Head(vec![b'x'; 10])
                }),
                Ok(b"0123456789".to_vec()),
            ]
        );
        assert_eq!((counts.too_long, counts.messages), (1, 1));
    }

    #[test]
    fn the_head_of_a_message_that_is_too_long_is_kept() {
        let mut decoder = Decoder::new(100_000);
        let mut found = None;
        let mut stream = vec![b'y'; 150_000];
        stream.insert(0, START);
        for mut chunk in stream.chunks(1_000) {
            found = found.or(decoder.take(&mut chunk));
        }
        assert!(decoder.is_inside());
        let Some(Err(MllpError::TooLong { head })) = found else {
            panic!("{found:?}")
        };
        assert_eq!(head.as_bytes(), [b'y'; 4096]);
        assert_eq!(format!("{head:?}"), "Head(…)");
    }

    #[test]
    fn empty_blocks_are_counted_and_not_given() {
        let (found, counts) = all(10, b"\x0b\x1c\r\x0b\x1c\r");
        assert_eq!((found.len(), counts.empty), (0, 2));
    }

    #[test]
    fn what_is_sent_can_be_read() {
        let block = encode(b"MSH|\r").unwrap();
        assert_eq!(all(10, &block).0, [Ok(b"MSH|\r".to_vec())]);
        assert_eq!(encode(b"a\x1cb"), Err(MllpError::Content));
        assert_eq!(encode(b"a\x0bb"), Err(MllpError::Content));
    }

    #[test]
    fn debug_shows_no_content() {
        let mut decoder = Decoder::new(10);
        assert_eq!(decoder.take(&mut b"\x0bSmith".as_slice()), None);
        assert!(!format!("{decoder:?}").contains("83"));
    }
}
