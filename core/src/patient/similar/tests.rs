use proptest::prelude::*;

use super::*;
use crate::patient::tests::{born, named};

fn like(one: (&str, &str), other: (&str, &str)) -> Option<Likeness> {
    likeness(&named(1, one.0, one.1), &named(2, other.0, other.1))
}

#[test]
fn the_same_family_name_is_marked_and_does_not_ask_again() {
    for (one, other) in [
        (("Smith", "John"), ("SMITH", "Mary")),
        (("O'Brien", "John"), ("OBRIEN", "Mary")),
        (("Siân-Jones", "Ann"), ("Sian Jones", "Bob")),
        (("Smith-Jones", "Ann"), ("Jones", "Bob")),
        (("van der Berg", "Ann"), ("Berg", "Bob")),
        (("Nguyễn", "Lan"), ("Nguyen", "Minh")),
    ] {
        let likeness = like(one, other);
        assert_eq!(likeness, Some(Likeness::SameFamily), "{one:?} {other:?}");
        assert!(!likeness.unwrap().asks_again());
    }
}

#[test]
fn like_family_names_with_like_given_names_are_similar() {
    for (one, other) in [
        (("Smith", "John"), ("Smith", "James")),
        (("Smith", "John"), ("Smyth", "Jon")),
        (("Smith", "Catherine"), ("Smyth", "Kathryn")),
        (("Martin", "Ann"), ("Marten", "Alice")),
        (("Martin", "Ann"), ("Martins", "Anna")),
        (("Pattel", "Raj"), ("Patel", "Ravi")),
        (("Williams", "David"), ("Wililams", "Dafydd")),
        (("Mohammed", "Ali"), ("Muhammad", "Aly")),
        (("Hussain", "Fatima"), ("Hussein", "Fatma")),
        (("Okafor", "Chinedu"), ("Okafor", "Chidi")),
        (("Kowalska", "Anna"), ("Kowalski", "Adam")),
        (("Nguyễn", "Thị Hương"), ("Nguyen", "Thuy")),
        (("Kaur", "Harpreet"), ("Kaur", "Harjit")),
        (("Smith", "Mary Ann"), ("Smith", "Ann")),
        (("Jones", "Ellen"), ("Jones", "Hellen")),
        (("Begum", "Shahida"), ("Begam", "Shaheda")),
    ] {
        assert_eq!(like(one, other), Some(Likeness::Similar), "{one:?} {other:?}");
        assert_eq!(like(other, one), Some(Likeness::Similar), "{one:?} {other:?}");
    }
}

#[test]
fn family_and_given_name_the_other_way_round_are_similar() {
    assert_eq!(
        like(("Thomas", "James"), ("James", "Thomas")),
        Some(Likeness::Similar)
    );
    assert_eq!(
        like(("Ali", "Hassan Mahmoud"), ("Hassan", "Ali")),
        Some(Likeness::Similar)
    );
}

#[test]
fn the_same_birth_date_makes_half_a_likeness_whole() {
    let pair = |one: (&str, &str), other: (&str, &str)| {
        let (mut one, mut other) = (named(1, one.0, one.1), named(2, other.0, other.1));
        one.born = Some(born(1961, 1, 2));
        other.born.clone_from(&one.born);
        likeness(&one, &other)
    };
    assert_eq!(
        pair(("Smith", "John"), ("Smith", "Mary")),
        Some(Likeness::Similar),
        "twins"
    );
    assert_eq!(
        pair(("Smith", "John"), ("Smyth", "Mary")),
        Some(Likeness::Similar)
    );
    assert_eq!(
        pair(("Smith", "Mary"), ("Jones", "Mary")),
        Some(Likeness::Similar)
    );
    assert_eq!(pair(("Smith", "Mary"), ("Jones", "Ruth")), None);
}

