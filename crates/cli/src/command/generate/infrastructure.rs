//! Policies by other people's tools: Terraform, CloudFormation, CDK, a shell script, the console, or the documents alone.

use optout_core::generate::terraform::Enabler;
use optout_core::generate::{Design, GenerateError, Output, cdk, cloudformation, policy, runbook, script, terraform};

use super::design::DesignOptions;
use super::folder::FolderOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Generate a Terraform configuration and module for an organization that exists
///
/// It never owns the organization. A plan stops with the command to run where the policy type is off; or a function enables it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate terraform --out terraform
  optout generate terraform --organization org.json --out terraform
  optout generate terraform --organization org.json --enable-with-function optout --out terraform
  optout generate terraform --organization org.json --out terraform --check")]
pub(super) struct Terraform {
    /// Let the apply call this function, which enables the policy type as it does for CloudFormation: its name or ARN
    #[arg(long, value_name = "FUNCTION")]
    enable_with_function: Option<Enabler>,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

impl Terraform {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let design = self.design.load("terraform", ui)?;
        let output = terraform::generate_with(&design, self.enable_with_function.as_ref())?;
        self.folder.hand_out(&output, &design.provenance, ui)
    }
}

macro_rules! targets {
    ($($(#[$doc:meta])* $name:ident $word:literal $generate:path,)*) => {$(
        #[derive(Debug, clap::Args)]
        $(#[$doc])*
        pub(super) struct $name {
            #[command(flatten)]
            design: DesignOptions,

            #[command(flatten)]
            folder: FolderOptions,
        }

        impl $name {
            pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
                let generate: fn(&Design) -> Result<Output, GenerateError> = $generate;
                let design = self.design.load($word, ui)?;
                self.folder.hand_out(&generate(&design)?, &design.provenance, ui)
            }
        }
    )*};
}

targets! {
    /// Generate the policy documents themselves, as they are sent to AWS
    #[command(after_help = "Examples:
  optout generate policy > policy.json
  optout generate policy --organization org.json --out policies")]
    Policy "policy" policy::generate,
    /// Generate a CloudFormation template for one plain stack in the management account
    #[command(after_help = "Examples:
  optout generate cloudformation --out stack
  optout generate cloudformation --organization org.json --out stack")]
    Cloudformation "cloudformation" cloudformation::generate,
    /// Generate a CDK program in Python
    #[command(after_help = "Examples:
  optout generate cdk-python --organization org.json --out cdk")]
    CdkPython "cdk-python" cdk::python,
    /// Generate a CDK program in TypeScript
    #[command(after_help = "Examples:
  optout generate cdk-typescript --organization org.json --out cdk")]
    CdkTypescript "cdk-typescript" cdk::typescript,
    /// Generate a shell script on the `aws` command line, safe to run again
    #[command(after_help = "Examples:
  optout generate script > opt-out.sh
  optout generate script --organization org.json --out scripts")]
    Script "script" script::generate,
    /// Generate the walk through the AWS console, with this organization's ids and the documents to paste
    ///
    /// For those who change nothing by program: each step with what to check, and how to verify at the end.
    #[command(after_help = "Examples:
  optout generate runbook > runbook.md
  optout generate runbook --organization org.json --out runbook")]
    Runbook "runbook" runbook::generate,
}
