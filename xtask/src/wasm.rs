//! Wasm files as a host serves them: without what only people who debug read.

use crate::shell::{Outcome, fail};

/// Custom sections that a browser skips: names for stack traces, and who made the file.
const DROPPED: [&str; 2] = ["name", "producers"];

/// The same module without the sections that a browser skips.
pub fn stripped(module: &[u8]) -> Outcome<Vec<u8>> {
    let Some(mut rest) = module.strip_prefix(b"\0asm\x01\0\0\0") else {
        return fail("a wasm file of the page is none");
    };
    let mut kept = module[..8].to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let Some((section, next)) = sized(after) else {
            return fail("a wasm file of the page is cut short");
        };
        let name = if id == 0 { sized(section).map(|(name, _)| name) } else { None };
        if !DROPPED.iter().any(|dropped| name == Some(dropped.as_bytes())) {
            kept.extend(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Ok(kept)
}

/// What stands behind its own size (LEB128), and what follows it.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut size = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        size |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return bytes[at + 1..].split_at_checked(size);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"\0asm\x01\0\0\0";

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
    fn what_is_no_whole_module_is_refused() {
        assert!(stripped(b"").is_err());
        assert!(stripped(&[HEAD, &[1, 9, 0]].concat()).is_err());
        assert!(stripped(&[HEAD, &[1, 0x80]].concat()).is_err());
    }
}
