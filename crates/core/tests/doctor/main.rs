//! What a complaint comes to: every diagnosis with a case, a near miss and a case written another way; laws; the texts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails, which is what it is for")]

mod behaviour;
mod combined;
mod laws;
#[path = "../check/organization.rs"]
#[expect(dead_code, reason = "shared with the tests of verdicts, which use all of it")]
mod organization;
mod page;
mod table;
mod unread;

use optout_core::check::{Decision, Exceptions, Question, assess};
use optout_core::doctor::{Asked, Complaint, Opinion, Places, Symptom, diagnoses, examine, json, text};
use optout_core::org::EvidenceMode;
pub(crate) use organization::{LEX_IN, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, healthy};
use organization::{Organization, id, now};

pub(crate) const LEX_OUT: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
pub(crate) const ALL_IN: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;

/// An organization and what is asked about it.
#[derive(Debug, Clone)]
pub(crate) struct Sick {
    pub(crate) organization: Organization,
    account: Option<usize>,
    service: Option<String>,
    symptom: Option<Symptom>,
    computed: bool,
}

/// What came of it, without the borrows.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) decision: Decision,
    pub(crate) opinions: Vec<(&'static str, Option<Opinion>)>,
    pub(crate) text: String,
    pub(crate) json: serde_json::Value,
}

impl From<Organization> for Sick {
    fn from(organization: Organization) -> Self {
        Self { organization, account: None, service: None, symptom: None, computed: false }
    }
}

impl Sick {
    pub(crate) fn account(self, number: usize) -> Self {
        Self { account: Some(number), ..self }
    }

    pub(crate) fn service(self, name: &str) -> Self {
        Self { service: Some(name.to_owned()), ..self }
    }

    pub(crate) fn symptom(self, symptom: Symptom) -> Self {
        Self { symptom: Some(symptom), ..self }
    }

    /// Computed verdicts count as answers.
    pub(crate) fn computed(self) -> Self {
        Self { computed: true, ..self }
    }

    pub(crate) fn examine(&self) -> Found {
        self.examine_with(Exceptions::none())
    }

    pub(crate) fn examine_with(&self, exceptions: Exceptions<'_>) -> Found {
        let (snapshot, catalogue) = (&self.organization.snapshot, &self.organization.catalogue);
        let evidence = self.computed.then_some(EvidenceMode::None);
        let question = Question { snapshot, catalogue, exceptions, at: now(), evidence, only: None };
        let assessment = assess(&question);
        let asked = |name: &String| match assessment.keys.get(name) {
            Some(key) => Asked::Key(key),
            None => Asked::NotReached(catalogue.not_covered().iter().find(|it| it.id == *name).unwrap()),
        };
        let complaint = Complaint {
            account: self.account.map(id),
            service: self.service.as_ref().map(asked),
            symptom: self.symptom,
            places: Places { from: "--organization o.json".into(), ..Places::default() },
        };
        let examination = examine(&assessment, complaint);
        Found {
            decision: examination.decision,
            text: text(&examination).to_string(),
            json: serde_json::from_str(&json(&examination)).unwrap(),
            opinions: examination.opinions.into_iter().map(|(diagnosis, opinion)| (diagnosis.id, opinion)).collect(),
        }
    }
}

impl Found {
    pub(crate) fn opinion(&self, id: &str) -> &Opinion {
        let found = self.opinions.iter().find(|(name, _)| *name == id);
        found
            .unwrap_or_else(|| panic!("{id} is no diagnosis"))
            .1
            .as_ref()
            .unwrap_or_else(|| panic!("{id} was not looked for"))
    }

    pub(crate) fn applies(&self, id: &str) -> bool {
        !self.opinion(id).cases.is_empty()
    }

    /// Applies to nobody, and is open for nobody.
    pub(crate) fn excludes(&self, id: &str) -> bool {
        let opinion = self.opinion(id);
        opinion.cases.is_empty() && opinion.missing.is_empty() && !opinion.excluded.is_empty()
    }

    pub(crate) fn is_open(&self, id: &str) -> bool {
        !self.opinion(id).missing.is_empty()
    }

    /// The ids of every diagnosis that applies.
    pub(crate) fn applied(&self) -> Vec<&'static str> {
        let applied = |opinion: &Option<Opinion>| opinion.as_ref().is_some_and(|opinion| !opinion.cases.is_empty());
        self.opinions.iter().filter(|(_, opinion)| applied(opinion)).map(|(id, _)| *id).collect()
    }

    /// The observation of the only case of a diagnosis.
    pub(crate) fn observation(&self, id: &str) -> &str {
        match self.opinion(id).cases.as_slice() {
            [one] => &one.observation,
            other => panic!("{id}: {other:?}"),
        }
    }
}

#[test]
fn in_a_healthy_organization_every_diagnosis_is_excluded_by_an_observation() {
    let found = Sick::from(healthy()).examine();
    assert_eq!(found.applied(), Vec::<&str>::new(), "{}", found.text);
    assert_eq!(found.decision, Decision::Holds, "{}", found.text);
    for (id, opinion) in &found.opinions {
        match opinion {
            Some(opinion) => assert!(!opinion.excluded.is_empty(), "{id}"),
            None => assert_eq!(diagnoses::get(id).unwrap().symptom, Symptom::BehavesDifferently, "{id}"),
        }
    }
}

#[test]
fn ids_are_unique_and_every_diagnosis_says_what_it_rests_on() {
    let mut ids: Vec<&str> = diagnoses::ALL.iter().map(|diagnosis| diagnosis.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), diagnoses::ALL.len());
    for diagnosis in diagnoses::ALL {
        assert!(
            !diagnosis.rests_on.is_empty() && !diagnosis.sources.is_empty() && !diagnosis.next.is_empty(),
            "{}",
            diagnosis.id
        );
        assert!(diagnosis.question.ends_with('?'), "{}", diagnosis.id);
    }
}
