//! `optout lint`: opt-out policies in files, judged before AWS sees them.

use optout_core::check::Severity;
use optout_core::lint::{self, Checked, Finding, Lines, MOST_BYTES};
use optout_core::report::{Styled, Tone};
use optout_core::source::{Source, shown};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{CatalogueOptions, Format, Line, OutputOptions};
use crate::ui::Ui;

/// Check AI services opt-out policies in files: would AWS accept them, and what do they leave open
///
/// A document that AWS would refuse is a result like any other, with every reason and its place. Exit code 2 when a
/// document is inadmissible or a finding is at or above --fail-on, 1 when a file cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout lint policy.json
  optout lint --fail-on medium --format json policies/root.json policies/lab.json
  terraform show -json | jq -r .policy | optout lint -")]
pub(crate) struct Args {
    /// The policy documents; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Fail from this severity on
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Line::High)]
    fail_on: Line,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let catalogue = args.catalogue.load()?;
    let (mut checked, mut exit) = (Vec::new(), Exit::Holds);
    for path in &args.files {
        match file::read_up_to(path, MOST_BYTES as u64) {
            Ok(bytes) => checked.push(check(path, bytes, &catalogue)),
            Err(error) => {
                ui.error(&error);
                exit = Exit::Wrong;
            }
        }
    }
    match args.format {
        Format::Json => args.output.json(ui, &lint::json(&checked))?,
        Format::Text => args.output.styled(ui, &text(&checked))?,
    }
    let line = Severity::from(args.fail_on);
    Ok(exit.and(Exit::fails_if(checked.iter().any(|document| document.fails(line)))))
}

fn check(path: &str, bytes: Vec<u8>, catalogue: &optout_core::catalogue::Catalogue) -> Checked {
    if bytes.len() > MOST_BYTES {
        let size = std::fs::metadata(path).map_or(bytes.len() as u64, |data| data.len().max(bytes.len() as u64));
        return lint::too_large(path, size);
    }
    match Source::from_bytes(path, bytes) {
        Ok(source) => lint::lint(&source, catalogue),
        Err(rejected) => lint::refused(&rejected),
    }
}

fn text(checked: &[Checked]) -> Styled {
    let mut out = Styled::default();
    for document in checked {
        let lines = document.lines();
        document.findings.iter().for_each(|finding| describe(&mut out, &lines, finding));
        summary(&mut out, document);
    }
    out
}

fn describe(out: &mut Styled, lines: &Lines<'_>, finding: &Finding) {
    out.push(tone(finding.severity), finding.severity.as_str()).push(Tone::Faint, format!("[{}]", finding.rule));
    out.push(Tone::Strong, format!(": {}", shown(&finding.message))).line();
    out.plain(lines.excerpt(finding));
    if let Some(help) = &finding.help {
        out.push(Tone::Faint, "  help: ").plain(shown(help)).line();
    }
    out.line();
}

fn summary(out: &mut Styled, document: &Checked) {
    let (tone, word) = if document.admissible { (Tone::Good, "admissible") } else { (Tone::Bad, "inadmissible") };
    let found = match document.findings.len() {
        0 => "nothing found".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    out.plain(format!("{}: ", shown(&document.source.name))).push(tone, word).plain(format!(", {found}\n"));
}

const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical | Severity::High => Tone::Bad,
        Severity::Medium => Tone::Doubtful,
        Severity::Low | Severity::Info => Tone::Faint,
    }
}
