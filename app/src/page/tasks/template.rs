//! Templates of a team: tasks that belong together, such as the jobs of an admission. One is used for a patient; administrators
//! write them, a line for each task.

use std::sync::Arc;

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::message::Priority;
use baton_core::op::task::{Assignee, TemplateItem};
use baton_core::patient::Patient;
use baton_core::quick_add::{self, Due, QuickAdd};
use baton_core::text::Basis;

use super::Desk;
use super::team::{is_team, team_choice};
use crate::app::baton;
use crate::part::derived::{Memo, RwSignal, StoredValue, memo};
use crate::part::find_patients::FindPatients;
use crate::part::kept;
use crate::part::patient::PatientLine;
use crate::part::plain::{
    self, PRIMARY, QUIET, area, block, button, dialog, error, field, follows, form, heading, list, maybe,
    none, told,
};
use crate::store::handover::texts::TextKey;
use crate::store::patients::Face;

type Template = (OpId, String, Vec<TemplateItem>);

/// How far one has come.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    Choosing,
    /// A new one, or another in the place of this.
    Making(Option<OpId>),
    Using(OpId),
}

/// The dialog.
#[component]
pub fn Templates(
    /// Where it is said what was done.
    desk: Desk,
    /// About whom, where that is given.
    #[prop(optional_no_strip)]
    about: Option<PatientId>,
    /// What happens when it is closed.
    close: Callback<()>,
) -> impl IntoView {
    let baton = baton();
    let step = RwSignal::new(Step::Choosing);
    let (here, team) = team_choice("template-team", "Team", is_team, move || step.set(Step::Choosing));
    let templates = memo(move || {
        here.get()
            .map(|space| baton.command.templates(space))
            .unwrap_or_default()
    });
    let find = move |id: OpId| templates.with_untracked(|all| all.iter().find(|(it, ..)| *it == id).cloned());
    let inside = follows(move || {
        let Some(space) = here.get() else {
            return plain::words("", "You belong to no team yet.");
        };
        match step.get() {
            Step::Choosing => choosing(space, templates, step, desk),
            Step::Making(replaces) => making(space, replaces.and_then(find), step),
            Step::Using(id) => {
                find(id).map_or_else(none, |template| using(space, template, about, desk, close))
            }
        }
    });
    dialog("Templates", close, vec![team, inside])
}

fn choosing(space: SpaceId, templates: Memo<Vec<Template>>, step: RwSignal<Step>, desk: Desk) -> AnyView {
    let baton = baton();
    let is_admin = memo(move || {
        baton
            .command
            .roles()
            .iter()
            .any(|team| team.id == space && team.is_admin)
    });
    let all = follows(move || {
        let templates = templates.get();
        if templates.is_empty() {
            return told(
                "baton-hint",
                "status",
                "This team has no templates yet. Its administrators make them.",
            );
        }
        let line = |(id, name, items): Template| {
            let count = format!("{} tasks", items.len());
            let mut inside = vec![
                button(QUIET, format!("Use {name}"), "", move || {
                    step.set(Step::Using(id));
                }),
                plain::words("baton-hint", count),
            ];
            if is_admin.get() {
                let remove = move || {
                    desk.took(baton.command.remove_template(space, id));
                };
                inside.push(button(QUIET, "Change", name.clone(), move || {
                    step.set(Step::Making(Some(id)));
                }));
                inside.push(button(QUIET, "Remove", name, remove));
            }
            block("baton-work__line", inside)
        };
        list(
            "baton-work__titles",
            "Templates",
            templates.into_iter().map(line).collect(),
        )
    });
    let make = follows(move || {
        if !is_admin.get() {
            return none();
        }
        button(QUIET, "Make a template", "", move || step.set(Step::Making(None)))
    });
    block("baton-work__part", vec![all, make])
}

/// Which tasks are made about whom.
fn using(
    space: SpaceId,
    template: Template,
    about: Option<PatientId>,
    desk: Desk,
    close: Callback<()>,
) -> AnyView {
    let baton = baton();
    let (_, name, items) = template;
    let patient = RwSignal::new(about.and_then(|about| baton.store.patients.find_now(about)));
    let titles = items
        .iter()
        .map(|item| plain::words("", item.title.as_str()))
        .collect();
    let many = items.len();
    let items = StoredValue::new(items);
    let text = RwSignal::new(String::new());
    let chosen = move || {
        let Some(found) = patient.get() else {
            let choose = move |found: Arc<Patient>| patient.set(Some(found));
            return view! { <FindPatients label="For which patient?" verb="Choose" text id="template-patient" choose /> };
        };
        let face = Face::now(&found);
        let make = move || {
            let failed = items.with_value(|items| baton.command.use_template(space, items, &found));
            let made = format!("{} tasks made", many - failed.len());
            let failed = failed.into_iter();
            let failed = failed.map(|(title, refusal)| format!("Not made: {title}. {refusal}"));
            let says: Vec<String> = std::iter::once(made).chain(failed).collect();
            desk.say(says.join(". "), None, false);
            close.run(());
        };
        let who = view! { <PatientLine face /> };
        let mut inside = vec![who, button(PRIMARY, format!("Make {many} tasks"), "", make)];
        if about.is_none() {
            inside.push(button(QUIET, "Choose another patient", "", move || {
                patient.set(None);
            }));
        }
        block("baton-work__part", inside)
    };
    let titles = list("baton-work__titles", "Tasks of the template", titles);
    block("baton-work__part", vec![heading(name), titles, follows(chosen)])
}

