//! What is said at a handover: refusing with a reason, asking, answering, reading back, signing off.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId};
use baton_core::op::handover::{
    self, Answered, Closed, HandoverOp, ReadBack, Refused, Satisfaction, Side, Which,
};

use super::handed::Here;
use super::say::{Ask, say};
use super::show::said;
use crate::app::baton;
use crate::page::list::Choice;
use crate::part::derived::RwSignal;
use crate::part::kept::{self, kept};
use crate::part::plain::{QUIET, area, block, button, dialog, error, follows, form, list, none, words};
use crate::store::handover::paper::{self, satisfaction};
use crate::store::handover::texts::TextKey;
use crate::web;

/// What somebody is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The answer to a question.
    Answer(OpId),
    /// A question, about a patient or the whole.
    Ask(Option<PatientId>),
    /// What they understood of a patient.
    ReadBack(PatientId),
    /// Why they do not accept a patient, or all.
    Refuse(Option<PatientId>),
    /// How the handover was, for a side.
    Sign(Side),
}

/// Questions with their answers; with `here` one may answer.
pub fn questions(questions: Vec<paper::Asked>, here: Option<Here>) -> AnyView {
    if questions.is_empty() {
        return none();
    }
    let one = |asked: paper::Asked| {
        let id = asked.id;
        let about = asked.text.clone();
        let mut inside = vec![said((asked.by, asked.text))];
        inside.extend(asked.answers.into_iter().map(said));
        inside.extend(here.map(|here| {
            button(QUIET, "Answer", about, move || {
                here.asked.set(Some(Asked::Answer(id)));
            })
        }));
        block("baton-handover__question", inside)
    };
    list("", "Questions", questions.into_iter().map(one).collect())
}

/// The dialog that is open.
pub fn dialogs(here: Here) -> AnyView {
    follows(move || match here.asked.get() {
        None => none(),
        Some(Asked::Sign(side)) => sign(here, side),
        Some(asked) => say_it(here, asked),
    })
}

fn say_it(here: Here, asked: Asked) -> AnyView {
    let id = here.key.id;
    let key = |what: &str, patient: Option<PatientId>, at: OpId| TextKey {
        space: here.key.space,
        what: what.to_owned(),
        patient,
        at: Some(at),
    };
    let whom = |patient: Option<PatientId>| {
        let face = patient.and_then(|patient| baton().store.patients.find_now(patient));
        face.map_or_else(String::new, |face| baton_core::patient::three_identifiers(&face))
    };
    let ask = match asked {
        Asked::Answer(question) => Ask {
            title: "Answer".to_owned(),
            says: String::new(),
            label: "Your answer",
            verb: "Answer",
            key: key("answer", None, question),
            make: Box::new(move |text| HandoverOp::Answered(Answered { question, text })),
        },
        Asked::Ask(patient) => Ask {
            title: "Ask".to_owned(),
            says: patient.map_or_else(|| "About the whole handover".to_owned(), |it| whom(Some(it))),
            label: "Your question",
            verb: "Ask",
            key: key("ask", patient, id),
            make: Box::new(move |text| {
                HandoverOp::Asked(handover::Asked {
                    handover: id,
                    patient,
                    text,
                })
            }),
        },
        Asked::ReadBack(patient) => Ask {
            title: "Read back".to_owned(),
            says: whom(Some(patient)),
            label: "What you understood, in your words",
            verb: "Read back",
            key: key("read-back", Some(patient), id),
            make: Box::new(move |text| {
                HandoverOp::ReadBack(ReadBack {
                    handover: id,
                    patient,
                    text,
                })
            }),
        },
        Asked::Refuse(patient) => Ask {
            title: "Refuse".to_owned(),
            says: patient.map_or_else(|| "All patients who wait".to_owned(), |it| whom(Some(it))),
            label: "Why you do not accept. They stay with who offered.",
            verb: "Refuse",
            key: key("refuse", patient, id),
            make: Box::new(move |reason| {
                HandoverOp::Refused(Refused {
                    handover: id,
                    patients: patient.map_or(Which::All, |patient| Which::Some(vec![patient])),
                    reason,
                })
            }),
        },
        Asked::Sign(_) => return none(),
    };
    let close = Callback::new(move |()| here.asked.set(None));
    let done = Callback::new(|()| web::focus("pane-title"));
    say(here.key.space, ask, close, done)
}

const HOW: [Satisfaction; 3] = [
    Satisfaction::Satisfied,
    Satisfaction::Unsatisfied,
    Satisfaction::Incident,
];

/// Signing off.
fn sign(here: Here, side: Side) -> AnyView {
    let key = TextKey::of_team(here.key.space, "sign-off").at(here.key.id);
    let text = kept(key.clone());
    let (how, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let options = HOW.into_iter().enumerate();
    let options: Vec<(String, String)> = options
        .map(|(at, how)| (satisfaction(how).to_owned(), at.to_string()))
        .collect();
    let send = move || {
        let at = how.get_untracked().parse::<usize>().ok();
        let closed = Closed {
            handover: here.key.id,
            side,
            satisfaction: at.and_then(|at| HOW.get(at)).copied(),
            text: baton_core::secret::Personal::new(text.get_untracked().trim().to_owned()),
            present: Vec::new(),
        };
        match baton()
            .command
            .hand_over(here.key.space, HandoverOp::Closed(closed))
        {
            Ok(_) => {
                text.set(String::new());
                kept::no_longer(key.clone());
                here.asked.set(None);
                here.desk.say("Signed off.".to_owned(), None, false);
            }
            Err(refusal) => wrong.set(Some(refusal.to_string())),
        }
    };
    let value = Signal::derive(move || how.get());
    let choose = move |word: String| how.set(word);
    let choice = view! {
        <Choice
            id="sign-how"
            label="How the handover was"
            any="I do not say"
            options=Signal::stored(options)
            value
            choose
        />
    };
    let inside = vec![
        error(wrong),
        choice.into_any(),
        area(
            "handover-words",
            "What is to be said of it (you can leave it empty)",
            text,
        ),
        words(
            "baton-hint",
            "An incident is only marked here. Report it in your organisation’s incident system too.",
        ),
    ];
    let close = Callback::new(move |()| here.asked.set(None));
    dialog(
        "Sign off",
        close,
        vec![form("baton-make", inside, "Sign off", send)],
    )
}
