//! The app and the edge as they are deployed.

use anyhow::Result;

use super::check;
use crate::run::Run;
use crate::{app_build, edge_build, project, tools};

/// Builds both, and has wrangler check what it would upload.
pub(super) fn run() -> Result<()> {
    app_build::build()?;
    edge_build::build()?;
    let wrangler = Run::new(tools::node())
        .arg(project::root().join("node_modules/wrangler/bin/wrangler.js"))
        .args([
            "deploy",
            "--dry-run",
            "--config",
            "wrangler.toml",
            "--assets",
            "target/dist",
            "--outdir",
        ])
        .arg(project::made().join("wrangler"))
        .finding(&tools::folders())
        .env("WASM_BINDGEN_BIN", tools::WASM_BINDGEN.program("wasm-bindgen"))
        .env("ESBUILD_BIN", project::npm_bin().join("esbuild"))
        .env("WRANGLER_SEND_METRICS", "false")
        .env("CI", "true");
    check("wrangler deploy --dry-run", "wrangler", wrangler)
}
