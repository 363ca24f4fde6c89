//! A patient's sheet in full: what stands under each heading, with what stood there at the last handover, and what may be done.

use baton_core::id::{PatientId, SpaceId, UserId};
use baton_core::op::handover::section::RESUSCITATION;
use baton_core::op::handover::{Priority, SectionId};
use baton_core::op::list::Field;
use baton_core::op::space::SpaceKind;
use baton_core::state::SpaceState;
use baton_core::state::handover::{Decision, Handover, Part, Sheet};
use baton_core::sync::{Space, Sync};
use baton_core::text::{Basis, TextField, TextVersion};

use super::given::{self, Given};
use super::team::{self, Row};
use crate::store::Viewer;
use crate::store::lists::describe::version;
use crate::store::lists::row::Version;
use crate::store::work::{name, open_spaces, title, when};

/// A sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Full {
    /// The team.
    pub team: String,
    /// What its row shows.
    pub row: Row,
    /// Its headings, in order.
    pub sections: Vec<Heading>,
    /// From whom the reader may take the responsibility; `None` when it is theirs.
    pub may_take: Option<Holder>,
    /// Whether the reader may say that the team does not look after them any more.
    pub may_end: bool,
    /// The handovers in which they were, the newest first.
    pub handovers: Vec<Given>,
}

/// Who is responsible: nobody, or somebody and what they are called.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder(pub Option<(UserId, String)>);

/// A heading of a sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Heading {
    /// Which.
    pub id: SectionId,
    /// What it says.
    pub title: String,
    /// Whether something is to stand below.
    pub is_expected: bool,
    /// Whether it left the team's template.
    pub is_left: bool,
}

/// What stands under a heading.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// What holds: nothing, a text, or several that wait to be settled.
    pub versions: Vec<Version>,
    /// Whether what holds is only on this device.
    pub is_here_only: bool,
    /// What stood there at the last handover; `None` when there was none, or its texts are no longer held.
    pub last: Option<Last>,
    /// What stands of the same thing on lists, and on which.
    pub elsewhere: Vec<String>,
}

/// What stood under a heading when a patient was last handed over.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Last {
    /// Who handed over, when.
    pub words: String,
    /// What stood there.
    pub versions: Vec<Version>,
    /// Whether it is what stands there now.
    pub is_same: bool,
}

impl Written {
    /// What holds, below each other where several do.
    pub fn text(&self) -> String {
        let texts = self.versions.iter().map(|version| version.text.as_str());
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Whether there is nothing to see.
    pub fn is_blank(&self) -> bool {
        self.versions.iter().all(|version| version.text.trim().is_empty())
    }
}

/// A patient's sheet in a team; `None` when one does not belong to it.
pub fn full(sync: &Sync, space: SpaceId, patient: PatientId, viewer: &Viewer) -> Option<Full> {
    let space = sync.space(space)?;
    let state = space.shown();
    let sheet = state.handovers.sheet(patient);
    let responsible = sheet.and_then(|sheet| sheet.responsible.as_ref());
    let is_mine = responsible.is_some_and(|known| known.user == viewer.me);
    let whose = responsible.map(|known| (known.user, name(known.user, viewer)));
    Some(Full {
        team: title(space, viewer),
        row: team::row(sync, space, patient, viewer),
        sections: headings(state, sheet),
        may_take: (!is_mine).then_some(Holder(whose)),
        may_end: is_mine && !state.lists.include(patient) && state.handovers.waiting(patient).is_none(),
        handovers: given::history(space, Some(patient), viewer),
    })
}

/// The headings of the template, and those that left it where something stands.
fn headings(state: &SpaceState, sheet: Option<&Sheet>) -> Vec<Heading> {
    let template = &state.handovers.template;
    let now = template
        .sections()
        .into_owned()
        .into_iter()
        .map(|section| Heading {
            id: section.id,
            title: section.title.as_str().to_owned(),
            is_expected: section.is_expected,
            is_left: false,
        });
    let left = template.left().iter().filter(|section| {
        let is_blank = |sheet: &Sheet| sheet.is_blank(&section.id);
        !sheet.is_none_or(is_blank)
    });
    let left = left.map(|section| Heading {
        id: section.id.clone(),
        title: section.title.as_str().to_owned(),
        is_expected: false,
        is_left: true,
    });
    now.chain(left).collect()
}

/// What stands under a heading, and what stood there at the last handover.
pub fn written(state: &SpaceState, patient: PatientId, section: &SectionId, viewer: &Viewer) -> Written {
    let field = state
        .handovers
        .sheet(patient)
        .and_then(|sheet| sheet.note(section));
    Written {
        elsewhere: on_lists(state, patient, section),
        last: last(state, patient).map(|(handover, texts)| {
            let before = texts(section);
            let by = name(handover.from(), viewer);
            let at = when(handover.offered.stamp.at, viewer);
            let ops = |all: &[TextVersion]| all.iter().map(|version| version.stamp.op).collect::<Vec<_>>();
            Last {
                words: format!("{by}, {at}"),
                is_same: ops(&before) == ops(field.map(TextField::current).unwrap_or_default()),
                versions: versions(&before, viewer),
            }
        }),
        ..standing(field, viewer)
    }
}

/// What stands in a text that several write.
pub(in crate::store) fn standing(field: Option<&TextField>, viewer: &Viewer) -> Written {
    let current = field.map(TextField::current).unwrap_or_default();
    Written {
        versions: versions(current, viewer),
        is_here_only: current.iter().any(|version| version.stamp.recorded.is_none()),
        ..Written::default()
    }
}

/// A resuscitation status has a place on lists too: what stands there is shown beside it, since it may be another.
fn on_lists(state: &SpaceState, patient: PatientId, section: &SectionId) -> Vec<String> {
    if section.as_str() != RESUSCITATION {
        return Vec::new();
    }
    let stands = state.patients.resolve(patient);
    let lists = state.lists.iter().filter(|(_, list)| list.archived.is_none());
    let said = lists.flat_map(|(_, list)| {
        let rows = list
            .rows()
            .filter(|row| state.patients.resolve(row.patient) == stands);
        let texts = rows.filter_map(|row| Some(all_of(row.field(Field::Resuscitation)?)));
        let texts = texts.filter(|text| !text.is_empty());
        let title = list.title.newest();
        texts
            .map(|text| format!("On the list {title}: {text}"))
            .collect::<Vec<_>>()
    });
    said.collect()
}

/// What a patient's handover sheet says of their resuscitation status; `None` when it says nothing.
pub(in crate::store) fn resuscitation_on_sheet(state: &SpaceState, patient: PatientId) -> Option<String> {
    let note = state
        .handovers
        .sheet(patient)?
        .note(&SectionId::new(RESUSCITATION))?;
    let text = all_of(note);
    (!text.is_empty()).then(|| format!("Handover sheet: {text}"))
}

/// What holds; all versions where several wait to be settled.
fn all_of(field: &TextField) -> String {
    let texts = field.current().iter().map(|version| version.text.as_str().trim());
    texts
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" / ")
}

