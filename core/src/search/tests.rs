//! What is found, in which order, and what is marked; what segments keep and refuse.

use super::*;

const SPACE: SpaceId = SpaceId::from_bytes([1; 16]);
const OTHER_SPACE: SpaceId = SpaceId::from_bytes([2; 16]);
const KHAN: UserId = UserId::from_bytes([3; 16]);
const OKONKWO: UserId = UserId::from_bytes([4; 16]);

fn op(number: u8) -> OpId {
    OpId::from_bytes([number; 16])
}

fn message(number: u8, text: &str) -> Message<'_> {
    Message {
        space: SPACE,
        seq: Seq::new(number.into()),
        op: op(number),
        by: KHAN,
        at: At::from_millis(u64::from(number) * 1000),
        text: Personal::new(text),
    }
}

/// An index of these, numbered from 1.
fn index(texts: &[&str]) -> Index {
    let mut index = Index::new();
    for (number, text) in (1..).zip(texts) {
        index.put(&message(number, text));
    }
    index
}

/// The numbers of the messages found, in order.
fn found(index: &mut Index, query: &Query) -> Vec<u8> {
    let found = index.find(query);
    assert_eq!(found.total, found.hits.len());
    found.hits.iter().map(|hit| hit.op.as_bytes()[0]).collect()
}

fn typed(index: &mut Index, text: &str) -> Vec<u8> {
    found(index, &Query::new(text))
}

/// What is marked of the only hit.
fn marked(text: &str, typed: &str) -> Vec<String> {
    let hit = index(&[text]).find(&Query::new(typed)).hits.remove(0);
    let text = hit.text.as_str();
    hit.marks
        .iter()
        .map(|mark| text.get(mark.clone()).unwrap().to_owned())
        .collect()
}

/// What is written when the open segment is sealed.
fn sealed(index: &mut Index) -> Vec<u8> {
    index.seal_off().unwrap().bytes
}

fn read(segments: &[&[u8]]) -> Index {
    let segments = segments.iter().map(|bytes| Segment::parse(bytes).unwrap());
    Index::load(segments.collect()).0
}

/// The index as it is after its only segment was stored and read.
fn stored_and_read(mut index: Index) -> Index {
    read(&[&sealed(&mut index)])
}

#[test]
fn every_word_must_be_there_in_any_order() {
    let mut index = index(&["Potassium 6.1 in bed 4", "Potassium fine", "Bed 4 is free"]);
    assert_eq!(typed(&mut index, "bed potassium"), [1]);
    assert_eq!(typed(&mut index, "potassium"), [2, 1]);
    assert_eq!(typed(&mut index, "bed 5"), [0_u8; 0]);
}

#[test]
fn whole_words_come_before_beginnings_and_those_before_slips_and_the_newest_first() {
    let mut index = index(&[
        "ward round",
        "wards are full",
        "a word please",
        "ward closed",
        "hard to say",
        "warden",
    ]);
    let hits = index.find(&Query::new("ward"));
    let ranks: Vec<(u8, u8)> = hits
        .hits
        .iter()
        .map(|hit| (hit.op.as_bytes()[0], hit.rank))
        .collect();
    assert_eq!(ranks, [(4, 0), (1, 0), (6, 1), (2, 1), (3, 16), (5, 20)]);
    assert_eq!((hits.total, hits.as_typed), (6, 4));
}

#[test]
fn messages_of_one_moment_have_one_order() {
    let mut index = Index::new();
    for number in [3, 1, 2] {
        let mut message = message(number, "same");
        message.at = At::from_millis(5);
        index.put(&message);
    }
    assert_eq!(typed(&mut index, "same"), [3, 2, 1]);
}

#[test]
fn case_accents_and_apostrophes_make_no_difference() {
    let mut index = index(&["Spoke to Siân O’Brien", "SIAN obrien rang", "Sioned Bryn"]);
    assert_eq!(typed(&mut index, "siân o'brien"), [2, 1]);
    assert_eq!(typed(&mut index, "SIAN OBRIEN"), [2, 1]);
}

#[test]
fn a_hyphen_may_be_there_or_not() {
    let mut index = index(&[
        "co-amoxiclav given",
        "coamoxiclav stopped",
        "co amoxiclav?",
        "follow-up Smith-Jones",
    ]);
    for typing in ["co-amoxiclav", "coamoxiclav"] {
        let found = typed(&mut index, typing);
        assert!(found.contains(&1) && found.contains(&2), "{typing}: {found:?}");
    }
    assert_eq!(typed(&mut index, "followup smith"), [4]);
}

