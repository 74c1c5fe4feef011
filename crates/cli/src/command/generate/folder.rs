//! Generated files in a folder: written all or none, compared, never outside of it, never over somebody else's.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use optout_core::generate::{GeneratedFile, Output, Provenance};
use optout_core::source::unified;

use super::manifest::{Manifest, NAME};
use crate::error::Error;
use crate::exit::Exit;
use crate::file::Staged;
use crate::ui::Ui;

/// Where generated files go.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct FolderOptions {
    /// Write the files into this folder, which holds one generation
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write nothing; show what is stale in the folder, and end with 2 if anything is
    #[arg(long, requires = "out")]
    check: bool,
}

impl FolderOptions {
    /// Prints, writes or compares the files.
    pub(super) fn hand_out(&self, output: &Output, provenance: &Provenance, ui: &mut Ui) -> Result<Exit, Error> {
        let exit = match &self.out {
            None => print(output, ui)?,
            Some(folder) => {
                let folder = Folder::open(folder, output, provenance)?;
                if self.check { folder.check(ui)? } else { folder.write(ui)? }
            }
        };
        output.notes.iter().for_each(|note| ui.note(note));
        Ok(exit)
    }
}

/// One file as it is; several as a list.
fn print(output: &Output, ui: &mut Ui) -> Result<Exit, Error> {
    if let [only] = output.files.as_slice() {
        ui.data(&only.text)?;
        return Ok(Exit::Holds);
    }
    for file in &output.files {
        ui.data(&format!("{}  {} bytes\n", file.path, file.text.len()))?;
    }
    ui.note("these are several files: --out DIR writes them");
    Ok(Exit::Holds)
}

/// A folder with what is in it and what shall be.
struct Folder<'a> {
    path: &'a Path,
    files: Vec<Compared>,
    /// Files of earlier generations that are not wanted any more.
    left: Vec<String>,
    manifest: Manifest,
}

/// A file as it shall be, and what is there.
struct Compared {
    file: GeneratedFile,
    path: PathBuf,
    old: Option<Vec<u8>>,
}

impl Compared {
    fn is_stale(&self) -> bool {
        self.old.as_deref() != Some(self.file.text.as_bytes())
    }
}

impl<'a> Folder<'a> {
    fn open(path: &'a Path, output: &Output, provenance: &Provenance) -> Result<Self, Error> {
        let known = Manifest::read(path)?;
        let other = known.as_ref().map(|it| &it.what).filter(|what| **what != provenance.what);
        if let Some(other) = other {
            let message = format!("`{}` holds what `optout generate {other}` wrote", path.display());
            return Err(Error::failed(message, "name another folder with --out"));
        }
        let ours: BTreeSet<&str> =
            known.iter().flat_map(|it| it.files.keys().chain(&it.left)).map(String::as_str).collect();
        let compare = |file: &GeneratedFile| compared(path, file, ours.contains(file.path.as_str()));
        let files = output.files.iter().map(compare).collect::<Result<Vec<_>, _>>()?;
        let wanted: BTreeSet<&str> = output.files.iter().map(|it| it.path.as_str()).collect();
        let left = ours.difference(&wanted).filter(|it| is_below(it) && path.join(it).is_file());
        let left: Vec<String> = left.map(|it| (*it).to_owned()).collect();
        Ok(Self { path, files, manifest: Manifest::new(output, provenance, left.clone()), left })
    }

    /// The list of files as one more of them.
    fn all(&self) -> Result<Vec<Compared>, Error> {
        let manifest = GeneratedFile { path: NAME.to_owned(), text: self.manifest.text(), executable: false };
        let manifest = compared(self.path, &manifest, true)?;
        let files = self.files.iter();
        let again = |it: &Compared| Compared { file: it.file.clone(), path: it.path.clone(), old: it.old.clone() };
        Ok(files.map(again).chain([manifest]).collect())
    }

    fn check(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let mut stale = !self.left.is_empty();
        for it in self.all()?.iter().filter(|it| it.is_stale()) {
            stale = true;
            let old = it.old.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            ui.data(&unified(&old, &it.file.text, &it.file.path))?;
        }
        self.name_left(ui);
        let verdict = if stale { "stale" } else { "up to date" };
        ui.note(&format!("{} is {verdict}", self.path.display()));
        Ok(Exit::fails_if(stale))
    }

    /// All are complete on the disk before the first takes its place; the list of them comes last.
    fn write(&self, ui: &mut Ui) -> Result<Exit, Error> {
        let all = self.all()?;
        let stale: Vec<&Compared> = all.iter().filter(|it| it.is_stale()).collect();
        let mut staged = Vec::new();
        for it in &stale {
            let folder = it.path.parent().unwrap_or(self.path);
            std::fs::create_dir_all(folder).map_err(|error| Error::write(&folder.to_string_lossy(), &error))?;
            staged.push(Staged::new(&it.path, it.file.text.as_bytes(), it.file.executable)?);
        }
        staged.into_iter().try_for_each(Staged::place)?;
        stale
            .iter()
            .filter(|it| it.file.path != NAME)
            .for_each(|it| ui.note(&format!("{} is written", it.path.display())));
        self.name_left(ui);
        Ok(Exit::Holds)
    }

    fn name_left(&self, ui: &mut Ui) {
        for path in &self.left {
            ui.warn(&format!(
                "`{}` is left from an earlier generation and not wanted any more: delete it",
                self.path.join(path).display()
            ));
        }
    }
}

/// What is at the place of a file; refused where it is not ours to replace, or would lead out of the folder.
fn compared(folder: &Path, file: &GeneratedFile, is_ours: bool) -> Result<Compared, Error> {
    let path = folder.join(&file.path);
    let refuse = |why: &str| Err(Error::Write { path: path.to_string_lossy().into_owned(), why: why.to_owned() });
    let mut on_the_way = folder.to_owned();
    for part in Path::new(&file.path).components() {
        on_the_way.push(part);
        if std::fs::symlink_metadata(&on_the_way).is_ok_and(|it| it.is_symlink()) {
            return refuse("it is a link, or in one, and nothing outside of the folder is touched");
        }
    }
    let old = match std::fs::read(&path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::write(&path.to_string_lossy(), &error)),
    };
    if !is_ours && old.as_deref().is_some_and(|old| old != file.text.as_bytes()) {
        return refuse("there is a file of somebody else; move it, or name another folder");
    }
    Ok(Compared { file: file.clone(), path, old })
}

/// Whether a path of the list stays below the folder: somebody could have changed the list.
fn is_below(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
