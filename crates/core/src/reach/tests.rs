use super::{Sites, Workstation};
use crate::source::Source;

fn machine(content: &str, telemetry: &str, id: &str) -> Workstation {
    let text = format!(
        r#"{{"format":"optout.workstation/1","at":"2026-11-20T08:00:00Z","home":"/home/ann","os":"linux",
        "environment_known":true,"content":"{content}","telemetry":"{telemetry}","products":[
        {{"id":"{id}","name":"N","content":"{content}","telemetry":"{telemetry}","findings":[],"note":null}}]}}"#
    );
    Workstation::parse(&Source::new("w.json", text)).unwrap()
}

#[test]
fn a_machine_shares_where_an_assistant_shares_content_or_usage_data() {
    assert_eq!(machine("sharing", "opted-out", "amazon-q-vscode").shares(), Some(true));
    assert_eq!(machine("opted-out", "sharing", "kiro-ide").shares(), Some(true));
    assert_eq!(machine("opted-out", "unknown", "amazon-q-cli").shares(), None);
    assert_eq!(machine("not-installed", "opted-out", "amazon-q-cli").shares(), Some(false));
    assert_eq!(machine("sharing", "sharing", "aws-cdk-cli").shares(), Some(false), "no assistant");
}

#[test]
fn other_files_are_refused_with_the_place_and_what_was_expected() {
    for (text, message) in [
        ("{", "w.json:1:1: EOF while parsing an object"),
        ("{\"format\":\"optout.website/1\"}", "w.json:1:1: its format is `optout.website/1`"),
        ("{}", "w.json:1:1: its format is `none`"),
        ("{\"format\":\"optout.workstation/1\"}", "missing field `at`"),
        (
            "{\"format\":\"optout.workstation/1\",\n\"at\":\"2026-11-20T08:00:00Z\",\"home\":\"h\",\"os\":\"linux\",\n\
             \"content\":\"fine\"}",
            "w.json:3:16: unknown variant `fine`",
        ),
    ] {
        let error = Workstation::parse(&Source::new("w.json", text)).unwrap_err().to_string();
        assert!(error.contains(message) && error.contains("optout workstation check"), "{error}");
    }
}

#[test]
fn a_site_is_kept_from_crawlers_only_for_a_preset_that_is_known() {
    let site = |preset: &str, verdict: &str| {
        let text = format!(
            r#"{{"format":"optout.website/1","at":"2026-11-20T08:00:00Z","sites":[{{"name":"https://example.com/robots.txt",
            "preset":"{preset}","verdict":"{verdict}","fetch":"26 bytes","redirects":[],"crawlers":[],"notes":[]}}]}}"#
        );
        Sites::parse(&Source::new("s.json", text)).unwrap().sites.remove(0).shares()
    };
    assert_eq!(site("aws-training", "opted-out"), Some(false));
    assert_eq!(site("ours", "opted-out"), None);
    assert_eq!(site("ours", "sharing"), Some(true));
    assert_eq!(site("ai-all", "unknown"), None);
}
