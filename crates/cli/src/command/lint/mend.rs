//! `--fix`: what can be mended for certain, shown as a diff, written file by file or not at all.

use std::path::Path;

use optout_core::catalogue::Catalogue;
use optout_core::lint::{Input, fixed};
use optout_core::source::unified;

use crate::error::Error;
use crate::file;
use crate::ui::Ui;

/// Mends the files; whether something was written. The inputs then have the new texts.
pub(super) fn mend(
    inputs: &mut [Input],
    catalogue: &Catalogue,
    yes: bool,
    show: bool,
    ui: &mut Ui,
) -> Result<bool, Error> {
    if inputs.iter().any(|input| input.source.name == "-") {
        return Err(Error::usage("standard input cannot be mended", "name the file"));
    }
    let changes = fixed(inputs, catalogue);
    if changes.is_empty() {
        ui.note("there is nothing that can be mended for certain");
        return Ok(false);
    }
    for (number, text) in &changes {
        if let Some(input) = inputs.get(*number).filter(|_| show) {
            ui.data(&unified(&input.source.text, text, &input.source.name))?;
        }
    }
    let files = if changes.len() == 1 { "1 file".to_owned() } else { format!("{} files", changes.len()) };
    if !yes && !ui.confirm(&format!("change {files}?"))? {
        ui.note("nothing was written");
        return Ok(false);
    }
    for (number, text) in changes {
        if let Some(input) = inputs.get_mut(number) {
            write(input, &text)?;
            ui.note(&format!("{} is written", input.source.name));
        }
    }
    Ok(true)
}

/// Replaces a file that still is what was read.
fn write(input: &mut Input, text: &str) -> Result<(), Error> {
    file::replace_unchanged(Path::new(&input.source.name), input.source.text.as_bytes(), text.as_bytes())?;
    input.source.text = text.into();
    Ok(())
}
