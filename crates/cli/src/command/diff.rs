//! `optout diff`: what changed between two readings, and which change explains which verdict.

use std::str::FromStr;

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::check::Exceptions;
use optout_core::evidence::diff::{Judge, diff, render};
use optout_core::evidence::{Hash, Record, snapshot_of};
use optout_core::intent::{Intent, ResolvedIntent};
use optout_core::org::{EvidenceMode, Snapshot};

use crate::command::history::damaged;
use crate::command::pretty;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::judgement::declared;
use crate::options::{
    AnswerOptions, AwsOptions, CatalogueOptions, Evidence, Moment, SelectionOptions, StoreOptions, day, known,
    read_options,
};
use crate::organization::{Organization, live, runtime};
use crate::store::Store;
use crate::ui::Ui;

/// Show what changed between two readings of an organization, and which change explains which verdict
///
/// A reading is a record (`latest`, its number, or the beginning of its hash), a file of `optout snapshot`, or `now`. Both
/// are judged by the same catalogue, intent and date, so that only the organization can make a difference. Exit code 2
/// when there are changes, 3 when there are none as far as could be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout diff latest now
  optout diff 12 latest --store evidence.db
  optout diff january.json february.json --intent optout.toml --format json")]
pub(crate) struct Args {
    /// The first reading: `latest`, a record's number or hash, a file, or `now`
    #[arg(value_name = "BEFORE")]
    before: Reading,

    /// The second reading, named alike
    #[arg(value_name = "AFTER")]
    after: Reading,

    #[command(flatten)]
    store: StoreOptions,

    #[command(flatten)]
    aws: AwsOptions,

    /// How to ask AWS for its own answers, and whether they are used: `chain` unless given
    #[arg(long, value_enum, value_name = "HOW", help_heading = "Organization")]
    evidence: Option<Evidence>,

    /// Judge by this intent: which exceptions were approved
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    intent: Option<String>,

    /// Judge by this date in place of now, like 2026-11-24 (UTC)
    #[arg(long, value_name = "DATE", help_heading = "Judgement")]
    at: Option<Moment>,

    #[command(flatten)]
    catalogue: CatalogueOptions,

    /// Name every account
    #[arg(long, help_heading = "Output")]
    all: bool,

    #[command(flatten)]
    answer: AnswerOptions,
}

/// Which reading is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reading {
    Now,
    Latest,
    Number(u64),
    Hash(String),
    File(String),
}

/// Fewer digits of a hash are rather a file's name.
const FEWEST_DIGITS: usize = 8;

impl FromStr for Reading {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        Ok(match text {
            "now" => Self::Now,
            "latest" => Self::Latest,
            _ if text.len() < 19 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => {
                Self::Number(text.parse().unwrap_or(u64::MAX))
            }
            _ if (FEWEST_DIGITS..=64).contains(&text.len()) && text.bytes().all(hexadecimal) => {
                Self::Hash(text.to_owned())
            }
            _ => Self::File(text.to_owned()),
        })
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let catalogue = args.catalogue.load()?;
    let intent = args.intent.as_deref().map(|path| intent(path, &catalogue)).transpose()?;
    let (before, before_source) = args.get(&args.before, ui)?;
    let (after, after_source) = args.get(&args.after, ui)?;
    // The exceptions are those of the organization as it is: ids in them are the same on both sides.
    let intent = intent.map(|intent| intent.resolve(&after)).transpose()?;
    let at = Moment::or_now(args.at);
    let exceptions = || exceptions(intent.as_ref(), at);
    let evidence = args.evidence.map(EvidenceMode::from);
    let judge = Judge { catalogue: &catalogue, exceptions: &exceptions, at, evidence };
    let found = diff(&before, &after, &judge, [before_source, after_source])
        .map_err(|error| Error::failed(error.to_string(), "compare two readings of the same organization"))?;
    args.answer.hand_out(|| render(&found, args.all), || pretty(&found), ui)?;
    Ok(found.decision().into())
}

fn intent(path: &str, catalogue: &Catalogue) -> Result<Intent, Error> {
    Ok(Intent::parse(&file::source(path, file::LARGEST_TEXT)?, &known(catalogue))?)
}

fn exceptions(intent: Option<&ResolvedIntent>, at: Timestamp) -> Exceptions<'_> {
    intent.map_or_else(Exceptions::none, |intent| declared(intent, day(at)))
}

impl Args {
    /// A reading, and where it came from in words.
    fn get(&self, reading: &Reading, ui: &mut Ui) -> Result<(Snapshot, String), Error> {
        match reading {
            Reading::Now => {
                let read = read_options(self.evidence, &SelectionOptions::default());
                let read = optout_aws::read::ReadOptions { tags: true, ..read };
                Ok((runtime()?.block_on(live(&self.aws.session(), read, ui))?, "now".to_owned()))
            }
            Reading::File(path) => {
                let organization = Organization::saved(path)?;
                Ok((organization.snapshot, organization.origin))
            }
            Reading::Latest | Reading::Number(_) | Reading::Hash(_) => self.recorded(reading),
        }
    }

    fn recorded(&self, reading: &Reading) -> Result<(Snapshot, String), Error> {
        let store = Store::readable(self.store.path())?;
        let records = store.records()?;
        let is = |(record, hash): &&(Record, Hash)| match reading {
            Reading::Number(number) => record.number == *number,
            Reading::Hash(digits) => hash.to_string().starts_with(digits),
            Reading::Latest | Reading::Now | Reading::File(_) => true,
        };
        let (record, _) = records.iter().rev().find(is).ok_or_else(|| {
            Error::failed("there is no such record in the store", "`optout history --format json` lists the records")
        })?;
        let snapshot = snapshot_of(record, &|hash| store.part(hash)).map_err(damaged)?;
        Ok((snapshot, format!("record {}", record.number)))
    }
}

#[cfg(test)]
mod tests {
    use super::Reading;

    #[test]
    fn a_reading_is_named_in_four_ways() {
        let read = |text: &str| text.parse::<Reading>().unwrap();
        assert_eq!((read("now"), read("latest"), read("12")), (Reading::Now, Reading::Latest, Reading::Number(12)));
        assert_eq!(read("deadbeef"), Reading::Hash("deadbeef".into()));
        for file in ["january.json", "./12", "-", "", "dead", "DEADBEEF00"] {
            assert_eq!(read(file), Reading::File(file.into()));
        }
    }
}
