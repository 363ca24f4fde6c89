//! Finding people: the whole directory, decrypted, in memory; kept as long as its version in the database does not move.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use baton_core::id::UserId;
use baton_core::person::Person;
use baton_core::secret::Personal;
use sqlx::PgConnection;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use super::person;
use crate::context::Context;
use crate::log::LogError;

/// The directory at one version.
pub struct Directory {
    version: i64,
    people: BTreeMap<UserId, Listed>,
    /// In the order of their names.
    order: Vec<UserId>,
}

struct Listed {
    person: Person,
    words: Vec<String>,
}

/// The newest directory that was read.
#[derive(Default)]
pub struct DirectoryCache(Mutex<Option<Arc<Directory>>>);

/// Gives the directory as it is now.
pub async fn current(cx: &Context, conn: &mut PgConnection) -> Result<Arc<Directory>, LogError> {
    let (version,): (i64,) = sqlx::query_as("SELECT version FROM directory")
        .fetch_one(&mut *conn)
        .await?;
    let held = cx
        .directory
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    if let Some(held) = held.filter(|held| held.version == version) {
        return Ok(held);
    }
    let rows: Vec<(Uuid, Vec<u8>)> = sqlx::query_as("SELECT id, sealed FROM person")
        .fetch_all(conn)
        .await?;
    let people = rows
        .iter()
        .map(|(id, sealed)| person::open(&cx.keys, *id, sealed))
        .collect::<Result<Vec<_>, _>>()?;
    let fresh = Arc::new(Directory::new(version, people));
    *cx.directory.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
    Ok(fresh)
}

impl Directory {
    fn new(version: i64, mut people: Vec<Person>) -> Self {
        people.sort_by_cached_key(|person| {
            let name = person.name.expose();
            (plain(&name.family), plain(&name.given), person.id)
        });
        let order = people.iter().map(|person| person.id).collect();
        let people = people
            .into_iter()
            .map(|person| {
                let words = words_of(&person);
                (person.id, Listed { person, words })
            })
            .collect();
        Self {
            version,
            people,
            order,
        }
    }

    /// A person.
    pub fn find(&self, user: UserId) -> Option<&Person> {
        self.people.get(&user).map(|listed| &listed.person)
    }

    /// These people, in the order of their names; those that are not known are left out.
    pub fn people(&self, users: &BTreeSet<UserId>) -> Vec<Person> {
        let mut found: Vec<&Listed> = users.iter().filter_map(|user| self.people.get(user)).collect();
        found.sort_by_cached_key(|listed| {
            let name = listed.person.name.expose();
            (plain(&name.family), plain(&name.given), listed.person.id)
        });
        found.into_iter().map(|listed| listed.person.clone()).collect()
    }

    /// People each of whose typed words begins one of their names, their job title, their organisation or their bleep; those of
    /// `near`'s own organisation first. Nothing typed lists those alone. At most `limit`.
    pub fn search(&self, typed: &str, near: UserId, limit: usize) -> Vec<Person> {
        let typed = split(typed);
        let home = self.find(near).map(|person| person.organisation.ods.as_str());
        let is_near = |listed: &&Listed| Some(listed.person.organisation.ods.as_str()) == home;
        let matches = |listed: &&Listed| {
            typed
                .iter()
                .all(|word| listed.words.iter().any(|known| known.starts_with(word.as_str())))
        };
        let all = || self.order.iter().filter_map(|user| self.people.get(user));
        let others = all().filter(|listed| !is_near(listed) && !typed.is_empty());
        all()
            .filter(is_near)
            .chain(others)
            .filter(matches)
            .filter(|listed| listed.person.id != near)
            .take(limit)
            .map(|listed| listed.person.clone())
            .collect()
    }
}

/// What somebody is found by.
pub(crate) fn words_of(person: &Person) -> Vec<String> {
    let name = person.name.expose();
    [
        name.family.as_str(),
        &name.given,
        &name.title,
        person.job_title.as_str(),
        &person.organisation.name,
        &person.organisation.ods,
        person.bleep.as_ref().map_or("", Personal::as_str),
    ]
    .into_iter()
    .flat_map(split)
    .collect()
}

/// The words of a text, without case and accents.
pub(crate) fn split(text: &str) -> Vec<String> {
    plain(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Without case and accents, so that `siobhan` finds `Siobhán`; apostrophes fall out, so that `oneill` finds `O'Neill`.
fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter) && !matches!(letter, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use baton_core::person::{Name, Organisation};

    use super::*;

    fn person(id: u8, given: &str, family: &str, job: &str, ods: &str) -> Person {
        Person {
            id: UserId::from_bytes([id; 16]),
            name: Personal::new(Name {
                family: family.into(),
                given: given.into(),
                title: "Dr".into(),
            }),
            job_title: job.into(),
            organisation: Organisation {
                ods: ods.into(),
                name: "Eastmere Hospital".into(),
            },
            registration: None,
            telephone: None,
            bleep: None,
        }
    }

    fn found(typed: &str) -> Vec<u8> {
        let people = vec![
            Person {
                bleep: Some("2001".into()),
                ..person(1, "Siobhán", "BYRNE", "Ward manager", "RX1")
            },
            person(2, "Amina", "KHAN", "Medical registrar", "RX1"),
            person(3, "Liam", "O'NEILL", "Registrar", "RX2"),
            person(4, "Ana", "ABBOTT", "Registrar", "RX2"),
        ];
        let directory = Directory::new(1, people);
        let near = UserId::from_bytes([2; 16]);
        let found = directory.search(typed, near, 10);
        found.iter().map(|person| person.id.as_bytes()[0]).collect()
    }

    #[test]
    fn people_are_found_by_the_beginnings_of_words_without_case_and_accents() {
        assert_eq!(found("siobhan"), [1]);
        assert_eq!(found("BYR ward"), [1]);
        assert_eq!(found("oneill"), [3]);
        assert_eq!(found("O'Ne"), [3]);
        assert_eq!(found("yrne"), [0_u8; 0]);
        assert_eq!(found("2001"), [1]);
    }

    #[test]
    fn colleagues_come_first_and_nothing_typed_lists_only_them() {
        assert_eq!(found("eastmere"), [1, 4, 3]);
        assert_eq!(found("  "), [1]);
    }
}
