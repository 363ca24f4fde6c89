//! One word that is looked for: which terms match it, and how well.
//!
//! A term matches a word when one of the term's beginnings is at most so many **edits** from the word: one for a word of
//! 4 to 7 letters, two for a longer one, none for a shorter one or one with a digit in it, since a dose must be found as it
//! is typed. An edit is a letter too many, missing, wrong, or swapped with its neighbour (Damerau and Levenshtein's
//! distance, in its *optimal string alignment* form).
//!
//! All alignments are followed at once in the bits of a few numbers (S. Wu and U. Manber, *Fast text searching allowing
//! errors*, 1992; swaps as in H. Hyyrö, *A bit-vector algorithm for computing Levenshtein and Damerau edit distances*,
//! 2003), so that a letter of a term costs a dozen instructions and terms that begin alike share that cost.

use super::word::LONGEST;

/// How well a term matches a word: 0 is the word itself, 1 begins with it, from [`TYPO`] on it is written otherwise.
pub(super) type Grade = u8;

/// The least grade of a term with an edit in it. Eight words without one stay below it.
pub(super) const TYPO: Grade = 16;

/// A word to match terms with.
pub(super) struct Pattern {
    word: String,
    first: char,
    /// For each letter of Latin-1, at which places (bit 1 is the first) the word has it.
    latin: [u32; 256],
    /// Likewise for the others.
    others: Vec<(char, u32)>,
    /// How many letters may be read with one edit, and with two: a bit for none, one, two, ...
    once: u32,
    twice: u32,
    /// All letters read.
    end: u32,
}

/// How far the word was read while a term was.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// After which of the word's letters one may be: with no edit, with one at most, with two at most.
    exact: u32,
    once: u32,
    twice: u32,
    /// Where one is if the letter just read and the next are swapped: with no edit before, with one at most.
    swapped: u32,
    swapped_once: u32,
    /// The fewest edits with which what was read, or a beginning of it, is the word; [`TOO_MANY`] when none is.
    fewest: u8,
}

impl Step {
    /// Whether what was read, or a beginning of it, is the word.
    pub(super) fn has_matched(&self) -> bool {
        self.fewest != TOO_MANY
    }

    /// Whether no longer term can match either.
    pub(super) fn is_over(&self) -> bool {
        (self.exact | self.once | self.twice) == 0 && !self.has_matched()
    }
}

impl Pattern {
    /// Makes one of a word as [`super::word`] folds it; `None` of no letters.
    pub(super) fn new(word: &str) -> Option<Self> {
        let first = word.chars().next()?;
        let letters = word.chars().count().min(LONGEST);
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        let places = (2 << letters) - 1;
        let mut pattern = Self {
            word: word.to_owned(),
            first,
            latin: [0; 256],
            others: Vec::new(),
            once: if letters < 4 || is_number { 0 } else { places },
            twice: if letters < 8 || is_number { 0 } else { places },
            end: 1 << letters,
        };
        for (letter, place) in word.chars().zip(1..=LONGEST) {
            let latin = u8::try_from(letter)
                .ok()
                .and_then(|at| pattern.latin.get_mut(usize::from(at)));
            match latin {
                Some(places) => *places |= 1 << place,
                None => pattern.others.push((letter, 1 << place)),
            }
        }
        Some(pattern)
    }

    /// The word, when it is found only as it is typed.
    pub(super) fn as_typed(&self) -> Option<&str> {
        (self.once == 0).then_some(&self.word)
    }

    /// Before a term's first letter.
    pub(super) fn start(&self) -> Step {
        Step {
            exact: 1,
            once: self.once & 3,
            twice: self.twice & 7,
            swapped: 0,
            swapped_once: 0,
            fewest: TOO_MANY,
        }
    }

    /// Goes on by one more letter of a term.
    pub(super) fn read(&self, step: &mut Step, letter: char) {
        let Step {
            exact,
            once,
            twice,
            swapped,
            swapped_once,
            ..
        } = *step;
        let at = self.places_of(letter);
        // A digit is never a slip of the finger.
        let slip = if letter.is_ascii_digit() { 0 } else { u32::MAX };
        step.exact = (exact << 1) & at;
        step.once = ((once << 1) & at) | exact | (exact << 1) | (step.exact << 1) | (swapped & (at << 1));
        step.once &= self.once & slip;
        step.twice = ((twice << 1) & at) | once | (once << 1) | (step.once << 1) | (swapped_once & (at << 1));
        step.twice &= self.twice & slip;
        step.swapped = (exact << 2) & at;
        step.swapped_once = (once << 2) & at;
        if (step.exact | step.once | step.twice) & self.end != 0 {
            step.fewest = step.fewest.min(self.edits(step));
        }
    }

