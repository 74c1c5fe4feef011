//! The walk through the console with an organization's own ids, for those who change nothing by program.
//!
//! Sources of the pages and words of the console, read 2026-11-24:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/enable-policy-type.html>, `…/orgs_manage_policies_ai-opt-out_all.html`
//! (the button that enables, and the one that makes a policy of AWS's own), `…/orgs_manage_policies_ai-opt-out_create.html`,
//! `…/orgs_manage_policies_ai-opt-out_attach.html`, `…/orgs_manage_policies_ai-opt-out_effective.html`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::json::pretty;
use super::markdown::{Page, name};
use super::{Design, GenerateError, GeneratedFile, Labelled, Output, POLICY_TYPE};
use crate::org::TargetId;
use crate::plan::Wanted;
use crate::source::shown;

const POLICIES: &str = "<https://console.aws.amazon.com/organizations/v2/home/policies/aiservices-opt-out-policy>";
const ACCOUNTS: &str = "<https://console.aws.amazon.com/organizations/v2/home/accounts>";

/// The walk-through, one page.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    let mut page = enabling(before(Page::default(), design), design);
    for (at, it) in design.policies.iter().enumerate() {
        page = policy(page, design, it, at + 2);
    }
    let page = trouble(verifying(page, design));
    let mut notes = design.notes();
    if design.root.is_none() {
        notes
            .push("without --organization the page cannot name the account, the root and what is there already".into());
    }
    Ok(Output::new(vec![GeneratedFile::new("runbook.md", page.end())], notes))
}

fn before(page: Page, design: &Design) -> Page {
    let account = match design.management_account {
        Some(id) => format!("Sign in to the management account. The console shows at the top right: account `{id}`."),
        None => "Sign in to the management account: the console's page of the organization names it.".to_owned(),
    };
    page.heading(1, "Opting out of AI services, in the AWS console")
        .block("text", &design.lines().join("\n"))
        .text("Every step says what to check. Where something is not as it says, stop there: the last section says what to do.")
        .heading(2, "Before you begin")
        .list([
            "AWS says that a service which is opted out deletes content it stored for improving itself; some services then work otherwise. \
             That cannot be undone. `optout impact` says what it means for this organization; have its answer read first.",
            &account,
            "Use a role that may do it, not the root user. `optout generate iam-policy --for apply` writes the permissions for these steps; the \
             console may want to read more.",
            "Follow the order of the steps: what closes comes before what opens.",
        ])
}

fn enabling(page: Page, design: &Design) -> Page {
    let known = design.enabled_types.is_some();
    let state = match (known, design.is_type_enabled()) {
        (true, true) => "It was on when the organization was read: only the check is left.",
        (true, false) => "It was off when the organization was read.",
        (false, _) => "It is done once for an organization.",
    };
    let open = format!("Open {POLICIES}.");
    page.heading(2, "Step 1: enable the policy type")
        .text(state)
        .steps([
            open.as_str(),
            "Where the page offers **Enable AI services opt-out policies**, choose it.",
            "Do not choose **Opt out from all services**: that makes a policy of AWS's own beside those of this page.",
        ])
        .text("**Check:** the page lists policies, or says that there are none yet; it offers no button that enables.")
}

fn policy(page: Page, design: &Design, it: &Labelled, step: usize) -> Page {
    let policy = &it.policy;
    let page = match &policy.id {
        None => page.heading(2, &format!("Step {step}: create the policy {}", name(&policy.name))).steps([
            format!("Open {POLICIES} and choose **Create policy**.").as_str(),
            "Fill in the name, the description and the tags below.",
            "In the editor choose **JSON**, delete everything there, and paste the document below. Nothing may stand before or after it.",
            "Choose **Create policy**.",
        ]),
        Some(id) => page.heading(2, &format!("Step {step}: change the policy `{id}`")).steps([
            format!("Open {POLICIES} and choose the policy whose id is `{id}`.").as_str(),
            "Edit it: name, description and document as below, and nothing else; then save it.",
            "Edit its tags: those below must be there. Leave others as they are.",
        ]),
    };
    attaching(texts(page, policy), design, policy)
}

fn texts(page: Page, policy: &Wanted) -> Page {
    let all =
        [&policy.name, &policy.description].into_iter().chain(policy.tags.iter().flat_map(|(key, value)| [key, value]));
    let hidden = all.into_iter().any(|text| shown(text) != text.as_str());
    let page = page
        .when(hidden, |page| {
            page.text(
                "**These texts have characters that cannot be seen.** Below they are written as codes such as `\\u{a}`, which cannot be \
                 pasted: change them in the intent, or use `optout generate script`.",
            )
        })
        .text("Name:")
        .line(&policy.name)
        .when(!policy.description.is_empty(), |page| page.text("Description:").line(&policy.description));
    let page = policy.tags.iter().fold(page, |page, (key, value)| {
        let page = page.text("Tag, key:").line(key);
        if value.is_empty() { page.text("Its value stays empty.") } else { page.text("Its value:").line(value) }
    });
    page.text("Document:").block("json", &policy.content)
}

