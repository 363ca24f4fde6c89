//! Handing patients over: each team's patients with who is responsible, what is missing and what changed; what is offered to me on
//! top; and the handovers that were.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{PatientId, SpaceId};
use baton_core::op::handover::{HandoverOp, ResponsibilityTaken};
use baton_core::ordered::SortedMap;

use crate::app::baton;
use crate::page::new::pane;
use crate::page::tasks::{Desk, refused, rows as tasks};
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::plain::{
    PRIMARY, QUIET, SECONDARY, block, button, confirm, folded, follows, group, heading, leads, link, list,
    maybe, none, toggle, told, words,
};
use crate::part::rows::rows_of_ids;
use crate::route::Route;
use crate::store::connection::Mood;
use crate::store::handover::given::{Given, patients};
use crate::store::handover::team::Team;
use crate::web;

mod handed;
mod headings;
pub mod note;
mod offer;
mod print;
pub mod row;
pub mod say;
mod sheet;
pub mod show;
mod talk;

pub use handed::HandedPage;
pub use offer::OfferPage;
pub use print::PrintHandoverPage;
pub use sheet::SheetPage;

use headings::headings;
use row::PatientRow;

/// Patients of one family name or nearly, and how alike they are.
pub type Alike = Memo<SortedMap<PatientId, &'static str>>;

/// What is asked beside the patients.
#[derive(Clone, PartialEq, Eq)]
enum Asked {
    Headings(SpaceId, bool),
    Take(SpaceId, Vec<PatientId>),
}

/// The page.
#[component]
pub fn HandoverPage(
    /// Which team, where one is named.
    space: Option<SpaceId>,
) -> impl IntoView {
    let baton = baton();
    let work = &baton.store.work;
    let desk = Desk::start();
    let asked = RwSignal::new(None::<Asked>);
    if space.is_some() {
        work.team.set(space);
    }
    // A new run-through begins with the order as it is then.
    work.walk.set(None);
    let teams = memo(move || baton.command.handover_teams());
    let here = memo(move || {
        let last = work.team.get();
        teams.with(|teams| {
            let known = teams.iter().find(|team| Some(team.id) == last);
            let known = known.or_else(|| teams.iter().find(|team| team.mine > 0));
            known.or(teams.first()).map(|team| team.id)
        })
    });
    let offered = memo(move || baton.command.offered_to_me());
    let most = RwSignal::new(tasks::STEP);
    let close = Callback::new(move |()| asked.set(None));
    let inside = vec![
        desk.notes(),
        refused(),
        follows(move || offers(offered.get())),
        follows(move || choose(&teams.get(), here)),
        follows(move || maybe(here.get().map(|space| team(space, teams, most, asked)))),
    ];
    let asked = follows(move || match asked.get() {
        Some(Asked::Headings(space, is_admin)) => headings(space, is_admin, desk, close),
        Some(Asked::Take(space, patients)) => take(space, patients, desk, close),
        None => none(),
    });
    (pane("Handover", None, "", Some(most), inside), asked).into_any()
}

/// What is offered to the reader.
fn offers(offered: Vec<Given>) -> AnyView {
    if offered.is_empty() {
        return none();
    }
    let line = |given: Given| block("baton-role baton-role--mine", vec![given_line(given)]);
    let all = offered.into_iter().map(line).collect();
    block(
        "baton-work__part",
        vec![
            heading("Offered to you"),
            list("baton-roles", "Offered to you", all),
        ],
    )
}

fn given_line(given: Given) -> AnyView {
    let to = Route::Handed(given.key.space, given.key.id);
    block(
        "",
        vec![
            link("baton-task__title", to, given.words),
            words("baton-task__facts", given.status),
        ],
    )
}

/// The teams, each with how many the reader still has to hand over.
fn choose(teams: &[Team], here: Memo<Option<SpaceId>>) -> AnyView {
    if teams.is_empty() {
        let is_live = baton().store.connection.with(|line| line.mood == Mood::Live);
        return words(
            "baton-hint",
            if is_live {
                "You belong to no team yet. Teams hand over patients."
            } else {
                "Your teams are not on this device yet. They come with the network."
            },
        );
    }
    let one = |team: &Team| {
        let id = team.id;
        let says = match team.mine {
            0 => team.title.clone(),
            mine => format!("{}: {mine} yours", team.title),
        };
        let is_on = Signal::derive(move || here.get() == Some(id));
        toggle("baton-filters__button", says, is_on, move || {
            baton().store.work.team.set(Some(id));
        })
    };
    let all: Vec<AnyView> = teams.iter().map(one).collect();
    group("baton-filters baton-filters--wrap", "Which team", all)
}

