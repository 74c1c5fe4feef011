//! Machines and sites in reports: sections of their own where there are some, and never a part of the decision.

use optout_core::check::Severity;
use optout_core::reach::{Sites, Workstation};
use optout_core::report::{Format, NothingAccepted, Report};
use optout_core::source::Source;

use super::{acme, assessed, origin, rendered};

/// A machine whose texts are hostile: markup, characters that hide, a pipe, a backtick.
const MACHINE: &str = r#"{"format":"optout.workstation/1","at":"2026-11-20T08:00:00Z","machine":"ann|<s>`\u202e",
    "home":"/home/<b>|ann","os":"linux","environment_known":true,"content":"sharing","telemetry":"opted-out","products":[
    {"id":"kiro-cli","name":"Kiro CLI","content":"sharing","telemetry":"opted-out","note":null,"findings":[
    {"kind":"content","key":"a|`b<i>","verdict":"sharing","path":"/home/<b>|ann/x","menu":"Settings, <u>"}]},
    {"id":"aws-cdk-cli","name":"AWS CDK CLI","content":null,"telemetry":"not-installed","findings":[],"note":null}]}"#;

const SITES: &str = r#"{"format":"optout.website/1","at":"2026-11-21T09:30:00Z","sites":[{"name":"https://shop.example/<q>|robots.txt",
    "preset":"aws-training","verdict":"sharing","fetch":"26 bytes","redirects":[],"notes":[],"crawlers":[
    {"token":"Amazonbot","vendor":"Amazon <v>","purpose":"model-training","in_preset":true,"verdict":"sharing"},
    {"token":"Googlebot","vendor":"Google","purpose":"search-engine","in_preset":false,"verdict":"sharing"}]}]}"#;

/// The report of the example organization with the machine and the site.
fn with_reach<T>(look: impl FnOnce(&Report<'_>, &Report<'_>) -> T) -> T {
    let snapshot = acme();
    let assessment = assessed(&snapshot);
    let machines = [Workstation::parse(&Source::new("w.json", MACHINE)).unwrap()];
    let sites = [Sites::parse(&Source::new("s.json", SITES)).unwrap()];
    let report = || Report::new(&assessment, Severity::High, &NothingAccepted, origin());
    look(&report(), &report().with_reach(&machines, &sites))
}

#[test]
fn machines_and_sites_change_neither_the_decision_nor_the_formats_that_build_on_it() {
    with_reach(|plain, with| {
        assert_eq!(plain.decision, with.decision);
        for format in [Format::Csv, Format::Junit, Format::Sarif, Format::Asff, Format::Ocsf, Format::Oscal] {
            // Security Hub's format needs an account, which the example has.
            assert_eq!(rendered(plain, format), rendered(with, format), "{}", format.as_str());
        }
    });
}

#[test]
fn documents_name_machine_site_date_setting_and_crawler() {
    with_reach(|plain, with| {
        for format in [Format::Text, Format::Json, Format::Html, Format::Markdown] {
            let (before, text) = (rendered(plain, format), rendered(with, format));
            for word in ["shop.example", "Kiro CLI", "Amazonbot", "2026-11-20", "2026-11-21"] {
                assert!(text.contains(word) && !before.contains(word), "{word} in {}", format.as_str());
            }
            // What is not installed, and who was not to be kept out, says nothing here.
            let new = text.replace(&before, "");
            assert!(!new.contains("AWS CDK CLI") && !new.contains("Googlebot"), "{}", format.as_str());
            assert!(!text.contains('\u{202e}'), "{}", format.as_str());
        }
    });
}

#[test]
fn markup_of_others_stays_text() {
    with_reach(|_, with| {
        let html = rendered(with, Format::Html);
        for tag in ["<s>", "<b>", "<i>", "<u>", "<q>", "<v>"] {
            assert!(!html.contains(tag), "{tag}");
        }
        assert!(html.contains("id=\"workstations\"") && html.contains("id=\"websites\""));
        let document = rendered(with, Format::Markdown);
        let cells = |start: &str| {
            let row = document.lines().find(|line| line.contains(start)).unwrap();
            row.replace("\\|", "").matches('|').count()
        };
        assert_eq!(
            (cells("Kiro CLI"), cells("shop.example")),
            (8, 7),
            "a cell more or less than the table has columns"
        );
    });
}

#[test]
fn the_sections_read_like_this() {
    with_reach(|_, with| {
        let after = |text: String, title: &str| text.split_once(title).unwrap().1.to_owned();
        insta::assert_snapshot!("reach.text", after(rendered(with, Format::Text), "Developers' machines"));
        let json: serde_json::Value = serde_json::from_str(&rendered(with, Format::Json)).unwrap();
        let parts = serde_json::json!({ "workstations": json["workstations"], "websites": json["websites"] });
        insta::assert_snapshot!("reach.json", format!("{parts:#}"));
    });
}
