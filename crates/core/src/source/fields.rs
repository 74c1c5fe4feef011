//! TOML tables read field by field, strictly: every problem with its place, unknown keys with the known one they resemble.
//!
//! For data files and for what people write. Serde stops at the first error and cannot say where an unknown key was
//! meant to go, so the tables are walked by hand.

use std::cell::RefCell;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Problem, Rejected, Source, Span, nearest};

/// What to do about a blank text that need not be there.
const LEAVE_OUT: &str = "write something, or leave it out";

/// More problems than this help nobody; hostile texts could otherwise make millions.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// A value and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// Its place in the text.
    pub span: Span,
}

impl<T> Found<T> {
    /// The same place with another value.
    pub fn with<U>(self, value: U) -> Found<U> {
        Found { value, span: self.span }
    }
}

/// Reads `source` as TOML: `read` takes what it wants from the root table and notes problems.
///
/// # Errors
/// The syntax errors, if there are any; else every problem that was noted. At most a hundred, then how many more.
pub fn read_toml<T>(source: &Source, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Result<T, Rejected> {
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        return Err(reject(source, errors.iter().map(syntax_problem).collect()));
    }
    let problems = RefCell::default();
    let mut fields = Fields { table: root.get_ref(), span: span_of(&root), known: Vec::new(), problems: &problems };
    let value = read(&mut fields);
    let problems = problems.take();
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        None if problems.is_empty() => Err(reject(source, vec![Problem::new("unreadable", "this cannot be read")])),
        Some(_) | None => Err(reject(source, problems)),
    }
}

fn syntax_problem(error: &toml::de::Error) -> Problem {
    let problem = Problem::new("toml-syntax", format!("this is not TOML: {}", error.message().replace('\n', ", ")));
    match error.span() {
        Some(span) => problem.at(Span::new(span.start, span.end)),
        None => problem,
    }
}

fn reject(source: &Source, problems: Vec<Problem>) -> Rejected {
    let mut rejected = Rejected::new(source.clone(), problems);
    let more = rejected.problems.len().saturating_sub(MOST_PROBLEMS);
    if more > 0 {
        rejected.problems.truncate(MOST_PROBLEMS);
        rejected.problems.push(Problem::new("more-problems", format!("{more} more problems in this file")));
    }
    rejected
}

fn span_of<T>(value: &Spanned<T>) -> Span {
    Span::new(value.span().start, value.span().end)
}

/// One table that is being read.
///
/// Every key that is asked for is known from then on; [`Fields::finish`] reports the others. So ask for all of them, and
/// only then decide.
#[derive(Debug)]
pub struct Fields<'t> {
    table: &'t DeTable<'t>,
    span: Span,
    known: Vec<&'static str>,
    problems: &'t RefCell<Vec<Problem>>,
}

