//! The decision tree: every leaf is reached, by what was observed and by answers; what is not known stays a question.

#![expect(clippy::unwrap_used, reason = "a test ends where its own set-up is wrong")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use optout_core::advise::{
    Advice, Answers, Belonging, Infrastructure, LEAVES, Method, Role, Saved, Situation, Tools, advise, json, observe,
    page, text,
};
use optout_core::org::{
    Account, AccountState, Caller, Delegate, Membership, Organization, Part, Partition, Policy, PolicyType, Snapshot,
    Unread, UnreadReason,
};

const MANAGEMENT: usize = 1;

/// An organization of so many accounts, read by its management account, with everything that advice needs.
fn organization(accounts: usize) -> Snapshot {
    let mut snapshot = Snapshot::empty("2026-11-24T12:00:00Z".parse().unwrap(), "test", Partition::Aws);
    let id = |number: usize| format!("{number:012}").parse().unwrap();
    let account = |number| Account {
        id: id(number),
        name: format!("account {number}"),
        email: None,
        state: AccountState::Active,
        parent: None,
        joined: None,
    };
    snapshot.membership = Some(Membership::Member(Organization {
        id: "o-exampleorgid".parse().unwrap(),
        management_account: id(MANAGEMENT),
        all_features: true,
    }));
    snapshot.caller = Some(Caller { account: id(MANAGEMENT), principal: "assumed-role".into() });
    snapshot.accounts = Some((1..=accounts).map(account).collect());
    snapshot.policies = Some(Vec::new());
    snapshot.delegates = Some(Vec::new());
    snapshot.resource_policy = Some(None);
    snapshot.trusted_services = Some(vec!["sso.amazonaws.com".into()]);
    snapshot.control_policies = Some(vec!["FullAWSAccess".into()]);
    snapshot
}

fn called_by(mut snapshot: Snapshot, number: usize) -> Snapshot {
    snapshot.caller = Some(Caller { account: format!("{number:012}").parse().unwrap(), principal: "user".into() });
    snapshot
}

fn trusting(mut snapshot: Snapshot, service: &str) -> Snapshot {
    snapshot.trusted_services.as_mut().unwrap().push(service.into());
    snapshot
}

fn guarded_by(mut snapshot: Snapshot, name: &str) -> Snapshot {
    snapshot.control_policies.as_mut().unwrap().push(name.into());
    snapshot
}

fn tagged(mut snapshot: Snapshot, tags: &[(&str, &str)]) -> Snapshot {
    let tags: BTreeMap<String, String> =
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    snapshot.policies.as_mut().unwrap().push(Policy {
        id: "p-12345678".parse().unwrap(),
        name: "opt-out".into(),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: None,
        tags: Some(tags),
    });
    snapshot
}

fn denied(mut snapshot: Snapshot, part: Part, operation: &str) -> Snapshot {
    snapshot.unread.push(Unread {
        part,
        subject: None,
        operation: operation.into(),
        reason: UnreadReason::AccessDenied,
        permission: Some(format!("organizations:{operation}")),
        detail: String::new(),
    });
    snapshot
}

fn by(snapshot: &Snapshot) -> Advice {
    advise(observe(snapshot), &Saved::default())
}

fn answered(answers: Answers) -> Advice {
    advise(answers.over(Situation::unknown()), &Saved::default())
}

fn leaf(advice: &Advice) -> Option<&'static str> {
    advice.leaf.map(|leaf| leaf.id)
}

