//! The small banner.

use super::*;

#[test]
fn mpb_0017_0018_0019_0025_a_small_banner_has_name_birth_date_and_nhs_number() {
    let small = micro(&patient(1));
    assert_eq!(small.name.as_str(), "JONES, Mary (Mrs)");
    assert_eq!(
        texts(small.identity()),
        ["Born 14-Jul-1945 (81y)", "NHS No. 900 000 0009"]
    );
}

#[test]
fn mpb_0021_0027_0055_to_0060_a_small_banner_shows_a_death_too() {
    let small = micro(&deceased());
    assert!(small.is_deceased);
    assert_eq!(
        texts(small.identity()),
        [
            "Born 14-Jul-1945",
            "Died 02-Mar-2024",
            "Age at Death 78y",
            "NHS No. 900 000 0009"
        ]
    );
}

#[test]
fn mpb_0028_0029_0030_zone_2_of_a_small_banner_has_gender_and_all_addresses() {
    assert_eq!(
        texts(&micro(&patient(1)).more),
        [
            "Gender Female",
            "Usual address 12 High Street, Leeds, LS1 4AB",
            "Temporary address Elm Lodge, York, YO1 7HH"
        ]
    );
}

#[test]
fn mpb_0005_0020_and_pab_0008_no_banner_has_a_ward_a_bed_or_anything_clinical() {
    let (full, small) = (banner(&patient(1)), micro(&patient(1)));
    let all = full
        .sections
        .iter()
        .flat_map(|section| &section.items)
        .chain(full.identity());
    let mut shown = texts(all.chain(small.identity()).chain(&small.more)).join(" ");
    shown.extend(full.sections.iter().map(|section| section.summary.as_str()));
    for clinical in ["Ward 7", "Bay B", "Bed 4", "Khan", "Respiratory"] {
        assert!(!shown.contains(clinical), "{clinical}");
    }
}
