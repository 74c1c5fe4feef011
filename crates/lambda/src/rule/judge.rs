//! The decision behind an evaluation: that of `optout verify` on the same snapshot, put into an annotation.

use jiff::{SignedDuration, Timestamp, tz};
use optout_aws::cancel::Cancel;
use optout_aws::evaluations::Compliance;
use optout_aws::read::{member, read};
use optout_core::catalogue::Catalogue;
use optout_core::check::{Decision, Exceptions, Question, Severity, assess, decide, findings};
use optout_core::intent::ResolvedIntent;
use optout_core::org::{AccountId, Snapshot, Unread, UnreadReason};

use super::words::{of_account, of_organization};
use super::{Clients, Known, Message, Parameters, Request, Scope};
use crate::reading;

/// A snapshot that is older says nothing of today: AWS is then asked again. A day, and time for the reading that renews it.
const OLDEST: SignedDuration = SignedDuration::from_hours(26);

/// What came of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The word for AWS Config.
    pub compliance: Compliance,
    /// Why.
    pub annotation: String,
    /// What failed, where another try may do better.
    pub failure: Option<String>,
}

/// Judges what the request asks for; `own` is the account of the function.
pub async fn judged(clients: Clients<'_>, request: &Request, own: AccountId, known: Known<'_>) -> Judged {
    match &request.message {
        Err(malformed) => return Judged::failed(malformed.to_string()),
        Ok(Message::Changed { .. }) => return not_applicable(),
        Ok(Message::Periodic) => {}
    }
    let parameters = match Parameters::read(request.parameters.as_deref()) {
        Ok(parameters) => parameters,
        Err(wrong) => return Judged::failed(wrong),
    };
    let fail_on = parameters.fail_on.unwrap_or(clients.settings.fail_on);
    match (parameters.scope, request.account == own) {
        (Some(Scope::Organization), false) => Judged::failed(
            "the rule's parameter `scope` is `organization`, which only a rule in the monitor's own account can be",
        ),
        (Some(Scope::Organization) | None, true) => organization(clients, known, fail_on).await,
        (Some(Scope::Account), _) | (None, false) => account(clients, request.account, own, known).await,
    }
}

/// The whole organization, as the monitor knows it or else as it is read now.
async fn organization(clients: Clients<'_>, known: Known<'_>, fail_on: Severity) -> Judged {
    let now = Timestamp::now();
    match known.snapshot.filter(|snapshot| is_fresh(snapshot, now)) {
        Some(snapshot) => of_whole(snapshot, known, fail_on, now),
        None => match Box::pin(read(clients.session, &reading::options(), &|_| {}, &Cancel::new())).await {
            Ok(snapshot) => of_whole(&snapshot, known, fail_on, now),
            Err(error) => Judged::failed(format!("{error}; {}", error.help())),
        },
    }
}

/// One account, as the monitor knows it or else by AWS's own answer for it, in one call.
async fn account(clients: Clients<'_>, account: AccountId, own: AccountId, known: Known<'_>) -> Judged {
    let now = Timestamp::now();
    let lists = |snapshot: &&Snapshot| snapshot.accounts.iter().flatten().any(|listed| listed.id == account);
    match known.snapshot.filter(|snapshot| is_fresh(snapshot, now)).filter(lists) {
        Some(snapshot) => of_one(snapshot, account, known, now),
        None => {
            let asked = Box::pin(member(clients.session, account, Some(own), &Cancel::new())).await;
            of_one(&asked, account, known, now)
        }
    }
}

fn is_fresh(snapshot: &Snapshot, now: Timestamp) -> bool {
    now.duration_since(snapshot.taken) <= OLDEST
}

/// The evaluation of a whole organization.
fn of_whole(snapshot: &Snapshot, known: Known<'_>, fail_on: Severity, at: Timestamp) -> Judged {
    let intent = match resolved(known, snapshot) {
        Ok(intent) => intent,
        Err(why) => return Judged::failed(why),
    };
    let today = tz::Offset::UTC.to_datetime(at).date();
    let exceptions = intent.as_ref().map_or(Exceptions::none(), |intent| Exceptions::of_intent(intent, today));
    let assessment = assess(&Question { exceptions, at, ..Question::plain(snapshot, Catalogue::embedded()) });
    let outcomes = findings(&assessment);
    let is_off = |control: &str| intent.as_ref().is_some_and(|it| it.intent.control_off(control, today).is_some());
    let decision = decide(&assessment, &outcomes, fail_on, &|finding| is_off(finding.control));
    let open = outcomes.iter().flat_map(|(_, outcome)| &outcome.findings);
    let open: Vec<_> = open.filter(|it| it.severity >= fail_on && !is_off(it.control)).collect();
    judgement(decision, of_organization(&assessment, decision, &open), snapshot)
}

/// The evaluation of one account: its verdict, whatever else may be wrong in the organization.
fn of_one(snapshot: &Snapshot, account: AccountId, known: Known<'_>, at: Timestamp) -> Judged {
    let intent = match resolved(known, snapshot) {
        Ok(intent) => intent,
        Err(why) => return Judged::failed(why),
    };
    let today = tz::Offset::UTC.to_datetime(at).date();
    let exceptions = intent.as_ref().map_or(Exceptions::none(), |intent| Exceptions::of_intent(intent, today));
    let only = Some(std::iter::once(account).collect());
    let assessment = assess(&Question { exceptions, at, only, ..Question::plain(snapshot, Catalogue::embedded()) });
    let decision = decide(&assessment, &[], Severity::Critical, &|_| false);
    judgement(decision, of_account(&assessment, account, decision), snapshot)
}

/// The intent with the targets of the snapshot.
fn resolved(known: Known<'_>, snapshot: &Snapshot) -> Result<Option<ResolvedIntent>, String> {
    let Some(intent) = known.intent else { return Ok(None) };
    intent.clone().resolve(snapshot).map(Some).map_err(|error| format!("the intent does not fit: {error}"))
}

fn judgement(decision: Decision, annotation: String, snapshot: &Snapshot) -> Judged {
    let (compliance, failure) = match decision {
        Decision::Holds => (Compliance::Compliant, None),
        Decision::Fails => (Compliance::NonCompliant, None),
        Decision::Undetermined => {
            let failed = snapshot.unread.iter().any(is_failure);
            (Compliance::NonCompliant, failed.then(|| annotation.clone()))
        }
    };
    Judged { compliance, annotation, failure }
}

/// Whether something went wrong, and it was not only left out on purpose.
fn is_failure(entry: &Unread) -> bool {
    match entry.reason {
        UnreadReason::AccessDenied
        | UnreadReason::NotImplemented
        | UnreadReason::Throttled
        | UnreadReason::Failed
        | UnreadReason::Malformed
        | UnreadReason::Changed => true,
        UnreadReason::NotAsked | UnreadReason::OutOfView => false,
    }
}

/// The rule says nothing of single resources; a rule that is told of their changes is set up for more than it needs.
fn not_applicable() -> Judged {
    Judged {
        compliance: Compliance::NotApplicable,
        annotation: "this rule evaluates accounts, periodically".to_owned(),
        failure: None,
    }
}
