//! The messages that a term is in: numbers that ascend, each written as how many are left out before it (LEB128), so that
//! nearly all of them are one byte.

/// Numbers of messages, ascending.
pub(super) struct Postings<'a> {
    bytes: std::slice::Iter<'a, u8>,
    next: u32,
}

impl<'a> Postings<'a> {
    /// Reads what [`write`] wrote.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
            next: 0,
        }
    }
}

impl Iterator for Postings<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut byte = *self.bytes.next()?;
        let mut left_out = u32::from(byte & 0x7f);
        let mut shift = 0;
        while byte >= 0x80 {
            byte = *self.bytes.next()?;
            shift += 7;
            left_out |= u32::from(byte & 0x7f).checked_shl(shift)?;
        }
        let number = self.next.checked_add(left_out)?;
        self.next = number.saturating_add(1);
        Some(number)
    }
}

/// Whether these are numbers below `messages`, one or more, and nothing else.
pub(super) fn are_sound(bytes: &[u8], messages: u32) -> bool {
    let mut postings = Postings::read(bytes);
    let ended = bytes.last().is_some_and(|byte| *byte < 0x80);
    ended && postings.by_ref().all(|number| number < messages) && postings.bytes.as_slice().is_empty()
}

/// Writes a number after those before it; `next` is one more than the last.
pub(super) fn write(bytes: &mut Vec<u8>, next: &mut u32, number: u32) {
    let mut left_out = number.saturating_sub(*next);
    *next = number.saturating_add(1);
    loop {
        let [low, ..] = left_out.to_le_bytes();
        left_out >>= 7;
        if left_out == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(numbers: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut next = 0;
        for number in numbers {
            write(&mut bytes, &mut next, *number);
        }
        bytes
    }

    #[test]
    fn numbers_come_back_as_they_were_written() {
        let numbers = [0, 1, 5, 127, 128, 300, 20_000, 3_000_000, u32::MAX - 1];
        let bytes = written(&numbers);
        assert_eq!(Postings::read(&bytes).collect::<Vec<_>>(), numbers);
        assert!(are_sound(&bytes, u32::MAX));
        assert_eq!(written(&[7, 8, 9]), [7, 0, 0]);
    }

    #[test]
    fn what_was_not_written_so_is_seen() {
        assert!(!are_sound(&[], 10), "none");
        assert!(!are_sound(&[3, 0x80], 10), "cut off");
        assert!(!are_sound(&[3, 7], 10), "beyond the last message");
        assert!(!are_sound(&[0xff; 9], 10), "endless");
        assert!(
            !are_sound(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0], u32::MAX),
            "beyond all numbers"
        );
        assert!(are_sound(&[3, 5], 10));
    }
}
