//! Finding people by name, job title and organisation, with the same rules as messages.
//!
//! A device knows hundreds or a few thousand people, so each is looked at; nothing is kept but what the vault's rows of
//! people already have.

use super::query::{MOST_HITS, Sought};
use super::word::Split;
use crate::id::UserId;
use crate::person::Person;

/// The people that a device knows.
#[derive(Default)]
pub struct People(Vec<(UserId, Known)>);

struct Known {
    /// The words of the name, in its order.
    name: String,
    /// The words of everything, each with what it costs not to be in the name.
    words: Vec<(String, u16)>,
}

/// A person who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonHit {
    /// Who.
    pub user: UserId,
    /// How well they match: 0 has every word whole in the name.
    pub rank: u16,
}

impl People {
    /// Nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a person in, or what is now known of them.
    pub fn put(&mut self, person: &Person) {
        let name = person.name.expose();
        let mut known = Known {
            name: String::new(),
            words: Vec::new(),
        };
        for part in [&name.given, &name.family, &name.title] {
            known.take(part, 0);
        }
        for (word, _) in &known.words {
            known.name.push_str(word);
            known.name.push(' ');
        }
        let organisation = &person.organisation;
        for part in [person.job_title.as_str(), &organisation.name, &organisation.ods] {
            known.take(part, NOT_THE_NAME);
        }
        self.remove(person.id);
        if let Err(place) = self.place(person.id) {
            self.0.insert(place, (person.id, known));
        }
    }

    /// Takes a person out.
    pub fn remove(&mut self, user: UserId) {
        if let Ok(place) = self.place(user) {
            self.0.remove(place);
        }
    }

    /// Finds those whose name, job title or organisation have every word that was typed: by rank, then by name. Nobody is
    /// found by no word.
    pub fn find(&self, typed: &str, limit: usize) -> Vec<PersonHit> {
        let sought = Sought::of(typed);
        let mut best: Vec<(u16, &str, UserId)> = Vec::new();
        for (user, known) in &self.0 {
            let Some(rank) = known.rank(&sought) else { continue };
            let candidate = (rank, known.name.as_str(), *user);
            let place = best.partition_point(|other| *other < candidate);
            if place < limit.min(MOST_HITS) {
                best.truncate(limit.min(MOST_HITS) - 1);
                best.insert(place, candidate);
            }
        }
        best.into_iter()
            .map(|(rank, _, user)| PersonHit { user, rank })
            .collect()
    }

    fn place(&self, user: UserId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&user, |(user, _)| *user)
    }
}

impl Known {
    fn take(&mut self, text: &str, besides: u16) {
        for (_, word) in Split::of(text).terms() {
            self.words.push((word.to_owned(), besides));
        }
    }

    fn rank(&self, sought: &Sought) -> Option<u16> {
        let mut rank = None;
        for patterns in sought.words() {
            let mut best: Option<u16> = None;
            for pattern in patterns {
                for (word, besides) in &self.words {
                    let here = pattern.grade_of(word).map(|grade| u16::from(grade) + besides);
                    best = best.into_iter().chain(here).min();
                }
            }
            rank = Some(rank.unwrap_or(0) + best?);
        }
        rank
    }
}

/// What a word costs that is in the job title or the organisation.
const NOT_THE_NAME: u16 = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::{Name, Organisation};
    use crate::secret::Personal;

    fn person(number: u8, family: &str, given: &str, job_title: &str) -> Person {
        Person {
            id: UserId::from_bytes([number; 16]),
            name: Personal::new(Name {
                family: family.into(),
                given: given.into(),
                title: "Dr".into(),
            }),
            job_title: job_title.into(),
            organisation: Organisation {
                ods: "RX1".into(),
                name: "Northbridge Hospital".into(),
            },
            registration: None,
            telephone: None,
            bleep: None,
        }
    }

    fn people() -> People {
        let mut people = People::new();
        people.put(&person(4, "KHAN", "Amina", "Registrar"));
        people.put(&person(3, "O'BRIEN", "Siân", "District nurse"));
        people.put(&person(2, "Smith-Jones", "Bob", "Consultant"));
        people.put(&person(1, "Nurse", "Jane", "Porter"));
        people
    }

    fn found(typed: &str) -> Vec<u8> {
        let hits = people().find(typed, 10);
        hits.iter().map(|hit| hit.user.as_bytes()[0]).collect()
    }

    #[test]
    fn a_person_is_found_by_any_part_of_the_name() {
        assert_eq!(found("khan"), [4]);
        assert_eq!(found("ami kh"), [4]);
        assert_eq!(found("obrien"), [3]);
        assert_eq!(found("Sian O’Brien"), [3]);
        assert_eq!(found("jones"), [2]);
        assert_eq!(found("smith-jones"), [2]);
        assert_eq!(found("smithjones"), [2]);
    }

    #[test]
    fn a_slip_does_no_harm_and_comes_later() {
        assert_eq!(found("kahn"), [4]);
        assert_eq!(found("smyth bob"), [2]);
        assert_eq!(found("zzzz"), [0_u8; 0]);
    }

    #[test]
    fn a_name_comes_before_a_job_and_job_and_organisation_count() {
        assert_eq!(found("nurse"), [1, 3]);
        assert_eq!(found("district northbridge"), [3]);
        assert_eq!(found("rx1 dr registrar"), [4]);
        assert_eq!(found("northbridge"), [4, 2, 1, 3], "by name within a rank");
    }

    #[test]
    fn nobody_is_found_by_nothing_and_who_left_is_not_found() {
        assert_eq!(found(" "), [0_u8; 0]);
        let mut people = people();
        people.put(&person(4, "Patel", "Amina", "Registrar"));
        assert!(people.find("khan", 10).is_empty());
        assert_eq!(people.find("patel", 10).len(), 1);
        people.remove(UserId::from_bytes([4; 16]));
        assert!(people.find("patel", 10).is_empty());
        assert_eq!(people.find("dr", 2).len(), 2);
        assert!(people.find("dr", 0).is_empty());
    }
}
