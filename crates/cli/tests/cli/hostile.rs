//! Bad input of every kind, for every file the program reads: a clear message with its place, the right code, nothing
//! written, nothing that steers a terminal.

use crate::harness::{Optout, Ran};

/// Every kind of text that is not what was expected.
fn texts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("empty", Vec::new()),
        ("truncated", br#"{"services": {"default": {"opt"#.to_vec()),
        ("duplicate key", br#"{"services": {}, "services": {}}"#.to_vec()),
        ("wrong encoding", b"{\"services\": \"\xff\xfe\"}".to_vec()),
        ("utf-16", "{\"services\": {}}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("deeply nested", "[".repeat(200_000).into_bytes()),
        ("deep objects", "{\"a\":".repeat(100_000).into_bytes()),
        ("hostile name", "{\"\u{1b}[2J\u{202e}\u{9b}31m\": 1}".as_bytes().to_vec()),
        ("hostile text", b"\x1b[2J\x07\x00".to_vec()),
        ("another file", b"[package]\nname = \"x\"\n".to_vec()),
    ]
}

/// The commands that read a file `f`, with what a bad one makes them end with.
const COMMANDS: &[(&str, i32)] = &[
    ("lint f", 2),
    ("resolve --level f", 1),
    ("verify --organization f", 1),
    ("report --organization f", 1),
    ("explain x --organization f", 1),
    ("doctor --organization f", 1),
    ("advise --organization f", 1),
    ("sandbox --organization f", 1),
    ("verify --organization acme.json --intent f", 1),
    ("verify --organization acme.json --baseline f", 1),
    ("services --catalogue f", 1),
    ("lint acme.json --catalogue f", 1),
    ("services check f", 1),
    ("website generate --crawlers f", 1),
    ("workstation check --user-home . --clients f", 1),
];

fn run(command: &str, text: &[u8]) -> Ran {
    Optout::new(command).acme().file("f", text).run()
}

#[test]
fn bad_files_are_refused_with_their_place() {
    for (command, code) in COMMANDS {
        for (kind, text) in texts() {
            let accepted = matches!((*command, kind), (c, "empty") if c.contains("--baseline"));
            let tolerated = command.starts_with("resolve") && kind == "hostile name";
            if accepted || tolerated {
                continue;
            }
            let ran = run(command, &text);
            assert_eq!(ran.code, *code, "{command}, {kind}: {ran}");
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert!(told.contains("--> f"), "{command}, {kind}: {told}");
            ran.assert_harmless();
            assert!(told.len() < 200_000, "{command}, {kind}: {} bytes", told.len());
        }
    }
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder_is_1() {
    for (command, _) in COMMANDS {
        let missing = Optout::new(command).acme().run();
        assert_eq!(missing.code, 1, "{command}: {missing}");
        assert!(missing.stderr.contains("cannot read `f`"), "{command}: {missing}");
        // A folder is what a repository is.
        if command.starts_with("lint ") {
            continue;
        }
        let folder = Optout::new(command).acme().file("f/x", "").run();
        assert_eq!(folder.code, 1, "{command}: {folder}");
    }
}

#[test]
fn a_hostile_name_in_a_snapshot_is_shown_and_obeyed_by_no_terminal() {
    let text = include_str!("../../../../examples/acme/organization.json")
        .replace("\"shop\"", r#""\u001b]0;x\u0007\u202esh\nop""#);
    for command in [
        "verify --all --organization f",
        "verify --organization f --format json",
        "explain 210000000001 --organization f",
    ] {
        let ran = run(command, text.as_bytes());
        ran.assert_harmless();
        assert!(ran.stdout.contains("u{1b}") || ran.stdout.contains("\\u001b"), "{command}");
    }
}

#[test]
fn a_huge_document_is_answered_without_being_read() {
    let ran = run("lint f --format json", " ".repeat(30_000_000).as_bytes());
    assert_eq!((ran.code, &ran.json()["documents"][0]["findings"][0]["rule"]), (2, &"policy-too-long".into()));
    assert!(ran.stdout.contains("30000000 bytes"));
}
