//! What the diagnoses look at: the accounts in question, those that are alike together, with what lies on their way.

use std::collections::BTreeMap;

use super::{Missing, Places, Symptom};
use crate::catalogue::NotCovered;
use crate::check::{AccountResult, Assessment, Key, ServiceVerdict, Subject, Uncomputed};
use crate::org::{
    AccountId, AnswerContent, Attachments, Part, Policy, PolicyId, PolicyType, PolicyTypeState, Scope, Snapshot,
    TargetId, Tree, Unread, UnreadReason,
};
use crate::policy::{State, resolve};

/// What somebody asks.
#[derive(Debug, Clone, Default)]
pub struct Complaint<'a> {
    /// About this account; `None` for every counted one.
    pub account: Option<AccountId>,
    /// About this service; `None` for `default` and all.
    pub service: Option<Asked<'a>>,
    /// About this symptom; `None` for all that can be looked for.
    pub symptom: Option<Symptom>,
    /// What the commands to go on with have in common.
    pub places: Places,
}

/// The service that is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// A key of the policy.
    Key(Key),
    /// A service that the policy does not reach.
    NotReached(&'a NotCovered),
}

/// Accounts of which everything is alike: verdicts, AWS's answer, ours, and the targets on their way.
#[derive(Debug)]
pub struct Alike<'a> {
    /// The result of the first; that of the others differs in the account only.
    pub result: &'a AccountResult,
    /// The accounts, by id.
    pub accounts: Vec<AccountId>,
    /// The targets on their way to which something is attached, from the root down.
    pub stops: Vec<TargetId>,
    /// What the attached policies mean there, with every step.
    pub state: Result<State, Uncomputed>,
}

/// The organization, seen with a complaint in mind.
#[derive(Debug)]
pub struct Patient<'a> {
    /// The verdicts.
    pub assessment: &'a Assessment<'a>,
    /// The complaint.
    pub complaint: Complaint<'a>,
    /// The accounts in question.
    pub alike: Vec<Alike<'a>>,
    /// Where policies are attached, as far as that was read.
    pub attachments: Option<Attachments<'a>>,
}

impl<'a> Patient<'a> {
    /// Looks at the accounts that the complaint is about.
    #[must_use]
    pub fn new(assessment: &'a Assessment<'a>, complaint: Complaint<'a>) -> Self {
        let attachments = Attachments::of(assessment.snapshot);
        let alike = Grouping { assessment, attachments: attachments.as_ref() }.groups(complaint.account);
        Self { assessment, complaint, alike, attachments }
    }

