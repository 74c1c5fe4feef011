//! Copies of AWS's syntax page. The fixtures have the structure of real copies and words of our own.

use jiff::civil::date;
use optout_core::catalogue::page::{Page, compare};
use optout_core::catalogue::{Catalogue, Pairing};
use optout_core::source::Source;
use proptest::prelude::*;

use crate::printed;

const HTML: &str = include_str!("../data/catalogue/page-2026.html");
const MARKDOWN: &str = include_str!("../data/catalogue/page-2026.md");
const CONVERTED: &str = include_str!("../data/catalogue/page-converted.md");
const OLD: &str = include_str!("../data/catalogue/page-2022.md");

fn read(text: &str) -> Result<Page, String> {
    Page::read(&Source::new("page", text)).map_err(|rejected| rejected.to_string())
}

fn keys(text: &str) -> Vec<String> {
    read(text).unwrap().keys.iter().map(ToString::to_string).collect()
}

#[test]
fn html_and_both_kinds_of_markdown_give_the_same_38_keys() {
    for text in [HTML, MARKDOWN, CONVERTED] {
        assert_eq!(keys(text), printed());
        assert!(read(text).unwrap().unread.is_empty());
    }
}

#[test]
fn the_page_of_2022_gives_its_14_keys() {
    let expected = "codeguruprofiler codewhisperer comprehend connectamd connectoptimization contactlens frauddetector \
        guardduty lex polly rekognition textract transcribe translate";
    assert_eq!(keys(OLD), expected.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn a_copy_of_the_text_alone_is_read_too() {
    let text: String = printed().iter().map(|key| format!("      \u{2022} {key}\n\n")).collect();
    let text = format!(
        "opt_out_policy\n\n    \u{2022} Valid:\n\n      \u{2022} default \u{2013} all of them\n\n{text}    End\n"
    );
    assert_eq!(keys(&text), printed());
}

#[test]
fn windows_line_ends_and_soft_breaks_change_nothing() {
    for text in [HTML, MARKDOWN, CONVERTED] {
        assert_eq!(keys(&text.replace('\n', "\r\n")), printed());
    }
    assert_eq!(keys(&HTML.replace("entityresolution", "entity&#8203;resolution")), printed());
    assert_eq!(keys(&HTML.replace("connecthealth::training", "connecthealth&colon;&#x3a;training")), printed());
    assert_eq!(keys(&HTML.replace("<li class", "<LI CLASS").replace("</ul>", "</UL>")), printed());
}

#[test]
fn code_words_of_the_page_are_no_keys() {
    for text in [HTML, MARKDOWN, CONVERTED, OLD] {
        for word in ["opt_out_policy", "optOut", "optIn", "services", "none", "scriptword", "commentword"] {
            assert!(!keys(text).iter().any(|key| key == word), "{word}");
        }
    }
}

#[test]
fn new_and_missing_keys_are_told_and_the_new_ones_can_be_pasted() {
    let text = MARKDOWN.replace("    + `lex`\n", "    + `lexington`\n    + `new::part`\n");
    let comparison = compare(&read(&text).unwrap(), Catalogue::embedded());
    let names = |keys: &[optout_core::catalogue::ServiceKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        (names(&comparison.new), names(&comparison.gone)),
        (vec!["lexington".into(), "new::part".into()], vec!["lex".into()])
    );
    assert!(!comparison.is_current() && comparison.same_order);

    let pasted =
        comparison.toml("https://docs.aws.amazon.com/organizations/latest/userguide/x.html", date(2026, 11, 24));
    let data = include_str!("../../../../data/services.toml");
    let catalogue = Catalogue::parse(&Source::new("c.toml", format!("{data}{pasted}"))).unwrap();
    assert_eq!(catalogue.len(), Catalogue::embedded().len() + 2);
    let service = catalogue.get("new::part").unwrap();
    assert_eq!((service.name.as_str(), service.pairing), ("new::part", Pairing::Unknown));
    assert_eq!(service.first_seen.as_ref().unwrap().date.to_string(), "2026-11-24");
}

#[test]
fn the_same_page_has_nothing_new() {
    let comparison = compare(&read(HTML).unwrap(), Catalogue::embedded());
    assert!(comparison.is_current() && comparison.same_order);
    assert_eq!(comparison.toml("https://a.b", date(2026, 11, 24)), "");
    let old = compare(&read(OLD).unwrap(), Catalogue::embedded());
    assert_eq!((old.new.len(), old.gone.len(), old.same_order), (0, 24, true));
}

#[test]
fn another_order_is_noticed() {
    let text = MARKDOWN.replace("    + `aiops`\n    + `aidevops`\n", "    + `aidevops`\n    + `aiops`\n");
    let comparison = compare(&read(&text).unwrap(), Catalogue::embedded());
    assert!(comparison.is_current() && !comparison.same_order);
}

#[test]
fn an_item_that_is_no_key_is_shown_and_not_dropped() {
    let text =
        MARKDOWN.replace("    + `lex`\n", "    + `Lex_2`: a \u{1b}[31mnew form\n    + `polly2` \u{2013} explained\n");
    let page = read(&text).unwrap();
    assert_eq!(page.unread, ["Lex_2: a [31mnew form"]);
    assert!(page.keys.iter().any(|key| key.as_str() == "polly2"));
    assert!(!compare(&page, Catalogue::embedded()).is_current());
}

#[test]
fn a_page_without_the_list_says_what_was_looked_for() {
    assert!(read("# Something else").unwrap_err().contains("`opt_out_policy` does not occur in it"));
    let without = MARKDOWN.replace("**`default`**", "**everything**");
    let error = read(&without).unwrap_err();
    assert!(error.starts_with("page: the list of service keys is not on this page (looked for a list"), "{error}");
    let only = "opt_out_policy\n- `default`\n\nEnd\n";
    assert!(read(only).unwrap_err().contains("not on this page"));
}

#[test]
fn a_page_that_ends_inside_the_list_is_refused_where_the_list_begins() {
    for (text, place) in [(MARKDOWN, "page:23:1:"), (HTML, "page:19:29:")] {
        let (cut, _) = text.split_once("polly").unwrap();
        let error = read(cut).unwrap_err();
        assert!(error.contains("the text ends inside the list of service keys"), "{error}");
        assert!(error.starts_with(place), "{error}");
    }
}

#[test]
fn two_lists_that_differ_are_refused_and_two_that_agree_are_not() {
    let again = "\n- `default`\n- `lex`\n\nEnd\n";
    assert!(read(&format!("{MARKDOWN}{again}")).unwrap_err().contains("a second list of service keys differs"));
    assert_eq!(keys(&format!("{MARKDOWN}\n{MARKDOWN}")), printed());
}

#[test]
fn hostile_pages_end_in_an_error_and_in_linear_time() {
    let pieces = [
        "<", "<a ", "<a \"", "<a='", "<!--", "<ul>", "<li>", "<ul><li>", "<script>", "&", "&#", "<5 \"", "- `a`\n",
        " -\n", "\t- x\n", "`", "```\n",
    ];
    for piece in pieces {
        let text = format!("opt_out_policy\n{}", piece.repeat(200_000));
        assert!(read(&text).is_err(), "{piece}");
    }
    let deep: String = (0..2_000).map(|depth| format!("{}- `a`\n", " ".repeat(depth))).collect();
    assert!(read(&format!("opt_out_policy\n{deep}")).is_err());
    let many: String = (0..50_000).map(|at| format!("- `k{at}`\n")).collect();
    assert_eq!(keys(&format!("opt_out_policy\n- `default`\n{many}\nEnd\n")).len(), 50_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_page_is_too_strange(text in "[<>/a-z&#;`*+ \\-\n\"'=!]{0,300}") {
        let _ = read(&format!("opt_out_policy\n{text}"));
        let _ = read(&format!("{text}{HTML}"));
    }

    #[test]
    fn any_list_of_keys_is_read_back_from_both_forms(
        names in prop::collection::btree_set("[a-z]{1,12}(::[a-z0-9]{1,8})?", 1..20)
    ) {
        let names: Vec<String> = names.into_iter().filter(|name| name != "default").collect();
        prop_assume!(!names.is_empty());
        let markdown: String = names.iter().map(|name| format!("+ `{name}`\n")).collect();
        let html: String = names.iter().map(|name| format!("<li><p><code>{name}</code></p></li>")).collect();
        prop_assert_eq!(&keys(&format!("opt_out_policy\n+ **`default`** \u{2013} all\n{markdown}\nEnd\n")), &names);
        prop_assert_eq!(&keys(&format!("opt_out_policy<ul><li><b><code>default</code></b> - all</li>{html}</ul>")), &names);
    }
}
