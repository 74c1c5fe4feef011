//! Verdicts over a whole site: both readings, both kinds of readers, pages, caveats.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail a test this way")]

use optout_core::website::check::{Caveat, CrawlerCheck, Reason, Site, SiteCheck, Verdict, check};
use optout_core::website::crawler::CrawlerCatalogue;
use optout_core::website::fetched::{Fetched, Outcome, Redirect, Why};
use optout_core::website::page::Page;

fn site(robots: &Fetched, paths: &[&str], pages: &[Page], preset: &str) -> SiteCheck {
    let catalogue = CrawlerCatalogue::embedded();
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    check(&Site { robots, paths: &paths, pages }, catalogue.preset(preset).unwrap(), catalogue)
}

fn of<'a>(check: &'a SiteCheck, token: &str) -> &'a CrawlerCheck {
    check.crawlers.iter().find(|check| check.crawler.token == token).unwrap()
}

fn verdict(robots: &Fetched, token: &str) -> Verdict {
    of(&site(robots, &[], &[], "ai-all"), token).verdict
}

const CLOSED: &str = "User-agent: *\nDisallow: /\n";

fn redirected(text: &str) -> Fetched {
    let hop = Redirect { status: 301, location: "https://www.example.com/robots.txt".into() };
    Fetched { redirects: vec![hop], outcome: Outcome::Text(text.into()) }
}

fn status(status: u16) -> Fetched {
    Fetched { redirects: Vec::new(), outcome: Outcome::Status(status) }
}

#[test]
fn the_verdict_of_a_site_is_the_worst_of_the_presets_crawlers() {
    let robots = Fetched::text("User-agent: Amazonbot\nDisallow: /\n");
    assert_eq!(site(&robots, &[], &[], "aws-training").verdict, Verdict::OptedOut);
    assert_eq!(site(&robots, &[], &[], "aws-all").verdict, Verdict::Sharing);
    let check = site(&robots, &[], &[], "aws-training");
    assert!(of(&check, "Amazonbot").in_preset && !of(&check, "GPTBot").in_preset);
    assert_eq!(of(&check, "GPTBot").verdict, Verdict::Sharing, "others are shown, and do not count");
}

#[test]
fn each_path_has_its_answer_and_the_worst_counts() {
    let robots = Fetched::text("User-agent: Amazonbot\nDisallow: /\nAllow: /open\n");
    let check = site(&robots, &["/", "https://example.com/open/a"], &[], "aws-training");
    let amazonbot = of(&check, "Amazonbot");
    let paths: Vec<_> = amazonbot.paths.iter().map(|path| (path.path.as_str(), path.verdict)).collect();
    assert_eq!(paths, [("/", Verdict::OptedOut), ("/open/a", Verdict::Sharing)]);
    assert_eq!(amazonbot.paths[1].rfc_9309.decided_by.as_ref().map(|line| line.line), Some(3));
    assert_eq!(check.verdict, Verdict::Sharing);
}

#[test]
fn a_missing_file_shares_in_both_readings() {
    assert_eq!(
        (verdict(&status(404), "Amazonbot"), verdict(&status(404), "GPTBot")),
        (Verdict::Sharing, Verdict::Sharing)
    );
    assert_eq!(
        (verdict(&status(403), "Amazonbot"), verdict(&status(403), "GPTBot")),
        (Verdict::Sharing, Verdict::Sharing)
    );
}

#[test]
fn a_failing_server_shares_with_amazon_and_is_unknown_for_others_and_one_that_nobody_reached_is_unknown() {
    let unreached = Fetched { redirects: Vec::new(), outcome: Outcome::Unreachable("timed out".into()) };
    for (failing, amazon) in [(status(503), Verdict::Sharing), (unreached, Verdict::Unknown)] {
        let check = site(&failing, &[], &[], "ai-all");
        let (amazonbot, gptbot) = (of(&check, "Amazonbot"), of(&check, "GPTBot"));
        assert_eq!((amazonbot.verdict, gptbot.verdict), (amazon, Verdict::Unknown));
        assert_eq!((amazonbot.paths[0].rfc_9309.allowed, amazonbot.paths[0].amazon.allowed), (Some(false), Some(true)));
        assert_eq!(
            (amazonbot.caveats.clone(), gptbot.caveats.clone()),
            (vec![Caveat::OlderCopy], vec![Caveat::WhileItFails])
        );
    }
}

