//! Types by short numbers. Rust tells types apart by 128 bits of a hash (`TypeId`), which nothing compresses and which are only
//! ever compared. Those that a value in a box says of itself are known by the functions that say it (`Any::type_id`); each is given
//! a number, wherever the module has it, in code and in data alike, and what read it from data has it in the code (ADR 14).

use std::collections::HashMap;
use std::convert::Infallible;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{DataSection, Instruction, Module};
use wasmparser::{Data, DataKind, FunctionBody, Operator, OperatorsReader, Parser, Payload, TypeRef};

use super::names;
use super::page::Page;

/// Shortens the types of each module that the page names.
pub(super) fn shorten(page: &mut Page<'_>) -> Result<()> {
    page.change_modules(shortened)
}

/// The module, in which each type that is known has a short number.
fn shortened(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut numbers = Numbers::default();
    let parts = Parts::read(wasm)?;
    for body in parts.says_its_type() {
        if let Some(id) = parts.id_in(body)? {
            numbers.add(id)?;
        }
    }
    ensure!(numbers.count > 0, "no type is known");
    let mut module = Module::new();
    numbers.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// A type, as the hash that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Id {
    low: Half,
    high: Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Half {
    value: u64,
    /// Where in memory it is read from. Nothing writes there: what is said of a type is always the same.
    place: Option<u64>,
}

/// What a module holds that can say which type is which.
#[derive(Default)]
struct Parts<'a> {
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
    /// Numbers of the functions that say of which type a value is.
    saying: Vec<u32>,
    /// Where each piece of data is in memory.
    data: Vec<(u64, &'a [u8])>,
}

impl<'a> Parts<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let saying = names::of_functions(wasm)?.into_iter();
        let mut parts = Self {
            saying: saying
                .filter(|(_, name)| is_of_type_id(name))
                .map(|(number, _)| number)
                .collect(),
            ..Self::default()
        };
        for payload in Parser::new(0).parse_all(wasm) {
            #[expect(clippy::wildcard_enum_match_arm, reason = "other sections hold no type")]
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        parts.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => parts.bodies.push(body),
                Payload::DataSection(section) => {
                    for data in section {
                        let data = data?;
                        parts.data.push((place(&data)?, data.data));
                    }
                }
                _ => {}
            }
        }
        Ok(parts)
    }

    fn says_its_type(&self) -> impl Iterator<Item = &FunctionBody<'a>> {
        let index = |number: &u32| number.checked_sub(self.imported)?.try_into().ok();
        let indices = self.saying.iter().filter_map(index);
        indices.filter_map(|index: usize| self.bodies.get(index))
    }

    /// The type that a function says; `None` where a part of it is not written out, since it is 0.
    fn id_in(&self, body: &FunctionBody<'_>) -> Result<Option<Id>> {
        let mut halves: Vec<(u64, Half)> = Vec::new();
        let (mut address, mut said) = (None, None);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            #[expect(clippy::wildcard_enum_match_arm, reason = "other operators hold no type")]
            match operators.read()? {
                Operator::I32Const { value: at } => address = u64::try_from(at).ok(),
                Operator::I64Const { value } => {
                    said = Some(Half {
                        value: value.cast_unsigned(),
                        place: None,
                    });
                }
                Operator::I64Load { memarg } => {
                    let at = address.context("a type is read from an unknown place")? + memarg.offset;
                    let Some(value) = self.number_at(at) else {
                        return Ok(None);
                    };
                    said = Some(Half {
                        value,
                        place: Some(at),
                    });
                }
                Operator::I64Store { memarg } => {
                    halves.push((memarg.offset, said.take().context("a type is not known")?));
                }
                Operator::LocalGet { .. } | Operator::End => {}
                _ => bail!("a function that says a type does more than that"),
            }
        }
        halves.sort_unstable_by_key(|(offset, _)| *offset);
        match halves.as_slice() {
            [(0, low), (8, high)] => Ok(Some(Id {
                low: *low,
                high: *high,
            })),
            _ => bail!("a type has other parts than two halves"),
        }
    }

    fn number_at(&self, address: u64) -> Option<u64> {
        self.data.iter().find_map(|(start, data)| {
            let at = usize::try_from(address.checked_sub(*start)?).ok()?;
            let bytes = data.get(at..at + 8)?;
            Some(u64::from_le_bytes(bytes.try_into().ok()?))
        })
    }
}

fn is_of_type_id(name: &str) -> bool {
    name.ends_with("::any::Any>::type_id")
}

fn place(data: &Data<'_>) -> Result<u64> {
    if let DataKind::Active { offset_expr, .. } = &data.kind
        && let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
    {
        return Ok(u64::from(value.cast_unsigned()));
    }
    bail!("data has no place of its own in memory");
}

/// The new number of each half of a type.
#[derive(Default)]
struct Numbers {
    of_halves: HashMap<u64, u64>,
    /// By where in memory the half is.
    of_places: HashMap<u64, u64>,
    count: u64,
}

impl Numbers {
    /// Lower halves are counted, from 1; the upper ones are then all the same.
    fn add(&mut self, Id { low, high }: Id) -> Result<()> {
        self.count += 1;
        for (half, number) in [(low, self.count), (high, 0)] {
            // A number that the code has for another reason would be taken for a type.
            let upper = half.value >> 32;
            ensure!(
                upper != 0 && upper != 0xffff_ffff,
                "half of a type is a small number"
            );
            let before = self.of_halves.insert(half.value, number);
            ensure!(before.is_none(), "two types have a half in common");
            self.of_places.extend(half.place.map(|place| (place, number)));
        }
        Ok(())
    }

    /// The half of a type that is read from memory next, where the address stands in the code.
    fn read_next(&self, operators: &mut OperatorsReader<'_>) -> Option<u64> {
        let mut ahead = operators.clone();
        let (Ok(Operator::I32Const { value }), Ok(Operator::I64Load { memarg })) =
            (ahead.read(), ahead.read())
        else {
            return None;
        };
        let place = u64::from(value.cast_unsigned()) + memarg.offset;
        let number = self.of_places.get(&place)?;
        *operators = ahead;
        Some(*number)
    }
}

impl Reencode for Numbers {
    type Error = Infallible;

    fn parse_instruction<'a>(
        &mut self,
        operators: &mut OperatorsReader<'a>,
    ) -> Result<Instruction<'a>, Error> {
        match self.read_next(operators) {
            Some(number) => Ok(Instruction::I64Const(number.cast_signed())),
            None => utils::parse_instruction(self, operators),
        }
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Result<Instruction<'a>, Error> {
        if let Operator::I64Const { value } = operator
            && let Some(number) = self.of_halves.get(&value.cast_unsigned())
        {
            return Ok(Instruction::I64Const(number.cast_signed()));
        }
        utils::instruction(self, operator)
    }

    fn parse_data(&mut self, section: &mut DataSection, data: Data<'_>) -> Result<(), Error> {
        let mut bytes = data.data.to_vec();
        let mut at = 0;
        while let Some(half) = bytes.get_mut(at..at + 8) {
            let old = half.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
            let Some(number) = self.of_halves.get(&old) else {
                at += 1;
                continue;
            };
            half.copy_from_slice(&number.to_le_bytes());
            at += 8;
        }
        utils::parse_data(self, section, Data { data: &bytes, ..data })
    }
}

#[cfg(test)]
mod tests;
