//! Edits of robots.txt: examples of each kind, and the laws they keep for any file.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail a test this way")]

use optout_core::website::crawler::{CrawlerCatalogue, Preset};
use optout_core::website::edit::{Change, Edit, RefusedError, generate, write};
use optout_core::website::robots::{RequestPath, Robots, Spelling};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn preset(name: &str) -> &'static Preset {
    CrawlerCatalogue::embedded().preset(name).unwrap()
}

fn edited(text: &str, name: &str) -> Result<Edit, RefusedError> {
    write(text.as_bytes(), "robots.txt", preset(name), CrawlerCatalogue::embedded())
}

fn text_of(text: &str, name: &str) -> String {
    edited(text, name).unwrap().text
}

const GROUP: &str = "# optout website write --block aws-training\nUser-agent: Amazonbot\nDisallow: /\n";

#[test]
fn a_crawler_no_group_names_gets_a_group_of_its_own() {
    let text = "User-agent: *\nDisallow: /private\n";
    assert_eq!(text_of(text, "aws-training"), format!("{text}\n{GROUP}"));
    assert_eq!(text_of("", "aws-training"), GROUP);
    assert_eq!(text_of("# hello", "aws-training"), format!("# hello\n\n{GROUP}"));
}

#[test]
fn a_file_that_already_keeps_it_out_stays_as_it_is() {
    for text in [
        "User-agent: *\nDisallow: /",
        "User-agent: Amazonbot\nDisallow: /\nAllow:\n",
        "user-agent: AMAZONBOT/0.1\ndisallow: /*\nAllow: /\n",
        "User-agent: GPTBot\nUser-agent: Amazonbot\nDisallow: /\n",
    ] {
        let edit = edited(text, "aws-training").unwrap();
        assert_eq!((edit.text.as_str(), edit.diff.as_str(), edit.changes.len()), (text, "", 0));
    }
}

#[test]
fn leaving_a_shared_group_changes_nothing_for_the_others() {
    let text = "User-agent: GPTBot\nUser-agent: amazonbot # why\nAllow: /open\nDisallow: /\n";
    let edit = edited(text, "aws-training").unwrap();
    assert_eq!(edit.text, format!("User-agent: GPTBot\n# why\nAllow: /open\nDisallow: /\n\n{GROUP}"));
    assert_eq!(
        edit.changes,
        [
            Change::LeftSharedGroup { token: "amazonbot".into(), line: 2 },
            Change::AddedGroup { tokens: vec!["Amazonbot".into()] }
        ]
    );
}

#[test]
fn a_group_of_the_presets_crawlers_is_closed_in_place() {
    let text =
        "User-agent: Amazonbot\nUser-agent: Amzn-User\nAllow: /a # ours\nDisallow: /b\n\nUser-agent: *\nDisallow:\n";
    let edit = edited(text, "aws-all").unwrap();
    let start = "User-agent: Amazonbot\nUser-agent: Amzn-User\nDisallow: /\n# ours\nDisallow: /b\n\nUser-agent: *\nDisallow:\n\n";
    assert!(edit.text.starts_with(start), "{}", edit.text);
    assert!(edit.diff.contains("-Allow: /a # ours") && edit.diff.contains("+Disallow: /"), "{}", edit.diff);
    assert!(edit.text.contains("User-agent: bedrockbot\nUser-agent: amazon-kendra"), "{}", edit.text);
}

#[test]
fn a_group_that_loses_its_only_rule_does_not_run_into_the_next() {
    let text = "User-agent: Amazonbot\nAllow: /\nUser-agent: foo\nAllow: /\nUser-agent: Amazonbot\nDisallow: /\n";
    let expected = text.replacen("Allow: /", "Disallow: /", 1);
    assert_eq!(text_of(text, "aws-training"), expected);
}

#[test]
fn an_open_group_at_the_end_does_not_swallow_the_new_one() {
    let text = "User-agent: a\nDisallow: /a\n\n# last\nUser-agent: quxbot\n";
    let expected = format!("User-agent: a\nDisallow: /a\n\n{GROUP}\n# last\nUser-agent: quxbot\n");
    assert_eq!(text_of(text, "aws-training"), expected);
    assert_eq!(text_of("User-agent: Amazonbot", "aws-training"), "User-agent: Amazonbot\nDisallow: /\n");
}

