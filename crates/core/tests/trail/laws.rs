//! Whatever happens to an organization: what the timeline says for certain of a past moment is what was true then.

use std::collections::BTreeMap;

use optout_core::check::{AccountVerdict, Exceptions};
use optout_core::org::{AccountId, AttachTime, Attachment, EvidenceMode, TargetId};
use optout_core::trail::{Effect, Timeline, Trust, Wanted};
use proptest::prelude::*;

use super::events::{attach, create, detach, move_account, record, switch, trail, update};
use super::organization::{Organization, target};

const DOCUMENTS: [&str; 4] = [
    r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#,
    r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}}"#,
    r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#,
    r#"{"services":{"polly":{"opt_out_policy":{"@@assign":"optOut"}}}}"#,
];

const TARGETS: [&str; 4] = ["root", "sales", "2", "3"];

/// An organization that is changed step by step, by hand, with a record of each step.
struct World {
    now: Organization,
    records: Vec<String>,
    /// Before the first step, then after each.
    verdicts: Vec<BTreeMap<AccountId, AccountVerdict>>,
    made: usize,
}

impl World {
    fn new() -> Self {
        let now = Organization::new().unit("sales", "root").account(2, "root").account(3, "sales");
        let now = now.attached("first", DOCUMENTS[0], "root");
        let verdicts = vec![verdicts(&now)];
        Self { now, records: Vec::new(), verdicts, made: 0 }
    }

    fn time(&self) -> String {
        let minute = self.records.len();
        format!("2026-11-01T{:02}:{:02}:00Z", minute / 60, minute % 60)
    }

    fn keep(&mut self, record: String) {
        self.records.push(record);
        self.verdicts.push(verdicts(&self.now));
    }

    fn is_on(&self) -> bool {
        !self.now.snapshot.root.as_ref().unwrap().policy_types.is_empty()
    }

    /// One step; one that makes no sense is left out.
    fn step(&mut self, (what, which, other): (u8, usize, usize)) {
        let (number, time) = (self.records.len(), self.time());
        let policies = self.now.snapshot.policies.clone().unwrap();
        let policy = policies.get(which % policies.len().max(1)).map(|policy| policy.id.to_string());
        let place = TARGETS[other % TARGETS.len()];
        let document = DOCUMENTS[other % DOCUMENTS.len()];
        let attached = |world: &Self, policy: &str, place: &TargetId| {
            let all = world.now.snapshot.attachments.as_ref().unwrap();
            all.get(place).is_some_and(|list| list.iter().any(|it| it.policy.as_str() == policy))
        };
        match (what % 7, policy) {
            (0, _) => {
                self.made += 1;
                let name = format!("made{}", self.made);
                self.now = self.now.clone().policy(&name, document);
                let id = format!("p-{name:0<8}");
                self.keep(create(number, &time, &id, document));
            }
            (1, Some(policy)) => {
                let change = |it: &mut optout_core::org::Snapshot| {
                    let mut policies = it.policies.iter_mut().flatten();
                    policies.find(|it| it.id.as_str() == policy).unwrap().content = Some(document.into());
                };
                self.now = self.now.clone().change(change);
                self.keep(update(number, &time, &policy, document));
            }
            (2 | 3, Some(policy)) if self.is_on() && !attached(self, &policy, &target(place)) => {
                let attached = Some(AttachTime::At(time.parse().unwrap()));
                let attachment = Attachment { policy: policy.parse().unwrap(), attached };
                self.now = self.now.clone().change(|it| {
                    it.attachments.as_mut().unwrap().entry(target(place)).or_default().push(attachment);
                });
                self.keep(attach(number, &time, &policy, &target(place).to_string()));
            }
            (4, Some(policy)) if attached(self, &policy, &target(place)) => {
                self.now = self.now.clone().change(|it| {
                    let list = it.attachments.as_mut().unwrap().get_mut(&target(place)).unwrap();
                    list.retain(|it| it.policy.as_str() != policy);
                });
                self.keep(detach(number, &time, &policy, &target(place).to_string()));
            }
            (5, _) => {
                let account = if which.is_multiple_of(2) { "2" } else { "3" };
                let TargetId::Account(id) = target(account) else { panic!("{account} is no account") };
                let (from, to) = (self.parent(id), target(if other.is_multiple_of(2) { "root" } else { "sales" }));
                if from != to {
                    let parent = Some(to.clone());
                    self.now = self.now.clone().change(|it| {
                        it.accounts.as_mut().unwrap().iter_mut().find(|it| it.id == id).unwrap().parent = parent;
                    });
                    self.keep(move_account(number, &time, &id.to_string(), &from.to_string(), &to.to_string()));
                }
            }
            (6, _) if which.is_multiple_of(4) => {
                let on = !self.is_on();
                let state = on.then_some(optout_core::org::PolicyTypeState::Enabled);
                self.now = self.now.clone().policy_type(state).change(|it| it.attachments = Some(BTreeMap::new()));
                self.keep(switch(number, &time, on));
            }
            (6, Some(policy)) if TARGETS.iter().all(|place| !attached(self, &policy, &target(place))) => {
                self.now =
                    self.now.clone().change(|it| it.policies.as_mut().unwrap().retain(|it| it.id.as_str() != policy));
                self.keep(record(number, &time, "DeletePolicy", serde_json::json!({"policyId": policy})));
            }
            _ => {}
        }
    }

