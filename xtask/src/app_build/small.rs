//! What makes the download small that the stable compiler does not offer (ADR 14): a standard library built for size, in which a
//! panic is a trap at once, with no words. Only what browsers load is built so; nothing in the code relies on it.

use std::path::PathBuf;

use crate::project;
use crate::run::Run;

/// A command of cargo, or one that runs cargo, with the switches.
pub(crate) fn small(cargo: Run) -> Run {
    SWITCHES
        .into_iter()
        .fold(cargo, |cargo, (name, value)| cargo.env(name, value))
        .env("CARGO_TARGET_DIR", target())
}

/// Its build folder. It is one of its own: build scripts run again whenever `RUSTC_BOOTSTRAP` changes, and all with them.
pub(super) fn target() -> PathBuf {
    project::cargo_target().join("app")
}

/// Without the first four this is the stable compiler's plain build, which works and is larger.
const SWITCHES: [(&str, &str); 5] = [
    // Lets the pinned compiler take what is not stable.
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    // Cargo adds these to the flags in `.cargo/config.toml`.
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    ),
    // The functions' names, which `names` puts aside.
    ("CARGO_PROFILE_WASM_STRIP", "none"),
];
