//! `optout controls`: what `verify` looks at, and why.

use optout_core::check::{Control, Severity, controls};
use optout_core::report::{Styled, Tone};
use optout_core::source::nearest;
use serde::Serialize;

use crate::error::Error;
use crate::exit::Exit;
use crate::options::Format;
use crate::ui::{Table, Ui};

/// List the controls, or explain one
///
/// A control is one thing that must hold. `optout verify` reports a finding for whomever it does not hold.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout controls
  optout controls --format json
  optout controls explain locked-against-children")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Explain(Explain),
}

/// Say what a control looks at, why it matters and how to mend it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout controls explain default-opted-out")]
struct Explain {
    /// The control's name
    control: String,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

#[derive(Serialize)]
struct Listing {
    format: &'static str,
    controls: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    remedy: &'static str,
    sources: &'static [&'static str],
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.action {
        Some(Action::Explain(explain)) => {
            let control = find(&explain.control)?;
            show(ui, explain.format, &[control], page)?;
        }
        None => show(ui, args.format, controls::ALL, list)?,
    }
    Ok(Exit::Holds)
}

fn show(
    ui: &mut Ui,
    format: Format,
    controls: &[&'static Control],
    text: fn(&[&'static Control]) -> Styled,
) -> Result<(), Error> {
    match format {
        Format::Text => ui.styled(&text(controls)),
        Format::Json => {
            let controls = controls.iter().map(|control| entry(control)).collect();
            ui.json(&super::pretty(&Listing { format: "optout.controls/1", controls }))
        }
    }
}

const fn entry(control: &Control) -> Entry {
    let Control { id, title, severity, why, remedy, sources, check: _ } = *control;
    Entry { id, severity, title, why, remedy, sources }
}

fn find(name: &str) -> Result<&'static Control, Error> {
    controls::get(name).ok_or_else(|| {
        let near = nearest(name, controls::ALL.iter().map(|control| control.id));
        let help =
            near.map_or_else(|| "`optout controls` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        Error::usage(format!("no control is called `{name}`"), help)
    })
}

fn list(controls: &[&'static Control]) -> Styled {
    let mut table = Table::new(["control", "severity", "what must hold"]);
    for control in controls {
        let severity = (Tone::Plain, control.severity.to_string());
        table.row([(Tone::Strong, control.id.to_owned()), severity, (Tone::Plain, control.title.to_owned())]);
    }
    table.styled()
}

fn page(controls: &[&'static Control]) -> Styled {
    let mut out = Styled::default();
    for control in controls {
        out.push(Tone::Strong, control.id).plain(format!("  severity {}\n{}\n", control.severity, control.title));
        out.push(Tone::Strong, "\nWhy it matters\n").plain(format!("{}\n", control.why));
        out.push(Tone::Strong, "\nHow to mend it\n").plain(format!("{}\n", control.remedy));
        out.push(Tone::Strong, "\nSources\n");
        control.sources.iter().for_each(|source| {
            out.plain(format!("{source}\n"));
        });
    }
    out
}
