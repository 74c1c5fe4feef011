//! Reports about many organizations: one document over all, or a folder with a file about each beside it.

use std::path::{Path, PathBuf};

use optout_core::fleet::FleetReport;
use optout_core::report::fleet::{FleetOptions, OneOrganizationError, is_over_all, render};
use optout_core::report::{Format, Options, Rendered};

use super::{Place, ReportOptions, hand_out, named};
use crate::error::Error;
use crate::file;
use crate::ui::Ui;

/// Where a report over many organizations goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// One document.
    One(Place),
    /// A file about each, and one over all where the format has that.
    Folder(PathBuf),
}

impl ReportOptions {
    /// Whether what is wanted makes sense for many organizations, before anything is read.
    pub(crate) fn check_over_all(&self, default: Format) -> Result<(), Error> {
        self.over_all(default).map(drop)
    }

    /// Writes the report in every format that was asked for; in `default` to standard output where none was.
    ///
    /// Nothing is written before everything could be made; files come before standard output.
    pub(crate) fn write_over_all(
        &self,
        report: &FleetReport<'_>,
        default: Format,
        all: bool,
        ui: &mut Ui,
    ) -> Result<(), Error> {
        let (mut files, mut out) = (Vec::new(), Vec::new());
        for (format, target) in self.over_all(default)? {
            match target {
                Target::One(Place::StandardOutput) => {
                    out.push(one(format, report, FleetOptions { all, linked: false })?)
                }
                Target::One(Place::File(path)) => {
                    files.push((path, one(format, report, FleetOptions { all, linked: false })?));
                }
                Target::Folder(folder) => {
                    tell_of_old(&folder, format, report, ui);
                    files.extend(self.folder(&folder, format, report)?);
                }
            }
        }
        for (path, made) in files {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder {
                std::fs::create_dir_all(folder).map_err(|error| Error::write(&folder.to_string_lossy(), &error))?;
            }
            file::write(&path, made.into_text().as_bytes())?;
        }
        out.into_iter().try_for_each(|made| hand_out(made, &Place::StandardOutput, ui))
    }

    /// The files of a folder: about each organization that could be judged, then over all.
    fn folder(
        &self,
        folder: &Path,
        format: Format,
        report: &FleetReport<'_>,
    ) -> Result<Vec<(PathBuf, Rendered)>, Error> {
        let options = Options { all: true, publication: self.publication() };
        let mut files = Vec::new();
        for entry in &report.entries {
            let Some(one) = entry.report() else { continue };
            let made = format.render(one, &options);
            let made = made.map_err(|error| Error::failed(format!("`{}`: {error}", entry.name), error.help()))?;
            files.push((folder.join(file_name(&entry.file_name, format)), made));
        }
        if is_over_all(format) {
            let name = if format == Format::Html { "index" } else { "fleet" };
            let made = one(format, report, FleetOptions { all: true, linked: true })?;
            files.push((folder.join(file_name(name, format)), made));
        }
        Ok(files)
    }

    fn over_all(&self, default: Format) -> Result<Vec<(Format, Target)>, Error> {
        let unnamed = |path: &Path| if is_folder(path) { Ok(default) } else { named(path) };
        let pairs = self.pairs_with(unnamed)?;
        let target = |(format, path): (Format, Place)| match path {
            Place::File(path) if is_folder(&path) => (format, Target::Folder(path)),
            other => (format, Target::One(other)),
        };
        let mut targets: Vec<_> = pairs.into_iter().map(target).collect();
        if targets.is_empty() {
            targets.push((default, Target::One(Place::StandardOutput)));
        }
        check(&targets)?;
        Ok(targets)
    }
}

fn check(targets: &[(Format, Target)]) -> Result<(), Error> {
    let one = |(format, target): &&(Format, Target)| matches!(target, Target::One(_)) && !is_over_all(*format);
    if let Some((format, _)) = targets.iter().find(one) {
        return Err(Error::usage(OneOrganizationError(*format).to_string(), OneOrganizationError::HELP));
    }
    for (at, (format, target)) in targets.iter().enumerate() {
        let same = |(other_format, other): &(Format, Target)| match target {
            Target::Folder(_) => other == target && other_format == format,
            Target::One(_) => other == target,
        };
        if targets.iter().take(at).any(same) {
            let help = "give each --format its own --output after it";
            return Err(Error::usage("two reports would be written to one place", help));
        }
    }
    Ok(())
}

/// A folder that is there, or a path that can be nothing else.
fn is_folder(path: &Path) -> bool {
    path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir()
}

fn file_name(name: &str, format: Format) -> String {
    format!("{name}.{}", format.extensions().first().copied().unwrap_or_default())
}

fn one(format: Format, report: &FleetReport<'_>, options: FleetOptions) -> Result<Rendered, Error> {
    render(format, report, options).map_err(|error| Error::usage(error.to_string(), OneOrganizationError::HELP))
}

/// A file of an earlier run about an organization that failed this time would be taken for new.
fn tell_of_old(folder: &Path, format: Format, report: &FleetReport<'_>, ui: &mut Ui) {
    let failed = report.entries.iter().filter(|entry| entry.report().is_none());
    let old = failed.map(|entry| folder.join(file_name(&entry.file_name, format))).filter(|path| path.exists());
    old.for_each(|path| ui.warn(&format!("`{}` is of an earlier run", path.to_string_lossy())));
}

/// What goes where, for tests: `format:path`, folders with a slash at the end.
#[cfg(test)]
pub(super) fn told(options: &ReportOptions, default: Format) -> Result<Vec<String>, String> {
    let text = |(format, target): (Format, Target)| match target {
        Target::One(Place::StandardOutput) => format!("{}:-", format.as_str()),
        Target::One(Place::File(path)) => format!("{}:{}", format.as_str(), path.display()),
        Target::Folder(path) => format!("{}:{}/", format.as_str(), path.display().to_string().trim_end_matches('/')),
    };
    let targets = options.over_all(default).map_err(|error| error.to_string())?;
    Ok(targets.into_iter().map(text).collect())
}
