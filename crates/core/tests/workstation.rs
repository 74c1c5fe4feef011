//! Developers' machines as values: what is looked at, what is answered, what is written.

#![expect(clippy::unwrap_used, reason = "a test ends where its own set-up is wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use optout_core::workstation::{
    Clients, Facts, Format, Kind, Machine, Os, Pattern, Reach, ReadProblem, Reason, Report, Role, Verdict, candidates,
    check, fix, gather, repairs,
};

const CODE: &str = include_str!("data/workstation/code-settings.json");
const AWS_XML: &str = include_str!("data/workstation/aws.xml");
const ECLIPSE: &str = include_str!("data/workstation/amazon-q-eclipse.prefs");
const SAM: &str = include_str!("data/workstation/sam-metadata.json");
const KIRO_CLI: &str = include_str!("data/workstation/kiro-cli.json");
const CDK: &str = include_str!("data/workstation/cdk.json");
const JUPYTER: &str = include_str!("data/workstation/completer.jupyterlab-settings");

fn clients() -> Clients {
    Clients::built_in().unwrap()
}

fn machine(os: Os) -> Machine {
    let home = match os {
        Os::Linux => "/home/dev",
        Os::MacOs => "/Users/dev",
        Os::Windows => "C:\\Users\\dev",
    };
    Machine { os, home: home.to_owned(), environment: Some(BTreeMap::new()) }
}

fn linux(files: &[(&str, &str)], present: &[&str]) -> Report {
    check(&clients(), &machine(Os::Linux), &facts(files, present))
}

fn facts(files: &[(&str, &str)], present: &[&str]) -> Facts {
    Facts {
        files: files.iter().map(|(path, text)| ((*path).to_owned(), Ok(text.as_bytes().to_vec()))).collect(),
        present: present.iter().map(|path| (*path).to_owned()).collect(),
    }
}

fn content(report: &Report, product: &str) -> (Verdict, Vec<String>) {
    let product = report.products.iter().find(|found| found.id == product).unwrap();
    let reasons = product.findings.iter().filter(|finding| finding.kind == Kind::Content);
    (product.content.unwrap(), reasons.map(|finding| finding.reason.to_string()).collect())
}

const EXTENSION: &str = "/home/dev/.vscode/extensions/amazonwebservices.amazon-q-vscode-1.108.0";
const SETTINGS: &str = "/home/dev/.config/Code/User/settings.json";

#[test]
fn every_path_to_look_at() {
    for os in Os::ALL {
        let lines = candidates(&clients(), &machine(os)).into_iter();
        let text: String = lines.map(|one| format!("{:?} {}\n", one.purpose, one.pattern.as_str())).collect();
        insta::assert_snapshot!(format!("candidates-{}", os.name()), text);
    }
}

/// The text a tool's settings file has in these tests.
fn sample(product: &str, format: Format) -> &'static str {
    match (product, format) {
        (_, Format::Xml) => AWS_XML,
        (_, Format::Properties) => ECLIPSE,
        ("aws-sam-cli", _) => SAM,
        ("aws-cdk-cli", _) => CDK,
        ("amazon-q-jupyterlab" | "amazon-codewhisperer-jupyterlab", _) => JUPYTER,
        (_, Format::Json) => KIRO_CLI,
        (_, Format::Jsonc | Format::Toml | Format::None) => CODE,
    }
}

/// Every tool of the catalogue with one settings file of each of its places, and a marker of each installation.
fn everything(clients: &Clients, machine: &Machine) -> Facts {
    let mut facts = Facts::default();
    let path = |pattern: &str| {
        Pattern::resolve(pattern, machine).as_str().replace("{instance}", "Product2025.1").replace('*', "x")
    };
    for product in &clients.products {
        if product.markers.iter().any(|marker| !marker.proven) {
            continue;
        }
        for location in product.locations.iter().filter(|location| location.role == Role::User) {
            let Some(first) = location.patterns.on(machine.os).first() else { continue };
            let bytes = sample(&product.id, product.format).as_bytes().to_vec();
            facts.files.insert(path(first), Ok(bytes));
        }
        let markers = product.markers.iter().filter(|marker| marker.role == Role::User);
        facts
            .present
            .extend(markers.filter_map(|marker| marker.patterns.on(machine.os).first()).map(|first| path(first)));
    }
    facts
}

