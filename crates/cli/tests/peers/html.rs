//! The HTML report before judges that nobody here wrote: two validators, Chromium, axe, and a linter for its script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use optout_core::org::{self, Account, AccountState, Attachment, Scope, Snapshot, Unread, UnreadReason};
use optout_core::source::Source;
use tempfile::TempDir;

use crate::node::{Packages, Said, program, said};

const ACME: &str = include_str!("../../../../examples/acme/organization.json");
const SCRIPT: &str = "../core/src/report/html/report.js";
/// Names of the program that shows pages.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
/// Other people's text at its worst: markup, attributes, ends of elements, what hides, reorders or starts a new line.
const HOSTILE: &str = "\"><img src=x onerror=pwned=1></script><script>pwned=1</script><!--\u{2028}\u{202e}\u{0}\u{1b}[31m' \
    onload='pwned=1' {{7*7}} &lt;b&gt; \u{feff}\u{ffff}javascript:pwned=1";

const INTENT: &str = "organization = 'o-acmeexample'
[[exceptions]]
service = 'lex'
target = 'ou-acme-research'
reason = '''REASON'''
approver = '''REASON'''
until = 2027-03-31
[[exceptions]]
service = 'polly'
target = '220000000002'
reason = 'Trial'
approver = 'M. Vogel'
until = 2026-06-30
";

fn acme() -> Snapshot {
    org::read(&Source::new("acme.json", ACME)).unwrap()
}

