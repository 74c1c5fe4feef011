//! Reports in several formats from one run: which goes where.
//!
//! Each `--output` takes the last `--format` given since the `--output` before it, and without one is of the format that
//! its name says; a `--format` that none took goes to standard output. One of each belong together in either order.

mod over_all;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};
use optout_core::org::AccountId;
use optout_core::report::{Format, Options, Publication, Rendered, Report};

use crate::error::Error;
use crate::file;
use crate::ui::Ui;

/// Standard output, where a file is asked for.
const STANDARD_OUTPUT: &str = "-";

/// The formats and outputs as they were given, each with its place on the command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReportOptions {
    formats: Vec<(usize, Format)>,
    outputs: Vec<(usize, PathBuf)>,
    publication: PublicationOptions,
}

/// Who publishes findings.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Security Hub (format asff)")]
struct PublicationOptions {
    /// The account that will publish the findings: whoever read the organization, unless given
    #[arg(long, value_name = "ID")]
    publish_account: Option<AccountId>,

    /// The Region they will be published in: the home Region of AWS Organizations, unless given
    #[arg(long, value_name = "REGION", value_parser = region)]
    publish_region: Option<String>,

    /// The ARN of the product that they come from: the account's default product, unless given
    #[arg(long, value_name = "ARN", value_parser = product_arn)]
    product_arn: Option<String>,
}

/// A Region's name; it becomes part of an ARN.
fn region(text: &str) -> Result<String, &'static str> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let well_formed = (4..=32).contains(&text.len()) && text.bytes().all(allowed);
    if well_formed { Ok(text.to_owned()) } else { Err("expected a Region like eu-central-1") }
}

fn product_arn(text: &str) -> Result<String, &'static str> {
    let allowed = |byte: u8| byte.is_ascii_graphic();
    let parts: Vec<&str> = text.split(':').collect();
    let well_formed =
        matches!(parts.as_slice(), ["arn", _, "securityhub", _, _, product] if product.starts_with("product/"));
    if well_formed && text.len() <= 2_048 && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err("expected an ARN like arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default")
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    StandardOutput,
    File(PathBuf),
}

impl ReportOptions {
    /// Writes the report in every format that was asked for; in `default` to standard output where none was.
    ///
    /// Nothing is written before everything could be made; files come before standard output.
    pub(crate) fn write(&self, report: &Report<'_>, default: Format, all: bool, ui: &mut Ui) -> Result<(), Error> {
        let options = Options { all, publication: self.publication() };
        let mut rendered = Vec::new();
        for (format, place) in self.wanted(default)? {
            let made =
                format.render(report, &options).map_err(|error| Error::failed(error.to_string(), error.help()))?;
            rendered.push((made, place));
        }
        let (files, out): (Vec<_>, Vec<_>) =
            rendered.into_iter().partition(|(_, place)| *place != Place::StandardOutput);
        files.into_iter().chain(out).try_for_each(|(made, place)| hand_out(made, &place, ui))
    }

    /// Whether what is wanted makes sense, before anything is read.
    pub(crate) fn check(&self, default: Format) -> Result<(), Error> {
        self.wanted(default).map(drop)
    }

    fn publication(&self) -> Publication {
        Publication {
            account: self.publication.publish_account,
            region: self.publication.publish_region.clone(),
            product_arn: self.publication.product_arn.clone(),
        }
    }

    /// Every report with its place.
    fn wanted(&self, default: Format) -> Result<Vec<(Format, Place)>, Error> {
        let mut pairs = self.pairs()?;
        if pairs.is_empty() {
            pairs.push((default, Place::StandardOutput));
        }
        let out = pairs.iter().filter(|(_, place)| *place == Place::StandardOutput).count();
        if out > 1 {
            let message = format!("{out} reports would go to standard output, and only one can");
            return Err(Error::usage(message, "give each other --format an --output after it"));
        }
        match pairs.iter().enumerate().find(|(at, (_, place))| pairs.iter().take(*at).any(|(_, other)| other == place))
        {
            Some((_, (_, Place::File(path)))) => Err(Error::usage(
                format!("two reports would be written to `{}`", path.to_string_lossy()),
                "give each its own --output",
            )),
            Some((_, (_, Place::StandardOutput))) | None => Ok(pairs),
        }
    }

