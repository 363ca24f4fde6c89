//! Scripts and style sheets with nothing in them that only people read, by esbuild; style sheets with nothing of NHS.UK
//! frontend that the app does not use, by `PurgeCSS`.

use std::path::Path;

use anyhow::Result;

use super::page::Page;
use crate::project;
use crate::run::Run;
use crate::tools;

/// Minifies each script and style sheet that the page names.
pub(super) fn minify(page: &mut Page<'_>) -> Result<()> {
    for name in page.names(".css")? {
        let styles = used(&page.dist.join(&name))?;
        page.replace(&name, styles.as_bytes())?;
    }
    for kind in [".js", ".css"] {
        for name in page.names(kind)? {
            let content = minified(&page.dist.join(&name))?;
            page.replace(&name, &content)?;
        }
    }
    Ok(())
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
