//! Adding a task by one line, such as `#smith bloods 18:00 @fy1`. What was understood is shown before it is made. Who the patient is, is
//! always chosen by a person from three identifiers, also when only one fits: a first name or a bed that fits one patient may
//! be meant for another who is not on this device.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::date::LocalMoment;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::task::Assignee;
use baton_core::patient::Patient;
use baton_core::quick_add::{self, QuickAdd as Said};
use baton_core::secret::Personal;
use baton_core::time::At;

use super::team::team_choice;
use crate::app::baton;
use crate::clock;
use crate::command::work::NewTask;
use crate::part::derived::{Memo, RwSignal, effect, memo};
use crate::part::kept::kept;
use crate::part::patient::PatientLine;
use crate::part::plain::{
    self, area, block, chosen, dialog, error, field, folded, follows, form, list, none, told,
};
use crate::store::handover::texts::TextKey;
use crate::store::patients::Face;
use crate::store::work::TaskKey;
use crate::store::work::full::Target;
use crate::store::work::line::moment;
use crate::web;

mod whom;

use whom::WhichPatient;

/// What is typed and chosen so far.
#[derive(Clone, Copy)]
struct Draft {
    said: Memo<Said>,
    /// By when, as it was understood when that was typed: what is shown is what is made.
    due: Memo<Option<At>>,
    /// The patient whom the screen is about.
    given: Option<PatientId>,
    /// Who was chosen, for what was typed.
    patient: RwSignal<Option<(String, Arc<Patient>)>>,
    /// For whom it is, as it was chosen for what was typed.
    to: RwSignal<Option<(String, Assignee)>>,
    /// What is to be done, where that is written apart.
    title: Option<RwSignal<String>>,
    /// Where it is to be done, what else is to be known, and its steps, a line for each.
    more: [RwSignal<String>; 3],
}

/// The line.
#[component]
pub fn QuickAdd(
    /// What is typed.
    text: RwSignal<String>,
    /// In which space, where that is given.
    #[prop(optional_no_strip)]
    space: Option<SpaceId>,
    /// About whom, where that is given.
    #[prop(optional_no_strip)]
    about: Option<PatientId>,
    /// The message that it is made from.
    #[prop(optional_no_strip)]
    from: Option<OpId>,
    /// What is to be done, where it is written apart from the line.
    #[prop(optional_no_strip)]
    title: Option<RwSignal<String>>,
    /// What happens when it is made.
    made: Callback<(TaskKey, String)>,
) -> impl IntoView {
    let baton = baton();
    let said = memo(move || text.with(|text| Said::parse(text)));
    let typed = memo(move || said.with(|said| said.due));
    let draft = Draft {
        said,
        due: memo(move || typed.get().map(|due| due.at(clock::now()))),
        given: about,
        patient: RwSignal::new(None),
        to: RwSignal::new(None),
        title,
        // They belong to the line: kept where it is, and gone when it is.
        more: ["task.place", "task.details", "task.steps"].map(|what| match space {
            Some(_) => RwSignal::new(String::new()),
            None => kept(TextKey::of_team(NO_TEAM, what)),
        }),
    };
    effect(move || {
        if draft.title.is_none() && text.with(|text| text.trim().is_empty()) {
            for more in draft.more {
                more.set(String::new());
            }
        }
    });
    let wrong = RwSignal::new(None::<String>);
    let (last, team) = team_choice("quick-add-team", "In", |_| true, move || draft.to.set(None));
    let team = if space.is_some() { none() } else { team };
    let here = memo(move || space.or_else(|| last.get()));
    let make = move || {
        let Some(space) = here.get_untracked() else {
            return wrong.set(Some("There is no team here yet to make it in.".to_owned()));
        };
        let result = untrack(|| draft.plan(space, from)).and_then(|new| {
            let title = new.title.clone();
            if let Some((_, patient)) = draft.patient.get_untracked() {
                baton.command.choose_patient(&patient);
            }
            let made = baton.command.make_task(space, new);
            made.map(|task| (TaskKey { space, task }, title))
                .map_err(|refusal| refusal.to_string())
        });
        match result {
            Ok(done) => {
                wrong.set(None);
                text.set(String::new());
                draft.patient.set(None);
                draft.to.set(None);
                made.run(done);
            }
            Err(words) => wrong.set(Some(words)),
        }
    };
    let line = match title {
        Some(title) => vec![
            area("quick-add-title", "What is to be done", title),
            field(
                "quick-add",
                "For whom and by when (you can leave it empty)",
                "For example @fy1 18:00, and ! for urgent",
                text,
            ),
        ],
        None => vec![field(
            "quick-add",
            "Add a task",
            "For example #smith bloods 18:00 @fy1, and ! for urgent",
            text,
        )],
    };
    let is_begun = memo(move || {
        let is_about_more = draft.title.is_some() || draft.given.is_some();
        is_about_more || text.with(|text| !text.trim().is_empty())
    });
    let understood = follows(move || {
        let Some(space) = here.get().filter(|_| is_begun.get()) else {
            return none();
        };
        understood(draft, space)
    });
    let mut inside = line;
    let more = follows(move || if is_begun.get() { more(draft.more) } else { none() });
    inside.extend([team, understood, more, error(wrong)]);
    form("baton-quick", inside, "Make the task", make)
}

