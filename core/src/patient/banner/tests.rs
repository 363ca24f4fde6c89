//! Each rule of the guides that can be checked here, by its number. Those of the small banner, and what goes beyond the guides,
//! are in files of their own.

use super::*;
use crate::date::PartialDate;
use crate::patient::tests::{date, named, nhs, now, patient};
use crate::patient::{Died, Gender};

mod beyond;
mod small;

fn banner(patient: &Patient) -> Banner {
    Banner::of(patient, now(), None)
}

fn micro(patient: &Patient) -> MicroBanner {
    MicroBanner::of(patient, now(), None)
}

fn deceased() -> Patient {
    let mut patient = patient(1);
    patient.died = Some(Died {
        at: Some(Personal::new(PartialDate::Minute(date(2024, 3, 2), 490))),
    });
    patient
}

fn text(item: &Item) -> String {
    format!("{} {}", item.label.as_str(), item.value.as_str())
}

fn texts<'a>(items: impl IntoIterator<Item = &'a Item>) -> Vec<String> {
    items.into_iter().map(text).collect()
}

fn section(banner: &Banner, kind: SectionKind) -> &Section {
    banner
        .sections
        .iter()
        .find(|section| section.kind == kind)
        .unwrap()
}

#[test]
fn pab_0016_0022_0023_0076_name_birth_date_with_age_gender_and_nhs_number_come_in_this_order() {
    let banner = banner(&patient(1));
    assert_eq!(banner.name.as_str(), "JONES, Mary (Mrs)");
    assert_eq!(
        texts(banner.identity()),
        ["Born 14-Jul-1945 (81y)", "Gender Female", "NHS No. 900 000 0009"]
    );
    assert!(!banner.is_deceased);
    assert_eq!(banner.death, None);
}

#[test]
fn pab_0024_0057_0058_0059_0063_a_deceased_patient_has_died_and_age_at_death_after_born() {
    let banner = banner(&deceased());
    assert!(banner.is_deceased);
    assert_eq!(
        texts(banner.identity()),
        [
            "Born 14-Jul-1945",
            "Died 02-Mar-2024",
            "Age at Death 78y",
            "Gender Female",
            "NHS No. 900 000 0009"
        ]
    );
}

#[test]
fn pab_0034_the_age_of_the_living_is_in_brackets_after_the_birth_date_without_a_label() {
    let banner = banner(&patient(1));
    assert!(banner.born.value.as_str().ends_with(" (81y)"));
    assert!(banner.identity().all(|item| !item.label.as_str().contains("Age")));
}

#[test]
fn pab_0060_the_age_at_death_has_no_brackets_and_no_other_age_is_shown() {
    let banner = banner(&deceased());
    assert!(banner.identity().all(|item| !item.value.as_str().contains('(')));
}

#[test]
fn pab_0017_0018_contact_details_are_those_of_the_living_and_the_last_of_the_deceased() {
    for patient in [patient(1), deceased()] {
        let banner = banner(&patient);
        assert_eq!(section(&banner, SectionKind::Address).items.len(), 2);
        assert_eq!(section(&banner, SectionKind::Contact).items.len(), 4);
    }
}

#[test]
fn pab_0019_mpb_0022_what_is_not_known_says_so_after_its_label_and_never_with_a_question_mark() {
    let mut unknown = named(1, "", "");
    assert_eq!(
        texts(banner(&unknown).identity()),
        ["Born Not Known", "Gender Not Known", "NHS No. Not Known"]
    );
    unknown.died = Some(Died::default());
    let (full, small) = (banner(&unknown), micro(&unknown));
    assert_eq!(
        texts(small.identity()),
        [
            "Born Not Known",
            "Died Not Known",
            "Age at Death Not Known",
            "NHS No. Not Known"
        ]
    );
    let mut items = full.identity().chain(small.identity()).chain(&small.more);
    assert!(items.all(|item| !item.is_known && !item.value.as_str().contains('?')));
    assert_eq!(full.name.as_str(), "Name not recorded");
    for kind in [
        SectionKind::Address,
        SectionKind::Contact,
        SectionKind::Numbers,
        SectionKind::Practice,
    ] {
        assert_eq!(section(&full, kind).summary.as_str(), "Not Known");
    }
}

#[test]
fn pab_0019_what_a_feed_sent_empty_is_not_known_either() {
    let mut patient = patient(1);
    patient.addresses.truncate(1);
    patient.addresses[0].lines = Personal::new(vec![" ".into()]);
    patient.addresses[0].postcode = "".into();
    patient.contacts[0].value = " ".into();
    patient.gp.as_mut().unwrap().name.clear();
    let banner = banner(&patient);
    assert_eq!(
        texts(&section(&banner, SectionKind::Address).items),
        ["Usual address Not Known"]
    );
    assert_eq!(section(&banner, SectionKind::Contact).items.len(), 3);
    assert_eq!(
        texts(&section(&banner, SectionKind::Practice).items),
        ["Practice Not Known", "Practice code B86001"]
    );
}

#[test]
fn pab_0019_an_age_that_cannot_be_said_leaves_the_birth_date_alone() {
    let mut patient = patient(1);
    for (born, shown) in [
        ("1945", "1945 (Approx 81y)"),
        ("2026", "2026"),
        ("2026-12-01", "01-Dec-2026"),
    ] {
        patient.born = Some(Personal::new(born.parse().unwrap()));
        assert_eq!(banner(&patient).born.value.as_str(), shown);
    }
}

