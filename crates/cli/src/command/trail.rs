//! `optout trail`: who changed what, and what it did to verdicts.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use optout_aws::session::Session;
use optout_core::org::{AccountId, EvidenceMode, Snapshot};
use optout_core::trail::{Collector, Timeline, Topic, Trail, TrailReport, Wanted, Window, json, text};

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{
    AnswerOptions, AwsOptions, CatalogueOptions, Evidence, Moment, SelectionOptions, duration, read_options,
};
use crate::organization::{Organization, judged_order, runtime, stoppable};
use crate::trail::{Lookup, collect_into, save};
use crate::ui::Ui;

/// Show who changed what about the opt-out, and what each change did to verdicts
///
/// Reads CloudTrail's event history of the account whose credentials are used (90 days, only its own calls: those of
/// delegated administrators are in their accounts), or exported log files. With the organization as it is now, or as it
/// was saved, every event gets the verdicts before and after it, by this program's own engine; what the events do not
/// tell is unknown. Exit code 0; with --fail-on weakened 2 where a change weakened the opt-out and 3 where that is not
/// known; 3 also where something could not be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout trail --profile management
  optout trail --since 30d --only attachments --only policy-type
  optout trail --from AWSLogs/ --organization snapshot.json --format json --output trail.json
  optout trail --save november.jsonl --since 2026-11-01
  optout trail --from november.jsonl older.json.gz --account 111111111111 --fail-on weakened")]
pub(crate) struct Args {
    /// Read exported log files in place of AWS: files and directories, plain or .gz; `-` is standard input
    #[arg(
        long,
        value_name = "PATH",
        num_args = 1..,
        help_heading = "Events",
        conflicts_with_all = ["profile", "role_arn", "region", "endpoint_url", "save"]
    )]
    from: Vec<String>,

    /// Only events from this time on, like 2026-11-01 (UTC), or from so long ago, like 30d
    #[arg(long, value_name = "TIME", help_heading = "Events")]
    since: Option<Time>,

    /// Only events until this time, like 2026-11-24T10:00:00Z, or until so long ago
    #[arg(long, value_name = "TIME", help_heading = "Events")]
    until: Option<Time>,

    /// Only events about this account, or that changed its verdict; may be given several times
    #[arg(long = "account", value_name = "ID", help_heading = "Events")]
    accounts: Vec<AccountId>,

    /// Only events about this; may be given several times
    #[arg(long, value_enum, value_name = "TOPIC", help_heading = "Events")]
    only: Vec<About>,

    /// Save the events that were read, for --from and for `optout verify --trail`
    #[arg(long, value_name = "FILE", help_heading = "Events")]
    save: Option<PathBuf>,

    /// The organization to start from, as `optout snapshot` writes it; without it, what AWS says now
    #[arg(long, value_name = "FILE", help_heading = "Organization")]
    organization: Option<String>,

    #[command(flatten)]
    aws: AwsOptions,

    #[command(flatten)]
    catalogue: CatalogueOptions,

    /// Fail when a change let AWS use content that it might not use before
    #[arg(long, value_enum, value_name = "WHAT", help_heading = "Judgement")]
    fail_on: Option<FailOn>,

    /// Name every account, service and problem
    #[arg(long, help_heading = "Output")]
    all: bool,

    #[command(flatten)]
    answer: AnswerOptions,
}

/// What events are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum About {
    /// Policies created, changed, deleted, tagged
    Policies,
    /// Policies attached and detached
    Attachments,
    /// The policy type switched on or off; the organization as a whole
    PolicyType,
    /// Who else may manage policies
    Delegation,
    /// Accounts that come, go and move
    Accounts,
    /// Organizational units
    Units,
    /// Effective policies that AWS found invalid or valid again
    Validity,
}

impl From<About> for Topic {
    fn from(about: About) -> Self {
        match about {
            About::Policies => Self::Policies,
            About::Attachments => Self::Attachments,
            About::PolicyType => Self::PolicyType,
            About::Delegation => Self::Delegation,
            About::Accounts => Self::Accounts,
            About::Units => Self::Units,
            About::Validity => Self::Validity,
        }
    }
}

/// When the command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A change weakened the opt-out
    Weakened,
}

/// A time, or how long ago.
#[derive(Debug, Clone, Copy)]
enum Time {
    At(Moment),
    Ago(SignedDuration),
}

impl Time {
    fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => Moment::or_now(Some(moment)),
            Self::Ago(time) => now.saturating_sub(time).unwrap_or(now),
        }
    }
}

impl FromStr for Time {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = text.parse().map(Self::At);
        moment
            .or_else(|_| duration(text).map(Self::Ago))
            .map_err(|_| "expected a date like 2026-11-24, a time like 2026-11-24T10:00:00Z, or how long ago, like 30d")
    }
}

