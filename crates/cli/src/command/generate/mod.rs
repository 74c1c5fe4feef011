//! `optout generate`: files for other tools.

mod access;
mod dashboard;
mod design;
mod folder;
mod infrastructure;
mod landing;
mod manifest;
mod monitor;
mod pipeline;
mod workstation;

use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Generate files that bring about an opt-out with other tools
///
/// From the intent and, where the intent has exceptions or things are there already, a saved organization. Without --out one file
/// goes to standard output, several are listed. With --out, files that an earlier generation left there and that are not
/// wanted any more are named, never deleted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate terraform --organization org.json --out terraform
  optout generate script > opt-out.sh
  optout generate runbook --organization org.json > runbook.md
  optout generate iam-policy --for verify
  optout generate workstation --for ansible")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Policy(infrastructure::Policy),
    Terraform(infrastructure::Terraform),
    Cloudformation(infrastructure::Cloudformation),
    CdkPython(infrastructure::CdkPython),
    CdkTypescript(infrastructure::CdkTypescript),
    Script(infrastructure::Script),
    Runbook(infrastructure::Runbook),
    Lza(landing::Lza),
    ControlTower(landing::ControlTower),
    Pipeline(pipeline::Pipeline),
    IamPolicy(access::IamPolicy),
    Scp(access::Scp),
    DelegationPolicy(access::DelegationPolicy),
    Dashboard(dashboard::Dashboard),
    Monitor(monitor::Monitor),
    Stackset(monitor::Stackset),
    Fleet(monitor::FleetMachine),
    Workstation(workstation::Args),
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.what {
        What::Policy(args) => args.run(ui),
        What::Terraform(args) => args.run(ui),
        What::Cloudformation(args) => args.run(ui),
        What::CdkPython(args) => args.run(ui),
        What::CdkTypescript(args) => args.run(ui),
        What::Script(args) => args.run(ui),
        What::Runbook(args) => args.run(ui),
        What::Lza(args) => args.run(ui),
        What::ControlTower(args) => args.run(ui),
        What::Pipeline(args) => args.run(ui),
        What::IamPolicy(args) => args.run(ui),
        What::Scp(args) => args.run(ui),
        What::DelegationPolicy(args) => args.run(ui),
        What::Dashboard(args) => args.run(ui),
        What::Monitor(args) => args.run(ui),
        What::Stackset(args) => args.run(ui),
        What::Fleet(args) => args.run(ui),
        What::Workstation(args) => workstation::run(args, ui),
    }
}
