//! `optout audit`: the checklists of an audit, item by item.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::{CommandFactory, ValueEnum};
use optout_aws::state::State;
use optout_core::audit::{self, Audit, Checklists, Item, MonitorState, Profile, Question, SavedUsage};
use optout_core::check::{Severity, assess};
use optout_core::report::{Report, Styled, Tone};
use serde::Serialize;

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::judgement::{Judgement, JudgementOptions, Wish};
use crate::options::{AnswerOptions, ReachOptions, SelectionOptions};
use crate::ui::{Table, Ui};

/// Answer the checklists of an audit: met, not met, attested, or why that cannot be said
///
/// Items are decided by what was read of the organization, by reports of machines and sites, and by what somebody vouches
/// for in the intent (`[[attestations]]`). They are evidence towards requirements of frameworks, never compliance with
/// them. Exit code 2 when an item is not met or its attestation is over, 3 when one could not be assessed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout audit --intent optout.toml
  optout audit --checklist healthcare --intent optout.toml --all
  optout audit --checklist all --organization snapshot.json --workstation ann.json --website site.json --format json
  optout audit --organization snapshot.json --usage q3.json --monitor state.gz
  optout audit --list --checklist data-residency")]
pub(crate) struct Args {
    #[command(flatten)]
    judgement: JudgementOptions,

    /// Whose checklist; may be given several times. Those of industries come on top of the general one
    ///
    /// `--profile` with one of these names means the same; with any other name it is a profile of the AWS configuration,
    /// as everywhere.
    #[arg(long, value_enum, value_name = "NAME", default_values_t = [Which::General], help_heading = "Audit")]
    checklist: Vec<Which>,

    #[command(flatten)]
    reach: ReachOptions,

    /// What `optout usage --save` wrote: the last review of usage
    #[arg(long, value_name = "FILE", help_heading = "Audit")]
    usage: Option<String>,

    /// The `state.gz` that the monitor keeps in its bucket: when it last read the organization
    #[arg(long, value_name = "FILE", help_heading = "Audit")]
    monitor: Option<String>,

    /// Show which findings were accepted in this file; an accepted finding still keeps an item from being met
    #[arg(long, value_name = "FILE", help_heading = "Audit")]
    baseline: Option<String>,

    /// Use the checklists (*.toml) in this directory in place of those compiled in
    #[arg(long = "checklists", value_name = "DIR", help_heading = "Audit")]
    folder: Option<String>,

    /// List the items without reading any organization
    #[arg(long, help_heading = "Audit")]
    list: bool,

    /// Show of every item its evidence, what it supports and what the guide has wrong
    #[arg(long, help_heading = "Output")]
    all: bool,

    #[command(flatten)]
    answer: AnswerOptions,
}

/// A profile, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// What every organization has to answer
    General,
    /// The same and HIPAA
    Healthcare,
    /// The same and PCI DSS and SOX
    Financial,
    /// The same and the GDPR
    Gdpr,
    /// In which Regions data is kept
    DataResidency,
    /// Reviews by the AWS Well-Architected Framework
    WellArchitected,
    /// Every item
    All,
}

