//! What was read of each organization, judged by its intent.

use optout_aws::read::ReadOptions;
use optout_aws::session::SessionOptions;
use optout_core::check::{Assessment, assess};
use optout_core::evidence::Exchange;
use optout_core::fleet::{Came, Entry, Trouble, same_organization};
use optout_core::report::Report;

use super::{Organizations, Read, read_all, trouble};
use crate::error::Error;
use crate::judgement::{Acceptances, Declared, Judgement, Shared};
use crate::ui::Ui;

/// One organization of the fleet with its judgement, or why there is none.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) name: String,
    pub(crate) file_name: String,
    pub(crate) origin: String,
    pub(crate) came: Result<Box<Judgement>, Trouble>,
    /// What AWS answered, where that was to be kept.
    pub(crate) exchanges: Vec<Exchange>,
}

/// How the organizations of a fleet are read.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) at_once: usize,
    pub(crate) read: ReadOptions,
    /// What is not the business of the fleet's file.
    pub(crate) session: SessionOptions,
    /// Whether AWS's answers are kept.
    pub(crate) recorded: bool,
}

/// Reads and judges every organization, in the order of the file. Intents are read before AWS is asked; an organization
/// with a mistake in its intent is not asked for at all.
pub(crate) fn judge(
    organizations: &Organizations,
    shared: &Shared,
    wanted: Wanted,
    ui: &mut Ui,
) -> Result<Vec<Judged>, Error> {
    let intents: Vec<Result<Option<Declared>, Trouble>> = intents(organizations, shared);
    let jobs = organizations.jobs(&wanted.session, wanted.recorded);
    let origins: Vec<String> = jobs.iter().map(|job| job.origin().to_owned()).collect();
    let (places, jobs): (Vec<usize>, Vec<_>) =
        jobs.into_iter().enumerate().filter(|(at, _)| intents.get(*at).is_some_and(Result::is_ok)).unzip();
    let mut read: Vec<Option<Result<Read, Trouble>>> = origins.iter().map(|_| None).collect();
    read_all(jobs, wanted.at_once, wanted.read, ui, |at, came, _| {
        if let Some(place) = places.get(at).and_then(|at| read.get_mut(*at)) {
            *place = Some(came);
        }
    })?;
    let read = intents.into_iter().zip(read).map(|(intent, read)| joined(intent, read)).collect();
    Ok(judgements(organizations, shared, origins, only_once(organizations, read), ui))
}

fn intents(organizations: &Organizations, shared: &Shared) -> Vec<Result<Option<Declared>, Trouble>> {
    let of = |path: &str| shared.intent(&organizations.beside(path)).map_err(|error| trouble(&error));
    let members = organizations.fleet.members.iter();
    members.map(|member| member.intent.as_ref().map(|path| of(&path.value)).transpose()).collect()
}

/// An organization with the intent it is judged by.
type WithIntent = Result<(Read, Option<Declared>), Trouble>;

fn joined(intent: Result<Option<Declared>, Trouble>, read: Option<Result<Read, Trouble>>) -> WithIntent {
    let intent = intent?;
    let never = || Trouble { message: "it was not read".to_owned(), help: "run again".to_owned() };
    Ok((read.ok_or_else(never)??, intent))
}

/// Of several entries that turned out to be of one organization the first stays.
fn only_once(organizations: &Organizations, read: Vec<WithIntent>) -> Vec<WithIntent> {
    let id = |it: &WithIntent| {
        let snapshot = it.as_ref().ok().map(|(read, _)| &read.organization.snapshot);
        snapshot.and_then(|snapshot| snapshot.organization()).map(|it| it.id.clone())
    };
    let ids: Vec<_> = read.iter().map(id).collect();
    let names = organizations.fleet.members.iter().map(|member| member.name.as_str());
    let named: Vec<_> = names.zip(ids.iter().map(Option::as_ref)).collect();
    let doubles = same_organization(&named);
    read.into_iter().zip(doubles).map(|(read, double)| double.map_or(read, Err)).collect()
}

fn judgements(
    organizations: &Organizations,
    shared: &Shared,
    origins: Vec<String>,
    read: Vec<WithIntent>,
    ui: &mut Ui,
) -> Vec<Judged> {
    let members = organizations.fleet.members.iter();
    let one = |((member, origin), read): ((&optout_core::fleet::Member, String), WithIntent)| {
        let (came, exchanges) = match read {
            Err(trouble) => (Err(trouble), Vec::new()),
            Ok((read, intent)) => {
                let judgement = shared.judge(read.organization, intent, ui);
                (judgement.map(Box::new).map_err(|error| trouble(&error)), read.exchanges)
            }
        };
        Judged { name: member.name.clone(), file_name: member.file_name.clone(), origin, came, exchanges }
    };
    members.zip(origins).zip(read).map(one).collect()
}

/// An assessed organization with what its report is made of.
pub(crate) struct Assessed<'j> {
    pub(crate) judgement: &'j Judgement,
    pub(crate) assessment: Assessment<'j>,
    pub(crate) accepted: Acceptances<'j>,
}

impl Judged {
    /// The verdicts, or why there are none.
    pub(crate) fn assessed(&self) -> Result<Assessed<'_>, &Trouble> {
        let judgement = self.came.as_ref()?;
        let assessment = assess(&judgement.question());
        Ok(Assessed { judgement, assessment, accepted: judgement.acceptances() })
    }
}

/// What came of each, with the report that `report` makes.
pub(crate) fn entries<'a>(
    judged: &[Judged],
    assessed: &'a [Result<Assessed<'a>, &Trouble>],
    mut report: impl FnMut(&Judged, &'a Assessed<'a>) -> Result<Report<'a>, Trouble>,
) -> Vec<Entry<'a>> {
    let one = |(it, assessed): (&Judged, &'a Result<Assessed<'a>, &Trouble>)| Entry {
        name: it.name.clone(),
        file_name: it.file_name.clone(),
        origin: it.origin.clone(),
        came: match assessed {
            Err(trouble) => Came::Trouble((*trouble).clone()),
            Ok(assessed) => match report(it, assessed) {
                Ok(report) => Came::Report(Box::new(report)),
                Err(trouble) => Came::Trouble(trouble),
            },
        },
    };
    judged.iter().zip(assessed).map(one).collect()
}
