//! `optout demo`: everything at work, without an AWS account.

use optout_aws::session::{Keys, SessionOptions};
use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountResult, Exceptions, Question, Severity, assess};
use optout_core::org::{self, Snapshot};
use optout_core::report::explain::{self, explain};
use optout_core::report::{NothingAccepted, Origin, Report, Styled, Tone, text};
use optout_core::source::Source;
use optout_simulator::{Options, Simulator};

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{SelectionOptions, read_options};
use crate::organization::{live, runtime};
use crate::simulation::{ACME, rules};
use crate::ui::Ui;

/// Show a verdict and its derivation for an example organization, without an AWS account
///
/// Serves the example from this process, reads it over HTTP as AWS would be read, and judges what it reads.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout demo")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let example = org::read(&Source::new("the example organization", ACME))?;
    title(ui, "$ optout verify")?;
    let snapshot = read(&example, ui)?;
    let question = Question {
        snapshot: &snapshot,
        catalogue: Catalogue::embedded(),
        exceptions: Exceptions::none(),
        at: snapshot.taken,
        evidence: None,
        only: None,
    };
    let assessment = assess(&question);
    let origin = Origin {
        organization: "the example organization, served from this process".to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Origin::default()
    };
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, origin);
    ui.styled(&text::render(&report, false))?;
    if let Some(account) = worth_explaining(&assessment.accounts) {
        title(ui, &format!("\n$ optout explain {}", account.id))?;
        if let Some(explanation) = explain(&assessment, account.id, None) {
            ui.styled(&explain::text(&explanation))?;
        }
    }
    ui.note("`optout sandbox` serves the same organization to any AWS tool; `optout verify` asks your own");
    Ok(Exit::Holds)
}

fn title(ui: &mut Ui, text: &str) -> Result<(), Error> {
    let mut styled = Styled::default();
    styled.push(Tone::Faint, text).line();
    ui.styled(&styled)
}

/// The first of the counted accounts with the worst verdict.
fn worth_explaining(accounts: &[AccountResult]) -> Option<&AccountResult> {
    let counted = || accounts.iter().filter(|account| account.counted);
    let worst = counted().map(|account| account.verdict).max()?;
    counted().find(|account| account.verdict == worst)
}

/// Serves the example and reads it back over HTTP.
fn read(example: &Snapshot, ui: &mut Ui) -> Result<Snapshot, Error> {
    let rules = rules(std::borrow::Cow::Borrowed(Catalogue::embedded()));
    runtime()?.block_on(async {
        let running = Simulator::start(example, rules, Options::default()).await?;
        let management = example.organization().map(|organization| organization.management_account.to_string());
        let keys = Keys { access_key_id: management.unwrap_or_default(), secret_access_key: "sandbox".to_owned() };
        let session = SessionOptions {
            endpoint_url: Some(running.url.clone()),
            region: Some("us-east-1".to_owned()),
            keys: Some(keys),
            // Nothing here is limited: pacing at AWS's rates would only make people wait.
            time_scale: 1_000.0,
            ..SessionOptions::default()
        };
        let snapshot = live(&session, read_options(None, &SelectionOptions::default()), ui).await;
        running.shutdown().await;
        snapshot
    })
}
