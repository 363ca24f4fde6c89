//! What the script gives the module, under the shortest names. `wasm-bindgen` names each by what it does and sixteen digits of a
//! hash, in both files; nobody but the two reads them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ImportSection, Module};
use wasmparser::{ImportSectionReader, Parser, Payload};

use super::page::Page;

/// Renames what the page's module imports, in it and in its script.
pub(super) fn shorten(page: &mut Page<'_>) -> Result<()> {
    let modules = page.names(".wasm")?;
    let scripts = page.names(".js")?;
    let ([module], [script]) = (modules.as_slice(), scripts.as_slice()) else {
        anyhow::bail!("the page has not one module and one script: {modules:?}, {scripts:?}");
    };
    let wasm = fs::read(page.dist.join(module))?;
    let names = short_names(&wasm)?;
    let source = fs::read_to_string(page.dist.join(script))?;
    let source = renamed_script(&source, &names)?;
    page.replace(script, source.as_bytes())?;
    page.replace(module, &renamed_module(&wasm, names)?)
}

/// A short name for each that is imported: `a`, `b`, and so on.
fn short_names(wasm: &[u8]) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let short = letters(names.len());
                let before = names.insert(import?.name.to_owned(), short);
                ensure!(before.is_none(), "two imports have one name");
            }
        }
    }
    Ok(names)
}

/// The n-th of the names that are letters alone, the shortest first.
fn letters(mut index: usize) -> String {
    let mut name = String::new();
    loop {
        name.extend(ALPHABET.get(index % ALPHABET.len()));
        match (index / ALPHABET.len()).checked_sub(1) {
            Some(rest) => index = rest,
            None => return name,
        }
    }
}

/// The script, which lists each once as the name of a property, as esbuild writes it.
fn renamed_script(script: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let mut script = script.to_owned();
    for (name, short) in names {
        let places: Vec<_> = ["{", ","].map(|before| format!("{before}{name}:")).into();
        let mut found = places.iter().filter(|place| script.contains(*place));
        let place = found
            .next()
            .with_context(|| format!("the script does not give {name}"))?;
        let is_once = found.next().is_none() && script.matches(place.as_str()).count() == 1;
        ensure!(is_once, "the script gives {name} twice");
        script = script.replace(place.as_str(), &place.replace(name, short));
    }
    Ok(script)
}

fn renamed_module(wasm: &[u8], names: BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut module = Module::new();
    Renamed(names).parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// Writes a module that imports under other names.
struct Renamed(BTreeMap<String, String>);

impl Reencode for Renamed {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        section: &mut ImportSection,
        imports: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in imports.into_imports() {
            let import = import?;
            let kind = self.entity_type(import.ty)?;
            let name = self.0.get(import.name).map_or(import.name, String::as_str);
            section.import(import.module, name, kind);
        }
        Ok(())
    }
}

const ALPHABET: [char; 26] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z',
];

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, TypeSection};

    use super::*;

    fn module(imports: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut section = ImportSection::new();
        for name in imports {
            section.import("./app_bg.js", name, EntityType::Function(0));
        }
        let mut module = Module::new();
        module.section(&types).section(&section);
        module.finish()
    }

    #[test]
    fn script_and_module_agree_on_the_short_names() {
        let wasm = module(&["__wbg_open_0123", "__wbg_open_01234"]);
        let names = short_names(&wasm).unwrap();
        let script = "{__wbg_open_01234:function(){},__wbg_open_0123:function(){}}";
        let renamed = renamed_script(script, &names).unwrap();
        assert_eq!(renamed, "{b:function(){},a:function(){}}");
        let again = short_names(&renamed_module(&wasm, names).unwrap()).unwrap();
        assert_eq!(again.keys().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_the_script_does_not_give_once_is_refused() {
        let names = short_names(&module(&["f_1"])).unwrap();
        for script in ["{}", "{xf_1:0}", "{f_1:0,f_1:0}", "{f_1:0},{f_1:0}"] {
            assert!(renamed_script(script, &names).is_err(), "{script}");
        }
        assert!(short_names(&module(&["f_1", "f_1"])).is_err());
    }

    #[test]
    fn after_z_comes_another_letter() {
        let names: Vec<_> = [0, 25, 26, 27, 701, 702].map(letters).into();
        assert_eq!(names, ["a", "z", "aa", "ba", "zz", "aaa"]);
    }
}
