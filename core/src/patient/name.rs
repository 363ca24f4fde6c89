//! Names of patients as they are shown: `FAMILY, Given (Title)`, always whole (ISB 1506; CUI *Patient Name Input and Display*
//! NID-0001 to NID-0013, PAB-0049 to PAB-0054).

use super::Patient;
use crate::letter;
use crate::person::Name;
use crate::search::Kind;

/// What stands for a name, or for one of its two parts, that nobody recorded.
const NOT_RECORDED: &str = "Not recorded";

impl Name {
    /// The name as it identifies a patient: `JONES, Mary (Mrs)`. A title that is not known is left out with its brackets
    /// (MPB-0051); a family or given name that was not recorded says so, that nobody takes the other one for it.
    pub fn shown(&self) -> String {
        let (family, given, title) = (
            upper(&tidy(&self.family)),
            in_title_case(&self.given),
            title(&self.title),
        );
        let shown = match (family.is_empty(), given.is_empty()) {
            (true, true) => format!("Name {}", NOT_RECORDED.to_ascii_lowercase()),
            (true, false) => format!("{NOT_RECORDED}, {given}"),
            (false, true) => format!("{family}, {NOT_RECORDED}"),
            (false, false) => format!("{family}, {given}"),
        };
        if title.is_empty() {
            shown
        } else {
            format!("{shown} ({title})")
        }
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
            .filter_map(|part| part.chars().find(|shown| Kind::of(*shown) == Kind::Letter))
            .map(letter::upper)
            .collect()
    }
}

/// Upper case (NID-0001, PAB-0053).
fn upper(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::tests::{named, patient};

    fn shown(family: &str, given: &str, title: &str) -> String {
        Name {
            family: family.into(),
            given: given.into(),
            title: title.into(),
        }
        .shown()
    }

    #[test]
    fn nid_0001_to_0008_family_comma_given_and_the_title_in_brackets() {
        assert_eq!(
            shown("Treetawtchaiwong", "Lertchai", "Sir"),
            "TREETAWTCHAIWONG, Lertchai (Sir)"
        );
        assert_eq!(shown("oliver", "James", "Mr"), "OLIVER, James (Mr)");
        assert_eq!(
            shown("Lidman-Sun-Dewar", "Anne-Jorun", "(Mrs)"),
            "LIDMAN-SUN-DEWAR, Anne-Jorun (Mrs)"
        );
        assert_eq!(shown(" Evans  West ", "Nis Bank", " "), "EVANS WEST, Nis Bank");
    }

    #[test]
    fn pab_0053_and_nid_0012_what_a_system_wrote_in_one_case_is_shown_in_title_case() {
        assert_eq!(shown("RUTH", "MARY ANN", "MRS"), "RUTH, Mary Ann (Mrs)");
        assert_eq!(shown("ruth", "anne-marie", "dr"), "RUTH, Anne-Marie (Dr)");
        assert_eq!(shown("o'neill", "D'ARCY", "MISS"), "O'NEILL, D'Arcy (Miss)");
        assert_eq!(
            shown("Ruth", "MacKenzie DeShawn", "PhD"),
            "RUTH, MacKenzie DeShawn (PhD)",
            "as its owner writes it"
        );
    }

    #[test]
    fn names_of_all_who_live_here_have_their_capitals() {
        assert_eq!(shown("Ŵyn-ẃalters", "SIÂN", ""), "ŴYN-ẂALTERS, Siân");
        assert_eq!(shown("nguyễn", "THỊ HƯƠNG", ""), "NGUYỄN, Thị Hương");
        assert_eq!(shown("łukaszewicz", "żaneta", ""), "ŁUKASZEWICZ, Żaneta");
        assert_eq!(shown("ștefănescu", "Ion", ""), "ȘTEFĂNESCU, Ion");
        assert_eq!(
            shown("Жуков", "王", ""),
            "Жуков, 王",
            "letters beyond Latin are left as they are"
        );
    }

    #[test]
    fn nid_0010_a_title_has_no_full_stop() {
        assert_eq!(shown("James", "Oliver", "Mr."), "JAMES, Oliver (Mr)");
    }

    #[test]
    fn nid_0005_and_mpb_0054_a_name_is_never_cut_short() {
        let long = "Abcdefghijklmnopqrstuvwxyz".repeat(4);
        let shown = shown(&long, &long, &long);
        assert_eq!(shown.chars().count(), 3 * long.len() + 5);
    }

    #[test]
    fn mpb_0051_without_a_title_there_are_no_brackets_and_a_name_not_recorded_says_so() {
        assert_eq!(shown("Smith", "John", ""), "SMITH, John");
        assert_eq!(shown("Smith", "", "Mr"), "SMITH, Not recorded (Mr)");
        assert_eq!(shown("", "John", "Mr"), "Not recorded, John (Mr)");
        assert_eq!(shown(" ", "", ""), "Name not recorded");
    }

    #[test]
    fn pab_0020_a_preferred_name_is_shown_where_it_is_another() {
        let mut patient = patient(1);
        for (preferred, shown) in [
            ("polly", Some("Polly")),
            ("MARY", None),
            (" ", None),
            ("Polly Ann", Some("Polly Ann")),
        ] {
            patient.preferred = Some(preferred.into());
            assert_eq!(patient.shown_preferred().as_deref(), shown);
        }
        patient.preferred = None;
        assert_eq!(patient.shown_preferred(), None);
    }

    #[test]
    fn initials_are_of_the_given_and_the_family_name() {
        assert_eq!(patient(1).initials(), "MJ");
        assert_eq!(named(1, "’t Hooft", "").initials(), "T");
        assert_eq!(named(1, "", "").initials(), "");
    }
}
