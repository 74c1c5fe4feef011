//! Stacks in the management account by the tools of landing zones.

use optout_core::generate::landing::{Region, control_tower, lza};
use optout_core::generate::{Design, GenerateError, Output};

use super::design::DesignOptions;
use super::folder::FolderOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Generate a custom stack for Landing Zone Accelerator: the entry of its configuration, and the template
///
/// Deployed to the management account alone, in one Region. Needs a saved organization.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate lza --organization org.json --out lza
  optout generate lza --organization org.json --region eu-central-1 --out lza --check")]
pub(super) struct Lza {
    /// The one Region of the stack, among those that are enabled there
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    region: Region,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

/// Generate what fits to AWS Control Tower: a customization, and a Terraform root for those with Account Factory for Terraform
///
/// Customizations for AWS Control Tower reach the management account only where the role AWSControlTowerExecution was created there; the page
/// that comes with the files says how to look. Needs a saved organization.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate control-tower --organization org.json --out control-tower
  optout generate control-tower --organization org.json --region eu-central-1 --out control-tower --check")]
pub(super) struct ControlTower {
    /// The home Region of Control Tower
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    region: Region,

    #[command(flatten)]
    design: DesignOptions,

    #[command(flatten)]
    folder: FolderOptions,
}

impl Lza {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let files = |design: &Design| lza::generate(design, &self.region);
        hand_out("lza", &self.design, &self.folder, files, ui)
    }
}

impl ControlTower {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let files = |design: &Design| control_tower::generate(design, &self.region);
        hand_out("control-tower", &self.design, &self.folder, files, ui)
    }
}

fn hand_out(
    what: &str,
    design: &DesignOptions,
    folder: &FolderOptions,
    generate: impl FnOnce(&Design) -> Result<Output, GenerateError>,
    ui: &mut Ui,
) -> Result<Exit, Error> {
    let design = design.load(what, ui)?;
    folder.hand_out(&generate(&design)?, &design.provenance, ui)
}
