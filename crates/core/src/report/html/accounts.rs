//! The accounts: a plain table that needs no script and can be printed, and beside it the frame of the table of accounts
//! by services, which the script fills with as many rows as can be seen.

use std::cmp::Reverse;

use super::markup::Html;
use super::{Page, Section, words};
use crate::check::{AccountLock, AccountResult, AccountVerdict, Basis, ServiceVerdict};

pub(super) const SECTION: Section = Section {
    id: "accounts",
    title: "Accounts and services",
    count: |page| Some(page.assessment().accounts.len()),
    present: |_| true,
    body,
};

/// How many accounts the plain table has at most.
pub(super) const PLAIN: usize = 1_000;
/// How many services are named in one cell.
const NAMED: usize = 6;

fn body(page: &Page<'_, '_>, out: &mut Html) {
    let all = page.assessment().accounts.len();
    if all == 0 {
        out.raw("<p class=\"empty\">No account was judged.</p>\n");
        return;
    }
    legend(out);
    grid(page, out);
    plain(page, out);
}

fn legend(out: &mut Html) {
    out.raw("<ul class=\"legend small\">");
    for verdict in ServiceVerdict::ALL {
        let look = words::service(*verdict);
        look.chip(out.raw("<li>"));
        out.raw("<span class=\"explained\">").raw(look.meaning).raw("</span></li>");
    }
    out.raw("</ul>\n");
}

/// What the script fills. Without one it is not shown.
fn grid(page: &Page<'_, '_>, out: &mut Html) {
    out.raw("<div class=\"script\" id=\"matrix\">\n<search class=\"filters\" id=\"filters\" aria-label=\"Filter the accounts\">\n");
    out.raw("<p><label for=\"find\">Find</label><input type=\"search\" id=\"find\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"Name, id or unit\"></p>\n");
    out.raw("<p><label for=\"by-verdict\">Verdict</label><select id=\"by-verdict\"><option value=\"\">Any</option>");
    for verdict in AccountVerdict::ALL.iter().rev() {
        out.raw("<option value=\"")
            .raw(verdict.as_str())
            .raw("\">")
            .raw(words::account(*verdict).word)
            .raw("</option>");
    }
    out.raw(
        "</select></p>\n<p><label for=\"by-lock\">Lock</label><select id=\"by-lock\"><option value=\"\">Any</option>",
    );
    for lock in AccountLock::ALL {
        out.raw("<option value=\"").raw(lock.as_str()).raw("\">").raw(words::lock(*lock).word).raw("</option>");
    }
    out.raw("</select></p>\n<p><label for=\"by-service\">Not opted out of</label><select id=\"by-service\"><option value=\"\">Anything</option>");
    for (key, name) in page.assessment().keys.iter() {
        out.raw("<option value=\"").show(key.index()).raw("\">").text(name).raw("</option>");
    }
    out.raw("</select></p>\n<p><label for=\"order\">Order</label><select id=\"order\"><option value=\"worst\">Worst first</option>");
    out.raw("<option value=\"name\">By name</option><option value=\"id\">By id</option></select></p>\n");
    out.raw("<p><label for=\"show\">Show</label><select id=\"show\"><option value=\"verdicts\">Verdicts</option><option value=\"locks\">Locks</option></select></p>\n");
    out.raw("<p class=\"check\"><input type=\"checkbox\" id=\"differing\"><label for=\"differing\">Only services unlike <code>default</code></label></p>\n");
    out.raw("<p><button type=\"button\" id=\"clear\">Clear</button></p>\n</search>\n");
    out.raw("<p id=\"found\" role=\"status\" aria-live=\"polite\"></p>\n");
    out.raw("<p class=\"keys\">Arrow keys move through the table, Enter shows why.</p>\n");
    out.raw("<div class=\"viewport\" id=\"viewport\"></div>\n</div>\n");
}

