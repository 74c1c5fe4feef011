//! One test for each kind of credentials: the call of Organizations is signed with the key that kind gives.

use crate::child::Child;
use crate::fake::Fake;

const SIGNED_IN: &str = r#"{"accessToken":"signed-in","expiresAt":"2099-01-01T00:00:00Z","region":"us-east-1","startUrl":"https://fake.awsapps.com/start"}"#;
/// SHA-1 of `fake-session` and of `https://fake.awsapps.com/start`, which name the files of cached sign-ins.
const OF_SESSION: &str = ".aws/sso/cache/486b7b3960bb50406d90e0bf64b6d476d878f532.json";
const OF_START_URL: &str = ".aws/sso/cache/13d964f74e530cef34c9cc5577ad15501abebe0e.json";
const SSO_PROFILE: &str = "[profile work]\nsso_session = fake-session\nsso_account_id = 111111111111\nsso_role_name = Audit\n\
                           [sso-session fake-session]\nsso_region = us-east-1\nsso_start_url = https://fake.awsapps.com/start\n";
const STATIC_BASE: &str = "[profile base]\naws_access_key_id = BASEKEY\naws_secret_access_key = s\n";

/// The key that signs, for a child that reaches `fake` for everything.
async fn key(fake: &Fake, child: Child) -> String {
    let outcome = child.with("AWS_ENDPOINT_URL", &fake.url).run().await;
    assert!(outcome.get("snapshot").is_some(), "{outcome}");
    fake.organizations_key()
}

#[tokio::test]
async fn keys_in_the_environment() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    assert_eq!(key(&fake, child).await, "ENVKEY");
}

#[tokio::test]
async fn static_keys_of_the_default_profile() {
    let fake = Fake::start().await;
    let child =
        Child::new().file(".aws/credentials", "[default]\naws_access_key_id = FILEKEY\naws_secret_access_key = s\n");
    assert_eq!(key(&fake, child).await, "FILEKEY");
}

#[tokio::test]
async fn a_named_profile_goes_before_keys_in_the_environment() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    assert_eq!(key(&fake, child.config(STATIC_BASE).option("profile", "base")).await, "BASEKEY");
}

#[tokio::test]
async fn keys_in_the_environment_go_before_aws_profile() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    assert_eq!(key(&fake, child.config(STATIC_BASE).with("AWS_PROFILE", "base")).await, "ENVKEY");
}

#[tokio::test]
async fn identity_center_with_a_cached_sign_in() {
    let fake = Fake::start().await;
    let child = Child::new().config(SSO_PROFILE).file(OF_SESSION, SIGNED_IN).option("profile", "work");
    assert_eq!(key(&fake, child).await, "SSOKEY");
    let asked = fake.asked();
    let portal = asked.iter().find(|asked| asked.path.starts_with("/federation/credentials")).unwrap();
    assert!(portal.path.contains("role_name=Audit") && portal.path.contains("account_id=111111111111"), "{portal:?}");
}

#[tokio::test]
async fn identity_center_in_the_older_form_without_a_session() {
    let fake = Fake::start().await;
    let profile = "[profile work]\nsso_start_url = https://fake.awsapps.com/start\nsso_region = us-east-1\n\
                   sso_account_id = 111111111111\nsso_role_name = Audit\n";
    let child = Child::new().config(profile).file(OF_START_URL, SIGNED_IN).with("AWS_PROFILE", "work");
    assert_eq!(key(&fake, child).await, "SSOKEY");
}

#[cfg(unix)]
#[tokio::test]
async fn a_credential_process() {
    use std::os::unix::fs::PermissionsExt;
    let fake = Fake::start().await;
    let script = "#!/bin/sh\necho '{\"Version\":1,\"AccessKeyId\":\"PROCESSKEY\",\"SecretAccessKey\":\"s\"}'\n";
    let child = Child::new().file("helper", script);
    let helper = child.path("helper");
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    let child = child.config(&format!("[profile tool]\ncredential_process = {}\n", helper.display()));
    assert_eq!(key(&fake, child.option("profile", "tool")).await, "PROCESSKEY");
}

