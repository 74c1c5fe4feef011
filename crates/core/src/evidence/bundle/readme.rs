//! The page for auditors: what a bundle proves, what it does not, and how to check it with common tools alone.

use std::fmt::Write as _;

use super::{Manifest, NAMESPACE, file};
use crate::source::shown;

/// The text of the page, in Markdown.
pub(super) fn readme(manifest: &Manifest) -> String {
    let mut out = String::new();
    opening(&mut out, manifest);
    files(&mut out, manifest);
    out.push_str(CHECKS);
    if manifest.with_answers {
        out.push_str(ANSWERS);
    }
    signature(&mut out);
    out.push_str(LIMITS);
    limits_of_this(&mut out, manifest);
    out
}

fn opening(out: &mut String, manifest: &Manifest) {
    let organization = manifest.organization.as_deref().unwrap_or("an account in no organization");
    let _ = writeln!(
        out,
        "# Evidence: may AWS use the content of {organization} to improve its AI services?\n\n\
         Answer on {}: **{}** (decision: {}).\n\n\
         Made by optout {} on {} from what was read of {}.\n",
        manifest.taken,
        manifest.verdict,
        manifest.decision,
        manifest.tool_version,
        manifest.made,
        quoted(&manifest.source),
    );
}

/// Somebody else's text, as code, which nothing in it can end.
fn quoted(text: &str) -> String {
    format!("`{}`", shown(text).replace('`', "'"))
}

fn files(out: &mut String, manifest: &Manifest) {
    out.push_str("## What is here\n\n| file | what it is |\n|---|---|\n");
    for it in &manifest.files {
        let _ = writeln!(out, "| `{}` | {} |", it.name, it.about);
    }
    let _ = writeln!(out, "| `{}` | what is in the bundle and where it comes from |", file::MANIFEST);
    let _ = writeln!(out, "| `{}` | the SHA-256 sum of every file |\n", file::SUMS);
}

const CHECKS: &str = "\
## How to check it

With nothing but common tools, in this folder. Every file is as its sum says:

```sh
sha256sum --check --strict SHA256SUMS
```

The verdict, and every account that is not opted out:

```sh
jq -r '.verdict' report.json
jq -r '.accounts[] | select(.verdict != \"opted-out\") | [.id, .name, .verdict] | @tsv' report.json
```

";

const ANSWERS: &str = "\
What AWS itself answered for each account that was asked, as it came over the wire, with the id by which AWS knows the call:

```sh
jq -r 'select(.operation == \"DescribeEffectivePolicy\" and .status == 200)
  | .request_id as $id | (.answer | fromjson).EffectivePolicy
  | [.TargetId, ((.PolicyContent | fromjson).services.default.opt_out_policy | tostring), $id] | @tsv' answers.jsonl
```

`optOut` is the answer that keeps content out, also for services to come; `null` is no answer, so that AWS's default applies.
Accounts with the same policies on their whole path have the same effective policy; `report.json` says under `basis` whose
answer counts for which account.

";

fn signature(out: &mut String) {
    let _ = writeln!(
        out,
        "If there is a `{}`, it is an SSH signature over `{}`. With the signer's public key in `allowed_signers`, as\n\
         `ssh-keygen(1)` describes it, and the name that stands there:\n\n\
         ```sh\n\
         ssh-keygen -Y verify -f allowed_signers -I NAME -n {NAMESPACE} -s {} < {}\n\
         ```\n\n\
         Without a signature, or sums that somebody kept elsewhere, matching sums say only that the bundle is whole: whoever can\n\
         change a file can change its sum.\n",
        file::SIGNATURE,
        file::SUMS,
        file::SIGNATURE,
        file::SUMS,
    );
}

const LIMITS: &str = "\
The program that made this is not needed for any of it. It does more: `optout evidence verify` compares the snapshot with AWS's
answers, works the report out again, and checks the chain of records.

## What it proves, and what it does not

- It records what AWS's API answered, to whom and when. That AWS gave these answers rests on the word of who signed; CloudTrail
  in the account that asked has the same calls under the same request ids.
- It speaks of one moment. For the time between, see `chain.jsonl` where it is here, and `optout history`.
- The policy covers the AI services that AWS lists, and what they are sent from then on. It says nothing of content that was
  used before, of developers' machines, or of public websites.
- An account that could not be read is `unknown`, which is neither a pass nor a failure.
";

fn limits_of_this(out: &mut String, manifest: &Manifest) {
    let answers = match manifest.with_answers {
        true => "- AWS's answers are here as they came, without headers.",
        false => "- The organization came from a file, so AWS's answers are not here as they came.",
    };
    let email = match manifest.without_email {
        true => {
            "- E-mail addresses were replaced by `redacted` before the sums were made; names of role sessions by `*`."
        }
        false => {
            "- E-mail addresses are in it, on request of who made it; names of role sessions were replaced by `*`."
        }
    };
    let _ = writeln!(out, "{answers}\n{email}");
}
