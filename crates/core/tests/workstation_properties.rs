//! For any settings file: a fix changes its key only, and a second fix changes nothing. Hostile files are refused.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test ends where its own set-up is wrong"
)]

use std::sync::LazyLock;

use jsonc_parser::ast::Value as Ast;
use optout_core::workstation::{Clients, Refusal, Setting, fix};
use proptest::prelude::*;
use serde_json::{Map, Value};

const KEY: &str = "amazonQ.shareContentWithAWS";

/// Failures are shown in full, so none are stored beside the tests.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

static CLIENTS: LazyLock<Clients> = LazyLock::new(|| Clients::built_in().unwrap());

fn clients() -> &'static Clients {
    &CLIENTS
}

fn setting<'a>(clients: &'a Clients, product: &str) -> &'a Setting {
    clients.setting(product, "content").unwrap()
}

// ---------------------------------------------------------------------------------------------------- JSON with comments

/// The values of a text, read by the parser's tree and not by the code under test.
fn values(text: &str) -> Value {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default()).unwrap();
    parsed.value.as_ref().map_or(Value::Object(Map::new()), plain)
}

fn plain(value: &Ast<'_>) -> Value {
    match value {
        Ast::StringLit(text) => Value::String(text.value.to_string()),
        Ast::NumberLit(number) => Value::String(format!("number {}", number.value)),
        Ast::BooleanLit(value) => Value::Bool(value.value),
        Ast::NullKeyword(_) => Value::Null,
        Ast::Array(array) => Value::Array(array.elements.iter().map(plain).collect()),
        Ast::Object(object) => {
            let members = object.properties.iter().map(|one| (one.name.as_str().to_owned(), plain(&one.value)));
            Value::Object(members.collect())
        }
    }
}

/// White space and comments between tokens; every comment has a text of its own that no value has.
fn gap() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just(String::new()),
        4 => Just(" ".to_owned()),
        3 => Just("\n  ".to_owned()),
        2 => Just("\r\n\t".to_owned()),
        1 => "[a-z é{}\",:]{0,6}".prop_map(|words| format!("/*§{words}*/")),
        1 => "[a-z é{}\",:]{0,6}".prop_map(|words| format!("//§{words}\n")),
        1 => "[a-z é{}\",:]{0,6}".prop_map(|words| format!(" //§{words}\r\n")),
    ];
    proptest::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("null".to_owned()),
        "-?[1-9][0-9]{0,3}(\\.[0-9]{1,2})?",
        "[a-zA-Z0-9 /*{},:é]{0,8}".prop_map(|text| format!("\"{text}\"")),
        Just("\"\\u00e9\\\"\\\\\"".to_owned()),
    ]
}

fn tree() -> impl Strategy<Value = String> {
    literal().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (proptest::collection::vec((gap(), inner.clone(), gap()), 0..4), any::<bool>())
                .prop_map(|(items, comma)| list('[', ']', items, comma)),
            members(proptest::collection::vec(("[a-z.]{1,6}", inner), 0..4)),
        ]
    })
}

fn list(open: char, close: char, items: Vec<(String, String, String)>, comma: bool) -> String {
    let trailing = if comma && !items.is_empty() { "," } else { "" };
    let inside: Vec<String> = items.into_iter().map(|(before, item, after)| format!("{before}{item}{after}")).collect();
    format!("{open}{}{trailing}{close}", inside.join(","))
}

/// An object of these members; a name that comes twice gets a number.
fn members(pairs: impl Strategy<Value = Vec<(String, String)>>) -> impl Strategy<Value = String> {
    (pairs, proptest::collection::vec((gap(), gap(), gap(), gap()), 8), any::<bool>(), gap()).prop_map(
        |(pairs, gaps, comma, last)| {
            let items = pairs.into_iter().zip(gaps).enumerate();
            let items = items.map(|(at, ((name, value), (a, b, c, d)))| {
                let name = if name == KEY { name } else { format!("{name}{at}") };
                (a, format!("\"{name}\"{b}:{c}{value}"), d)
            });
            let object = list('{', '}', items.collect(), comma);
            object.strip_suffix('}').map(|open| format!("{open}{last}}}")).unwrap()
        },
    )
}

