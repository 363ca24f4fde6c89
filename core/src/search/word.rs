//! A text as its words: what is typed into the search box and what was written are split by the same rules.
//!
//! A word is a run of letters and digits, folded ([`super::fold`]) and cut after [`LONGEST`] letters. Apostrophes between
//! letters vanish; a point, comma, stroke or colon between digits stays, so that `2.5`, `120/80` and `14:30` are one word.
//!
//! Neighbours that are also written as one word are **joined** besides: the groups of an NHS number (`900 000 0009`), a
//! number and its unit (`2.5 mg`), and what a hyphen holds together (`co-amoxiclav`, `COVID-19`).

use std::ops::Range;

use super::fold::{Kind, fold};

/// A word's letters after this many are not looked at.
pub(super) const LONGEST: usize = 30;

/// The words of one text. Kept and filled again, so that a long run of texts costs no allocation each.
#[derive(Default)]
pub(super) struct Split {
    folded: String,
    /// The words in the order of the text, then the joins.
    terms: Vec<Term>,
    /// How many are words.
    words: usize,
}

/// A word of a text, or neighbours that are also one.
pub(super) struct Term {
    /// Which bytes of the text it is.
    pub(super) span: Range<usize>,
    /// Which words: itself, or those that it joins.
    pub(super) words: Range<usize>,
    /// Where it is in [`Split::folded`].
    folded: Range<usize>,
    length: usize,
    digits: usize,
    has_letter: bool,
    gap: Gap,
}

/// What is between a word and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing yet.
    None,
    /// One hyphen.
    Hyphen,
    /// White space and hyphens.
    Loose,
    /// Something else, or no word.
    Far,
}