impl Which {
    fn profiles(self) -> Vec<Profile> {
        match self {
            Self::General => vec![Profile::General],
            Self::Healthcare => vec![Profile::Healthcare],
            Self::Financial => vec![Profile::Financial],
            Self::Gdpr => vec![Profile::Gdpr],
            Self::DataResidency => vec![Profile::DataResidency],
            Self::WellArchitected => vec![Profile::WellArchitected],
            Self::All => Profile::WORDS.iter().map(|(_, profile)| *profile).collect(),
        }
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let checklists = checklists(args.folder.as_deref())?;
    let profiles = profiles(args);
    if args.list {
        list(args, &checklists, &profiles, ui)?;
        return Ok(Exit::Holds);
    }
    let mut observations = args.reach.read()?;
    observations.usage = args.usage.as_deref().map(saved_usage).transpose()?;
    observations.monitor = args.monitor.as_deref().map(monitor_state).transpose()?;
    let items: Vec<&str> = checklists.items().iter().map(|item| item.id.as_str()).collect();
    let wish = Wish {
        baseline: args.baseline.as_deref(),
        items: Some(&items),
        service_control_policies: region_controls_asked(&checklists, &profiles),
        ..Wish::default()
    };
    let judgement = Judgement::gather_for(&args.judgement, &SelectionOptions::default(), &wish, ui)?;
    let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
    let report = Report::new(&assessment, Severity::High, &accepted, judgement.origin());
    let intent = judgement.intent();
    let audit = audit::audit(&Question {
        report: &report,
        intent,
        checklists: &checklists,
        profiles: &profiles,
        observations: &observations,
    });
    show(args, &audit, ui)?;
    Ok(audit.decision.into())
}

fn saved_usage(path: &str) -> Result<SavedUsage, Error> {
    let (usage, origin) = super::usage::saved(path)?;
    Ok(SavedUsage { usage, origin })
}

/// What the state says of its monitor.
fn monitor_state(path: &str) -> Result<MonitorState, Error> {
    let bytes = file::read(path, file::LARGEST_SNAPSHOT)?;
    let state = State::unpack(path, &bytes).map_err(|error| {
        let help = "`--monitor` takes the object `state.gz` as it is: `aws s3 cp s3://BUCKET/optout/state.gz .`";
        Error::failed(format!("`{}` is no state of a monitor: {error}", file::name(path)), help)
    })?;
    let organization = state.snapshot.as_ref().and_then(|it| it.organization()).map(|it| it.id.clone());
    let (read, updated, raised, owes) = (state.read, state.updated, state.raised.len(), state.owes);
    Ok(MonitorState { origin: file::name(path).to_owned(), organization, read, updated, raised, owes })
}

/// Whether an item of these profiles asks for Region controls.
pub(crate) fn region_controls_asked(checklists: &Checklists, profiles: &[Profile]) -> bool {
    checklists.of(profiles).any(|item| item.observations.contains(&audit::Observation::RegionControls))
}

fn show(args: &Args, audit: &Audit, ui: &mut Ui) -> Result<(), Error> {
    args.answer.hand_out(|| audit::text::render(audit, args.all), || audit::json::render(audit), ui)
}

/// A command line in which `--profile` names a checklist: it is then `--checklist`, since `--profile` alone is AWS's.
///
/// Nothing else is touched, and only for `optout audit`.
pub(crate) fn with_checklists(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let commands = super::Cli::command();
    let is_command = |word: &OsString| word.to_str().is_some_and(|word| commands.find_subcommand(word).is_some());
    let command = arguments.iter().skip(1).find(|word| is_command(word));
    if command.is_some_and(|word| word == "audit") {
        let names: Vec<bool> = arguments.iter().skip(1).map(|word| is_name(word)).chain([false]).collect();
        arguments.iter_mut().zip(names).for_each(|(word, next_is_name)| rename(word, next_is_name));
    }
    arguments
}

fn is_name(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| Which::from_str(word, false).is_ok())
}

fn rename(word: &mut OsString, next_is_name: bool) {
    let Some(text) = word.to_str() else { return };
    if text == "--profile" && next_is_name {
        *word = "--checklist".into();
    } else if let Some(name) = text.strip_prefix("--profile=").filter(|name| is_name(name.as_ref())) {
        *word = format!("--checklist={name}").into();
    }
}

/// The profiles asked for, each once, in their own order.
fn profiles(args: &Args) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = args.checklist.iter().flat_map(|which| which.profiles()).collect();
    profiles.sort_unstable();
    profiles.dedup();
    profiles
}

fn checklists(folder: Option<&str>) -> Result<Cow<'static, Checklists>, Error> {
    let Some(folder) = folder else { return Ok(Cow::Borrowed(Checklists::embedded())) };
    let entries = std::fs::read_dir(folder).map_err(|error| Error::read(folder, &error))?;
    let mut names: Vec<String> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::read(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            names.push(readable(&path)?);
        }
    }
    names.sort();
    if names.is_empty() {
        return Err(Error::failed(
            format!("there is no checklist (*.toml) in `{folder}`"),
            "name a directory with some",
        ));
    }
    let sources = names.iter().map(|name| file::source(name, file::LARGEST_TEXT)).collect::<Result<Vec<_>, _>>()?;
    Ok(Cow::Owned(Checklists::parse(&sources)?))
}

