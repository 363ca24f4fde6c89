//! The character set of a message, by MSH-18 (HL7 v2.5.1 §2.15.9.18, table 0211).
//!
//! The standard's default is ASCII. A message that names nothing, or ASCII, and holds other bytes all the same is read as
//! UTF-8 if it is valid UTF-8 and as Windows-1252 if not; [`Charset::read`] says so. A set that is not known here is an
//! error, never a guess: a name with wrong letters is another person's name.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8,
    ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, UTF_8, WINDOWS_874, WINDOWS_1252, WINDOWS_1254,
};

/// How bytes become characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// UTF-8.
    pub const UTF_8: Self = Self(UTF_8);

    /// Finds a set by its name in table 0211, or by what senders write for it (`UTF-8`, `ISO-8859-1`). `Some(None)` is
    /// ASCII; `None` is a name that is not known here.
    ///
    /// 8859/1 and 8859/9 are read as Windows-1252 and -1254, which differ from them only where they have no characters,
    /// and are what senders mean.
    pub fn named(name: &str) -> Option<Option<Self>> {
        if name.trim().is_empty() {
            return Some(None);
        }
        let name: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let encoding = match name.as_str() {
            "ASCII" | "USASCII" | "ISOIR6" => return Some(None),
            "UNICODE" | "UNICODEUTF8" | "UTF8" => UTF_8,
            "CP1252" | "WINDOWS1252" => WINDOWS_1252,
            other => match other.strip_prefix("ISO").unwrap_or(other).strip_prefix("8859")? {
                "1" => WINDOWS_1252,
                "2" => ISO_8859_2,
                "3" => ISO_8859_3,
                "4" => ISO_8859_4,
                "5" => ISO_8859_5,
                "6" => ISO_8859_6,
                "7" => ISO_8859_7,
                "8" => ISO_8859_8,
                "9" => WINDOWS_1254,
                "10" => ISO_8859_10,
                "11" => WINDOWS_874,
                "13" => ISO_8859_13,
                "14" => ISO_8859_14,
                "15" => ISO_8859_15,
                _ => return None,
            },
        };
        Some(Some(Self(encoding)))
    }

    /// Reads bytes whose set is `declared`; `None` there is ASCII or nothing. Gives the set that was used and whether it
    /// had to be assumed.
    pub fn read(declared: Option<Self>, bytes: &[u8]) -> Option<(Cow<'_, str>, Self, bool)> {
        if let Some(declared) = declared {
            return Some((declared.decode(bytes)?, declared, false));
        }
        let assumed = if str::from_utf8(bytes).is_ok() {
            Self::UTF_8
        } else {
            Self(WINDOWS_1252)
        };
        Some((assumed.decode(bytes)?, assumed, !bytes.is_ascii()))
    }

    /// The characters, or `None` where bytes stand for none in this set.
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        self.0.decode_without_bom_handling_and_without_replacement(bytes)
    }
}

impl fmt::Debug for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, bytes: &[u8]) -> String {
        let declared = Charset::named(name).unwrap();
        Charset::read(declared, bytes).unwrap().0.into_owned()
    }

    #[test]
    fn the_names_of_table_0211_are_known() {
        assert_eq!(text("8859/1", b"Zo\xeb"), "Zoë");
        assert_eq!(text("8859/2", b"\xa3ukasz"), "Łukasz");
        assert_eq!(text("8859/5", b"\xb8\xd2\xd0\xdd"), "Иван");
        assert_eq!(text("8859/15", b"\xa4"), "€");
        assert_eq!(text("UNICODE UTF-8", "Siân".as_bytes()), "Siân");
        for part in [3, 4, 6, 7, 8, 9, 10, 11, 13, 14] {
            assert!(
                Charset::named(&format!("8859/{part}")).flatten().is_some(),
                "{part}"
            );
        }
        assert_eq!(Charset::named("ASCII"), Some(None));
        assert_eq!(Charset::named(""), Some(None));
    }

    #[test]
    fn what_senders_write_for_them_is_known_too() {
        assert_eq!(Charset::named("utf-8"), Charset::named("UNICODE UTF-8"));
        assert_eq!(Charset::named("ISO-8859-1"), Charset::named("8859/1"));
        assert_eq!(Charset::named("ISO8859/15"), Charset::named("8859/15"));
    }

    #[test]
    fn other_sets_are_unknown() {
        for name in [
            "UNICODE UTF-16",
            "ISO IR87",
            "8859/12",
            "8859/99",
            "8859",
            "latin",
            "USA",
            "BIG-5",
            "?",
        ] {
            assert_eq!(Charset::named(name), None, "{name}");
        }
    }

    #[test]
    fn with_nothing_said_utf8_is_tried_before_windows_1252() {
        assert_eq!(
            Charset::read(None, b"Joe").unwrap(),
            ("Joe".into(), Charset::UTF_8, false)
        );
        let (text, charset, assumed) = Charset::read(None, "Siân".as_bytes()).unwrap();
        assert_eq!((text.as_ref(), charset, assumed), ("Siân", Charset::UTF_8, true));
        let (text, charset, assumed) = Charset::read(None, b"Si\xe2n \x80").unwrap();
        assert_eq!(
            (text.as_ref(), charset, assumed),
            ("Siân €", Charset(WINDOWS_1252), true)
        );
    }

    #[test]
    fn bytes_outside_the_declared_set_are_refused() {
        assert_eq!(Charset::read(Some(Charset::UTF_8), b"Si\xe2n"), None);
        let greek = Charset::named("8859/7").flatten();
        assert_eq!(Charset::read(greek, b"\xff"), None);
    }
}