/// Every leaf with what leads to it.
fn ways() -> Vec<(&'static str, Advice)> {
    let settled = Answers {
        landing_zone_accelerator: Some(false),
        infrastructure: Some(Infrastructure::None),
        ..Answers::default()
    };
    let over = |answers: Answers, snapshot: &Snapshot| advise(answers.over(observe(snapshot)), &Saved::default());
    let mut alone = organization(1);
    (alone.membership, alone.accounts) = (Some(Membership::None), None);
    let mut gov = organization(3);
    gov.partition = Partition::GovCloud;
    let mut billing = organization(3);
    if let Some(Membership::Member(it)) = billing.membership.as_mut() {
        it.all_features = false;
    }
    let mut delegate = called_by(organization(3), 2);
    delegate.delegates = Some(vec![Delegate { account: "000000000002".parse().unwrap(), services: None }]);
    let tower = trusting(organization(9), "controltower.amazonaws.com");
    let terraform = Answers { infrastructure: Some(Infrastructure::Terraform), ..settled };
    let tools = |tools| Answers { tools: Some(tools), ..Answers::default() };
    vec![
        ("partition-without-policies", by(&gov)),
        ("member-account-only", by(&called_by(organization(3), 2))),
        ("delegate-without-grant", by(&delegate)),
        ("no-organization", by(&alone)),
        ("consolidated-billing", by(&billing)),
        ("console-only", over(tools(Tools::Console), &organization(3))),
        ("aws-cli-only", over(tools(Tools::AwsCli), &tower)),
        ("landing-zone-accelerator", by(&guarded_by(organization(9), "AcceleratorGuardrails1"))),
        ("control-tower-with-terraform", over(terraform, &tower)),
        ("control-tower", over(settled, &tower)),
        ("kept-in-terraform", by(&tagged(organization(9), &[("ManagedBy", "Terraform")]))),
        ("kept-in-cdk", over(Answers { infrastructure: Some(Infrastructure::Cdk), ..settled }, &organization(9))),
        ("kept-in-cloudformation", by(&tagged(organization(9), &[("aws:cloudformation:stack-name", "opt-out")]))),
        ("kept-by-optout", by(&tagged(organization(9), &[("optout:managed", "true")]))),
        ("one-account", over(settled, &organization(1))),
        ("several-accounts", over(settled, &organization(2))),
    ]
}

#[test]
fn every_leaf_of_the_tree_is_reached() {
    let ways = ways();
    for (expected, advice) in &ways {
        assert_eq!(leaf(advice), Some(*expected), "{}", text(advice));
    }
    let reached: Vec<&str> = ways.iter().map(|(id, _)| *id).collect();
    assert_eq!(reached, LEAVES.iter().map(|leaf| leaf.id).collect::<Vec<_>>());
}

#[test]
fn every_method_is_advised_by_some_leaf_and_the_others_are_argued_against() {
    let ways = ways();
    let mut advised: Vec<Method> = ways.iter().filter_map(|(_, advice)| advice.leaf?.method).collect();
    advised.sort();
    advised.dedup();
    assert_eq!(advised, Method::ALL);
    for (_, advice) in &ways {
        let expected = if advice.leaf.unwrap().method.is_some() { Method::ALL.len() - 1 } else { 0 };
        assert_eq!(advice.against.len(), expected);
        assert!(
            advice.against.iter().all(|(method, why)| Some(*method) != advice.leaf.unwrap().method && !why.is_empty())
        );
    }
}

#[test]
fn the_same_leaves_are_reached_by_answers_alone() {
    let all =
        Answers { organization: Some(Belonging::AllFeatures), role: Some(Role::Management), ..Answers::default() };
    let guide = Answers {
        accounts: Some(40),
        control_tower: Some(true),
        landing_zone_accelerator: Some(false),
        infrastructure: Some(Infrastructure::None),
        ..all
    };
    assert_eq!(leaf(&answered(guide)), Some("control-tower"));
    assert_eq!(
        leaf(&answered(Answers { infrastructure: Some(Infrastructure::Terraform), ..guide })),
        Some("control-tower-with-terraform")
    );
    assert_eq!(
        leaf(&answered(Answers { landing_zone_accelerator: Some(true), ..guide })),
        Some("landing-zone-accelerator")
    );
    assert_eq!(leaf(&answered(Answers { control_tower: Some(false), ..guide })), Some("several-accounts"));
    assert_eq!(
        leaf(&answered(Answers { control_tower: Some(false), accounts: Some(1), ..guide })),
        Some("one-account")
    );
    assert_eq!(
        leaf(&answered(Answers { organization: Some(Belonging::Nowhere), ..Answers::default() })),
        Some("no-organization")
    );
    assert_eq!(leaf(&answered(Answers { role: Some(Role::Member), ..guide })), Some("member-account-only"));
    assert_eq!(leaf(&answered(Answers { role: Some(Role::Writer), ..guide })), Some("control-tower"));
}

