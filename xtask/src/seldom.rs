//! Taking out of the first part's wasm file what is seldom run, into a file that is fetched later.
//!
//! A function that is taken out leaves one of some bytes in its place, which calls it by the table that the
//! later file fills; where that is not there yet, it asks for it first. One that only those call which were
//! taken out leaves nothing. No other function changes, nor does any number.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, ImportSection, Instruction as I, MemArg,
    MemorySection, Module, RawSection, TableSection, TypeSection, ValType,
};
use wasmparser::{
    CompositeInnerType, Element, ElementItems, Export, ExternalKind, FunctionBody, GlobalType,
    KnownCustom, MemoryType, Name, Operator, Parser, Payload, TableType, TypeRef,
};

use crate::shell::{Failure, Outcome};
use crate::wasm::{unfit, with_sections};

/// The function that fetches the later file at once, as the first exports it; see `src/door.rs`.
const NEED: &str = "need_seldom";
/// What the later file calls the first.
const FIRST: &str = ".";
/// How many bytes a function has at least that is worth what it leaves.
const SMALLEST: usize = 12;

/// What is seldom run, by the hashes of names. A function that no list knows is taken to be run.
pub struct Seldom(HashSet<u32>);

impl Seldom {
    /// One hash a line, as [`hash`] gives it; lines that begin with `#` are for people.
    ///
    /// # Errors
    /// A line is none.
    pub fn of(list: &str) -> Outcome<Seldom> {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        let hash = |line: &str| {
            u32::from_str_radix(line, 16)
                .map_err(|error| Failure::new(format!("{line:?} is no hash of a name: {error}")))
        };
        lines.map(hash).collect::<Outcome<_>>().map(Seldom)
    }

    /// Whether a function of this name is one of them.
    pub fn holds(&self, name: &str) -> bool {
        self.0.contains(&hash(name))
    }
}

/// What a function's name is known by (FNV-1a): all of it but the hashes of crates, as in
/// `<avow[0123456789abcdef]::map::Map>::get`, which every version of a compiler gives anew.
fn hash(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut rest = name.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let of_crate = after.split_at_checked(17).filter(|(digits, _)| {
            byte == b'[' && digits[16] == b']' && digits[..16].iter().all(u8::is_ascii_hexdigit)
        });
        if let Some((_, after)) = of_crate {
            rest = after;
            continue;
        }
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        rest = after;
    }
    hash
}

/// What is read of a module.
#[derive(Default)]
struct Read<'a> {
    /// The types, as they stand.
    types: &'a [u8],
    /// By type, how many parameters a function of it has.
    parameters: Vec<u32>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
    names: HashMap<u32, &'a str>,
    tables: Vec<TableType>,
    memories: Vec<MemoryType>,
    globals: Vec<GlobalType>,
    exports: Vec<Export<'a>>,
    /// The functions in tables, and what the module begins with.
    rooted: BTreeSet<u32>,
}

