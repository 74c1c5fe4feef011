//! The HTML report: what it says, that other people's text stays text whatever it is, and that equal input gives equal bytes.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Exceptions, Finding, Question, Severity, Standing, assess};
use optout_core::intent::{Intent, Known, ResolvedIntent};
use optout_core::org::{self, Scope, Snapshot};
use optout_core::report::{Accepted, NothingAccepted, Origin, Report, html};
use optout_core::source::Source;
use proptest::prelude::*;

const ACME: &str = include_str!("../../../examples/acme/organization.json");
const INTENT: &str = "organization = 'o-acmeexample'
[[exceptions]]
service = 'lex'
target = 'ou-acme-research'
reason = 'Voice study 7'
approver = 'board@example.com'
until = 2027-03-31
[[exceptions]]
service = 'polly'
target = '220000000002'
reason = 'Trial that ended'
approver = 'M. Vogel'
until = 2026-06-30
";

fn acme() -> Snapshot {
    org::read(&Source::new("acme.json", ACME)).unwrap()
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00.123456789Z".parse().unwrap()
}

fn origin() -> Origin {
    Origin {
        organization: "acme.json".into(),
        intent: Some(("optout.toml".into(), "ab12".repeat(16))),
        baseline: None,
        tool_version: "9.8.7".into(),
    }
}

fn intent(snapshot: &Snapshot) -> ResolvedIntent {
    let known = Known::new(["lex", "polly"], ["locked-against-children"]);
    Intent::parse(&Source::new("optout.toml", INTENT), &known).unwrap().resolve(snapshot).unwrap()
}

fn document(snapshot: &Snapshot, intent: Option<&ResolvedIntent>, accepted: &dyn Accepted) -> String {
    let today = "2026-11-24".parse().unwrap();
    let exceptions = intent.map_or_else(Exceptions::none, |intent| {
        Exceptions::new(move |_, path, service| match intent.excepted(path, service, today) {
            Some(_) => Standing::Allowed,
            None => Standing::Undeclared,
        })
    });
    let catalogue = Catalogue::embedded();
    let assessment = assess(&Question { snapshot, catalogue, exceptions, at: now(), evidence: None, only: None });
    html::render(&Report::new(&assessment, Severity::High, accepted, origin()).with_intent(intent))
}

fn plain(snapshot: &Snapshot) -> String {
    document(snapshot, None, &NothingAccepted)
}

/// The part of a document between two texts.
fn between<'d>(document: &'d str, from: &str, to: &str) -> &'d str {
    let start = document.find(from).unwrap() + from.len();
    let rest = &document[start..];
    &rest[..rest.find(to).unwrap()]
}

fn section<'d>(document: &'d str, id: &str) -> &'d str {
    between(document, &format!("<section id=\"{id}\""), "<section id=\"")
}

fn data(document: &str) -> serde_json::Value {
    serde_json::from_str(between(document, "<script type=\"application/json\" id=\"data\">", "</script>")).unwrap()
}

#[test]
fn the_answer_comes_first_and_says_how_sure_it_is() {
    let document = plain(&acme());
    let answer = section(&document, "answer");
    assert!(answer.contains("AWS may use the content of 4 of 12 accounts."), "{answer}");
    assert!(answer.contains("It does not hold.") && answer.contains("Opted in"), "{answer}");
    assert!(answer.contains("AWS’s own answer for 1 account; computed from the attached policies"), "{answer}");
}

#[test]
fn it_says_where_it_comes_from() {
    let snapshot = acme();
    let document = document(&snapshot, Some(&intent(&snapshot)), &NothingAccepted);
    let provenance = between(&document, "<section id=\"provenance\"", "</section>");
    let hash = "ab12".repeat(16);
    for part in
        ["o-acmeexample", "acme.json", "2026-11-24 06:00 UTC", "optout 9.8.7", "optout.toml", &hash, "2026-11-23"]
    {
        assert!(provenance.contains(part), "{part}: {provenance}");
    }
}

