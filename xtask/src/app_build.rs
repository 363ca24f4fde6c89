//! The app as it is served: Trunk's output with no inline script (the content security policy allows none), a service
//! worker that knows all of it, and a Brotli sibling for every file that compresses, in an order that compresses well.

mod arrange;
mod imports;
mod minify;
mod names;
mod page;
mod release;
mod small;
mod type_ids;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, bail};

use self::page::Page;
pub(crate) use self::small::small;
use crate::progress::{say, step};
use crate::project::{self, hex_digest};
use crate::run::Run;
use crate::tools;

/// Builds the app into [`dist`].
pub fn build() -> Result<()> {
    step("building the app (minutes when much has changed)", || {
        small(Run::new(tools::TRUNK.program("trunk")))
            .args([
                "build",
                "--offline",
                "--locked",
                "--release",
                "--cargo-profile",
                "wasm",
                "--dist",
            ])
            .arg(dist())
            .finding(&[tools::folders(), vec![project::npm_bin()]].concat())
            .log(project::made().join("log/app-build.log"))
            .wait()
    })?;
    let index = dist().join("index.html");
    let html = fs::read_to_string(&index).context("the app's build made no index.html")?;
    let mut page = Page {
        html: without_base(&html),
        dist: &dist(),
    };
    minify::minify(&mut page)?;
    imports::shorten(&mut page)?;
    type_ids::shorten(&mut page)?;
    step("laying like functions beside like", || {
        arrange::arrange(&mut page)
    })?;
    names::put_aside(&mut page)?;
    fs::write(
        &index,
        without_inline_script(&page.html, &dist(), minify::minified)?,
    )?;
    let version = release::complete_worker(&dist())?;
    fs::write(dist().join(MANIFEST), manifest(&dist())?)?;
    step("compressing the app", || compress(&dist()))?;
    release::write_notice(&dist(), version)?;
    say_sizes(&dist())
}

/// Builds a page with nothing but a button, to measure the app against, into [`blank`].
pub fn build_blank() -> Result<()> {
    step("building an empty page", || {
        let build = ["build", "--target", "wasm32-unknown-unknown", "--profile", "wasm"];
        small(Run::new("cargo"))
            .args(build)
            .args([
                "--package",
                "baton-app",
                "--example",
                "blank",
                "--locked",
                "--quiet",
            ])
            .wait()?;
        Run::new(tools::WASM_BINDGEN.program("wasm-bindgen"))
            .args(["--target", "web", "--no-typescript", "--out-dir"])
            .arg(blank())
            .arg(small::target().join("wasm32-unknown-unknown/wasm/examples/blank.wasm"))
            .wait()
    })
}

/// Where the empty page is: `blank.js`, which is to be called.
pub fn blank() -> PathBuf {
    project::made().join("blank")
}

/// Where the built app is. It is whole but for `config.json`, which belongs to a deployment.
pub fn dist() -> PathBuf {
    project::made().join("dist")
}

/// Lays out the app for one deployment: the built files and its configuration.
pub fn deploy(built: &Path, to: &Path, config: &str) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for file in files_below(built)? {
        let target = to.join(file.strip_prefix(built)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::hard_link(&file, &target).or_else(|_| fs::copy(&file, &target).map(|_| ()))?;
    }
    fs::write(to.join("config.json"), config)?;
    Ok(())
}

/// Moves the module script that Trunk writes into the page, after what shows when the app has stopped, `minified` to a file named
/// by its hash, with its integrity in the page.
fn without_inline_script(
    html: &str,
    dist: &Path,
    minified: impl FnOnce(&Path) -> Result<Vec<u8>>,
) -> Result<String> {
    let Some((before, rest)) = html.split_once("<script type=\"module\">") else {
        if html.contains("<script>") || html.contains("<script type=module>") {
            bail!("index.html has an inline script, which the content security policy forbids");
        }
        return Ok(html.to_owned());
    };
    let (script, after) = rest
        .split_once("</script>")
        .context("index.html has a script without an end")?;
    if after.contains("<script>") || after.contains("<script type=\"module\">") {
        bail!("index.html has more than one inline script");
    }
    let whole = dist.join("start.js");
    fs::write(&whole, [BROKEN, script].concat())?;
    let script = minified(&whole)?;
    fs::remove_file(&whole)?;
    let name = format!("start-{}.js", hex_digest(&script).get(..16).unwrap_or_default());
    fs::write(dist.join(&name), &script)?;
    let integrity = page::integrity(&script);
    let tag = format!("<script type=\"module\" src=\"/{name}\" integrity=\"{integrity}\"></script>");
    Ok(format!("{before}{tag}{after}"))
}

/// Removes the `<base>` that Trunk fills in: every address in the page is absolute, and the policy forbids a base.
fn without_base(html: &str) -> String {
    html.replace("<base href=\"/\">", "")
        .replace("<base href=\"/\"/>", "")
}

