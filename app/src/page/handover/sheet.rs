//! One patient's sheet in a team, and the way from one patient to the next: with the arrow keys, J and K, or the buttons.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{PatientId, SpaceId};
use baton_core::op::handover::{CareEnded, HandoverOp, Priority, PrioritySet, ResponsibilityTaken};
use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;

use super::history;
use super::note::note;
use super::row::facts;
use super::show::priority;
use crate::app::baton;
use crate::page::patient::top;
use crate::page::tasks::rows::{STEP, TaskList};
use crate::page::tasks::{Desk, refused};
use crate::part::banner::Watch;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::plain::{
    PRIMARY, QUIET, SECONDARY, block, button, confirm, follows, group, heading, link, maybe, none, toggle,
    words,
};
use crate::route::Route;
use crate::store::handover::sheet::{Full, Holder, PRIORITIES};
use crate::store::handover::team::priority_word;
use crate::store::work::{View, Whose};

/// What is asked before it is done.
#[derive(Clone, PartialEq, Eq)]
enum Asked {
    End,
    TakeOver(baton_core::id::UserId, String),
}

/// Where one is among the patients.
#[derive(Clone, Copy)]
struct Steps {
    space: SpaceId,
    before: Option<PatientId>,
    next: Option<PatientId>,
    place: usize,
    many: usize,
}

impl Steps {
    /// Goes on in the order in which one began, so that nobody is passed over when it changes meanwhile; who came since is at the end.
    fn of(space: SpaceId, patient: PatientId) -> Self {
        let baton = baton();
        let now = untrack(|| baton.command.handover_order(space));
        let begun = baton.store.work.walk.get_untracked();
        let begun = begun.filter(|(of, order)| *of == space && order.contains(&patient));
        let mut order = begun.map(|(_, order)| order).unwrap_or_default();
        let new: Vec<PatientId> = now.into_iter().filter(|id| !order.contains(id)).collect();
        order.extend(new);
        if !order.contains(&patient) {
            order.push(patient);
        }
        let place = order.iter().position(|id| *id == patient).unwrap_or_default();
        let steps = Self {
            space,
            before: place.checked_sub(1).and_then(|before| order.get(before)).copied(),
            next: order.get(place + 1).copied(),
            place: place + 1,
            many: order.len(),
        };
        baton.store.work.walk.set(Some((space, order)));
        steps
    }

    fn on_key(self, event: &KeyboardEvent) {
        let target = event.target();
        let target = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_writing = target.is_some_and(|target| {
            let within = target.closest("textarea, input, select, dialog");
            within.is_ok_and(|within| within.is_some())
        });
        if is_writing || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let to = match event.key().as_str() {
            "ArrowRight" | "j" | "J" => self.next,
            "ArrowLeft" | "k" | "K" => self.before,
            _ => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            baton().router.go(Route::Sheet(self.space, to));
        }
    }

    fn draw(self) -> AnyView {
        let to = |says: &'static str, patient: Option<PatientId>| match patient {
            Some(patient) => link(SECONDARY, Route::Sheet(self.space, patient), says),
            None => none(),
        };
        let end = self
            .next
            .is_none()
            .then(|| link(SECONDARY, Route::Handover(Some(self.space)), "Back to all"));
        block(
            "baton-handover__steps",
            vec![
                to("Previous", self.before),
                words(
                    "baton-handover__place",
                    format!("{} of {}", self.place, self.many),
                ),
                to("Next", self.next),
                maybe(end),
            ],
        )
    }
}

/// The page.
#[component]
pub fn SheetPage(
    /// Which team.
    space: SpaceId,
    /// Who.
    patient: PatientId,
) -> impl IntoView {
    let baton = baton();
    let patients = &baton.store.patients;
    let stands = memo(move || patients.resolve(patient));
    let watch = Watch::start(move || stands.get());
    let is_known = memo(move || patients.find(stands.get()).is_some());
    let steps = Steps::of(space, patient);
    let desk = Desk::start();
    let full = memo(move || baton.command.sheet(space, patient));
    let said = memo(move || full.with(|full| full.clone().map(without_headings)));
    let headings = memo(move || full.with(|full| full.as_ref().map(|full| full.sections.clone())));
    let name = memo(move || {
        let face = full.with(|full| full.as_ref().and_then(|full| full.row.chip.face.clone()));
        face.map_or_else(|| "this patient".to_owned(), |face| face.name)
    });
    let asked = RwSignal::new(None::<Asked>);
    let notes = move || {
        let headings = headings.get().unwrap_or_default();
        let all = headings
            .into_iter()
            .map(|heading| note(space, patient, heading, name, desk));
        block("baton-note__all", all.collect())
    };
    let view = Signal::derive(move || View {
        whose: Whose::Patient(stands.get()),
        ..View::default()
    });
    let most = RwSignal::new(STEP);
    let back = Route::Handover(Some(space));
    view! {
        <section
            class="baton-pane baton-patient"
            aria-labelledby="pane-title"
            on:click:capture=move |event| watch.hold_back(&event)
            on:keydown=move |event| steps.on_key(&event)
        >
            {top(stands, is_known, watch, back, "Back to handover")}
            <div class="baton-patient__inside baton-work baton-handover">
                {steps.draw()}
                {desk.notes()}
                {refused()}
                {follows(move || match said.get() {
                    Some(full) => standing(&full, desk, asked),
                    None => words("baton-hint", "This team is not on this device, or you do not belong to it."),
                })}
                {heading("Handover sheet")}
                {follows(notes)}
                {heading("Tasks for this patient")}
                <TaskList view desk most />
                {follows(move || maybe(said.get().map(|full| history(full.handovers, "Handovers of this patient"))))}
                {link(QUIET, Route::Patient(patient), "Everything about this patient")}
                {steps.draw()}
            </div>
        </section>
        {follows(move || maybe(asked.get().map(|asked_now| ask(asked_now, full, desk, asked))))}
    }
}