fn team(
    space: SpaceId,
    teams: Memo<Vec<Team>>,
    most: RwSignal<usize>,
    asked: RwSignal<Option<Asked>>,
) -> AnyView {
    let baton = baton();
    most.set(tasks::STEP);
    let order = memo(move || baton.command.handover_order(space));
    let alike = alike(order);
    let this = memo(move || teams.with(|teams| teams.iter().find(|team| team.id == space).cloned()));
    let many = memo(move || order.with(Vec::len));
    let ids = move || {
        let most = most.get();
        let ids = |all: &Vec<PatientId>| all.iter().take(most).map(|id| *id.as_bytes()).collect();
        order.with(ids)
    };
    let draw = move |id: [u8; 16]| {
        let patient = PatientId::from_bytes(id);
        view! { <li><PatientRow space patient alike /></li> }
    };
    let given = memo(move || baton.command.handovers(space));
    view! {
        {follows(move || maybe(this.get().map(|team| head(&team, order, asked))))}
        <ul class="baton-tasks" aria-label="Patients, sickest first">{rows_of_ids(ids, draw)}</ul>
        {tasks::more(many, most)}
        {follows(move || history(given.get(), "Handovers of this team"))}
    }
}

/// What a team has to hand over, and what one may do.
fn head(team: &Team, order: Memo<Vec<PatientId>>, asked: RwSignal<Option<Asked>>) -> AnyView {
    let (space, is_admin) = (team.id, team.is_admin);
    let all = order.get();
    let many = all.len();
    let mut said = match (many, team.mine, team.left) {
        (0, ..) => "Nobody is on the lists of this team, and nobody is responsible for anybody.".to_owned(),
        (_, 0, _) => format!(
            "{}, sickest first. You are responsible for none of them.",
            patients(many)
        ),
        (_, mine, 0) => format!(
            "{}, sickest first. You are responsible for {mine}, all offered.",
            patients(many)
        ),
        (_, mine, left) => format!(
            "{}, sickest first. You are responsible for {mine}: {left} not handed over yet.",
            patients(many)
        ),
    };
    if baton().store.connection.with(|line| line.mood != Mood::Live) {
        said.push_str(" Shown as this device has them.");
    }
    let alone = (team.nobodys > 0).then(|| {
        let who = match team.nobodys {
            1 => "For 1 of them nobody here is responsible.".to_owned(),
            many => format!("For {many} of them nobody here is responsible."),
        };
        words("baton-handover__alone", who)
    });
    let mut acts = vec![link(PRIMARY, Route::Offer(space), "Hand over")];
    if let Some(first) = all.first() {
        acts.push(link(
            SECONDARY,
            Route::Sheet(space, *first),
            "Go through the patients",
        ));
    }
    let mut tools = Vec::new();
    if team.nobodys > 0 {
        tools.push(button(
            QUIET,
            "Take responsibility for those whom nobody has",
            "",
            move || {
                let nobodys = baton().command.offer_choice(space).nobodys;
                asked.set(Some(Asked::Take(space, nobodys)));
            },
        ));
    }
    tools.push(button(QUIET, "Headings of the sheets", "", move || {
        asked.set(Some(Asked::Headings(space, is_admin)));
    }));
    block(
        "baton-work__part",
        vec![
            told("baton-hint", "status", said),
            maybe(alone),
            block("baton-buttons", acts),
            block("baton-work__line", tools),
        ],
    )
}

/// The handovers that were, the newest first.
pub fn history(given: Vec<Given>, label: &'static str) -> AnyView {
    if given.is_empty() {
        return none();
    }
    let all: Vec<AnyView> = given.into_iter().map(given_line).collect();
    let all = list("baton-handover__history", label, all);
    folded("baton-handover__past", label, all)
}

/// Whose names are like another's among these.
pub fn alike(order: Memo<Vec<PatientId>>) -> Alike {
    let patients = &baton().store.patients;
    memo(move || {
        patients.revision.track();
        patients.alike(&order.get())
    })
}

/// Taking those whom nobody has.
fn take(space: SpaceId, nobodys: Vec<PatientId>, desk: Desk, close: Callback<()>) -> AnyView {
    let many = patients(nobodys.len());
    let says = format!("You become responsible for {many} on the lists of this team for whom nobody is.");
    let act = move || {
        let op = ResponsibilityTaken {
            patients: nobodys.clone(),
            from: None,
        };
        let op = HandoverOp::ResponsibilityTaken(op);
        if desk.took(baton().command.hand_over(space, op)) {
            desk.say(format!("You are responsible for {many} more."), None, false);
        }
        close.run(());
        web::focus("pane-title");
    };
    confirm("Take responsibility?", says, "Take responsibility", close, act)
}

/// The row of a patient leads to their sheet.
pub fn to_sheet(space: SpaceId, patient: PatientId, inside: AnyView) -> AnyView {
    leads("baton-handover__who", Route::Sheet(space, patient), inside)
}
