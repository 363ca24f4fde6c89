//! JSON as a stranger sends it: an object with a name twice, nesting without end and too many values are refused before
//! anything is made of them. No floats: nothing that is taken here is one.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

/// A value. It holds what is personal, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Json {
    /// `true` or `false`.
    Flag(bool),
    /// An array.
    List(Vec<Self>),
    /// `null`.
    Null,
    /// A number; `None` when it is not a whole one from zero on.
    Number(Option<u64>),
    /// An object, in the order of its members.
    Object(Vec<(String, Self)>),
    /// A text.
    Text(String),
}

impl Json {
    /// Parses a document.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        let bounds = Bounds {
            left: Cell::new(VALUES),
            broken: Cell::new(None),
        };
        let seed = Seed {
            bounds: &bounds,
            depth: 0,
        };
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        seed.deserialize(&mut reader)
            .and_then(|json| reader.end().map(|()| json))
            .map_err(|_| bounds.broken.get().unwrap_or(JsonError::Syntax))
    }

    /// A member of an object.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let found = members.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }
}

/// Why a document is not taken. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// More than [`DEPTH`] arrays and objects in each other.
    #[error("The JSON is nested too deeply.")]
    Depth,
    /// An object has two members of one name: it would be unclear which counts.
    #[error("An object has the same name twice.")]
    Duplicate,
    /// Not JSON in UTF-8.
    #[error("The body is not JSON in UTF-8.")]
    Syntax,
    /// More than [`VALUES`] values.
    #[error("The JSON has too many values.")]
    TooMany,
}

struct Bounds {
    left: Cell<usize>,
    broken: Cell<Option<JsonError>>,
}

impl Bounds {
    fn refuse<E: serde::de::Error>(&self, why: JsonError) -> E {
        self.broken.set(Some(why));
        E::custom("refused")
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    bounds: &'a Bounds,
    depth: usize,
}

impl Seed<'_> {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= DEPTH {
            return Err(self.bounds.refuse(JsonError::Depth));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let left = self.bounds.left.get();
        if left == 0 {
            return Err(self.bounds.refuse(JsonError::TooMany));
        }
        self.bounds.left.set(left - 1);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(u64::try_from(value).ok()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(Some(value)))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let inner = self.inner()?;
        let mut values = Vec::new();
        while let Some(value) = access.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let inner = self.inner()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        while let Some(name) = access.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(self.bounds.refuse(JsonError::Duplicate));
            }
            let value = access.next_value_seed(inner)?;
            members.push((name, value));
        }
        if members.len() > MEMBERS {
            return Err(A::Error::custom("refused"));
        }
        Ok(Json::Object(members))
    }
}

/// Arrays and objects in each other. A bundle of resources with contained ones and extensions of extensions has about 25.
pub const DEPTH: usize = 48;

/// Values in one document: some 60 bytes of memory each.
pub const VALUES: usize = 500_000;

/// Members of one object: no resource has a tenth of it.
const MEMBERS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> JsonError {
        Json::parse(text.as_bytes()).err().expect("it is refused")
    }

    #[test]
    fn a_name_twice_is_refused_wherever_it_stands() {
        assert_eq!(refused(r#"{"a":1,"a":2}"#), JsonError::Duplicate);
        assert_eq!(
            refused(r#"{"a":[{"b":{"c":1,"\u0063":2}}]}"#),
            JsonError::Duplicate
        );
        assert!(Json::parse(br#"{"a":{"b":1},"b":1}"#).is_ok());
    }

    #[test]
    fn nesting_without_end_and_more_values_than_any_record_has_are_refused() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(deep(DEPTH).as_bytes()).is_ok());
        assert_eq!(refused(&deep(DEPTH + 1)), JsonError::Depth);
        assert_eq!(refused(&"[".repeat(1_000_000)), JsonError::Depth);
        let wide = format!("[{}0]", "0,".repeat(VALUES));
        assert_eq!(refused(&wide), JsonError::TooMany);
    }

    #[test]
    fn what_is_not_json_in_utf_8_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "{}x",
            "{} {}",
            "{'a':1}",
            "[1,]",
            "nul",
            "\u{feff}{}",
            r#"{"a":"\ud800"}"#,
            "{\"a\":\"\u{1}\"}",
            "1e999",
        ] {
            assert_eq!(refused(text), JsonError::Syntax, "{text:?}");
        }
        assert_eq!(Json::parse(b"\"\xff\"").err(), Some(JsonError::Syntax));
        assert!(Json::parse(b" { \"a\" : [ null , -1 , 1.5 , \"\\u00e9\" ] } \n").is_ok());
    }
}
