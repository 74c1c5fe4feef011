//! `optout init`: a commented `optout.toml` made from what an organization has today.

use std::fmt::Write;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span as Duration, Timestamp};

use super::policy::{DEFAULT_DESCRIPTION, DEFAULT_NAME};
use crate::org::{PolicyType, Snapshot, TargetId, Tree};

/// How long a taken-over exception lasts: long enough to ask around, short enough not to be forgotten.
const DAYS_TO_DECIDE: i64 = 90;

/// A commented `optout.toml` for the organization of `snapshot`.
///
/// `opted_in` are the services that are opted in today and the targets where that was decided. Each becomes an
/// exception whose reason and approver are blank: the file is refused, at those places, until somebody fills them in.
#[must_use]
pub fn init(snapshot: &Snapshot, opted_in: &[(&str, TargetId)]) -> String {
    let mut text = String::new();
    head(&mut text, snapshot);
    policy(&mut text, snapshot);
    exceptions(&mut text, snapshot, opted_in);
    text.push_str(TAIL);
    text
}

const TAIL: &str = "
# An item of the checklists (`optout audit --list`) that somebody looked at:
# [[attestations]]
# item = \"…\"
# by = \"Jo Doe, privacy office\"
# on = 2026-11-24
# evidence = \"https://…\"
# until = 2027-11-24

# A control that is not to be reported, for a time:
# [[disabled-controls]]
# control = \"…\"
# reason = \"…\"
# until = 2027-01-31

[evidence]
# Whether every run is recorded, so that `optout history` and `optout audit` can prove what held when.
record = false
# store = \"optout-evidence.db\"
";

fn head(text: &mut String, snapshot: &Snapshot) {
    let id = snapshot.organization().map_or("new", |organization| organization.id.as_str());
    text.push_str(
        "# What shall hold in this organization, and who decided it. Read by `optout --intent optout.toml`.\n\n",
    );
    text.push_str("# The only organization this file is about: nothing is ever done to another one.\n");
    line(text, "organization", &quoted(id));
    text.push_str("\n# full: nothing below the root can change a setting, except through the exceptions below.\n");
    text.push_str("# partial: `default` cannot be changed, services may be named. none: everything can be changed.\n");
    line(text, "lock", &quoted("full"));
    text.push_str(
        "\n# An exception opens its service on its way from the root; what lies beside that way is closed again.\n",
    );
    text.push_str("# all: units and accounts. units: not accounts, where there are too many of them beside the way.\n");
    line(text, "guard", &quoted("all"));
}

fn policy(text: &mut String, snapshot: &Snapshot) {
    text.push_str("\n[policy]\n");
    let policies = snapshot.policies.iter().flatten().filter(|it| it.policy_type == PolicyType::AiOptOut);
    for policy in policies {
        let id = &policy.id;
        let name = in_comment(&policy.name);
        _ = writeln!(
            text,
            "# There is a policy {id} ({name}); `--adopt {id}` would take it over instead of adding one."
        );
    }
    line(text, "name", &quoted(DEFAULT_NAME));
    line(text, "description", &quoted(DEFAULT_DESCRIPTION));
    text.push_str("# [policy.tags]\n# owner = \"privacy office\"\n");
}

fn exceptions(text: &mut String, snapshot: &Snapshot, opted_in: &[(&str, TargetId)]) {
    text.push_str(
        "\n# Who may be treated otherwise. `target` is an id or a path of names like \"/Workloads/Production\";\n",
    );
    text.push_str("# `until` is the last day on which it holds, in UTC.\n");
    if opted_in.is_empty() {
        text.push_str(EXAMPLE);
        return;
    }
    text.push_str("# These are opted in today. Give each a reason and an approver, or remove it to opt out.\n");
    let tree = Tree::new(snapshot).ok();
    let until = days_after(snapshot.taken, DAYS_TO_DECIDE);
    for (service, target) in opted_in {
        let name = tree.as_ref().map(|tree| in_comment(&name_of(snapshot, tree, target))).unwrap_or_default();
        _ = writeln!(text, "\n[[exceptions]] # NEEDS A REASON\nservice = {}", quoted(service));
        _ = writeln!(text, "target = {} # {name}", quoted(&target.to_string()));
        _ = writeln!(text, "value = \"optIn\"\nreason = \"\"\napprover = \"\"\nuntil = {until}");
    }
}

const EXAMPLE: &str = "# [[exceptions]]
# service = \"transcribe\"
# target = \"/Workloads/Production\"
# reason = \"…\"
# approver = \"…\"
# until = 2027-01-31
";

