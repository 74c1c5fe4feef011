//! Plans, what-ifs and undos for people: what is called and why, what it changes for whom, what cannot be taken back.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};

use super::{Styled, Tone};
use crate::catalogue::Catalogue;
use crate::org::{AccountId, Snapshot};
use crate::plan::undo::Undone;
use crate::plan::{Change, DataLoss, Hole, LockChange, Obstacle, Plan, PlannedStep, PolicyRef, Step};
use crate::source::shown;

/// How many accounts of one line are named.
const NAMED: usize = 5;

/// A plan as text: the steps as a diff, what they change, what is lost, what stays open, what is in the way.
#[must_use]
pub fn render(plan: &Plan, snapshot: &Snapshot, catalogue: &Catalogue) -> Styled {
    let mut page = Page { snapshot, out: Styled::default() };
    page.headline(plan);
    page.steps(&plan.steps);
    page.changes(&plan.changes);
    page.losses(&plan.losses, catalogue);
    page.holes(&plan.holes);
    page.obstacles(&plan.obstacles);
    page.out
}

/// The way back as text: the steps, and what does not come back.
#[must_use]
pub fn undone(undone: &Undone, snapshot: &Snapshot) -> Styled {
    let mut page = Page { snapshot, out: Styled::default() };
    if undone.steps.is_empty() {
        page.out.push(Tone::Good, "NOTHING TO DO").plain("  everything is as it was").line();
    } else {
        let count = counted(undone.steps.len(), "step");
        page.out.push(Tone::Strong, format!("UNDO  {count} back to what was")).line();
    }
    page.steps(&undone.steps);
    if !undone.lost.is_empty() {
        page.title("What does not come back");
        undone.lost.iter().for_each(|line| {
            page.out.push(Tone::Doubtful, format!("  {}", shown(line))).line();
        });
    }
    page.out
}

/// What a what-if would change, as text.
#[must_use]
pub fn what_if(what: &str, changes: &[Change], snapshot: &Snapshot) -> Styled {
    let mut page = Page { snapshot, out: Styled::default() };
    if changes.is_empty() {
        page.out.push(Tone::Good, "NOTHING CHANGES").plain(format!("  {}", shown(what))).line();
    } else {
        let accounts = counted(changes.iter().map(|change| change.accounts.len()).sum(), "account");
        page.out.push(Tone::Doubtful, "CHANGES").plain(format!("  {}: {accounts}", shown(what))).line();
    }
    page.changes(changes);
    page.out
}

struct Page<'a> {
    snapshot: &'a Snapshot,
    out: Styled,
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

