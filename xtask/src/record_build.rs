//! The record's binary.

use std::path::PathBuf;

use anyhow::Result;

use crate::progress::step;
use crate::project;
use crate::run::Run;

/// How much the compiler tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For tests: the artefacts are those that the tests build anyway.
    Dev,
    /// For use and for measuring.
    Release,
}

/// Builds the record and returns where its binary is.
pub fn build(profile: Profile) -> Result<PathBuf> {
    step("building the record (minutes when much has changed)", || {
        let cargo = Run::new("cargo").args([
            "build",
            "--locked",
            "--package",
            "baton-record",
            "--bin",
            "baton-record",
        ]);
        match profile {
            Profile::Dev => cargo.wait(),
            Profile::Release => cargo.arg("--release").wait(),
        }
    })?;
    Ok(binary(profile))
}

/// Where its binary is when it has been built.
pub fn binary(profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    project::cargo_target().join(folder).join("baton-record")
}
