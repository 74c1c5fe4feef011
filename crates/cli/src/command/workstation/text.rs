//! A machine's answer for people.

use optout_core::report::{Styled, Tone};
use optout_core::source::shown;
use optout_core::workstation::{Finding, Kind, ProductReport, Report, Verdict};

/// The answer for the machine of this name; `all` shows tools that are not installed and settings that are fine.
pub(super) fn render(report: &Report, name: Option<&str>, all: bool) -> Styled {
    let mut out = Styled::default();
    out.push(tone(report.content), report.content.word().to_uppercase());
    out.push(Tone::Strong, "  content").plain(format!(
        " of AWS developer tools on {} ({})\n",
        shown(name.unwrap_or("this machine")),
        report.os.name()
    ));
    out.plain("telemetry: ").push(tone(report.telemetry), report.telemetry.word()).line();
    if !report.environment_known {
        out.push(Tone::Faint, "the environment of that machine is not known; variables can decide otherwise").line();
    }
    let here = |product: &&ProductReport| all || !product.findings.is_empty();
    report.products.iter().filter(here).for_each(|product| one(&mut out, product, all));
    out
}

const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::OptedOut => Tone::Good,
        Verdict::NotInstalled => Tone::Faint,
        Verdict::Unknown => Tone::Doubtful,
        Verdict::Sharing => Tone::Bad,
    }
}

fn one(out: &mut Styled, product: &ProductReport, all: bool) {
    out.line().push(Tone::Strong, shown(&product.name).into_owned());
    for (name, verdict) in [("content", product.content), ("telemetry", product.telemetry)] {
        if let Some(verdict) = verdict {
            out.plain(format!("  {name} ")).push(tone(verdict), verdict.word());
        }
    }
    out.line();
    let open = |finding: &&Finding| all || finding.severity.is_some();
    product.findings.iter().filter(open).for_each(|finding| setting(out, finding));
    for identity in product.identities.iter().filter(|_| all || product.content == Some(Verdict::Sharing)) {
        out.push(Tone::Faint, format!("  {}", shown(identity))).line();
    }
    if let Some(note) = &product.note {
        out.push(Tone::Faint, format!("  {}", shown(note))).line();
    }
}

fn setting(out: &mut Styled, finding: &Finding) {
    let kind = match finding.kind {
        Kind::Content => "content",
        Kind::Telemetry => "telemetry",
    };
    let instance = finding.instance.as_deref().map(|name| format!(" in {}", shown(name))).unwrap_or_default();
    out.plain("  ").push(tone(finding.verdict), format!("{:<10}", finding.verdict.word()));
    out.plain(format!("{kind}  {}{instance}: {}\n", shown(&finding.key), shown(&finding.reason.to_string())));
    if let Some(path) = &finding.path {
        out.push(Tone::Faint, format!("            {}", shown(path))).line();
    }
    for note in &finding.notes {
        out.push(Tone::Faint, format!("            {}", shown(note))).line();
    }
    if finding.severity.is_some() {
        let way = if finding.fixable { "`optout workstation fix` sets it, or" } else { "set it in the tool:" };
        out.push(Tone::Faint, format!("            {way} {}", shown(&finding.menu))).line();
    }
}
