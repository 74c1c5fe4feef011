//! The plan: what is read, wanted, matched, put in order and predicted, as one value.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::desired::{Desired, Places, desired};
use super::difference::{View, compare, services_of};
use super::loss::losses;
use super::matching::{matched, wishes};
use super::model::{apply_to, model_of};
use super::moments::safest;
use super::obstruction::Comparison;
use super::read::{check_complete, check_options, is_managed};
use super::sequence::Sequence;
use super::{Change, DataLoss, ModelError, Obstacle, ObstacleKind, Options, PlanError, PlannedStep, PolicyRef, Step};
use crate::catalogue::Catalogue;
use crate::intent::ResolvedIntent;
use crate::org::{AccountId, Membership, OrganizationId, PolicyId, Snapshot, TargetId, Tree};

/// What to do, what stands in the way, and what would hold afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The organization; `None` where it is to be created.
    pub organization: Option<OrganizationId>,
    /// The day by which exceptions were judged, in UTC.
    pub day: Date,
    /// The calls, in order.
    pub steps: Vec<PlannedStep>,
    /// What stands in the way; without any, the intent holds after the steps.
    pub obstacles: Vec<Obstacle>,
    /// What changes for whom.
    pub changes: Vec<Change>,
    /// How large the holes are that the exceptions need.
    pub holes: Vec<Hole>,
    /// What is lost for good.
    pub losses: Vec<DataLoss>,
}

/// The hole in the lock that the exceptions of one service need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hole {
    /// The service, or `default`.
    pub service: String,
    /// The targets where the setting changes.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub exceptions: Vec<TargetId>,
    /// The targets whose children may change it. A unit or an account that comes directly below one of them can be
    /// opted in by whoever may attach policies to it, until the next plan closes it.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub open_below: Vec<TargetId>,
    /// How many targets got a statement only to keep the hole narrow.
    pub guarded: usize,
    /// The accounts that could still be changed by whoever may attach and detach policies at the account itself.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub accounts: Vec<AccountId>,
}

impl Plan {
    /// Whether there is nothing to do and the intent holds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.obstacles.is_empty()
    }
}

/// Plans how to make `intent` true of `snapshot` at the time `at`.
///
/// Policies that are not managed (tagged so, or adopted by an option) are never changed; the ones that `--prune` names
/// are detached. Equal input gives an equal plan.
///
/// # Errors
/// Where something the plan rests on was not read, or an option names a policy that cannot be meant.
pub fn plan(
    intent: &ResolvedIntent,
    snapshot: &Snapshot,
    catalogue: &Catalogue,
    at: Timestamp,
    options: &Options,
) -> Result<Plan, PlanError> {
    check_complete(snapshot)?;
    check_options(snapshot, options)?;
    let planner = Planner { intent, catalogue, at, options };
    match preconditions(snapshot, options) {
        Precondition::Fails(obstacle) => Ok(planner.blocked(snapshot, obstacle)),
        Precondition::Holds => planner.plan(snapshot, &model_of(snapshot), Vec::new()),
        Precondition::Creates => planner.create(snapshot),
    }
}

enum Precondition {
    Holds,
    Creates,
    Fails(Obstacle),
}

fn preconditions(snapshot: &Snapshot, options: &Options) -> Precondition {
    if snapshot.partition.has_policy_type() == Some(false) {
        return Precondition::Fails(Obstacle::no_policy_type(snapshot.partition.as_str()));
    }
    match &snapshot.membership {
        Some(Membership::Member(organization)) if !organization.all_features => {
            Precondition::Fails(Obstacle::consolidated_billing())
        }
        Some(Membership::None) if !options.create_organization => Precondition::Fails(Obstacle::no_organization()),
        Some(Membership::None) => Precondition::Creates,
        Some(Membership::Member(_)) | None => Precondition::Holds,
    }
}

struct Planner<'a> {
    intent: &'a ResolvedIntent,
    catalogue: &'a Catalogue,
    at: Timestamp,
    options: &'a Options,
}

