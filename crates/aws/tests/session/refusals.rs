//! What is wrong with credentials is said with what to do about it.

use serde_json::Value;

use crate::child::Child;
use crate::fake::Fake;

const SSO_PROFILE: &str = "[profile work]\nsso_session = fake-session\nsso_account_id = 111111111111\nsso_role_name = Audit\n\
                           [sso-session fake-session]\nsso_region = us-east-1\nsso_start_url = https://fake.awsapps.com/start\n";
const OF_SESSION: &str = ".aws/sso/cache/486b7b3960bb50406d90e0bf64b6d476d878f532.json";

fn text<'a>(outcome: &'a Value, key: &str) -> &'a str {
    outcome[key].as_str().unwrap_or_else(|| panic!("no {key}: {outcome}"))
}

#[tokio::test]
async fn no_credentials_at_all() {
    let outcome = Child::new().run().await;
    assert_eq!(text(&outcome, "session"), "no AWS credentials were found");
    assert!(text(&outcome, "help").contains("aws sso login"));
}

#[tokio::test]
async fn a_profile_that_is_in_no_file_names_the_nearest() {
    let config = "[profile production]\nregion = us-east-1\n[profile sandbox]\nregion = us-east-1\n";
    let outcome = Child::new().config(config).option("profile", "prodution").run().await;
    assert_eq!(text(&outcome, "session"), "there is no AWS profile `prodution`");
    assert_eq!(text(&outcome, "help"), "did you mean `production`?");
    let outcome = Child::new().config(config).with("AWS_PROFILE", "zzz").run().await;
    assert_eq!(text(&outcome, "help"), "`aws configure list-profiles` shows those that exist");
}

#[tokio::test]
async fn a_sign_in_that_never_was() {
    let outcome = Child::new().config(SSO_PROFILE).option("profile", "work").run().await;
    assert!(text(&outcome, "session").starts_with("the sign-in of profile `work` has expired or is missing"));
    assert_eq!(text(&outcome, "help"), "sign in with `aws sso login --profile work` and run again");
}

#[tokio::test]
async fn a_sign_in_that_has_expired() {
    let expired = r#"{"accessToken":"x","expiresAt":"2020-01-01T00:00:00Z"}"#;
    let child = Child::new().config(SSO_PROFILE).file(OF_SESSION, expired).option("profile", "work");
    let outcome = child.run().await;
    assert!(text(&outcome, "session").contains("`work` has expired"), "{outcome}");
    assert!(text(&outcome, "help").contains("aws sso login --profile work"));
}

#[tokio::test]
async fn a_sign_in_that_was_taken_back() {
    let fake = Fake::start().await;
    let cached = r#"{"accessToken":"revoked","expiresAt":"2099-01-01T00:00:00Z"}"#;
    let child = Child::new().config(SSO_PROFILE).file(OF_SESSION, cached).option("profile", "work");
    let outcome = child.with("AWS_ENDPOINT_URL", &fake.url).run().await;
    assert!(text(&outcome, "help").contains("aws sso login --profile work"), "{outcome}");
}

#[tokio::test]
async fn a_role_on_top_of_a_missing_sign_in_names_the_profile_to_sign_in_to() {
    let role = "[profile audit]\nrole_arn = arn:aws:iam::111111111111:role/Audit\nsource_profile = work\n";
    let outcome = Child::new().config(&format!("{SSO_PROFILE}{role}")).option("profile", "audit").run().await;
    assert!(text(&outcome, "help").contains("aws sso login --profile work"), "{outcome}");
}

#[tokio::test]
async fn a_console_sign_in_that_never_was() {
    let config = "[profile console]\nlogin_session = arn:aws:iam::111111111111:user/Ann\nregion = us-east-1\n";
    let outcome = Child::new().config(config).option("profile", "console").run().await;
    assert!(text(&outcome, "help").contains("aws login --profile console"), "{outcome}");
}

#[tokio::test]
async fn a_role_that_asks_for_a_multi_factor_code() {
    let config = "[profile base]\naws_access_key_id = BASEKEY\naws_secret_access_key = s\n\
                  [profile audit]\nrole_arn = arn:aws:iam::111111111111:role/Audit\nsource_profile = base\n\
                  mfa_serial = arn:aws:iam::111111111111:mfa/ann\n\
                  [profile deep]\nrole_arn = arn:aws:iam::222222222222:role/Audit\nsource_profile = audit\n";
    let outcome = Child::new().config(config).option("profile", "deep").run().await;
    assert!(text(&outcome, "session").starts_with("profile `audit` assumes its role with a multi-factor code"));
    assert!(text(&outcome, "help").contains("aws configure export-credentials --profile deep"));
}

#[tokio::test]
async fn a_multi_factor_device_without_a_role_is_no_hindrance() {
    let fake = Fake::start().await;
    let config = "[profile base]\naws_access_key_id = BASEKEY\naws_secret_access_key = s\nmfa_serial = arn:x\n";
    let child = Child::new().config(config).option("profile", "base").with("AWS_ENDPOINT_URL", &fake.url);
    assert!(child.run().await.get("snapshot").is_some());
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    let child =
        child.option("role_arn", "arn:aws:iam::111111111111:role/Forbidden").with("AWS_ENDPOINT_URL", &fake.url);
    let outcome = child.run().await;
    let error = text(&outcome, "session");
    assert!(error.starts_with("the role `arn:aws:iam::111111111111:role/Forbidden` could not be assumed"), "{error}");
    assert!(error.contains("not authorized") && !error.contains("ann@example.com"), "{error}");
}

#[tokio::test]
async fn an_external_id_without_a_role() {
    let outcome = Child::new().option("external_id", "x").run().await;
    assert_eq!(text(&outcome, "session"), "an external id was given, but no role to assume with it");
}

#[tokio::test]
async fn broken_configuration_files() {
    let outcome = Child::new().config("[profile x\n").run().await;
    assert!(text(&outcome, "session").starts_with("the AWS configuration files cannot be read"), "{outcome}");
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    // A port that was free a moment ago, and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    let outcome = child.option("endpoint_url", &format!("http://127.0.0.1:{port}")).run().await;
    assert!(text(&outcome, "read").starts_with("AWS Organizations cannot be reached"), "{outcome}");
    assert!(text(&outcome, "help").contains("AWS_ENDPOINT_URL"));
}

#[tokio::test]
async fn keys_that_aws_does_not_know() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "UNKNOWNKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    let outcome = child.with("AWS_ENDPOINT_URL", &fake.url).run().await;
    assert!(text(&outcome, "read").starts_with("AWS does not accept these credentials: UnrecognizedClientException"));
    assert!(text(&outcome, "help").contains("GovCloud"));
}
