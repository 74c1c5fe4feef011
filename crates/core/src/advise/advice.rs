//! The way from the root of the tree to the first leaf that certainly fits, with the questions that were passed.

use super::{LEAVES, Leaf, Method, Role, Saved, Situation};

/// The advice.
#[derive(Debug)]
pub struct Advice {
    /// What it rests on.
    pub situation: Situation,
    /// The leaf; `None` where too little is known for any.
    pub leaf: Option<&'static Leaf>,
    /// The leaves before it that might fit, for want of an answer.
    pub open: Vec<OpenQuestion>,
    /// The other methods, with what speaks against each.
    pub against: Vec<(Method, &'static str)>,
    /// The commands, filled in.
    pub commands: Vec<String>,
    /// What else to know.
    pub notes: Vec<&'static str>,
}

/// A leaf that might fit.
#[derive(Debug, Clone, Copy)]
pub struct OpenQuestion {
    /// The leaf.
    pub leaf: &'static Leaf,
}

/// Something to know beside the method.
#[derive(Debug)]
pub struct Note {
    /// The text.
    pub text: &'static str,
    /// Whether it matters here.
    matters: fn(&Situation) -> bool,
}

/// Everything to know beside the method.
pub const NOTES: &[Note] = &[
    Note {
        text: "A guard by service control policy (`optout generate scp`) binds member accounts and delegates; it never binds the \
               management account. For roles there, `optout generate iam-policy --for apply` has the least that is needed.",
        matters: |_| true,
    },
    Note {
        text: "Opting out deletes content for good in some services: `optout impact` says where, and the commands that save it first.",
        matters: |_| true,
    },
    Note {
        text: "The management account need not do it: a member account can, once the resource policy lets it write policies of this \
               type and no other (`optout generate delegation-policy`).",
        matters: |it| is_large(it) && it.writers.value.as_ref().is_some_and(Vec::is_empty),
    },
    Note {
        text: "The resource policy lets a member account write these policies already: the management account's credentials are not \
               needed for it.",
        matters: |it| {
            it.role.value != Some(Role::Writer) && it.writers.value.as_ref().is_some_and(|all| !all.is_empty())
        },
    },
];

fn is_large(situation: &Situation) -> bool {
    situation.role.value == Some(Role::Management) && situation.accounts.value.is_some_and(|accounts| accounts > 1)
}

/// Walks the tree.
#[must_use]
pub fn advise(situation: Situation, saved: &Saved) -> Advice {
    let mut open = Vec::new();
    let mut leaf = None;
    for candidate in LEAVES {
        match (candidate.fits)(&situation) {
            Some(true) => {
                leaf = Some(candidate);
                break;
            }
            Some(false) => {}
            None => open.push(OpenQuestion { leaf: candidate }),
        }
    }
    let chosen = leaf.and_then(|leaf| leaf.method);
    let others = Method::ALL.iter().copied().filter(|method| chosen.is_some() && Some(*method) != chosen);
    Advice {
        against: others.map(|method| (method, method.against(&situation))).collect(),
        commands: leaf.iter().flat_map(|leaf| leaf.commands).filter_map(|command| saved.fill(command)).collect(),
        notes: NOTES
            .iter()
            .filter(|note| chosen.is_some() && (note.matters)(&situation))
            .map(|note| note.text)
            .collect(),
        situation,
        leaf,
        open,
    }
}
