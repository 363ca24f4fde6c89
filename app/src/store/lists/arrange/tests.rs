use std::collections::BTreeSet;

use super::*;

fn id(number: u8) -> PatientId {
    PatientId::from_bytes([number; 16])
}

fn row(number: u8, name: &str, places: [&str; 4]) -> (PatientId, Arc<Facts>) {
    let is_known = places.iter().any(|place| !place.is_empty());
    let place = if is_known {
        places.iter().flat_map(|name| pieces(name)).collect()
    } else {
        Vec::new()
    };
    let facts = Facts {
        name: letter::lowered(name),
        place,
        location: format!("{} {}", places[1], places[2]),
        text: letter::lowered(name),
        ..Facts::default()
    };
    (id(number), Arc::new(facts))
}

fn order(rows: &[(PatientId, Arc<Facts>)], view: &View) -> Vec<u8> {
    arrange(rows, view)
        .rows()
        .map(|patient| patient.as_bytes()[0])
        .collect()
}

#[test]
fn beds_are_in_the_order_in_which_one_walks_past_them() {
    let rows = [
        row(1, "A", ["", "Ward 7", "Bay B", "10"]),
        row(2, "B", ["", "Ward 7", "Bay B", "9"]),
        row(3, "C", ["", "Ward 7", "Bay A", "11"]),
        row(4, "D", ["", "Ward 10", "", "1"]),
        row(5, "E", ["", "", "", ""]),
    ];
    assert_eq!(order(&rows, &View::default()), [3, 2, 1, 4, 5]);
    let by_name = View {
        sort: Sort::Name,
        ..View::default()
    };
    assert_eq!(order(&rows, &by_name), [1, 2, 3, 4, 5]);
}

#[test]
fn a_group_has_one_heading_and_those_who_left_stand_last() {
    let mut left = row(1, "A", ["", "Ward 7", "Bay A", "1"]);
    Arc::make_mut(&mut left.1).has_left = true;
    let rows = [
        left,
        row(2, "B", ["", "Ward 7", "Bay B", "5"]),
        row(3, "C", ["", "Ward 7", "Bay A", "2"]),
        row(4, "D", ["", "Ward 7", "Bay B", "4"]),
        row(5, "E", ["", "", "", ""]),
    ];
    for (sort, beds) in [(Sort::Bed, [4, 2]), (Sort::Name, [2, 4]), (Sort::Own, [2, 4])] {
        let view = View {
            is_grouped: true,
            sort,
            ..View::default()
        };
        let [one, other] = beds.map(|number| Entry::Row(id(number)));
        let expected = vec![
            Entry::Group("Ward 7 Bay A".into(), 1),
            Entry::Row(id(3)),
            Entry::Group("Ward 7 Bay B".into(), 2),
            one,
            other,
            Entry::Group(NO_PLACE.into(), 1),
            Entry::Row(id(5)),
            Entry::Group(LEFT.into(), 1),
            Entry::Row(id(1)),
        ];
        assert_eq!(arrange(&rows, &view).entries, expected);
    }
}

#[test]
fn what_a_filter_hides_is_counted_and_named() {
    let mut falls = row(1, "SMITH, John", ["", "Ward 7", "", "1"]);
    Arc::make_mut(&mut falls.1).flags = vec!["falls".into()];
    let rows = [
        falls,
        row(2, "JONES, Mary", ["", "Ward 7", "", "2"]),
        row(3, "SMYTHE, Ann", ["", "", "", ""]),
    ];
    let all = arrange(&rows, &View::default());
    assert_eq!(all.words(), "3 patients");
    let flag = View {
        flag: "falls".into(),
        ..View::default()
    };
    assert_eq!(
        arrange(&rows, &flag).words(),
        "1 of 3 shown. Filter “Flags: falls” hides 2."
    );
    let both = View {
        text: "Jones".into(),
        ..flag
    };
    let arranged = arrange(&rows, &both);
    assert_eq!(
        arranged.words(),
        "0 of 3 shown. 3 hidden by the filters “Text: Jones” (2), “Flags: falls” (2)."
    );
}

