//! By what a snapshot is judged: the services, the intent, the moment.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Exceptions, Finding, Question, Severity};
use optout_core::intent::{Intent, ResolvedIntent};
use optout_core::org::{EvidenceMode, Snapshot};
use optout_core::report::Accepted;

/// Everything that verdicts depend on besides the organization.
#[derive(Debug)]
pub(crate) struct Judge {
    intent: Option<ResolvedIntent>,
    pub(crate) fail_on: Severity,
    pub(crate) at: Timestamp,
}

impl Judge {
    /// An intent that does not fit the organization excepts nothing: that makes no verdict better than it is.
    pub(crate) fn new(intent: Option<&Intent>, snapshot: Option<&Snapshot>, fail_on: Severity) -> Self {
        let resolved = intent.zip(snapshot).map(|(intent, snapshot)| intent.clone().resolve(snapshot));
        let intent = resolved.and_then(|resolved| {
            resolved.inspect_err(|error| tracing::error!(%error, "the intent does not fit, and excepts nothing")).ok()
        });
        Self { intent, fail_on, at: super::now() }
    }

    /// The question after every account of `snapshot`.
    pub(crate) fn question<'j>(&'j self, snapshot: &'j Snapshot, evidence: Option<EvidenceMode>) -> Question<'j> {
        let excepted = |intent| Exceptions::of_intent(intent, self.today());
        Question {
            snapshot,
            catalogue: Catalogue::embedded(),
            exceptions: self.intent.as_ref().map_or(Exceptions::none(), excepted),
            at: self.at,
            evidence,
            only: None,
        }
    }

    fn today(&self) -> Date {
        Offset::UTC.to_datetime(self.at).date()
    }
}

impl Accepted for Judge {
    fn reason(&self, finding: &Finding) -> Option<String> {
        let off = self.intent.as_ref()?.intent.control_off(finding.control, self.today())?;
        Some(format!("the control is off: {} (until {})", off.reason, off.until))
    }
}
