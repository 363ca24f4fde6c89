//! Also against `cbor4ii`, which others use: both write the same bytes, and both read the same from any bytes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

use cbor4ii::core::dec::{Error, Read, Reference};
use cbor4ii::serde::{DecodeError, Deserializer};
use proptest::prelude::*;
use serde::Deserialize;
use serde_bytes::ByteBuf;

use super::*;

#[test]
fn a_value_must_fill_the_bytes() {
    let bytes = to_bytes(&(1_u8, "a"));
    assert_eq!(from_bytes::<(u8, String)>(&bytes).unwrap(), (1, "a".to_owned()));
    assert_eq!(from_bytes::<(u8, String)>(&bytes[..2]), Err(CborError::Truncated));
    assert_eq!(
        from_bytes::<(u8, String)>(&[bytes, vec![0]].concat()),
        Err(CborError::Trailing)
    );
    assert_eq!(from_bytes::<(u8, String)>(&[0xff]), Err(CborError::Malformed));
}

#[test]
fn deep_nesting_costs_no_stack() {
    let deep = vec![0x81; 1_000_000];
    let refused = from_bytes::<ciborium::Value>(&deep);
    assert!(matches!(refused, Err(CborError::TooDeep)), "{refused:?}");
    let refused = from_bytes::<serde::de::IgnoredAny>(&deep);
    assert!(matches!(refused, Err(CborError::TooDeep)), "{refused:?}");
}

#[test]
fn a_giant_claimed_length_costs_no_memory() {
    // A byte string that claims 2^62 bytes and holds one.
    let lie = [0x5b, 0x40, 0, 0, 0, 0, 0, 0, 0, 1];
    assert!(from_bytes::<ByteBuf>(&lie).is_err());
    // An array that claims 2^62 items.
    let lie = [0x9b, 0x40, 0, 0, 0, 0, 0, 0, 0, 1];
    assert!(from_bytes::<Vec<u64>>(&lie).is_err());
}

#[test]
fn strings_and_items_without_a_length_are_read() {
    let chunks = [0x5f, 0x42, 1, 2, 0x41, 3, 0xff];
    assert_eq!(from_bytes::<ByteBuf>(&chunks), Ok(ByteBuf::from([1, 2, 3])));
    let chunks = [0x7f, 0x61, b'a', 0x61, b'b', 0xff];
    assert_eq!(from_bytes::<String>(&chunks), Ok("ab".to_owned()));
    let items = [0x9f, 1, 2, 0xff];
    assert_eq!(from_bytes::<Vec<u8>>(&items), Ok(vec![1, 2]));
    assert_eq!(from_bytes::<(u8, u8)>(&items), Err(CborError::Malformed));
    assert_eq!(from_bytes::<Vec<u8>>(&items[..3]), Err(CborError::Truncated));
}

#[test]
fn numbers_at_the_edges_of_their_kinds_are_kept() {
    let unsigned = [
        0,
        23,
        24,
        255,
        256,
        65_535,
        65_536,
        u64::from(u32::MAX),
        1 << 32,
        u64::MAX,
    ];
    assert_eq!(from_bytes::<Vec<u64>>(&to_bytes(&unsigned)).unwrap(), unsigned);
    let signed = [i64::MIN, -257, -256, -25, -24, -1, 0, i64::MAX];
    assert_eq!(from_bytes::<Vec<i64>>(&to_bytes(&signed)).unwrap(), signed);
    assert_eq!(from_bytes::<i8>(&to_bytes(&i8::MIN)), Ok(i8::MIN));
    assert_eq!(from_bytes::<i8>(&to_bytes(&-129_i16)), Err(CborError::Malformed));
    assert_eq!(from_bytes::<u8>(&to_bytes(&256_u16)), Err(CborError::Malformed));
}

/// A field that must be there, one that need not, and one with a default.
#[derive(Debug, PartialEq, Deserialize)]
struct Fields {
    must: u8,
    may: Option<u8>,
    #[serde(default)]
    default: u8,
}

/// What is read of a struct that was written as these fields.
fn fields(written: &[(&str, u8)]) -> Result<(u8, Option<u8>, u8), CborError> {
    let pairs = written
        .iter()
        .flat_map(|(name, value)| [to_bytes(name), to_bytes(value)]);
    let head = vec![0xa0 | u8::try_from(written.len()).unwrap()];
    let bytes: Vec<u8> = [head].into_iter().chain(pairs).flatten().collect();
    from_bytes::<Fields>(&bytes).map(|Fields { must, may, default }| (must, may, default))
}

#[test]
fn fields_may_be_left_out_where_the_type_says_so_and_those_of_a_later_release_are_passed_over() {
    assert_eq!(
        fields(&[("must", 1), ("may", 2), ("default", 3)]),
        Ok((1, Some(2), 3))
    );
    assert_eq!(fields(&[("must", 1), ("default", 3)]), Ok((1, None, 3)));
    assert_eq!(fields(&[("must", 1)]), Ok((1, None, 0)));
    assert_eq!(fields(&[("may", 2), ("default", 3)]), Err(CborError::Malformed));
    assert_eq!(fields(&[]), Err(CborError::Malformed));
    let later = [
        ("new", 7),
        ("must", 1),
        ("newer", 8),
        ("default", 3),
        ("newest", 9),
    ];
    assert_eq!(fields(&later), Ok((1, None, 3)));
}

#[test]
fn fields_in_another_order_or_twice_are_refused() {
    for written in [
        ["may", "must", "default"],
        ["must", "default", "may"],
        ["must", "must", "default"],
        ["must", "may", "may"],
        ["must", "default", "default"],
        ["must", "default", "must"],
    ] {
        assert_eq!(
            fields(&written.map(|name| (name, 1))),
            Err(CborError::Malformed),
            "{written:?}"
        );
    }
}

