//! What was typed into the one box in which patients are looked for.
//!
//! One box takes an NHS number in any spacing, a hospital or other local number, a date of birth as people write it here, a postcode
//! or the outward part of one, and names in any order or the beginnings of them. What may be several things is all of them: eight
//! digits are a number and perhaps a date. What cannot be right, such as ten digits that are no NHS number, is told.
//!
//! ```
//! use baton_core::date::Date;
//! use baton_core::patient::query::{Doubt, PatientQuery};
//!
//! let today = Date::new(2026, 11, 26).expect("a day");
//! assert_eq!(PatientQuery::parse("JONES, Mary (Mrs) 14/7/45 ls1", today).terms.len(), 4);
//! assert_eq!(PatientQuery::parse("999 123 4567", today).doubts, [Doubt::NotAnNhsNumber]);
//! ```

use super::postcode::Postcode;
use super::token::normalise_number;
use crate::date::{Date, PartialDate};
use crate::nhs_number::NhsNumber;
use crate::secret::Personal;

mod born;
mod number;
mod piece;

use number::{nhs_number, postcode, ten_digits};
use piece::{Gap, Piece, Shape};

/// What is looked for. Every term must hold of a patient; without a term nobody is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatientQuery {
    /// What must hold.
    pub terms: Vec<Term>,
    /// What could not be right of what was typed, each once, to be told to whoever typed it.
    pub doubts: Vec<Doubt>,
}

/// One thing that must hold: any of its senses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What it may mean, the likeliest first; never empty.
    pub senses: Vec<Sense>,
}

/// What something typed may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sense {
    /// Born then, as far as was typed.
    Born(Personal<PartialDate>),
    /// Born in this month of any year, 1 to 12.
    BornInMonth(Personal<u8>),
    /// Has a name that is, begins with or sounds like this one, folded ([`super::token::normalise`]).
    Name(Personal<String>),
    /// Has or had this NHS number.
    Nhs(NhsNumber),
    /// Has this local number ([`normalise_number`]).
    Number(Personal<String>),
    /// Lives there.
    Postcode(Postcode),
}

/// What cannot be right of what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Doubt {
    /// A date that does not exist, or that no living person's birth can have.
    #[error("There is no such date of birth. The day comes first, such as 31/01/1961.")]
    NoSuchDate,
    /// Ten digits whose check digit does not hold.
    #[error("This is not a valid NHS number. Check each digit.")]
    NotAnNhsNumber,
    /// Not all of what was typed was looked at.
    #[error("Too much was typed: only the first words were looked for.")]
    TooMuch,
}

impl PatientQuery {
    /// Reads what was typed. `today` is the day at the place of care: nobody is born after it, which settles years of two digits.
    pub fn parse(typed: &str, today: Date) -> Self {
        let end = typed.floor_char_boundary(MOST_TYPED);
        let shortened = typed.get(..end).unwrap_or_default();
        let (pieces, is_cut) = piece::pieces(shortened, MOST_PIECES);
        let mut query = Self::default();
        if is_cut || end < typed.len() {
            query.doubt(Doubt::TooMuch);
        }
        query.read_all(&pieces, today, Titles::Dropped);
        if query.terms.is_empty() {
            query.read_all(&pieces, today, Titles::Kept);
        }
        query.take_as_one_number(&pieces);
        query
    }

    fn read_all(&mut self, pieces: &[Piece], today: Date, titles: Titles) {
        let mut at = 0;
        while let Some(rest) = pieces.get(at..).filter(|rest| !rest.is_empty()) {
            let before = at.checked_sub(1).and_then(|before| pieces.get(before));
            let is_left_out =
                |piece: &Piece| is_title(piece, pieces) || (pieces.len() > 1 && is_label(piece, before));
            let is_dropped = titles == Titles::Dropped && rest.first().is_some_and(is_left_out);
            at += if is_dropped {
                1
            } else {
                self.read(pieces, at, rest, today)
            };
        }
    }

