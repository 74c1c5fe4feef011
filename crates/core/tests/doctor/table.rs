//! Every diagnosis: a case that has it, a near miss that does not, and the case written by another hand.

use optout_core::doctor::{Symptom, diagnoses};
use optout_core::org::{AnswerContent, AttachTime, Membership, Partition, PolicyType, PolicyTypeState};

use super::organization::{Organization, target};
use super::{ALL_IN, LEX_IN, LEX_OUT, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, Sick, healthy};

struct Row {
    id: &'static str,
    has_it: Sick,
    near_miss: Sick,
    variant: Sick,
}

fn row(id: &'static str, has_it: impl Into<Sick>, near_miss: impl Into<Sick>, variant: impl Into<Sick>) -> Row {
    Row { id, has_it: has_it.into(), near_miss: near_miss.into(), variant: variant.into() }
}

fn sick(organization: Organization) -> Sick {
    organization.into()
}

/// A unit with an account beside one with a policy.
fn beside() -> Organization {
    Organization::new().unit("sales", "root").unit("tests", "root").account(2, "sales").account(3, "tests")
}

/// A root policy and one at the account 2 that says something.
fn below(content: &str) -> Organization {
    Organization::new().account(2, "root").attached("base", OPT_OUT, "root").attached("below", content, "2")
}

fn disputed() -> Organization {
    Organization::new()
        .attached("inlex", LEX_IN, "root")
        .attached("outlex", LEX_OUT, "root")
        .attached("base", OPT_OUT, "root")
}

fn attached_at(organization: Organization, seconds: &[&str]) -> Organization {
    organization.change(|it| {
        let list = it.attachments.as_mut().unwrap().get_mut(&target("root")).unwrap();
        list.iter_mut()
            .zip(seconds)
            .for_each(|(attachment, time)| attachment.attached = Some(AttachTime::At(time.parse().unwrap())));
    })
}

