//! Two readings compared: what changed, for whom, and because of what.

use optout_core::catalogue::Catalogue;
use optout_core::check::{Decision, Exceptions};
use optout_core::evidence::diff::{Because, Diff, Judge, Kind, diff, render};
use optout_core::org::{Account, Answer, AnswerContent, Attachment, EvidenceMode, Snapshot, TargetId, Unit};

use crate::{acme, documents, time};

fn compared(before: &Snapshot, after: &Snapshot, evidence: Option<EvidenceMode>) -> Diff {
    let at = time("2026-11-24T12:00:00Z");
    let judge = Judge { catalogue: Catalogue::embedded(), exceptions: &Exceptions::none, at, evidence };
    diff(before, after, &judge, ["a".into(), "b".into()]).unwrap()
}

fn computed(before: &Snapshot, after: &Snapshot) -> Diff {
    compared(before, after, Some(EvidenceMode::None))
}

fn target(text: &str) -> TargetId {
    text.parse().unwrap()
}

fn account<'a>(snapshot: &'a mut Snapshot, id: &str) -> &'a mut Account {
    snapshot.accounts.iter_mut().flatten().find(|account| account.id.to_string() == id).unwrap()
}

fn kinds(diff: &Diff) -> Vec<Kind> {
    diff.changes.iter().map(|change| change.kind).collect()
}

/// The reasons given for what was said of `what`.
fn because<'d>(diff: &'d Diff, account: &str, what: &str) -> &'d Because {
    let of = diff.verdicts.iter().find(|it| it.accounts.iter().any(|id| id.to_string() == account)).unwrap();
    of.because.iter().find(|because| because.what.iter().any(|it| it == what)).unwrap()
}

fn attach(snapshot: &mut Snapshot, policy: &str, at: &str) {
    let attachment = Attachment { policy: policy.parse().unwrap(), attached: None };
    snapshot.attachments.as_mut().unwrap().entry(target(at)).or_default().push(attachment);
}

const SHOP: &str = "210000000001";
const RESEARCH: &str = "220000000001";

#[test]
fn the_same_organization_read_later_has_no_changes() {
    let mut later = acme();
    later.taken = time("2027-01-01T00:00:00Z");
    later.answers.values_mut().for_each(|answer| answer.asked = later.taken);
    let found = compared(&acme(), &later, None);
    assert_eq!((found.changes.len(), found.verdicts.len()), (0, 0));
    assert!(render(&found, false).to_string().starts_with("NO CHANGES"));
}

#[test]
fn every_kind_of_change_is_named() {
    let mut after = acme();
    let accounts = after.accounts.as_mut().unwrap();
    let mut new = accounts[0].clone();
    let left = accounts.pop().unwrap().id;
    new.id = "999999999999".parse().unwrap();
    accounts.push(new);
    after.attachments.as_mut().unwrap().remove(&TargetId::Account(left));
    account(&mut after, SHOP).name = "store".into();
    account(&mut after, SHOP).parent = Some(target("r-acme"));
    after.units.as_mut().unwrap()[0].name = "renamed".into();
    after.units.as_mut().unwrap().push(Unit {
        id: "ou-acme-newunit0".parse().unwrap(),
        name: "new".into(),
        parent: target("r-acme"),
    });
    after.policies.as_mut().unwrap()[0].description = "other".into();
    after.resource_policy = Some(Some("{}".into()));
    let found = kinds(&computed(&acme(), &after));
    for kind in [
        Kind::AccountJoined,
        Kind::AccountLeft,
        Kind::AccountRenamed,
        Kind::AccountMoved,
        Kind::UnitRenamed,
        Kind::UnitCreated,
        Kind::PolicyDescribed,
        Kind::ResourcePolicy,
    ] {
        assert!(found.contains(&kind), "{kind:?} in {found:?}");
    }
    let back = kinds(&computed(&after, &acme()));
    assert!(back.contains(&Kind::UnitDeleted) && back.contains(&Kind::AccountJoined), "{back:?}");
}

#[test]
fn one_change_among_many_explains_a_verdict() {
    let mut after = acme();
    after.attachments.as_mut().unwrap().remove(&target("r-acme"));
    account(&mut after, SHOP).name = "store".into();
    account(&mut after, RESEARCH).name = "labs".into();
    let found = computed(&acme(), &after);
    assert_eq!(found.decision(), Decision::Fails);
    let detached = found.changes.iter().find(|change| change.kind == Kind::Detached).unwrap();
    assert_eq!(because(&found, SHOP, "verdict").alone, std::slice::from_ref(&detached.id));
    let text = render(&found, false).to_string();
    assert!(text.contains(&format!("because of {}", detached.id)), "{text}");
}