    /// Reads what the pieces from one on begin with, and tells how many it was.
    fn read(&mut self, pieces: &[Piece], at: usize, rest: &[Piece], today: Date) -> usize {
        if let Some((length, number)) = nhs_number(rest) {
            self.push(vec![Sense::Nhs(number), number_sense(rest, length)]);
            return length;
        }
        if let Some((length, read)) = born::read(rest, today) {
            match read {
                born::Read::Born(dates) => self.push(born_senses(dates)),
                born::Read::NoSuchDate => {
                    self.doubt(Doubt::NoSuchDate);
                    self.push(vec![number_sense(rest, length)]);
                }
            }
            return length;
        }
        let length = ten_digits(rest, pieces.len());
        if length > 0 {
            self.doubt(Doubt::NotAnNhsNumber);
            self.push(vec![number_sense(rest, length)]);
            return length;
        }
        let tight = 1 + rest
            .iter()
            .skip(1)
            .take_while(|piece| piece.gap.is_tight())
            .count();
        if let Some((length, postcode)) = postcode(rest).filter(|_| tight == 1) {
            self.push(vec![Sense::Postcode(postcode), number_sense(rest, length)]);
            return length;
        }
        let has_digit = |piece: &Piece| piece.shape != Shape::Letters;
        if tight > 1 && rest.iter().take(tight).any(has_digit) {
            self.push(vec![number_sense(rest, tight)]);
            return tight;
        }
        if let Some(piece) = rest.first() {
            match piece.shape {
                Shape::Digits | Shape::Mixed => self.push_number(pieces, at, piece, today),
                Shape::Letters => self.push_word(pieces, at, piece),
            }
        }
        1
    }

    fn push_number(&mut self, pieces: &[Piece], at: usize, piece: &Piece, today: Date) {
        let mut senses = vec![Sense::Number(Personal::new(normalise_number(&piece.raw)))];
        if piece.shape == Shape::Digits {
            senses.extend(born_senses(born::in_digits(&piece.folded, today)));
        }
        if piece.shape == Shape::Mixed || piece.folded.len() <= SHORT {
            senses.push(Sense::Name(Personal::new(piece.folded.clone())));
        }
        // `A 123456` and `123 456` are one number, too.
        for (first, length) in [(at.checked_sub(1), 2), (Some(at), 2)] {
            let together = first.and_then(|first| pieces.get(first..first + length));
            if let Some(together @ [_, second]) = together
                && second.gap == Gap::Space
                && together
                    .iter()
                    .all(|piece| piece.shape != Shape::Letters || piece.folded.len() <= SHORT)
            {
                senses.push(number_sense(together, length));
            }
        }
        self.push(senses);
    }

    fn push_word(&mut self, pieces: &[Piece], at: usize, piece: &Piece) {
        let mut senses = vec![Sense::Name(Personal::new(piece.folded.clone()))];
        let next = pieces.get(at + 1);
        if let Some(month) = born::month_before_year(piece, next) {
            senses.push(Sense::BornInMonth(Personal::new(month)));
        }
        for first in at.saturating_sub(MOST_JOINED - 1)..=at {
            for length in 2..=MOST_JOINED {
                let Some(together) = pieces.get(first..first + length).filter(|_| first + length > at) else {
                    continue;
                };
                if are_one_name(together) {
                    let joined = together.iter().map(|piece| piece.folded.as_str()).collect();
                    senses.push(Sense::Name(Personal::new(joined)));
                }
            }
        }
        if let Some(together @ [_, number]) = pieces.get(at..at + 2)
            && number.gap == Gap::Space
            && number.shape != Shape::Letters
            && piece.folded.len() <= SHORT
        {
            senses.push(number_sense(together, 2));
        }
        self.push(senses);
    }

    fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    fn push(&mut self, mut senses: Vec<Sense>) {
        senses.retain(|sense| match sense {
            Sense::Name(text) | Sense::Number(text) => !text.as_str().is_empty(),
            Sense::Born(_) | Sense::BornInMonth(_) | Sense::Nhs(_) | Sense::Postcode(_) => true,
        });
        if !senses.is_empty() {
            self.terms.push(Term { senses });
        }
    }

