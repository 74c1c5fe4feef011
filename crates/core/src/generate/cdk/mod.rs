//! CDK programs in Python and TypeScript: the code is the same for everybody, what the intent says is in `policies.json`
//! beside it. What they synthesize is the template of `cloudformation`, in other words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cloudformation::{refuse, refuse_declared, template};
use super::label::logical_id;
use super::{Design, GenerateError, GeneratedFile, Output, json};

/// The start of the texts by which the CDK stands for values it does not know yet: in a text of ours it would act on it.
pub(super) const TOKEN: &str = "${Token[";

/// The program in Python.
///
/// # Errors
/// As [`super::cloudformation::generate`], and where a text holds what the CDK acts on.
pub fn python(design: &Design) -> Result<Output, GenerateError> {
    let header = |text: &str| design.header("#") + text;
    let files = vec![
        GeneratedFile::new("app.py", header(include_str!("python/app.py"))),
        GeneratedFile::new("ai_opt_out.py", header(include_str!("python/ai_opt_out.py"))),
        GeneratedFile::new("requirements.txt", header(include_str!("python/requirements.txt"))),
        GeneratedFile::new("cdk.json", json::pretty(&json!({ "app": "python3 app.py" }))),
        GeneratedFile::new("policies.json", policies(design)?),
        GeneratedFile::program("before.sh", super::script::enable_only(design)),
    ];
    Ok(Output::new(files, notes(design)))
}

/// The program in TypeScript.
///
/// # Errors
/// As [`python`].
pub fn typescript(design: &Design) -> Result<Output, GenerateError> {
    let header = |text: &str| design.header("//") + text;
    let files = vec![
        GeneratedFile::new("app.ts", header(include_str!("typescript/app.ts"))),
        GeneratedFile::new("ai-opt-out.ts", header(include_str!("typescript/ai-opt-out.ts"))),
        GeneratedFile::new("package.json", include_str!("typescript/package.json")),
        GeneratedFile::new("tsconfig.json", include_str!("typescript/tsconfig.json")),
        GeneratedFile::new("cdk.json", json::pretty(&json!({ "app": "npm run --silent build && node app.js" }))),
        GeneratedFile::new("policies.json", policies(design)?),
        GeneratedFile::program("before.sh", super::script::enable_only(design)),
    ];
    Ok(Output::new(files, notes(design)))
}

fn notes(design: &Design) -> Vec<String> {
    let before = "`before.sh` enables the policy type: CloudFormation cannot; run it first";
    design.notes().into_iter().chain([before.to_owned()]).collect()
}

/// What the programs read: the parts of the template that are not the same for everybody.
fn policies(design: &Design) -> Result<String, GenerateError> {
    for policy in design.policies.iter().map(|it| &it.policy) {
        refuse("the CDK", TOKEN, &policy.name, &policy.description, &policy.tags)?;
    }
    refuse("the CDK", TOKEN, &design.provenance.intent, "", &BTreeMap::new())?;
    refuse_declared(design, "the CDK", TOKEN)?;
    let template = template(design)?;
    let part = |pointer: &str| template.pointer(pointer).cloned().unwrap_or_default();
    let ids = design.policies.iter().map(|it| logical_id(&it.label));
    let policies: Vec<Value> =
        ids.map(|id| json!({ "id": id, "resource": part(&format!("/Resources/{id}")) })).collect();
    let value = json!({
        "description": part("/Description"),
        "metadata": part("/Metadata"),
        "parameters": part("/Parameters"),
        "policies": policies,
    });
    Ok(json::pretty(&value))
}
