//! OSCAL assessment results, version 1.2.1: one finding per control, one observation per cause with its subjects.
//!
//! Fields and their meaning: <https://pages.nist.gov/OSCAL-Reference/models/v1.2.1/assessment-results/json-reference/>, as
//! `compliance-trestle` 5.2.0 has them too (read 2026-11-24). There is no assessment plan: what was to be assessed is the
//! table of controls, a resource of this document. OSCAL knows satisfied and not satisfied; what could not be determined is
//! not satisfied for the reason `other`, and says so.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::case::{Cause, causes};
use super::subject::{About, Subjects};
use super::{Report, answer, json as form, stable};
use crate::check::{Control, Outcome, Subject};
use crate::source::{shown, shown_json};

/// The version of the model.
const VERSION: &str = "1.2.1";

/// The report as OSCAL.
pub(super) fn render(report: &Report<'_>) -> String {
    let document = Document::new(report).whole();
    // INVARIANT: every map key is a string, which is all that could make this fail.
    let text = serde_json::to_string_pretty(&document).unwrap_or_default() + "\n";
    shown_json(&text).into_owned()
}

struct Document<'r, 'a> {
    report: &'r Report<'a>,
    subjects: Subjects<'r>,
    organization: String,
    causes: Vec<Cause<'r>>,
}

impl<'r, 'a> Document<'r, 'a> {
    fn new(report: &'r Report<'a>) -> Self {
        let subjects = Subjects::of(report);
        let organization = subjects.organization().id;
        Self { report, subjects, organization, causes: causes(report) }
    }

    /// The id of something in this document that is the same in every report of the organization.
    fn id(&self, words: &[&str]) -> String {
        stable::id(&[&["oscal", self.organization.as_str()], words].concat()).to_string()
    }

    /// The id of something that is of this report alone.
    fn id_now(&self, words: &[&str]) -> String {
        let at = self.at();
        self.id(&[&[at.as_str()], words].concat())
    }

