//! Where things are. Everything of a checkout is under its `target/`; what is worth keeping between checkouts (tools,
//! continuous integration's build folder) is in a cache folder of the user.

use std::env;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The root of the checkout: as cargo says that runs this, since checkouts may share a build folder, and with it this binary.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package)
        .parent()
        .expect("the package is a folder of the checkout")
        .to_path_buf()
}

/// What this checkout makes besides cargo's own artefacts: state of the local stack, built app and edge, screenshots.
pub fn made() -> PathBuf {
    root().join("target")
}

/// Cargo's build folder: `CARGO_TARGET_DIR`, or `target/`.
pub fn cargo_target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(made, |dir| root().join(dir))
}

/// What outlives a checkout: `BATON_CACHE`, or `baton` in the user's cache folder.
pub fn cache() -> PathBuf {
    if let Some(dir) = env::var_os("BATON_CACHE") {
        return PathBuf::from(dir);
    }
    let user = env::var_os("XDG_CACHE_HOME").map_or_else(
        || PathBuf::from(env::var_os("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache"),
        PathBuf::from,
    );
    user.join("baton")
}

/// Programs that npm packages bring.
pub fn npm_bin() -> PathBuf {
    root().join("node_modules/.bin")
}

/// SHA-256 in hexadecimal, by which made files are found again.
pub fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
