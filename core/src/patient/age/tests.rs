use proptest::prelude::*;

use super::*;

fn at(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn age(born: &str, now: &str) -> String {
    Age::of(at(born), at(now)).map_or_else(|| "none".to_owned(), |age| age.shown())
}

#[test]
fn pab_table_8_the_guides_own_examples() {
    for (now, shown) in [
        ("2026-01-01T13:30", "90min"),
        ("2026-01-02T14:05", "26hrs"),
        ("2026-01-05T05:07", "3d"),
        ("2026-01-28T17:02", "27d"),
        ("2026-01-29T17:02", "4w"),
        ("2026-01-30T17:02", "4w 1d"),
        ("2027-01-02T17:00", "12m 1d"),
        ("2027-01-09T17:00", "12m 8d"),
        ("2027-02-09T17:00", "13m 8d"),
        ("2030-02-09T17:00", "4y 1m"),
        ("2087-02-09T17:00", "61y"),
    ] {
        assert_eq!(age("2026-01-01T12:00", now), shown);
    }
}

#[test]
fn pab_table_7_the_unit_changes_at_two_hours_two_days_four_weeks_one_year_two_years_and_eighteen() {
    for (now, shown) in [
        ("2026-03-01T10:00", "0min"),
        ("2026-03-01T11:59", "119min"),
        ("2026-03-01T12:00", "2hrs"),
        ("2026-03-03T09:59", "47hrs"),
        ("2026-03-03T10:00", "2d"),
        ("2026-03-29T09:59", "27d"),
        ("2026-03-29T10:00", "4w"),
        ("2027-03-01T09:59", "52w"),
        ("2027-03-01T10:00", "12m"),
        ("2028-02-29T23:59", "23m 28d"),
        ("2028-03-01T00:00", "2y"),
        ("2044-02-29T23:59", "17y 11m"),
        ("2044-03-01T00:00", "18y"),
        ("2045-02-28T23:59", "18y"),
    ] {
        assert_eq!(age("2026-03-01T10:00", now), shown, "{now}");
    }
}

#[test]
fn without_the_time_of_birth_ages_begin_with_days() {
    assert_eq!(age("2026-11-26", "2026-11-26T09:30"), "0d");
    assert_eq!(age("2026-11-25", "2026-11-26T09:30"), "1d");
    assert_eq!(age("2026-11-24", "2026-11-26T09:30"), "2d");
    assert_eq!(age("2026-10-29", "2026-11-26T00:00"), "4w");
    assert_eq!(age("2025-11-26", "2026-11-26T00:00"), "12m");
}

#[test]
fn somebody_born_on_the_29th_of_february_is_older_on_the_1st_of_march() {
    assert_eq!(age("2008-02-29", "2026-02-28T12:00"), "17y 11m");
    assert_eq!(age("2008-02-29", "2026-03-01T00:00"), "18y");
    assert_eq!(age("2025-01-31", "2026-02-28T00:00"), "12m 28d");
    assert_eq!(age("2025-01-31", "2026-03-01T00:00"), "13m");
}

#[test]
fn a_birth_in_the_future_has_no_age() {
    assert_eq!(age("2026-11-27", "2026-11-26T09:30"), "none");
    assert_eq!(age("2026-11-26T09:31", "2026-11-26T09:30"), "none");
    assert_eq!(age("2027", "2026-11-26T09:30"), "none");
    assert_eq!(age("2026-12", "2026-11-26T09:30"), "none");
}

#[test]
fn of_a_birth_date_that_is_known_in_part_the_age_is_exact_where_it_can_be() {
    assert_eq!(age("1961-07", "2026-08-01T00:00"), "65y");
    assert_eq!(age("1961-07", "2026-06-30T00:00"), "64y");
    assert_eq!(age("1961", "2026-12-31T12:00"), "65y", "whenever in that year");
}

#[test]
fn d_tb_0030_it_is_approximate_where_it_cannot_and_none_where_nothing_could_be_said() {
    assert_eq!(age("1961", "2026-03-01T00:00"), "Approx 64y");
    assert_eq!(age("1961", "2026-11-26T00:00"), "Approx 65y");
    assert_eq!(age("1961-07", "2026-07-03T00:00"), "Approx 64y");
    assert_eq!(age("2018-03", "2026-11-26T00:00"), "Approx 8y 8m");
    assert_eq!(
        age("2018", "2026-11-26T00:00"),
        "Approx 8y",
        "months of a year that nobody knows are not made up"
    );
    assert_eq!(age("2025-06", "2026-11-26T00:00"), "Approx 17m");
    assert_eq!(age("2026-08", "2026-11-26T00:00"), "Approx 3m");
    assert_eq!(age("2026-11", "2026-11-26T00:00"), "none");
    assert_eq!(age("2026", "2026-11-26T00:00"), "none");
    assert_eq!(age("2025", "2026-11-26T00:00"), "none");
}

#[test]
fn of_a_death_that_is_known_in_part_too() {
    assert_eq!(age("1945-07-14", "2020"), "Approx 74y");
    assert_eq!(age("1945-07-14", "2020-08"), "75y");
    assert_eq!(age("1945", "2020"), "Approx 75y");
    assert_eq!(age("1945-07-14", "1944"), "none");
}

#[test]
fn ages_are_spoken_in_words() {
    let spoken = |born, now| Age::of(at(born), at(now)).unwrap().spoken();
    assert_eq!(spoken("2022-10-20", "2026-11-26T00:00"), "4 years 1 month");
    assert_eq!(spoken("2022-11-20", "2026-11-26T00:00"), "4 years");
    assert_eq!(spoken("2026-11-25", "2026-11-26T00:00"), "1 day");
    assert_eq!(spoken("2026-11-26T00:00", "2026-11-26T01:30"), "90 minutes");
    assert_eq!(spoken("1961", "2026-11-26T00:00"), "about 65 years");
    assert_eq!(format!("{:?}", Age::of(at("1961"), at("2026"))), "Some(Age(…))");
}

fn any_date() -> impl Strategy<Value = PartialDate> {
    let day = (1_i32..2_900_000).prop_filter_map("a day", |days| Date::from_days(days - 719_000));
    (day, 0_u16..1440, 0..4).prop_map(|(day, minute, known)| match known {
        0 => PartialDate::Year(day.year()),
        1 => PartialDate::Month(day.year(), day.month()),
        2 => PartialDate::Day(day),
        _ => PartialDate::Minute(day, minute),
    })
}

/// Days, roughly: no unit of an age may seem less than an earlier one.
fn size(age: &Age) -> u32 {
    match age.amount {
        Amount::Minutes(minutes) => minutes,
        Amount::Hours(hours) => hours * 60,
        Amount::Days(days) => days * 1440,
        Amount::WeeksDays(weeks, days) => (weeks * 7 + days) * 1440,
        Amount::MonthsDays(months, days) => (months * 30 + days.min(29)) * 1440,
        Amount::Months(months) => months * 30 * 1440,
        Amount::YearsMonths(years, months) => (years * 12 + months) * 30 * 1440,
        Amount::Years(years) => years * 360 * 1440,
    }
}

proptest! {
    #[test]
    fn an_age_never_panics_whatever_the_dates(born in any_date(), at in any_date()) {
        let age = Age::of(born, at);
        prop_assert!(age.is_none_or(|age| !age.shown().is_empty() && !age.spoken().is_empty()));
    }

    #[test]
    fn nobody_grows_younger(born in any_date(), from in -5_i32..40_000, minute in 0_u16..1440, by in 0_i32..3_000) {
        let first = match born {
            PartialDate::Year(year) => Date::new(year, 1, 1),
            PartialDate::Month(year, month) => Date::new(year, month, 1),
            PartialDate::Day(day) | PartialDate::Minute(day, _) => Some(day),
        };
        let first = first.unwrap().days();
        let earlier = Date::from_days(first + from).map(|day| PartialDate::Minute(day, minute));
        let later = Date::from_days(first + from + by).map(|day| PartialDate::Minute(day, 1439));
        let ages = earlier.zip(later).map(|(earlier, later)| (Age::of(born, earlier), Age::of(born, later)));
        let Some((Some(earlier), later)) = ages else { return Ok(()) };
        let later = later.expect("who has an age once has one later");
        prop_assert!(size(&earlier) <= size(&later), "{} {}", earlier.shown(), later.shown());
        prop_assert!(earlier.years() <= later.years());
    }
}
