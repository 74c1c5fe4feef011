//! The findings that stand after a run: any text is refused or comes back, and is then written the same.

use optout_core::publish::Standing;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let Ok(standing) = Standing::read(&source.text) else { return };
    let written = standing.write();
    assert_eq!(Standing::read(&written).expect("what was written can be read"), standing);
}
