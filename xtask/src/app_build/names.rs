//! The names of the app's functions, beside what is served. Where the app stopped, browsers tell a function by its number
//! (`wasm-function[1234]`), which is the number of its line here, counted from 0.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::Result;
use wasm_encoder::Module;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{CustomSectionReader, KnownCustom, Name, Parser, Payload};

use super::page::Page;
use crate::project;

/// Takes all names out of the modules, and keeps those of the page's module in a file that is named like it.
pub(super) fn put_aside(page: &mut Page<'_>) -> Result<()> {
    let mut named = String::new();
    for name in page.names(".wasm")? {
        let wasm = fs::read(page.dist.join(&name))?;
        named = lines(&wasm)?;
        page.replace(&name, &without(&wasm)?)?;
    }
    let folder = project::made().join("names");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for name in page.names(".wasm")? {
        fs::write(folder.join(name).with_extension("txt"), &named)?;
    }
    // Those of workers, which the page does not name.
    for file in super::files_below(page.dist)?
        .iter()
        .filter(|file| is_module(file))
    {
        fs::write(file, without(&fs::read(file)?)?)?;
    }
    Ok(())
}

fn is_module(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "wasm")
}

/// The functions that have names, by their numbers.
pub(super) fn of_functions(wasm: &[u8]) -> Result<BTreeMap<u32, &str>> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(kinds) = section.as_known() else {
            continue;
        };
        for kind in kinds {
            if let Name::Function(functions) = kind? {
                for function in functions {
                    let function = function?;
                    names.insert(function.index, function.name);
                }
            }
        }
    }
    Ok(names)
}

/// The names, each in the line of its function's number, of which the first is 0.
fn lines(wasm: &[u8]) -> Result<String> {
    let names = of_functions(wasm)?;
    let count = names.last_key_value().map_or(0, |(last, _)| last + 1);
    let line = |number| format!("{}\n", names.get(&number).copied().unwrap_or_default());
    Ok((0..count).map(line).collect())
}

/// A module with nothing in it but what runs.
pub(super) fn without(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    Nameless.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// Writes a module with nothing in it but what runs.
struct Nameless;

impl Reencode for Nameless {
    type Error = Infallible;

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CodeSection, Function, FunctionSection, NameMap, NameSection, TypeSection};

    use super::*;

    /// A module with three functions, of which the first and the last have names.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for _ in 0..3 {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().end();
            code.function(&body);
        }
        let mut map = NameMap::new();
        map.append(0, "first");
        map.append(2, "last");
        let mut names = NameSection::new();
        names.functions(&map);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.section(&names);
        module.finish()
    }

    #[test]
    fn each_name_is_in_the_line_of_its_functions_number() {
        assert_eq!(lines(&module()).unwrap(), "first\n\nlast\n");
    }

    #[test]
    fn what_is_served_names_nothing_and_does_the_same() {
        let served = without(&module()).unwrap();
        assert_eq!(lines(&served).unwrap(), "");
        let bodies = |wasm: &[u8]| {
            let payloads = Parser::new(0).parse_all(wasm).map(Result::unwrap);
            payloads
                .filter(|payload| matches!(payload, Payload::CodeSectionEntry(_)))
                .count()
        };
        assert_eq!(bodies(&served), 3);
        assert!(served.len() < module().len());
    }
}
