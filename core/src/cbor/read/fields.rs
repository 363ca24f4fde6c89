//! A struct's fields, which are a map in the order in which the type has them; those that are left out are those that may be.
//!
//! serde offers to read a struct as a map, whose keys come in any order: then each type looks for its fields by their names and
//! keeps count of what it has. All that write a struct write it in its own order, so the keys are looked after here,
//! once for all types, and a type takes its fields one after the other: a third of the code, and no slower (ADR 14).

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Items, Unread};

/// The fields of one struct, some of which have been read.
pub(super) struct Fields<'r, 'a> {
    items: Items<'r, 'a>,
    names: &'static [&'static str],
    /// The place of the field that the type asks for next.
    next: usize,
    /// The place of a field whose key has been read, and whose value has not: one that comes after those left out.
    ahead: Option<usize>,
}

impl<'r, 'a> Fields<'r, 'a> {
    pub(super) const fn new(items: Items<'r, 'a>, names: &'static [&'static str]) -> Self {
        Self {
            items,
            names,
            next: 0,
            ahead: None,
        }
    }

    /// Whether the field that is asked for is there, of which the value is to be read then.
    #[inline(never)]
    fn has_next(&mut self) -> Result<bool, Unread> {
        let asked = self.next;
        let found = self.found()?;
        self.next += 1;
        if found != asked {
            self.ahead = Some(found);
        }
        Ok(found == asked)
    }

    /// The place of the field that comes next, and after the last one the count of them.
    fn found(&mut self) -> Result<usize, Unread> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(ahead);
        }
        while self.items.goes_on()? {
            let key = self.items.reader.text()?;
            match self.names.iter().position(|name| *name == key) {
                // Twice, or before another one that comes before it.
                Some(place) if place < self.next => return Err(Unread),
                Some(place) => return Ok(place),
                // Of a later release.
                None => self.items.reader.skip()?,
            }
        }
        Ok(self.names.len())
    }

    /// Passes over what follows the last field.
    #[inline(never)]
    pub(super) fn end(mut self) -> Result<(), Unread> {
        if self.found()? == self.names.len() {
            Ok(())
        } else {
            Err(Unread)
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Fields<'_, 'de> {
    type Error = Unread;

    /// A field that is left out is read as if it were nothing. Where nothing is no value of its type, the type has a default for
    /// it or is malformed.
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        if self.has_next()? {
            seed.deserialize(&mut *self.items.reader).map(Some)
        } else {
            Ok(seed.deserialize(LeftOut).ok())
        }
    }
}

/// A field that is left out.
struct LeftOut;

impl<'de> Deserializer<'de> for LeftOut {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unread> {
        Err(Unread)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_none()
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}
