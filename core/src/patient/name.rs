//! Names of patients as they are shown: `FAMILY, Given (Title)`, always whole (ISB 1506; CUI *Patient Name Input and Display*
//! NID-0001 to NID-0013, PAB-0049 to PAB-0054).

use super::Patient;
use crate::letter;
use crate::person::Name;

/// What stands for a name, or for one of its two parts, that nobody recorded.
const NOT_RECORDED: &str = "Not recorded";

impl Name {
    /// The name as it identifies a patient: `JONES, Mary (Mrs)`. A title that is not known is left out with its brackets
    /// (MPB-0051); a family or given name that was not recorded says so, that nobody takes the other one for it.
    pub fn shown(&self) -> String {
        let (family, given, title) = (
            upper(tidy(&self.family)),
            in_title_case(&self.given),
            title(&self.title),
        );
        let mut shown = match (family.is_empty(), given.is_empty()) {
            (true, true) => format!("Name {}", NOT_RECORDED.to_ascii_lowercase()),
            (true, false) => format!("{NOT_RECORDED}, {given}"),
            (false, true) => format!("{family}, {NOT_RECORDED}"),
            (false, false) => format!("{family}, {given}"),
        };
        if !title.is_empty() {
            shown.push_str(&format!(" ({title})"));
        }
        shown
    }
}

impl Patient {
    /// The usual name: `JONES, Mary (Mrs)`.
    pub fn shown_name(&self) -> String {
        self.name.expose().shown()
    }

    /// What the patient likes to be called, where that is another name than the given one (PAB-0020).
    pub fn shown_preferred(&self) -> Option<String> {
        let preferred = self
            .preferred
            .as_ref()
            .map(|preferred| in_title_case(preferred.as_str()))?;
        let given = in_title_case(&self.name.expose().given);
        (!preferred.is_empty() && preferred != given).then_some(preferred)
    }

    /// The letters of an avatar: first of the given and of the family name. Never an identifier.
    pub fn initials(&self) -> String {
        let Name { family, given, .. } = self.name.expose();
        [given, family]
            .into_iter()
            .filter_map(|part| part.chars().find(|shown| letter::is_letter(*shown)))
            .map(letter::upper)
            .collect()
    }
}

/// Upper case (NID-0001, PAB-0053).
fn upper(name: String) -> String {
    name.chars().map(letter::upper).collect()
}

/// The title without brackets and full stops of its own (NID-0007, NID-0008, NID-0010).
fn title(title: &str) -> String {
    let bare: String = title
        .chars()
        .filter(|shown| !matches!(shown, '(' | ')' | '.'))
        .collect();
    in_title_case(&bare)
}

/// Title case, for a name that a system wrote all in capitals or all in small letters (PAB-0053, NID-0012). One with both is as
/// its owner writes it (`McDonald`).
fn in_title_case(name: &str) -> String {
    let name = tidy(name);
    let has = |other: fn(char) -> char| name.chars().any(|shown| other(shown) != shown);
    if has(letter::upper) && has(letter::lower) {
        return name;
    }
    let mut starts = true;
    name.chars()
        .map(|written| {
            let shown = if starts {
                letter::upper(written)
            } else {
                letter::lower(written)
            };
            starts = !letter::is_letter(written);
            shown
        })
        .collect()
}

/// Without spaces around it, and with single ones within.
fn tidy(name: &str) -> String {
    let mut tidied = String::new();
    for word in name.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    tidied
}
