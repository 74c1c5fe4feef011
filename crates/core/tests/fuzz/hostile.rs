//! Texts that hurt parsers of any kind: depth, length, bytes that are no text. No law is broken by them, and no stack is too small.

use std::panic::catch_unwind;

use libtest_mimic::{Failed, Trial};

use super::laws::{LAWS, Law};

/// Deeper than anybody nests.
const DEEP: usize = 10_000;

/// What is nested, each once for every level.
const NESTED: [(&str, &str); 14] = [
    ("brackets", "["),
    ("braces", "{\"a\":"),
    ("bare_braces", "{"),
    ("parentheses", "("),
    ("elements", "<a>"),
    ("interpolations", "\"${"),
    ("blocks", "a {\n"),
    ("flow_sequences", "- "),
    ("minus_signs", "-"),
    ("negations", "!"),
    ("tables", "[a."),
    ("comments", "/*"),
    ("conditions", "a ? "),
    ("dots", "a."),
];

fn texts() -> Vec<(String, Vec<u8>)> {
    let nested = NESTED.map(|(name, text)| (name.to_owned(), text.repeat(DEEP).into_bytes()));
    let within =
        NESTED.map(|(name, text)| (format!("value_of_{name}"), format!("a = {}", text.repeat(DEEP)).into_bytes()));
    let others = [
        ("nothing", Vec::new()),
        ("zero_bytes", vec![0; 4096]),
        ("no_text", vec![0xff; 4096]),
        ("a_mark", b"\xef\xbb\xbf".to_vec()),
        ("a_mark_and_an_object", b"\xef\xbb\xbf{}".to_vec()),
        ("utf_16", b"\xff\xfe{\0}\0".to_vec()),
        ("a_long_line", vec![b'a'; 200_000]),
        ("many_lines", b"a\r\n".repeat(50_000)),
        ("half_an_escape", b"\"\\ud800\"".to_vec()),
        ("an_open_string", b"{\"a\": \"".to_vec()),
        ("anchors", b"a: &a [*a, *a]\nb: &b [*a, *a]\n<<: *b\n".repeat(1000)),
    ];
    let others = others.map(|(name, bytes)| (name.to_owned(), bytes));
    nested.into_iter().chain(within).chain(others).collect()
}

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |(target, law): &(&'static str, Law)| {
        let law = *law;
        Trial::test(format!("hostile::{target}"), move || {
            texts().iter().try_for_each(|(name, bytes)| survives(law, name, bytes))
        })
    };
    LAWS.iter().map(trial).collect()
}

/// The law holds for the bytes, and where a byte before them chooses something.
fn survives(law: Law, name: &str, bytes: &[u8]) -> Result<(), Failed> {
    let chosen = [b"\x01".as_slice(), bytes].concat();
    let survived = catch_unwind(|| [bytes, &chosen].into_iter().for_each(law));
    survived.map_err(|_| format!("broken by {name}").into())
}
