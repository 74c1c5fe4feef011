//! `optout publish`: tells others what `optout verify` finds.

use std::io::Write;
use std::path::PathBuf;

use optout_aws::publish::{
    Bucket, Delivery, Destinations, Published, Retention, RetentionMode, publish, publisher, stood,
};
use optout_aws::session::{Session, SessionOptions};
use optout_core::check::assess;
use optout_core::evidence::{Record, Run, draft};
use optout_core::publish::{
    Event, Evidence, NAMESPACE, Publication, SOURCE, Standing, asff, events, is_namespace, metrics_line, notice,
};
use optout_core::report::Report;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::command::history::damaged;
use crate::command::pretty;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::judgement::{FindingOptions, Judgement};
use crate::options::RecordOptions;
use crate::organization::runtime;
use crate::store::Store;
use crate::ui::Ui;

/// Tell Security Hub, EventBridge, SNS, S3 and CloudWatch what `optout verify` finds
///
/// Reads and judges as `optout verify` does, then sends to every destination that is named, and to no other. Findings
/// keep their ids; what healed is archived; what an analyst set is never touched. What stood before is taken from
/// Security Hub, and from the store of evidence where this run is recorded. Exit code 1 where a destination was not told
/// everything, else that of `optout verify`. With --dry-run nothing is sent, and everything is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout publish --security-hub --dry-run
  optout publish --profile management --security-hub --event-bus default
  optout publish --organization snapshot.json --topic arn:aws:sns:eu-central-1:111122223333:opt-out
  optout publish --record --bucket evidence-111122223333 --retain governance:365d --metrics")]
pub(crate) struct Args {
    #[command(flatten)]
    findings: FindingOptions,

    #[command(flatten)]
    destinations: DestinationOptions,

    #[command(flatten)]
    recording: RecordOptions,
}

/// Where to.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Destinations")]
struct DestinationOptions {
    /// Import findings into Security Hub
    #[arg(long)]
    security_hub: bool,

    /// Send an event for each change, and a summary, to this event bus of EventBridge
    #[arg(long, value_name = "NAME")]
    event_bus: Option<String>,

    /// Send a message for people to this topic of SNS where something changed
    #[arg(long, value_name = "ARN")]
    topic: Option<String>,

    /// Keep the record of the run in this bucket of S3; nothing there is overwritten
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,

    /// What the names of objects in the bucket begin with
    #[arg(long, value_name = "PREFIX", default_value = "optout", requires = "bucket")]
    bucket_prefix: String,

    /// Lock the object in the bucket, like governance:365d or compliance:2555d; the bucket's own default unless given
    #[arg(long, value_name = "MODE:DAYS", value_parser = retention, requires = "bucket")]
    retain: Option<Retention>,

    /// Encrypt the object with this KMS key; as the bucket does unless given
    #[arg(long, value_name = "ARN", requires = "bucket")]
    kms_key: Option<String>,

    /// Print metrics in the embedded metric format, in the namespace OptOut unless another one is named
    #[arg(long, value_name = "NAMESPACE", num_args = 0..=1, default_missing_value = NAMESPACE, value_parser = namespace)]
    metrics: Option<String>,

    /// Publish in this Region: that of the session unless given
    #[arg(long, value_name = "REGION")]
    publish_region: Option<String>,

    /// Publish with this profile of the shared AWS configuration: the one that reads unless given
    #[arg(long, value_name = "NAME")]
    publish_profile: Option<String>,

    /// An address where more can be read, for events and messages
    #[arg(long, value_name = "URL")]
    link: Option<String>,

    /// What stood before and what stands now, kept in this file from run to run: what did not arrive is sent again
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Send nothing; show what would be sent
    #[arg(long)]
    dry_run: bool,
}

fn retention(text: &str) -> Result<Retention, &'static str> {
    let expected = "expected a mode and days, like governance:365d or compliance:2555d";
    let (mode, days) = text.split_once(':').ok_or(expected)?;
    let mode = match mode {
        "governance" => RetentionMode::Governance,
        "compliance" => RetentionMode::Compliance,
        _ => return Err(expected),
    };
    // S3 allows a hundred years: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html>.
    let days = days.strip_suffix('d').and_then(|days| days.parse().ok()).filter(|days| (1..=36_500).contains(days));
    Ok(Retention { mode, days: days.ok_or(expected)? })
}

