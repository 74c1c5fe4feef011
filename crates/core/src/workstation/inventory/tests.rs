use std::collections::BTreeMap;

use super::{Looked, json, junit, ocsf};
use crate::workstation::{Clients, Facts, Machine, Os, Report, check};

const KIRO: &str = "/home/\u{202e}dev/.kiro/settings/cli.json";
const SAM: &str = "/home/\u{202e}dev/.aws-sam/metadata.json";

fn report(kiro: &str, sam: &str) -> Report {
    let machine = Machine { os: Os::Linux, home: "/home/\u{202e}dev".to_owned(), environment: Some(BTreeMap::new()) };
    let files = [(KIRO, kiro), (SAM, sam)].map(|(path, text)| (path.to_owned(), Ok(text.as_bytes().to_vec())));
    check(&Clients::built_in().unwrap(), &machine, &Facts { files: files.into(), ..Facts::default() })
}

/// What `look` sees of a machine that shares in one place, does not in another, and is unknown in a third.
pub(super) fn looked<T>(look: impl FnOnce(&Looked<'_>) -> T) -> T {
    look_at(&report("{\"codeWhisperer.shareCodeWhispererContentWithAWS\": false}", "{"), look)
}

fn look_at<T>(report: &Report, look: impl FnOnce(&Looked<'_>) -> T) -> T {
    look(&Looked {
        report,
        machine: Some("ann<s> ]]> \u{ffff}box"),
        home: "/home/\u{202e}dev",
        at: "2026-11-24T12:00:00Z".parse().unwrap(),
        tool_version: "0.1.0",
    })
}

#[test]
fn test_results_fail_or_err_as_the_program_ends() {
    let off = "{\"codeWhisperer.shareCodeWhispererContentWithAWS\": false, \"telemetry.enabled\": false}";
    let (on, broken, sam) = ("{}", "{", "{\"telemetryEnabled\": false}");
    // What is in the files, whether usage data counts, whether some case fails, whether some case errs.
    for (kiro, sam, telemetry, fails, errs) in [
        (off, sam, true, false, false),
        (on, sam, false, true, false),
        (broken, sam, false, false, true),
        (off, "{}", false, false, false),
        (off, "{}", true, true, false),
        (off, "{", false, false, false),
        (off, "{", true, false, true),
    ] {
        let text = look_at(&report(kiro, sam), |looked| junit(looked, telemetry));
        assert_eq!((text.contains("<failure "), text.contains("<error ")), (fails, errs), "{kiro} {sam} {telemetry}");
        assert!(!text.contains('\u{202e}') && !text.contains("<s>"), "{text}");
    }
}

#[test]
fn every_setting_is_an_event_of_its_own_with_an_id_that_stays() {
    let ids = |at: &str| -> Vec<String> {
        let text = looked(|looked| ocsf(&Looked { at: at.parse().unwrap(), ..*looked }));
        let events: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        events.iter().map(|event| event["finding_info"]["uid"].to_string()).collect()
    };
    let today = ids("2026-11-24T12:00:00Z");
    assert_eq!(today, ids("2026-11-25T12:00:00Z"));
    let mut once = today.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), today.len());
    let findings = looked(|looked| looked.report.products.iter().map(|tool| tool.findings.len()).sum::<usize>());
    assert_eq!(today.len(), findings + 2);
}

#[test]
fn a_report_reads_back_what_was_written() {
    let text = looked(json);
    let read = crate::reach::Workstation::parse(&crate::source::Source::new("w.json", text)).unwrap();
    assert_eq!(read.machine.as_deref(), Some("ann<s> ]]> \u{ffff}box"));
    assert_eq!((read.content.word(), read.telemetry.word()), ("opted-out", "sharing"));
    let installed: Vec<&str> = read.installed().map(|tool| tool.id.as_str()).collect();
    assert_eq!(installed, ["kiro-cli", "aws-sam-cli"]);
}
