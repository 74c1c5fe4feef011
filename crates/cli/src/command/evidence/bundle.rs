//! `optout evidence bundle`: AWS's own answers, what follows from them, and how to check both, in one archive.

mod fleet;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use optout_aws::session::Recorder;
use optout_core::audit::{self, Checklists, Observations, Profile};
use optout_core::check::{Severity, assess};
use optout_core::evidence::bundle::{Bundle, Files, Manifest, file as named, pack};
use optout_core::evidence::{Exchange, anonymous};
use optout_core::org::{self, Snapshot};
use optout_core::report::{Format, Options, Report, json};

use crate::command::audit::region_controls_asked;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::judgement::{Judgement, JudgementOptions, Wish};
use crate::options::{FleetOptions, ReachOptions, SelectionOptions};
use crate::signature::Signer;
use crate::store::Store;
use crate::ui::Ui;

/// Make one archive: AWS's answers as they came, the organization, reports, checklists, records, and how to check it all
///
/// An auditor checks it with `sha256sum` and `jq` alone; the page in it says how. With --sign, `ssh-keygen` says who made
/// it. E-mail addresses are replaced before anything is summed. Exit codes as of `verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout evidence bundle
  optout evidence bundle --intent optout.toml --sign evidence-key --store optout-evidence.db
  optout evidence bundle --fleet fleet.toml --output for-the-auditors/
  optout evidence bundle --organization snapshot.json --output for-the-auditor.tar.gz")]
pub(crate) struct Args {
    #[command(flatten)]
    judgement: JudgementOptions,

    /// Put the records of this store of evidence into it; with --fleet of the stores in this folder
    #[arg(long, value_name = "STORE", help_heading = "Evidence")]
    store: Option<PathBuf>,

    /// Sign it with this OpenSSH key (Ed25519, without a passphrase)
    #[arg(long, value_name = "FILE", help_heading = "Evidence")]
    sign: Option<String>,

    /// Keep e-mail addresses in AWS's answers and in the organization
    #[arg(long, help_heading = "Evidence")]
    with_email: bool,

    #[command(flatten)]
    reach: ReachOptions,

    /// Where to write it; a new file in this folder, named after the organization and the time, unless given; with --fleet
    /// a folder
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    fleet: FleetOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    if args.judgement.is_computed() {
        let help = "leave --evidence out, or ask for `chain` or `all`";
        return Err(Error::usage("without AWS's own answers there is no evidence", help));
    }
    if let Some(path) = &args.fleet.fleet {
        return fleet::run(args, path, ui);
    }
    let signer = args.sign.as_deref().map(Signer::load).transpose()?;
    let chain = args.store.as_deref().map(chain).transpose()?;
    let observations = args.reach.read()?;
    let recorder = Recorder::new();
    let judgement = gather(args, &recorder, ui)?;
    let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
    let report = Report::new(&assessment, Severity::High, &accepted, judgement.origin())
        .with_reach(&observations.workstations, &observations.websites);
    let exchanges = recorder.exchanges();
    let parts = Parts { judgement: &judgement, exchanges: &exchanges, chain, observations: &observations };
    let made = Timestamp::now();
    let name = name(&judgement, made);
    let mut files = bundled(args, made, &report, parts)?;
    sign(&mut files, signer.as_ref(), ui)?;
    write(args, &name, &pack(&name, &files, made), ui)?;
    Ok(report.decision.into())
}

/// What a bundle is made of beside its report.
struct Parts<'p> {
    judgement: &'p Judgement,
    exchanges: &'p [Exchange],
    chain: Option<Records>,
    observations: &'p Observations,
}

/// The records of a store as lines of JSON, and their head.
type Records = (String, Option<String>);

/// The files of a bundle, summed and not signed yet.
fn bundled(args: &Args, made: Timestamp, report: &Report<'_>, parts: Parts<'_>) -> Result<Files, Error> {
    let Parts { judgement, exchanges, chain, observations } = parts;
    let mut bundle = Bundle::new();
    add_organization(&mut bundle, args, judgement, exchanges);
    add_reports(&mut bundle, report)?;
    add_audit(&mut bundle, report, judgement, observations);
    let mut manifest = manifest(args, made, report, judgement);
    manifest.with_answers = !exchanges.is_empty();
    if let Some((lines, head)) = chain {
        bundle.add(named::CHAIN, "the chain of records: parts first, then the records in order", lines);
        manifest.chain_head = head;
    }
    Ok(bundle.seal(manifest))
}

fn gather(args: &Args, recorder: &Recorder, ui: &mut Ui) -> Result<Judgement, Error> {
    let checklists = Checklists::embedded();
    let items = items();
    let wish = Wish {
        items: Some(&items),
        service_control_policies: region_controls_asked(checklists, &every_profile()),
        emails: args.with_email,
        recorder: Some(recorder),
        ..Wish::default()
    };
    Judgement::gather_for(&args.judgement, &SelectionOptions::default(), &wish, ui)
}

/// The checklist items that an intent may name.
fn items() -> Vec<&'static str> {
    Checklists::embedded().items().iter().map(|item| item.id.as_str()).collect()
}

fn every_profile() -> Vec<Profile> {
    Profile::WORDS.iter().map(|(_, profile)| *profile).collect()
}

