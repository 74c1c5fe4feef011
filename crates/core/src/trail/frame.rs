//! Cuts a stream of bytes into records, each with its place, whatever surrounds them: a CloudTrail log file (`Records`), an
//! answer of LookupEvents (`Events`), a plain list, one record a line, or several of these after another.
//!
//! It knows just enough JSON to find where a record ends. No more than one record is held at a time, a record that is too
//! large is passed over, and after a broken one it looks for the next: nothing is lost without being told.

/// The largest record. CloudTrail leaves out requests and answers of more than 100 KB each, so that no event comes near.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>,
/// read 2026-11-24.
pub const LARGEST_RECORD: usize = 2 * 1024 * 1024;

/// Deeper than any record; what is deeper is counted, not remembered.
const DEEPEST: usize = 256;

/// The lists that hold records, as keys of the outermost object.
const LISTS: [&[u8]; 2] = [b"Records", b"Events"];

/// Where something stands: both from 1, columns in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column, in bytes.
    pub column: u64,
}

/// One record of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its number in the stream, from 1.
    pub number: u64,
    /// Where it begins.
    pub place: Place,
    /// Its bytes, or why there is no record.
    pub body: Result<&'a [u8], Broken>,
}

/// Why there is no record where one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It is larger than [`LARGEST_RECORD`].
    #[error("the record is larger than {} MiB, which no event of CloudTrail is", LARGEST_RECORD / (1024 * 1024))]
    TooLarge,
    /// Something else begins in its middle.
    #[error("the record is no JSON object: it does not end")]
    Unfinished,
    /// The stream ends in its middle.
    #[error("the text ends in the middle of a record")]
    CutShort,
}

/// Where the splitter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between records.
    Between,
    /// In a record, outside its texts.
    Inside,
    /// In a text of a record.
    Text,
    /// In a text, after a backslash.
    Escape,
    /// In something that is no object and no list.
    Other,
}

/// Cuts a stream into records as it comes.
#[derive(Debug)]
pub struct Splitter {
    state: State,
    /// The brackets that are open, outermost first, as far as [`DEEPEST`].
    open: Vec<u8>,
    deeper: u64,
    /// How many brackets are around records here: 0, 1 in a plain list, 2 in the list of a log file.
    base: usize,
    /// Whether records of the outermost object were found: it is no record itself then.
    holds_records: bool,
    buffer: Vec<u8>,
    too_large: bool,
    key: Vec<u8>,
    last: u8,
    number: u64,
    begin: Place,
    line: u64,
    /// Bytes of the line so far.
    column: u64,
}

impl Default for Splitter {
    fn default() -> Self {
        Self {
            state: State::Between,
            open: Vec::new(),
            deeper: 0,
            base: 0,
            holds_records: false,
            buffer: Vec::new(),
            too_large: false,
            key: Vec::new(),
            last: 0,
            number: 0,
            begin: Place::default(),
            line: 1,
            column: 0,
        }
    }
}

