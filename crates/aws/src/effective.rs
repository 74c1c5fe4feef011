//! AWS's own answers: the effective policy of an account, by DescribeEffectivePolicy.
//!
//! Asked for one account of each chain, or for every counted account, or not at all. Answers are kept byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_organizations::types::{EffectivePolicy, EffectivePolicyType};
use jiff::Timestamp;
use optout_core::org::{
    AccountId, Answer, AnswerContent, EvidenceMode, Part, PolicyId, Snapshot, Unread, UnreadReason, chains,
};

use crate::pace::Operation;
use crate::read::part::{each, unread_of};
use crate::read::{ReadOptions, Selection};
use crate::request::{Failure, FailureKind, Purpose, Requests};

const OPERATION: Operation = Operation::DescribeEffectivePolicy;

/// One question: any of these accounts may answer it, the first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    candidates: Vec<AccountId>,
}

/// What came of the questions.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// The answers, by account.
    pub(crate) answers: BTreeMap<AccountId, Answer>,
    /// What was not answered.
    pub(crate) unread: Vec<Unread>,
}

/// Asks AWS what `options` and the snapshot read so far call for; `own` is the caller's account.
pub(crate) async fn ask(
    requests: &Requests<'_>,
    snapshot: &Snapshot,
    own: Option<AccountId>,
    options: &ReadOptions,
) -> Answers {
    let questions = questions(snapshot, own, options);
    requests.expect(OPERATION, questions.len());
    let (own_question, others): (Vec<_>, Vec<_>) =
        questions.into_iter().partition(|question| own.is_some() && question.candidates.first() == own.as_ref());
    // The caller's own account goes first: every member may ask for itself.
    let mut outcomes = Vec::new();
    for question in own_question {
        outcomes.push(answer(requests, question, own).await);
    }
    outcomes.extend(each(others, |question| answer(requests, question, own)).await);
    collect(outcomes)
}

/// The questions to ask, in the order of the snapshot.
fn questions(snapshot: &Snapshot, own: Option<AccountId>, options: &ReadOptions) -> Vec<Question> {
    let counted = counted(snapshot, &options.only);
    let single = |account: &AccountId| Question { candidates: vec![*account] };
    match options.evidence {
        EvidenceMode::None => Vec::new(),
        EvidenceMode::All | EvidenceMode::Chain if snapshot.accounts.is_none() => own.iter().map(single).collect(),
        EvidenceMode::Chain if snapshot.invalid.is_some() => by_chain(snapshot, &counted, own, options),
        // Without the list of invalid effective policies no account can answer for another.
        EvidenceMode::Chain | EvidenceMode::All => counted.iter().map(single).collect(),
    }
}

fn by_chain(
    snapshot: &Snapshot,
    counted: &BTreeSet<AccountId>,
    own: Option<AccountId>,
    options: &ReadOptions,
) -> Vec<Question> {
    let order_could_matter = |ids: &[PolicyId]| {
        let policies: Vec<_> = ids.iter().filter_map(|id| snapshot.policy(id)).collect();
        policies.len() < ids.len() || options.order_could_matter.judge(&policies)
    };
    let chains = chains(snapshot, order_could_matter);
    let question = |accounts: &[AccountId]| {
        let mut candidates: Vec<AccountId> = accounts.iter().filter(|id| counted.contains(id)).copied().collect();
        candidates.sort_by_key(|id| Some(*id) != own);
        Some(Question { candidates }).filter(|question| !question.candidates.is_empty())
    };
    chains.iter().filter_map(|chain| question(chain.accounts())).collect()
}

/// The accounts that count for verdicts and were selected.
fn counted(snapshot: &Snapshot, only: &Selection) -> BTreeSet<AccountId> {
    let selected = selected(snapshot, only);
    let counted = snapshot.accounts.iter().flatten().filter(|account| account.state.is_counted());
    counted.map(|account| account.id).filter(|id| selected.as_ref().is_none_or(|it| it.contains(id))).collect()
}

/// The accounts that were named or are below a unit that was; `None` for all.
fn selected(snapshot: &Snapshot, only: &Selection) -> Option<BTreeSet<AccountId>> {
    if only.is_everything() {
        return None;
    }
    let tree = optout_core::org::Tree::new(snapshot).ok()?;
    let in_unit = |account: &optout_core::org::Account| {
        let path = tree.path(account).unwrap_or_default();
        path.iter().any(|target| matches!(target, optout_core::org::TargetId::Unit(id) if only.units.contains(id)))
    };
    let accounts = snapshot.accounts.iter().flatten();
    Some(accounts.filter(|it| only.accounts.contains(&it.id) || in_unit(it)).map(|it| it.id).collect())
}

/// The answer of the first candidate that still exists, or why there is none; those that do not exist any more are named.
struct Outcome {
    asked: Option<(AccountId, Result<Answer, Failure>)>,
    gone: Vec<(AccountId, Failure)>,
}

