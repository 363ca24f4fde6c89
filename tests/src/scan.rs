//! Whether a stolen disk would tell anything: searches all files of a folder for planted texts and known key bytes, as they
//! are, in UTF-16, in hexadecimal, and in base64 at each of its three alignments.

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

/// A form, and the bytes of something in it.
type Needle = (&'static str, Vec<u8>);

/// Searches everything below `folder` for texts.
pub fn search(folder: &Path, planted: &[String]) -> Result<Scan> {
    let needles = planted.iter().flat_map(|text| forms_of_text(text));
    search_for(folder, &needles.collect::<Vec<_>>())
}

/// Searches everything below `folder` for the bytes of keys.
pub fn search_keys(folder: &Path, keys: &[[u8; 32]]) -> Result<Scan> {
    let needles = keys.iter().flat_map(|key| forms(key));
    search_for(folder, &needles.collect::<Vec<_>>())
}

fn search_for(folder: &Path, needles: &[Needle]) -> Result<Scan> {
    let mut scan = Scan::default();
    visit(folder, needles, &mut scan)?;
    Ok(scan)
}

fn visit(folder: &Path, needles: &[Needle], scan: &mut Scan) -> Result<()> {
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

fn forms_of_text(text: &str) -> Vec<Needle> {
    let mut found = forms(text.as_bytes());
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    found.push(("utf-16le", wide(u16::to_le_bytes)));
    found.push(("utf-16be", wide(u16::to_be_bytes)));
    found
}

fn forms(plain: &[u8]) -> Vec<Needle> {
    let hex = hex(plain);
    let mut forms = vec![
        ("as it is", plain.to_vec()),
        ("hexadecimal", hex.to_uppercase().into_bytes()),
        ("hexadecimal", hex.into_bytes()),
    ];
    for shift in 0..3 {
        // Characters that also hold bits of what stands before or after are left out.
        let mut bytes = vec![0; shift];
        bytes.extend_from_slice(plain);
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        let from = if shift == 0 { 0 } else { shift + 1 };
        let whole = bytes.len() / 3 * 4;
        let middle = encoded.get(from..whole).unwrap_or_default().to_owned();
        if middle.len() < CHANCE {
            continue;
        }
        forms.push(("base64", middle.clone().into_bytes()));
        forms.push((
            "base64url",
            middle.replace('+', "-").replace('/', "_").into_bytes(),
        ));
    }
    forms
}

/// Fewer letters in base64 stand somewhere in a database's own files by chance.
const CHANCE: usize = 8;

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
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
        let key: [u8; 32] = std::array::from_fn(|index| u8::try_from(index * 7).unwrap());
        fs::write(folder.join("raw"), [b"--".as_slice(), &key].concat()).unwrap();
        fs::write(folder.join("hex"), format!("\\x{}", hex(&key))).unwrap();

        let scan = search(&folder, &[planted.to_owned()]).unwrap();
        let keys = search_keys(&folder, &[key]).unwrap();
        let other = search_keys(&folder, &[[9; 32]]).unwrap();

        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((keys.found.len(), other.found.len()), (2, 0), "{:?}", keys.found);
        let mut files: Vec<_> = scan
            .found
            .iter()
            .filter_map(|(path, _)| path.file_name())
            .collect();
        files.sort();
        files.dedup();
        assert_eq!(scan.files, 8);
        assert_eq!(files, ["0", "1", "2", "3", "wide"], "{:?}", scan.found);
    }
}
