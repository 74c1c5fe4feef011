//! A bundle for each organization of a fleet, and one report over all beside them.
//!
//! A bundle holds nothing about any other organization, so that each can be handed to whom it concerns.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use optout_core::audit::{Checklists, Observations};
use optout_core::check::Severity;
use optout_core::evidence::bundle::pack;
use optout_core::fleet::FleetReport;
use optout_core::report::fleet::{FleetOptions, render};
use optout_core::report::{Format, Rendered, Report};

use super::{Args, Parts, bundled, chain, every_profile, items, name, sign};
use crate::command::audit::region_controls_asked;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::fleet::{Assessed, Judged, Organizations, Wanted, entries, judge, trouble};
use crate::options::SelectionOptions;
use crate::signature::Signer;
use crate::ui::Ui;

pub(super) fn run(args: &Args, path: &str, ui: &mut Ui) -> Result<Exit, Error> {
    let shared = args.judgement.shared(&SelectionOptions::default(), None, Some(&items()))?;
    let signer = args.sign.as_deref().map(Signer::load).transpose()?;
    let observations = args.reach.read()?;
    let organizations = Organizations::load(path)?;
    let made = Timestamp::now();
    let folder = args.output.clone().unwrap_or_else(|| new_folder(made));
    std::fs::create_dir_all(&folder).map_err(|error| Error::write(&folder.to_string_lossy(), &error))?;
    let judged = judge(&organizations, &shared, wanted(args), ui)?;
    let maker = Maker { args, signer: signer.as_ref(), observations: &observations, folder: &folder, made };
    let assessed: Vec<_> = judged.iter().map(Judged::assessed).collect();
    let entries = entries(&judged, &assessed, |one, it| {
        let report = Report::new(&it.assessment, Severity::High, &it.accepted, it.judgement.origin());
        maker.make(one, it, &report, ui).map_err(|error| trouble(&error))?;
        Ok(report)
    });
    let report = FleetReport::new(entries, organizations.origin(shared.at));
    over_all(&report, &folder, ui)?;
    Ok(report.outcome().into())
}

fn new_folder(made: Timestamp) -> PathBuf {
    PathBuf::from(format!("optout-evidence-{}", made.strftime("%Y%m%dT%H%M%SZ")))
}

fn wanted(args: &Args) -> Wanted {
    let (mut read, session) = args.judgement.reading();
    read.service_control_policies = region_controls_asked(Checklists::embedded(), &every_profile());
    read.emails = args.with_email;
    Wanted { at_once: args.fleet.at_once.into(), read, session, recorded: true }
}

struct Maker<'m> {
    args: &'m Args,
    signer: Option<&'m Signer>,
    observations: &'m Observations,
    folder: &'m Path,
    made: Timestamp,
}

impl Maker<'_> {
    /// Writes the bundle of one organization.
    fn make(&self, one: &Judged, it: &Assessed<'_>, report: &Report<'_>, ui: &mut Ui) -> Result<(), Error> {
        let store = self.args.store.as_ref().map(|folder| folder.join(format!("{}.db", one.file_name)));
        let chain = store.filter(|store| store.exists()).map(|store| chain(&store)).transpose()?;
        if self.args.store.is_some() && chain.is_none() {
            ui.note(&format!("there are no records of `{}`", one.name));
        }
        let parts =
            Parts { judgement: it.judgement, exchanges: &one.exchanges, chain, observations: self.observations };
        let mut files = bundled(self.args, self.made, report, parts)?;
        sign(&mut files, self.signer, ui)?;
        let inside = name(it.judgement, self.made);
        let path = self.folder.join(format!("{}.tar.gz", one.file_name));
        file::write(&path, &pack(&inside, &files, self.made))?;
        ui.note(&format!("wrote {}; `optout evidence verify {0}` checks it", path.display()));
        Ok(())
    }
}

/// The report over all: for machines and for people beside the bundles, and as text.
fn over_all(report: &FleetReport<'_>, folder: &Path, ui: &mut Ui) -> Result<(), Error> {
    let made = |format| {
        let options = FleetOptions { all: false, linked: false };
        render(format, report, options).map_err(|error| Error::failed(error.to_string(), ""))
    };
    for (format, name) in [(Format::Json, "fleet.json"), (Format::Html, "fleet.html")] {
        file::write(&folder.join(name), made(format)?.into_text().as_bytes())?;
    }
    match made(Format::Text)? {
        Rendered::Styled(text) => ui.styled(&text),
        Rendered::Text(text) => ui.data(&text),
    }
}
