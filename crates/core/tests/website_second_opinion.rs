//! A second opinion on 10,000 generated files: two parsers from PyPI must agree, except where a known difference
//! between them and RFC 9309 explains it.
//!
//! Needs Python 3 and PyPI. Where they are missing the test says so and passes, unless `CI=true`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests may fail a test this way"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use optout_core::website::robots::{RequestPath, Robots, Spelling};
use serde::Deserialize;

const FILES: usize = 10_000;
const PACKAGES: [&str; 2] = ["protego==0.7.0", "gpyrobotstxt==1.0.0"];

/// What a generated file may hold that readers are known to treat differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Feature {
    /// `Allow: /a/index.html`: both peers take it for `/a/` too; RFC 9309 knows no such rule.
    IndexHtml,
    /// A token with a digit: Google's parser ends it there.
    DigitToken,
    /// Percent-encoding or other octets: Google's parser decodes nothing and leaves the path as it is; Protego decodes
    /// and encodes other characters than RFC 9309.
    Percent,
    /// `?` and `=`: Protego encodes them, which makes patterns longer than they are written.
    Query,
    /// A `$` in a path or inside a pattern: Protego lets every `$` be a character as well, and encodes it.
    Dollar,
    /// robots.txt itself, which RFC 9309 always permits: both peers ask the rules.
    RobotsTxt,
    /// A user-agent value with more than a token: Protego compares all of it, and drops stars.
    TokenTail,
    /// A token that is the beginning of another (`foo`): Protego takes its group for `foobot` too.
    TokenStart,
    /// Another record among user-agent lines: Protego ends the group there, unless it is a sitemap.
    OtherRecord,
    /// A key that only begins like a record (`allowed:`): Google's parser takes it, Protego does not.
    KeyPrefix,
    /// A line with a space and no colon (`disallow /`): Protego takes more of these than Google's parser.
    NoColon,
    /// A single word: the port of Google's parser fails on it.
    LoneWord,
}

use Feature::{
    DigitToken, Dollar, IndexHtml, KeyPrefix, LoneWord, NoColon, OtherRecord, Percent, Query, RobotsTxt, TokenStart,
    TokenTail,
};

const GOOGLE_DIFFERS: [Feature; 5] = [IndexHtml, DigitToken, Percent, RobotsTxt, LoneWord];
const PROTEGO_DIFFERS: [Feature; 10] =
    [IndexHtml, Percent, Query, Dollar, RobotsTxt, TokenStart, TokenTail, OtherRecord, KeyPrefix, NoColon];
const OPTIONAL: [Feature; 12] = [
    IndexHtml,
    DigitToken,
    Percent,
    Query,
    Dollar,
    RobotsTxt,
    TokenStart,
    TokenTail,
    OtherRecord,
    KeyPrefix,
    NoColon,
    LoneWord,
];

struct Case {
    robots: String,
    agent: &'static str,
    paths: Vec<String>,
    features: BTreeSet<Feature>,
}

/// A linear congruential generator (Knuth's MMIX constants): the same files everywhere, without a dependency.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Makes one file, its questions, and the record of what they really hold.
struct Maker {
    dice: Dice,
    permitted: BTreeSet<Feature>,
    used: BTreeSet<Feature>,
}

impl Maker {
    /// With a chance of one in `times`, where the feature is permitted in this file.
    fn uses(&mut self, feature: Feature, times: usize) -> bool {
        let used = self.permitted.contains(&feature) && self.dice.below(times) == 0;
        if used {
            self.used.insert(feature);
        }
        used
    }

    fn path(&mut self) -> String {
        let mut path = String::from("/");
        for _ in 0..self.dice.below(6) {
            path.push_str(self.dice.one(&["a", "b", "ab", "/", "c/", ".html"]));
        }
        for (feature, text) in [(Percent, "%61"), (Percent, "%2F"), (Percent, "\u{e9}"), (Query, "?a=b"), (Dollar, "$")]
        {
            if self.uses(feature, 4) {
                path.push_str(text);
            }
        }
        path
    }

    fn pattern(&mut self) -> String {
        let mut pattern = self.path();
        match self.dice.below(12) {
            0 => pattern.clear(),
            1 => pattern = "/".to_owned(),
            2 | 3 => pattern.insert(self.dice.below(2), '*'),
            4 => pattern.push('*'),
            5 => pattern.push('$'),
            6 => pattern.push_str("*a$"),
            7 => pattern = pattern.trim_start_matches('/').to_owned(),
            _ => {}
        }
        if self.uses(IndexHtml, 3) { format!("{}/index.html", pattern.trim_end_matches('/')) } else { pattern }
    }

    fn agent(&mut self) -> String {
        let agent = if self.uses(DigitToken, 3) {
            "AI2Bot"
        } else if self.uses(TokenStart, 3) {
            "foo"
        } else {
            self.dice.one(&["*", "*", "foobot", "FooBot", "BARBOT", "zed"])
        };
        if self.uses(TokenTail, 3) {
            format!("{agent}{}", self.dice.one(&["/1.0", " x", "*"]))
        } else {
            agent.to_owned()
        }
    }