/// The chain of a store as lines of JSON, and its head. A store that was tampered with is refused: it is no evidence.
fn chain(path: &Path) -> Result<Records, Error> {
    let store = Store::readable(path)?;
    let checked = store.check(&[])?;
    if let Some(problem) = checked.problems.first() {
        let message = format!("the records in `{}` are not as they were recorded: {}", path.display(), problem.message);
        return Err(Error::failed(message, "`optout history verify` shows everything that is wrong with them"));
    }
    Ok((store.lines()?, checked.head.map(|head| head.to_string())))
}

/// What was read: AWS's answers where AWS was asked, the organization, the intent.
fn add_organization(bundle: &mut Bundle, args: &Args, judgement: &Judgement, exchanges: &[Exchange]) {
    if !exchanges.is_empty() {
        let about = "AWS's answers as they came, one call a line: operation, request, time, request id, answer";
        bundle.add(named::ANSWERS, about, lines(exchanges, args.with_email));
    }
    let about = "the organization as it was read (`optout.snapshot/1`)";
    bundle.add(named::SNAPSHOT, about, org::write(&kept(&judgement.organization.snapshot, args.with_email)));
    if let Some(intent) = judgement.intent() {
        let about = "the intent judged by: what shall hold, exceptions, attestations";
        bundle.add(named::INTENT, about, intent.source.text.as_bytes());
    }
}

/// A saved organization may have addresses that nobody asked for here.
fn kept(snapshot: &Snapshot, with_email: bool) -> Snapshot {
    let mut snapshot = snapshot.clone();
    if !with_email {
        snapshot.accounts.iter_mut().flatten().for_each(|account| account.email = None);
    }
    snapshot
}

fn lines(exchanges: &[Exchange], with_email: bool) -> String {
    let mut out = String::new();
    for exchange in exchanges {
        let mut exchange = exchange.clone();
        if !with_email {
            exchange.answer = anonymous(&exchange.answer);
        }
        // INVARIANT: texts, a time and a number are always JSON.
        out.push_str(&serde_json::to_string(&exchange).unwrap_or_default());
        out.push('\n');
    }
    out
}

fn add_reports(bundle: &mut Bundle, report: &Report<'_>) -> Result<(), Error> {
    for (format, name, about) in [
        (Format::Html, "report.html", "the report for people"),
        (Format::Json, named::REPORT, "the same report for machines (`optout.report/1`)"),
        (Format::Oscal, "results.oscal.json", "the same as OSCAL assessment results"),
    ] {
        let options = Options { all: true, ..Options::default() };
        let text = format.render(report, &options).map_err(|error| Error::failed(error.to_string(), error.help()))?;
        bundle.add(name, about, text.into_text());
    }
    Ok(())
}

fn add_audit(bundle: &mut Bundle, report: &Report<'_>, judgement: &Judgement, observations: &Observations) {
    let audit = audit::audit(&audit::Question {
        report,
        intent: judgement.intent(),
        checklists: Checklists::embedded(),
        profiles: &every_profile(),
        observations,
    });
    let about = "every checklist with evidence and attestations (`optout.audit/1`)";
    bundle.add("checklists.json", about, audit::json::render(&audit));
    bundle.add("checklists.txt", "the same for people", audit::text::render(&audit, true).to_string());
}

fn manifest(args: &Args, made: Timestamp, report: &Report<'_>, judgement: &Judgement) -> Manifest {
    let snapshot = &judgement.organization.snapshot;
    let mut manifest = Manifest::new(made, env!("CARGO_PKG_VERSION"), snapshot.taken);
    manifest.organization = snapshot.organization().map(|it| it.id.to_string());
    manifest.source.clone_from(&judgement.organization.origin);
    manifest.verdict = report.assessment.verdict.as_str().to_owned();
    manifest.decision = json::decision(report.decision).to_owned();
    manifest.without_email = !args.with_email;
    manifest
}

fn name(judgement: &Judgement, made: Timestamp) -> String {
    let snapshot = &judgement.organization.snapshot;
    let account = || snapshot.caller.as_ref().map(|caller| caller.account.to_string());
    let whose = snapshot.organization().map(|it| it.id.to_string()).or_else(account);
    format!("optout-evidence-{}-{}", whose.as_deref().unwrap_or("unknown"), made.strftime("%Y%m%dT%H%M%SZ"))
}

fn sign(files: &mut Files, signer: Option<&Signer>, ui: &mut Ui) -> Result<(), Error> {
    let Some(signer) = signer else {
        ui.note("not signed: who can change a file of it can change its sum; --sign shows who made it");
        return Ok(());
    };
    let signature = signer.sign(files.get(named::SUMS).map_or(&[], Vec::as_slice))?;
    files.insert(named::SIGNATURE.to_owned(), signature.into_bytes());
    ui.note(&format!("signed by {}", signer.fingerprint()));
    Ok(())
}

fn write(args: &Args, name: &str, archive: &[u8], ui: &mut Ui) -> Result<(), Error> {
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.tar.gz")));
    match args.output {
        Some(_) => file::write(&path, archive)?,
        None => file::create(&path, archive)?,
    }
    ui.note(&format!("wrote {}; `optout evidence verify {0}` checks it", path.display()));
    Ok(())
}
