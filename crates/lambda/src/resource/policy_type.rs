//! `Custom::AiOptOutPolicyType`: the policy type of a root is enabled, and stays so.
//!
//! The resource is the type of one root: with another root it is another resource, and its id another one.

use optout_aws::apply::execute;
use optout_aws::cancel::Cancel;
use optout_aws::session::Session;
use optout_core::org::{PolicyType, Snapshot, TargetId};
use optout_core::plan::{Place, PlannedStep, Step};

use super::{Done, Failed, Request, properties};

/// Enables the type and waits until ListRoots says that it is on.
pub(super) async fn enable(session: &Session, request: &Request, cancel: &Cancel) -> Result<Done, Failed> {
    let root = properties::root(&request.properties)?;
    let step = Step::EnablePolicyType { root: Place::Id(TargetId::Root(root.clone())) };
    let steps = [PlannedStep { step, why: "the stack wants it".to_owned() }];
    // Neither names nor policies are needed for this step.
    let before = Snapshot::empty(jiff::Timestamp::now(), env!("CARGO_PKG_VERSION"), session.partition().clone());
    let done = execute(session, &before, &steps, &mut |_| Ok(()), &|_| {}, cancel).await;
    done.map_err(|error| Failed::new(format!("{error}; {}", error.help())))?;
    let kind = PolicyType::AiOptOut;
    let id = format!("{}:{root}", kind.as_str());
    Ok(Done::new(id, &[("PolicyType", kind.as_str()), ("RootId", root.as_str())]))
}
