//! What a message says of a person: never shown by `Debug`, and told apart from what it does not say.

use std::fmt;

/// Something personal (a name, a number, a ward): written to a sealed store, never to a log, an error or a `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Shows the value: to a comparison or a store.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Personal<String> {
    /// Shows the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Personal<String> {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

/// What a field says: nothing (keep what is known), that there is no longer a value, or a value.
///
/// HL7 v2.5.1 §2.5.3 "no value" and §2.5.3.2 "null": an empty field leaves the receiver's value as it is; `""` empties it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// Nothing was said: what the receiver has stays.
    #[default]
    Absent,
    /// `""`: what the receiver has is to be emptied.
    Deleted,
    /// This value.
    Value(T),
}

impl<T> Said<T> {
    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Deleted => None,
        }
    }

    /// Whether nothing was said.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The same with another value; `Absent` and `Deleted` stay.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Absent => Said::Absent,
            Self::Deleted => Said::Deleted,
            Self::Value(value) => Said::Value(f(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_is_not_shown() {
        let name = Said::Value(Personal::from("Zebedee"));
        assert_eq!(format!("{name:?}"), "Value(Personal(…))");
        assert_eq!(name.value().map(Personal::as_str), Some("Zebedee"));
    }

    #[test]
    fn nothing_said_is_not_something_deleted() {
        assert_ne!(Said::<u8>::Absent, Said::Deleted);
        assert!(Said::<u8>::default().is_absent());
        assert_eq!(Said::<u8>::Deleted.map(|n| n + 1), Said::Deleted);
    }
}
