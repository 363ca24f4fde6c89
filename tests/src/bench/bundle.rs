//! WebAssembly, scripts and style sheets of the whole product, compressed as the edge serves them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xtask::app_build;

use super::{Budget, Figure};

/// Adds it up.
pub fn measure() -> Result<Vec<Figure>> {
    let dist = app_build::dist();
    let bytes = compressed(&dist).with_context(|| format!("the app is not built: {}", dist.display()))?;
    let kib = f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1024.0;
    Ok(vec![Figure {
        what: "app bundle, Brotli".to_owned(),
        figure: format!("{kib:.0} KiB"),
        reference: String::new(),
        ratio: kib,
        budget: Budget::AtMost(700.0),
    }])
}

fn compressed(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            bytes += compressed(&path)?;
        } else if [".wasm.br", ".js.br", ".css.br"]
            .iter()
            .any(|kind| path.to_string_lossy().ends_with(kind))
        {
            bytes += path.metadata()?.len();
        }
    }
    Ok(bytes)
}
