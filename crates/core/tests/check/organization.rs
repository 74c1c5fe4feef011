//! Organizations for tests, built a line at a time: what is not said is as in a healthy organization with nothing attached.

use std::collections::BTreeMap;

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Assessment, Exceptions, Question, assess};
use optout_core::org::{
    Account, AccountId, AccountState, Answer, AnswerContent, Attachment, Caller, EvidenceMode, InvalidPolicy,
    Membership, Part, Partition, Policy, PolicyType, PolicyTypeState, PolicyTypeStatus, Root, Scope, Snapshot,
    TargetId, Unit, Unread, UnreadReason,
};

/// The time of every test: six days after the catalogue was read.
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

/// Opts out of everything; any policy below may opt back in.
pub(crate) const OPT_OUT: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;

/// Opts out of everything, for good.
pub(crate) const LOCKED: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{
    "@@operators_allowed_for_child_policies":["@@none"],
    "opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;

/// Opts in to Amazon Lex.
pub(crate) const LEX_IN: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;

/// The effective documents of the same.
pub(crate) const OUT: &str = r#"{"services":{"default":{"opt_out_policy":"optOut"}}}"#;
pub(crate) const OUT_BUT_LEX: &str =
    r#"{"services":{"default":{"opt_out_policy":"optOut"},"lex":{"opt_out_policy":"optIn"}}}"#;

/// Everything as it should be: a locked policy at the root, the management account 1 and the account 2, both answered.
pub(crate) fn healthy() -> Organization {
    Organization::new().account(2, "root").attached("base", LOCKED, "root").answer(1, OUT).answer(2, OUT)
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Every account is `000000000001` and so on.
pub(crate) fn id(number: usize) -> AccountId {
    format!("{number:012}").parse().unwrap()
}

/// `root`, the number of an account, or the name of a unit.
pub(crate) fn target(name: &str) -> TargetId {
    match (name, name.parse::<usize>()) {
        ("root", _) => "r-exam".parse().unwrap(),
        (_, Ok(number)) => TargetId::Account(id(number)),
        (unit, Err(_)) => format!("ou-exam-{unit:0<8}").parse().unwrap(),
    }
}

/// An organization, or what could be read of it.
#[derive(Debug, Clone)]
pub(crate) struct Organization {
    pub snapshot: Snapshot,
    pub catalogue: Catalogue,
}

impl Organization {
    /// A root with the policy type on, the management account 1 in it, and nothing attached.
    pub(crate) fn new() -> Self {
        let mut snapshot = Snapshot::empty(now(), "test", Partition::Aws);
        let organization = optout_core::org::Organization {
            id: "o-exampleorgid".parse().unwrap(),
            management_account: id(1),
            all_features: true,
        };
        snapshot.caller = Some(Caller { account: id(1), principal: "assumed-role".into() });
        snapshot.evidence = EvidenceMode::Chain;
        snapshot.membership = Some(Membership::Member(organization));
        snapshot.root = Some(Root { id: "r-exam".parse().unwrap(), name: "Root".into(), policy_types: Vec::new() });
        snapshot.units = Some(Vec::new());
        snapshot.accounts = Some(Vec::new());
        snapshot.policies = Some(Vec::new());
        snapshot.attachments = Some(BTreeMap::new());
        snapshot.invalid = Some(BTreeMap::new());
        snapshot.delegates = Some(Vec::new());
        snapshot.resource_policy = Some(None);
        let catalogue = Catalogue::embedded().clone();
        Self { snapshot, catalogue }.policy_type(Some(PolicyTypeState::Enabled)).account(1, "root")
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Snapshot)) -> Self {
        change(&mut self.snapshot);
        self
    }

    /// The status of the policy type; none means off.
    pub(crate) fn policy_type(self, state: Option<PolicyTypeState>) -> Self {
        let status = |state| PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state };
        self.change(|it| it.root.as_mut().unwrap().policy_types = state.map(status).into_iter().collect())
    }

    pub(crate) fn unit(self, name: &str, parent: &str) -> Self {
        let TargetId::Unit(id) = target(name) else { panic!("{name} is no unit") };
        let unit = Unit { id, name: name.into(), parent: target(parent) };
        self.change(|it| it.units.as_mut().unwrap().push(unit))
    }

    pub(crate) fn account(self, number: usize, parent: &str) -> Self {
        self.account_in_state(number, parent, "ACTIVE")
    }

    pub(crate) fn account_in_state(self, number: usize, parent: &str, state: &str) -> Self {
        let account = Account {
            id: id(number),
            name: format!("account {number}"),
            email: None,
            state: AccountState::of(state),
            parent: Some(target(parent)),
            joined: None,
        };
        self.change(|it| it.accounts.as_mut().unwrap().push(account))
    }

    /// A policy that is attached nowhere; its id is `p-NAME`, filled up with zeros.
    pub(crate) fn policy(self, name: &str, content: &str) -> Self {
        let policy = Policy {
            id: format!("p-{name:0<8}").parse().unwrap(),
            name: name.into(),
            description: String::new(),
            policy_type: PolicyType::AiOptOut,
            aws_managed: false,
            content: Some(content.into()),
            tags: None,
        };
        self.change(|it| it.policies.as_mut().unwrap().push(policy))
    }

    /// Attaches a policy of that name, as its last one.
    pub(crate) fn attach(self, policy: &str, to: &str) -> Self {
        let attachment = Attachment { policy: format!("p-{policy:0<8}").parse().unwrap(), attached: None };
        self.change(|it| it.attachments.as_mut().unwrap().entry(target(to)).or_default().push(attachment))
    }

    /// A policy and its attachment.
    pub(crate) fn attached(self, policy: &str, content: &str, to: &str) -> Self {
        self.policy(policy, content).attach(policy, to)
    }

    /// AWS's answer for an account.
    pub(crate) fn answer(self, account: usize, content: &str) -> Self {
        self.answered(account, AnswerContent::Document(content.into()))
    }

    pub(crate) fn answered(self, account: usize, content: AnswerContent) -> Self {
        let answer = Answer { content, last_updated: None, asked: now() };
        self.change(|it| drop(it.answers.insert(id(account), answer)))
    }

    /// AWS lists the effective policy of the account as invalid.
    pub(crate) fn invalid(self, account: usize) -> Self {
        let reason = InvalidPolicy {
            code: "ELEMENTS_TOO_MANY".into(),
            message: "too many".into(),
            path: "services".into(),
            policies: Vec::new(),
        };
        self.change(|it| drop(it.invalid.as_mut().unwrap().insert(id(account), vec![reason])))
    }

    /// Something that could not be read.
    pub(crate) fn unread(self, part: Part, subject: Option<&str>) -> Self {
        let unread = Unread {
            part,
            subject: subject.map(str::to_owned),
            operation: "ListAccounts".into(),
            reason: UnreadReason::Throttled,
            permission: None,
            detail: "TooManyRequestsException".into(),
        };
        self.change(|it| it.unread.push(unread))
    }

    /// What a plain member account can read: itself.
    pub(crate) fn seen_by_member(self, account: usize) -> Self {
        self.change(|it| {
            it.scope = Scope::Account(id(account));
            it.caller = Some(Caller { account: id(account), principal: "user".into() });
            (it.root, it.units, it.accounts, it.policies) = (None, None, None, None);
            (it.attachments, it.invalid, it.delegates, it.resource_policy) = (None, None, None, None);
        })
    }

    pub(crate) fn assess(&self) -> Assessment<'_> {
        self.assess_with(Exceptions::none(), None)
    }

    /// The verdicts of these accounts only.
    pub(crate) fn assess_only(&self, accounts: &[usize]) -> Assessment<'_> {
        let only = Some(accounts.iter().map(|number| id(*number)).collect());
        let (snapshot, catalogue) = (&self.snapshot, &self.catalogue);
        assess(&Question { snapshot, catalogue, exceptions: Exceptions::none(), at: now(), evidence: None, only })
    }

    pub(crate) fn assess_with<'a>(
        &'a self,
        exceptions: Exceptions<'a>,
        evidence: Option<EvidenceMode>,
    ) -> Assessment<'a> {
        let (snapshot, catalogue) = (&self.snapshot, &self.catalogue);
        assess(&Question { snapshot, catalogue, exceptions, at: now(), evidence, only: None })
    }
}
