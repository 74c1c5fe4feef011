//! Path patterns: from the catalogue's form to one machine's paths, and which paths they fit.

use super::machine::Machine;
use super::terms::Os;

/// Names the installation inside a pattern.
const INSTANCE: &str = "{instance}";

/// A path of one machine in which `*` and `{instance}` stand for any text inside one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    text: String,
    ignores_case: bool,
}

/// A path that fits a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The path.
    pub path: String,
    /// What stands for `{instance}`, where the pattern has it.
    pub instance: Option<String>,
}

impl Pattern {
    /// A pattern of the catalogue on `machine`: `~` is the home directory, `${NAME:-path}` the variable or the path.
    #[must_use]
    pub fn resolve(pattern: &str, machine: &Machine) -> Self {
        let text = machine.slashes(&home(&variables(pattern, machine), machine));
        Self { text, ignores_case: machine.os == Os::Windows }
    }

    /// The path itself, with its wildcards.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stands for exactly one path.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.text.contains('*') && !self.text.contains(INSTANCE)
    }

    /// The path for one installation; `None` while a `*` is left.
    #[must_use]
    pub fn for_instance(&self, instance: &str) -> Option<String> {
        let path = self.text.replace(INSTANCE, instance);
        (!path.contains('*')).then_some(path)
    }

    /// How `path` fits, if it does.
    #[must_use]
    pub fn fit(&self, path: &str) -> Option<Fit> {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (self.text.split('/').collect(), path.split('/').collect());
        if ours.len() != theirs.len() || !ours.iter().zip(&theirs).all(|(ours, theirs)| self.name_fits(ours, theirs)) {
            return None;
        }
        let instance = ours.iter().zip(&theirs).find_map(|(ours, theirs)| captured(ours, theirs));
        Some(Fit { path: path.to_owned(), instance })
    }

    /// Every path that fits, found by listing the directories on the way.
    ///
    /// `list` returns the names in a directory, and nothing for one that cannot be listed. A pattern without wildcards
    /// is returned as it is, whether it exists or not.
    pub fn expand(&self, list: &mut dyn FnMut(&str) -> Vec<String>) -> Vec<Fit> {
        let mut paths = vec![String::new()];
        for (at, name) in self.text.split('/').enumerate() {
            paths = paths.iter().flat_map(|path| self.step(path, at, name, list)).collect();
        }
        paths.iter().filter_map(|path| self.fit(path)).collect()
    }

    fn step(&self, path: &str, at: usize, name: &str, list: &mut dyn FnMut(&str) -> Vec<String>) -> Vec<String> {
        let join = |name: &str| if at == 0 { name.to_owned() } else { format!("{path}/{name}") };
        if !name.contains('*') && !name.contains(INSTANCE) {
            return vec![join(name)];
        }
        let mut names = list(if path.is_empty() { "/" } else { path });
        names.retain(|found| self.name_fits(name, found));
        names.sort();
        names.iter().map(|found| join(found)).collect()
    }

    fn name_fits(&self, pattern: &str, name: &str) -> bool {
        if self.ignores_case {
            glob(&pattern.to_lowercase().replace(INSTANCE, "*"), &name.to_lowercase())
        } else {
            glob(&pattern.replace(INSTANCE, "*"), name)
        }
    }
}

fn home(pattern: &str, machine: &Machine) -> String {
    match pattern.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            format!("{}{rest}", machine.home.trim_end_matches(['/', '\\']))
        }
        Some(_) | None => pattern.to_owned(),
    }
}

/// Replaces a leading `${NAME:-path}`, inside out; anything else stays as it is.
fn variables(pattern: &str, machine: &Machine) -> String {
    let Some((inside, rest)) = pattern.strip_prefix("${").and_then(split_at_brace) else {
        return pattern.to_owned();
    };
    let (name, otherwise) = inside.split_once(":-").unwrap_or((inside, ""));
    let directory = machine.directory_variable(name).map_or_else(|| variables(otherwise, machine), str::to_owned);
    format!("{directory}{rest}")
}

