//! A handover in words, as it was: for the screen and for paper.

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::handover::{Priority, Satisfaction, Side};
use baton_core::state::SpaceState;
use baton_core::state::handover::document::{Document, Page, PatientPart};
use baton_core::state::handover::{Along, Answer, Decision, Handover, Question, SignOff, Went};
use baton_core::sync::Space;
use baton_core::time::At;

use super::given::{self, HandoverKey};
use super::team;
use crate::store::Viewer;
use crate::store::lists::describe::version;
use crate::store::lists::row::Version;
use crate::store::patients::Chip;
use crate::store::work::line::{by, sent_about, title_of};
use crate::store::work::{name, role, title};

/// A handover.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is shown on its own")]
pub struct Paper {
    /// Which.
    pub key: HandoverKey,
    /// Who offered what to whom, where, when, and who was there: what it is, and the words.
    pub facts: Vec<(&'static str, String)>,
    /// What was said of the whole shift; empty when nothing was.
    pub note: String,
    /// How many were accepted, refused, wait; who signed off.
    pub status: String,
    /// Who has the patients who wait.
    pub stays: String,
    /// How many wait.
    pub waits: usize,
    /// Whether the reader offered it.
    pub is_mine: bool,
    /// Whether the reader may accept and refuse.
    pub may_receive: bool,
    /// Whether the reader may read back.
    pub may_read_back: bool,
    /// For which side the reader may sign off now.
    pub may_sign: Option<Side>,
    /// Whether somebody signed off for that side before.
    pub is_signed: bool,
    /// What became of tasks and roles that were to go along.
    pub along: Vec<String>,
    /// Its patients.
    pub parts: Vec<PartLine>,
    /// What was asked of the whole.
    pub questions: Vec<Asked>,
    /// Who signed off, and what they said of it.
    pub sign_offs: Vec<(String, String)>,
    /// Whether its texts are held on this device.
    pub has_texts: bool,
    /// Where what was done here about it is, while it is not in the record.
    pub sent: Option<&'static str>,
}

/// One patient of a handover.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is shown on its own")]
pub struct PartLine {
    /// Who.
    pub patient: PatientId,
    /// How they are shown.
    pub chip: Chip,
    /// What became of the offer.
    pub decision: String,
    /// Whether they wait.
    pub is_waiting: bool,
    /// Whether they were refused.
    pub is_refused: bool,
    /// Whether something changed after the offer.
    pub has_changed: bool,
    /// Whether who offered had written more, which did not arrive.
    pub is_missing: bool,
    /// What was offered.
    pub offered: Sheet,
    /// What stood there when they were accepted, where that was something else.
    pub accepted: Option<Sheet>,
    /// What was asked about them.
    pub questions: Vec<Asked>,
    /// What was read back: who and when, and the words.
    pub read_backs: Vec<(String, String)>,
}

/// A sheet as it was.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// How sick they were.
    pub priority: Option<Priority>,
    /// Who said so, when, and what was said before.
    pub rated: String,
    /// Each heading, whether it was a gap, and what stood below.
    pub sections: Vec<(String, bool, Vec<Version>)>,
}

/// A question and its answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub id: OpId,
    /// Who asked, when.
    pub by: String,
    /// What.
    pub text: String,
    /// Who answered, when, and what.
    pub answers: Vec<(String, String)>,
}

/// A handover on paper: whoever reads it, each is named, and each time has its date.
pub fn on_paper(space: &Space, id: OpId, past: Option<&Handover>, viewer: &Viewer) -> Option<Paper> {
    let anybody = Viewer {
        me: NOBODY,
        now: At::from_millis(0),
        ..viewer.clone()
    };
    let mut paper = paper(space, id, past, &anybody)?;
    // Ages are as of today.
    for part in &mut paper.parts {
        part.chip = Chip::of(part.patient, viewer);
    }
    Some(paper)
}

/// Who reads a paper is not known.
const NOBODY: UserId = UserId::from_bytes([0xff; 16]);

