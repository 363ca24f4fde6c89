//! Entries that the record makes itself: a space's first ones, and members that an operator adds. Signed with the record's
//! own key, in the name of [`DeviceId::RECORD`].

use baton_core::chain::{Entry, Head, derive_chain};
use baton_core::frame::SealedOp;
use baton_core::id::{DeviceId, SpaceId, UserId};
use baton_core::op::member::{Added, MemberOp};
use baton_core::op::space::{Created, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::seal::{Epoch, Keyring};
use baton_core::secret::Personal;
use baton_core::time::At;
use sqlx::PgConnection;

use super::LogError;
use super::folded::Folded;
use super::plan::{MemberChange, MemberWhat};
use super::row::{self, NewEntry, SpaceRow};
use super::write::{self, Written};
use crate::context::{Context, millis};
use crate::keys::epoch;

/// A space to be made.
pub struct NewSpace {
    /// Of which kind.
    pub kind: SpaceKind,
    /// Its title; empty for `Direct`.
    pub title: Personal<String>,
    /// Who belongs to it, and who is an administrator.
    pub members: Vec<(UserId, bool)>,
    /// What a team is found by, so that it is made once.
    pub team: Option<[u8; 32]>,
}

/// Makes a space in the caller's transaction, and gives its entries.
pub async fn create(
    cx: &Context,
    conn: &mut PgConnection,
    new: NewSpace,
) -> Result<(SpaceId, Vec<Entry>), LogError> {
    let (space, now) = (cx.make_space_id(), cx.now());
    sqlx::query(
        "INSERT INTO space (id, kind, head_seq, head_chain, head_at, epoch, epoch_at, team)
         VALUES ($1, $2, 0, $3, 0, 1, $4, $5)",
    )
    .bind(space.uuid())
    .bind(kind_name(new.kind))
    .bind([0_u8; 32].as_slice())
    .bind(millis(now))
    .bind(new.team.map(Vec::from))
    .execute(&mut *conn)
    .await?;
    let key = epoch::first(conn, &cx.keys, space, now, &mut cx.rng()).await?;
    let mut ring = Keyring::new(space);
    ring.insert(Epoch::FIRST, key);
    let from = SpaceRow {
        head: Head::default(),
        at: At::default(),
        epoch: Epoch::FIRST,
    };
    let created = Body::Space(SpaceOp::Created(Created {
        kind: new.kind,
        title: new.title,
        about: None,
    }));
    let bodies = std::iter::once(created)
        .chain(new.members.iter().copied().map(added))
        .collect();
    let entries = write(cx, conn, &mut ring, from, bodies).await?;
    for (entry, (user, admin)) in entries.iter().skip(1).zip(new.members) {
        project(conn, space, entry, user, admin).await?;
    }
    Ok((space, entries))
}

/// Adds people to a space in the caller's transaction, in the name of the record; those who belong to it already are passed
/// over. Gives the entries.
pub async fn add_members(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    members: &[(UserId, bool)],
) -> Result<Vec<Entry>, LogError> {
    let Some(row) = row::lock_space(conn, space).await? else {
        return Ok(Vec::new());
    };
    let Some(mut folded) = Folded::load(cx, conn, space).await? else {
        return Ok(Vec::new());
    };
    let missing: Vec<(UserId, bool)> = members
        .iter()
        .filter(|(user, _)| !folded.state.members.contains(*user))
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let bodies = missing.iter().copied().map(added).collect();
    let entries = write(cx, conn, &mut folded.keys.ring, row, bodies).await?;
    for (entry, (user, admin)) in entries.iter().zip(missing) {
        project(conn, space, entry, user, admin).await?;
    }
    Ok(entries)
}

async fn write(
    cx: &Context,
    conn: &mut PgConnection,
    ring: &mut Keyring,
    from: SpaceRow,
    bodies: Vec<Body>,
) -> Result<Vec<Entry>, LogError> {
    let space = ring.space();
    let at = from.at.max(cx.now());
    let mut head = from.head;
    let mut rows = Vec::with_capacity(bodies.len());
    for body in bodies {
        let sealed = seal(cx, ring, at, body)?;
        let seq = head.seq.next();
        let chain = derive_chain(
            head.chain,
            seq,
            sealed.op_id,
            DeviceId::RECORD,
            at,
            &sealed.sealed,
        );
        head = Head { seq, chain };
        rows.push(NewEntry {
            entry: Entry {
                seq,
                op_id: sealed.op_id,
                device: DeviceId::RECORD,
                at,
                sealed: sealed.sealed,
                chain,
            },
            epoch: from.epoch,
            target: None,
        });
    }
    let to = SpaceRow {
        head,
        at,
        epoch: from.epoch,
    };
    match write::entries(conn, space, from, to, &rows).await? {
        Written::Done => Ok(rows.into_iter().map(|row| row.entry).collect()),
        Written::Missed => Err(LogError::Unfinished),
    }
}

fn seal(cx: &Context, ring: &mut Keyring, at: At, body: Body) -> Result<SealedOp, LogError> {
    let op = Op {
        id: cx.make_op_id(),
        by: UserId::RECORD,
        at,
        body,
    };
    let space = ring.space();
    let sealed = ring
        .seal_op(&op, DeviceId::RECORD, cx.signing_key(), &mut cx.rng())
        .map_err(|_| LogError::Key { space })?;
    Ok(SealedOp { op_id: op.id, sealed })
}

fn added((user, admin): (UserId, bool)) -> Body {
    Body::Member(MemberOp::Added(Added { user, admin }))
}

async fn project(
    conn: &mut PgConnection,
    space: SpaceId,
    entry: &Entry,
    user: UserId,
    admin: bool,
) -> Result<(), LogError> {
    let change = MemberChange {
        seq: entry.seq,
        by: UserId::RECORD,
        user,
        what: MemberWhat::Added { admin },
    };
    write::member(conn, space, change).await
}

/// A kind as the database holds it.
pub(crate) fn kind_name(kind: SpaceKind) -> &'static str {
    match kind {
        SpaceKind::Direct => "direct",
        SpaceKind::Group => "group",
        SpaceKind::Own => "own",
        SpaceKind::Patient => "patient",
        SpaceKind::Team => "team",
    }
}

/// A kind out of a database row.
pub(crate) fn kind_of(name: &str) -> SpaceKind {
    match name {
        "direct" => SpaceKind::Direct,
        "own" => SpaceKind::Own,
        "patient" => SpaceKind::Patient,
        "team" => SpaceKind::Team,
        _ => SpaceKind::Group,
    }
}
