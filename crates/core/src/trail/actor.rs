//! Who did it, as CloudTrail's `userIdentity` tells. Nothing in it is needed: what is missing or of another kind is left
//! out.

use serde_json::Value;

use super::record::kept;
use super::{Actor, IdentityCenter};

/// How the roles begin that IAM Identity Center makes for its permission sets.
///
/// Source: recorded `CreateRole` events of IAM Identity Center (`AWSReservedSSO_NAME_` and sixteen hexadecimal digits),
/// read 2026-11-24.
const RESERVED: &str = "AWSReservedSSO_";

/// The actor of a record.
pub(super) fn actor(record: &Value) -> Actor {
    let text = |path: &str| record.pointer(path).and_then(Value::as_str).map(kept);
    let kind = text("/userIdentity/type");
    let arn = text("/userIdentity/arn");
    let role = text("/userIdentity/sessionContext/sessionIssuer/arn");
    let session = arn.as_deref().and_then(session).map(str::to_owned);
    let user = text("/userIdentity/onBehalfOf/userId");
    let permission_set = role.as_deref().or(arn.as_deref()).and_then(permission_set).map(str::to_owned);
    let is_one = user.is_some() || permission_set.is_some() || kind.as_deref() == Some("IdentityCenterUser");
    Actor {
        kind,
        account: text("/userIdentity/accountId"),
        role,
        session,
        identity_center: is_one.then_some(IdentityCenter { user, permission_set }),
        invoked_by: text("/userIdentity/invokedBy"),
        arn,
    }
}

/// The session's name in `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
fn session(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":assumed-role/")?;
    rest.split_once('/').map(|(_, session)| session)
}

/// The permission set of a role's name.
fn permission_set(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(RESERVED)?;
    let name = rest.split('/').next().unwrap_or_default();
    name.rsplit_once('_').map(|(set, _)| set)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_session_of_identity_center_names_its_user_and_permission_set() {
        let found = actor(&json!({"userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Policy_Admin_c194f596bcea55cc/ann@example.com",
            "accountId": "111111111111",
            "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Policy_Admin_c194f596bcea55cc"}},
            "onBehalfOf": {"userId": "544894e8-80c1-707f-60e3-3ba6510dfac1", "identityStoreArn": "arn:aws:identitystore::1:identitystore/d-1"}
        }}));
        assert_eq!(found.session.as_deref(), Some("ann@example.com"));
        let center = found.identity_center.unwrap();
        assert_eq!(center.permission_set.as_deref(), Some("Policy_Admin"));
        assert!(center.user.unwrap().starts_with("544894e8"));
    }

    #[test]
    fn what_is_of_another_kind_is_left_out() {
        for identity in [json!(null), json!("x"), json!({"arn": 5, "type": [], "sessionContext": "x"}), json!({})] {
            assert_eq!(actor(&json!({"userIdentity": identity})), Actor::default());
        }
        let service = actor(&json!({"userIdentity": {"accountId": "111111111111", "invokedBy": "AWS Internal"}}));
        assert_eq!(service.invoked_by.as_deref(), Some("AWS Internal"));
    }
}
