//! A handover: for who receives it to accept, refuse and ask; for who gave it to answer and withdraw; for both to sign off; and for
//! all to read, exactly as it was.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::handover::{Accepted, HandoverOp, Which, Withdrawn};

use super::alike;
use super::row::line;
use super::show::{priority, said, tag, versions};
use super::talk::{Asked, dialogs, questions};
use super::{Alike, to_sheet};
use crate::app::baton;
use crate::page::new::pane;
use crate::page::tasks::{Desk, refused};
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::plain::{
    PRIMARY, QUIET, SECONDARY, block, button, error, follows, heading, link, list, maybe, none, terms, told,
    words,
};
use crate::part::rows::rows_of_ids;
use crate::route::Route;
use crate::store::handover::given::{HandoverKey, patients};
use crate::store::handover::paper::{Paper, PartLine, Sheet};
use crate::web;
use wasm_bindgen_futures::spawn_local;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Here {
    pub(super) key: HandoverKey,
    pub(super) asked: RwSignal<Option<Asked>>,
    pub(super) desk: Desk,
    paper: Memo<Option<Paper>>,
    alike: Alike,
}

impl Here {
    fn act(self, op: HandoverOp, says: String) {
        if self.desk.took(baton().command.hand_over(self.key.space, op)) {
            self.desk.say(says, None, false);
        }
    }

    fn accept(self, which: Which, says: String, focus: String) {
        let op = HandoverOp::Accepted(Accepted {
            handover: self.key.id,
            patients: which,
        });
        self.act(op, says);
        web::focus(focus);
    }
}

/// The page.
#[component]
pub fn HandedPage(
    /// The team.
    space: SpaceId,
    /// Which.
    id: OpId,
) -> impl IntoView {
    let baton = baton();
    let key = HandoverKey { space, id };
    let paper = memo(move || baton.command.handover(key));
    let ids = memo(move || {
        let of = |paper: &Paper| paper.parts.iter().map(|part| part.patient).collect::<Vec<_>>();
        paper.with(|paper| paper.as_ref().map(of).unwrap_or_default())
    });
    let here = Here {
        key,
        asked: RwSignal::new(None),
        desk: Desk::start(),
        paper,
        alike: alike(ids),
    };
    let whole = memo(move || paper.with(|paper| paper.clone().map(without_parts)));
    let all = move || ids.with(|ids| ids.iter().map(|id| *id.as_bytes()).collect());
    let draw = move |id: [u8; 16]| {
        let part = part(PatientId::from_bytes(id), here);
        view! { <li>{part}</li> }
    };
    let inside = vec![
        here.desk.notes(),
        refused(),
        follows(move || match whole.get() {
            Some(paper) => head(paper, here),
            None => fetch(
                here.key,
                "This handover is not on this device. It may be from long ago, or the record did not take it.",
            ),
        }),
        view! { <ul class="baton-tasks" aria-label="Patients of this handover">{rows_of_ids(all, draw)}</ul> },
        follows(move || maybe(whole.get().map(|paper| signed(&paper, here)))),
    ];
    let back = Some(Route::Handover(Some(space)));
    let page = pane("Handover of patients", back, "baton-handover", None, inside);
    (page, dialogs(here)).into_any()
}

fn without_parts(paper: Paper) -> Paper {
    Paper {
        parts: Vec::new(),
        ..paper
    }
}