    /// The organization as it was read.
    #[must_use]
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.assessment.snapshot
    }

    /// The key that is asked about.
    #[must_use]
    pub const fn key(&self) -> Option<Key> {
        match self.complaint.service {
            Some(Asked::Key(key)) => Some(key),
            Some(Asked::NotReached(_)) | None => None,
        }
    }

    /// The keys in question: the one that is asked about, or all.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        let only = self.key();
        self.assessment.keys.iter().map(|(key, _)| key).filter(move |key| only.is_none_or(|only| only == *key))
    }

    /// The keys whose setting in the policies matters: those in question, and `default` where one of them inherits it.
    #[must_use]
    pub fn deciding_keys(&self, alike: &Alike<'_>) -> Vec<Key> {
        let own = |key: Key| self.assessment.reading(alike.result).is_none_or(|reading| reading.get(key).own);
        let mut keys: Vec<Key> = self.keys().collect();
        if keys.iter().any(|key| *key == Key::DEFAULT || !own(*key)) {
            keys.insert(0, Key::DEFAULT);
        }
        keys.dedup();
        keys
    }

    /// The verdict of a key there.
    #[must_use]
    pub fn verdict(&self, alike: &Alike<'_>, key: Key) -> ServiceVerdict {
        self.assessment.service(alike.result, key)
    }

    /// The keys in question with this verdict there.
    pub fn with(&self, alike: &Alike<'_>, verdict: ServiceVerdict) -> Vec<Key> {
        self.keys().filter(|key| self.verdict(alike, *key) == verdict).collect()
    }

    /// Whether AWS may use content there, of what is asked about.
    #[must_use]
    pub fn ails(&self, alike: &Alike<'_>) -> bool {
        self.keys().any(|key| match self.verdict(alike, key) {
            ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut => true,
            ServiceVerdict::OptedOut | ServiceVerdict::Excepted | ServiceVerdict::Unknown => false,
        })
    }

    /// Whether everything that is asked about is opted out there, or excepted, and that counts as an answer.
    #[must_use]
    pub fn is_well(&self, alike: &Alike<'_>) -> bool {
        let fine = |key| matches!(self.verdict(alike, key), ServiceVerdict::OptedOut | ServiceVerdict::Excepted);
        (alike.result.basis.is_aws() || self.assessment.computed_counts) && self.keys().all(fine)
    }

    /// Whether nothing ails anywhere, for certain; in words, or `None`.
    #[must_use]
    pub fn well(&self) -> Option<String> {
        let known = self.complaint.account.is_some() || self.assessment.whole;
        let well = known && !self.alike.is_empty() && self.alike.iter().all(|alike| self.is_well(alike));
        let accounts: usize = self.alike.iter().map(|alike| alike.accounts.len()).sum();
        let whose = if self.assessment.computed_counts { "the attached policies" } else { "AWS's own answers" };
        let what = self.key().map_or_else(String::new, |key| format!(" of `{}`", self.name(key)));
        well.then(|| format!("by {whose} {} opted out{what}", are(accounts)))
    }

    /// Whether a policy that opts out and is not in force could be what is missing: everything is asked about, or
    /// something that is asked about is not opted out by any policy. In words why not, or `None`.
    #[must_use]
    pub fn misses_nothing(&self) -> Option<&'static str> {
        let narrow = self.complaint.account.is_some() || self.complaint.service.is_some();
        let bare = |alike: &Alike<'_>| !self.with(alike, ServiceVerdict::NotOptedOut).is_empty();
        let unknown = |alike: &Alike<'_>| !self.with(alike, ServiceVerdict::Unknown).is_empty();
        let missed = self.alike.is_empty() || self.alike.iter().any(|alike| bare(alike) || unknown(alike));
        (narrow && !missed).then_some("a policy in force decides what is asked about")
    }

    /// The name of a key.
    #[must_use]
    pub fn name(&self, key: Key) -> &str {
        self.assessment.keys.name(key)
    }

    /// Every opt-out policy; `None` where they could not be listed.
    #[must_use]
    pub fn policies(&self) -> Option<Vec<&'a Policy>> {
        let all = self.snapshot().policies.as_ref()?;
        Some(all.iter().filter(|policy| policy.policy_type == PolicyType::AiOptOut).collect())
    }

    /// Where a policy is attached; `None` where that is not known.
    #[must_use]
    pub fn targets_of(&self, policy: &PolicyId) -> Option<Vec<&'a TargetId>> {
        let attachments = self.attachments.as_ref()?;
        let here = attachments.iter().filter(|(_, list)| list.iter().any(|it| it.policy == *policy));
        let targets: Vec<&TargetId> = here.map(|(target, _)| target).collect();
        (attachments.is_whole() || !targets.is_empty()).then_some(targets)
    }

    /// Whether a policy is of interest: it lies on the way to an account in question, or no account was named.
    #[must_use]
    pub fn concerns(&self, policy: &PolicyId) -> bool {
        let on_the_way = |alike: &Alike<'_>| alike.stops.iter().any(|stop| self.is_at(policy, stop));
        self.complaint.account.is_none() || self.alike.iter().any(on_the_way)
    }

    fn is_at(&self, policy: &PolicyId, target: &TargetId) -> bool {
        let attached = self.attachments.as_ref().and_then(|it| it.at(target)).unwrap_or_default();
        attached.iter().any(|attachment| attachment.policy == *policy)
    }

    /// The root's id, or the word for it.
    #[must_use]
    pub fn root(&self) -> String {
        self.snapshot().root.as_ref().map_or_else(|| "ROOT".to_owned(), |root| root.id.to_string())
    }

    /// Whether these credentials may ask for their own account only.
    #[must_use]
    pub fn is_seen_by_member(&self) -> bool {
        matches!(self.snapshot().scope, Scope::Account(_))
    }

    /// Whether AWS gave an effective document: it gives none while the type is off (recorded answers).
    #[must_use]
    pub fn aws_gave_a_document(&self) -> bool {
        let is_document = |content: &AnswerContent| matches!(content, AnswerContent::Document(_));
        self.snapshot().answers.values().any(|answer| is_document(&answer.content))
    }

    /// The accounts of which AWS found no effective policy.
    #[must_use]
    pub fn not_found(&self) -> usize {
        let none = |content: &AnswerContent| matches!(content, AnswerContent::NotFound);
        self.snapshot().answers.values().filter(|answer| none(&answer.content)).count()
    }

    /// What is missing because `parts` were not read; `reason` where nothing says why.
    #[must_use]
    pub fn missing(&self, parts: &[Part], reason: &str) -> Missing {
        let entry = self.unread(parts).into_iter().min_by_key(|entry| entry.permission.is_none());
        let said =
            entry.map(|entry| format!("{reason}: {} {}", entry.operation, entry.reason.as_str().replace('-', " ")));
        Missing {
            reason: said.unwrap_or_else(|| reason.to_owned()),
            permission: entry.and_then(|it| it.permission.clone()),
        }
    }

    /// What was not read of `parts`.
    #[must_use]
    pub fn unread(&self, parts: &[Part]) -> Vec<&'a Unread> {
        self.unread_of(|part| parts.contains(&part))
    }

    /// What was not read of the parts that are `wanted`.
    #[must_use]
    pub fn unread_of(&self, wanted: impl Fn(Part) -> bool) -> Vec<&'a Unread> {
        let wanted = |entry: &&Unread| wanted(entry.part) && entry.reason != UnreadReason::OutOfView;
        self.snapshot().unread.iter().filter(wanted).collect()
    }

    /// Why what the policies mean is not known, with the permission that would have brought it.
    #[must_use]
    pub fn uncomputed(&self, why: &Uncomputed) -> Missing {
        let parts: &[Part] = match why {
            Uncomputed::Attachments => &[Part::Policies, Part::Attachments],
            Uncomputed::Document(_) => &[Part::PolicyContent],
            Uncomputed::Place => &[Part::Accounts, Part::Units],
            Uncomputed::PolicyType => &[Part::Root],
            Uncomputed::Partition(_) | Uncomputed::PolicyTypeState(_) | Uncomputed::Invalid => &[],
        };
        self.missing(parts, &why.to_string())
    }

    /// The commands of `templates` for an account, a key and more words.
    #[must_use]
    pub fn next(&self, templates: &[&str], words: &[(&str, &str)]) -> Vec<String> {
        let root = self.root();
        let words: Vec<(&str, &str)> = words.iter().copied().chain([("ROOT", root.as_str())]).collect();
        self.complaint.places.fill(templates, &words)
    }
}

