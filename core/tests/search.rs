//! The search index beside a model that looks at every message with the rule as it is written down, whatever comes and
//! goes, is sealed, merged, lost and read again; and bytes that nobody wrote.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use baton_core::chain::Seq;
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::search::{Index, Message, Query, Segment, SegmentId};
use baton_core::secret::Personal;
use baton_core::time::At;
use proptest::prelude::*;

/// Words that are like each other.
const WORDS: [&str; 24] = [
    "potassium",
    "potasium",
    "potassic",
    "pot",
    "pots",
    "sodium",
    "sodimu",
    "ward",
    "word",
    "wards",
    "warden",
    "hard",
    "wad",
    "creatinine",
    "kreatinine",
    "review",
    "reveiw",
    "reviewed",
    "bed4",
    "4",
    "2.5",
    "25",
    "ware4x",
    "жуков",
];
const SPACES: u8 = 3;
const PEOPLE: u8 = 3;

/// What happens to the index.
#[derive(Clone, Debug)]
enum Deed {
    Post {
        space: u8,
        by: u8,
        at: u64,
        text: String,
    },
    Correct {
        which: usize,
        text: String,
    },
    Withdraw {
        which: usize,
    },
    Forget {
        space: u8,
    },
    Seal,
    /// The device starts again. Perhaps a row of its store cannot be read.
    Restart {
        lost: Option<usize>,
    },
}

/// An entry of a space's log.
#[derive(Clone)]
enum Entry {
    Posted {
        op: OpId,
        by: UserId,
        at: At,
        text: String,
    },
    Corrected {
        op: OpId,
        text: String,
    },
    Withdrawn {
        op: OpId,
    },
}

/// A device with an index, and the record's logs.
#[derive(Default)]
struct World {
    index: Index,
    store: BTreeMap<SegmentId, Vec<u8>>,
    logs: BTreeMap<SpaceId, Vec<Entry>>,
    held: BTreeSet<SpaceId>,
}

/// A message as the model knows it.
struct Known {
    space: SpaceId,
    op: OpId,
    by: UserId,
    at: At,
    text: String,
}

impl World {
    fn carry_out(&mut self, deed: Deed) {
        match deed {
            Deed::Post { space, by, at, text } => {
                let space = SpaceId::from_bytes([space; 16]);
                let count = self.logs.values().map(Vec::len).sum::<usize>();
                let mut op = [at.to_le_bytes()[0]; 16];
                op[15] = u8::try_from(count).unwrap();
                let (op, by, at) = (
                    OpId::from_bytes(op),
                    UserId::from_bytes([by; 16]),
                    At::from_millis(at),
                );
                self.held.insert(space);
                self.logs
                    .entry(space)
                    .or_default()
                    .push(Entry::Posted { op, by, at, text });
                self.feed(space);
            }
            Deed::Correct { which, text } => {
                if let Some((space, op)) = self.pick(which) {
                    self.logs
                        .entry(space)
                        .or_default()
                        .push(Entry::Corrected { op, text });
                    self.feed(space);
                }
            }
            Deed::Withdraw { which } => {
                if let Some((space, op)) = self.pick(which) {
                    self.logs.entry(space).or_default().push(Entry::Withdrawn { op });
                    self.feed(space);
                }
            }
            Deed::Forget { space } => {
                let space = SpaceId::from_bytes([space; 16]);
                self.held.remove(&space);
                self.index.forget(space);
            }
            Deed::Seal => {
                if let Some(sealed) = self.index.seal_off() {
                    for id in sealed.replaces {
                        self.store.remove(&id).unwrap();
                    }
                    self.store.insert(sealed.id, sealed.bytes);
                }
            }
            Deed::Restart { lost } => self.restart(lost),
        }
    }

    fn restart(&mut self, lost: Option<usize>) {
        if let Some(lost) = lost.filter(|_| !self.store.is_empty()) {
            let id = *self.store.keys().nth(lost % self.store.len()).unwrap();
            self.store.remove(&id);
        }
        let segments = self.store.values().map(|bytes| Segment::parse(bytes).unwrap());
        let (index, superseded) = Index::load(segments.collect());
        assert!(superseded.is_empty());
        self.index = index;
        for space in self.index.spaces() {
            if !self.held.contains(&space) {
                self.index.forget(space);
            }
        }
        for space in self.held.clone() {
            self.feed(space);
        }
    }