    /// Whatever was typed, if it has a digit and no long word, may be one local number that is written like nothing else.
    fn take_as_one_number(&mut self, pieces: &[Piece]) {
        let raw: String = pieces.iter().map(|piece| piece.raw.as_str()).collect();
        let number = normalise_number(&raw);
        let is_near = pieces.iter().skip(1).all(|piece| piece.gap != Gap::Far);
        let has_word = pieces
            .iter()
            .any(|piece| piece.shape == Shape::Letters && piece.raw.len() > LONGEST_PREFIX);
        let has_digit = number.bytes().any(|letter| letter.is_ascii_digit());
        if !is_near || has_word || !has_digit || number.len() > LONGEST_NUMBER {
            return;
        }
        let sense = Sense::Number(Personal::new(number));
        for term in &mut self.terms {
            if !term.senses.contains(&sense) {
                term.senses.push(sense.clone());
            }
        }
    }
}

fn born_senses(dates: Vec<PartialDate>) -> Vec<Sense> {
    dates
        .into_iter()
        .map(|date| Sense::Born(Personal::new(date)))
        .collect()
}

fn number_sense(pieces: &[Piece], length: usize) -> Sense {
    let raw: String = pieces
        .iter()
        .take(length)
        .map(|piece| piece.raw.as_str())
        .collect();
    Sense::Number(Personal::new(normalise_number(&raw)))
}

/// Whether some words may be one: those that hyphens join, and those of which all but the last are short (`Mc Donald`,
/// `van der Berg`).
fn are_one_name(words: &[Piece]) -> bool {
    let is_word = |word: &Piece| word.shape == Shape::Letters && !BARE_TITLES.contains(&word.folded.as_str());
    let are_words = words.iter().all(is_word);
    let mut pairs = words.iter().zip(words.iter().skip(1));
    are_words
        && pairs.all(|(before, word)| {
            word.gap.is_hyphen()
                || (word.gap == Gap::Space && (before.folded.len() <= SHORT || word.folded.len() <= SHORT))
        })
}

/// A title is not looked for, as it is often not recorded: one in brackets, and those that are no names, when there is another word.
fn is_title(piece: &Piece, pieces: &[Piece]) -> bool {
    let word = piece.folded.as_str();
    let has_other = pieces
        .iter()
        .any(|other| other.shape == Shape::Letters && other.folded != piece.folded);
    let is_bare = BARE_TITLES.contains(&word);
    has_other && (is_bare || (piece.is_in_brackets && OTHER_TITLES.contains(&word)))
}

/// Nor is a label, as it comes along when a banner or a line of a print is copied: `Born`, `NHS No.`.
fn is_label(piece: &Piece, before: Option<&Piece>) -> bool {
    let is_of_nhs = before.is_some_and(|before| before.folded == "nhs");
    match piece.folded.as_str() {
        "born" | "dob" | "nhs" => true,
        "no" | "number" => is_of_nhs,
        _ => false,
    }
}

const BARE_TITLES: [&str; 8] = ["mr", "mrs", "miss", "ms", "mx", "dr", "prof", "rev"];

const OTHER_TITLES: [&str; 9] = [
    "sir",
    "lady",
    "lord",
    "dame",
    "master",
    "professor",
    "doctor",
    "reverend",
    "mister",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Titles {
    Dropped,
    Kept,
}

/// Pieces after this many are not looked at.
const MOST_PIECES: usize = 24;

/// Nor is what is typed after so many bytes.
const MOST_TYPED: usize = 256;

/// More words than this are not joined to one.
const MOST_JOINED: usize = 3;

/// Words of so many letters are often written together with the next.
const SHORT: usize = 3;

/// No letters that stand apart at the beginning of a local number are more.
const LONGEST_PREFIX: usize = 3;

/// No local number has more letters and digits.
const LONGEST_NUMBER: usize = 40;

#[cfg(test)]
mod tests;