impl<'a> Read<'a> {
    fn of(module: &'a [u8]) -> Outcome<Read<'a>> {
        let mut read = Read::default();
        for payload in Parser::new(0).parse_all(module) {
            read.add(module, payload.map_err(unfit)?).map_err(unfit)?;
        }
        Ok(read)
    }

    fn add(&mut self, module: &'a [u8], payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                let range = types.range();
                self.types = &module[range.start as usize..range.end as usize];
                for group in types {
                    for of in group?.into_types() {
                        self.parameters.push(match of.composite_type.inner {
                            CompositeInnerType::Func(it) => it.params().len() as u32,
                            _ => 0,
                        });
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    match import?.ty {
                        TypeRef::Func(of) | TypeRef::FuncExact(of) => self.functions.push(of),
                        TypeRef::Table(table) => self.tables.push(table),
                        TypeRef::Memory(memory) => self.memories.push(memory),
                        TypeRef::Global(global) => self.globals.push(global),
                        TypeRef::Tag(_) => {}
                    }
                }
                self.imported = self.functions.len() as u32;
            }
            Payload::FunctionSection(functions) => self.functions.extend(all(functions)?),
            Payload::TableSection(tables) => {
                self.tables.extend(all(tables)?.into_iter().map(|it| it.ty));
            }
            Payload::MemorySection(memories) => self.memories.extend(all(memories)?),
            Payload::GlobalSection(globals) => {
                self.globals.extend(all(globals)?.into_iter().map(|it| it.ty));
            }
            Payload::ExportSection(exports) => self.exports.extend(all(exports)?),
            Payload::StartSection { func, .. } => drop(self.rooted.insert(func)),
            Payload::ElementSection(elements) => {
                for element in all(elements)? {
                    self.add_roots(element)?;
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for name in names {
                        let Name::Function(functions) = name? else { continue };
                        let functions = all(functions)?.into_iter();
                        self.names.extend(functions.map(|it| (it.index, it.name)));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn add_roots(&mut self, element: Element<'a>) -> wasmparser::Result<()> {
        match element.items {
            ElementItems::Functions(functions) => self.rooted.extend(all(functions)?),
            ElementItems::Expressions(_, items) => {
                for item in items {
                    for operator in item?.get_operators_reader() {
                        if let Operator::RefFunc { function_index } = operator? {
                            self.rooted.insert(function_index);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The functions with a body, by their numbers.
    fn defined(&self) -> impl Iterator<Item = (u32, &FunctionBody<'a>)> {
        (self.imported..).zip(&self.bodies)
    }

    fn exported_functions(&self) -> impl Iterator<Item = &Export<'a>> {
        self.exports.iter().filter(|it| it.kind == ExternalKind::Func)
    }
}

/// What a section holds, if all of it can be read.
fn all<T>(section: impl IntoIterator<Item = wasmparser::Result<T>>) -> wasmparser::Result<Vec<T>> {
    section.into_iter().collect()
}

/// The functions that one names, and whether it could do in another file what it does.
fn named(body: &FunctionBody<'_>) -> Outcome<(BTreeSet<u32>, bool)> {
    let (mut functions, mut is_movable) = (BTreeSet::new(), true);
    for operator in body.get_operators_reader().map_err(unfit)? {
        match operator.map_err(unfit)? {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                functions.insert(function_index);
            }
            Operator::RefFunc { function_index } => {
                functions.insert(function_index);
                is_movable = false;
            }
            Operator::MemoryInit { .. }
            | Operator::DataDrop { .. }
            | Operator::TableInit { .. }
            | Operator::ElemDrop { .. } => is_movable = false,
            _ => {}
        }
    }
    Ok((functions, is_movable))
}

/// A module in two files.
pub struct Apart {
    pub first: Vec<u8>,
    /// Takes all that it needs from the first one's exports, and puts itself into its table.
    pub later: Vec<u8>,
}

/// Takes out of a module the functions that `is_seldom` says so of, by their names.
///
/// # Errors
/// It is no module, or none that can be taken apart so.
pub fn apart(module: &[u8], is_seldom: impl Fn(&str) -> bool) -> Outcome<Apart> {
    let mut read = Read::of(module)?;
    let need = read.exported_functions().find(|it| it.name == NEED).map(|it| it.index);
    let need = need.ok_or_else(|| unfit(format!("it exports no {NEED}")))?;
    let table = read.tables.iter().position(|it| it.element_type.is_func_ref());
    let table = table.ok_or_else(|| unfit("it has no table of functions"))? as u32;

    let mut taken: BTreeSet<u32> = BTreeSet::new();
    // By whom: what is taken, and all else, the table and the host being of that.
    let (mut called_by_taken, mut called) = (BTreeSet::new(), read.rooted.clone());
    called.extend(read.exported_functions().map(|it| it.index));
    for (function, body) in read.defined() {
        let (functions, is_movable) = named(body)?;
        let is_taken = is_movable
            && function != need
            && body.as_bytes().len() >= SMALLEST
            && read.names.get(&function).is_some_and(|name| is_seldom(name));
        if is_taken {
            taken.insert(function);
        }
        let by = if is_taken { &mut called_by_taken } else { &mut called };
        by.extend(functions);
    }

    let functions = &mut read.tables[table as usize];
    let start = functions.initial as u32;
    let slots: BTreeMap<u32, u32> = taken.intersection(&called).copied().zip(start..).collect();
    functions.initial += slots.len() as u64;
    functions.maximum = functions.maximum.map(|most| most + slots.len() as u64);

    let borrowed = called_by_taken.difference(&taken).copied().collect();
    let (later, exports) = later(&read, &taken, &borrowed, (table, start, &slots))?;
    // Behind all that there are.
    let (there, type_of_there) = (read.functions.len() as u32, read.parameters.len() as u32);
    let mut reencode = RoundtripReencoder;
    let first = with_sections(module, |payload, section, first| {
        match payload {
            Payload::TypeSection(given) => {
                let mut types = TypeSection::new();
                reencode.parse_type_section(&mut types, given.clone()).map_err(unfit)?;
                types.ty().function([ValType::I32], [ValType::I32]);
                first.section(&types);
            }
            Payload::FunctionSection(given) => {
                let mut functions = FunctionSection::new();
                reencode.parse_function_section(&mut functions, given.clone()).map_err(unfit)?;
                first.section(functions.function(type_of_there));
            }
            Payload::TableSection(_) => {
                let mut tables = TableSection::new();
                for table in &read.tables {
                    tables.table(reencode.table_type(*table).map_err(unfit)?);
                }
                first.section(&tables);
            }
            Payload::ExportSection(_) => drop(first.section(&exports)),
            Payload::CodeSectionStart { .. } => {
                let mut code = CodeSection::new();
                for (function, body) in read.defined() {
                    if taken.contains(&function) {
                        let slot = slots.get(&function).copied();
                        code.function(&left(&read, function, slot, (table, there)));
                    } else {
                        code.raw(body.as_bytes());
                    }
                }
                first.section(code.function(&waits(table, need)));
            }
            _ => drop(first.section(section)),
        }
        Ok(())
    })?;
    Ok(Apart { first, later })
}

/// What stands in the place of a function that was taken out, and calls it by its slot in the table, once
/// that is `there`; one without a slot is never called.
fn left(
    read: &Read,
    function: u32,
    slot: Option<u32>,
    (table_index, there): (u32, u32),
) -> Function {
    let mut left = Function::new([]);
    match slot {
        Some(slot) => {
            let type_index = read.functions[function as usize];
            for parameter in 0..read.parameters[type_index as usize] {
                left.instruction(&I::LocalGet(parameter));
            }
            left.instruction(&I::I32Const(slot as i32))
                .instruction(&I::Call(there))
                .instruction(&I::CallIndirect { type_index, table_index });
        }
        None => drop(left.instruction(&I::Unreachable)),
    }
    left.instruction(&I::End);
    left
}

/// Gives the slot that it is given, which is filled then.
fn waits(table: u32, need: u32) -> Function {
    let mut waits = Function::new([]);
    for instruction in [
        I::LocalGet(0),
        I::TableGet(table),
        I::RefIsNull,
        I::If(BlockType::Empty),
        I::Call(need),
        I::End,
        I::LocalGet(0),
        I::End,
    ] {
        waits.instruction(&instruction);
    }
    waits
}

/// The later file, and what the first one exports with all that it needs. `borrowed` are the functions that
/// those `taken` call in the first; the slots of the table begin at `start`.
fn later(
    read: &Read,
    taken: &BTreeSet<u32>,
    borrowed: &BTreeSet<u32>,
    (table, start, slots): (u32, u32, &BTreeMap<u32, u32>),
) -> Outcome<(Vec<u8>, ExportSection)> {
    let mut shared = Shared::of(read)?;
    let mut imports = ImportSection::new();
    let mut import = |kind: ExportKind, index: usize, of: EntityType| {
        imports.import(FIRST, &shared.name(kind, index as u32), of);
    };
    let mut reencode = RoundtripReencoder;
    for (at, of) in read.memories.iter().enumerate() {
        import(ExportKind::Memory, at, reencode.memory_type(*of).map_err(unfit)?.into());
    }
    for (at, of) in read.tables.iter().enumerate() {
        import(ExportKind::Table, at, reencode.table_type(*of).map_err(unfit)?.into());
    }
    for (at, of) in read.globals.iter().enumerate() {
        import(ExportKind::Global, at, reencode.global_type(*of).map_err(unfit)?.into());
    }
    for function in borrowed {
        let at = *function as usize;
        import(ExportKind::Func, at, EntityType::Function(read.functions[at]));
    }
    let mut functions = FunctionSection::new();
    for function in taken {
        functions.function(read.functions[*function as usize]);
    }
    let mut numbers = Numbers(borrowed.iter().chain(taken).copied().zip(0..).collect());
    let put: Vec<u32> = slots.keys().map(|function| numbers.0[function]).collect();
    let mut elements = ElementSection::new();
    let start = ConstExpr::i32_const(start as i32);
    elements.active(Some(table), &start, Elements::Functions(put.into()));
    let mut code = CodeSection::new();
    for (_, body) in read.defined().filter(|(function, _)| taken.contains(function)) {
        numbers.parse_function_body(&mut code, body.clone()).map_err(unfit)?;
    }
    let mut later = Module::new();
    later.section(&RawSection { id: wasm_encoder::SectionId::Type.into(), data: read.types });
    later.section(&imports).section(&functions).section(&elements).section(&code);
    Ok((later.finish(), shared.exports))
}

/// What the first file exports, under names as short as can be where it had none.
struct Shared {
    exports: ExportSection,
    names: HashMap<(u8, u32), String>,
    made: u32,
}

impl Shared {
    fn of(read: &Read) -> Outcome<Shared> {
        let mut shared = Shared { exports: ExportSection::new(), names: HashMap::new(), made: 0 };
        for export in &read.exports {
            let kind = RoundtripReencoder.export_kind(export.kind).map_err(unfit)?;
            shared.exports.export(export.name, kind, export.index);
            shared.names.insert((kind as u8, export.index), export.name.to_owned());
        }
        Ok(shared)
    }

    fn name(&mut self, kind: ExportKind, index: u32) -> String {
        let Shared { exports, names, made } = self;
        let name = names.entry((kind as u8, index)).or_insert_with(|| {
            *made += 1;
            let name = format!("{made:x}");
            exports.export(&name, kind, index);
            name
        });
        name.clone()
    }
}

/// What functions are called in the later file, by their numbers in the first.
struct Numbers(HashMap<u32, u32>);

impl Reencode for Numbers {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error<Self::Error>> {
        Ok(self.0[&function])
    }
}

/// A module whose functions write down that they ran.
pub struct Counted {
    pub module: Vec<u8>,
    /// Where in its memory, from the first of `functions` on, a byte says of each whether it ran.
    pub start: u32,
    /// The [hashes](hash) of their names; `None` of one without a name.
    pub functions: Vec<Option<u32>>,
}

/// Has each function write down that it ran, behind all that the module itself has in its memory.
///
/// # Errors
/// It is no module, or has no memory of its own.
pub fn counted(module: &[u8]) -> Outcome<Counted> {
    const PAGE: u64 = 1 << 16;
    let read = Read::of(module)?;
    let mut memory = *read.memories.first().ok_or_else(|| unfit("it has no memory"))?;
    let start = (memory.initial * PAGE) as u32;
    memory.initial += (read.bodies.len() as u64).div_ceil(PAGE);
    let mut reencode = RoundtripReencoder;
    let module = with_sections(module, |payload, section, counted| {
        match payload {
            Payload::MemorySection(_) => {
                let mut memories = MemorySection::new();
                memories.memory(reencode.memory_type(memory).map_err(unfit)?);
                counted.section(&memories);
            }
            Payload::CodeSectionStart { .. } => {
                let mut code = CodeSection::new();
                for (at, body) in (start..).zip(&read.bodies) {
                    let mut function =
                        reencode.new_function_with_parsed_locals(body).map_err(unfit)?;
                    function
                        .instruction(&I::I32Const(at as i32))
                        .instruction(&I::I32Const(1))
                        .instruction(&I::I32Store8(MemArg {
                            offset: 0,
                            align: 0,
                            memory_index: 0,
                        }));
                    let mut operators = body.get_operators_reader().map_err(unfit)?;
                    while !operators.eof() {
                        let operator = reencode.parse_instruction(&mut operators).map_err(unfit)?;
                        function.instruction(&operator);
                    }
                    code.function(&function);
                }
                counted.section(&code);
            }
            _ => drop(counted.section(section)),
        }
        Ok(())
    })?;
    let functions = read.defined().map(|(at, _)| read.names.get(&at).map(|name| hash(name)));
    let functions = functions.collect();
    Ok(Counted { module, start, functions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmi::{Caller, Engine, Extern, Instance, Linker, Module, Store};

    /// Functions that call each other directly, by the table and from the host, of more bytes than what is
    /// left of one that is taken out.
    const MODULE: &str = r#"
        (module
          (import "./__wasm_split.js" "need" (func $need))
          (type $one (func (param i32) (result i32)))
          (table 2 2 funcref)
          (memory (export "memory") 1)
          (global $depth (mut i32) (i32.const 0))
          (elem (i32.const 1) $tabled)
          (data (i32.const 8) "\07")

          (func $need_seldom (export "need_seldom") call $need)
          (func $often (export "often") (param i32) (result i32)
            (if (result i32) (i32.eqz (local.get 0))
              (then (call $small (i32.const 1)))
              (else (call $rare (local.get 0) (i64.const 5)))))
          (func $small (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
          (func $rare (param i32 i64) (result i32)
            (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
            (i32.store8 (i32.const 9) (i32.load8_u (i32.const 8)))
            (drop (i32.mul (i32.const 1000000) (i32.const 1000000)))
            (i32.add
              (call $deep (i32.wrap_i64 (local.get 1)))
              (call_indirect (type $one) (local.get 0) (i32.const 1))))
          (func $deep (param i32) (result i32)
            (drop (i32.mul (i32.const 1000000) (i32.const 1000000)))
            (i32.mul (call $small (local.get 0)) (i32.mul (i32.const 1000000) (i32.const 10)))
            (i32.mul (global.get $depth) (i32.mul (i32.const 1000000) (i32.const 10)))
            i32.add (i32.mul (i32.const 1000000) (i32.const 1000000)) i32.add)
          (func $tabled (export "tabled") (param i32) (result i32)
            (i32.add (i32.mul (local.get 0) (i32.const 1000000)) (i32.mul (i32.const 1000000) (i32.const 10)))
            (i32.add (i32.mul (local.get 0) (i32.const 1000000)) (i32.mul (i32.const 1000000) (i32.const 10)))
            i32.add))"#;

    fn module() -> Vec<u8> {
        wat::parse_str(MODULE).expect("a module")
    }

    fn seldom(names: &[&str]) -> Apart {
        apart(&module(), |name| names.contains(&name)).expect("two files")
    }

    /// A first file that runs; whether the later one is there, and how often it was asked for.
    struct Running {
        store: Store<u32>,
        first: Instance,
    }

    impl Running {
        fn new(first: &[u8], later: &[u8]) -> Running {
            let engine = Engine::default();
            let mut linker = Linker::new(&engine);
            let module = Module::new(&engine, first).expect("a module");
            let later = Module::new(&engine, later).expect("a module");
            let need = move |mut caller: Caller<'_, u32>| {
                *caller.data_mut() += 1;
                let given = later.imports().map(|it| {
                    assert_eq!(it.module(), FIRST);
                    caller.get_export(it.name()).expect("the first file gives it")
                });
                let given: Vec<Extern> = given.collect();
                Instance::new(&mut caller, &later, &given).expect("it fits");
            };
            linker.func_wrap("./__wasm_split.js", "need", need).expect("one import");
            let mut store = Store::new(&engine, 0);
            let first = linker.instantiate_and_start(&mut store, &module).expect("it fits");
            Running { store, first }
        }

        fn call(&mut self, name: &str, value: i32) -> i32 {
            let function = self.first.get_typed_func::<i32, i32>(&self.store, name);
            function.and_then(|it| it.call(&mut self.store, value)).expect("a result")
        }

        fn byte(&self, at: usize) -> u8 {
            self.first.get_memory(&self.store, "memory").expect("a memory").data(&self.store)[at]
        }
    }

    #[test]
    fn what_is_taken_out_is_asked_for_once_and_does_what_it_did() {
        let nothing = wat::parse_str("(module)").expect("a module");
        let mut whole = Running::new(&module(), &nothing);
        let wanted = [0, 1, 2].map(|value| whole.call("often", value));
        for names in [&["rare"][..], &["rare", "deep"], &["deep"], &["rare", "deep", "tabled"]] {
            let Apart { first, later } = seldom(names);
            let mut running = Running::new(&first, &later);
            assert_eq!(running.call("often", 0), wanted[0]);
            assert_eq!(*running.store.data(), 0, "{names:?} are not needed yet");
            assert_eq!([1, 2].map(|value| running.call("often", value)), wanted[1..], "{names:?}");
            assert_eq!(*running.store.data(), 1, "{names:?} are asked for once");
            assert_eq!(running.byte(9), 7);
            assert_eq!(running.call("tabled", 3), whole.call("tabled", 3));
        }
    }

    #[test]
    fn what_only_those_call_that_are_taken_out_leaves_nothing() {
        let both = seldom(&["rare", "deep"]);
        let read = Read::of(&both.first).expect("a module");
        assert_eq!(read.tables[0].initial, 3, "one slot more, for what stays to call");
        assert_eq!(read.tables[0].maximum, Some(3));
        let operators = |body: &FunctionBody| {
            let operators = body.get_operators_reader().expect("code").into_iter();
            operators.map(|it| format!("{:?}", it.expect("an operator"))).collect::<Vec<_>>()
        };
        let [.., deep, _, _] = &read.bodies[..] else { panic!("it has fewer functions") };
        assert_eq!(operators(deep), ["Unreachable", "End"]);
        assert_eq!(Read::of(&both.later).expect("a module").bodies.len(), 2);
    }

    #[test]
    fn what_would_leave_as_much_or_could_not_work_stays() {
        let whole = seldom(&["small", "need_seldom"]);
        assert_eq!(Read::of(&whole.later).expect("a module").bodies.len(), 0);
        assert_eq!(Read::of(&whole.first).expect("a module").tables[0].initial, 2);

        let fills = format!(
            "(module (table 1 funcref) (memory 1) (data $text \"some\")
               (func (export \"need_seldom\"))
               (func $fills (memory.init $text {0} {0} {0}) call $rare)
               (func $rare (drop {0}) (drop {0})))",
            "(i32.mul (i32.const 1000000) (i32.const 1000000))"
        );
        let fills = wat::parse_str(fills).expect("a module");
        let whole = apart(&fills, |name| name == "fills").expect("two files");
        assert_eq!(Read::of(&whole.later).expect("a module").bodies.len(), 0);
        let rare = apart(&fills, |_| true).expect("two files");
        assert_eq!(Read::of(&rare.later).expect("a module").bodies.len(), 1);
        let slots = Read::of(&rare.first).expect("a module").tables[0].initial;
        assert_eq!(slots, 2, "what stays calls it");
    }

    #[test]
    fn what_cannot_be_taken_apart_is_refused() {
        for module in ["(module (table 1 funcref))", "(module (func (export \"need_seldom\")))"] {
            assert!(
                apart(&wat::parse_str(module).expect("a module"), |_| true).is_err(),
                "{module}"
            );
        }
        let module = module();
        assert!(apart(&module[..module.len() - 1], |_| true).is_err());
    }

    #[test]
    fn functions_write_down_that_they_ran() {
        let Counted { module, start, functions } = counted(&module()).expect("a module");
        let mut running = Running::new(&module, &wat::parse_str("(module)").expect("a module"));
        running.call("often", 0);
        let ran =
            ["need_seldom", "often", "small", "rare", "deep", "tabled"].into_iter().enumerate();
        for (at, name) in ran {
            let did = ["often", "small"].contains(&name);
            assert_eq!(running.byte(start as usize + at), u8::from(did), "{name}");
            assert_eq!(functions[at], Some(hash(name)));
        }
        assert_eq!(running.byte(8), 7, "its own memory is as it was");
    }

    #[test]
    fn names_are_known_whatever_compiler_gave_the_hashes_in_them() {
        let name =
            |hash: &str| format!("<avow{hash}::map::Map<[u8; 16]> as core{hash}::Clone>::clone");
        let known = hash(&name(""));
        assert_eq!(hash(&name("[0123456789abcdef]")), known);
        assert_ne!(hash(&name("[0123456789abcdeg]")), known);
        assert_ne!(hash(&name("[u8; 16]")), known);
        let list = Seldom::of(&format!("# For people.\n{known:08x}\n")).expect("a list");
        assert!(list.holds(&name("[fedcba9876543210]")));
        assert!(!list.holds("main"));
        assert!(Seldom::of("none").is_err());
    }

    #[test]
    fn the_list_is_one() {
        assert!(Seldom::of(include_str!("../seldom.txt")).is_ok());
    }
}
