//! What stood before, from the store of evidence.

use std::collections::BTreeMap;

use super::{PublishedFinding, Run, Standing, Status, Subject};
use crate::check::{Control, controls};
use crate::evidence::recorded::{RecordedFinding, findings};
use crate::evidence::{EvidenceError, Lookup, Record};
use crate::org::OrganizationId;
use crate::report::finding_id;
use crate::source::shown;

impl Standing {
    /// What the last judged record of an organization found. A finding was created when the first of the records did
    /// that have had it without a gap since.
    ///
    /// What could not be determined is not recorded as a finding, and does not stand here. An account's name is not
    /// recorded either; what is published of a healed finding does without it.
    ///
    /// # Errors
    /// Where a record's content is missing or was changed.
    pub fn recorded(
        records: &[Record],
        organization: Option<&OrganizationId>,
        lookup: &Lookup<'_>,
    ) -> Result<Self, EvidenceError> {
        let judged = |record: &&Record| record.judgement.is_some() && record.organization.as_ref() == organization;
        let mut newest_first = records.iter().rev().filter(judged);
        let Some(last) = newest_first.next() else { return Ok(Self::default()) };
        let mut standing = of(last, lookup)?;
        let mut since: Vec<String> = standing.keys().cloned().collect();
        for record in newest_first {
            let before = of(record, lookup)?;
            since.retain(|id| before.contains_key(id));
            if since.is_empty() {
                break;
            }
            for id in &since {
                if let (Some(now), Some(before)) = (standing.get_mut(id), before.get(id)) {
                    now.created = before.created;
                }
            }
        }
        Ok(Self { findings: standing.into_values().collect(), unsent: BTreeMap::new() })
    }

    /// Both: where a finding stands in each, as it stands in this one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let by_id = |findings: Vec<PublishedFinding>| findings.into_iter().map(|it| (it.id.clone(), it));
        let mut findings: BTreeMap<String, PublishedFinding> = by_id(other.findings).collect();
        findings.extend(by_id(self.findings));
        let mut unsent = other.unsent;
        unsent.extend(self.unsent);
        Self { findings: findings.into_values().collect(), unsent }
    }
}

fn of(record: &Record, lookup: &Lookup<'_>) -> Result<BTreeMap<String, PublishedFinding>, EvidenceError> {
    let found = findings(record, lookup)?;
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    found.iter().for_each(|it| *counts.entry((&it.control, &it.subject_kind, &it.subject)).or_default() += 1);
    let several = |it: &RecordedFinding| {
        counts.get(&(it.control.as_str(), it.subject_kind.as_str(), it.subject.as_str())).is_some_and(|it| *it > 1)
    };
    let published = found.iter().filter_map(|it| published(record, it, several(it)));
    Ok(published.map(|it| (it.id.clone(), it)).collect())
}

fn published(record: &Record, it: &RecordedFinding, several: bool) -> Option<PublishedFinding> {
    let judgement = record.judgement.as_ref()?;
    let control: Option<&Control> = controls::get(&it.control);
    let organization = record.organization.as_ref().map_or_else(|| "organization".to_owned(), ToString::to_string);
    let subject = shown(&it.subject).into_owned();
    let message = several.then_some(it.message.as_str());
    let text = |of: fn(&Control) -> &'static str| control.map_or("", of).to_owned();
    Some(PublishedFinding {
        id: finding_id(&organization, &it.control, &it.subject_kind, &subject, message),
        control: it.control.clone(),
        status: Status::Failed,
        severity: it.severity,
        subject: Subject {
            kind: it.subject_kind.clone(),
            account: it.subject.parse().ok().filter(|_| it.subject_kind == "account"),
            id: subject,
            name: None,
            path: None,
            arn: None,
            partition: "aws".to_owned(),
            verdict: None,
            basis: None,
        },
        title: control.map_or(it.control.as_str(), |control| control.title).to_owned(),
        message: shown(&it.message).into_owned(),
        why: text(|control| control.why),
        remedy: control.map_or("see optout's documentation", |control| control.remedy).to_owned(),
        source: None,
        accepted: it.accepted.as_deref().map(|reason| shown(reason).into_owned()),
        created: judgement.at,
        updated: judgement.at,
        run: Run {
            organization,
            verdict: judgement.verdict.clone(),
            decision: judgement.decision.clone(),
            read: record.taken,
            version: record.tool_version.clone(),
        },
    })
}
