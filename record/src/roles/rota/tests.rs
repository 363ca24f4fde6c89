use baton_core::id::UserId;
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn person(id: u8, given: &str, family: &str, registration: Option<&str>) -> Person {
    Person {
        id: UserId::from_bytes([id; 16]),
        name: Personal::new(Name {
            family: family.into(),
            given: given.into(),
            title: "Dr".into(),
        }),
        job_title: "Registrar".into(),
        organisation: Organisation {
            ods: "RX1".into(),
            name: "Eastmere Hospital".into(),
        },
        registration: registration.map(Personal::from),
        telephone: None,
        bleep: None,
    }
}

fn team() -> Vec<Person> {
    vec![
        person(1, "Amina", "KHAN", Some("GMC 7012345")),
        person(2, "Siobhán", "O'NEILL-BYRNE", Some("GMC 7054321")),
        person(3, "Tom", "FLETCHER", None),
        person(4, "Tom", "FLETCHER", Some("GMC 7099999")),
    ]
}

fn csv(lines: &[&str]) -> ReadRotaAnswer {
    read(RotaFormat::Csv, &lines.join("\r\n"), &team())
}

/// A calendar of these events, the lines of each with `|` between. The first begins on line 3.
fn calendar(events: &[&str]) -> String {
    let mut lines = vec!["BEGIN:VCALENDAR", "VERSION:2.0"];
    for event in events {
        lines.push("BEGIN:VEVENT");
        lines.extend(event.split('|'));
        lines.push("END:VEVENT");
    }
    lines.push("END:VCALENDAR");
    lines.join("\r\n")
}

fn of_calendar(file: &str) -> ReadRotaAnswer {
    read(RotaFormat::Calendar, file, &team())
}

/// Who, from and until in minutes since 1970.
fn shown(answer: &ReadRotaAnswer) -> Vec<(u8, u64, u64)> {
    let minutes = |at: At| at.millis() / 60_000;
    let shifts = answer.shifts.iter();
    shifts
        .map(|shift| (shift.who.as_bytes()[0], minutes(shift.from), minutes(shift.until)))
        .collect()
}

fn refused(answer: &ReadRotaAnswer) -> Vec<(u32, RotaRefusal)> {
    answer.refused.iter().map(|line| (line.line, line.why)).collect()
}

/// 2026-01-31T08:00Z.
const EIGHT: u64 = 29_497_440;

#[test]
fn a_sheet_is_read_by_its_columns_in_any_order_and_its_shifts_come_by_time() {
    let answer = csv(&[
        "until,grade,Person,from",
        "2026-02-01T08:00,SpR,\"O'Neill-Byrne, Siobhan\",2026-01-31T20:00",
        "31/01/2026 20:00,SpR,Dr Amina Khan,31/01/2026 08:00",
    ]);
    assert_eq!(refused(&answer), []);
    assert_eq!(
        shown(&answer),
        [(1, EIGHT, EIGHT + 720), (2, EIGHT + 720, EIGHT + 1440)]
    );
}

#[test]
fn what_is_not_taken_is_told_by_line_and_reason_and_the_rest_is_taken() {
    let answer = csv(&[
        "person,from,until",
        "Amina Khan,2026-01-31T08:00,2026-01-31T20:00",
        "Nobody Here,2026-02-01T08:00,2026-02-01T20:00",
        "Tom Fletcher,2026-02-01T08:00,2026-02-01T20:00",
        "GMC 7099999,2026-02-02T08:00,2026-02-02T20:00",
        "Khan,2026-02-03T08:00,2026-02-03T20:00",
        "Amina Khan,2026-02-04T20:00,2026-02-04T08:00",
        "Amina Khan,02/31/2026 08:00,2026-02-05T20:00",
        "Amina Khan,2026-02-06,2026-02-07",
        "Amina Khan,,2026-02-07T08:00",
        "Amina Khan,2026-01-31T19:45,2026-01-31T21:00",
        "Amina Khan,2026-02-08T08:00",
        ",2026-02-09T08:00,2026-02-09T20:00",
    ]);
    let blank = read(
        RotaFormat::Csv,
        "person,from,until\n\n\r\n\"Khan\nA\",1,2\nx,y",
        &team(),
    );
    assert_eq!(refused(&blank), [(4, RotaRefusal::Time), (6, RotaRefusal::Line)]);
    let people: Vec<u8> = shown(&answer).iter().map(|(who, ..)| *who).collect();
    assert_eq!(people, [1, 4]);
    let expected = [
        (3, RotaRefusal::Nobody),
        (4, RotaRefusal::Several),
        (6, RotaRefusal::Nobody),
        (7, RotaRefusal::Backwards),
        (8, RotaRefusal::Time),
        (9, RotaRefusal::Day),
        (10, RotaRefusal::Incomplete),
        (11, RotaRefusal::Overlaps),
        (12, RotaRefusal::Line),
        (13, RotaRefusal::Nobody),
    ];
    assert_eq!(refused(&answer), expected);
    for heading in ["person,from", "person,from,until,from", "", "\u{0}"] {
        assert_eq!(
            refused(&csv(&[heading])),
            [(1, RotaRefusal::Heading)],
            "{heading}"
        );
    }
}