/// A settings file, in one of two with the key at some place and some plain value.
fn settings_file() -> impl Strategy<Value = String> {
    let pairs = proptest::collection::vec(("[a-zA-Z.]{1,8}", tree()), 0..6);
    let key = proptest::option::of((0_usize..6, literal()));
    let with_key = (pairs, key).prop_map(|(mut pairs, key)| {
        if let Some((at, value)) = key {
            pairs.insert(at.min(pairs.len()), (KEY.to_owned(), value));
        }
        pairs
    });
    (any::<bool>(), gap(), members(with_key), gap()).prop_map(|(mark, before, object, after)| {
        format!("{}{before}{object}{after}", if mark { "\u{feff}" } else { "" })
    })
}

/// The comments of a text in their order. Values hold no `§`.
fn comments(text: &str) -> Vec<&str> {
    let tail = |piece: &str| piece.find("*/").into_iter().chain(piece.find(['\r', '\n'])).min().unwrap_or(piece.len());
    text.split('§').skip(1).map(|piece| &piece[..tail(piece)]).collect()
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn a_fix_of_json_with_comments_changes_its_key_only(text in settings_file()) {
        let clients = clients();
        let setting = setting(clients, "amazon-q-vscode");
        let edit = fix("settings.json", text.as_bytes(), &[setting]).unwrap();
        let new = String::from_utf8(edit.bytes.clone()).unwrap();
        let mut expected = values(&text);
        expected.as_object_mut().unwrap().insert(KEY.to_owned(), Value::Bool(false));
        prop_assert_eq!(values(&new), expected, "{}", new);
        prop_assert_eq!(comments(&new), comments(&text));
        prop_assert_eq!(new.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
        let replaced = values(&text).get(KEY).is_some();
        let taken = taken_away(&text, &new);
        prop_assert!(taken.is_empty() || (replaced && taken.chars().count() <= 12), "{:?}: {:?} -> {:?}", taken, text, new);
        let again = fix("settings.json", &edit.bytes, &[setting]).unwrap();
        prop_assert!(!again.changed && again.diff.is_empty());
        prop_assert_eq!(again.bytes, edit.bytes);
    }

    #[test]
    fn bytes_of_any_kind_are_fixed_or_refused_and_never_worse(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let clients = clients();
        for product in ["amazon-q-vscode", "kiro-cli", "amazon-q-jetbrains", "amazon-q-eclipse"] {
            let setting = setting(clients, product);
            if let Ok(edit) = fix("f", &bytes, &[setting]) {
                prop_assert!(!fix("f", &edit.bytes, &[setting]).unwrap().changed);
            }
        }
    }

    #[test]
    fn near_misses_of_json_are_fixed_or_refused(text in "[{}\\[\\]\",:/* \na-z.0-9]{0,60}") {
        let clients = clients();
        let setting = setting(clients, "amazon-q-vscode");
        if let Ok(edit) = fix("f", text.as_bytes(), &[setting]) {
            let new = String::from_utf8(edit.bytes).unwrap();
            prop_assert_eq!(&values(&new)[KEY], &Value::Bool(false));
        }
    }
}

/// What a fix took away: nothing, or (a part of) the one value it replaced.
fn taken_away(old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_chars(old, new);
    let taken = diff.iter_all_changes().filter(|change| change.tag() == similar::ChangeTag::Delete);
    taken.map(|change| change.value()).collect()
}

// ---------------------------------------------------------------------------------------------------------------- XML

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-zA-Z0-9]{0,6}"
}

fn xml_gap() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("\n  ".to_owned()),
        2 => Just(String::new()),
        1 => Just("\r\n\t".to_owned()),
        1 => "[a-z é\"]{0,6}".prop_map(|words| format!("<!--§{words}-->")),
    ]
}

