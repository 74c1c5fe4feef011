//! Files looked at together, and places in files of every kind.

use crate::{linted, rules};

/// `file:line:column rule` of every finding.
fn places(files: &[(&str, &str)]) -> Vec<String> {
    let place = |checked: &optout_core::lint::Checked| {
        let lines = checked.lines();
        let line = |finding: &optout_core::lint::Finding| {
            format!("{}:{} {}", checked.source.name, lines.position(finding), finding.rule)
        };
        checked.findings.iter().map(line).collect::<Vec<_>>()
    };
    linted(files).iter().flat_map(place).collect()
}

const BARE: &str = r#"{"services":{"default":{"opt_out_policy":"optOut"}}}"#;

#[test]
fn a_place_is_that_of_the_file_wherever_the_document_stands() {
    let heredoc = format!(
        "resource \"aws_organizations_policy\" \"p\" {{\n  type = \"AISERVICES_OPT_OUT_POLICY\"\n  content = <<-EOT\n      {BARE}\n  EOT\n}}\n"
    );
    let found = places(&[("a.tf", &heredoc)]);
    assert!(found.contains(&"a.tf:4:48 policy-bare-value".to_owned()), "{found:?}");
    let block = format!(
        "Resources:\n  P:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Type: AISERVICES_OPT_OUT_POLICY\n      Content: |\n        {BARE}\n"
    );
    let found = places(&[("t.yaml", &block)]);
    assert!(found.contains(&"t.yaml:7:50 policy-bare-value".to_owned()), "{found:?}");
    let shell = format!("# é\naws organizations update-policy --policy-id p-1 --content '{BARE}'\n");
    assert_eq!(places(&[("a.sh", &shell)]), ["a.sh:2:101 policy-bare-value"]);
    let inline = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code:\n        ZipFile: |\n          import boto3\n          TYPE = 'AISERVICES_OPT_OUT_POLICY'\n          boto3.client('organizations').list_accounts()\n";
    assert_eq!(places(&[("t.yaml", inline)]), ["t.yaml:9:41 missing-pagination"]);
}

