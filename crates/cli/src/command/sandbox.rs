//! `optout sandbox`: an AWS Organizations on this machine, for any AWS tool.

use std::time::Duration;

use optout_core::org::{self, Snapshot};
use optout_core::source::Source;
use optout_simulator::{Options, Propagation, Running, Simulator, Throttling};

use crate::error::Error;
use crate::exit::Exit;
use crate::options::CatalogueOptions;
use crate::organization::{Organization, runtime};
use crate::simulation::{ACME, Faults, rules};
use crate::ui::Ui;

/// Serve a simulated AWS Organizations on the loopback address, until Ctrl-C
///
/// Prints the environment that points AWS tools at it. Whose key id ends in the twelve digits of an account calls as
/// that account, anybody else as the management account; signatures are not checked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout sandbox
  optout sandbox --organization snapshot.json --port 4566 --throttle
  optout sandbox --fault ListAccounts=deny --fault '{\"operations\":[\"ListPolicies\"],\"when\":{\"kind\":\"nth\",\"call\":2},\"effect\":{\"kind\":\"drop\"}}'")]
pub(crate) struct Args {
    /// The organization to serve; without one an example
    #[arg(long, value_name = "FILE")]
    organization: Option<String>,

    /// The port; 0 is any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    /// Hold the rate limits that AWS documents
    #[arg(long)]
    throttle: bool,

    /// Let this many simulated seconds pass in a second
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0)]
    time_scale: f64,

    /// Take this long for every call, in simulated milliseconds
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,

    /// Let changes take as long to show in effective policies as was observed of AWS
    #[arg(long)]
    propagation: bool,

    /// Let something go wrong: OPERATION=EFFECT, a fault as JSON, or @FILE; may be given several times
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Faults>,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let snapshot = organization(args.organization.as_deref())?;
    let (rules, options) = (rules(args.catalogue.load()?), options(args));
    let runtime = runtime()?;
    runtime.block_on(async {
        let running = Simulator::start(&snapshot, rules, options).await?;
        ui.data(&environment(&running, &snapshot))?;
        ui.note(&format!("serving {} accounts at {}; Ctrl-C ends it", accounts(&snapshot), running.url));
        stop().await;
        running.shutdown().await;
        Ok(Exit::Holds)
    })
}

fn organization(path: Option<&str>) -> Result<Snapshot, Error> {
    match path {
        Some(path) => Ok(Organization::saved(path)?.snapshot),
        None => Ok(org::read(&Source::new("the example organization", ACME))?),
    }
}

fn options(args: &Args) -> Options {
    Options {
        port: args.port,
        time_scale: args.time_scale,
        latency: Duration::from_millis(args.latency),
        throttling: if args.throttle { Throttling::Documented { undocumented: None } } else { Throttling::Off },
        propagation: if args.propagation { Propagation::OBSERVED } else { Propagation::default() },
        faults: args.faults.iter().flat_map(|faults| faults.0.clone()).collect(),
        ..Options::default()
    }
}

fn accounts(snapshot: &Snapshot) -> usize {
    snapshot.accounts.as_ref().map_or(0, Vec::len)
}

/// What points AWS tools at it, as a shell takes it.
fn environment(running: &Running, snapshot: &Snapshot) -> String {
    let management = snapshot.organization().map(|organization| organization.management_account.to_string());
    format!(
        "export AWS_ENDPOINT_URL={}\nexport AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY=sandbox\n\
         export AWS_REGION=us-east-1\nexport AWS_EC2_METADATA_DISABLED=true\n",
        running.url,
        management.unwrap_or_else(|| "000000000000".to_owned())
    )
}

/// Waits for Ctrl-C, or for being told to end.
#[cfg(unix)]
async fn stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut told) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = told.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn stop() {
    drop(tokio::signal::ctrl_c().await);
}
