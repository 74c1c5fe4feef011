//! What must hold for every input of a reader, whatever it is: one law a file, each run by a fuzz target of the same name
//! (`fuzz/`) and by the test beside this folder.
//!
//! A law takes the code that it judges as an argument where it says more than "no crash": `broken.rs` hands it code that is wrong.

pub(crate) mod answer;
pub(crate) mod bundle;
mod catalogues;
mod fleet;
pub(crate) mod inheritance;
mod intent;
pub(crate) mod lint;
mod names;
mod page;
mod plan;
pub(crate) mod policy;
pub(crate) mod reader;
mod record;
mod report;
pub(crate) mod resolvers;
pub(crate) mod robots;
mod saved;
mod services;
pub(crate) mod settings;
mod snapshot;
mod standing;
pub(crate) mod trail;
mod undo;
mod usage;

/// A law: it panics where it is broken.
pub(crate) type Law = fn(&[u8]);

/// Every law by the name of its fuzz target.
pub(crate) const LAWS: [(&str, Law); 27] = [
    ("answer", answer::holds),
    ("bundle", bundle::holds),
    ("catalogues", catalogues::holds),
    ("cloudformation", lint::cloudformation),
    ("documents", lint::documents),
    ("fleet", fleet::holds),
    ("inheritance", inheritance::holds),
    ("intent", intent::holds),
    ("jsonc", settings::jsonc),
    ("names", names::holds),
    ("page", page::holds),
    ("plan", plan::holds),
    ("policy", policy::holds),
    ("preferences", settings::preferences),
    ("record", record::holds),
    ("report", report::holds),
    ("robots", robots::holds),
    ("saved", saved::holds),
    ("scripts", lint::scripts),
    ("services", services::holds),
    ("snapshot", snapshot::holds),
    ("standing", standing::holds),
    ("terraform", lint::terraform),
    ("trail", trail::holds),
    ("undo", undo::holds),
    ("usage", usage::holds),
    ("xml", settings::xml),
];
