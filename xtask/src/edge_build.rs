//! The edge's worker: wasm and its module, bundled for the Workers runtime.

use std::path::PathBuf;

use anyhow::Result;

use crate::progress::step;
use crate::project;
use crate::run::Run;
use crate::tools;

/// Builds the edge into `target/edge/`, where both of its configurations (workerd's and wrangler's) look.
pub fn build() -> Result<()> {
    step("building the edge (minutes when much has changed)", || {
        Run::new(tools::WORKER_BUILD.program("worker-build"))
            .args(["edge", "--profile", "wasm", "--out-dir", "../target/edge"])
            .finding(&tools::folders())
            .env("WASM_BINDGEN_BIN", tools::WASM_BINDGEN.program("wasm-bindgen"))
            .env("WASM_OPT_BIN", project::npm_bin().join("wasm-opt"))
            .env("ESBUILD_BIN", project::npm_bin().join("esbuild"))
            .log(project::made().join("log/edge-build.log"))
            .wait()
    })
}

/// The configuration of plain `workerd`.
pub fn workerd_config() -> PathBuf {
    project::root().join("edge/workerd.capnp")
}
