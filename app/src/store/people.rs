//! Staff by id, as the record's directory gave them: whoever is a member somewhere, wrote something, or was looked up.

use crate::part::derived::{RwSignal, StoredValue};
use baton_core::id::UserId;
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::person::Person;
use baton_core::search;
use baton_core::secret::Personal;

use super::duty::Away;

/// How a person is shown wherever they appear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Who.
    pub id: UserId,
    /// `Dr Amina Khan`.
    pub name: String,
    /// `AK`.
    pub initials: String,
    /// Job title.
    pub job_title: String,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's ODS code.
    pub ods: String,
    /// Professional registration, bleep and telephone, in words, as far as they are known.
    pub known: String,
    /// Where they are telephoned at work; empty when it is not known.
    pub telephone: String,
    /// Which of the avatar colours, 0 to 7: the same everywhere for the same person.
    pub tint: u8,
}

impl From<&Person> for Card {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id,
            name: person.spoken_name(),
            initials: person.initials(),
            job_title: person.job_title.as_str().to_owned(),
            organisation: person.organisation.name.clone(),
            ods: person.organisation.ods.clone(),
            known: known(person),
            telephone: person.telephone.as_ref().map_or("", Personal::as_str).to_owned(),
            tint: person
                .id
                .as_bytes()
                .iter()
                .fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
                % 8,
        }
    }
}

impl Card {
    /// Somebody whom the directory has not told us about yet.
    pub fn unknown(id: UserId) -> Self {
        Self {
            id,
            name: "Unknown person".to_owned(),
            initials: "?".to_owned(),
            job_title: String::new(),
            organisation: String::new(),
            ods: String::new(),
            known: String::new(),
            telephone: String::new(),
            tint: 0,
        }
    }

    /// Job title and organisation in one line; with the organisation left out where everybody knows it.
    pub fn role(&self, home: Option<&str>) -> String {
        let at_home = home.is_some_and(|ods| ods == self.ods);
        match (self.job_title.is_empty(), at_home || self.organisation.is_empty()) {
            (false, true) => self.job_title.clone(),
            (true, _) => self.organisation.clone(),
            (false, false) => format!("{}, {}", self.job_title, self.organisation),
        }
    }
}

fn known(person: &Person) -> String {
    let mut known = String::new();
    for (what, text) in [
        ("", &person.registration),
        ("Bleep ", &person.bleep),
        ("Telephone ", &person.telephone),
    ] {
        if let Some(text) = text {
            known.push_str(if known.is_empty() { "" } else { " · " });
            known.push_str(what);
            known.push_str(text.as_str());
        }
    }
    known
}

/// All people that this device knows of.
#[derive(Clone, Copy)]
pub struct People {
    known: RwSignal<SortedMap<UserId, Card>>,
    /// Those that were asked for and may not exist: not to be asked for again and again.
    asked: StoredValue<SortedSet<UserId>>,
    /// Those who were learnt of and are not kept yet.
    unkept: StoredValue<Vec<Person>>,
    /// To be found by.
    index: StoredValue<search::People>,
    /// Who is off duty.
    away: StoredValue<SortedMap<UserId, Away>>,
}

impl People {
    pub(super) fn new() -> Self {
        Self {
            known: RwSignal::new(SortedMap::new()),
            asked: StoredValue::new(SortedSet::new()),
            unkept: StoredValue::new(Vec::new()),
            index: StoredValue::new(search::People::new()),
            away: StoredValue::new(SortedMap::new()),
        }
    }

    /// Learns about people.
    pub fn learn<'a>(&self, people: impl IntoIterator<Item = &'a Person>) {
        let new = self.show(people);
        self.unkept.update_value(|unkept| unkept.extend(new));
    }

    /// Learns about people from what this device kept, or from another tab that keeps them.
    pub fn put_back<'a>(&self, people: impl IntoIterator<Item = &'a Person>) {
        _ = self.show(people);
    }

    /// Shows people; gives those who were not known, or not so.
    fn show<'a>(&self, people: impl IntoIterator<Item = &'a Person>) -> Vec<Person> {
        let new: Vec<(Card, Person)> = self.known.with_untracked(|known| {
            let cards = people.into_iter().map(|person| (Card::from(person), person));
            let new = cards.filter(|(card, _)| known.get(&card.id) != Some(card));
            new.map(|(card, person)| (card, person.clone())).collect()
        });
        let (cards, people): (Vec<Card>, Vec<Person>) = new.into_iter().unzip();
        if !cards.is_empty() {
            self.index.update_value(|index| {
                for person in &people {
                    index.put(person);
                }
            });
            self.known
                .update(|known| known.extend(cards.into_iter().map(|card| (card.id, card))));
        }
        people
    }

    /// Takes those who are to be kept.
    pub fn take_unkept(&self) -> Vec<Person> {
        self.unkept.try_update_value(std::mem::take).unwrap_or_default()
    }

    /// These could not be kept.
    pub fn unkeep(&self, people: Vec<Person>) {
        self.unkept.update_value(|unkept| unkept.extend(people));
    }

    /// A person as known now.
    pub fn card_now(&self, id: UserId) -> Card {
        self.known
            .with_untracked(|known| known.get(&id).cloned())
            .unwrap_or_else(|| Card::unknown(id))
    }

    /// Since when somebody is off duty, if they said so where the reader is.
    pub fn away_now(&self, id: UserId) -> Option<Away> {
        self.away.with_value(|away| away.get(&id).cloned())
    }

    pub(super) fn set_away(&self, away: SortedMap<UserId, Away>) {
        self.away.set_value(away);
    }

    /// Finds people by the words of their names, job titles and organisations, the best first. Follows changes.
    pub fn find(&self, typed: &str, most: usize) -> Vec<Card> {
        let hits = self
            .index
            .try_with_value(|index| index.find(typed, most))
            .unwrap_or_default();
        self.known.with(|known| {
            hits.iter()
                .filter_map(|hit| known.get(&hit.user).cloned())
                .collect()
        })
    }

    /// Those of `ids` that are neither known nor asked for; they count as asked for from now on.
    pub fn take_missing(&self, ids: impl IntoIterator<Item = UserId>) -> Vec<UserId> {
        self.known.with_untracked(|known| {
            self.asked
                .try_update_value(|asked| {
                    ids.into_iter()
                        .filter(|id| *id != UserId::RECORD && !known.contains_key(id) && asked.insert(*id))
                        .collect()
                })
                .unwrap_or_default()
        })
    }

    /// Lets people be asked for again, since asking failed.
    pub fn ask_again(&self, ids: &[UserId]) {
        self.asked
            .update_value(|asked| asked.retain(|id| !ids.contains(id)));
    }

    pub(super) fn clear(&self) {
        self.known.set(SortedMap::new());
        self.asked.set_value(SortedSet::new());
        self.unkept.set_value(Vec::new());
        self.index.set_value(search::People::new());
        self.away.set_value(SortedMap::new());
    }
}
