//! `optout workstation fix`: the smallest change of settings files that opts out.

use std::path::Path;

use optout_core::workstation::{Edit, Facts, Kind, Refusal, Repair, Report, Verdict, fix, repairs};

use super::{Line, MachineOptions, Subject, exit};
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Change the settings files of AWS developer tools so that nothing is shared, and nothing else
///
/// Shows every change and asks before it writes. Comments, order, encoding and permissions stay; a file that cannot
/// be understood is left alone. The old file stays beside the new one with .bak at its end.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout workstation fix --dry-run
  optout workstation fix --telemetry --yes")]
pub(super) struct Args {
    #[command(flatten)]
    machine: MachineOptions,

    /// End usage data too, not only the sharing of content
    #[arg(long)]
    telemetry: bool,

    /// Write without asking
    #[arg(long, short, conflicts_with = "dry_run")]
    yes: bool,

    /// Show the changes and write nothing; exit code 2 when there are any
    #[arg(long)]
    dry_run: bool,
}

/// A file to be written.
struct Change {
    path: String,
    old: Option<Vec<u8>>,
    edit: Edit,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let subject = args.machine.subject()?;
    let (facts, report) = subject.look();
    let kinds: &[Kind] = if args.telemetry { &[Kind::Content, Kind::Telemetry] } else { &[Kind::Content] };
    let line = if args.telemetry { Line::Low } else { Line::High };
    let (inside, outside): (Vec<_>, Vec<_>) = repairs(&subject.clients, &report, kinds)
        .into_iter()
        .partition(|repair| subject.disk.holds(Path::new(&repair.path)));
    outside.iter().for_each(|repair| ui.warn(&format!("{} is behind a link and left alone", repair.path)));
    tell_unknown(&report, kinds, ui);
    let (changes, refused) = changes(&inside, &facts, ui);
    for change in &changes {
        ui.data(&change.edit.diff)?;
    }
    let done = if changes.is_empty() {
        ui.note("there is nothing to change");
        exit(&report, line)
    } else if args.dry_run || !agreed(args, ui, changes.len())? {
        ui.note("nothing was written");
        Exit::Fails
    } else {
        write(&changes, ui)?;
        after(&subject, line, ui)
    };
    Ok(if refused || !outside.is_empty() { done.and(Exit::Wrong) } else { done })
}

/// Says which places cannot be judged, why, and what a person can do: nothing is written there.
fn tell_unknown(report: &Report, kinds: &[Kind], ui: &mut Ui) {
    let findings = report.products.iter().flat_map(|product| &product.findings);
    let open = findings.filter(|it| it.verdict == Verdict::Unknown && !it.fixable && kinds.contains(&it.kind));
    for finding in open {
        let place = finding.path.as_deref().unwrap_or(&finding.key);
        ui.warn(&format!("{place} is left alone: {}; set it in the tool: {}", finding.reason, finding.menu));
    }
}

fn agreed(args: &Args, ui: &mut Ui, files: usize) -> Result<bool, Error> {
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    if args.yes { Ok(true) } else { ui.confirm(&format!("change {files}?")) }
}

/// The files that change, and whether one was refused, which is told.
fn changes(repairs: &[Repair<'_>], facts: &Facts, ui: &mut Ui) -> (Vec<Change>, bool) {
    let (mut changes, mut refused) = (Vec::new(), false);
    for repair in repairs {
        let old = facts.files.get(&repair.path).and_then(|content| content.as_ref().ok()).cloned();
        match fix(&repair.path, old.as_deref().unwrap_or_default(), &repair.settings) {
            Ok(edit) if edit.changed => changes.push(Change { path: repair.path.clone(), old, edit }),
            Ok(_) => {}
            Err(refusal) => {
                refused = true;
                ui.error(&told(refusal));
            }
        }
    }
    (changes, refused)
}

fn told(refusal: Refusal) -> Error {
    let help = refusal.help().unwrap_or_default();
    match refusal {
        Refusal::Text(rejected) => Error::Rejected(rejected),
        Refusal::NotProven { .. } => Error::failed(refusal.to_string(), help),
    }
}

fn write(changes: &[Change], ui: &mut Ui) -> Result<(), Error> {
    for change in changes {
        file::replace_with_backup(Path::new(&change.path), change.old.as_deref(), &change.edit.bytes)?;
        ui.note(&format!("{} is written", change.path));
    }
    Ok(())
}

/// Looks again: what was written must be what is found.
fn after(subject: &Subject, line: Line, ui: &mut Ui) -> Exit {
    let (_, report) = subject.look();
    let exit = exit(&report, line);
    if exit != Exit::Holds {
        ui.warn("something is left that no file can change; `optout workstation check` says what");
    }
    exit
}
