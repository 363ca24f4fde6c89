//! The order of the functions in the app's WASM: like beside like, where Brotli finds what they share (ADR 14). What is like is a
//! guess, and which guess is best changes with every function: a few are made, and the one that comes out smallest is taken.
//!
//! Nothing else changes: each function is what it was, and whatever names it by its number names it by its new one.

mod like;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::{fs, thread};

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, ElementItems, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

use super::page::Page;
use super::{ONE, compressed, names};

/// Orders the functions of each module that the page names.
pub(super) fn arrange(page: &mut Page<'_>) -> Result<()> {
    page.change_modules(smallest)
}

/// The module with its functions in the order that compresses best.
fn smallest(wasm: &[u8]) -> Result<Vec<u8>> {
    let functions = Functions::read(wasm)?;
    let shapes = functions.shapes()?;
    let try_way = |way: like::Way| {
        let arranged = arranged(wasm, &functions, &like::order(&shapes, way))?;
        let compressed = compressed(&names::without(&arranged)?, ONE)?;
        anyhow::Ok((fs::metadata(compressed)?.len(), arranged))
    };
    let tried: Vec<_> = thread::scope(|scope| {
        let ways = like::WAYS.map(|way| scope.spawn(move || try_way(way)));
        ways.map(|way| way.join().expect("a way is tried to its end"))
            .into()
    });
    let tried = tried.into_iter().collect::<Result<Vec<_>>>()?;
    let best = tried.into_iter().min_by_key(|(size, _)| *size);
    best.map(|(_, arranged)| arranged).context("there is no way")
}

/// The module with its functions in another order.
fn arranged(wasm: &[u8], functions: &Functions<'_>, order: &[usize]) -> Result<Vec<u8>> {
    let mut numbers: Vec<u32> = (0..functions.imported).collect();
    numbers.resize(numbers.len() + order.len(), 0);
    for (place, index) in order.iter().enumerate() {
        let number = numbers.get_mut(usize::try_from(functions.number(*index)?)?);
        *number.context("an order of other functions")? = functions.number(place)?;
    }
    let mut module = Module::new();
    let mut arranged = Arranged {
        functions,
        order,
        numbers,
    };
    arranged.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// The functions of a module that are not imported, by their index among these.
#[derive(Default)]
struct Functions<'a> {
    /// How many are imported: these have the first numbers.
    imported: u32,
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    /// Numbers of those that a table holds, to be called through it.
    in_tables: BTreeSet<u32>,
}

impl<'a> Functions<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut functions = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            #[expect(clippy::wildcard_enum_match_arm, reason = "most sections name no function")]
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if matches!(import?.ty, TypeRef::Func(_)) {
                            functions.imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(types) => {
                    functions.types = types.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        if let ElementItems::Functions(numbers) = element?.items {
                            for number in numbers {
                                functions.in_tables.insert(number?);
                            }
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => functions.bodies.push(body),
                _ => {}
            }
        }
        Ok(functions)
    }

    fn number(&self, index: usize) -> Result<u32> {
        Ok(self.imported + u32::try_from(index)?)
    }

    /// What each is like, whatever numbers the functions have that it names.
    fn shapes(&self) -> Result<Vec<like::Shape>> {
        let mut shapes = Vec::new();
        for (index, (body, of_type)) in self.bodies.iter().zip(&self.types).enumerate() {
            let is_in_table = self.in_tables.contains(&self.number(index)?);
            let mut function = Unnumbered.new_function_with_parsed_locals(body)?;
            let mut instructions = body.get_operators_reader()?;
            while !instructions.eof() {
                function.instruction(&Unnumbered.parse_instruction(&mut instructions)?);
            }
            shapes.push(like::Shape {
                is_in_table,
                of_type: *of_type,
                bytes: function.into_raw_body(),
            });
        }
        Ok(shapes)
    }
}

/// Writes functions as if all that they name were the first.
struct Unnumbered;

impl Reencode for Unnumbered {
    type Error = Infallible;

    fn function_index(&mut self, _: u32) -> Result<u32, Error> {
        Ok(0)
    }
}

/// Writes a module with its functions in their new order.
struct Arranged<'a> {
    functions: &'a Functions<'a>,
    order: &'a [usize],
    /// The new number of each, by its old one.
    numbers: Vec<u32>,
}

impl Reencode for Arranged<'_> {
    type Error = Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error> {
        let old = usize::try_from(number).ok();
        let new = old.and_then(|old| self.numbers.get(old));
        Ok(*new.expect("a number is of a function"))
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for of_type in self
            .order
            .iter()
            .filter_map(|index| self.functions.types.get(*index))
        {
            section.function(*of_type);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        section: &mut CodeSection,
        _: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for body in self
            .order
            .iter()
            .filter_map(|index| self.functions.bodies.get(*index))
        {
            self.parse_function_body(section, body.clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
