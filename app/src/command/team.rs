//! What a person can do about a team, and about how they hear of a conversation.

use baton_core::chain::Seq;
use baton_core::device_api::{INVITE_PATH, Invite, InviteAnswer, InviteDeed, JOIN_PATH, Join, JoinAnswer};
use baton_core::id::{InvitationId, OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::space::{AnnouncementsOnly, NotePinned, NoteUnpinned, PurposeSet, SpaceKind, SpaceOp};
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::text::Basis;
use baton_core::time::At;

use super::Command;
use crate::clock;
use crate::session::AskError;
use crate::store::handover::sheet::Written;
use crate::store::handover::texts::TextKey;
use crate::store::lists::look::CellDraft;
use crate::store::people::Card;
use crate::store::team::{self, About};
use crate::store::work::when;

impl Command {
    /// Starts a team, and says what it is for. Where that cannot be said yet, it waits as a draft on the team's details.
    pub async fn start_team(
        self,
        title: String,
        purpose: String,
        others: Vec<UserId>,
        request: OpId,
    ) -> Result<SpaceId, AskError> {
        let space = self.start(SpaceKind::Team, title, others, request).await?;
        if purpose.is_empty() {
            return Ok(space);
        }
        let (texts, key) = (self.store.texts, TextKey::purpose(space));
        let draft = CellDraft {
            text: purpose.clone(),
            base: Seq::ZERO,
            after: Vec::new(),
        };
        texts.set(key.clone(), Some(draft));
        if self.begins(space).await && self.write_purpose(space, &purpose, Basis::default()).is_ok() {
            texts.set(key, None);
        }
        Ok(space)
    }

    /// Asks for the invitation of a team, or changes it.
    pub async fn invite(self, space: SpaceId, deed: InviteDeed) -> Result<InviteAnswer, AskError> {
        let question = Invite { space, deed };
        self.ask(INVITE_PATH, &question).await
    }

    /// Asks to join a team by its invitation; gives who made it.
    pub async fn join(self, invitation: InvitationId) -> Result<Card, AskError> {
        let question = Join { invitation };
        let answer: JoinAnswer = self.ask(JOIN_PATH, &question).await?;
        Ok(Card::from(&answer.by))
    }

    /// A moment, as the reader reads it.
    pub fn in_words(self, at: At) -> String {
        let viewer = self.store.viewer(clock::now(), clock::zone);
        viewer.map_or_else(String::new, |viewer| when(at, &viewer))
    }

    /// What a team says of itself; `None` where people are together in another way. Follows changes.
    pub fn about_team(self, space: SpaceId) -> Option<About> {
        self.work(|sync, viewer| team::about(sync, space, viewer))
            .flatten()
    }

    /// What a team is for. Follows changes.
    pub fn purpose(self, space: SpaceId) -> Written {
        self.of_space(space, team::purpose).unwrap_or_default()
    }

    /// What to name in a change of what a team is for that begins now.
    pub fn purpose_basis(self, space: SpaceId) -> Basis {
        self.of_space(space, |state, _| state.team.purpose.basis())
            .unwrap_or_default()
    }

    /// Writes what a team is for. `basis` is what the author had before them when they began.
    pub fn write_purpose(self, space: SpaceId, text: &str, basis: Basis) -> Result<OpId, Refusal> {
        let Basis { base, after } = basis;
        let text = Personal::from(text.trim_end());
        self.of_team(space, SpaceOp::PurposeSet(PurposeSet { text, base, after }))
    }

    /// Pins a note for everybody in a team.
    pub fn pin(self, space: SpaceId, text: &str) -> Result<OpId, Refusal> {
        let text = Personal::from(text);
        self.of_team(space, SpaceOp::NotePinned(NotePinned { text }))
    }

    /// Takes a pinned note down.
    pub fn take_down(self, space: SpaceId, note: OpId) -> Result<OpId, Refusal> {
        self.of_team(space, SpaceOp::NoteUnpinned(NoteUnpinned { note }))
    }

    /// Sets whether only administrators write.
    pub fn announcements_only(self, space: SpaceId, on: bool) -> Result<OpId, Refusal> {
        self.of_team(space, SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on }))
    }

    fn of_team(self, space: SpaceId, op: SpaceOp) -> Result<OpId, Refusal> {
        self.act(space, Body::Space(op))
    }

    /// Mutes a conversation for the reader alone, or no longer: what is urgent is told all the same.
    pub fn mute(self, space: SpaceId, is_muted: bool) {
        self.store.inbox.mute(space, is_muted);
        if let Some(live) = self.live() {
            live.keeper.soon();
        }
    }
}