impl Planner<'_> {
    fn day(&self) -> Date {
        TimeZone::UTC.to_datetime(self.at).date()
    }

    fn services(&self) -> Vec<&str> {
        self.catalogue.services().iter().map(|service| service.key.as_str()).collect()
    }

    fn blocked(&self, snapshot: &Snapshot, obstacle: Obstacle) -> Plan {
        Plan {
            organization: snapshot.organization().map(|it| it.id.clone()),
            day: self.day(),
            steps: Vec::new(),
            obstacles: vec![obstacle],
            changes: Vec::new(),
            holes: Vec::new(),
            losses: Vec::new(),
        }
    }

    fn create(&self, snapshot: &Snapshot) -> Result<Plan, PlanError> {
        let step = PlannedStep {
            step: Step::CreateOrganization {},
            why: "`--create-organization` was given and the account is in no organization".into(),
        };
        let mut model = snapshot.clone();
        match apply_to(&mut model, &step.step, self.at) {
            Ok(()) => self.plan(snapshot, &model, vec![step]),
            Err(error) => Ok(self.blocked(snapshot, refused(&step.step, &error, snapshot, self.options))),
        }
    }

    /// `before` is the model of the organization, after the `head` of the steps.
    fn plan(&self, snapshot: &Snapshot, before: &Snapshot, head: Vec<PlannedStep>) -> Result<Plan, PlanError> {
        let tree = Tree::new(before)?;
        let places = Places::new(before, &tree);
        let Some(root) = before.root.as_ref().map(|root| TargetId::Root(root.id.clone())) else {
            return Ok(self.blocked(snapshot, Obstacle::no_organization()));
        };
        let desired = desired(self.intent, &places, &root, &named_at_root(before, &root, self.options), self.day());
        let wish = &self.intent.intent.policy;
        let matched = matched(wishes(&desired, &root, wish), before, &root, self.options);
        let steps = Sequence::new(before, &places, wish, self.options).steps(&matched);
        let steps = safest(before, steps, &self.services(), self.at);
        let mut plan = self.foresee(before, &steps, &desired, &places);
        plan.organization = snapshot.organization().map(|it| it.id.clone());
        plan.steps = head.into_iter().chain(steps).collect();
        plan.obstacles.extend(invalid(snapshot, &plan.steps));
        Ok(plan)
    }

    /// Everything of a plan that follows from its steps.
    fn foresee(&self, before: &Snapshot, steps: &[PlannedStep], desired: &Desired, places: &Places<'_>) -> Plan {
        let (after, mut obstacles) = self.predict(before, steps);
        let old = View::new(before, self.services());
        let new = View::new(&after, self.services());
        let managed = after.policies.iter().flatten().filter(|policy| is_managed(policy, self.options));
        let managed: BTreeSet<PolicyId> = managed.map(|policy| policy.id.clone()).collect();
        let (intent, managed, day) = (self.intent, &managed, self.day());
        obstacles.extend(Comparison { intent, after: &new, places, desired, managed, at: day }.obstacles());
        let changes = compare(&old, &new);
        let losses = losses(&changes, before, self.catalogue, &self.options.accept_data_loss);
        let holes = holes(desired, &new, places);
        Plan { organization: None, day, steps: Vec::new(), obstacles, changes, holes, losses }
    }

    /// The organization after the steps. What AWS would refuse is an obstacle, and left out.
    fn predict(&self, before: &Snapshot, steps: &[PlannedStep]) -> (Snapshot, Vec<Obstacle>) {
        let mut model = before.clone();
        let mut obstacles: Vec<Obstacle> = Vec::new();
        for planned in steps {
            if let Err(error) = apply_to(&mut model, &planned.step, self.at) {
                obstacles.push(refused(&planned.step, &error, &model, self.options));
            }
        }
        // A valid policy replaces the invalid one, so what is predicted is what the documents say.
        if !steps.is_empty() {
            model.invalid = Some(BTreeMap::new());
        }
        (model, obstacles)
    }
}

/// Services that policies of others name at the root, which opens them for everything below.
pub(super) fn named_at_root(snapshot: &Snapshot, root: &TargetId, options: &Options) -> BTreeSet<String> {
    let attached = snapshot.attachments.as_ref().and_then(|all| all.get(root)).into_iter().flatten();
    let policies = attached.filter_map(|it| snapshot.policy(&it.policy));
    let others = policies.filter(|it| !is_managed(it, options) && !options.prune.contains(&it.id));
    // Services that the catalogue does not know, too: AWS accepted them there, so it knows them.
    others.filter_map(|it| it.content.as_deref()).flat_map(services_of).collect()
}