#[test]
fn an_nhs_number_is_found_in_any_spacing() {
    let mut index = index(&[
        "9000000009 is in",
        "900 000 0009 went home",
        "900-000-0009",
        "900 000 0017",
    ]);
    for typing in ["900 000 0009", "9000000009", "900-000-0009", "90000 00009"] {
        assert_eq!(typed(&mut index, typing), [3, 2, 1], "{typing}");
    }
    assert_eq!(typed(&mut index, "900 000 0"), [4, 3, 2, 1], "while it is typed");
    assert_eq!(marked("for 900 000 0009.", "9000000009"), ["900 000 0009"]);
}

#[test]
fn doses_and_beds_are_found_as_typed_and_never_as_another() {
    let mut index = index(&[
        "bisoprolol 2.5mg",
        "bisoprolol 25mg",
        "bisoprolol 2.5 mg",
        "bed 4",
        "bed 5",
        "bed 14",
    ]);
    assert_eq!(typed(&mut index, "2.5mg"), [3, 1]);
    assert_eq!(typed(&mut index, "2.5 mg"), [3, 1]);
    assert_eq!(typed(&mut index, "25mg"), [2]);
    assert_eq!(typed(&mut index, "bed 4"), [4]);
    assert_eq!(marked("give 2.5 mg now", "2.5mg"), ["2.5 mg"]);
}

#[test]
fn a_person_a_space_and_two_moments_narrow_it_down() {
    let mut index = index(&["review", "review", "review"]);
    let mut other = message(4, "review");
    (other.space, other.by) = (OTHER_SPACE, OKONKWO);
    index.put(&other);
    for mut index in [index, {
        let mut index = self::index(&["review", "review", "review"]);
        index.put(&other);
        stored_and_read(index)
    }] {
        let narrowed = |change: fn(&mut Query)| {
            let mut query = Query::new("review");
            change(&mut query);
            query
        };
        let by = narrowed(|query| query.by = Some(OKONKWO));
        assert_eq!(found(&mut index, &by), [4]);
        let by_nobody = narrowed(|query| query.by = Some(UserId::RECORD));
        assert_eq!(found(&mut index, &by_nobody), [0_u8; 0]);
        let space = narrowed(|query| query.space = Some(SPACE));
        assert_eq!(found(&mut index, &space), [3, 2, 1]);
        let from = narrowed(|query| query.from = Some(At::from_millis(3000)));
        assert_eq!(found(&mut index, &from), [4, 3]);
        let before = narrowed(|query| query.before = Some(At::from_millis(3000)));
        assert_eq!(found(&mut index, &before), [2, 1]);
        let wordless = narrowed(|query| (query.text, query.by) = ("?".into(), Some(KHAN)));
        assert_eq!(found(&mut index, &wordless), [3, 2, 1]);
    }
}

#[test]
fn the_best_are_given_and_all_are_counted() {
    let mut index = index(&["ward"; 9]);
    let mut query = Query::new("ward");
    query.limit = 2;
    let few = index.find(&query);
    let numbers: Vec<u8> = few.hits.iter().map(|hit| hit.op.as_bytes()[0]).collect();
    assert_eq!((numbers, few.total), (vec![9, 8], 9));
    query.limit = 0;
    assert_eq!(index.find(&query).total, 9);
}

#[test]
fn words_are_marked_whole_and_slips_only_where_nothing_is_as_typed() {
    assert_eq!(marked("Potassium up, pot plant out", "pot"), ["Potassium", "pot"]);
    assert_eq!(marked("a word about the ward", "ward"), ["ward"]);
    assert_eq!(marked("a word about the wood", "ward"), ["word"]);
    assert_eq!(
        marked("Siân’s K⁺ – “potassium”", "sians potasium"),
        ["Siân’s", "potassium"]
    );
    assert_eq!(marked("on co-amoxiclav", "coamoxiclav co"), ["co-amoxiclav"]);
}

#[test]
fn an_excerpt_is_whole_words_around_the_first_mark() {
    let long = format!("{} potassium é {}", "und ".repeat(50), "so weiter ".repeat(50));
    let hit = index(&[&long]).find(&Query::new("potassium")).hits.remove(0);
    let excerpt = long.get(hit.excerpt(60)).unwrap();
    assert!(
        excerpt.starts_with("und ") && excerpt.contains("potassium é so") && excerpt.len() <= 60,
        "{excerpt}"
    );
    assert!(
        excerpt.ends_with("weiter") || excerpt.ends_with("so"),
        "{excerpt}"
    );
    assert_eq!(hit.excerpt(10_000), 0..long.len());
    let wall = "ü".repeat(300);
    let hit = index(&[&wall]).find(&Query::new("üüü")).hits.remove(0);
    assert_eq!(hit.excerpt(101), 0..100);
}

