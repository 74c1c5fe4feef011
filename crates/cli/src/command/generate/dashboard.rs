//! `optout generate dashboard`: the metrics of the services, of the monitor, and the day of the opt-out.

use std::collections::BTreeSet;

use clap::ValueEnum;
use jiff::civil::Date;
use optout_core::catalogue::Catalogue;
use optout_core::generate::dashboard;
use optout_core::trail::{Collector, Window};
use optout_core::usage::{BillingNames, MetricCatalogue, Usage};

use crate::command::usage::saved;
use crate::error::Error;
use crate::exit::Exit;
use crate::opted_out::{self, Day};
use crate::options::{CatalogueOptions, OutputOptions, StoreOptions};
use crate::organization::Organization;
use crate::trail::{collect, warn_of_problems};
use crate::ui::Ui;

/// Generate a CloudWatch dashboard with the metrics that the services really publish
///
/// With the monitor's own metrics and a line at the day of the opt-out. Services of which no metric is known are named in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate dashboard --opted-out 2026-10-05 --output dashboard.template.json
  optout generate dashboard --opted-out trail --trail AWSLogs/ --organization org.json --with terraform --output dashboard.tf
  optout generate dashboard --service lex --service polly --with body --region eu-central-1
  optout generate dashboard --usage q3.json --without-monitor --output dashboard.template.json")]
pub(super) struct Dashboard {
    /// Show this service; may be given several times. All are shown where none is given
    #[arg(long = "service", value_name = "KEY", conflicts_with = "usage")]
    services: Vec<String>,

    /// Show the services that were used somewhere, from what `optout usage --save` wrote
    #[arg(long, value_name = "FILE")]
    usage: Option<String>,

    /// The day of the opt-out, which the graphs mark
    ///
    /// `trail` takes it from the events of --trail, with --organization; `history` from the records of --store. Where these prove no
    /// single day, it has to be said.
    #[arg(long, value_name = "DATE|trail|history")]
    opted_out: Option<Day>,

    /// CloudTrail log files, or what `optout trail --save` wrote; may be given several times
    #[arg(long, value_name = "PATH", requires = "organization")]
    trail: Vec<String>,

    /// The organization that the day is of, as `optout snapshot` writes it
    #[arg(long, value_name = "FILE")]
    organization: Option<String>,

    #[command(flatten)]
    store: StoreOptions,

    /// The tool that creates it
    #[arg(long, value_enum, value_name = "TOOL", default_value_t = Tool::Cloudformation)]
    with: Tool,

    /// The Region whose metrics are shown: of a body, and of Terraform's variable where nobody says otherwise; a template
    /// has a parameter for it
    #[arg(long, value_name = "REGION", default_value = "us-east-1", value_parser = region)]
    region: String,

    /// The name of the dashboard
    #[arg(long, value_name = "NAME", default_value = "optout", value_parser = name)]
    name: String,

    /// Leave the monitor's own metrics out
    #[arg(long)]
    without_monitor: bool,

    #[command(flatten)]
    catalogue: CatalogueOptions,

    #[command(flatten)]
    output: OutputOptions,
}

/// The tool that creates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tool {
    /// A CloudFormation template, which the CDK includes as it is
    Cloudformation,
    /// A Terraform file
    Terraform,
    /// The body alone, as `aws cloudwatch put-dashboard` takes it
    Body,
}

fn region(text: &str) -> Result<String, &'static str> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let well_formed = (4..=32).contains(&text.len()) && text.bytes().all(allowed);
    if well_formed { Ok(text.to_owned()) } else { Err("expected a Region like eu-central-1") }
}

fn name(text: &str) -> Result<String, &'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let well_formed = (1..=255).contains(&text.len()) && text.bytes().all(allowed);
    if well_formed { Ok(text.to_owned()) } else { Err("expected letters, digits, `_` and `-`, at most 255") }
}

impl Dashboard {
    pub(super) fn run(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let catalogue = self.catalogue.load()?;
        let metrics = MetricCatalogue::embedded();
        if let Some(unknown) = self.services.iter().find(|key| !catalogue.contains(key)) {
            let help = match catalogue.nearest(unknown) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`optout services` lists the keys".to_owned(),
            };
            return Err(Error::failed(format!("there is no service `{unknown}`"), help));
        }
        let dashboard = dashboard::Dashboard {
            catalogue: &catalogue,
            metrics,
            services: self.chosen()?,
            opted_out: self.opted_out(&catalogue, ui)?,
            monitor: !self.without_monitor,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        match self.with {
            Tool::Cloudformation => self.output.json(ui, &dashboard.template(&self.name))?,
            Tool::Terraform => self.output.text(ui, &dashboard.terraform(&self.name, &self.region))?,
            Tool::Body => self.output.json(ui, &dashboard.body(&self.region))?,
        }
        ui.note(match self.with {
            Tool::Cloudformation => "metrics are of one Region: the stack's, or that of its parameter MetricsRegion",
            Tool::Terraform => "metrics are of one Region: that of the variable `metrics_region`",
            Tool::Body => "metrics are of one Region: that of --region",
        });
        Ok(Exit::Holds)
    }

    /// The day of the opt-out, said or found.
    fn opted_out(&self, catalogue: &Catalogue, ui: &mut Ui) -> Result<Option<Date>, Error> {
        let saved = self.organization.as_deref().map(Organization::saved).transpose()?.map(|it| it.snapshot);
        let option = "--opted-out";
        match (self.opted_out, &saved) {
            (None, _) => Ok(None),
            (Some(Day::On(date)), _) => Ok(Some(date)),
            (Some(Day::Trail), Some(snapshot)) => {
                let trail = (!self.trail.is_empty()).then(|| collect(&self.trail, Window::default())).transpose()?;
                let trail = trail.map(Collector::finish);
                trail.iter().for_each(|trail| warn_of_problems(trail, ui));
                opted_out::from_trail(trail.as_ref(), snapshot, catalogue, option, ui).map(Some)
            }
            (Some(Day::Trail), None) => {
                let message = "`--opted-out trail` needs the organization that the events are of";
                Err(Error::usage(message, "add `--organization FILE`, as `optout snapshot` writes it"))
            }
            (Some(Day::History), snapshot) => {
                let id = snapshot.as_ref().and_then(|it| it.organization()).map(|it| &it.id);
                opted_out::from_history(self.store.path(), id, option, ui).map(Some)
            }
        }
    }

    fn chosen(&self) -> Result<Option<BTreeSet<String>>, Error> {
        if let Some(path) = &self.usage {
            return Ok(Some(in_use(&saved(path)?.0)));
        }
        Ok((!self.services.is_empty()).then(|| self.services.iter().cloned().collect()))
    }
}

/// The services that are used somewhere, or that are billed together with one that is.
fn in_use(usage: &Usage) -> BTreeSet<String> {
    let (names, metrics) = (BillingNames::embedded(), MetricCatalogue::embedded());
    let rows = usage.whole.iter().chain(&usage.daily).flat_map(|series| &series.rows);
    let used = rows.filter(|row| !row.quantity.is_zero() || !row.cost.is_zero());
    let keys = used.flat_map(|row| {
        let billed = names.get(&row.service).map(|it| it.keys.clone()).unwrap_or_default();
        billed.into_iter().chain(metrics.key_of_namespace(&row.service).map(str::to_owned))
    });
    keys.collect()
}