/// What need not be said of a task.
fn more([place, details, steps]: [RwSignal<String>; 3]) -> AnyView {
    let inside = vec![
        field("quick-place", "Place", "For example Bay 2, bed 4", place),
        area("quick-details", "Details", details),
        area("quick-steps", "Steps, a line for each", steps),
    ];
    folded("baton-quick__more", "Place, details and steps", block("", inside))
}

/// What a task that is added in a dialog begins with.
#[derive(Clone)]
pub struct Begun {
    /// In which space.
    pub space: SpaceId,
    /// About whom.
    pub about: Option<PatientId>,
    /// The message that it is made from, and what it says.
    pub from: Option<(OpId, String)>,
}

/// Stands for the team where the line says itself in which one it is made.
pub const NO_TEAM: SpaceId = SpaceId::from_bytes([0; 16]);

/// The line, in a dialog.
pub fn add_dialog(begun: Begun, close: Callback<()>) -> AnyView {
    let Begun { space, about, from } = begun;
    let made = Callback::new(move |_: (TaskKey, String)| close.run(()));
    let text = RwSignal::new(String::new());
    let (from, title) = from.unzip();
    let title = title.map(RwSignal::new);
    let space = Some(space);
    let add = view! { <QuickAdd text space about from title made /> };
    dialog("Make a task", close, vec![add])
}

impl Draft {
    /// Who was chosen for what is typed now.
    fn chosen(self) -> Option<Arc<Patient>> {
        let typed = self.said.with(|said| said.patient.clone())?;
        let chosen = self.patient.get()?;
        (chosen.0 == typed.as_str()).then_some(chosen.1)
    }

    /// For whom it is: who was chosen, or the only one whom it fits; several when one is to be chosen.
    fn targets(self, space: SpaceId) -> Vec<Target> {
        let typed = self.said.with(|said| said.to.clone());
        let all = baton().command.targets(space);
        let Some(typed) = typed else {
            return all.into_iter().take(1).collect();
        };
        let typed = typed.as_str();
        let fits = |target: &Target| target.to != Assignee::Team && quick_add::fits(&target.name, typed);
        let found: Vec<Target> = all.into_iter().filter(fits).collect();
        let chosen = self.to.get().filter(|(word, _)| word == typed).map(|(_, to)| to);
        let is_chosen = |target: &&Target| Some(target.to) == chosen;
        match found.iter().find(is_chosen).cloned() {
            Some(target) => vec![target],
            None => found,
        }
    }

    /// The task as it would be made, or what is missing.
    fn plan(self, space: SpaceId, from: Option<OpId>) -> Result<NewTask, String> {
        let said = self.said.get();
        if let Some(doubt) = said.doubts.first() {
            return Err(doubt.to_string());
        }
        let about = match (said.patient.is_some(), self.given) {
            (true, Some(_)) => return Err("This is about the patient above. Take the # away.".to_owned()),
            (true, None) => {
                let chosen = self.chosen().ok_or("Choose the patient first.")?;
                Some(chosen.id)
            }
            (false, given) => given,
        };
        let targets = self.targets(space);
        let [target] = targets.as_slice() else {
            return Err("Choose first for whom it is.".to_owned());
        };
        let title = match self.title {
            Some(_) if !said.title.as_str().is_empty() => {
                return Err("Write what is to be done in the field above it.".to_owned());
            }
            Some(title) => title.get().trim().to_owned(),
            None => said.title.as_str().to_owned(),
        };
        if title.is_empty() {
            return Err("Say what is to be done.".to_owned());
        }
        Ok(NewTask {
            title,
            about,
            is_urgent: said.is_urgent,
            due: self.due.get(),
            to: target.to,
            from,
            more: self.more.map(RwSignal::get),
        })
    }
}