/// Something of each shape that a type can have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Every {
    truth: bool,
    #[serde(rename = "w")]
    widths: (u8, u16, u32, u64),
    signed: (i8, i16, i32, i64),
    floats: (f32, f64),
    letter: char,
    text: String,
    bytes: ByteBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    perhaps: Option<Box<Every>>,
    unit: (),
    wrapped: Wrapped,
    map: BTreeMap<i32, String>,
    kinds: Vec<Kind>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Wrapped(Option<u16>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Alone,
    Holding(Option<bool>),
    Pair(i8, String),
    Named {
        a: u64,
        #[serde(default)]
        b: Vec<u8>,
    },
    #[serde(other)]
    Unknown,
}

/// What is read here and by `cbor4ii`; as text, so that numbers that are none compare too. Of several things that are wrong with a
/// struct either may name another, as `cbor4ii` looks for missing fields at its end.
fn values_read_twice<T: DeserializeOwned + fmt::Debug>(bytes: &[u8]) -> [Option<String>; 2] {
    read_twice::<T>(bytes).map(Result::ok)
}

/// The same, with what was wrong.
fn read_twice<T: DeserializeOwned + fmt::Debug>(bytes: &[u8]) -> [Result<String, CborError>; 2] {
    [from_bytes::<T>(bytes), theirs::<T>(bytes)].map(|read| read.map(|value| format!("{value:?}")))
}

/// What `cbor4ii` reads, within the same bounds.
fn theirs<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut decoder = Deserializer::new(Bounded {
        rest: bytes,
        steps: DEEPEST,
    });
    let value = T::deserialize(&mut decoder).map_err(|error| match error {
        DecodeError::Core(Error::Eof { .. }) => CborError::Truncated,
        DecodeError::Core(Error::DepthOverflow { .. }) => CborError::TooDeep,
        DecodeError::Core(_) | DecodeError::Custom(_) => CborError::Malformed,
    })?;
    if decoder.into_inner().rest.is_empty() {
        Ok(value)
    } else {
        Err(CborError::Trailing)
    }
}

struct Bounded<'a> {
    rest: &'a [u8],
    steps: usize,
}

impl<'a> Read<'a> for Bounded<'a> {
    type Error = Infallible;

    fn fill<'b>(&'b mut self, want: usize) -> Result<Reference<'a, 'b>, Infallible> {
        Ok(Reference::Long(self.rest.get(..want).unwrap_or(self.rest)))
    }

    fn advance(&mut self, by: usize) {
        self.rest = self.rest.get(by..).unwrap_or_default();
    }

    fn step_in(&mut self) -> bool {
        let left = self.steps.checked_sub(1);
        self.steps = left.unwrap_or_default();
        left.is_some()
    }

    fn step_out(&mut self) {
        self.steps += 1;
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Alone),
        Just(Kind::Unknown),
        any::<Option<bool>>().prop_map(Kind::Holding),
        any::<(i8, String)>().prop_map(|(number, text)| Kind::Pair(number, text)),
        any::<(u64, Vec<u8>)>().prop_map(|(a, b)| Kind::Named { a, b }),
    ]
}

fn every() -> impl Strategy<Value = Every> {
    let numbers = any::<((u8, u16, u32, u64), (i8, i16, i32, i64), (f32, f64))>();
    let texts = any::<(bool, char, String, Vec<u8>, Option<u16>, BTreeMap<i32, String>)>();
    let kinds = prop::collection::vec(kind(), 0..4);
    let flat = (numbers, texts, kinds).prop_map(|((widths, signed, floats), texts, kinds)| {
        let (truth, letter, text, bytes, wrapped, map) = texts;
        Every {
            truth,
            widths,
            signed,
            floats,
            letter,
            text,
            bytes: ByteBuf::from(bytes),
            perhaps: None,
            unit: (),
            wrapped: Wrapped(wrapped),
            map,
            kinds,
        }
    });
    flat.prop_recursive(3, 4, 1, |inner| {
        (inner, any::<bool>()).prop_map(|(inner, holds)| Every {
            perhaps: holds.then(|| Box::new(inner.clone())),
            ..inner
        })
    })
}

proptest! {
    #[test]
    fn what_is_written_is_what_cbor4ii_writes_and_reads_back(value in every()) {
        let bytes = to_bytes(&value);
        prop_assert_eq!(&bytes, &cbor4ii::serde::to_vec(Vec::new(), &value).unwrap());
        prop_assert_eq!(from_bytes::<Every>(&bytes), Ok(value));
    }

    #[test]
    fn what_was_changed_on_the_way_reads_as_cbor4ii_reads_it(
        value in every(),
        changes in prop::collection::vec(any::<(prop::sample::Index, Option<u8>)>(), 1..4),
    ) {
        let mut bytes = to_bytes(&value);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            match byte {
                Some(byte) => bytes[place] = byte,
                None => _ = bytes.remove(place),
            }
        }
        let [ours, theirs] = values_read_twice::<Every>(&bytes);
        prop_assert_eq!(ours, theirs);
        let [ours, theirs] = read_twice::<serde::de::IgnoredAny>(&bytes);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn any_bytes_read_as_cbor4ii_reads_them(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let [ours, theirs] = values_read_twice::<Vec<Kind>>(&bytes);
        prop_assert_eq!(ours, theirs);
        let [ours, theirs] = read_twice::<BTreeMap<String, i64>>(&bytes);
        prop_assert_eq!(ours, theirs);
        let [ours, theirs] = read_twice::<serde::de::IgnoredAny>(&bytes);
        prop_assert_eq!(ours, theirs);
    }
}
