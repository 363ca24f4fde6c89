//! Scripts and style sheets with nothing in them that only people read, by esbuild; style sheets with nothing of NHS.UK
//! frontend that the app does not use, by `PurgeCSS`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::page::Page;
use crate::project;
use crate::run::Run;
use crate::tools;

/// Minifies each script and style sheet that the page names, and the scripts of the passphrase's worker.
pub(super) fn minify(page: &mut Page<'_>) -> Result<()> {
    for name in page.names(".css")? {
        let styles = used(&page.dist.join(&name))?;
        page.replace(&name, styles.as_bytes())?;
    }
    for name in page.names(".css")? {
        let styles = minified(&page.dist.join(&name))?;
        page.replace(&name, &styles)?;
    }
    for name in page.names(".js")? {
        let script = with_start_alone(&page.dist.join(&name))?;
        page.replace(&name, &script)?;
    }
    for name in WORKER {
        let file = page.dist.join(name);
        fs::write(&file, minified(&file)?)?;
    }
    Ok(())
}

/// A module's script with what starts it, and none of the classes that a package of leptos' exports to scripts: nobody takes them.
fn with_start_alone(file: &Path) -> Result<Vec<u8>> {
    let entry = file.with_extension("entry.js");
    let name = file
        .file_name()
        .context("a script has no name")?
        .to_string_lossy();
    fs::write(&entry, format!("export {{ default }} from './{name}';"))?;
    let script = esbuild(
        &entry,
        &["--bundle", "--format=esm", "--define:Symbol.dispose=undefined"],
    );
    fs::remove_file(&entry)?;
    script
}

/// A style sheet without the classes that the app does not name.
fn used(file: &Path) -> Result<String> {
    let sources = project::root().join("app/src");
    let script = project::root().join("xtask/src/app_build/unused.mjs");
    Run::new(tools::node())
        .arg(script)
        .arg(file)
        .arg(sources)
        .output()
}

/// What a script or a style sheet says, with nothing in it that only people read.
pub(super) fn minified(file: &Path) -> Result<Vec<u8>> {
    esbuild(file, &[])
}

fn esbuild(file: &Path, more: &[&str]) -> Result<Vec<u8>> {
    let esbuild = Run::new(project::npm_bin().join("esbuild"))
        .finding(&tools::folders())
        .args([
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=error",
        ])
        .args(more);
    Ok(esbuild.arg(file).output()?.into_bytes())
}

/// The scripts of the worker that stretches a passphrase: it is loaded by these names.
const WORKER: [&str; 2] = ["baton-passphrase.js", "baton-passphrase_loader.js"];