/// A handover; `None` when it is not held on this device. `past` is what the log has of it, where that was asked for.
pub fn paper(space: &Space, id: OpId, past: Option<&Handover>, viewer: &Viewer) -> Option<Paper> {
    let state = space.shown();
    let held = state.handovers.find(id);
    // What was said since is in what is held; the texts are in what was fetched.
    let filled = held
        .filter(|held| !held.has_document())
        .zip(past)
        .map(|(held, past)| {
            let mut filled = held.clone();
            filled.fill_from(past);
            filled
        });
    let handover = filled.as_ref().or(held).or(past)?;
    let document = Document::of(state, handover);
    let may_receive = handover.may_receive(viewer.me, &state.roles);
    let is_receiver = handover.is_receiver(viewer.me, &state.roles);
    let is_mine = handover.from() == viewer.me;
    let may_sign = if is_mine {
        Some(Side::Giving)
    } else {
        (is_receiver && !handover.is_waiting()).then_some(Side::Receiving)
    };
    let waits = handover
        .parts
        .iter()
        .filter(|part| part.decision.is_none())
        .count();
    let giver = name(handover.from(), viewer);
    Some(Paper {
        key: HandoverKey {
            space: space.id(),
            id,
        },
        facts: facts(space, &document, viewer),
        note: document.note.as_str().to_owned(),
        status: given::status(handover),
        stays: stays(waits, is_mine, &giver),
        waits,
        is_mine,
        may_receive,
        may_read_back: may_receive || is_receiver,
        may_sign,
        is_signed: document.sign_offs.iter().any(|it| Some(it.side) == may_sign),
        along: along(state, handover, viewer),
        parts: document.patients.iter().map(|it| part(it, viewer)).collect(),
        questions: asked(&document.questions, viewer),
        sign_offs: document.sign_offs.iter().map(|it| signed(it, viewer)).collect(),
        has_texts: document.has_texts,
        sent: sent_about(space, id, |body| matches!(body, Body::Handover(_))),
    })
}

fn stays(waits: usize, is_mine: bool, giver: &str) -> String {
    if waits == 0 {
        return String::new();
    }
    let whose = if is_mine {
        "your responsibility".to_owned()
    } else {
        format!("the responsibility of {giver}")
    };
    let stay = if waits == 1 { "stays" } else { "stay" };
    format!("{} {stay} {whose} until accepted.", given::patients(waits))
}

fn facts(space: &Space, document: &Document, viewer: &Viewer) -> Vec<(&'static str, String)> {
    let state = space.shown();
    let stamp = document.offered.stamp;
    let present = document.present.iter().map(|user| name(*user, viewer));
    let present: Vec<String> = present.collect();
    let to = team::to(document.to, state, viewer);
    let facts = [
        ("Team", title(space, viewer)),
        ("From", name(stamp.by, viewer)),
        ("To", to),
        ("Offered", crate::store::work::when(stamp.at, viewer)),
        ("Where", document.place.as_str().to_owned()),
        ("Present", present.join(", ")),
    ];
    facts.into_iter().filter(|(_, words)| !words.is_empty()).collect()
}

fn part(part: &PatientPart, viewer: &Viewer) -> PartLine {
    let decision = match &part.decision {
        None => "Not accepted yet".to_owned(),
        Some(Decision::Accepted(mark)) => {
            format!("Accepted by {}", by(mark.stamp.by, mark.stamp.at, viewer))
        }
        Some(Decision::Overtaken(mark)) => {
            let who = by(mark.stamp.by, mark.stamp.at, viewer);
            format!("Taken over, or their care ended, by {who}")
        }
        Some(Decision::Refused { by: mark, reason }) => {
            let who = by(mark.stamp.by, mark.stamp.at, viewer);
            format!("Refused by {who}: {}", reason.as_str())
        }
        Some(Decision::Withdrawn(mark)) => {
            format!("Withdrawn by {}", by(mark.stamp.by, mark.stamp.at, viewer))
        }
    };
    PartLine {
        patient: part.patient,
        chip: Chip::of(part.patient, viewer),
        decision,
        is_waiting: part.decision.is_none(),
        is_refused: matches!(part.decision, Some(Decision::Refused { .. })),
        has_changed: part.has_changed,
        is_missing: part.is_missing_notes,
        offered: sheet(&part.offered, viewer),
        accepted: part.accepted.as_ref().map(|page| sheet(page, viewer)),
        questions: asked(&part.questions, viewer),
        read_backs: part
            .read_backs
            .iter()
            .map(|read| {
                let who = by(read.by.stamp.by, read.by.stamp.at, viewer);
                (format!("Read back by {who}"), read.text.as_str().to_owned())
            })
            .collect(),
    }
}

