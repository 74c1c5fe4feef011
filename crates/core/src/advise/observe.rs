//! What a snapshot says of the situation. What it was not given is unknown, with the reason.

use super::evidence::{ACCELERATOR, CONTROL_TOWER_POLICY, CONTROL_TOWER_PRINCIPAL, STACK_TAG, is_terraform};
use super::{Belonging, Fact, Infrastructure, Role, Situation, Tools};
use crate::check::{Writer, writers};
use crate::org::{AccountId, Membership, Part, Policy, PolicyType, Scope, Snapshot};
use crate::plan::MANAGED_TAG;
use crate::source::shown;

/// The situation of an organization that was read.
#[must_use]
pub fn observe(snapshot: &Snapshot) -> Situation {
    let look = Look { snapshot };
    Situation {
        partition: look.partition(),
        organization: look.organization(),
        role: look.role(),
        writers: look.writers(),
        accounts: look.accounts(),
        control_tower: look.control_tower(),
        landing_zone_accelerator: look.landing_zone_accelerator(),
        infrastructure: look.infrastructure(),
        tools: Fact::known(Tools::Optout, "unless --tools says otherwise"),
    }
}

struct Look<'a> {
    snapshot: &'a Snapshot,
}

impl Look<'_> {
    /// Why a part is not known, with the permission that is missing.
    fn missing<T>(&self, part: Part, what: &str) -> Fact<T> {
        let entry = self.snapshot.unread.iter().find(|entry| entry.part == part);
        match entry {
            None => Fact::unknown(format!("{what} was not read")),
            Some(entry) => {
                let why = format!(
                    "{what} could not be read: {} {}",
                    entry.operation,
                    entry.reason.as_str().replace('-', " ")
                );
                Fact::denied(why, entry.permission.clone())
            }
        }
    }

    fn partition(&self) -> Fact<bool> {
        let partition = &self.snapshot.partition;
        match partition.has_policy_type() {
            Some(has) => Fact::known(has, format!("the partition is `{}`", partition.as_str())),
            None => Fact::unknown(format!("nothing is documented about the partition `{}`", partition.as_str())),
        }
    }

    fn organization(&self) -> Fact<Belonging> {
        match &self.snapshot.membership {
            None => self.missing(Part::Organization, "the organization"),
            Some(Membership::None) => Fact::known(Belonging::Nowhere, "DescribeOrganization: the account is in none"),
            Some(Membership::Member(it)) => {
                let features = if it.all_features { Belonging::AllFeatures } else { Belonging::Billing };
                Fact::known(features, format!("DescribeOrganization: {}", it.id))
            }
        }
    }

    fn role(&self) -> Fact<Role> {
        let Some(caller) = &self.snapshot.caller else { return self.missing(Part::Caller, "who the caller is") };
        let Some(organization) = self.snapshot.organization() else {
            return Fact::unknown("without an organization there is no role in it");
        };
        let account = caller.account;
        if organization.management_account == account {
            return Fact::known(Role::Management, format!("{account} is the management account"));
        }
        if let Some(writers) = writers(self.snapshot)
            && writers.iter().any(|writer| is_granted(writer, account))
        {
            return Fact::known(Role::Writer, format!("the resource policy lets {account} write opt-out policies"));
        }
        self.reader(account)
    }

    fn reader(&self, account: AccountId) -> Fact<Role> {
        match &self.snapshot.delegates {
            Some(delegates) if delegates.iter().any(|delegate| delegate.account == account) => {
                Fact::known(Role::Delegate, format!("{account} is a delegated administrator and may read"))
            }
            Some(_) => Fact::known(Role::Member, format!("{account} is neither management account nor delegate")),
            None if matches!(self.snapshot.scope, Scope::Account(_)) => {
                Fact::known(Role::Member, format!("{account} may ask for nothing but itself"))
            }
            None => self.missing(Part::Delegates, "the delegated administrators"),
        }
    }

    fn writers(&self) -> Fact<Vec<String>> {
        match writers(self.snapshot) {
            Some(all) => {
                Fact::known(all.into_iter().map(|writer| writer.principal).collect(), "DescribeResourcePolicy")
            }
            None => self.missing(Part::ResourcePolicy, "the resource policy"),
        }
    }

    fn accounts(&self) -> Fact<usize> {
        if self.snapshot.membership == Some(Membership::None) {
            return Fact::known(1, "an account in no organization stands alone");
        }
        let Some(accounts) = &self.snapshot.accounts else {
            return self.missing(Part::Accounts, "the list of accounts");
        };
        let counted = accounts.iter().filter(|account| account.state.is_counted()).count();
        let apart = match accounts.len() - counted {
            0 => String::new(),
            some => format!(", {some} more are suspended, closed or not active yet"),
        };
        Fact::known(counted, format!("ListAccounts{apart}"))
    }

    fn control_tower(&self) -> Fact<bool> {
        let trusted = self.snapshot.trusted_services.as_ref();
        if trusted.is_some_and(|services| services.iter().any(|it| it == CONTROL_TOWER_PRINCIPAL)) {
            return Fact::known(true, format!("trusted access of {CONTROL_TOWER_PRINCIPAL}"));
        }
        if let Some(name) = self.control_policy(&[CONTROL_TOWER_POLICY]) {
            return Fact::known(true, format!("the service control policy `{}`", shown(name)));
        }
        match (trusted, &self.snapshot.control_policies) {
            (Some(_), _) => Fact::known(false, format!("{CONTROL_TOWER_PRINCIPAL} has no trusted access")),
            (None, _) => self.missing(Part::TrustedServices, "which services have access to the organization"),
        }
    }

    fn landing_zone_accelerator(&self) -> Fact<bool> {
        if let Some(name) = self.control_policy(&ACCELERATOR) {
            return Fact::known(true, format!("the service control policy `{}`", shown(name)));
        }
        if let Some(stack) = self.stacks().find(|stack| ACCELERATOR.iter().any(|prefix| stack.starts_with(prefix))) {
            return Fact::known(true, format!("an opt-out policy of the stack `{}`", shown(stack)));
        }
        match &self.snapshot.control_policies {
            // Its names can be configured: that none is seen proves nothing.
            Some(_) => Fact::unknown("no name that it gives by default was seen; names can be configured"),
            None => self.missing(Part::ControlPolicies, "the names of service control policies"),
        }
    }

    /// The name of a service control policy that begins so.
    fn control_policy(&self, prefixes: &[&str]) -> Option<&str> {
        let strays = self.snapshot.policies.iter().flatten().filter(|it| it.policy_type == PolicyType::ServiceControl);
        let names = self.snapshot.control_policies.iter().flatten().map(String::as_str);
        let whole = self.snapshot.service_control_policies.iter().flatten().map(|it| it.policy.name.as_str());
        let mut names = names.chain(strays.map(|policy| policy.name.as_str())).chain(whole);
        names.find(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
    }

    fn own(&self) -> impl Iterator<Item = &Policy> {
        self.snapshot.policies.iter().flatten().filter(|policy| policy.policy_type == PolicyType::AiOptOut)
    }

    fn tags(&self) -> impl Iterator<Item = (&Policy, &str, &str)> {
        self.own().flat_map(|policy| {
            policy.tags.iter().flatten().map(move |(key, value)| (policy, key.as_str(), value.as_str()))
        })
    }

    fn stacks(&self) -> impl Iterator<Item = &str> {
        self.tags().filter(|(_, key, _)| *key == STACK_TAG).map(|(_, _, value)| value)
    }

    fn infrastructure(&self) -> Fact<Infrastructure> {
        if let Some(stack) = self.stacks().next() {
            let evidence = format!("an opt-out policy has the tag {STACK_TAG}=`{}`", shown(stack));
            return Fact::known(Infrastructure::CloudFormation, evidence);
        }
        if let Some((policy, key, value)) = self.tags().find(|(_, key, value)| is_terraform(key, value)) {
            let evidence = format!("`{}` has the tag `{}`=`{}`", policy.id, shown(key), shown(value));
            return Fact::known(Infrastructure::Terraform, evidence);
        }
        if let Some((policy, _, _)) = self.tags().find(|(_, key, _)| *key == MANAGED_TAG.0) {
            return Fact::known(Infrastructure::Optout, format!("`{}` has the tag {}", policy.id, MANAGED_TAG.0));
        }
        self.no_owner()
    }

    fn no_owner(&self) -> Fact<Infrastructure> {
        if self.snapshot.policies.is_none() {
            return self.missing(Part::Policies, "the list of policies");
        }
        match (self.own().next(), self.own().any(|policy| policy.tags.is_none())) {
            (None, _) => Fact::unknown("there is no opt-out policy yet whose tags could tell"),
            (Some(_), true) => self.missing(Part::PolicyTags, "the tags of the opt-out policies"),
            (Some(_), false) => {
                Fact::unknown("no tag of an opt-out policy names an owner; Terraform leaves none by itself")
            }
        }
    }
}

fn is_granted(writer: &Writer, account: AccountId) -> bool {
    let id = account.to_string();
    writer.principal == "*" || writer.principal == id || writer.principal == format!("arn:aws:iam::{id}:root")
}
