//! AWS STS as far as clients of AWS Organizations need it: who am I, and roles. Query protocol in, XML out (botocore
//! 1.44.5, sts model).
//!
//! A role is any ARN of a role in an account; it trusts everybody unless the options say what it asks for. The keys it
//! gives end in its account's id, which is how the simulator knows them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use optout_core::org::AccountId;

use crate::caller::{self, Caller, Session};
use crate::error::ApiError;
use crate::options::Trust;
use crate::simulator::World;
use crate::wire::{Reply, Request};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Shortest and default duration of a session in seconds (sts model).
const SHORTEST: i64 = 900;
const USUAL: i64 = 3_600;
const LONGEST: i64 = 43_200;

/// The name of the operation a request asks for.
pub(crate) fn action(request: &Request) -> String {
    fields(request).remove("Action").unwrap_or_default()
}

fn fields(request: &Request) -> BTreeMap<String, String> {
    let query = form_urlencoded::parse(request.query.as_bytes());
    query
        .chain(form_urlencoded::parse(&request.body))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Runs an operation; the result is the element that AWS puts into the response.
pub(crate) fn run(
    world: &mut World,
    operation: &str,
    request: &Request,
    caller: &Caller,
    trusts: &BTreeMap<String, Trust>,
    now: Timestamp,
) -> Result<String, ApiError> {
    let fields = fields(request);
    match operation {
        "GetCallerIdentity" => Ok(caller_identity(caller)),
        "AssumeRole" => assume_role(world, &fields, caller, trusts, now),
        "AssumeRoleWithWebIdentity" => assume_with_web_identity(world, &fields, now),
        other => {
            Err(ApiError::new("InvalidAction", format!("Could not find operation {other} for version 2011-06-15")))
        }
    }
}

fn caller_identity(caller: &Caller) -> String {
    let account = caller.account;
    let (arn, id) = match &caller.session {
        Some(session) => (session_arn(session), format!("{}:{}", role_id(session.account), session.name)),
        None => (format!("arn:aws:iam::{account}:user/simulated"), format!("AIDA{account}USER")),
    };
    let body = element("Arn", &arn) + &element("UserId", &id) + &element("Account", &account.to_string());
    response("GetCallerIdentity", &body)
}

fn session_arn(session: &Session) -> String {
    format!("arn:aws:sts::{}:assumed-role/{}/{}", session.account, session.role, session.name)
}

fn role_id(account: AccountId) -> String {
    format!("AROA{account}ROLE")
}

fn assume_role(
    world: &mut World,
    fields: &BTreeMap<String, String>,
    caller: &Caller,
    trusts: &BTreeMap<String, Trust>,
    now: Timestamp,
) -> Result<String, ApiError> {
    let arn = required(fields, "RoleArn")?;
    let trust = trusts.get(arn).cloned().unwrap_or_default();
    check_trust(&trust, fields).map_err(|()| denied(caller, arn))?;
    let session = new_session(fields, arn)?;
    let body = open(world, session, expiry(fields, now)?);
    Ok(response("AssumeRole", &body))
}

fn check_trust(trust: &Trust, fields: &BTreeMap<String, String>) -> Result<(), ()> {
    let external = trust.external_id.as_ref().is_none_or(|id| fields.get("ExternalId") == Some(id));
    let given = |name: &str, value: &String| fields.get(name) == Some(value);
    let mfa = trust.mfa.as_ref().is_none_or(|(serial, code)| given("SerialNumber", serial) && given("TokenCode", code));
    if external && mfa { Ok(()) } else { Err(()) }
}

fn denied(caller: &Caller, role: &str) -> ApiError {
    let who = match &caller.session {
        Some(session) => session_arn(session),
        None => format!("arn:aws:iam::{}:user/simulated", caller.account),
    };
    let message = format!("User: {who} is not authorized to perform: sts:AssumeRole on resource: {role}");
    ApiError { status: 403, ..ApiError::new("AccessDenied", message) }
}

fn assume_with_web_identity(
    world: &mut World,
    fields: &BTreeMap<String, String>,
    now: Timestamp,
) -> Result<String, ApiError> {
    let arn = required(fields, "RoleArn")?;
    let token = required(fields, "WebIdentityToken")?;
    if token.len() < 4 {
        return Err(ApiError::new("InvalidIdentityToken", "The token is not a web identity token."));
    }
    let session = new_session(fields, arn)?;
    let body = open(world, session, expiry(fields, now)?);
    let more = element("SubjectFromWebIdentityToken", "simulated") + &element("Provider", "simulated");
    Ok(response("AssumeRoleWithWebIdentity", &(body + &more)))
}

fn new_session(fields: &BTreeMap<String, String>, arn: &str) -> Result<Session, ApiError> {
    let name = required(fields, "RoleSessionName")?;
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
    let (account, role) = role_of(arn).filter(|_| letters && (2..=64).contains(&name.len())).ok_or_else(invalid)?;
    let policy = fields.get("Policy").map(|text| caller::session_policy(text).ok_or_else(malformed)).transpose()?;
    Ok(Session { account, role, name: name.to_owned(), policy })
}

/// `arn:aws:iam::111111111111:role/path/name` → the account and the name.
fn role_of(arn: &str) -> Option<(AccountId, String)> {
    let mut parts = arn.splitn(6, ':');
    let (prefix, partition, service, region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let account = parts.next()?.parse().ok()?;
    let path = parts.next()?.strip_prefix("role/")?;
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let iam = prefix == "arn" && !partition.is_empty() && service == "iam" && region.is_empty();
    iam.then(|| (account, name.to_owned()))
}

fn invalid() -> ApiError {
    ApiError::new("ValidationError", "A parameter does not have its form.")
}

fn malformed() -> ApiError {
    ApiError::new("MalformedPolicyDocument", "The session policy is not a policy document.")
}

fn required<'a>(fields: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str, ApiError> {
    let missing = || ApiError::new("ValidationError", format!("The parameter {name} is missing."));
    fields.get(name).map(String::as_str).filter(|text| !text.is_empty()).ok_or_else(missing)
}

fn expiry(fields: &BTreeMap<String, String>, now: Timestamp) -> Result<Timestamp, ApiError> {
    let seconds = fields.get("DurationSeconds").map_or(Ok(USUAL), |text| text.parse().map_err(|_| invalid()))?;
    if !(SHORTEST..=LONGEST).contains(&seconds) {
        return Err(invalid());
    }
    Ok(now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX))
}