impl Alike<'_> {
    /// The accounts as subjects.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        self.accounts.iter().map(|account| Subject::Account(*account)).collect()
    }

    /// The first account, for commands.
    #[must_use]
    pub fn first(&self) -> String {
        self.result.id.to_string()
    }
}

/// "1 account is", "3 accounts are".
pub(super) fn are(accounts: usize) -> String {
    if accounts == 1 { "the account is".to_owned() } else { format!("all {accounts} accounts are") }
}

struct Grouping<'a, 'b> {
    assessment: &'a Assessment<'a>,
    attachments: Option<&'b Attachments<'a>>,
}

/// Equal for accounts that are alike.
type Likeness = ((usize, Option<usize>, usize), bool, Option<Vec<TargetId>>);

impl<'a> Grouping<'a, '_> {
    fn groups(&self, only: Option<AccountId>) -> Vec<Alike<'a>> {
        let tree = Tree::new(self.assessment.snapshot).ok();
        let mut groups: BTreeMap<Likeness, Vec<&'a AccountResult>> = BTreeMap::new();
        for result in self.assessment.accounts.iter().filter(|it| only.map_or(it.counted, |only| it.id == only)) {
            let account = self.assessment.account(result);
            let path = account.and_then(|account| tree.as_ref()?.path(account));
            let stops = path.map(|path| self.stops(path));
            groups.entry((result.cause(), result.basis.is_aws(), stops)).or_default().push(result);
        }
        let mut alike: Vec<Alike<'a>> =
            groups.into_iter().filter_map(|(likeness, of)| self.alike(likeness.2, &of)).collect();
        alike.sort_by_key(|alike| alike.result.id);
        alike
    }

    /// The targets of a path that matter: something is attached, or what is attached is not known.
    fn stops(&self, path: Vec<TargetId>) -> Vec<TargetId> {
        let matters = |target: &TargetId| {
            let attached = self.attachments.and_then(|attachments| attachments.at(target));
            attached.is_none_or(|attached| !attached.is_empty())
        };
        path.into_iter().filter(matters).collect()
    }

    fn alike(&self, stops: Option<Vec<TargetId>>, of: &[&'a AccountResult]) -> Option<Alike<'a>> {
        let result = *of.first()?;
        let state = self.state(stops.as_deref());
        let accounts = of.iter().map(|result| result.id).collect();
        Some(Alike { result, accounts, stops: stops.unwrap_or_default(), state })
    }

    fn state(&self, stops: Option<&[TargetId]>) -> Result<State, Uncomputed> {
        let snapshot = self.assessment.snapshot;
        self.is_on()?;
        self.attachments.ok_or(Uncomputed::Attachments)?;
        let levels = self.assessment.documents.levels(snapshot, stops.ok_or(Uncomputed::Place)?)?;
        Ok(resolve(&levels))
    }

    /// Whether policies are in force at all: only then does what is attached mean anything.
    fn is_on(&self) -> Result<(), Uncomputed> {
        match self.assessment.snapshot.policy_type_state() {
            Some(Some(PolicyTypeState::Enabled)) => Ok(()),
            Some(Some(state)) => Err(Uncomputed::PolicyTypeState(state.as_str().to_owned())),
            Some(None) => Err(Uncomputed::PolicyTypeState("off".to_owned())),
            None => Err(Uncomputed::PolicyType),
        }
    }
}

/// How long an exception that is proposed lasts: long enough to find out, short enough not to be forgotten.
const TRIAL_DAYS: i64 = 14;

/// The lines of an intent that except one service at one target from the day of `at` on, for a while.
pub(super) fn narrow_exception(at: jiff::Timestamp, service: &str, target: &str) -> String {
    let today = jiff::tz::Offset::UTC.to_datetime(at).date();
    let until = today.checked_add(jiff::Span::new().days(TRIAL_DAYS)).unwrap_or(today);
    format!(
        "[[exceptions]]\nservice = \"{service}\"\ntarget = \"{target}\"\nvalue = \"optIn\"\nreason = \"WHY\"\napprover = \"WHO\"\nuntil = {until}\n"
    )
}
