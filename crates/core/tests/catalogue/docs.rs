//! `docs/services.md` is made from the data and must be as new as it.

use std::path::Path;

use optout_core::catalogue::Catalogue;

#[test]
fn docs_services_md_is_as_new_as_the_data() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/services.md");
    let expected = Catalogue::embedded().markdown();
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        found == expected,
        "docs/services.md is stale; write it anew with `UPDATE_GENERATED=1 cargo test -p optout-core --test catalogue`"
    );
}

#[test]
fn the_page_names_every_key_and_every_service_without_one() {
    let catalogue = Catalogue::embedded();
    let page = catalogue.markdown();
    for (_, service) in catalogue.entries() {
        assert!(page.contains(&format!("\n| `{}` | ", service.key)), "{}", service.key);
    }
    for service in catalogue.not_covered() {
        assert!(page.contains(&format!("\n### {}\n", service.name)), "{}", service.name);
    }
    assert!(page.lines().all(|line| line.trim_end() == line), "no trailing spaces");
    assert!(page.ends_with('\n') && !page.contains("\n\n\n"));
}