fn namespace(text: &str) -> Result<String, &'static str> {
    if is_namespace(text) { Ok(text.to_owned()) } else { Err("expected a namespace of CloudWatch like OptOut") }
}

impl DestinationOptions {
    fn destinations(&self) -> Destinations {
        let bucket = self.bucket.as_ref().map(|name| Bucket {
            name: name.clone(),
            prefix: self.bucket_prefix.clone(),
            retention: self.retain,
            kms_key: self.kms_key.clone(),
        });
        Destinations {
            security_hub: self.security_hub,
            event_bus: self.event_bus.clone(),
            topic: self.topic.clone(),
            bucket,
            metric_namespace: self.metrics.clone(),
        }
    }

    fn session(&self, reading: SessionOptions) -> SessionOptions {
        let region = self.publish_region.clone().or(reading.region);
        match &self.publish_profile {
            // A role is that of the profile that reads.
            Some(profile) => SessionOptions {
                profile: Some(profile.clone()),
                region,
                endpoint_url: reading.endpoint_url,
                ..SessionOptions::default()
            },
            None => SessionOptions { region, ..reading },
        }
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let destinations = args.destinations.destinations();
    if destinations.is_empty() {
        let help = "name at least one of --security-hub, --event-bus, --topic, --bucket and --metrics";
        return Err(Error::usage("nothing says where to publish", help));
    }
    let judgement = args.findings.gather(ui)?;
    let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
    let report = args.findings.report(&judgement, &assessment, &accepted);
    let work = Work { args, destinations, judgement: &judgement, report: &report, runtime: runtime()? };
    let session = work.session()?;
    let publication = work.publication(session.as_ref(), ui)?;
    if args.destinations.dry_run {
        work.show(session.as_ref(), &publication, ui)?;
        return Ok(report.decision.into());
    }
    // Before anything is sent: what was told to others must not cost the record.
    let make = |run: &_| draft(run, &judgement.organization.snapshot, Some(&report));
    args.recording.record("publish", &report.origin.organization, judgement.recorded_in(), make, ui)?;
    let published = work.send(session.as_ref(), &publication)?;
    tell(&published, ui);
    if let Some(path) = &args.destinations.state {
        file::write(path, published.standing.write().as_bytes())?;
    }
    let sent = if published.is_whole() { Exit::Holds } else { Exit::Wrong };
    Ok(sent.and(report.decision.into()))
}

/// What a run has in hand.
struct Work<'a> {
    args: &'a Args,
    destinations: Destinations,
    judgement: &'a Judgement,
    report: &'a Report<'a>,
    runtime: Runtime,
}