    fn pairs(&self) -> Result<Vec<(Format, Place)>, Error> {
        self.pairs_with(named)
    }

    /// Every report with its place; `named` says the format of a path that has none before it.
    fn pairs_with(
        &self,
        named: impl Fn(&std::path::Path) -> Result<Format, Error>,
    ) -> Result<Vec<(Format, Place)>, Error> {
        if let ([(_, format)], [(_, path)]) = (self.formats.as_slice(), self.outputs.as_slice()) {
            return Ok(vec![(*format, place(path))]);
        }
        let mut free = self.formats.clone();
        let (mut pairs, mut since) = (Vec::new(), 0);
        for (at, path) in &self.outputs {
            let own = free.iter().rposition(|(format_at, _)| (since..*at).contains(format_at));
            let format = match own {
                Some(which) => free.remove(which).1,
                None => named(path)?,
            };
            pairs.push((format, place(path)));
            since = *at;
        }
        pairs.extend(free.into_iter().map(|(_, format)| (format, Place::StandardOutput)));
        Ok(pairs)
    }
}

fn place(path: &std::path::Path) -> Place {
    if path.as_os_str() == STANDARD_OUTPUT { Place::StandardOutput } else { Place::File(path.to_owned()) }
}

/// The format that the file's name says.
fn named(path: &std::path::Path) -> Result<Format, Error> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let help = "put --format FORMAT before it, or give it a name like report.md, report.csv or report.sarif";
    let message = || format!("the name `{}` does not say which format is meant", path.to_string_lossy());
    Format::of_file_name(&name).ok_or_else(|| Error::usage(message(), help))
}

fn hand_out(made: Rendered, place: &Place, ui: &mut Ui) -> Result<(), Error> {
    match (made, place) {
        (Rendered::Styled(text), Place::StandardOutput) => ui.styled(&text),
        (Rendered::Text(text), Place::StandardOutput) => ui.data(&text),
        (made, Place::File(path)) => file::write(path, made.into_text().as_bytes()),
    }
}

/// The formats by their names.
fn format_parser() -> ValueParser {
    let value = |format: &Format| PossibleValue::new(format.as_str()).help(format.about());
    let parser = PossibleValuesParser::new(Format::ALL.iter().map(value));
    let parsed = parser.try_map(|name: String| {
        Format::ALL.iter().copied().find(|format| format.as_str() == name).ok_or("expected the name of a format")
    });
    parsed.into()
}