    fn at(&self) -> String {
        self.report.assessment.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    fn whole(&self) -> Value {
        let plan = self.id(&["plan"]);
        json!({"assessment-results": {
            "uuid": self.id_now(&["document"]),
            "metadata": {
                "title": "AI services opt-out: assessment results",
                "last-modified": self.at(),
                "version": self.at(),
                "oscal-version": VERSION,
            },
            "import-ap": {
                "href": format!("#{plan}"),
                "remarks": "There is no plan document: every control of optout is assessed, as the resource describes.",
            },
            "local-definitions": {"objectives-and-methods": self.objectives()},
            "results": [self.result()],
            "back-matter": {"resources": self.resources(&plan)},
        }})
    }

    fn objectives(&self) -> Vec<Value> {
        let objective = |control: &Control| {
            json!({
                "control-id": control.id,
                "description": control.why,
                "parts": [{"id": format!("{}_obj", control.id), "name": "assessment-objective", "prose": control.title}],
            })
        };
        self.report.outcomes.iter().map(|(control, _)| objective(control)).collect()
    }

    fn result(&self) -> Value {
        let assessment = self.report.assessment;
        let mut result = json!({
            "uuid": self.id_now(&["result"]),
            "title": shown(&format!("{}: {}", assessment.verdict, answer::sentence(assessment))),
            "description": self.description(),
            "start": assessment.snapshot.taken.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "end": self.at(),
            "props": [
                prop("verdict", assessment.verdict.as_str()),
                prop("decision", form::decision(self.report.decision)),
            ],
            "local-definitions": self.local_definitions(),
            "reviewed-controls": {"control-selections": [{"include-controls": self.selected()}]},
            "findings": self.findings(),
        });
        insert_list(&mut result, "observations", self.observations());
        result
    }

    fn description(&self) -> String {
        let assessment = self.report.assessment;
        let basis = answer::basis(assessment);
        let source = shown(&self.report.origin.organization);
        let line =
            |unknown: &super::Unknown| format!("\n- unknown: {}: {}", shown(&unknown.what), shown(&unknown.reason));
        let unknowns: String = self.report.unknowns.iter().map(line).collect();
        format!("Read from {source}. Basis: {basis}.{unknowns}")
    }

    fn selected(&self) -> Vec<Value> {
        self.report.outcomes.iter().map(|(control, _)| json!({"control-id": control.id})).collect()
    }

    fn local_definitions(&self) -> Value {
        let mut items: BTreeMap<String, Value> = BTreeMap::new();
        for subject in self.causes.iter().flat_map(|cause| &cause.subjects) {
            let about = self.subjects.about(subject);
            items.entry(self.subject_id(&about)).or_insert_with(|| self.item(&about));
        }
        let tool = self.tool();
        let component = json!({
            "uuid": tool,
            "type": "software",
            "title": "optout",
            "description": "Reads an AWS organization and judges which accounts AWS may use content of to improve AI services.",
            "props": [prop("version", &self.report.origin.tool_version)],
            "status": {"state": "operational"},
        });
        let platform = json!({"uuid": self.id(&["platform"]), "uses-components": [{"component-uuid": tool}]});
        let assets = json!({"components": [component], "assessment-platforms": [platform]});
        let mut definitions = json!({"assessment-assets": assets});
        insert_list(&mut definitions, "inventory-items", items.into_values().collect());
        definitions
    }

    fn tool(&self) -> String {
        stable::id(&["oscal", "tool", &self.report.origin.tool_version]).to_string()
    }

    fn subject_id(&self, about: &About) -> String {
        self.id(&["subject", about.kind, &about.id])
    }

    fn item(&self, about: &About) -> Value {
        let result = about.account.and_then(|id| self.report.assessment.result(id));
        let props = [
            ("asset-id", Some(about.arn.clone().unwrap_or_else(|| about.id.clone()))),
            ("kind", Some(about.kind.to_owned())),
            ("name", about.name.clone()),
            ("path", about.path.clone()),
            ("verdict", result.map(|result| result.verdict.to_string())),
            ("basis", result.map(|result| result.basis.as_str().to_owned())),
        ];
        let props: Vec<Value> =
            props.iter().filter_map(|(name, value)| Some(prop(name, value.as_deref()?))).filter(has_value).collect();
        json!({"uuid": self.subject_id(about), "description": about.label(), "props": props})
    }

    fn observations(&self) -> Vec<Value> {
        self.causes.iter().map(|cause| self.observation(cause)).collect()
    }

    fn observation_id(&self, cause: &Cause<'_>) -> String {
        let accepted = cause.accepted.as_deref().unwrap_or_default();
        self.id_now(&["observation", cause.control.id, cause.severity.as_str(), accepted, cause.message])
    }

    fn observation(&self, cause: &Cause<'_>) -> Value {
        let mut props = vec![prop("severity", cause.severity.as_str())];
        props.extend(cause.accepted.iter().map(|reason| prop("accepted", reason)).filter(has_value));
        let mut observation = json!({
            "uuid": self.observation_id(cause),
            "title": cause.control.id,
            "description": shown(cause.message),
            "props": props,
            "methods": ["TEST"],
            "types": ["finding"],
            "origins": [{"actors": [{"type": "tool", "actor-uuid": self.tool()}]}],
            "collected": self.at(),
        });
        insert_list(&mut observation, "subjects", self.references(&cause.subjects));
        observation
    }

    fn references(&self, subjects: &[&Subject]) -> Vec<Value> {
        let ids = subjects.iter().map(|subject| self.subjects.about(subject));
        ids.map(|about| json!({"subject-uuid": self.subject_id(&about), "type": "inventory-item"})).collect()
    }

    fn findings(&self) -> Vec<Value> {
        self.report.outcomes.iter().map(|(control, outcome)| self.finding(control, outcome)).collect()
    }

    fn finding(&self, control: &'static Control, outcome: &Outcome) -> Value {
        let causes = self.causes.iter().filter(|cause| cause.control.id == control.id);
        let related: Vec<Value> = causes.map(|cause| json!({"observation-uuid": self.observation_id(cause)})).collect();
        let (state, reason, said) = match (outcome.findings.len(), &outcome.unknown) {
            (0, None) => ("satisfied", "pass", "It holds.".to_owned()),
            (0, Some(why)) => ("not-satisfied", "other", format!("It could not be determined: {}", shown(why))),
            (count, None) => ("not-satisfied", "fail", format!("It does not hold for {count} subjects.")),
            (count, Some(why)) => {
                let open = format!(
                    "It does not hold for {count} subjects; for others it could not be determined: {}",
                    shown(why)
                );
                ("not-satisfied", "fail", open)
            }
        };
        let target = json!({
            "type": "objective-id",
            "target-id": format!("{}_obj", control.id),
            "status": {"state": state, "reason": reason, "remarks": said},
        });
        let mut finding = json!({
            "uuid": self.id_now(&["finding", control.id]),
            "title": control.title,
            "description": format!("{}\n\nMend: {}", control.why, control.remedy),
            "props": [prop("control", control.id), prop("severity", control.severity.as_str())],
            "origins": [{"actors": [{"type": "tool", "actor-uuid": self.tool()}]}],
            "target": target,
        });
        insert_list(&mut finding, "related-observations", related);
        finding
    }

    /// What stands for the plan, and the files that decided, with their hashes.
    fn resources(&self, plan: &str) -> Vec<Value> {
        let mut resources = vec![json!({
            "uuid": plan,
            "title": "The controls of optout",
            "description": "Every control is assessed for every account, unit and policy of the organization that could be read.",
        })];
        let origin = &self.report.origin;
        for (what, named) in [("intent", &origin.intent), ("baseline", &origin.baseline)] {
            resources.extend(named.as_ref().map(|(path, hash)| self.file(what, path, hash)));
        }
        resources
    }

    fn file(&self, what: &str, path: &str, hash: &str) -> Value {
        json!({
            "uuid": self.id(&[what, hash]),
            "title": format!("The {what} that was judged by"),
            "rlinks": [{"href": shown(path), "hashes": [{"algorithm": "SHA-256", "value": hash}]}],
        })
    }
}

/// A property of our own.
fn prop(name: &str, value: &str) -> Value {
    json!({"name": name, "ns": "urn:optout", "value": shown(value).trim()})
}

/// OSCAL has no empty values.
fn has_value(prop: &Value) -> bool {
    prop.get("value").and_then(Value::as_str).is_some_and(|value| !value.is_empty())
}

/// OSCAL has no empty lists.
fn insert_list(object: &mut Value, name: &str, list: Vec<Value>) {
    if let (Some(object), false) = (object.as_object_mut(), list.is_empty()) {
        object.insert(name.to_owned(), Value::Array(list));
    }
}
