//! Bytes to text: UTF-8, UTF-16 and windows-1252, told apart by their bytes.

use std::borrow::Cow;

/// How a file's characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

/// Why a decoded text is not wholly what its file meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Some bytes stand for no character; each such stretch became U+FFFD.
    Replaced,
    /// The file says that it is in this encoding, which Avow does not know.
    Unknown(String),
}

/// A file's bytes as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The characters, without the byte order mark.
    pub text: String,
    /// How they were written.
    pub encoding: Encoding,
    /// What went wrong, if anything did.
    pub damage: Option<Damage>,
}

/// A line by itself: as UTF-8 if it is that, else as [`decode`] has it.
pub fn line(line: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(line) {
        Ok(line) => line.into(),
        Err(_) => decode(line).text.into(),
    }
}

/// A line that is the same however its file is decoded; another may tell that the file is none of
/// UTF-8.
pub fn plain_line(line: &[u8]) -> Option<&str> {
    str::from_utf8(line).ok().filter(|line| !line.contains('\0'))
}

/// Decodes a file by its byte order mark; else by the zero bytes that Latin letters, spaces and
/// line ends have in UTF-16; else as UTF-8 if it is that; else as windows-1252, which never fails.
///
/// A file that is not valid UTF-8 but has more good characters beyond ASCII than bad stretches
/// is UTF-8 with damage, not windows-1252.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, rest)) = marked(bytes) {
        return match encoding {
            Encoding::Utf16Le => utf16(rest, encoding, u16::from_le_bytes),
            Encoding::Utf16Be => utf16(rest, encoding, u16::from_be_bytes),
            _ => utf8(rest),
        };
    }
    match utf16_by_zeros(bytes) {
        Some(Encoding::Utf16Be) => utf16(bytes, Encoding::Utf16Be, u16::from_be_bytes),
        Some(_) => utf16(bytes, Encoding::Utf16Le, u16::from_le_bytes),
        None if is_mostly_utf8(bytes) => utf8(bytes),
        None => windows_1252(bytes),
    }
}

/// Like [`decode`], and without a byte order mark it honours a `<meta charset>` that names
/// windows-1252 (by any of its common labels).
///
/// One that names UTF-8 changes nothing: the bytes tell. One that names something else is
/// reported, unless the bytes are valid UTF-8 all the same.
pub fn decode_html(bytes: &[u8]) -> Decoded {
    let decoded = decode(bytes);
    let Some(label) = declared(bytes).filter(|_| marked(bytes).is_none()) else {
        return decoded;
    };
    match label.as_str() {
        "utf-8" | "utf8" | "unicode-1-1-utf-8" | "utf-16" | "utf-16le" | "utf-16be" => decoded,
        "windows-1252" | "cp1252" | "x-cp1252" | "iso-8859-1" | "iso8859-1" | "latin1"
        | "latin-1" | "l1" | "ascii" | "us-ascii" => windows_1252(bytes),
        _ if decoded.encoding == Encoding::Windows1252 => {
            Decoded { damage: Some(Damage::Unknown(label)), ..decoded }
        }
        _ => decoded,
    }
}

/// The encoding that a byte order mark names, and the bytes behind it.
fn marked(bytes: &[u8]) -> Option<(Encoding, &[u8])> {
    let marks: [(Encoding, &[u8]); 3] = [
        (Encoding::Utf8, &[0xEF, 0xBB, 0xBF]),
        (Encoding::Utf16Le, &[0xFF, 0xFE]),
        (Encoding::Utf16Be, &[0xFE, 0xFF]),
    ];
    marks.into_iter().find_map(|(encoding, mark)| Some((encoding, bytes.strip_prefix(mark)?)))
}

/// UTF-16 without a mark, told by which byte of the pairs is zero.
///
/// White space decides first: swapped, spaces and line ends are characters that nobody writes,
/// while a swapped letter may be a common Chinese one (`N` and 一).
fn utf16_by_zeros(bytes: &[u8]) -> Option<Encoding> {
    if !bytes.contains(&0) {
        return None;
    }
    let (mut little, mut big) = (Zeros::default(), Zeros::default());
    for pair in bytes.chunks_exact(2) {
        match *pair {
            [byte, 0] => little.count(byte),
            [0, byte] => big.count(byte),
            _ => {}
        }
    }
    let (side, zeros) =
        if little >= big { (Encoding::Utf16Le, little) } else { (Encoding::Utf16Be, big) };
    let pairs = bytes.len() / 2;
    let latin = zeros.ascii * 2 > pairs;
    // Scripts beyond Latin have zeros in their white space only.
    let other = zeros.white >= 2 && zeros.white * 50 >= pairs;
    (latin || other).then_some(side)
}

/// How many pairs have a zero on one side, beside white space and beside any printable ASCII.
#[derive(Default, PartialEq, PartialOrd)]
struct Zeros {
    white: usize,
    ascii: usize,
}

impl Zeros {
    fn count(&mut self, byte: u8) {
        let white = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.white += usize::from(white);
        self.ascii += usize::from(white || byte.is_ascii_graphic());
    }
}

fn utf16(bytes: &[u8], encoding: Encoding, unit: fn([u8; 2]) -> u16) -> Decoded {
    let pairs = bytes.chunks_exact(2);
    // A file cut in the middle of a pair; with half a character before it, that is one character.
    let mut damaged = !pairs.remainder().is_empty();
    let last = pairs.clone().next_back().map(|pair| unit([pair[0], pair[1]]));
    let is_half = last.is_some_and(|last| (0xD800..0xDC00).contains(&last));
    let cut = (damaged && !is_half).then_some(char::REPLACEMENT_CHARACTER);
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let chars = char::decode_utf16(units).map(|char| {
        damaged |= char.is_err();
        char.unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    let text = chars.chain(cut).collect();
    Decoded { text, encoding, damage: damaged.then_some(Damage::Replaced) }
}

fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good > bad
}

fn utf8(bytes: &[u8]) -> Decoded {
    let text = String::from_utf8_lossy(bytes);
    let damaged = text.as_bytes() != bytes;
    Decoded {
        text: text.into_owned(),
        encoding: Encoding::Utf8,
        damage: damaged.then_some(Damage::Replaced),
    }
}

/// WHATWG's windows-1252: the five bytes without a character are control characters.
fn windows_1252(bytes: &[u8]) -> Decoded {
    let char = |byte: u8| match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    Decoded {
        text: bytes.iter().copied().map(char).collect(),
        encoding: Encoding::Windows1252,
        damage: None,
    }
}

/// The characters of windows-1252 from 0x80 to 0x9F, from <https://encoding.spec.whatwg.org/>.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// What a `<meta>` in the first 1024 bytes says of the encoding, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = windows_1252(&bytes[..bytes.len().min(1024)]).text.to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|rest| {
        let tag = rest.split('>').next()?;
        let value = tag.split_once("charset")?.1.trim_start().strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let end = |char: char| char.is_ascii_whitespace() || matches!(char, '"' | '\'' | ';' | '/');
        let label = value.split(end).next()?;
        (!label.is_empty()).then(|| label.to_owned())
    })
}
