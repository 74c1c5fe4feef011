//! Locks and their holes.

use optout_core::check::{AccountLock, Hole, Lock, Severity};

use super::organization::{Organization, id};
use super::{LOCKED, OPT_OUT, found, healthy, holds, outcome};

fn lock(organization: &Organization, service: &str) -> Lock {
    let assessment = organization.assess();
    let key = assessment.keys.get(service).unwrap();
    assessment.lock(assessment.result(id(2)).unwrap(), key).clone()
}

fn of_account(organization: &Organization) -> AccountLock {
    let assessment = organization.assess();
    assessment.group(assessment.result(id(2)).unwrap()).unwrap().lock
}

fn with(document: &str) -> Organization {
    Organization::new().account(2, "root").attached("base", document, "root")
}

#[test]
fn a_document_locked_at_services_and_at_the_setting_is_full() {
    assert_eq!(lock(&with(LOCKED), "default"), Lock::Full);
    assert_eq!(lock(&with(LOCKED), "lex"), Lock::Full);
    assert_eq!(of_account(&with(LOCKED)), AccountLock::Full);
}

#[test]
fn the_list_at_the_services_own_node_adds_nothing() {
    let without_node = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{
        "opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;
    assert_eq!(of_account(&with(without_node)), AccountLock::Full);
}

#[test]
fn an_open_list_of_services_is_a_hole_for_every_service_but_not_for_default() {
    let default_locked = LOCKED.replacen(r#""@@operators_allowed_for_child_policies":["@@none"],"#, "", 1);
    let organization = with(&default_locked);
    assert_eq!(lock(&organization, "lex"), Lock::None(Hole::Services));
    assert_eq!(lock(&organization, "default"), Lock::Full);
    assert_eq!(of_account(&organization), AccountLock::Partial);
}

#[test]
fn an_open_default_is_a_hole_for_what_inherits_it() {
    let open_default = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],
        "default":{"opt_out_policy":{"@@assign":"optOut"}},
        "lex":{"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;
    let organization = with(open_default);
    assert_eq!(lock(&organization, "polly"), Lock::None(Hole::Default));
    assert_eq!(lock(&organization, "lex"), Lock::Full);
    assert_eq!(of_account(&organization), AccountLock::None);
}

#[test]
fn a_named_service_without_a_lock_of_its_own_is_a_hole() {
    let lex_open = LOCKED.replacen("\"default\"", r#""lex":{"opt_out_policy":{"@@assign":"optOut"}},"default""#, 1);
    assert_eq!(lock(&with(&lex_open), "lex"), Lock::None(Hole::Setting("lex".into())));
    assert_eq!(of_account(&with(&lex_open)), AccountLock::Partial);
}

#[test]
fn a_lock_that_lets_children_append_or_remove_but_not_assign_holds() {
    let append = LOCKED.replace(r#"["@@none"],"@@assign""#, r#"["@@append","@@remove"],"@@assign""#);
    assert_ne!(append, LOCKED);
    assert_eq!(lock(&with(&append), "default"), Lock::Full);
}

#[test]
fn a_policy_at_the_account_itself_can_always_be_outdone_there() {
    let organization = Organization::new().account(2, "root").attached("base", LOCKED, "2");
    assert_eq!(lock(&organization, "default"), Lock::None(Hole::Account("p-base0000".into())));
    assert_eq!(lock(&organization, "lex"), Lock::None(Hole::Account("p-base0000".into())));
}

#[test]
fn a_policy_at_the_account_that_decides_nothing_opens_nothing() {
    assert_eq!(of_account(&with(LOCKED).attached("more", OPT_OUT, "2")), AccountLock::Full);
}

#[test]
fn accounts_of_one_chain_with_and_without_a_policy_of_their_own_have_different_locks() {
    let organization = Organization::new().unit("sales", "root").account(2, "sales").account(3, "root");
    let organization = organization.policy("base", LOCKED).attach("base", "sales").attach("base", "3");
    let assessment = organization.assess();
    let lock = |account| assessment.group(assessment.result(id(account)).unwrap()).unwrap().lock;
    assert_eq!(assessment.computed.chains.of(id(2)), assessment.computed.chains.of(id(3)));
    assert_eq!((lock(2), lock(3)), (AccountLock::Full, AccountLock::None));
}

#[test]
fn a_key_named_above_without_a_value_leaves_the_lock_undetermined() {
    let named = LOCKED.replacen("\"default\"", r#""lex":{},"default""#, 1);
    assert_eq!(lock(&with(&named), "lex"), Lock::Unknown);
    assert_eq!(lock(&with(&named), "polly"), Lock::Full);
    assert_eq!(of_account(&with(&named)), AccountLock::Unknown);
}

#[test]
fn a_missing_lock_is_medium_and_high_where_somebody_else_may_write() {
    let organization = with(OPT_OUT);
    let findings = found(&organization.assess(), "locked-against-children");
    assert!(findings.iter().all(|(_, severity, _)| *severity == Severity::Medium));
    assert_eq!(findings.len(), 2);
    let grant = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000002"},"Resource":"*",
        "Action":"organizations:AttachPolicy"}]}"#;
    let delegated = organization.change(|it| it.resource_policy = Some(Some(grant.into())));
    let findings = found(&delegated.assess(), "locked-against-children");
    assert!(findings.iter().all(|(_, severity, _)| *severity == Severity::High));
}

#[test]
fn the_hole_is_named_with_what_it_opens() {
    let message = |document: &str| found(&with(document).assess(), "locked-against-children")[0].2.clone();
    assert_eq!(
        message(OPT_OUT),
        "`services` lets children add services (every service); `services.default.opt_out_policy` lets children assign (`default`)"
    );
    let lex_open = LOCKED.replacen("\"default\"", r#""lex":{"opt_out_policy":{"@@assign":"optOut"}},"default""#, 1);
    assert_eq!(message(&lex_open), "`services.lex.opt_out_policy` lets children assign (`lex`)");
}

#[test]
fn a_full_lock_holds_and_one_that_is_not_known_is_open() {
    assert!(holds(&healthy().assess(), "locked-against-children"));
    let unread = healthy().change(|it| it.attachments = None);
    let outcome = outcome(&unread.assess(), "locked-against-children");
    assert_eq!(outcome.unknown.as_deref(), Some("the lock of 2 accounts could not be determined"));
}

#[test]
fn a_lock_does_not_depend_on_what_aws_answered() {
    assert_eq!(of_account(&with(LOCKED).answer(2, "{}")), AccountLock::Full);
}
