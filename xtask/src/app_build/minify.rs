//! Scripts and style sheets with nothing in them that only people read, by esbuild, under new names.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use crate::project::{self, hex_digest};
use crate::run::Run;
use crate::tools;

/// Minifies each script and style sheet that the page names, and gives the page with their new names and integrity.
pub(super) fn minify(html: &str, dist: &Path) -> Result<String> {
    let mut html = html.to_owned();
    for file in super::files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        let is_source = [".js", ".css"].iter().any(|kind| name.ends_with(kind));
        if !is_source || !html.contains(&name) {
            continue;
        }
        let before = fs::read(&file)?;
        let after = minified(&file)?;
        let new_name = renamed(&name, &after)?;
        fs::remove_file(&file)?;
        fs::write(dist.join(&new_name), &after)?;
        html = html
            .replace(&name, &new_name)
            .replace(&integrity(&before), &integrity(&after));
    }
    Ok(html)
}

/// What a script or a style sheet says, with nothing in it that only people read.
pub(super) fn minified(file: &Path) -> Result<Vec<u8>> {
    let esbuild = Run::new(project::npm_bin().join("esbuild"))
        .finding(&tools::folders())
        .args([
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=error",
        ]);
    Ok(esbuild.arg(file).output()?.into_bytes())
}

/// The name with the hash of its content in it: `main-0123abcd.css`.
fn renamed(name: &str, content: &[u8]) -> Result<String> {
    let (stem, kind) = name
        .rsplit_once('.')
        .context("a file of the app has no extension")?;
    let (stem, _) = stem
        .rsplit_once('-')
        .context("a file of the app has no hash in its name")?;
    let digest = hex_digest(content);
    Ok(format!("{stem}-{}.{kind}", digest.get(..16).unwrap_or_default()))
}

/// Subresource integrity, as the page states it.
pub(super) fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_has_another_name() {
        let name = renamed("baton-app-0123456789abcdef.js", b"a").unwrap();
        assert_eq!(name, "baton-app-ca978112ca1bbdca.js");
        assert_ne!(name, renamed("baton-app-0123456789abcdef.js", b"b").unwrap());
        assert!(renamed("plain", b"a").is_err());
    }
}
