//! The page and the files that it names: each has the hash of its content in its name, and its integrity in the page.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use crate::project::hex_digest;

/// The page, with the folder in which its files are.
pub(super) struct Page<'a> {
    pub(super) html: String,
    pub(super) dist: &'a Path,
}

impl Page<'_> {
    /// The names of its files of one kind (`.js`).
    pub(super) fn names(&self, kind: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for file in super::files_below(self.dist)? {
            let name = file.strip_prefix(self.dist)?.to_string_lossy().into_owned();
            if name.ends_with(kind) && self.html.contains(&name) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Makes each of its modules into another.
    pub(super) fn change_modules(&mut self, change: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result<()> {
        for name in self.names(".wasm")? {
            let wasm = fs::read(self.dist.join(&name))?;
            self.replace(&name, &change(&wasm)?)?;
        }
        Ok(())
    }

    /// Puts another content in the place of a file's, and names it in the page in the file's place.
    pub(super) fn replace(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let file = self.dist.join(name);
        let before = integrity(&fs::read(&file)?);
        let new_name = renamed(name, content)?;
        fs::remove_file(&file)?;
        fs::write(self.dist.join(&new_name), content)?;
        let html = self.html.replace(name, &new_name);
        self.html = html.replace(&before, &integrity(content));
        Ok(())
    }
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
    fn a_changed_file_has_another_name_and_integrity_in_the_page() {
        let dist = std::env::temp_dir().join(format!("baton-page-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        let name = "baton-app-0123456789abcdef_bg.wasm";
        fs::write(dist.join(name), b"b").unwrap();
        fs::write(dist.join("other-0123456789abcdef.wasm"), b"b").unwrap();
        let html = format!("<link href=\"/{name}\" integrity=\"{}\">", integrity(b"b"));
        let mut page = Page { html, dist: &dist };
        assert_eq!(page.names(".wasm").unwrap(), [name]);
        page.replace(name, b"a").unwrap();
        let new_name = "baton-app-ca978112ca1bbdca.wasm";
        let written = fs::read(dist.join(new_name));
        let is_old_there = dist.join(name).exists();
        fs::remove_dir_all(&dist).unwrap();
        assert_eq!(written.unwrap(), b"a");
        assert!(!is_old_there);
        assert_eq!(
            page.html,
            format!("<link href=\"/{new_name}\" integrity=\"{}\">", integrity(b"a"))
        );
    }

    #[test]
    fn a_name_without_a_hash_is_refused() {
        assert!(renamed("plain", b"a").is_err() && renamed("plain.js", b"a").is_err());
    }
}
