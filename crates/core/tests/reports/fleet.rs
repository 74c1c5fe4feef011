//! Many organizations in one report: golden outputs, and hostile names read back by other parsers.

use jiff::Timestamp;
use optout_core::check::{Question, Severity, assess};
use optout_core::fleet::{Came, Entry, FleetOrigin, FleetReport, Outcome, Trouble, file_name};
use optout_core::org::Snapshot;
use optout_core::report::fleet::{FleetOptions, is_over_all, render};
use optout_core::report::{Accepted, Format, NothingAccepted, Report};
use optout_core::source::shown;
use proptest::prelude::*;

use super::hostile::cases;
use super::parties::{hostile, names};
use super::{acme, assessed, hides, now, origin};

fn beta() -> Snapshot {
    let text = include_str!("../../../../examples/fleet/beta.json");
    optout_core::org::read(&optout_core::source::Source::new("beta.json", text)).unwrap()
}

fn entry<'a>(name: &str, came: Came<'a>) -> Entry<'a> {
    Entry { name: name.to_owned(), file_name: file_name(name), origin: format!("{name}.json"), came }
}

fn report_of<'a>(
    assessment: &'a optout_core::check::Assessment<'a>,
    accepted: &'a dyn Accepted,
    name: &str,
) -> Came<'a> {
    let origin = optout_core::report::Origin { organization: format!("{name}.json"), ..origin() };
    Came::Report(Box::new(Report::new(assessment, Severity::High, accepted, origin)))
}

fn trouble(message: &str) -> Came<'static> {
    Came::Trouble(Trouble { message: message.to_owned(), help: "sign in with `aws sso login`".to_owned() })
}

fn fleet_origin(path: &str) -> FleetOrigin {
    let at: Timestamp = now();
    FleetOrigin { path: path.to_owned(), sha256: "f".repeat(64), tool_version: "0.1.0".to_owned(), at }
}

