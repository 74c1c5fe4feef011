//! `optout.trail/1`: the timeline for machines. The structs are its form, apart from what the program works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::{Change, Effect, Entry, Event, TrailReport, Trust, VerdictChange, Written};
use crate::org::{AccountId, TargetId};

/// The name of the form.
pub const FORMAT: &str = "optout.trail/1";

/// The report as JSON text, equal bytes for equal reports.
#[must_use]
pub fn json(report: &TrailReport<'_>) -> String {
    // INVARIANT: every map key below is a text, which is all that could make this fail.
    serde_json::to_string_pretty(&FileV1::of(report)).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FileV1<'a> {
    /// Always `optout.trail/1`.
    format: &'static str,
    /// The version of optout.
    tool_version: &'a str,
    /// The earliest time asked for (RFC 3339); `null` for no limit.
    since: Option<String>,
    /// The latest time asked for.
    until: Option<String>,
    seen: SeenV1<'a>,
    reconstruction: ReconstructionV1<'a>,
    /// How many of the events below let AWS use content afterwards that it might not before.
    weakened: usize,
    /// By time, then by id.
    events: Vec<EventV1<'a>>,
    /// What could not be read; at most a hundred of one source, `seen.problems` counts all.
    problems: Vec<ProblemV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SeenV1<'a> {
    /// Where the events come from, in words.
    source: &'a str,
    /// Files, or answers of LookupEvents.
    sources: u64,
    records: u64,
    /// Those of AWS Organizations.
    organizations: u64,
    /// Those that failed, which changed nothing.
    failed: u64,
    /// Those that were there already, by their id.
    duplicates: u64,
    /// Those outside the time asked for.
    outside: u64,
    /// Events about policies of other types, which are left out.
    other_policy_types: usize,
    /// Digest files, which hold no events.
    digests: u64,
    problems: u64,
    /// Whether there were more events than are kept.
    overflowed: bool,
    /// What LookupEvents answered to the end: one account, one Region.
    coverage: Vec<CoverageV1<'a>>,
    /// The accounts whose records were seen, of whatever service.
    accounts: BTreeMap<String, SpanV1>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CoverageV1<'a> {
    account: Option<String>,
    region: &'a str,
    from: String,
    until: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SpanV1 {
    first: String,
    last: String,
    records: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ReconstructionV1<'a> {
    /// The snapshot that verdicts are computed from, in words; `null` without one.
    snapshot: Option<&'a str>,
    /// When it was taken.
    taken: Option<String>,
    /// `proven`: every event was seen. `if-complete`: it holds if none is missing. `contradicted`: some are missing.
    /// `none`: there is no snapshot.
    trust: &'static str,
    /// What does not fit together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contradictions: Vec<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EventV1<'a> {
    /// CloudTrail's id.
    id: &'a str,
    time: String,
    /// CloudTrail's name of it.
    name: &'a str,
    /// `policies`, `attachments`, `policy-type`, `delegation`, `accounts`, `units` or `validity`.
    topic: &'static str,
    /// The account that made the call, in which it was recorded.
    account: Option<String>,
    region: Option<&'a str>,
    actor: ActorV1<'a>,
    source_ip: Option<&'a str>,
    user_agent: Option<&'a str>,
    /// The type of the policy; `unknown` where it cannot be told. Absent where the event is about no policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_type: Option<&'a str>,
    change: ChangeV1<'a>,
    effect: EffectV1<'a>,
    /// Where it was read.
    origin: OriginV1<'a>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OriginV1<'a> {
    source: &'a str,
    record: u64,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ActorV1<'a> {
    /// CloudTrail's kind of identity, like `AssumedRole`.
    kind: Option<&'a str>,
    arn: Option<&'a str>,
    account: Option<&'a str>,
    /// The role whose session it was.
    role: Option<&'a str>,
    session: Option<&'a str>,
    /// Where it was a session of IAM Identity Center.
    identity_center: Option<IdentityCenterV1<'a>>,
    /// The AWS service that acted.
    invoked_by: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct IdentityCenterV1<'a> {
    user: Option<&'a str>,
    permission_set: Option<&'a str>,
}

#[derive(Serialize, Default)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ChangeV1<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
    /// A root, a unit or an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// The document that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    /// Whether a document was written that the event does not show.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    content_hidden: bool,
    /// Keys of tags.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    /// The service principal of a delegated administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    /// Whether the effective policy is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    /// What AWS says is wrong with it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    errors: &'a [String],
    /// The rest of an event whose form AWS does not document, as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EffectV1<'a> {
    /// `none`: it cannot change a verdict; `known`; `partly` where some accounts are unknown; `unknown`.
    known: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    /// Whether AWS may use content afterwards that it might not before.
    weakened: bool,
    /// Accounts whose verdict, before or after, is not known.
    unknown_accounts: usize,
    /// How many events of the same second did it together.
    together: usize,
    changes: Vec<VerdictChangeV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct VerdictChangeV1<'a> {
    /// The verdict before; `null` where the accounts were not there, or did not count.
    before: Option<&'static str>,
    after: Option<&'static str>,
    weakened: bool,
    /// The services whose verdict changed: before and after.
    services: BTreeMap<&'a str, [&'static str; 2]>,
    accounts: Vec<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ProblemV1<'a> {
    source: &'a str,
    /// From 1; 0 where the source as a whole is meant.
    record: u64,
    line: u64,
    column: u64,
    message: &'a str,
}

