use wasm_encoder::{
    CodeSection, ConstExpr, EntityType, Function, FunctionSection, ImportSection, MemArg, MemorySection,
    MemoryType, NameMap, NameSection, TypeSection, ValType,
};

use super::*;

/// A type that a function says as numbers, and one that it reads.
const WRITTEN: (u64, u64) = (0x1111_2222_3333_4444, 0x9999_2222_3333_4444);
const READ: (u64, u64) = (0x5555_6666_7777_8888, 0xaaaa_6666_7777_8888);
const OTHER: u64 = 0xdddd_eeee_ffff_0000;
const AT: i32 = 1024;

fn at(offset: u64) -> MemArg {
    MemArg {
        offset,
        align: 2,
        memory_index: 0,
    }
}

/// A function that says a type by numbers; one that reads it; one that has a half of each, and another number.
fn bodies() -> [Function; 3] {
    let [mut written, mut read, mut asks] = [(); 3].map(|()| Function::new([]));
    for (offset, half) in [(8, WRITTEN.1), (0, WRITTEN.0)] {
        let mut says = written.instructions();
        says.local_get(0)
            .i64_const(half.cast_signed())
            .i64_store(at(offset));
    }
    for offset in [8, 0] {
        let mut says = read.instructions();
        says.local_get(0)
            .i32_const(AT + 4)
            .i64_load(at(offset))
            .i64_store(at(offset));
    }
    for number in [WRITTEN.0, READ.1, OTHER] {
        asks.instructions().i64_const(number.cast_signed()).drop();
    }
    // One half from where it is, and what stands beside it.
    for offset in [0, 9] {
        asks.instructions().i32_const(AT + 4).i64_load(at(offset)).drop();
    }
    for body in [&mut written, &mut read, &mut asks] {
        body.instructions().end();
    }
    [written, read, asks]
}

fn module(bodies: &[Function]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("m", "f", EntityType::Function(0));
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let (mut functions, mut code, mut names) = (FunctionSection::new(), CodeSection::new(), NameMap::new());
    for (number, body) in (1..).zip(bodies) {
        functions.function(0);
        code.function(body);
        let says = [
            "<A as core[0]::any::Any>::type_id",
            "<B as core[0]::any::Any>::type_id",
            "asks",
        ];
        names.append(number, says[usize::try_from(number - 1).unwrap()]);
    }
    let mut data = DataSection::new();
    let [low, high] = [READ.0, READ.1].map(u64::to_le_bytes);
    let bytes = [b"abcd".as_slice(), &low, &high, b"efg"].concat();
    data.active(0, &ConstExpr::i32_const(AT), bytes);
    let mut name_section = NameSection::new();
    name_section.functions(&names);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module
        .section(&memories)
        .section(&code)
        .section(&data)
        .section(&name_section);
    module.finish()
}

/// The types that the functions of a module say.
fn said(parts: &Parts<'_>) -> Vec<Option<(u64, u64)>> {
    let ids = parts.says_its_type().map(|body| parts.id_in(body).unwrap());
    ids.map(|id| id.map(|id| (id.low.value, id.high.value))).collect()
}

#[test]
fn each_type_has_a_short_number_wherever_it_is_named() {
    let shortened = shortened(&module(&bodies())).unwrap();
    let parts = Parts::read(&shortened).unwrap();
    assert_eq!(said(&parts), [Some((1, 0)), Some((2, 0))]);
    let (mut asked, mut reads) = (Vec::new(), 0);
    let mut operators = parts.bodies[2].get_operators_reader().unwrap();
    while !operators.eof() {
        let operator = operators.read().unwrap();
        reads += usize::from(matches!(operator, Operator::I64Load { .. }));
        if let Operator::I64Const { value } = operator {
            asked.push(value.cast_unsigned());
        }
    }
    assert_eq!((asked, reads), (vec![1, 0, OTHER, 2], 1));
    let data = [b"abcd".as_slice(), &2_u64.to_le_bytes(), &[0; 8], b"efg"].concat();
    assert_eq!(parts.data, [(1024, data.as_slice())]);
}

#[test]
fn a_type_that_is_not_understood_is_refused() {
    let [_, read, asks] = bodies();
    let mut does_more = Function::new([]);
    does_more
        .instructions()
        .local_get(0)
        .i64_const(7)
        .i64_store(at(0))
        .nop()
        .end();
    assert!(shortened(&module(&[does_more, read, asks])).is_err());
}

#[test]
fn a_type_of_which_a_part_is_not_written_out_stays_as_it_is() {
    let [written, _, asks] = bodies();
    let mut beyond = Function::new([]);
    for offset in [8, 0] {
        let mut says = beyond.instructions();
        says.local_get(0)
            .i32_const(AT + 12)
            .i64_load(at(offset))
            .i64_store(at(offset));
    }
    beyond.instructions().end();
    let shortened = shortened(&module(&[written, beyond, asks])).unwrap();
    let parts = Parts::read(&shortened).unwrap();
    assert_eq!(said(&parts), [Some((1, 0)), None]);
    assert!(
        parts.data[0]
            .1
            .windows(8)
            .any(|bytes| bytes == READ.0.to_le_bytes())
    );
}
