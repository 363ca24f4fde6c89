//! What comes from the edge: each frame to the part that it is for. And the small things: cursors, typing notices.

use std::time::Duration;

use rand_core::CryptoRng;

use super::backoff;
use super::connection::Phase;
use super::subscription::Subscription;
use super::{Ask, FaultKind, Sync, WITHHELD_AFTER};
use crate::frame::{self, FromEdge, ToEdge};
use crate::id::SpaceId;
use crate::seal::OpenError;
use crate::signal::{Cursor, Typing};
use crate::time::At;

impl Sync {
    /// Takes a frame. Any bytes will do.
    pub(super) fn take_frame(&mut self, bytes: &[u8], tick: At, rng: &mut impl CryptoRng) {
        if !matches!(self.link.phase, Phase::Greeting { .. } | Phase::Live { .. }) {
            return;
        }
        let Ok(frame) = frame::decode_from_edge(bytes) else {
            self.fault(None, FaultKind::Malformed);
            self.hang_up(tick, None, rng);
            return;
        };
        self.heard(tick);
        match frame {
            FromEdge::Welcome { version, device, .. } => self.welcomed(version, device, tick, rng),
            FromEdge::Revoked { signed } => self.revoked(&signed),
            FromEdge::Busy { space: None, wait } => {
                self.be_quiet(Duration::from_millis(wait.into()), tick, rng);
            }
            FromEdge::Appended { .. }
            | FromEdge::Busy { space: Some(_), .. }
            | FromEdge::Cursors { .. }
            | FromEdge::Entries { .. }
            | FromEdge::MembersChanged { .. }
            | FromEdge::NotAllowed { .. }
            | FromEdge::Refused { .. }
            | FromEdge::StaleEpoch { .. }
            | FromEdge::Typing { .. } => {
                if self.link.is_live() {
                    self.take_live_frame(frame, tick, rng);
                }
            }
        }
    }

    /// The edge took nothing of late: everything that is not answered goes again after a while.
    fn be_quiet(&mut self, wait: Duration, tick: At, rng: &mut impl CryptoRng) {
        if !self.link.is_live() {
            self.hang_up(tick, Some(wait), rng);
            return;
        }
        let until = tick.plus(backoff::at_least(wait, rng));
        self.quiet = self.quiet.max(Some(until));
        for (id, space) in &mut self.spaces {
            space.outbox.send_again(Some(until));
            space.cursors.disconnected();
            space.cursors.connected(until, Duration::ZERO);
            if let Subscription::Asked { tries, .. } = space.subscription {
                space.subscription = Subscription::Resting { until, tries };
            }
            self.screen.outbox(*id);
        }
    }

    fn take_live_frame(&mut self, frame: FromEdge, tick: At, rng: &mut impl CryptoRng) {
        match frame {
            FromEdge::Appended { space, appended } => self.take_appended(space, &appended, tick),
            FromEdge::Busy {
                space: Some(space),
                wait,
            } => {
                self.take_busy(space, Duration::from_millis(wait.into()), tick, rng);
            }
            FromEdge::Cursors { space, sealed } => {
                for cursor in sealed {
                    self.take_cursor(space, cursor.into_vec());
                }
            }
            FromEdge::Entries { space, entries, more } => self.take_entries(space, entries, more, tick, rng),
            FromEdge::MembersChanged { space: Some(space) } => {
                if self.spaces.get(&space).is_some_and(|space| space.is_open) {
                    self.asks.want(Ask::Keys(space), tick);
                }
            }
            FromEdge::MembersChanged { space: None } => self.asks.want(Ask::Session, tick),
            FromEdge::NotAllowed { space } => self.not_allowed(space, tick, rng),
            FromEdge::Refused { space, op_id, sealed } => self.take_refused(space, op_id, &sealed, tick),
            FromEdge::StaleEpoch { space, op_ids } => self.take_stale(space, &op_ids, tick, rng),
            FromEdge::Typing { space, sealed } => self.take_typing(space, &sealed, tick),
            FromEdge::Busy { space: None, .. } | FromEdge::Revoked { .. } | FromEdge::Welcome { .. } => {}
        }
    }

