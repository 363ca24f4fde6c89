//! What a name sounds like: Daitch-Mokotoff Soundex, after what English spelling hides has been written out.
//!
//! Daitch-Mokotoff (Randy Daitch and Gary Mokotoff, 1985) is chosen since it is defined to the letter, with published examples; it
//! gives a name several codes where its spelling leaves several sounds open; and it was made for names that were carried from one
//! spelling into another. It drops vowels and codes the first letter too, so that `Mohammed` and `Muhammad`, `Kowalski` and
//! `Kovalsky`, `Catherine` and `Kathryn`, `Stephen` and `Steven` agree, which plain Soundex (first letter kept) or NYSIIS (vowels
//! kept in place) do not do for all of them. Metaphone is English alone, Double Metaphone and Beider-Morse are ten and a hundred
//! times the code that a browser would download.
//!
//! It knows nothing of letters that are silent in English (`Wright`, `Knight`, `Thompson`) nor of a hard and a soft C or G, so these are
//! settled first ([`respelt`]); this also spares most names the second code that C would give them.

use std::fmt;

mod table;

use table::rule;

/// The sound of a name: six digits. It is personal: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sound(u32);

impl Sound {
    /// The six digits as text, for a keyed hash.
    pub fn digits(self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sound(…)")
    }
}

/// The sounds that a word may have, as [`super::token::normalise`] gives it, in order and each once; none of a word without Latin
/// letters. Two words sound alike when they have one in common.
pub fn phonetic(word: &str) -> Vec<Sound> {
    let letters: Vec<u8> = word
        .bytes()
        .filter(u8::is_ascii_lowercase)
        .take(LONGEST)
        .collect();
    daitch_mokotoff(&respelt(&letters))
}

/// The word as it would be spelt if English wrote what it says:
///
/// | spelling | becomes | as in |
/// | --- | --- | --- |
/// | `kn`, `wr`, `ps` at the start | `n`, `r`, `s` | Knight, Wright |
/// | `gh` at the end or before `t` | nothing, but after `n` | Leigh, Wright; Singh |
/// | `h` after `b d g j l n r w` | nothing | Choudhury, Rhys, White |
/// | `c` before `e i y`; `ck`; other `c` but `ch cs cz` | `s`; `k`; `k` | Cecil; Jackson; Clark |
/// | `ch` before `l` or `r`, not after `s` | `k` | Christopher |
/// | `g` before `e i y` at the start | `j` | Geoffrey |
/// | `p` between `m` and `s` or `t` | nothing | Thompson |
/// | `w` between a vowel and a consonant, but `s` | nothing | Chowdhury, Brown; Lewandowska |
fn respelt(letters: &[u8]) -> Vec<u8> {
    let mut respelt = Vec::with_capacity(letters.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let (next, after) = (letters.get(at + 1).copied(), letters.get(at + 2).copied());
        let is_soft = matches!(next, Some(b'e' | b'i' | b'y'));
        at += 1;
        respelt.push(match (letter, next) {
            (b'k', Some(b'n')) | (b'w', Some(b'r')) | (b'p', Some(b's')) if before.is_none() => continue,
            (b'g', Some(b'h')) if matches!(after, None | Some(b't')) => {
                at += 1;
                if before != Some(b'n') {
                    continue;
                }
                letter
            }
            (b'g', _) if before.is_none() && is_soft => b'j',
            (b'h', _)
                if matches!(
                    before,
                    Some(b'b' | b'd' | b'g' | b'j' | b'l' | b'n' | b'r' | b'w')
                ) =>
            {
                continue;
            }
            (b'c', Some(b'k')) => {
                at += 1;
                b'k'
            }
            (b'c', Some(b'h')) if matches!(after, Some(b'l' | b'r')) && before != Some(b's') => {
                at += 1;
                b'k'
            }
            (b'c', Some(b'h' | b's' | b'z')) => letter,
            (b'c', _) if is_soft => b's',
            (b'c', _) => b'k',
            (b'p', Some(b's' | b't')) if before == Some(b'm') => continue,
            (b'w', Some(next))
                if before.is_some_and(is_vowel) && !is_vowel(next) && !matches!(next, b's' | b'y') =>
            {
                continue;
            }
            _ => letter,
        });
    }
    respelt
}

fn daitch_mokotoff(letters: &[u8]) -> Vec<Sound> {
    let mut branches = vec![Branch::default()];
    let mut at = 0;
    while let Some(rest) = letters.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, rule) = rule(rest);
        let is_before_vowel = rest.get(length).copied().is_some_and(is_vowel);
        let codes = match (at, is_before_vowel) {
            (0, _) => rule.start,
            (_, true) => rule.before_vowel,
            (_, false) => rule.elsewhere,
        };
        // The one pair of letters whose codes are alike and both count.
        let is_forced = at > 0
            && matches!(
                (letters.get(at - 1), letters.get(at)),
                (Some(b'm'), Some(b'n')) | (Some(b'n'), Some(b'm'))
            );
        let mut next: Vec<Branch> = Vec::new();
        for branch in &branches {
            for code in codes.split('|') {
                let reached = branch.with(code, is_forced);
                if !next.contains(&reached) {
                    next.push(reached);
                }
            }
        }
        branches = next;
        at += length;
    }
    if letters.is_empty() {
        return Vec::new();
    }
    let mut sounds = Vec::with_capacity(branches.len());
    for sound in branches.iter().map(Branch::finish) {
        if let Err(place) = sounds.binary_search(&sound) {
            sounds.insert(place, sound);
        }
    }
    sounds
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Branch {
    code: u32,
    digits: u32,
    last: &'static str,
}