fn told(report: &Report) -> String {
    let mut text = format!("content {}, telemetry {}\n", report.content, report.telemetry);
    for finding in report.products.iter().flat_map(|product| &product.findings) {
        let instance = finding.instance.as_ref().map(|name| format!(" [{name}]")).unwrap_or_default();
        let place = finding.path.as_deref().unwrap_or("-");
        let (product, setting, verdict, reason) =
            (&finding.product, &finding.setting, finding.verdict, &finding.reason);
        let _ = writeln!(text, "{product}/{setting}{instance}: {verdict}: {reason} ({place})");
    }
    text
}

#[test]
fn every_tool_is_found_and_opted_out_on_every_system() {
    let clients = clients();
    for os in Os::ALL {
        let machine = machine(os);
        let mut facts = everything(&clients, &machine);
        let before = check(&clients, &machine, &facts);
        assert_eq!((before.content, before.telemetry), (Verdict::Sharing, Verdict::Sharing));
        let mut text = told(&before);
        for repair in repairs(&clients, &before, &[Kind::Content, Kind::Telemetry]) {
            let bytes = facts.files.get(&repair.path).cloned().transpose().unwrap().unwrap_or_default();
            let edit = fix(&repair.path, &bytes, &repair.settings).unwrap();
            text.push_str(&edit.diff);
            assert!(edit.changed, "{}", repair.path);
            let again = fix(&repair.path, &edit.bytes, &repair.settings).unwrap();
            assert!(!again.changed && again.bytes == edit.bytes, "{}", repair.path);
            facts.files.insert(repair.path, Ok(edit.bytes));
        }
        let after = check(&clients, &machine, &facts);
        text.push_str("after: ");
        text.push_str(&told(&after));
        let left = after.products.iter().flat_map(|product| &product.findings);
        let left: BTreeSet<_> = left.filter(|one| one.verdict != Verdict::OptedOut).map(|one| &one.product).collect();
        let expected: BTreeSet<String> =
            if os == Os::Windows { ["amazon-q-visual-studio".to_owned()].into() } else { BTreeSet::new() };
        assert_eq!(left, expected.iter().collect());
        insta::assert_snapshot!(format!("everything-{}", os.name()), text);
    }
}

