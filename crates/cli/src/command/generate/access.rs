//! Policies that say who may do what.

use std::collections::BTreeSet;

use clap::ValueEnum;
use optout_core::generate::access::{Purpose, RoleName, delegation_policy, iam_policy, scp};
use optout_core::org::AccountId;

use super::design::DesignOptions;
use super::folder::FolderOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Generate an IAM policy with the permissions that something needs in the management account
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate iam-policy --for verify
  optout generate iam-policy --for usage --bills-only
  optout generate iam-policy --for apply --organization org.json --out policies")]
pub(super) struct IamPolicy {
    /// What the role is to do
    #[arg(long = "for", value_enum, value_name = "WHAT")]
    purpose: Work,

    /// For `usage`: leave out the metrics of CloudWatch, as `optout usage --bills-only` does
    #[arg(long)]
    bills_only: bool,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Work {
    Verify,
    Snapshot,
    Plan,
    Apply,
    Undo,
    Script,
    Terraform,
    Cloudformation,
    Cdk,
    Usage,
    Lambda,
    Monitor,
}

impl From<Work> for Purpose {
    fn from(work: Work) -> Self {
        match work {
            Work::Verify => Self::Verify,
            Work::Snapshot => Self::Snapshot,
            Work::Plan => Self::Plan,
            Work::Apply => Self::Apply,
            Work::Undo => Self::Undo,
            Work::Script => Self::Script,
            Work::Terraform => Self::Terraform,
            Work::Cloudformation | Work::Cdk => Self::Cloudformation,
            Work::Usage => Self::Usage,
            Work::Lambda => Self::Lambda,
            Work::Monitor => Self::Monitor,
        }
    }
}

impl IamPolicy {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let work = self.purpose.to_possible_value();
        let work = work.as_ref().map_or("", |value| value.get_name());
        let (purpose, option) = self.purpose(work)?;
        let design = self.design.quiet(&format!("iam-policy --for {work}{option}"), ui)?;
        self.folder.hand_out(&iam_policy(&design, purpose)?, &design.provenance, ui)
    }

    /// What the role is to do, and the option that narrowed it.
    fn purpose(&self, work: &str) -> Result<(Purpose, &'static str), Error> {
        match (self.purpose.into(), self.bills_only) {
            (purpose, false) => Ok((purpose, "")),
            (Purpose::Usage, true) => Ok((Purpose::UsageOfBills, " --bills-only")),
            (_, true) => {
                let message = format!("--bills-only says nothing of `--for {work}`, which reads no bills");
                Err(Error::usage(message, "leave it out, or ask for `--for usage`"))
            }
        }
    }
}

/// Generate a guard: nobody in a member account changes these policies, but for one role
///
/// A service control policy binds member accounts and delegated administrators, never the management account: for roles there the
/// same statements come as a file of their own.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate scp --break-glass PolicyBreakGlass --out guard")]
pub(super) struct Scp {
    /// The role that may still change them, in whatever account: its name, after its path if it has one
    #[arg(long, value_name = "ROLE")]
    break_glass: RoleName,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

impl Scp {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let design = self.design.quiet("scp", ui)?;
        self.folder.hand_out(&scp(&design, &self.break_glass)?, &design.provenance, ui)
    }
}

/// Generate the organization's resource policy that lets a member account manage these policies
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate delegation-policy --delegate 222222222222 --organization org.json")]
pub(super) struct DelegationPolicy {
    /// The member account; may be given several times
    #[arg(long = "delegate", value_name = "ACCOUNT", required = true)]
    delegates: Vec<AccountId>,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

impl DelegationPolicy {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let design = self.design.quiet("delegation-policy", ui)?;
        let delegates: BTreeSet<AccountId> = self.delegates.iter().copied().collect();
        self.folder.hand_out(&delegation_policy(&design, &delegates)?, &design.provenance, ui)
    }
}
