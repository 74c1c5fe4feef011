//! What is seen first: the answer, how sure it is, and the few numbers that matter.

use std::collections::BTreeMap;

use super::markup::Html;
use super::{Page, words};
use crate::check::{AccountResult, AccountVerdict, Decision, ServiceVerdict, Severity};
use crate::org::Scope;
use crate::report::answer;
use crate::report::case::causes_by_gravity;

/// The title of the document.
pub(super) fn title(page: &Page<'_, '_>) -> String {
    let assessment = page.assessment();
    let organization = assessment.snapshot.organization().map(|it| it.id.to_string());
    let organization = organization.unwrap_or_else(|| "no organization".to_owned());
    let verdict = words::account(assessment.verdict).word;
    format!("AI opt-out report: {verdict}, {organization}, {}", assessment.at.strftime("%Y-%m-%d"))
}

/// The line above everything: what this is, of whom, when.
pub(super) fn masthead(page: &Page<'_, '_>, out: &mut Html) {
    let assessment = page.assessment();
    out.raw("<header class=\"masthead\"><p class=\"brand\">optout <span>AI services opt-out report</span></p><p>");
    if let Some(organization) = assessment.snapshot.organization() {
        out.raw("<code>").show(&organization.id).raw("</code> ");
    }
    out.raw("<time datetime=\"")
        .text(&machine(assessment.at))
        .raw("\">")
        .text(&time(assessment.at))
        .raw("</time></p></header>\n");
}

