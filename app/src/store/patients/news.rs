//! What happened to a patient, in words.

use baton_core::id::PatientId;
use baton_core::op::patient::News;
use baton_core::patient::{Place, three_identifiers};

use super::Patients;

/// Tells what happened to a patient in one or more sentences, without saying to whom.
pub fn words(news: &[News], patients: &Patients) -> String {
    let told: Vec<String> = news.iter().map(|news| one(news, patients)).collect();
    told.join(". ")
}

/// The same, saying to whom.
pub fn words_of(patient: PatientId, news: &[News], patients: &Patients) -> String {
    format!("{}: {}", line(patient, patients), words(news, patients))
}

fn one(news: &News, patients: &Patients) -> String {
    match news {
        News::Admitted(place) => at("Admitted", "to", place),
        News::Cancelled => "What was told of them last did not happen: it was cancelled".to_owned(),
        News::DeathWithdrawn => "The death that was recorded was withdrawn: they are alive".to_owned(),
        News::Died => "Died".to_owned(),
        News::Discharged => "Discharged".to_owned(),
        News::IdentityChanged => {
            "Name, date of birth, gender or NHS number changed. Check who it is".to_owned()
        }
        News::Leave { out: true } => "Went on leave".to_owned(),
        News::Leave { out: false } => "Came back from leave".to_owned(),
        News::MergedInto(other) => format!("Merged with {}, who stands for both now", line(*other, patients)),
        News::Moved(place) => at("Moved", "to", place),
        News::TookIn(other) => format!("Merged with {}", line(*other, patients)),
        News::Unmerged(other) => format!("No longer merged with {}", line(*other, patients)),
    }
}

fn at(what: &str, to: &str, place: &Place) -> String {
    match place_words(place) {
        words if words.is_empty() => what.to_owned(),
        words => format!("{what} {to} {words}"),
    }
}

fn line(patient: PatientId, patients: &Patients) -> String {
    patients.find_now(patient).map_or_else(
        || "Another patient".to_owned(),
        |patient| three_identifiers(&patient),
    )
}

/// A place in one line: `Ward 7, Bay 2 Bed 3, St Mary's`; empty when nothing of it is known.
pub fn place_words(place: &Place) -> String {
    let bed: Vec<String> = [named("Room", &place.room), named("Bed", &place.bed)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    [
        named("Ward", &place.ward),
        bed.join(" "),
        place.facility.trim().to_owned(),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(", ")
}

/// The ward, or what else is known of a place.
pub fn ward_words(place: &Place) -> String {
    let ward = named("Ward", &place.ward);
    if ward.is_empty() { place_words(place) } else { ward }
}

/// What a feed calls a room or bed, with what it is where the feed gives no more than a number or a letter.
fn named(what: &str, name: &str) -> String {
    let name = name.trim();
    let is_bare =
        !name.is_empty() && (name.len() <= 2 || name.starts_with(|first: char| first.is_ascii_digit()));
    if is_bare {
        format!("{what} {name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(ward: &str, room: &str, bed: &str, facility: &str) -> String {
        place_words(&Place {
            facility: facility.to_owned(),
            ward: ward.to_owned(),
            room: room.to_owned(),
            bed: bed.to_owned(),
        })
    }

    #[test]
    fn a_place_is_told_from_the_ward_to_the_bed() {
        assert_eq!(
            place("Ward 7", "Bay 2", "3", "St Mary's"),
            "Ward 7, Bay 2 Bed 3, St Mary's"
        );
        assert_eq!(place("7", "", "12A", ""), "Ward 7, Bed 12A");
        assert_eq!(
            place("Acute Medical Unit", "4", "", ""),
            "Acute Medical Unit, Room 4"
        );
        assert_eq!(place("", " ", "", ""), "");
    }
}