    fn line(&mut self) -> String {
        if self.uses(OtherRecord, 6) {
            return self
                .dice
                .one(&["Crawl-delay: 5", "Sitemap: http://x.example/s", "what: ever", "Host: x.example"])
                .to_owned();
        }
        if self.uses(KeyPrefix, 6) {
            return format!("{}: {}", self.dice.one(&["allowed", "disallowed", "user-agents"]), self.path());
        }
        if self.uses(NoColon, 6) {
            return format!(
                "{} {}",
                self.dice.one(&["allow", "disallow", "user-agent"]),
                self.dice.one(&["/a", "/a b", "foobot"])
            );
        }
        if self.uses(LoneWord, 6) {
            return "what".to_owned();
        }
        let comment = self.dice.one(&["", "", "", " # why", "#"]);
        match self.dice.below(10) {
            0 => self.dice.one(&["", "# a comment", "   "]).to_owned(),
            1..=3 => {
                format!("{}: {}{comment}", self.dice.one(&["User-agent", "user-agent ", "useragent"]), self.agent())
            }
            4..=6 => format!("{}:{}{comment}", self.dice.one(&["Allow", " ALLOW"]), self.pattern()),
            _ => format!("{}: {}{comment}", self.dice.one(&["Disallow", "disallow", "Disalow"]), self.pattern()),
        }
    }
}

fn case(seed: usize) -> Case {
    let mut dice = Dice(u64::try_from(seed).unwrap());
    let permitted = OPTIONAL.into_iter().filter(|_| dice.below(12) == 0).collect();
    let mut maker = Maker { dice, permitted, used: BTreeSet::new() };
    let end = maker.dice.one(&["\n", "\n", "\r\n", "\r"]);
    let mut robots = String::new();
    for _ in 0..maker.dice.below(14) {
        let line = maker.line();
        let _ = write!(robots, "{line}{end}");
    }
    let mut paths: Vec<String> = (0..4).map(|_| maker.path()).collect();
    paths.push("/".to_owned());
    if maker.uses(RobotsTxt, 1) {
        paths.push("/robots.txt".to_owned());
    }
    let agent = if maker.uses(DigitToken, 2) { "AI2Bot" } else { maker.dice.one(&["foobot", "BarBot", "quxbot"]) };
    Case { robots, agent, paths, features: maker.used }
}

#[derive(Deserialize)]
struct Opinions {
    google: Vec<Option<bool>>,
    protego: Vec<Option<bool>>,
}

/// A virtual environment with the peers, made once; `None` with a word of why where that cannot be.
fn python(directory: &Path) -> Result<PathBuf, String> {
    let environment = directory.join("robots-peers");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let run = |command: &mut Command| match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    };
    let imports = "import gpyrobotstxt, protego";
    if run(Command::new(&python).args(["-c", imports])).is_err() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(PACKAGES))?;
    }
    run(Command::new(&python).args(["-c", imports])).map(|()| python)
}

fn ask(python: &Path, directory: &Path, cases: &[Case]) -> Vec<Opinions> {
    let (questions, answers) = (directory.join("robots-questions.jsonl"), directory.join("robots-answers.jsonl"));
    let mut text = String::new();
    for case in cases {
        let question = serde_json::json!({"robots": case.robots, "agent": case.agent, "paths": case.paths});
        let _ = writeln!(text, "{question}");
    }
    std::fs::write(&questions, text).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/robots_second_opinion.py");
    let status = Command::new(python).arg(script).arg(&questions).arg(&answers).status().unwrap();
    assert!(status.success(), "the peers failed: {status}");
    let answers = std::fs::read_to_string(&answers).unwrap();
    answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What comparing with one peer came to.
#[derive(Debug, Default)]
struct Tally {
    answers: usize,
    unencumbered: usize,
    failures: usize,
    differences: usize,
    by_feature: BTreeMap<Feature, usize>,
    unexplained: Vec<String>,
}

impl Tally {
    fn count(&mut self, case: &Case, differs: &[Feature], ours: &[bool], theirs: &[Option<bool>]) {
        let known: Vec<Feature> = case.features.iter().copied().filter(|feature| differs.contains(feature)).collect();
        for ((path, ours), theirs) in case.paths.iter().zip(ours).zip(theirs) {
            self.answers += 1;
            self.unencumbered += usize::from(known.is_empty());
            if Some(*ours) == *theirs {
                continue;
            }
            self.failures += usize::from(theirs.is_none());
            self.differences += usize::from(theirs.is_some());
            for feature in &known {
                *self.by_feature.entry(*feature).or_default() += 1;
            }
            if known.is_empty() {
                self.unexplained
                    .push(format!("{} {path}: ours {ours}, theirs {theirs:?} in\n{}", case.agent, case.robots));
            }
        }
    }

    fn check(&self, name: &str) {
        println!(
            "{name}: {} answers, {} of them without a known difference; {} failures, {} differences, by feature {:?}",
            self.answers, self.unencumbered, self.failures, self.differences, self.by_feature
        );
        assert!(
            self.unexplained.is_empty(),
            "{name}: {} unexplained, the first:\n{}",
            self.unexplained.len(),
            self.unexplained[0]
        );
        assert!(self.unencumbered * 5 > self.answers * 2, "{name}: too few answers without a known difference");
    }
}

#[test]
fn two_other_parsers_agree_on_ten_thousand_files() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let python = match python(directory) {
        Ok(python) => python,
        Err(reason) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "needs Python 3 and PyPI: {reason}");
            println!("skipped: needs Python 3 and PyPI ({reason})");
            return;
        }
    };
    let cases: Vec<Case> = (0..FILES).map(case).collect();
    let opinions = ask(&python, directory, &cases);
    assert_eq!(opinions.len(), FILES);
    let (mut google, mut protego) = (Tally::default(), Tally::default());
    for (case, opinions) in cases.iter().zip(&opinions) {
        let robots = Robots::parse(case.robots.as_bytes());
        let answer = |path: &String| robots.may_fetch(case.agent, &RequestPath::new(path), Spelling::Tolerated).allowed;
        let ours: Vec<bool> = case.paths.iter().map(answer).collect();
        google.count(case, &GOOGLE_DIFFERS, &ours, &opinions.google);
        protego.count(case, &PROTEGO_DIFFERS, &ours, &opinions.protego);
    }
    google.check("gpyrobotstxt");
    protego.check("protego");
}
