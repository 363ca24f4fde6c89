//! Entries that the record makes itself: a space's first ones, members that an operator adds, what the index tells of
//! patients. Signed with the record's own key, in the name of [`DeviceId::RECORD`].
//!
//! Everything here writes in its caller's transaction. What a replica holds in memory of the space stays where it stands:
//! the next batch that is appended finds the space's row elsewhere, and catches up. The caller tells the edge in the same
//! transaction ([`crate::notice::entries`]) and wakes it afterwards ([`Context::notices`]).

use baton_core::chain::{Entry, Head, derive_chain};
use baton_core::frame::SealedOp;
use baton_core::id::{DeviceId, PatientId, SpaceId, UserId};
use baton_core::op::member::{Added, MemberOp};
use baton_core::op::space::{Created, SpaceKind, SpaceOp};
use baton_core::op::{Body, Op};
use baton_core::rule::{self, Author};
use baton_core::seal::{Epoch, Keyring};
use baton_core::secret::Personal;
use baton_core::state::SpaceState;
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
    /// The patient around whom it is; only of `Patient`.
    pub about: Option<PatientId>,
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
        about: new.about,
    }));
    let ops = std::iter::once(created)
        .chain(new.members.iter().copied().map(added))
        .map(|body| own(cx, now, body))
        .collect();
    let entries = write(cx, conn, &mut ring, from, now, ops).await?;
    for (entry, (user, admin)) in entries.iter().skip(1).zip(new.members) {
        project(conn, space, entry, user, admin).await?;
    }
    Ok((space, entries))
}

/// People who were added to a space.
#[derive(Default)]
pub struct Joined {
    /// Who: those who did not belong to it before.
    pub users: Vec<UserId>,
    /// The entries that say so.
    pub entries: Vec<Entry>,
}

/// Adds people to a space in the caller's transaction, in the name of the record; those who belong to it already are passed
/// over.
pub async fn add_members(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    members: &[(UserId, bool)],
) -> Result<Joined, LogError> {
    let Some(row) = row::lock_space(conn, space).await? else {
        return Ok(Joined::default());
    };
    let Some(mut folded) = folded(cx, conn, space, row).await? else {
        return Ok(Joined::default());
    };
    let missing: Vec<(UserId, bool)> = members
        .iter()
        .filter(|(user, _)| !folded.state.members.contains(*user))
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok(Joined::default());
    }
    let at = row.at.max(cx.now());
    let ops = missing
        .iter()
        .copied()
        .map(|member| own(cx, at, added(member)))
        .collect();
    let entries = write(cx, conn, &mut folded.keys.ring, row, at, ops).await?;
    for (entry, (user, admin)) in entries.iter().zip(&missing) {
        project(conn, space, entry, *user, *admin).await?;
    }
    let users = missing.into_iter().map(|(user, _)| user).collect();
    Ok(Joined { users, entries })
}

/// Appends operations of the record to a space in the caller's transaction, and gives their entries; none when there is no
/// such space. Locks the space's row first: whoever locks rows of other tables as well does so after this.
pub async fn append_made(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    bodies: Vec<Body>,
) -> Result<Vec<Entry>, LogError> {
    append_decided(cx, conn, space, |_| bodies).await
}

/// Like [`append_made`], with operations that are decided on the state of the space as it stands, while nobody else can move
/// it. What the rules do not allow is left out: the log never holds what [`super::verify`] would find wrong.
pub async fn append_decided(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    decide: impl FnOnce(&SpaceState) -> Vec<Body>,
) -> Result<Vec<Entry>, LogError> {
    let Some(row) = row::lock_space(conn, space).await? else {
        return Ok(Vec::new());
    };
    let Some(mut folded) = folded(cx, conn, space, row).await? else {
        return Ok(Vec::new());
    };
    let at = row.at.max(cx.now());
    let ops = allowed(cx, &folded.state, at, decide(&folded.state));
    if ops.is_empty() {
        return Ok(Vec::new());
    }
    write(cx, conn, &mut folded.keys.ring, row, at, ops).await
}

/// A space's state as the caller's transaction sees it; `None` when there is no such space.
pub(crate) async fn standing(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
) -> Result<Option<SpaceState>, LogError> {
    let Some(row) = row::space(conn, space).await? else {
        return Ok(None);
    };
    Ok(folded(cx, conn, space, row).await?.map(|folded| folded.state))
}

/// The space as the caller's transaction sees it: from a copy of what is in memory, since that transaction may yet be rolled
/// back. Whoever holds a connection never waits for a slot, so that is done only if nobody else uses it now.
async fn folded(
    cx: &Context,
    conn: &mut PgConnection,
    space: SpaceId,
    row: SpaceRow,
) -> Result<Option<Folded>, LogError> {
    let slot = cx.spaces.slot(space);
    let held = slot
        .try_lock()
        .ok()
        .and_then(|held| held.as_ref().map(Folded::copy));
    let Some(mut held) = held.filter(|held| held.state.head.seq <= row.head.seq) else {
        return Folded::load(cx, conn, space).await;
    };
    held.catch_up(cx, conn, row).await?;
    Ok(Some(held))
}

/// The operations that the rules allow, one after the other.
fn allowed(cx: &Context, state: &SpaceState, at: At, bodies: Vec<Body>) -> Vec<Op> {
    let mut after = state.clone();
    let mut ops = Vec::with_capacity(bodies.len());
    for op in bodies.into_iter().map(|body| own(cx, at, body)) {
        if rule::may(Author::Record, &op, &after).is_err() {
            cx.metrics.refused.with_label_values(&["own"]).inc();
            continue;
        }
        // Only the next rule looks at it, and no rule looks at the chain.
        let head = Head {
            seq: after.head.seq.next(),
            chain: after.head.chain,
        };
        after.fold(head, at, &op);
        ops.push(op);
    }
    ops
}

async fn write(
    cx: &Context,
    conn: &mut PgConnection,
    ring: &mut Keyring,
    from: SpaceRow,
    at: At,
    ops: Vec<Op>,
) -> Result<Vec<Entry>, LogError> {
    let space = ring.space();
    let mut head = from.head;
    let mut rows = Vec::with_capacity(ops.len());
    for op in ops {
        let sealed = seal(cx, ring, &op)?;
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
            target: op.amends(),
            list: op.list(),
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

/// An operation of the record's own.
fn own(cx: &Context, at: At, body: Body) -> Op {
    Op {
        id: cx.make_op_id(),
        by: UserId::RECORD,
        at,
        body,
    }
}

fn seal(cx: &Context, ring: &mut Keyring, op: &Op) -> Result<SealedOp, LogError> {
    let space = ring.space();
    let sealed = ring
        .seal_op(op, DeviceId::RECORD, cx.signing_key(), &mut cx.rng())
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