#[test]
fn times_are_those_of_the_clock_on_the_wall_and_an_hour_that_is_not_sure_is_refused() {
    let from = |from: &str| {
        let answer = csv(&[
            "person,from,until",
            &format!("Amina Khan,{from},2026-12-01T00:00"),
        ]);
        let first = shown(&answer).first().map(|(_, from, _)| *from);
        first.ok_or_else(|| answer.refused[0].why)
    };
    // Summer time began at 01:00Z on 29 March 2026 and ended at 01:00Z on 25 October.
    assert_eq!(from("2026-03-29T00:59"), Ok(29_579_099));
    assert_eq!(from("2026-03-29T01:00"), Err(RotaRefusal::NoSuchTime));
    assert_eq!(from("2026-03-29T02:00"), Ok(29_579_100));
    assert_eq!(from("2026-10-25T00:59"), Ok(29_881_439));
    assert_eq!(from("2026-10-25T01:30"), Err(RotaRefusal::TimeTwice));
    assert_eq!(from("2026-10-25T01:30Z"), Ok(29_881_530));
    assert_eq!(from("2026-10-25 02:00"), Ok(29_881_560));
    for wrong in [
        "2026-06-01T24:00",
        "2026-06-01T8:5",
        "+026-06-01T08:00",
        "1/6/26 08:00",
        "2026-06-01T08:00+01:00",
    ] {
        assert_eq!(from(wrong), Err(RotaRefusal::Time), "{wrong}");
    }
}

#[test]
fn a_calendar_is_read_with_zones_folded_lines_and_escapes() {
    let file = calendar(&[
        "UID:1|DTSTART:20260131T080000Z|DTEND;TZID=Europe/London:20260131T200000|SUMMARY:Khan\\, Amina",
        "DTSTART;TZID=\"GMT Standard Time\":20260131T200000|DTEND:20260201T080000|SUMMARY:Night|ATTENDEE;CN=\"Siobh\r\n án O'Neill-Byrne\":mailto:s@rx1.example|BEGIN:VALARM|TRIGGER:-PT1H|DTSTART:never|END:VALARM",
        "STATUS:CANCELLED|DTSTART:20260201T080000|DTEND:20260201T200000|SUMMARY:Dr Amina Khan",
    ]);
    let answer = of_calendar(&format!("\u{feff}{file}\r\n\r\n"));
    assert_eq!(refused(&answer), []);
    assert_eq!(
        shown(&answer),
        [(1, EIGHT, EIGHT + 720), (2, EIGHT + 720, EIGHT + 1440)]
    );
}

#[test]
fn events_that_are_no_single_shift_are_refused_by_the_line_they_begin_on() {
    let times = "DTSTART:20260131T080000Z|DTEND:20260131T200000Z";
    let of = |event: &str| refused(&of_calendar(&calendar(&["SUMMARY:x|DTSTART:1|DTEND:2", event])));
    let khan = |more: &str| format!("SUMMARY:Amina Khan|{times}|{more}");
    for (event, why) in [
        (khan("RRULE:FREQ=DAILY"), RotaRefusal::Repeats),
        (khan("ATTENDEE;CN=A:x|ATTENDEE;CN=B:x"), RotaRefusal::Several),
        (khan("no colon"), RotaRefusal::Line),
        (khan("DTEND:20260131T210000Z"), RotaRefusal::Incomplete),
        (
            "SUMMARY:Amina Khan|DTSTART:20260131T080000Z|DURATION:PT8H".into(),
            RotaRefusal::Incomplete,
        ),
        (
            "SUMMARY:Amina Khan|DTSTART;VALUE=DATE:20260131|DTEND;VALUE=DATE:20260201".into(),
            RotaRefusal::Day,
        ),
        (
            "SUMMARY:Amina Khan|DTSTART;TZID=Europe/Paris:20260131T080000|DTEND:20260131T200000".into(),
            RotaRefusal::Zone,
        ),
        (times.into(), RotaRefusal::Nobody),
    ] {
        assert_eq!(of(&event), [(3, RotaRefusal::Time), (8, why)], "{event}");
    }
}

#[test]
fn of_a_file_that_was_cut_short_nothing_is_taken() {
    let whole = calendar(&["SUMMARY:Amina Khan|DTSTART:20260131T080000Z|DTEND:20260131T200000Z"]);
    assert_eq!(of_calendar(&whole).shifts.len(), 1);
    for end in 0..whole.len() {
        let answer = of_calendar(whole.get(..end).unwrap());
        let whys: Vec<RotaRefusal> = answer.refused.iter().map(|line| line.why).collect();
        assert_eq!(answer.shifts, [], "the first {end} bytes");
        assert!(
            matches!(
                whys.as_slice(),
                [RotaRefusal::CutShort | RotaRefusal::NotCalendar]
            ),
            "the first {end} bytes: {whys:?}"
        );
    }
    for other in [
        "<html>",
        "person,from,until",
        "BEGIN:VCARD\nEND:VCARD",
        ":",
        "END:VCALENDAR",
        "\u{0}:\u{0}",
    ] {
        assert_eq!(of_calendar(other).shifts, [], "{other}");
        assert_eq!(of_calendar(other).refused.len(), 1, "{other}");
    }
}

