//! From what a monitor knows to what it publishes: the findings of the controls, by the program's own code, and those that
//! it raised by itself.

use jiff::Timestamp;
use optout_aws::state::{Raised, RaisedKind, State};
use optout_core::check::{AccountVerdict, Severity, assess};
use optout_core::evidence::{self, draft};
use optout_core::org::{Partition, Snapshot};
use optout_core::publish::{
    Cause, Evidence, Extent, Judged, Publication, PublishedFinding, Run, Standing, Status, Subject, Summary,
};
use optout_core::report::{Origin, Report, json};
use serde_json::Value;

use super::Judge;

/// The longest id that Security Hub takes.
const LONGEST_ID: usize = 512;

/// All that the state has to say, without what stood before. A full read comes with its record; what an event changed in
/// part does not.
pub(crate) fn publication(state: &State, judge: &Judge, extent: Extent) -> Publication {
    let at = judge.at;
    let is_full = extent == Extent::Everything && state.updated.is_none();
    let mut publication = match &state.snapshot {
        Some(snapshot) => of_snapshot(snapshot, is_full, judge),
        None => nothing_known(at),
    };
    publication.extent = extent;
    publication.summary.last_full_read = state.read;
    let run = run(&publication, state);
    let partition = state.snapshot.as_ref().map_or(&Partition::Aws, |snapshot| &snapshot.partition);
    let raised = state.raised.iter().map(|(id, raised)| published(id, raised, &run, partition, at));
    publication.findings.extend(raised);
    publication
}

fn of_snapshot(snapshot: &Snapshot, is_full: bool, judge: &Judge) -> Publication {
    let assessment = assess(&judge.question(snapshot, None));
    let report = Report::new(&assessment, judge.fail_on, judge, origin());
    let mut publication = Publication::of(&report, Standing::default(), judge.at);
    if is_full {
        let run = evidence::Run {
            recorded: judge.at,
            command: "monitor",
            tool_version: report.origin.tool_version.clone(),
            source: report.origin.organization.clone(),
        };
        publication.evidence = Some(Evidence::alone(&draft(&run, snapshot, Some(&report)), snapshot.taken));
    }
    publication
}

fn origin() -> Origin {
    Origin {
        organization: "the live organization".to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Origin::default()
    }
}

/// What is said where the organization was never read: it is unknown, and nothing heals.
fn nothing_known(at: Timestamp) -> Publication {
    let summary = Summary {
        organization: None,
        verdict: AccountVerdict::Unknown,
        decision: "undetermined",
        answer: "the organization could not be read".to_owned(),
        counted: 0,
        verdicts: AccountVerdict::ALL.iter().map(|verdict| (*verdict, 0)).collect(),
        unknowns: 1,
        last_full_read: None,
        worst: Vec::new(),
    };
    Publication {
        at,
        summary,
        findings: Vec::new(),
        before: Standing::default(),
        judged: Judged::nothing(),
        extent: Extent::Everything,
        cause: None,
        link: None,
        evidence: None,
    }
}

fn run(publication: &Publication, state: &State) -> Run {
    Run {
        organization: publication.summary.organization.clone().unwrap_or_else(|| "unknown".to_owned()),
        verdict: publication.summary.verdict.to_string(),
        decision: publication.summary.decision.to_owned(),
        read: state.read.unwrap_or(publication.at),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The id of a finding that the monitor raises: the same for the same organization, kind and event.
pub(crate) fn raised_id(snapshot: Option<&Snapshot>, kind: RaisedKind, subject: &str) -> String {
    let organization = snapshot.and_then(Snapshot::organization).map_or("unknown".to_owned(), |it| it.id.to_string());
    let id = format!("optout/{organization}/{}/monitor/{subject}", control(kind));
    id.chars().filter(|character| !character.is_control()).take(LONGEST_ID).collect()
}

/// The name under which findings of a kind are published, beside those of the controls.
const fn control(kind: RaisedKind) -> &'static str {
    match kind {
        RaisedKind::Weakened => "monitor-opt-out-weakened",
        RaisedKind::Undetermined => "monitor-event-undetermined",
        RaisedKind::UnknownEvent => "monitor-unknown-event",
        RaisedKind::Unreadable => "monitor-cannot-read",
        RaisedKind::NoTrail => "monitor-events-do-not-arrive",
    }
}

const fn severity(kind: RaisedKind) -> Severity {
    match kind {
        RaisedKind::Weakened | RaisedKind::Unreadable => Severity::High,
        RaisedKind::Undetermined | RaisedKind::NoTrail => Severity::Medium,
        RaisedKind::UnknownEvent => Severity::Info,
    }
}

const fn status(raised: &Raised) -> Status {
    match raised.kind {
        RaisedKind::Weakened => Status::Failed,
        RaisedKind::NoTrail if !raised.undetermined => Status::Failed,
        RaisedKind::Undetermined | RaisedKind::UnknownEvent | RaisedKind::Unreadable | RaisedKind::NoTrail => {
            Status::Undetermined
        }
    }
}

const fn title(kind: RaisedKind) -> &'static str {
    match kind {
        RaisedKind::Weakened => "No change takes the opt-out away",
        RaisedKind::Undetermined => "What each change did is known",
        RaisedKind::UnknownEvent => "Every event of AWS Organizations is known",
        RaisedKind::Unreadable => "The monitor can read the organization",
        RaisedKind::NoTrail => "Events of AWS Organizations reach the monitor",
    }
}

