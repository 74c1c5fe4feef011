//! `optout resolve`: an offline calculator of effective policies.

use std::str::FromStr;

use optout_core::org::PolicyType;
use optout_core::policy::{Attached, Dialect, Document, Level, Order, resolve};
use optout_core::report::calculation::Calculation;
use optout_core::source::{Rejected, Source, nearest};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{Format, OutputOptions};
use crate::ui::Ui;

/// Compute the effective policy of documents attached level by level, without asking AWS
///
/// Each --level names the documents attached at one level, separated by commas, in the order in which they were
/// attached; the first --level is the root. Exit code 3 when the rules do not decide a setting.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout resolve --level root.json --level ou-a.json,ou-b.json --level account.json
  optout resolve --level root.json --level '' --level account.json --explain
  optout resolve --policy-type TAG_POLICY --level tags.json --format json")]
pub(crate) struct Args {
    /// The type of the policies, as AWS calls it
    #[arg(long, value_name = "TYPE", default_value = "AISERVICES_OPT_OUT_POLICY")]
    policy_type: String,

    /// The documents at the next level; '' is a level with nothing attached, - is standard input
    #[arg(long = "level", value_name = "FILES", required = true)]
    levels: Vec<String>,

    /// Say for every setting which documents made it what it is
    #[arg(long)]
    explain: bool,

    /// Show the document as merged, before the rules that finish it for its type
    #[arg(long)]
    unfinished: bool,

    /// The form of the output; json always has the reasons
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    output: OutputOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let dialect = Dialect::of(&policy_type(&args.policy_type)?);
    let documents = read(&args.levels, dialect)?;
    let levels: Vec<Level<'_>> = documents.iter().enumerate().map(level).collect();
    let state = resolve(&levels);
    let sources = documents.iter().flatten().map(|(source, _)| source);
    let calculation = Calculation::new(&state, dialect, args.unfinished, sources);
    match args.format {
        Format::Json => args.output.json(ui, &calculation.json())?,
        Format::Text => {
            args.output.json(ui, &calculation.document())?;
            if args.explain {
                ui.styled(&calculation.reasons())?;
            }
        }
    }
    let open = &calculation.effective.undetermined;
    if open.is_empty() {
        return Ok(Exit::Holds);
    }
    ui.warn(&format!("the rules do not decide {}; --explain says why", open.join(", ")));
    Ok(Exit::Undetermined)
}

/// A declarative type this program knows; the others are not merged with these operators, or not known to be.
fn policy_type(text: &str) -> Result<PolicyType, Error> {
    let Ok(policy_type) = PolicyType::from_str(text);
    let declarative = |known: &&PolicyType| !matches!(known, PolicyType::ServiceControl | PolicyType::ResourceControl);
    let names = || PolicyType::KNOWN.iter().filter(declarative).map(PolicyType::as_str);
    match policy_type {
        PolicyType::ServiceControl | PolicyType::ResourceControl => Err(Error::usage(
            format!("policies of type `{text}` are not merged: every one on the path must allow"),
            "name a declarative type, like AISERVICES_OPT_OUT_POLICY",
        )),
        PolicyType::Other(_) => {
            let near = nearest(text, names());
            let help =
                near.map_or_else(|| names().collect::<Vec<_>>().join(", "), |near| format!("did you mean `{near}`?"));
            Err(Error::usage(format!("no policy type is called `{text}`"), help))
        }
        known => Ok(known),
    }
}

type Read = (Source, Document);

fn read(levels: &[String], dialect: Dialect) -> Result<Vec<Vec<Read>>, Error> {
    let paths =
        |level: &String| level.split(',').map(str::trim).filter(|path| !path.is_empty()).map(str::to_owned).collect();
    let levels: Vec<Vec<String>> = levels.iter().map(paths).collect();
    if levels.iter().flatten().filter(|path| *path == "-").count() > 1 {
        return Err(Error::usage("standard input can be one document only", "name files for the others"));
    }
    levels.iter().map(|paths| paths.iter().map(|path| document(path, dialect)).collect()).collect()
}

fn document(path: &str, dialect: Dialect) -> Result<Read, Error> {
    let source = file::source(path, file::LARGEST_TEXT)?;
    let document =
        Document::parse(dialect, &source.text).map_err(|problems| Rejected::new(source.clone(), problems))?;
    Ok((source, document))
}

fn level((number, documents): (usize, &Vec<Read>)) -> Level<'_> {
    let documents =
        documents.iter().map(|(source, document)| Attached { policy: source.name.as_str().into(), document });
    Level { target: format!("level {}", number + 1).into(), documents: documents.collect(), order: Order::Known }
}
