//! The file of a fleet whose organizations were saved: with it the same can be judged without credentials.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// The text of a fleet of saved organizations: `(name, path of the snapshot, path of the intent)` each, in this order.
#[must_use]
pub fn saved<'m>(members: impl IntoIterator<Item = (&'m str, &'m str, Option<&'m str>)>) -> String {
    let mut tables = ArrayOfTables::new();
    for (name, snapshot, intent) in members {
        let mut table = Table::new();
        table.insert("name", value(name));
        table.insert("snapshot", value(snapshot));
        if let Some(intent) = intent {
            table.insert("intent", value(intent));
        }
        tables.push(table);
    }
    let mut document = DocumentMut::new();
    document.insert("organizations", Item::ArrayOfTables(tables));
    document.to_string()
}

#[cfg(test)]
mod tests {
    use super::saved;
    use crate::fleet::{Fleet, Reach};
    use crate::source::Source;

    #[test]
    fn what_is_written_is_read_back_whatever_the_names_are() {
        let names = ["acme", "a \"quoted\" name", "it's]\\", "日本 = 1", "[[organizations]]"];
        let text = saved(
            names
                .iter()
                .enumerate()
                .map(|(at, name)| (*name, ["a", "b", "c", "d", "e"][at], (at == 0).then_some("i.toml"))),
        );
        let fleet = Fleet::parse(&Source::new("f.toml", text)).unwrap();
        assert_eq!(fleet.members.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), names);
        assert_eq!(fleet.members[4].reach, Reach::Saved("e".to_owned()));
        assert_eq!(fleet.members[0].intent.as_ref().unwrap().value, "i.toml");
    }
}
