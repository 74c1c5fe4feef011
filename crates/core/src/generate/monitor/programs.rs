//! Terraform and CDK programs that deploy the same templates: what is deployed is read from one place, whoever deploys it.
//!
//! Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudformation_stack>, read 2026-11-24 in
//! the provider's repository. That the CDK includes whole templates is tested with the CDK itself;
//! <https://docs.aws.amazon.com/cdk/latest/guide/use-cfn-template.html>, its beginning read 2026-11-24 in a stored copy.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::cdk::TOKEN;
use super::super::cloudformation::refuse;
use super::super::hcl::{Expression, Item, file};
use super::super::{Design, GenerateError, GeneratedFile, json};
use super::{Form, stack};

/// The files beside the templates.
pub(super) fn files(design: &Design, form: Form) -> Result<Vec<GeneratedFile>, GenerateError> {
    match form {
        Form::Cloudformation => Ok(Vec::new()),
        Form::Terraform => Ok(terraform(design)),
        Form::CdkPython => python(design),
        Form::CdkTypescript => typescript(design),
    }
}

fn python(design: &Design) -> Result<Vec<GeneratedFile>, GenerateError> {
    refuse("the CDK", TOKEN, &design.provenance.intent, "", &BTreeMap::new())?;
    let header = |text: &str| design.header("#") + text;
    Ok(vec![
        GeneratedFile::new("app.py", header(include_str!("python/app.py"))),
        GeneratedFile::new("requirements.txt", header(include_str!("../cdk/python/requirements.txt"))),
        GeneratedFile::new("cdk.json", json::pretty(&json!({ "app": "python3 app.py" }))),
    ])
}

fn typescript(design: &Design) -> Result<Vec<GeneratedFile>, GenerateError> {
    refuse("the CDK", TOKEN, &design.provenance.intent, "", &BTreeMap::new())?;
    let header = |text: &str| design.header("//") + text;
    Ok(vec![
        GeneratedFile::new("app.ts", header(include_str!("typescript/app.ts"))),
        GeneratedFile::new("package.json", include_str!("../cdk/typescript/package.json")),
        GeneratedFile::new("tsconfig.json", include_str!("../cdk/typescript/tsconfig.json")),
        GeneratedFile::new("cdk.json", json::pretty(&json!({ "app": "npm run --silent build && node app.js" }))),
    ])
}

fn terraform(design: &Design) -> Vec<GeneratedFile> {
    let template = stack(design);
    let parameters = template.get("Parameters").and_then(Value::as_object).into_iter().flatten();
    let parameters: Vec<(&String, &Value)> = parameters.collect();
    let mut variables = vec![variable(
        "StackName",
        &json!({ "Type": "String", "Description": "The name of the stack", "Default": "optout-monitor" }),
    )];
    for (name, parameter) in &parameters {
        variables.extend([Item::Empty, variable(name, parameter)]);
    }
    let header = |items: &[Item]| design.header("#") + "\n" + &file(items);
    vec![
        GeneratedFile::new("main.tf", header(&main(&parameters))),
        GeneratedFile::new("variables.tf", header(&variables)),
        GeneratedFile::new("outputs.tf", header(&outputs(&template))),
    ]
}

/// `CodeBucket` as Terraform would call it.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for (at, character) in name.chars().enumerate() {
        if character.is_ascii_uppercase() && at > 0 {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

fn kind(parameter: &Value) -> &str {
    parameter.get("Type").and_then(Value::as_str).unwrap_or_default()
}

/// CloudFormation itself checks the values by the patterns of the template.
fn variable(name: &str, parameter: &Value) -> Item {
    let description = parameter.get("Description").and_then(Value::as_str).unwrap_or_default();
    let is_list = kind(parameter) == "CommaDelimitedList";
    let kind = match kind(parameter) {
        "Number" => "number",
        "CommaDelimitedList" => "list(string)",
        _ => "string",
    };
    let mut body = vec![Item::text("description", description), Item::code("type", kind)];
    match parameter.get("Default") {
        Some(_) if is_list => body.push(Item::Attribute("default", Expression::List(Vec::new()))),
        Some(default) => body.push(Item::Attribute("default", Expression::of(default))),
        None => {}
    }
    Item::block("variable", &[&snake(name)], body)
}

fn main(parameters: &[(&String, &Value)]) -> Vec<Item> {
    let given = |(name, parameter): &(&String, &Value)| {
        let variable = format!("var.{}", snake(name));
        let code = if kind(parameter) == "CommaDelimitedList" { format!("join(\",\", {variable})") } else { variable };
        ((*name).clone(), Expression::code(code))
    };
    let stack = vec![
        Item::code("name", "var.stack_name"),
        Item::code("template_body", "file(\"${path.module}/monitor.yaml\")"),
        Item::Attribute("capabilities", Expression::List(vec![Expression::text("CAPABILITY_IAM")])),
        Item::Empty,
        Item::Attribute("parameters", Expression::Object(parameters.iter().map(given).collect())),
    ];
    let provider = Expression::Object(vec![
        ("source".to_owned(), Expression::text("hashicorp/aws")),
        ("version".to_owned(), Expression::text(">= 5.0")),
    ]);
    let providers = Item::block("required_providers", &[], vec![Item::Attribute("aws", provider)]);
    vec![
        Item::block("terraform", &[], vec![Item::text("required_version", ">= 1.5"), Item::Empty, providers]),
        Item::Empty,
        Item::Comment("The template is the truth; this deploys it.".to_owned()),
        Item::block("resource", &["aws_cloudformation_stack", "monitor"], stack),
    ]
}

fn outputs(template: &Value) -> Vec<Item> {
    let all = template.get("Outputs").and_then(Value::as_object).into_iter().flatten();
    let output = |(name, output): (&String, &Value)| {
        let description = output.get("Description").and_then(Value::as_str).unwrap_or_default();
        let value = Item::code("value", format!("aws_cloudformation_stack.monitor.outputs[\"{name}\"]"));
        Item::block("output", &[&snake(name)], vec![Item::text("description", description), value])
    };
    let blocks: Vec<Item> = all.map(output).collect();
    blocks.into_iter().flat_map(|block| [block, Item::Empty]).collect()
}
