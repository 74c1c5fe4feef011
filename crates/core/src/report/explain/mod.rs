//! Why an account's verdict is what it is: the derivation from the root to the account, and who can still change it.

mod json;
mod text;

pub(super) use json::OperationV1;
pub use json::render as json;
pub(super) use text::effect;
pub use text::render as text;

use crate::check::{AccountResult, Assessment, Key, Lock, ServiceVerdict, Setting, Uncomputed, Writer, writers};
use crate::org::{AccountId, TargetId, Tree};
use crate::policy::{Limit, State, Step, resolve};
use crate::source::{LineIndex, Position};

/// The name of the form for machines.
pub const FORMAT: &str = "optout.explanation/1";

/// The derivation of one account.
#[derive(Debug)]
pub struct Explanation<'a> {
    /// The verdicts.
    pub assessment: &'a Assessment<'a>,
    /// The account.
    pub result: &'a AccountResult,
    /// The targets from the root to the account, with what is attached.
    pub path: Vec<Stop>,
    /// Why the path's policies are not known.
    pub uncomputed: Option<Uncomputed>,
    /// The services in question.
    pub services: Vec<Derivation>,
    /// Who but the management account may change opt-out policies; `None` where that could not be read.
    pub writers: Option<Vec<Writer>>,
}

/// One target on the way.
#[derive(Debug)]
pub struct Stop {
    /// The target.
    pub target: TargetId,
    /// Its name.
    pub name: String,
    /// The policies attached there: id and name.
    pub policies: Vec<(String, String)>,
}

/// How one service's setting came about.
#[derive(Debug)]
pub struct Derivation {
    /// The key.
    pub key: Key,
    /// Its name.
    pub name: String,
    /// The verdict.
    pub verdict: ServiceVerdict,
    /// What the effective policy says: AWS's where it was asked, else ours.
    pub setting: Option<Setting>,
    /// Whether that comes from `default`.
    pub inherited: bool,
    /// What our own answer is.
    pub computed: Option<Setting>,
    /// Every operator met, with its place in the document.
    pub steps: Vec<(Step, Option<Position>)>,
    /// The controls on the setting, and on the list of services.
    pub limits: Vec<(String, Limit)>,
    /// The lock.
    pub lock: Lock,
}

/// Explains an account.
///
/// Without `service`: `default` and every service that a policy on the way names. `None` where the account is not listed.
#[must_use]
pub fn explain<'a>(
    assessment: &'a Assessment<'a>,
    account: AccountId,
    service: Option<Key>,
) -> Option<Explanation<'a>> {
    Explainer::new(assessment).explain(account, service)
}

/// Explains several accounts of one organization: what they share is found once.
#[derive(Debug)]
pub struct Explainer<'a> {
    assessment: &'a Assessment<'a>,
    tree: Option<Tree<'a>>,
    writers: Option<Vec<Writer>>,
}

impl<'a> Explainer<'a> {
    /// An explainer of the accounts of `assessment`.
    #[must_use]
    pub fn new(assessment: &'a Assessment<'a>) -> Self {
        let snapshot = assessment.snapshot;
        Self { assessment, tree: Tree::new(snapshot).ok(), writers: writers(snapshot) }
    }

    /// Explains one account, as [`explain`] does.
    #[must_use]
    pub fn explain(&self, account: AccountId, service: Option<Key>) -> Option<Explanation<'a>> {
        let assessment = self.assessment;
        let result = assessment.result(account)?;
        let tree = self.tree.as_ref();
        let path = assessment.account(result).and_then(|account| tree?.path(account)).unwrap_or_default();
        let (state, uncomputed) = match assessment.documents.levels(assessment.snapshot, &path) {
            Ok(levels) => (resolve(&levels), None),
            Err(uncomputed) => (State::default(), Some(uncomputed)),
        };
        let keys = service.map_or_else(|| named(assessment, result, &state), |key| vec![key]);
        let services = keys.into_iter().map(|key| derivation(assessment, result, &state, key)).collect();
        let path = path.into_iter().map(|target| stop(assessment, tree, target)).collect();
        Some(Explanation { assessment, result, path, uncomputed, services, writers: self.writers.clone() })
    }
}

/// `default`, and every service that is named on the way or by AWS's answer.
fn named(assessment: &Assessment<'_>, result: &AccountResult, state: &State) -> Vec<Key> {
    let on_the_way: Vec<Key> = state.keys(&["services"]).filter_map(|name| assessment.keys.get(name)).collect();
    let own = |key: Key| assessment.reading(result).is_some_and(|reading| reading.get(key).own);
    let keys = assessment.keys.iter().map(|(key, _)| key);
    keys.filter(|key| *key == Key::DEFAULT || on_the_way.contains(key) || own(*key)).collect()
}

fn stop(assessment: &Assessment<'_>, tree: Option<&Tree<'_>>, target: TargetId) -> Stop {
    let snapshot = assessment.snapshot;
    let attached =
        snapshot.attachments.as_ref().and_then(|all| all.get(&target)).map(Vec::as_slice).unwrap_or_default();
    let policy = |id: &crate::org::PolicyId| {
        let name = snapshot.policy(id).map(|policy| policy.name.clone()).unwrap_or_default();
        (id.to_string(), name)
    };
    let name = match &target {
        TargetId::Root(_) => snapshot.root.as_ref().map(|root| root.name.clone()),
        TargetId::Unit(id) => tree.and_then(|tree| tree.unit(id)).map(|unit| unit.name.clone()),
        TargetId::Account(id) => {
            assessment.result(*id).and_then(|it| assessment.account(it)).map(|account| account.name.clone())
        }
    };
    let policies = attached.iter().map(|attachment| policy(&attachment.policy)).collect();
    Stop { name: name.unwrap_or_default(), policies, target }
}

fn derivation(assessment: &Assessment<'_>, result: &AccountResult, state: &State, key: Key) -> Derivation {
    let name = assessment.keys.name(key).to_owned();
    let said = assessment.reading(result).map(|reading| reading.get(key));
    let setting = state.setting(&["services", &name, "opt_out_policy"]);
    let steps = setting.map(|setting| setting.steps().into_iter().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let group = assessment.group(result);
    Derivation {
        verdict: assessment.service(result, key),
        setting: said.and_then(|said| said.setting),
        inherited: key != Key::DEFAULT && said.is_some_and(|said| !said.own && said.setting != Some(Setting::Unset)),
        computed: group.and_then(|group| group.reading.get(key).setting),
        steps: steps.into_iter().map(|step| placed(assessment, step)).collect(),
        limits: limits(state, &name),
        lock: assessment.lock(result, key).clone(),
        key,
        name,
    }
}

/// The step with line and column in its policy's document.
fn placed(assessment: &Assessment<'_>, step: Step) -> (Step, Option<Position>) {
    let policy = step.policy.parse().ok().and_then(|id| assessment.snapshot.policy(&id));
    let text = policy.and_then(|policy| policy.content.as_deref());
    let position = text.map(|text| LineIndex::new(text).position(text, step.span.start));
    (step, position)
}

fn limits(state: &State, name: &str) -> Vec<(String, Limit)> {
    let paths: [&[&str]; 2] = [&["services"], &["services", name, "opt_out_policy"]];
    let of = |path: &[&str]| {
        let limits = state.setting(path).into_iter().flat_map(|setting| setting.limits().cloned().collect::<Vec<_>>());
        limits.map(|limit| (path.join("."), limit)).collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(of).collect()
}