#[tokio::test]
async fn a_role_with_a_source_profile_and_an_external_id() {
    let fake = Fake::start().await;
    let role = "[profile audit]\nrole_arn = arn:aws:iam::111111111111:role/Audit\nsource_profile = base\n\
                external_id = of-profile\nrole_session_name = somebody\n";
    let child = Child::new().config(&format!("{STATIC_BASE}{role}")).option("profile", "audit");
    assert_eq!(key(&fake, child).await, "ROLEKEY");
    let form = fake.form("AssumeRole");
    assert!(form.contains("ExternalId=of-profile") && form.contains("RoleSessionName=somebody"), "{form}");
}

#[tokio::test]
async fn a_role_with_a_credential_source() {
    let role = |source: &str| {
        format!("[profile audit]\nrole_arn = arn:aws:iam::111111111111:role/Audit\ncredential_source = {source}\n")
    };
    let fake = Fake::start().await;
    let child = Child::new().config(&role("Environment")).option("profile", "audit");
    let child = child.with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    assert_eq!(key(&fake, child).await, "ROLEKEY");
    let fake = Fake::start().await;
    let child = Child::new().config(&role("EcsContainer")).option("profile", "audit");
    let child = child.with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/container", fake.url));
    assert_eq!(key(&fake, child).await, "ROLEKEY");
}

#[tokio::test]
async fn a_web_identity_of_the_environment() {
    let fake = Fake::start().await;
    let child = Child::new().file("token", "jwt");
    let token = child.path("token").display().to_string();
    let child = child.with("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
    let child = child.with("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/Audit");
    assert_eq!(key(&fake, child).await, "WEBIDENTITYKEY");
    assert!(fake.form("AssumeRoleWithWebIdentity").contains("WebIdentityToken=jwt"));
}

#[tokio::test]
async fn a_web_identity_of_a_profile() {
    let fake = Fake::start().await;
    let child = Child::new().file("token", "jwt");
    let token = child.path("token").display().to_string();
    let role = "role_arn = arn:aws:iam::111111111111:role/Audit";
    let child = child.config(&format!("[profile pod]\n{role}\nweb_identity_token_file = {token}\n"));
    assert_eq!(key(&fake, child.option("profile", "pod")).await, "WEBIDENTITYKEY");
}

#[tokio::test]
async fn container_credentials() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/container", fake.url));
    assert_eq!(key(&fake, child).await, "CONTAINERKEY");
}

#[tokio::test]
async fn instance_metadata() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_EC2_METADATA_DISABLED", "false");
    let child = child.with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url);
    assert_eq!(key(&fake, child).await, "INSTANCEKEY");
}

#[tokio::test]
async fn a_role_of_the_options_with_its_external_id() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "s");
    let child = child.option("role_arn", "arn:aws:iam::111111111111:role/Audit").option("external_id", "of-option");
    assert_eq!(key(&fake, child).await, "ROLEKEY");
    let form = fake.form("AssumeRole");
    assert!(form.contains("ExternalId=of-option") && form.contains("RoleSessionName=optout"), "{form}");
}

#[tokio::test]
async fn who_reads_is_kept_without_the_name_of_the_session() {
    let fake = Fake::start().await;
    let child = Child::new().with("AWS_ACCESS_KEY_ID", "ENVKEY").with("AWS_SECRET_ACCESS_KEY", "hidden");
    let outcome = child.with("AWS_ENDPOINT_URL", &fake.url).run().await;
    let snapshot = outcome["snapshot"].as_str().unwrap();
    assert!(snapshot.contains(r#""account": "111111111111""#) && snapshot.contains(r#""principal": "assumed-role""#));
    assert!(!snapshot.contains("ann@example.com") && !snapshot.contains("ENVKEY") && !snapshot.contains("hidden"));
    assert!(snapshot.contains(r#""in_organization": false"#), "{snapshot}");
}
