//! The design that tests of targets begin with: an organization that was read, and one policy for its root.

use std::collections::{BTreeMap, BTreeSet};

use crate::generate::{Design, Labelled, Provenance};
use crate::org::Partition;
use crate::plan::Wanted;

/// A design of these policies.
pub(in crate::generate) fn design(policies: Vec<Labelled>) -> Design {
    Design {
        provenance: provenance("i"),
        organization: "o-exampleorgid".parse().ok(),
        management_account: "111111111111".parse().ok(),
        partition: Partition::Aws,
        root: "r-exam".parse().ok(),
        enabled_types: Some(Vec::new()),
        resource_policy: None,
        policies,
        declared: Vec::new(),
        until: None,
    }
}

/// What made a design from this intent.
pub(in crate::generate) fn provenance(intent: &str) -> Provenance {
    Provenance { what: "x".into(), intent: intent.into(), sha256: "0".repeat(64), tool_version: "1".into() }
}

/// A policy that opts the root out.
pub(in crate::generate) fn main_policy() -> Wanted {
    Wanted {
        id: None,
        is_main: true,
        name: "n".into(),
        description: String::new(),
        content: r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#.into(),
        tags: BTreeMap::new(),
        targets: vec!["r-exam".parse().unwrap()],
        attached: BTreeSet::new(),
    }
}