async fn answer(requests: &Requests<'_>, question: Question, own: Option<AccountId>) -> Outcome {
    let mut gone = Vec::new();
    for account in question.candidates {
        if !gone.is_empty() {
            requests.expect(OPERATION, 1);
        }
        match describe(requests, account, own).await {
            Err(failure) if failure.is("TargetNotFoundException") => gone.push((account, failure)),
            answer => return Outcome { asked: Some((account, answer)), gone },
        }
    }
    Outcome { asked: None, gone }
}

/// AWS's answer for one account; `own` is the caller's.
///
/// # Errors
/// Where AWS would not answer, or answered something else.
pub(crate) async fn describe(
    requests: &Requests<'_>,
    account: AccountId,
    own: Option<AccountId>,
) -> Result<Answer, Failure> {
    let is_own = own == Some(account);
    let purpose = if is_own { Purpose::Own } else { Purpose::Main };
    let call = requests.organizations().describe_effective_policy();
    let call = call.policy_type(EffectivePolicyType::AiservicesOptOutPolicy);
    // A member may ask for itself without naming itself; AWS documents the target for the management account only.
    let call = call.set_target_id((!is_own).then(|| account.to_string()));
    let asked = Timestamp::now();
    match requests.call(OPERATION, purpose, || call.clone().send()).await {
        Ok(output) => kept(output.effective_policy, account, asked),
        Err(failure) if failure.is("EffectivePolicyNotFoundException") => {
            Ok(Answer { content: AnswerContent::NotFound, last_updated: None, asked })
        }
        Err(failure) => Err(failure),
    }
}

/// Takes an answer over, if it is one to what was asked.
fn kept(policy: Option<EffectivePolicy>, account: AccountId, asked: Timestamp) -> Result<Answer, Failure> {
    let unclear = |why: String| Failure::new(OPERATION, FailureKind::Malformed, why);
    let policy = policy.ok_or_else(|| unclear("the answer has no effective policy".to_owned()))?;
    if let Some(other) = policy.target_id().filter(|target| *target != account.to_string()) {
        return Err(unclear(format!("asked for account {account}, the answer is about `{other}`")));
    }
    if let Some(other) = policy.policy_type().filter(|it| **it != EffectivePolicyType::AiservicesOptOutPolicy) {
        return Err(unclear(format!("the answer is about policies of the type `{}`", other.as_str())));
    }
    let last_updated = policy.last_updated_timestamp().and_then(crate::read::timestamp);
    let content = policy.policy_content.ok_or_else(|| unclear("the answer has no document".to_owned()))?;
    Ok(Answer { content: AnswerContent::Document(content.into()), last_updated, asked })
}

fn collect(outcomes: Vec<Outcome>) -> Answers {
    let mut answers = Answers::default();
    let mut failures = Vec::new();
    for outcome in outcomes {
        answers.unread.extend(outcome.gone.iter().map(|(account, failure)| left(*account, failure)));
        match outcome.asked {
            Some((account, Ok(answer))) => drop(answers.answers.insert(account, answer)),
            Some((account, Err(failure))) => failures.push((account.to_string(), failure)),
            None => {}
        }
    }
    answers.unread.extend(unread_of(Part::EffectivePolicy, failures));
    answers
}

/// An account that was listed and then did not exist any more.
fn left(account: AccountId, failure: &Failure) -> Unread {
    let mut unread = failure.unread(Part::EffectivePolicy, Some(account.to_string()));
    unread.reason = UnreadReason::Changed;
    unread.permission = None;
    unread
}

#[cfg(test)]
mod tests {
    use aws_sdk_organizations::types::builders::EffectivePolicyBuilder;

    use super::*;

    fn told(change: impl Fn(EffectivePolicyBuilder) -> EffectivePolicyBuilder) -> Result<Answer, Failure> {
        let policy = EffectivePolicy::builder()
            .policy_content("{ \"services\" : {} }")
            .target_id("111111111111")
            .policy_type(EffectivePolicyType::AiservicesOptOutPolicy);
        kept(Some(change(policy).build()), "111111111111".parse().unwrap(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn an_answer_is_kept_byte_for_byte() {
        let answer = told(|policy| policy).unwrap();
        assert_eq!(answer.content, AnswerContent::Document("{ \"services\" : {} }".into()));
    }

    #[test]
    fn an_answer_about_something_else_is_none() {
        let other = told(|policy| policy.target_id("222222222222")).unwrap_err();
        assert_eq!(other.kind, FailureKind::Malformed);
        assert!(other.message.contains("`222222222222`"), "{}", other.message);
        assert!(told(|policy| policy.policy_type(EffectivePolicyType::TagPolicy)).is_err());
        assert!(told(|policy| policy.set_policy_content(None)).is_err());
        assert!(kept(None, "111111111111".parse().unwrap(), Timestamp::UNIX_EPOCH).is_err());
    }
}
