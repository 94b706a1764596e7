//! Wasm files as a host serves them: without what only people who debug read.

use crate::shell::{Failure, Outcome, fail};

/// Custom sections that a browser skips: names for stack traces, who made the file, and what was
/// left for splitting it.
const DROPPED: [&str; 3] = ["name", "producers", "linking"];
/// How the names of others begin: relocations.
const DROPPED_PREFIX: &str = "reloc.";
/// What every module begins with: the magic word and the version.
const HEAD: &[u8] = b"\0asm\x01\0\0\0";

/// The same module without the sections that a browser skips.
///
/// # Errors
/// It is no whole module.
pub fn stripped(module: &[u8]) -> Outcome<Vec<u8>> {
    with_sections(module, |id, section, kept| {
        let name = if id == 0 { sized(section).map(|(name, _)| name) } else { None };
        let is_dropped = |name: &[u8]| {
            name.starts_with(DROPPED_PREFIX.as_bytes())
                || DROPPED.iter().any(|dropped| name == dropped.as_bytes())
        };
        if !name.is_some_and(is_dropped) {
            push_section(kept, id, section);
        }
        Ok(())
    })
}

/// The same module with other names for what it imports; `rename` is given the module that a
/// function comes from, and its name there.
///
/// # Errors
/// It is no whole module, or `rename` refuses a name.
pub fn with_imports(
    module: &[u8],
    mut rename: impl FnMut(&str, &str) -> Outcome<String>,
) -> Outcome<Vec<u8>> {
    const IMPORTS: u8 = 2;
    with_sections(module, |id, section, made| {
        if id != IMPORTS {
            push_section(made, id, section);
            return Ok(());
        }
        let (count, mut imports) = number(section).ok_or_else(cut)?;
        let mut renamed = leb128(count);
        for _ in 0..count {
            let (from, after) = sized(imports).ok_or_else(cut)?;
            let (name, after) = sized(after).ok_or_else(cut)?;
            let [from, name] = [from, name].map(String::from_utf8_lossy);
            for text in [from.as_ref(), &rename(&from, &name)?] {
                renamed.extend(leb128(text.len()));
                renamed.extend(text.as_bytes());
            }
            let length = description(after).ok_or_else(cut)?;
            let (description, after) = after.split_at_checked(length).ok_or_else(cut)?;
            renamed.extend(description);
            imports = after;
        }
        push_section(made, id, &renamed);
        Ok(())
    })
}

/// A module made of another's sections, each given by its id and what is in it.
fn with_sections(
    module: &[u8],
    mut each: impl FnMut(u8, &[u8], &mut Vec<u8>) -> Outcome,
) -> Outcome<Vec<u8>> {
    let Some(mut rest) = module.strip_prefix(HEAD) else {
        return fail("a wasm file of the page is none");
    };
    let mut made = HEAD.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (section, next) = sized(after).ok_or_else(cut)?;
        each(id, section, &mut made)?;
        rest = next;
    }
    Ok(made)
}

fn push_section(module: &mut Vec<u8>, id: u8, section: &[u8]) {
    module.push(id);
    module.extend(leb128(section.len()));
    module.extend(section);
}

fn cut() -> Failure {
    Failure::new("a wasm file of the page is cut short")
}

/// How many bytes say what is imported: a function, table, memory or global.
fn description(bytes: &[u8]) -> Option<usize> {
    let limits = |bytes: &[u8]| {
        let (_, mut rest) = number(bytes.get(1..)?)?;
        if bytes[0] & 1 == 1 {
            rest = number(rest)?.1;
        }
        Some(bytes.len() - rest.len())
    };
    Some(
        1 + match bytes.first()? {
            0 => bytes.len() - 1 - number(&bytes[1..])?.1.len(),
            1 => 1 + limits(bytes.get(2..)?)?,
            2 => limits(&bytes[1..])?,
            3 => 2,
            _ => return None,
        },
    )
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A number (LEB128), and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

/// What stands behind its own size, and what follows it.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (size, rest) = number(bytes)?;
    rest.split_at_checked(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn custom(name: &str, length: usize) -> Vec<u8> {
        let body = [&[name.len() as u8], name.as_bytes(), &vec![7; length]].concat();
        let size = [(body.len() & 0x7f) as u8 | 0x80, (body.len() >> 7) as u8];
        [&[0], &size[..], &body].concat()
    }

    #[test]
    fn names_and_producers_go_and_all_else_stays() {
        let kept = [&[1, 2, 3, 4][..], &custom("target_features", 200)].concat();
        let tail = [10, 1, 0];
        let module = [HEAD, &custom("producers", 3), &kept, &custom("name", 1000), &tail].concat();
        assert_eq!(stripped(&module).expect("a module"), [HEAD, &kept, &tail].concat());
        let small = stripped(&[HEAD, &kept, &tail].concat()).expect("a module");
        assert_eq!(small, [HEAD, &kept, &tail].concat());
    }

    #[test]
    fn imports_are_renamed_and_all_else_stays() {
        // Two functions, a memory with a limit, and a table, imported from "m".
        let imports = |names: [&str; 4]| {
            let kinds: [&[u8]; 4] = [&[0, 3], &[0, 0x80, 1], &[2, 1, 1, 2], &[1, 0x70, 0, 9]];
            let mut section = vec![4];
            for (name, kind) in names.iter().zip(kinds) {
                section.extend([1, b'm', name.len() as u8]);
                section.extend(name.as_bytes());
                section.extend(kind);
            }
            [&[2, section.len() as u8][..], &section].concat()
        };
        let tail = [10, 1, 0];
        let module = |names| [HEAD, &imports(names), &tail].concat();
        let renamed = with_imports(&module(["one", "two", "mem", "tab"]), |from, name| {
            assert_eq!(from, "m");
            Ok(if name == "two" { "a-longer-name".to_owned() } else { name.to_owned() })
        });
        let wanted = module(["one", "a-longer-name", "mem", "tab"]);
        assert_eq!(renamed.expect("a module"), wanted);
        assert!(with_imports(HEAD, |_, _| fail("no")).is_ok(), "nothing is imported");
        assert!(with_imports(&module(["a", "b", "c", "d"]), |_, _| fail("no")).is_err());
    }

    #[test]
    fn what_is_no_whole_module_is_refused() {
        assert!(stripped(b"").is_err());
        assert!(stripped(&[HEAD, &[1, 9, 0]].concat()).is_err());
        assert!(stripped(&[HEAD, &[1, 0x80]].concat()).is_err());
    }
}
