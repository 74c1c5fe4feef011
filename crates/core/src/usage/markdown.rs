//! The review in Markdown: a document of its own, and a section of a report.

use std::fmt::Write as _;

use super::{AccountExposure, Entry, Review, Standing, words};
use crate::report::{markdown_cell as cell, markdown_code as code, markdown_sentence as sentence};

/// What is named account by account; the others are counted.
const NAMED: [Standing; 4] = [Standing::Exposed, Standing::MaybeExposed, Standing::Excepted, Standing::OpenUnknown];

impl Review {
    /// The review as a document.
    #[must_use]
    pub fn markdown(&self) -> String {
        format!("# Usage of services with an opt-out\n\n{}", self.body())
    }

    /// The review as a section of a report.
    pub(crate) fn section(&self) -> String {
        format!("## Usage, quarterly review\n\n{}", self.body())
    }

    fn body(&self) -> String {
        let mut text =
            format!("{} From {}.\n\n{}\n\n", sentence(&words::scope(self)), code(&self.origin), words::price(self));
        for it in &self.usage.missing {
            let permission = it.permission.as_ref().map(|it| format!(" Needs {}.", code(it))).unwrap_or_default();
            // INVARIANT: writing into a text cannot fail.
            let _ = writeln!(text, "- **{}**: {}.{permission}", sentence(&it.what), sentence(&it.reason));
        }
        text.push_str("\n| | services in accounts |\n| --- | --- |\n");
        for standing in Standing::ALL {
            let _ = writeln!(text, "| {} | {} |", standing.words(), words::count(self, standing));
        }
        self.rows(&mut text);
        self.oddities_below(&mut text);
        self.compared_below(&mut text);
        text.push_str("\nWhat this does not prove:\n\n");
        words::LIMITS.iter().for_each(|limit| {
            let _ = writeln!(text, "- {limit}");
        });
        text
    }

    fn rows(&self, text: &mut String) {
        let mut rows = String::new();
        for account in &self.exposure.accounts {
            for entry in account.entries.iter().filter(|it| NAMED.contains(&it.standing)) {
                rows.push_str(&row(account, entry));
            }
        }
        if !rows.is_empty() {
            text.push_str("\n| account | name | service | verdict | usage | billed as | quantity | cost |\n");
            text.push_str("| --- | --- | --- | --- | --- | --- | ---: | ---: |\n");
            text.push_str(&rows);
        }
    }

    fn oddities_below(&self, text: &mut String) {
        for it in &self.exposure.unplaced {
            let accounts = it.accounts.len();
            let keys: Vec<String> = it.keys.iter().map(|key| code(key)).collect();
            let _ = writeln!(
                text,
                "\nThe bill has the unknown name {} ({accounts} accounts), which looks like {}.",
                code(&it.service),
                keys.join(", ")
            );
        }
        for it in &self.exposure.strangers {
            let names: Vec<String> = it.names.iter().map(|name| code(name)).collect();
            let _ = writeln!(
                text,
                "\nAccount {} is in the bill and not in the organization as it was read; it used {}.",
                it.id,
                names.join(", ")
            );
        }
    }

    fn compared_below(&self, text: &mut String) {
        let Some(window) = words::window(self) else { return };
        let _ = writeln!(text, "\n{window}");
        let pairs: Vec<_> = self.comparison.iter().flat_map(|it| &it.pairs).collect();
        if pairs.is_empty() {
            return;
        }
        text.push_str("\n| account | billed as | usage after | before |\n| --- | --- | --- | --- |\n");
        for pair in pairs {
            let before = if pair.working_days_only { "working days only" } else { "" };
            let service = cell(&code(&pair.service));
            let _ = writeln!(text, "| {} | {service} | {} | {before} |", pair.account, words::course(pair.course));
        }
    }
}

fn row(account: &AccountExposure, entry: &Entry) -> String {
    let observed = &entry.observed;
    let usage = observed.state.why_unknown().unwrap_or(observed.state.as_str());
    let names: Vec<String> = observed.names.iter().map(|name| code(name)).collect();
    let cells = [
        account.id.to_string(),
        code(&account.name),
        code(&entry.key),
        entry.verdict.as_str().to_owned(),
        usage.to_owned(),
        names.join(", "),
        observed.quantity.short(2),
        observed.cost.short(2),
    ];
    format!("| {} |\n", cells.map(|it| cell(&it)).join(" | "))
}