fn attaching(page: Page, design: &Design, policy: &Wanted) -> Page {
    let place = |target: &TargetId| match target {
        TargetId::Root(_) => {
            format!("the root{}", design.root.as_ref().map(|id| format!(", `{id}`")).unwrap_or_default())
        }
        TargetId::Unit(id) => format!("the unit `{id}`"),
        TargetId::Account(id) => format!("the account `{id}`"),
    };
    let wanted: Vec<String> = policy.targets.iter().map(place).collect();
    let keeps: BTreeSet<&TargetId> = policy.targets.iter().collect();
    let leaves: Vec<String> = policy.attached.iter().filter(|it| !keeps.contains(it)).map(place).collect();
    let open = format!("Open {ACCOUNTS} and choose, one after the other, the name of each of these:");
    let page = page
        .text("**Check:** open the policy: the document shown there says the same; spaces and line ends do not matter.")
        .text("Then attach it.")
        .text(&open)
        .list(wanted.iter().map(String::as_str))
        .steps([
            "On the tab **Policies**, in the entry **AI services opt-out policies**, choose **Attach**. Where the policy is listed \
             there already, there is nothing to do.",
            "Find the policy by its name and choose **Attach policy**.",
        ]);
    let page = page.when(!leaves.is_empty(), |page| {
        page.text("It is attached where it should not be. Open the policy, its tab **Targets**, and detach it from each of these:")
            .list(leaves.iter().map(String::as_str))
    });
    page.text("**Check:** the policy's tab **Targets** lists these and nothing else:")
        .list(wanted.iter().map(String::as_str))
}

fn verifying(page: Page, design: &Design) -> Page {
    let account = design.management_account.map_or_else(|| "ACCOUNT".to_owned(), |id| id.to_string());
    let command =
        format!("aws organizations describe-effective-policy --policy-type {POLICY_TYPE} --target-id {account}");
    let expected = expected(design);
    let page = page
        .heading(2, "Verify")
        .text("What counts is AWS's own answer for an account. In the console's CloudShell, or anywhere with the `aws` command line:")
        .block("sh", &command);
    let page = match expected {
        Some(value) => page
            .text("In `PolicyContent` of the answer there must be, at least, the following. Operators such as `@@assign` are not in it.")
            .block("json", pretty(&value).trim_end()),
        None => page.text("In `PolicyContent` of the answer each service must have the value that the documents above give it."),
    };
    page.text("An answer may be some minutes behind. One account is a sample; this asks for every account and changes nothing:")
        .block("sh", "optout verify --intent optout.toml")
        .text("Its exit code 0 is the proof to file. `optout generate iam-policy --for verify` writes the permissions it needs.")
        .when(design.until.is_some(), |page| {
            page.text("**An exception ends:** generate this page again after the day that its head names.")
        })
}

/// What must be in the answer for the management account, where that follows from the policies at the root alone.
fn expected(design: &Design) -> Option<Value> {
    let account = design.management_account?;
    let elsewhere = |target: &TargetId| match target {
        TargetId::Account(id) => *id == account,
        // Whether the account is below a unit is not known here.
        TargetId::Unit(_) => true,
        TargetId::Root(_) => false,
    };
    if design.policies.iter().any(|it| it.policy.targets.iter().any(elsewhere)) {
        return None;
    }
    let at_root = design.policies.iter().filter(|it| it.policy.is_at_root());
    let mut services = Map::new();
    for it in at_root {
        let document: Value = serde_json::from_str(&it.policy.content).ok()?;
        for (service, entry) in document.get("services")?.as_object()? {
            if let Some(value) = entry.pointer("/opt_out_policy/@@assign") {
                services.insert(service.clone(), json!({ "opt_out_policy": value }));
            }
        }
    }
    Some(json!({ "services": services }))
}

fn trouble(page: Page) -> Page {
    page.heading(2, "Where something is not as it says").list([
        "**A policy of that name is there already.** Somebody else made it. Ask whose it is; with `--adopt POLICY` this page takes it over.",
        "**The document is refused.** Something was added or lost: paste it again, whole. It is JSON, without comments.",
        "**There are other policies of this type.** They may open what these close: `optout verify` says which and where.",
        "**An account's answer is another one.** `optout doctor` says why, and `optout explain ACCOUNT SERVICE` which policy decides.",
        "**You are not allowed to.** A role of a member account may do this only where the organization's resource policy says so.",
    ])
}

#[cfg(test)]
mod tests {
    use super::generate;
    use crate::generate::tests::design::{self, main_policy};
    use crate::generate::{Design, Labelled};
    use crate::plan::Wanted;

    fn design(targets: &[&str]) -> Design {
        let policy = Wanted {
            targets: targets.iter().map(|id| id.parse().unwrap()).collect(),
            attached: ["ou-exam-workload".parse().unwrap()].into(),
            ..main_policy()
        };
        design::design(vec![Labelled { label: "main".into(), policy }])
    }

    fn page(design: &Design) -> String {
        generate(design).unwrap().files.remove(0).text
    }

    #[test]
    fn it_names_the_organizations_own_ids() {
        let text = page(&design(&["r-exam"]));
        for part in
            ["account `111111111111`", "- the root, `r-exam`\n", "--target-id 111111111111\n", "\"default\": {\n"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains("detach it from each of these:\n\n- the unit `ou-exam-workload`"), "{text}");
    }

    #[test]
    fn what_cannot_be_foreseen_is_not_promised() {
        let text = page(&design(&["r-exam", "111111111111"]));
        assert!(!text.contains("at least, the following"), "{text}");
        let unknown = Design { management_account: None, root: None, enabled_types: None, ..design(&["r-exam"]) };
        let text = page(&unknown);
        assert!(text.contains("- the root\n") && !text.contains("r-exam`") && !text.contains("111111111111"), "{text}");
    }

    #[test]
    fn a_name_that_cannot_be_pasted_is_called_so() {
        let mut hidden = design(&["r-exam"]);
        hidden.policies[0].policy.name = "a\u{202e}b".into();
        assert!(page(&hidden).contains("cannot be pasted") && !page(&design(&["r-exam"])).contains("cannot be pasted"));
    }
}
