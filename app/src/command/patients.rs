//! What a person can do about patients.

use std::sync::Arc;

use baton_core::device_api::{
    CREATE_PATH, Create, FIND_PATIENTS_PATH, FindPatients, FoundPatients, LookUp, OPEN_PATIENT_PATH,
    OpenPatient, OpenedPatient, SpaceGrant,
};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::Body;
use baton_core::op::list::{ListOp, PatientAdded};
use baton_core::op::space::SpaceKind;
use baton_core::patient::Patient;
use baton_core::refusal::Refusal;
use baton_core::secret::Personal;
use baton_core::sync::Event;

use super::Command;
use crate::clock;
use crate::session::AskError;
use crate::store::patients::around::{self, Around, Target};
use crate::store::patients::timeline::{self, Part};
use crate::store::patients::{Face, Source, around::similar};

/// Patients whom the record found.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Who, best first.
    pub patients: Vec<Arc<Patient>>,
    /// True when more fit than are told.
    pub has_more: bool,
}

impl Command {
    /// Finds patients in the record's index.
    pub async fn find_patients(self, text: String) -> Result<Found, AskError> {
        let question = FindPatients {
            text: Personal::new(text),
        };
        let answer: FoundPatients = self.ask(FIND_PATIENTS_PATH, &question).await?;
        let patients: Vec<Arc<Patient>> = answer.patients.into_iter().map(Arc::new).collect();
        self.store.patients.note_found(&patients);
        Ok(Found {
            patients,
            has_more: answer.has_more,
        })
    }

    /// Asks the record for all that is known of a patient, and keeps it. The reason goes into the record's audit.
    pub async fn open_patient(self, patient: PatientId, why: LookUp) -> Result<OpenedPatient, AskError> {
        let question = OpenPatient {
            patient,
            why: why.clone(),
        };
        let answer: OpenedPatient = self.ask(OPEN_PATIENT_PATH, &question).await?;
        self.store.patients.note_reason(patient, why);
        self.keep_patient(Arc::new(answer.patient.clone()), true);
        Ok(answer)
    }

    /// Keeps a patient who was chosen, so that their name is here with no network too.
    pub fn choose_patient(self, patient: &Arc<Patient>) {
        let known = self.store.patients.known(patient.id);
        if known.as_ref().is_none_or(|known| known.source != Source::Space) {
            let is_whole = known.is_some_and(|known| known.is_whole);
            self.keep_patient(patient.clone(), is_whole);
        }
    }

    fn keep_patient(self, patient: Arc<Patient>, is_whole: bool) {
        let now = clock::now();
        self.store.patients.keep(patient, is_whole, now);
        if let Some(live) = self.live() {
            live.driver
                .look(|sync| self.store.refresh_all(sync, now, clock::zone));
            live.keeper.soon();
        }
    }

    /// Opens the conversation of the people around a patient: starts it, or joins it.
    pub async fn start_around(self, patient: PatientId, request: OpId) -> Result<SpaceId, AskError> {
        let live = self.live().ok_or(AskError::Unreachable)?;
        let question = Create {
            kind: SpaceKind::Patient,
            title: Personal::new(String::new()),
            members: Vec::new(),
            request,
            about: Some(patient),
        };
        let grant: SpaceGrant = self.ask(CREATE_PATH, &question).await?;
        let space = grant.space;
        live.driver.feed(Event::Granted(Box::new(grant)));
        Ok(space)
    }

    /// Adds a patient to a list. Who else there has a like name is to be shown first ([`Command::similar_patients`]).
    pub fn add_to_list(self, space: SpaceId, list: OpId, patient: PatientId) -> Result<OpId, Refusal> {
        self.act(
            space,
            Body::List(ListOp::PatientAdded(PatientAdded { list, patient })),
        )
    }

    /// What is around a patient. Follows changes.
    pub fn around_patient(self, patient: PatientId) -> Around {
        self.store.patients.revision.track();
        let ids = self.store.patients.family(patient);
        self.store
            .viewer(clock::now(), clock::zone)
            .and_then(|viewer| self.look(|sync| around::around(sync, &ids, &viewer)))
            .unwrap_or_default()
    }

    /// A space for which one may open a patient, if there is one.
    pub fn reason_to_open(self, patient: PatientId) -> Option<SpaceId> {
        let ids = self.store.patients.family(patient);
        self.look(|sync| around::reason(sync, &ids)).flatten()
    }

    /// Lists to which a patient may be added. Follows changes.
    pub fn list_targets(self, patient: PatientId) -> Vec<Target> {
        self.store.patients.revision.track();
        let ids = self.store.patients.family(patient);
        self.store
            .viewer(clock::now(), clock::zone)
            .and_then(|viewer| self.look(|sync| around::targets(sync, &ids, &viewer)))
            .unwrap_or_default()
    }

    /// The newest part of a patient's timeline. Follows changes.
    pub fn patient_timeline(self, patient: PatientId, most: usize) -> Part {
        self.store.patients.revision.track();
        let stands = self.store.patients.resolve(patient);
        let ids = self.store.patients.family(patient);
        let Some(viewer) = self.store.viewer(clock::now(), clock::zone) else {
            return Part::default();
        };
        self.look(|sync| {
            let around = around::around(sync, &ids, &viewer);
            let spaces: Vec<SpaceId> = around.holders.iter().map(|holder| holder.id).collect();
            timeline::part(sync, stands, &ids, &spaces, most, &viewer)
        })
        .unwrap_or_default()
    }

    /// Patients whom something was said about last in a space, the last first.
    pub fn patients_of(self, space: SpaceId, most: usize) -> Vec<PatientId> {
        self.look(|sync| {
            let mut last = Vec::new();
            for message in sync.space(space)?.shown().timeline.messages().rev() {
                let about = message.about.map(|about| self.store.patients.resolve_now(about));
                if let Some(about) = about.filter(|about| !last.contains(about)) {
                    last.push(about);
                }
                if last.len() >= most {
                    break;
                }
            }
            Some(last)
        })
        .flatten()
        .unwrap_or_default()
    }

    /// Has older messages come of some conversations.
    pub fn load_older_of(self, spaces: &[SpaceId]) {
        self.change(|sync| {
            for space in spaces {
                sync.load_older(*space);
            }
        });
    }

    /// Others whose names are like a patient's, on a list of a space or among those that the space speaks about.
    pub fn similar_patients(self, space: SpaceId, list: Option<OpId>, patient: &Patient) -> Vec<Face> {
        let ids = self.store.patients.family(patient.id);
        let Some(viewer) = self.store.viewer(clock::now(), clock::zone) else {
            return Vec::new();
        };
        self.look(|sync| {
            let space = sync.space(space)?;
            Some(similar(space, list, patient, &ids, &viewer))
        })
        .flatten()
        .unwrap_or_default()
    }
}