impl Args for ReportOptions {
    fn augment_args(command: clap::Command) -> clap::Command {
        let command = PublicationOptions::augment_args(command);
        command
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .action(ArgAction::Append)
                    .value_parser(format_parser())
                    .help_heading("Output")
                    .help("The form of the output; may be given several times"),
            )
            .arg(
                Arg::new("output")
                    .long("output")
                    .short('o')
                    .value_name("FILE")
                    .action(ArgAction::Append)
                    .value_parser(clap::value_parser!(PathBuf))
                    .help_heading("Output")
                    .help(
                        "Write the format before it, else the one its name says, to this file; may be given several times; \
                         `-` is standard output; with --fleet a folder like `out/` gets a file for each organization",
                    ),
            )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ReportOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self {
            formats: placed(matches, "format"),
            outputs: placed(matches, "output"),
            publication: PublicationOptions::from_arg_matches(matches)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The values of an argument, each with its place on the command line.
fn placed<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<(usize, T)> {
    let places = matches.indices_of(id).into_iter().flatten();
    places.zip(matches.get_many::<T>(id).into_iter().flatten().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        reports: ReportOptions,
    }

    /// What a command line asks for: `format:file`.
    fn wanted(line: &str) -> Result<Vec<String>, String> {
        let line = Line::try_parse_from(std::iter::once("x").chain(line.split_whitespace())).unwrap();
        let text = |(format, place): (Format, Place)| match place {
            Place::StandardOutput => format!("{}:-", format.as_str()),
            Place::File(path) => format!("{}:{}", format.as_str(), path.display()),
        };
        let pairs = line.reports.wanted(Format::Text).map_err(|error| error.to_string())?;
        Ok(pairs.into_iter().map(text).collect())
    }

    #[test]
    fn an_output_takes_the_format_before_it_else_the_one_its_name_says() {
        let cases = [
            ("", "text:-"),
            ("--format json", "json:-"),
            ("--format json -o x", "json:x"),
            ("-o x --format json", "json:x"),
            ("-o x.csv", "csv:x.csv"),
            ("-o x.md -o -x.xml", "markdown:x.md junit:-x.xml"),
            ("--format text --format sarif -o out.sarif", "sarif:out.sarif text:-"),
            ("--format sarif -o a --format csv -o b", "sarif:a csv:b"),
            ("--format sarif -o a -o b.csv", "sarif:a csv:b.csv"),
            ("-o b.csv --format asff -o a.json", "csv:b.csv asff:a.json"),
            ("-o b.csv -o a.json --format text", "csv:b.csv json:a.json text:-"),
            ("--format text --format sarif -o a.sarif -o b.csv", "sarif:a.sarif csv:b.csv text:-"),
            ("--format csv -o - -o a.oscal.json", "csv:- oscal:a.oscal.json"),
        ];
        for (line, expected) in cases {
            let expected: Vec<String> = expected.split(' ').map(str::to_owned).collect();
            assert_eq!(wanted(&line.replace("-o -x", "-o=-x")), Ok(expected), "{line}");
        }
    }

    #[test]
    fn for_many_organizations_a_folder_gets_a_file_each() {
        let told = |line: &str| {
            let line = Line::try_parse_from(std::iter::once("x").chain(line.split_whitespace())).unwrap();
            over_all::told(&line.reports, Format::Markdown)
        };
        for (line, expected) in [
            ("", "markdown:-"),
            ("-o out/", "markdown:out/"),
            ("--format html -o out/", "html:out/"),
            ("--format asff -o out/ --format html -o out/", "asff:out/ html:out/"),
            ("--format text -o out/ -o all.html", "text:out/ html:all.html"),
        ] {
            let expected: Vec<String> = expected.split(' ').map(str::to_owned).collect();
            assert_eq!(told(line), Ok(expected), "{line}");
        }
        for (line, why) in [
            ("--format asff", "a report in the format `asff` is about one organization"),
            ("-o all.oscal.json", "a report in the format `oscal` is about one organization"),
            ("--format html -o out/ --format html -o out/", "two reports would be written to one place"),
            ("--format json --format csv", "two reports would be written to one place"),
            ("-o report", "the name `report` does not say which format is meant"),
        ] {
            assert_eq!(told(line), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, why) in [
            ("--format json --format csv", "2 reports would go to standard output, and only one can"),
            ("--format json --format csv -o -", "2 reports would go to standard output, and only one can"),
            ("-o report", "the name `report` does not say which format is meant"),
            ("-o -", "the name `-` does not say which format is meant"),
            ("--format csv -o a -o b.csv --format json -o a", "two reports would be written to `a`"),
        ] {
            assert_eq!(wanted(line), Err(why.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_becomes_part_of_an_arn_has_its_form() {
        assert!(region("eu-central-1").is_ok() && region("eu:1/x").is_err() && region("").is_err());
        assert!(product_arn("arn:aws:securityhub:us-east-1:1:product/1/default").is_ok());
        assert!(product_arn("arn:aws:s3:::x").is_err());
    }
}