    /// Takes a sealed cursor of a member.
    pub(super) fn take_cursor(&mut self, id: SpaceId, sealed: Vec<u8>) {
        let Some(space) = self.spaces.get_mut(&id).filter(|space| space.is_open) else {
            return;
        };
        if sealed.len() > frame::limit::SIGNAL_BYTES {
            self.fault(Some(id), FaultKind::Forged);
            return;
        }
        match Cursor::open(&mut space.keys, &sealed) {
            Ok((cursor, _)) => {
                if space.cursors.take(&cursor) {
                    self.screen.cursors(id);
                }
            }
            Err(OpenError::NoKey { .. }) => space.cursors.keep_unopened(sealed),
            Err(error) => self.fault(Some(id), kind_of(error)),
        }
    }

    fn take_typing(&mut self, id: SpaceId, sealed: &[u8], tick: At) {
        let now = self.clock.told();
        let Some(space) = self.spaces.get_mut(&id).filter(|space| space.is_open) else {
            return;
        };
        match Typing::open(&mut space.keys, sealed) {
            Ok(typing) => {
                let counts = typing.user != space.me && space.confirmed.members.contains(typing.user);
                if counts && space.typists.take(typing.user, tick, now) {
                    self.screen.typing(id);
                }
            }
            Err(OpenError::NoKey { .. }) => {}
            Err(error) => self.fault(Some(id), kind_of(error)),
        }
    }

    /// Tells the others that this person is writing.
    pub(super) fn tell_typing(&mut self, id: SpaceId, tick: At, rng: &mut impl CryptoRng) {
        let is_live = self.link.is_live();
        let Some(space) = self
            .spaces
            .get_mut(&id)
            .filter(|space| is_live && space.subscription.is_live())
        else {
            return;
        };
        if !space.typists.may_tell(tick) {
            return;
        }
        let typing = Typing {
            user: self.setup.user,
            at: self.clock.told(),
        };
        if let Ok(sealed) = typing.seal(&mut space.keys, self.setup.device, rng) {
            self.send(&ToEdge::Typing { space: id, sealed });
        }
    }

    /// Tells what this person has received and read, where that is due.
    pub(super) fn send_cursors(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let mut frames = Vec::new();
        for (id, space) in &mut self.spaces {
            if !space.subscription.is_live() {
                continue;
            }
            let Some(cursor) = space.cursors.take_due(tick) else {
                continue;
            };
            if let Ok(sealed) = cursor.seal(&mut space.keys, self.setup.device, rng) {
                frames.push(ToEdge::Seen { space: *id, sealed });
            }
        }
        for frame in &frames {
            self.send(frame);
        }
    }

    /// No longer shows those as writing who stopped.
    pub(super) fn expire_typists(&mut self, tick: At) {
        for (id, space) in &mut self.spaces {
            if space.typists.expire(tick) {
                self.screen.typing(*id);
            }
        }
    }

    /// Gives up a connection by which entries that the record has do not come, though the edge says that it has sent all. The
    /// edge is accused only if it was heard of long after: otherwise nothing at all came, and the connection is dead. But on
    /// each connection it said anew that it has sent all, so that so many deaths in a row are no accident.
    pub(super) fn advance_inboxes(&mut self, tick: At, rng: &mut impl CryptoRng) {
        let mut withheld = Vec::new();
        let heard = self.link.heard();
        for (id, space) in &mut self.spaces {
            if let Some(target) = &mut space.inbox.target
                && space.subscription.is_live()
                && target.since.plus(WITHHELD_AFTER) <= tick
            {
                let is_alive = heard.is_some_and(|heard| target.since.plus(ON_ITS_WAY) <= heard);
                target.since = tick;
                target.silences = target.silences.saturating_add(1);
                let is_to_blame = is_alive || target.silences >= SILENCES;
                withheld.push((*id, target.head.seq, is_to_blame));
            }
        }
        if withheld.is_empty() {
            return;
        }
        for (id, seq, _) in withheld.into_iter().filter(|(.., is_to_blame)| *is_to_blame) {
            self.fault(Some(id), FaultKind::Withheld(seq));
        }
        self.hang_up(tick, None, rng);
    }
}

/// Entries that the record has are on their way for this long at most.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// So many connections do not die by accident, one after the other, each between the word that all was sent and the entries.
const SILENCES: u8 = 3;

fn kind_of(error: OpenError) -> FaultKind {
    match error {
        OpenError::Relabelled => FaultKind::Relabelled,
        OpenError::BadSignature
        | OpenError::Forged
        | OpenError::Malformed
        | OpenError::NoKey { .. }
        | OpenError::TooLarge => FaultKind::Forged,
    }
}
