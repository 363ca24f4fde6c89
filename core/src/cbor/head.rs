//! The first byte of an item: what it is, and how its argument is written (RFC 8949 §3).

/// A number from 0 on.
pub(super) const UNSIGNED: u8 = 0;
/// A number below 0: the argument is what it is below -1.
pub(super) const NEGATIVE: u8 = 1;
/// A byte string.
pub(super) const BYTES: u8 = 2;
/// A text in UTF-8.
pub(super) const TEXT: u8 = 3;
/// A sequence of items.
pub(super) const ARRAY: u8 = 4;
/// A sequence of pairs.
pub(super) const MAP: u8 = 5;
/// A number that says what the item after it is.
pub(super) const TAG: u8 = 6;

/// Of what has no argument: yes, no, nothing, numbers with a point, and the end of what was begun without a length.
pub(super) const FALSE: u8 = 0xf4;
pub(super) const TRUE: u8 = 0xf5;
pub(super) const NULL: u8 = 0xf6;
pub(super) const UNDEFINED: u8 = 0xf7;
pub(super) const F16: u8 = 0xf9;
pub(super) const F32: u8 = 0xfa;
pub(super) const F64: u8 = 0xfb;
pub(super) const BREAK: u8 = 0xff;

/// In the lower five bits: the argument is in this many bytes that follow; below [`IN_1`] it is those bits themselves.
pub(super) const IN_1: u8 = 24;
pub(super) const IN_2: u8 = 25;
pub(super) const IN_4: u8 = 26;
pub(super) const IN_8: u8 = 27;
/// In the lower five bits: no length; a [`BREAK`] ends it.
pub(super) const OPEN: u8 = 31;