/// What was understood, and what is to be chosen. Each part follows what it shows alone, so that nothing that somebody else does
/// closes a search.
fn understood(draft: Draft, space: SpaceId) -> AnyView {
    let typed = memo(move || draft.said.with(|said| said.patient.clone()));
    let facts = view! { <div role="status">{follows(move || facts(draft))}</div> };
    let inside = vec![
        follows(move || patient(draft, space, typed.get())),
        facts.into_any(),
        follows(move || for_whom(draft, space)),
    ];
    block("baton-quick__understood", inside)
}

fn facts(draft: Draft) -> AnyView {
    let said = draft.said.get();
    let mut facts = Vec::new();
    if draft.title.is_none() {
        let title = said.title.as_str();
        facts.push(if title.is_empty() {
            "What: say what is to be done".to_owned()
        } else {
            format!("What: {title}")
        });
    }
    let viewer = untrack(|| baton().store.viewer(clock::now(), clock::zone));
    let due = draft
        .due
        .get()
        .zip(viewer)
        .map(|(due, viewer)| moment(due, &viewer));
    facts.push(due.map_or_else(
        || "Due: when there is time".to_owned(),
        |due| format!("Due: {due}"),
    ));
    facts.extend(said.is_urgent.then(|| "Urgent".to_owned()));
    for (label, more) in ["Place", "Details", "Steps"].iter().zip(draft.more) {
        let more = more.get();
        facts.extend((!more.trim().is_empty()).then(|| format!("{label}: {}", more.trim())));
    }
    facts.extend(said.doubts.iter().map(ToString::to_string));
    let facts = facts
        .into_iter()
        .map(|fact| plain::words("baton-quick__fact", fact));
    block("", facts.collect())
}

fn patient(draft: Draft, space: SpaceId, typed: Option<Personal<String>>) -> AnyView {
    let shown = match (&typed, draft.given) {
        (None, None) => return plain::words("baton-quick__fact", "About no patient"),
        (None, Some(given)) => baton().store.patients.find(given),
        (Some(_), _) => draft.chosen(),
    };
    match (shown, typed) {
        (Some(patient), _) => view! { <PatientLine face=Face::now(&patient) /> },
        (None, None) => plain::words("baton-hint", crate::store::patients::face::ON_THEIR_WAY),
        (None, Some(typed)) => {
            let typed = typed.as_str().to_owned();
            let of = typed.clone();
            let choose = Callback::new(move |patient: Arc<Patient>| {
                draft.patient.set(Some((of.clone(), patient)));
                focus_line();
            });
            view! { <WhichPatient typed space choose /> }
        }
    }
}

fn for_whom(draft: Draft, space: SpaceId) -> AnyView {
    let targets = draft.targets(space);
    match targets.as_slice() {
        [] => told(
            "baton-error",
            "alert",
            "Nobody here and no role fits what stands after @.",
        ),
        [target] => {
            let line = format!("For: {} ({})", target.name, target.says);
            let class = if target.warns {
                "baton-warning"
            } else {
                "baton-quick__fact"
            };
            told(class, "status", line)
        }
        several => {
            let typed = draft
                .said
                .with(|said| said.to.as_ref().map(|to| to.as_str().to_owned()));
            let typed = typed.unwrap_or_default();
            let choice = |target: &Target| {
                let (to, typed) = (target.to, typed.clone());
                target_button(target, "For", move || {
                    draft.to.set(Some((typed.clone(), to)));
                    focus_line();
                })
            };
            let choices = several.iter().map(choice).collect();
            let several = list("baton-find__results", "For whom", choices);
            block("", vec![plain::words("baton-find__label", "For whom?"), several])
        }
    }
}

/// A person, a role or all, as one to be chosen.
pub(super) fn target_button(
    target: &Target,
    verb: &'static str,
    press: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    let (name, says) = (target.name.clone(), target.says.clone());
    let class = if target.warns {
        "baton-task__overdue"
    } else {
        "baton-hint"
    };
    let inside = view! {
        <span class="nhsuk-u-visually-hidden">{verb} " "</span>
        <span class="baton-pick__words"><span class="baton-pick__title">{name} " "</span><span class=class>{says}</span></span>
    };
    chosen("baton-find__person", inside.into_any(), press)
}

/// The focus goes back to where one types.
fn focus_line() {
    web::focus("quick-add");
}

/// A patient found by what was typed, as of today.
fn now() -> LocalMoment {
    LocalMoment::in_uk(clock::now())
}
