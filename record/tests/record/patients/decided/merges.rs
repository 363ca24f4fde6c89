//! Patients who turn out to be one, or not to be.

use super::*;

#[test]
fn a_survivor_is_shown_with_the_numbers_and_the_visit_of_who_was_merged_and_an_unmerge_gives_them_back() {
    let mut case = Case::new();
    let survivor = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "HALL",
        "Ada",
        "1961-02-01",
    ));
    let retired = case.tell(named(
        with_nhs(model::subject(2), OTHER),
        "Hull",
        "Eda",
        "1961-01-02",
    ));
    case.visit(2, VisitEvent::Admit, Some("A"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    let shown = case.shown(survivor);
    assert_eq!(shown.name.expose().family, "HALL");
    assert_eq!(shown.identifiers, [model::number(1), model::number(2)]);
    assert_eq!(shown.superseded, [NhsNumber::parse(OTHER).unwrap()]);
    assert_eq!(case.ward(survivor).1, "A");
    assert_eq!(case.shown(retired).merged_into, Some(survivor));
    assert_eq!(case.news(survivor), [News::TookIn(retired)]);
    assert_eq!(case.news(retired).last(), Some(&News::MergedInto(survivor)));

    // The stay that began under one number goes on under the other.
    case.visit(1, VisitEvent::Transfer, Some("B"));
    assert_eq!(case.ward(survivor).1, "B");
    case.visit(1, VisitEvent::Discharge, None);
    assert_eq!(case.ward(survivor).0, VisitStatus::Discharged);

    case.take(Change::Unmerge {
        retired: model::subject(2),
    });
    assert_eq!(case.shown(retired).merged_into, None);
    assert_eq!(case.shown(retired).name.expose().family, "Hull");
    assert_eq!(case.ward(retired), (VisitStatus::Admitted, "A".to_owned()));
    assert_eq!(case.shown(survivor).identifiers, [model::number(1)]);
    assert!(case.shown(survivor).superseded.is_empty());
    assert_eq!(case.news(retired).last(), Some(&News::Unmerged(survivor)));
}

#[test]
fn what_is_said_under_the_old_number_after_a_merge_counts_for_the_survivor() {
    let mut case = Case::new();
    let survivor = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    case.tell(named(model::subject(2), "Hull", "Eda", "1961-01-02"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    assert_eq!(case.shown(survivor).name.expose().family, "HALL");
    case.tell(named(model::subject(2), "HALL-KHAN", "Ada", "1961-02-01"));
    assert_eq!(case.shown(survivor).name.expose().family, "HALL-KHAN");
}

#[test]
fn a_merge_of_somebody_who_was_never_heard_of_waits_for_them() {
    let mut case = Case::new();
    let survivor = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    case.visit(2, VisitEvent::Admit, Some("A"));
    assert_eq!(case.ward(survivor).1, "A");
    assert_eq!(case.shown(survivor).identifiers.len(), 2);
}

#[test]
fn a_merge_by_nhs_number_alone_takes_only_who_agrees() {
    let mut case = Case::new();
    let survivor = case.tell(named(
        with_nhs(model::subject(1), ONE),
        "HALL",
        "Ada",
        "1961-02-01",
    ));
    let stranger = case.tell(named(
        with_nhs(model::subject(2), OTHER),
        "BYRNE",
        "Tom",
        "1949-11-30",
    ));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: with_nhs(Subject::default(), OTHER),
    });
    assert_eq!(case.shown(stranger).merged_into, None);
    assert_eq!(
        case.shown(survivor).superseded,
        [NhsNumber::parse(OTHER).unwrap()]
    );
    let same = case.tell(named(
        with_nhs(model::subject(3), "900 000 0025"),
        "Hall",
        "Ada",
        "1961-02-01",
    ));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: with_nhs(Subject::default(), "900 000 0025"),
    });
    assert_eq!(case.shown(same).merged_into, Some(survivor));
}

#[test]
fn chains_of_merges_stand_for_each_other_and_part_where_they_were_joined() {
    let mut case = Case::new();
    let ids: Vec<PatientId> = (1..4).map(|number| case.tell(model::subject(number))).collect();
    let merge = |survivor, retired| Change::Merge {
        survivor: model::subject(survivor),
        retired: model::subject(retired),
    };
    case.take(merge(2, 1));
    case.take(merge(3, 2));
    assert_eq!(case.index.stands_for(ids[0]), ids[2]);
    assert_eq!(case.shown(ids[2]).identifiers.len(), 3);
    case.take(Change::Unmerge {
        retired: model::subject(2),
    });
    assert_eq!(case.index.stands_for(ids[0]), ids[1]);
    assert_eq!(case.shown(ids[1]).identifiers.len(), 2);
    assert_eq!(case.shown(ids[2]).identifiers.len(), 1);
}

#[test]
fn a_merge_the_other_way_round_turns_who_stands_for_whom() {
    let mut case = Case::new();
    let one = case.tell(named(model::subject(1), "HALL", "Ada", "1961-02-01"));
    let other = case.tell(named(model::subject(2), "HULL", "Ada", "1961-02-01"));
    let merge = |survivor, retired| Change::Merge {
        survivor: model::subject(survivor),
        retired: model::subject(retired),
    };
    case.take(merge(1, 2));
    case.take(merge(2, 1));
    assert_eq!(case.shown(one).merged_into, Some(other));
    assert_eq!(case.shown(other).merged_into, None);
    assert_eq!(case.shown(other).name.expose().family, "HULL");
}

#[test]
fn a_merge_neither_lays_open_what_was_withheld_nor_forgets_a_death() {
    let mut case = Case::new();
    let survivor = case.tell(with(
        named(model::subject(1), "HALL", "Ada", "1961-02-01"),
        |details| {
            details.addresses = Update::Set(vec![Address {
                kind: AddressKind::Usual,
                lines: Personal::new(vec!["1 Mill Lane".to_owned()]),
                postcode: "LS1 4AB".into(),
            }]);
        },
    ));
    assert_eq!(case.shown(survivor).addresses.len(), 1);
    case.tell(with(model::subject(2), |details| {
        details.restricted = Update::Set(true);
        details.died = Update::Set(Died::default());
    }));
    case.take(Change::Merge {
        survivor: model::subject(1),
        retired: model::subject(2),
    });
    let shown = case.shown(survivor);
    assert!(shown.restricted && shown.addresses.is_empty() && shown.died.is_some());
    case.take(Change::Unmerge {
        retired: model::subject(2),
    });
    let shown = case.shown(survivor);
    assert!(!shown.restricted && shown.addresses.len() == 1 && shown.died.is_none());
}

#[test]
fn linked_patients_stay_two_and_an_unlink_of_merged_ones_parts_them() {
    let mut case = Case::new();
    let one = case.tell(model::subject(1));
    let other = case.tell(model::subject(2));
    let (first, second) = (model::subject(1), model::subject(2));
    case.take(Change::Link {
        one: first.clone(),
        other: second.clone(),
    });
    assert_eq!(case.shown(other).merged_into, None);
    assert!(case.index.patient(one).unwrap().history.links[0].1.value);
    case.take(Change::Merge {
        survivor: first.clone(),
        retired: second.clone(),
    });
    assert_eq!(case.shown(other).merged_into, Some(one));
    case.take(Change::Unlink {
        one: first,
        other: second,
    });
    assert_eq!(case.shown(other).merged_into, None);
    assert!(!case.index.patient(one).unwrap().history.links[0].1.value);
}
