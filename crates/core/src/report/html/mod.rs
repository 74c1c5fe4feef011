//! The report as one HTML document that needs nothing but itself: for whoever has to understand it, print it, or dig in.
//!
//! Everything essential is plain markup that works without a script; `report.js` adds folding, filtering and the table of
//! accounts by services, from data in the document. A strict content security policy admits that one script and that one
//! style by their hashes and no request at all. Other people's text enters through `markup::Html` alone.
//!
//! A new part of the document is a file with a `Section`, and its line in `SECTIONS`.

mod accounts;
mod classes;
mod data;
mod derivation;
mod digest;
mod exceptions;
mod findings;
mod fleet;
mod head;
mod limits;
mod markup;
mod organization;
mod places;
mod policies;
mod provenance;
mod reasons;
mod unknowns;
mod words;

pub(super) use fleet::render as fleet;

use classes::Classes;
use markup::Html;
use places::Places;

use super::Report;
use crate::check::{AccountLock, AccountResult, Assessment, Subject};
use crate::org::{PolicyId, TargetId, Tree};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// A part of the document, with its place in the table of contents.
struct Section {
    /// Its id, to which links lead.
    id: &'static str,
    /// Its title.
    title: &'static str,
    /// A short text beside the title in the table of contents, such as how many findings there are.
    count: fn(&Page<'_, '_>) -> Option<usize>,
    /// Whether this report has it.
    present: fn(&Page<'_, '_>) -> bool,
    /// What stands below the title.
    body: fn(&Page<'_, '_>, &mut Html),
}

/// The parts after the answer, in order. Checklists, services in use, developers' machines and websites have their place
/// before `limits`.
const SECTIONS: &[Section] = &[
    findings::SECTION,
    unknowns::SECTION,
    exceptions::SECTION,
    organization::SECTION,
    accounts::SECTION,
    reasons::SECTION,
    policies::SECTION,
    limits::SECTION,
    provenance::SECTION,
];

/// The report as an HTML document: equal bytes for equal reports.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let tree = Tree::new(report.assessment.snapshot).ok();
    let places = Places::new(report.assessment, tree.as_ref());
    let classes = Classes::new(report.assessment, &places);
    Page { report, tree: tree.as_ref(), places: &places, classes: &classes }.document().into_text()
}

/// What every part of the document draws from.
struct Page<'r, 'a> {
    report: &'r Report<'a>,
    tree: Option<&'r Tree<'r>>,
    places: &'r Places<'r>,
    classes: &'r Classes,
}

