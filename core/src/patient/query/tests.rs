use proptest::prelude::*;

use super::*;
use crate::patient::tests::date;

fn today() -> Date {
    date(2026, 11, 26)
}

/// Each term as its senses in short.
fn terms(typed: &str) -> Vec<String> {
    let query = PatientQuery::parse(typed, today());
    let term = |term: &Term| term.senses.iter().map(short).collect::<Vec<_>>().join("|");
    query.terms.iter().map(term).collect()
}

fn short(sense: &Sense) -> String {
    match sense {
        Sense::Born(date) => format!("born {}", date.expose()),
        Sense::BornInMonth(month) => format!("month {}", month.expose()),
        Sense::Name(name) => name.as_str().to_owned(),
        Sense::Nhs(number) => format!("nhs {}", number.digits()),
        Sense::Number(number) => format!("no {}", number.as_str()),
        Sense::Postcode(postcode) => format!(
            "at {}",
            postcode.whole().unwrap_or_else(|| postcode.outward().to_owned())
        ),
    }
}

fn doubts(typed: &str) -> Vec<Doubt> {
    PatientQuery::parse(typed, today()).doubts
}

#[test]
fn an_nhs_number_is_read_in_any_spacing() {
    for typed in [
        "9000000009",
        "900 000 0009",
        "900-000-0009",
        "900.000.0009",
        " 9000 000 009",
        "9 0 0 0 0 0 0 0 0 9",
        "900 000-0009",
    ] {
        assert_eq!(terms(typed)[0], "nhs 9000000009|no 9000000009", "{typed}");
        assert_eq!((terms(typed).len(), doubts(typed).len()), (1, 0), "{typed}");
    }
    assert_eq!(
        terms("smith 900 000 0009 2/1/61")[1],
        "nhs 9000000009|no 9000000009"
    );
}

#[test]
fn ten_digits_that_fail_modulus_11_are_told_and_still_may_be_a_local_number() {
    for typed in ["999 123 4567", "1234567890", "smith 900 000 0008", "9000 0000 08"] {
        assert_eq!(doubts(typed), [Doubt::NotAnNhsNumber], "{typed}");
    }
    assert_eq!(terms("1234567890"), ["no 1234567890"]);
    assert!(doubts("900 000 000").is_empty(), "it is not ten digits yet");
}

#[test]
fn a_date_of_birth_is_read_as_people_write_it_here() {
    for typed in [
        "2/1/1961",
        "02/01/1961",
        "2.1.1961",
        "2-1-61",
        "02 01 1961",
        "2/1/61",
        "02-Jan-1961",
        "2 January 1961",
        "2nd January 1961",
        "2 jan 61",
        "2jan1961",
        "02JAN61",
        "1961-01-02",
    ] {
        assert_eq!(
            terms(typed)[0].split('|').next(),
            Some("born 1961-01-02"),
            "{typed}"
        );
        assert_eq!(terms(typed).len(), 1, "{typed}");
    }
    assert_eq!(terms("Jul-1945")[0].split('|').next(), Some("born 1945-07"));
    assert_eq!(terms("07/1945")[0].split('|').next(), Some("born 1945-07"));
}

#[test]
fn digits_alone_may_be_a_date_and_a_number() {
    assert_eq!(terms("19610102"), ["no 19610102|born 1961-01-02"]);
    assert_eq!(terms("02011961"), ["no 2011961|born 1961-01-02"]);
    assert_eq!(terms("020161"), ["no 20161|born 1961-01-02"]);
    assert_eq!(terms("1961"), ["no 1961|born 1961"]);
    assert_eq!(terms("1799"), ["no 1799"]);
    assert_eq!(terms("12345678"), ["no 12345678"], "there is no such day");
    assert_eq!(terms("20270102"), ["no 20270102"], "nobody was born then yet");
}

#[test]
fn a_year_of_two_digits_is_in_the_past_and_a_hundred_years_are_not_left_out() {
    assert_eq!(terms("2/1/26")[0], "born 2026-01-02|born 1926-01-02|no 2126");
    assert_eq!(terms("2/1/27")[0], "born 1927-01-02|no 2127");
    assert_eq!(
        terms("27/11/26")[0],
        "born 1926-11-27|no 271126",
        "tomorrow is not in the past"
    );
}

#[test]
fn a_date_that_does_not_exist_is_told() {
    for typed in [
        "31/02/1961",
        "30-Feb-1961",
        "1/13/1961",
        "1961-02-30",
        "smith 31/4/61",
    ] {
        assert_eq!(doubts(typed), [Doubt::NoSuchDate], "{typed}");
    }
    assert!(
        doubts("99 98 97").is_empty(),
        "three numbers with spaces need not be a date"
    );
}

