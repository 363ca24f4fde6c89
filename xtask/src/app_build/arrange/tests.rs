use std::collections::BTreeMap;

use wasm_encoder::{
    ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, ImportSection, Module, RefType,
    TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Operator};

use super::*;

/// How many functions the module has besides one that is imported.
const FUNCTIONS: u32 = 40;

/// A module of functions of three kinds, one kind after the other again and again. Each begins with its own number, and calls
/// another; every fifth is in a table.
fn module() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("m", "f", wasm_encoder::EntityType::Function(0));
    let (mut functions, mut exports, mut code) =
        (FunctionSection::new(), ExportSection::new(), CodeSection::new());
    for own in 0..FUNCTIONS {
        functions.function(u32::from(own % 3 == 0));
        exports.export(&format!("f{own}"), ExportKind::Func, own + 1);
        let mut function = Function::new([]);
        let own = i32::try_from(own).unwrap();
        function
            .instructions()
            .i32_const(own)
            .drop()
            .call(u32::try_from(called_by(own)).unwrap());
        for step in 0..30 {
            function
                .instructions()
                .i32_const(step * (1 + own % 3) * 1000)
                .drop();
        }
        function.instructions().end();
        code.function(&function);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: u64::from(FUNCTIONS),
        maximum: None,
        shared: false,
    });
    let in_table: Vec<u32> = (0..FUNCTIONS).step_by(5).map(|own| own + 1).collect();
    let mut elements = ElementSection::new();
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions((&in_table).into()),
    );
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&exports);
    module.section(&elements).section(&code);
    module.finish()
}

/// The number of whom one calls; the one that is imported is among them.
fn called_by(own: i32) -> i32 {
    own * 7 % 41
}

/// What a module holds, each function by what it begins with.
#[derive(Debug, PartialEq)]
struct Told {
    order: Vec<i32>,
    exports: BTreeMap<String, i32>,
    called: BTreeMap<i32, Option<i32>>,
    in_table: Vec<i32>,
}

fn operators<'a>(body: &FunctionBody<'a>) -> Vec<Operator<'a>> {
    let operators = body.get_operators_reader().unwrap().into_iter();
    operators.map(Result::unwrap).collect()
}

fn told(wasm: &[u8]) -> Told {
    let functions = Functions::read(wasm).unwrap();
    let first = |body: &FunctionBody<'_>| {
        let Operator::I32Const { value } = operators(body)[0] else {
            panic!("a function without its number")
        };
        value
    };
    let order: Vec<i32> = functions.bodies.iter().map(first).collect();
    let named = |number: u32| {
        number
            .checked_sub(1)
            .map(|index| order[usize::try_from(index).unwrap()])
    };
    let mut exports = BTreeMap::new();
    let mut in_table = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "other sections name no function")]
        match payload.unwrap() {
            Payload::ExportSection(section) => {
                for export in section.into_iter().map(Result::unwrap) {
                    assert_eq!(export.kind, ExternalKind::Func);
                    exports.insert(export.name.to_owned(), named(export.index).unwrap());
                }
            }
            Payload::ElementSection(section) => {
                for element in section.into_iter().map(Result::unwrap) {
                    let ElementItems::Functions(numbers) = element.items else {
                        panic!("no functions")
                    };
                    in_table.extend(numbers.into_iter().map(|number| named(number.unwrap()).unwrap()));
                }
            }
            _ => {}
        }
    }
    let called = functions.bodies.iter().map(|body| {
        let Operator::Call { function_index } = operators(body)[2] else {
            panic!("a function that calls nobody")
        };
        (first(body), named(function_index))
    });
    Told {
        called: called.collect(),
        order,
        exports,
        in_table,
    }
}

/// The module in its new order, in each of the ways.
fn laid() -> [Vec<u8>; like::WAYS.len()] {
    let module = module();
    let functions = Functions::read(&module).unwrap();
    let shapes = functions.shapes().unwrap();
    like::WAYS.map(|way| arranged(&module, &functions, &like::order(&shapes, way)).unwrap())
}

#[test]
fn whoever_was_named_is_named_by_the_new_number() {
    let types = |wasm: &[u8]| -> BTreeMap<i32, u32> {
        let order = told(wasm).order;
        order
            .into_iter()
            .zip(Functions::read(wasm).unwrap().types)
            .collect()
    };
    let before = told(&module());
    for laid in laid() {
        let after = told(&laid);
        assert_ne!(after.order, before.order);
        assert_eq!(after.exports, before.exports);
        assert_eq!(after.called, before.called);
        assert_eq!(after.in_table, before.in_table);
        assert_eq!(types(&laid), types(&module()));
    }
}

#[test]
fn like_stands_beside_like() {
    for laid in laid() {
        let order = told(&laid).order;
        let changes =
            |of: &dyn Fn(i32) -> i32| order.windows(2).filter(|two| of(two[0]) != of(two[1])).count();
        assert_eq!(changes(&|own| i32::from(own % 5 == 0)), 1, "{order:?}");
        assert_eq!(
            changes(&|own| own % 3 + 3 * i32::from(own % 5 == 0)),
            5,
            "{order:?}"
        );
    }
}

#[test]
fn the_same_module_is_always_ordered_the_same() {
    assert_eq!(laid(), laid());
}
