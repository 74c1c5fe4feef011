//! What is generated: files with relative paths, and what to know about them.

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path below the folder chosen, with `/`; never absolute, never with `..`, of this program's own making.
    pub path: String,
    /// Its whole text.
    pub text: String,
    /// Whether it is a program.
    pub executable: bool,
}

impl GeneratedFile {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), executable: false }
    }

    pub(super) fn program(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { executable: true, ..Self::new(path, text) }
    }
}

/// Everything that was generated for a target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// The files, ordered by path.
    pub files: Vec<GeneratedFile>,
    /// What whoever uses them must know, a sentence each.
    pub notes: Vec<String>,
}

impl Output {
    pub(super) fn new(mut files: Vec<GeneratedFile>, notes: Vec<String>) -> Self {
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Self { files, notes }
    }
}
