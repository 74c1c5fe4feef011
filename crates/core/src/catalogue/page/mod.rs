//! AWS's page on the syntax of opt-out policies, as somebody saved it: which keys it lists, and what is new.
//!
//! The page is
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html>. AWS publishes
//! it as HTML and as Markdown in a dozen languages; others keep it with other bullets and indentation. So nothing here
//! looks at wording, only at the structure all have in common: one list has an item for `default`, and each of its items
//! begins with a key. A tokenizer of a hundred lines finds lists in HTML; a parser of HTML would bring dozens of packages
//! for a structure that needs no repair.

mod compare;
mod html;
mod list;
mod markdown;

pub use compare::{Comparison, compare};

use std::collections::BTreeSet;

use self::list::List;
use super::ServiceKey;
use crate::source::{Problem, Rejected, Source, Span};

/// Each copy of the page has it, in its examples.
const LANDMARK: &str = "opt_out_policy";

/// The list of keys on one saved copy of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The keys in the order of the page, without `default`.
    pub keys: Vec<ServiceKey>,
    /// Items of the list that do not begin with anything that could be a key; to be looked at by a person.
    pub unread: Vec<String>,
}

impl Page {
    /// Finds the list of keys on a saved copy of the page, HTML or Markdown.
    ///
    /// # Errors
    /// When the text is not this page, the list is not there, the text ends inside it, or two lists differ.
    pub fn read(source: &Source) -> Result<Self, Rejected> {
        let refuse = |problem| Err(Rejected::new(source.clone(), vec![problem]));
        if !source.text.contains(LANDMARK) {
            return refuse(not_the_page());
        }
        let mut lists = candidates(html::lists(&source.text));
        if lists.is_empty() {
            lists = candidates(markdown::lists(&source.text));
        }
        match lists.as_slice() {
            [] => refuse(no_list()),
            [(list, _), ..] if !list.closed => refuse(cut_off(list.span)),
            [(_, page), others @ ..] => match others.iter().find(|(_, other)| other != page) {
                Some((other, _)) => refuse(two_lists(other.span)),
                None => Ok(page.clone()),
            },
        }
    }
}

/// The lists that have an item for `default` and at least one other key.
fn candidates(lists: Vec<List>) -> Vec<(List, Page)> {
    let page = |list: List| read_list(&list).map(|page| (list, page));
    lists.into_iter().filter_map(page).collect()
}

fn read_list(list: &List) -> Option<Page> {
    let (mut keys, mut unread, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for item in &list.items {
        match item.key() {
            Some(key) if !seen.insert(key.clone()) || key.is_default() => {}
            Some(key) => keys.push(key),
            None => unread.push(item.summary()),
        }
    }
    let has_default = seen.contains(ServiceKey::DEFAULT);
    (has_default && !keys.is_empty()).then_some(Page { keys, unread })
}

fn looked_for() -> String {
    "looked for a list with an item that begins with `default` and other items that begin with a service key".to_owned()
}

fn not_the_page() -> Problem {
    let message =
        format!("this is not AWS's page on the syntax of opt-out policies: `{LANDMARK}` does not occur in it");
    Problem::new("not-the-page", message)
        .help("save orgs_manage_policies_ai-opt-out_syntax.html (or .md) of the AWS Organizations User Guide")
}

fn no_list() -> Problem {
    Problem::new("no-list-of-keys", "the list of service keys is not on this page").help(looked_for())
}

fn cut_off(span: Span) -> Problem {
    let problem = Problem::new("page-cut-off", "the text ends inside the list of service keys").at(span);
    problem.help("save the whole page again")
}

fn two_lists(span: Span) -> Problem {
    Problem::new("two-lists-of-keys", "a second list of service keys differs from the first")
        .at(span)
        .help(looked_for())
}