#[test]
fn words_of_the_text_are_looked_for_one_by_one_without_case() {
    let rows = [
        row(1, "SMITH, John", ["", "", "", ""]),
        row(2, "JONES, Mary", ["", "", "", ""]),
    ];
    let view = View {
        text: " john SMI ".into(),
        ..View::default()
    };
    assert_eq!(order(&rows, &view), [1]);
}

/// Numbers in an order that only the seed knows.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.roll(u64::try_from(of.len()).unwrap());
        of[usize::try_from(at).unwrap()]
    }
}

fn any_row(number: u8, dice: &mut Dice) -> (PatientId, Arc<Facts>) {
    let wards = ["", "Ward 7", "Ward 10", "ward 7"];
    let (names, beds) = (
        ["SMITH, John", "Smith", "JONES", "ŁUKASZ", ""],
        ["", "1", "2", "10", "A1", "B"],
    );
    let places = [
        dice.pick(&["", "RXX"]),
        dice.pick(&wards),
        dice.pick(&["", "Bay A", "Bay B"]),
        dice.pick(&beds),
    ];
    let mut row = row(number, dice.pick(&names), places);
    let facts = Arc::make_mut(&mut row.1);
    facts.has_left = dice.roll(3) == 0;
    facts.consultant = dice.pick(&["", "Dr A Khan", "Dr B"]).to_owned();
    facts.flags = (0..dice.roll(3))
        .map(|_| dice.pick(&["falls", "isolate"]).to_owned())
        .collect();
    row
}

#[test]
fn whatever_the_view_every_patient_is_shown_once_or_counted_as_hidden() {
    for seed in 0..2_000 {
        let mut dice = Dice(seed);
        let count = u8::try_from(dice.roll(40)).unwrap();
        let rows: Vec<_> = (0..count).map(|number| any_row(number, &mut dice)).collect();
        let view = View {
            sort: Sort::ALL[usize::try_from(dice.roll(3)).unwrap()],
            is_grouped: dice.roll(2) == 0,
            text: dice.pick(&["", "", "smith", "x", " "]).to_owned(),
            flag: dice.pick(&["", "", "falls"]).to_owned(),
            consultant: dice.pick(&["", "", "Dr B"]).to_owned(),
            left: Left::ALL[usize::try_from(dice.roll(3)).unwrap()],
            ..View::default()
        };
        let arranged = arrange(&rows, &view);
        let shown: Vec<PatientId> = arranged.rows().collect();
        let once: BTreeSet<PatientId> = shown.iter().copied().collect();
        assert_eq!(once.len(), shown.len(), "seed {seed}: somebody is shown twice");
        assert_eq!(
            (arranged.shown, arranged.of),
            (shown.len(), rows.len()),
            "seed {seed}"
        );
        let hidden = rows.iter().filter(|(patient, _)| !once.contains(patient));
        assert!(
            hidden.clone().count() == 0 || view.is_filtered(),
            "seed {seed}: hidden without a filter"
        );
        let hides: usize = arranged.filters.iter().map(|(_, hides)| hides).sum();
        assert!(
            hides >= hidden.count(),
            "seed {seed}: somebody is hidden by no filter that is named"
        );
        let headings: Vec<&Entry> = arranged
            .entries
            .iter()
            .filter(|entry| matches!(entry, Entry::Group(..)))
            .collect();
        let under: usize = headings
            .iter()
            .map(|entry| match entry {
                Entry::Group(_, count) => *count,
                Entry::Row(_) => 0,
            })
            .sum();
        assert!(
            !view.is_grouped || under == shown.len(),
            "seed {seed}: a row stands under no heading"
        );
        assert_eq!(
            view.is_grouped && !shown.is_empty(),
            !headings.is_empty(),
            "seed {seed}"
        );
    }
}
