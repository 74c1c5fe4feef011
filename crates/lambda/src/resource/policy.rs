//! `Custom::AiOptOutPolicy`: a policy with its attachments, whose physical id is the policy's own.
//!
//! Two tags say which resource of which stack a policy belongs to. What does not bear them is never changed or taken away,
//! nor are attachments that no version of the resource named. An update never replaces the policy, so that there is no
//! moment without one; only where somebody else has deleted it is it made anew.

use std::collections::{BTreeMap, BTreeSet};

use optout_aws::apply::{ApplyError, FoundPolicy, execute, policy_of_id, policy_of_name};
use optout_aws::cancel::Cancel;
use optout_aws::request::Failure;
use optout_aws::session::Session;
use optout_core::org::{PolicyId, Snapshot, TargetId};
use optout_core::plan::journal::{Event, Outcome};
use optout_core::plan::{MANAGED_TAG, Place, PlannedStep, PolicyRef, Step};
use serde_json::Value;

use super::properties::{self, Wanted};
use super::{Done, Failed, Request};

/// The tags by which a policy is known to be this resource's.
const STACK_TAG: &str = "optout:stack";
const RESOURCE_TAG: &str = "optout:resource";

/// Makes the policy; one that an earlier try of this request made is gone on with.
pub(super) async fn create(session: &Session, request: &Request, cancel: &Cancel) -> Result<Done, Failed> {
    let wanted = properties::policy(&request.properties)?;
    match policy_of_name(session, &wanted.name, cancel).await.map_err(|failure| refused(&failure))? {
        Some(found) if is_ours(&found, request) => change(session, request, &wanted, &found, cancel).await,
        Some(found) => Err(Failed::new(format!(
            "there is a policy called `{}` already, `{}`, which this resource of this stack did not make; choose another name",
            wanted.name, found.id
        ))),
        None => make(session, request, &wanted, cancel).await,
    }
}

/// Makes the policy what the properties now say.
pub(super) async fn update(session: &Session, request: &Request, cancel: &Cancel) -> Result<Done, Failed> {
    let wanted = properties::policy(&request.properties)?;
    let Some(id) = request.physical_id.as_deref().and_then(|id| id.parse::<PolicyId>().ok()) else {
        return create(session, request, cancel).await;
    };
    match policy_of_id(session, &id, cancel).await.map_err(|failure| refused(&failure))? {
        Some(found) if is_ours(&found, request) => change(session, request, &wanted, &found, cancel).await,
        Some(found) => Err(Failed::new(format!(
            "the policy `{}` does not bear the tags of this resource of this stack, so it is not changed",
            found.id
        ))),
        None => create(session, request, cancel).await,
    }
}

/// Takes the policy away, as far as it is this resource's and nobody else uses it.
pub(super) async fn delete(
    session: Result<&Session, Failed>,
    request: &Request,
    cancel: &Cancel,
) -> Result<Done, Failed> {
    let done = Ok(Done::unchanged(request));
    let Some(id) = request.physical_id.as_deref().and_then(|id| id.parse::<PolicyId>().ok()) else { return done };
    let session = session?;
    let found = policy_of_id(session, &id, cancel).await.map_err(|failure| refused(&failure))?;
    let Some(found) = found.filter(|found| is_ours(found, request)) else { return done };
    let named = properties::targets(&request.properties).unwrap_or_default();
    let (ours, others): (Vec<_>, Vec<_>) = found.targets.iter().cloned().partition(|target| named.contains(target));
    let policy = PolicyRef::Id(found.id.clone());
    let detach = |target: TargetId| Step::DetachPolicy { policy: policy.clone(), target: Place::Id(target) };
    let mut steps: Vec<Step> = ours.into_iter().map(detach).collect();
    if others.is_empty() {
        steps.push(Step::DeletePolicy { policy: policy.clone() });
    } else {
        tracing::warn!(policy = %found.id, others = others.len(), "the policy stays: it is attached elsewhere too");
    }
    run(session, steps, cancel).await.map(|_| ()).map_err(|(error, _)| failed(&error))?;
    done
}

async fn make(session: &Session, request: &Request, wanted: &Wanted, cancel: &Cancel) -> Result<Done, Failed> {
    let (name, description, content) = (wanted.name.clone(), wanted.description.clone(), wanted.content.clone());
    let create = Step::CreatePolicy { name: name.clone(), description, content, tags: all_tags(wanted, request) };
    let policy = PolicyRef::Name(name);
    let attach = |target: &TargetId| Step::AttachPolicy { policy: policy.clone(), target: Place::Id(target.clone()) };
    let steps = std::iter::once(create).chain(wanted.targets.iter().map(attach)).collect();
    match run(session, steps, cancel).await {
        Ok(Some(id)) => Ok(done(&id, wanted)),
        // Another try of the same request made it meanwhile.
        Ok(None) => match policy_of_name(session, &wanted.name, cancel).await.map_err(|failure| refused(&failure))? {
            Some(found) => Ok(done(&found.id, wanted)),
            None => Err(Failed::new(format!("the policy `{}` was there and is not any more", wanted.name))),
        },
        // What was made already must have its name, so that CloudFormation can ask for it to be taken away.
        Err((error, made)) => Err(Failed { physical_id: made.map(|id| id.to_string()), ..failed(&error) }),
    }
}

