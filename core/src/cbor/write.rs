//! Writing: puts what serde tells into bytes in memory, each argument as short as it can be.
//!
//! Nothing can fail here, and the error says so: it has no value, and the code that would pass it on is not compiled.

use std::fmt;

use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::head::{
    ARRAY, BREAK, BYTES, F32, F64, FALSE, IN_1, IN_2, IN_4, IN_8, MAP, NEGATIVE, NULL, OPEN, TEXT, TRUE,
    UNSIGNED,
};

/// The bytes so far.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// The head of an item: its major type and its argument.
    #[inline(never)]
    fn head(&mut self, major: u8, argument: u64) {
        let bytes = argument.to_be_bytes();
        let [.., last] = bytes;
        let (short, width) = match argument {
            0..=0x17 => (last, 0),
            0x18..=0xff => (IN_1, 1),
            0x100..=0xffff => (IN_2, 2),
            0x1_0000..=0xffff_ffff => (IN_4, 4),
            _ => (IN_8, 8),
        };
        self.0.push(major << 5 | short);
        let written = bytes.get(bytes.len() - width..);
        self.0.extend_from_slice(written.unwrap_or_default());
    }

    /// The head of what holds so many: bytes, items or pairs.
    fn length(&mut self, major: u8, length: usize) {
        self.head(major, length.try_into().unwrap_or(u64::MAX));
    }

    #[inline(never)]
    fn string(&mut self, major: u8, bytes: &[u8]) {
        self.length(major, bytes.len());
        self.0.extend_from_slice(bytes);
    }

    #[inline(never)]
    fn signed(&mut self, number: i64) {
        if number < 0 {
            self.head(NEGATIVE, (!number).unsigned_abs());
        } else {
            self.head(UNSIGNED, number.unsigned_abs());
        }
    }

    /// One of an enum that holds something: a map from its name to that.
    fn variant(&mut self, name: &str) {
        self.length(MAP, 1);
        self.string(TEXT, name.as_bytes());
    }

    /// An array or a map. Whose length is not known before is ended by a [`BREAK`].
    #[inline(never)]
    fn items(&mut self, major: u8, length: Option<usize>) -> Items<'_> {
        match length {
            Some(length) => self.length(major, length),
            None => self.0.push(major << 5 | OPEN),
        }
        Items {
            writer: self,
            is_open: length.is_none(),
        }
    }
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Items<'w>;
    type SerializeTuple = Items<'w>;
    type SerializeTupleStruct = Items<'w>;
    type SerializeTupleVariant = Items<'w>;
    type SerializeMap = Items<'w>;
    type SerializeStruct = Items<'w>;
    type SerializeStructVariant = Items<'w>;

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.0.push(if value { TRUE } else { FALSE });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        self.signed(value);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        self.head(UNSIGNED, value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.0.push(F32);
        self.0.extend_from_slice(&value.to_be_bytes());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.0.push(F64);
        self.0.extend_from_slice(&value.to_be_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.string(TEXT, value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.string(BYTES, value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.0.push(NULL);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.length(ARRAY, 0);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Never> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.variant(name);
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'w>, Never> {
        Ok(self.items(ARRAY, length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'w>, Never> {
        Ok(self.items(ARRAY, Some(length)))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items<'w>, Never> {
        Ok(self.items(ARRAY, Some(length)))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Items<'w>, Never> {
        self.variant(name);
        Ok(self.items(ARRAY, Some(length)))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Items<'w>, Never> {
        Ok(self.items(MAP, length))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Items<'w>, Never> {
        Ok(self.items(MAP, Some(length)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Result<Items<'w>, Never> {
        self.variant(name);
        Ok(self.items(MAP, Some(length)))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// An array or a map that is being written.
pub(super) struct Items<'w> {
    writer: &'w mut Writer,
    is_open: bool,
}

impl Items<'_> {
    fn put<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut *self.writer)
    }

    fn name(&mut self, name: &str) {
        self.writer.string(TEXT, name.as_bytes());
    }

    fn close(self) {
        if self.is_open {
            self.writer.0.push(BREAK);
        }
    }
}

/// Items one after another, by the words of each kind.
macro_rules! one_after_another {
    ($($kind:ident $put:ident),*) => {$(
        impl $kind for Items<'_> {
            type Ok = ();
            type Error = Never;

            fn $put<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                self.put(value)
            }

            fn end(self) -> Result<(), Never> {
                self.close();
                Ok(())
            }
        }
    )*};
}

one_after_another!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

/// Items under names, by the words of each kind.
macro_rules! under_names {
    ($($kind:ident),*) => {$(
        impl $kind for Items<'_> {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Never> {
                self.name(name);
                self.put(value)
            }

            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        }
    )*};
}

under_names!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.put(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.put(value)
    }

    fn end(self) -> Result<(), Never> {
        self.close();
        Ok(())
    }
}

/// Writing to memory never fails.
#[derive(Debug)]
pub(super) enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        unreachable!("our own types can always be written")
    }
}