#[test]
fn two_changes_that_only_together_lead_to_it_are_named_together() {
    // Opted out twice over: by the root and by its own unit. Only without both is nothing left.
    let document = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let mut before = acme();
    documents(&mut before).into_values().for_each(|content| *content = document.into());
    before.attachments.as_mut().unwrap().clear();
    let policies: Vec<String> = before.policies.iter().flatten().map(|policy| policy.id.to_string()).collect();
    attach(&mut before, &policies[0], "r-acme");
    attach(&mut before, &policies[1], "ou-acme-producti");
    let mut after = before.clone();
    after.attachments.as_mut().unwrap().clear();
    let found = computed(&before, &after);
    let reason = because(&found, SHOP, "verdict");
    assert_eq!((reason.alone.len(), reason.together.len()), (0, 2), "{reason:?}");
    assert_eq!(because(&found, RESEARCH, "verdict").alone.len(), 1, "only the root concerns the others");
    let text = render(&found, false).to_string();
    assert!(text.contains("together; none alone leads to it"), "{text}");
}

#[test]
fn a_change_that_each_of_two_leads_to_names_both() {
    let document = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let mut before = acme();
    documents(&mut before).into_values().for_each(|content| *content = document.into());
    before.attachments.as_mut().unwrap().clear();
    let policies: Vec<String> = before.policies.iter().flatten().map(|policy| policy.id.to_string()).collect();
    let mut after = before.clone();
    attach(&mut after, &policies[0], "r-acme");
    attach(&mut after, &policies[1], "ou-acme-producti");
    assert_eq!(because(&computed(&before, &after), SHOP, "verdict").alone.len(), 2);
}

#[test]
fn a_move_explains_the_verdict_of_the_account_that_moved() {
    let mut after = acme();
    account(&mut after, SHOP).parent = Some(target("ou-acme-research"));
    documents(&mut after).into_values().next().unwrap();
    let found = computed(&acme(), &after);
    let moved = found.changes.iter().find(|change| change.kind == Kind::AccountMoved).unwrap();
    assert_eq!(found.changes.len(), 1);
    let of = found.verdicts.iter().find(|it| it.accounts.iter().any(|id| id.to_string() == SHOP)).unwrap();
    assert_eq!(found.verdicts.len(), 1);
    assert!(of.because.iter().all(|because| because.alone == [moved.id.clone()]), "{:?}", of.because);
}

#[test]
fn an_answer_of_aws_that_no_policy_explains_is_said_to_be_one() {
    let answered = |value: &str| {
        let mut snapshot = acme();
        let content = format!(r#"{{"services":{{"default":{{"opt_out_policy":"{value}"}}}}}}"#);
        let content = AnswerContent::Document(content.into());
        let answer = Answer { content, last_updated: None, asked: snapshot.taken };
        snapshot.answers.insert(SHOP.parse().unwrap(), answer);
        snapshot.invalid = None;
        snapshot
    };
    let found = compared(&answered("optOut"), &answered("optIn"), None);
    assert_eq!(found.changes.len(), 0);
    let reason = because(&found, SHOP, "verdict");
    assert!(reason.otherwise.as_deref().is_some_and(|why| why.starts_with("AWS's own answer changed")), "{reason:?}");
}

#[test]
fn what_was_not_read_is_not_taken_for_unchanged() {
    let mut after = acme();
    after.delegates = None;
    let mut before = after.clone();
    before.unread.clear();
    after.unread.clear();
    let found = computed(&before, &after);
    assert_eq!(found.decision(), Decision::Undetermined);
    assert_eq!(found.incomparable[0].unread, "both");
}

#[test]
fn two_organizations_are_not_compared() {
    let other = crate::ACME.replace("o-acmeexample", "o-otherexample");
    let other = optout_core::org::read(&optout_core::source::Source::new("o.json", other)).unwrap();
    let judge = Judge {
        catalogue: Catalogue::embedded(),
        exceptions: &Exceptions::none,
        at: time("2026-11-24T12:00:00Z"),
        evidence: None,
    };
    assert!(diff(&acme(), &other, &judge, [String::new(), String::new()]).is_err());
}
