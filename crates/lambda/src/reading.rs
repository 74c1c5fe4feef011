//! How the function reads an organization: as `optout verify` does.

use optout_aws::read::{OrderCouldMatter, ReadOptions};
use optout_core::org::Policy;
use optout_core::policy::{Dialect, Document, could_depend_on_order};

/// What to read of an organization for its verdicts.
#[must_use]
pub fn options() -> ReadOptions {
    ReadOptions { order_could_matter: OrderCouldMatter::new(order_could_matter), ..ReadOptions::default() }
}

fn order_could_matter(policies: &[&Policy]) -> bool {
    let parse = |policy: &&Policy| Document::parse(Dialect::Plain, policy.content.as_deref()?).ok();
    let documents: Option<Vec<Document>> = policies.iter().map(parse).collect();
    documents.is_none_or(|documents| could_depend_on_order(&documents.iter().collect::<Vec<_>>()))
}
