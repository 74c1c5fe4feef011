//! Answers to AWS Config: what a custom rule found, by PutEvaluations, a hundred at a time.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html>, read 2026-11-24 (0 to 100
//! evaluations a call, annotations of at most 256 characters, `FailedEvaluations` that were not taken; with `TestMode` any
//! result token is valid and nothing is stored); botocore 1.44.5, model `config`.

use aws_sdk_config::primitives::DateTime;
use aws_sdk_config::types;
use jiff::Timestamp;

use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::Watch;
use crate::request::{Failure, FailureKind, Requests};
use crate::session::Session;

/// The most evaluations of one call.
pub const BATCH: usize = 100;
/// The most characters of an annotation.
pub const ANNOTATION: usize = 256;
/// How often evaluations that AWS did not take are sent again.
const ROUNDS: usize = 3;

/// What a rule found of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The type, like `AWS::::Account`.
    pub resource_type: String,
    /// The id.
    pub resource_id: String,
    /// What was found.
    pub compliance: Compliance,
    /// Why, in at most [`ANNOTATION`] characters.
    pub annotation: String,
    /// The time of the event that asked: AWS Config orders evaluations by it.
    pub ordering: Timestamp,
}

/// What a rule can find. `INSUFFICIENT_DATA` is not among it: AWS Config does not accept it from a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compliance {
    /// It holds.
    Compliant,
    /// It does not hold, or that could not be determined.
    NonCompliant,
    /// The rule says nothing of such a resource.
    NotApplicable,
}

impl Compliance {
    /// The word of AWS Config.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::NotApplicable => "NOT_APPLICABLE",
        }
    }
}

/// Hands evaluations to AWS Config, in the Region and the account of `session`. `token` is the result token of the
/// event; with `test_mode` nothing is stored.
///
/// # Errors
/// Where AWS Config does not take them all; those of the batches before are taken.
pub async fn put_evaluations(
    session: &Session,
    evaluations: &[Evaluation],
    token: &str,
    test_mode: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let requests = Requests::new(session, Watch::new(&|_| {}), cancel);
    let config = aws_sdk_config::config::Builder::from(session.config());
    let config = config.retry_config(aws_sdk_config::config::retry::RetryConfig::disabled());
    let client = aws_sdk_config::Client::from_conf(config.build());
    for batch in evaluations.chunks(BATCH) {
        let built: Result<Vec<_>, _> = batch.iter().map(sent).collect();
        let built = built.map_err(|error| failed(FailureKind::Malformed, error.to_string()))?;
        put(&requests, &client, built, token, test_mode).await?;
    }
    Ok(())
}

/// One batch, and again what of it was not taken.
async fn put(
    requests: &Requests<'_>,
    client: &aws_sdk_config::Client,
    mut batch: Vec<types::Evaluation>,
    token: &str,
    test_mode: bool,
) -> Result<(), Failure> {
    for _ in 0..ROUNDS {
        let call = client.put_evaluations().result_token(token).test_mode(test_mode).set_evaluations(Some(batch));
        let answer = requests.write(Operation::PutEvaluations, || call.clone().send()).await?;
        batch = answer.failed_evaluations.unwrap_or_default();
        if batch.is_empty() {
            return Ok(());
        }
    }
    Err(failed(FailureKind::Failed, format!("AWS Config did not take {} evaluations", batch.len())))
}

fn failed(kind: FailureKind, message: String) -> Failure {
    Failure::new(Operation::PutEvaluations, kind, message)
}

fn sent(evaluation: &Evaluation) -> Result<types::Evaluation, aws_sdk_config::error::BuildError> {
    let ordering = evaluation.ordering;
    let ordering = DateTime::from_secs_and_nanos(ordering.as_second(), ordering.subsec_nanosecond().unsigned_abs());
    types::Evaluation::builder()
        .compliance_resource_type(&evaluation.resource_type)
        .compliance_resource_id(&evaluation.resource_id)
        .compliance_type(types::ComplianceType::from(evaluation.compliance.as_str()))
        .set_annotation(Some(evaluation.annotation.clone()).filter(|text| !text.is_empty()))
        .ordering_timestamp(ordering)
        .build()
}