#[test]
fn nothing_known_is_undecided_and_asks_everything() {
    let advice = answered(Answers::default());
    assert_eq!(leaf(&advice), None);
    assert!(advice.commands.is_empty() && advice.against.is_empty());
    assert!(text(&advice).to_string().starts_with("UNDECIDED"), "{}", text(&advice));
    let one = answered(Answers { accounts: Some(1), ..Answers::default() });
    assert_eq!(leaf(&one), Some("one-account"));
    assert!(one.open.iter().any(|question| question.leaf.id == "no-organization"), "{}", text(&one));
}

#[test]
fn what_may_not_be_read_is_a_question_with_the_permission_and_never_a_no() {
    let mut snapshot = organization(9);
    (snapshot.trusted_services, snapshot.control_policies) = (None, None);
    let snapshot = denied(snapshot, Part::TrustedServices, "ListAWSServiceAccessForOrganization");
    let advice = by(&snapshot);
    assert_eq!(advice.situation.control_tower.value, None);
    let permission = advice.situation.control_tower.permission.as_deref();
    assert_eq!(permission, Some("organizations:ListAWSServiceAccessForOrganization"));
    let open: Vec<&str> = advice.open.iter().map(|question| question.leaf.id).collect();
    assert!(open.contains(&"control-tower") && open.contains(&"landing-zone-accelerator"), "{open:?}");
    assert_eq!(leaf(&advice), Some("several-accounts"));
}

#[test]
fn control_tower_is_known_by_its_access_or_by_its_policies() {
    let known = |snapshot: &Snapshot| observe(snapshot).control_tower.value;
    assert_eq!(known(&organization(9)), Some(false));
    assert_eq!(known(&trusting(organization(9), "controltower.amazonaws.com")), Some(true));
    assert_eq!(known(&guarded_by(organization(9), "aws-guardrails-QWkHhe")), Some(true));
    assert_eq!(known(&guarded_by(organization(9), "our-aws-guardrails-1")), Some(false));
}

#[test]
fn landing_zone_accelerator_is_never_excluded_by_names() {
    let known = |snapshot: &Snapshot| observe(snapshot).landing_zone_accelerator.value;
    assert_eq!(known(&organization(9)), None);
    assert_eq!(known(&guarded_by(organization(9), "AWSAccelerator-Quarantine-New-Object")), Some(true));
    assert_eq!(
        known(&tagged(organization(9), &[("aws:cloudformation:stack-name", "AWSAccelerator-CustomStack")])),
        Some(true)
    );
}

#[test]
fn who_is_named_in_the_resource_policy_may_write() {
    let mut snapshot = called_by(organization(3), 2);
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000002:root"},"Action":"organizations:*Policy","Resource":"*"}]}"#;
    snapshot.resource_policy = Some(Some(policy.into()));
    assert_eq!(observe(&snapshot).role.value, Some(Role::Writer));
    assert_ne!(leaf(&by(&snapshot)), Some("member-account-only"));
    let mut unread = called_by(organization(3), 2);
    (unread.delegates, unread.resource_policy) = (None, None);
    assert_eq!(observe(&denied(unread, Part::Delegates, "ListDelegatedAdministrators")).role.value, None);
}