fn of_type(organization: Organization, name: &str, policy_type: PolicyType) -> Organization {
    let organization = organization.policy(name, r#"{"Version":"2012-10-17","Statement":[]}"#);
    organization.change(|it| it.policies.as_mut().unwrap().last_mut().unwrap().policy_type = policy_type)
}

fn member(organization: Organization) -> Organization {
    organization.seen_by_member(2)
}

fn rows() -> Vec<Row> {
    let mut rows = about_the_type();
    rows.extend(about_attachments());
    rows.extend(about_merging());
    rows.extend(about_documents());
    rows.extend(about_answers());
    rows.extend(about_behaviour());
    rows
}

fn about_the_type() -> Vec<Row> {
    let alone = |it: Organization| it.change(|it| (it.membership, it.root) = (Some(Membership::None), None));
    let billing = |it: Organization| {
        it.change(|it| match it.membership.as_mut() {
            Some(Membership::Member(organization)) => organization.all_features = false,
            other => panic!("{other:?}"),
        })
    };
    let rootless = |it: Organization| it.change(|it| it.root = None);
    vec![
        row("no-organization", alone(Organization::new()), healthy(), sick(alone(healthy())).account(1)),
        row(
            "partition-without-type",
            healthy().change(|it| it.partition = Partition::GovCloud),
            healthy().change(|it| it.partition = Partition::Aws),
            healthy().change(|it| it.partition = Partition::China),
        ),
        row(
            "consolidated-billing",
            billing(Organization::new()),
            alone(Organization::new()),
            sick(billing(healthy())).account(2),
        ),
        row(
            "type-off",
            Organization::new().policy("base", OPT_OUT).policy_type(None),
            Organization::new().policy_type(Some(PolicyTypeState::PendingEnable)),
            rootless(Organization::new()).answered(1, AnswerContent::NotFound),
        ),
        row(
            "type-pending",
            Organization::new().policy_type(Some(PolicyTypeState::PendingEnable)),
            Organization::new().policy_type(None),
            healthy().policy_type(Some(PolicyTypeState::Other("PENDING_LUNCH".into()))),
        ),
        row(
            "seen-from-member",
            member(healthy().answer(2, "{}")),
            member(healthy()),
            sick(member(healthy().answered(2, AnswerContent::NotFound))).account(2),
        ),
        row(
            "account-outside",
            sick(healthy()).account(7),
            sick(healthy()).account(2),
            sick(beside().attached("base", OPT_OUT, "root")).account(4).service("lex"),
        ),
        row(
            "account-not-in-use",
            sick(healthy().account_in_state(3, "root", "SUSPENDED")).account(3),
            sick(healthy().account_in_state(3, "root", "PENDING_CLOSURE").answer(3, OUT)).account(3),
            sick(healthy().account_in_state(3, "root", "CLOSED")).account(3).service("lex"),
        ),
    ]
}

fn about_attachments() -> Vec<Row> {
    vec![
        row(
            "no-policy",
            Organization::new(),
            Organization::new().policy("base", OPT_OUT),
            sick(of_type(Organization::new(), "aiopt", PolicyType::ServiceControl).answer(1, "{}")).account(1),
        ),
        row(
            "policy-of-another-type",
            of_type(Organization::new(), "aioptout", PolicyType::ServiceControl),
            healthy(),
            of_type(healthy(), "optoutai", PolicyType::ResourceControl),
        ),
        row(
            "attachments-lost",
            Organization::new().policy("base", LOCKED).answer(1, "{}"),
            Organization::new().policy("base", LOCKED).attached("other", OPT_OUT, "1"),
            Organization::new().policy("base", LOCKED).policy("more", LEX_OUT).policy_type(None),
        ),
        row(
            "attached-to-nothing",
            Organization::new().policy("base", LOCKED),
            Organization::new().attached("base", LOCKED, "1"),
            sick(beside().attached("lex", LEX_OUT, "sales").policy("base", OPT_OUT)).account(3),
        ),
        row(
            "wrong-level",
            beside().attached("base", LOCKED, "sales"),
            beside().attached("base", LOCKED, "root"),
            // A template that attaches to `AWS::AccountId`: the management account alone.
            sick(beside().attached("base", OPT_OUT, "1").answer(2, "{}")).account(2).service("polly"),
        ),
        row(
            "no-default",
            Organization::new().attached("lex", LEX_OUT, "root"),
            Organization::new().attached("base", OPT_OUT, "root"),
            sick(
                beside()
                    .attached("lex", LEX_OUT, "root")
                    .attached("more", LEX_OUT, "sales")
                    .answer(2, r#"{"services":{"lex":{"opt_out_policy":"optOut"}}}"#),
            )
            .account(2)
            .service("polly"),
        ),
    ]
}

fn about_merging() -> Vec<Row> {
    let times = ["2026-11-20T10:00:00Z", "2026-11-20T10:00:02Z", "2026-11-20T10:00:04Z"];
    vec![
        row(
            "conflicting-opt-in",
            below(LEX_IN).answer(2, OUT_BUT_LEX),
            below(LEX_OUT).answer(2, OUT),
            sick(
                Organization::new()
                    .unit("sales", "root")
                    .account(2, "sales")
                    .attached("base", OPT_OUT, "root")
                    .attached("all", ALL_IN, "sales"),
            )
            .account(2)
            .service("polly"),
        ),
        row(
            "order-dependent",
            disputed().answer(1, OUT_BUT_LEX),
            disputed().attached("again", LEX_OUT, "1").answer(1, OUT),
            attached_at(disputed(), &times),
        ),
        row(
            "order-unknown",
            disputed(),
            disputed().answer(1, OUT_BUT_LEX),
            sick(disputed().account(2, "root").attached("one", OPT_OUT, "2").attached("two", ALL_IN, "2"))
                .account(2)
                .service("polly"),
        ),
        row(
            "blocked-by-lock",
            Organization::new()
                .account(2, "root")
                .attached("base", LOCKED, "root")
                .attached("lexin", LEX_IN, "2")
                .answer(2, OUT),
            Organization::new()
                .account(2, "root")
                .attached("base", LOCKED, "root")
                .attached("again", OPT_OUT, "2")
                .answer(2, OUT),
            // The other way round: an opt-out that a locked opt-in further up forbids.
            sick(
                Organization::new()
                    .unit("sales", "root")
                    .account(2, "sales")
                    .attached("base", &LOCKED.replace("optOut", "optIn"), "root")
                    .attached("out", OPT_OUT, "sales"),
            )
            .account(2),
        ),
    ]
}

fn about_documents() -> Vec<Row> {
    vec![
        row(
            "document-says-nothing",
            Organization::new().attached("base", r#"{"services":{}}"#, "root"),
            Organization::new().attached("base", LEX_OUT, "root"),
            sick(Organization::new().attached(
                "base",
                r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"opt_out_policy":{}}}}"#,
                "root",
            ))
            .account(1),
        ),
        row(
            "document-inadmissible",
            Organization::new().attached(
                "base",
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#,
                "root",
            ),
            Organization::new().attached("base", OPT_OUT, "root"),
            sick(Organization::new().attached(
                "base",
                r#"{"services":{"trascribe":{"opt_out_policy":{"@@assign":"optOut"}}}}"#,
                "root",
            ))
            .account(1),
        ),
    ]
}

