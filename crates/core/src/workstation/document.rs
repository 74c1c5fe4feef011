//! `docs/workstation.md`: what is checked where, written from the data.

use std::fmt::Write as _;

use super::clients::{Citation, Clients, FleetRule, Location, Product, ScopeRule, Setting, Tier, VariableRule};
use super::terms::{Format, Os, Role, Scalar, Scope};

/// The page as Markdown.
#[must_use]
pub fn document(clients: &Clients) -> String {
    let mut page = format!("{HEAD}\nRead against its sources on {}.\n\n## At a glance\n\n", clients.read);
    page.push_str(&overview(clients));
    page.push_str(&editors(clients));
    for product in &clients.products {
        page.push_str(&section(clients, product));
    }
    page.push_str("## Which file of an editor counts\n\n");
    clients.scopes.iter().for_each(|rule| page.push_str(&scope(rule)));
    page.push_str("\n## What the identity changes\n\n");
    clients.tiers.iter().for_each(|rule| page.push_str(&tier(rule)));
    page.push_str("\n## Many machines\n\n`optout generate workstation --for TARGET`:\n\n");
    clients.fleet.iter().for_each(|rule| page.push_str(&fleet(rule)));
    page + PROVEN
}

const HEAD: &str = "# Developers' tools

<!-- Written from data/clients.toml by a test; do not edit by hand. -->

`optout workstation check` reads the settings files below and says for each tool: `opted-out`, `sharing`, `unknown` or
`not-installed`. Content decides the verdict; telemetry is a lower finding of its own. `optout workstation fix` writes
the value that opts out and leaves every other byte of the file as it was. Where no source shows the file or the key,
the check says `unknown` with the way through the menus, and the fix refuses.

A machine is named in results by `--name`, else by its host name. `--format json` is `optout.workstation/1`
([schema](schemas/workstation-1.json)); `--format junit` has a case per setting and place, of which some fails or errs if
and only if the exit code is 2 or 3; `--format ocsf` is an array of OCSF 1.8.0 Compliance Findings with the machine as device.
`optout verify`, `report` and `audit` take the JSON of many machines: `--workstation FILE...`. With `--user-home DIR --os
linux|macos|windows` the files of another machine are looked at, such as a backup; its environment is not known then.

A file that is too large, no text, broken, a pipe, a device, behind a link out of the home directory, or not to be read or written
is left as it was, and named. So is one that another program removed, replaced or changed after it was read.

In the paths `~` is the home directory, `${NAME:-path}` the environment variable or else the path, `*` any text, and
`{instance}` names the installation.
";

/// What the tests let others judge. Not data: it changes with the tests.
const PROVEN: &str = "
## What is tried with what

| what | by what |
|---|---|
| key, type, default and scope of Amazon Q and AWS Toolkit for Visual Studio Code | the extensions' own `package.json` at the commit of the source, as data |
| settings.json: what the editor writes is judged as the editor reads it; what a fix writes is read as `false`; which files count for which scope | Visual Studio Code's own code for settings, from npm (`@codingame/monaco-vscode-api`), and its parser `jsonc-parser` on 4,000 generated files |
| Amazon Q and CodeWhisperer for JupyterLab: schema defaults, files that the server writes, files that a fix writes | JupyterLab's server with AWS's extensions, from PyPI |
| AWS SAM CLI: the file it writes, the file that a fix writes | its own code for that file, from PyPI |
| AWS CDK CLI: its status before and after a fix | the program, from npm |
| aws.xml of JetBrains IDEs, on 4,000 generated files | an XML parser; the component, the file and the key are those of the plug-ins' source; no IDE runs in the tests |
| command lines of Kiro and Amazon Q, on 4,000 generated files | a JSON parser; the programs are not in any package registry |
| Eclipse | the plug-in's source; no Eclipse runs in the tests |
| Visual Studio | nothing: no source names the file, so the check says `unknown` |
| `devcontainer` | the dev container program, from npm, reads and merges it; its published schema, cut to the keys that are generated |
| `ansible` | `ansible-playbook --syntax-check` |
| `dotfiles` | `sh`, `bash`, ShellCheck |
| `vscode-policy`, `jetbrains`, `intune`, `jamf` | nothing is generated, so there is nothing to validate |
";

fn overview(clients: &Clients) -> String {
    let mut table = "| tool | setting | key | opts out | default | kept as |\n|---|---|---|---|---|---|\n".to_owned();
    for (product, setting) in clients.products.iter().flat_map(|p| p.settings.iter().map(move |s| (p, s))) {
        let key = if setting.key.is_empty() { "not known".to_owned() } else { code(&setting.key_text()) };
        let value =
            setting.opts_out.iter().map(|value| literal(product.format, value)).collect::<Vec<_>>().join(" or ");
        let default = literal(product.format, &setting.default);
        let format = product.format.name();
        let _ = writeln!(table, "| {} | {} | {key} | {value} | {default} | {format} |", product.name, setting.id);
    }
    table + "\n"
}

