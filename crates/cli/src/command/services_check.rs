//! `optout services check`: is the catalogue as new as AWS's page?

use optout_core::catalogue::page::{Comparison, Page, compare};
use optout_core::report::{Styled, Tone};
use optout_core::source::shown;

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{CatalogueOptions, Moment, day};
use crate::ui::Ui;

const PAGE: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html";

/// Compare a saved copy of AWS's page on the syntax of opt-out policies with the catalogue
///
/// HTML or Markdown, in any language. Prints entries for the keys that the catalogue lacks, ready to be put into a
/// catalogue file. Exit code 2 when there are any, or when the page has items that could not be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout services check orgs_manage_policies_ai-opt-out_syntax.html
  curl -s https://docs.aws.amazon.com/… | optout services check -")]
pub(crate) struct Args {
    /// The saved page; `-` is standard input
    #[arg(value_name = "FILE")]
    file: String,

    #[command(flatten)]
    catalogue: CatalogueOptions,

    /// The day the page was saved, if not today
    #[arg(long, value_name = "DATE")]
    at: Option<Moment>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let catalogue = args.catalogue.load()?;
    let saved = day(Moment::or_now(args.at));
    let page = Page::read(&file::source(&args.file, file::LARGEST_TEXT)?)?;
    let comparison = compare(&page, &catalogue);
    ui.note(&super::services::age(&catalogue, saved));
    ui.styled(&text(&comparison))?;
    ui.data(&comparison.toml(PAGE, saved))?;
    Ok(Exit::fails_if(!comparison.new.is_empty() || !comparison.unread.is_empty()))
}

fn text(comparison: &Comparison) -> Styled {
    let mut out = Styled::default();
    let names =
        |keys: &[_]| keys.iter().map(|key: &optout_core::catalogue::ServiceKey| format!("`{key}`")).collect::<Vec<_>>();
    if comparison.is_current() {
        out.push(Tone::Good, "the catalogue has every key of the page").line();
    }
    if !comparison.new.is_empty() {
        out.push(Tone::Doubtful, "new on the page: ").plain(names(&comparison.new).join(", ")).line();
    }
    if !comparison.gone.is_empty() {
        out.push(Tone::Faint, "not on this page: ").plain(names(&comparison.gone).join(", "));
        out.plain(" (mostly the page is an older copy)").line();
    }
    for item in &comparison.unread {
        out.push(Tone::Doubtful, "an item that is no key: ").plain(shown(item)).line();
    }
    out
}
