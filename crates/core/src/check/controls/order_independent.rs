//! `order-independent`: no result hangs on the order in which policies were attached.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Severity, named, without_policies};
use crate::check::{Assessment, Control, Finding, Outcome, Subject, Uncomputed};
use crate::org::{Attachment, Attachments, TargetId};
use crate::policy::{Effect, State, Step};

const ID: &str = "order-independent";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "No setting depends on the order of attachment",
    severity: Severity::Medium,
    why: "Where policies at one target assign different values, the one attached first counts. No API returns that order, and \
          attaching one of them again reverses it.",
    remedy: "Keep one policy at the target that assigns the setting.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html#multiple-same-node-values",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    if without_policies(assessment) {
        return Outcome::holds();
    }
    let Some(attachments) = Attachments::of(assessment.snapshot) else {
        return Outcome::unknown(Uncomputed::Attachments.to_string());
    };
    let mut outcome = Outcome::holds();
    for (target, attached) in attachments.iter().filter(|(_, attached)| assessment.documents.conflict(attached)) {
        match disputes(assessment, target, attached) {
            Ok(None) => {}
            Ok(Some(message)) => {
                let subject = Subject::Target(target.clone());
                outcome.findings.push(Finding::new(ID, Severity::Medium, subject, message));
            }
            Err(uncomputed) => outcome.unknown = Some(uncomputed.to_string()),
        }
    }
    outcome
}

/// What hangs on the order at a target; nothing where all that differs is forbidden further up.
fn disputes(
    assessment: &Assessment<'_>,
    target: &TargetId,
    attached: &[Attachment],
) -> Result<Option<String>, Uncomputed> {
    let above = match target {
        TargetId::Account(id) => assessment.listed_account(*id).and_then(|account| account.parent.clone()),
        TargetId::Root(_) | TargetId::Unit(_) => None,
    };
    let state = assessment.computed.state(above.as_ref().unwrap_or(target))?;
    let own = above.map(|_| assessment.documents.level(target, attached)).transpose()?;
    let state = own.map_or_else(|| Cow::Borrowed(state), |level| Cow::Owned(state.below(&level)));
    Ok(message(&state))
}

fn message(state: &State) -> Option<String> {
    let level = state.levels().checked_sub(1)?;
    let (mut settings, mut policies) = (Vec::new(), BTreeSet::new());
    for (path, setting) in state.settings() {
        let here: Vec<&Step> = setting.steps_backwards().take_while(|step| step.level == level).collect();
        if here.iter().any(|step| matches!(step.effect, Effect::DependsOnOrder(_) | Effect::LostTo(_))) {
            policies.extend(here.iter().map(|step| step.policy.to_string()));
            settings.push(path);
        }
    }
    let settings = (!settings.is_empty()).then(|| named(settings.iter().map(String::as_str)))?;
    Some(format!("{} assign different values to {settings} here", named(policies.iter().map(String::as_str))))
}
