//! What verdicts are made of, gathered once: the organization, the services, the intent, the clock.

mod findings;
mod shared;

pub(crate) use findings::FindingOptions;
pub(crate) use shared::{Declared, Shared};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use optout_aws::session::{Recorder, SessionOptions};
use optout_core::catalogue::Catalogue;
use optout_core::check::{Exceptions, Finding, Question};
use optout_core::doctor::Places;
use optout_core::evidence::Hash;
use optout_core::intent::baseline::Baseline;
use optout_core::intent::{Intent, ResolvedIntent};
use optout_core::org::{AccountId, EvidenceMode, Snapshot, TargetId, Tree};
use optout_core::report::{Accepted, Origin};
use optout_core::source::{Rejected, Source};
use optout_core::trail::{Collector, Trail, Window, settle_order};

use crate::error::Error;
use crate::file;
use crate::options::{
    AwsOptions, CatalogueOptions, Evidence, Moment, OrganizationOptions, SelectionOptions, argument, day, known,
    read_options,
};
use crate::organization::Organization;
use crate::store::DEFAULT_STORE;
use crate::trail::{collect, warn_of_problems};
use crate::ui::Ui;

/// What verdicts depend on.
#[derive(Debug, Clone, Args)]
pub(crate) struct JudgementOptions {
    #[command(flatten)]
    organization: OrganizationOptions,

    /// How to ask AWS for its own answers: `chain` unless given. With `none`, computed verdicts count as answers
    #[arg(long, value_enum, value_name = "HOW", help_heading = "Organization")]
    evidence: Option<Evidence>,

    /// Judge by this intent: what shall hold, and which exceptions were approved
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    intent: Option<String>,

    /// Take the order in which policies were attached from these CloudTrail log files, or what `optout trail --save`
    /// wrote; may be given several times
    #[arg(long, value_name = "PATH", help_heading = "Judgement")]
    trail: Vec<String>,

    /// Judge by this date in place of now, like 2026-11-24 (UTC)
    #[arg(long, value_name = "DATE", help_heading = "Judgement")]
    at: Option<Moment>,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

impl JudgementOptions {
    /// How AWS is reached.
    pub(crate) fn session(&self) -> SessionOptions {
        self.organization.aws.session()
    }

    /// Whether AWS's own answers are not wanted.
    pub(crate) fn is_computed(&self) -> bool {
        self.evidence == Some(Evidence::None)
    }

    /// How AWS is reached, for what else is read there.
    pub(crate) const fn aws(&self) -> &AwsOptions {
        &self.organization.aws
    }

    /// The same options for commands that somebody is told to go on with.
    pub(crate) fn places(&self) -> Places {
        let intent = self.intent.as_deref().map(|path| argument("--intent", path)).unwrap_or_default();
        Places { from: self.organization.arguments(), intent, aws: self.organization.aws_arguments() }
    }
}

/// A file that was read beside the organization, with what it said.
#[derive(Debug, Clone)]
struct Named<T> {
    path: String,
    hash: String,
    value: T,
}

/// Everything gathered.
#[derive(Debug)]
pub(crate) struct Judgement {
    pub(crate) organization: Organization,
    pub(crate) at: Timestamp,
    catalogue: Cow<'static, Catalogue>,
    intent: Option<Named<ResolvedIntent>>,
    baseline: Option<Named<Baseline>>,
    evidence: Option<Evidence>,
    only: Option<BTreeSet<AccountId>>,
    trail: Option<Trail>,
}

/// What a command needs beyond verdicts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wish<'a> {
    /// The path of a baseline.
    pub(crate) baseline: Option<&'a str>,
    /// The checklist items that an intent may name; any where `None`.
    pub(crate) items: Option<&'a [&'a str]>,
    /// Whether service control policies are to be read.
    pub(crate) service_control_policies: bool,
    /// Whether e-mail addresses are to be kept.
    pub(crate) emails: bool,
    /// Who keeps AWS's answers.
    pub(crate) recorder: Option<&'a Recorder>,
}

impl Judgement {
    /// Gathers what verdicts need.
    pub(crate) fn gather(
        options: &JudgementOptions,
        selection: &SelectionOptions,
        baseline: Option<&str>,
        ui: &mut Ui,
    ) -> Result<Self, Error> {
        Self::gather_for(options, selection, &Wish { baseline, ..Wish::default() }, ui)
    }