#[test]
fn a_redirect_is_shown_in_both_readings() {
    let check = site(&redirected(CLOSED), &[], &[], "ai-all");
    let path = &of(&check, "Amazonbot").paths[0];
    assert_eq!((path.rfc_9309.allowed, path.amazon.allowed), (Some(false), Some(true)));
    assert_eq!(path.amazon.reason, Reason::Fetch(Why::Redirected));
    assert_eq!((of(&check, "Amazonbot").verdict, of(&check, "GPTBot").verdict), (Verdict::Unknown, Verdict::OptedOut));
    assert_eq!(verdict(&redirected(""), "Amazonbot"), Verdict::Sharing);
}

#[test]
fn what_was_not_asked_is_unknown() {
    let unasked = Fetched { redirects: Vec::new(), outcome: Outcome::NotAsked("a private address".into()) };
    let check = site(&unasked, &[], &[], "ai-all");
    assert!(check.crawlers.iter().all(|check| check.verdict == Verdict::Unknown));
}

#[test]
fn readers_that_differ_over_a_misspelling_make_it_unknown() {
    for text in ["User-agent: Amazonbot\nDisalow: /\n", "User-agent: Amazonbot\nDisallow: /\nallow /\n"] {
        let check = site(&Fetched::text(text), &[], &[], "aws-training");
        assert_eq!(check.verdict, Verdict::Unknown, "{text}");
        assert_eq!(of(&check, "Amazonbot").paths[0].rfc_9309.reason, Reason::Misspelling);
        assert_eq!(check.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["misspelled"]);
    }
}

#[test]
fn rules_after_the_limit_make_it_unknown_only_where_they_decide() {
    let filler = "#".repeat(512_000);
    let late = |start: &str, end: &str| Fetched::text(format!("{start}{filler}\n{end}"));
    let opens = late("User-agent: Amazonbot\nDisallow: /\n", "Allow: /\n");
    let check = site(&opens, &[], &[], "aws-training");
    assert_eq!(of(&check, "Amazonbot").paths[0].rfc_9309.reason, Reason::OverLimit);
    assert_eq!(check.verdict, Verdict::Unknown);
    let same = late("User-agent: Amazonbot\nDisallow: /\n", "Disallow: /x\n");
    assert_eq!(site(&same, &[], &[], "aws-training").verdict, Verdict::OptedOut);
}

#[test]
fn vendors_words_are_caveats_and_change_no_verdict() {
    let check = site(&Fetched::text(CLOSED), &[], &[], "ai-all");
    assert_eq!(of(&check, "ChatGPT-User").verdict, Verdict::OptedOut);
    assert_eq!(of(&check, "ChatGPT-User").caveats, [Caveat::MayIgnoreRobots]);
    let unproven = [Caveat::RobotsUndocumented, Caveat::TokenUnproven, Caveat::TokenObsolete];
    assert_eq!(of(&check, "anthropic-ai").caveats, unproven);
    assert_eq!(of(&check, "Amazonbot").caveats, []);
}

#[test]
fn pages_tell_amazon_not_to_train_only_where_that_is_documented() {
    let page = |html: &str, header: &[&str]| Page {
        path: "/a".into(),
        html: html.into(),
        x_robots_tag: header.iter().map(|value| (*value).to_owned()).collect(),
    };
    let told = |page: Page| {
        let check = site(&Fetched::text(""), &[], &[page], "aws-training");
        of(&check, "Amazonbot").pages.first().map(|page| (page.directives.clone(), page.kept_from_training))
    };
    let found = |name: &str, kept| Some((vec![name.to_owned()], kept));
    assert_eq!(told(page("<meta name=robots content=NOARCHIVE>", &[])), found("noarchive", true));
    assert_eq!(told(page("<meta name=amazonbot content=noarchive>", &[])), found("noarchive", false));
    assert_eq!(told(page("", &["amazonbot: noarchive"])), found("noarchive", false));
    assert_eq!(told(page("<meta name=robots content=none>", &[])), found("none", false));
    assert_eq!(told(page("<meta name=googlebot content=noarchive>", &["bingbot: none"])), None);
    assert_eq!(told(page("<!-- <meta name=robots content=noarchive> -->", &[])), None);
}

#[test]
fn hostile_pages_are_read_in_their_stride() {
    let megabytes = 10 * 1024 * 1024;
    for html in [
        "<".repeat(megabytes),
        "<meta ".repeat(megabytes / 6),
        "<script></".repeat(megabytes / 10),
        "<a b='".repeat(megabytes / 6),
        "<!--".repeat(megabytes / 4),
        "\0".repeat(megabytes),
    ] {
        assert_eq!(Page { html, ..Page::default() }.directives(), []);
    }
    let value = ",:".repeat(50_000);
    assert!(
        Page { x_robots_tag: vec![value], ..Page::default() }.directives().iter().all(|found| found.name.is_empty())
    );
}