fn component(name: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let option = (name_value(), xml_gap())
        .prop_map(|((name, value), gap)| format!("<option name=\"o{name}\" value='{value}' />{gap}"));
    (name, xml_gap(), proptest::collection::vec(option, 0..3), any::<bool>()).prop_map(|(name, gap, options, empty)| {
        if options.is_empty() && empty {
            format!("<component name=\"{name}\"/>")
        } else {
            format!("<component name=\"{name}\">{gap}{}</component>", options.concat())
        }
    })
}

fn name_value() -> impl Strategy<Value = (String, String)> {
    (name(), "[a-z &;é]{0,5}".prop_map(|text| text.replace('&', "&amp;")))
}

/// A state file; in one of two with the component of the setting, in one of two of those with its map and entry.
fn state_file() -> impl Strategy<Value = String> {
    let others = proptest::collection::vec((component(name().prop_map(|name| format!("c{name}"))), xml_gap()), 0..4);
    let entry = prop_oneof![
        Just(String::new()),
        Just("<entry key=\"OptInSendingMetric\" value=\"true\" />".to_owned()),
        Just("<entry value='maybe' key='OptInSendingMetric'/>".to_owned()),
        Just("<entry key=\"Other\" value=\"true\" />".to_owned()),
    ];
    let ours = (entry, xml_gap(), xml_gap()).prop_map(|(entry, a, b)| {
        format!("<component name=\"codewhispererSettings\">{a}<option name=\"value\"><map>{b}{entry}{a}</map></option></component>")
    });
    let ours = prop_oneof![Just(String::new()), component(Just("codewhispererSettings".to_owned())), ours];
    let head = prop_oneof![Just(""), Just("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")];
    (head, xml_gap(), others, ours).prop_map(|(head, gap, others, ours)| {
        let others: String = others.into_iter().map(|(component, gap)| format!("{component}{gap}")).collect();
        format!("{head}<application>{gap}{others}{ours}{gap}</application>")
    })
}

/// The tags and comments of an XML text in their order, but those of the setting and of what only holds its entry.
fn other_tags(text: &str) -> Vec<String> {
    let pieces = text.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag);
    let tags = pieces.map(|tag| tag.trim_end_matches('/').trim_end().to_owned());
    let ours =
        ["map", "/map", "option name=\"value\"", "/option", "component name=\"codewhispererSettings\"", "/component"];
    tags.filter(|tag| !ours.contains(&tag.as_str()) && !tag.contains("OptInSendingMetric")).collect()
}

/// Whether another reader (events, names checked) reads the text to its end.
fn loadable(text: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_fix_of_xml_changes_its_entry_only(text in state_file()) {
        let clients = clients();
        let setting = setting(clients, "amazon-q-jetbrains");
        let edit = fix("aws.xml", text.as_bytes(), &[setting]).unwrap();
        let new = String::from_utf8(edit.bytes.clone()).unwrap();
        prop_assert_eq!(other_tags(&new), other_tags(&text), "{}", new);
        prop_assert_eq!(new.matches("OptInSendingMetric").count(), 1);
        prop_assert!(loadable(&new), "{}", new);
        let taken = taken_away(&text, &new);
        prop_assert!(taken.chars().count() <= 5, "{:?}: {:?} -> {:?}", taken, text, new);
        let again = fix("aws.xml", &edit.bytes, &[setting]).unwrap();
        prop_assert!(!again.changed);
    }
}

// --------------------------------------------------------------------------------------------------------------- TOML

const TOML_CLIENT: &str = "
schema = 1
read = '2026-11-24'
[[product]]
id = 'tool'
name = 'Tool'
format = 'toml'
file_belongs_to = 'product'
[[product.setting]]
id = 'content'
kind = 'content'
versions = 'all'
key = ['telemetry', 'share']
opts_out = [false]
default = true
meaning = 'm'
menu = 'm'
proven = true
source = 'https://example.com'
date = '2026-11-24'
";

