//! `--fix`: what it changes, what it leaves, and that a second run changes nothing.

use optout_core::catalogue::Catalogue;
use optout_core::lint::fixed;

use crate::{inputs, rules};

/// The text after fixing a repository of one file.
fn mended(name: &str, text: &str) -> String {
    let catalogue = Catalogue::embedded();
    let once = fixed(&inputs(&[(name, text)]), catalogue).remove(&0).unwrap_or_else(|| text.to_owned());
    assert!(fixed(&inputs(&[(name, &once)]), catalogue).is_empty(), "a second run changes something:\n{once}");
    once
}

#[test]
fn locks_are_put_into_a_document_and_its_layout_stays() {
    let text = "{\n\t\"services\": {\n\t\t\"default\": {\"opt_out_policy\": { \"@@assign\" : \"optout\" }}\n\t}\n}";
    let lock = "\"@@operators_allowed_for_child_policies\": [\"@@none\"]";
    let expected = format!(
        "{{\n\t\"services\": {{\n\t\t{lock},\n\t\t\"default\": {{{lock},\"opt_out_policy\": {{ {lock}, \"@@assign\" : \"optOut\" }}}}\n\t}}\n}}"
    );
    assert_eq!(mended("p.json", text), expected);
}

#[test]
fn locks_are_put_into_terraform() {
    let text = r#"resource "aws_organizations_policy" "ai" {
  name = "ai" # kept
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    services = {
      default = { opt_out_policy = { "@@assign" = "optOut" } }
    }
  })
}
resource "aws_organizations_policy_attachment" "ai" {
  policy_id = aws_organizations_policy.ai.id
  target_id = "r-ab12"
}
"#;
    let new = mended("main.tf", text);
    assert!(rules(&[("main.tf", &new)]).is_empty(), "{new}");
    assert!(new.contains("name = \"ai\" # kept\n  type = \"AISERVICES_OPT_OUT_POLICY\"\n"), "{new}");
    assert!(new.contains("services = {\n      \"@@operators_allowed_for_child_policies\" = [\"@@none\"]\n"), "{new}");
}

#[test]
fn locks_are_put_into_templates_and_scripts() {
    let yaml = "Resources:\n  P:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Name: ai\n      Type: AISERVICES_OPT_OUT_POLICY\n      \
                TargetIds: [r-ab12]\n      Content:\n        services:\n          default:\n            opt_out_policy: {\"@@assign\": optOut}\n";
    let new = mended("t.yaml", yaml);
    assert!(rules(&[("t.yaml", &new)]).is_empty(), "{new}");
    let script = "import boto3, json\norg = boto3.client('organizations')\norg.update_policy(PolicyId='p-1', Content=json.dumps({'services': {'default': {'opt_out_policy': {'@@assign': 'optOut'}}}}))\n";
    let new = mended("a.py", script);
    assert!(rules(&[("a.py", &new)]).is_empty(), "{new}");
    let shell = "aws organizations update-policy --policy-id p-1 --content '{\"services\":{\"default\":{\"opt_out_policy\":{\"@@assign\":\"optOut\"}}}}'\n";
    let new = mended("a.sh", shell);
    assert!(rules(&[("a.sh", &new)]).is_empty(), "{new}");
}

#[test]
fn values_comments_ids_and_keys_are_mended() {
    let text = "{\n  // why\n  \"services\": {\"Default\": {\"opt_out_policy\": \"OPTOUT\"},}\n}\n";
    let new = mended("p.json", text);
    assert!(rules(&[("p.json", &new)]).is_empty(), "{new}");
    let settings = "{\n  // keep me\n  \"aws.q.shareContentWithAWS\": false\n}\n";
    assert_eq!(mended(".vscode/settings.json", settings), settings.replace("aws.q.", "amazonQ."));
    let script = "aws organizations create-policy --type AISERVICES_OPT_OUT_POLICY --query 'Policy.PolicyId'\n";
    assert_eq!(mended("a.sh", script), script.replace("PolicyId", "PolicySummary.Id"));
    let python =
        "made = org.create_policy(Type=\"AISERVICES_OPT_OUT_POLICY\", Content=x)\nprint(made['Policy']['PolicyId'])\n";
    assert_eq!(mended("a.py", python), python.replace("['PolicyId']", "['PolicySummary']['Id']"));
}

#[test]
fn a_fix_that_would_make_a_document_too_long_is_not_made() {
    let services: Vec<String> =
        ["aiops", "aidevops", "lex", "polly", "q", "glue", "dms", "config", "connect", "comprehend"]
            .iter()
            .map(|it| format!("\"{it}\": {{\"opt_out_policy\": {{\"@@assign\": \"optOut\"}}}}"))
            .collect();
    let text = format!("{{\"services\": {{{}}}}}{}", services.join(", "), " ".repeat(1_700));
    assert!(fixed(&inputs(&[("p.json", &text)]), Catalogue::embedded()).is_empty());
}

#[test]
fn what_is_right_is_not_touched() {
    let text = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
    assert_eq!(mended("p.json", text), text);
}