#[test]
fn line_ends_and_the_byte_order_mark_are_kept() {
    let text = "\u{feff}User-agent: *\r\nDisallow: /x\r\n";
    let expected = format!("{text}\r\n{}", GROUP.replace('\n', "\r\n"));
    assert_eq!(text_of(text, "aws-training"), expected);
    assert_eq!(text_of("User-agent: x\rDisallow: /\r", "aws-training").matches('\n').count(), 0);
    assert_eq!(text_of("\u{feff}", "aws-training"), format!("\u{feff}{GROUP}"));
}

#[test]
fn misspelled_blocks_are_not_relied_on() {
    let text = "useragent: Amazonbot\nDisalow: /\n";
    let new = text_of(text, "aws-training");
    assert!(new.starts_with(text) && new.ends_with(GROUP), "{new}");
}

#[test]
fn what_cannot_be_kept_safely_is_refused() {
    let refused = |text: &[u8]| write(text, "r", preset("aws-training"), CrawlerCatalogue::embedded()).unwrap_err();
    assert_eq!(refused(b"a\xffb"), RefusedError::NotUtf8 { at: 1 });
    assert_eq!(refused(b"a\0b"), RefusedError::NulByte { at: 1 });
    assert_eq!(refused(b"\n <!doctype html>"), RefusedError::Html);
    assert!(matches!(refused(&vec![b'#'; 512_000]), RefusedError::TooLarge { bytes } if bytes > 512_000));
    assert!(matches!(refused(&vec![b'#'; 600_000]), RefusedError::TooLarge { bytes: 600_000 }));
    let mixed = b"User-agent: a\nDisallow: /x\nUser-agent: Amazonbot\nuseragent: b\nDisallow: /y\n";
    assert_eq!(refused(mixed), RefusedError::WouldChangeOthers { agent: "a".into() });
}

#[test]
fn a_fresh_file_keeps_the_preset_out_and_search_in() {
    for name in ["aws-training", "aws-all", "ai-training", "ai-all"] {
        let catalogue = CrawlerCatalogue::embedded();
        let robots = Robots::parse(generate(preset(name), catalogue).as_bytes());
        assert!(robots.notes().is_empty(), "{:?}", robots.notes());
        for crawler in &catalogue.crawlers {
            let answer = robots.may_fetch(&crawler.token, &RequestPath::new("/"), Spelling::Exact);
            assert_eq!(answer.allowed, !crawler.presets.iter().any(|of| of == name), "{} {name}", crawler.token);
        }
        assert_eq!(edited(&generate(preset(name), catalogue), name).unwrap().changes, []);
    }
}

/// Agents that files are made of: of the preset, of others, search engines, odd ones.
const AGENTS: [&str; 12] = [
    "*",
    "Amazonbot",
    "amazonbot/0.1",
    "Amzn-User",
    "Googlebot",
    "bingbot",
    "Applebot",
    "Applebot-Extended",
    "GPTBot",
    "foo",
    "* x",
    "\u{30c4}",
];
const VALUES: [&str; 11] = ["", "/", "/*", "*", "/a", "/a/b", "/a*b$", "/$", "/%61", "a", "/a/index.html"];
const KEYS: [&str; 4] = ["User-agent", "USER-AGENT", "user-agent ", "User-Agent"];
const MISSPELLED: [&str; 4] = ["useragent: foo", "Disalow: /a", "disallow /", "allowed: /a"];
const OTHERS: [&str; 6] = ["", "# comment", "Sitemap: https://x.example/s.xml", "Crawl-delay: 5", "what", "   "];

fn line(misspelled: bool) -> impl Strategy<Value = String> {
    let agent = (prop::sample::select(&KEYS[..]), prop::sample::select(&AGENTS[..]));
    let rule = (prop::sample::select(&["Allow", "Disallow", "disallow"][..]), prop::sample::select(&VALUES[..]));
    let comment = prop::sample::select(&["", "", "", " # why", "#x"][..]);
    let odd = if misspelled { &MISSPELLED[..] } else { &OTHERS[..] };
    prop_oneof![
        4 => (agent, comment.clone()).prop_map(|((key, value), comment)| format!("{key}: {value}{comment}")),
        5 => (rule, comment).prop_map(|((key, value), comment)| format!("{key}: {value}{comment}")),
        1 => prop::sample::select(&OTHERS[..]).prop_map(str::to_owned),
        1 => prop::sample::select(odd).prop_map(str::to_owned),
    ]
}