fn name_of(snapshot: &Snapshot, tree: &Tree<'_>, target: &TargetId) -> String {
    match target {
        TargetId::Root(_) | TargetId::Unit(_) => tree.names(target),
        TargetId::Account(id) => {
            let account = snapshot.accounts.iter().flatten().find(|account| account.id == *id);
            account.map(|account| account.name.clone()).unwrap_or_default()
        }
    }
}

fn days_after(start: Timestamp, days: i64) -> Date {
    let day = TimeZone::UTC.to_datetime(start).date();
    day.checked_add(Duration::new().days(days)).unwrap_or(day)
}

fn line(text: &mut String, key: &str, value: &str) {
    _ = writeln!(text, "{key} = {value}");
}

/// A TOML basic string, whatever the text holds.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            visible if is_visible(visible) => out.push(visible),
            other => _ = write!(out, "\\U{:08X}", u32::from(other)),
        }
    }
    out.push('"');
    out
}

/// Other people's text in a comment: what could end the line or deceive the eye is shown as a replacement.
fn in_comment(text: &str) -> String {
    text.chars().take(120).map(|it| if is_visible(it) { it } else { '\u{fffd}' }).collect()
}

fn is_visible(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{Intent, Known};
    use crate::org;
    use crate::source::Source;

    fn snapshot() -> Snapshot {
        org::read(&Source::new("s.json", include_str!("../../tests/data/snapshot-1.json"))).unwrap()
    }

    fn parse(text: &str) -> Result<Intent, Vec<String>> {
        let known = Known::new(["lex"], []);
        Intent::parse(&Source::new("o.toml", text), &known).map_err(|rejected| rejected.lines())
    }

    #[test]
    fn without_exceptions_the_file_is_ready() {
        let intent = parse(&init(&snapshot(), &[])).unwrap();
        assert_eq!(intent.organization.value.unwrap().as_str(), "o-exampleorgid");
        assert_eq!(intent.exceptions.len(), 0);
    }

    #[test]
    fn the_examples_in_the_comments_are_right_once_filled_in() {
        let text = init(&snapshot(), &[]).replace("# [", "[").replace("…", "x");
        let uncommented: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ").filter(|it| it.contains(" = ") && !it.contains("optout")).unwrap_or(line)
            })
            .map(|line| format!("{}\n", line.replace("\"transcribe\"", "\"lex\"")))
            .collect();
        let known = Known::new(["lex"], ["x"]);
        let intent = Intent::parse(&Source::new("o.toml", uncommented.clone()), &known);
        let intent = intent.unwrap_or_else(|error| panic!("{error}\n{uncommented}"));
        assert_eq!((intent.exceptions.len(), intent.attestations.len(), intent.controls_off.len()), (1, 1, 1));
    }

    #[test]
    fn existing_opt_ins_need_a_reason_before_the_file_is_accepted() {
        let text = init(
            &snapshot(),
            &[("lex", "ou-acme-12345679".parse().unwrap()), ("default", "222222222222".parse().unwrap())],
        );
        let lines = parse(&text).unwrap_err();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines.iter().all(|line| line.contains("this text is blank")), "{lines:?}");
        let intent = parse(&text.replace("\"\"", "\"because\"")).unwrap();
        assert_eq!(intent.exceptions.len(), 2);
        assert_eq!(intent.exceptions[0].until.to_string(), "2027-02-22");
        assert!(text.contains("target = \"ou-acme-12345679\" # /Workloads/Production\n"), "{text}");
    }

    #[test]
    fn other_peoples_names_cannot_break_out_of_the_file() {
        let mut snapshot = snapshot();
        snapshot.units.as_mut().unwrap()[1].name = "x\nlock = \"none\" \u{202e}".into();
        snapshot.policies.as_mut().unwrap()[0].name = "y\r\norganization = 'o-evilevilevil'".into();
        let text = init(&snapshot, &[("le\"x\n", "ou-acme-12345679".parse().unwrap())]);
        let lines = parse(&text).unwrap_err();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(!text.contains('\r') && !text.contains('\u{202e}'));
    }

    #[test]
    fn an_account_without_an_organization_gets_an_intent_for_a_new_one() {
        let mut snapshot = Snapshot::empty(snapshot().taken, "1", org::Partition::Aws);
        snapshot.membership = Some(org::Membership::None);
        assert_eq!(parse(&init(&snapshot, &[])).unwrap().organization.value, None);
    }
}