#[test]
fn only_the_first_eight_words_count() {
    let mut index = index(&["a b c d e f g h"]);
    assert_eq!(typed(&mut index, "a b c d e f g h i j"), [1]);
    assert_eq!(typed(&mut index, "a b c d e f g i"), [0_u8; 0]);
}

#[test]
fn a_corrected_message_is_found_by_what_it_says_now_also_when_it_was_sealed() {
    for seals in [false, true] {
        let mut index = index(&["potassium 6.1", "sodium 140"]);
        if seals {
            index = stored_and_read(index);
        }
        assert!(index.replace(SPACE, op(1), Personal::new("potassium 5.1")));
        assert_eq!(typed(&mut index, "6.1"), [0_u8; 0]);
        assert_eq!(typed(&mut index, "5.1"), [1]);
        assert_eq!(index.len(), 2);
        assert!(!index.replace(SPACE, op(9), Personal::new("nowhere")));
        assert!(!index.replace(OTHER_SPACE, op(1), Personal::new("elsewhere")));
    }
}

#[test]
fn a_withdrawn_message_stays_away_after_reading_the_segments_in_any_order() {
    let mut index = index(&["potassium", "sodium"]);
    let first = sealed(&mut index);
    for number in 3..20 {
        index.put(&message(number, "filler"));
    }
    assert!(index.remove(SPACE, op(1)));
    assert!(!index.remove(SPACE, op(1)));
    // Written by a device that died before it could erase what was merged.
    let both = sealed(&mut index);
    let segments = [both, first].map(|bytes| Segment::parse(&bytes).unwrap());
    let (mut index, superseded) = Index::load(segments.into());
    assert_eq!(superseded, [SegmentId { first: 0, last: 0 }]);
    assert_eq!(typed(&mut index, "potassium"), [0_u8; 0]);
    assert_eq!(typed(&mut index, "sodium"), [2]);
}

#[test]
fn a_forgotten_space_leaves_no_text_behind() {
    let mut index = Index::new();
    let texts: Vec<String> = (0..200).map(|number| format!("planted{number}")).collect();
    for (number, text) in (0..).zip(&texts) {
        let mut planted = message(number, text);
        planted.space = if number % 2 == 0 { SPACE } else { OTHER_SPACE };
        index.put(&planted);
    }
    index.cover(SPACE, Seq::ZERO, Seq::new(200));
    index.cover(OTHER_SPACE, Seq::ZERO, Seq::new(200));
    index.seal_off();
    index.forget(SPACE);
    assert_eq!(index.len(), 100);
    assert_eq!(index.covered(SPACE, Seq::ZERO), Seq::ZERO);
    assert_eq!(index.spaces(), [OTHER_SPACE]);
    let text = String::from_utf8_lossy(&sealed(&mut index)).into_owned();
    assert!(!text.contains("planted100") && !text.contains("planted198"));
    assert_eq!(index.find(&Query::new("planted")).total, 100);
}

#[test]
fn a_correction_that_is_lost_with_its_segment_is_fed_again() {
    let mut index = index(&["one", "two", "three", "four", "five", "six", "seven", "eight"]);
    let mut other = message(9, "elsewhere");
    other.space = OTHER_SPACE;
    index.put(&other);
    index.cover(SPACE, Seq::ZERO, Seq::new(8));
    let first = sealed(&mut index);
    index.replace(SPACE, op(1), Personal::new("corrected"));
    index.cover(SPACE, Seq::new(8), Seq::new(9));
    let second = index.seal_off().unwrap();
    assert!(second.replaces.is_empty());
    let mut without = read(&[&first]);
    assert_eq!(without.covered(SPACE, Seq::ZERO), Seq::new(8));
    assert!(without.replace(SPACE, op(1), Personal::new("corrected")));
    // What leaves a space out brings the correction along, so that one cannot be lost without the other.
    index.forget(OTHER_SPACE);
    let third = index.seal_off().unwrap();
    assert_eq!(third.replaces.len(), 2);
    assert_eq!(typed(&mut read(&[&third.bytes]), "corrected"), [1]);
}

#[test]
fn feeding_twice_does_no_harm() {
    let mut index = index(&["potassium"]);
    index.seal_off();
    index.put(&message(1, "potassium"));
    assert!(index.seal_off().is_none());
    assert_eq!(index.find(&Query::new("potassium")).total, 1);
}