impl Splitter {
    /// Takes the next bytes of the stream and hands every record that ends in them to `tell`.
    pub fn feed(&mut self, bytes: &[u8], tell: &mut impl FnMut(Frame<'_>)) {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            if self.state == State::Text {
                let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n')).unwrap_or(rest.len());
                if plain > 0 {
                    let (text, after) = rest.split_at(plain);
                    self.keep_text(text);
                    rest = after;
                    continue;
                }
            }
            self.step(*byte, tell);
            rest = after;
        }
    }

    /// Says that the stream is at its end.
    pub fn finish(mut self, tell: &mut impl FnMut(Frame<'_>)) {
        match self.state {
            State::Other => self.end(Err(Broken::Unfinished), tell),
            State::Inside | State::Text | State::Escape => self.end(Err(Broken::CutShort), tell),
            // A list without an end: its records were told, the next one may be missing.
            State::Between if !self.open.is_empty() => {
                self.start();
                self.end(Err(Broken::CutShort), tell);
            }
            State::Between => {}
        }
    }

    fn step(&mut self, byte: u8, tell: &mut impl FnMut(Frame<'_>)) {
        self.column += 1;
        match self.state {
            State::Between => self.between(byte),
            State::Inside => self.inside(byte, tell),
            State::Text => self.text(byte, tell),
            State::Escape => {
                self.keep(byte);
                self.state = State::Text;
            }
            State::Other => self.other(byte, tell),
        }
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
        }
    }

    fn between(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
            // A byte order mark before the first record.
            0xef | 0xbb | 0xbf if self.line == 1 && self.column <= 3 => {}
            b'[' if self.base == 0 => {
                self.open.push(b'[');
                self.base = 1;
            }
            b']' if self.base > 0 => self.close_list(),
            _ => {
                self.start();
                self.keep(byte);
                let bracket = matches!(byte, b'{' | b'[');
                self.state = if bracket { State::Inside } else { State::Other };
                if bracket {
                    self.open.push(byte);
                }
                self.last = byte;
            }
        }
    }

    /// The end of a list of records; that of a log file is followed by the rest of its object.
    fn close_list(&mut self) {
        self.open.pop();
        self.base = 0;
        if !self.open.is_empty() {
            self.state = State::Inside;
            self.last = b']';
            self.key.clear();
        }
    }

    fn inside(&mut self, byte: u8, tell: &mut impl FnMut(Frame<'_>)) {
        match byte {
            b'{' | b'[' if !self.may_open() => {
                self.end(Err(Broken::Unfinished), tell);
                self.column -= 1;
                self.between(byte);
                self.column += 1;
                return;
            }
            b'[' if self.is_list_of_records() => return self.open_list(),
            _ => {}
        }
        self.keep(byte);
        match byte {
            b'"' => {
                if self.depth() == 1 {
                    self.key.clear();
                }
                self.state = State::Text;
            }
            b'{' | b'[' if self.open.len() < DEEPEST => self.open.push(byte),
            b'{' | b'[' => self.deeper += 1,
            b'}' | b']' if self.deeper > 0 => self.deeper -= 1,
            b'}' | b']' => {
                self.open.pop();
                if self.open.len() <= self.base {
                    return self.complete(tell);
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
    }

    fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a bracket may open here: as a value of a key, or as an element.
    fn may_open(&self) -> bool {
        match self.open.last() {
            _ if self.deeper > 0 => true,
            Some(b'{') => self.last == b':',
            _ => matches!(self.last, b'[' | b','),
        }
    }

    fn is_list_of_records(&self) -> bool {
        self.base == 0 && self.open == [b'{'] && self.last == b':' && LISTS.contains(&self.key.as_slice())
    }

    fn open_list(&mut self) {
        self.open.push(b'[');
        (self.base, self.state, self.holds_records) = (2, State::Between, true);
        self.buffer.clear();
        self.too_large = false;
    }

    fn text(&mut self, byte: u8, tell: &mut impl FnMut(Frame<'_>)) {
        match byte {
            b'\n' => return self.end(Err(Broken::Unfinished), tell),
            b'\\' => self.state = State::Escape,
            b'"' => (self.state, self.last) = (State::Inside, b'"'),
            _ => {}
        }
        self.keep(byte);
    }

    fn other(&mut self, byte: u8, tell: &mut impl FnMut(Frame<'_>)) {
        let over = byte == b'\n' || (self.base > 0 && matches!(byte, b',' | b']'));
        if !over {
            return;
        }
        self.end(Err(Broken::Unfinished), tell);
        if byte == b']' {
            self.close_list();
        }
    }

    fn start(&mut self) {
        self.begin = Place { line: self.line, column: self.column.max(1) };
        self.buffer.clear();
        self.too_large = false;
        self.key.clear();
        if self.base == 0 {
            self.holds_records = false;
        }
    }

    fn complete(&mut self, tell: &mut impl FnMut(Frame<'_>)) {
        if self.base == 0 && self.holds_records {
            self.holds_records = false;
            self.state = State::Between;
            self.buffer.clear();
            return;
        }
        let body = if self.too_large { Err(Broken::TooLarge) } else { Ok(()) };
        self.end(body, tell);
    }

    /// Tells of the record that began last, and looks for the next one.
    fn end(&mut self, body: Result<(), Broken>, tell: &mut impl FnMut(Frame<'_>)) {
        self.number += 1;
        let body = body.map(|()| self.buffer.as_slice());
        tell(Frame { number: self.number, place: self.begin, body });
        self.state = State::Between;
        self.open.truncate(self.base);
        self.deeper = 0;
        self.holds_records = self.base > 0;
        self.buffer.clear();
    }

    fn keep(&mut self, byte: u8) {
        self.remember(&[byte]);
    }

    fn keep_text(&mut self, text: &[u8]) {
        self.column += text.len() as u64;
        if self.depth() == 1 && self.base == 0 {
            let room = 16_usize.saturating_sub(self.key.len());
            self.key.extend(text.iter().take(room));
        }
        self.remember(text);
    }

    fn remember(&mut self, bytes: &[u8]) {
        if self.holds_records && self.base == 0 {
            return;
        }
        if self.buffer.len() + bytes.len() > LARGEST_RECORD {
            self.too_large = true;
        } else if !self.too_large {
            self.buffer.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of a record, its place, and what it is.
    type Found = (u64, (u64, u64), Result<String, Broken>);

    /// Every record of a text.
    fn split(text: &[u8], chunk: usize) -> Vec<Found> {
        let mut found = Vec::new();
        let mut tell = |frame: Frame<'_>| {
            let body = frame.body.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            found.push((frame.number, (frame.place.line, frame.place.column), body));
        };
        let mut splitter = Splitter::default();
        text.chunks(chunk).for_each(|bytes| splitter.feed(bytes, &mut tell));
        splitter.finish(&mut tell);
        found
    }

    /// The bodies, the same however the text comes in.
    fn bodies(text: &str) -> Vec<Result<String, Broken>> {
        let whole = split(text.as_bytes(), text.len().max(1));
        for chunk in [1, 2, 3, 7] {
            assert_eq!(split(text.as_bytes(), chunk), whole, "in pieces of {chunk}");
        }
        whole.into_iter().map(|(_, _, body)| body).collect()
    }

    fn records(text: &str) -> Vec<String> {
        bodies(text).into_iter().map(|body| body.unwrap()).collect()
    }

    #[test]
    fn records_of_a_log_file_are_cut_one_by_one() {
        let expected = [r#"{"a":{"b":[1,{}]}}"#, r#"{"c":"}]\"{"}"#];
        let list = expected.join(",\n ");
        assert_eq!(records(&format!("{{\"Records\":[{list}]}}")), expected);
        assert_eq!(
            records(&format!("{{ \"x\" : [{{}}], \"Events\" : [ {list} ] , \"NextToken\":\"t\" }}\n")),
            expected
        );
        assert_eq!(records(&format!("[{list}]")), expected);
        assert_eq!(records(&expected.join("\n")), expected);
        assert_eq!(records(&format!("\u{feff}{}", expected.join("\r\n"))), expected);
    }

    #[test]
    fn files_and_records_may_follow_each_other() {
        assert_eq!(
            records("{\"Records\":[{\"a\":1}]}\n{\"b\":2}\n[{\"c\":3}]{\"Records\":[]}"),
            ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]
        );
        assert_eq!(records("{\"Records\":[{\"a\":1}],\"Events\":[{\"b\":2}]}"), ["{\"a\":1}", "{\"b\":2}"]);
        assert!(records("").is_empty());
        assert!(records("{\"Records\":[]}").is_empty());
    }

    #[test]
    fn a_list_of_that_name_inside_a_record_is_no_list_of_records() {
        let record = r#"{"x":{"Records":[{"a":1}]},"y":"Records","z":["Records",[1]]}"#;
        assert_eq!(records(record), [record]);
    }

    #[test]
    fn after_a_broken_line_the_next_record_is_found() {
        use Broken::{CutShort, Unfinished};
        let good = || Ok("{\"b\":2}".to_owned());
        for broken in
            ["{\"a\":\"x", "{\"a\":1", "{\"a\":1,", "{\"a\":[1", "{", "{\"a\":{}", "rubbish", "12 13", "\"text\""]
        {
            assert_eq!(bodies(&format!("{broken}\n{{\"b\":2}}")), [Err(Unfinished), good()], "{broken}");
        }
        assert_eq!(bodies("{\"Records\":[{\"a\":{,{\"b\":2}]}"), [Err(Unfinished), good()]);
        assert_eq!(bodies("{\"Records\":[7,{\"b\":2},x]}"), [Err(Unfinished), good(), Err(Unfinished)]);
        assert_eq!(bodies("{\"Records\":[{\"b\":2},{\"c"), [good(), Err(CutShort)]);
        assert_eq!(bodies("{\"Records\":[{\"b\":2}"), [good(), Err(CutShort)]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let places: Vec<_> = split(b"{\"Records\":[\n  {\"a\":\"\xc3\xa9\"}, {}\n]}\n{}", 4)
            .into_iter()
            .map(|it| (it.0, it.1))
            .collect();
        assert_eq!(places, [(1, (2, 3)), (2, (2, 15)), (3, (4, 1))]);
    }

    #[test]
    fn a_record_without_end_is_never_held() {
        let mut found = Vec::new();
        let mut splitter = Splitter::default();
        splitter.feed(b"{\"Records\":[{\"a\":\"", &mut |_| panic!("nothing ended"));
        for _ in 0..64 {
            splitter.feed(&[b'x'; 1024 * 1024], &mut |_| panic!("nothing ended"));
        }
        assert!(splitter.buffer.capacity() <= 2 * LARGEST_RECORD);
        splitter.feed(b"\"},{}]}", &mut |frame| found.push(frame.body.map(<[u8]>::to_vec)));
        assert_eq!(found, [Err(Broken::TooLarge), Ok(b"{}".to_vec())]);
    }

    #[test]
    fn deep_nesting_costs_nothing() {
        let mut splitter = Splitter::default();
        splitter.feed(b"{\"a\":", &mut |_| {});
        for _ in 0..64 {
            splitter.feed(&[b'['; 65_536], &mut |_| panic!("nothing ended"));
        }
        assert!(splitter.open.len() <= DEEPEST && splitter.buffer.len() <= LARGEST_RECORD);
    }
}
