//! Letters as search sees them: no case, no accents, so that `Siân` is found by `sian` and `O'BRIEN` by `obrien`.
//!
//! Latin as far as Latin Extended-A, the Welsh and Romanian letters beyond it, and accents written on their own
//! (Unicode's combining marks). Letters of other scripts stay as they are.

use crate::letter;

/// What a character is to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of the word, when between two letters (`O'Brien`), but not kept.
    Apostrophe,
    /// White space.
    Blank,
    /// A hyphen or a longer dash.
    Dash,
    /// One of the ten digits.
    Digit,
    /// A letter of any script.
    Letter,
    /// Seen by nobody: an accent of the letter before it, a soft hyphen.
    Nothing,
    /// Ends a word.
    Other,
    /// Of the word, when between two digits (`2.5`, `120/80`, `14:30`).
    Point,
}

impl Kind {
    /// The kind of a character.
    pub(crate) fn of(character: char) -> Self {
        match character {
            'A'..='Z' | 'a'..='z' | MICRO => Self::Letter,
            ' ' | '\t'..='\r' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                Self::Blank
            }
            '0'..='9' => Self::Digit,
            '.' | ',' | '/' | ':' => Self::Point,
            '-' | '\u{2010}'..='\u{2015}' => Self::Dash,
            '\'' | '`' | '\u{2bc}' | '\u{2018}' | '\u{2019}' => Self::Apostrophe,
            '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {
                Self::Nothing
            }
            _ if letter::is_letter(character) && !is_symbol(character) => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// Whether a character goes on a word: a letter or a digit.
pub fn is_of_word(character: char) -> bool {
    matches!(Kind::of(character), Kind::Digit | Kind::Letter)
}

/// Punctuation, symbols and emoji, as far as they are not in ASCII or Latin-1.
fn is_symbol(character: char) -> bool {
    matches!(
        character,
        '\u{2b9}'..='\u{2ff}'
            | '\u{2000}'..='\u{2bff}'
            | '\u{2e00}'..='\u{2e7f}'
            | '\u{3000}'..='\u{303f}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fe00}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff0f}'
            | '\u{fff0}'..='\u{ffff}'
            | '\u{1f000}'..='\u{1faff}'
    )
}

/// The one or two letters that stand for a letter or a digit.
pub(crate) fn fold(character: char) -> (char, Option<char>) {
    let base = match character {
        '0'..='9' | 'a'..='z' => return (character, None),
        'A'..='Z' => return (character.to_ascii_lowercase(), None),
        MICRO | GREEK_MU => 'u',
        '\u{c0}'..='\u{17f}' => base(character),
        'Ș' | 'ș' => 's',
        'Ț' | 'ț' => 't',
        'Ẁ'..='ẅ' => 'w',
        'Ỳ' | 'ỳ' => 'y',
        'ẞ' => 'S',
        _ => return (character, None),
    };
    match base {
        'A' => ('a', Some('e')),
        'I' => ('i', Some('j')),
        'N' => ('n', Some('g')),
        'O' => ('o', Some('e')),
        'S' => ('s', Some('s')),
        'T' => ('t', Some('h')),
        one => (one, None),
    }
}

fn base(character: char) -> char {
    u32::from(character)
        .checked_sub(0xc0)
        .and_then(|at| usize::try_from(at).ok())
        .and_then(|at| BASES.get(at))
        .map_or(character, |base| char::from(*base))
}

/// What U+00C0 to U+017F are without accents; a capital stands for two letters.
const BASES: &[u8; 192] = b"aaaaaaAceeeeiiiidnooooo*ouuuuyTSaaaaaaAceeeeiiiidnooooo*ouuuuyTy\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkklllllll\
lllnnnnnnnNNooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

const MICRO: char = '\u{b5}';
const GREEK_MU: char = '\u{3bc}';

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        text.chars()
            .filter(|character| matches!(Kind::of(*character), Kind::Digit | Kind::Letter))
            .flat_map(|character| {
                let (first, second) = fold(character);
                std::iter::once(first).chain(second)
            })
            .collect()
    }

    #[test]
    fn case_and_accents_make_no_difference() {
        assert_eq!(folded("SIÂN"), "sian");
        assert_eq!(folded("Sia\u{302}n"), "sian");
        assert_eq!(folded("ŁUKASZ Żółć"), "lukaszzolc");
        assert_eq!(folded("Ștefan Țîrlea"), "stefantirlea");
        assert_eq!(folded("Ŵyn ẃ ỳ"), "wynwy");
        assert_eq!(folded("Großmann GROẞMANN"), "grossmanngrossmann");
        assert_eq!(folded("Æsa Œuvre Þór"), "aesaoeuvrethor");
        assert_eq!(folded("5µg 5μg"), "5ug5ug");
    }

    #[test]
    fn every_latin_letter_folds_to_ascii_and_stays_there() {
        for character in ('\u{c0}'..='\u{17f}').filter(|character| Kind::of(*character) == Kind::Letter) {
            let (first, second) = fold(character);
            assert!(first.is_ascii_lowercase(), "{character}");
            assert!(
                second.is_none_or(|second| second.is_ascii_lowercase()),
                "{character}"
            );
            assert_eq!(
                fold(letter::lower(character)),
                fold(letter::upper(character)),
                "{character}"
            );
            assert_eq!(fold(first), (first, None));
        }
    }

    #[test]
    fn other_scripts_are_letters_and_symbols_are_not() {
        assert_eq!(folded("Ωmega Жук 王"), "ΩmegaЖук王");
        assert_eq!(folded("a—b…c“d”👍°×÷™→\u{3000}"), "abcd");
    }
}