impl Branch {
    fn with(self, code: &'static str, is_forced: bool) -> Self {
        let mut reached = Self { last: code, ..self };
        if !code.is_empty() && self.last.ends_with(code) && !is_forced {
            return reached;
        }
        for digit in code.bytes() {
            if reached.digits < DIGITS {
                reached.code = reached.code * 10 + u32::from(digit - b'0');
                reached.digits += 1;
            }
        }
        reached
    }

    fn finish(&self) -> Sound {
        Sound(self.code * 10_u32.pow(DIGITS - self.digits))
    }
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

const DIGITS: u32 = 6;

/// Letters after this many are not heard.
const LONGEST: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::token::normalise;

    fn sounds(name: &str) -> Vec<Sound> {
        phonetic(&normalise(name))
    }

    fn alike(one: &str, other: &str) -> bool {
        sounds(one).iter().any(|sound| sounds(other).contains(sound))
    }

    #[test]
    fn the_published_examples_of_daitch_and_mokotoff_have_their_codes() {
        for (name, codes) in [
            ("auerbach", "097400 097500"),
            ("ohrbach", "097400 097500"),
            ("lipshitz", "874400"),
            ("lippszyc", "874400 874500"),
            ("lewinsky", "876450"),
            ("levinski", "876450"),
            ("szlamawicz", "486740"),
            ("shlamovitz", "486740"),
            ("moskowitz", "645740"),
            ("moskovitz", "645740"),
            ("peters", "734000 739400"),
            ("peterson", "734600 739460"),
            ("jackson", "145460 154600 445460 454600"),
            ("golden", "583600"),
            ("alpert", "087930"),
            ("breuer", "791900"),
            ("haber", "579000"),
            ("mannheim", "665600"),
            ("mintz", "664000"),
            ("topf", "370000"),
            ("kleinmann", "586660"),
            ("benaron", "769600"),
        ] {
            let heard = daitch_mokotoff(name.as_bytes());
            let heard: Vec<String> = heard.into_iter().map(Sound::digits).collect();
            assert_eq!(heard.join(" "), codes, "{name}");
        }
    }

    #[test]
    fn names_that_are_spelt_in_several_ways_sound_alike() {
        for spellings in [
            "Smith Smyth Smythe",
            "Stephen Steven Stefan Stephan",
            "Philip Phillip Filip",
            "Catherine Katherine Kathryn Katharine Cathryn",
            "Geoffrey Jeffrey Jeffery",
            "Gill Jill",
            "Clark Clarke Klark",
            "Nicholson Nicolson",
            "Thompson Thomson Tomson",
            "Knight Night Nite",
            "Wright Right Rite",
            "Leigh Lee Lea",
            "Rhys Rees Reece",
            "Sean Shaun Shawn",
            "Siân Shan",
            "Llewellyn Llewelyn Lewellin",
            "McDonald MacDonald Macdonald",
            "Brown Browne Braun",
            "Whyte White",
            "Davis Davies",
            "Hughes Hughs",
            "Christopher Kristofer",
            "Mohammed Muhammad Mohamed Mohammad",
            "Hussain Hussein Husayn Hossain",
            "Ahmed Ahmad",
            "Khan Kahn",
            "Akhtar Akhter",
            "Iqbal Ikbal",
            "Begum Begam",
            "Choudhury Chowdhury Chaudhry Choudhary",
            "Sheikh Shaikh",
            "Rahman Rehman",
            "Siddiqui Siddiqi",
            "Singh Sing",
            "Kowalski Kovalsky Kowalsky",
            "Lewandowska Levandovska",
            "Nguyễn Nguyen",
            "Olusegun Olusegoon",
        ] {
            let spellings: Vec<&str> = spellings.split(' ').collect();
            for one in &spellings {
                assert!(alike(one, spellings[0]), "{one} {}", spellings[0]);
            }
        }
    }

    #[test]
    fn other_names_do_not() {
        for (one, other) in [
            ("Smith", "Jones"),
            ("Clark", "Slark"),
            ("Carol", "Sarah"),
            ("Mohammed", "Mahmood"),
            ("Patel", "Patterson"),
            ("Khan", "Kaur"),
            ("Brown", "Barnes"),
            ("Okafor", "Okoye"),
            ("Nowak", "Novotny"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_word_without_latin_letters_has_no_sound_and_a_long_one_few() {
        assert!(sounds("Жуков").is_empty());
        assert!(sounds("123").is_empty());
        assert!(!sounds("Aa").is_empty());
        assert!(sounds(&"chrsj".repeat(20)).len() <= 64);
        assert_eq!(format!("{:?}", sounds("Lee")), "[Sound(…)]");
    }
}