/// What the events are of and where they came from.
struct Gathered {
    trail: Trail,
    organization: Option<Organization>,
    source: String,
    partial: bool,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let now = Timestamp::now();
    let window = Window { since: args.since.map(|it| it.from(now)), until: args.until.map(|it| it.from(now)) };
    if let (Some(since), Some(until)) = (window.since, window.until)
        && since > until
    {
        return Err(Error::usage(format!("--since {since} is after --until {until}"), "exchange them"));
    }
    let catalogue = args.catalogue.load()?;
    let gathered = gather(args, window, now, ui)?;
    let snapshot = gathered.organization.as_ref().map(|it| &it.snapshot);
    let wanted =
        Wanted { topics: args.only.iter().map(|about| (*about).into()).collect(), accounts: args.accounts.clone() };
    let timeline = Timeline::new(&gathered.trail, snapshot, &catalogue, &wanted);
    let report = TrailReport {
        trail: &gathered.trail,
        timeline: &timeline,
        snapshot,
        organization: gathered.organization.as_ref().map(|it| it.origin.as_str()),
        source: &gathered.source,
        window,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    args.answer.hand_out(|| text(&report, args.all), || json(&report), ui)?;
    Ok(exit(&gathered, &timeline, args.fail_on))
}

fn gather(args: &Args, window: Window, now: Timestamp, ui: &mut Ui) -> Result<Gathered, Error> {
    let saved = args.organization.as_deref().map(Organization::saved).transpose()?;
    let mut collector = Collector::new(window);
    if !args.from.is_empty() {
        collect_into(&mut collector, &args.from, window)?;
        let source = args.from.join(", ");
        return Ok(Gathered { trail: collector.finish(), organization: saved, source, partial: false });
    }
    let (lookup, organization) = runtime()?.block_on(live(args, saved, window, now, ui))?;
    lookup.tell_of_missing(ui);
    if let Some(path) = &args.save {
        save(&lookup, path)?;
    }
    lookup.collect_into(&mut collector);
    let source = format!("CloudTrail event history, {}", args.aws.origin());
    Ok(Gathered { trail: collector.finish(), organization, source, partial: lookup.is_partial() })
}

/// The organization first: then every event until it was read is among those that are read after it.
async fn live(
    args: &Args,
    saved: Option<Organization>,
    window: Window,
    now: Timestamp,
    ui: &Ui,
) -> Result<(Lookup, Option<Organization>), Error> {
    let session = Session::open(&args.aws.session()).await?;
    let organization = match saved {
        Some(saved) => saved,
        None => Organization { snapshot: present(&session, ui).await?, origin: args.aws.origin() },
    };
    let lookup = Lookup::read(&session, window, now, ui).await?;
    Ok((lookup, Some(organization)))
}

/// AWS's own answers are of no use here: they are of the present.
async fn present(session: &Session, ui: &Ui) -> Result<Snapshot, Error> {
    let mut what = read_options(Some(Evidence::None), &SelectionOptions::default());
    (what.evidence, what.order_could_matter, what.strays) = (EvidenceMode::None, judged_order(), false);
    stoppable(session, &what, ui).await
}

fn exit(gathered: &Gathered, timeline: &Timeline, fail_on: Option<FailOn>) -> Exit {
    let unread = gathered.partial || gathered.trail.seen.problems > 0 || gathered.trail.overflowed;
    let readable = if unread { Exit::Undetermined } else { Exit::Holds };
    let judged = match fail_on {
        None => Exit::Holds,
        Some(FailOn::Weakened) if timeline.entries.iter().any(|entry| entry.effect.weakens()) => Exit::Fails,
        Some(FailOn::Weakened) if timeline.entries.iter().any(|entry| entry.effect.is_unknown()) => Exit::Undetermined,
        Some(FailOn::Weakened) => Exit::Holds,
    };
    readable.and(judged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_moments_or_how_long_ago() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let at = |text: &str| text.parse::<Time>().map(|time| time.from(now).to_string());
        assert_eq!(at("2026-11-01"), Ok("2026-11-01T00:00:00Z".to_owned()));
        assert_eq!(at("36h"), Ok("2026-11-23T00:00:00Z".to_owned()));
        assert!(at("lately").is_err());
    }

    #[test]
    fn every_topic_can_be_asked_for_by_its_own_word() {
        let words: Vec<String> =
            About::value_variants().iter().map(|it| it.to_possible_value().unwrap().get_name().to_owned()).collect();
        assert_eq!(words, Topic::ALL.map(Topic::as_str));
    }
}