#[test]
fn a_month_is_a_name_too() {
    assert_eq!(terms("june"), ["june"]);
    assert_eq!(terms("june 1961"), ["june|month 6", "no 1961|born 1961"]);
    assert_eq!(terms("april smith"), ["april", "smith"]);
}

#[test]
fn a_postcode_is_read_whole_and_in_part() {
    assert_eq!(terms("ls1 4ab"), ["at LS14AB|no LS14AB"]);
    assert_eq!(terms("smith LS14AB"), ["smith", "at LS14AB|no LS14AB"]);
    assert_eq!(terms("smith ls1"), ["smith", "at LS1|no LS1"]);
    assert_eq!(terms("ls1 smith"), ["at LS1|no LS1", "smith"]);
}

#[test]
fn a_local_number_is_read_in_its_many_shapes() {
    assert_eq!(terms("a-012345"), ["no A012345"]);
    assert_eq!(terms("RX1/0077123"), ["no RX10077123"]);
    assert_eq!(terms("0077123"), ["no 77123"]);
    assert_eq!(terms("a 012345"), ["a|no A012345", "no 12345|no A012345"]);
    assert_eq!(terms("123 4567"), ["no 123|123|no 1234567", "no 4567|no 1234567"]);
    assert_eq!(terms("M12-345"), ["no M12345"], "not the postcode M12");
}

#[test]
fn names_are_read_in_any_order_with_what_may_be_one_word() {
    assert_eq!(terms("O’Brien"), ["obrien"]);
    assert_eq!(
        terms("smith-jones siân"),
        ["smith|smithjones", "jones|smithjones", "sian"]
    );
    assert_eq!(terms("mc donald"), ["mc|mcdonald", "donald|mcdonald"]);
    let joined = terms("van der berg");
    assert!(
        joined
            .iter()
            .all(|term| term.split('|').any(|sense| sense == "vanderberg")),
        "{joined:?}"
    );
    assert_eq!(terms("mary smith"), ["mary", "smith"]);
}

#[test]
fn titles_are_not_looked_for_but_where_there_is_nothing_else() {
    assert_eq!(terms("JONES, Mary (Mrs) ls1"), ["jones", "mary", "at LS1|no LS1"],);
    assert_eq!(terms("Mr Smith"), ["smith"]);
    assert_eq!(terms("lord"), ["lord"]);
    assert_eq!(terms("smith (lord)"), ["smith"]);
    assert_eq!(terms("smith lord"), ["smith", "lord"], "a family name as well");
    assert_eq!(terms("dr"), ["dr"]);
}

#[test]
fn labels_that_are_copied_with_what_they_label_are_not_looked_for() {
    assert_eq!(
        terms("JONES, Mary (Mrs) · Born 14-Jul-1945 · NHS No. 900 000 0009"),
        ["jones", "mary", "born 1945-07-14", "nhs 9000000009|no 9000000009"]
    );
    assert_eq!(terms("born"), ["born"]);
    assert_eq!(terms("no smith").len(), 2, "No is a name as well");
}

#[test]
fn several_things_are_read_together() {
    let typed = terms("smith 2/1/61");
    assert_eq!(typed[0], "smith");
    assert!(typed[1].starts_with("born 1961-01-02"));
    assert_eq!(terms("smith 02-Jan-1961 LS1 4AB john").len(), 4);
}

#[test]
fn nothing_and_too_much() {
    assert!(terms("").is_empty());
    assert!(terms(" ,.-() ").is_empty());
    assert_eq!(doubts(&"ab ".repeat(30)), [Doubt::TooMuch]);
    assert_eq!(doubts(&"é".repeat(300)), [Doubt::TooMuch]);
}

#[test]
fn debug_and_doubts_show_nothing_of_what_was_typed() {
    let query = PatientQuery::parse("smith 2/1/61 ls1 4ab 900 000 0009 a12345", today());
    let shown = format!("{query:?}").to_lowercase();
    for typed in ["smith", "1961", "ls1", "9000", "12345"] {
        assert!(!shown.contains(typed), "{shown}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_without_panic(typed in any::<String>()) {
        let query = PatientQuery::parse(&typed, today());
        prop_assert!(query.terms.iter().all(|term| !term.senses.is_empty()));
    }

    #[test]
    fn whatever_looks_like_something_is_too(typed in "([0-9]{1,4}|[A-Za-zé]{1,5}|jan|2nd|[ /.'(),-]){0,14}") {
        let query = PatientQuery::parse(&typed, today());
        prop_assert!(query.terms.iter().all(|term| !term.senses.is_empty()));
    }
}
