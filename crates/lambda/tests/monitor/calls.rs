//! How many calls of AWS Organizations an event takes, against a full read: counted by the simulator.

use std::collections::BTreeMap;

use optout_core::org::PolicyType;
use optout_simulator::Change;
use serde_json::{Value, json};

use crate::channels::{counted, imported};
use crate::envelopes::{FOLDER, attached, called, detached, happened, moved, recorded, updated};
use crate::organization::{BASE, LEX_IN, OPT_IN, ROOT, SALES, account_id};
use crate::publishing::{told, unknown};
use crate::world::World;

/// A name, what is done first, and the event that tells of it.
type Case = (&'static str, fn(&World), fn() -> Value);

const CASES: &[Case] = &[
    ("AttachPolicy to a unit", |world| world.attach(OPT_IN, SALES), || attached(OPT_IN, SALES)),
    ("AttachPolicy to an account", |world| world.attach(OPT_IN, "000000000007"), || attached(OPT_IN, "000000000007")),
    ("DetachPolicy from the root", |world| world.detach(BASE, ROOT), || detached(BASE, ROOT)),
    ("AttachPolicy of another type", |_| {}, || attached("p-otherscp01", SALES)),
    (
        "UpdatePolicy",
        |world| {
            let (policy, content) = (BASE.parse().unwrap(), LEX_IN.to_owned());
            world.change(Change::SetPolicyContent { policy, content });
        },
        || updated(BASE, LEX_IN),
    ),
    (
        "DeletePolicy",
        |world| world.change(Change::DeletePolicy { policy: OPT_IN.parse().unwrap() }),
        || called("DeletePolicy", json!({"policyId": OPT_IN})),
    ),
    (
        "MoveAccount",
        |world| world.change(Change::MoveAccount { account: account_id(5), to: SALES.parse().unwrap() }),
        || moved(account_id(5), ROOT, SALES),
    ),
    (
        "AccountJoinedOrganization",
        |world| {
            let (account, parent) = (account_id(99), ROOT.parse().unwrap());
            world.change(Change::JoinAccount { account, name: "new".into(), parent });
        },
        || happened("AccountJoinedOrganization", json!({"accountId": "000000000099"})),
    ),
    (
        "RemoveAccountFromOrganization",
        |world| world.change(Change::LeaveAccount { account: account_id(9) }),
        || called("RemoveAccountFromOrganization", json!({"accountId": "000000000009"})),
    ),
    (
        "CloseAccountResult",
        |world| world.change(Change::SetAccountState { account: account_id(9), state: "CLOSED".into() }),
        || {
            let status = json!({"accountId": "000000000009", "state": "SUCCEEDED"});
            happened("CloseAccountResult", json!({"closeAccountStatus": status}))
        },
    ),
    (
        "DisablePolicyType",
        |world| world.change(Change::SetPolicyType { policy_type: PolicyType::AiOptOut, enabled: false }),
        || called("DisablePolicyType", json!({"rootId": ROOT, "policyType": "AISERVICES_OPT_OUT_POLICY"})),
    ),
    ("PutResourcePolicy", |_| {}, || recorded("PutResourcePolicy")),
    ("RegisterDelegatedAdministrator", |_| {}, || recorded("RegisterDelegatedAdministrator")),
    (
        "EffectivePolicyValidation",
        |_| {},
        || {
            let details =
                json!({"accountId": "000000000007", "policyType": "AISERVICES_OPT_OUT_POLICY", "state": "VALID"});
            happened("EffectivePolicyValidation", details)
        },
    ),
    (
        "UpdateOrganizationalUnit",
        |_| {},
        || called("UpdateOrganizationalUnit", json!({"organizationalUnitId": SALES, "name": "Sales"})),
    ),
    ("an unknown event", |_| {}, unknown),
    ("TagResource", |_| {}, || recorded("TagResource")),
    ("CreateAccount", |_| {}, || recorded("CreateAccount")),
    ("InviteAccountToOrganization", |_| {}, || recorded("InviteAccountToOrganization")),
];

/// What AWS Organizations was asked; who asks, another service says.
fn asked(world: &World) -> BTreeMap<String, u64> {
    let mut counts = world.simulator.counts();
    counts.remove("GetCallerIdentity");
    counts
}

/// What was sent to tell of it, and forgets it.
fn told_by(world: &World) -> String {
    let calls = world.channels.take();
    match calls.is_empty() {
        true => "nothing".to_owned(),
        false => format!("{}, {} findings", counted(&calls), imported(&calls).len()),
    }
}

/// The most that each may take.
const MOST: u64 = 8;

#[tokio::test]
async fn no_event_takes_more_than_a_few_calls_and_each_far_fewer_than_a_full_read() {
    let world = World::start().await;
    world.read_everywhere().await.unwrap();
    let full = asked(&world).values().sum::<u64>();
    let mut table = vec![format!("{full:>4}  a full read; told: {}", told_by(&world))];
    for (name, change, event) in CASES {
        let world = told().await;
        change(&world);
        let answer = world.handle_everywhere(&event()).await.unwrap();
        let counts = asked(&world);
        let calls: u64 = counts.values().sum();
        table.push(format!("{calls:>4}  {name}: {counts:?} {}; told: {}", answer["outcome"], told_by(&world)));
        assert_eq!(answer["calls"], calls, "{name}: what is told is what was sent");
        // Switching the type reads every policy and every attachment.
        let most = if *name == "DisablePolicyType" { full } else { MOST };
        assert!(calls <= most && calls < full, "{}", table.join("\n"));
    }
    insta::assert_snapshot!(table.join("\n"));
}

#[tokio::test]
async fn every_recorded_event_is_understood() {
    let folder = format!("{FOLDER}/tests/data/organizations");
    let world = World::settled().await;
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "json") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let answer = world.handle(&recorded(&name)).await;
            assert!(answer.is_ok(), "{name}: {answer:?}");
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen}");
}
