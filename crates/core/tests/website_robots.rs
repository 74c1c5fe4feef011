//! robots.txt against published facts, and against anything at all.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail a test this way")]

use optout_core::website::robots::{Because, PARSE_LIMIT, RequestPath, Robots, Spelling};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[expect(dead_code, reason = "for the reader of the file; the field must be there")]
    source: String,
    readers: Option<String>,
    robots: String,
    allowed: Vec<String>,
    disallowed: Vec<String>,
    #[serde(rename = "differs")]
    _differs: Option<String>,
}

fn ask(robots: &Robots, question: &str, spelling: Spelling) -> bool {
    let (agent, path) = question.split_once(' ').unwrap();
    robots.may_fetch(agent, &RequestPath::new(path), spelling).allowed
}

#[test]
fn published_cases_are_answered_as_published() {
    let cases: Cases = toml::from_str(include_str!("data/website/robots_cases.toml")).unwrap();
    assert!(cases.case.len() >= 25);
    for case in cases.case {
        let tolerant = case.readers.as_deref() == Some("tolerant");
        for text in [
            case.robots.clone(),
            case.robots.replace('\n', "\r\n"),
            case.robots.replace('\n', "\r"),
            format!("\u{feff}{}", case.robots),
        ] {
            let robots = Robots::parse(text.as_bytes());
            let spelling = if tolerant { Spelling::Tolerated } else { Spelling::Exact };
            for (questions, expected) in [(&case.allowed, true), (&case.disallowed, false)] {
                for question in questions {
                    assert_eq!(ask(&robots, question, spelling), expected, "{}: {question}", case.name);
                }
            }
        }
    }
}

#[test]
fn an_answer_names_the_line_that_decided_it() {
    let text = "User-agent: *\r\nDisallow: /\r\n\r\nUser-agent: amazonBot\r\nAllow: /open # yes\r\nDisallow: /\r\n";
    let robots = Robots::parse(text.as_bytes());
    let answer = robots.may_fetch("Amazonbot", &RequestPath::new("/open/x"), Spelling::Exact);
    let decider = answer.decided_by.unwrap();
    assert!(answer.allowed);
    assert_eq!((decider.line, decider.text.as_str(), decider.agent.as_str()), (5, "Allow: /open # yes", "amazonBot"));
    assert_eq!(text.get(decider.span.start..decider.span.end), Some(decider.text.as_str()));
    let fallback = robots.may_fetch("GPTBot", &RequestPath::new("/"), Spelling::Exact).decided_by.unwrap();
    assert_eq!((fallback.line, fallback.agent.as_str()), (2, "*"));
}

#[test]
fn an_answer_without_a_line_says_why() {
    let robots = Robots::parse(b"User-agent: a\nDisallow: /x\n");
    let because = |agent, path| robots.may_fetch(agent, &RequestPath::new(path), Spelling::Exact).because;
    assert_eq!(because("a", "/y"), Because::NoRuleMatches);
    assert_eq!(because("b", "/x"), Because::NoGroup);
    assert_eq!(because("a", "/robots.txt"), Because::RobotsTxtItself);
    assert_eq!(because("a", "/x"), Because::Rule);
}

fn codes(text: &[u8]) -> Vec<(&'static str, usize)> {
    Robots::parse(text).notes().iter().map(|note| (note.code, note.line)).collect()
}

#[test]
fn odd_lines_are_noted_at_their_line() {
    let text =
        b"Allow: /early\nUser-agent: a b\nSitemap: x\nUser-agent: *x\nDisalow: /\nDisallow: a\nwhat\n\nAllow: /\0\n";
    assert_eq!(
        codes(text),
        [
            ("outside-group", 1),
            ("after-product-token", 2),
            ("no-product-token", 4),
            ("split-group", 4),
            ("misspelled", 5),
            ("no-leading-slash", 6),
            ("unreadable", 7),
            ("nul-byte", 9),
        ]
    );
    assert_eq!(codes(b"\xff\xfea\0")[0].0, "utf-16");
    assert_eq!(codes(b"\n<html>"), [("html", 1), ("unreadable", 2)]);
    assert_eq!(codes(b"User-agent: \xff"), [("not-utf-8", 1), ("no-product-token", 1)]);
    assert_eq!(codes(b"# fine\nUser-agent: a\nDisallow: /\n"), []);
}

#[test]
fn what_lies_after_the_limit_is_not_read_and_noted() {
    let mut text = b"User-agent: a\nDisallow: /early\n".to_vec();
    text.resize(PARSE_LIMIT - 5, b'#');
    text.extend_from_slice(b"\nDisallow: /late\n");
    let robots = Robots::parse(&text);
    assert!(robots.is_cut() && robots.notes().iter().any(|note| note.code == "over-limit"));
    assert!(!ask(&robots, "a /early", Spelling::Exact) && ask(&robots, "a /late", Spelling::Exact));
    let whole = Robots::parse_up_to(&text, usize::MAX);
    assert!(!whole.is_cut() && !ask(&whole, "a /late", Spelling::Exact));
}

#[test]
fn hostile_files_are_read_in_their_stride() {
    let ten_megabytes = 10 * 1024 * 1024;
    for text in [
        vec![b'['; ten_megabytes],
        vec![0; ten_megabytes],
        vec![0xff; ten_megabytes],
        b"Disallow: /".repeat(ten_megabytes / 11),
        b"\r".repeat(ten_megabytes),
        b"a:\n".repeat(ten_megabytes / 3),
        [b"User-agent: *\nDisallow: /".as_slice(), &b"*a".repeat(200_000), b"\n"].concat(),
    ] {
        let robots = Robots::parse(&text);
        assert!(robots.notes().len() <= 100);
        let path = RequestPath::new(&format!("/{}", "a".repeat(2_000)));
        assert!(robots.may_fetch("Amazonbot", &path, Spelling::Tolerated).allowed);
    }
}

#[test]
fn many_agents_and_rules_do_not_multiply() {
    let mut text = (0..15_000).map(|number| format!("User-agent: a{number}\n")).collect::<String>();
    text.extend((0..8_000).map(|number| format!("Disallow: /{number}\n")));
    let catalogue = optout_core::website::crawler::CrawlerCatalogue::embedded();
    let preset = catalogue.default_preset().unwrap();
    let edit = optout_core::website::edit::write(text.as_bytes(), "robots.txt", preset, catalogue).unwrap();
    assert_eq!(edit.changes.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_bytes_have_an_answer(text in prop::collection::vec(any::<u8>(), 0..200), agent in ".{0,12}", path in ".{0,20}") {
        let robots = Robots::parse(&text);
        let answer = robots.may_fetch(&agent, &RequestPath::new(&path), Spelling::Tolerated);
        prop_assert!(answer.decided_by.is_none_or(|decider| decider.span.end <= text.len()));
    }

    #[test]
    fn order_within_a_group_changes_no_answer(
        rules in prop::collection::vec((any::<bool>(), "/[a-c*$/]{0,4}"), 0..6).prop_shuffle(),
        path in "/[a-c/]{0,5}",
    ) {
        let text = |rules: &[(bool, String)]| {
            let line = |(allow, path): &(bool, String)| format!("{}: {path}\n", if *allow { "Allow" } else { "Disallow" });
            format!("User-agent: *\n{}", rules.iter().map(line).collect::<String>())
        };
        let answer = |rules: &[(bool, String)]| ask(&Robots::parse(text(rules).as_bytes()), &format!("x {path}"), Spelling::Exact);
        let mut sorted = rules.clone();
        sorted.sort();
        prop_assert_eq!(answer(&rules), answer(&sorted));
    }
}
