//! Files in and out: bounded reading, writing that never leaves half a file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use optout_core::source::Source;

use crate::error::Error;

/// The largest text that a person writes: an intent, a catalogue, a page.
pub(crate) const LARGEST_TEXT: u64 = 16 * 1024 * 1024;

/// The largest snapshot: ten times an organization at AWS's own limits.
pub(crate) const LARGEST_SNAPSHOT: u64 = 2 * 1024 * 1024 * 1024;

/// The name of standard input on the command line.
const STANDARD_INPUT: &str = "-";

/// The bytes of a file, or of standard input for `-`; refuses more than `most`.
pub(crate) fn read(path: &str, most: u64) -> Result<Vec<u8>, Error> {
    let bytes = read_up_to(path, most)?;
    if bytes.len() as u64 > most {
        let why = format!("it is larger than {} MiB; is it the right file?", most / (1024 * 1024));
        return Err(Error::Read { path: path.to_owned(), why });
    }
    Ok(bytes)
}

/// The bytes of a file, or of standard input for `-`, at most one more than `most`.
pub(crate) fn read_up_to(path: &str, most: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = if path == STANDARD_INPUT {
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Error::read(path, &error))?;
    Ok(bytes)
}

/// The text of a file, or of standard input for `-`, with the name it has in messages.
pub(crate) fn source(path: &str, most: u64) -> Result<Source, Error> {
    Ok(Source::from_bytes(name(path), read(path, most)?)?)
}

/// What a path is called in messages.
pub(crate) fn name(path: &str) -> &str {
    if path == STANDARD_INPUT { "standard input" } else { path }
}

/// Writes a file whole or not at all: beside the old one first, then in its place. A symbolic link stays one.
pub(crate) fn write(path: &Path, text: &[u8]) -> Result<(), Error> {
    replace(path, text).map_err(|error| Error::write(&path.to_string_lossy(), &error))
}

/// Writes a file whole or not at all. What was there, `old`, is kept beside it first, with `.bak` at the end of its name;
/// refused where the file is not what was read any more. Where there was none, one that came meanwhile stays as it is.
pub(crate) fn replace_with_backup(path: &Path, old: Option<&[u8]>, text: &[u8]) -> Result<(), Error> {
    let Some(old) = old else { return create_in(path, text) };
    assert_unchanged(path, old)?;
    let target = std::fs::canonicalize(path).map_err(|error| Error::write(&path.to_string_lossy(), &error))?;
    let new = Staged::new(&target, text, false)?;
    keep(path, old)?;
    // Again, with everything ready: what another program wrote since then must not be lost.
    assert_unchanged(path, old)?;
    new.place()
}

/// Writes a new file with the folders that it needs. They belong to whom the folder belongs that is there already, where that is another
/// than who runs this and he may give them away: a home directory that an administrator looks after.
fn create_in(path: &Path, text: &[u8]) -> Result<(), Error> {
    let missing: Vec<PathBuf> = path
        .ancestors()
        .skip(1)
        .take_while(|it| !it.as_os_str().is_empty() && !it.exists())
        .map(Path::to_owned)
        .collect();
    let there = missing.last().map_or_else(|| folder(path), |first| folder(first));
    let owner = std::fs::metadata(&there).ok();
    for folder in missing.iter().rev() {
        std::fs::create_dir(folder).map_err(|error| Error::write(&path.to_string_lossy(), &error))?;
    }
    create(path, text)?;
    if let Some(owner) = owner {
        missing.iter().map(PathBuf::as_path).chain([path]).for_each(|it| give_to(it, &owner));
    }
    Ok(())
}

/// Replaces a file that still is what was read, and refuses where it is not; nothing is kept beside it.
pub(crate) fn replace_unchanged(path: &Path, old: &[u8], text: &[u8]) -> Result<(), Error> {
    assert_unchanged(path, old)?;
    write(path, text)
}

/// The bytes of a file that is to be written later.
pub(crate) fn read_regular(path: &str, most: u64) -> Result<Vec<u8>, Error> {
    assert_regular(path)?;
    read(path, most)
}

/// Refuses what cannot be replaced: a pipe, which would be waited for, a device, a folder.
pub(crate) fn assert_regular(path: &str) -> Result<(), Error> {
    let data = std::fs::metadata(path).map_err(|error| Error::read(path, &error))?;
    if data.is_file() { Ok(()) } else { Err(Error::Read { path: path.to_owned(), why: NO_FILE.to_owned() }) }
}

/// What is said of a folder, a pipe or a device.
const NO_FILE: &str = "it is no regular file";

/// Refuses where another program removed, replaced or changed the file since it was read as `old`.
fn assert_unchanged(path: &Path, old: &[u8]) -> Result<(), Error> {
    let changed = |what: &str| {
        let why = format!("{what} in the meantime; nothing was written to it, run again");
        Error::Write { path: path.to_string_lossy().into_owned(), why }
    };
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => changed("it was removed"),
        _ => changed(&format!("it became unreadable ({error})")),
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(changed("something else took its place"));
    }
    let mut now = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(old.len() as u64 + 1).read_to_end(&mut now).map_err(unreadable)?;
    if now == old { Ok(()) } else { Err(changed("it changed")) }
}

