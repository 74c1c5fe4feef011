//! The operations the simulator knows, in one table, and the way a call takes to its operation.

use jiff::Timestamp;
use serde_json::Value;

use crate::caller::{self, Caller, Resource, Standing};
use crate::clock::Moment;
use crate::error::{ApiError, access_denied};
use crate::faults::Plan;
use crate::input::Input;
use crate::operations::{
    accounts, delegation, effective, invalid, organization, policies, resource_policy, tags, targets, types, units,
};
use crate::options::{Fields, Options};
use crate::page::PageRequest;
use crate::propagation::Propagation;
use crate::rules::Rules;
use crate::state::State;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    run: fn(&mut Context<'_>) -> Result<Value, ApiError>,
}

const fn operation(name: &'static str, run: fn(&mut Context<'_>) -> Result<Value, ApiError>) -> Operation {
    Operation { name, run }
}

/// Every operation, in alphabetical order.
pub(crate) const OPERATIONS: &[Operation] = &[
    operation("AcceptHandshake", organization::accept_handshake),
    operation("AttachPolicy", targets::attach),
    operation("CloseAccount", accounts::close),
    operation("CreateAccount", accounts::create),
    operation("CreateOrganization", organization::create),
    operation("CreateOrganizationalUnit", units::create),
    operation("CreatePolicy", policies::create),
    operation("DeleteOrganization", organization::delete),
    operation("DeletePolicy", policies::delete),
    operation("DeleteResourcePolicy", resource_policy::delete),
    operation("DeregisterDelegatedAdministrator", delegation::deregister),
    operation("DescribeAccount", accounts::describe),
    operation("DescribeCreateAccountStatus", accounts::describe_creation),
    operation("DescribeEffectivePolicy", effective::describe),
    operation("DescribeOrganization", organization::describe),
    operation("DescribeOrganizationalUnit", units::describe),
    operation("DescribePolicy", policies::describe),
    operation("DescribeResourcePolicy", resource_policy::describe),
    operation("DetachPolicy", targets::detach),
    operation("DisablePolicyType", types::disable),
    operation("EnableAWSServiceAccess", delegation::enable_service),
    operation("EnableAllFeatures", organization::enable_all_features),
    operation("EnablePolicyType", types::enable),
    operation("ListAWSServiceAccessForOrganization", delegation::list_services),
    operation("ListAccounts", accounts::list),
    operation("ListAccountsForParent", accounts::list_for_parent),
    operation("ListAccountsWithInvalidEffectivePolicy", invalid::list_accounts),
    operation("ListChildren", units::list_children),
    operation("ListDelegatedAdministrators", delegation::list_administrators),
    operation("ListDelegatedServicesForAccount", delegation::list_delegated_services),
    operation("ListEffectivePolicyValidationErrors", invalid::list_errors),
    operation("ListOrganizationalUnitsForParent", units::list_for_parent),
    operation("ListParents", units::list_parents),
    operation("ListPolicies", policies::list),
    operation("ListPoliciesForTarget", targets::list_policies),
    operation("ListRoots", types::list_roots),
    operation("ListTagsForResource", tags::list),
    operation("ListTargetsForPolicy", targets::list),
    operation("MoveAccount", accounts::move_account),
    operation("PutResourcePolicy", resource_policy::put),
    operation("RegisterDelegatedAdministrator", delegation::register),
    operation("RemoveAccountFromOrganization", accounts::remove),
    operation("TagResource", tags::tag),
    operation("UntagResource", tags::untag),
    operation("UpdatePolicy", policies::update),
];

/// The operation of a name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    let at = OPERATIONS.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
    OPERATIONS.get(at)
}

impl Operation {
    /// Runs the operation.
    pub(crate) fn run(&self, context: &mut Context<'_>) -> Result<Value, ApiError> {
        (self.run)(context)
    }
}

/// What an operation works with.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) operation: &'static str,
    pub(crate) state: &'a mut State,
    pub(crate) caller: &'a Caller,
    pub(crate) input: &'a Input,
    pub(crate) rules: Rules,
    pub(crate) options: &'a Options,
    pub(crate) plan: &'a Plan,
    pub(crate) now: Moment,
    pub(crate) starts: Timestamp,
}

impl Context<'_> {
    /// Fails unless the caller may do this to all of `resources`.
    pub(crate) fn authorize(&self, resources: &[Resource]) -> Result<(), ApiError> {
        caller::authorize(self.state, self.caller, self.operation, resources)
    }

    /// Fails unless the caller may do this at all.
    pub(crate) fn authorize_any(&self) -> Result<(), ApiError> {
        self.authorize(&[Resource::any()])
    }

    /// Fails unless the caller is the management account, which alone may do this.
    pub(crate) fn only_management(&self) -> Result<(), ApiError> {
        self.authorize_any()?;
        let management = self.caller.standing(self.state) == Standing::Management;
        if management { Ok(()) } else { Err(access_denied()) }
    }

    /// Which page is asked for.
    pub(crate) fn page(&self) -> Result<PageRequest, ApiError> {
        PageRequest::read(self.operation, self.input, self.options.pages)
    }

    pub(crate) fn fields(&self) -> Fields {
        self.options.fields
    }

    pub(crate) fn propagation(&self) -> Propagation {
        self.options.propagation
    }

    /// The date now.
    pub(crate) fn date(&self) -> Timestamp {
        crate::clock::date_after(self.starts, self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(OPERATIONS.is_sorted_by(|left, right| left.name < right.name));
        assert!(find("ListRoots").is_some() && find("ListEverything").is_none());
    }
}