#[test]
fn what_was_fed_is_known_without_gaps() {
    let mut index = Index::new();
    index.cover(SPACE, Seq::new(10), Seq::new(20));
    assert_eq!(index.covered(SPACE, Seq::ZERO), Seq::ZERO);
    assert_eq!(index.covered(SPACE, Seq::new(10)), Seq::new(20));
    assert_eq!(index.covered(SPACE, Seq::new(15)), Seq::new(20));
    assert_eq!(index.covered(SPACE, Seq::new(20)), Seq::new(20));
    index.cover(SPACE, Seq::new(30), Seq::new(40));
    index.cover(SPACE, Seq::ZERO, Seq::new(10));
    assert_eq!(index.covered(SPACE, Seq::ZERO), Seq::new(20));
    index.cover(SPACE, Seq::new(20), Seq::new(30));
    assert_eq!(stored_and_read(index).covered(SPACE, Seq::ZERO), Seq::new(40));
}

#[test]
fn there_are_few_segments_however_often_one_seals() {
    let mut index = Index::new();
    for number in 0..2_000_u64 {
        let mut message = message(1, "potassium and more of it");
        message.op = OpId::make(At::from_millis(number), [0; 10]);
        message.seq = Seq::new(number);
        index.put(&message);
        if number % 7 == 0 {
            index.seal_off();
        }
    }
    index.seal_off();
    assert!(index.segments.len() <= 12, "{}", index.segments.len());
    assert_eq!(index.find(&Query::new("potassium")).total, 2_000);
}

#[test]
fn bytes_that_are_no_segment_are_refused() {
    let bytes = index(&["potassium 6.1", "sodium"]).seal_off().unwrap().bytes;
    let refused = |bytes: &[u8]| Segment::parse(bytes).err().unwrap();
    for length in 0..bytes.len() {
        assert_eq!(refused(&bytes[..length]), SegmentError::Truncated, "{length}");
    }
    assert_eq!(
        refused(&[bytes.as_slice(), &[0]].concat()),
        SegmentError::Malformed
    );
    let mut other = bytes.clone();
    other[3] = b'2';
    assert_eq!(refused(&other), SegmentError::OtherVersion);
    other[0] = b'x';
    assert_eq!(refused(&other), SegmentError::Malformed);
    // Counts that would be gigabytes.
    let mut liar = bytes.clone();
    liar[12..48].fill(0xff);
    assert_eq!(refused(&liar), SegmentError::Truncated);
}

#[test]
fn nothing_shows_what_was_written_or_typed() {
    let text = "Okonkwo";
    let query = Query::new(text);
    let mut index = index(&[text]);
    let shown = format!("{:?} {:?} {:?}", message(1, text), query, index.find(&query));
    assert!(!shown.contains("Okonkwo"), "{shown}");
}

#[test]
fn a_gap_in_what_was_fed_is_noticed() {
    let mut index = Index::new();
    assert_eq!(index.fed(SPACE), None);
    index.cover(SPACE, Seq::new(2), Seq::new(4));
    index.cover(OTHER_SPACE, Seq::new(0), Seq::new(9));
    assert_eq!(index.fed(SPACE), Some((Seq::new(2), Seq::new(4))));
    index.cover(SPACE, Seq::new(6), Seq::new(8));
    assert_eq!(index.fed(SPACE), None);
    index.cover(SPACE, Seq::new(4), Seq::new(6));
    assert_eq!(index.fed(SPACE), Some((Seq::new(2), Seq::new(8))));
    index.forget(SPACE);
    assert_eq!(index.fed(SPACE), None);
}

#[test]
fn a_segment_that_was_lost_between_others_is_noticed() {
    let mut index = Index::new();
    let segments: Vec<Sealed> = [0..40, 100..110, 200..203]
        .into_iter()
        .map(|numbers| {
            for number in numbers {
                index.put(&message(number, "said"));
            }
            index.seal_off().unwrap()
        })
        .collect();
    let load = |which: &[usize]| {
        let parse = |place: &usize| Segment::parse(&segments[*place].bytes).unwrap();
        Index::load(which.iter().map(parse).collect()).0
    };
    for sealed in &segments {
        assert_eq!(
            sealed.replaces,
            [],
            "each is too small to take the older one along"
        );
        assert_eq!(SegmentId::from_bytes(sealed.id.to_bytes()), sealed.id);
    }
    assert!(!load(&[]).has_gap());
    assert!(!load(&[0, 1, 2]).has_gap());
    assert!(!load(&[0, 1]).has_gap(), "the newest is fed again");
    assert!(load(&[0, 2]).has_gap());
    assert!(load(&[1, 2]).has_gap());
}