/// What a release publishes, so that anyone can hold what an edge serves against what was built: each file's SHA-256,
/// in hexadecimal, by its path.
fn manifest(dist: &Path) -> Result<String> {
    let mut digests = BTreeMap::new();
    for file in files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        digests.insert(name, hex_digest(&fs::read(&file)?));
    }
    Ok(serde_json::to_string_pretty(&digests)?)
}

/// Writes `.br` siblings.
fn compress(dist: &Path) -> Result<()> {
    for file in files_below(dist)? {
        if !file
            .extension()
            .is_some_and(|kind| COMPRESSIBLE.iter().any(|known| kind == *known))
        {
            continue;
        }
        fs::copy(compressed(&fs::read(&file)?, ALL)?, sibling(&file))?;
    }
    Ok(())
}

/// The file that holds a content compressed, in a store by content and by how it is compressed: what has been compressed before is
/// there. So many settings of the encoder are tried at most.
fn compressed(content: &[u8], settings: &str) -> Result<PathBuf> {
    let store = project::made().join("compressed");
    fs::create_dir_all(&store)?;
    let script = project::root().join("xtask/src/app_build/compress.mjs");
    let how = [&fs::read(&script)?, settings.as_bytes(), content].concat();
    let kept = store.join(hex_digest(&how));
    if !kept.exists() {
        // Two threads may compress the same.
        let of_thread = |what: &str| kept.with_extension(format!("{what}-{:?}", thread::current().id()));
        let (whole, partial) = (of_thread("whole"), of_thread("part"));
        fs::write(&whole, content)?;
        Run::new(tools::node())
            .arg(script)
            .args([&whole, &partial])
            .arg(settings)
            .wait()?;
        fs::remove_file(&whole)?;
        fs::rename(&partial, &kept)?;
    }
    Ok(kept)
}

/// Says what a browser loads before anyone has signed in.
fn say_sizes(dist: &Path) -> Result<()> {
    let sizes = sizes_before_sign_in(dist)?;
    let total: u64 = sizes.values().sum();
    let each: Vec<String> = sizes
        .iter()
        .map(|(name, size)| format!("{name} {:.1}", kilobytes(*size)))
        .collect();
    say(&format!(
        "the app before sign-in, Brotli: {:.1} KB ({})",
        kilobytes(total),
        each.join(", ")
    ));
    Ok(())
}

/// Bytes on the wire of each file that the page itself names, with the page and the service worker.
pub fn sizes_before_sign_in(dist: &Path) -> Result<BTreeMap<String, u64>> {
    let mut named = fs::read_to_string(dist.join("index.html"))?;
    let mut sizes = BTreeMap::new();
    for file in files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        if name.starts_with("start-") && named.contains(&format!("\"/{name}\"")) {
            named.push_str(&fs::read_to_string(&file)?);
        }
    }
    for file in files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        if name == "index.html" || name == release::WORKER || named.contains(&name) {
            let served = if sibling(&file).exists() {
                sibling(&file)
            } else {
                file
            };
            sizes.insert(name, fs::metadata(served)?.len());
        }
    }
    Ok(sizes)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn sibling(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

#[expect(clippy::cast_precision_loss, reason = "shown to one decimal")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

/// What the page does when the app has stopped. It listens before the app starts.
const BROKEN: &str = include_str!("app_build/broken.js");

const MANIFEST: &str = "manifest.json";

/// The encoder's own settings alone, and all that there are.
const ONE: &str = "1";
const ALL: &str = "9";

const COMPRESSIBLE: [&str; 9] = [
    "css",
    "html",
    "js",
    "json",
    "mjs",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inline_module_script_becomes_a_file_with_its_integrity() {
        let dist = std::env::temp_dir().join(format!("baton-dist-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        let page = "<head><script type=\"module\">import init from '/a.js';</script></head>";
        let changed = without_inline_script(page, &dist, |file| Ok(fs::read(file)?)).unwrap();
        let file = fs::read_dir(&dist).unwrap().next().unwrap().unwrap();
        let script = fs::read_to_string(file.path()).unwrap();
        fs::remove_dir_all(&dist).unwrap();
        assert_eq!(script, format!("{BROKEN}import init from '/a.js';"));
        assert!(changed.contains(&format!("src=\"/{}\"", file.file_name().to_str().unwrap())));
        assert!(changed.contains("integrity=\"sha384-") && !changed.contains("import"));
    }

    #[test]
    fn the_manifest_tells_every_files_digest() {
        let dist = std::env::temp_dir().join(format!("baton-manifest-{}", std::process::id()));
        fs::create_dir_all(dist.join("font")).unwrap();
        fs::write(dist.join("font/a.txt"), "abc").unwrap();
        let told = manifest(&dist);
        fs::remove_dir_all(&dist).unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(told.unwrap(), format!("{{\n  \"font/a.txt\": \"{abc}\"\n}}"));
    }

    #[test]
    fn a_second_inline_script_is_refused() {
        let page = "<script type=\"module\">a</script><script>b</script>";
        assert!(without_inline_script(page, &std::env::temp_dir(), |_| Ok(vec![])).is_err());
    }
}