impl Split {
    /// The words of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut split = Self::default();
        split.read(text);
        split
    }

    /// Splits another text.
    pub(super) fn read(&mut self, text: &str) {
        self.folded.clear();
        self.terms.clear();
        self.split(text);
        self.words = self.terms.len();
        for first in 0..self.words {
            self.join_number(first);
            self.join_unit(first);
            self.join_hyphens(first);
        }
    }

    /// The words in the order of the text, then what is joined.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&Term, &str)> {
        self.terms.iter().map(|term| (term, self.folded(term)))
    }

    /// The words at the end that are the beginning of an NHS number in its usual groups (`900 000 0`), which is still being
    /// typed, and their digits.
    pub(super) fn unfinished_number(&self) -> Option<(Range<usize>, String)> {
        [3, 2].into_iter().find_map(|groups| {
            let first = self.words.checked_sub(groups)?;
            let words = self.terms.get(first..self.words)?;
            let (last, whole) = words.split_last()?;
            let usual = whole.iter().all(|word| word.digits == 3) && (groups == 3 || last.digits == 3);
            let together = words.iter().skip(1).all(Term::is_near);
            let short = last.digits <= 3 && words.iter().all(Term::is_digits);
            let digits = || words.iter().map(|word| self.folded(word)).collect();
            (usual && together && short).then(|| (first..self.words, digits()))
        })
    }

    fn folded(&self, term: &Term) -> &str {
        self.folded.get(term.folded.clone()).unwrap_or_default()
    }

    fn split(&mut self, text: &str) {
        let mut open: Option<Term> = None;
        let mut gap = Gap::Far;
        let mut before = Kind::Other;
        // An apostrophe or a point whose right-hand side is not seen yet.
        let mut pending: Option<(char, Kind)> = None;
        for (at, character) in text.char_indices() {
            let kind = Kind::of(character);
            let after = at + character.len_utf8();
            match (kind, open.as_mut()) {
                (Kind::Digit | Kind::Letter, word) => {
                    match (pending.take(), word) {
                        (Some((point, between)), Some(word)) if before == kind && between == kind => {
                            if kind == Kind::Digit {
                                word.take(point, Kind::Point, &mut self.folded);
                            }
                        }
                        (Some(_), _) => {
                            self.terms.extend(open.take());
                            gap = Gap::Far;
                        }
                        (None, _) => {}
                    }
                    let (number, start) = (self.terms.len(), self.folded.len());
                    let word = open.get_or_insert_with(|| Term::open(number, start, at, gap));
                    gap = Gap::None;
                    word.span.end = after;
                    let (first, second) = fold(character);
                    word.take(first, kind, &mut self.folded);
                    if let Some(second) = second {
                        word.take(second, kind, &mut self.folded);
                    }
                    before = kind;
                }
                (Kind::Nothing, Some(word)) if pending.is_none() => word.span.end = after,
                (Kind::Nothing, _) => {}
                (Kind::Apostrophe, Some(_)) if pending.is_none() => pending = Some((character, Kind::Letter)),
                (Kind::Point, Some(_)) if pending.is_none() => pending = Some((character, Kind::Digit)),
                (Kind::Apostrophe | Kind::Blank | Kind::Dash | Kind::Other | Kind::Point, _) => {
                    gap = match (gap, kind) {
                        (Gap::None, Kind::Dash) if pending.is_none() => Gap::Hyphen,
                        (Gap::None | Gap::Hyphen | Gap::Loose, Kind::Blank | Kind::Dash)
                            if pending.is_none() =>
                        {
                            Gap::Loose
                        }
                        _ => Gap::Far,
                    };
                    pending = None;
                    self.terms.extend(open.take());
                }
            }
        }
        self.terms.extend(open);
    }

    /// Groups of digits that make ten, as an NHS number does.
    fn join_number(&mut self, first: usize) {
        let mut digits = 0;
        for at in first..self.words {
            let Some(word) = self.terms.get(at) else { return };
            if !word.is_digits() || digits >= NHS_NUMBER || (at > first && !word.is_near()) {
                return;
            }
            digits += word.digits;
            if digits == NHS_NUMBER && at > first {
                self.join(first..at + 1);
            }
        }
    }

    fn join_unit(&mut self, first: usize) {
        if let Some([number, unit, ..]) = self.terms.get(first..self.words)
            && !number.has_letter
            && unit.is_near()
            && UNITS.contains(&self.folded(unit))
        {
            self.join(first..first + 2);
        }
    }

    fn join_hyphens(&mut self, first: usize) {
        let words = self.terms.get(first..self.words).unwrap_or_default();
        let held = |word: &&Term| word.gap == Gap::Hyphen;
        let more = words.iter().skip(1).take_while(held).count();
        let chain = words.get(..=more).unwrap_or_default();
        let begins = words.first().is_some_and(|first| first.gap != Gap::Hyphen);
        let has_letter = chain.iter().any(|word| word.has_letter);
        if begins && has_letter && (1..MOST_HYPHENATED).contains(&more) {
            self.join(first..first + 1 + more);
        }
    }

    fn join(&mut self, words: Range<usize>) {
        let Some([first, .., last]) = self.terms.get(words.clone()) else {
            return;
        };
        let mut term = Term::open(0, self.folded.len(), first.span.start, Gap::Far);
        term.span.end = last.span.end;
        for number in words.clone() {
            let part = self
                .terms
                .get(number)
                .map_or("", |word| self.folded(word))
                .to_owned();
            for letter in part.chars() {
                term.take(letter, Kind::Letter, &mut self.folded);
            }
        }
        term.words = words;
        self.terms.push(term);
    }
}

impl Term {
    fn open(number: usize, folded: usize, at: usize, gap: Gap) -> Self {
        Self {
            span: at..at,
            words: number..number + 1,
            folded: folded..folded,
            length: 0,
            digits: 0,
            has_letter: false,
            gap,
        }
    }

    /// Puts a folded letter, a digit or a point after the others.
    fn take(&mut self, letter: char, kind: Kind, folded: &mut String) {
        if self.length < LONGEST {
            self.length += 1;
            self.digits += usize::from(kind == Kind::Digit);
            self.has_letter |= kind == Kind::Letter;
            folded.push(letter);
            self.folded.end = folded.len();
        }
    }

    /// Whether it is digits and nothing else.
    fn is_digits(&self) -> bool {
        self.digits == self.length
    }

