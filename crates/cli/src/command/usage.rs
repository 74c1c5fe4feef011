//! `optout usage`: which accounts use which of the affected services, beside their verdicts.

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use optout_aws::cancel::Cancel;
use optout_aws::session::Session;
use optout_aws::usage::{UsageOptions, read};
use optout_core::check::assess;
use optout_core::usage::{self, BillingNames, Missing, Period, Review, Usage};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::judgement::{Judgement, JudgementOptions};
use crate::opted_out::{self, Day};
use crate::options::{OutputOptions, SelectionOptions, StoreOptions, day as day_of};
use crate::organization::runtime;
use crate::ui::Ui;

/// Show which accounts use which of the affected services, those first that are not opted out of them
///
/// Reads Cost Explorer with the credentials of the management account. It changes nothing, but AWS bills each request 0.01
/// US dollars, and each page and each repetition is a request: how many are sent at least is told before, how many were
/// sent after, and --max-requests is the most; what lies beyond is unknown. Where bills may not be read, metrics of
/// CloudWatch show use in one Region, of the accounts that it sees. Exit code 2 where an account is not opted out of a
/// service that it uses, 3 where that cannot be told. It needs ce:GetCostAndUsage, else cloudwatch:ListMetrics and
/// cloudwatch:GetMetricData.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout usage --profile management
  optout usage --profile management --from 2026-07-01 --to 2026-09-30 --save q3.json
  optout usage --since 2026-10-05 --max-requests 50 --save around.json
  optout usage --since trail --trail AWSLogs/ --save around.json
  optout usage --organization snapshot.json --usage q3.json --format csv --output q3.csv
  optout report --organization snapshot.json --usage q3.json --output review.html")]
pub(crate) struct Args {
    /// Review saved usage, as --save writes it, and ask for no bill
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Usage",
        conflicts_with_all = ["from", "to", "since", "max_requests", "save", "bills_only"]
    )]
    usage: Option<String>,

    /// The first day (UTC); without it, the last whole quarter
    #[arg(long, value_name = "DATE", requires = "to", help_heading = "Usage")]
    from: Option<Date>,

    /// The last day, included
    #[arg(long, value_name = "DATE", requires = "from", help_heading = "Usage")]
    to: Option<Date>,

    /// Compare the weeks before and after this day, on which the organization opted out
    ///
    /// `trail` takes it from the events of --trail, `history` from the records of --store; where these prove no single day, it has to
    /// be said.
    #[arg(long, value_name = "DATE|trail|history", help_heading = "Usage")]
    since: Option<Day>,

    /// How many weeks on each side are compared at most
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u8).range(2..=26), help_heading = "Usage")]
    weeks: u8,

    /// Send at most so many requests, each of which is billed
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000), help_heading = "Usage")]
    max_requests: u64,

    /// Do not read metrics of CloudWatch where bills may not be read
    #[arg(long, help_heading = "Usage")]
    bills_only: bool,

    /// Save what was read, for --usage
    #[arg(long, value_name = "FILE", help_heading = "Usage")]
    save: Option<PathBuf>,

    #[command(flatten)]
    judgement: JudgementOptions,

    #[command(flatten)]
    selection: SelectionOptions,

    #[command(flatten)]
    store: StoreOptions,

    /// Name every account and service
    #[arg(long, help_heading = "Output")]
    all: bool,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Form::Text, help_heading = "Output")]
    format: Form,

    #[command(flatten)]
    output: OutputOptions,
}

/// The form of the output. A page is made by `optout report --usage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For machines: versioned, with a schema in docs/schemas
    Json,
    /// One row per account and service, for spreadsheets
    Csv,
    /// A document for people
    Markdown,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let kept = args.usage.as_deref().map(saved).transpose()?;
    let wanted = wanted(args)?;
    let judgement = Judgement::gather(&args.judgement, &args.selection, None, ui)?;
    let (usage, origin) = match kept {
        Some(kept) => kept,
        None => {
            let management = judgement.organization.snapshot.organization().map(|it| it.management_account);
            let around = match args.since {
                None => None,
                Some(day) => Some(days_around(args, found(args, day, &judgement, ui)?, day_of(wanted.now))?),
            };
            let usage = live(args, &UsageOptions { management, around, ..wanted }, ui)?;
            let source = usage.source.as_str();
            (usage, format!("{source}, read {}", wanted.now))
        }
    };
    let assessment = assess(&judgement.question());
    let review = Review::new(&assessment, usage, origin);
    match args.format {
        Form::Text => args.output.styled(ui, &review.text(args.all))?,
        Form::Json => args.output.json(ui, &review.json(&assessment, env!("CARGO_PKG_VERSION")))?,
        Form::Csv => args.output.text(ui, &review.csv())?,
        Form::Markdown => args.output.text(ui, &review.markdown())?,
    }
    Ok(exit(&review))
}

