//! Lint results for other programs: SARIF, and annotations of GitHub Actions.

mod github;
mod sarif;

pub use github::github;
pub use sarif::sarif;
