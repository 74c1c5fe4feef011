//! `default-opted-out`: every account is opted out of every service, future ones included.

use super::{Severity, about_accounts, named, open_accounts};
use crate::check::{AccountResult, AccountVerdict, Assessment, Control, Key, Outcome, ServiceVerdict};

const ID: &str = "default-opted-out";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "Every account is opted out by `default`",
    severity: Severity::High,
    why: "`default` covers every AI service there is and every one that AWS adds. Without it AWS may use the content of each \
          service that no policy names.",
    remedy: "Attach a policy with \"default\": {\"opt_out_policy\": {\"@@assign\": \"optOut\"}} to the root.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let look = |account: &AccountResult| {
        let severity = severity(assessment, account)?;
        Some((severity, message_of(assessment, account, severity)))
    };
    Outcome { findings: about_accounts(ID, assessment.counted(), look), unknown: open_accounts(assessment) }
}

fn severity(assessment: &Assessment<'_>, account: &AccountResult) -> Option<Severity> {
    match (assessment.service(account, Key::DEFAULT), account.verdict) {
        (ServiceVerdict::NotOptedOut, AccountVerdict::OptedOutToday) => Some(Severity::Medium),
        (ServiceVerdict::NotOptedOut | ServiceVerdict::OptedIn, _) => Some(Severity::High),
        (ServiceVerdict::OptedOut | ServiceVerdict::Excepted | ServiceVerdict::Unknown, _) => {
            unset(assessment, account).next().map(|_| Severity::High)
        }
    }
}

fn unset<'a>(assessment: &'a Assessment<'_>, account: &'a AccountResult) -> impl Iterator<Item = &'a str> {
    let services = assessment.keys.iter().filter(|(key, _)| *key != Key::DEFAULT && assessment.keys.is_known(*key));
    services.filter(|(key, _)| assessment.service(account, *key) == ServiceVerdict::NotOptedOut).map(|(_, name)| name)
}

fn message_of(assessment: &Assessment<'_>, account: &AccountResult, severity: Severity) -> String {
    if severity == Severity::Medium {
        return "every known service is opted out, but `default` is unset: a future service would not be covered"
            .into();
    }
    match assessment.service(account, Key::DEFAULT) {
        ServiceVerdict::OptedIn => "`default` is opted in: AWS may use the content of every service not named".into(),
        _ => not_opted_out(&unset(assessment, account).collect::<Vec<_>>(), assessment.catalogue.services().len()),
    }
}

fn not_opted_out(unset: &[&str], all: usize) -> String {
    match unset.len() {
        0 => "`default` is unset: a future service would not be covered".into(),
        some if some == all => "nothing is opted out: AWS may use the content of every service".into(),
        1 => format!("`default` is unset: AWS may use the content of {}", named(unset.iter().copied())),
        some => {
            format!("`default` is unset: AWS may use the content of {some} services: {}", named(unset.iter().copied()))
        }
    }
}
