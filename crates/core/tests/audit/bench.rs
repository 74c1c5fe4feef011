//! The example organization, changed as a test needs it, audited.

use jiff::Timestamp;
use optout_core::audit::{Audit, Checklists, ItemResult, Observations, Profile, Question, Status, audit};
use optout_core::catalogue::Catalogue;
use optout_core::check::{Question as Verdicts, Severity, assess};
use optout_core::intent::{Intent, Known};
use optout_core::org::{Answer, AnswerContent, AttachedPolicy, Policy, PolicyType, Snapshot, TargetId, read};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_core::source::Source;

const ACME: &str = include_str!("../../../../examples/acme/organization.json");

pub(crate) const LOCKED: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;
const EFFECTIVE: &str = r#"{"services":{"default":{"opt_out_policy":"optOut"}}}"#;

/// The example as it is: with holes.
pub(crate) fn acme() -> Snapshot {
    read(&Source::new("acme.json", ACME)).unwrap()
}

/// The example with one locked policy at the root and nothing else, and AWS's own answer for every account.
pub(crate) fn sound() -> Snapshot {
    let mut snapshot = acme();
    let root = TargetId::Root(snapshot.root.as_ref().unwrap().id.clone());
    let mut policy = snapshot
        .policies
        .as_ref()
        .unwrap()
        .iter()
        .find(|policy| policy.policy_type == PolicyType::AiOptOut)
        .unwrap()
        .clone();
    policy.content = Some(LOCKED.into());
    let attachment = optout_core::org::Attachment { policy: policy.id.clone(), attached: None };
    snapshot.policies = Some(vec![policy]);
    snapshot.attachments = Some([(root, vec![attachment])].into());
    let answer =
        Answer { content: AnswerContent::Document(EFFECTIVE.into()), last_updated: None, asked: snapshot.taken };
    snapshot.answers = snapshot.accounts.iter().flatten().map(|account| (account.id, answer.clone())).collect();
    snapshot.invalid = Some([].into());
    snapshot.delegates = Some(Vec::new());
    snapshot.resource_policy = Some(None);
    snapshot.unread = Vec::new();
    snapshot
}

/// A service control policy attached to targets.
pub(crate) fn control_policy(id: &str, document: &str, targets: &[&str]) -> AttachedPolicy {
    let policy = Policy {
        id: id.parse().unwrap(),
        name: format!("name of {id}"),
        description: String::new(),
        policy_type: PolicyType::ServiceControl,
        aws_managed: false,
        content: Some(document.into()),
        tags: None,
    };
    AttachedPolicy { policy, targets: Some(targets.iter().map(|target| target.parse().unwrap()).collect()) }
}

/// An attestation as `optout.toml` has it.
pub(crate) fn attestation(item: &str, on: &str, until: &str) -> String {
    format!(
        "[[attestations]]\nitem = '{item}'\nby = 'Dana'\non = {on}\nevidence = 'https://wiki.example.com/{item}'\n\
         until = {until}\n"
    )
}

pub(crate) struct Bench {
    pub(crate) snapshot: Snapshot,
    pub(crate) attestations: String,
    pub(crate) observations: Observations,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) at: &'static str,
}

impl Bench {
    pub(crate) fn of(snapshot: Snapshot) -> Self {
        let profiles = Profile::WORDS.iter().map(|(_, profile)| *profile).collect();
        let observations = Observations::default();
        Self { snapshot, attestations: String::new(), observations, profiles, at: "2026-11-24T12:00:00Z" }
    }

    pub(crate) fn attested(mut self, attestations: &[String]) -> Self {
        self.attestations = attestations.concat();
        self
    }

    pub(crate) fn run(&self) -> Audit {
        let at: Timestamp = self.at.parse().unwrap();
        let catalogue = Catalogue::embedded();
        let verdicts = Verdicts { at, ..Verdicts::plain(&self.snapshot, catalogue) };
        let assessment = assess(&verdicts);
        let origin =
            Origin { organization: "acme.json".to_owned(), tool_version: "0.0.0".to_owned(), ..Origin::default() };
        let report = Report::new(&assessment, Severity::High, &NothingAccepted, origin);
        let text = format!("organization = \"o-acmeexample\"\n{}", self.attestations);
        let known = Known::new(["lex"], ["root-covered"]);
        let intent = Intent::parse(&Source::new("optout.toml", text), &known).unwrap();
        audit(&Question {
            report: &report,
            intent: Some(&intent),
            checklists: Checklists::embedded(),
            profiles: &self.profiles,
            observations: &self.observations,
        })
    }

    pub(crate) fn item(&self, id: &str) -> ItemResult {
        self.run().items.into_iter().find(|item| item.id == id).unwrap()
    }

    pub(crate) fn status(&self, id: &str) -> Status {
        self.item(id).status
    }
}