#[test]
fn exceptions_have_reason_approver_and_last_day() {
    let snapshot = acme();
    let document = document(&snapshot, Some(&intent(&snapshot)), &NothingAccepted);
    let exceptions = section(&document, "exceptions");
    for part in ["Voice study 7", "board@example.com", "2027-03-31", "In force", "M. Vogel", "2026-06-30", "Over"] {
        assert!(exceptions.contains(part), "{part}: {exceptions}");
    }
    assert!(section(&document, "answer").contains("AWS may use the content of some services of 3 accounts."));
    assert!(plain(&snapshot).contains("No intent was given"));
}

#[test]
fn findings_have_severity_evidence_and_remedy_and_accepted_ones_are_apart() {
    #[derive(Debug)]
    struct Lex;
    impl Accepted for Lex {
        fn reason(&self, finding: &Finding) -> Option<String> {
            (finding.control == "no-undeclared-opt-in").then(|| "as agreed".to_owned())
        }
    }
    let open = plain(&acme());
    let findings = section(&open, "findings");
    for part in ["Critical", "no-undeclared-opt-in", "<code>p-acmelexstudy</code>", "voice-study", "How to mend it"] {
        assert!(findings.contains(part), "{part}: {findings}");
    }
    let accepted = document(&acme(), None, &Lex);
    let apart = section(&accepted, "findings").split("<h3 class=\"apart\">Accepted").nth(1).unwrap();
    assert!(apart.contains("as agreed") && apart.contains("no-undeclared-opt-in"), "{apart}");
}

#[test]
fn every_account_leads_to_its_derivation() {
    let document = plain(&acme());
    let data = data(&document);
    let (names, classes) = (data["names"].as_array().unwrap(), data["class"].as_array().unwrap());
    assert_eq!((names.len(), classes.len()), (14, 14));
    let lab = names.iter().position(|name| name == "lab-a").unwrap();
    let number = classes[lab].as_u64().unwrap() + 1;
    let group = between(&document, &format!("id=\"why-{number}\""), "</details>");
    for part in [
        "Level 3",
        "p-acmepolly01",
        "@@assign &quot;optIn&quot;",
        "sits on the account itself",
        "<strong>applies</strong>",
    ] {
        assert!(group.contains(part), "{part}: {group}");
    }
    for number in 1..=data["classes"].as_array().unwrap().len() {
        assert!(document.contains(&format!("id=\"why-{number}\"")), "{number}");
    }
}

#[test]
fn blocked_operators_name_the_level_that_blocks_them() {
    let mut snapshot = acme();
    let attachment = org::Attachment { policy: "p-acmelexstudy".parse().unwrap(), attached: None };
    let payments = "ou-acme-payments".parse().unwrap();
    snapshot.attachments.as_mut().unwrap().insert(payments, vec![attachment]);
    let document = plain(&snapshot);
    assert!(document.contains("is <strong>blocked</strong>: at <code>services</code> Level 2"));
}

#[test]
fn the_tree_shows_policies_where_they_are_attached_and_holes_in_locks() {
    let document = plain(&acme());
    let tree = between(&document, "id=\"tree\"", "</section>");
    let research = between(tree, "<bdi>Research</bdi>", "</div>");
    assert!(research.contains("p-acmelexstudy") && research.contains("3 not fully locked"), "{research}");
    let production = between(tree, "<bdi>Production</bdi>", "</div>");
    assert!(production.contains("p-acmelocked1") && !production.contains("not fully locked"), "{production}");
}

#[test]
fn what_is_not_known_names_the_permission() {
    let mut snapshot = acme();
    snapshot.unread.push(org::Unread {
        part: org::Part::Delegates,
        subject: None,
        operation: "ListDelegatedAdministrators".into(),
        reason: org::UnreadReason::AccessDenied,
        permission: Some("organizations:ListDelegatedAdministrators".into()),
        detail: "denied".into(),
    });
    snapshot.delegates = None;
    let document = plain(&snapshot);
    assert!(section(&document, "unknowns").contains("<code>organizations:ListDelegatedAdministrators</code>"));
}

