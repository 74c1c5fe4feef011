//! What was read of each organization, in a table: for commands that read and do not judge.

use optout_core::fleet::Trouble;
use optout_core::org::Snapshot;
use optout_core::report::{Styled, Tone};

use crate::exit::Exit;
use crate::ui::Table;

/// A row.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// The id, how many accounts and answers, and how much is missing; or why there is nothing.
    came: Result<(String, usize, usize, Vec<String>), Trouble>,
}

impl Row {
    /// The row of what was read.
    pub(crate) fn of(name: &str, snapshot: &Snapshot) -> Self {
        let id = snapshot.organization().map_or_else(|| "-".to_owned(), |it| it.id.to_string());
        let accounts = snapshot.accounts.as_ref().map_or(0, Vec::len);
        let unread = snapshot.unread.iter().map(|it| {
            let needs = it.permission.as_deref().map(|needed| format!(" (needs {needed})")).unwrap_or_default();
            format!("{} {}{needs}", it.operation, it.reason.as_str())
        });
        Self { name: name.to_owned(), came: Ok((id, accounts, snapshot.answers.len(), unread.collect())) }
    }

    /// The row of what could not be read.
    pub(crate) fn failed(name: &str, trouble: Trouble) -> Self {
        Self { name: name.to_owned(), came: Err(trouble) }
    }

    /// What the command ends with for it.
    pub(crate) const fn exit(&self) -> Exit {
        match &self.came {
            Err(_) => Exit::Wrong,
            Ok((_, _, _, unread)) if unread.is_empty() => Exit::Holds,
            Ok(_) => Exit::Undetermined,
        }
    }
}

/// All of them, those that failed first.
pub(crate) fn table(rows: &mut [Row]) -> Styled {
    rows.sort_by(|left, right| {
        let rank = |row: &Row| match row.exit() {
            Exit::Wrong | Exit::Usage | Exit::Fails => 0,
            Exit::Undetermined => 1,
            Exit::Holds => 2,
        };
        rank(left).cmp(&rank(right)).then_with(|| left.name.cmp(&right.name))
    });
    let mut table = Table::new(["organization", "id", "read", "accounts", "answers", "what is missing"]);
    for row in rows {
        let plain = |text: &str| (Tone::Plain, text.to_owned());
        match &row.came {
            Err(trouble) => table.row([
                plain(&row.name),
                plain("-"),
                (Tone::Bad, "failed".to_owned()),
                plain("-"),
                plain("-"),
                plain(&trouble.message),
            ]),
            Ok((id, accounts, answers, unread)) => {
                let read = match unread.is_empty() {
                    true => (Tone::Good, "whole".to_owned()),
                    false => (Tone::Doubtful, "in part".to_owned()),
                };
                let (accounts, answers) = (accounts.to_string(), answers.to_string());
                table.row([
                    plain(&row.name),
                    plain(id),
                    read,
                    plain(&accounts),
                    plain(&answers),
                    plain(&unread.join("; ")),
                ]);
            }
        }
    }
    table.styled()
}
