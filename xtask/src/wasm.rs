//! Wasm files as a host serves them: without what only people who debug read.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, ImportSection, Module, RawSection};
use wasmparser::{Export, Import, Parser, Payload};

use crate::shell::{Failure, Outcome};

/// Custom sections that a browser skips: names for stack traces, who made the file, what it needs, and what
/// was left for splitting it.
const DROPPED: [&str; 4] = ["name", "producers", "target_features", "linking"];
/// How the names of others begin: relocations.
const DROPPED_PREFIX: &str = "reloc.";

/// Why a wasm file of the page cannot be changed.
pub fn unfit(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("a wasm file of the page is not as it should be: {error}"))
}

/// The same module without the sections that a browser skips.
///
/// # Errors
/// It is no whole module.
pub fn stripped(module: &[u8]) -> Outcome<Vec<u8>> {
    with_sections(module, |payload, section, made| {
        let is_dropped = |name: &str| name.starts_with(DROPPED_PREFIX) || DROPPED.contains(&name);
        if !matches!(payload, Payload::CustomSection(it) if is_dropped(it.name())) {
            made.section(section);
        }
        Ok(())
    })
}

/// The same module with other names for what it imports and exports. `import` is given the module that
/// something comes from, and its name there; `export` a name.
///
/// # Errors
/// It is no whole module, or `import` refuses a name.
pub fn renamed(
    module: &[u8],
    mut import: impl FnMut(&str, &str) -> Outcome<String>,
    mut export: impl FnMut(&str) -> String,
) -> Outcome<Vec<u8>> {
    with_sections(module, |payload, section, made| {
        match payload {
            Payload::ImportSection(imports) => {
                let mut renamed = ImportSection::new();
                for given in imports.clone().into_imports() {
                    let Import { module, name, ty } = given.map_err(unfit)?;
                    let kind = RoundtripReencoder.entity_type(ty).map_err(unfit)?;
                    renamed.import(module, &import(module, name)?, kind);
                }
                made.section(&renamed);
            }
            Payload::ExportSection(exports) => {
                let mut renamed = ExportSection::new();
                for given in exports.clone() {
                    let Export { name, kind, index } = given.map_err(unfit)?;
                    let kind = RoundtripReencoder.export_kind(kind).map_err(unfit)?;
                    renamed.export(&export(name), kind, index);
                }
                made.section(&renamed);
            }
            _ => drop(made.section(section)),
        }
        Ok(())
    })
}

/// A module made of another's sections; `each` is given what is read of one, and it as it stands.
///
/// # Errors
/// That one is no whole module, or `each` refuses a section.
pub fn with_sections<'a>(
    module: &'a [u8],
    mut each: impl FnMut(&Payload<'a>, &RawSection<'a>, &mut Module) -> Outcome,
) -> Outcome<Vec<u8>> {
    let mut made = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(unfit)?;
        if let Some((id, range)) = payload.as_section() {
            let data = &module[range.start as usize..range.end as usize];
            each(&payload, &RawSection { id, data }, &mut made)?;
        }
    }
    Ok(made.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::fail;

    /// What every module begins with: the magic word and the version.
    const HEAD: &[u8] = b"\0asm\x01\0\0\0";

    fn custom(name: &str, length: usize) -> Vec<u8> {
        let body = [&[name.len() as u8], name.as_bytes(), &vec![7; length]].concat();
        assert!(body.len() > 127, "its size is two bytes");
        let size = [(body.len() & 0x7f) as u8 | 0x80, (body.len() >> 7) as u8];
        [&[0], &size[..], &body].concat()
    }

    #[test]
    fn names_and_producers_go_and_all_else_stays() {
        let kept = [&[1, 2, 3, 4][..], &custom("others", 200)].concat();
        let tail = [10, 1, 0];
        let module =
            [HEAD, &custom("producers", 300), &kept, &custom("name", 1000), &tail].concat();
        assert_eq!(stripped(&module).expect("a module"), [HEAD, &kept, &tail].concat());
        let small = stripped(&[HEAD, &kept, &tail].concat()).expect("a module");
        assert_eq!(small, [HEAD, &kept, &tail].concat());
    }

    #[test]
    fn what_is_imported_and_exported_gets_other_names_and_all_else_stays() {
        let module = |[one, two, memory, table, out]: [&str; 5]| {
            let text = format!(
                r#"(module
                  (import "m" "{one}" (func (param i32)))
                  (import "m" "{two}" (func))
                  (import "m" "{memory}" (memory 1 2))
                  (import "m" "{table}" (table 9 funcref))
                  (func (export "{out}") call 1)
                  (export "again" (func 1)))"#
            );
            wat::parse_str(text).expect("a module")
        };
        let given = module(["one", "two", "mem", "tab", "out"]);
        let import = |from: &str, name: &str| {
            assert_eq!(from, "m");
            Ok(if name == "two" { "a-longer-name".to_owned() } else { name.to_owned() })
        };
        let export = |name: &str| name.replace("out", "in");
        let wanted = module(["one", "a-longer-name", "mem", "tab", "in"]);
        assert_eq!(renamed(&given, import, export).expect("a module"), wanted);
        assert!(renamed(&given, |_, _| fail("no"), str::to_owned).is_err());
        assert!(renamed(HEAD, |_, _| fail("no"), str::to_owned).is_ok(), "nothing is imported");
    }

    #[test]
    fn what_is_no_whole_module_is_refused() {
        assert!(stripped(b"").is_err());
        assert!(stripped(&[HEAD, &[1, 9, 0]].concat()).is_err());
        assert!(stripped(&[HEAD, &[1, 0x80]].concat()).is_err());
    }
}
