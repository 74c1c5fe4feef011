//! Every input that the fuzz targets keep (`fuzz/corpus`), replayed: each is a test of its own name. Then texts that hurt parsers of any
//! kind, for each law; code that is wrong, which the laws must find; and the targets themselves.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

mod broken;
mod hostile;
mod laws;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use laws::{LAWS, Law};
use libtest_mimic::{Arguments, Trial};

/// Of a target: small enough to be looked at.
const MOST_INPUTS: usize = 40;
const MOST_BYTES: u64 = 4096;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = LAWS.iter().flat_map(|(name, law)| replayed(name, *law)).collect();
    trials.extend(hostile::trials());
    trials.extend(broken::trials());
    trials.push(Trial::test("every_law_has_its_target", || {
        every_law_has_its_target();
        Ok(())
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The files in a folder of the corpus, in the order of their names.
fn inputs(target: &str) -> BTreeSet<PathBuf> {
    let folder = folder().join("corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    files.map(|file| file.unwrap().path()).collect()
}

fn replayed(target: &'static str, law: Law) -> Vec<Trial> {
    let trial = |input: PathBuf| {
        let name = format!("corpus::{target}::{}", input.file_name().unwrap().to_string_lossy());
        Trial::test(name, move || {
            law(&fs::read(&input)?);
            Ok(())
        })
    };
    inputs(target).into_iter().map(trial).collect()
}

/// A target for each law and a law for each target, with a corpus that is small.
fn every_law_has_its_target() {
    let laws: BTreeSet<&str> = LAWS.iter().map(|(name, _)| *name).collect();
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let named = manifest.split("[[bin]]").skip(1).filter_map(|part| part.split('"').nth(1));
    assert_eq!(laws, named.collect());
    let kept = fs::read_dir(folder().join("corpus")).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(laws, kept.collect::<BTreeSet<String>>().iter().map(String::as_str).collect());
    for target in laws {
        let program = fs::read_to_string(folder().join(format!("fuzz_targets/{target}.rs"))).unwrap();
        assert!(program.contains(&format!("\"{target}\"")), "{target} runs another law");
        let inputs = inputs(target);
        assert!((1..=MOST_INPUTS).contains(&inputs.len()), "{target} has {} inputs", inputs.len());
        assert!(inputs.iter().all(|input| fs::metadata(input).unwrap().len() <= MOST_BYTES), "{target}");
    }
}
