//! Every organization of a fleet saved in a folder, with the file by which all of them can be judged without credentials.

use std::path::Path;

use optout_aws::read::ReadOptions;
use optout_core::evidence::draft;
use optout_core::fleet::{Member, Trouble, saved};
use optout_core::org;

use super::Args;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::fleet::{Organizations, Read, Row, alone, read_all, table, trouble};
use crate::ui::Ui;

/// The file of the saved fleet in the folder.
const FLEET: &str = "fleet.toml";

/// Each is written as soon as it is read, so that stopping loses none.
pub(super) fn run(args: &Args, path: &str, what: ReadOptions, ui: &mut Ui) -> Result<Exit, Error> {
    alone(&[("--account", !args.selection.accounts.is_empty()), ("--ou", !args.selection.units.is_empty())])?;
    let Some(folder) = args.output.path() else {
        return Err(Error::usage("many organizations do not fit into one file", "name a folder with --output FOLDER/"));
    };
    let organizations = Organizations::load(path)?;
    refuse_own_folder(folder, path)?;
    std::fs::create_dir_all(folder).map_err(|error| Error::write(&folder.to_string_lossy(), &error))?;
    let members = &organizations.fleet.members;
    let mut rows: Vec<Row> = Vec::with_capacity(members.len());
    let mut kept = vec![None; members.len()];
    let jobs = organizations.jobs(&args.aws.session(), false);
    read_all(jobs, args.fleet.at_once.into(), what, ui, |at, came, ui| {
        let (Some(member), Some(kept)) = (members.get(at), kept.get_mut(at)) else { return };
        let done = came.and_then(|read| {
            let row = Row::of(&member.name, &read.organization.snapshot);
            *kept = Some(keep(args, &organizations, member, folder, &read, ui)?);
            Ok(row)
        });
        rows.push(done.unwrap_or_else(|trouble| Row::failed(&member.name, trouble)));
    })?;
    write_fleet(folder, members, &kept)?;
    let exit = rows.iter().map(Row::exit).fold(Exit::Holds, Exit::and);
    ui.styled(&table(&mut rows))?;
    ui.note(&format!("`optout verify --fleet {}` judges them", folder.join(FLEET).to_string_lossy()));
    Ok(exit)
}

/// The file of the saved fleet would take the place of the one that says how the organizations are reached.
fn refuse_own_folder(folder: &Path, path: &str) -> Result<(), Error> {
    let target = folder.join(FLEET);
    let same =
        std::fs::canonicalize(&target).is_ok_and(|target| std::fs::canonicalize(path).is_ok_and(|it| it == target));
    match same {
        true => {
            Err(Error::usage(format!("`{path}` would be written over"), "name another folder with --output FOLDER/"))
        }
        false => Ok(()),
    }
}

/// The names of the files about one organization.
type Kept = (String, Option<String>);

fn keep(
    args: &Args,
    organizations: &Organizations,
    member: &Member,
    folder: &Path,
    read: &Read,
    ui: &mut Ui,
) -> Result<Kept, Trouble> {
    let snapshot = &read.organization.snapshot;
    let keep = |ui: &mut Ui| -> Result<Kept, Error> {
        let name = format!("{}.json", member.file_name);
        file::write(&folder.join(&name), org::write(snapshot).as_bytes())?;
        let intent = member.intent.as_ref().map(|path| {
            let name = format!("{}.intent.toml", member.file_name);
            let text = file::source(&organizations.beside(&path.value), file::LARGEST_TEXT)?.text;
            file::write(&folder.join(&name), text.as_bytes()).map(|()| name)
        });
        let make = |run: &_| draft(run, snapshot, None);
        let recording = args.recording.of_member(&member.file_name)?;
        recording.record("snapshot", &read.organization.origin, None, make, ui)?;
        Ok((name, intent.transpose()?))
    };
    keep(ui).map_err(|error| trouble(&error))
}

fn write_fleet(folder: &Path, members: &[Member], kept: &[Option<Kept>]) -> Result<(), Error> {
    let of = |(member, kept): (&Member, &Option<Kept>)| {
        kept.as_ref().map(|(snapshot, intent)| (member.name.clone(), snapshot.clone(), intent.clone()))
    };
    let all: Vec<_> = members.iter().zip(kept).filter_map(of).collect();
    let text = saved(all.iter().map(|(name, snapshot, intent)| (name.as_str(), snapshot.as_str(), intent.as_deref())));
    if all.is_empty() { Ok(()) } else { file::write(&folder.join(FLEET), text.as_bytes()) }
}
