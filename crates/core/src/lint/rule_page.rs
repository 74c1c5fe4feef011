//! `docs/lint.md` and `optout lint --explain RULE`, made from the table of rules.

use std::fmt::Write as _;

use super::rule::{GROUPS, Rule};

const MADE: &str =
    "<!-- Made from crates/core/src/lint/rule by a test; change the rule, then run it with UPDATE_GENERATED=1. -->\n\n";

const HEAD: &str = "# Rules of `optout lint`\n\n\
    `optout lint PATH…` finds AI services opt-out policies wherever they live (JSON documents, Terraform and its plans, \
    CloudFormation, `cdk.out`, CDK code, Landing Zone Accelerator, shell scripts, Python and JavaScript) and looks at the \
    whole repository together. `optout lint --explain RULE` shows the same texts as this page.\n\n\
    - **What fails.** Exit code 2 when a policy is inadmissible, or a finding is at or above `--fail-on` (`high` unless said \
    otherwise); 1 when a path cannot be opened.\n\
    - **What is looked at.** All of a folder but what `.gitignore` excludes, and `.terraform`, `.venv` and `node_modules`; \
    what is named is looked at whatever says otherwise: `optout lint . cdk.out`. Symbolic links are not followed. Binary and \
    very large files are left out, and named with `--verbose`.\n\
    - **Fixes.** `--fix` shows what it would change and asks; `--yes` does not ask. Only what the rule names changes; a second \
    run changes nothing.\n\
    - **Suppression.** `# optout:ignore RULE reason` (`//` in JavaScript and Terraform too) at the end of a line holds for that \
    line, on a line of its own for the block below it; `optout:ignore-file RULE reason` for the file. A suppression \
    without a reason is a finding. JSON has no comments: an object may say `\"optout:ignore\": [{\"Rules\": [\"RULE\"], \"Reason\": \
    \"reason\"}]`, for its own file (the metadata of a template, say) or, with `\"File\": \"NAME\"`, for one in the same folder, \
    since a policy document can hold nothing but the policy. Files of `optout generate` carry the exceptions of the intent like \
    this. What is suppressed is in the report with its reason.\n\
    - **Documents beside each other.** Those of one folder, template, script or Terraform module are read together: a document \
    about single services below one that opts `default` out is an exception, or keeps one narrow, where that one lets it change \
    what it names, and where nothing says that it is attached higher up. Whether an exception has ended only `optout generate \
    --check` and `optout verify` can tell.\n\
    - **Limits.** What is known only at run time is open, and nothing is said about it: `templatefile`, values of variables \
    without a literal default, interpolated texts. Modules that are not in the repository are not looked at.\n\n";

/// The page, Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = format!("{MADE}{HEAD}");
    for group in GROUPS {
        let _ = write!(
            page,
            "## {}\n\n| rule | severity | what is wrong | fix |\n| --- | --- | --- | --- |\n",
            group.title
        );
        for rule in group.rules {
            let fix = rule.fix.unwrap_or("");
            let _ = writeln!(page, "| [{0}](#{0}) | {1} | {2} | {3} |", rule.id, rule.severity, rule.title, fix);
        }
        page.push('\n');
    }
    for rule in GROUPS.iter().flat_map(|group| group.rules) {
        section(&mut page, rule);
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn section(page: &mut String, rule: &Rule) {
    let _ = write!(
        page,
        "### {}\n\n**{}.** Severity: {}.\n\n{} {}\n\n",
        rule.id, rule.title, rule.severity, rule.why, rule.remedy
    );
    if let Some(fix) = rule.fix {
        let _ = write!(page, "`--fix` {fix}.\n\n");
    }
    let _ = write!(
        page,
        "Wrong:\n\n```\n{}\n```\n\nRight:\n\n```\n{}\n```\n\n",
        rule.wrong.trim_end(),
        rule.right.trim_end()
    );
    for source in rule.sources {
        let _ = writeln!(page, "- {}", linked(source));
    }
    page.push('\n');
}

/// The address at the start of a source as a link; what follows it stays text.
fn linked(source: &str) -> String {
    match source.split_once([' ', ',']) {
        Some((address, _)) if address.starts_with("https://") => {
            format!("<{address}>{}", source.get(address.len()..).unwrap_or_default())
        }
        _ => source.to_owned(),
    }
}

/// What a rule is for, as plain text.
#[must_use]
pub fn explanation(rule: &Rule) -> String {
    let indented = |text: &str| text.trim_end().lines().map(|line| format!("    {line}\n")).collect::<String>();
    let mut text = format!("{} ({})\n{}.\n\n{}\n{}\n", rule.id, rule.severity, rule.title, rule.why, rule.remedy);
    if let Some(fix) = rule.fix {
        let _ = writeln!(text, "--fix {fix}.");
    }
    let _ = write!(text, "\nWrong:\n{}\nRight:\n{}\nSources:\n", indented(rule.wrong), indented(rule.right));
    for source in rule.sources {
        let _ = writeln!(text, "  {source}");
    }
    text
}