/// The example in which everything that has a name has the worst one.
fn hostile() -> Snapshot {
    let mut snapshot = acme();
    snapshot.root.as_mut().unwrap().name = HOSTILE.into();
    snapshot.units.iter_mut().flatten().for_each(|unit| unit.name = HOSTILE.into());
    for account in snapshot.accounts.iter_mut().flatten() {
        account.name = HOSTILE.into();
        account.state =
            if account.state == AccountState::Closed { AccountState::of(HOSTILE) } else { account.state.clone() };
    }
    for policy in snapshot.policies.iter_mut().flatten() {
        (policy.name, policy.description) = (HOSTILE.into(), HOSTILE.into());
    }
    let key = serde_json::to_string(HOSTILE).unwrap();
    let lex =
        snapshot.policies.as_mut().unwrap().iter_mut().find(|policy| policy.id.as_str() == "p-acmelexstudy").unwrap();
    lex.content = Some(format!(r#"{{"services":{{"lex":{{"opt_out_policy":{{"@@assign":"optIn"}}}},{key}:{{"opt_out_policy":{{"@@assign":{key}}}}}}}}}"#).into());
    snapshot
}

/// The example with thousands of accounts more.
fn many() -> Snapshot {
    let mut snapshot = acme();
    let pattern = snapshot.accounts.as_ref().unwrap()[1].clone();
    let one = |number: u64| Account {
        id: format!("{:012}", 300_000_000_000 + number).parse().unwrap(),
        name: format!("workload-{number}"),
        ..pattern.clone()
    };
    snapshot.accounts.as_mut().unwrap().extend((0..3_000).map(one));
    snapshot.accounts.as_mut().unwrap().sort_by_key(|account| account.id);
    let attachment = Attachment { policy: "p-acmepolly01".parse().unwrap(), attached: None };
    let own = (0..3_000).step_by(40).map(|number| (org::TargetId::Account(one(number).id), vec![attachment.clone()]));
    snapshot.attachments.as_mut().unwrap().extend(own);
    snapshot
}

/// What a single account may read of itself.
fn alone() -> Snapshot {
    let mut snapshot = acme();
    snapshot.scope = Scope::Account(snapshot.caller.as_ref().unwrap().account);
    (snapshot.root, snapshot.units, snapshot.accounts, snapshot.policies) = (None, None, None, None);
    (snapshot.attachments, snapshot.invalid, snapshot.delegates, snapshot.resource_policy) = (None, None, None, None);
    snapshot.answers.clear();
    snapshot.unread = vec![Unread {
        part: org::Part::EffectivePolicy,
        subject: None,
        operation: "DescribeEffectivePolicy".into(),
        reason: UnreadReason::AccessDenied,
        permission: Some("organizations:DescribeEffectivePolicy".into()),
        detail: HOSTILE.into(),
    }];
    snapshot
}

/// A report of the program in a folder of its own.
struct Report {
    folder: TempDir,
    accounts: usize,
}

impl Report {
    fn of(snapshot: &Snapshot, reason: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("organization.json"), org::write(snapshot)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_optout"));
        command.args(["verify", "--organization", "organization.json", "--at", "2026-11-24", "--format", "html"]);
        command.args(["--output", "report.html"]).current_dir(folder.path()).env_clear();
        if let Some(reason) = reason {
            fs::write(folder.path().join("optout.toml"), INTENT.replace("REASON", reason)).unwrap();
            command.args(["--intent", "optout.toml"]);
        }
        let output = command.output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 2 | 3)), "{output:?}");
        Self { folder, accounts: snapshot.accounts.as_ref().map_or(1, Vec::len) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("report.html")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// The same, spoilt.
    fn with(self, old: &str, new: &str) -> Self {
        let text = self.text();
        assert!(text.contains(old), "{old}");
        fs::write(self.path(), text.replacen(old, new, 1)).unwrap();
        self
    }
}

fn example() -> Report {
    Report::of(&acme(), Some("Voice study"))
}

/// In TOML, what it does not allow in a text is left out.
fn hostile_report() -> Report {
    let reason: String = HOSTILE.chars().filter(|it| (' '..='~').contains(it) && *it != '\'').collect();
    Report::of(&hostile(), Some(&reason))
}

fn html_validate(packages: &Packages, file: &Path) -> Said {
    let mut command = packages.node("html-validate/bin/html-validate.mjs");
    said(command.arg("--config").arg(packages.sources().join("htmlvalidate.json")).arg(file))
}

/// The checker of the World Wide Web Consortium; it reads the style too.
fn vnu(packages: &Packages, java: &Path, file: &Path) -> Said {
    let jar = packages.folder().join("node_modules/vnu-jar/build/dist/vnu.jar");
    // It warns of style and script within a policy, whose hashes it does not compare: Chromium does.
    said(packages.command(java).arg("-jar").arg(jar).args(["--errors-only", "--stdout"]).arg(file))
}

fn browse(packages: &Packages, chromium: &Path, report: &Report, how: &[&str]) -> Said {
    let mut command = packages.node("browse.mjs");
    command.arg(report.path()).arg(report.accounts.to_string()).args(how).env("CHROMIUM", chromium);
    said(&mut command)
}

#[test]
fn validators_accept_every_kind_of_report() {
    let Some(packages) = Packages::of("html") else { return };
    let Some(java) = program(&["java"]) else { return };
    for (name, report) in [
        ("example", example()),
        ("hostile", hostile_report()),
        ("many", Report::of(&many(), None)),
        ("alone", Report::of(&alone(), None)),
    ] {
        let said = html_validate(&packages, &report.path());
        assert!(said.well, "{name}: {}", said.text);
        let said = vnu(&packages, &java, &report.path());
        assert!(said.well, "{name}: {}", said.text);
    }
}

#[test]
fn validators_find_what_is_broken() {
    let Some(packages) = Packages::of("html") else { return };
    let Some(java) = program(&["java"]) else { return };
    for (old, new) in [
        ("<h2 id=\"findings-title\">", "<h2 id=\"unknowns-title\">"),
        ("</article>", ""),
        ("<span class=\"chip", "<span style=\"color:red\" class=\"chip"),
    ] {
        let said = html_validate(&packages, &example().with(old, new).path());
        assert!(!said.well, "{new} passes");
    }
    for (old, new) in
        [("</article>", ""), ("--paper: #fff;", "color: 5 blue;"), ("<ul class=\"tiles\">", "<ul class=\"tiles\"><p>")]
    {
        let said = vnu(&packages, &java, &example().with(old, new).path());
        assert!(!said.well, "{new} passes");
    }
}

fn assert_works(report: &Report) {
    let Some(packages) = Packages::of("html") else { return };
    let Some(chromium) = program(CHROMIUM) else { return };
    let said = browse(&packages, &chromium, report, &[]);
    assert!(said.well, "{}", said.text);
}

#[test]
fn the_example_works_in_chromium_for_everybody_and_asks_for_nothing() {
    assert_works(&example());
}

#[test]
fn hostile_names_stay_text_in_chromium() {
    let report = hostile_report();
    assert!(!report.text().contains("<img") && report.text().contains("&lt;img"));
    assert_works(&report);
}

#[test]
fn thousands_of_accounts_work_in_chromium() {
    assert_works(&Report::of(&many(), None));
}

#[test]
fn a_browser_finds_what_is_broken() {
    let Some(packages) = Packages::of("html") else { return };
    let Some(chromium) = program(CHROMIUM) else { return };
    for (old, new, found) in [
        ("<h1 id", "<img alt=\"\" src=\"http://127.0.0.1:9/x.png\"><h1 id", "violation: img-src"),
        ("<main id", "<main onfocus=\"pwned=1\" id", "violation: script-src-attr"),
        ("\"use strict\";", "\"use strict\" ;", "violation: script-src-elem"),
        ("<label for=\"by-verdict\">Verdict</label>", "Verdict", "critical select-name"),
        ("\"names\":[", "\"nomes\":[", "error: "),
    ] {
        let said = browse(&packages, &chromium, &example().with(old, new), &["quick"]);
        assert!(!said.well && said.text.contains(found), "{new}: {}", said.text);
    }
}

#[test]
fn the_script_is_clean() {
    let Some(packages) = Packages::of("html") else { return };
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCRIPT)).unwrap();
    let lint = |text: &str| {
        // Beside the packages: a linter reads only what is below the folder it runs in.
        let folder = tempfile::tempdir_in(packages.folder()).unwrap();
        let file = folder.path().join("report.js");
        fs::write(&file, text).unwrap();
        let mut command = packages.node("eslint/bin/eslint.js");
        command.arg("--config").arg(packages.sources().join("eslint.config.mjs")).args([
            "--no-inline-config",
            "--max-warnings",
            "0",
        ]);
        said(command.arg(file))
    };
    let said = lint(&script);
    assert!(said.well, "{}", said.text);
    let said = lint(&script.replace("const FIXED = 3;", "var FIXED = 3; eval(FIXED);"));
    assert!(!said.well && said.text.contains("no-eval"), "{}", said.text);
}
