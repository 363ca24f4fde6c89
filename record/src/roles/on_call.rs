//! Finding who is on call. Like the directory of people it is for everybody whom the directory has: those of one's own teams
//! and organisation without typing anything, others by what one types.

use std::collections::{BTreeMap, BTreeSet};

use baton_core::device_api::{OnCallAnswer, OnCallRole};
use baton_core::id::{SpaceId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::standing;
use crate::context::Context;
use crate::log::LogError;
use crate::people::directory::{self, Directory};

/// Finds roles for somebody.
pub async fn find(
    cx: &Context,
    conn: &mut PgConnection,
    typed: &str,
    user: UserId,
) -> Result<OnCallAnswer, LogError> {
    let directory = directory::current(cx, conn).await?;
    let at = cx.now();
    let roles = standing::read(cx, conn, None).await?;
    let members = members(conn).await?;
    let asker = Asker {
        user,
        ods: directory
            .find(user)
            .map(|person| person.organisation.ods.as_str()),
        typed: directory::split(typed),
        directory: &directory,
        members: &members,
    };
    let mut found: Vec<(Near, Vec<String>, OnCallRole)> =
        roles.into_iter().filter_map(|role| asker.place(role)).collect();
    found.sort_by(|one, other| (one.0, &one.1, one.2.role).cmp(&(other.0, &other.1, other.2.role)));
    let has_more = found.len() > FOUND;
    let roles: Vec<OnCallRole> = found.into_iter().take(FOUND).map(|(.., role)| role).collect();
    let named = roles
        .iter()
        .flat_map(|role| [role.holder, role.cover, role.offered_to]);
    let people = directory.people(&named.flatten().collect());
    Ok(OnCallAnswer {
        at,
        roles,
        people,
        has_more,
    })
}

/// How near a role is to who asks; the nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Near {
    OwnTeam,
    OwnOrganisation,
    Elsewhere,
}

struct Asker<'a> {
    user: UserId,
    ods: Option<&'a str>,
    typed: Vec<String>,
    directory: &'a Directory,
    members: &'a BTreeMap<SpaceId, BTreeSet<UserId>>,
}

impl Asker<'_> {
    /// Where a role comes in the answer, by nearness and then by the words of team and title; `None` when it does not match.
    fn place(&self, role: OnCallRole) -> Option<(Near, Vec<String>, OnCallRole)> {
        let members = self.members.get(&role.space);
        let people = members
            .into_iter()
            .flatten()
            .filter_map(|user| self.directory.find(*user));
        let organisations: BTreeSet<_> = people
            .map(|person| {
                (
                    person.organisation.ods.as_str(),
                    person.organisation.name.as_str(),
                )
            })
            .collect();
        let near = if members.is_some_and(|members| members.contains(&self.user)) {
            Near::OwnTeam
        } else if organisations.iter().any(|(ods, _)| Some(*ods) == self.ods) {
            Near::OwnOrganisation
        } else {
            Near::Elsewhere
        };
        let title = [role.team.as_str(), role.title.as_str()];
        let order: Vec<String> = title.into_iter().flat_map(directory::split).collect();
        let organisations = organisations.into_iter().flat_map(|(ods, name)| [ods, name]);
        let mut words: Vec<String> = organisations.flat_map(directory::split).collect();
        if let Some(person) = role.answers().and_then(|user| self.directory.find(user)) {
            words.extend(directory::words_of(person));
        }
        let begins = |typed: &String| {
            let mut words = order.iter().chain(&words);
            words.any(|word| word.starts_with(typed.as_str()))
        };
        let may_be_shown = near < Near::Elsewhere || !self.typed.is_empty();
        let is_found = may_be_shown && self.typed.iter().all(begins);
        is_found.then_some((near, order, role))
    }
}

/// The members of the teams that have roles.
async fn members(conn: &mut PgConnection) -> Result<BTreeMap<SpaceId, BTreeSet<UserId>>, LogError> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT space, user_id FROM member WHERE until IS NULL AND space IN (SELECT space FROM role)",
    )
    .fetch_all(conn)
    .await?;
    let mut members: BTreeMap<SpaceId, BTreeSet<UserId>> = BTreeMap::new();
    for (space, user) in rows {
        let of = members.entry(SpaceId::from_uuid(space)).or_default();
        of.insert(UserId::from_uuid(user));
    }
    Ok(members)
}

/// Roles that an answer has.
const FOUND: usize = 100;
