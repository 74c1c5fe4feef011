//! `optout.plan/1`: a plan as a file that can be reviewed, and applied only while it is still the plan.
//!
//! The file carries the intent's text and the options, so that the plan can be made again from a new reading: if the
//! result differs, what the reviewed plan rested on has changed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Change, DataLoss, Hole, Obstacle, Options, Plan, PlanError, PlannedStep, plan};
use crate::catalogue::Catalogue;
use crate::intent::{Intent, Known, ResolveError};
use crate::org::{OrganizationId, Snapshot};
use crate::source::{Problem, Rejected, Source, Span, json_problem};

/// The newest form, the one that [`write_plan`] uses.
pub const FORMAT: &str = "optout.plan/1";

/// A plan with what it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanFile {
    /// When it was made.
    pub made: Timestamp,
    /// The version of the program that made it.
    pub tool_version: String,
    /// The intent's text.
    pub intent: Source,
    /// What was allowed.
    pub options: Options,
    /// The plan.
    pub plan: Plan,
}

/// Why a reviewed plan is not applied.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StaleError {
    /// The intent in the file cannot be read by this version or catalogue.
    #[error("the intent in the plan is not accepted any more:\n{0}")]
    Intent(#[from] Rejected),
    /// It does not fit the organization.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// No plan can be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The plan made again is another one.
    #[error("the organization, or the day, has changed since the plan was made: {0}")]
    Changed(&'static str),
}

impl PlanFile {
    /// Makes the plan again from a new reading and gives it back if it is the same one.
    ///
    /// # Errors
    /// Why the reviewed plan must not be applied.
    pub fn check(
        &self,
        known: &Known<'_>,
        snapshot: &Snapshot,
        catalogue: &Catalogue,
        at: Timestamp,
    ) -> Result<Plan, StaleError> {
        let intent = Intent::parse(&self.intent, known)?;
        let intent = if self.options.create_organization { intent.for_begun(snapshot) } else { intent };
        let intent = intent.resolve(snapshot)?;
        let fresh = plan(&intent, snapshot, catalogue, at, &self.options)?;
        match what_differs(&self.plan, &fresh) {
            Some(what) => Err(StaleError::Changed(what)),
            None => Ok(fresh),
        }
    }
}

/// The day itself does not count, only what follows from it.
fn what_differs(reviewed: &Plan, fresh: &Plan) -> Option<&'static str> {
    let parts = [
        (reviewed.organization == fresh.organization, "it is another organization"),
        (reviewed.steps == fresh.steps, "other steps would be needed"),
        (reviewed.obstacles == fresh.obstacles, "other things stand in the way"),
        (reviewed.changes == fresh.changes, "the same steps would change something else"),
        (reviewed.losses == fresh.losses, "other data would be lost"),
        (reviewed.holes == fresh.holes, "the holes would be others"),
    ];
    parts.into_iter().find(|(same, _)| !same).map(|(_, what)| what)
}

/// The struct of the file.
#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileV1 {
    /// Always `optout.plan/1`.
    format: String,
    /// When it was made (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    made: Timestamp,
    /// The version of optout that made it.
    tool_version: String,
    /// The intent it was made from.
    intent: IntentV1,
    /// What was allowed.
    options: Options,
    /// The organization; absent where it is to be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    organization: Option<OrganizationId>,
    #[cfg_attr(test, schemars(with = "String"))]
    /// The day by which exceptions were judged, in UTC.
    day: Date,
    /// The calls, in order.
    steps: Vec<PlannedStep>,
    /// What stands in the way.
    obstacles: Vec<Obstacle>,
    /// What changes for whom.
    changes: Vec<Change>,
    /// How large the holes are that the exceptions need.
    holes: Vec<Hole>,
    /// What is lost for good.
    losses: Vec<DataLoss>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct IntentV1 {
    name: String,
    text: String,
}

