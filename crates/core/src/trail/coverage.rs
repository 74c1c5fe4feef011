//! Whose events were seen, from when until when, and whether all of them: the head of saved records.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::org::AccountId;

/// The name of the form of saved records: this head as the first line, then one record of CloudTrail a line.
pub(super) const FORMAT: &str = "optout.trail-records/1";

/// How long events may take to become visible. AWS says "an average of about 5 minutes" and guarantees nothing; an hour
/// is this program's margin.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html>, read 2026-11-24.
pub const SETTLING: SignedDuration = SignedDuration::from_hours(1);

/// What LookupEvents was asked for and answered to the end.
///
/// It covers one account and one Region: calls of delegated administrators are in their own accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// The account whose events these are; `None` where AWS would not say.
    pub account: Option<AccountId>,
    /// The Region.
    pub region: String,
    /// From when on every event was read.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// When the reading began.
    pub asked: Timestamp,
}

impl Coverage {
    /// Until when events are certainly visible: not those of the last hour before they were asked for.
    #[must_use]
    pub fn settled_until(&self) -> Timestamp {
        self.until.min(self.asked.saturating_sub(SETTLING).unwrap_or(self.asked))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadV1 {
    format: String,
    account: Option<String>,
    region: String,
    from: Timestamp,
    until: Timestamp,
    asked: Timestamp,
}

/// Reads the head of saved records.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Coverage, String> {
    let head: HeadV1 = serde_json::from_str(text).map_err(|error| format!("the head of saved records: {error}"))?;
    let account = head.account.map(|account| account.parse()).transpose();
    let account = account.map_err(|error: crate::org::InvalidIdError| format!("the head of saved records: {error}"))?;
    if head.from > head.until {
        return Err("the head of saved records: `from` is after `until`".to_owned());
    }
    Ok(Coverage { account, region: head.region, from: head.from, until: head.until, asked: head.asked })
}

/// The head of saved records as one line, line feed included.
#[must_use]
pub fn head(coverage: &Coverage) -> String {
    let head = HeadV1 {
        format: FORMAT.to_owned(),
        account: coverage.account.map(|account| account.to_string()),
        region: coverage.region.clone(),
        from: coverage.from,
        until: coverage.until,
        asked: coverage.asked,
    };
    // INVARIANT: its keys are texts, which is all that could make this fail.
    serde_json::to_string(&head).unwrap_or_default() + "\n"
}
