//! The monitor inside AWS, and what goes into the accounts around it.

use clap::ValueEnum;
use optout_core::fleet::Fleet;
use optout_core::generate::monitor::{FleetLimits, Form, fleet, generate, stackset};

use super::design::DesignOptions;
use super::folder::FolderOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Generate the stack that watches the opt-out from inside AWS: function, schedule, events, evidence, alarms
///
/// It goes into the management account or a delegated administrator's, once. Small templates beside it go into the accounts that may
/// change these policies, and into every account where AWS Config is to be answered.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate monitor --organization org.json --out monitor
  optout generate monitor --with terraform --organization org.json --out monitor-terraform
  optout generate monitor --organization org.json --out monitor --check")]
pub(super) struct Monitor {
    /// The tool that deploys it
    #[arg(long, value_enum, value_name = "TOOL", default_value_t = Tool::Cloudformation)]
    with: Tool,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tool {
    Cloudformation,
    Terraform,
    CdkPython,
    CdkTypescript,
}

impl From<Tool> for Form {
    fn from(tool: Tool) -> Self {
        match tool {
            Tool::Cloudformation => Self::Cloudformation,
            Tool::Terraform => Self::Terraform,
            Tool::CdkPython => Self::CdkPython,
            Tool::CdkTypescript => Self::CdkTypescript,
        }
    }
}

impl Monitor {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let tool = self.with.to_possible_value();
        let tool = tool.as_ref().map_or("", |value| value.get_name());
        let design = self.design.quiet(&format!("monitor --with {tool}"), ui)?;
        self.folder.hand_out(&generate(&design, self.with.into())?, &design.provenance, ui)
    }
}

/// Generate the StackSets for what only watches: the role that answers AWS Config in every account, rules that forward events
///
/// Never for the policy itself: the page that comes with them says why.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate stackset --organization org.json --out stackset")]
pub(super) struct Stackset {
    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

impl Stackset {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let design = self.design.quiet("stackset", ui)?;
        self.folder.hand_out(&stackset(&design)?, &design.provenance, ui)
    }
}

/// Generate the state machine by which one monitor reads many organizations, hundreds of them side by side
///
/// A Step Functions Distributed Map over a list in S3, made from the file of `--fleet`; each organization gives the monitor a role.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate fleet --fleet fleet.toml --out fleet
  optout generate fleet --fleet fleet.toml --concurrency 20 --tolerated-failures 10 --out fleet")]
pub(super) struct FleetMachine {
    /// The file that names the organizations; each needs a `role-arn`
    #[arg(long, value_name = "FILE")]
    fleet: String,

    /// How many organizations are read at once
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    concurrency: u32,

    /// How many of a hundred may fail before the rest is not read any more; with 100 all are read
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    tolerated_failures: u8,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

impl FleetMachine {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let members = Fleet::parse(&file::source(&self.fleet, file::LARGEST_TEXT)?)?;
        let limits = FleetLimits { concurrency: self.concurrency, tolerated_failures: self.tolerated_failures };
        let design = self.design.quiet("fleet", ui)?;
        self.folder.hand_out(&fleet(&design, &members, limits)?, &design.provenance, ui)
    }
}
