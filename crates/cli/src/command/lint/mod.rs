//! `optout lint`: opt-out policies in files and repositories, judged before AWS sees them.

mod mend;
mod text;
mod walk;

use optout_core::catalogue::Catalogue;
use optout_core::check::Severity;
use optout_core::lint::{self, Checked, Input, MOST_BYTES, Note};
use optout_core::source::{Source, nearest};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{CatalogueOptions, Line, OutputOptions};
use crate::ui::Ui;

/// Find AI services opt-out policies in files and repositories, and what is wrong with them and the code around them
///
/// Looks at JSON documents, Terraform and its plans, CloudFormation, cdk.out, CDK code, Landing Zone Accelerator, shell
/// scripts, Python and JavaScript: would AWS accept the policies, what do they leave open, does the code put them where
/// they hold? A document that AWS would refuse is a result like any other. Files that .gitignore excludes are left out.
/// Exit code 2 when a policy is inadmissible or a finding is at or above --fail-on, 1 when a path cannot be opened.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout lint policy.json
  optout lint .
  optout lint --fail-on medium --format sarif --output optout.sarif infrastructure
  optout lint --fix --yes policies
  optout lint --explain no-services-lock
  terraform show -json tfplan | optout lint -")]
pub(crate) struct Args {
    /// Files and folders; `-` is standard input
    #[arg(required_unless_present = "explain", value_name = "PATH")]
    paths: Vec<String>,

    /// Fail from this severity on
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Line::High)]
    fail_on: Line,

    /// Leave out paths that match this pattern, as .gitignore has them
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Mend what can be mended for certain; shows the changes and asks before it writes
    #[arg(long)]
    fix: bool,

    /// Write without asking
    #[arg(long, short, requires = "fix")]
    yes: bool,

    /// Say what a rule is for; without a name, list all rules
    #[arg(long, value_name = "RULE", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["paths", "fix"])]
    explain: Option<String>,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Form::Text, help_heading = "Output")]
    format: Form,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For machines: versioned, with a schema in docs/schemas
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    if let Some(rule) = &args.explain {
        return explain(rule, &args.output, ui);
    }
    let catalogue = args.catalogue.load()?;
    let mut read = Read { to_be_written: args.fix, ..Read::default() };
    args.paths.iter().for_each(|path| read.path(path, &args.exclude, ui));
    let mut checked = read.judge(&catalogue);
    if args.fix && mend::mend(&mut read.inputs, &catalogue, args.yes, args.format == Form::Text, ui)? {
        checked = read.judge(&catalogue);
    }
    read.notes.iter().for_each(|note| ui.detail(&format!("{} is left out: {}", note.path, note.why)));
    match args.format {
        Form::Json => args.output.json(ui, &lint::json(&checked, &read.notes))?,
        Form::Sarif => args.output.json(ui, &lint::sarif(&checked, env!("CARGO_PKG_VERSION")))?,
        Form::Github => args.output.text(ui, &lint::github(&checked))?,
        Form::Text => args.output.styled(ui, &text::report(&checked, read.walked, read.notes.len()))?,
    }
    let line = Severity::from(args.fail_on);
    Ok(read.exit.and(Exit::fails_if(checked.iter().any(|document| document.fails(line)))))
}

/// What was read.
struct Read {
    inputs: Vec<Input>,
    /// Files that cannot be judged with the others: no text, or far too large.
    refused: Vec<Checked>,
    notes: Vec<Note>,
    /// How many files were looked at in folders; `None` where no folder was named.
    walked: Option<usize>,
    /// Whether files may be replaced: then pipes and devices are refused.
    to_be_written: bool,
    exit: Exit,
}

impl Default for Read {
    fn default() -> Self {
        let (inputs, refused, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { inputs, refused, notes, walked: None, to_be_written: false, exit: Exit::Holds }
    }
}

impl Read {
    fn path(&mut self, path: &str, exclude: &[String], ui: &mut Ui) {
        let result = if path != "-" && std::path::Path::new(path).is_dir() {
            self.folder(path, exclude, ui)
        } else {
            self.file(path)
        };
        if let Err(error) = result {
            ui.error(&error);
            self.exit = self.exit.and(error.exit());
        }
    }

    fn folder(&mut self, path: &str, exclude: &[String], ui: &Ui) -> Result<(), Error> {
        let found = walk::walk(path, exclude, &ui.counter("looking at files"))?;
        self.walked = Some(self.walked.unwrap_or(0) + found.seen);
        self.notes.extend(found.notes);
        let known: std::collections::BTreeSet<String> = self.inputs.iter().map(|it| it.source.name.clone()).collect();
        let new = found.sources.into_iter().filter(|source| !known.contains(&source.name));
        self.inputs.extend(new.map(|source| Input { source, named: false }));
        Ok(())
    }

    fn file(&mut self, path: &str) -> Result<(), Error> {
        if self.to_be_written && path != "-" {
            file::assert_regular(path)?;
        }
        let bytes = file::read_up_to(path, walk::LARGEST)?;
        let large = bytes.len() as u64 > walk::LARGEST;
        let structured = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if large
            || (bytes.len() > MOST_BYTES
                && !structured
                && lint::Kind::of(path, &bytes).is_none_or(|kind| kind == lint::Kind::Json))
        {
            let size = std::fs::metadata(path).map_or(bytes.len() as u64, |data| data.len().max(bytes.len() as u64));
            self.refused.push(lint::too_large(path, size));
            return Ok(());
        }
        match Source::from_bytes(path, bytes) {
            Ok(source) => self.inputs.push(Input { source, named: true }),
            Err(rejected) => self.refused.push(lint::refused(&rejected)),
        }
        Ok(())
    }

    /// Judges everything; files that were named stay in their order.
    fn judge(&self, catalogue: &Catalogue) -> Vec<Checked> {
        let mut checked = lint::lint_repository(&self.inputs, catalogue);
        checked.extend(self.refused.iter().cloned());
        let place =
            |it: &Checked| self.inputs.iter().position(|input| input.named && input.source.name == it.source.name);
        checked.sort_by_key(|it| place(it).unwrap_or(usize::MAX));
        checked
    }
}

fn explain(name: &str, output: &OutputOptions, ui: &mut Ui) -> Result<Exit, Error> {
    if name.is_empty() {
        let line = |rule: &lint::rule::Rule| format!("{:<32} {:<9} {}\n", rule.id, rule.severity.as_str(), rule.title);
        let list: String = lint::rule::ALL.iter().map(line).collect();
        output.text(ui, &list)?;
        return Ok(Exit::Holds);
    }
    let Some(rule) = lint::rule::find(name) else {
        let near = nearest(name, lint::rule::ALL.iter().map(|rule| rule.id));
        let help = near
            .map_or_else(|| "`optout lint --explain` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(Error::usage(format!("there is no rule `{name}`"), help));
    };
    output.text(ui, &lint::explanation(rule))?;
    Ok(Exit::Holds)
}
