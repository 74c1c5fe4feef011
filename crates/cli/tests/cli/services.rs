//! `optout services` and `optout services check`.

use crate::harness::Optout;

#[test]
fn the_catalogue_says_how_old_it_is() {
    let ran = Optout::new("services --filter transcribe --covered --at 2027-01-01").run();
    insta::assert_snapshot!(ran, @r#"
    exit 0
    --- stdout
    key         AWS on content  opting out              terms  name
    transcribe  may-use         high, cannot be undone  §50.3  Amazon Transcribe
    --- stderr
    note: `default` and 38 service keys, as AWS listed them on 2026-11-23 (39 days ago)
    "#);
}

#[test]
fn filters_are_combined() {
    let rows = |arguments: &str| Optout::new(arguments).run().json()["services"].as_array().unwrap().clone();
    let all = rows("services --format json");
    let (covered, not) = (rows("services --format json --covered"), rows("services --format json --not-covered"));
    assert_eq!(all.len(), covered.len() + not.len());
    assert!(not.iter().all(|row| row["key"].is_null()) && covered.iter().all(|row| row["key"].is_string()));
    assert!(rows("services --format json --irreversible").iter().all(|row| row["irreversible"] == true));
    assert!(rows("services --format json --filter nothing-like-this").is_empty());
}

#[test]
fn a_new_key_on_the_page_fails_and_comes_as_toml() {
    let page = include_str!("../../../core/tests/data/catalogue/page-2026.md");
    let current = Optout::new("services check page.md --at 2026-11-24").file("page.md", page).run();
    assert_eq!(current.code, 0, "{current}");
    let newer = page.replacen("`lex`", "`newest`\n+ `lex`", 1);
    let ran = Optout::new("services check page.md --at 2026-11-24").file("page.md", newer).run();
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.contains("key = \"newest\""), "{ran}");
}

#[test]
fn a_page_that_is_another_one_is_refused() {
    let ran = Optout::new("services check page.html").file("page.html", "<html><body>Sign in</body></html>").run();
    insta::assert_snapshot!(ran, @r#"
    exit 1
    --- stdout

    --- stderr
    error: this is not AWS's page on the syntax of opt-out policies: `opt_out_policy` does not occur in it
     --> page.html
      help: save orgs_manage_policies_ai-opt-out_syntax.html (or .md) of the AWS Organizations User Guide
    "#);
}
