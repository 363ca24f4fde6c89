//! What the service worker installs: every file of the app with its digest, under a name for exactly these files.
//!
//! The list stands at the head of the worker's own text, so any change of any file is a change of the worker, which is
//! what browsers look for. `release.json` tells the operator the name, and browsers the names of withdrawn releases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{files_below, minify, page};
use crate::project::hex_digest;

/// One build of the app, as its service worker has it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Release {
    /// Sixteen hexadecimal digits over the files and the worker.
    version: String,
    /// Each file's integrity (`sha384-…`, base64) by its path (`/icon.svg`).
    files: BTreeMap<String, String>,
}

/// What a deployment says of releases. The operator edits it where it is served.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Notice {
    /// The release that it was built with.
    version: String,
    /// Releases that must not be used any more.
    withdrawn: Vec<String>,
}

/// Completes the service worker in `dist`, whose other files must all be there, and gives the release's name.
pub(super) fn complete_worker(dist: &Path) -> Result<String> {
    let file = dist.join(WORKER);
    let source = minify::minified(&file).context("the app has no service worker")?;
    let release = Release::of(dist, &source)?;
    let head = format!("const RELEASE={};\n", serde_json::to_string(&release)?);
    fs::write(file, [head.into_bytes(), source].concat())?;
    Ok(release.version)
}

/// Writes the notice with which the release starts: nothing is withdrawn. It must have no compressed sibling, which
/// would be served in place of what the operator writes.
pub(super) fn write_notice(dist: &Path, version: String) -> Result<()> {
    let notice = Notice {
        version,
        withdrawn: Vec::new(),
    };
    fs::write(dist.join(NOTICE), serde_json::to_string_pretty(&notice)?)?;
    Ok(())
}

impl Release {
    fn of(dist: &Path, worker: &[u8]) -> Result<Self> {
        let mut files = BTreeMap::new();
        for file in files_below(dist)? {
            let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
            if !LEFT_OUT.contains(&name.as_str()) {
                files.insert(format!("/{name}"), page::integrity(&fs::read(&file)?));
            }
        }
        let all = [serde_json::to_vec(&files)?, worker.to_vec()].concat();
        let version = hex_digest(&all).get(..16).unwrap_or_default().to_owned();
        Ok(Self { version, files })
    }
}

/// The service worker, by its file in `dist`.
pub(super) const WORKER: &str = "service-worker.js";
const NOTICE: &str = "release.json";

/// What no start needs.
const LEFT_OUT: [&str; 4] = [super::MANIFEST, NOTICE, WORKER, "service-worker-off.js"];

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds a folder with these files, and gives its release.
    fn release(name: &str, files: &[(&str, &str)], worker: &[u8]) -> Release {
        let dist = std::env::temp_dir().join(format!("baton-release-{}-{name}", std::process::id()));
        fs::create_dir_all(dist.join("font")).unwrap();
        for (path, content) in files {
            fs::write(dist.join(path), content).unwrap();
        }
        let release = Release::of(&dist, worker);
        fs::remove_dir_all(&dist).unwrap();
        release.unwrap()
    }

    #[test]
    fn a_release_names_every_file_that_a_start_needs_with_its_integrity() {
        let files = [
            ("index.html", "page"),
            ("font/a.woff2", "abc"),
            ("manifest.json", "digests"),
            ("release.json", "notice"),
            ("service-worker.js", "worker"),
            ("service-worker-off.js", "off"),
        ];
        let made = release("names", &files, b"worker");
        let paths: Vec<&str> = made.files.keys().map(String::as_str).collect();
        assert_eq!(paths, ["/font/a.woff2", "/index.html"]);
        // FIPS 180-4's example of SHA-384.
        let abc = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(made.files.get("/font/a.woff2").map(String::as_str), Some(abc));
    }

    #[test]
    fn a_change_of_any_file_or_of_the_worker_is_another_release() {
        let page = [("index.html", "page")];
        let first = release("first", &page, b"worker");
        assert_eq!(first.version.len(), 16);
        assert_eq!(first, release("same", &page, b"worker"));
        let changed = release("page", &[("index.html", "Page")], b"worker");
        let worker = release("worker", &page, b"Worker");
        let more = release("more", &[("index.html", "page"), ("b.js", "")], b"worker");
        for other in [changed, worker, more] {
            assert_ne!(first.version, other.version);
        }
    }

    #[test]
    fn a_fresh_notice_withdraws_nothing_and_is_read_back() {
        let dist = std::env::temp_dir().join(format!("baton-notice-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        write_notice(&dist, "0123456789abcdef".to_owned()).unwrap();
        let text = fs::read_to_string(dist.join(NOTICE));
        fs::remove_dir_all(&dist).unwrap();
        let notice: Notice = serde_json::from_str(&text.unwrap()).unwrap();
        assert_eq!(notice.version, "0123456789abcdef");
        assert_eq!(notice.withdrawn, Vec::<String>::new());
    }
}