/// Who offered what to whom, how it stands, and what one may do with all of it.
fn head(paper: Paper, here: Here) -> AnyView {
    let key = here.key;
    let waits = paper.waits;
    let mut acts = Vec::new();
    if waits > 0 && paper.may_receive {
        let accept = move || {
            let says = format!("Accepted: you are responsible for {}.", patients(waits));
            here.accept(Which::All, says, "pane-title".to_owned());
        };
        acts.push(button(
            PRIMARY,
            format!("Accept all {waits}"),
            "patients who wait",
            accept,
        ));
        acts.push(button(SECONDARY, "Refuse all", "patients who wait", move || {
            here.asked.set(Some(Asked::Refuse(None)));
        }));
    }
    if waits > 0 && paper.is_mine {
        acts.push(button(
            SECONDARY,
            "Withdraw",
            "what was not accepted",
            move || {
                let op = HandoverOp::Withdrawn(Withdrawn { handover: key.id });
                here.act(op, "Withdrawn. They are still yours.".to_owned());
                web::focus("pane-title");
            },
        ));
    }
    acts.push(button(SECONDARY, "Ask", "about the whole handover", move || {
        here.asked.set(Some(Asked::Ask(None)));
    }));
    let print = link(QUIET, Route::PrintHandover(key.space, key.id), "Print");
    block(
        "baton-work__part",
        vec![
            facts(&paper),
            told("baton-role__title", "status", paper.status.clone()),
            words("baton-task__due", paper.stays.clone()),
            maybe(paper.sent.map(|sent| words("baton-hint", sent))),
            no_texts(&paper),
            block("baton-buttons", acts),
            block("baton-work__line", vec![print]),
            questions(paper.questions, Some(here)),
        ],
    )
}

/// That the texts are no longer here.
pub fn no_texts(paper: &Paper) -> AnyView {
    if paper.has_texts {
        return none();
    }
    fetch(
        paper.key,
        "The texts of this handover are no longer on this device. The record keeps them.",
    )
}

/// What is not here, and the way to have the record read it from its log.
pub fn fetch(key: HandoverKey, says: &'static str) -> AnyView {
    let (wrong, is_busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let command = baton().command;
    let fetch = move || {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            let says = match command.fetch_handover(key).await {
                Ok(true) => None,
                Ok(false) => Some("The record has no such handover."),
                Err(_) => Some("The record cannot be reached now. Check the connection, then try again."),
            };
            is_busy.try_set(false);
            wrong.try_set(says.map(ToOwned::to_owned));
        });
    };
    let inside = vec![
        words("", says),
        error(wrong),
        follows(move || {
            told(
                "baton-hint",
                "status",
                if is_busy.get() { "Fetching it…" } else { "" },
            )
        }),
        button(SECONDARY, "Fetch it from the record", "", fetch),
    ];
    block("baton-handover__alone", inside)
}

