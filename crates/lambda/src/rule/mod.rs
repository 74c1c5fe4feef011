//! An AWS Config custom rule: the verdict of the organization, or of one member, as an evaluation of `AWS::::Account`.
//!
//! The **central rule** is one in the function's own account: it speaks of the whole organization. An **organization rule**
//! invokes this function for each member; the answer goes to AWS Config of that member, by a role there.
//!
//! The verdicts are those of `optout verify`: the same code on the same snapshot. What could not be determined is
//! `NON_COMPLIANT` with an annotation that begins with `unknown:`. AWS Config invokes functions asynchronously, and Lambda
//! repeats what failed: so where reading failed, the answer is given, and the invocation fails all the same, and the next
//! try may give a better answer to the same token.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html>, read 2026-11-24 (AWS Config invokes asynchronously);
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>, read 2026-11-24 (two more tries).

mod annotation;
mod judge;
mod member;
mod parameters;
mod request;
mod words;

pub use annotation::{Annotation, fitting};
pub use judge::{Judged, judged};
pub use parameters::{Parameters, Scope};
pub use request::{Malformed, Message, Request};

use optout_aws::cancel::Cancel;
use optout_aws::evaluations::{Compliance, Evaluation, put_evaluations};
use optout_aws::request::Failure;
use optout_aws::session::{Session, SessionError, SessionOptions};
use optout_core::intent::Intent;
use optout_core::org::{AccountId, Snapshot};
use serde_json::{Value, json};

use crate::invocation::Invocation;
use crate::settings::Settings;

/// The resource type that stands for an account.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html>, read
/// 2026-11-24, whose periodic example evaluates it.
const ACCOUNT: &str = "AWS::::Account";

/// What the handler works with.
#[derive(Debug, Clone, Copy)]
pub struct Clients<'a> {
    /// The session of the function.
    pub session: &'a Session,
    /// How sessions in members are opened: the same way, with a role.
    pub options: &'a SessionOptions,
    /// The settings.
    pub settings: &'a Settings,
}

/// What is known before AWS is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The organization as the monitor last read it; what is too old is not used.
    pub snapshot: Option<&'a Snapshot>,
    /// What was declared.
    pub intent: Option<&'a Intent>,
}

/// Why the invocation failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// The event is no invocation that could be answered.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The answer was given: unknown, for this reason.
    #[error("AWS Config was told that the verdict is unknown: {0}")]
    Unknown(String),
    /// The role that answers in a member is not named.
    #[error("account {0} is not the function's own, and no role there is named by OPTOUT_MEMBER_ROLE")]
    NoMemberRole(AccountId),
    /// That role cannot be assumed.
    #[error("the role that answers AWS Config in account {account}: {error}; {help}", help = .error.help())]
    MemberRole {
        /// The member.
        account: AccountId,
        /// Why not.
        error: SessionError,
    },
    /// AWS Config did not take the answer.
    #[error("AWS Config did not take the answer: {0}")]
    Unanswered(Failure),
    /// The function's own account is not known.
    #[error("AWS does not say which account this function is in: {0}")]
    NoIdentity(Failure),
}

/// Evaluates and answers.
///
/// # Errors
/// Where the answer could not be given, or says `unknown` because something could not be read.
pub async fn handle(
    clients: Clients<'_>,
    payload: &Value,
    invocation: &Invocation,
    known: Known<'_>,
) -> Result<Value, RuleError> {
    let request = Request::of(payload)?;
    let own = own_account(clients.session, invocation).await?;
    let work = judged(clients, &request, own, known);
    // Time that is over must not be silence: the answer is then that it is not known.
    let judged = match tokio::time::timeout(invocation.time_to_work(), Box::pin(work)).await {
        Ok(judged) => judged,
        Err(_) => Judged::failed("there was no time left to read the organization"),
    };
    let evaluation = evaluation(&request, &judged);
    answer(clients, &request, own, invocation, &evaluation).await?;
    tracing::info!(account = %request.account, compliance = evaluation.compliance.as_str(), "AWS Config was answered");
    match judged.failure {
        Some(why) => Err(RuleError::Unknown(why)),
        None => Ok(json!({
            "account": request.account.to_string(),
            "compliance": evaluation.compliance.as_str(),
            "annotation": evaluation.annotation,
        })),
    }
}

async fn own_account(session: &Session, invocation: &Invocation) -> Result<AccountId, RuleError> {
    match &invocation.place {
        Some(place) => Ok(place.account),
        None => {
            let caller = optout_aws::read::caller(session, &Cancel::new()).await;
            caller.map(|identity| identity.account).map_err(RuleError::NoIdentity)
        }
    }
}

/// The evaluation of the account; of the resource that changed, where that is what the rule was invoked for.
fn evaluation(request: &Request, judged: &Judged) -> Evaluation {
    let (resource_type, resource_id) = match &request.message {
        Ok(Message::Changed { resource_type, resource_id }) => (resource_type.clone(), resource_id.clone()),
        Ok(Message::Periodic) | Err(_) => (ACCOUNT.to_owned(), request.account.to_string()),
    };
    let (compliance, annotation) = (judged.compliance, judged.annotation.clone());
    Evaluation { resource_type, resource_id, compliance, annotation, ordering: request.ordering }
}

async fn answer(
    clients: Clients<'_>,
    request: &Request,
    own: AccountId,
    invocation: &Invocation,
    evaluation: &Evaluation,
) -> Result<(), RuleError> {
    let session = match request.account == own {
        true => clients.session.clone(),
        false => member::session(clients, request, invocation).await?,
    };
    let (evaluations, test, cancel) = (std::slice::from_ref(evaluation), request.is_test(), Cancel::new());
    let put = put_evaluations(&session, evaluations, &request.token, test, &cancel);
    Box::pin(put).await.map_err(RuleError::Unanswered)
}

impl Judged {
    /// Nothing could be determined, because something failed that another try may get over.
    fn failed(why: impl Into<String>) -> Self {
        let why = why.into();
        let annotation = fitting(&format!("unknown: {why}"));
        Self { compliance: Compliance::NonCompliant, annotation, failure: Some(why) }
    }
}
