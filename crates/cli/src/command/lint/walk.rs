//! A folder and everything below it, as Git sees it: read in parallel, kept only where it can concern opt-out policies.
//!
//! Symbolic links are not followed, so that no walk leaves the folder or runs in circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, WalkBuilder, WalkState};
use optout_core::lint::{Kind, Note, is_relevant, joined, references};
use optout_core::source::Source;

use crate::error::Error;
use crate::ui::Counter;

/// The largest file that is read: a plan of Terraform may have some megabytes.
pub(crate) const LARGEST: u64 = 16 * 1024 * 1024;

/// The largest file that people write by hand.
const LARGEST_WRITTEN: u64 = 2 * 1024 * 1024;

/// Folders with what other people wrote, or with no files of anybody: not entered unless they are named.
const NOT_OURS: [&str; 4] = [".git", ".terraform", ".venv", "node_modules"];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files that can concern opt-out policies, in the order of their paths.
    pub sources: Vec<Source>,
    /// Files of our kinds that could not be looked at.
    pub notes: Vec<Note>,
    /// How many files there are.
    pub seen: usize,
}

/// What the threads bring together.
#[derive(Debug, Default)]
struct Shared {
    sources: Mutex<BTreeMap<String, Source>>,
    notes: Mutex<Vec<Note>>,
    /// Terraform files without a word of ours: wanted where their folder has one that concerns us.
    siblings: Mutex<BTreeSet<String>>,
    seen: AtomicUsize,
}

/// Walks a folder.
///
/// # Errors
/// Where a pattern to leave out makes no sense, or the folder cannot be opened.
pub(super) fn walk(folder: &str, exclude: &[String], counter: &Counter) -> Result<Found, Error> {
    std::fs::read_dir(folder).map_err(|error| Error::read(folder, &error))?;
    let mut overrides = OverrideBuilder::new(folder);
    for pattern in exclude {
        let added = overrides.add(&format!("!{pattern}"));
        added.map_err(|error| {
            Error::usage(format!("`{pattern}` is no pattern: {error}"), "write it as in .gitignore")
        })?;
    }
    let overrides = overrides.build().map_err(|error| Error::usage(error.to_string(), "write it as in .gitignore"))?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(12);
    let walker = WalkBuilder::new(folder)
        .hidden(false)
        .require_git(false)
        .follow_links(false)
        .overrides(overrides)
        .filter_entry(|entry| !NOT_OURS.iter().any(|name| entry.file_name() == *name) || entry.depth() == 0)
        .threads(threads)
        .build_parallel();
    let shared = Shared::default();
    walker.run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) => shared.take(&entry, counter),
                Err(error) => shared.note(folder, &error.to_string()),
            }
            WalkState::Continue
        })
    });
    shared.complete(folder);
    Ok(shared.found())
}

impl Shared {
    fn note(&self, path: &str, why: &str) {
        let note = Note { path: path.to_owned(), why: why.to_owned() };
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    fn take(&self, entry: &DirEntry, counter: &Counter) {
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return;
        }
        counter.tell(self.seen.fetch_add(1, Ordering::Relaxed) + 1);
        let path = entry.path();
        let name = shown_path(path);
        if !Kind::is_possible(&name) {
            return;
        }
        let Some(text) = self.read(path, &name) else { return };
        if is_relevant(&name, &text) {
            self.keep(&name, text);
        } else if matches!(Kind::of(&name, b""), Some(Kind::Terraform | Kind::TerraformValues)) {
            self.siblings.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
        }
    }

    fn keep(&self, name: &str, text: String) {
        let source = Source::new(name, text);
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), source);
    }

    /// The text of a file of our kinds; what is no text, or too large, is noted.
    fn read(&self, path: &Path, name: &str) -> Option<String> {
        let size = std::fs::metadata(path).map_or(0, |data| data.len());
        let most = if name.ends_with(".json") { LARGEST } else { LARGEST_WRITTEN };
        if size > most {
            self.note(name, &format!("it has {size} bytes"));
            return None;
        }
        let mut bytes = Vec::new();
        // A file may grow while it is read.
        let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        if let Err(error) = read {
            self.note(name, &error.to_string());
            return None;
        }
        if !name.contains('.') && Kind::of(name, bytes.get(..256.min(bytes.len())).unwrap_or_default()).is_none() {
            return None;
        }
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Some(text),
            Ok(_) => {
                self.note(name, "it is binary");
                None
            }
            Err(_) => {
                self.note(name, "it is not UTF-8");
                None
            }
        }
    }

    /// Terraform files beside those that concern us, and files that they name.
    fn complete(&self, folder: &str) {
        let siblings = std::mem::take(&mut *self.siblings.lock().unwrap_or_else(PoisonError::into_inner));
        let known: BTreeMap<String, Source> = self.sources.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let modules: BTreeSet<&str> = known.keys().filter(|name| is_terraform(name)).map(|name| parent(name)).collect();
        let beside = siblings.iter().filter(|name| modules.contains(parent(name)));
        let named = known.values().flat_map(|source| {
            let paths = references(source);
            let own = parent(&source.name).to_owned();
            paths.into_iter().flat_map(move |path| [joined(&own, &path), joined(folder, &path)])
        });
        let wanted: BTreeSet<String> = beside.cloned().chain(named).filter(|name| !known.contains_key(name)).collect();
        let root = std::fs::canonicalize(folder).unwrap_or_default();
        for name in wanted {
            let path = Path::new(&name);
            let inside = std::fs::symlink_metadata(path).is_ok_and(|data| data.is_file())
                && std::fs::canonicalize(path).is_ok_and(|real| real.starts_with(&root));
            if inside && let Some(text) = self.read(path, &name) {
                self.keep(&name, text);
            }
        }
    }

    fn found(self) -> Found {
        let mut notes = self.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
        notes.sort_by(|one, other| one.path.cmp(&other.path));
        let sources = self.sources.into_inner().unwrap_or_else(PoisonError::into_inner);
        Found { sources: sources.into_values().collect(), notes, seen: self.seen.into_inner() }
    }
}

fn is_terraform(name: &str) -> bool {
    matches!(Kind::of(name, b""), Some(Kind::Terraform | Kind::TerraformValues)) || name.ends_with(".tf.json")
}

/// The path as it is shown, and as rules compare it: with `/`, and without `./` in front.
fn shown_path(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}