fn refused(step: &Step, error: &ModelError, model: &Snapshot, options: &Options) -> Obstacle {
    let operation = step.operation();
    match (error, step) {
        (ModelError::NameTaken(name), _) => {
            let holder = model.policies.iter().flatten().find(|policy| policy.name == *name);
            let policies: Vec<PolicyId> = holder.map(|policy| policy.id.clone()).into_iter().collect();
            let help = format!("{}, or choose another name in the intent", Obstacle::mend(&policies));
            let message = format!("the name `{name}` belongs to a policy that is not managed by optout");
            Obstacle { policies, ..Obstacle::new(ObstacleKind::NameTaken, message, help) }
        }
        (ModelError::TooMany, Step::AttachPolicy { target, policy }) => full(target, policy, model, options),
        (ModelError::TooMany, _) => {
            let message =
                format!("the organization has the {} policies of this type that AWS allows", super::POLICY_LIMIT);
            Obstacle::new(ObstacleKind::OrganizationFull, message, "delete policies that are attached nowhere")
        }
        (error, _) => Obstacle::new(
            ObstacleKind::StepRefused,
            format!("AWS would refuse {operation}: {error}"),
            "see the obstacles above: this one follows from them",
        ),
    }
}

fn full(target: &super::Place, policy: &PolicyRef, model: &Snapshot, options: &Options) -> Obstacle {
    let limit = super::ATTACHMENT_LIMIT;
    let message = format!("`{target}` has the {limit} policies that AWS allows: there is no room for `{policy}`");
    let others: Vec<PolicyId> = match target {
        super::Place::NewRoot => Vec::new(),
        super::Place::Id(id) => {
            let attached = model.attachments.as_ref().and_then(|all| all.get(id)).into_iter().flatten();
            let managed = |id: &PolicyId| model.policy(id).is_some_and(|policy| is_managed(policy, options));
            attached.map(|it| it.policy.clone()).filter(|id| !managed(id)).collect()
        }
    };
    let help = format!("make room with one of these: {}", Obstacle::mend(&others));
    let obstacle = Obstacle::new(ObstacleKind::TargetFull, message, help);
    Obstacle { policies: others, target: Some(target.to_string()), ..obstacle }
}

/// Accounts that keep an old policy whatever is attached: with nothing left to do, they are all that is in the way.
fn invalid(snapshot: &Snapshot, steps: &[PlannedStep]) -> Option<Obstacle> {
    let accounts: Vec<AccountId> = snapshot.invalid.iter().flatten().map(|(id, _)| *id).collect();
    if accounts.is_empty() || !steps.is_empty() {
        return None;
    }
    let message = "AWS lists the effective policy of accounts as invalid: they keep the last valid one";
    let help = "`optout explain` shows AWS's reasons and the policies that contribute; mend those";
    Some(Obstacle { accounts, ..Obstacle::new(ObstacleKind::InvalidEffectivePolicy, message, help) })
}

fn holes(desired: &Desired, after: &View<'_>, places: &Places<'_>) -> Vec<Hole> {
    let open = desired.open.iter().filter(|(_, open)| !open.is_empty());
    let hole = |(service, open): (&String, &BTreeSet<TargetId>)| {
        let exceptions = desired.points.get(service).cloned().unwrap_or_default();
        let says = |(target, content): &(&TargetId, &super::desired::Content)| {
            content.statements.contains_key(service) && !exceptions.contains(*target) && places.depth(target) > 0
        };
        Hole {
            service: service.clone(),
            guarded: desired.contents.iter().filter(says).count(),
            accounts: changeable(after, service),
            exceptions: exceptions.into_iter().collect(),
            open_below: open.iter().cloned().collect(),
        }
    };
    open.map(hole).collect()
}

fn changeable(after: &View<'_>, service: &str) -> Vec<AccountId> {
    let accounts = after.snapshot.accounts.iter().flatten();
    let open = |id: &AccountId| after.computed.get(*id).is_some_and(|group| after.lock(group, service) == "none");
    accounts.map(|account| account.id).filter(open).collect()
}
