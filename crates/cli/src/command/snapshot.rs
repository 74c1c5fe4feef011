//! `optout snapshot`: everything that can be read of an organization, as a file.

mod fleet;

use clap::ValueEnum;
use optout_core::evidence::draft;
use optout_core::org;

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{
    AwsOptions, Evidence, FleetOptions, OutputOptions, RecordOptions, SelectionOptions, read_options,
};
use crate::organization::{live, runtime};
use crate::ui::Ui;

/// Save everything that can be read of the organization, to be judged later or by somebody without credentials
///
/// The file has no secrets: ids and names, the policies, where they are attached, and AWS's own answers. What could
/// not be read is in it with the permission that is missing; the exit code is 3 then. With --fleet the output is a folder:
/// a file for each organization, and a `fleet.toml` by which they can be judged.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout snapshot --record optout-evidence.db --output organization.json
  optout snapshot --with landscape --output organization.json
  optout snapshot --output organization.json
  optout snapshot --profile management --evidence all --output organization.json
  optout snapshot --with service-control-policies --output for-the-audit.json
  optout snapshot --fleet fleet.toml --output saved/
  optout snapshot --ou ou-ab12-11111111 > production.json")]
pub(crate) struct Args {
    #[command(flatten)]
    aws: AwsOptions,

    /// How to ask AWS for its own answers
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Evidence::Chain, help_heading = "Organization")]
    evidence: Evidence,

    /// Keep the e-mail addresses of the accounts
    #[arg(long, help_heading = "Organization")]
    with_email: bool,

    /// Read this too: service control policies are what an audit of Region controls looks at
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Organization")]
    with: Vec<With>,

    #[command(flatten)]
    selection: SelectionOptions,

    #[command(flatten)]
    recording: RecordOptions,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    fleet: FleetOptions,
}

/// What is read only when asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum With {
    /// Service control policies with their documents and targets
    ServiceControlPolicies,
    /// What `optout advise` looks at: services with access to the organization, names of service control policies
    Landscape,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let mut what = read_options(Some(args.evidence), &args.selection);
    what.emails = args.with_email;
    what.tags = true;
    what.landscape = args.with.contains(&With::Landscape);
    what.service_control_policies = args.with.contains(&With::ServiceControlPolicies);
    if let Some(path) = &args.fleet.fleet {
        return fleet::run(args, path, what, ui);
    }
    let snapshot = runtime()?.block_on(live(&args.aws.session(), what, ui))?;
    let make = |run: &_| draft(run, &snapshot, None);
    let recorded = args.recording.record("snapshot", &args.aws.origin(), None, make, ui);
    args.output.json(ui, &org::write(&snapshot))?;
    recorded?;
    let accounts = snapshot.accounts.as_ref().map_or(0, Vec::len);
    ui.note(&format!("{accounts} accounts, {} answers of AWS", snapshot.answers.len()));
    for unread in &snapshot.unread {
        let subject = unread.subject.as_deref().map(|subject| format!(" of {subject}")).unwrap_or_default();
        let needs = unread.permission.as_deref().map(|needed| format!(" (needs {needed})")).unwrap_or_default();
        let part = unread.part.as_str().replace('-', " ");
        ui.warn(&format!("not read: {part}{subject}: {} {}{needs}", unread.operation, unread.reason.as_str()));
    }
    Ok(if snapshot.unread.is_empty() { Exit::Holds } else { Exit::Undetermined })
}
