//! `docs/advise.md`: the tree, made from its table, so that a test can tell when it is stale.

use std::fmt::Write as _;

use super::{LEAVES, Leaf, Method, Saved, Situation};

const HEAD: &str = "\
<!-- Made from crates/core/src/advise by a test; change the leaf, then run it with UPDATE_GENERATED=1. -->

# Which way

`optout advise` walks this tree with the organization in hand and says which method, why, what speaks against the others, and the
commands. The first row that certainly fits is the advice; rows before it that might fit are named as questions. It only reads, and
always ends with exit code 0.

```
optout advise                                                        # from AWS
optout advise --organization organization.json                       # from a file, saved with `optout snapshot --with landscape`
optout advise --offline --accounts 40 --control-tower yes --lza no         # by answers alone
```

An answer by option counts before what was observed. Where nothing can be read the answers are all there is; on a terminal the
questions are asked. The form for programs is `optout.advice/1` (docs/schemas/advice-1.json).

| # | when | method | answered by |
| --- | --- | --- | --- |
";

const EVIDENCE: &str = "
## What it looks at

- **Control Tower**: `controltower.amazonaws.com` has trusted access (ListAWSServiceAccessForOrganization), or a service control policy
  is called `aws-guardrails-…` (ListPolicies).
- **Landing Zone Accelerator**: a service control policy, or the stack of an opt-out policy, has a name that it gives by default
  (`AWSAccelerator…`, `AcceleratorGuardrails…`). Names can be configured: that none is seen proves nothing, so `--lza` may be needed.
- **What policies are kept in**: tags of the opt-out policies (ListTagsForResource). CloudFormation leaves
  `aws:cloudformation:stack-name`; Terraform leaves nothing by itself, so that only tags like `ManagedBy=Terraform` tell; this program
  leaves `optout:managed`.
- **Who asks**, and who else may write these policies: the management account; accounts that the resource policy names; a delegated
  administrator, who may read; a member.

What may not be read is unknown, with the permission that is missing.

## A guard is no lock

A service control policy that denies changing opt-out policies binds member accounts and delegates. It never binds the management
account: who has a role there is what its IAM policies say.
";

/// The page, Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for (at, leaf) in LEAVES.iter().enumerate() {
        let method = leaf.method.map_or("nothing from here", Method::as_str);
        let _ = writeln!(
            page,
            "| {} | [{}](#{}) | {method} | `{}` |",
            at + 1,
            leaf.when,
            leaf.id,
            leaf.ask.replace('|', "\\|")
        );
    }
    page.push_str(EVIDENCE);
    page.push_str("\n## The ends of the tree\n");
    LEAVES.iter().for_each(|leaf| section(&mut page, leaf));
    page.push_str("\n## What speaks against each method\n\n");
    for method in Method::ALL {
        let _ = writeln!(
            page,
            "- **{}** ({}): {}.",
            method.as_str(),
            method.title(),
            method.against(&Situation::unknown())
        );
    }
    page
}

fn section(page: &mut String, leaf: &Leaf) {
    let commands: Vec<String> = leaf.commands.iter().filter_map(|command| Saved::default().fill(command)).collect();
    let method = leaf
        .method
        .map_or("Nothing can be done from here.".to_owned(), |method| format!("Method: {}.", method.title()));
    let _ = write!(
        page,
        "\n### {}\n\nWhen {}. {method}\n\n{}\n\n```\n{}\n```\n",
        leaf.id,
        leaf.when,
        leaf.why,
        commands.join("\n")
    );
}
