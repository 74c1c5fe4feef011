//! Files that other commands wrote, read back: `optout.workstation/1` and `optout.website/1`.
//!
//! Only what an audit needs is taken; of that, everything must be there and have its form. Fields that are new in a later
//! version of the same form are no mistake.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::source::{LineIndex, Problem, Rejected, Source, Span};

/// The verdict of a machine, a tool or a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    OptedOut,
    Sharing,
    Unknown,
    NotInstalled,
}

impl Verdict {
    const fn as_str(self) -> &'static str {
        match self {
            Self::OptedOut => "opted-out",
            Self::Sharing => "sharing",
            Self::Unknown => "unknown",
            Self::NotInstalled => "not-installed",
        }
    }

    /// `Some(true)` where it shares, `None` where that is open.
    const fn shares(self) -> Option<bool> {
        match self {
            Self::Sharing => Some(true),
            Self::OptedOut | Self::NotInstalled => Some(false),
            Self::Unknown => None,
        }
    }
}

/// A machine, as `optout workstation check --format json` wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Workstation {
    /// When it was looked at.
    pub at: Timestamp,
    /// The home directory that was looked at.
    pub home: String,
    /// The operating system.
    pub os: String,
    content: Verdict,
    telemetry: Verdict,
    products: Vec<Tool>,
}

/// What one tool shares.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tool {
    /// Its id.
    pub id: String,
    content: Option<Verdict>,
    telemetry: Option<Verdict>,
}

impl Tool {
    /// Whether it is a client of Amazon Q Developer or of what came after it.
    fn is_assistant(&self) -> bool {
        self.id.starts_with("amazon-q-") || self.id.starts_with("kiro-")
    }

    fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        self.content.into_iter().chain(self.telemetry)
    }
}

impl Workstation {
    /// Reads a machine's report.
    ///
    /// # Errors
    /// Where the text is not such a report, with line and column.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        parse(source, "optout.workstation/1", "optout workstation check --format json")
    }

    /// The machine in a list: its home directory, there being no other name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} ({})", self.home, self.os)
    }

    /// Whether Amazon Q Developer or Kiro shares content or usage data there; `None` where that is open.
    pub(super) fn shares(&self) -> Option<bool> {
        let assistants = || self.products.iter().filter(|tool| tool.is_assistant());
        let any = |wanted: Option<bool>| assistants().flat_map(Tool::verdicts).any(|it| it.shares() == wanted);
        if any(Some(true)) { Some(true) } else { (!any(None)).then_some(false) }
    }

    pub(super) fn describe(&self) -> String {
        let sharing: Vec<&str> = self
            .products
            .iter()
            .filter(|tool| tool.verdicts().any(|verdict| verdict == Verdict::Sharing))
            .map(|tool| tool.id.as_str())
            .collect();
        let sharing = if sharing.is_empty() { String::new() } else { format!("; sharing: {}", sharing.join(", ")) };
        let (content, telemetry) = (self.content.as_str(), self.telemetry.as_str());
        format!("{}, looked at {}: content {content}, usage data {telemetry}{sharing}", self.name(), self.at)
    }
}

/// Sites, as `optout website check --format json` wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sites {
    /// When they were looked at.
    pub at: Timestamp,
    /// Each site.
    pub sites: Vec<Site>,
}

/// One site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Site {
    /// The address or path of its robots.txt.
    pub name: String,
    /// The crawlers that were to be kept out.
    pub preset: String,
    /// What fetching came to.
    pub fetch: String,
    verdict: Verdict,
}

/// The presets that keep the crawlers out which AWS trains with; each built-in one does.
const PRESETS: [&str; 4] = ["aws-training", "aws-all", "ai-training", "ai-all"];

impl Sites {
    /// Reads a report of sites.
    ///
    /// # Errors
    /// Where the text is not such a report, with line and column.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        parse(source, "optout.website/1", "optout website check --format json")
    }
}

impl Site {
    /// Whether a crawler of the preset may fetch it; `None` where that is open, or the preset is one nobody here knows.
    pub(super) fn shares(&self) -> Option<bool> {
        let known = PRESETS.contains(&self.preset.as_str());
        self.verdict.shares().filter(|shares| *shares || known)
    }