/// Opens a session; its keys end in the account's id.
fn open(world: &mut World, session: Session, expires: Timestamp) -> String {
    let word = world.ids.other("").to_ascii_uppercase();
    let key = format!("ASIA{}{}", word.get(..4).unwrap_or("0000"), session.account);
    let (arn, id) = (session_arn(&session), format!("{}:{}", role_id(session.account), session.name));
    world.sessions.insert(key.clone(), session);
    let expires = expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let credentials = element("AccessKeyId", &key)
        + &element("SecretAccessKey", "simulated-secret-access-key")
        + &element("SessionToken", "simulated-session-token")
        + &element("Expiration", &expires);
    let user = element("AssumedRoleId", &id) + &element("Arn", &arn);
    format!("<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>")
}

fn element(name: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<{name}>{text}</{name}>")
}

fn response(operation: &str, result: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result>{METADATA}</{operation}Response>"
    )
}

/// Where the request id goes: no text of a result can hold it, since `<` is escaped there.
const METADATA: &str = "<ResponseMetadata/>";

/// Puts the request id into a result.
pub(crate) fn finish(result: &str, request_id: &str) -> String {
    let metadata = format!("<ResponseMetadata>{}</ResponseMetadata>", element("RequestId", request_id));
    result.replacen(METADATA, &metadata, 1)
}

/// An error as the query protocol writes it.
pub(crate) fn error(error: &ApiError, request_id: &str) -> Reply {
    let detail = element("Type", "Sender") + &element("Code", &error.code) + &element("Message", &error.message);
    let id = element("RequestId", request_id);
    let body = format!("<ErrorResponse xmlns=\"{NAMESPACE}\"><Error>{detail}</Error>{id}</ErrorResponse>");
    Reply { error: Some(error.code.to_string()), ..Reply::of(error.status, "text/xml", body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_from_their_arns() {
        let account: AccountId = "222222222222".parse().unwrap();
        let role = |arn: &str| role_of(arn);
        assert_eq!(role("arn:aws:iam::222222222222:role/a/b/Reader"), Some((account, "Reader".to_owned())));
        for wrong in
            ["arn:aws:iam::222222222222:user/x", "arn:aws:iam::2:role/x", "arn:aws:iam::222222222222:role/", "x"]
        {
            assert_eq!(role(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn results_are_escaped_and_get_their_request_id() {
        let result = response("GetCallerIdentity", &element("Arn", "<ResponseMetadata/>&"));
        let text = finish(&result, "id-1");
        assert!(text.contains("<Arn>&lt;ResponseMetadata/&gt;&amp;</Arn>"), "{text}");
        assert!(text.contains("<RequestId>id-1</RequestId>"), "{text}");
    }
}