fn readable(path: &Path) -> Result<String, Error> {
    let shown = || Error::failed(format!("the name `{}` is not UTF-8", path.to_string_lossy()), "rename the file");
    path.to_str().map(str::to_owned).ok_or_else(shown)
}

#[derive(Serialize)]
struct Listing<'a> {
    format: &'static str,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    profiles: &'a [Profile],
    guide: &'a [String],
    controls: &'a [&'static str],
    observations: &'a [audit::Observation],
    attest: Option<AttestEntry<'a>>,
    shows: Option<&'a str>,
    supports: Vec<&'a audit::Reference>,
    corrections: &'a [audit::Correction],
}

#[derive(Serialize)]
struct AttestEntry<'a> {
    mode: &'static str,
    statement: &'a str,
}

fn list(args: &Args, checklists: &Checklists, profiles: &[Profile], ui: &mut Ui) -> Result<(), Error> {
    let items: Vec<&Item> = checklists.of(profiles).collect();
    let listing = || {
        let items = items.iter().map(|item| entry(item, checklists)).collect();
        super::pretty(&Listing { format: "optout.checklists/1", items })
    };
    args.answer.hand_out(|| table(&items), listing, ui)
}

fn entry<'a>(item: &'a Item, checklists: &'a Checklists) -> Entry<'a> {
    let attest = item.attest.as_ref();
    Entry {
        id: &item.id,
        title: &item.title,
        profiles: &item.profiles,
        guide: &item.guide,
        controls: &item.controls,
        observations: &item.observations,
        attest: attest.map(|it| AttestEntry { mode: it.mode.as_str(), statement: &it.statement }),
        shows: item.shows.as_deref(),
        supports: item.supports.iter().filter_map(|id| checklists.reference(id)).collect(),
        corrections: &item.corrections,
    }
}

fn table(items: &[&Item]) -> Styled {
    let mut table = Table::new(["item", "profiles", "decided by", "what is asked"]);
    for item in items {
        let profiles: Vec<&str> = item.profiles.iter().map(|profile| profile.as_str()).collect();
        let plain = |text: String| (Tone::Plain, text);
        table.row([
            (Tone::Strong, item.id.clone()),
            plain(profiles.join(", ")),
            plain(decided_by(item)),
            plain(item.title.clone()),
        ]);
    }
    table.styled()
}

fn decided_by(item: &Item) -> String {
    let observations = item.observations.iter().map(|observation| observation.as_str());
    let mut parts: Vec<String> = item.controls.iter().copied().chain(observations).map(str::to_owned).collect();
    parts.extend(item.attest.as_ref().map(|attest| match attest.mode {
        audit::AttestMode::Alone => "attestation".to_owned(),
        mode @ (audit::AttestMode::Instead | audit::AttestMode::Also) => format!("{} attestation", mode.as_str()),
    }));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(line: &str) -> String {
        let words = with_checklists(line.split(' ').map(OsString::from));
        words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn profile_names_a_checklist_only_for_an_audit_and_only_by_its_name() {
        for (line, expected) in [
            ("optout audit --profile gdpr", "optout audit --checklist gdpr"),
            ("optout -q audit --all --profile=all", "optout -q audit --all --checklist=all"),
            ("optout audit --profile gdpr --profile management", "optout audit --checklist gdpr --profile management"),
            ("optout audit --profile management", "optout audit --profile management"),
            ("optout verify --profile general", "optout verify --profile general"),
            ("optout verify --organization audit --profile all", "optout verify --organization audit --profile all"),
            ("optout audit --profile", "optout audit --profile"),
        ] {
            assert_eq!(renamed(line), expected);
        }
    }
}
