//! From the bytes of a settings file to its text and back, byte for byte.
//!
//! The tools here read UTF-8, with or without a byte order mark; anything else is refused with its place.

use crate::source::{Problem, Rejected, Source, Span};

/// The largest settings file that is read, in bytes. Real ones have a few kilobytes; those of people who collect
/// settings for years have a few hundred.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A settings file's text, and whether a byte order mark stood before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) mark: bool,
}

impl Decoded {
    /// The bytes of `text` in the form this file had.
    pub(super) fn encode(&self, text: &str) -> Vec<u8> {
        let mark = if self.mark { BYTE_ORDER_MARK.to_string() } else { String::new() };
        format!("{mark}{text}").into_bytes()
    }
}

/// The text of the file `name`.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<Decoded, Rejected> {
    if bytes.len() > MAX_BYTES {
        let message = format!("the file is {} bytes long, more than the {MAX_BYTES} of any settings file", bytes.len());
        return Err(whole(name, Problem::new("settings-too-large", message)));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let problem = Problem::new("settings-utf-16", "the file is written in UTF-16");
        return Err(whole(name, problem.help("save it as UTF-8, which is what the tool reads")));
    }
    let source = Source::from_bytes(name, bytes.to_vec())?;
    refuse_nul(&source)?;
    let mark = source.text.starts_with(BYTE_ORDER_MARK);
    let text = source.text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&source.text).to_owned();
    Ok(Decoded { text, mark })
}

fn whole(name: &str, problem: Problem) -> Rejected {
    Rejected::new(Source::new(name, ""), vec![problem])
}

fn refuse_nul(source: &Source) -> Result<(), Rejected> {
    let Some(at) = source.text.find('\0') else { return Ok(()) };
    let problem = Problem::new("settings-nul", "there is a NUL character in the text").at(Span::new(at, at + 1));
    Err(Rejected::new(source.clone(), vec![problem.help("the file is damaged: restore it from a backup")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_comes_back_where_it_was() {
        let decoded = decode("s", b"\xef\xbb\xbf{}").unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encode("{ }")), ("{}", b"\xef\xbb\xbf{ }".to_vec()));
        assert_eq!(decode("s", b"{}").unwrap().encode("{}"), b"{}");
    }

    #[test]
    fn what_is_not_utf_8_text_is_refused_with_its_place() {
        let refused = |bytes: &[u8]| decode("s.json", bytes).unwrap_err().to_string();
        assert!(refused(b"{\n\"a\": \xff}").starts_with("s.json:2:6: the text is not valid UTF-8"));
        assert!(refused(b"{\n\0}").starts_with("s.json:2:1: there is a NUL character"));
        assert!(refused(b"\xff\xfe{\0}\0").starts_with("s.json: the file is written in UTF-16"));
        assert!(refused(&vec![b'['; 10 * 1024 * 1024]).starts_with("s.json: the file is 10485760 bytes long"));
    }
}