/// Keeps `old` as `NAME.bak`, or `NAME.bak2` and so on: an older backup is never lost.
fn keep(path: &Path, old: &[u8]) -> Result<(), Error> {
    for number in 1..100 {
        let mut backup = path.as_os_str().to_owned();
        backup.push(if number == 1 { ".bak".to_owned() } else { format!(".bak{number}") });
        let backup = PathBuf::from(backup);
        match std::fs::symlink_metadata(&backup) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return create_like(path, &backup, old),
            // A pipe by this name would be waited for.
            Ok(data) if data.is_file() && std::fs::read(&backup).is_ok_and(|same| same == old) => return Ok(()),
            Ok(_) | Err(_) => {}
        }
    }
    let why = "there are too many backups beside it".to_owned();
    Err(Error::Write { path: path.to_string_lossy().into_owned(), why })
}

/// Writes a file that is not there yet, whole or not at all; one that is there stays as it is.
pub(crate) fn create(path: &Path, text: &[u8]) -> Result<(), Error> {
    create_with(path, text, None)
}

/// As [`create`], read by nobody who may not read `model`.
fn create_like(model: &Path, path: &Path, text: &[u8]) -> Result<(), Error> {
    create_with(path, text, std::fs::metadata(model).ok().as_ref())
}

fn create_with(path: &Path, text: &[u8], model: Option<&std::fs::Metadata>) -> Result<(), Error> {
    let create = || -> io::Result<()> {
        let mut new = beside(path, model)?;
        new.write_all(text)?;
        new.as_file().sync_all()?;
        new.persist_noclobber(path).map(drop).map_err(|error| error.error)
    };
    create().map_err(|error| Error::write(&path.to_string_lossy(), &error))
}

/// A file that is complete on the disk beside the place where it is to stand.
#[derive(Debug)]
pub(crate) struct Staged {
    new: tempfile::NamedTempFile,
    path: PathBuf,
}

impl Staged {
    /// Writes `text` beside `path`, whose folder must be there.
    pub(crate) fn new(path: &Path, text: &[u8], executable: bool) -> Result<Self, Error> {
        let stage = || -> io::Result<Self> {
            let mut new = beside(path, std::fs::metadata(path).ok().as_ref())?;
            new.write_all(text)?;
            if executable {
                set_executable(new.as_file())?;
            }
            new.as_file().sync_all()?;
            Ok(Self { new, path: path.to_owned() })
        };
        stage().map_err(|error| Error::write(&path.to_string_lossy(), &error))
    }

    /// Puts it in its place, in one step.
    pub(crate) fn place(self) -> Result<(), Error> {
        let Self { new, path } = self;
        new.persist(&path).map(drop).map_err(|error| Error::write(&path.to_string_lossy(), &error.error))
    }
}

/// A file that only grows, each line on the disk before the next thing happens.
#[derive(Debug)]
pub(crate) struct Journal(File);

impl Journal {
    /// Begins one; a file that is there stays as it is.
    pub(crate) fn begin(path: &Path) -> Result<Self, Error> {
        let file = File::options().append(true).create_new(true).open(path);
        file.map(Self).map_err(|error| Error::write(&path.to_string_lossy(), &error))
    }

    /// Adds a line of JSON.
    pub(crate) fn add(&mut self, line: &impl serde::Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string(line).map_err(io::Error::other)?;
        text.push('\n');
        self.0.write_all(text.as_bytes())?;
        self.0.sync_data()
    }
}

fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = std::fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // A terminal, a pipe, /dev/null: nothing that could be replaced.
        return File::options().write(true).open(&target)?.write_all(text);
    }
    let mut new = beside(&target, old.as_ref())?;
    new.write_all(text)?;
    new.as_file().sync_all()?;
    new.persist(&target).map(drop).map_err(|error| error.error)
}

fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// A file beside `target` that nobody may read who may not read the old one; where there is none, whom the umask leaves.
#[cfg(unix)]
fn beside(target: &Path, old: Option<&std::fs::Metadata>) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let mode = old.map_or(0o666, |old| old.permissions().mode() & 0o7777);
    let permissions = std::fs::Permissions::from_mode(mode);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".optout-");
    if old.is_none() {
        return builder.permissions(permissions).tempfile_in(folder(target));
    }
    let new = builder.tempfile_in(folder(target))?;
    if let Some(old) = old {
        keep_owner(new.as_file(), old)?;
    }
    // After the owner: giving a file away takes bits from its mode.
    new.as_file().set_permissions(permissions)?;
    Ok(new)
}

/// Makes a replacement belong to whom the old file belongs; it is refused where that cannot be, since others could then not read what is theirs.
#[cfg(unix)]
fn keep_owner(new: &File, old: &std::fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = new.metadata()?;
    if (own.uid(), own.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    let told = |error: io::Error| {
        io::Error::new(error.kind(), format!("a replacement could not keep its owner and group ({error})"))
    };
    fchown(new, Some(old.uid()), Some(old.gid())).map_err(told)
}

/// Gives what was just made to another; where that is not allowed it stays whose it is.
#[cfg(unix)]
fn give_to(path: &Path, owner: &std::fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, lchown};
    let is_theirs = std::fs::symlink_metadata(path).is_ok_and(|own| own.uid() == owner.uid());
    if !is_theirs {
        let _ = lchown(path, Some(owner.uid()), Some(owner.gid()));
    }
}

#[cfg(not(unix))]
fn give_to(_: &Path, _: &std::fs::Metadata) {}

#[cfg(not(unix))]
fn beside(target: &Path, _: Option<&std::fs::Metadata>) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(".optout-").tempfile_in(folder(target))
}

/// Whoever may read it may run it.
#[cfg(unix)]
fn set_executable(new: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = new.metadata()?.permissions().mode();
    new.set_permissions(std::fs::Permissions::from_mode(mode | ((mode & 0o444) >> 2)))
}

#[cfg(not(unix))]
fn set_executable(_: &File) -> io::Result<()> {
    Ok(())
}
