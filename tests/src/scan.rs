//! Whether a stolen disk would tell anything: searches all files of a folder for planted texts, as they are, in UTF-16,
//! and in base64 at each of its three alignments.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// What was searched, and where something was found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Files that were read.
    pub files: usize,
    /// Bytes that were read.
    pub bytes: u64,
    /// Each file that tells, and in which form.
    pub found: Vec<(PathBuf, &'static str)>,
}

/// Searches everything below `folder`.
pub fn search(folder: &Path, planted: &[String]) -> Result<Scan> {
    let needles: Vec<(&'static str, Vec<u8>)> = planted.iter().flat_map(|text| forms(text)).collect();
    let mut scan = Scan::default();
    visit(folder, &needles, &mut scan)?;
    Ok(scan)
}

fn visit(folder: &Path, needles: &[(&'static str, Vec<u8>)], scan: &mut Scan) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            visit(&path, needles, scan)?;
        } else if kind.is_file() {
            // A file may go while the stack runs.
            let Ok(bytes) = fs::read(&path) else { continue };
            scan.files += 1;
            scan.bytes += u64::try_from(bytes.len()).unwrap_or(0);
            let tells = needles
                .iter()
                .filter(|(_, needle)| memchr::memmem::find(&bytes, needle).is_some());
            scan.found.extend(tells.map(|(form, _)| (path.clone(), *form)));
        }
    }
    Ok(())
}

fn forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut forms = vec![
        ("utf-8", text.as_bytes().to_vec()),
        ("utf-16le", little),
        ("utf-16be", big),
    ];
    for shift in 0..3 {
        // Characters that also hold bits of what stands before or after are left out.
        let mut bytes = vec![0; shift];
        bytes.extend_from_slice(text.as_bytes());
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        let from = if shift == 0 { 0 } else { shift + 1 };
        let whole = bytes.len() / 3 * 4;
        let middle = encoded.get(from..whole).unwrap_or_default().to_owned();
        forms.push(("base64", middle.clone().into_bytes()));
        forms.push((
            "base64url",
            middle.replace('+', "-").replace('/', "_").into_bytes(),
        ));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_text_is_found_in_each_form_and_alignment() {
        let folder = std::env::temp_dir().join(format!("baton-scan-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let planted = "Zebra crossing 4711";
        for (number, before) in ["", "a", "ab", "abc"].into_iter().enumerate() {
            let text = STANDARD_NO_PAD.encode(format!("{before}{planted} and more"));
            fs::write(folder.join(format!("deep/{number}")), format!("xx{text}")).unwrap();
        }
        let wide: Vec<u8> = format!("--{planted}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        fs::write(folder.join("wide"), wide).unwrap();
        fs::write(folder.join("harmless"), "zebra crossing").unwrap();

        let scan = search(&folder, &[planted.to_owned()]).unwrap();

        fs::remove_dir_all(&folder).unwrap();
        let mut files: Vec<_> = scan
            .found
            .iter()
            .filter_map(|(path, _)| path.file_name())
            .collect();
        files.sort();
        files.dedup();
        assert_eq!(scan.files, 6);
        assert_eq!(files, ["0", "1", "2", "3", "wide"], "{:?}", scan.found);
    }
}
