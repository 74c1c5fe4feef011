//! `optout website check`: may each crawler of the catalogue fetch these sites, and which line decides?

use jiff::Timestamp;
use optout_core::website::check::{Site, SiteCheck, Verdict, check};
use optout_core::website::fetched::Fetched;
use optout_core::website::page::Page;
use optout_core::website::report::{Checked, json, text};
use url::Url;

use super::CrawlerOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::fetch::{Fetcher, path_of};
use crate::file;
use crate::options::AnswerOptions;
use crate::ui::Ui;

/// Say for every crawler whether it may fetch a site, and which line of robots.txt decides
///
/// A URL is fetched: its robots.txt, and the page itself where it names one. Anything else is a robots.txt on disk.
/// Exit code 2 when a crawler of the preset may fetch a given path, 3 when that cannot be said.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout website check https://example.com
  optout website check --block ai-all --path /blog/ public/robots.txt
  optout website check --page dist/index.html dist/robots.txt --format json")]
pub(super) struct Args {
    /// Sites (http or https), or robots.txt files; `-` is standard input
    #[arg(required = true, value_name = "URL|FILE")]
    sites: Vec<String>,

    /// Ask for this path too; without any, for `/`
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,

    /// Look at the directives of this saved page too
    #[arg(long = "page", value_name = "FILE")]
    pages: Vec<String>,

    #[command(flatten)]
    crawlers: CrawlerOptions,

    /// Ask addresses of this machine and its network too
    #[arg(long)]
    allow_private: bool,

    /// Show the crawlers outside the preset too
    #[arg(long, help_heading = "Output")]
    all: bool,

    #[command(flatten)]
    answer: AnswerOptions,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let catalogue = args.crawlers.load()?;
    let preset = args.crawlers.preset(&catalogue)?;
    let saved: Vec<Page> = args.pages.iter().map(|path| saved_page(path)).collect::<Result<_, _>>()?;
    let fetcher = std::cell::OnceCell::new();
    let mut checked = Vec::new();
    for name in &args.sites {
        let mut asked = Asked { name: file::name(name).to_owned(), paths: args.paths.clone(), pages: saved.clone() };
        let fetched = match address(name)? {
            Some(url) => fetch(fetcher.get_or_init(|| Fetcher::new(args.allow_private)), &url, &mut asked, ui),
            None => Fetched::text(file::read(name, file::LARGEST_TEXT)?),
        };
        let site = Site { robots: &fetched, paths: &asked.paths, pages: &asked.pages };
        let check = check(&site, preset, &catalogue);
        checked.push(Checked { name: asked.name, fetched, check });
    }
    args.answer.hand_out(|| text(&checked, args.all), || json(&checked, Timestamp::now()), ui)?;
    Ok(checked.iter().fold(Exit::Holds, |exit, site| exit.and(of(&site.check))))
}

/// What is asked of one site.
struct Asked {
    name: String,
    paths: Vec<String>,
    pages: Vec<Page>,
}

const fn of(check: &SiteCheck) -> Exit {
    match check.verdict {
        Verdict::OptedOut => Exit::Holds,
        Verdict::Unknown => Exit::Undetermined,
        Verdict::Sharing => Exit::Fails,
    }
}

/// The address that a name is; `None` for a file.
fn address(name: &str) -> Result<Option<Url>, Error> {
    let is_address = ["http://", "https://"].iter().any(|scheme| name.to_ascii_lowercase().starts_with(scheme));
    if !is_address {
        return Ok(None);
    }
    let url = Url::parse(name).map_err(|error| Error::usage(format!("`{name}` is no address: {error}"), ""))?;
    if url.username().is_empty() && url.password().is_none() {
        return Ok(Some(url));
    }
    Err(Error::usage("an address with a user or a password is not fetched", "leave them out: crawlers have none"))
}

/// Fetches robots.txt of a site, and the page where the address names one.
fn fetch(fetcher: &Fetcher, url: &Url, asked: &mut Asked, ui: &mut Ui) -> Fetched {
    let mut robots = url.clone();
    robots.set_path("/robots.txt");
    robots.set_query(None);
    robots.set_fragment(None);
    asked.name = robots.to_string();
    ui.detail(&format!("fetching {robots}"));
    let fetched = fetcher.robots(&robots);
    let path = path_of(url);
    if !matches!(path.as_str(), "/" | "/robots.txt") {
        asked.paths.push(path);
        match fetcher.page(url) {
            Ok(page) => asked.pages.push(page),
            Err(error) => ui.warn(&error.to_string()),
        }
    }
    fetched
}

/// A page from disk; it has no headers, and its path is not known.
fn saved_page(path: &str) -> Result<Page, Error> {
    let bytes = file::read(path, file::LARGEST_TEXT)?;
    Ok(Page { path: path.to_owned(), x_robots_tag: Vec::new(), html: String::from_utf8_lossy(&bytes).into_owned() })
}
