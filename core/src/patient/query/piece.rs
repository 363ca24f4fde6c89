//! What was typed, in pieces of letters and digits.

use crate::patient::token::fold_letter;
use crate::search::Kind;

/// A run of letters and digits.
pub(super) struct Piece {
    /// Folded, as names are.
    pub(super) folded: String,
    /// Its ASCII letters and digits as typed: what counts of a number.
    pub(super) raw: String,
    pub(super) shape: Shape,
    /// What is between it and the one before.
    pub(super) gap: Gap,
    /// Whether it stands in brackets.
    pub(super) is_in_brackets: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Digits,
    Letters,
    /// Both.
    Mixed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing was before it, or a comma, several signs, a bracket.
    Far,
    /// White space.
    Space,
    /// One hyphen, stroke or point, with or without white space.
    Sign(char, Spacing),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spacing {
    Loose,
    Tight,
}

impl Gap {
    /// Whether nothing but one sign is between.
    pub(super) fn is_tight(self) -> bool {
        matches!(self, Self::Sign(_, Spacing::Tight))
    }

    pub(super) fn is_hyphen(self) -> bool {
        matches!(self, Self::Sign(HYPHEN, _))
    }

    /// The sign, or a space.
    pub(super) fn sign(self) -> Option<char> {
        match self {
            Self::Far => None,
            Self::Space => Some(' '),
            Self::Sign(sign, _) => Some(sign),
        }
    }

    fn and(self, character: char, kind: Kind) -> Self {
        let sign = match (kind, character) {
            (Kind::Blank, _) => {
                return match self {
                    Self::Sign(sign, _) => Self::Sign(sign, Spacing::Loose),
                    Self::Far | Self::Space => self,
                };
            }
            (Kind::Dash, _) => HYPHEN,
            (Kind::Point, '.' | '/') => character,
            _ => return Self::Far,
        };
        match self {
            Self::Space => Self::Sign(sign, Spacing::Loose),
            Self::Far | Self::Sign(..) => Self::Far,
        }
    }
}

/// The first pieces of what was typed, and whether there are more.
pub(super) fn pieces(typed: &str, most: usize) -> (Vec<Piece>, bool) {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut is_open = false;
    let mut gap = None;
    let mut brackets: u32 = 0;
    for character in typed.chars() {
        let kind = Kind::of(character);
        match kind {
            Kind::Digit | Kind::Letter => {
                if !is_open {
                    if pieces.len() == most {
                        return (pieces, true);
                    }
                    pieces.push(Piece {
                        folded: String::new(),
                        raw: String::new(),
                        shape: if kind == Kind::Digit {
                            Shape::Digits
                        } else {
                            Shape::Letters
                        },
                        gap: gap.take().unwrap_or(Gap::Far),
                        is_in_brackets: brackets > 0,
                    });
                }
                is_open = true;
                if let Some(piece) = pieces.last_mut() {
                    piece.take(character, kind);
                }
            }
            Kind::Nothing => {}
            Kind::Apostrophe if is_open => {}
            Kind::Apostrophe | Kind::Blank | Kind::Dash | Kind::Other | Kind::Point => {
                match character {
                    '(' => brackets += 1,
                    ')' => brackets = brackets.saturating_sub(1),
                    _ => {}
                }
                is_open = false;
                gap = Some(match gap {
                    Some(gap) => Gap::and(gap, character, kind),
                    None if kind == Kind::Blank => Gap::Space,
                    None => match Gap::Space.and(character, kind) {
                        Gap::Sign(sign, _) => Gap::Sign(sign, Spacing::Tight),
                        other @ (Gap::Far | Gap::Space) => other,
                    },
                });
            }
        }
    }
    (pieces, false)
}

impl Piece {
    fn take(&mut self, character: char, kind: Kind) {
        let (first, second) = fold_letter(character);
        self.folded.push(first);
        self.folded.extend(second);
        if character.is_ascii_alphanumeric() {
            self.raw.push(character);
        }
        if (kind == Kind::Digit) != (self.shape == Shape::Digits) {
            self.shape = match (kind, self.shape) {
                (Kind::Letter, Shape::Letters) => Shape::Letters,
                _ => Shape::Mixed,
            };
        }
    }

    /// The number that its digits are, of so many digits at most.
    pub(super) fn number(&self, most: usize) -> Option<u16> {
        let is_number = self.shape == Shape::Digits && self.folded.len() <= most;
        is_number.then(|| self.folded.parse().ok()).flatten()
    }
}

const HYPHEN: char = '-';

#[cfg(test)]
mod tests {
    use super::*;

    fn split(typed: &str) -> Vec<(String, Shape, Gap)> {
        let (pieces, _) = pieces(typed, 20);
        pieces
            .into_iter()
            .map(|piece| (piece.folded, piece.shape, piece.gap))
            .collect()
    }

    #[test]
    fn pieces_know_what_is_between_them() {
        assert_eq!(
            split(" O’Brien-Smith, ls1  2/1 - 61(é9)"),
            [
                ("obrien".to_owned(), Shape::Letters, Gap::Space),
                ("smith".to_owned(), Shape::Letters, Gap::Sign('-', Spacing::Tight)),
                ("ls1".to_owned(), Shape::Mixed, Gap::Far),
                ("2".to_owned(), Shape::Digits, Gap::Space),
                ("1".to_owned(), Shape::Digits, Gap::Sign('/', Spacing::Tight)),
                ("61".to_owned(), Shape::Digits, Gap::Sign('-', Spacing::Loose)),
                ("e9".to_owned(), Shape::Mixed, Gap::Far),
            ]
        );
        let (pieces, is_more) = pieces("a b (c) d", 3);
        assert!(is_more);
        let bracketed: Vec<bool> = pieces.iter().map(|piece| piece.is_in_brackets).collect();
        assert_eq!(bracketed, [false, false, true]);
    }
}