/// Saved usage, and what it is called.
pub(crate) fn saved(path: &str) -> Result<(Usage, String), Error> {
    let usage = usage::read(&file::source(path, file::LARGEST_SNAPSHOT)?)?;
    Ok((usage, file::name(path).to_owned()))
}

fn exit(review: &Review) -> Exit {
    let known = if review.is_open() { Exit::Undetermined } else { Exit::Holds };
    known.and(Exit::fails_if(review.is_exposed()))
}

/// What is to be read, before anything is.
fn wanted(args: &Args) -> Result<UsageOptions, Error> {
    let now = Timestamp::now();
    let today = day_of(now);
    let period = match (args.from, args.to) {
        (Some(from), Some(to)) => Period { from, to: to.min(today) },
        _ => Period::last_quarter(today),
    };
    if period.from > period.to {
        let message = format!("--from {} is after --to {}, or after today", period.from, period.to);
        return Err(Error::usage(message, "exchange them"));
    }
    // A day that is said is looked at before AWS is asked.
    let around = match args.since {
        Some(Day::On(since)) => Some(days_around(args, since, today)?),
        Some(Day::Trail | Day::History) | None => None,
    };
    Ok(UsageOptions { period, around, most: args.max_requests, management: None, fall_back: !args.bills_only, now })
}

/// The day of the opt-out and the days around it.
fn days_around(args: &Args, since: Date, today: Date) -> Result<(Date, Period), Error> {
    let days = around(since, args.weeks, today);
    if since >= days.to {
        let message = format!("there are no days after {since} yet, the day of the opt-out");
        return Err(Error::usage(message, "ask again once two weeks have passed"));
    }
    Ok((since, days))
}

/// The day of the opt-out, where it is to be found.
fn found(args: &Args, day: Day, judgement: &Judgement, ui: &mut Ui) -> Result<Date, Error> {
    let snapshot = &judgement.organization.snapshot;
    match day {
        Day::On(date) => Ok(date),
        Day::Trail => opted_out::from_trail(judgement.trail(), snapshot, judgement.question().catalogue, "--since", ui),
        Day::History => {
            let id = snapshot.organization().map(|it| &it.id);
            opted_out::from_history(args.store.path(), id, "--since", ui)
        }
    }
}

/// The days around an opt-out.
fn around(since: Date, weeks: u8, today: Date) -> Period {
    let span = (i32::from(weeks) * 7).days();
    Period { from: since.saturating_sub(span), to: since.saturating_add(span).min(today) }
}

fn live(args: &Args, options: &UsageOptions, ui: &mut Ui) -> Result<Usage, Error> {
    let price = BillingNames::embedded().price().usd;
    let (fewest, most) = (options.fewest(), options.most);
    let requests = if fewest == 1 { "request" } else { "requests" };
    ui.note(&format!(
        "Cost Explorer is asked for {} to {}: at least {fewest} {requests}, at most {most}, each billed {price} US dollars by AWS",
        options.period.from, options.period.to
    ));
    let usage = runtime()?.block_on(stoppable(args, options, ui))?;
    for missing in &usage.missing {
        ui.warn(&format!("{} is missing: {}{}", missing.what, missing.reason, what_next(missing)));
    }
    if let Some(path) = &args.save {
        file::write(path, usage::write(&usage).as_bytes())?;
    }
    Ok(usage)
}

/// What to do about what is missing.
fn what_next(missing: &Missing) -> String {
    let needs = |it: &String| {
        format!("\n  help: it needs {it}; `optout generate iam-policy --for usage` writes the policy for the role")
    };
    missing.permission.as_ref().map(needs).unwrap_or_default()
}

/// The first Ctrl-C ends the reading with what there is; a second one ends the program.
async fn stoppable(args: &Args, options: &UsageOptions, ui: &Ui) -> Result<Usage, Error> {
    let session = Session::open(&args.judgement.aws().session()).await?;
    let (progress, cancel) = (ui.progress(), Cancel::new());
    let tell = |state: &_| progress.tell(state);
    let mut reading = std::pin::pin!(read(&session, options, &tell, &cancel));
    tokio::select! {
        usage = &mut reading => return Ok(usage),
        _ = tokio::signal::ctrl_c() => cancel.cancel(),
    }
    tokio::select! {
        usage = &mut reading => Ok(usage),
        _ = tokio::signal::ctrl_c() => Err(Error::failed("stopped", "nothing was written")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_days_are_read_on_both_sides_and_none_of_the_future() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let days = around(date("2026-10-05"), 4, date("2026-11-24"));
        assert_eq!((days.from, days.to), (date("2026-09-07"), date("2026-11-02")));
        assert_eq!(around(date("2026-11-20"), 4, date("2026-11-24")).to, date("2026-11-24"));
    }
}