/// Who, when, where, what goes along, and the note.
pub fn facts(paper: &Paper) -> AnyView {
    let fact = |(label, said): &(&'static str, String)| ((*label).to_owned(), said.clone().into_any());
    let all = paper.facts.iter().map(fact).collect();
    let note = (!paper.note.is_empty()).then(|| {
        block(
            "baton-task__said",
            vec![
                words("baton-hint", "Note"),
                words("baton-task__text", paper.note.clone()),
            ],
        )
    });
    let along = (!paper.along.is_empty()).then(|| {
        let all = paper.along.iter().map(|said| words("", said.clone())).collect();
        block(
            "",
            vec![
                words("baton-hint", "Along with the patients"),
                list("baton-work__titles", "Along with the patients", all),
            ],
        )
    });
    let all = terms("baton-handover__facts", all);
    block("baton-work__part", vec![all, maybe(note), maybe(along)])
}

fn part(patient: PatientId, here: Here) -> AnyView {
    let part = memo(move || {
        let of = |paper: &Paper| paper.parts.iter().find(|part| part.patient == patient).cloned();
        here.paper.with(|paper| paper.as_ref().and_then(of))
    });
    let may = memo(move || {
        let may = |paper: &Paper| (paper.may_receive, paper.may_read_back);
        here.paper
            .with(|paper| paper.as_ref().map(may).unwrap_or_default())
    });
    follows(move || maybe(part.get().map(|part| of_patient(&part, may.get(), here))))
}

fn of_patient(part: &PartLine, (may_receive, may_read_back): (bool, bool), here: Here) -> AnyView {
    let (patient, space) = (part.patient, here.key.space);
    let name = part
        .chip
        .face
        .as_ref()
        .map_or_else(|| "this patient".to_owned(), |face| face.name.clone());
    let id = format!("part-{patient}");
    let who = to_sheet(space, patient, line(part.chip.clone(), here.alike));
    let head = view! {
        <div class="baton-task__head" id=id.clone() tabindex="-1">{priority(part.offered.priority)} {who}</div>
    };
    let mut acts = Vec::new();
    if part.is_waiting && may_receive {
        let says = format!("Accepted: you are responsible for {name}.");
        acts.push(button(PRIMARY, "Accept", name.clone(), move || {
            here.accept(Which::Some(vec![patient]), says.clone(), id.clone());
        }));
        acts.push(button(SECONDARY, "Refuse", name.clone(), move || {
            here.asked.set(Some(Asked::Refuse(Some(patient))));
        }));
    }
    acts.push(button(QUIET, "Ask", format!("about {name}"), move || {
        here.asked.set(Some(Asked::Ask(Some(patient))));
    }));
    if may_read_back {
        acts.push(button(QUIET, "Read back", name, move || {
            here.asked.set(Some(Asked::ReadBack(patient)));
        }));
    }
    let mut inside = vec![head.into_any()];
    inside.extend(read(part, Some(here)));
    inside.push(block("baton-buttons", acts));
    block(
        "baton-task baton-task--row",
        vec![block("baton-task__words", inside)],
    )
}

/// What was handed over of a patient, and what became of it. On paper there is nothing to press.
pub fn read(part: &PartLine, here: Option<Here>) -> Vec<AnyView> {
    let decision = if part.is_refused {
        "baton-handover__alone"
    } else {
        "baton-task__due"
    };
    let missing = part.is_missing.then(|| {
        let says =
            "Who offered had written more, which the record did not take. It is missing here: ask them.";
        words("baton-handover__alone", says)
    });
    let changed = part.has_changed.then(|| {
        let says = if part.is_waiting {
            "Changed after the offer: open the sheet for what stands there now"
        } else {
            "Changed between the offer and the acceptance"
        };
        block("", vec![tag("yellow", says.to_owned())])
    });
    let accepted = part.accepted.as_ref();
    let title = accepted.map(|_| words("baton-role__title", "What stood there when it was accepted"));
    let read_backs = || block("", part.read_backs.iter().cloned().map(said).collect());
    // Each in its place, whether there is anything to say or not: what is pressed after them stays the same.
    vec![
        words(decision, part.decision.clone()),
        maybe(missing),
        maybe(changed),
        sheet(&part.offered),
        maybe(title),
        maybe(accepted.map(sheet)),
        questions(part.questions.clone(), here),
        maybe((!part.read_backs.is_empty()).then(read_backs)),
    ]
}

fn sheet(sheet: &Sheet) -> AnyView {
    let section = |(title, is_gap, all): &(String, bool, Vec<crate::store::lists::row::Version>)| {
        let text = if *is_gap {
            tag("orange", "Missing".to_owned())
        } else {
            versions(all)
        };
        (title.clone(), text)
    };
    let all = sheet.sections.iter().map(section).collect();
    let rated = words("baton-task__facts", sheet.rated.clone());
    block(
        "baton-work__part",
        vec![rated, terms("baton-handover__sections", all)],
    )
}

/// Who signed off.
pub fn sign_offs(paper: &Paper) -> AnyView {
    let all = paper.sign_offs.iter().cloned().map(said).collect();
    if paper.sign_offs.is_empty() {
        return words("baton-hint", "Nobody has signed off yet.");
    }
    list("", "Signed off", all)
}

fn signed(paper: &Paper, here: Here) -> AnyView {
    let sign = paper.may_sign.map(|side| {
        let says = if paper.is_signed {
            "Sign off again"
        } else {
            "Sign off"
        };
        button(SECONDARY, says, "", move || {
            here.asked.set(Some(Asked::Sign(side)));
        })
    });
    block(
        "baton-work__part",
        vec![heading("Signed off"), sign_offs(paper), maybe(sign)],
    )
}
