//! One line on a terminal that says how far a reading is, and is gone when it is done.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the line is written anew: more looks restless.
const INTERVAL: Duration = Duration::from_millis(100);

/// The line; it goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shows: bool,
    last: Mutex<Option<Instant>>,
}

impl Progress {
    pub(super) const fn new(shows: bool) -> Self {
        Self { shows, last: Mutex::new(None) }
    }

    /// Shows how far it is, not more often than is pleasant.
    pub(crate) fn tell(&self, progress: &optout_aws::progress::Progress) {
        if !self.shows || !self.is_due() {
            return;
        }
        let left = progress.remaining().as_secs();
        let time = if left == 0 { String::new() } else { format!(", about {left} s left") };
        write(&format!("\r\u{1b}[2Kreading: {} of {} calls{time}", progress.done(), progress.expected()));
    }

    /// Shows how many of something there were so far.
    fn count(&self, what: &str, number: usize) {
        if self.shows && self.is_due() {
            write(&format!("\r\u{1b}[2K{what}: {number}"));
        }
    }

    fn is_due(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

/// A count that goes up, shown by several threads.
#[derive(Debug)]
pub(crate) struct Counter {
    progress: Progress,
    what: &'static str,
}

impl Counter {
    pub(super) const fn new(progress: Progress, what: &'static str) -> Self {
        Self { progress, what }
    }

    /// Shows the number, not more often than is pleasant.
    pub(crate) fn tell(&self, number: usize) {
        self.progress.count(self.what, number);
    }
}

/// Several readings at once in one line: how many organizations are done, and the calls of those being read.
#[derive(Debug)]
pub(crate) struct SideBySide {
    line: Progress,
    all: usize,
    state: Mutex<Readings>,
}

#[derive(Debug, Default)]
struct Readings {
    finished: usize,
    /// Calls that were answered and calls that are expected, of each that is being read.
    calls: BTreeMap<usize, (u64, u64)>,
}

impl SideBySide {
    pub(super) fn new(line: Progress, all: usize) -> Self {
        Self { line, all, state: Mutex::default() }
    }

    /// Shows how far the reading at this place among all is.
    pub(crate) fn tell(&self, at: usize, progress: &optout_aws::progress::Progress) {
        if !self.line.shows {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.insert(at, (progress.done(), progress.expected()));
        if self.line.is_due() {
            let (done, expected) = state.calls.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
            let (finished, all, reading) = (state.finished, self.all, state.calls.len());
            write(&format!(
                "\r\u{1b}[2Kread: {finished} of {all} organizations; reading {reading}: {done} of {expected} calls"
            ));
        }
    }

    /// One is done.
    pub(crate) fn finished(&self, at: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.remove(&at);
        state.finished += 1;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let written = self.last.get_mut().unwrap_or_else(PoisonError::into_inner).is_some();
        if self.shows && written {
            write("\r\u{1b}[2K");
        }
    }
}

fn write(text: &str) {
    let mut error = io::stderr().lock();
    let _ = error.write_all(text.as_bytes()).and_then(|()| error.flush());
}