/// A line for each task, as in adding one quickly; when it is due is said from when the template is used.
fn making(space: SpaceId, replaced: Option<Template>, step: RwSignal<Step>) -> AnyView {
    let baton = baton();
    let (replaces, name, typed, verb) = match replaced {
        None => (None, String::new(), String::new(), "Make the template"),
        Some((id, name, items)) => (
            Some(id),
            name,
            untrack(|| lines_of(&items, space)),
            "Save the template",
        ),
    };
    let draft = TextKey {
        at: replaces,
        ..TextKey::of_team(space, "task.template")
    };
    let is_begun = baton.store.texts.of_now(&draft).is_some();
    let (name, (lines, _)) = (
        RwSignal::new(name),
        kept::begun(draft.clone(), typed, Basis::default()),
    );
    let wrong = RwSignal::new(None::<String>);
    let make = move || {
        let typed = lines.get_untracked();
        let items: Result<Vec<TemplateItem>, String> = typed
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| untrack(|| item(line, space)))
            .collect();
        let made = items.and_then(|items| {
            let made = baton
                .command
                .set_template(space, replaces, &name.get_untracked(), items);
            made.map_err(|refusal| refusal.to_string())
        });
        match made {
            Ok(_) => {
                kept::no_longer(draft.clone());
                step.set(Step::Choosing);
            }
            Err(words) => wrong.set(Some(words)),
        }
    };
    let inside = vec![
        error(wrong),
        field("template-name", "What it is for", "For example Admission", name),
        plain::words(
            "baton-hint",
            "A line for each task, such as: bloods @fy1 +4h. Use + for when it is due, and ! for urgent.",
        ),
        area("template-lines", "Its tasks", lines),
        maybe(is_begun.then(|| plain::words("baton-hint", "As you left it. It is not saved yet."))),
    ];
    form("baton-make", inside, verb, make)
}

/// The lines from which a template's tasks are read again. Somebody who can be given nothing any more fits nobody: who changes the
/// template says who it is now.
fn lines_of(items: &[TemplateItem], space: SpaceId) -> String {
    let targets = baton().command.targets(space);
    let line = |item: &TemplateItem| {
        let mut line = item.title.as_str().to_owned();
        if item.to != Assignee::Team {
            let name = targets
                .iter()
                .find(|it| it.to == item.to)
                .map(|it| it.name.as_str());
            line.push_str(" @");
            line.push_str(&name.unwrap_or("nobody-here").replace(' ', "-"));
        }
        if let Some(minutes) = item.due_in {
            line.push_str(&quick_add::due_in(minutes));
        }
        if item.priority == Priority::Urgent {
            line.push_str(" !");
        }
        line
    };
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn item(line: &str, space: SpaceId) -> Result<TemplateItem, String> {
    let said = QuickAdd::parse(line);
    let wrong = |why: &str| Err(format!("“{}”: {why}", line.trim()));
    if said.patient.is_some() {
        return wrong("a template is about no patient. Take the # away.");
    }
    let due_in = match said.due {
        None => None,
        Some(Due::In(minutes)) => Some(minutes),
        Some(Due::Clock { .. }) => return wrong("say how long after it is used, such as +4h."),
    };
    let to = match &said.to {
        None => Assignee::Team,
        Some(typed) => {
            let all = baton().command.targets(space);
            let whole = all
                .iter()
                .filter(|it| quick_add::is_whole(&it.name, typed.as_str()));
            let fitting = all.iter().filter(|it| quick_add::fits(&it.name, typed.as_str()));
            let found: Vec<Assignee> = whole.map(|it| it.to).collect();
            let found = if found.is_empty() {
                fitting.map(|it| it.to).collect()
            } else {
                found
            };
            let [one] = found.as_slice() else {
                return wrong("what stands after @ fits nobody, or several.");
            };
            *one
        }
    };
    Ok(TemplateItem {
        title: said.title,
        priority: if said.is_urgent {
            Priority::Urgent
        } else {
            Priority::Routine
        },
        due_in,
        to,
    })
}
