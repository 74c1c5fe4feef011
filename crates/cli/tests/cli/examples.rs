//! The examples of every command's help are commands: each is parsed and run, against the sandbox where it asks AWS.

use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

/// Every command that has no commands below it, as words.
fn commands(path: &[String]) -> Vec<Vec<String>> {
    let help = help(path);
    let names = listed(&help);
    if names.is_empty() {
        return vec![path.to_vec()];
    }
    let below = |name: String| commands(&[path, &[name]].concat());
    names.into_iter().filter(|name| name != "help").flat_map(below).collect()
}

fn help(path: &[String]) -> String {
    Optout::new(&path.join(" ")).arg("--help").run().stdout
}

/// The commands that a help text lists.
pub(crate) fn listed(help: &str) -> Vec<String> {
    let commands = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    let lines = commands.lines().take_while(|line| !line.is_empty());
    let name =
        |line: &str| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned);
    lines.filter_map(name).collect()
}

/// The examples of a help text, each on one line; what a terminal's width broke is whole again.
fn examples(help: &str) -> Vec<String> {
    let mut examples: Vec<String> = Vec::new();
    let text = help.split_once("Examples:\n").map_or("", |(_, rest)| rest);
    for line in text.lines().take_while(|line| !line.is_empty()).map(str::trim) {
        match examples.last_mut().filter(|_| !line.contains("optout ")) {
            Some(last) => *last = format!("{last} {line}"),
            None => examples.push(line.to_owned()),
        }
    }
    examples
}

/// What the program itself gets of a line for a shell.
fn arguments(example: &str) -> Vec<String> {
    let ours = example.split(" | ").find(|part| part.trim().starts_with("optout ")).unwrap();
    let ours = ours.split(" > ").next().unwrap().trim().trim_start_matches("optout ");
    let parts = ours.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// The made-up ids of the examples, as those of the example organization.
fn known(word: &str) -> String {
    let ids = [
        ("ou-ab12-11111111", "ou-acme-research"),
        ("p-ab12cd34", "p-acmelexstudy"),
        ("r-ab12", "r-acme"),
        ("222222222222", "220000000001"),
        ("payments", "210000000001"),
    ];
    ids.iter().find(|(made_up, _)| *made_up == word).map_or(word, |(_, id)| id).to_owned()
}

fn folder(sandbox: &Sandbox) -> Optout {
    let organization = include_str!("../../../../examples/acme/organization.json");
    let named = ["snapshot.json", "org.json", "organization.json", "january.json", "february.json"];
    let run = sandbox
        .run("--version")
        .file("optout.toml", "organization = \"o-acmeexample\"\n")
        .file("policy.json", include_str!("../data/pages/policy.json"))
        .file("infrastructure/policy.json", include_str!("../data/pages/policy.json"))
        .file("policies/policy.json", include_str!("../data/pages/policy.json"))
        .file("public/robots.txt", "User-agent: *\nDisallow: /private\n")
        .file(".aws/config", "[profile management]\nregion = us-east-1\n");
    named.into_iter().fold(run, |run, name| run.file(name, organization))
}

/// With the clocks of the sandbox, where the command has clocks.
fn run(sandbox: &Sandbox, ran: Ran, words: &[String]) -> Ran {
    let with = |ran: Ran, more: &[&str]| {
        let next = words.iter().fold(sandbox.serve(ran.then("")), |next, word| next.arg(&known(word)));
        more.iter().fold(next, |next, word| next.arg(word)).run()
    };
    let fast = with(ran, &["--time-scale", "1000"]);
    if fast.code == 64 && fast.stderr.contains("--time-scale") { with(fast, &[]) } else { fast }
}

/// Not run: what does not end by itself, and what asks a site on the internet.
fn is_run(words: &[String]) -> bool {
    words.first().is_some_and(|word| word != "sandbox") && !words.iter().any(|word| word.contains("://"))
}

#[test]
fn every_example_of_every_help_is_a_command_of_this_program() {
    let sandbox = Sandbox::start("--organization acme.json");
    let mut ran = folder(&sandbox).run();
    let mut count = 0;
    for command in commands(&[]) {
        let examples = examples(&help(&command));
        let examples: Vec<Vec<String>> = examples.iter().map(|example| arguments(example)).collect();
        let own = examples.iter().any(|words| words.starts_with(&command));
        assert!(own, "optout {} has no example of its own", command.join(" "));
        for words in examples {
            if is_run(&words) {
                ran = run(&sandbox, ran, &words);
                assert_ne!(ran.code, 64, "optout {}\n{ran}", words.join(" "));
                count += 1;
            }
        }
    }
    assert!(count > 80, "{count}");
}

#[test]
fn an_example_with_an_unknown_option_would_be_found() {
    assert_eq!(Optout::new("verify --no-such-option").run().code, 64);
    let broken = "Examples:\n  optout trail --from a\n  b.json\n  optout man > x\n\nNot one\n";
    assert_eq!(examples(broken), ["optout trail --from a b.json", "optout man > x"]);
    assert_eq!(arguments("terraform show | optout lint -"), ["lint", "-"]);
    assert_eq!(arguments("optout sandbox --fault '{\"a\": 1}'"), ["sandbox", "--fault", "{\"a\": 1}"]);
}