#[test]
fn a_single_account_and_nothing_at_all_have_reports_too() {
    let empty = Snapshot::empty(now(), "test", org::Partition::Aws);
    assert!(plain(&empty).contains("No account could be read."));
    let mut alone = Snapshot { caller: acme().caller, ..empty };
    alone.scope = Scope::Account("111111111111".parse().unwrap());
    assert!(plain(&alone).contains("This report speaks about account 111111111111 alone"));
}

#[test]
fn nothing_is_asked_for_and_nothing_runs_but_the_one_script() {
    let document = plain(&acme());
    let policy = between(&document, "Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for never in ["unsafe", "http:", "https:", "data:", "*"] {
        assert!(!policy.contains(never), "{policy}");
    }
    for never in [" style=", " onclick=", " onload=", "<link", "<img", "<iframe", " src=", "url("] {
        assert!(!document.contains(never), "{never}");
    }
    assert_eq!(document.matches("<script").count(), 2);
}

#[test]
fn equal_input_gives_equal_bytes() {
    let snapshot = acme();
    let intent = intent(&snapshot);
    assert_eq!(
        document(&snapshot, Some(&intent), &NothingAccepted),
        document(&org::read(&Source::new("acme.json", ACME)).unwrap(), Some(&intent), &NothingAccepted)
    );
}

/// The document with the tags' own text taken out of it: how often each `<` begins a tag.
fn tags(document: &str) -> usize {
    document.matches('<').count()
}

fn named(name: &str) -> Snapshot {
    let mut snapshot = acme();
    snapshot.root.as_mut().unwrap().name = name.into();
    snapshot.units.as_mut().unwrap().iter_mut().for_each(|unit| unit.name = name.into());
    snapshot.accounts.as_mut().unwrap().iter_mut().for_each(|account| account.name = name.into());
    for policy in snapshot.policies.as_mut().unwrap() {
        (policy.name, policy.description) = (name.into(), name.into());
    }
    snapshot
}

/// Names as bad as they come: markup, quotes, ends of elements, what hides, reorders, or is no character.
fn hostile() -> impl Strategy<Value = String> {
    let worst = prop::sample::select(vec![
        "</script>",
        "<!--",
        "<script>",
        "\"",
        "'",
        ">",
        "<",
        "&",
        "&lt;",
        "]]>",
        " onload=x ",
        "javascript:",
        "\u{2028}",
        "\u{2029}",
        "\u{202e}",
        "\u{2066}",
        "\u{0}",
        "\u{1b}[2J",
        "\n",
        "\r\n",
        "\u{feff}",
        "\u{200b}",
        "\u{ffff}",
        "\u{fdd0}",
        "\u{1fffe}",
        "`",
        "\\",
        "\u{e0041}",
        "é",
        "漢",
    ]);
    let piece =
        prop_oneof![3 => worst.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => "[a-z]{1,4}"];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn hostile_names_stay_text(name in hostile()) {
        // A name of a letter sorts and groups as any other single name does.
        let (calm, wild) = (plain(&named("x")), plain(&named(&name)));
        prop_assert_eq!(tags(&calm), tags(&wild));
        prop_assert_eq!(calm.matches("</script>").count(), wild.matches("</script>").count());
        let quotes = |text: &str| {
            let head = text.find("<script type").unwrap();
            text[..head].matches('"').count()
        };
        prop_assert_eq!(quotes(&calm), quotes(&wild), "no name opens or ends an attribute");
        let hidden = |it: char| (it.is_control() && it != '\n') || matches!(it, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}'..='\u{ffff}' | '\u{200b}');
        prop_assert!(!wild.contains(hidden), "nothing hidden");
        let names = data(&wild);
        prop_assert!(!names["names"][0].as_str().unwrap().contains(hidden));
    }
}