const fn why(kind: RaisedKind) -> &'static str {
    match kind {
        RaisedKind::Weakened => "AWS may use content of these accounts since then.",
        RaisedKind::Undetermined => "AWS may use content of these accounts since then, or not.",
        RaisedKind::UnknownEvent => "It may have changed something that only a full read shows.",
        RaisedKind::Unreadable => "A monitor that cannot read sees no change.",
        RaisedKind::NoTrail => {
            "EventBridge gets API calls only through a CloudTrail trail; without one a change is found by the next scheduled \
             read only."
        }
    }
}

const fn remedy(kind: RaisedKind) -> &'static str {
    match kind {
        RaisedKind::Weakened => "Take the change back, or declare it: `optout plan` shows the steps.",
        RaisedKind::Undetermined => "Run `optout verify`, and give the monitor the permissions it names.",
        RaisedKind::UnknownEvent => "Nothing, where the next full read finds nothing; update optout.",
        RaisedKind::Unreadable => "See the error of the function in its log.",
        RaisedKind::NoTrail => {
            "Create a trail of all Regions, or of us-east-1, that logs management events that write, and start it. One of the \
             organization brings the events of every account."
        }
    }
}

const fn source(kind: RaisedKind) -> Option<&'static str> {
    match kind {
        RaisedKind::Weakened | RaisedKind::Undetermined | RaisedKind::UnknownEvent => {
            Some("https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html")
        }
        RaisedKind::NoTrail => {
            Some("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html")
        }
        RaisedKind::Unreadable => None,
    }
}

fn published(id: &str, raised: &Raised, run: &Run, partition: &Partition, at: Timestamp) -> PublishedFinding {
    let kind = raised.kind;
    PublishedFinding {
        id: id.to_owned(),
        control: control(kind).to_owned(),
        status: status(raised),
        severity: severity(kind),
        subject: Subject {
            kind: "organization".to_owned(),
            id: run.organization.clone(),
            name: None,
            path: None,
            arn: None,
            account: None,
            partition: partition.as_str().to_owned(),
            verdict: None,
            basis: None,
        },
        title: title(kind).to_owned(),
        message: message(raised),
        why: why(kind).to_owned(),
        remedy: remedy(kind).to_owned(),
        source: source(kind).map(str::to_owned),
        accepted: None,
        created: raised.since,
        updated: at,
        run: run.clone(),
    }
}

/// What is wrong, and what AWS itself does not say yet.
fn message(raised: &Raised) -> String {
    let propagating = "; AWS's own answer and the policies say different things: still propagating";
    format!("{}{}", raised.description, if raised.propagating { propagating } else { "" })
}

/// Who did what, for the publication that an event is the occasion of.
pub(crate) fn cause(raised: &Raised) -> Option<Cause> {
    let cause = raised.cause.as_ref()?;
    Some(Cause {
        actor: cause.actor.clone(),
        call: cause.call.clone(),
        at: cause.time,
        event_id: Some(cause.event.clone()),
    })
}

/// Verdict, decision, summary, findings and unknowns in the form of `optout.report/1`, without the single accounts.
pub(crate) fn summary(snapshot: &Snapshot, judge: &Judge) -> Value {
    let assessment = assess(&judge.question(snapshot, None));
    json::without_accounts(&Report::new(&assessment, judge.fail_on, judge, origin()))
}
