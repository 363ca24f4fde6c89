//! A segment: a name of three characters and numbered fields (HL7 v2.5.1 §2.5.2).

use std::fmt;

use crate::escape::Syntax;
use crate::field::Field;

/// One segment of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Segment<'m> {
    raw: &'m str,
    syntax: Syntax,
}

impl<'m> Segment<'m> {
    pub(crate) const fn new(raw: &'m str, syntax: Syntax) -> Self {
        Self { raw, syntax }
    }

    /// The name, such as `PID`; of a site's own segment it begins with `Z`.
    pub fn name(&self) -> &'m str {
        self.raw.get(..3).unwrap_or_default()
    }

    /// The `number`th field, counted as the standard counts: from 1, and in `MSH` the field separator is MSH-1. `None` if
    /// the segment ends before, and for MSH-1 and MSH-2, which are no text ([`crate::Message::separators`] has them).
    pub fn field(&self, number: usize) -> Option<Field<'m>> {
        let index = match self.name() {
            "MSH" => number.checked_sub(3)? + 2,
            _ => number.checked_sub(1)? + 1,
        };
        self.raw
            .split(self.syntax.separators.field())
            .nth(index)
            .map(|raw| Field::new(raw, self.syntax))
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(…)", self.name())
    }
}

/// Whether a line begins as a segment does: a capital, two capitals or digits, then a field separator or nothing.
pub(crate) fn begins_segment(line: &str, field_separator: char) -> bool {
    let mut characters = line.chars();
    let name: Vec<char> = characters.by_ref().take(3).collect();
    let named = match name.as_slice() {
        [first, second, third] => {
            first.is_ascii_uppercase()
                && [second, third]
                    .iter()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        }
        _ => false,
    };
    named && characters.next().is_none_or(|c| c == field_separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::Charset;
    use crate::separators::Separators;

    fn segment(raw: &str) -> Segment<'_> {
        let syntax = Syntax {
            separators: Separators::RECOMMENDED,
            charset: Charset::UTF_8,
        };
        Segment::new(raw, syntax)
    }

    #[test]
    fn fields_are_counted_from_one_and_in_the_header_from_its_separator() {
        let pid = segment("PID|1||X1");
        assert_eq!(pid.name(), "PID");
        assert_eq!(pid.field(1).unwrap().text(), "1");
        assert!(pid.field(2).unwrap().is_empty());
        assert_eq!(pid.field(3).unwrap().text(), "X1");
        assert_eq!((pid.field(4), pid.field(0)), (None, None));
        let msh = segment(r"MSH|^~\&|APP|FAC");
        assert_eq!((msh.field(1), msh.field(2)), (None, None));
        assert_eq!(msh.field(3).unwrap().text(), "APP");
        assert_eq!(msh.field(4).unwrap().text(), "FAC");
    }

    #[test]
    fn a_segment_begins_with_its_name() {
        for line in ["PID|1", "ZU1|", "PV1", "Z99"] {
            assert!(begins_segment(line, '|'), "{line}");
        }
        for line in [
            "",
            "PI|1",
            "pid|1",
            "PIDX|1",
            "1PV|",
            "London^^",
            "P D|1",
            "PV\u{e9}|",
        ] {
            assert!(!begins_segment(line, '|'), "{line}");
        }
    }
}