impl<'a> FileV1<'a> {
    fn of(report: &'a TrailReport<'_>) -> Self {
        let entries = &report.timeline.entries;
        let problem = |it: &'a super::TrailProblem| ProblemV1 {
            source: &it.name,
            record: it.number,
            line: it.place.line,
            column: it.place.column,
            message: &it.message,
        };
        Self {
            format: FORMAT,
            tool_version: report.tool_version,
            since: report.window.since.map(|time| time.to_string()),
            until: report.window.until.map(|time| time.to_string()),
            seen: SeenV1::of(report),
            reconstruction: ReconstructionV1::of(report),
            weakened: entries.iter().filter(|entry| entry.effect.weakens()).count(),
            events: entries.iter().map(EventV1::of).collect(),
            problems: report.trail.problems.iter().map(problem).collect(),
        }
    }
}

impl<'a> SeenV1<'a> {
    fn of(report: &'a TrailReport<'_>) -> Self {
        let seen = &report.trail.seen;
        let coverage = |it: &'a super::Coverage| CoverageV1 {
            account: it.account.map(|account| account.to_string()),
            region: &it.region,
            from: it.from.to_string(),
            until: it.until.to_string(),
        };
        let span = |(account, span): (&AccountId, &super::Span)| {
            let (first, last) = (span.first.to_string(), span.last.to_string());
            (account.to_string(), SpanV1 { first, last, records: span.records })
        };
        Self {
            source: report.source,
            sources: seen.streams,
            records: seen.records,
            organizations: seen.organizations,
            failed: seen.failed,
            duplicates: seen.duplicates,
            outside: seen.outside,
            other_policy_types: report.timeline.others,
            digests: seen.digests,
            problems: seen.problems,
            overflowed: report.trail.overflowed,
            coverage: report.trail.coverage.iter().map(coverage).collect(),
            accounts: seen.accounts.iter().map(span).collect(),
        }
    }
}

impl<'a> ReconstructionV1<'a> {
    fn of(report: &'a TrailReport<'_>) -> Self {
        let (trust, contradictions) = match &report.timeline.trust {
            Trust::Proven => ("proven", Vec::new()),
            Trust::IfComplete => ("if-complete", Vec::new()),
            Trust::Contradicted(what) => ("contradicted", what.iter().map(String::as_str).collect()),
            Trust::Nothing => ("none", Vec::new()),
        };
        let taken = report.snapshot.map(|snapshot| snapshot.taken.to_string());
        Self { snapshot: report.organization, taken, trust, contradictions }
    }
}

impl<'a> EventV1<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Event { id, time, name, account, region, actor, source_ip, user_agent, change, origin } = &entry.event;
        let center = actor.identity_center.as_ref();
        Self {
            id,
            time: time.to_string(),
            name,
            topic: change.topic().as_str(),
            account: account.map(|account| account.to_string()),
            region: region.as_deref(),
            actor: ActorV1 {
                kind: actor.kind.as_deref(),
                arn: actor.arn.as_deref(),
                account: actor.account.as_deref(),
                role: actor.role.as_deref(),
                session: actor.session.as_deref(),
                identity_center: center.map(|it| IdentityCenterV1 {
                    user: it.user.as_deref(),
                    permission_set: it.permission_set.as_deref(),
                }),
                invoked_by: actor.invoked_by.as_deref(),
            },
            source_ip: source_ip.as_deref(),
            user_agent: user_agent.as_deref(),
            policy_type: entry.policy_type.as_ref().map(super::KnownType::as_str),
            change: ChangeV1::of(change),
            effect: EffectV1::of(&entry.effect),
            origin: OriginV1 {
                source: &origin.name,
                record: origin.number,
                line: origin.place.line,
                column: origin.place.column,
            },
        }
    }
}