/// What `look` sees in the report over four organizations, one of each outcome, in this order of names.
fn seen<T>(names: [&str; 4], first: &Snapshot, look: impl FnOnce(&FleetReport<'_>) -> T) -> T {
    let mut gov = beta();
    gov.partition = optout_core::org::Partition::of("aws-us-gov");
    gov.answers.clear();
    let beta = beta();
    let (one, two, three) = (assessed(first), assessed(&gov), assessed(&beta));
    let entries = vec![
        entry(names[3], report_of(&three, &NothingAccepted, names[3])),
        entry(names[2], report_of(&two, &NothingAccepted, names[2])),
        entry(names[1], report_of(&one, &NothingAccepted, names[1])),
        entry(names[0], trouble("the role `read` could not be assumed")),
    ];
    look(&FleetReport::new(entries, fleet_origin("fleet.toml")))
}

const PLAIN: [&str; 4] = ["delta", "acme", "gov", "beta"];

fn rendered(report: &FleetReport<'_>, format: Format) -> String {
    render(format, report, FleetOptions::default()).unwrap().into_text()
}

#[test]
fn the_worst_comes_first_and_decides() {
    seen(PLAIN, &acme(), |report| {
        let order: Vec<(&str, Outcome)> = report.entries.iter().map(|it| (it.name.as_str(), it.outcome())).collect();
        let outcomes = [Outcome::Failed, Outcome::Fails, Outcome::Undetermined, Outcome::Holds];
        assert_eq!(order, PLAIN.into_iter().zip(outcomes).collect::<Vec<_>>());
        assert_eq!((report.outcome(), report.verdict().as_str()), (Outcome::Failed, "opted-in"));
    });
}

#[test]
fn the_example_fleet_in_every_format_for_people() {
    for format in [Format::Text, Format::Markdown, Format::MarkdownSummary] {
        let text = seen(PLAIN, &acme(), |report| rendered(report, format));
        insta::assert_snapshot!(format!("fleet.{}", format.as_str()), text);
    }
}

#[test]
fn equal_input_gives_equal_bytes_that_end_with_one_line_feed() {
    for format in Format::ALL.iter().copied().filter(|format| is_over_all(*format)) {
        let once = || seen(PLAIN, &acme(), |report| rendered(report, format));
        let text = once();
        assert_eq!(text, once(), "{}", format.as_str());
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", format.as_str());
    }
}

#[test]
fn the_form_for_machines_holds_the_report_about_each_as_it_is() {
    let (all, one) = seen(PLAIN, &acme(), |report| {
        let one = super::rendered(report.entries[1].report().unwrap(), Format::Json);
        (rendered(report, Format::Json), one)
    });
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["organizations"][1]["report"], serde_json::from_str::<serde_json::Value>(&one).unwrap());
    assert_eq!(all["organizations"][0]["problem"]["message"], "the role `read` could not be assumed");
    assert_eq!(all["summary"]["outcomes"], serde_json::json!({"failed": 1, "fails": 1, "holds": 1, "undetermined": 1}));
    let schema = serde_json::from_str(include_str!("../../../../docs/schemas/fleet-report-1.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&all));
}

#[test]
fn csv_is_red_and_whole_for_whoever_failed() {
    let text = seen(PLAIN, &acme(), |report| rendered(report, Format::Csv));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    assert_eq!((columns.len(), &columns[16], &columns[17]), (18, "fleet_name", "problem"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |name: &str| rows.iter().filter(|row| &row[16] == name).count();
    assert_eq!((of("delta"), of("beta") > 3, of("acme") > 14), (1, true, true));
    let failed = rows.iter().find(|row| &row[16] == "delta").unwrap();
    assert_eq!((&failed[6], &failed[17]), ("unknown", "the role `read` could not be assumed"));
}

#[test]
fn junit_and_sarif_have_every_organization_with_the_failed_one_in_red() {
    let xml = seen(PLAIN, &acme(), |report| rendered(report, Format::Junit));
    assert!(xml.contains("<testsuite name=\"optout.delta.decision\" tests=\"1\" failures=\"0\" errors=\"1\""), "{xml}");
    assert!(PLAIN.iter().all(|name| xml.contains(&format!("<testsuite name=\"optout.{name}.decision\""))));
    let log = seen(PLAIN, &acme(), |report| rendered(report, Format::Sarif));
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let runs = log["runs"].as_array().unwrap();
    let ids: Vec<&str> = runs.iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, PLAIN.map(|name| format!("optout/{name}/")));
    let succeeded: Vec<bool> =
        runs.iter().map(|run| run["invocations"][0]["executionSuccessful"].as_bool().unwrap()).collect();
    assert_eq!(succeeded, [false, true, true, true]);
}

#[test]
fn the_page_asks_for_nothing_runs_nothing_and_leads_to_the_pages_beside_it() {
    let (alone, linked) = seen(PLAIN, &acme(), |report| {
        let linked = render(Format::Html, report, FleetOptions { all: true, linked: true }).unwrap().into_text();
        (rendered(report, Format::Html), linked)
    });
    for page in [&alone, &linked] {
        assert!(page.contains("default-src 'none'") && !page.contains("<script") && !page.contains("src="));
        assert!(
            page.contains("the role <code>read</code> could not be assumed")
                && page.contains("<code>aws sso login</code>")
        );
        let targets = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
        targets.for_each(|id| assert!(page.contains(&format!("id=\"{id}\"")), "{id}"));
    }
    assert!(!alone.contains(".html\""));
    for name in ["acme", "gov", "beta"] {
        assert!(linked.contains(&format!("<a href=\"{name}.html\">")), "{name}");
    }
    assert!(!linked.contains("delta.html"), "nothing leads to a page that is not there");
}

#[test]
fn a_format_about_one_organization_is_refused() {
    for format in [Format::Asff, Format::Ocsf, Format::Oscal] {
        let refused = seen(PLAIN, &acme(), |report| render(format, report, FleetOptions::default()));
        assert!(refused.unwrap_err().to_string().contains(format.as_str()));
    }
}

#[test]
fn a_summary_of_hundreds_fits_into_a_comment() {
    let long = "x".repeat(128);
    let entries = (0..500).map(|number| entry(&format!("{number}{long}"), trouble(&long.repeat(40)))).collect();
    let text = rendered(&FleetReport::new(entries, fleet_origin("f")), Format::MarkdownSummary);
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("and 400 more organizations"));
}

#[test]
fn the_clock_of_the_fleet_is_the_one_given() {
    let snapshot = acme();
    let assessment =
        assess(&Question { at: now(), ..Question::plain(&snapshot, optout_core::catalogue::Catalogue::embedded()) });
    let entries = vec![entry("a", report_of(&assessment, &NothingAccepted, "a"))];
    let json = rendered(&FleetReport::new(entries, fleet_origin("f")), Format::Json);
    assert!(json.contains("\"at\": \"2026-11-24T12:00:00Z\""));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_of_others_hides_or_becomes_markup(names in names(), own in hostile()) {
        let named = [format!("d{own}"), format!("c{own}"), format!("b{own}"), format!("a{own}")];
        let named = [named[0].as_str(), &named[1], &named[2], &named[3]];
        seen(named, &names.organization(), |report| {
            for format in Format::ALL.iter().copied().filter(|format| is_over_all(*format)) {
                let text = rendered(report, format);
                let found = text.chars().find(|character| hides(*character));
                prop_assert!(found.is_none(), "{} has {:?}", format.as_str(), found);
            }
            let plain = seen(PLAIN, &names.organization(), |report| rendered(report, Format::Html));
            let page = rendered(report, Format::Html);
            prop_assert_eq!(page.matches('<').count(), plain.matches('<').count());
            let text = rendered(report, Format::Csv);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len() + 1, text.lines().count());
            prop_assert!(rows.iter().any(|row| row[16].replace('\'', "") == shown(named[0]).replace('\'', "")));
            prop_assert!(serde_json::from_str::<serde_json::Value>(&rendered(report, Format::Sarif)).is_ok());
            let xml = rendered(report, Format::Junit);
            let mut reader = quick_xml::Reader::from_str(&xml);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    other => prop_assert!(other.is_ok(), "{:?}", other),
                }
            }
            Ok(())
        })?;
    }
}
