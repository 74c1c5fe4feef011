//! Findings to Security Hub: a hundred a call, ten calls a second. A finding that is refused costs no other one.

use aws_sdk_securityhub::Client;
use aws_sdk_securityhub::config::Builder;
use aws_sdk_securityhub::config::retry::RetryConfig;
use optout_core::publish::{AsffFinding, PublishedFinding, Publisher, asff};

use super::batches::batches;
use super::{Delivery, Destination, Lost, form, remedy};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Requests};
use crate::session::Session;

/// Findings of one call, and their bytes together: a hundred, 240 KB each, 6 MB a call, of which we use less
/// (<https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html>, read 2026-11-24).
const BATCH: usize = 100;
const BYTES: usize = 1_000_000;
/// Where Security Hub, or our product, is not enabled. Of the exception AWS says that the account may not do this (botocore 1.44.5,
/// securityhub model); the code without its ending is believed and not proven.
const NOT_ENABLED: &[&str] = &["InvalidAccess", "InvalidAccessException"];

pub(super) fn client(session: &Session) -> Client {
    Client::from_conf(Builder::from(session.config()).retry_config(RetryConfig::disabled()).build())
}

/// Imports all findings.
pub(super) async fn import(requests: &Requests<'_>, findings: &[&PublishedFinding], publisher: &Publisher) -> Delivery {
    let forms: Vec<_> = findings.iter().map(|finding| asff(finding, publisher)).collect();
    let mut importer =
        Importer { requests, client: client(requests.session()), sent: 0, lost: Vec::new(), hopeless: None };
    for batch in batches(forms, BATCH, BYTES, form::size) {
        importer.batch(batch).await;
    }
    importer.delivery()
}

struct Importer<'a> {
    requests: &'a Requests<'a>,
    client: Client,
    sent: usize,
    lost: Vec<Lost>,
    /// What will meet every other call too.
    hopeless: Option<Failure>,
}

impl Importer<'_> {
    /// Imports a batch; one that is refused as a whole is halved until the finding that is to blame stands alone.
    async fn batch(&mut self, batch: Vec<AsffFinding>) {
        let mut waiting = vec![batch];
        while let Some(mut batch) = waiting.pop() {
            if let Some(failure) = self.hopeless.clone() {
                self.lose(&batch, &failure);
                continue;
            }
            match self.send(&batch).await {
                Ok(failed) => self.again(&batch, failed).await,
                Err(failure) if is_about_content(&failure) && batch.len() > 1 => {
                    let rest = batch.split_off(batch.len() / 2);
                    waiting.extend([rest, batch]);
                }
                Err(failure) => {
                    self.lose(&batch, &failure);
                    self.hopeless = Some(failure).filter(|failure| !is_about_content(failure));
                }
            }
        }
    }

    async fn send(&self, batch: &[AsffFinding]) -> Result<Vec<Lost>, Failure> {
        // Made for each call: the SDK's findings are large.
        let forms = || batch.iter().map(form::of).collect();
        let send = || self.client.batch_import_findings().set_findings(Some(forms())).send();
        let answer = self.requests.write(Operation::BatchImportFindings, send).await?;
        let count = answer.failed_count.unwrap_or_default();
        let failed = answer.failed_findings.unwrap_or_default().into_iter().map(|it| Lost {
            subject: it.id.unwrap_or_default(),
            code: it.error_code,
            message: it.error_message.unwrap_or_default(),
        });
        let failed: Vec<Lost> = failed.collect();
        let told = failed.iter().all(|lost| batch.iter().any(|it| it.id == lost.subject));
        if told && usize::try_from(count) == Ok(failed.len()) {
            return Ok(failed);
        }
        // Some failed, and it is not clear which: none counts as imported.
        let unclear = || "Security Hub did not say which findings failed".to_owned();
        Ok(batch.iter().map(|it| Lost { subject: it.id.clone(), code: None, message: unclear() }).collect())
    }

    /// Tries each finding that failed in a batch once more, alone; where all did for want of access, none.
    async fn again(&mut self, batch: &[AsffFinding], failed: Vec<Lost>) {
        self.sent += batch.len().saturating_sub(failed.len());
        let no_access = |lost: &Lost| lost.code.as_deref().is_some_and(|code| NOT_ENABLED.contains(&code));
        if failed.len() >= batch.len() && failed.iter().all(no_access) {
            self.hopeless = failed.first().map(refusal);
            return self.lost.extend(failed);
        }
        for lost in failed {
            let Some(finding) = batch.iter().find(|it| it.id == lost.subject) else { continue };
            match self.send(std::slice::from_ref(finding)).await {
                Ok(failed) if failed.is_empty() => self.sent += 1,
                Ok(failed) => self.lost.extend(failed),
                Err(failure) => self.lost.push(Lost::of(&lost.subject, &failure)),
            }
        }
    }

    fn lose(&mut self, batch: &[AsffFinding], failure: &Failure) {
        self.lost.extend(batch.iter().map(|finding| Lost::of(&finding.id, failure)));
    }

    fn delivery(self) -> Delivery {
        let first = self.lost.first().and_then(|lost| lost.code.as_deref());
        let remedy = match &self.hopeless {
            Some(failure) => remedy::of(Destination::SecurityHub, failure),
            None => remedy::answered(Destination::SecurityHub, first),
        };
        Delivery::lost(self.sent, self.lost, remedy)
    }
}

/// Whether an answer may be about one finding among many, and not about whoever asks.
fn is_about_content(failure: &Failure) -> bool {
    let no_access = failure.code.as_deref().is_some_and(|code| NOT_ENABLED.contains(&code));
    failure.kind == FailureKind::Answered && !no_access
}

fn refusal(lost: &Lost) -> Failure {
    let failure = Failure::new(Operation::BatchImportFindings, FailureKind::Answered, lost.message.clone());
    Failure { code: lost.code.clone(), ..failure }
}