    /// Gathers it. Files are read before AWS is asked, so that a mistake in one is told at once.
    pub(crate) fn gather_for(
        options: &JudgementOptions,
        selection: &SelectionOptions,
        wish: &Wish<'_>,
        ui: &mut Ui,
    ) -> Result<Self, Error> {
        let catalogue = options.catalogue.load()?;
        let known = known(&catalogue);
        let known = match wish.items {
            Some(items) => known.with_items(items.iter().copied()),
            None => known,
        };
        let intent =
            options.intent.as_deref().map(|path| named(path, |text| Intent::parse(text, &known))).transpose()?;
        let baseline = wish.baseline.map(|path| named(path, |text| Baseline::parse(text, &known))).transpose()?;
        let trail = (!options.trail.is_empty()).then(|| collect(&options.trail, Window::default())).transpose()?;
        let mut read = read_options(options.evidence, selection);
        read.service_control_policies = wish.service_control_policies;
        read.emails = wish.emails;
        let mut organization = Organization::get_recorded(&options.organization, read, wish.recorder, ui)?;
        let trail = trail.map(Collector::finish);
        if let Some(trail) = &trail {
            settle(&mut organization.snapshot, trail, ui);
        }
        let intent = intent.map(|intent| resolved(intent, &organization.snapshot)).transpose()?;
        let only = chosen(selection, &organization.snapshot)?;
        let at = Moment::or_now(options.at);
        let judgement = Self { organization, at, catalogue, intent, baseline, evidence: options.evidence, only, trail };
        judgement.tell_of_ends(ui);
        Ok(judgement)
    }

    /// What `snapshot` is worth at the time `at` by the intent in a text, with the catalogue that is compiled in.
    pub(crate) fn again(snapshot: Snapshot, intent: Option<&Source>, at: Timestamp) -> Result<Self, Error> {
        let catalogue = Cow::Borrowed(Catalogue::embedded());
        let parse = |source: &Source| -> Result<_, Error> {
            let value = Intent::parse(source, &known(&catalogue))?.resolve(&snapshot)?;
            Ok(Named { path: source.name.clone(), hash: Hash::of(&source.text).to_string(), value })
        };
        let intent = intent.map(parse).transpose()?;
        let organization = Organization { snapshot, origin: String::new() };
        Ok(Self { organization, at, catalogue, intent, baseline: None, evidence: None, only: None, trail: None })
    }

    /// What acceptances and exceptions are over: their findings are back, and somebody should know why.
    fn tell_of_ends(&self, ui: &mut Ui) {
        let today = day(self.at);
        if let Some(baseline) = &self.baseline {
            let over = baseline.value.expired(today).map(|it| format!("{} of {}", it.control, it.subject));
            over.for_each(|what| ui.note(&format!("{}: the acceptance of {what} is over", baseline.path)));
        }
        if let Some(intent) = &self.intent {
            let over = intent.value.expired(today).map(|it| format!("`{}` at {}", it.exception.service, it.target));
            over.for_each(|what| ui.note(&format!("{}: the exception for {what} is over", intent.path)));
        }
    }

    /// The events of `--trail`, where some were given.
    pub(crate) const fn trail(&self) -> Option<&Trail> {
        self.trail.as_ref()
    }

    /// The question to the engine.
    pub(crate) fn question(&self) -> Question<'_> {
        Question {
            snapshot: &self.organization.snapshot,
            catalogue: &self.catalogue,
            exceptions: self.exceptions(),
            at: self.at,
            evidence: self.evidence.map(EvidenceMode::from),
            only: self.only.clone(),
        }
    }

    fn exceptions(&self) -> Exceptions<'_> {
        let Some(intent) = &self.intent else { return Exceptions::none() };
        declared(&intent.value, day(self.at))
    }

    /// The intent, where one was given.
    pub(crate) fn intent(&self) -> Option<&Intent> {
        self.intent.as_ref().map(|intent| &intent.value.intent)
    }

    /// Which findings were accepted.
    pub(crate) fn acceptances(&self) -> Acceptances<'_> {
        Acceptances {
            baseline: self.baseline.as_ref().map(|baseline| &baseline.value),
            intent: self.intent(),
            today: day(self.at),
        }
    }

    /// What was declared, with its targets.
    pub(crate) fn resolved_intent(&self) -> Option<&ResolvedIntent> {
        self.intent.as_ref().map(|intent| &intent.value)
    }

    /// Where the intent says that every run is recorded: in the store that it names, beside it.
    pub(crate) fn recorded_in(&self) -> Option<PathBuf> {
        let named = self.intent.as_ref().filter(|named| named.value.intent.records_evidence())?;
        let store = named.value.intent.evidence_store.as_deref().unwrap_or(DEFAULT_STORE);
        Some(Path::new(&named.path).parent().unwrap_or(Path::new("")).join(store))
    }

    /// Where everything came from.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            organization: self.organization.origin.clone(),
            intent: self.intent.as_ref().map(|intent| (intent.path.clone(), intent.hash.clone())),
            baseline: self.baseline.as_ref().map(|baseline| (baseline.path.clone(), baseline.hash.clone())),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Takes the order of attachment from recorded events, and says where they settle it.
