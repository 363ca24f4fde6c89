//! Sizes and counts of everything that crosses the relay, in one place.

/// One sealed operation: 16 KiB of text grows to at most 17 KiB by padding, plus COSE and signature.
pub const SEALED_BYTES: usize = 20 * 1024;

/// One sealed cursor, typing notice or refusal.
pub const SIGNAL_BYTES: usize = 1024;

/// Operations in one `Append`; 50 that were made offline settle in two.
pub const OPS_PER_APPEND: usize = 32;

/// A relay token.
pub const TOKEN_BYTES: usize = 2 * 1024;

/// A frame from a device: a full `Append` (32 × 20 KiB = 640 KiB) and its framing.
pub const FRAME_BYTES: usize = 704 * 1024;

/// Entries in one frame; 5,000 missed messages of usual size arrive in four.
pub const ENTRIES_PER_FRAME: usize = 2048;

/// Bytes of sealed operations after which a frame of entries is cut (at least one entry goes in any frame).
pub const ENTRIES_BYTES: usize = 1024 * 1024;

/// A frame from the edge: entries up to the cut, one more, and 100 bytes of framing for each.
pub const FRAME_BYTES_FROM_EDGE: usize = ENTRIES_BYTES + SEALED_BYTES + 128 * ENTRIES_PER_FRAME;

/// Spaces that one connection may listen to.
pub const SPACES_PER_DEVICE: usize = 1000;

/// Operations that the edge sends to the record in one request.
pub const OPS_PER_BATCH: usize = 256;

/// Bytes of sealed operations after which such a request is cut.
pub const BATCH_BYTES: usize = 2 * 1024 * 1024;
