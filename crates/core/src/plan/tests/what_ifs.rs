//! What-ifs by name.

use super::organizations::{SERVICES, account, add, at, organization, root, unit};
use crate::org::Snapshot;
use crate::plan::Change;
use crate::plan::simulate::{WhatIf, WhatIfError, what_if};

const OPT_OUT: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
const LOCKED: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"opt_out_policy":{"@@assign":"optOut","@@operators_allowed_for_child_policies":["@@none"]}}}}"#;

fn with_root(content: &str) -> Snapshot {
    let mut snapshot = organization(&[0, 0], &[0, 1, 2]);
    add(&mut snapshot, "root", content, false, &[root()]);
    snapshot
}

fn try_it(snapshot: &Snapshot, what: &WhatIf) -> Result<Vec<Change>, WhatIfError> {
    what_if(snapshot, what, &SERVICES[1..], at()).map(|outcome| outcome.changes)
}

fn settings(changes: &[Change]) -> Vec<String> {
    let of = |change: &Change| {
        let accounts: Vec<String> = change.accounts.iter().map(ToString::to_string).collect();
        let accounts = accounts.join(" ");
        let line = |it: &crate::plan::SettingChange| format!("{accounts} {}: {} → {}", it.service, it.before, it.after);
        change.settings.iter().map(line).collect::<Vec<_>>()
    };
    changes.iter().flat_map(of).collect()
}

#[test]
fn a_child_that_tries_to_opt_in_succeeds_without_a_lock_and_fails_with_one() {
    let attack = WhatIf::OptIn { service: "lex".into(), target: unit(1) };
    let open = try_it(&with_root(OPT_OUT), &attack).unwrap();
    assert_eq!(settings(&open), ["000000000101 lex: opt-out → opt-in"]);
    assert_eq!(settings(&try_it(&with_root(LOCKED), &attack).unwrap()), Vec::<String>::new());
}

#[test]
fn detaching_the_only_policy_leaves_everything_unset() {
    let what = WhatIf::Detach { policy: "p-00000001".parse().unwrap(), target: root() };
    let changes = try_it(&with_root(LOCKED), &what).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].accounts.len(), changes[0].settings.len()), (3, SERVICES.len()));
    assert_eq!((changes[0].lock_before.as_str(), changes[0].lock_after.as_str()), ("full", "none"));
    assert_eq!(try_it(&with_root(LOCKED), &WhatIf::DisablePolicyType).unwrap(), changes);
}

#[test]
fn an_account_that_moves_gets_what_its_new_place_has() {
    let mut snapshot = with_root(OPT_OUT);
    add(&mut snapshot, "lex", r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#, false, &[unit(1)]);
    let moved = try_it(&snapshot, &WhatIf::MoveAccount { account: "000000000102".parse().unwrap(), to: unit(1) });
    assert_eq!(settings(&moved.unwrap()), ["000000000102 lex: opt-out → opt-in"]);
    let unit_id = |number| match unit(number) {
        crate::org::TargetId::Unit(id) => id,
        other => panic!("{other}"),
    };
    let moved = try_it(&snapshot, &WhatIf::MoveUnit { unit: unit_id(2), to: unit(1) }).unwrap();
    assert_eq!(settings(&moved), ["000000000102 lex: opt-out → opt-in"]);
    let inside_itself = try_it(&snapshot, &WhatIf::MoveUnit { unit: unit_id(1), to: unit(1) });
    assert!(matches!(inside_itself, Err(WhatIfError::Place(_))), "{inside_itself:?}");
    let into_account = try_it(&snapshot, &WhatIf::MoveUnit { unit: unit_id(1), to: account(0) });
    assert!(matches!(into_account, Err(WhatIfError::Place(_))));
}

#[test]
fn new_and_joining_accounts_are_shown_from_absent_on() {
    let created = try_it(&with_root(LOCKED), &WhatIf::NewAccount { parent: unit(1) }).unwrap();
    assert_eq!(created.len(), 1);
    assert!(created[0].settings.iter().all(|it| it.before == "absent" && it.after == "opt-out"));
    let id = "999999999999".parse().unwrap();
    let joined = try_it(&with_root(LOCKED), &WhatIf::Join { account: id }).unwrap();
    assert_eq!((joined[0].accounts.as_slice(), joined[0].lock_after.as_str()), ([id].as_slice(), "full"));
    let again = try_it(&with_root(LOCKED), &WhatIf::Join { account: "000000000100".parse().unwrap() });
    assert!(matches!(again, Err(WhatIfError::AlreadyThere(_))));
}

#[test]
fn a_new_service_is_covered_by_default_only() {
    let what = WhatIf::NewService { service: "brandnew".into() };
    let covered = try_it(&with_root(OPT_OUT), &what).unwrap();
    assert_eq!(settings(&covered), ["000000000100 000000000101 000000000102 brandnew: absent → opt-out"]);
    let named_only = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let uncovered = try_it(&with_root(named_only), &what).unwrap();
    assert_eq!(settings(&uncovered), ["000000000100 000000000101 000000000102 brandnew: absent → unset"]);
    assert!(try_it(&with_root(OPT_OUT), &WhatIf::NewService { service: "lex".into() }).is_err());
}

#[test]
fn replacing_and_attaching_documents_must_be_admissible() {
    let id: crate::org::PolicyId = "p-00000001".parse().unwrap();
    let content = OPT_OUT.replace("optOut", "optIn");
    let replaced = try_it(&with_root(OPT_OUT), &WhatIf::Replace { policy: id.clone(), content }).unwrap();
    assert_eq!(replaced[0].settings.len(), SERVICES.len());
    let bad = try_it(&with_root(OPT_OUT), &WhatIf::Replace { policy: id.clone(), content: "{}".into() });
    assert!(matches!(bad, Err(WhatIfError::Document(_))), "{bad:?}");
    let twice = try_it(&with_root(OPT_OUT), &WhatIf::Attach { policy: id.clone(), target: root() });
    assert!(matches!(twice, Err(WhatIfError::Refused(_))), "{twice:?}");
    let nowhere = try_it(&with_root(OPT_OUT), &WhatIf::Attach { policy: id, target: account(99) });
    assert!(matches!(nowhere, Err(WhatIfError::NoTarget(_))), "{nowhere:?}");
}