fn sheet(page: &Page, viewer: &Viewer) -> Sheet {
    let sections = page.sections.iter().map(|section| {
        let versions = section.versions.iter().map(|it| version(it, viewer)).collect();
        (section.title.as_str().to_owned(), section.is_gap, versions)
    });
    Sheet {
        priority: page.priority.map(|rated| rated.priority),
        rated: team::rated(page.priority, page.priority_before, viewer),
        sections: sections.collect(),
    }
}

fn asked(questions: &[Question], viewer: &Viewer) -> Vec<Asked> {
    let answer = |answer: &Answer| {
        let who = by(answer.by.stamp.by, answer.by.stamp.at, viewer);
        (format!("Answered by {who}"), answer.text.as_str().to_owned())
    };
    let one = |question: &Question| {
        let stamp = question.asked.stamp;
        Asked {
            id: stamp.op,
            by: format!("Asked by {}", by(stamp.by, stamp.at, viewer)),
            text: question.text.as_str().to_owned(),
            answers: question.answers.iter().map(answer).collect(),
        }
    };
    questions.iter().map(one).collect()
}

fn signed(signed: &SignOff, viewer: &Viewer) -> (String, String) {
    let who = by(signed.by.stamp.by, signed.by.stamp.at, viewer);
    let side = match signed.side {
        Side::Giving => "Signed off for who offered",
        Side::Receiving => "Signed off for who received",
    };
    let how = signed.satisfaction.map_or("", satisfaction);
    let how = if how.is_empty() {
        String::new()
    } else {
        format!(". {how}")
    };
    (format!("{side}, by {who}{how}"), signed.text.as_str().to_owned())
}

/// How good somebody said that a handover was.
pub fn satisfaction(how: Satisfaction) -> &'static str {
    match how {
        Satisfaction::Satisfied => "As it should be",
        Satisfaction::Unsatisfied => "Not as it should be: late, incomplete or wrong",
        Satisfaction::Incident => "To be followed up as an incident",
    }
}

/// What became of tasks and roles that were to go along.
fn along(state: &SpaceState, handover: &Handover, viewer: &Viewer) -> Vec<String> {
    let became = |what: OpId| match handover.went(what) {
        Some(along) => went(along, state, viewer),
        None if handover.is_waiting() => "goes along when it is accepted".to_owned(),
        None => format!(
            "did not go along, and stays with {}",
            name(handover.from(), viewer)
        ),
    };
    let tasks = handover.tasks.iter().map(|id| {
        let task = state.tasks.find(*id);
        let title = task.map_or_else(|| "A task that was signed off".to_owned(), title_of);
        format!("Task “{title}”: {}", became(*id))
    });
    let roles = handover
        .roles
        .iter()
        .map(|id| format!("Role {}: {}", role::title(*id, state), became(*id)));
    roles.chain(tasks).collect()
}

fn went(along: &Along, state: &SpaceState, viewer: &Viewer) -> String {
    let who = |user| crate::store::event::name(user, viewer, false);
    match along.went {
        Went::Elsewhere(Some(user)) => format!("did not go along: {} had it by then", who(user)),
        Went::Elsewhere(None) => "did not go along: it was with nobody in particular by then".to_owned(),
        Went::Ended => "did not go along: it had ended".to_owned(),
        Went::Passed => format!("went along, to {}", who(along.by.stamp.by)),
        Went::WithRole(role) => format!("did not go along: it is of the role {}", role::title(role, state)),
    }
}