    /// Feeds what the index says it was not fed.
    fn feed(&mut self, space: SpaceId) {
        let after = self.index.covered(space, Seq::ZERO);
        let entries = self.logs.get(&space).cloned().unwrap_or_default();
        for (seq, entry) in (1..).map(Seq::new).zip(entries).filter(|(seq, _)| *seq > after) {
            match entry {
                Entry::Posted { op, by, at, text } => {
                    let text = Personal::new(text.as_str());
                    self.index.put(&Message {
                        space,
                        seq,
                        op,
                        by,
                        at,
                        text,
                    });
                }
                Entry::Corrected { op, text } => {
                    self.index.replace(space, op, Personal::new(&text));
                }
                Entry::Withdrawn { op } => {
                    self.index.remove(space, op);
                }
            }
            self.index.cover(space, after, seq);
        }
    }

    /// Some message of a held space.
    fn pick(&self, which: usize) -> Option<(SpaceId, OpId)> {
        let known = self.known();
        let picked = known.get(which.checked_rem(known.len())?)?;
        Some((picked.space, picked.op))
    }

    /// All that should be found.
    fn known(&self) -> Vec<Known> {
        let mut known: Vec<Known> = Vec::new();
        for (space, log) in self.logs.iter().filter(|(space, _)| self.held.contains(space)) {
            for entry in log.clone() {
                let space = *space;
                match entry {
                    Entry::Posted { op, by, at, text } => known.push(Known {
                        space,
                        op,
                        by,
                        at,
                        text,
                    }),
                    Entry::Corrected { op, text } => {
                        let corrected = known
                            .iter_mut()
                            .find(|known| known.space == space && known.op == op);
                        if let Some(known) = corrected {
                            known.text = text;
                        }
                    }
                    Entry::Withdrawn { op } => known.retain(|known| (known.space, known.op) != (space, op)),
                }
            }
        }
        known
    }

    /// What the model finds: ranks and messages, in order.
    fn find(&self, query: &Query) -> Vec<(u8, OpId, SpaceId)> {
        let mut found = Vec::new();
        for known in self.known() {
            let Known {
                space,
                op,
                by,
                at,
                text,
            } = known;
            let through = query.by.is_none_or(|wanted| wanted == by)
                && query.space.is_none_or(|wanted| wanted == space)
                && query.from.is_none_or(|from| at >= from)
                && query.before.is_none_or(|before| at < before);
            let words = query.text.as_str().split_whitespace();
            let grades = words.map(|word| text.split_whitespace().filter_map(|term| grade(word, term)).min());
            let rank = grades.into_iter().try_fold(0, |rank, grade| Some(rank + grade?));
            found.extend(
                rank.filter(|_| through)
                    .map(|rank| (rank, std::cmp::Reverse((at, op, space)))),
            );
        }
        found.sort();
        found
            .into_iter()
            .map(|(rank, std::cmp::Reverse((_, op, space)))| (rank, op, space))
            .collect()
    }
}

/// How well a term matches a word: 0 whole, 1 as its beginning, otherwise by what Damerau and Levenshtein's distance is.
fn grade(word: &str, term: &str) -> Option<u8> {
    let word: Vec<char> = word.chars().collect();
    let whole: Vec<char> = term.chars().collect();
    let is_number = word.iter().any(char::is_ascii_digit);
    let most = match word.len() {
        _ if is_number => 0,
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    // Beginnings that have a digit in them are matched as typed or not at all.
    let letters = whole.iter().take_while(|letter| !letter.is_ascii_digit()).count();
    let moved = if word.first() == whole.first() { 0 } else { 4 };
    (1..=whole.len())
        .filter_map(|length| {
            let edits = distance(&word, &whole[..length]);
            let allowed = if length <= letters { most } else { 0 };
            let beginning = u8::from(length < whole.len());
            match edits {
                0 => Some(beginning),
                _ if edits <= allowed => Some(16 + 2 * (edits - 1) + moved + beginning),
                _ => None,
            }
        })
        .min()
}

/// The optimal string alignment distance, as the textbook has it.
fn distance(one: &[char], other: &[char]) -> u8 {
    let mut table = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    for row in 0..=one.len() {
        for column in 0..=other.len() {
            if row == 0 || column == 0 {
                table[row][column] = row + column;
                continue;
            }
            let differs = usize::from(one[row - 1] != other[column - 1]);
            let mut least = (table[row - 1][column] + 1)
                .min(table[row][column - 1] + 1)
                .min(table[row - 1][column - 1] + differs);
            let swapped = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            if swapped {
                least = least.min(table[row - 2][column - 2] + 1);
            }
            table[row][column] = least;
        }
    }
    u8::try_from(table[one.len()][other.len()]).unwrap()
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        2 => "[abc]{1,12}",
        1 => "[a-c]{1,3}[4-6]",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 0..6).prop_map(|words| words.join(" "))
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        12 => (0..SPACES, 0..PEOPLE, 0..50_u64, text()).prop_map(|(space, by, at, text)| Deed::Post { space, by, at, text }),
        3 => (any::<usize>(), text()).prop_map(|(which, text)| Deed::Correct { which, text }),
        2 => any::<usize>().prop_map(|which| Deed::Withdraw { which }),
        1 => (0..SPACES).prop_map(|space| Deed::Forget { space }),
        4 => Just(Deed::Seal),
        2 => proptest::option::of(any::<usize>()).prop_map(|lost| Deed::Restart { lost }),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let people = proptest::option::weighted(0.2, 0..PEOPLE);
    let spaces = proptest::option::weighted(0.2, 0..SPACES);
    let moments = || proptest::option::weighted(0.2, 0..50_u64);
    (
        proptest::collection::vec(word(), 0..4),
        people,
        spaces,
        moments(),
        moments(),
    )
        .prop_map(|(words, by, space, from, before)| Query {
            by: by.map(|by| UserId::from_bytes([by; 16])),
            space: space.map(|space| SpaceId::from_bytes([space; 16])),
            from: from.map(At::from_millis),
            before: before.map(At::from_millis),
            limit: 500,
            ..Query::new(&words.join(" "))
        })
}

