//! Escape sequences (HL7 v2.5.1 §2.7): characters that would divide, bytes, line breaks.
//!
//! What is not understood stays visible as it was sent, and so do control characters (as U+FFFD): a value may look odd on
//! a screen, but it never loses a part in silence.

use std::borrow::Cow;

use crate::charset::Charset;
use crate::separators::Separators;

/// What it takes to read the text of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) separators: Separators,
    pub(crate) charset: Charset,
}

/// The text that `raw` stands for.
pub(crate) fn decode(raw: &str, syntax: Syntax) -> Cow<'_, str> {
    let escape = syntax.separators.escape();
    if !raw.chars().any(|c| Some(c) == escape || is_odd(c)) {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = escape.and_then(|escape| rest.split_once(escape)) {
        text.extend(before.chars().map(visible));
        let sequence = escape.and_then(|escape| after.split_once(escape));
        rest = match sequence.map(|(code, tail)| (meaning(code, syntax), code, tail)) {
            Some((Meaning::Text(decoded), _, tail)) => {
                text.push_str(&decoded);
                tail
            }
            Some((Meaning::Unknown, code, tail)) => {
                text.extend(escape);
                text.extend(code.chars().map(visible));
                text.extend(escape);
                tail
            }
            // An escape character that escapes nothing: `C:\TEMP`.
            Some((Meaning::None, _, _)) | None => {
                text.extend(escape);
                after
            }
        };
    }
    text.extend(rest.chars().map(visible));
    Cow::Owned(text)
}

/// `text` so that it can stand in a field of a message with these separators. Line breaks become `\.br\`, other control
/// characters are left out. Where the message has no escape character a separator becomes a space.
///
/// Separators that are letters, digits or a full stop (which the standard allows) can make a sequence that divides; no
/// system that uses them is known.
pub fn encode(text: &str, separators: &Separators) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        let code = if c == separators.field() {
            "F"
        } else if c == separators.component() {
            "S"
        } else if c == separators.repetition() {
            "R"
        } else if Some(c) == separators.subcomponent() {
            "T"
        } else if Some(c) == separators.escape() {
            "E"
        } else if Some(c) == separators.truncation() {
            "P"
        } else if c == '\n' || c == '\r' {
            ".br"
        } else {
            if !c.is_control() {
                encoded.push(c);
            }
            continue;
        };
        match separators.escape() {
            Some(escape) => {
                encoded.push(escape);
                encoded.push_str(code);
                encoded.push(escape);
            }
            None => encoded.push(' '),
        }
    }
    encoded
}

/// What stands between two escape characters.
enum Meaning {
    /// This text.
    Text(String),
    /// A sequence that is not for us: kept as it is, with its escape characters.
    Unknown,
    /// Not a sequence at all.
    None,
}

fn meaning(code: &str, syntax: Syntax) -> Meaning {
    let separators = syntax.separators;
    let one = |c: char| Meaning::Text(c.to_string());
    match code {
        "F" => one(separators.field()),
        "S" => one(separators.component()),
        "R" => one(separators.repetition()),
        "E" => separators.escape().map_or(Meaning::Unknown, one),
        "T" => separators.subcomponent().map_or(Meaning::Unknown, one),
        "P" => separators.truncation().map_or(Meaning::Unknown, one),
        // Highlighting on and off (§2.7.2).
        "H" | "N" => Meaning::Text(String::new()),
        ".br" => one('\n'),
        _ => {
            if let Some(lines) = code.strip_prefix(".sp") {
                return spaced(lines);
            }
            if let Some(digits) = code.strip_prefix('X') {
                return bytes(digits)
                    .and_then(|bytes| readable(&bytes, syntax.charset))
                    .map_or(Meaning::Unknown, Meaning::Text);
            }
            // Character set switches (§2.7.3), formatting (§2.7.6) and local sequences (§2.7.7).
            let of_a_kind = code.starts_with(['C', 'M', 'Z', '.']);
            let word = code
                .chars()
                .skip(1)
                .all(|c| c.is_ascii_alphanumeric() || "+- ".contains(c));
            if of_a_kind && word && code.len() > 1 {
                Meaning::Unknown
            } else {
                Meaning::None
            }
        }
    }
}