#[test]
fn a_delegate_is_proposed_where_there_is_none_and_named_where_there_is() {
    let settled = Answers {
        landing_zone_accelerator: Some(false),
        infrastructure: Some(Infrastructure::None),
        ..Answers::default()
    };
    let notes = |snapshot: &Snapshot| advise(settled.over(observe(snapshot)), &Saved::default()).notes.join("\n");
    assert!(notes(&organization(9)).contains("optout generate delegation-policy"));
    assert!(!notes(&organization(1)).contains("optout generate delegation-policy"));
    let mut delegated = organization(9);
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000002"},"Action":"organizations:AttachPolicy","Resource":"*"}]}"#;
    delegated.resource_policy = Some(Some(policy.into()));
    let told = notes(&delegated);
    assert!(told.contains("lets a member account write") && !told.contains("delegation-policy"), "{told}");
    let mut unread = organization(9);
    unread.resource_policy = None;
    let unread = denied(unread, Part::ResourcePolicy, "DescribeResourcePolicy");
    assert!(!notes(&unread).contains("member account can"), "{}", notes(&unread));
    assert_eq!(observe(&unread).writers.permission.as_deref(), Some("organizations:DescribeResourcePolicy"));
}

#[test]
fn tags_that_were_not_read_leave_the_owner_open() {
    let mut snapshot = tagged(organization(9), &[]);
    assert_eq!(observe(&snapshot).infrastructure.value, None);
    snapshot.policies.as_mut().unwrap().iter_mut().for_each(|policy| policy.tags = None);
    let fact = observe(&denied(snapshot, Part::PolicyTags, "ListTagsForResource")).infrastructure;
    assert_eq!((fact.value, fact.permission.as_deref()), (None, Some("organizations:ListTagsForResource")));
}

#[test]
fn an_answer_counts_before_what_was_observed_and_says_so() {
    let answers = Answers { control_tower: Some(false), ..Answers::default() };
    let situation = answers.over(observe(&trusting(organization(9), "controltower.amazonaws.com")));
    assert_eq!(situation.control_tower.value, Some(false));
    assert!(situation.control_tower.evidence.contains("observed was something else"), "{situation:?}");
}

#[test]
fn a_guard_by_service_control_policy_is_never_said_to_bind_the_management_account() {
    let advice = by(&tagged(organization(9), &[("optout:managed", "true")]));
    let told = text(&advice).to_string();
    assert!(told.contains("never binds the management") && told.contains("optout generate scp"), "{told}");
}

#[test]
fn a_saved_organization_is_used_and_not_saved_again() {
    let situation = || observe(&tagged(organization(9), &[("ManagedBy", "terraform")]));
    let file = Saved { from: "--organization org.json".into(), is_file: true };
    let commands = advise(situation(), &file).commands;
    assert!(
        commands.contains(&"optout generate terraform --organization org.json --out terraform".to_owned()),
        "{commands:?}"
    );
    assert!(commands.iter().all(|command| !command.starts_with("optout snapshot")), "{commands:?}");
    let live = Saved { from: "--profile management".into(), is_file: false };
    let commands = advise(situation(), &live).commands;
    assert!(
        commands.contains(&"optout snapshot --profile management --output organization.json".to_owned()),
        "{commands:?}"
    );
    assert!(
        commands.contains(&"optout generate terraform --organization organization.json --out terraform".to_owned())
    );
}

#[test]
fn people_read_the_method_then_why() {
    insta::assert_snapshot!(
        text(&by(&guarded_by(tagged(organization(9), &[("ManagedBy", "Terraform")]), "aws-guardrails-abc")))
            .to_string()
    );
}

#[test]
fn names_of_other_people_cannot_steer_a_terminal() {
    let told = text(&by(&guarded_by(organization(9), "AWSAccelerator\u{1b}[2J\n"))).to_string();
    assert!(told.contains("AWSAccelerator\\u{1b}[2J\\u{a}"), "{told}");
}

#[test]
fn programs_read_it_in_the_published_form() {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas/advice-1.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for advice in ways().into_iter().map(|(_, advice)| advice).chain([answered(Answers::default())]) {
        let form: serde_json::Value = serde_json::from_str(&json(&advice)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&form).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(form["leaf"].as_str(), leaf(&advice));
    }
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/advise.md")
}

#[test]
fn docs_advise_is_as_new_as_the_tree() {
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::write(document(), page()).unwrap();
    }
    let written = std::fs::read_to_string(document()).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == page(), "docs/advise.md is stale; `UPDATE_GENERATED=1 cargo test -p optout-core --test advise`");
}