impl<'a> Page<'_, 'a> {
    fn assessment(&self) -> &Assessment<'a> {
        self.report.assessment
    }

    fn document(&self) -> Html {
        let mut out = Html::default();
        out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        policy(&mut out);
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.raw(
            "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n",
        );
        out.raw("<title>")
            .text(&head::title(self))
            .raw("</title>\n<style>")
            .raw(STYLE)
            .raw("</style>\n</head>\n<body>\n");
        out.raw("<a class=\"skip\" href=\"#main\">Skip to the answer</a>\n");
        head::masthead(self, &mut out);
        out.raw("<div class=\"columns\">\n");
        self.contents(&mut out);
        out.raw("<main id=\"main\" tabindex=\"-1\">\n");
        head::answer(self, &mut out);
        self.present().for_each(|section| self.section(&mut out, section));
        out.raw("</main>\n</div>\n");
        accounts::dialog(&mut out);
        out.raw("<script type=\"application/json\" id=\"data\">").json(&data::json(self)).raw("</script>\n");
        out.raw("<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
        out
    }

    fn present(&self) -> impl Iterator<Item = &'static Section> {
        SECTIONS.iter().filter(|section| (section.present)(self))
    }

    fn contents(&self, out: &mut Html) {
        out.raw(
            "<nav class=\"contents\" aria-label=\"Contents\">\n<ul>\n<li><a href=\"#answer\">The answer</a></li>\n",
        );
        for section in self.present() {
            out.raw("<li><a href=\"#").raw(section.id).raw("\">").raw(section.title);
            if let Some(count) = (section.count)(self) {
                out.raw(" <span class=\"count\">").text(&words::number(count)).raw("</span>");
            }
            out.raw("</a></li>\n");
        }
        out.raw("</ul>\n</nav>\n");
    }

    fn section(&self, out: &mut Html, section: &Section) {
        out.raw("<section id=\"")
            .raw(section.id)
            .raw("\" aria-labelledby=\"")
            .raw(section.id)
            .raw("-title\">\n<h2 id=\"");
        out.raw(section.id).raw("-title\">").raw(section.title).raw("</h2>\n");
        (section.body)(self, out);
        out.raw("</section>\n");
    }

    /// A policy by its name and id.
    fn policy(&self, out: &mut Html, id: &PolicyId) {
        if let Some(policy) = self.assessment().snapshot.policy(id) {
            out.name(&policy.name).raw(" ");
        }
        out.raw("<code>").text(id.as_str()).raw("</code>");
    }

    /// A root, unit or account by its name and id; accounts lead to what is known of them.
    fn target(&self, out: &mut Html, target: &TargetId) {
        match target {
            TargetId::Account(id) => {
                let name = self.assessment().listed_account(*id).map(|account| account.name.as_str());
                let name = name.filter(|name| !name.is_empty());
                out.raw("<a href=\"#account-").show(id).raw("\">").name(name.unwrap_or("account")).raw("</a>");
            }
            TargetId::Unit(id) => {
                let name = self.tree.and_then(|tree| tree.unit(id)).map(|unit| unit.name.as_str());
                out.name(name.unwrap_or_default());
            }
            TargetId::Root(_) => {
                let root = self.assessment().snapshot.root.as_ref();
                out.name(root.map_or("Root", |root| root.name.as_str()));
            }
        }
        out.raw(" <code>").show(target).raw("</code>");
    }

    fn subject(&self, out: &mut Html, subject: &Subject) {
        match subject {
            Subject::Account(id) => {
                self.target(out, &TargetId::Account(*id));
                self.where_is(out, &TargetId::Account(*id));
            }
            Subject::Target(target) => {
                self.target(out, target);
                self.where_is(out, target);
            }
            Subject::Policy(id) => self.policy(out, id),
            Subject::Principal(name) => drop(out.raw("<code>").text(name).raw("</code>")),
            Subject::Organization(_) | Subject::Catalogue => drop(out.show(subject)),
        }
    }

    /// The path of names to where a target is.
    fn where_is(&self, out: &mut Html, target: &TargetId) {
        let parent = match target {
            TargetId::Root(_) => None,
            TargetId::Unit(id) => self.tree.and_then(|tree| tree.unit(id)).map(|unit| &unit.parent),
            TargetId::Account(id) => self.assessment().listed_account(*id).and_then(|account| account.parent.as_ref()),
        };
        if let (Some(parent), Some(tree)) = (parent, self.tree) {
            out.raw(" <span class=\"path\">").name(&tree.names(parent)).raw("</span>");
        }
    }
}

/// Whether a policy further down could change what holds for the account.
fn is_open(assessment: &Assessment<'_>, account: &AccountResult) -> bool {
    match assessment.group(account).map(|group| group.lock) {
        Some(AccountLock::Full) => false,
        Some(AccountLock::None | AccountLock::Partial | AccountLock::Unknown) | None => true,
    }
}

/// No request of any kind, no frame, no form; one style and one script, which can build no markup from text.
fn policy(out: &mut Html) {
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
    out.text(&digest::source(STYLE)).raw("'; script-src '").text(&digest::source(SCRIPT));
    out.raw("'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">\n");
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, SECTIONS, STYLE};

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }

    #[test]
    fn the_script_builds_no_markup_from_text() {
        for way in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "setAttribute(\"style",
        ] {
            assert!(!SCRIPT.contains(way), "{way}");
        }
    }

    #[test]
    fn ids_of_sections_are_unique() {
        let ids: std::collections::BTreeSet<_> = SECTIONS.iter().map(|section| section.id).collect();
        assert_eq!(ids.len(), SECTIONS.len());
    }
}
