//! What script and module have of each other, under the shortest names. `wasm-bindgen` names each by what it does and sixteen
//! digits of a hash, or by all its types, in both files; nobody but the two reads them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{Export, ImportSectionReader, Parser, Payload};

use super::page::Page;

/// Renames what the page's module imports, and which closures it exports, in it and in its script.
pub(super) fn shorten(page: &mut Page<'_>) -> Result<()> {
    let modules = page.names(".wasm")?;
    let scripts = page.names(".js")?;
    let ([module], [script]) = (modules.as_slice(), scripts.as_slice()) else {
        anyhow::bail!("the page has not one module and one script: {modules:?}, {scripts:?}");
    };
    let wasm = fs::read(page.dist.join(module))?;
    let names = Renamed::of(&wasm)?;
    let source = fs::read_to_string(page.dist.join(script))?;
    let source = renamed_script(&source, &names)?;
    page.replace(script, source.as_bytes())?;
    page.replace(module, &renamed_module(&wasm, names)?)
}

/// Gives the next short name: `a`, `b`, and so on.
fn shorten_one(names: &mut BTreeMap<String, String>, name: &str) -> Result<()> {
    let before = names.insert(name.to_owned(), letters(names.len()));
    ensure!(before.is_none(), "two have one name: {name}");
    Ok(())
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

/// The script, as esbuild writes it: it lists each import once as the name of a property, and calls each closure in one place.
fn renamed_script(script: &str, names: &Renamed) -> Result<String> {
    let mut script = script.to_owned();
    for (name, short) in &names.closures {
        let call = format!(".{name}(");
        let count = script.matches(&call).count();
        ensure!(count == 1, "the script calls {name} in {count} places");
        script = script.replace(&call, &format!(".{short}("));
    }
    for (name, short) in &names.imports {
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

fn renamed_module(wasm: &[u8], mut names: Renamed) -> Result<Vec<u8>> {
    let mut module = Module::new();
    names.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// Writes a module that imports and exports under other names.
#[derive(Default)]
struct Renamed {
    imports: BTreeMap<String, String>,
    closures: BTreeMap<String, String>,
}

impl Renamed {
    /// The names in a module.
    fn of(wasm: &[u8]) -> Result<Self> {
        let mut names = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            #[expect(clippy::wildcard_enum_match_arm, reason = "other sections name nothing")]
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        shorten_one(&mut names.imports, import?.name)?;
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let name = export?.name;
                        if name.starts_with(CLOSURE) {
                            shorten_one(&mut names.closures, name)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(names)
    }
}

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
            let name = self.imports.get(import.name);
            section.import(import.module, name.map_or(import.name, String::as_str), kind);
        }
        Ok(())
    }

    fn parse_export(&mut self, section: &mut ExportSection, export: Export<'_>) -> Result<(), Error> {
        let name = self.closures.get(export.name);
        let name = name.map_or(export.name, String::as_str).to_owned();
        section.export(
            &name,
            self.export_kind(export.kind)?,
            self.external_index(export.kind, export.index)?,
        );
        Ok(())
    }
}

/// How what calls a closure begins.
const CLOSURE: &str = "wasm_bindgen_";

const ALPHABET: [char; 26] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z',
];

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, ExportKind, TypeSection};

    use super::*;

    /// A module with imports, which it exports under these names.
    fn module(imports: &[&str], exports: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut section = ImportSection::new();
        for name in imports {
            section.import("./app_bg.js", name, EntityType::Function(0));
        }
        let mut out = ExportSection::new();
        for (index, name) in (0..).zip(exports) {
            out.export(name, ExportKind::Func, index);
        }
        let mut module = Module::new();
        module.section(&types).section(&section).section(&out);
        module.finish()
    }

    #[test]
    fn script_and_module_agree_on_the_short_names() {
        let calls = ["wasm_bindgen_1_true_", "wasm_bindgen_1_true__1", "memory"];
        let wasm = module(&["__wbg_open_0123", "__wbg_open_01234", "last"], &calls);
        let names = Renamed::of(&wasm).unwrap();
        let script = "{__wbg_open_01234:function(){w.wasm_bindgen_1_true_()},__wbg_open_0123:function(){},last:w.memory};\
                      w.wasm_bindgen_1_true__1()";
        let renamed = renamed_script(script, &names).unwrap();
        assert_eq!(renamed, "{b:function(){w.a()},a:function(){},c:w.memory};w.b()");
        let wasm = renamed_module(&wasm, names).unwrap();
        let again = Renamed::of(&wasm).unwrap();
        assert_eq!(again.imports.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
        let exported: Vec<_> = Parser::new(0)
            .parse_all(&wasm)
            .filter_map(|payload| match payload {
                Ok(Payload::ExportSection(exports)) => Some(exports),
                _ => None,
            })
            .flatten()
            .map(|export| export.unwrap().name)
            .collect();
        assert_eq!(exported, ["a", "b", "memory"]);
    }

    #[test]
    fn what_the_script_does_not_give_or_call_once_is_refused() {
        let names = Renamed::of(&module(&["f_1"], &["wasm_bindgen_1"])).unwrap();
        let call = "w.wasm_bindgen_1()";
        assert!(renamed_script(&format!("{{f_1:0}},{call}"), &names).is_ok());
        for script in ["{}", "{xf_1:0}", "{f_1:0,f_1:0}", "{f_1:0},{f_1:0}"] {
            assert!(
                renamed_script(&format!("{script},{call}"), &names).is_err(),
                "{script}"
            );
        }
        for calls in ["", "wasm_bindgen_1()", "w.wasm_bindgen_1()+w.wasm_bindgen_1()"] {
            assert!(
                renamed_script(&format!("{{f_1:0}},{calls}"), &names).is_err(),
                "{calls}"
            );
        }
        assert!(Renamed::of(&module(&["f_1", "f_1"], &[])).is_err());
    }

    #[test]
    fn after_z_comes_another_letter() {
        let names: Vec<_> = [0, 25, 26, 27, 701, 702].map(letters).into();
        assert_eq!(names, ["a", "z", "aa", "ba", "zz", "aaa"]);
    }
}
