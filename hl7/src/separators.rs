//! The characters that divide a message, which each message names for itself (HL7 v2.5.1 §2.5.4, §2.15.9.1-2).
//!
//! MSH-1 is the field separator, MSH-2 the component separator, the repetition separator, the escape character, the
//! subcomponent separator and, since v2.7, the truncation character. They are displayable ASCII and differ from each
//! other. A message without escapes or subcomponents may leave those out.

/// The separators of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    field: u8,
    component: u8,
    repetition: u8,
    escape: Option<u8>,
    subcomponent: Option<u8>,
    truncation: Option<u8>,
}

impl Separators {
    /// `|^~\&`, the recommended ones.
    pub const RECOMMENDED: Self = Self {
        field: b'|',
        component: b'^',
        repetition: b'~',
        escape: Some(b'\\'),
        subcomponent: Some(b'&'),
        truncation: None,
    };

    /// Reads MSH-1 and MSH-2 from a message's bytes, which start with `MSH`. `None` if they cannot be used: missing, not
    /// displayable, two the same (as in `^~\\&`, where a sender escaped the escape character), or of a wrong number.
    ///
    /// Three characters are `^~\` unless the third is `&`: `^~&` is what senders write who left the escape character out.
    pub fn read(message: &[u8]) -> Option<Self> {
        let (&field, rest) = message.strip_prefix(b"MSH")?.split_first()?;
        let end = rest
            .iter()
            .position(|&byte| byte == field || byte == b'\r' || byte == b'\n')
            .unwrap_or(rest.len());
        let characters = rest.get(..end)?.trim_ascii_end();
        let [component, repetition, ref others @ ..] = *characters else {
            return None;
        };
        let (escape, subcomponent, truncation) = match *others {
            [] => (None, None, None),
            [b'&'] => (None, Some(b'&'), None),
            [escape] => (Some(escape), None, None),
            [escape, subcomponent] => (Some(escape), Some(subcomponent), None),
            [escape, subcomponent, truncation] => (Some(escape), Some(subcomponent), Some(truncation)),
            _ => return None,
        };
        let differ = characters
            .iter()
            .enumerate()
            .all(|(i, byte)| *byte != field && !characters.iter().skip(i + 1).any(|other| other == byte));
        let displayable = field.is_ascii_punctuation() && characters.iter().all(u8::is_ascii_graphic);
        (differ && displayable).then_some(Self {
            field,
            component,
            repetition,
            escape,
            subcomponent,
            truncation,
        })
    }

    /// MSH-2 as it is written.
    pub fn encoding_characters(&self) -> String {
        [
            Some(self.component),
            Some(self.repetition),
            self.escape,
            self.subcomponent,
            self.truncation,
        ]
        .into_iter()
        .flatten()
        .map(char::from)
        .collect()
    }

    /// MSH-1.
    pub fn field(&self) -> char {
        self.field.into()
    }

    /// Divides the components of a field.
    pub fn component(&self) -> char {
        self.component.into()
    }

    /// Divides the repetitions of a field.
    pub fn repetition(&self) -> char {
        self.repetition.into()
    }

    /// Opens and closes an escape sequence; `None` if the message has none.
    pub fn escape(&self) -> Option<char> {
        self.escape.map(char::from)
    }

    /// Divides the subcomponents of a component; `None` if the message has none.
    pub fn subcomponent(&self) -> Option<char> {
        self.subcomponent.map(char::from)
    }

    /// Marks what was truncated (v2.7); `None` if the message has none.
    pub fn truncation(&self) -> Option<char> {
        self.truncation.map(char::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        Separators::read(text.as_bytes()).map(|s| format!("{}{}", s.field(), s.encoding_characters()))
    }

    #[test]
    fn a_message_names_its_separators() {
        assert_eq!(Separators::read(br"MSH|^~\&|A"), Some(Separators::RECOMMENDED));
        assert_eq!(written("MSH#:@*%#AppA#FacA").as_deref(), Some("#:@*%"));
        assert_eq!(written(r"MSH|^~\&#|A").as_deref(), Some(r"|^~\&#"));
        assert_eq!(written("MSH|^~\\&\rPID|").as_deref(), Some(r"|^~\&"));
    }

    #[test]
    fn escape_and_subcomponent_may_be_left_out() {
        let without_escape = Separators::read(b"MSH|^~&|A").unwrap();
        assert_eq!(
            (without_escape.escape(), without_escape.subcomponent()),
            (None, Some('&'))
        );
        let without_subcomponent = Separators::read(br"MSH|^~\|A").unwrap();
        assert_eq!(
            (without_subcomponent.escape(), without_subcomponent.subcomponent()),
            (Some('\\'), None)
        );
        let two = Separators::read(b"MSH|^~|A").unwrap();
        assert_eq!((two.escape(), two.subcomponent()), (None, None));
    }

    #[test]
    fn separators_that_cannot_divide_are_refused() {
        for text in [
            "",
            "MSH",
            "MSH|",
            "MSH||A",
            "MSH|^|A",
            r"MSH|^~\\&|A",
            "MSH|^^\\&|A",
            "MSH|^|\\&|A",
            r"MSH|^~\&#x|A",
            "MSH#:@*%AppA#FacA",
            "MSH ^~\\&|A",
            "MSHA^~\\&A",
            "MSH|^~\\\u{e9}|A",
            "MSH|^~\u{1}&|A",
            "PID|^~\\&|",
        ] {
            assert_eq!(written(text), None, "{text:?}");
        }
    }
}
