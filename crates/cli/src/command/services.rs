//! `optout services`: the AI services that an opt-out policy knows, and those it does not reach.

use jiff::civil::Date;
use optout_core::catalogue::{Catalogue, Coverage, Filter, Order, Row, Severity};
use optout_core::report::Tone;
use serde::Serialize;

use super::services_check;
use crate::error::Error;
use crate::exit::Exit;
use crate::options::{AnswerOptions, CatalogueOptions, Moment, day};
use crate::ui::{Table, Ui};

/// List the AI services of the catalogue, or compare it with AWS's page
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  optout services
  optout services --filter transcribe
  optout services --irreversible --format json
  optout services check orgs_manage_policies_ai-opt-out_syntax.html"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,

    /// Show only services whose key or name has this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Show only services that an opt-out policy reaches
    #[arg(long, conflicts_with = "not_covered")]
    covered: bool,

    /// Show only services that no opt-out policy reaches
    #[arg(long)]
    not_covered: bool,

    /// Show only services where opting out does something that cannot be undone
    #[arg(long)]
    irreversible: bool,

    /// The order of the list
    #[arg(long, value_enum, default_value_t = Sort::Catalogue)]
    sort: Sort,

    #[command(flatten)]
    answer: AnswerOptions,

    #[command(flatten)]
    catalogue: CatalogueOptions,

    /// Judge by this date in place of today, like 2026-11-24
    #[arg(long, value_name = "DATE")]
    at: Option<Moment>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Check(services_check::Args),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Sort {
    /// As in the catalogue
    Catalogue,
    /// By key
    Key,
    /// By name
    Name,
    /// Newest first
    FirstSeen,
    /// Gravest impact of opting out first
    Severity,
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Catalogue => Self::File,
            Sort::Key => Self::Key,
            Sort::Name => Self::Name,
            Sort::FirstSeen => Self::FirstSeen,
            Sort::Severity => Self::Severity,
        }
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    if let Some(Action::Check(check)) = &args.action {
        return services_check::run(check, ui);
    }
    let catalogue = args.catalogue.load()?;
    let today = day(Moment::or_now(args.at));
    let rows = catalogue.rows(&filter(args), args.sort.into());
    args.answer.hand_out(|| table(&rows).styled(), || super::pretty(&listing(&catalogue, &rows, today)), ui)?;
    if args.answer.is_text() {
        ui.note(&age(&catalogue, today));
    }
    Ok(Exit::Holds)
}

fn filter(args: &Args) -> Filter {
    let coverage = match (args.covered, args.not_covered) {
        (true, _) => Coverage::Covered,
        (_, true) => Coverage::NotCovered,
        (false, false) => Coverage::Any,
    };
    Filter { text: args.filter.clone(), coverage, irreversible: args.irreversible }
}

/// How many keys there are and how old the list is.
pub(super) fn age(catalogue: &Catalogue, today: Date) -> String {
    let days = catalogue.age_in_days(today);
    let ago = match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        2.. => format!("{days} days ago"),
        _ => format!("in {} days", -days),
    };
    let keys = catalogue.services().len();
    format!("`default` and {keys} service keys, as AWS listed them on {} ({ago})", catalogue.date())
}

fn table(rows: &[Row<'_>]) -> Table {
    let mut table = Table::new(["key", "AWS on content", "opting out", "terms", "name"]);
    for row in rows {
        let key =
            if row.covered() { (Tone::Strong, row.key().to_owned()) } else { (Tone::Faint, "(no key)".to_owned()) };
        let uses = row.uses().map_or("", |uses| uses.word());
        let terms = row.terms().map(|section| format!("§{section}")).unwrap_or_default();
        let cells = [key, plain(uses), impact(row), plain(&terms), plain(row.name())];
        table.row(cells);
    }
    table
}

fn plain(text: &str) -> (Tone, String) {
    (Tone::Plain, text.to_owned())
}

fn impact(row: &Row<'_>) -> (Tone, String) {
    let undo = if row.irreversible() { ", cannot be undone" } else { "" };
    let Some(severity) = row.severity() else { return plain("") };
    let tone = if severity >= Severity::High { Tone::Bad } else { Tone::Doubtful };
    (tone, format!("{}{undo}", severity.word()))
}

#[derive(Serialize)]
struct Listing<'a> {
    format: &'static str,
    catalogue: Stand,
    services: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Stand {
    date: Date,
    age_days: i64,
    keys: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    key: Option<&'a str>,
    name: &'a str,
    covered: bool,
    uses: Option<&'static str>,
    severity: Option<&'static str>,
    irreversible: bool,
    terms: Option<&'a str>,
    first_seen: Option<String>,
    read: Option<Date>,
}

fn listing<'a>(catalogue: &Catalogue, rows: &[Row<'a>], today: Date) -> Listing<'a> {
    let keys = catalogue.services().len();
    let catalogue = Stand { date: catalogue.date(), age_days: catalogue.age_in_days(today), keys };
    Listing { format: "optout.services/1", catalogue, services: rows.iter().map(entry).collect() }
}

fn entry<'a>(row: &Row<'a>) -> Entry<'a> {
    Entry {
        key: row.covered().then(|| row.key()),
        name: row.name(),
        covered: row.covered(),
        uses: row.uses().map(|uses| uses.word()),
        severity: row.severity().map(|severity| severity.word()),
        irreversible: row.irreversible(),
        terms: row.terms(),
        first_seen: row.first_seen().map(|date| date.to_string()),
        read: row.read(),
    }
}