/// What stands under the headings follows for itself.
fn without_headings(full: Full) -> Full {
    Full {
        sections: Vec::new(),
        ..full
    }
}

/// How it stands with a patient: how sick, who is responsible, what is missing, what changed, and what one may do.
fn standing(full: &Full, desk: Desk, asked: RwSignal<Option<Asked>>) -> AnyView {
    let (space, patient) = (full.row.space, full.row.patient);
    let now = full.row.priority;
    let choose = |rating: Priority| {
        let is_on = Signal::stored(now == Some(rating));
        toggle("baton-filters__button", priority_word(rating), is_on, move || {
            let set = PrioritySet {
                patient,
                priority: rating,
            };
            if now != Some(rating) {
                desk.took(baton().command.hand_over(space, HandoverOp::PrioritySet(set)));
            }
        })
    };
    let sick: Vec<AnyView> = PRIORITIES.into_iter().map(choose).collect();
    let sick = group("baton-filters", "How sick they are", sick);
    let mut inside = vec![
        block(
            "baton-work__line",
            vec![words("baton-role__title", full.team.clone()), priority(now), sick],
        ),
        words("baton-task__facts", full.row.rated.clone()),
    ];
    inside.extend(facts(&full.row, 0));
    let take = full.may_take.clone().map(|Holder(holder)| match holder {
        None => button(PRIMARY, "Take responsibility", "for this patient", move || {
            take_from(space, patient, None, desk);
        }),
        Some((from, whose)) => button(
            SECONDARY,
            "Take over",
            "responsibility for this patient",
            move || {
                asked.set(Some(Asked::TakeOver(from, whose.clone())));
            },
        ),
    });
    let end = full.may_end.then(|| {
        button(SECONDARY, "End the team’s care", "", move || {
            asked.set(Some(Asked::End));
        })
    });
    inside.push(block("baton-buttons", take.into_iter().chain(end).collect()));
    block("baton-work__part", inside)
}

fn take_from(space: SpaceId, patient: PatientId, from: Option<baton_core::id::UserId>, desk: Desk) {
    let taken = ResponsibilityTaken {
        patients: vec![patient],
        from,
    };
    let op = HandoverOp::ResponsibilityTaken(taken);
    if desk.took(baton().command.hand_over(space, op)) {
        desk.say("You are responsible for this patient.".to_owned(), None, false);
    }
}

fn ask(what: Asked, full: Memo<Option<Full>>, desk: Desk, asked: RwSignal<Option<Asked>>) -> AnyView {
    let close = Callback::new(move |()| asked.set(None));
    let Some(full) = full.get_untracked() else {
        return none();
    };
    let (space, patient) = (full.row.space, full.row.patient);
    let whom = full
        .row
        .chip
        .face
        .map_or_else(|| "this patient".to_owned(), |face| face.line);
    match what {
        Asked::TakeOver(from, whose) => {
            let says = format!(
                "{whose} is responsible now. Take over only when you have agreed, or when they cannot hand over."
            );
            let act = move || {
                take_from(space, patient, Some(from), desk);
                close.run(());
            };
            confirm(format!("Take over {whom}?"), says, "Take over", close, act)
        }
        Asked::End => {
            let view = View {
                whose: Whose::Patient(patient),
                ..View::default()
            };
            let tasks = match untrack(|| baton().command.task_keys(view)).len() {
                0 => String::new(),
                1 => " 1 task about them is still open, and stays open.".to_owned(),
                many => format!(" {many} tasks about them are still open, and stay open."),
            };
            let says = format!("Nobody in this team is responsible for them any more.{tasks}");
            let act = move || {
                let ended = CareEnded {
                    patients: vec![patient],
                };
                if desk.took(baton().command.hand_over(space, HandoverOp::CareEnded(ended))) {
                    desk.say("This team’s care of them has ended.".to_owned(), None, false);
                }
                close.run(());
            };
            confirm(
                format!("End the care of {whom}?"),
                says,
                "End the team’s care",
                close,
                act,
            )
        }
    }
}
