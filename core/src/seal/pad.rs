//! Length buckets: steps of 64 bytes up to 512, then Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted
//! Files and Communication with PURBs", `PoPETs` 2019, §4), which adds at most 12 % and leaves `O(log log n)` bits.
//!
//! Padding is `0x80` and then zeros (ISO/IEC 7816-4), inside the seal.

use super::OpenError;

/// Pads to the bucket.
pub fn pad(bytes: &[u8]) -> Vec<u8> {
    let length = bucket(bytes.len() + 1);
    let mut padded = Vec::with_capacity(length);
    padded.extend_from_slice(bytes);
    padded.push(0x80);
    padded.resize(length, 0);
    padded
}

/// Takes the padding off.
pub fn unpad(mut padded: Vec<u8>) -> Result<Vec<u8>, OpenError> {
    let end = padded
        .iter()
        .rposition(|byte| *byte != 0)
        .ok_or(OpenError::Malformed)?;
    if padded.get(end) != Some(&0x80) {
        return Err(OpenError::Malformed);
    }
    padded.truncate(end);
    Ok(padded)
}

/// The length to which `length` bytes are padded.
pub fn bucket(length: usize) -> usize {
    if length <= 512 {
        return length.max(1).next_multiple_of(64);
    }
    let exponent = length.ilog2();
    let zeros = exponent - (exponent.ilog2() + 1);
    length.next_multiple_of(1 << zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_64_bytes_then_padme() {
        assert_eq!([1, 64, 65, 511, 512].map(bucket), [64, 64, 128, 512, 512]);
        assert_eq!([513, 1000, 1025, 16_385].map(bucket), [544, 1024, 1088, 17_408]);
    }

    #[test]
    fn padding_never_adds_more_than_an_eighth_past_512() {
        for length in 513..70_000 {
            let padded = bucket(length);
            assert!(
                padded >= length && padded - length <= length / 8,
                "{length} → {padded}"
            );
        }
    }

    #[test]
    fn padding_comes_off_again_also_after_zeros_and_0x80() {
        for bytes in [
            &b""[..],
            b"a",
            &[0, 0],
            &[0x80],
            &[0x80, 0, 0],
            &[7; 63],
            &[7; 64],
            &[0; 5000],
        ] {
            assert_eq!(unpad(pad(bytes)).unwrap(), bytes);
        }
        assert_eq!(unpad(vec![]), Err(OpenError::Malformed));
        assert_eq!(unpad(vec![0; 64]), Err(OpenError::Malformed));
        assert_eq!(unpad(vec![1; 64]), Err(OpenError::Malformed));
    }
}