#[test]
fn a_place_in_the_input_of_a_call_is_that_of_the_inner_document() {
    let content = BARE.replace('"', "\\\"");
    let column = |text: &str| text.find(r#"\"optOut\""#).unwrap() + 1;
    let shell = format!("update='{{\"Name\":\"x\",\"Content\":\"{content}\"}}'\n");
    let found = places(&[("a.sh", &shell)]);
    assert_eq!(found, [format!("a.sh:1:{} policy-bare-value", column(&shell))]);
    let json = format!("{{\"PolicyId\":\"p-1\",\"Content\":\"{content}\"}}");
    assert_eq!(places(&[("a.json", &json)]), [format!("a.json:1:{} policy-bare-value", column(&json))]);
    let fixed = optout_core::lint::fixed(
        &crate::inputs(&[("a.json", &json), ("a.sh", &shell)]),
        optout_core::catalogue::Catalogue::embedded(),
    );
    assert!(fixed.is_empty(), "escaped texts are not edited: {fixed:?}");
}

#[test]
fn values_are_found_in_locals_and_variables_of_other_files() {
    let files = [
        (
            "m/policy.tf",
            "resource \"aws_organizations_policy\" \"p\" {\n  type = var.type\n  content = local.content\n}\n",
        ),
        ("m/variables.tf", "variable \"type\" {\n  default = \"AISERVICES_OPT_OUT_POLICY\"\n}\n"),
        (
            "m/locals.tf",
            "locals {\n  setting = \"optout\"\n  content = jsonencode({ services = { default = { opt_out_policy = { \"@@assign\" = local.setting } } } })\n}\n",
        ),
        (
            "m/attach.tf",
            "resource \"aws_organizations_policy_attachment\" \"p\" {\n  policy_id = aws_organizations_policy.p.id\n  target_id = \"r-ab12\"\n}\n",
        ),
    ];
    assert_eq!(places(&files), ["m/locals.tf:2:13 policy-value"]);
}

#[test]
fn a_value_of_tfvars_comes_before_the_default() {
    let module = "variable \"v\" {\n  default = \"optIn\"\n}\nresource \"aws_organizations_policy\" \"p\" {\n  type = \"AISERVICES_OPT_OUT_POLICY\"\n  content = jsonencode({ services = { default = { opt_out_policy = { \"@@assign\" = var.v } } } })\n}\n";
    assert!(rules(&[("a.tf", module)]).contains("default-opted-in"));
    assert!(!rules(&[("a.tf", module), ("terraform.tfvars", "v = \"optOut\"\n")]).contains("default-opted-in"));
}

#[test]
fn what_is_open_is_not_judged() {
    for content in
        ["templatefile(\"p.tftpl\", {})", "var.content", "data.http.p.body", "jsonencode(merge(local.a, var.b))"]
    {
        let module = format!(
            "resource \"aws_organizations_policy\" \"p\" {{\n  type = \"AISERVICES_OPT_OUT_POLICY\"\n  content = {content}\n}}\noutput \"id\" {{\n  value = aws_organizations_policy.p.id\n}}\n"
        );
        assert!(rules(&[("a.tf", &module)]).is_empty(), "{content}");
    }
}

#[test]
fn a_plan_is_read() {
    let plan = r#"{"format_version":"1.2","planned_values":{"root_module":{"child_modules":[{"address":"module.ai","resources":[
      {"address":"module.ai.aws_organizations_policy.p","mode":"managed","type":"aws_organizations_policy","name":"p",
       "values":{"name":"ai","type":"AISERVICES_OPT_OUT_POLICY","content":"{\"services\":{\"default\":{\"opt_out_policy\":{\"@@assign\":\"optin\"}}}}"}},
      {"address":"module.ai.aws_organizations_policy_attachment.a","mode":"managed","type":"aws_organizations_policy_attachment","name":"a",
       "values":{"target_id":"r-ab12"}}]}]}},
      "configuration":{"root_module":{"module_calls":{"ai":{"module":{"resources":[
       {"type":"aws_organizations_policy_attachment","name":"a","expressions":{"policy_id":{"references":["aws_organizations_policy.p.id","aws_organizations_policy.p"]}}}]}}}}}}"#;
    assert_eq!(rules(&[("plan.json", plan)]).into_iter().collect::<Vec<_>>(), ["policy-value"]);
    let unattached = plan.replace(
        "aws_organizations_policy.p.id\",\"aws_organizations_policy.p\"",
        "aws_organizations_policy.other.id\"",
    );
    assert!(rules(&[("plan.json", &unattached)]).contains("policy-never-attached"));
}

#[test]
fn the_output_of_the_cdk_is_read() {
    let template = r#"{"Resources":{"P":{"Type":"AWS::Organizations::Policy","Properties":{"Name":"ai","Type":"AISERVICES_OPT_OUT_POLICY",
      "Content":{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}}}}}"#;
    let found = rules(&[("cdk.out/Stack.template.json", template)]);
    assert!(found.contains("policy-never-attached") && found.contains("no-services-lock"), "{found:?}");
}

#[test]
fn a_repository_that_does_not_concern_us_has_no_result() {
    let files = [
        (
            "main.tf",
            "resource \"aws_organizations_organization\" \"o\" {\n  enabled_policy_types = [\"SERVICE_CONTROL_POLICY\"]\n}\n",
        ),
        ("a.py", "import boto3\nboto3.client('organizations').list_accounts()\n"),
        ("package.json", "{\"services\": {\"default\": {}}}"),
        ("answer/effective.json", BARE),
    ];
    assert_eq!(linted(&files).len(), 0);
}

#[test]
fn results_are_in_the_order_of_paths_whatever_the_order_of_files() {
    let files = [("b.json", BARE), ("a.json", BARE)];
    let names: Vec<String> = linted(&files).into_iter().map(|checked| checked.source.name).collect();
    assert_eq!(names, ["a.json", "b.json"]);
}