fn toml_file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        ("[a-z]{1,4}", "[1-9][0-9]{0,2}").prop_map(|(name, value)| (name, value)),
        ("[a-z]{1,4}", "[a-z é#\\[]{0,5}").prop_map(|(name, text)| (name, format!("\"{text}\""))),
        ("[a-z]{1,4}", Just(())).prop_map(|(name, ())| (name, "[ 1,\n 2, # x\n]".to_owned())),
    ];
    let lines = |prefix: &'static str| {
        proptest::collection::vec((line.clone(), prop_oneof![Just(""), Just(" # note")]), 0..4).prop_map(move |lines| {
            let lines = lines.into_iter().enumerate();
            lines.map(|(at, ((name, value), note))| format!("{prefix}{name}{at} = {value}{note}\n")).collect::<String>()
        })
    };
    let ours = prop_oneof![
        Just(String::new()),
        lines("k").prop_map(|lines| format!("[telemetry]\n{lines}")),
        lines("k").prop_map(|lines| format!("[telemetry] # t\n{lines}share =   true # why\n")),
        Just("telemetry.share = true\n".to_owned()),
    ];
    (lines("r"), ours, lines("t"), any::<bool>()).prop_map(|(root, ours, other, windows)| {
        let text = if ours.starts_with('t') {
            format!("{ours}{root}\n[z]\n{other}")
        } else {
            format!("{root}\n{ours}\n[z]\n{other}")
        };
        if windows { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_fix_of_toml_changes_its_key_only(text in toml_file()) {
        let clients = Clients::parse("c.toml", TOML_CLIENT).unwrap();
        let setting = setting(&clients, "tool");
        let mut expected: toml::Table = text.parse().unwrap();
        let edit = fix("f.toml", text.as_bytes(), &[setting]).unwrap();
        let new = String::from_utf8(edit.bytes.clone()).unwrap();
        let ours = expected.entry("telemetry").or_insert_with(|| toml::Value::Table(toml::Table::new()));
        ours.as_table_mut().unwrap().insert("share".to_owned(), toml::Value::Boolean(false));
        prop_assert_eq!(new.parse::<toml::Table>().unwrap(), expected, "{}", new);
        prop_assert_eq!(new.matches('#').count(), text.matches('#').count());
        prop_assert_eq!(new.contains("\r\n"), text.contains("\r\n"));
        prop_assert!(!fix("f.toml", &edit.bytes, &[setting]).unwrap().changed);
    }
}

// --------------------------------------------------------------------------------------------------------- properties

fn preferences() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        "[a-z]{1,6}".prop_flat_map(|name| "[a-z =:!#]{0,6}".prop_map(move |value| format!("o{name}={value}"))),
        "[a-z=]{0,8}".prop_map(|words| format!("#{words}")),
        Just("oa=x\\\n  qDataSharing=true".to_owned()),
        Just(String::new()),
    ];
    (proptest::collection::vec(line, 0..6), proptest::option::of((0_usize..6, "(true|maybe|tr\\\\\n  ue)?"))).prop_map(
        |(mut lines, ours)| {
            if let Some((at, value)) = ours {
                lines.insert(at.min(lines.len()), format!("qDataSharing = {value}"));
            }
            lines
        },
    )
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_fix_of_preferences_changes_its_line_only(lines in preferences(), windows in any::<bool>(), last in any::<bool>()) {
        let end = if windows { "\r\n" } else { "\n" };
        let join = |lines: &[String]| lines.join("\n").replace('\n', end);
        let text = join(&lines) + if last && !lines.is_empty() { end } else { "" };
        let setting = setting(clients(), "amazon-q-eclipse");
        let edit = fix("f.prefs", text.as_bytes(), &[setting]).unwrap();
        let new = String::from_utf8(edit.bytes.clone()).unwrap();
        let ours = |line: &&String| line.starts_with("qDataSharing");
        let expected: Vec<String> = lines.iter().map(|line| if ours(&line) { "qDataSharing = false".to_owned() } else { line.clone() }).collect();
        if lines.iter().any(|line| ours(&line)) {
            let expected = join(&expected) + if last { end } else { "" };
            prop_assert_eq!(&new, &expected);
        } else {
            let added = new.strip_prefix(&text).unwrap().trim_start_matches(['\r', '\n']);
            let added = added.strip_prefix("eclipse.preferences.version=1\n").unwrap_or(added);
            prop_assert!(["qDataSharing=false\n", "qDataSharing=false\r\n"].contains(&added), "{}", new);
        }
        prop_assert!(!fix("f.prefs", &edit.bytes, &[setting]).unwrap().changed);
    }
}

