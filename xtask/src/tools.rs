//! What the build needs besides cargo, each installed once at a pinned version and found again by every checkout.
//!
//! Cargo's tools go into the cache folder (`tools/<name>-<version>`), npm's packages into `node_modules`, Chromium is the
//! system's. Nothing is downloaded but from the registries of cargo, npm and Debian.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::process::geteuid;

use crate::app_build;
use crate::progress::{say, step};
use crate::project::{self, hex_digest};
use crate::run::{self, Run};

/// A program that cargo installs.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
    /// One of the programs it brings.
    program: &'static str,
    /// Whether to build it with the dependencies that its authors locked.
    locked: bool,
    /// How much the compiler tries, which costs minutes: `1` for what works through whole programs.
    optimise: &'static str,
}

impl Tool {
    /// Installs it unless it is there.
    fn ensure(self) -> Result<()> {
        if self.is_installed() {
            return Ok(());
        }
        let Self { name, version, .. } = self;
        step(
            &format!("installing {name} {version} (once, some minutes)"),
            || {
                let install =
                    Run::new("cargo").args(["install", name, "--version", version, "--quiet", "--root"]);
                let install = if self.locked {
                    install.arg(self.folder()).arg("--locked")
                } else {
                    install.arg(self.folder())
                };
                CHEAP_BUILD
                    .into_iter()
                    .fold(install, |install, (name, value)| install.env(name, value))
                    .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.optimise)
                    .env("CARGO_TARGET_DIR", project::cache().join("tools-target"))
                    .wait()
            },
        )
    }

    fn is_installed(self) -> bool {
        self.program(self.program).exists()
    }

    /// Where one of its programs is.
    pub fn program(self, program: &str) -> PathBuf {
        self.folder().join("bin").join(program)
    }

    fn folder(self) -> PathBuf {
        project::cache()
            .join("tools")
            .join(format!("{}-{}", self.name, self.version))
    }
}

/// Folders to look for programs in first: cargo's tools.
pub fn folders() -> Vec<PathBuf> {
    [TRUNK, WASM_BINDGEN, WORKER_BUILD]
        .map(|tool| tool.folder().join("bin"))
        .into()
}

/// Everything that building needs: Rust's parts for browsers, cargo's tools, npm's packages.
pub fn ensure_build_tools() -> Result<()> {
    ensure_rust_parts()?;
    let tools = [WASM_BINDGEN, WORKER_BUILD, TRUNK];
    if !tools.iter().all(|tool| tool.is_installed()) {
        for tool in tools {
            tool.ensure()?;
        }
        // A gigabyte that is not needed again.
        let _kept_if_in_use = fs::remove_dir_all(project::cache().join("tools-target"));
    }
    ensure_npm_packages()
}

/// Adds what this Rust lacks to build for browsers: the target, and the standard library's source (ADR 14).
fn ensure_rust_parts() -> Result<()> {
    let sysroot = Run::new("rustc").args(["--print", "sysroot"]).output()?;
    let parts = PathBuf::from(sysroot.trim()).join("lib/rustlib");
    for (kind, part, folder) in [
        ("target", WASM, WASM),
        ("component", "rust-src", "src/rust/library"),
    ] {
        if parts.join(folder).is_dir() {
            continue;
        }
        if run::find("rustup").is_none() {
            bail!(
                "this Rust has no {part}, and there is no rustup to add it: install Rust from https://rustup.rs"
            );
        }
        step(&format!("adding Rust's {part}"), || {
            Run::new("rustup").args([kind, "add", part]).wait()
        })?;
    }
    Ok(())
}

/// Installs npm's packages as locked, unless that has been done for this very lock file.
pub fn ensure_npm_packages() -> Result<()> {
    let lock = fs::read(project::root().join("package-lock.json")).context("package-lock.json is missing")?;
    let digest = hex_digest(&lock);
    let mark = project::root().join("node_modules/.baton-installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == digest) {
        return Ok(());
    }
    for program in ["node", "npm"] {
        if run::find(program).is_none() {
            bail!(
                "{program} is missing: install Node.js {OLDEST_NODE} or newer with npm (Debian: apt-get install nodejs npm)"
            );
        }
    }
    let version = Command::new("node").arg("--version").output()?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node.js {version} is too old: install {OLDEST_NODE} or newer");
    }
    step("installing npm packages", || {
        // No package's own install script is needed, so none runs. Some packages want a newer Node.js than the
        // machine's: they run on the one that npm brings along.
        let flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        Run::new("npm")
            .arg("ci")
            .args(flags)
            .log(project::made().join("log/npm.log"))
            .wait()
    })?;
    fs::write(mark, digest)?;
    Ok(())
}

/// Where a Chromium is, for browser tests and screenshots; installs Debian's when it is missing and we may.
pub fn ensure_chromium() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("BATON_CHROMIUM") {
        return Ok(PathBuf::from(given));
    }
    if let Some(found) = CHROMIUMS.into_iter().find_map(run::find) {
        return Ok(found);
    }
    if !geteuid().is_root() || run::find("apt-get").is_none() {
        bail!(
            "browser tests need Chromium: install it (Debian: sudo apt-get install chromium) or say where it is with \
             BATON_CHROMIUM=/path/to/chromium"
        );
    }
    let log = project::made().join("log/apt.log");
    step("installing Chromium from Debian", || {
        Run::new("apt-get").args(["update", "-q"]).log(&log).wait()?;
        let packages = ["chromium", "fonts-liberation"];
        let install = Run::new("apt-get")
            .args(["install", "-qy", "--no-install-recommends"])
            .args(packages);
        install.env("DEBIAN_FRONTEND", "noninteractive").log(&log).wait()
    })?;
    CHROMIUMS
        .into_iter()
        .find_map(run::find)
        .context("Debian's chromium package brought no program")
}

/// What runs Rust tests under wasm32.
pub fn wasm_test_runner() -> PathBuf {
    WASM_BINDGEN.program("wasm-bindgen-test-runner")
}

/// A Node.js that is new enough for everything: the one that npm brought, or the machine's.
pub fn node() -> PathBuf {
    let brought = project::npm_bin().join("node");
    if brought.exists() {
        brought
    } else {
        run::find("node").unwrap_or_else(|| "node".into())
    }
}

/// Downloads every locked crate, also those of the standard library, so that builds after this need no network.
pub fn fetch_crates() -> Result<()> {
    say("fetching crates");
    let fetch = || Run::new("cargo").args(["fetch", "--locked", "--quiet"]);
    fetch().wait()?;
    app_build::small(fetch().args(["--target", WASM])).wait()
}

/// Builds the app.
pub const TRUNK: Tool = Tool {
    name: "trunk",
    version: "0.21.14",
    program: "trunk",
    locked: true,
    optimise: "0",
};
/// Binds wasm to JavaScript; the same version as the crate.
pub const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: "0.2.130",
    program: "wasm-bindgen",
    locked: false,
    optimise: "1",
};
/// Builds the edge.
pub const WORKER_BUILD: Tool = Tool {
    name: "worker-build",
    version: "0.8.7",
    program: "worker-build",
    locked: true,
    optimise: "0",
};

const WASM: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: u32 = 20;
const CHROMIUMS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];
/// The tools run for seconds; optimising them would take minutes.
const CHEAP_BUILD: [(&str, &str); 2] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];
