//! Who calls, and what that caller may do.
//!
//! The access key id in the SigV4 credential scope decides; signatures are not checked. Twelve digits, or a key that
//! ends in the twelve digits of an account of the organization, is that account; anything else is the management
//! account. AssumeRole hands out keys of that form, with the role and session policy remembered.

mod authority;
mod document;
mod evaluate;

use std::collections::BTreeMap;

use optout_core::org::AccountId;

use crate::error::ApiError;
use crate::state::State;

pub(crate) use authority::{Resource, authorize};
pub(crate) use document::{Document, resource_policy, session_policy};

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) account: AccountId,
    pub(crate) session: Option<Session>,
}

/// What AssumeRole handed out.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) account: AccountId,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) policy: Option<Document>,
}

/// The sessions in use, by access key id.
pub(crate) type Sessions = BTreeMap<String, Session>;

/// What the caller is to the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The management account.
    Management,
    /// A member that is delegated administrator of a service, whichever.
    Delegated,
    /// Any other member.
    Member,
    /// In no organization, or in another one.
    Outside,
}

impl Caller {
    /// The caller of an `Authorization` header.
    pub(crate) fn of(header: Option<&str>, state: &State, sessions: &Sessions) -> Result<Self, ApiError> {
        let key = header.and_then(access_key).ok_or_else(missing_token)?;
        let session = sessions.get(key).cloned();
        let account = session.as_ref().map_or_else(|| account_of(key, state), |session| session.account);
        Ok(Self { account, session })
    }

    pub(crate) fn standing(&self, state: &State) -> Standing {
        let Some(organization) = &state.organization else { return Standing::Outside };
        if organization.management == self.account {
            Standing::Management
        } else if state.delegates.contains_key(&self.account) {
            Standing::Delegated
        } else if state.accounts.contains_key(&self.account) {
            Standing::Member
        } else {
            Standing::Outside
        }
    }
}

fn missing_token() -> ApiError {
    ApiError::new("MissingAuthenticationTokenException", "Missing Authentication Token")
}

fn account_of(key: &str, state: &State) -> AccountId {
    if let Ok(account) = key.parse() {
        return account;
    }
    let digits = key.len().checked_sub(12).and_then(|at| key.get(at..));
    let account: Option<AccountId> = digits.and_then(|digits| digits.parse().ok());
    account.filter(|id| state.accounts.contains_key(id)).unwrap_or_else(|| state.management())
}

/// The access key id in `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn access_key(header: &str) -> Option<&str> {
    let (_, scope) = header.split_once("Credential=")?;
    scope.split(['/', ',', ' ']).next().filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_read_from_the_credential_scope() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/organizations/aws4_request, SignedHeaders=host, Signature=0";
        assert_eq!(access_key(header), Some("AKIDEXAMPLE"));
        assert_eq!(access_key("Bearer token"), None);
        assert_eq!(access_key("Credential=/x"), None);
    }
}
