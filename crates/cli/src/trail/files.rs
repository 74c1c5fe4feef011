//! Exported log files of CloudTrail: single ones, or whole directories as a trail delivers them, plain or compressed.
//!
//! Files are read side by side, each in pieces: memory depends neither on their number nor on their size. What is no
//! longer than a few pages compressed and endless when unpacked is left at a stated limit.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use flate2::read::MultiGzDecoder;
use optout_core::trail::{Collector, Stream, Window};

use crate::error::Error;
use crate::file::name;

/// The most that is read of one file, unpacked: CloudTrail begins a new file every five minutes or so.
const MOST: u64 = 1024 * 1024 * 1024;
/// How many times larger than the file its content may be, once there are [`UNSUSPICIOUS`] of it. Log files unpack to ten or
/// twenty times their size; the format allows a thousand.
const MOST_TIMES: u64 = 200;
/// How much may come out of however small a file.
const UNSUSPICIOUS: u64 = 16 * 1024 * 1024;
/// What is read at once.
const PIECE: usize = 64 * 1024;
/// How deep directories are walked: a trail's are nine deep.
const DEEPEST: usize = 32;
/// How many files are read side by side at most.
const SIDE_BY_SIDE: usize = 8;
/// The endings of log files in directories; files that are named are read whatever they are called.
const ENDINGS: [&str; 4] = [".json", ".json.gz", ".jsonl", ".ndjson"];

/// The events in these files, and in the log files of these directories.
pub(crate) fn collect(paths: &[String], window: Window) -> Result<Collector, Error> {
    let mut collector = Collector::new(window);
    collect_into(&mut collector, paths, window)?;
    Ok(collector)
}

/// Adds the events in these files to others.
pub(crate) fn collect_into(collector: &mut Collector, paths: &[String], window: Window) -> Result<(), Error> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        list(path, &mut files, collector)?;
        if files.len() == before {
            let help = format!("files of CloudTrail end with {}", ENDINGS.join(", "));
            return Err(Error::failed(format!("there are no log files in `{path}`"), help));
        }
    }
    side_by_side(&files, window).into_iter().for_each(|part| collector.merge(part));
    Ok(())
}

/// A file to read.
#[derive(Debug)]
struct Listed {
    path: PathBuf,
    /// Whether it was named itself; `-` is standard input then.
    named: bool,
}

/// The files that a path stands for; one that is named must be there.
fn list(path: &str, files: &mut Vec<Listed>, collector: &mut Collector) -> Result<(), Error> {
    if path == "-" {
        files.push(Listed { path: path.into(), named: true });
        return Ok(());
    }
    let kind = fs::metadata(path).map_err(|error| Error::read(path, &error))?;
    if kind.is_dir() {
        walk(Path::new(path), 0, files, collector);
    } else {
        File::open(path).map_err(|error| Error::read(path, &error))?;
        files.push(Listed { path: path.into(), named: true });
    }
    Ok(())
}

/// The log files of a directory, in the order of their names. Links to directories are not followed, so that it ends.
fn walk(folder: &Path, depth: usize, files: &mut Vec<Listed>, collector: &mut Collector) {
    let shown = folder.to_string_lossy();
    if depth > DEEPEST {
        return collector.broken(&shown, format!("directories are more than {DEEPEST} deep here, and were not read"));
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return collector.broken(&shown, format!("the directory cannot be read: {error}")),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            walk(&path, depth + 1, files, collector);
        } else if is_log(&path) && fs::metadata(&path).is_ok_and(|kind| kind.is_file()) {
            files.push(Listed { path, named: false });
        }
    }
}

fn is_log(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Reads files side by side; what comes of it does not depend on who reads which.
fn side_by_side(files: &[Listed], window: Window) -> Vec<Collector> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(SIDE_BY_SIDE).min(files.len());
    let work = || {
        let mut collector = Collector::new(window);
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            read(file, &mut collector);
        }
        done.lock().unwrap_or_else(PoisonError::into_inner).push(collector);
    };
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn read(file: &Listed, collector: &mut Collector) {
    let shown = file.path.to_string_lossy();
    let shown = if file.named { name(&shown) } else { &shown };
    let opened: io::Result<Box<dyn Read>> = match file.named && file.path.as_os_str() == "-" {
        true => Ok(Box::new(io::stdin().lock())),
        false => File::open(&file.path).map(|file| Box::new(file) as Box<dyn Read>),
    };
    match opened.and_then(unpacked) {
        Ok(content) => pour(content, collector.stream(shown)),
        Err(error) => collector.broken(shown, format!("the file cannot be read: {error}")),
    }
}

/// The content of a file: what begins as a compressed file does is unpacked, whatever it is called.
fn unpacked(mut file: Box<dyn Read>) -> io::Result<Content> {
    let mut beginning = Vec::new();
    file.by_ref().take(2).read_to_end(&mut beginning)?;
    let packed = beginning == [0x1f, 0x8b];
    let counted = Counted { inner: Box::new(io::Cursor::new(beginning).chain(file)), count: 0 };
    Ok(if packed { Content::Packed(MultiGzDecoder::new(counted)) } else { Content::Plain(counted) })
}

/// Counts what is read.
struct Counted {
    inner: Box<dyn Read>,
    count: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

enum Content {
    Plain(Counted),
    Packed(MultiGzDecoder<Counted>),
}

impl Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Packed(file) => file.read(buffer),
        }
    }

    /// How many bytes of the file itself were read.
    fn packed(&self) -> u64 {
        match self {
            Self::Plain(file) => file.count,
            Self::Packed(file) => file.get_ref().count,
        }
    }
}

fn pour(mut content: Content, mut stream: Stream<'_>) {
    let mut buffer = vec![0; PIECE];
    let mut total: u64 = 0;
    loop {
        let read = match content.read(&mut buffer) {
            Ok(0) => return stream.finish(),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return stream.abandon(format!("the file cannot be read to its end: {error}")),
        };
        stream.feed(buffer.get(..read).unwrap_or_default());
        total += read as u64;
        if let Some(why) = too_much(total, content.packed()) {
            return stream.abandon(why);
        }
    }
}

/// Why no more of a file is read, after `total` bytes that came out of `packed` ones.
fn too_much(total: u64, packed: u64) -> Option<String> {
    const MIB: u64 = 1024 * 1024;
    if total > MOST {
        return Some(format!("there are more than {} MiB in it, so the rest was not read", MOST / MIB));
    }
    let suspicious = total > UNSUSPICIOUS && total / packed.max(1) > MOST_TIMES;
    suspicious.then(|| {
        let (now, before) = (total / MIB, packed / 1024);
        format!("{before} KiB unpacked to {now} MiB, which no log file does, so the rest was not read")
    })
}
