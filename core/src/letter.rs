//! Upper and lower case of the letters of names: Latin as far as Latin Extended-A (Unicode U+0000 to U+017F), which
//! has the letters of Europe's languages that are written in Latin, and those letters beyond it that are pairs in a row: of
//! Wales, Romania and Vietnam, and of transcriptions. Other letters stay as they are. The standard library knows all of
//! Unicode, but its tables are 30 KB of what a browser downloads.

/// The lower case of a letter.
pub fn lower(letter: char) -> char {
    match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' => moved(letter, 32),
        'Ÿ' => 'ÿ',
        _ if has_pair(letter) && is_upper_of_pair(letter) => moved(letter, 1),
        _ => letter,
    }
}

/// A text in lower case, to compare what is typed with what is shown.
pub fn lowered(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// The upper case of a letter.
pub fn upper(letter: char) -> char {
    match letter {
        'a'..='z' | 'à'..='ö' | 'ø'..='þ' => moved(letter, -32),
        'ÿ' => 'Ÿ',
        _ if has_pair(letter) && !is_upper_of_pair(letter) => moved(letter, -1),
        _ => letter,
    }
}

/// Whether it is a letter; those beyond Latin are all taken for letters, as most are.
pub fn is_letter(character: char) -> bool {
    character.is_ascii_alphabetic() || (character >= 'À' && !matches!(character, '×' | '÷'))
}

/// Whether it is one of two neighbours that differ in case only.
fn has_pair(letter: char) -> bool {
    let is_extended_a =
        matches!(letter, 'Ā'..='ķ' | 'Ĺ'..='ň' | 'Ŋ'..='ŷ' | 'Ź'..='ž') && !matches!(letter, 'İ' | 'ı');
    is_extended_a
        || matches!(
            letter,
            'Ơ'..='ơ' | 'Ư'..='ư' | 'Ǎ'..='ǜ' | 'Ș'..='ț' | '\u{1e00}'..='\u{1e95}' | 'Ạ'..='ỹ'
        )
}

fn is_upper_of_pair(letter: char) -> bool {
    let odd_is_upper = matches!(letter, 'Ĺ'..='ň' | 'Ź'..='ž' | 'Ư'..='ư' | 'Ǎ'..='ǜ');
    (u32::from(letter) % 2 == 1) == odd_is_upper
}

fn moved(letter: char, by: i32) -> char {
    u32::from(letter)
        .checked_add_signed(by)
        .and_then(char::from_u32)
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters whose other case is longer, or outside the range.
    const LEFT: [char; 6] = ['µ', 'ß', 'İ', 'ı', 'ŉ', 'ſ'];

    #[test]
    fn cases_are_those_of_unicode() {
        let further = "ƠơƯưȘșȚț"
            .chars()
            .chain('Ǎ'..='ǜ')
            .chain('\u{1e00}'..='\u{1e95}')
            .chain('Ạ'..='ỹ');
        for letter in ('\0'..='\u{17f}')
            .filter(|letter| !LEFT.contains(letter))
            .chain(further)
        {
            assert_eq!(
                lower(letter).to_string(),
                letter.to_lowercase().to_string(),
                "{letter}"
            );
            assert_eq!(
                upper(letter).to_string(),
                letter.to_uppercase().to_string(),
                "{letter}"
            );
        }
        for letter in LEFT.into_iter().chain(['Ж', '王', 'Ω']) {
            assert_eq!((lower(letter), upper(letter)), (letter, letter));
        }
    }

    #[test]
    fn letters_are_those_of_unicode() {
        for character in ('\0'..='\u{17f}').filter(|character| !matches!(character, 'ª' | 'µ' | 'º')) {
            assert_eq!(is_letter(character), character.is_alphabetic(), "{character}");
        }
    }
}