/// A value as the file has it.
fn literal(format: Format, value: &Scalar) -> String {
    match (format, value) {
        (Format::Json | Format::Jsonc | Format::Toml, Scalar::Text(text)) => code(&format!("\"{text}\"")),
        (_, value) => code(&value.to_string()),
    }
}

/// The files of the editors, once for all tools that live in them.
fn editors(clients: &Clients) -> String {
    let mut locations: Vec<&Location> = Vec::new();
    for location in clients.products.iter().flat_map(|product| &product.locations) {
        if location.instance.is_some() && !locations.iter().any(|known| known.patterns == location.patterns) {
            locations.push(location);
        }
    }
    let mut text = "## Editors of the Visual Studio Code family\n\n".to_owned();
    for os in Os::ALL {
        let lines: String = locations.iter().map(|location| place(location, os)).collect();
        let _ = writeln!(text, "{}:\n\n{lines}", os.name());
    }
    text
}

fn section(clients: &Clients, product: &Product) -> String {
    let mut text = format!("## {}\n\n", product.name);
    if let Some(note) = &product.note {
        let _ = writeln!(text, "{}\n", sentence(note));
    }
    text.push_str(&places(product));
    for setting in &product.settings {
        text.push_str(&setting_text(clients, setting));
    }
    text
}

fn places(product: &Product) -> String {
    let mut editors: Vec<&str> = product.locations.iter().filter_map(|location| location.instance.as_deref()).collect();
    editors.dedup();
    if !editors.is_empty() {
        return format!("In the files of {} (above).\n\n", editors.join(", "));
    }
    if product.locations.is_empty() {
        return "No source shows a file.\n\n".to_owned();
    }
    let of = |os: Os| {
        let lines: String = product.locations.iter().map(|location| place(location, os)).collect();
        format!("{}:\n\n{lines}\n", os.name())
    };
    Os::ALL.into_iter().map(of).collect()
}

fn place(location: &Location, os: Os) -> String {
    let proven = if location.proven_on.contains(&os) { "" } else { ", not proven" };
    let name = location.instance.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
    let role = role(location.role);
    location.patterns.on(os).iter().map(|path| format!("- {} ({name}{role}{proven})\n", code(path))).collect()
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Profile => "other profiles",
        Role::Remote => "remote machine",
    }
}

fn setting_text(clients: &Clients, setting: &Setting) -> String {
    let mut text = format!("### {} of {}\n\n", setting.id, setting.product);
    let _ = writeln!(text, "- {}", sentence(&setting.meaning));
    let _ = writeln!(text, "- In the tool: {}", setting.menu);
    let _ = writeln!(text, "- Versions: {}", sentence(&setting.versions));
    if let Some(scope) = setting.scope.and_then(|scope| clients.scopes.iter().find(|rule| rule.scope == scope)) {
        let _ = writeln!(text, "- Scope: {}: {}", scope_name(scope.scope), sentence(&scope.meaning));
    }
    if !setting.legacy.is_empty() {
        let names = setting.legacy.iter().map(|key| code(&key.join(" › "))).collect::<Vec<_>>().join(", ");
        let note = setting.legacy_note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let _ = writeln!(text, "- Older names: {names}{}", sentence(&note));
    }
    for variable in &setting.variables {
        let rule = match &variable.opts_out {
            VariableRule::Any => "any value opts out".to_owned(),
            VariableRule::Listed(values) => format!("{} opts out", values.join(" or ")),
            VariableRule::Unless(values) => format!("anything but {} opts out", values.join(" or ")),
        };
        let _ = writeln!(text, "- Overridden by {}: {rule}.", code(&variable.name));
    }
    text + &cited(&setting.citation)
}

const fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Application => "application",
        Scope::Window => "window",
    }
}

fn cited(citation: &Citation) -> String {
    let mut text = String::new();
    if let Some(note) = &citation.note {
        let _ = writeln!(text, "- {}", sentence(note));
    }
    let docs = citation.docs.as_ref().map(|docs| format!(", <{docs}>")).unwrap_or_default();
    let _ = writeln!(text, "- Source: <{}>{docs}, read {}\n", citation.source, citation.date);
    text
}

fn scope(rule: &ScopeRule) -> String {
    format!("- {}: {} (<{}>)\n", rule.name, rule.meaning, rule.citation.source)
}

fn tier(tier: &Tier) -> String {
    let products = tier.products.iter().map(|id| code(id)).collect::<Vec<_>>().join(", ");
    let (name, meaning, detection, source) = (&tier.name, &tier.meaning, &tier.detection, &tier.citation.source);
    format!("- {name}: {meaning}. Tools: {products}. Detection: {detection} (<{source}>)\n")
}

fn fleet(rule: &FleetRule) -> String {
    let verdict = if rule.governs { "generated" } else { "refused" };
    let help = rule.help.as_ref().map(|help| format!(" Instead: {help}.")).unwrap_or_default();
    format!(
        "- {}: {verdict}. {}{help} (<{}>)\n",
        code(rule.target.name()),
        sentence(&rule.reason),
        rule.citation.source
    )
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let capital: String =
        characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default();
    if capital.is_empty() || capital.ends_with('.') { capital } else { format!("{capital}.") }
}