    /// The grade of the term that was read to its end; `None` when it does not match.
    pub(super) fn grade(&self, end: &Step, term: &str) -> Option<Grade> {
        if end.fewest == TOO_MANY {
            return None;
        }
        let moved = !term.starts_with(self.first);
        let whole = grade(self.edits(end), false, moved);
        Some(whole.min(grade(end.fewest, true, moved)))
    }

    /// The grade of a term on its own.
    pub(super) fn grade_of(&self, term: &str) -> Option<Grade> {
        let mut step = self.start();
        for letter in term.chars() {
            self.read(&mut step, letter);
            if step.is_over() {
                return None;
            }
        }
        self.grade(&step, term)
    }

    /// With how many edits all of what was read is the word.
    fn edits(&self, step: &Step) -> u8 {
        let rows = [step.exact, step.once, step.twice];
        (0..)
            .zip(rows)
            .find(|(_, row)| row & self.end != 0)
            .map_or(TOO_MANY, |(edits, _)| edits)
    }

    fn places_of(&self, letter: char) -> u32 {
        let latin = u8::try_from(letter)
            .ok()
            .and_then(|at| self.latin.get(usize::from(at)));
        latin.copied().unwrap_or_else(|| {
            let others = self.others.iter().filter(|(other, _)| *other == letter);
            others.fold(0, |places, (_, place)| places | place)
        })
    }
}

/// The grade of a match: fewer edits are better, whole words better than beginnings, and a term with another first letter
/// is worse than any that begins as the word does.
fn grade(edits: u8, beginning: bool, moved: bool) -> Grade {
    let slips = match edits {
        0 => 0,
        1 | 2 => TYPO + 2 * (edits - 1) + if moved { 4 } else { 0 },
        _ => return Grade::MAX,
    };
    slips + u8::from(beginning)
}

/// More edits than are ever made.
const TOO_MANY: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(word: &str, term: &str) -> Option<Grade> {
        Pattern::new(word).unwrap().grade_of(term)
    }

    #[test]
    fn the_word_itself_comes_before_what_begins_with_it() {
        assert_eq!(grade("pot", "pot"), Some(0));
        assert_eq!(grade("pot", "potassium"), Some(1));
        assert_eq!(grade("pot", "po"), None);
        assert_eq!(grade("pot", "spot"), None);
    }

    #[test]
    fn short_words_are_taken_as_typed_longer_ones_with_one_slip_or_two() {
        assert_eq!(grade("bed", "bad"), None);
        assert_eq!(grade("ward", "word"), Some(TYPO));
        assert_eq!(grade("ward", "wodr"), None);
        assert_eq!(grade("sodimu", "sodium"), Some(TYPO), "two letters are swapped");
        assert_eq!(grade("sodim", "sodium"), Some(TYPO), "one is missing");
        assert_eq!(grade("soddium", "sodium"), Some(TYPO), "one is too many");
        assert_eq!(grade("potasium", "potassium"), Some(TYPO));
        assert_eq!(grade("pottasium", "potassium"), Some(TYPO + 2));
        assert_eq!(grade("pottazium", "potassium"), None, "three");
        assert_eq!(grade("parcetomol", "paracetamol"), Some(TYPO + 2));
    }

    #[test]
    fn a_beginning_may_have_a_slip_too() {
        assert_eq!(grade("pota", "potassium"), Some(1));
        assert_eq!(grade("poat", "potassium"), Some(TYPO + 1));
        assert_eq!(grade("amoxycil", "amoxicillin"), Some(TYPO + 1));
    }

    #[test]
    fn another_first_letter_comes_last() {
        assert_eq!(grade("kreatinine", "creatinine"), Some(TYPO + 4));
        assert_eq!(grade("rceatinine", "creatinine"), Some(TYPO + 4));
        assert_eq!(grade("brien", "obrien"), Some(TYPO + 4));
    }

    #[test]
    fn numbers_are_never_mistaken_for_others() {
        assert_eq!(grade("2.5mg", "25mg"), None);
        assert_eq!(grade("1000units", "100units"), None);
        assert_eq!(grade("tazocin", "tazoc4n"), None);
        assert_eq!(grade("paracetamol", "paracetamol500"), Some(1));
        assert_eq!(grade("9000000009", "9000000008"), None);
    }

    #[test]
    fn letters_of_any_script_count_as_one() {
        assert_eq!(grade("Жуков", "Жкуов"), Some(TYPO));
        assert_eq!(grade("王小明", "王小明"), Some(0));
    }

    #[test]
    fn the_longest_word_still_fits() {
        let word = "a".repeat(LONGEST);
        assert_eq!(grade(&word, &word), Some(0));
        assert_eq!(grade(&word, &"a".repeat(LONGEST - 1)), Some(TYPO));
        assert!(u32::from(super::grade(2, true, true)) * 8 < 255);
    }
}