proptest! {
    #[test]
    fn the_index_finds_what_looking_at_every_message_finds(
        deeds in proptest::collection::vec(deed(), 0..60),
        queries in proptest::collection::vec(query(), 1..8),
    ) {
        let mut world = World::default();
        for deed in deeds {
            world.carry_out(deed);
        }
        prop_assert_eq!(world.index.len(), world.known().len());
        for query in queries {
            let found = world.index.find(&query);
            let hits: Vec<_> = found.hits.iter().map(|hit| (hit.rank, hit.op, hit.space)).collect();
            let expected = world.find(&query);
            prop_assert_eq!(found.total, expected.len());
            prop_assert_eq!(found.as_typed, expected.iter().filter(|(rank, ..)| *rank < 16).count());
            prop_assert_eq!(hits, expected, "{}", query.text.as_str());
            for hit in &found.hits {
                let known = world.known().into_iter().find(|known| (known.space, known.op) == (hit.space, hit.op));
                let known = known.unwrap();
                prop_assert_eq!((known.by, known.at, known.text.as_str()), (hit.by, hit.at, hit.text.as_str()));
                let marks = hit.marks.iter().map(|mark| hit.text.as_str().get(mark.clone()));
                prop_assert!(marks.into_iter().all(|mark| mark.is_some_and(|mark| !mark.is_empty())));
            }
        }
    }

    #[test]
    fn damaged_segments_are_refused_or_searched_without_harm(
        texts in proptest::collection::vec(text(), 1..8),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        typed in text(),
    ) {
        let mut world = World::default();
        for (at, text) in (0..).zip(texts) {
            world.carry_out(Deed::Post { space: 1, by: 1, at, text });
        }
        let mut bytes = world.index.seal_off().unwrap().bytes;
        for (at, byte) in damage {
            *at.get_mut(&mut bytes) = byte;
        }
        survive(&bytes, &typed);
    }

    #[test]
    fn bytes_that_nobody_wrote_are_refused_or_searched_without_harm(
        counts in proptest::collection::vec(0..4_u32, 11),
        rest in proptest::collection::vec(any::<u8>(), 0..400),
        typed in text(),
    ) {
        let mut bytes = b"bsg1".to_vec();
        bytes.extend(counts.iter().flat_map(|count| count.to_le_bytes()));
        bytes.extend(rest);
        survive(&bytes, &typed);
    }

    #[test]
    fn any_text_can_be_kept_searched_and_marked(text in any::<String>(), typed in any::<String>()) {
        let mut world = World::default();
        world.carry_out(Deed::Post { space: 1, by: 1, at: 1, text: text.clone() });
        world.carry_out(Deed::Seal);
        for typed in [&typed, &text] {
            for hit in world.index.find(&Query::new(typed)).hits {
                prop_assert!(hit.marks.iter().all(|mark| text.get(mark.clone()).is_some()));
                prop_assert!(hit.marks.windows(2).all(|pair| pair[0].end < pair[1].start));
                prop_assert!(text.get(hit.excerpt(10)).is_some());
            }
        }
    }
}

/// Reads, searches, changes and seals what may be a segment.
fn survive(bytes: &[u8], typed: &str) {
    let Ok(segment) = Segment::parse(bytes) else {
        return;
    };
    let (mut index, _) = Index::load(vec![segment]);
    index.find(&Query::new(typed));
    for hit in index.find(&Query::new("")).hits {
        hit.excerpt(10);
        index.replace(hit.space, hit.op, Personal::new("ward"));
    }
    for space in index.spaces() {
        index.forget(space);
    }
    if let Some(sealed) = index.seal_off() {
        Segment::parse(&sealed.bytes).unwrap();
    }
}
