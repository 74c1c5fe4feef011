//! `docs/audit.md` is made from the data and must be as new as it.

use std::path::Path;

use optout_core::audit::Checklists;

#[test]
fn docs_audit_md_is_as_new_as_the_data() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/audit.md");
    let expected = Checklists::embedded().markdown();
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        found == expected,
        "docs/audit.md is stale; write it anew with `UPDATE_GENERATED=1 cargo test -p optout-core --test audit`"
    );
}

#[test]
fn the_page_names_every_item_requirement_and_correction() {
    let (lists, page) = (Checklists::embedded(), Checklists::embedded().markdown());
    for item in lists.items() {
        assert!(page.contains(&format!("\n| `{}` | ", item.id)), "{}", item.id);
        assert!(item.corrections.is_empty() || page.contains(&format!("\n### `{}`\n", item.id)), "{}", item.id);
    }
    for reference in lists.references() {
        assert!(page.contains(&format!("<a id=\"{}\"></a>", reference.id)), "{}", reference.id);
    }
    assert!(page.lines().all(|line| line.trim_end() == line), "no trailing spaces");
}