#[test]
fn whatever_is_in_a_file_it_is_read_to_its_end_and_more_than_fits_is_refused() {
    let day = |n: usize| {
        format!(
            "Amina Khan,2026-{:02}-{:02}T08:00Z,2026-{:02}-{:02}T20:00Z",
            n / 28 + 1,
            n % 28 + 1,
            n / 28 + 1,
            n % 28 + 1
        )
    };
    let mut lines = vec!["person,from,until".to_owned()];
    lines.extend((0..SHIFTS + 2).map(day));
    let answer = read(RotaFormat::Csv, &lines.join("\n"), &team());
    assert_eq!(answer.shifts.len(), SHIFTS);
    assert_eq!(
        refused(&answer),
        [(202, RotaRefusal::TooMany), (203, RotaRefusal::TooMany)]
    );
    let deep = "BEGIN:VCALENDAR\n".repeat(10_000);
    let quoted = format!("BEGIN:VCALENDAR\nX;A=\"{}", "\"".repeat(100_001));
    let folded = format!("BEGIN:VCALENDAR\nX:{}", "\n y".repeat(100_000));
    for hostile in [
        deep,
        quoted,
        folded,
        ";".repeat(200_000),
        "\"".repeat(200_000),
        "\u{1F6A8}:é;\n".repeat(9_000),
    ] {
        for format in [RotaFormat::Calendar, RotaFormat::Csv] {
            let answer = read(format, &hostile, &team());
            assert_eq!((answer.shifts.len(), answer.refused.len()), (0, 1));
        }
    }
}

/// One way in which a file may be spoilt: at a place in it, so much is taken away and this is put there.
fn damage() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let piece = prop::sample::select(vec![
        "\n",
        "\r",
        "\r\n ",
        "\"",
        ",",
        ";",
        ":",
        "=",
        "\\",
        "\u{feff}",
        "\u{0}",
        "é",
        "Z",
        "9",
        "-1",
        "BEGIN:VEVENT\r\n",
        "END:VEVENT\r\n",
        "END:VCALENDAR\r\n",
        "DTEND:20260131T080000Z\r\n",
        "RRULE:FREQ=DAILY\r\n",
        "STATUS:CANCELLED\r\n",
        "29/03/2026 01:30",
        "Tom Fletcher",
    ]);
    (any::<prop::sample::Index>(), 0..20_usize, vec(piece, 0..3))
        .prop_map(|(place, gone, pieces)| (place, gone, pieces.concat()))
}

fn spoil(whole: &str, damages: &[(prop::sample::Index, usize, String)]) -> String {
    let mut letters: Vec<char> = whole.chars().collect();
    for (place, gone, pieces) in damages {
        let from = place.index(letters.len() + 1);
        let to = letters.len().min(from + gone);
        letters.splice(from..to, pieces.chars());
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_a_spoilt_file_only_a_rota_that_may_be_set_is_read(is_csv: bool, damages in vec(damage(), 1..6)) {
        let (format, whole) = if is_csv {
            let lines = [
                "person,from,until",
                "Amina Khan,2026-01-31T08:00,2026-01-31T20:00",
                "\"O'Neill-Byrne, Siobhan\",31/01/2026 20:00,01/02/2026 08:00",
                "GMC 7099999,2026-02-01T08:00Z,2026-02-01T20:00Z",
            ];
            (RotaFormat::Csv, lines.join("\r\n"))
        } else {
            let events = [
                "SUMMARY:Amina Khan|DTSTART:20260131T080000Z|DTEND:20260131T200000Z",
                "ATTENDEE;CN=\"O'Neill-Byrne, Siobhan\":mailto:s@example.org|DTSTART;TZID=Europe/London:20260131T200000|DTEND:20260201T080000",
                "SUMMARY:GMC 7099999|DTSTART:20260201T080000Z|DTEND:20260201T200000Z",
            ];
            (RotaFormat::Calendar, calendar(&events))
        };
        prop_assert_eq!(read(format, &whole, &team()).shifts.len(), 3);
        let spoilt = spoil(&whole, &damages);
        let answer = read(format, &spoilt, &team());
        prop_assert!(answer.shifts.len() <= SHIFTS);
        prop_assert!(answer.shifts.is_sorted_by(|one, next| one.until <= next.from));
        prop_assert!(answer.shifts.iter().all(|shift| shift.from < shift.until));
        prop_assert!(answer.shifts.iter().all(|shift| team().iter().any(|person| person.id == shift.who)));
        let lines = u32::try_from(spoilt.matches('\n').count() + 1).unwrap();
        prop_assert!(answer.refused.iter().all(|refused| (1..=lines).contains(&refused.line)));
    }
}
