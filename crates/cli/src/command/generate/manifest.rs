//! What a generation wrote into a folder, kept there: so that the next one knows its own files from those of others, and
//! what it left behind.

use std::collections::BTreeMap;
use std::path::Path;

use optout_core::evidence::Hash;
use optout_core::generate::{Output, Provenance};
use serde::{Deserialize, Serialize};

use crate::command::pretty;
use crate::error::Error;

/// The name of its file.
pub(super) const NAME: &str = ".optout-generate.json";
const FORMAT: &str = "optout.generate/1";
/// More than any generation writes about itself.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What a generation wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: String,
    /// What was asked for.
    pub(super) what: String,
    tool_version: String,
    intent: String,
    intent_sha256: String,
    /// The SHA-256 of each file by its path.
    pub(super) files: BTreeMap<String, String>,
    /// Files of earlier generations that are still there and not wanted any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left: Vec<String>,
}

impl Manifest {
    /// That of these files, of which `left` are left by earlier ones.
    pub(super) fn new(output: &Output, provenance: &Provenance, left: Vec<String>) -> Self {
        let files = output.files.iter().map(|it| (it.path.clone(), Hash::of(&it.text).to_string())).collect();
        Self {
            format: FORMAT.to_owned(),
            what: provenance.what.clone(),
            tool_version: provenance.tool_version.clone(),
            intent: provenance.intent.clone(),
            intent_sha256: provenance.sha256.clone(),
            files,
            left,
        }
    }

    /// The one in a folder, where there is one.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(NAME);
        if std::fs::symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        let name = path.to_string_lossy().into_owned();
        let bytes = crate::file::read(&name, LARGEST)?;
        let manifest: Result<Self, _> = serde_json::from_slice(&bytes);
        match manifest {
            Ok(manifest) if manifest.format == FORMAT => Ok(Some(manifest)),
            Ok(_) | Err(_) => {
                let why = "it is no list of generated files that this program understands".to_owned();
                Err(Error::Read { path: name, why })
            }
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        optout_core::source::shown_json(&pretty(self)).into_owned()
    }
}