#[test]
fn a_machine_is_looked_at_through_the_callers_eyes() {
    let tree = BTreeMap::from([
        (SETTINGS, "{}"),
        ("/home/dev/.vscode/extensions/amazonwebservices.amazon-q-vscode-1.108.0/package.json", "{}"),
        ("/home/dev/.config/JetBrains/GoLand2024.3/options/aws.xml", AWS_XML),
        ("/home/dev/work/ws/.metadata/.plugins/org.eclipse.core.runtime/.settings/amazon-q-eclipse.prefs", ECLIPSE),
    ]);
    let inside = |directory: &str| {
        let rests = tree.keys().filter_map(|path| path.strip_prefix(directory)?.strip_prefix('/'));
        rests.filter_map(|rest| rest.split('/').next()).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let mut reads = Vec::new();
    let mut reach = Reach {
        list: &mut |directory| inside(directory).into_iter().collect(),
        read: &mut |path| {
            reads.push(path.to_owned());
            tree.get(path).map(|text| Ok(text.as_bytes().to_vec()))
        },
        exists: &mut |path| tree.keys().any(|found| found.starts_with(path)),
    };
    let facts = gather(&clients(), &machine(Os::Linux), &mut reach);
    assert_eq!(facts.files.len(), 3);
    assert_eq!(reads.len(), reads.iter().collect::<BTreeSet<_>>().len(), "{reads:?}");
    let report = check(&clients(), &machine(Os::Linux), &facts);
    let found = report.products.iter().flat_map(|product| &product.findings).map(|finding| finding.instance.as_deref());
    let found: BTreeSet<_> = found.flatten().collect();
    assert_eq!(found, ["GoLand2024.3", "Visual Studio Code", "ws"].into());
}

#[test]
fn an_empty_machine_has_nothing_installed() {
    let report = linux(&[], &[]);
    assert_eq!((report.content, report.telemetry), (Verdict::NotInstalled, Verdict::NotInstalled));
}

#[test]
fn an_editors_settings_file_alone_does_not_show_the_extension() {
    let report = linux(&[(SETTINGS, "{}")], &[]);
    assert_eq!(content(&report, "amazon-q-vscode").0, Verdict::NotInstalled);
}

#[test]
fn an_installed_extension_without_a_setting_shares_by_default() {
    let (verdict, reasons) = content(&linux(&[(SETTINGS, "{}")], &[EXTENSION]), "amazon-q-vscode");
    assert_eq!((verdict, reasons), (Verdict::Sharing, vec!["it is not set, and the default is `true`".to_owned()]));
    let (verdict, reasons) = content(&linux(&[], &[EXTENSION]), "amazon-q-vscode");
    assert_eq!(verdict, Verdict::Sharing);
    assert_eq!(reasons, ["there is no settings file, and the default is `true`"]);
}

#[test]
fn an_application_setting_in_another_profile_is_ignored_and_said_so() {
    let profile = "/home/dev/.config/Code/User/profiles/-1f2/settings.json";
    let out = "{\"amazonQ.shareContentWithAWS\": false}";
    let report = linux(&[(SETTINGS, "{}"), (profile, out)], &[EXTENSION]);
    assert_eq!(content(&report, "amazon-q-vscode").0, Verdict::Sharing);
    let notes = report.products.iter().flat_map(|product| &product.findings).flat_map(|finding| &finding.notes);
    assert!(notes.clone().any(|note| note.contains("profiles/-1f2") && note.contains("ignored")), "{report:?}");
}

#[test]
fn a_window_setting_counts_in_every_profile_and_on_the_remote_side() {
    let profile = "/home/dev/.config/Code/User/profiles/a/settings.json";
    let remote = "/home/dev/.vscode-server/data/Machine/settings.json";
    let off = "{\"amazonQ.telemetry\": false}";
    let telemetry = |files: &[(&str, &str)]| {
        let report = linux(files, &[EXTENSION]);
        report.products.iter().find(|product| product.id == "amazon-q-vscode").unwrap().telemetry.unwrap()
    };
    assert_eq!(telemetry(&[(SETTINGS, off), (profile, off)]), Verdict::OptedOut);
    assert_eq!(telemetry(&[(SETTINGS, off), (profile, "{}")]), Verdict::Sharing);
    assert_eq!(telemetry(&[(SETTINGS, off), (remote, "{}")]), Verdict::OptedOut);
    assert_eq!(telemetry(&[(SETTINGS, off), (remote, "{\"amazonQ.telemetry\": true}")]), Verdict::Sharing);
}

#[test]
fn on_a_remote_machine_the_connecting_editor_decides() {
    let marker = "/home/dev/.vscode-server/extensions/amazonwebservices.amazon-q-vscode-1.108.0";
    let (verdict, reasons) = content(&linux(&[], &[marker]), "amazon-q-vscode");
    assert_eq!(verdict, Verdict::Unknown);
    assert_eq!(reasons, ["it is decided elsewhere: the settings of the editor that connects to this machine count"]);
}

#[test]
fn a_name_that_only_suggests_a_tool_is_no_verdict() {
    let marker = "/home/dev/.vscode/extensions/somebody.kiro-cli-companion-0.1.0";
    assert_eq!(content(&linux(&[(SETTINGS, "{}")], &[marker]), "kiro-vscode").0, Verdict::Unknown);
    let off = "{\"kiroExtension.contentCollectionForServiceImprovement\": false}";
    assert_eq!(content(&linux(&[(SETTINGS, off)], &[marker]), "kiro-vscode").0, Verdict::OptedOut);
}

#[test]
fn a_file_at_a_place_no_source_shows_is_unknown() {
    let remote = "/home/dev/.windsurf-server/data/Machine/settings.json";
    let report = linux(&[(remote, "{\"amazonQ.telemetry\": false}")], &[]);
    let product = report.products.iter().find(|product| product.id == "amazon-q-vscode").unwrap();
    assert_eq!(product.telemetry, Some(Verdict::Unknown));
    assert!(product.findings.iter().all(|finding| !finding.fixable));
}

#[test]
fn an_older_name_alone_is_no_pass() {
    let legacy = "{\"aws.codeWhisperer.shareCodeWhispererContentWithAWS\": false}";
    let report = linux(&[(SETTINGS, legacy)], &[EXTENSION]);
    let (verdict, reasons) = content(&report, "amazon-q-vscode");
    assert_eq!(verdict, Verdict::Unknown);
    assert!(reasons[0].contains("only its older name `aws.codeWhisperer"), "{reasons:?}");
    assert_eq!(repairs(&clients(), &report, &[Kind::Content]).len(), 1);
}

#[test]
fn with_both_names_the_current_one_decides() {
    let both = "{\"aws.amazonQ.shareContentWithAWS\": true, \"amazonQ.shareContentWithAWS\": false}";
    let report = linux(&[(SETTINGS, both)], &[EXTENSION]);
    assert_eq!(content(&report, "amazon-q-vscode").0, Verdict::OptedOut);
    let shared = both.replace("true", "x").replace("false", "true").replace('x', "false");
    assert_eq!(content(&linux(&[(SETTINGS, &shared)], &[EXTENSION]), "amazon-q-vscode").0, Verdict::Sharing);
}

#[test]
fn what_cannot_be_read_for_certain_is_unknown_with_its_reason() {
    let reason = |text: &str| {
        let (verdict, reasons) = content(&linux(&[(SETTINGS, text)], &[EXTENSION]), "amazon-q-vscode");
        assert_eq!(verdict, Verdict::Unknown, "{text}");
        reasons.concat()
    };
    assert!(reason("{\"amazonQ.shareContentWithAWS\": \"false\"}").contains("the text `false`"));
    assert!(reason("{\"amazonQ.shareContentWithAWS\": null}").contains("null"));
    assert!(reason("{\"amazonQ.shareContentWithAWS\": {}}").contains("an object"));
    assert!(reason("{\"amazonQ\": {\"shareContentWithAWS\": false}}").contains("not documented"));
    let twice = "{\"amazonQ.shareContentWithAWS\": false, \"amazonQ.shareContentWithAWS\": false}";
    assert!(reason(twice).contains("2 times"));
    assert!(reason("{\n  \"a\": ,\n}").contains("settings.json:2:8: the text cannot be read"));
}

#[test]
fn a_settings_file_that_cannot_be_read_is_unknown_also_where_nothing_else_shows_the_extension() {
    let found = |content: Result<Vec<u8>, ReadProblem>| {
        let facts = Facts { files: BTreeMap::from([(SETTINGS.to_owned(), content)]), present: BTreeSet::new() };
        let report = check(&clients(), &machine(Os::Linux), &facts);
        let product = report.products.iter().find(|it| it.id == "amazon-q-vscode").unwrap();
        let mut content = product.findings.iter().filter(|it| it.kind == Kind::Content);
        assert!(content.all(|it| it.path.as_deref() == Some(SETTINGS) && !it.fixable));
        (report.content, content_reason(&report))
    };
    let shares = "\"amazonQ.shareContentWithAWS\": true";
    for (text, why) in [
        (format!("{{{shares}, ").into_bytes(), "settings.json"),
        (format!("{{{shares}, {shares}}}").into_bytes(), "2 times"),
        (b"\xff\xfe{\0\"".to_vec(), "settings.json"),
    ] {
        let (verdict, reason) = found(Ok(text));
        assert_eq!(verdict, Verdict::Unknown, "{reason}");
        assert!(reason.contains(why), "{reason}");
    }
    let (verdict, reason) = found(Err(ReadProblem::Denied));
    assert_eq!(verdict, Verdict::Unknown, "{reason}");
    assert_eq!(
        linux(&[(SETTINGS, "{}")], &[]).content,
        Verdict::NotInstalled,
        "a file that can be read and has none of it shows nothing"
    );
}

fn content_reason(report: &Report) -> String {
    content(report, "amazon-q-vscode").1.join("; ")
}

#[test]
fn a_file_that_could_not_be_read_is_unknown() {
    let problems = [
        (ReadProblem::Denied, "may not be read"),
        (ReadProblem::Vanished, "is gone"),
        (ReadProblem::LeadsOutside { target: "/nix/store/x".to_owned() }, "/nix/store/x"),
    ];
    for (problem, words) in problems {
        let mut facts = facts(&[], &[EXTENSION]);
        facts.files.insert(SETTINGS.to_owned(), Err(problem));
        let report = check(&clients(), &machine(Os::Linux), &facts);
        let (verdict, reasons) = content(&report, "amazon-q-vscode");
        assert!(verdict == Verdict::Unknown && reasons[0].contains(words), "{reasons:?}");
        assert_eq!(repairs(&clients(), &report, &[Kind::Content]), []);
    }
}

#[test]
fn every_version_of_a_jetbrains_ide_is_looked_at() {
    let path = |name: &str| format!("/home/dev/.config/JetBrains/{name}/options/aws.xml");
    let out = AWS_XML.replace("IsProjectContextEnabled\" value=\"true", "OptInSendingMetric\" value=\"false");
    let report = linux(&[(&path("GoLand2024.3"), &out), (&path("PyCharm2025.1"), AWS_XML)], &[]);
    let (verdict, reasons) = content(&report, "amazon-q-jetbrains");
    assert_eq!(verdict, Verdict::Sharing);
    assert_eq!(reasons, ["it is set to `false`", "it is not set, and the default is `true`"]);
}

#[test]
fn a_state_file_of_the_toolkit_alone_does_not_say_whether_amazon_q_is_there() {
    let file = "/home/dev/.config/JetBrains/GoLand2024.3/options/aws.xml";
    let toolkit = "<application>\n  <component name=\"aws\">\n    <option name=\"promptedForTelemetry\" value=\"true\" />\n  </component>\n</application>\n";
    let report = linux(&[(file, toolkit)], &[]);
    assert_eq!(content(&report, "amazon-q-jetbrains").0, Verdict::Unknown);
    let marker = "/home/dev/.local/share/JetBrains/GoLand2024.3/plugin-amazonq";
    assert_eq!(content(&linux(&[(file, toolkit)], &[marker]), "amazon-q-jetbrains").0, Verdict::Sharing);
}

#[test]
fn a_plugin_that_never_saved_gets_its_file_in_its_own_directory() {
    let marker = "/home/dev/.local/share/Google/AndroidStudio2025.1/plugin-amazonq";
    let report = linux(&[], &[marker]);
    let clients = clients();
    let repairs = repairs(&clients, &report, &[Kind::Content]);
    assert_eq!(repairs[0].path, "/home/dev/.config/Google/AndroidStudio2025.1/options/aws.xml");
    let edit = fix("aws.xml", b"", &repairs[0].settings).unwrap();
    assert!(
        String::from_utf8(edit.bytes)
            .unwrap()
            .starts_with("<application>\n  <component name=\"codewhispererSettings\">")
    );
}

#[test]
fn visual_studio_is_unknown_with_the_way_through_the_menus() {
    let clients = clients();
    let present = ["C:/Users/dev/AppData/Local/AWSToolkit"];
    let report = check(&clients, &machine(Os::Windows), &facts(&[], &present));
    let product = report.products.iter().find(|product| product.id == "amazon-q-visual-studio").unwrap();
    assert_eq!(product.content, Some(Verdict::Unknown));
    assert!(product.findings[0].menu.starts_with("Tools, Options"));
    let setting = clients.setting("amazon-q-visual-studio", "content").unwrap();
    let refused = fix("x", b"{}", &[setting]).unwrap_err();
    assert!(refused.help().unwrap().contains("Tools, Options"), "{refused}");
}

#[test]
fn an_environment_variable_overrides_the_file() {
    let clients = clients();
    let telemetry = |environment: Option<&[(&str, &str)]>, product: &str, path: &str, text: &str| {
        let environment =
            environment.map(|pairs| pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect());
        let machine = Machine { environment, ..machine(Os::Linux) };
        let report = check(&clients, &machine, &facts(&[(path, text)], &[]));
        report.products.into_iter().find(|found| found.id == product).unwrap()
    };
    let sam = |environment| telemetry(environment, "aws-sam-cli", "/home/dev/.aws-sam/metadata.json", SAM);
    assert_eq!(sam(Some(&[("SAM_CLI_TELEMETRY", "0")])).telemetry, Some(Verdict::OptedOut));
    assert_eq!(sam(Some(&[("SAM_CLI_TELEMETRY", "1")])).telemetry, Some(Verdict::Sharing));
    assert_eq!(sam(Some(&[])).telemetry, Some(Verdict::Sharing));
    assert!(sam(None).findings[0].notes[0].contains("the environment is not known"));
    let cdk = |environment| telemetry(environment, "aws-cdk-cli", "/home/dev/.cdk.json", CDK);
    assert_eq!(cdk(Some(&[("CDK_DISABLE_CLI_TELEMETRY", "1")])).telemetry, Some(Verdict::OptedOut));
    assert_eq!(cdk(Some(&[("CDK_DISABLE_CLI_TELEMETRY", "no")])).telemetry, Some(Verdict::Sharing));
    assert_eq!(cdk(Some(&[])).content, None);
}

#[test]
fn a_text_that_opts_out_is_accepted_where_the_tool_accepts_it() {
    let report = linux(&[("/home/dev/.cdk.json", "{\"context\": {\"cli-telemetry\": \"false\"}}")], &[]);
    assert_eq!(report.telemetry, Verdict::OptedOut);
}

#[test]
fn telemetry_never_decides_the_machines_verdict() {
    let report = linux(&[("/home/dev/.aws-sam/metadata.json", SAM)], &[]);
    assert_eq!((report.content, report.telemetry), (Verdict::NotInstalled, Verdict::Sharing));
}

#[test]
fn a_report_is_written_the_same_every_time() {
    let clients = clients();
    let facts = everything(&clients, &machine(Os::MacOs));
    let write = || serde_json::to_string(&check(&clients, &machine(Os::MacOs), &facts)).unwrap();
    let text = write();
    assert_eq!(text, write());
    assert!(text.contains("\"because\":\"default\""), "{text}");
}

#[test]
fn a_workspace_of_eclipse_without_preferences_shares_by_default() {
    let marker = "/home/dev/.p2/pool/plugins/amazon-q-eclipse_2.0.0";
    let report = linux(&[], &[marker]);
    assert_eq!(content(&report, "amazon-q-eclipse").0, Verdict::Sharing);
    assert_eq!(repairs(&clients(), &report, &[Kind::Content]), []);
    let file = "/home/dev/ws/.metadata/.plugins/org.eclipse.core.runtime/.settings/amazon-q-eclipse.prefs";
    let report = linux(&[(file, "qDataSharing=false\n")], &[marker]);
    let product = report.products.iter().find(|product| product.id == "amazon-q-eclipse").unwrap();
    assert_eq!(product.content, Some(Verdict::OptedOut));
    assert!(matches!(product.findings[0].reason, Reason::Value { .. }));
}

/// What the packages of the extensions themselves declare.
const PACKAGES: &str = include_str!("data/workstation/packages.json");

#[test]
fn the_catalogue_says_of_each_key_what_the_extensions_package_declares() {
    let clients = clients();
    let packages: Vec<serde_json::Value> = serde_json::from_str(PACKAGES).unwrap();
    let mut declared = BTreeSet::new();
    for package in &packages {
        let link = format!(
            "https://github.com/{}/blob/{}/{}",
            package["repository"].as_str().unwrap(),
            package["commit"].as_str().unwrap(),
            package["path"].as_str().unwrap()
        );
        let product = clients.product(package["product"].as_str().unwrap()).unwrap();
        for setting in &product.settings {
            let property = &package["properties"][&setting.key_text()];
            assert_eq!(property["type"], "boolean", "{}", setting.key_text());
            assert_eq!(serde_json::to_value(&setting.default).unwrap(), property["default"], "{}", setting.key_text());
            // An extension's setting that names no scope has window scope.
            let scope = serde_json::to_value(setting.scope).unwrap();
            assert_eq!(scope, *property.get("scope").unwrap_or(&"window".into()), "{}", setting.key_text());
            assert_eq!(setting.citation.source, link, "{}", setting.key_text());
            declared.insert(setting.key_text());
        }
    }
    let all = packages.iter().map(|package| package["properties"].as_object().unwrap().len()).sum::<usize>();
    assert_eq!(declared.len(), all);
}