fn plain(page: &Page<'_, '_>, out: &mut Html) {
    let all = page.assessment().accounts.len();
    out.raw("<div class=\"plain-accounts\">\n");
    if all > PLAIN {
        out.raw("<p class=\"note\">The first ").text(&words::number(PLAIN)).raw(" of ").text(&words::number(all));
        out.raw(" accounts, worst first. With a script the page shows all of them; <code>optout verify --format json</code> lists all of them.</p>\n");
    }
    out.raw(
        "<section class=\"scroll\" aria-label=\"Table: accounts\" tabindex=\"0\"><table class=\"plain\">\n<thead><tr>",
    );
    for title in ["Account", "Where", "Verdict", "Not opted out", "Lock", "On whose answer", "Why"] {
        out.raw("<th scope=\"col\">").raw(title).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    worst_first(page).into_iter().take(PLAIN).for_each(|account| row(page, out, account));
    out.raw("</tbody></table></section>\n</div>\n");
}

/// Counted accounts first, worst verdicts first, then by id.
fn worst_first<'p>(page: &'p Page<'_, '_>) -> Vec<&'p AccountResult> {
    let mut accounts: Vec<&AccountResult> = page.assessment().accounts.iter().collect();
    accounts.sort_by_key(|it| (Reverse(it.counted), Reverse(it.verdict)));
    accounts
}

fn row(page: &Page<'_, '_>, out: &mut Html, result: &AccountResult) {
    let assessment = page.assessment();
    let account = assessment.account(result);
    out.raw("<tr id=\"account-").show(result.id).raw("\"><th scope=\"row\">");
    out.name(account.map_or("", |account| account.name.as_str())).raw(" <code>").show(result.id).raw("</code>");
    if !result.counted {
        out.raw(" <span class=\"quiet\">not counted: ").text(account.map_or("", |it| it.state.as_str())).raw("</span>");
    }
    out.raw("</th><td>");
    if let (Some(parent), Some(tree)) = (account.and_then(|account| account.parent.as_ref()), page.tree) {
        out.name(&tree.names(parent));
    }
    out.raw("</td><td>");
    words::account(result.verdict).chip(out);
    out.raw("</td><td>");
    exposed(page, out, result);
    out.raw("</td><td>");
    words::lock(assessment.group(result).map_or(AccountLock::Unknown, |group| group.lock)).chip(out);
    out.raw("</td><td>").raw(words::basis(result.basis));
    if let Basis::AwsChain(other) = result.basis {
        out.raw(" as <code>").show(other).raw("</code>");
    }
    out.raw("</td><td>");
    match page.classes.of(result.id) {
        Some(class) if page.classes.is_explained(class) => {
            out.raw("<a href=\"#why-").show(class + 1).raw("\">group ").show(class + 1).raw("</a>");
        }
        Some(_) | None => {
            out.raw("<code>optout explain</code>");
        }
    }
    out.raw("</td></tr>\n");
}

/// The services that are not opted out.
fn exposed(page: &Page<'_, '_>, out: &mut Html, result: &AccountResult) {
    let assessment = page.assessment();
    let is = |key| assessment.service(result, key) == ServiceVerdict::OptedOut;
    let exposed: Vec<&str> = assessment.keys.iter().filter(|(key, _)| !is(*key)).map(|(_, name)| name).collect();
    if exposed.len() == assessment.keys.len() {
        out.raw("every service");
        return;
    }
    for (at, name) in exposed.iter().take(NAMED).enumerate() {
        out.raw(if at == 0 { "" } else { ", " }).raw("<code>").text(name).raw("</code>");
    }
    if exposed.len() > NAMED {
        out.raw(" and ").show(exposed.len() - NAMED).raw(" more");
    }
    if exposed.is_empty() {
        out.raw("<span class=\"quiet\">nothing</span>");
    }
}

/// Where the script shows one account.
pub(super) fn dialog(out: &mut Html) {
    out.raw("<dialog id=\"account\" aria-labelledby=\"account-name\"><div class=\"sheet\"><p class=\"sheet-tools\">");
    out.raw("<button type=\"button\" id=\"close\">Close</button></p><h2 id=\"account-name\">Account</h2>");
    out.raw("<div id=\"account-body\"></div></div></dialog>\n");
}