impl Page<'_> {
    fn title(&mut self, text: &str) {
        self.out.line().push(Tone::Strong, text).line();
    }

    fn headline(&mut self, plan: &Plan) {
        let organization = plan.organization.as_ref().map_or("a new organization".to_owned(), ToString::to_string);
        match (plan.steps.len(), plan.obstacles.len()) {
            (0, 0) => self.out.push(Tone::Good, "NOTHING TO DO").plain(format!("  the intent holds in {organization}")),
            (0, _) => {
                self.out.push(Tone::Bad, "IN THE WAY").plain(format!("  the intent does not hold in {organization}"))
            }
            (steps, _) => {
                let accounts = counted(plan.changes.iter().map(|change| change.accounts.len()).sum(), "account");
                let what = format!("  {} in {organization}, changing {accounts}", counted(steps, "step"));
                self.out.push(Tone::Doubtful, "CHANGES").plain(what)
            }
        };
        self.out.line();
    }

    fn steps(&mut self, steps: &[PlannedStep]) {
        for (at, planned) in steps.iter().enumerate() {
            if at == 0 {
                self.title("What is done, in this order");
            }
            let (sign, tone) = sign(&planned.step);
            let words = self.words(&planned.step);
            self.out.plain(format!("{:>4}. ", at + 1)).push(tone, format!("{sign} {words}"));
            self.out.line().push(Tone::Faint, format!("        {}", shown(&planned.why))).line();
            self.document(&planned.step);
        }
    }

    fn words(&self, step: &Step) -> String {
        match step {
            Step::CreateOrganization {} => "create an organization with all features".to_owned(),
            Step::EnablePolicyType { root } => format!("enable AI services opt-out policies at {root}"),
            Step::DisablePolicyType { root } => format!("disable AI services opt-out policies at {root}"),
            Step::CreatePolicy { name, .. } => format!("create policy `{}`", shown(name)),
            Step::UpdatePolicy { policy, name, description, content } => {
                let parts = [
                    content.as_ref().map(|_| "its document".to_owned()),
                    name.as_ref().map(|name| format!("its name to `{}`", shown(name))),
                    description.as_ref().map(|text| format!("its description to `{}`", shown(text))),
                ];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                format!("change policy {}: {}", self.policy(policy), parts.join(", "))
            }
            Step::TagResource { policy, tags } => {
                let tags: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
                format!("tag policy {} with {}", self.policy(policy), shown(&tags.join(", ")))
            }
            Step::UntagResource { policy, keys } => {
                format!("take the tags {} from policy {}", shown(&keys.join(", ")), self.policy(policy))
            }
            Step::AttachPolicy { policy, target } => format!("attach policy {} to {target}", self.policy(policy)),
            Step::DetachPolicy { policy, target } => format!("detach policy {} from {target}", self.policy(policy)),
            Step::DeletePolicy { policy } => format!("delete policy {}", self.policy(policy)),
        }
    }

    fn policy(&self, policy: &PolicyRef) -> String {
        match policy {
            PolicyRef::Name(name) => format!("`{}`", shown(name)),
            PolicyRef::Id(id) => {
                let name = self.snapshot.policy(id).map(|policy| format!(" `{}`", shown(&policy.name)));
                format!("{id}{}", name.unwrap_or_default())
            }
        }
    }

    /// The document of a step, against the one that is there.
    fn document(&mut self, step: &Step) {
        let (old, new) = match step {
            Step::CreatePolicy { content, .. } => (String::new(), pretty(content)),
            Step::UpdatePolicy { policy: PolicyRef::Id(id), content: Some(content), .. } => {
                let old = self.snapshot.policy(id).and_then(|policy| policy.content.as_deref());
                (pretty(old.unwrap_or_default()), pretty(content))
            }
            _ => return,
        };
        for change in TextDiff::from_lines(&old, &new).iter_all_changes() {
            let (sign, tone) = match change.tag() {
                ChangeTag::Insert => ('+', Tone::Good),
                ChangeTag::Delete => ('-', Tone::Bad),
                ChangeTag::Equal => (' ', Tone::Faint),
            };
            let line = shown(change.value().trim_end_matches('\n')).into_owned();
            self.out.push(tone, format!("        {sign} {line}")).line();
        }
    }

    fn changes(&mut self, changes: &[Change]) {
        for (at, change) in changes.iter().enumerate() {
            if at == 0 {
                self.title("What changes for whom");
            }
            let accounts = self.accounts(&change.accounts);
            self.out.plain("  ").push(Tone::Strong, counted(change.accounts.len(), "account"));
            self.out.push(Tone::Faint, format!("  {accounts}")).line();
            let mut settings: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
            for it in &change.settings {
                settings.entry((&it.before, &it.after)).or_default().push(&it.service);
            }
            for ((before, after), services) in settings {
                self.out.plain(format!("    {before} → ")).push(tone(after), after.to_owned());
                self.out.plain(format!("  {}", named(&services))).line();
            }
            if change.lock_before != change.lock_after {
                self.out.plain(format!("    lock: {} → {}", change.lock_before, change.lock_after)).line();
            } else {
                self.locks(&change.locks);
            }
        }
    }

    /// The locks of single services, where the account's own stays as it is.
    fn locks(&mut self, locks: &[LockChange]) {
        let mut moves: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for it in locks {
            moves.entry((&it.before, &it.after)).or_default().push(&it.service);
        }
        for ((before, after), services) in moves {
            self.out.plain(format!("    lock: {before} → {after}  {}", named(&services))).line();
        }
    }

    fn accounts(&self, accounts: &[AccountId]) -> String {
        let name = |id: &AccountId| {
            let account = self.snapshot.accounts.iter().flatten().find(|account| account.id == *id);
            let name = account.map(|account| shown(&account.name).into_owned()).filter(|name| !name.is_empty());
            name.map_or(id.to_string(), |name| format!("{id} {name}"))
        };
        let mut names: Vec<String> = accounts.iter().take(NAMED).map(name).collect();
        if accounts.len() > NAMED {
            names.push(format!("and {} more", accounts.len() - NAMED));
        }
        names.join(", ")
    }

    fn losses(&mut self, losses: &[DataLoss], catalogue: &Catalogue) {
        for (at, loss) in losses.iter().enumerate() {
            if at == 0 {
                self.title("What is lost for good");
            }
            let accepted = if loss.accepted { "accepted" } else { "not accepted" };
            let tone = if loss.accepted { Tone::Doubtful } else { Tone::Bad };
            self.out.plain("  ").push(tone, format!("{} ({accepted})", loss.service));
            self.out.plain(format!("  in {}", counted(loss.accounts.len(), "account"))).line();
            let impacts = catalogue.get(&loss.service).map(|service| service.impacts.as_slice()).unwrap_or_default();
            for impact in impacts.iter().filter(|impact| impact.irreversible) {
                self.out.plain(format!("        {}", impact.text)).line();
                self.out.push(Tone::Faint, format!("        {}", impact.reference.source)).line();
            }
        }
        if !losses.is_empty() {
            self.out
                .push(Tone::Faint, "  `optout impact` lists the accounts and the commands that save data first")
                .line();
        }
    }

    fn holes(&mut self, holes: &[Hole]) {
        for (at, hole) in holes.iter().enumerate() {
            if at == 0 {
                self.title("What the exceptions leave open");
            }
            let targets =
                |list: &[crate::org::TargetId]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let of = if hole.exceptions.is_empty() { "nowhere".to_owned() } else { targets(&hole.exceptions) };
            self.out.plain("  ").push(Tone::Doubtful, hole.service.clone()).plain(format!("  excepted at {of}")).line();
            let below = targets(&hole.open_below);
            self.out
                .plain(format!(
                    "        whoever may attach policies to new units or accounts directly below {below} could use it"
                ))
                .line();
            if !hole.accounts.is_empty() {
                let accounts = self.accounts(&hole.accounts);
                self.out
                    .plain(format!("        and at {}: {accounts}", counted(hole.accounts.len(), "account")))
                    .line();
            }
            if hole.guarded > 0 {
                let guarded = counted(hole.guarded, "target");
                self.out.push(Tone::Faint, format!("        closed at {guarded} by a statement of its own")).line();
            }
        }
    }

    fn obstacles(&mut self, obstacles: &[Obstacle]) {
        for (at, obstacle) in obstacles.iter().enumerate() {
            if at == 0 {
                self.title("What is in the way");
            }
            self.out.plain("  ").push(Tone::Bad, shown(&obstacle.message).into_owned()).line();
            let services: Vec<&str> = obstacle.services.iter().map(String::as_str).collect();
            if !services.is_empty() {
                self.out.push(Tone::Faint, format!("        {}", named(&services))).line();
            }
            self.out.push(Tone::Faint, format!("        help: {}", shown(&obstacle.help))).line();
        }
    }
}