#[test]
fn pab_0020_0037_0054_the_preferred_name_has_its_label_and_stands_by_itself() {
    let mut patient = patient(1);
    assert_eq!(banner(&patient).preferred, None);
    patient.preferred = Some("POLLY".into());
    for item in [banner(&patient).preferred, micro(&patient).preferred] {
        assert_eq!(text(&item.unwrap()), "Preferred name Polly");
    }
}

#[test]
fn pab_0005_0032_zone_2_has_five_sections_and_the_fifth_is_kept_for_allergies() {
    let banner = banner(&patient(1));
    let labels: Vec<&str> = banner.sections.iter().map(|section| section.label).collect();
    assert_eq!(
        labels,
        [
            "Address",
            "Phone and email",
            "Other numbers",
            "GP practice",
            "Allergies unavailable"
        ]
    );
    assert!(banner.sections.is_sorted_by_key(|section| section.kind));
}

#[test]
fn pab_0025_0026_0027_the_address_is_in_the_title_and_whole_with_its_kind_and_postcode_in_the_section() {
    let banner = banner(&patient(1));
    let address = section(&banner, SectionKind::Address);
    assert_eq!(address.summary.as_str(), "12 High Street, Leeds, LS1 4AB");
    assert_eq!(
        texts(&address.items),
        [
            "Usual address 12 High Street, Leeds, LS1 4AB",
            "Temporary address Elm Lodge, York, YO1 7HH"
        ]
    );
}

#[test]
fn pab_0028_0029_0030_phones_are_home_work_mobile_then_email_with_one_phone_in_the_title() {
    let banner = banner(&patient(1));
    let contact = section(&banner, SectionKind::Contact);
    assert_eq!(contact.summary.as_str(), "0113 496 0000");
    assert_eq!(
        texts(&contact.items),
        [
            "Home 0113 496 0000",
            "Work 0113 496 0001",
            "Mobile 07700 900123",
            "Email mary@example.com"
        ]
    );
}

#[test]
fn pab_0042_0043_mpb_0039_0040_labels_have_no_colon() {
    let (full, small) = (banner(&deceased()), micro(&deceased()));
    let items = full
        .sections
        .iter()
        .flat_map(|section| &section.items)
        .chain(&small.more)
        .chain(full.identity());
    assert!(items.into_iter().all(|item| !item.label.as_str().contains(':')));
    assert!(full.sections.iter().all(|section| !section.label.contains(':')));
}

#[test]
fn pab_0047_mpb_0044_0045_each_label_of_zone_1_has_a_definition() {
    let mut patient = deceased();
    patient.preferred = Some("Polly".into());
    let (full, small) = (banner(&patient), micro(&patient));
    let items = full.identity().chain(&full.preferred).chain(small.identity());
    assert!(items.into_iter().all(|item| item.label.definition().is_some()));
    assert!(
        full.gender
            .label
            .definition()
            .unwrap()
            .contains("not for clinical judgement")
    );
    assert_eq!(Label::Assigner("RX1".into()).definition(), None);
}

#[test]
fn pab_0064_allergies_are_unavailable_as_nobody_looked() {
    let banner = banner(&patient(1));
    let allergies = section(&banner, SectionKind::Allergies);
    assert_eq!(allergies.label, "Allergies unavailable");
    assert!(allergies.items.is_empty());
    assert_eq!(
        allergies.text,
        Some("Baton does not hold allergies. Look in the patient's record.")
    );
}

#[test]
fn cgs_0005_0006_mpb_0034_gender_is_shown_in_full_and_never_as_a_code() {
    let mut patient = patient(1);
    for (gender, shown) in [
        (Gender::Female, "Female"),
        (Gender::Male, "Male"),
        (Gender::NotSpecified, "Not Specified"),
        (Gender::NotKnown, "Not Known"),
    ] {
        patient.gender = gender;
        assert_eq!(banner(&patient).gender.value.as_str(), shown);
        assert_eq!(banner(&patient).gender.is_known, gender != Gender::NotKnown);
    }
}

#[test]
fn num_0001_0002_the_nhs_number_is_whole_in_three_groups_and_says_when_it_is_not_verified() {
    let mut patient = patient(1);
    let verified = banner(&patient).nhs;
    assert_eq!((verified.value.as_str(), verified.status), ("900 000 0009", None));
    assert_eq!(verified.spoken.as_str(), "9 0 0, 0 0 0, 0 0 0 9");
    patient.nhs = Some(nhs("9000000009", false));
    for item in [banner(&patient).nhs, micro(&patient).nhs] {
        assert_eq!(
            (item.value.as_str(), item.status),
            ("900 000 0009", Some("Not verified"))
        );
    }
}

#[test]
fn d_ta_0015_a_screen_reader_has_the_long_form_of_dates() {
    let living = banner(&patient(1));
    assert_eq!(living.born.spoken.as_str(), "14 July 1945, 81 years old");
    let [died, age] = banner(&deceased()).death.unwrap();
    assert_eq!(
        (died.spoken.as_str(), age.spoken.as_str()),
        ("02 March 2024", "78 years")
    );
}
