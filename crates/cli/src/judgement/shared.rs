//! What is the same for every organization of a fleet: the services, the clock, the baseline, the kind of evidence.

use std::borrow::Cow;

use jiff::Timestamp;
use optout_aws::read::ReadOptions;
use optout_aws::session::SessionOptions;
use optout_core::catalogue::Catalogue;
use optout_core::intent::baseline::Baseline;
use optout_core::intent::{Intent, Known};

use super::{Judgement, JudgementOptions, Named, named, resolved};
use crate::error::Error;
use crate::fleet::alone;
use crate::options::{Evidence, Moment, SelectionOptions, known, read_options};
use crate::organization::Organization;
use crate::ui::Ui;

/// What is the same for all.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) at: Timestamp,
    catalogue: Cow<'static, Catalogue>,
    baseline: Option<Named<Baseline>>,
    evidence: Option<Evidence>,
    items: Option<Vec<String>>,
}

/// An intent that was read and is not resolved yet.
#[derive(Debug)]
pub(crate) struct Declared(Named<Intent>);

impl JudgementOptions {
    /// What is the same for all organizations; `items` are those that intents may name, any where `None`.
    pub(crate) fn shared(
        &self,
        selection: &SelectionOptions,
        baseline: Option<&str>,
        items: Option<&[&str]>,
    ) -> Result<Shared, Error> {
        alone(&[
            ("--organization", self.organization.organization.is_some()),
            ("--intent", self.intent.is_some()),
            ("--trail", !self.trail.is_empty()),
            ("--account", !selection.accounts.is_empty()),
            ("--ou", !selection.units.is_empty()),
        ])?;
        let catalogue = self.catalogue.load()?;
        let baseline = {
            let known = known(&catalogue);
            baseline.map(|path| named(path, |text| Baseline::parse(text, &known))).transpose()?
        };
        let items = items.map(|items| items.iter().map(|item| (*item).to_owned()).collect());
        Ok(Shared { at: Moment::or_now(self.at), catalogue, baseline, evidence: self.evidence, items })
    }

    /// What to read of each, and how AWS is reached beyond what the file of the fleet says.
    pub(crate) fn reading(&self) -> (ReadOptions, SessionOptions) {
        (read_options(self.evidence, &SelectionOptions::default()), self.organization.aws.session())
    }
}

impl Shared {
    /// Reads an intent.
    pub(crate) fn intent(&self, path: &str) -> Result<Declared, Error> {
        let known = self.known();
        named(path, |text| Intent::parse(text, &known)).map(Declared)
    }

    fn known(&self) -> Known<'_> {
        let known = known(&self.catalogue);
        match &self.items {
            Some(items) => known.with_items(items.iter().map(String::as_str)),
            None => known,
        }
    }

    /// The judgement of one organization.
    pub(crate) fn judge(
        &self,
        organization: Organization,
        intent: Option<Declared>,
        ui: &mut Ui,
    ) -> Result<Judgement, Error> {
        let intent = intent.map(|Declared(intent)| resolved(intent, &organization.snapshot)).transpose()?;
        let judgement = Judgement {
            organization,
            at: self.at,
            catalogue: self.catalogue.clone(),
            intent,
            baseline: self.baseline.clone(),
            evidence: self.evidence,
            only: None,
            trail: None,
        };
        judgement.tell_of_ends(ui);
        Ok(judgement)
    }
}
