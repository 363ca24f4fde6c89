//! What a segment is made of: fields, their repetitions, components and subcomponents (HL7 v2.5.1 §2.5.3).
//!
//! All are views into the message: nothing is copied until text with an escape in it is read. A part that is not there is
//! `None`; a part that is there and empty says nothing, which is the same thing to a receiver ([`Field::is_empty`]).

use std::borrow::Cow;
use std::fmt;

use crate::escape::{self, Syntax};

macro_rules! part {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name<'m> {
            raw: &'m str,
            syntax: Syntax,
        }

        impl<'m> $name<'m> {
            pub(crate) const fn new(raw: &'m str, syntax: Syntax) -> Self {
                Self { raw, syntax }
            }

            /// As it was sent, separators and escapes included.
            pub const fn raw(&self) -> &'m str {
                self.raw
            }

            /// The text, with escape sequences read. Separators of lower levels stay in it as they are, so that an
            /// address whose sender did not escape its `&` keeps it.
            pub fn text(&self) -> Cow<'m, str> {
                escape::decode(self.raw, self.syntax)
            }

            /// Whether nothing is said: no characters but separators and spaces.
            pub fn is_empty(&self) -> bool {
                self.atoms().all(str::is_empty)
            }

            /// Whether it is the HL7 null (`""`, §2.5.3.2): what the receiver has is to be emptied. Also where each part
            /// that is not empty is null.
            pub fn is_null(&self) -> bool {
                self.raw.contains('"')
                    && self.atoms().all(|atom| atom.is_empty() || atom == "\"\"")
                    && self.atoms().any(|atom| !atom.is_empty())
            }

            fn atoms(&self) -> impl Iterator<Item = &'m str> {
                let separators = self.syntax.separators;
                let divides = move |c| {
                    c == separators.component()
                        || c == separators.repetition()
                        || Some(c) == separators.subcomponent()
                };
                self.raw.split(divides).map(str::trim)
            }
        }

        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

part! {
    /// A field of a segment.
    Field
}
part! {
    /// One repetition of a field.
    Repetition
}
part! {
    /// A component of a repetition.
    Component
}
part! {
    /// A subcomponent of a component.
    Subcomponent
}

impl<'m> Field<'m> {
    /// The repetitions, in order; at least one, which may be empty.
    pub fn repetitions(&self) -> impl Iterator<Item = Repetition<'m>> + use<'m> {
        let syntax = self.syntax;
        self.raw
            .split(syntax.separators.repetition())
            .map(move |raw| Repetition::new(raw, syntax))
    }

    /// The first repetition.
    pub fn first(&self) -> Repetition<'m> {
        let end = self.syntax.separators.repetition();
        Repetition::new(self.raw.split(end).next().unwrap_or_default(), self.syntax)
    }
}

impl<'m> Repetition<'m> {
    /// The components, in order; at least one, which may be empty.
    pub fn components(&self) -> impl Iterator<Item = Component<'m>> + use<'m> {
        let syntax = self.syntax;
        self.raw
            .split(syntax.separators.component())
            .map(move |raw| Component::new(raw, syntax))
    }

    /// The `number`th component, from 1.
    pub fn component(&self, number: usize) -> Option<Component<'m>> {
        self.components().nth(number.checked_sub(1)?)
    }
}

impl<'m> Component<'m> {
    /// The subcomponents, in order; at least one, which may be empty.
    pub fn subcomponents(&self) -> impl Iterator<Item = Subcomponent<'m>> + use<'m> {
        let syntax = self.syntax;
        let separator = syntax.separators.subcomponent();
        self.raw
            .split(move |c| Some(c) == separator)
            .map(move |raw| Subcomponent::new(raw, syntax))
    }

    /// The `number`th subcomponent, from 1.
    pub fn subcomponent(&self, number: usize) -> Option<Subcomponent<'m>> {
        self.subcomponents().nth(number.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charset::Charset;
    use crate::separators::Separators;

    fn field(raw: &str) -> Field<'_> {
        let syntax = Syntax {
            separators: Separators::RECOMMENDED,
            charset: Charset::UTF_8,
        };
        Field::new(raw, syntax)
    }

    #[test]
    fn a_field_falls_into_repetitions_components_and_subcomponents() {
        let field = field(r"1^a&b~2^^c\T\d");
        let second = field.repetitions().nth(1).unwrap();
        assert_eq!(
            field
                .first()
                .component(2)
                .unwrap()
                .subcomponent(2)
                .unwrap()
                .text(),
            "b"
        );
        assert_eq!(second.component(1).unwrap().text(), "2");
        assert!(second.component(2).unwrap().is_empty());
        assert_eq!(second.component(3).unwrap().text(), "c&d");
        assert_eq!(second.component(4), None);
        assert_eq!(second.component(0), None);
        assert_eq!(second.component(1).unwrap().subcomponent(0), None);
    }

    #[test]
    fn null_is_two_quotes_and_nothing_else() {
        for null in ["\"\"", "\"\"^\"\"", "^\"\"&\"\"^", "\"\"~\"\"", " \"\" "] {
            assert!(field(null).is_null(), "{null}");
            assert!(!field(null).is_empty(), "{null}");
        }
        for other in ["", "^~&", "\"", "\"\"\"\"", "\"\"^x", "a\"\"", "\"x\""] {
            assert!(!field(other).is_null(), "{other}");
        }
    }

    #[test]
    fn separators_and_spaces_say_nothing() {
        for empty in ["", "^^^", "~", "  ", "&^ ~&"] {
            assert!(field(empty).is_empty(), "{empty:?}");
        }
        assert!(!field("^^x").is_empty());
    }

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", field("Smith^John")), "Field(…)");
        assert_eq!(
            format!("{:?}", field("Smith^John").first().component(1)),
            "Some(Component(…))"
        );
    }
}