impl Work<'_> {
    /// The session to publish with; none where nothing of AWS is asked for.
    fn session(&self) -> Result<Option<Session>, Error> {
        let metric_namespace = self.destinations.metric_namespace.clone();
        if self.destinations == (Destinations { metric_namespace, ..Destinations::default() }) {
            return Ok(None);
        }
        let options = self.args.destinations.session(self.args.findings.judgement.session());
        Ok(Some(self.runtime.block_on(Session::open(&options))?))
    }

    fn publication(&self, session: Option<&Session>, ui: &mut Ui) -> Result<Publication, Error> {
        let (snapshot, at) = (&self.judgement.organization.snapshot, self.judgement.at);
        let mut publication = Publication::of(self.report, self.before(session, ui)?, at);
        publication.link = self.args.destinations.link.clone();
        if self.destinations.bucket.is_some() {
            let run = Run {
                recorded: at,
                command: "publish",
                tool_version: env!("CARGO_PKG_VERSION").to_owned(),
                source: self.report.origin.organization.clone(),
            };
            publication.evidence = Some(Evidence::alone(&draft(&run, snapshot, Some(self.report)), snapshot.taken));
        }
        Ok(publication)
    }

    /// What stood before: as the state file says, else as Security Hub and the store of evidence do.
    fn before(&self, session: Option<&Session>, ui: &mut Ui) -> Result<Standing, Error> {
        if let Some(path) = self.args.destinations.state.as_ref().filter(|path| path.exists()) {
            let source = file::source(&path.to_string_lossy(), file::LARGEST_SNAPSHOT)?;
            return Standing::read(&source.text)
                .map_err(|error| Error::failed(error.to_string(), "name another file with --state, or remove it"));
        }
        let organization = self.judgement.organization.snapshot.organization().map(|it| it.id.to_string());
        let of_hub = match (session, &organization) {
            (Some(session), Some(organization)) if self.destinations.security_hub => {
                self.runtime.block_on(stood(session, organization)).unwrap_or_else(|failure| {
                    ui.warn(&format!("Security Hub does not tell which findings stood before: {failure}"));
                    Standing::default()
                })
            }
            _ => Standing::default(),
        };
        Ok(of_hub.or(self.recorded()?))
    }

    fn recorded(&self) -> Result<Standing, Error> {
        let store = self.args.recording.store(self.judgement.recorded_in()).filter(|path| path.exists());
        let Some(path) = store else { return Ok(Standing::default()) };
        let store = Store::readable(&path)?;
        let records: Vec<Record> = store.records()?.into_iter().map(|(record, _)| record).collect();
        let organization = self.judgement.organization.snapshot.organization().map(|it| &it.id);
        Standing::recorded(&records, organization, &|hash| store.part(hash)).map_err(damaged)
    }

    fn send(&self, session: Option<&Session>, publication: &Publication) -> Result<Published, Error> {
        let sink = |line: &str| {
            let mut out = std::io::stdout().lock();
            out.write_all(line.as_bytes()).and_then(|()| out.flush())
        };
        match session {
            Some(session) => {
                Ok(self.runtime.block_on(Box::pin(publish(session, &self.destinations, publication, &sink))))
            }
            None => {
                let namespace = self.destinations.metric_namespace.as_deref().unwrap_or(NAMESPACE);
                sink(&metrics_line(publication, namespace)).map_err(|error| Error::write("standard output", &error))?;
                Ok(Published::metrics_only(&publication.changes()))
            }
        }
    }

    /// Everything that would be sent, as JSON.
    fn show(&self, session: Option<&Session>, publication: &Publication, ui: &mut Ui) -> Result<(), Error> {
        let changes = publication.changes();
        let mut all = Map::new();
        if let (true, Some(session)) = (self.destinations.security_hub, session) {
            let publisher = self.runtime.block_on(publisher(session)).map_err(|failure| {
                Error::failed(format!("it is not known who would publish: {failure}"), "check the credentials")
            })?;
            let findings: Vec<_> = changes.seen().map(|finding| asff(finding, &publisher)).collect();
            all.insert("security_hub".to_owned(), json!(findings));
        }
        if self.destinations.event_bus.is_some() {
            let events: Vec<Value> = events(publication, &changes).iter().map(event).collect();
            all.insert("event_bus".to_owned(), json!(events));
        }
        if self.destinations.topic.is_some() {
            let notice = notice(publication, &changes);
            let shown = notice.map(|it| json!({ "subject": it.subject, "message": it.message }));
            all.insert("topic".to_owned(), json!(shown));
        }
        if let (Some(bucket), Some(evidence)) = (&self.destinations.bucket, &publication.evidence) {
            let key = evidence.key(&bucket.prefix);
            let object = json!({ "bucket": bucket.name, "key": key, "bytes": evidence.text.len() });
            all.insert("bucket".to_owned(), object);
        }
        if let Some(namespace) = &self.destinations.metric_namespace {
            let line: Value = serde_json::from_str(&metrics_line(publication, namespace)).unwrap_or_default();
            all.insert("metrics".to_owned(), line);
        }
        ui.json(&pretty(&Value::Object(all)))
    }
}

fn event(event: &Event) -> Value {
    let detail: Value = serde_json::from_str(&event.detail).unwrap_or_default();
    json!({ "source": SOURCE, "detail-type": event.detail_type, "detail": detail, "resources": event.resources })
}

/// How many of what did not arrive are named.
const NAMED: usize = 5;

fn tell(published: &Published, ui: &mut Ui) {
    for (destination, delivery) in published.deliveries() {
        match delivery {
            Delivery::NotAsked => {}
            Delivery::Nothing => ui.note(&format!("{destination}: nothing to send")),
            Delivery::Done { sent } => ui.note(&format!("{destination}: {sent} sent")),
            Delivery::Already => ui.note(&format!("{destination}: the same record is there already")),
            Delivery::Lost { sent, lost, remedy } => {
                ui.warn(&format!("{destination}: {sent} sent, {} not\n  help: {remedy}", lost.len()));
                lost.iter().take(NAMED).for_each(|it| ui.warn(&format!("{}: {}", it.subject, it.message)));
            }
        }
    }
}