/// Writes a plan: pretty-printed JSON, equal bytes for equal plans.
#[must_use]
pub fn write_plan(file: &PlanFile) -> String {
    let plan = file.plan.clone();
    let form = FileV1 {
        format: FORMAT.into(),
        made: file.made,
        tool_version: file.tool_version.clone(),
        intent: IntentV1 { name: file.intent.name.clone(), text: file.intent.text.to_string() },
        options: file.options.clone(),
        organization: plan.organization,
        day: plan.day,
        steps: plan.steps,
        obstacles: plan.obstacles,
        changes: plan.changes,
        holes: plan.holes,
        losses: plan.losses,
    };
    // INVARIANT: every map key in there is a string, which is all that could make this fail.
    let mut text = serde_json::to_string_pretty(&form).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads a plan.
///
/// # Errors
/// What is wrong with the text, with line and column: not JSON, not a plan, a version this program does not know.
pub fn read_plan(source: &Source) -> Result<PlanFile, Rejected> {
    #[derive(Deserialize)]
    struct Peek {
        format: Option<String>,
    }
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let reject = |problem: Problem| Rejected::new(source.clone(), vec![problem]);
    let help = "make the plan again with `optout plan --out FILE`";
    let wrong = |error| reject(json_problem("plan-json", &source.text, &error).help(help));
    let peek: Peek = serde_json::from_str(text).map_err(wrong)?;
    if peek.format.as_deref() != Some(FORMAT) {
        let found = peek.format.map_or_else(|| "none".to_owned(), |it| it.chars().take(80).collect());
        let problem = Problem::new("plan-format", format!("expected the format `{FORMAT}`, found `{found}`"));
        return Err(reject(problem.at(Span::new(0, 0)).help("make the plan again with `optout plan --out FILE`")));
    }
    let form: FileV1 = serde_json::from_str(text).map_err(wrong)?;
    Ok(PlanFile {
        made: form.made,
        tool_version: form.tool_version,
        intent: Source::new(form.intent.name, form.intent.text),
        options: form.options,
        plan: Plan {
            organization: form.organization,
            day: form.day,
            steps: form.steps,
            obstacles: form.obstacles,
            changes: form.changes,
            holes: form.holes,
            losses: form.losses,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::organizations::{account, at, intent_text, known, organization, unit};

    fn file() -> (PlanFile, Snapshot) {
        let snapshot = organization(&[0], &[0, 1]);
        let exceptions = [("lex", unit(1), "optIn", "2026-12-31"), ("polly", account(0), "optIn", "2026-12-31")];
        let source = Source::new("o.toml", intent_text("full", &exceptions));
        let intent = Intent::parse(&source, &known()).unwrap().resolve(&snapshot).unwrap();
        let options = Options { adopt: std::collections::BTreeSet::new(), ..Options::default() };
        let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &options).unwrap();
        (PlanFile { made: at(), tool_version: "test".into(), intent: source, options, plan }, snapshot)
    }

    #[test]
    fn the_published_schema_is_the_one_of_the_structs_and_fits_a_plan() {
        let schema = schemars::schema_for!(FileV1);
        crate::published::check("plan-1.json", &schema);
        let plan: serde_json::Value = serde_json::from_str(&write_plan(&file().0)).unwrap();
        crate::published::check_fits(&schema, &plan);
    }

    #[test]
    fn a_plan_is_read_back_as_it_was_written() {
        let (file, _) = file();
        let text = write_plan(&file);
        assert_eq!(read_plan(&Source::new("p.json", text.as_str())).unwrap(), file);
        assert!(text.contains("\"call\": \"AttachPolicy\""), "{text}");
    }

    #[test]
    fn a_plan_holds_while_nothing_it_rests_on_changes() {
        let (file, snapshot) = file();
        let later = "2026-12-31T23:59:59Z".parse().unwrap();
        let check = |snapshot: &Snapshot, at| file.check(&known(), snapshot, Catalogue::embedded(), at);
        assert_eq!(check(&snapshot, later).unwrap().steps, file.plan.steps);
        let day_after = "2027-01-01T00:00:00Z".parse().unwrap();
        assert!(matches!(check(&snapshot, day_after), Err(StaleError::Changed("other steps would be needed"))));
        let mut moved = snapshot.clone();
        moved.accounts.as_mut().unwrap()[1].parent = Some("r-acme".parse().unwrap());
        assert!(matches!(check(&moved, at()), Err(StaleError::Changed(_))));
        let mut other = snapshot;
        if let Some(crate::org::Membership::Member(organization)) = &mut other.membership {
            organization.id = "o-anotherorgid".parse().unwrap();
        }
        assert!(matches!(check(&other, at()), Err(StaleError::Resolve(_))));
    }

    #[test]
    fn what_is_no_plan_is_refused_with_its_place() {
        let message = |text: &str| read_plan(&Source::new("p.json", text)).unwrap_err().to_string();
        assert!(message("{}").contains("expected the format `optout.plan/1`"));
        assert!(message("{\"format\": \"optout.plan/9\"}").contains("found `optout.plan/9`"));
        assert!(message("[").starts_with("p.json:1:"));
        let text = write_plan(&file().0).replace("\"AttachPolicy\"", "\"AttackPolicy\"");
        assert!(message(&text).contains("AttackPolicy"), "{}", message(&text));
        let text = write_plan(&file().0).replace("\"ou-acme-00000001\"", "\"nowhere\"");
        assert!(message(&text).contains("`nowhere` is not the id"), "{}", message(&text));
    }
}