// ------------------------------------------------------------------------------------------------------- hostile files

fn refusal(product: &str, bytes: &[u8]) -> String {
    let clients = clients();
    match fix("settings", bytes, &[setting(clients, product)]) {
        Err(refused @ Refusal::Text(_)) => refused.to_string(),
        other => panic!("{product}: {other:?}"),
    }
}

#[test]
fn ten_megabytes_of_brackets_are_refused() {
    for product in ["amazon-q-vscode", "kiro-cli", "amazon-q-jetbrains", "amazon-q-eclipse"] {
        assert!(refusal(product, &vec![b'['; 10 * 1024 * 1024]).contains("more than the 4194304"), "{product}");
    }
}

#[test]
fn as_many_brackets_as_fit_are_refused_without_overflowing_the_stack() {
    let deep = |open: &str| open.repeat(4 * 1024 * 1024 / open.len());
    assert!(refusal("amazon-q-vscode", deep("[").as_bytes()).contains("cannot be read"));
    assert!(refusal("amazon-q-vscode", deep("{\"a\":").as_bytes()).contains("cannot be read"));
    assert!(refusal("kiro-cli", deep("{\"a\":").as_bytes()).contains("cannot be read"));
    assert!(refusal("amazon-q-jetbrains", deep("<application>").as_bytes()).contains("deep inside each other"));
}

#[test]
fn nul_invalid_utf_8_and_utf_16_are_refused_with_their_place() {
    assert_eq!(
        refusal("amazon-q-vscode", b"{\n\"a\": \"\0\"}"),
        "settings:2:7: there is a NUL character in the text (the file is damaged: restore it from a backup)"
    );
    assert!(refusal("amazon-q-eclipse", b"a=\xe9\n").starts_with("settings:1:3: the text is not valid UTF-8"));
    assert!(refusal("amazon-q-jetbrains", b"\xff\xfe<\0").contains("UTF-16"));
    assert!(refusal("amazon-q-jetbrains", b"\xfe\xff\0<").contains("UTF-16"));
}

#[test]
fn a_lone_surrogate_is_refused_or_left_alone() {
    let text = r#"{"a": "\ud800", "b": 1}"#;
    let clients = clients();
    match fix("settings", text.as_bytes(), &[setting(clients, "amazon-q-vscode")]) {
        Ok(edit) => assert!(String::from_utf8(edit.bytes).unwrap().contains(r"\ud800")),
        Err(refused) => assert!(refused.to_string().starts_with("settings:1:"), "{refused}"),
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused_in_every_format() {
    let twice = "{\"amazonQ.shareContentWithAWS\": true,\n \"amazonQ.shareContentWithAWS\": false}";
    assert!(
        refusal("amazon-q-vscode", twice.as_bytes())
            .starts_with("settings:2:2: `amazonQ.shareContentWithAWS` is there 2 times")
    );
    assert!(refusal("amazon-q-eclipse", b"qDataSharing=true\nqDataSharing=false\n").contains("is there 2 times"));
    let component = "<component name=\"codewhispererSettings\"><option name=\"value\"><map/></option></component>";
    assert!(
        refusal("amazon-q-jetbrains", format!("<application>{component}{component}</application>").as_bytes())
            .contains("is there 2 times")
    );
}

#[test]
fn a_refused_setting_leaves_the_whole_file_unchanged() {
    let clients = clients();
    let product = clients.product("amazon-q-vscode").unwrap();
    let settings: Vec<&Setting> = product.settings.iter().collect();
    let text = "{\"amazonQ.shareContentWithAWS\": true, \"amazonQ.telemetry\": []}";
    assert!(fix("settings", text.as_bytes(), &settings).is_err());
}
