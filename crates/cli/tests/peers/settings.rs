//! What a fix writes into settings files, read by the parsers that tools use: `jsonc-parser`, which is Visual Studio Code's
//! own, and those of Python's library for XML and JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use optout_core::workstation::{Clients, Setting, fix};
use serde_json::{Value, json};

use crate::environment::{Environment, sources};
use crate::node::program;

/// How many files of each kind.
const FILES: u64 = 4_000;

/// Numbers that look random and are the same on every run (xorshift64*, Vigna 2016).
struct Numbers(u64);

impl Numbers {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % count
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// A settings file of an editor: comments, trailing commas, nesting, line ends and byte order marks of every kind.
fn jsonc(numbers: &mut Numbers, key: &str) -> String {
    let mut text = numbers.one(&["", "", "", "\u{feff}"]).to_owned();
    text += &gap(numbers);
    if numbers.below(40) == 0 {
        return text;
    }
    let members = numbers.below(6);
    let place = numbers.below(members + 3);
    text += "{";
    for at in 0..members {
        let name = if at == place { key.to_owned() } else { format!("{}.{at}", numbers.one(&["editor", "é", "a b"])) };
        let value = if at == place { numbers.one(&["true", "false"]).to_owned() } else { value(numbers, 3) };
        let last = at + 1 == members;
        let comma = if last && numbers.below(2) == 0 { "" } else { "," };
        write!(text, "{}\"{name}\"{}:{}{value}{}{comma}", gap(numbers), gap(numbers), gap(numbers), gap(numbers))
            .unwrap();
    }
    text + &gap(numbers) + "}" + &gap(numbers)
}

fn gap(numbers: &mut Numbers) -> String {
    let pieces = ["", " ", "\n    ", "\r\n\t", "\n\n", "// x {\n", "/* , \" */", "//\r\n", "/**/\n", "// é 日\n"];
    (0..numbers.below(3)).map(|_| numbers.one(&pieces)).collect()
}

fn value(numbers: &mut Numbers, depth: usize) -> String {
    let plain = ["true", "null", "-1.5e3", "\"\"", "\"// no comment\"", "\"\\u00e9\\\"\\\\\"", "\"{\""];
    match numbers.below(if depth == 0 { 1 } else { 3 }) {
        0 => numbers.one(&plain).to_owned(),
        1 => format!("[{}{},{}]", gap(numbers), value(numbers, depth - 1), gap(numbers)),
        _ => format!("{{\"a\":{}{}{}}}", gap(numbers), value(numbers, depth - 1), gap(numbers)),
    }
}

/// The state file of the AWS plug-ins of a JetBrains IDE, as the IDE writes it, with more and less in it.
fn xml(numbers: &mut Numbers) -> String {
    let end = numbers.one(&["\n", "\r\n"]);
    let mut lines = vec!["<application>".to_owned()];
    if numbers.below(3) > 0 {
        lines.push("  <component name=\"aws\">".to_owned());
        lines.push("    <option name=\"profilesNotification\" value=\"Never &amp; &lt;b&gt;\" />".to_owned());
        lines.push("  </component>".to_owned());
    }
    match numbers.below(5) {
        0 => {}
        1 => lines.push("  <component name=\"codewhispererSettings\" />".to_owned()),
        2 => lines.push("  <component name=\"codewhispererSettings\"><!-- é --></component>".to_owned()),
        _ => lines.extend(component(numbers)),
    }
    if numbers.below(2) == 0 {
        lines.push(
            "  <component name=\"meetQPage\"><option name=\"shouldDisplayPage\" value=\"false\" /></component>"
                .to_owned(),
        );
    }
    lines.push("</application>".to_owned());
    lines.join(end) + numbers.one(&["", end])
}

fn component(numbers: &mut Numbers) -> Vec<String> {
    let mut lines = vec!["  <component name=\"codewhispererSettings\">".to_owned()];
    lines.push("    <option name=\"value\">".to_owned());
    lines.push("      <map>".to_owned());
    if numbers.below(2) == 0 {
        lines.push("        <entry key=\"IsProjectContextEnabled\" value=\"true\" />".to_owned());
    }
    if numbers.below(2) == 0 {
        let value = numbers.one(&["true", "false"]);
        lines.push(format!("        <entry key=\"OptInSendingMetric\" value=\"{value}\" />"));
    }
    lines.extend(["      </map>", "    </option>", "  </component>"].map(str::to_owned));
    lines
}

/// The files that are not refused, before and after the fix, a line each; a second fix of each changes nothing.
fn cases(setting: &Setting, key: &str, make: &dyn Fn(&mut Numbers) -> String) -> String {
    let mut lines = String::new();
    for seed in 1..=FILES {
        let before = make(&mut Numbers::of(seed));
        let edit = fix("settings", before.as_bytes(), &[setting]).unwrap_or_else(|error| panic!("{error}\n{before}"));
        let after = String::from_utf8(edit.bytes.clone()).unwrap();
        assert!(!fix("settings", &edit.bytes, &[setting]).unwrap().changed, "{after}");
        writeln!(lines, "{}", json!({ "before": before, "after": after, "key": key, "value": false })).unwrap();
    }
    lines
}

/// The last case with something broken in what was written.
fn broken(cases: &str, change: impl Fn(&str) -> String) -> String {
    let mut case: Value = serde_json::from_str(cases.lines().last().unwrap()).unwrap();
    case["after"] = change(case["after"].as_str().unwrap()).into();
    case.to_string()
}

/// Gives the cases to a judge, who must count all of them; and each broken one, which it must reject.
fn judge(cases: &str, breaks: &[String], command: impl Fn(&Path) -> Command) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases");
    let judged = |text: &str| -> Output {
        std::fs::write(&file, text).unwrap();
        command(&file).output().unwrap()
    };
    let output = judged(cases);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), FILES.to_string());
    for text in breaks {
        assert!(!judged(text).status.success(), "accepted: {text}");
    }
}