const fn sign(step: &Step) -> (char, Tone) {
    match step {
        Step::CreateOrganization {} | Step::EnablePolicyType { .. } | Step::CreatePolicy { .. } => ('+', Tone::Good),
        Step::AttachPolicy { .. } => ('+', Tone::Good),
        Step::UpdatePolicy { .. } | Step::TagResource { .. } | Step::UntagResource { .. } => ('~', Tone::Doubtful),
        Step::DetachPolicy { .. } | Step::DeletePolicy { .. } | Step::DisablePolicyType { .. } => ('-', Tone::Bad),
    }
}

fn tone(setting: &str) -> Tone {
    match setting {
        "opt-out" => Tone::Good,
        "opt-in" | "unset" | "unrecognised" => Tone::Bad,
        _ => Tone::Doubtful,
    }
}

fn named(services: &[&str]) -> String {
    let shown = |service: &&str| shown(service).into_owned();
    let mut names: Vec<String> = services.iter().take(NAMED).map(shown).collect();
    if services.len() > NAMED {
        names.push(format!("and {} more", services.len() - NAMED));
    }
    names.join(", ")
}

fn pretty(document: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(document);
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| document.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{Intent, Known};
    use crate::org;
    use crate::plan::{Options, plan};
    use crate::source::Source;

    const SNAPSHOT: &str = include_str!("../../tests/data/snapshot-1.json");

    fn rendered(name: &str) -> String {
        let mut snapshot = org::read(&Source::new("s.json", SNAPSHOT)).unwrap();
        snapshot.policies.iter_mut().flatten().for_each(|policy| {
            policy.tags.get_or_insert_default();
            policy.content.get_or_insert_with(|| "{}".into());
        });
        snapshot.unread.clear();
        snapshot.accounts.iter_mut().flatten().for_each(|account| name.clone_into(&mut account.name));
        let root = snapshot.root.as_ref().map(|root| org::TargetId::Root(root.id.clone()));
        snapshot.accounts.iter_mut().flatten().for_each(|account| {
            account.parent.get_or_insert(root.clone().unwrap());
        });
        let known = Known::new(Catalogue::embedded().services().iter().map(|service| service.key.as_str()), []);
        let text = format!("organization = \"{}\"\n", snapshot.organization().unwrap().id);
        let intent = Intent::parse(&Source::new("o.toml", text), &known).unwrap().resolve(&snapshot).unwrap();
        let plan = plan(&intent, &snapshot, Catalogue::embedded(), snapshot.taken, &Options::default()).unwrap();
        render(&plan, &snapshot, Catalogue::embedded()).to_string()
    }

    #[test]
    fn a_plan_says_what_is_done_why_and_for_whom() {
        let text = rendered("shop");
        assert!(text.starts_with("CHANGES  "), "{text}");
        for part in
            ["What is done, in this order", "create policy `ai-services-opt-out`", "What changes for whom", "shop"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains("        + {\n"), "{text}");
    }

    #[test]
    fn names_of_others_stay_in_their_line() {
        let text = rendered("x\n\u{1b}[31m+ attach");
        assert!(!text.contains('\u{1b}') && text.contains("x\\u{a}\\u{1b}[31m+ attach"), "{text}");
    }
}
