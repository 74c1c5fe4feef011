//! The whole document.

use std::collections::HashMap;

use super::super::Report;
use super::super::case::{Cause, causes};
use super::super::subject::{About, Subjects};
use super::{by_severity, code, count, file, opening, reach, row, sentence, unknown, verdicts};
use crate::check::{AccountResult, Assessment, ServiceVerdict};
use crate::org::Scope;

/// The report as a document.
pub(in crate::report) fn render(report: &Report<'_>) -> String {
    let subjects = Subjects::of(report);
    [
        format!("# AI services opt-out\n\n{}", opening(report)),
        findings(report, &subjects),
        unknowns(report),
        accounts(report, &subjects),
        reach::workstations(report),
        reach::websites(report),
        report.usage.as_ref().map(crate::usage::Review::section).unwrap_or_default(),
        provenance(report),
        limits(report),
    ]
    .into_iter()
    .filter(|section| !section.is_empty())
    .collect::<Vec<_>>()
    .join("\n")
}

fn findings(report: &Report<'_>, subjects: &Subjects<'_>) -> String {
    let causes = causes(report);
    let sections: String = by_severity(&causes).iter().map(|cause| finding(cause, subjects)).collect();
    if sections.is_empty() {
        "## What does not hold\n\nNothing.\n".to_owned()
    } else {
        format!("## What does not hold\n{sections}")
    }
}

fn finding(cause: &Cause<'_>, subjects: &Subjects<'_>) -> String {
    let control = cause.control;
    let accepted =
        cause.accepted.as_ref().map(|reason| format!("Accepted: {}.\n\n", sentence(reason))).unwrap_or_default();
    let list: String = cause.subjects.iter().map(|subject| item(&subjects.about(subject))).collect();
    format!(
        "\n### {}: `{}`, {}\n\n{}.\n\n{accepted}{}.\n\n{list}\n{}\n\nMend: {}\n",
        cause.severity,
        control.id,
        count(cause),
        sentence(control.title),
        sentence(cause.message),
        sentence(control.why),
        sentence(control.remedy),
    )
}

fn item(about: &About) -> String {
    let name = about.name.as_deref().map(code).filter(|name| !name.is_empty());
    let place = about.path.as_deref().map(code).filter(|place| !place.is_empty());
    let words: Vec<String> = std::iter::once(code(&about.id)).chain(name).chain(place).collect();
    format!("- {}\n", words.join(" "))
}

fn unknowns(report: &Report<'_>) -> String {
    if report.unknowns.is_empty() {
        return String::new();
    }
    let lines: String = report.unknowns.iter().map(unknown).collect();
    format!("## What is not known\n\n{lines}")
}

fn accounts(report: &Report<'_>, subjects: &Subjects<'_>) -> String {
    let assessment = report.assessment;
    if assessment.accounts.is_empty() {
        return String::new();
    }
    let mut services: HashMap<_, String> = HashMap::new();
    let rows: String = assessment
        .accounts
        .iter()
        .map(|result| {
            let services = services.entry(result.cause()).or_insert_with(|| not_opted_out(assessment, result));
            account(assessment, result, subjects, services)
        })
        .collect();
    format!(
        "## Accounts\n\n{}\n| account | name | where | state | verdict | basis | lock | services that are not opted out |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n{rows}",
        verdicts(report)
    )
}

fn account(assessment: &Assessment<'_>, result: &AccountResult, subjects: &Subjects<'_>, services: &str) -> String {
    let account = assessment.account(result);
    let lock = assessment.group(result).map_or("unknown", |group| group.lock.as_str());
    let verdict = if result.counted { result.verdict.to_string() } else { format!("{} (not counted)", result.verdict) };
    row([
        &result.id.to_string(),
        &account.map(|account| code(&account.name)).unwrap_or_default(),
        &code(subjects.place(result.id)),
        &account.map(|account| sentence(account.state.as_str())).unwrap_or_default(),
        &verdict,
        result.basis.as_str(),
        lock,
        services,
    ])
}

/// The services of an account that are not opted out, by verdict; `all of them` where no service is.
fn not_opted_out(assessment: &Assessment<'_>, result: &AccountResult) -> String {
    let words =
        [ServiceVerdict::OptedIn, ServiceVerdict::NotOptedOut, ServiceVerdict::Excepted, ServiceVerdict::Unknown];
    let part = |verdict: ServiceVerdict| {
        let same = assessment.keys.iter().filter(|(key, _)| assessment.service(result, *key) == verdict);
        let names: Vec<String> = same.map(|(_, name)| code(name)).collect();
        match names.len() {
            0 => None,
            all if all == assessment.keys.len() => Some(format!("{verdict}: all of them")),
            _ => Some(format!("{verdict}: {}", names.join(" "))),
        }
    };
    words.into_iter().filter_map(part).collect::<Vec<_>>().join("; ")
}

fn provenance(report: &Report<'_>) -> String {
    let (assessment, origin) = (report.assessment, &report.origin);
    let snapshot = assessment.snapshot;
    let caller = snapshot.caller.as_ref();
    let caller =
        caller.map(|it| format!("- read by: account {}, {}\n", it.account, code(&it.principal))).unwrap_or_default();
    format!(
        "## Where this comes from\n\n- organization: {}, read {}, partition {}\n{caller}- AWS was asked for effective policies: \
         {}\n- services: {} in the catalogue of {}\n{}{}- judged by the time {}, by optout {}\n",
        code(&origin.organization),
        snapshot.taken,
        code(snapshot.partition.as_str()),
        snapshot.evidence.as_str(),
        assessment.catalogue.services().len(),
        assessment.catalogue.date(),
        file("intent", origin.intent.as_ref()),
        file("accepted findings", origin.baseline.as_ref()),
        assessment.at,
        code(&origin.tool_version),
    )
}

/// What a reader might take this for, and must not.
fn limits(report: &Report<'_>) -> String {
    let scope = match report.assessment.snapshot.scope {
        Scope::Account(_) => "- It speaks about one account; the rest of its organization is out of scope.\n",
        Scope::Organization if report.assessment.partial => {
            "- It speaks about the accounts that were chosen, not about all.\n"
        }
        Scope::Organization => "",
    };
    format!(
        "## What this does not prove\n\n{scope}- It says what the policies say at the time of reading, not what was used before, and not \
         that AWS follows them.\n- It covers the services that AI services opt-out policies reach; `optout services` lists others.\n\
         - A verdict whose basis is `computed` rests on no answer of AWS's.\n"
    )
}
