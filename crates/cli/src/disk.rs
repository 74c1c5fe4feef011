//! A home directory as the core looks at it. Links out of it are not followed: somebody else manages what is there.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use optout_core::workstation::{Content, MAX_BYTES, Reach, ReadProblem};

/// More names than this are no settings directory.
const MOST_NAMES: usize = 20_000;

/// One home directory.
#[derive(Debug)]
pub(crate) struct Disk {
    /// As it was named, absolute.
    home: PathBuf,
    /// Where it really is.
    real: PathBuf,
    /// Whether it is this machine's own: then directories named by its environment may be looked at too.
    own: bool,
}

impl Disk {
    /// The disk around `home`, an absolute path.
    ///
    /// # Errors
    /// Where there is nothing at `home`.
    pub(crate) fn new(home: &Path, own: bool) -> std::io::Result<Self> {
        Ok(Self { home: home.to_owned(), real: fs::canonicalize(home)?, own })
    }

    /// Lets `look` look.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut Reach<'_>) -> T) -> T {
        let (mut list, mut read) = (|path: &str| self.list(path), |path: &str| self.read(path));
        let mut exists = |path: &str| self.may(Path::new(path)) && fs::symlink_metadata(path).is_ok();
        look(&mut Reach { list: &mut list, read: &mut read, exists: &mut exists })
    }

    /// Another machine's files are all in its home: the rest of this disk is not part of it.
    fn may(&self, path: &Path) -> bool {
        self.own || path.starts_with(&self.home)
    }

    /// Whether something written to `path` would stay where the path says: no folder on the way is a link out of the home
    /// directory.
    pub(crate) fn holds(&self, path: &Path) -> bool {
        let existing = path.ancestors().find(|part| fs::symlink_metadata(part).is_ok());
        self.may(path)
            && existing.is_some_and(|part| fs::canonicalize(part).is_ok() && self.leads_outside(part).is_none())
    }

    fn list(&self, path: &str) -> Vec<String> {
        let path = Path::new(path);
        if !self.may(path) || self.leads_outside(path).is_some() {
            return Vec::new();
        }
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.file_name().into_string().ok()).take(MOST_NAMES).collect();
        names.sort();
        names
    }

    fn read(&self, path: &str) -> Option<Content> {
        let path = Path::new(path);
        if !self.may(path) {
            return None;
        }
        let named = match fs::symlink_metadata(path) {
            Ok(named) => named,
            Err(error) => return absent(&error).then(|| Err(problem(&error))),
        };
        if let Some(target) = self.leads_outside(path) {
            return Some(Err(ReadProblem::LeadsOutside { target: target.to_string_lossy().into_owned() }));
        }
        Some(content(path).map_err(|error| match error {
            ReadProblem::Vanished if named.is_symlink() => ReadProblem::Other("it is a link to nothing".to_owned()),
            other => other,
        }))
    }

    /// Where a path of the home directory leads to, if that is outside.
    fn leads_outside(&self, path: &Path) -> Option<PathBuf> {
        let real = fs::canonicalize(path).ok()?;
        (path.starts_with(&self.home) && !real.starts_with(&self.real)).then_some(real)
    }
}

/// Whether an error says more than that there is no such file.
fn absent(error: &std::io::Error) -> bool {
    !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn content(path: &Path) -> Content {
    let data = fs::metadata(path).map_err(|error| problem(&error))?;
    if !data.is_file() {
        return Err(ReadProblem::NotAFile);
    }
    if data.len() > MAX_BYTES as u64 {
        return Err(ReadProblem::TooLarge { bytes: data.len() });
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| problem(&error))?;
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| problem(&error))?;
    if bytes.len() > MAX_BYTES { Err(ReadProblem::TooLarge { bytes: bytes.len() as u64 }) } else { Ok(bytes) }
}

fn problem(error: &std::io::Error) -> ReadProblem {
    match error.kind() {
        ErrorKind::PermissionDenied => ReadProblem::Denied,
        ErrorKind::NotFound => ReadProblem::Vanished,
        ErrorKind::IsADirectory => ReadProblem::NotAFile,
        _ => ReadProblem::Other(error.to_string()),
    }
}