fn split_at_brace(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

fn captured(pattern: &str, name: &str) -> Option<String> {
    let (before, after) = pattern.split_once(INSTANCE)?;
    name.get(before.len()..name.len().checked_sub(after.len())?).map(str::to_owned)
}

/// Whether `name` fits `pattern`, in which `*` stands for any text, also none.
fn glob(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn machine(os: Os, home: &str, environment: &[(&str, &str)]) -> Machine {
        let pairs = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Machine { os, home: home.to_owned(), environment: Some(pairs.collect::<BTreeMap<_, _>>()) }
    }

    #[test]
    fn a_variable_wins_over_its_default_and_an_empty_one_does_not() {
        let pattern = "${JUPYTERLAB_SETTINGS_DIR:-${JUPYTER_CONFIG_DIR:-~/.jupyter}/lab/user-settings}/x";
        let at = |environment: &[(&str, &str)]| {
            Pattern::resolve(pattern, &machine(Os::Linux, "/home/a", environment)).as_str().to_owned()
        };
        assert_eq!(at(&[]), "/home/a/.jupyter/lab/user-settings/x");
        assert_eq!(at(&[("JUPYTER_CONFIG_DIR", "/etc/j")]), "/etc/j/lab/user-settings/x");
        assert_eq!(at(&[("JUPYTERLAB_SETTINGS_DIR", "/s"), ("JUPYTER_CONFIG_DIR", "/etc/j")]), "/s/x");
        assert_eq!(at(&[("JUPYTER_CONFIG_DIR", "")]), "/home/a/.jupyter/lab/user-settings/x");
    }

    #[test]
    fn windows_paths_have_one_form_and_ignore_case() {
        let machine = machine(Os::Windows, "C:\\Users\\a\\", &[("APPDATA", "D:\\Roaming")]);
        let pattern = Pattern::resolve("${APPDATA:-~/AppData/Roaming}/JetBrains/{instance}/options/aws.xml", &machine);
        assert_eq!(pattern.as_str(), "D:/Roaming/JetBrains/{instance}/options/aws.xml");
        let fit = pattern.fit("d:/roaming/jetbrains/PyCharm2025.1/Options/AWS.xml").unwrap();
        assert_eq!(fit.instance.as_deref(), Some("PyCharm2025.1"));
    }

    #[test]
    fn a_wildcard_stays_inside_one_name() {
        let machine = machine(Os::Linux, "/h", &[]);
        let pattern = Pattern::resolve("~/.vscode/extensions/amazonwebservices.amazon-q-vscode-*", &machine);
        assert!(pattern.fit("/h/.vscode/extensions/amazonwebservices.amazon-q-vscode-1.108.0").is_some());
        assert!(pattern.fit("/h/.vscode/extensions/amazonwebservices.amazon-q-vscode-1/x").is_none());
        assert!(pattern.fit("/h/.vscode/extensions/other-1").is_none());
    }

    #[test]
    fn several_wildcards_fit_in_order() {
        assert!(glob("*amazon*q*", "aws-amazon-q"));
        assert!(!glob("*amazon*q*", "q-amazon"));
        assert!(glob("a*", "a") && glob("*", "") && !glob("a*a", "a"));
    }

    #[test]
    fn expanding_lists_only_the_directories_on_the_way() {
        let machine = machine(Os::Linux, "/h", &[]);
        let mut asked = Vec::new();
        let mut list = |directory: &str| {
            asked.push(directory.to_owned());
            vec!["GoLand2024.3".to_owned(), "IntelliJIdea2025.1".to_owned()]
        };
        let pattern = Pattern::resolve("~/.config/JetBrains/{instance}/options/aws.xml", &machine);
        let fits = pattern.expand(&mut list);
        assert_eq!(asked, ["/h/.config/JetBrains"]);
        assert_eq!(fits[1].path, "/h/.config/JetBrains/IntelliJIdea2025.1/options/aws.xml");
        assert_eq!(fits[0].instance.as_deref(), Some("GoLand2024.3"));
    }

    #[test]
    fn a_pattern_without_wildcards_is_its_own_expansion() {
        let pattern = Pattern::resolve("~/.cdk.json", &machine(Os::Linux, "/h", &[]));
        let fits = pattern.expand(&mut |_| Vec::new());
        assert_eq!(fits, [Fit { path: "/h/.cdk.json".to_owned(), instance: None }]);
    }
}
