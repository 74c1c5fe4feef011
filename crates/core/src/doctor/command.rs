//! The commands to go on with: templates with words in capitals, so that a test can tell that every one exists.

/// The words that are filled in, each with an example of what stands in its place. `FROM` and `INTENT` are options that
/// fall away where there is nothing to say; the others stay as they are where nothing is known to fill them with.
pub const PLACEHOLDERS: &[(&str, &str)] = &[
    ("ACCOUNT", "111111111111"),
    ("SERVICE", "lex"),
    ("TARGET", "r-exam"),
    ("POLICY", "p-examplepolicy"),
    ("ROOT", "r-exam"),
    ("FROM", ""),
    ("INTENT", ""),
];

/// What the commands of one examination have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The options that say where the organization is read from, like `--organization org.json`; may be empty.
    pub from: String,
    /// The option that names the intent; may be empty.
    pub intent: String,
    /// The options of the `aws` command line that reach the same AWS, like `--profile management`; may be empty.
    pub aws: String,
}

impl Places {
    /// The commands of `templates`, filled in with `words`.
    pub(super) fn fill(&self, templates: &[&str], words: &[(&str, &str)]) -> Vec<String> {
        templates.iter().map(|template| self.command(template, words)).collect()
    }

    fn command(&self, template: &str, words: &[(&str, &str)]) -> String {
        let known = |word: &str| words.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        let filled = template.split(' ').map(|word| match word {
            "FROM" => self.from.as_str(),
            "INTENT" => self.intent.as_str(),
            other => known(other).unwrap_or(other),
        });
        let aws = Some(self.aws.as_str()).filter(|_| template.starts_with("aws "));
        filled.chain(aws).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_filled_in_and_options_without_a_value_fall_away() {
        let places = Places { from: "--organization a.json".into(), ..Places::default() };
        let filled =
            places.fill(&["optout plan INTENT FROM", "optout explain ACCOUNT SERVICE FROM"], &[("ACCOUNT", "1")]);
        assert_eq!(filled, ["optout plan --organization a.json", "optout explain 1 SERVICE --organization a.json"]);
        let places = Places { aws: "--profile management".into(), ..Places::default() };
        let filled = places.fill(&["aws organizations list-roots", "optout services"], &[]);
        assert_eq!(filled, ["aws organizations list-roots --profile management", "optout services"]);
    }
}
