//! Catalogue files as they should not be.

use optout_core::catalogue::Catalogue;
use optout_core::source::Source;
use proptest::prelude::*;

const DATA: &str = include_str!("../../../../data/services.toml");

fn parse(text: &str) -> Result<Catalogue, String> {
    Catalogue::parse(&Source::new("c.toml", text)).map_err(|rejected| rejected.to_string())
}

#[test]
fn the_file_cut_anywhere_is_refused_or_holds_less() {
    let whole = parse(DATA).unwrap().len();
    for cut in (0..DATA.len()).step_by(997).filter_map(|at| DATA.get(..at)) {
        match parse(cut) {
            Ok(catalogue) => assert!(catalogue.len() <= whole),
            Err(error) => assert!(error.starts_with("c.toml:"), "{error}"),
        }
    }
}

#[test]
fn huge_and_deep_files_end_in_an_error() {
    let nested = format!("a = {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let tables = format!("a = {}", "{ a = ".repeat(100_000));
    let dotted = format!("{} = 1", vec!["a"; 100_000].join("."));
    let many = format!("{DATA}\n{}", "[[service]]\n".repeat(100_000));
    let wide = format!("{DATA}\nx = \"{}\"\n", "y".repeat(10_000_000));
    for text in [nested, tables, dotted, many, wide, "\u{0}".repeat(1_000), "\u{feff}".to_owned() + "x"] {
        let error = parse(&text).unwrap_err();
        assert!(error.lines().count() <= 101, "{} lines", error.lines().count());
        assert!(error.len() < 100_000, "{} bytes", error.len());
    }
}

#[test]
fn names_that_would_deceive_a_terminal_are_refused() {
    for bad in ["\\u001b[2J", "a\\nb", "\\u202egnp.exe", "\\u200bx", "\\u0000"] {
        let text = DATA.replace("name = \"Amazon Lex\"", &format!("name = \"{bad}\""));
        let error = parse(&text).unwrap_err();
        assert!(error.contains("invisible control character"), "{error}");
        assert!(error.chars().all(|character| character == '\n' || !character.is_control()));
    }
}

#[test]
fn windows_line_ends_change_nothing() {
    assert_eq!(parse(&DATA.replace('\n', "\r\n")).unwrap(), parse(DATA).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_is_too_strange(text in ".{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn a_file_with_one_line_lost_or_doubled_never_panics(line in 0usize..800, twice: bool) {
        let times = if twice { 2 } else { 0 };
        let lines = DATA.lines().enumerate().flat_map(|(at, text)| std::iter::repeat_n(text, if at == line { times } else { 1 }));
        let text: Vec<&str> = lines.collect();
        let _ = parse(&text.join("\n"));
    }
}