impl<'a> ChangeV1<'a> {
    fn of(change: &'a Change) -> Self {
        let account = change.account().map(|account| account.to_string());
        let base = Self { policy: change.policy().map(crate::org::PolicyId::as_str), account, ..Self::default() };
        match change {
            Change::CreatePolicy { name, content, .. } => Self { name: Some(name), ..base }.written(content),
            Change::UpdatePolicy { name, content, .. } => Self { name: name.as_deref(), ..base }.written(content),
            Change::AttachPolicy { target, .. } | Change::DetachPolicy { target, .. } => {
                Self { target: Some(target.to_string()), ..base }
            }
            Change::TagPolicy { keys, .. } | Change::UntagPolicy { keys, .. } => Self { tags: keys, ..base },
            Change::EnablePolicyType { root, .. } | Change::DisablePolicyType { root, .. } => {
                Self { target: Some(TargetId::Root(root.clone()).to_string()), ..base }
            }
            Change::RegisterDelegate { service, .. } | Change::DeregisterDelegate { service, .. } => {
                Self { service: Some(service), ..base }
            }
            Change::MoveAccount { from, to, .. } => {
                Self { from: Some(from.to_string()), to: Some(to.to_string()), ..base }
            }
            Change::AccountJoined { details, .. } | Change::AccountDeparted { details, .. } => {
                Self { details: Some(details), ..base }
            }
            Change::CreateUnit { unit, parent, name } => {
                Self { unit: Some(unit.as_str()), to: Some(parent.to_string()), name: Some(name), ..base }
            }
            Change::RenameUnit { unit, name } => Self { unit: Some(unit.as_str()), name: name.as_deref(), ..base },
            Change::DeleteUnit { unit } => Self { unit: Some(unit.as_str()), ..base },
            Change::EffectivePolicy { valid, errors, .. } => Self { valid: Some(*valid), errors, ..base },
            Change::DeletePolicy { .. }
            | Change::PutResourcePolicy
            | Change::DeleteResourcePolicy
            | Change::CreateAccount
            | Change::AccountCreated { .. }
            | Change::InviteAccount { .. }
            | Change::AcceptInvitation { .. }
            | Change::RemoveAccount { .. }
            | Change::LeaveOrganization { .. }
            | Change::CloseAccount { .. }
            | Change::AccountClosed { .. }
            | Change::Organization => base,
        }
    }

    fn written(mut self, content: &'a Written) -> Self {
        match content {
            Written::Unchanged => {}
            Written::Hidden => self.content_hidden = true,
            Written::Text(text) => self.content = Some(text),
        }
        self
    }
}

impl<'a> EffectV1<'a> {
    fn of(effect: &'a Effect) -> Self {
        let weakened = effect.weakens();
        let base = |known, why| Self { known, why, weakened, unknown_accounts: 0, together: 0, changes: Vec::new() };
        match effect {
            Effect::None => base("none", None),
            Effect::Unknown(why) => base("unknown", Some(why.as_str())),
            Effect::Known { changes, unknown, together } => Self {
                unknown_accounts: *unknown,
                together: *together,
                changes: changes.iter().map(VerdictChangeV1::of).collect(),
                ..base(if effect.is_unknown() { "partly" } else { "known" }, None)
            },
        }
    }
}

impl<'a> VerdictChangeV1<'a> {
    fn of(change: &'a VerdictChange) -> Self {
        let service = |(name, before, after): &'a (Arc<str>, _, _)| -> (&'a str, [&'static str; 2]) {
            let (before, after): (&crate::check::ServiceVerdict, &crate::check::ServiceVerdict) = (before, after);
            (name.as_ref(), [before.as_str(), after.as_str()])
        };
        Self {
            before: change.before.map(crate::check::AccountVerdict::as_str),
            after: change.after.map(crate::check::AccountVerdict::as_str),
            weakened: change.weakens(),
            services: change.services.iter().map(service).collect(),
            accounts: change.accounts.iter().map(ToString::to_string).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published_and_current() {
        crate::published::check("trail-1.json", &crate::published::written::<super::FileV1<'static>>());
    }
}
