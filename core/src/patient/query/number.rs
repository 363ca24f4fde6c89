//! NHS numbers and postcodes among the pieces of what was typed.

use super::piece::{Gap, Piece, Shape};
use crate::nhs_number::NhsNumber;
use crate::patient::postcode::Postcode;

/// The NHS number with which the pieces begin: ten digits, in groups of any size that spaces, hyphens, points or strokes hold apart.
pub(super) fn nhs_number(pieces: &[Piece]) -> Option<(usize, NhsNumber)> {
    let (length, digits) = run_of_digits(pieces)?;
    Some((length, NhsNumber::parse(&digits).ok()?))
}

/// How many pieces at the beginning are ten digits that look like an NHS number: in one, in threes and four, or all that was typed.
/// 0 when they do not.
pub(super) fn ten_digits(pieces: &[Piece], typed: usize) -> usize {
    let Some((length, _)) = run_of_digits(pieces) else {
        return 0;
    };
    let groups: Vec<usize> = pieces
        .iter()
        .take(length)
        .map(|piece| piece.folded.len())
        .collect();
    if length == typed || matches!(groups.as_slice(), [10] | [3, 3, 4]) {
        length
    } else {
        0
    }
}

fn run_of_digits(pieces: &[Piece]) -> Option<(usize, String)> {
    let mut digits = String::new();
    let mut signs: Option<char> = None;
    for (number, piece) in (1..).zip(pieces) {
        if number > 1 {
            let sign = piece.gap.sign()?;
            let is_plain = |sign: char| matches!(sign, ' ' | '-');
            let fits = signs.is_none_or(|before| before == sign || (is_plain(before) && is_plain(sign)));
            if !fits {
                return None;
            }
            signs = Some(sign);
        }
        if piece.shape != Shape::Digits {
            return None;
        }
        digits.push_str(&piece.folded);
        match digits.len() {
            0..10 => {}
            10 => return Some((number, digits)),
            _ => return None,
        }
    }
    None
}

/// The postcode with which the pieces begin.
pub(super) fn postcode(pieces: &[Piece]) -> Option<(usize, Postcode)> {
    let is_together = |inward: &&Piece| inward.gap == Gap::Space;
    let both = match pieces {
        [outward, inward, ..] => Some(inward)
            .filter(is_together)
            .and_then(|inward| Postcode::parse(&format!("{} {}", outward.raw, inward.raw)))
            .filter(|postcode| postcode.outward().len() == outward.raw.len() && postcode.whole().is_some()),
        [] | [_] => None,
    };
    let is_one = |piece: &&Piece| piece.shape == Shape::Mixed && piece.raw.len() == piece.folded.len();
    both.map(|postcode| (2, postcode)).or_else(|| {
        let only = pieces.first().filter(is_one)?;
        Postcode::parse(&only.raw).map(|postcode| (1, postcode))
    })
}
