//! The review as CSV: one row for each account and service.

use super::Review;
use crate::report::csv_cell as cell;

const HEADER: &str =
    "account,name,counted,account_verdict,service,verdict,usage,unknown_because,standing,billed_as,quantity,cost\n";

impl Review {
    /// The review as CSV. Names cannot become formulas.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = HEADER.to_owned();
        for account in &self.exposure.accounts {
            let id = account.id.to_string();
            for entry in &account.entries {
                let observed = &entry.observed;
                let cells = [
                    id.as_str(),
                    account.name.as_str(),
                    if account.counted { "true" } else { "false" },
                    account.verdict.as_str(),
                    &entry.key,
                    entry.verdict.as_str(),
                    observed.state.as_str(),
                    observed.state.why_unknown().unwrap_or_default(),
                    entry.standing.as_str(),
                    &observed.names.join(", "),
                    &observed.quantity.to_string(),
                    &observed.cost.to_string(),
                ];
                text.push_str(&cells.map(cell).join(","));
                text.push('\n');
            }
        }
        text
    }
}
