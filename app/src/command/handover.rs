//! What a person can do about handovers.

use baton_core::device_api::{HANDOVER_PATH, HandoverOf, HandoverOfAnswer};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::Body;
use baton_core::op::handover::{HandoverOp, NoteSet, Offered, Section, SectionId, TemplateSet, Unsent};
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::state::Handover;
use baton_core::state::handover::view;
use baton_core::sync::Space;
use baton_core::text::Basis;

use super::Command;
use crate::session::AskError;
use crate::store::Viewer;
use crate::store::handover::given::{self, Given, HandoverKey};
use crate::store::handover::offer::{self, Choice};
use crate::store::handover::paper::{self, Paper};
use crate::store::handover::sheet::{self, Full, Written};
use crate::store::handover::team::{self, Row, Team};

impl Command {
    /// Does something for a handover of a team.
    pub fn hand_over(self, space: SpaceId, op: HandoverOp) -> Result<OpId, Refusal> {
        self.act(space, Body::Handover(op))
    }

    /// Offers patients: with what is only on this device about them named.
    pub fn offer_patients(self, space: SpaceId, offered: Offered) -> Result<OpId, Refusal> {
        let unsent = self.unsent_notes(space, &offered.patients);
        let offered = Offered { unsent, ..offered };
        self.hand_over(space, HandoverOp::Offered(Box::new(offered)))
    }

    /// What the reader wrote about these and is only on this device. Follows changes.
    pub fn unsent_notes(self, space: SpaceId, patients: &[PatientId]) -> Vec<Unsent> {
        self.of_space(space, |state, viewer| view::unsent(state, patients, viewer.me))
            .unwrap_or_default()
    }

    /// Writes under a heading of a patient's sheet. `basis` is what the author had before them when they began.
    pub fn write_note(
        self,
        space: SpaceId,
        patient: PatientId,
        section: SectionId,
        text: &str,
        basis: Basis,
    ) -> Result<OpId, Refusal> {
        let set = NoteSet {
            patient,
            section,
            text: Personal::from(text.trim_end()),
            base: basis.base,
            after: basis.after,
        };
        self.hand_over(space, HandoverOp::NoteSet(set))
    }

    /// Sets a team's headings, on what its author had before them.
    pub fn set_headings(self, space: SpaceId, sections: Vec<Section>, basis: Basis) -> Result<OpId, Refusal> {
        let set = TemplateSet {
            sections,
            base: basis.base,
            after: basis.after,
        };
        self.hand_over(space, HandoverOp::TemplateSet(set))
    }

    /// A team's headings, and what to name in a change that begins now.
    pub fn headings(self, space: SpaceId) -> (Vec<Section>, Basis) {
        self.of_space(space, |state, _| {
            let template = &state.handovers.template;
            (template.sections().into_owned(), template.basis())
        })
        .unwrap_or_default()
    }

    /// All teams that hand over. Follows changes.
    pub fn handover_teams(self) -> Vec<Team> {
        self.work(team::teams).unwrap_or_default()
    }

    /// The patients of a team, sickest first. Follows changes.
    pub fn handover_order(self, space: SpaceId) -> Vec<PatientId> {
        self.of_space(space, |state, _| team::order(state))
            .unwrap_or_default()
    }

    /// A patient of a team in a row. Follows changes.
    pub fn handover_row(self, space: SpaceId, patient: PatientId) -> Option<Row> {
        self.work(|sync, viewer| Some(team::row(sync, sync.space(space)?, patient, viewer)))
            .flatten()
    }

    /// A patient's sheet in a team. Follows changes.
    pub fn sheet(self, space: SpaceId, patient: PatientId) -> Option<Full> {
        self.work(|sync, viewer| sheet::full(sync, space, patient, viewer))
            .flatten()
    }

    /// What stands under a heading of a sheet. Follows changes.
    pub fn note(self, space: SpaceId, patient: PatientId, section: &SectionId) -> Written {
        self.of_space(space, |state, viewer| {
            sheet::written(state, patient, section, viewer)
        })
        .unwrap_or_default()
    }

    /// What to name in an edit of a section that begins now.
    pub fn note_basis(self, space: SpaceId, patient: PatientId, section: &SectionId) -> Basis {
        self.of_space(space, |state, _| sheet::basis(state, patient, section))
            .unwrap_or_default()
    }

    /// The sheets of a patient over all teams. Follows changes.
    pub fn sheets_of(self, patient: PatientId) -> Vec<(SpaceId, PatientId)> {
        self.work(|sync, viewer| sheet::of_patient(sync, patient, viewer))
            .unwrap_or_default()
    }

    /// What was offered to the reader and waits. Follows changes.
    pub fn offered_to_me(self) -> Vec<Given> {
        self.work(given::offered).unwrap_or_default()
    }

    /// The handovers of a team, the newest first. Follows changes.
    pub fn handovers(self, space: SpaceId) -> Vec<Given> {
        self.work(|sync, viewer| Some(given::history(sync.space(space)?, None, viewer)))
            .flatten()
            .unwrap_or_default()
    }

    /// A handover as it was. Follows changes.
    pub fn handover(self, key: HandoverKey) -> Option<Paper> {
        self.paper(key, paper::paper)
    }

    /// A handover as it goes to paper. Follows changes.
    pub fn handover_on_paper(self, key: HandoverKey) -> Option<Paper> {
        self.paper(key, paper::on_paper)
    }

    fn paper(
        self,
        key: HandoverKey,
        paper: fn(&Space, OpId, Option<&Handover>, &Viewer) -> Option<Paper>,
    ) -> Option<Paper> {
        self.store.past.with(|past| {
            self.work(|sync, viewer| paper(sync.space(key.space)?, key.id, past.get(&key.id), viewer))
                .flatten()
        })
    }

    /// Has the record read a handover of long ago from its log. False when it has none such.
    pub async fn fetch_handover(self, key: HandoverKey) -> Result<bool, AskError> {
        let question = HandoverOf {
            space: key.space,
            handover: key.id,
        };
        let answer: HandoverOfAnswer = self.ask(HANDOVER_PATH, &question).await?;
        let found = answer.handover.is_some();
        if let Some(handover) = answer.handover {
            self.store.past.update(|past| _ = past.insert(key.id, handover));
        }
        Ok(found)
    }

    /// What may be offered in a team. Follows changes.
    pub fn offer_choice(self, space: SpaceId) -> Choice {
        self.of_space(space, offer::choice).unwrap_or_default()
    }
}