impl<'t> Fields<'t> {
    /// Where the table stands.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Notes a problem.
    pub fn note(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Reports every key that nobody asked for.
    pub fn finish(&self) {
        for key in self.table.keys().filter(|key| !self.known.contains(&key.get_ref().as_ref())) {
            self.note(self.unknown(key));
        }
    }

    fn unknown(&self, key: &Spanned<std::borrow::Cow<'_, str>>) -> Problem {
        let name = shortened(key.get_ref());
        let help = match nearest(key.get_ref(), self.known.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("known here: {}", quoted(&self.known)),
        };
        Problem::new("unknown-key", format!("unknown key `{name}`")).at(span_of(key)).help(help)
    }

    fn take(&mut self, name: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(name);
        self.table.get(name)
    }

    /// The value under `name`, which must be there.
    fn demand(&mut self, name: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        let value = self.take(name);
        if value.is_none() {
            self.note(Problem::new("missing-key", format!("the key `{name}` is missing here")).at(self.span));
        }
        value
    }

    fn expect<T>(
        &self,
        value: &'t Spanned<DeValue<'t>>,
        expected: &str,
        get: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<Found<T>> {
        let span = span_of(value);
        let found = get(value.get_ref());
        if found.is_none() {
            let message = format!("expected {expected}, found {}", kind(value.get_ref()));
            self.note(Problem::new("wrong-type", message).at(span));
        }
        found.map(|value| Found { value, span })
    }

    /// The text under `name`, which must be there: one line, not blank, without control characters.
    pub fn text(&mut self, name: &'static str) -> Option<Found<&'t str>> {
        let value = self.demand(name)?;
        let text = self.expect(value, "a text in quotes", DeValue::as_str)?;
        self.clean(text, &format!("write the {name}: it must be said here"))
    }

    /// Nothing where `schema` is another one than `ours`: then it is noted, with what to do, and nothing else can be read.
    pub fn schema(&mut self, ours: &str, help: &str) -> Option<()> {
        let found = self.text("schema")?;
        if found.value == ours {
            return Some(());
        }
        let name: String = found.value.chars().take(60).collect();
        let message = format!("the schema is `{name}`; this program reads `{ours}`");
        self.note(Problem::new("unsupported-schema", message).at(found.span).help(help));
        None
    }

    /// The text under `name`, if there is one.
    pub fn optional_text(&mut self, name: &'static str) -> Option<Found<&'t str>> {
        let value = self.take(name)?;
        self.clean(self.expect(value, "a text in quotes", DeValue::as_str)?, LEAVE_OUT)
    }

    /// Refuses what would look like something else in a terminal or a report.
    fn clean(&self, text: Found<&'t str>, blank_help: &str) -> Option<Found<&'t str>> {
        let problem = if text.value.trim().is_empty() {
            Problem::new("blank-text", "this text is blank").help(blank_help)
        } else if text.value.chars().any(is_invisible) {
            Problem::new("control-character", "this text holds a line break or an invisible control character")
                .help("write it on one line; a long one may be continued with a backslash in `\"\"\"` quotes")
        } else {
            return Some(text);
        };
        self.note(problem.at(text.span));
        None
    }

    /// The list of texts under `name`; empty when there is none.
    pub fn texts(&mut self, name: &'static str) -> Vec<Found<&'t str>> {
        let Some(value) = self.take(name) else { return Vec::new() };
        let Some(list) = self.expect(value, "a list of texts", DeValue::as_array) else { return Vec::new() };
        let texts = list.value.iter().filter_map(|item| self.expect(item, "a text in quotes", DeValue::as_str));
        texts.filter_map(|text| self.clean(text, LEAVE_OUT)).collect()
    }

    /// The date under `name`, which must be there.
    pub fn date(&mut self, name: &'static str) -> Option<Found<Date>> {
        let value = self.demand(name)?;
        self.expect(value, "a date like 2026-11-24, without quotes", civil_date)
    }

    /// The date under `name`, if there is one.
    pub fn optional_date(&mut self, name: &'static str) -> Option<Found<Date>> {
        let value = self.take(name)?;
        self.expect(value, "a date like 2026-11-24, without quotes", civil_date)
    }

    /// `true` or `false` under `name`, if it is there.
    pub fn optional_flag(&mut self, name: &'static str) -> Option<Found<bool>> {
        let value = self.take(name)?;
        self.expect(value, "true or false", DeValue::as_bool)
    }

    /// The address of a page under `name`, which must be there.
    pub fn address(&mut self, name: &'static str) -> Option<String> {
        let found = self.text(name)?;
        self.link(found)
    }

    /// The address of a page under `name`, if there is one.
    pub fn optional_address(&mut self, name: &'static str) -> Option<String> {
        let found = self.optional_text(name)?;
        self.link(found)
    }

    /// The addresses of pages under `name`; none where there is no list.
    pub fn addresses(&mut self, name: &'static str) -> Vec<String> {
        let found = self.texts(name);
        found.into_iter().filter_map(|found| self.link(found)).collect()
    }

    /// Refuses what would not be a link in a report.
    fn link(&self, found: Found<&str>) -> Option<String> {
        let host = found.value.strip_prefix("https://").unwrap_or_default();
        let breaks_a_link = |character: char| character.is_whitespace() || "<>\"'`|\\()[]{}^".contains(character);
        if !host.is_empty() && !host.starts_with('/') && !found.value.contains(breaks_a_link) {
            return Some(found.value.to_owned());
        }
        let problem = Problem::new("bad-address", "this is not the address of a page").at(found.span);
        self.note(problem.help("it begins with https:// and holds no spaces, quotes or brackets"));
        None
    }

    /// Every key of the table with its text, for tables whose keys people choose; in the order of the keys.
    ///
    /// Nothing is unknown in such a table, so it needs no [`Fields::finish`].
    pub fn entries(&self) -> Vec<(Found<&'t str>, Found<&'t str>)> {
        let entry = |(key, value): (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)| {
            let key = self.clean(Found { value: key.get_ref().as_ref(), span: span_of(key) }, LEAVE_OUT)?;
            Some((key, self.clean(self.expect(value, "a text in quotes", DeValue::as_str)?, LEAVE_OUT)?))
        };
        self.table.iter().filter_map(entry).collect()
    }

    /// `true` or `false` under `name`, which must be there.
    pub fn flag(&mut self, name: &'static str) -> Option<Found<bool>> {
        let value = self.demand(name)?;
        self.expect(value, "true or false", DeValue::as_bool)
    }

    /// The word under `name`, which must be there and one of `words`.
    pub fn word<T: Copy>(&mut self, name: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let found = self.text(name)?;
        self.one_of(found, words)
    }

    /// The word under `name`, if there is one: one of `words`.
    pub fn optional_word<T: Copy>(&mut self, name: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let found = self.optional_text(name)?;
        self.one_of(found, words)
    }

    fn one_of<T: Copy>(&self, found: Found<&str>, words: &[(&'static str, T)]) -> Option<T> {
        let value = words.iter().find(|(word, _)| *word == found.value).map(|(_, value)| *value);
        if value.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = nearest(found.value, names.iter().copied());
            let help =
                hint.map_or_else(|| format!("one of {}", quoted(&names)), |word| format!("did you mean `{word}`?"));
            let message = format!("`{}` is not a word that can stand here", shortened(found.value));
            self.note(Problem::new("unknown-word", message).at(found.span).help(help));
        }
        value
    }

    /// The table under `name`, which must be there.
    pub fn table(&mut self, name: &'static str) -> Option<Fields<'t>> {
        let value = self.demand(name)?;
        self.open(value)
    }

    /// The table under `name`, if there is one.
    pub fn optional_table(&mut self, name: &'static str) -> Option<Fields<'t>> {
        let value = self.take(name)?;
        self.open(value)
    }

    /// The tables `[[name]]`, in the order of the file.
    pub fn tables(&mut self, name: &'static str) -> Vec<Fields<'t>> {
        let Some(value) = self.take(name) else { return Vec::new() };
        let Some(list) = self.expect(value, &format!("tables `[[{name}]]`"), DeValue::as_array) else {
            return Vec::new();
        };
        list.value.iter().filter_map(|item| self.open(item)).collect()
    }

    fn open(&self, value: &'t Spanned<DeValue<'t>>) -> Option<Fields<'t>> {
        let found = self.expect(value, "a table", DeValue::as_table)?;
        Some(Fields { table: found.value, span: found.span, known: Vec::new(), problems: self.problems })
    }
}

/// Control characters, line breaks among them, and the marks that reorder text.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn civil_date(value: &DeValue<'_>) -> Option<Date> {
    let value = value.as_datetime()?;
    let date = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
    let year = i16::try_from(date.year).ok()?;
    Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).map(|character| if is_invisible(character) { '\u{fffd}' } else { character }).collect()
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Date), String> {
        let source = Source::new("f.toml", text);
        let read = read_toml(&source, |fields| {
            let name = fields.text("name");
            let day = fields.date("day");
            fields.finish();
            Some((name?.value.to_owned(), day?.value))
        });
        read.map_err(|rejected| rejected.to_string())
    }

    #[test]
    fn a_good_table_is_read() {
        let (name, day) = read("name = 'a'\nday = 2026-11-24\n").unwrap();
        assert_eq!((name.as_str(), day), ("a", Date::constant(2026, 11, 24)));
    }

    #[test]
    fn every_problem_is_reported_with_its_place() {
        let error = read("nmae = 'a'\nday = '2026-11-24'\nx = 1\n").unwrap_err();
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(
            lines,
            [
                "f.toml:1:1: the key `name` is missing here",
                "f.toml:1:1: unknown key `nmae` (did you mean `name`?)",
                "f.toml:2:7: expected a date like 2026-11-24, without quotes, found a text",
                "f.toml:3:1: unknown key `x` (known here: `name`, `day`)",
            ]
        );
    }

    #[test]
    fn a_duplicate_key_is_refused_where_it_stands_again() {
        let error = read("name = 'a'\nname = 'b'\nday = 2026-11-24\n").unwrap_err();
        assert!(error.starts_with("f.toml:2:1: this is not TOML: duplicate key"), "{error}");
    }

    #[test]
    fn impossible_dates_and_times_of_day_are_no_dates() {
        for day in ["2026-02-30", "2026-11-24T10:00:00", "10:00:00", "2026-11-24T10:00:00Z"] {
            assert!(read(&format!("name = 'a'\nday = {day}\n")).is_err(), "{day}");
        }
    }

    #[test]
    fn texts_that_would_deceive_are_refused() {
        for text in ["", "  ", "a\\nb", "a\\u001b[31m", "a\\u202eb", "\\ufeffa"] {
            let error = read(&format!("name = \"{text}\"\nday = 2026-11-24\n")).unwrap_err();
            assert!(error.starts_with("f.toml:1:8: this text "), "{error}");
        }
    }

    #[test]
    fn hostile_texts_end_in_a_bounded_number_of_problems() {
        let deep = "[".repeat(100_000);
        let many = "x = = \n".repeat(50_000);
        let long = format!("{}\n", "a.".repeat(100_000));
        for text in [deep.as_str(), many.as_str(), long.as_str(), "\u{0}", "name = \"\\ud800\"", "\r\r\r"] {
            let error = read(text).unwrap_err();
            assert!(error.lines().count() <= MOST_PROBLEMS + 1);
        }
        let keys: String = (0..5_000).map(|at| format!("k{at} = 1\n")).collect();
        let error = read(&keys).unwrap_err();
        assert!(error.contains("more problems in this file"), "{error}");
    }
}