fn about_answers() -> Vec<Row> {
    let just_now = |it| attached_at(it, &["2026-11-24T11:59:57Z"]);
    vec![
        row(
            "invalid-effective-policy",
            healthy().invalid(2),
            sick(healthy().invalid(2)).account(1),
            sick(beside().attached("base", OPT_OUT, "root").invalid(3)).account(3).service("lex"),
        ),
        row(
            "still-propagating",
            healthy().answer(2, "{}"),
            healthy(),
            just_now(Organization::new().attached("base", OPT_OUT, "root").answered(1, AnswerContent::NotFound)),
        ),
        row(
            "not-recognised",
            healthy().answer(2, r#"{"services":{"default":{"opt_out_policy":"optOutTwice"}}}"#),
            healthy().answer(2, r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#),
            healthy().answer(2, "[]"),
        ),
        row(
            "could-not-be-read",
            Organization::new().change(|it| it.policies = None).unread(optout_core::org::Part::Policies, None),
            healthy().unread(optout_core::org::Part::Policies, None),
            Organization::new().change(|it| it.accounts = None).unread(optout_core::org::Part::Accounts, None),
        ),
    ]
}

fn about_behaviour() -> Vec<Row> {
    let asked = |it: Organization, service: &str| sick(it).service(service).symptom(Symptom::BehavesDifferently);
    vec![
        row(
            "documented-change",
            asked(healthy(), "transcribe"),
            asked(healthy().answer(1, "{}").answer(2, "{}"), "transcribe"),
            sick(healthy()).symptom(Symptom::BehavesDifferently),
        ),
        row(
            "undocumented-change",
            asked(healthy(), "polly"),
            asked(healthy(), "lex"),
            asked(healthy(), "translate").account(2),
        ),
        row(
            "not-reached",
            asked(healthy(), "bedrock"),
            asked(healthy(), "polly"),
            sick(Organization::new()).service("sagemaker"),
        ),
    ]
}

/// The diagnoses that only ever leave something open: there is nothing that could apply.
const OPEN_ONLY: [&str; 2] = ["not-recognised", "could-not-be-read"];

#[test]
fn every_diagnosis_has_a_row() {
    let ids: Vec<&str> = rows().iter().map(|row| row.id).collect();
    let missing: Vec<&str> = diagnoses::ALL.iter().map(|it| it.id).filter(|id| !ids.contains(id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_diagnosis_is_made_where_it_applies_and_written_another_way_and_not_where_it_does_not() {
    for Row { id, has_it, near_miss, variant } in rows() {
        for (name, sick) in [("case", &has_it), ("variant", &variant)] {
            let found = sick.examine();
            let made = if OPEN_ONLY.contains(&id) { found.is_open(id) } else { found.applies(id) };
            assert!(made, "{id}: the {name} was missed\n{}", found.text);
        }
        let found = near_miss.examine();
        assert!(found.excludes(id), "{id}: the near miss was taken for it\n{}", found.text);
    }
}

#[test]
fn every_observation_and_conclusion_is_a_sentence_about_this_case() {
    for row in rows() {
        for sick in [row.has_it, row.variant] {
            let found = sick.examine();
            let cases = found
                .opinions
                .iter()
                .filter_map(|(id, it)| Some((id, it.as_ref()?)))
                .flat_map(|(id, it)| it.cases.iter().map(move |case| (id, case)));
            for (id, case) in cases {
                assert!(!case.observation.is_empty() && case.conclusion.ends_with(['.', ')']), "{id}: {case:?}");
                assert!(!case.subjects.is_empty() && !case.next.is_empty(), "{id}: {case:?}");
                assert!(
                    case.next.iter().all(|command| !command.contains("FROM") && !command.contains("INTENT")),
                    "{id}: {case:?}"
                );
            }
        }
    }
}
