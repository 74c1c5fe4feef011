//! `optout generate dashboard`: the metrics of the services, of the monitor, and the day of the opt-out.

use std::collections::BTreeSet;

use clap::ValueEnum;
use jiff::civil::Date;
use optout_core::generate::dashboard;
use optout_core::usage::{BillingNames, MetricCatalogue, Usage};

use crate::command::usage::saved;
use crate::error::Error;
use crate::exit::Exit;
use crate::options::{CatalogueOptions, OutputOptions};
use crate::ui::Ui;

/// Generate a CloudWatch dashboard with the metrics that the services really publish
///
/// With the monitor's own metrics and a line at the day of the opt-out. Services of which no metric is known are named in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate dashboard --opted-out 2026-10-05 --output dashboard.template.json
  optout generate dashboard --service lex --service polly --form body --region eu-central-1
  optout generate dashboard --usage q3.json --without-monitor --output dashboard.template.json")]
pub(super) struct Dashboard {
    /// Show this service; may be given several times. All are shown where none is given
    #[arg(long = "service", value_name = "KEY", conflicts_with = "usage")]
    services: Vec<String>,

    /// Show the services that were used somewhere, from what `optout usage --save` wrote
    #[arg(long, value_name = "FILE")]
    usage: Option<String>,

    /// The day of the opt-out, which the graphs mark
    #[arg(long, value_name = "DATE")]
    opted_out: Option<Date>,

    /// What is written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Cloudformation)]
    form: Form,

    /// The Region whose metrics a body shows; a template has a parameter for it
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

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A CloudFormation template
    Cloudformation,
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
            opted_out: self.opted_out,
            monitor: !self.without_monitor,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let text = match self.form {
            Form::Cloudformation => dashboard.template(&self.name),
            Form::Body => dashboard.body(&self.region),
        };
        self.output.json(ui, &text)?;
        ui.note("metrics are of one Region: a stack for each, or one with the parameter MetricsRegion");
        Ok(Exit::Holds)
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
