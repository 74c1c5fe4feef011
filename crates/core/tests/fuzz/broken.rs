//! Code that is wrong on purpose: for each law some kept input finds it, or the law could not fail.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use libtest_mimic::{Failed, Trial};
use optout_core::check::Reading;
use optout_core::evidence::bundle::{Check, Outcome};
use optout_core::policy::{parse_json, resolve};
use optout_core::source::{Problem, Rejected, Source, Span};
use optout_core::website::edit::write;
use optout_core::workstation::{Format, fix};

use super::laws::{answer, bundle, inheritance, lint, policy, reader, robots, settings, trail};

type Test = fn() -> Result<(), Failed>;

thread_local! {
    /// Whether this thread expects to panic: nobody wants to read of it then.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// From now on expected panics are not printed.
fn hide_expected_panics() {
    let usual = take_hook();
    set_hook(Box::new(move |panic| {
        if !EXPECTED.get() {
            usual(panic);
        }
    }));
}

/// Whether a law is broken; it says so by a panic.
fn is_broken(law: impl FnOnce()) -> bool {
    EXPECTED.set(true);
    let broken = catch_unwind(AssertUnwindSafe(law)).is_err();
    EXPECTED.set(false);
    broken
}

/// Some input of the target's corpus breaks the law.
fn found_in(target: &str, law: impl Fn(&[u8])) -> Result<(), Failed> {
    let inputs = super::inputs(target).into_iter().map(|input| fs::read(input).unwrap());
    let found = inputs.into_iter().any(|bytes| is_broken(|| law(&bytes)));
    if found { Ok(()) } else { Err("no kept input finds that the code is wrong".into()) }
}

fn in_text(law: impl Fn(&str)) -> impl Fn(&[u8]) {
    move |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            law(text);
        }
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    hide_expected_panics();
    let all: [(&str, Test); 14] = [
        ("a_level_is_forgotten", a_level_is_forgotten),
        ("levels_are_taken_in_the_other_direction", levels_are_taken_in_the_other_direction),
        ("problems_of_json_are_not_told", problems_of_json_are_not_told),
        ("an_opt_in_is_read_as_an_opt_out", an_opt_in_is_read_as_an_opt_out),
        ("mending_never_ends", mending_never_ends),
        ("everybody_is_kept_out", everybody_is_kept_out),
        ("nobody_is_kept_out", nobody_is_kept_out),
        ("a_fix_is_repeated", a_fix_is_repeated),
        ("the_end_of_a_file_is_lost", the_end_of_a_file_is_lost),
        ("a_bundle_always_holds", a_bundle_always_holds),
        ("what_was_read_is_lost", what_was_read_is_lost),
        ("a_refusal_has_no_reason", a_refusal_has_no_reason),
        ("a_refusal_points_outside", a_refusal_points_outside),
        ("a_refusal_points_into_a_character", a_refusal_points_into_a_character),
    ];
    let trial = |(name, test): (&str, Test)| Trial::test(format!("broken::{name}"), test);
    all.into_iter().map(trial).collect()
}

fn a_level_is_forgotten() -> Result<(), Failed> {
    found_in("inheritance", |bytes| {
        inheritance::compared(|levels| resolve(levels.split_last().map_or(levels, |(_, rest)| rest)), bytes).unwrap();
    })
}

fn levels_are_taken_in_the_other_direction() -> Result<(), Failed> {
    found_in("inheritance", |bytes| {
        inheritance::compared(|levels| resolve(&levels.iter().rev().cloned().collect::<Vec<_>>()), bytes).unwrap();
    })
}

fn problems_of_json_are_not_told() -> Result<(), Failed> {
    found_in("policy", in_text(|text| policy::as_json(text, |text| (parse_json(text).0, Vec::new()))))
}

fn an_opt_in_is_read_as_an_opt_out() -> Result<(), Failed> {
    let wrong = |text: &str| text.replace("optIn", "optOut");
    found_in("answer", in_text(|text| answer::read_right(text, |keys, text| Reading::of_text(keys, &wrong(text)))))
}

fn mending_never_ends() -> Result<(), Failed> {
    found_in(
        "documents",
        in_text(|text| {
            lint::mended_once("document.json", text, |inputs| {
                BTreeMap::from([(0, format!("{} ", inputs[0].source.text))])
            });
        }),
    )
}

fn everybody_is_kept_out() -> Result<(), Failed> {
    found_in("robots", |bytes| {
        robots::edited_right(bytes, |bytes, preset, catalogue| {
            let mut edit = write(bytes, "robots.txt", preset, catalogue)?;
            edit.text = "User-agent: *\nDisallow: /\n".to_owned();
            Ok(edit)
        });
    })
}

fn nobody_is_kept_out() -> Result<(), Failed> {
    found_in("robots", |bytes| {
        robots::edited_right(bytes, |bytes, preset, catalogue| {
            let mut edit = write(bytes, "robots.txt", preset, catalogue)?;
            edit.text = String::from_utf8_lossy(bytes).into_owned();
            Ok(edit)
        });
    })
}

fn a_fix_is_repeated() -> Result<(), Failed> {
    found_in("jsonc", |bytes| {
        let setting = settings::settings(&[Format::Jsonc])[0];
        settings::set_once(bytes.get(1..).unwrap_or_default(), setting, |bytes, setting| {
            let mut edit = fix("settings", bytes, &[setting])?;
            (edit.changed, edit.diff) = (true, "+ a space".to_owned());
            edit.bytes.push(b' ');
            Ok(edit)
        });
    })
}

fn the_end_of_a_file_is_lost() -> Result<(), Failed> {
    found_in("trail", |bytes| {
        trail::same_in_pieces(bytes, |bytes, size| trail::read(&bytes[..bytes.len() / size * size], size));
    })
}

fn a_bundle_always_holds() -> Result<(), Failed> {
    found_in("bundle", |bytes| {
        let files = BTreeMap::from([("a".to_owned(), bytes.to_vec())]);
        bundle::tampering_is_found(&files, |_| vec![Check { what: "it", outcome: Outcome::Holds(String::new()) }]);
    })
}

/// The law must be broken by this alone.
fn must_break(law: impl FnOnce()) -> Result<(), Failed> {
    if is_broken(law) { Ok(()) } else { Err("nothing was found".into()) }
}

fn what_was_read_is_lost() -> Result<(), Failed> {
    let read = |source: &Source| Ok(source.text.to_string());
    must_break(|| drop(reader::comes_back(&Source::new("a", " b "), read, |text| text.trim().to_owned())))
}

fn a_refusal_has_no_reason() -> Result<(), Failed> {
    let source = Source::new("a", "b");
    must_break(|| reader::refused(&Rejected::new(source.clone(), Vec::new()), &source))
}

fn refusal_at(from: usize, to: usize) -> Result<(), Failed> {
    let source = Source::new("a", "\u{e9}");
    let problem = Problem::new("x", "wrong").at(Span::new(from, to));
    must_break(|| reader::refused(&Rejected::new(source.clone(), vec![problem]), &source))
}

fn a_refusal_points_outside() -> Result<(), Failed> {
    refusal_at(2, 3)
}

fn a_refusal_points_into_a_character() -> Result<(), Failed> {
    refusal_at(0, 1)
}