#[test]
fn other_names_are_not_alike() {
    for (one, other) in [
        (("Smith", "John"), ("Jones", "John")),
        (("Smith", "John"), ("Smithson", "John")),
        (("Martin", "Ann"), ("Marten", "Bob")),
        (("Lee", "Ann"), ("Leek", "Ann")),
        (("van der Berg", "Ann"), ("van der Meer", "Ann")),
        (("Patel", "Raj"), ("Okafor", "Raj")),
        (("", ""), ("", "")),
        (("", "Ann"), ("", "Ann")),
    ] {
        assert_eq!(like(one, other), None, "{one:?} {other:?}");
    }
}

#[test]
fn a_preferred_name_counts_as_a_given_one() {
    let (mut one, other) = (named(1, "Smith", "William"), named(2, "Smith", "Bill"));
    assert_eq!(likeness(&one, &other), Some(Likeness::SameFamily));
    one.preferred = Some("Bill".into());
    assert_eq!(likeness(&one, &other), Some(Likeness::Similar));
}

#[test]
fn a_patient_is_not_like_themselves_also_when_known_twice() {
    let one = named(1, "Smith", "John");
    let mut other = named(2, "Smith", "John");
    assert_eq!(likeness(&one, &one), None);
    other.merged_into = Some(one.id);
    assert_eq!(likeness(&one, &other), None);
    assert_eq!(Similar::among([&one, &other, &one]).of(one.id), None);
}

#[test]
fn on_a_list_each_has_the_mark_of_the_most_similar_other() {
    let ward = [
        named(1, "Smith", "John"),
        named(2, "Smith", "Mary"),
        named(3, "Smyth", "Jon"),
        named(4, "Okafor", "Ada"),
    ];
    let similar = Similar::among(&ward);
    let marks: Vec<_> = ward.iter().map(|patient| similar.of(patient.id)).collect();
    assert_eq!(
        marks,
        [
            Some(Likeness::Similar),
            Some(Likeness::SameFamily),
            Some(Likeness::Similar),
            None
        ]
    );
}

#[test]
fn labels_say_what_is_alike() {
    assert_eq!(Likeness::Similar.label(), "Similar name");
    assert_eq!(Likeness::SameFamily.label(), "Same family name");
}

/// Names of which many are alike.
fn any_list() -> impl Strategy<Value = Vec<Patient>> {
    let family = prop_oneof![
        "(Smi|Smy|Mar)(th|tin|ten|ths)",
        "[A-C][a-c]{1,5}(-[A-C][a-c]{1,3})?",
        "(Smith|Jones)"
    ];
    let given = prop_oneof!["[AJ][an]{0,4}", "(James|Smith|Jones) [AB]nn"];
    let one = (family, given, prop::option::of(1_u8..4));
    prop::collection::vec(one, 2..8).prop_map(|names| {
        let patient = |((family, given, day), number): ((String, String, Option<u8>), u8)| {
            let mut patient = named(number, &family, &given);
            patient.born = day.map(|day| born(1961, 1, day));
            patient
        };
        names.into_iter().zip(1..).map(patient).collect()
    })
}

proptest! {
    #[test]
    fn likeness_is_the_same_from_both_sides_and_a_list_says_what_its_pairs_do(list in any_list()) {
        let similar = Similar::among(&list);
        for one in &list {
            let most = list.iter().filter_map(|other| likeness(one, other)).max();
            prop_assert_eq!(similar.of(one.id), most);
            for other in &list {
                prop_assert_eq!(likeness(one, other), likeness(other, one));
            }
        }
    }

    #[test]
    fn one_slip_in_a_long_family_name_is_similar(name in "[a-z]{5,10}", at in 0_usize..10, letter in "[a-z]") {
        let mut slip = name.clone();
        slip.insert_str(at % name.len(), &letter);
        prop_assert_eq!(like((&name, "Ann"), (&slip, "Ann")), Some(Likeness::Similar));
        let mut swapped: Vec<char> = name.chars().collect();
        let length = swapped.len();
        swapped.swap(at % length, (at + 1) % length.max(1));
        if at % length + 1 < length {
            let swapped: String = swapped.into_iter().collect();
            prop_assert_eq!(like((&name, "Ann"), (&swapped, "Ann")), Some(Likeness::Similar));
        }
    }
}
