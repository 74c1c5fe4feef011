//! Documents that stand beside each other, in one folder or one unit of code: which one refines which, and whose opening
//! another one needs.
//!
//! A document about single services, below one that opts `default` out and lets them change, is an exception or what keeps
//! one narrow: it needs no `default` and no lock of `services` of its own. What it changes has to be open above it. Both
//! follow from the rules of inheritance in [`crate::policy`].

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Body, Document, Facts, Target};
use super::locks;
use super::rules::Policy;
use crate::policy::Json;

/// More documents beside one than this are not compared with it: a folder may hold thousands.
const MOST_BESIDE: usize = 200;

/// What the documents beside one say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// Whether it refines one that opts `default` out.
    pub refines: bool,
    /// The services that another one changes below it: locked here, that would have no effect.
    pub changed_below: BTreeSet<String>,
}

/// A document by its place: its file, and where in it it begins.
pub(super) type Key = (usize, usize);

/// The place of a document.
pub(super) const fn key(document: &Document) -> Key {
    (document.at.file, document.at.span.start)
}

/// Documents with something to say about each other. `folder` gives the folder of a file.
pub(super) fn arounds(facts: &Facts, folder: &dyn Fn(usize) -> String) -> BTreeMap<Key, Around> {
    let standing = standing(facts, folder);
    let mut homes: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    for (key, it) in &standing {
        it.homes.iter().for_each(|home| homes.entry(home).or_default().push(*key));
    }
    let around = |(key, it): (&Key, &Standing)| {
        let near: BTreeSet<Key> =
            it.homes.iter().filter_map(|home| homes.get(home.as_str())).flatten().copied().take(MOST_BESIDE).collect();
        let others: Vec<&Standing> =
            near.iter().filter(|other| *other != key).filter_map(|other| standing.get(other)).collect();
        (*key, it.around(&others))
    };
    standing.iter().map(around).collect()
}

/// How far below the root a target is, at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Height {
    Root,
    Unit,
    Account,
}

impl Height {
    const fn of(target: Target) -> Option<Self> {
        match target {
            Target::Root => Some(Self::Root),
            Target::Unit => Some(Self::Unit),
            Target::Account | Target::EachAccount | Target::OwnAccount => Some(Self::Account),
            Target::Unknown => None,
        }
    }
}

/// A document with where it stands and what it says.
#[derive(Debug, Default)]
struct Standing {
    homes: BTreeSet<String>,
    /// Where it is attached; none where that is not known.
    heights: BTreeSet<Height>,
    said: BTreeMap<String, Said>,
    lets_add: bool,
}

/// What is said of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    value: String,
    /// Whether children may assign another value.
    open: bool,
    /// Whether that is written out.
    written: bool,
}

impl Standing {
    fn around(&self, others: &[&Self]) -> Around {
        let refines = !self.says_default() && others.iter().any(|base| self.refines(base));
        let changed = |(service, said): &(&String, &Said)| others.iter().any(|it| it.changes(service, said, self));
        let changed_below = self.said.iter().filter(changed).map(|(service, _)| service.clone()).collect();
        Around { refines, changed_below }
    }

    fn says_default(&self) -> bool {
        self.said.contains_key("default")
    }

    fn opts_default_out(&self) -> bool {
        self.said.get("default").is_some_and(|said| said.value == "optOut")
    }

    /// Whether everything it says can take effect under `base`, which opts the rest out.
    fn refines(&self, base: &Self) -> bool {
        let (above, here) = (base.heights.first(), self.heights.first());
        let together = matches!((above, here), (Some(Height::Root), Some(Height::Root)));
        let below = match (above, here) {
            (Some(above), Some(here)) => above < here,
            // Below an account there is nothing, and nothing above the root.
            (Some(Height::Account), None) | (None, Some(Height::Root)) => false,
            (_, None) | (None, _) => true,
        };
        let lets = |service: &String| base.said.get(service).map_or(base.lets_add, |said| said.open);
        base.opts_default_out() && (together || (below && self.said.keys().all(lets)))
    }

    /// Whether this one, standing below `above`, needs what is said of a service there to be open.
    fn changes(&self, service: &str, said: &Said, above: &Self) -> bool {
        let below = match (above.heights.first(), self.heights.last()) {
            (Some(above), Some(here)) => above < here,
            (None, _) | (_, None) => {
                service != "default" && !self.says_default() && (above.opts_default_out() || said.written)
            }
        };
        below && said.open && self.said.get(service).is_some_and(|own| own.value != said.value)
    }
}

fn standing(facts: &Facts, folder: &dyn Fn(usize) -> String) -> BTreeMap<Key, Standing> {
    let mut all: BTreeMap<Key, Standing> = BTreeMap::new();
    let of_policies = facts.policies.iter().filter_map(|policy| policy.document.as_ref());
    for document in facts.documents.iter().chain(of_policies) {
        if let std::collections::btree_map::Entry::Vacant(place) = all.entry(key(document))
            && let Some(mut standing) = read(document)
        {
            standing.homes.insert(folder(document.at.file));
            place.insert(standing);
        }
    }
    for policy in &facts.policies {
        let Some(standing) = policy.document.as_ref().and_then(|document| all.get_mut(&key(document))) else {
            continue;
        };
        standing.homes.insert(policy.unit.clone());
        let own = facts.attachments.iter().filter(|it| {
            it.unit == policy.unit && it.policy.as_ref().is_some_and(|address| *address == policy.address)
        });
        let heights: Vec<Option<Height>> = own.map(|it| Height::of(it.target)).collect();
        // Where one of its places is not known, none is.
        standing.heights.extend(heights.into_iter().collect::<Option<Vec<Height>>>().unwrap_or_default());
    }
    all
}

fn read(document: &Document) -> Option<Standing> {
    let parsed;
    let json = match &document.body {
        Body::Tree(json, _) => json,
        Body::Text(text) if text.value.len() <= super::MOST_BYTES => {
            parsed = super::read::json::read(&text.value).0?.json()?;
            &parsed
        }
        Body::Text(_) | Body::File => return None,
    };
    Some(said(json))
}

fn said(json: &Json) -> Standing {
    let alone = Around::default();
    let policy = Policy::new(json, 0, &alone);
    let of = |named: &super::rules::Named<'_>| {
        let (setting, value) = (named.setting?, named.value?.as_str()?);
        let (open, written) = (locks::is_open(&setting.value), locks::is_written(&setting.value));
        Some((named.member.key.clone(), Said { value: value.to_owned(), open, written }))
    };
    Standing {
        said: policy.named.iter().filter_map(of).collect(),
        lets_add: policy.services.is_some_and(locks::lets_add),
        ..Standing::default()
    }
}
