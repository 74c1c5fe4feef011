//! Sites for people: the verdict in one line, the crawlers of the preset with the line that decides, then what to know.

use super::{Checked, because, caveat, outcome};
use crate::report::{Styled, Tone};
use crate::source::shown;
use crate::website::check::{CrawlerCheck, PathCheck, Verdict};

/// The sites as text; `all` shows the crawlers outside the preset too.
#[must_use]
pub fn render(sites: &[Checked], all: bool) -> Styled {
    let mut out = Styled::default();
    for (at, site) in sites.iter().enumerate() {
        if at > 0 {
            out.line();
        }
        one(&mut out, site, all);
    }
    out
}

const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::OptedOut => Tone::Good,
        Verdict::Unknown => Tone::Doubtful,
        Verdict::Sharing => Tone::Bad,
    }
}

fn one(out: &mut Styled, site: &Checked, all: bool) {
    let check = &site.check;
    out.push(tone(check.verdict), check.verdict.word().to_uppercase());
    out.push(Tone::Strong, format!("  {}", shown(&site.name)));
    out.plain(format!("  preset {}, {}\n", shown(&check.preset), shown(&outcome(&site.fetched))));
    for hop in &site.fetched.redirects {
        out.push(Tone::Faint, format!("  redirect {} to {}", hop.status, shown(&hop.location))).line();
    }
    let wanted = check.crawlers.iter().filter(|crawler| all || crawler.in_preset);
    wanted.for_each(|crawler| one_crawler(out, crawler));
    let others = check.crawlers.iter().filter(|crawler| !crawler.in_preset).count();
    if !all && others > 0 {
        out.push(Tone::Faint, format!("  {others} crawlers outside the preset (--all shows them)")).line();
    }
    for note in &check.notes {
        out.push(Tone::Doubtful, format!("  line {}", note.line)).plain(format!(": {}\n", shown(&note.message)));
    }
}

fn one_crawler(out: &mut Styled, check: &CrawlerCheck) {
    let crawler = &check.crawler;
    let mark = if check.in_preset { "" } else { ", not in the preset" };
    out.plain("  ").push(tone(check.verdict), format!("{:<10}", check.verdict.word()));
    out.push(Tone::Strong, format!(" {}", shown(&crawler.token)));
    out.plain(format!("  {} ({}{mark})\n", shown(&crawler.vendor), crawler.purpose));
    check.paths.iter().for_each(|path| one_path(out, path));
    for page in &check.pages {
        let kept = if page.kept_from_training { ", kept out of training" } else { "" };
        out.plain(format!("      page {}: {}{kept}\n", shown(&page.path), shown(&page.directives.join(", "))));
    }
    for known in &check.caveats {
        out.push(Tone::Faint, format!("      {}", caveat(*known))).line();
    }
}

fn one_path(out: &mut Styled, path: &PathCheck) {
    let word = |allowed: Option<bool>| match allowed {
        Some(true) => "may fetch",
        Some(false) => "may not fetch",
        None => "cannot be said",
    };
    let read = &path.rfc_9309;
    out.plain(format!("      {}: {}, {}\n", shown(&path.path), word(read.allowed), shown(&because(read))));
    if path.amazon != path.rfc_9309 {
        let amazon = &path.amazon;
        let line = format!("        as Amazon documents it: {}, {}", word(amazon.allowed), shown(&because(amazon)));
        out.push(Tone::Faint, line).line();
    }
}