/// `\.sp3\`: end the line and skip so many (§2.7.6).
fn spaced(lines: &str) -> Meaning {
    match lines.trim() {
        "" => Meaning::Text("\n".to_owned()),
        count => match count.trim_start_matches('+').parse::<u8>() {
            Ok(count @ 1..=20) => Meaning::Text("\n".repeat(count.into())),
            Ok(_) | Err(_) => Meaning::Unknown,
        },
    }
}

/// Pairs of hexadecimal digits (§2.7.4).
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match *pair {
            [high, low] => Some(hex(high)? << 4 | hex(low)?),
            _ => None,
        })
        .collect();
    bytes.filter(|bytes| !bytes.is_empty())
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// The characters that bytes of an escape are, in the message's own set; a carriage return is a line break.
fn readable(bytes: &[u8], charset: Charset) -> Option<String> {
    let text = charset.decode(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    (!text.chars().any(is_odd)).then_some(text)
}

/// Whether it is a control character that no text has.
fn is_odd(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

fn visible(c: char) -> char {
    if is_odd(c) { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> String {
        let syntax = Syntax {
            separators: Separators::RECOMMENDED,
            charset: Charset::UTF_8,
        };
        decode(raw, syntax).into_owned()
    }

    #[test]
    fn separators_are_escaped() {
        assert_eq!(read(r"a\F\b\S\c\T\d\R\e\E\f"), r"a|b^c&d~e\f");
        let other = Syntax {
            separators: Separators::read(b"MSH#:@*%#").unwrap(),
            charset: Charset::UTF_8,
        };
        assert_eq!(decode("a*F*b*S*c*T*d*R*e*E*f", other), "a#b:c%d@e*f");
    }

    #[test]
    fn line_breaks_bytes_and_highlighting_are_read() {
        assert_eq!(
            read(r"one\.br\two\.sp2\three\.sp\four"),
            "one\ntwo\n\nthree\nfour"
        );
        assert_eq!(read(r"caf\XC3A9\ \X0D0A\x"), "café \nx");
        assert_eq!(read(r"\H\loud\N\"), "loud");
        let latin = Syntax {
            separators: Separators::RECOMMENDED,
            charset: Charset::named("8859/1").flatten().unwrap(),
        };
        assert_eq!(decode(r"caf\XE9\", latin), "café");
    }

    #[test]
    fn what_is_not_understood_stays_visible() {
        for raw in [
            r"\Zlocal\",
            r"\.in+4\",
            r"\.ce\",
            r"\C2842\",
            r"\XE9\",
            r"\X0\",
            r"\X\",
            r"\X00\",
            r"\.sp99999\",
            r"C:\TEMP\new",
            r"back\",
            r"\",
            r"a\P\b",
            r"\\",
        ] {
            assert_eq!(read(raw), raw);
        }
        assert_eq!(read(r"C:\TEMP\F\x"), r"C:\TEMP|x");
        assert_eq!(
            read("\u{0}a\u{7}\r\u{85}b\t"),
            "\u{fffd}a\u{fffd}\u{fffd}\u{fffd}b\t"
        );
    }

    #[test]
    fn the_truncation_character_is_escaped_where_there_is_one() {
        let syntax = Syntax {
            separators: Separators::read(br"MSH|^~\&#|").unwrap(),
            charset: Charset::UTF_8,
        };
        assert_eq!(decode(r"a\P\b", syntax), "a#b");
        assert_eq!(encode("a#b", &syntax.separators), r"a\P\b");
    }

    #[test]
    fn text_is_written_so_that_it_does_not_divide() {
        assert_eq!(
            encode("a|b^c~d&e\\f\r\ng\u{7}", &Separators::RECOMMENDED),
            r"a\F\b\S\c\R\d\T\e\E\f\.br\g"
        );
        let without_escape = Separators::read(b"MSH|^~&|").unwrap();
        assert_eq!(encode("a|b&c", &without_escape), "a b c");
    }
}