async fn change(
    session: &Session,
    request: &Request,
    wanted: &Wanted,
    found: &FoundPolicy,
    cancel: &Cancel,
) -> Result<Done, Failed> {
    let changed = run(session, changes(request, wanted, found), cancel).await;
    changed
        .map(|_| done(&found.id, wanted))
        .map_err(|(error, _)| Failed { physical_id: Some(found.id.to_string()), ..failed(&error) })
}

/// The steps from what is there to what is wanted: what opts out comes before what goes.
fn changes(request: &Request, wanted: &Wanted, found: &FoundPolicy) -> Vec<Step> {
    let policy = PolicyRef::Id(found.id.clone());
    let differs = |new: &str, old: &str| (new != old).then(|| new.to_owned());
    let name = differs(&wanted.name, &found.name);
    let description = differs(&wanted.description, &found.description);
    let content = (!same(&wanted.content, &found.content)).then(|| wanted.content.clone());
    let mut steps = Vec::new();
    if name.is_some() || description.is_some() || content.is_some() {
        steps.push(Step::UpdatePolicy { policy: policy.clone(), name, description, content });
    }
    let tags: BTreeMap<String, String> =
        all_tags(wanted, request).into_iter().filter(|(key, value)| found.tags.get(key) != Some(value)).collect();
    if !tags.is_empty() {
        steps.push(Step::TagResource { policy: policy.clone(), tags });
    }
    let before = properties::tags(&request.old_properties).unwrap_or_default();
    let gone = |key: &&String| !wanted.tags.contains_key(*key) && found.tags.contains_key(*key);
    let keys: Vec<String> = before.keys().filter(gone).cloned().collect();
    if !keys.is_empty() {
        steps.push(Step::UntagResource { policy: policy.clone(), keys });
    }
    let there: BTreeSet<&TargetId> = found.targets.iter().collect();
    let place = |target: &TargetId| Place::Id(target.clone());
    let missing = wanted.targets.iter().filter(|target| !there.contains(target));
    steps.extend(missing.map(|it| Step::AttachPolicy { policy: policy.clone(), target: place(it) }));
    // Only what an earlier version of the resource named.
    let before = properties::targets(&request.old_properties).unwrap_or_default();
    let gone = before.iter().filter(|target| !wanted.targets.contains(target) && there.contains(target));
    steps.extend(gone.map(|it| Step::DetachPolicy { policy: policy.clone(), target: place(it) }));
    steps
}

/// Runs steps; the policy that one of them made. Where they fail, that policy too.
async fn run(
    session: &Session,
    steps: Vec<Step>,
    cancel: &Cancel,
) -> Result<Option<PolicyId>, (ApplyError, Option<PolicyId>)> {
    let planned = |step| PlannedStep { step, why: "the stack wants it".to_owned() };
    let steps: Vec<PlannedStep> = steps.into_iter().map(planned).collect();
    let before = Snapshot::empty(jiff::Timestamp::now(), env!("CARGO_PKG_VERSION"), session.partition().clone());
    let mut made = None;
    let mut record = |event: &Event| {
        if let Event::StepDone { outcome: Outcome::Changed { created: Some(id) }, .. } = event {
            made = Some(id.clone());
        }
        Ok(())
    };
    let ran = execute(session, &before, &steps, &mut record, &|_| {}, cancel).await;
    match ran {
        Ok(_) => Ok(made),
        Err(error) => Err((error, made)),
    }
}

fn all_tags(wanted: &Wanted, request: &Request) -> BTreeMap<String, String> {
    let own = [
        (MANAGED_TAG.0, MANAGED_TAG.1),
        (STACK_TAG, request.stack_id.as_str()),
        (RESOURCE_TAG, request.logical_id.as_str()),
    ];
    let own = own.map(|(key, value)| (key.to_owned(), value.to_owned()));
    wanted.tags.clone().into_iter().chain(own).collect()
}

fn is_ours(found: &FoundPolicy, request: &Request) -> bool {
    let has = |key: &str, value: &str| found.tags.get(key).is_some_and(|it| it == value);
    has(STACK_TAG, &request.stack_id) && has(RESOURCE_TAG, &request.logical_id)
}

fn same(left: &str, right: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    value(left).is_some_and(|left| Some(left) == value(right))
}

fn done(id: &PolicyId, wanted: &Wanted) -> Done {
    Done::new(id.as_str(), &[("Id", id.as_str()), ("Name", &wanted.name)])
}

fn failed(error: &ApplyError) -> Failed {
    Failed::new(format!("{error}; {}", error.help()))
}

fn refused(failure: &Failure) -> Failed {
    Failed::new(format!("{}: {failure}; the function needs `{}`", failure.operation, failure.operation.permission()))
}
