//! What the pages tell people to run is run: every command of the questions, and the existence of every command of the map.

use crate::harness::{Optout, Ran};

const FAQ: &str = include_str!("../../../../docs/faq.md");
const MAP: &str = include_str!("../../../../docs/guide.md");

/// The folder that the page of questions speaks of.
fn folder() -> Optout {
    Optout::new("")
        .file("org.json", include_str!("../../../../examples/acme/organization.json"))
        .file("optout.toml", include_str!("../data/pages/optout.toml"))
        .file("policy.json", include_str!("../data/pages/policy.json"))
        .file("robots.txt", "User-agent: *\nDisallow: /private\n")
        .file("home/.profile", "")
}

/// The commands of a page's console blocks, each with the exit code it says.
fn console(page: &str) -> Vec<(&str, i32)> {
    let blocks = page.split("```console\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let command = |line| {
        let line: &str = line;
        let line = line.strip_prefix("$ optout ").unwrap();
        line.split_once("    # exit ").map_or((line, 0), |(command, code)| (command, code.parse().unwrap()))
    };
    blocks.flat_map(str::lines).map(command).collect()
}

/// Words as a shell parts them, as far as double quotes.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn every_command_of_the_questions_ends_as_it_says() {
    let commands = console(FAQ);
    assert!(commands.len() >= 25, "{}", commands.len());
    // One folder for all: some commands read what an earlier one wrote.
    let mut ran: Ran = folder().arg("--version").run();
    for (command, code) in commands {
        let next = words(command).into_iter().fold(ran.then(""), |next, word| next.arg(&word));
        ran = next.run();
        assert_eq!(ran.code, code, "optout {command}\n{ran}");
    }
}

#[test]
fn every_question_says_its_source_or_what_was_put_right() {
    let sections: Vec<&str> = FAQ.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), FAQ.matches("\n- [").count(), "the list at the top is not the page");
    for section in sections {
        assert!(section.contains("*Source") || section.contains("*The guide*"), "{section}");
        assert!(section.contains("```console"), "{section}");
    }
}

/// The code spans of a page that are commands of ours.
fn named(page: &str) -> Vec<&str> {
    page.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("optout ")).collect()
}

#[test]
fn every_command_of_the_map_exists() {
    let commands = named(MAP);
    assert!(commands.len() >= 40, "{}", commands.len());
    for command in commands {
        let ran = Optout::new(command).arg("--help").run();
        assert_eq!(ran.code, 0, "optout {command}\n{ran}");
        assert!(ran.stdout.contains("Usage: optout"), "optout {command}\n{ran}");
    }
}

#[test]
fn the_map_leaves_no_section_of_the_guide_out() {
    let sections = [
        "Which Services Are Affected?",
        "Better Privacy",
        "Understanding the Implications",
        "Privacy Evolution",
        "Which Method Should You Use?",
        "Method 1",
        "Method 2A",
        "Method 2B",
        "Method 2C",
        "Method 3: Terraform",
        "Method 3: CloudFormation",
        "Method 3: CDK",
        "Method 4: Q Developer",
        "Method 4: Public Websites",
        "Machine Learning Lens",
        "Data Residency",
        "Security Pillar",
        "Check Policy Status",
        "Verification Script",
        "Issue 1",
        "Issue 2",
        "Issue 3",
        "Common Mistakes",
        "AWS Config Rule",
        "CloudWatch Dashboard",
        "all organizations",
        "healthcare",
        "financial",
        "GDPR",
        "FAQ",
        "Key Takeaways",
        "Next Steps",
    ];
    for section in sections {
        let row = MAP.lines().find(|line| line.starts_with("| ") && line.contains(section));
        assert!(row.is_some_and(|row| row.contains("optout ") || row.contains(".md")), "{section}");
    }
}

#[test]
fn the_pages_that_both_point_to_exist() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for page in [FAQ, MAP] {
        for link in page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap();
            if !file.is_empty() && !file.starts_with("https://") {
                assert!(docs.join(file).exists(), "{link}");
            }
        }
    }
}
