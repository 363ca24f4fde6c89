//! Who is meant by a name in a file: one member of the team, or nobody.

use std::collections::BTreeSet;

use baton_core::device_api::RotaRefusal;
use baton_core::id::UserId;
use baton_core::person::Person;

use crate::people::directory;

/// The members of a team, by what they are found by.
pub(super) struct People(Vec<Known>);

struct Known {
    user: UserId,
    /// Given and family name.
    names: BTreeSet<String>,
    /// The title.
    title: BTreeSet<String>,
    /// The registration, such as `gmc` and `7012345`.
    registration: BTreeSet<String>,
}

impl People {
    pub(super) fn new(members: &[Person]) -> Self {
        let words = |text: &str| directory::split(text).into_iter().collect();
        let known = members.iter().map(|person| {
            let name = person.name.expose();
            let registration = person.registration.as_ref();
            Known {
                user: person.id,
                names: words(&format!("{} {}", name.given, name.family)),
                title: words(&name.title),
                registration: registration.map(|text| words(text.as_str())).unwrap_or_default(),
            }
        });
        Self(known.collect())
    }

    /// The member who has all these names and no others, in any order, with or without their title; or this registration.
    pub(super) fn find(&self, written: &str) -> Result<UserId, RotaRefusal> {
        let words: BTreeSet<String> = directory::split(written).into_iter().collect();
        let has_number = words
            .iter()
            .any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
        let fits = |known: &&Known| {
            if has_number {
                words.is_subset(&known.registration)
            } else {
                known.names.is_subset(&words)
                    && words
                        .difference(&known.names)
                        .all(|word| known.title.contains(word))
            }
        };
        let mut found = self.0.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(known), None) => Ok(known.user),
            (Some(_), Some(_)) => Err(RotaRefusal::Several),
            (None, _) => Err(RotaRefusal::Nobody),
        }
    }
}