/// A time for machines: HTML allows three digits after the second at most.
fn machine(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A time for people.
pub(super) fn time(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The answer.
pub(super) fn answer(page: &Page<'_, '_>, out: &mut Html) {
    let look = words::account(page.assessment().verdict);
    out.raw("<section id=\"answer\" class=\"answer ").raw(look.class).raw("\" aria-labelledby=\"answer-title\">\n");
    out.raw("<p class=\"question\">May AWS use this content to improve its AI services?</p>\n<p class=\"verdict\">");
    look.chip(out);
    decision(page.report.decision, out);
    out.raw("</p>\n<h1 id=\"answer-title\">").text(&sentence(page)).raw("</h1>\n");
    out.raw("<p class=\"meaning\">").raw(meaning(page.assessment().verdict)).raw("</p>\n");
    bar(page, out);
    sure(page, out);
    out.raw("</section>\n");
    tiles(page, out);
}

fn sentence(page: &Page<'_, '_>) -> String {
    let sentence = answer::without_organization(page.report.assessment);
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

const fn meaning(verdict: AccountVerdict) -> &'static str {
    match verdict {
        AccountVerdict::OptedIn => "At least one account has a service opted in, and no exception allows it.",
        AccountVerdict::NotOptedOut => {
            "At least one account is not opted out: where no policy says anything, AWS’s default lets it use the content."
        }
        AccountVerdict::Unknown => {
            "Something could not be read. What is unknown is neither a pass nor a failure; it is named below."
        }
        AccountVerdict::OptedOutToday => {
            "Every service known today is opted out, by name. A service that AWS adds later would start opted in."
        }
        AccountVerdict::OptedOut => "Every known service is opted out, and so is every service that AWS adds later.",
        AccountVerdict::Excepted => "What is opted in is declared in the intent and approved until a date.",
    }
}

fn decision(decision: Decision, out: &mut Html) {
    match decision {
        Decision::Holds => out.raw("<span class=\"decision\">It holds.</span>"),
        Decision::Fails => out.raw("<span class=\"decision\">It does not hold.</span>"),
        Decision::Undetermined => out.raw("<span class=\"decision\">It could not be determined.</span>"),
    };
}

/// The counted accounts by verdict, worst first.
fn verdicts(page: &Page<'_, '_>) -> Vec<(AccountVerdict, usize)> {
    let mut verdicts: BTreeMap<AccountVerdict, usize> = BTreeMap::new();
    page.assessment().counted().for_each(|account| *verdicts.entry(account.verdict).or_default() += 1);
    verdicts.into_iter().rev().collect()
}

/// The width of the bar in its own units.
const WIDTH: usize = 1_000;

/// How the accounts share out: a bar, and the same in words.
fn bar(page: &Page<'_, '_>, out: &mut Html) {
    let verdicts = verdicts(page);
    let all: usize = verdicts.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return;
    }
    out.raw("<svg class=\"bar\" viewBox=\"0 0 1000 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">");
    let mut before = 0;
    for (verdict, count) in &verdicts {
        let (from, to) = (before * WIDTH / all, (before + count) * WIDTH / all);
        before += count;
        out.raw("<rect class=\"").raw(words::account(*verdict).class).raw("\" x=\"").show(from);
        out.raw("\" y=\"0\" height=\"12\" width=\"").show((to - from).saturating_sub(2).max(2)).raw("\"/>");
    }
    out.raw("</svg>\n<ul class=\"legend\">");
    for (verdict, count) in &verdicts {
        let look = words::account(*verdict);
        out.raw("<li><strong>").text(&words::number(*count)).raw("</strong> ");
        look.chip(out);
        out.raw("<span class=\"explained\">").raw(look.meaning).raw("</span></li>");
    }
    out.raw("</ul>\n");
}

/// How sure it is, and on whose answer.
fn sure(page: &Page<'_, '_>, out: &mut Html) {
    let assessment = page.assessment();
    let bases = answer::bases(page.report.assessment);
    out.raw("<p class=\"sure\"><strong>How sure:</strong> ");
    match bases.is_empty() {
        true => out.raw("no account was judged"),
        false => out.text(&bases.join("; ").replace('\'', "’")),
    };
    out.raw(". Read ")
        .text(&time(assessment.snapshot.taken))
        .raw(". <a href=\"#provenance\">Where this comes from</a></p>\n");
    excepted(page, out);
    if assessment.computed_counts {
        out.raw("<p class=\"note\">AWS’s answers were not used, as asked: every verdict is computed from the attached policies.</p>\n");
    }
    if let Scope::Account(id) = assessment.snapshot.scope {
        out.raw("<p class=\"note\">This report speaks about account ").show(id);
        out.raw(" alone: its credentials may ask for nothing else.</p>\n");
    } else if assessment.partial {
        out.raw("<p class=\"note\">Only the accounts that were named were judged; the others are out of sight.</p>\n");
    }
}

/// Accounts of which a service is opted in as declared: their verdict does not say so, and AWS may use that content all the same.
fn excepted(page: &Page<'_, '_>, out: &mut Html) {
    let assessment = page.assessment();
    let is = |account: &&AccountResult| {
        let mut keys = assessment.keys.iter();
        keys.any(|(key, _)| assessment.service(account, key) == ServiceVerdict::Excepted)
    };
    let count = assessment.counted().filter(is).count();
    if count > 0 {
        out.raw("<p class=\"note excepted\">By declared <a href=\"#exceptions\">exceptions</a> AWS may use the content of some services of ");
        out.text(&words::counted(count, "account")).raw(".</p>\n");
    }
}

fn tiles(page: &Page<'_, '_>, out: &mut Html) {
    let assessment = page.assessment();
    let (all, counted) = (assessment.accounts.len(), assessment.counted().count());
    let open = assessment.counted().filter(|account| super::is_open(assessment, account)).count();
    let causes = causes_by_gravity(page.report);
    let grave = causes.iter().filter(|cause| cause.severity >= Severity::High && cause.accepted.is_none()).count();
    out.raw("<ul class=\"tiles\">\n");
    tile(out, "#accounts", &words::number(counted), "accounts judged", &apart(all - counted));
    tile(out, "#findings", &words::number(grave), "critical or high problems", "not accepted by anybody");
    tile(
        out,
        "#organization",
        &words::number(open),
        "accounts without a full lock",
        "a policy below could change the answer, or that is unknown",
    );
    tile(
        out,
        "#unknowns",
        &words::number(page.report.unknowns.len()),
        "things not known",
        "each with what it would take",
    );
    out.raw("</ul>\n");
}

fn apart(count: usize) -> String {
    match count {
        0 => "every account counts".to_owned(),
        count => format!("{} more not counted: suspended, closed or not yet active", words::number(count)),
    }
}

fn tile(out: &mut Html, to: &'static str, number: &str, what: &'static str, more: &str) {
    out.raw("<li><a href=\"").raw(to).raw("\"><strong>").text(number).raw("</strong> <span>").raw(what);
    out.raw("</span> <small>").text(more).raw("</small></a></li>\n");
}