    pub(super) fn describe(&self, at: Timestamp) -> String {
        let (name, verdict, preset, fetch) = (&self.name, self.verdict.as_str(), &self.preset, &self.fetch);
        format!("{name}, looked at {at}: {verdict} for `{preset}` ({fetch})")
    }
}

#[derive(Deserialize)]
struct Format {
    format: Option<String>,
}

fn parse<T: DeserializeOwned>(source: &Source, format: &str, command: &str) -> Result<T, Rejected> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let reject = |problem: Problem| Rejected::new(source.clone(), vec![problem]);
    let help = format!("expected what `{command}` writes: `\"format\": \"{format}\"`");
    let found: Format = serde_json::from_str(text).map_err(|error| reject(problem(text, &error, &help)))?;
    if found.format.as_deref() != Some(format) {
        let name: String = found.format.unwrap_or_else(|| "none".to_owned()).chars().take(60).collect();
        return Err(reject(
            Problem::new("report-format", format!("its format is `{name}`")).at(Span::new(0, 0)).help(help),
        ));
    }
    serde_json::from_str(text).map_err(|error| reject(problem(text, &error, &help)))
}

fn problem(text: &str, error: &serde_json::Error, help: &str) -> Problem {
    let full = error.to_string();
    let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message);
    let at = LineIndex::new(text).offset(text, error.line(), error.column());
    Problem::new("report-json", message).at(Span::new(at, at)).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(content: &str, telemetry: &str, id: &str) -> Workstation {
        let text = format!(
            r#"{{"format":"optout.workstation/1","at":"2026-11-20T08:00:00Z","home":"/home/ann","os":"linux",
            "environment_known":true,"content":"{content}","telemetry":"{telemetry}","products":[
            {{"id":"{id}","name":"N","content":"{content}","telemetry":"{telemetry}","findings":[],"note":null}}]}}"#
        );
        Workstation::parse(&Source::new("w.json", text)).unwrap()
    }

    #[test]
    fn a_machine_shares_where_an_assistant_shares_content_or_usage_data() {
        assert_eq!(machine("sharing", "opted-out", "amazon-q-vscode").shares(), Some(true));
        assert_eq!(machine("opted-out", "sharing", "kiro-ide").shares(), Some(true));
        assert_eq!(machine("opted-out", "unknown", "amazon-q-cli").shares(), None);
        assert_eq!(machine("not-installed", "opted-out", "amazon-q-cli").shares(), Some(false));
        assert_eq!(machine("sharing", "sharing", "aws-cdk-cli").shares(), Some(false), "no assistant");
    }

    #[test]
    fn other_files_are_refused_with_the_place_and_what_was_expected() {
        for (text, message) in [
            ("{", "w.json:1:1: EOF while parsing an object"),
            ("{\"format\":\"optout.website/1\"}", "w.json:1:1: its format is `optout.website/1`"),
            ("{}", "w.json:1:1: its format is `none`"),
            ("{\"format\":\"optout.workstation/1\"}", "missing field `at`"),
            (
                "{\"format\":\"optout.workstation/1\",\n\"at\":\"2026-11-20T08:00:00Z\",\"home\":\"h\",\"os\":\"linux\",\n\
                 \"content\":\"fine\"}",
                "w.json:3:16: unknown variant `fine`",
            ),
        ] {
            let error = Workstation::parse(&Source::new("w.json", text)).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("optout workstation check"), "{error}");
        }
    }

    #[test]
    fn a_site_is_kept_from_crawlers_only_for_a_preset_that_is_known() {
        let site = |preset: &str, verdict: &str| {
            let text = format!(
                r#"{{"format":"optout.website/1","at":"2026-11-20T08:00:00Z","sites":[{{"name":"https://example.com/robots.txt",
                "preset":"{preset}","verdict":"{verdict}","fetch":"26 bytes","redirects":[],"crawlers":[],"notes":[]}}]}}"#
            );
            Sites::parse(&Source::new("s.json", text)).unwrap().sites.remove(0).shares()
        };
        assert_eq!(site("aws-training", "opted-out"), Some(false));
        assert_eq!(site("ours", "opted-out"), None);
        assert_eq!(site("ours", "sharing"), Some(true));
        assert_eq!(site("ai-all", "unknown"), None);
    }
}
