//! How roles stand, as a projection of the log: one sealed row for each role that is not in the archive.

use std::collections::BTreeMap;

use baton_core::cbor;
use baton_core::device_api::OnCallRole;
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use baton_core::secret::Personal;
use baton_core::state::{Mark, SpaceState};
use baton_core::time::At;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::context::Context;
use crate::log::LogError;
use crate::people::audit;

/// What a batch leads to.
#[derive(Debug, Default)]
pub struct RoleChanges {
    /// Roles that stand otherwise than before.
    set: Vec<OnCallRole>,
    /// Roles that are in the archive now.
    gone: Vec<OpId>,
    /// Who came to hold what, and who no longer does, in the order of the log.
    moved: Vec<Moved>,
}

/// Somebody came to hold a role, or no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moved {
    role: OpId,
    user: UserId,
    is_held: bool,
}

impl RoleChanges {
    /// Nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.gone.is_empty() && self.moved.is_empty()
    }

    /// Compares who holds what with who did before one operation.
    pub fn follow(&mut self, before: &Holders, now: &Holders) {
        self.moved.extend(only(before, now, false));
        self.moved.extend(only(now, before, true));
    }

    /// Compares how the roles stand with how they stood before the batch.
    pub fn compare(&mut self, before: &SpaceState, now: &SpaceState) {
        if now.roles.is_empty() {
            return;
        }
        let mut before = standing(before);
        for (id, role) in standing(now) {
            if before.remove(&id).as_ref() != Some(&role) {
                self.set.push(role);
            }
        }
        self.gone.extend(before.into_keys());
    }
}

/// Who holds which role, by which operation.
type Holders = BTreeMap<OpId, (UserId, OpId)>;

/// Who holds which role of a space.
pub fn holders(state: &SpaceState) -> Holders {
    let held = state.roles.iter();
    held.filter_map(|(id, role)| {
        role.holder
            .map(|holder| (id, (holder.user, holder.since.stamp.op)))
    })
    .collect()
}

/// Those of the first who are not among the second.
fn only<'a>(these: &'a Holders, those: &'a Holders, is_held: bool) -> impl Iterator<Item = Moved> + 'a {
    let only = these
        .iter()
        .filter(|(role, holder)| those.get(role) != Some(holder));
    only.map(move |(role, (user, _))| Moved {
        role: *role,
        user: *user,
        is_held,
    })
}

/// How the roles of a team stand; nothing of any other kind of space.
pub fn standing(state: &SpaceState) -> BTreeMap<OpId, OnCallRole> {
    if state.kind != Some(SpaceKind::Team) {
        return BTreeMap::new();
    }
    let team = Personal::new(state.title.newest().to_owned());
    let recorded = |mark: Mark| mark.stamp.kept_at();
    let roles = state.roles.iter().filter(|(_, role)| role.archived.is_none());
    roles
        .map(|(id, role)| {
            let cover = state.roles.cover(id);
            let is_covered = role.holder.is_none() && cover.who.is_some();
            let through = cover.through.last().copied();
            let held_since = role.holder.map(|holder| recorded(holder.since));
            let vacant_since = role.past.last().map(|held| recorded(held.until));
            let stands = OnCallRole {
                space: state.space,
                role: id,
                title: Personal::new(role.title.newest().to_owned()),
                team: team.clone(),
                holder: role.holder.map(|holder| holder.user),
                since: held_since.or(vacant_since),
                cover: cover.who.filter(|_| is_covered),
                through: through.filter(|through| is_covered && *through != id),
                offered_to: role.offer.map(|offer| offer.to),
            };
            (id, stands)
        })
        .collect()
}

/// Writes it down, in the transaction of the entries that led to it.
pub async fn write(
    cx: &Context,
    conn: &mut PgConnection,
    at: At,
    space: SpaceId,
    changes: &RoleChanges,
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = changes.set.iter().map(|role| role.role.uuid()).collect();
    let seal = |role: &OnCallRole| {
        let bytes = cbor::to_bytes(role);
        cx.keys.seal_row(TABLE, role.role.uuid(), &bytes, &mut cx.rng())
    };
    let sealed: Vec<Vec<u8>> = changes.set.iter().map(seal).collect();
    sqlx::query(
        "INSERT INTO role (space, role, sealed) SELECT $1, * FROM UNNEST($2::uuid[], $3::bytea[])
         ON CONFLICT (space, role) DO UPDATE SET sealed = EXCLUDED.sealed",
    )
    .bind(space.uuid())
    .bind(ids)
    .bind(sealed)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM role WHERE space = $1 AND role = ANY($2)")
        .bind(space.uuid())
        .bind(changes.gone.iter().map(|role| role.uuid()).collect::<Vec<_>>())
        .execute(&mut *conn)
        .await?;
    for moved in &changes.moved {
        let event = audit::Event {
            event: if moved.is_held { "role.held" } else { "role.ended" },
            user: Some(moved.user),
            space: Some(space),
            subject: Some(moved.role.uuid()),
            ..audit::Event::default()
        };
        audit::add(&mut *conn, at, event).await?;
    }
    Ok(())
}

/// All roles as they stand; of one space, if that is given.
pub async fn read(
    cx: &Context,
    conn: &mut PgConnection,
    space: Option<SpaceId>,
) -> Result<Vec<OnCallRole>, LogError> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> =
        sqlx::query_as("SELECT space, role, sealed FROM role WHERE space = $1 OR $1 IS NULL")
            .bind(space.map(SpaceId::uuid))
            .fetch_all(conn)
            .await?;
    rows.iter()
        .map(|(space, role, sealed)| {
            let space = SpaceId::from_uuid(*space);
            let damaged = || LogError::Damaged { space, seq: 0 };
            let bytes = cx.keys.open_row(TABLE, *role, sealed).map_err(|_| damaged())?;
            let stands: OnCallRole = cbor::from_bytes(&bytes).map_err(|_| damaged())?;
            let is_here = stands.space == space && stands.role == OpId::from_uuid(*role);
            is_here.then_some(stands).ok_or_else(damaged)
        })
        .collect()
}

/// What a row is bound to.
const TABLE: &str = "role";
