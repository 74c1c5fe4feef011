//! The way from the root of the tree to the first leaf that certainly fits, with the questions that were passed.

use super::{LEAVES, Leaf, Method, Saved, Situation};

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

/// What holds for every method.
pub const NOTES: &[&str] = &[
    "A guard by service control policy (`optout generate scp`) binds member accounts and delegates; it never binds the management \
     account. For roles there, `optout generate iam-policy --for apply` has the least that is needed.",
    "Opting out deletes content for good in some services: `optout impact` says where, and the commands that save it first.",
];

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
        notes: if chosen.is_some() { NOTES.to_vec() } else { Vec::new() },
        situation,
        leaf,
        open,
    }
}