    /// Whether nothing but white space and hyphens is between it and the word before it.
    fn is_near(&self) -> bool {
        matches!(self.gap, Gap::Hyphen | Gap::Loose)
    }
}

/// The digits of an NHS number.
const NHS_NUMBER: usize = 10;

/// A longer chain of hyphens is a line of something, not a word.
const MOST_HYPHENATED: usize = 4;

/// Units that are written with and without a space after the number.
const UNITS: [&str; 23] = [
    "bpm", "cm", "g", "h", "hr", "hrs", "iu", "kg", "kpa", "l", "mcg", "mg", "min", "mins", "ml", "mm",
    "mmhg", "mmol", "ng", "u", "ug", "unit", "units",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let split = Split::of(text);
        split
            .terms()
            .take(split.words)
            .map(|(_, word)| word.to_owned())
            .collect()
    }

    fn joins(text: &str) -> Vec<(String, String)> {
        let split = Split::of(text);
        let joins = split.terms().skip(split.words);
        joins
            .map(|(term, join)| (join.to_owned(), text.get(term.span.clone()).unwrap().to_owned()))
            .collect()
    }

    #[test]
    fn a_name_is_one_word_with_its_apostrophe_and_two_with_its_hyphen() {
        assert_eq!(
            words("Siân O'Brien, O’NEILL-Smith's"),
            ["sian", "obrien", "oneill", "smiths"]
        );
        assert_eq!(words("'quoted' don't' x"), ["quoted", "dont", "x"]);
    }

    #[test]
    fn numbers_are_words_as_they_are_typed() {
        assert_eq!(
            words("2.5mg at 14:30, BP 120/80. Bed 4, K+ 6.1; 1,000 units/hr."),
            [
                "2.5mg", "at", "14:30", "bp", "120/80", "bed", "4", "k", "6.1", "1,000", "units", "hr"
            ]
        );
        assert_eq!(words("3..4 5.mg .6 7'8"), ["3", "4", "5", "mg", "6", "7", "8"]);
    }

    #[test]
    fn groups_that_make_ten_digits_are_an_nhs_number_in_any_spacing() {
        for text in [
            "900 000 0009",
            "900-000-0009",
            "90 0000  0009",
            "9000\u{a0}000\u{2009}009",
        ] {
            let joins = joins(text);
            assert_eq!(joins, [("9000000009".to_owned(), text.to_owned())]);
        }
        assert_eq!(
            joins("Bed 4 900 000 0009, seen"),
            [("9000000009".to_owned(), "900 000 0009".to_owned())]
        );
        assert!(joins("900 000 00091").is_empty());
        assert!(joins("900, 000, 0009").is_empty());
        assert!(joins("9000000009").is_empty());
    }

    #[test]
    fn a_number_is_joined_with_its_unit_and_hyphens_hold_together() {
        assert_eq!(
            joins("amlodipine 2.5 mg"),
            [("2.5mg".to_owned(), "2.5 mg".to_owned())]
        );
        assert!(joins("bed 4 please").is_empty());
        assert_eq!(
            joins("co-amoxiclav"),
            [("coamoxiclav".to_owned(), "co-amoxiclav".to_owned())]
        );
        assert_eq!(
            joins("after COVID-19"),
            [("covid19".to_owned(), "COVID-19".to_owned())]
        );
        assert!(joins("10-20").is_empty());
        assert!(joins("a-b-c-d-e").is_empty());
    }

    #[test]
    fn a_long_word_is_cut_and_still_marked_whole() {
        let long = "é".repeat(100);
        let split = Split::of(&long);
        let (word, folded) = split.terms().next().unwrap();
        assert_eq!((folded, word.span.clone()), ("e".repeat(30).as_str(), 0..200));
        let joined = format!("{long}-{long}");
        assert_eq!(joins(&joined)[0].0, "e".repeat(30));
    }

    #[test]
    fn a_text_may_be_anything() {
        assert!(words("").is_empty());
        assert!(words(" …—👍🏽 ' . , ").is_empty());
        assert_eq!(words("\u{302}a\u{302}\u{ad}b"), ["ab"]);
    }
}