#[test]
fn visual_studio_codes_parser_finds_only_the_key_changed() {
    let Some(node) = Environment::node("jsonc-parser") else { return };
    let clients = Clients::built_in().unwrap();
    let setting = clients.setting("amazon-q-vscode", "content").unwrap();
    let key = setting.key[0].as_str();
    let cases = cases(setting, key, &|numbers| jsonc(numbers, key));
    let breaks = [
        broken(&cases, |text| text.replacen("false", "true", 1)),
        broken(&cases, |text| format!("{text}}}")),
        broken(&cases, |text| format!("/* new */{text}")),
    ];
    judge(&cases, &breaks, |file| {
        let mut command = node.program_with("node", &[]);
        command
            .arg(sources().join("settings_jsonc.cjs"))
            .arg(file)
            .env("NODE_PATH", node.folder().join("node_modules"));
        command
    });
}

#[test]
fn an_xml_parser_finds_only_the_option_changed() {
    let Some(python) = program(&["python3"]) else { return };
    let clients = Clients::built_in().unwrap();
    let setting = clients.setting("amazon-q-jetbrains", "content").unwrap();
    let key = setting.key.last().unwrap();
    let cases = cases(setting, key, &xml);
    let breaks = [
        broken(&cases, |text| text.replacen("OptInSendingMetric", "OptInSendingMetrics", 1)),
        broken(&cases, |text| text.replacen("</application>", "", 1)),
    ];
    judge(&cases, &breaks, |file| script(&python, "xml", file));
}

#[test]
fn a_json_parser_finds_only_the_key_changed() {
    let Some(python) = program(&["python3"]) else { return };
    let clients = Clients::built_in().unwrap();
    let setting = clients.setting("kiro-cli", "content").unwrap();
    let key = setting.key[0].as_str();
    let json = |numbers: &mut Numbers| {
        let members: Vec<String> = (0..numbers.below(4)).map(|at| format!("\n  \"a{at}\": [{at}, {{}}]")).collect();
        let own = numbers.one(&["", "true", "false"]);
        let own = if own.is_empty() {
            String::new()
        } else {
            format!("{}\"{key}\": {own}", if members.is_empty() { "" } else { "," })
        };
        format!("{{{}{own}{}}}", members.join(","), numbers.one(&["", "\n", " "]))
    };
    let cases = cases(setting, key, &json);
    judge(&cases, &[broken(&cases, |text| text.replacen("false", "null", 1))], |file| script(&python, "json", file));
}

fn script(python: &Path, format: &str, file: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg(sources().join("settings_python.py")).arg(format).arg(file);
    command
}