    fn parent(&self, id: AccountId) -> TargetId {
        let accounts = self.now.snapshot.accounts.as_ref().unwrap();
        accounts.iter().find(|account| account.id == id).unwrap().parent.clone().unwrap()
    }
}

fn verdicts(organization: &Organization) -> BTreeMap<AccountId, AccountVerdict> {
    let assessment = organization.assess_with(Exceptions::none(), Some(EvidenceMode::None));
    assessment.counted().map(|result| (result.id, result.verdict)).collect()
}

proptest! {
    #[test]
    fn what_is_certain_of_the_past_was_true(steps in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 0..24)) {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.step(step));
        let trail = trail(&world.records);
        prop_assert_eq!(trail.events.len(), world.records.len());
        // No API returns times of attachment.
        let read = world.now.clone().change(|it| {
            it.attachments.iter_mut().flat_map(BTreeMap::values_mut).flatten().for_each(|it| it.attached = None);
        });
        let timeline = Timeline::new(&trail, Some(&read.snapshot), &read.catalogue, &Wanted::default());
        prop_assert_eq!(&timeline.trust, &Trust::IfComplete);
        prop_assert_eq!(timeline.entries.len(), world.records.len());
        for (at, entry) in timeline.entries.iter().enumerate() {
            let (before, after) = (&world.verdicts[at], &world.verdicts[at + 1]);
            let Effect::Known { changes, unknown, .. } = &entry.effect else {
                prop_assert_eq!(before, after, "{} changed something", entry.event.name);
                continue;
            };
            let mut told = BTreeMap::new();
            for change in changes {
                for account in &change.accounts {
                    told.insert(*account, (change.before, change.after));
                }
            }
            for account in before.keys() {
                let truth = (before.get(account).copied(), after.get(account).copied());
                let (left, right) = told.get(account).copied().unwrap_or(if *unknown > 0 { (None, None) } else { truth });
                for (said, was) in [(left, truth.0), (right, truth.1)] {
                    let certain = said.is_some() && said != Some(AccountVerdict::Unknown) && was != Some(AccountVerdict::Unknown);
                    prop_assert!(!certain || said == was, "{}: {account} {said:?}, was {was:?}", entry.event.name);
                }
                let known = truth.0 != Some(AccountVerdict::Unknown) && truth.1 != Some(AccountVerdict::Unknown);
                if *unknown == 0 && known && !told.contains_key(account) {
                    prop_assert_eq!(truth.0, truth.1, "{} changed {} unseen", entry.event.name, account);
                }
            }
        }
    }
}