fn versions(all: &[TextVersion], viewer: &Viewer) -> Vec<Version> {
    let written = all
        .iter()
        .filter(|it| all.len() > 1 || !it.text.as_str().is_empty());
    written.map(|it| version(it, viewer)).collect()
}

/// The newest handover in which a patient was accepted, and what stood on the sheet then.
fn last(
    state: &SpaceState,
    patient: PatientId,
) -> Option<(&Handover, impl Fn(&SectionId) -> Vec<TextVersion>)> {
    let is_accepted = |part: &&Part| matches!(part.decision, Some(Decision::Accepted(_)));
    let mut newest = state.handovers.iter().rev();
    let (handover, part) = newest.find_map(|handover| {
        let part = handover.part(patient).filter(is_accepted)?;
        Some((handover, part))
    })?;
    let frozen = part.accepted.as_ref().or(part.offered.as_ref())?;
    Some((handover, |section: &SectionId| frozen.text(section).to_vec()))
}

/// What to name in an edit of a section that begins now.
pub fn basis(state: &SpaceState, patient: PatientId, section: &SectionId) -> Basis {
    let sheet = state.handovers.sheet(patient);
    sheet.map(|sheet| sheet.basis(section)).unwrap_or_default()
}

/// The sheets of a patient, in each team that has one or has them on a list: under which id, and which team.
pub fn of_patient(sync: &Sync, patient: PatientId, viewer: &Viewer) -> Vec<(SpaceId, PatientId)> {
    let stands = viewer.patients.resolve_now(patient);
    let is_theirs = |other: PatientId| viewer.patients.resolve_now(other) == stands;
    let teams = open_spaces(sync).filter(|space| space.kind() == SpaceKind::Team);
    let of_team = |space: &Space| {
        let state = space.shown();
        let sheets = state.handovers.sheets().map(|sheet| sheet.patient);
        let mut ids: Vec<PatientId> = sheets.filter(|other| is_theirs(*other)).collect();
        if ids.is_empty() {
            ids.extend(team::order(state).into_iter().find(|other| is_theirs(*other)));
        }
        ids.into_iter().map(|id| (space.id(), id)).collect::<Vec<_>>()
    };
    teams.flat_map(of_team).collect()
}

/// The priorities that may be chosen, sickest first.
pub const PRIORITIES: [Priority; 3] = [Priority::Unstable, Priority::Watch, Priority::Stable];