fn settle(snapshot: &mut Snapshot, trail: &Trail, ui: &mut Ui) {
    warn_of_problems(trail, ui);
    for found in settle_order(snapshot, trail) {
        match found.open {
            None => ui.note(&format!("the events tell in which order policies were attached to `{}`", found.target)),
            Some(why) => {
                let target = found.target;
                ui.note(&format!("the order in which policies were attached to `{target}` stays open: {why}"));
            }
        }
    }
}

/// What an intent says of opt-ins on a day.
pub(crate) fn declared(intent: &ResolvedIntent, today: Date) -> Exceptions<'_> {
    Exceptions::of_intent(intent, today)
}

fn named<T>(path: &str, parse: impl FnOnce(&Source) -> Result<T, Rejected>) -> Result<Named<T>, Error> {
    let source = file::source(path, file::LARGEST_TEXT)?;
    let hash = Hash::of(&source.text).to_string();
    Ok(Named { path: file::name(path).to_owned(), hash, value: parse(&source)? })
}

fn resolved(intent: Named<Intent>, snapshot: &Snapshot) -> Result<Named<ResolvedIntent>, Error> {
    Ok(Named { path: intent.path, hash: intent.hash, value: intent.value.resolve(snapshot)? })
}

/// The accounts that were chosen; `None` where everything was. Whoever is named must be there.
fn chosen(selection: &SelectionOptions, snapshot: &Snapshot) -> Result<Option<BTreeSet<AccountId>>, Error> {
    if selection.is_everything() {
        return Ok(None);
    }
    let accounts = snapshot.accounts.as_deref().unwrap_or_default();
    let mine = snapshot.caller.as_ref().map(|caller| caller.account);
    let missing = |id: &&AccountId| mine != Some(**id) && !accounts.iter().any(|account| account.id == **id);
    if let Some(id) = selection.accounts.iter().find(missing) {
        return Err(Error::failed(format!("there is no account `{id}` in this organization"), "check the id"));
    }
    let units = snapshot.units.as_deref().unwrap_or_default();
    if let Some(id) = selection.units.iter().find(|id| !units.iter().any(|unit| unit.id == **id)) {
        return Err(Error::failed(
            format!("there is no organizational unit `{id}` in this organization"),
            "check the id",
        ));
    }
    let tree = Tree::new(snapshot).ok();
    let wanted = |target: &TargetId| matches!(target, TargetId::Unit(unit) if selection.units.contains(unit));
    let inside = accounts.iter().filter(|account| {
        tree.as_ref().and_then(|tree| tree.path(account)).is_some_and(|path| path.iter().any(wanted))
    });
    Ok(Some(inside.map(|account| account.id).chain(selection.accounts.iter().copied()).collect()))
}

/// Which findings were accepted: by the baseline, or by a control that the intent turns off.
#[derive(Debug)]
pub(crate) struct Acceptances<'a> {
    baseline: Option<&'a Baseline>,
    intent: Option<&'a Intent>,
    today: Date,
}

impl Accepted for Acceptances<'_> {
    fn reason(&self, finding: &Finding) -> Option<String> {
        let accepted = self
            .baseline
            .and_then(|baseline| baseline.accepts(finding.control, &finding.subject.to_string(), self.today))
            .map(|it| format!("{} (until {})", it.reason, it.until));
        let off = || self.intent?.control_off(finding.control, self.today);
        accepted.or_else(|| off().map(|off| format!("the control is off: {} (until {})", off.reason, off.until)))
    }
}