fn file(misspelled: bool) -> impl Strategy<Value = String> {
    let ends = prop::sample::select(&["\n", "\r\n", "\r"][..]);
    let lines = prop::collection::vec((line(misspelled), ends), 0..24);
    (prop::bool::weighted(0.1), lines, prop::bool::ANY).prop_map(|(mark, lines, last_end)| {
        let mut text = if mark { "\u{feff}".to_owned() } else { String::new() };
        text.extend(lines.iter().flat_map(|(line, end)| [line.as_str(), end]));
        if last_end { text } else { text.trim_end_matches(['\r', '\n']).to_owned() }
    })
}

const PRESETS: [&str; 4] = ["aws-training", "aws-all", "ai-training", "ai-all"];
const PATHS: [&str; 8] = ["/", "/a", "/a/b", "/aXb", "/aXbX", "/b?x", "/a/index.html", "/a/"];

/// Asked through the public answers, not through the proof the edit makes itself.
fn laws(text: &str, name: &str, edit: &Edit) -> Result<(), TestCaseError> {
    let (old, new) = (Robots::parse(text.as_bytes()), Robots::parse(edit.text.as_bytes()));
    let catalogue = CrawlerCatalogue::embedded();
    let asked =
        |agent: &str| catalogue.of_preset(preset(name)).any(|crawler| crawler.token.eq_ignore_ascii_case(agent));
    let catalogued = catalogue.crawlers.iter().map(|crawler| crawler.token.as_str());
    let agents: Vec<&str> = catalogued.chain(old.named_agents()).chain(["unheard-of"]).collect();
    for path in PATHS.map(RequestPath::new) {
        for spelling in [Spelling::Exact, Spelling::Tolerated] {
            for agent in &agents {
                let before = old.may_fetch(agent, &path, spelling).allowed;
                let after = new.may_fetch(agent, &path, spelling).allowed;
                let wanted = if asked(agent) { false } else { before };
                prop_assert_eq!(after, wanted, "{} {:?} {:?}\n{}", agent, &path, spelling, &edit.text);
            }
        }
    }
    let again = edited(&edit.text, name).map_err(|refused| TestCaseError::fail(refused.to_string()))?;
    prop_assert_eq!(&again.text, &edit.text);
    prop_assert_eq!(again.changes.len(), 0);
    prop_assert_eq!(edit.diff.is_empty(), edit.text == text);
    Ok(())
}

/// Every old line with text but those an edit reports as gone is in the new text, in the same order.
///
/// An empty line may go: where a removed line stood between a CR and a LF, the two become one line end.
fn keeps_lines(text: &str, edit: &Edit) -> bool {
    let split = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let gone = |number: usize| {
        edit.changes.iter().any(|change| match change {
            Change::LeftSharedGroup { line, .. } | Change::RemovedAllow { line } => *line == number,
            Change::AddedDisallow { .. } | Change::AddedGroup { .. } => false,
        })
    };
    let new = split(&edit.text);
    let mut rest = new.lines();
    split(text)
        .lines()
        .enumerate()
        .filter(|(index, line)| !line.is_empty() && !gone(index + 1))
        .all(|(_, line)| rest.any(|other| other == line))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn well_spelled_files_are_never_refused_and_keep_the_laws(text in file(false), name in prop::sample::select(&PRESETS[..])) {
        let edit = edited(&text, name).map_err(|refused| TestCaseError::fail(refused.to_string()))?;
        laws(&text, name, &edit)?;
        prop_assert!(keeps_lines(&text, &edit), "{}", edit.text);
    }

    #[test]
    fn misspelled_files_keep_the_laws_or_are_refused(text in file(true), name in prop::sample::select(&PRESETS[..])) {
        match edited(&text, name) {
            Ok(edit) => laws(&text, name, &edit)?,
            Err(RefusedError::WouldChangeOthers { .. } | RefusedError::StillAllowed { .. }) => {}
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }
}

#[test]
fn misspelled_files_are_refused_only_now_and_then() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = file(true);
    let refused =
        (0..500).filter(|_| edited(&strategy.new_tree(&mut runner).unwrap().current(), "aws-all").is_err()).count();
    assert!(refused < 50, "{refused} of 500");
}
