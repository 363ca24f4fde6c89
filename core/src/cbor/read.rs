//! Reading: answers what serde asks from bytes in memory.
//!
//! There is one reader and one error that is nothing at all, so that each type's code is its own shape and little else: it is
//! in the app's download once for each type (ADR 14). Everything that does not depend on a type is a function of its own.
//! Why reading failed is the reader's to know.

use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use self::fields::Fields;
use super::CborError;
use super::head::{
    ARRAY, BREAK, BYTES, F16, F32, F64, FALSE, IN_1, IN_2, IN_4, IN_8, MAP, NEGATIVE, NULL, OPEN, TAG, TEXT,
    TRUE, UNDEFINED, UNSIGNED,
};

mod fields;

/// Bytes in memory, with so many levels of nesting left.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    levels: usize,
    /// A string that came in chunks, put together; the last one.
    gathered: Vec<u8>,
    /// Why reading has failed, once it has.
    why: CborError,
}

/// Reading has failed.
#[derive(Debug, thiserror::Error)]
#[error("unread")]
pub(super) struct Unread;

impl de::Error for Unread {
    /// What a type found wrong with the bytes is not told: nobody could do anything about it, and it may say what they hold.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8], levels: usize) -> Self {
        let gathered = Vec::new();
        Self {
            rest: bytes,
            levels,
            gathered,
            why: CborError::Malformed,
        }
    }

    /// Fails unless all was read.
    #[inline(never)]
    pub(super) fn end(&mut self) -> Result<(), Unread> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.fail(CborError::Trailing))
        }
    }

    /// Why reading has failed.
    pub(super) const fn why(&self) -> CborError {
        self.why
    }

    fn fail(&mut self, why: CborError) -> Unread {
        self.why = why;
        Unread
    }

    fn peek(&mut self) -> Result<u8, Unread> {
        match self.rest.first() {
            Some(byte) => Ok(*byte),
            None => Err(self.fail(CborError::Truncated)),
        }
    }

    #[inline(never)]
    fn take(&mut self, count: usize) -> Result<&'a [u8], Unread> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.fail(CborError::Truncated));
        };
        self.rest = rest;
        Ok(taken)
    }

    /// Takes the next byte if it is this one.
    fn take_if(&mut self, byte: u8) -> Result<bool, Unread> {
        let is_it = self.peek()? == byte;
        if is_it {
            self.take(1)?;
        }
        Ok(is_it)
    }

    fn number(&mut self, width: usize) -> Result<u64, Unread> {
        let bytes = self.take(width)?;
        Ok(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// An item of a major type: its argument, which may be written as widely as `widest`.
    #[inline(never)]
    fn argument(&mut self, major: u8, widest: u8) -> Result<u64, Unread> {
        let first = self.peek()?;
        let short = first & OPEN;
        if first >> 5 != major || short > widest.max(IN_1 - 1) {
            return Err(Unread);
        }
        self.take(1)?;
        match short {
            IN_1 => self.number(1),
            IN_2 => self.number(2),
            IN_4 => self.number(4),
            IN_8 => self.number(8),
            _ => Ok(short.into()),
        }
    }

    fn unsigned(&mut self, widest: u8) -> Result<u64, Unread> {
        self.argument(UNSIGNED, widest)
    }

    fn signed(&mut self, widest: u8) -> Result<i64, Unread> {
        let is_negative = self.peek()? >> 5 == NEGATIVE;
        let argument = self.argument(if is_negative { NEGATIVE } else { UNSIGNED }, widest)?;
        let number = i64::try_from(argument).map_err(|_| Unread)?;
        Ok(if is_negative { !number } else { number })
    }

    /// How many bytes, items or pairs follow; none when a [`BREAK`] ends them.
    #[inline(never)]
    fn length(&mut self, major: u8) -> Result<Option<usize>, Unread> {
        if self.take_if(major << 5 | OPEN)? {
            return Ok(None);
        }
        let length = self.argument(major, IN_8)?;
        usize::try_from(length).map(Some).map_err(|_| Unread)
    }

    /// A string of bytes or of text.
    #[inline(never)]
    fn string(&mut self, major: u8) -> Result<&[u8], Unread> {
        if let Some(length) = self.length(major)? {
            return self.take(length);
        }
        self.gathered.clear();
        while !self.take_if(BREAK)? {
            self.step_in()?;
            let length = self.length(major)?.ok_or(Unread)?;
            let chunk = self.take(length)?;
            self.gathered.extend_from_slice(chunk);
            self.step_out();
        }
        Ok(&self.gathered)
    }

    #[inline(never)]
    fn text(&mut self) -> Result<&str, Unread> {
        std::str::from_utf8(self.string(TEXT)?).map_err(|_| Unread)
    }

    #[inline(never)]
    fn truth(&mut self) -> Result<bool, Unread> {
        let is_true = match self.peek()? {
            FALSE => false,
            TRUE => true,
            _ => return Err(Unread),
        };
        self.take(1)?;
        Ok(is_true)
    }

    /// The bits of a number with a point.
    fn float(&mut self, marker: u8, width: usize) -> Result<u64, Unread> {
        if self.take_if(marker)? {
            self.number(width)
        } else {
            Err(Unread)
        }
    }

    #[inline(never)]
    fn step_in(&mut self) -> Result<(), Unread> {
        match self.levels.checked_sub(1) {
            Some(levels) => self.levels = levels,
            None => return Err(self.fail(CborError::TooDeep)),
        }
        Ok(())
    }

    fn step_out(&mut self) {
        self.levels += 1;
    }

    /// Goes into an array or a map.
    fn items(&mut self, major: u8) -> Result<Items<'_, 'a>, Unread> {
        self.step_in()?;
        let left = self.length(major)?;
        Ok(Items { reader: self, left })
    }

    /// Passes over one item, whatever it is.
    fn skip(&mut self) -> Result<(), Unread> {
        self.step_in()?;
        let first = self.peek()?;
        match first >> 5 {
            major @ (UNSIGNED | NEGATIVE) => _ = self.argument(major, IN_8)?,
            major @ (BYTES | TEXT) => match self.length(major)? {
                Some(length) => _ = self.take(length)?,
                None => self.skip_all(None, 1)?,
            },
            ARRAY => {
                let length = self.length(ARRAY)?;
                self.skip_all(length, 1)?;
            }
            MAP => {
                let length = self.length(MAP)?;
                self.skip_all(length, 2)?;
            }
            TAG => {
                self.argument(TAG, IN_8)?;
                self.skip()?;
            }
            _ => {
                let width = match first {
                    FALSE..=UNDEFINED => 0,
                    F16 => 2,
                    F32 => 4,
                    F64 => 8,
                    _ => return Err(Unread),
                };
                self.take(1 + width)?;
            }
        }
        self.step_out();
        Ok(())
    }

    fn skip_all(&mut self, left: Option<usize>, each: usize) -> Result<(), Unread> {
        let mut items = Items { reader: self, left };
        while items.goes_on()? {
            for _ in 0..each {
                items.reader.skip()?;
            }
        }
        Ok(())
    }
}

/// Answers for numbers of a width each.
macro_rules! numbers {
    ($($ask:ident $answer:ident $read:ident $widest:ident),*) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            let number = self.$read($widest)?;
            visitor.$answer(number.try_into().map_err(|_| Unread)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unread;

    numbers! {
        deserialize_u8 visit_u8 unsigned IN_1,
        deserialize_u16 visit_u16 unsigned IN_2,
        deserialize_u32 visit_u32 unsigned IN_4,
        deserialize_i8 visit_i8 signed IN_1,
        deserialize_i16 visit_i16 signed IN_2,
        deserialize_i32 visit_i32 signed IN_4
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_u64(self.unsigned(IN_8)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_i64(self.signed(IN_8)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        let bits = self.float(F32, 4)?.try_into();
        visitor.visit_f32(f32::from_bits(bits.map_err(|_| Unread)?))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_f64(f64::from_bits(self.float(F64, 8)?))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.step_in()?;
        let first = self.peek()?;
        let value = match first >> 5 {
            UNSIGNED => self.deserialize_u64(visitor)?,
            NEGATIVE => self.deserialize_i64(visitor)?,
            BYTES => self.deserialize_bytes(visitor)?,
            TEXT => self.deserialize_str(visitor)?,
            ARRAY => self.deserialize_seq(visitor)?,
            MAP => self.deserialize_map(visitor)?,
            _ => match first {
                FALSE | TRUE => self.deserialize_bool(visitor)?,
                NULL | UNDEFINED => {
                    self.take(1)?;
                    visitor.visit_none()?
                }
                F32 => self.deserialize_f32(visitor)?,
                F64 => self.deserialize_f64(visitor)?,
                _ => return Err(Unread),
            },
        };
        self.step_out();
        Ok(value)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_bool(self.truth()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_bytes(self.string(BYTES)?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_bytes(self.string(BYTES)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.take_if(NULL)? || self.take_if(UNDEFINED)? {
            return visitor.visit_none();
        }
        self.step_in()?;
        let value = visitor.visit_some(&mut *self)?;
        self.step_out();
        Ok(value)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.take_if(ARRAY << 5)? {
            visitor.visit_unit()
        } else {
            Err(Unread)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        let value = visitor.visit_seq(self.items(ARRAY)?)?;
        self.step_out();
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unread> {
        let items = self.items(ARRAY)?;
        if items.left != Some(length) {
            return Err(Unread);
        }
        let value = visitor.visit_seq(items)?;
        self.step_out();
        Ok(value)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        let value = visitor.visit_map(self.items(MAP)?)?;
        self.step_out();
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        let mut fields = Fields::new(self.items(MAP)?, names);
        let value = visitor.visit_seq(&mut fields)?;
        fields.end()?;
        self.step_out();
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.step_in()?;
        // A name alone, or one with what it holds.
        if self.peek()? >> 5 != TEXT && !self.take_if(MAP << 5 | 1)? {
            return Err(Unread);
        }
        let value = visitor.visit_enum(Variant(self))?;
        self.step_out();
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// What is in an array or a map, and how much of it is left.
struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    left: Option<usize>,
}

impl Items<'_, '_> {
    /// Whether one more follows, which is then counted.
    #[inline(never)]
    fn goes_on(&mut self) -> Result<bool, Unread> {
        match &mut self.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None => Ok(!self.reader.take_if(BREAK)?),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        if self.goes_on()? {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.left
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        self.left
    }
}

/// One of an enum, before its name.
struct Variant<'r, 'a>(&'r mut Reader<'a>);

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unread;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unread> {
        let name = seed.deserialize(&mut *self.0)?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unread> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unread> {
        self.0.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.0.deserialize_struct("", names, visitor)
    }
}
