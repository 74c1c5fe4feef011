//! A stack in the management account by the tools of landing zones: each has its own way of naming that account, and each may
//! create no policy of a name that is there already.

use serde_json::Value;

use super::markdown::{Page, name};
use super::{Design, GenerateError, GeneratedFile, cloudformation, script, yaml};
use crate::org::{AccountId, RootId};

pub mod control_tower;
pub mod lza;
mod region;

pub use region::{Region, RegionError};

/// The stack's name, which no landing zone may have twice.
const STACK: &str = "ai-opt-out";

/// What only an organization can tell.
struct Known {
    account: AccountId,
    root: RootId,
}

/// What these tools need to be told: nobody is asked for a parameter when they deploy.
fn known(design: &Design) -> Result<Known, GenerateError> {
    let missing = |what| GenerateError::Missing { what, help: "name a saved organization with --organization FILE" };
    let account = design.management_account.ok_or(missing("the management account"))?;
    let root = design.root.clone().ok_or(missing("the id of the root"))?;
    Ok(Known { account, root })
}

/// The template of [`cloudformation`] and the step before it.
fn stack(design: &Design, template: &str, before: &str) -> Result<Vec<GeneratedFile>, GenerateError> {
    let value: Value = cloudformation::template(design)?;
    Ok(vec![
        GeneratedFile::new(template, design.header("#") + &yaml::document(&value)),
        GeneratedFile::program(before, script::enable_only(design)),
    ])
}

/// The policies that are there already, of which a new stack would fail.
fn already_there(design: &Design) -> Vec<String> {
    let there = design.policies.iter().filter_map(|it| Some((&it.policy.name, it.policy.id.as_ref()?)));
    there.map(|(text, id)| format!("{}, `{id}`", name(text))).collect()
}

/// The warning about them, where there are any.
fn warn_of_these(page: Page, design: &Design, tool: &str) -> Page {
    let there = already_there(design);
    page.when(!there.is_empty(), |page| {
        page.heading(2, "These policies are there already")
            .list(there.iter().map(String::as_str))
            .text(&format!(
                "AWS takes no second policy of a name, so the stack fails while they are there, and {tool} imports nothing. Keep them where they \
                 are with `optout apply`, or import them into a plain stack (`optout generate cloudformation`); this folder is of no use then."
            ))
    })
}

/// How to see that it worked, and what takes it away again.
fn after(page: Page, removal: &str) -> Page {
    page.heading(2, "Verify")
        .block("sh", "optout verify --intent optout.toml")
        .text("asks AWS's own answer for every account; the stack's own state says nothing about it.")
        .heading(2, "Taking it away")
        .text(removal)
        .text("The policies stay (`DeletionPolicy: Retain`) until somebody deletes them: everybody stays opted out.")
}

#[cfg(test)]
mod tests;
