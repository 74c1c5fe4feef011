//! What a file is, by its name; and whether its text can concern opt-out policies at all.

/// The kinds of files that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A policy document, or another file that was named and holds one.
    Document,
    /// Terraform's language.
    Terraform,
    /// Values of Terraform's variables.
    TerraformValues,
    /// JSON: a document, a template, a plan, settings.
    Json,
    /// YAML: a template, configuration, a pipeline.
    Yaml,
    /// A shell script.
    Shell,
    /// Python.
    Python,
    /// JavaScript or TypeScript.
    Script,
    /// robots.txt.
    Robots,
}

impl Kind {
    /// The kind of a path, by its name; `None` where it is none of ours. Files without an extension need their first bytes.
    #[must_use]
    pub fn of(path: &str, start: &[u8]) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            _ if name == "robots.txt" => Some(Self::Robots),
            "tf" | "tofu" => Some(Self::Terraform),
            "tfvars" => Some(Self::TerraformValues),
            "json" | "jsonc" => Some(Self::Json),
            "template" if first(start) == Some(b'{') => Some(Self::Json),
            "yaml" | "yml" | "template" => Some(Self::Yaml),
            "sh" | "bash" | "zsh" | "ksh" => Some(Self::Shell),
            "py" => Some(Self::Python),
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" => Some(Self::Script),
            "" => of_start(start),
            _ => None,
        }
    }

    /// Whether a path can be of a kind at all, before anything is read: those without an extension may be scripts.
    #[must_use]
    pub fn is_possible(path: &str) -> bool {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        !name.contains('.') || Self::of(path, b"").is_some()
    }

    /// In words, for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Terraform => "terraform",
            Self::TerraformValues => "terraform-values",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Shell => "shell",
            Self::Python => "python",
            Self::Script => "javascript",
            Self::Robots => "robots",
        }
    }
}

fn first(start: &[u8]) -> Option<u8> {
    start.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn of_start(start: &[u8]) -> Option<Kind> {
    let line = start.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("#!")?;
    match line {
        _ if line.contains("python") => Some(Kind::Python),
        _ if line.contains("node") => Some(Kind::Script),
        _ if line.contains("sh") => Some(Kind::Shell),
        _ => None,
    }
}

/// Words of which a text that concerns us has at least one.
const WORDS: [&str; 15] = [
    "AISERVICES_OPT_OUT",
    "opt_out_policy",
    "aws_organizations_organization\"",
    "AWS::Organizations::Organization",
    "CfnOrganization",
    "stack-set",
    "stack_set",
    "StackSet",
    "aws.q.",
    "amazonq.shareContentWithAWS",
    "cloudFormationStacks",
    "describe_effective_policy",
    "aws_organizations_policy\"",
    "SERVICE_CONTROL_POLICY",
    "\"optout:ignore\"",
];

/// Whether a text can concern opt-out policies: what is not, need not be kept.
#[must_use]
pub fn is_relevant(path: &str, text: &str) -> bool {
    let metrics = || text.contains("\"Successful") || text.contains("Successful") && text.contains("MetricName");
    let lza = || path.ends_with("organization-config.yaml") && text.to_lowercase().contains("opt");
    path.ends_with("robots.txt") || WORDS.iter().any(|word| text.contains(word)) || metrics() || lza()
}
