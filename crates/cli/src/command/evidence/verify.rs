//! `optout evidence verify`: what of a bundle fits together, and who signed it.

use jiff::Timestamp;
use optout_core::check::{Severity, assess};
use optout_core::evidence::bundle::{
    Check, Checked, Files, Manifest, Outcome, check, file as named, same_findings, unpack,
};
use optout_core::evidence::{Anchor, check_lines};
use optout_core::org;
use optout_core::report::{Report, Styled, Tone, json};
use optout_core::source::{Source, shown};
use serde::Deserialize;

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::judgement::Judgement;
use crate::options::AnswerOptions;
use crate::signature::{signed_by, signers};
use crate::ui::Ui;

/// Check a bundle: sums, signature, AWS's answers against the organization, the report worked out again, the records
///
/// Nothing of it is unpacked to the disk and no network is used. Exit code 2 when something does not fit, 3 when something
/// could not be determined, as who made a bundle that is not signed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout evidence verify bundle.tar.gz --signer evidence-key.pub
  optout evidence verify bundle.tar.gz --signer allowed_signers \
    --head 12:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
pub(crate) struct Args {
    /// The archive
    #[arg(value_name = "BUNDLE")]
    bundle: String,

    /// Who may have signed it: a public key, or an `allowed_signers` file of OpenSSH
    #[arg(long, value_name = "FILE")]
    signer: Option<String>,

    /// A chain head that was kept elsewhere when a run was recorded; may be given several times
    #[arg(long, value_name = "HEAD")]
    head: Vec<Anchor>,

    #[command(flatten)]
    answer: AnswerOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let archive = file::read(&args.bundle, file::LARGEST_SNAPSHOT)?;
    let files = unpack(archive.as_slice()).map_err(|error| {
        let message = format!("`{}` is no bundle: {error}", file::name(&args.bundle));
        Error::failed(message, "name an archive that `optout evidence bundle` wrote, as it was written")
    })?;
    let mut checks = check(&files);
    checks.push(Check { what: "somebody who is known signed it", outcome: signature(args, &files)? });
    checks.push(Check { what: "the report follows from the snapshot", outcome: report(&files) });
    if files.contains_key(named::CHAIN) || !args.head.is_empty() {
        checks.push(Check { what: "the records are as they were recorded", outcome: records(args, &files) });
    }
    let checked = Checked::new(file::name(&args.bundle), checks);
    args.answer.hand_out(|| text(&checked), || crate::command::pretty(&checked), ui)?;
    Ok(checked.decision().into())
}

fn signature(args: &Args, files: &Files) -> Result<Outcome, Error> {
    let signers = args.signer.as_deref().map(signers).transpose()?;
    let sums = files.get(named::SUMS).map_or(&[][..], Vec::as_slice);
    Ok(match (files.get(named::SIGNATURE), signers) {
        (Some(signature), Some(signers)) => match signed_by(&signers, sums, signature) {
            Ok(key) => Outcome::Holds(format!("by {key}")),
            Err(why) => Outcome::Fails(vec![why]),
        },
        (None, Some(_)) => Outcome::Fails(vec!["it is not signed".to_owned()]),
        (Some(_), None) => Outcome::Open("it is signed: name the signer's public key with --signer".to_owned()),
        (None, None) => Outcome::Open(
            "it is not signed: who can change a file can change its sum, so a full rewrite cannot be excluded"
                .to_owned(),
        ),
    })
}

/// A file of the bundle as text.
fn source(files: &Files, name: &str) -> Result<Source, String> {
    let bytes = files.get(name).ok_or_else(|| format!("`{name}` is missing"))?;
    Source::from_bytes(name, bytes.clone()).map_err(|rejected| rejected.to_string())
}

/// Judges the snapshot again, by the intent in the bundle and at the time of its report.
fn report(files: &Files) -> Outcome {
    match judged_again(files) {
        Ok((bundled, again)) => match (same_findings(&bundled, &again), other_version(files)) {
            (Outcome::Fails(differences), Some(version)) => {
                let what = differences.join("; ");
                Outcome::Open(format!("made by optout {version}, and by this version it differs: {what}"))
            }
            (outcome, _) => outcome,
        },
        Err(why) => Outcome::Fails(vec![why]),
    }
}

fn judged_again(files: &Files) -> Result<(String, String), String> {
    #[derive(Deserialize)]
    struct Peek {
        at: Timestamp,
    }
    let bundled = source(files, named::REPORT)?.text.to_string();
    let peek: Peek = serde_json::from_str(&bundled).map_err(|error| format!("`{}`: {error}", named::REPORT))?;
    let snapshot = org::read(&source(files, named::SNAPSHOT)?).map_err(|rejected| rejected.to_string())?;
    let intent = files.contains_key(named::INTENT).then(|| source(files, named::INTENT)).transpose()?;
    let judgement = Judgement::again(snapshot, intent.as_ref(), peek.at).map_err(|error| error.to_string())?;
    let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
    let report = Report::new(&assessment, Severity::High, &accepted, judgement.origin());
    Ok((bundled, json::render(&report, false)))
}

/// The version that made a bundle, where it is not this one.
fn other_version(files: &Files) -> Option<String> {
    let manifest = Manifest::read(&source(files, named::MANIFEST).ok()?.text).ok()?;
    (manifest.tool_version != env!("CARGO_PKG_VERSION")).then(|| shown(&manifest.tool_version).into_owned())
}

/// The chain, relative to the heads that were kept elsewhere and to the one in the manifest.
fn records(args: &Args, files: &Files) -> Outcome {
    let lines = match source(files, named::CHAIN) {
        Ok(source) => source,
        Err(why) => return Outcome::Fails(vec![why]),
    };
    let of_manifest = source(files, named::MANIFEST).ok().and_then(|it| Manifest::read(&it.text).ok()?.chain_head);
    let of_manifest = of_manifest.and_then(|head| head.parse().ok());
    let heads: Vec<Anchor> = args.head.iter().copied().chain(of_manifest).collect();
    let checked = check_lines(&lines.text, &heads);
    if checked.problems.is_empty() {
        let head = checked.head.map(|head| head.to_string()).unwrap_or_default();
        return Outcome::Holds(format!("{} records, the head is {head}", checked.records));
    }
    let problems = checked.problems.iter().map(|problem| match problem.record {
        Some(record) => format!("record {record}: {}", problem.message),
        None => problem.message.clone(),
    });
    Outcome::Fails(problems.collect())
}

fn text(checked: &Checked) -> Styled {
    let mut out = Styled::default();
    for it in &checked.checks {
        let (tone, word, details) = match &it.outcome {
            Outcome::Holds(what) => (Tone::Good, "holds ", std::slice::from_ref(what)),
            Outcome::Fails(what) => (Tone::Bad, "FAILS ", what.as_slice()),
            Outcome::Open(why) => (Tone::Doubtful, "open  ", std::slice::from_ref(why)),
        };
        out.push(tone, word).plain(format!("  {}", it.what)).line();
        for detail in details {
            out.push(Tone::Faint, format!("          {}", shown(detail))).line();
        }
    }
    out
}
