//! What is to be generated from: the intent, a saved organization, the day.

use std::collections::BTreeMap;

use clap::Args;
use optout_core::evidence::Hash;
use optout_core::generate::{Design, GenerateError, Provenance};
use optout_core::intent::Intent;
use optout_core::org::{PolicyId, Snapshot};
use optout_core::plan::{AcceptedLoss, Options, Plan, Step, plan};

use crate::error::Error;
use crate::file;
use crate::options::{CatalogueOptions, Moment, known};
use crate::organization::Organization;
use crate::ui::Ui;

/// The intent and what is known of the organization.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Design")]
pub(super) struct DesignOptions {
    /// What shall hold, as `optout init` writes it
    #[arg(long, value_name = "FILE", default_value = "optout.toml")]
    intent: String,

    /// A saved organization, as `optout snapshot` writes it: gives real ids, and is needed where the intent has exceptions
    #[arg(long, value_name = "FILE")]
    organization: Option<String>,

    /// Take over this policy, which is imported and changed then; may be given several times
    #[arg(long, value_name = "POLICY", requires = "organization")]
    adopt: Vec<PolicyId>,

    /// Generate as if it were this date, like 2026-12-31 (UTC): exceptions end
    #[arg(long, value_name = "DATE")]
    at: Option<Moment>,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

impl DesignOptions {
    /// The design of policies; says what stands in its way and what no other tool does.
    pub(super) fn load(&self, what: &str, ui: &mut Ui) -> Result<Design, Error> {
        let (design, snapshot, intent) = self.read(what)?;
        if let Some(snapshot) = &snapshot {
            let catalogue = self.catalogue.load()?;
            let resolved = intent.resolve(snapshot)?;
            tell(&plan(&resolved, snapshot, &catalogue, Moment::or_now(self.at), &self.options())?, ui);
        } else {
            ui.warn("opting out can lose data for good: `optout impact` says which, for your organization");
        }
        Ok(design)
    }

    /// The design for policies that change no account's setting.
    pub(super) fn quiet(&self, what: &str, _: &mut Ui) -> Result<Design, Error> {
        Ok(self.read(what)?.0)
    }

    fn read(&self, what: &str) -> Result<(Design, Option<Snapshot>, Intent), Error> {
        let source = file::source(&self.intent, file::LARGEST_TEXT)?;
        let intent = Intent::parse(&source, &known(&*self.catalogue.load()?))?;
        let snapshot = self.organization.as_deref().map(Organization::saved).transpose()?.map(|it| it.snapshot);
        let provenance = Provenance {
            what: what.to_owned(),
            intent: file::name(&self.intent).to_owned(),
            sha256: Hash::of(&source.text).to_string(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let at = Moment::or_now(self.at);
        let design = Design::new(&intent, snapshot.as_ref(), at, &self.options(), provenance)?;
        Ok((design, snapshot, intent))
    }

    fn options(&self) -> Options {
        let adopt = self.adopt.iter().cloned().collect();
        // What is lost is told, and refused where it is done.
        Options { adopt, accept_data_loss: AcceptedLoss::All, ..Options::default() }
    }
}

/// What `optout plan` would say and a generated file cannot.
fn tell(plan: &Plan, ui: &mut Ui) {
    for obstacle in &plan.obstacles {
        ui.warn(&format!("{}\n  help: {}", obstacle.message, obstacle.help));
    }
    let mut services: BTreeMap<&str, usize> = BTreeMap::new();
    plan.losses.iter().for_each(|loss| *services.entry(loss.service.as_str()).or_default() += 1);
    if !services.is_empty() {
        let services: Vec<&str> = services.into_keys().collect();
        let services = services.join(", ");
        ui.warn(&format!(
            "opting out loses data for good ({services}): `optout impact` says which, and how to keep it"
        ));
    }
    let removes = |step: &Step| matches!(step, Step::DeletePolicy { .. } | Step::DetachPolicy { .. });
    let left = plan.steps.iter().filter(|it| removes(&it.step)).count();
    if left > 0 {
        ui.warn(&format!("{left} steps of `optout plan` detach or delete what is not wanted any more; other tools leave what they did not make"));
    }
}

impl From<GenerateError> for Error {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Resolve(error) => error.into(),
            GenerateError::Plan(_)
            | GenerateError::NeedsOrganization
            | GenerateError::TooManyTargets { .. }
            | GenerateError::Replaced { .. }
            | GenerateError::Missing { .. }
            | GenerateError::ResourcePolicy(_) => Self::failed(error.to_string(), error.help()),
        }
    }
}
