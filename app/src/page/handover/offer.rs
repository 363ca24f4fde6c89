//! Offering patients: to whom, which, what goes along, where and with what note. It is said before that they stay with who offers
//! until somebody accepts, who covers a vacant role, and what is only on this device.

use crate::part::derived::Signal;
use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::handover::{Offered, To};
use baton_core::op::task::Assignee;
use baton_core::ordered::SortedSet;
use baton_core::secret::Personal;

use super::row::line;
use super::show::{gaps, priority};
use super::{Alike, alike};
use crate::app::baton;
use crate::page::new::pane;
use crate::page::tasks::give::targets;
use crate::page::tasks::{Desk, refused};
use crate::part::derived::{Memo, RwSignal, StoredValue, memo};
use crate::part::kept::{self, kept};
use crate::part::plain::{
    self, PRIMARY, QUIET, area, block, button, check, error, field, folded, follows, heading, maybe, none,
    told,
};
use crate::part::rows::steady;
use crate::route::Route;
use crate::store::connection::Mood;
use crate::store::handover::given::patients;
use crate::store::handover::offer::{Choice, unsent_words};
use crate::store::handover::texts::TextKey;
use crate::store::work::full::Target;
use crate::web;

/// Something that may be offered: the bytes of its id, and what it is called.
type Offer = ([u8; 16], String);

/// What one has chosen.
#[derive(Clone, Copy)]
struct Form {
    space: SpaceId,
    choice: Memo<Choice>,
    alike: Alike,
    /// What there was at first: what comes while this is open is not ticked by itself.
    at_first: StoredValue<Option<SortedSet<[u8; 16]>>>,
    /// Those that are not as they were at first: ticked, or not.
    flipped: RwSignal<SortedSet<[u8; 16]>>,
    to: RwSignal<Option<Target>>,
    place: RwSignal<String>,
    note: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
}

impl Form {
    fn is_on(self, id: [u8; 16], at_first: bool) -> bool {
        let was_there = |there: &Option<SortedSet<_>>| there.as_ref().is_none_or(|all| all.contains(&id));
        let at_first = at_first && self.at_first.with_value(was_there);
        self.flipped.with(|flipped| flipped.contains(&id)) != at_first
    }

    /// What of all that may be offered may be ticked, one below the other, or that there is nothing of it; what is ticked never
    /// becomes another.
    fn ticked(
        self,
        label: &'static str,
        without: &'static str,
        of: fn(&Choice) -> Vec<Offer>,
        at_first: bool,
        draw: fn(Self, Offer) -> AnyView,
    ) -> AnyView {
        let all = memo(move || self.choice.with(of));
        let nothing = follows(move || {
            let says = !without.is_empty() && all.with(Vec::is_empty);
            maybe(says.then(|| plain::words("baton-hint", without)))
        });
        let one = move |one: Offer| {
            let id = one.0;
            self.tick(draw(self, one), id, at_first)
        };
        let rows = steady("baton-tasks", label, all, |(id, _)| *id, one);
        (nothing, rows).into_any()
    }

    fn tick(self, inside: AnyView, id: [u8; 16], at_first: bool) -> AnyView {
        let is_on = Signal::derive(move || self.is_on(id, at_first));
        check(inside, is_on, move || {
            self.flipped.update(|flipped| {
                if !flipped.remove(&id) {
                    flipped.insert(id);
                }
            });
        })
    }

    /// Those who are ticked, sickest first.
    fn patients(self) -> Vec<PatientId> {
        self.choice.with(|choice| {
            let mine = choice.mine.iter().map(|id| (*id, true));
            let all = mine.chain(choice.nobodys.iter().map(|id| (*id, false)));
            let ticked = all.filter(|(id, at_first)| self.is_on(*id.as_bytes(), *at_first));
            ticked.map(|(id, _)| id).collect()
        })
    }

    fn ids(self, all: &[(OpId, String)]) -> Vec<OpId> {
        let ticked = all.iter().filter(|(id, _)| self.is_on(*id.as_bytes(), true));
        ticked.map(|(id, _)| *id).collect()
    }

    fn send(self) {
        let patients = self.patients();
        let Some(target) = self.to.get_untracked() else {
            return self.say("Choose to whom you hand over.");
        };
        if patients.is_empty() {
            return self.say("Choose at least one patient.");
        }
        let to = match target.to {
            Assignee::Person(user) => To::Person(user),
            Assignee::Role(role) => To::Role(role),
            Assignee::Team => return self.say("Choose a person or a role."),
        };
        let offered = self.choice.with_untracked(|choice| {
            let present = choice.members.iter().map(|(user, _)| *user);
            Offered {
                patients,
                list: None,
                to,
                tasks: self.ids(&choice.tasks),
                roles: self.ids(&choice.roles),
                place: text(self.place),
                note: text(self.note),
                present: present
                    .filter(|user| self.is_on(*user.as_bytes(), false))
                    .collect(),
                unsent: Vec::new(),
            }
        });
        match baton().command.offer_patients(self.space, offered) {
            Ok(id) => {
                self.place.set(String::new());
                self.note.set(String::new());
                for what in [PLACE, NOTE] {
                    kept::no_longer(TextKey::of_team(self.space, what));
                }
                baton().router.replace(Route::Handed(self.space, id));
            }
            Err(refusal) => self.wrong.set(Some(refusal.to_string())),
        }
    }

    fn say(self, words: &str) {
        self.wrong.set(Some(words.to_owned()));
    }
}

fn text(of: RwSignal<String>) -> Personal<String> {
    Personal::new(of.get_untracked().trim().to_owned())
}

/// No section is called so.
const NOTE: &str = "offer.note";
const PLACE: &str = "offer.place";

/// The page.
#[component]
pub fn OfferPage(
    /// In which team.
    space: SpaceId,
) -> impl IntoView {
    let baton = baton();
    let at_first = StoredValue::new(None);
    let choice = memo(move || {
        let choice = baton.command.offer_choice(space);
        let patients = choice.mine.iter().map(|id| *id.as_bytes());
        let others = choice
            .tasks
            .iter()
            .chain(&choice.roles)
            .map(|(id, _)| *id.as_bytes());
        let there: SortedSet<_> = patients.chain(others).collect();
        // Of what the team had before nothing is on its way any more.
        let line = &baton.store.connection;
        let has_come = line.with(|line| line.is_caught_up || line.mood != Mood::Live);
        at_first.update_value(|first| {
            if first.is_none() && has_come && !there.is_empty() {
                *first = Some(there);
            }
        });
        choice
    });
    let order = memo(move || baton.command.handover_order(space));
    let form = Form {
        space,
        choice,
        alike: alike(order),
        at_first,
        flipped: RwSignal::new(SortedSet::new()),
        to: RwSignal::new(None),
        place: kept(TextKey::of_team(space, PLACE)),
        note: kept(TextKey::of_team(space, NOTE)),
        wrong: RwSignal::new(None),
    };
    let desk = Desk::start();
    let inside = vec![
        desk.notes(),
        refused(),
        follows(move || whom(form)),
        send(form),
        chosen(form),
        along(form),
        heading("Where, and what is to be said of the whole shift"),
        block(
            "baton-make",
            vec![
                field(
                    "offer-place",
                    "Where you hand over (you can leave it empty)",
                    "",
                    form.place,
                ),
                area(
                    "offer-note",
                    "Note to the whole handover (you can leave it empty)",
                    form.note,
                ),
            ],
        ),
        present(form),
    ];
    pane(
        "Hand over",
        Some(Route::Handover(Some(space))),
        "baton-handover",
        None,
        inside,
    )
}

/// To whom.
fn whom(form: Form) -> AnyView {
    let title = heading("To whom");
    if let Some(target) = form.to.get() {
        let me = baton().store.me.with(|me| me.as_ref().map(|me| me.id));
        let is_mine = target.reaches.is_some() && target.reaches == me;
        let class = if target.warns || is_mine {
            "baton-warning"
        } else {
            "baton-role__title"
        };
        let mine = if is_mine {
            ". Nobody accepts from themselves: somebody else has to take this role first"
        } else {
            ""
        };
        let change = move || form.to.set(None);
        let inside = vec![
            title,
            plain::words(class, format!("{}: {}{mine}", target.name, target.says)),
            button(QUIET, "Choose somebody else", "", change),
        ];
        return block("baton-work__part", inside);
    }
    let choose = Callback::new(move |to: Assignee| {
        let all = untrack(|| baton().command.targets(form.space));
        let target = all.into_iter().find(|target| target.to == to);
        form.wrong.set(None);
        form.to.set(target);
        web::focus("offer-send");
    });
    let offers = |target: &Target| target.to != Assignee::Team && !target.is_me;
    let all = targets("Hand over to", form.space, offers, choose);
    block("baton-work__part", vec![title, all])
}

/// What is sent, with what is only on this device.
fn send(form: Form) -> AnyView {
    let chosen = memo(move || form.patients());
    let says = move || {
        let many = patients(chosen.with(Vec::len));
        let whom = form
            .to
            .with(|to| to.as_ref().map(|to| format!(" to {}", to.name)));
        format!("Offer {many}{}", whom.unwrap_or_default())
    };
    let unsent = move || {
        let unsent = chosen.with(|chosen| baton().command.unsent_notes(form.space, chosen));
        told("baton-handover__alone", "status", unsent_words(&unsent))
    };
    let unsaved = move || {
        let texts = &baton().store.texts;
        let each = |patient: &PatientId| texts.unsaved(form.space, *patient);
        let says = match chosen.with(|chosen| chosen.iter().map(each).sum::<usize>()) {
            0 => String::new(),
            1 => "1 text about these patients is not saved. It is not handed over until you save it."
                .to_owned(),
            many => format!(
                "{many} texts about these patients are not saved. They are not handed over until you save them."
            ),
        };
        told("baton-handover__alone", "status", says)
    };
    let send = move |_| form.send();
    let button = view! { <button type="button" id="offer-send" class=PRIMARY on:click=send>{says}</button> };
    block(
        "baton-work__part",
        vec![
            follows(unsaved),
            follows(unsent),
            error(form.wrong),
            button.into_any(),
            plain::words(
                "baton-hint",
                "They stay your responsibility until somebody accepts them.",
            ),
        ],
    )
}

const NOBODYS: &str = "Patients for whom nobody is responsible";

/// Which patients.
fn chosen(form: Form) -> AnyView {
    let waiting = memo(move || form.choice.with(|choice| choice.waiting));
    let waiting = follows(move || match waiting.get() {
        0 => none(),
        many => plain::words(
            "baton-hint",
            format!("{} of yours already offered.", patients(many)),
        ),
    });
    let has_nobodys = memo(move || form.choice.with(|choice| !choice.nobodys.is_empty()));
    let nobodys = follows(move || {
        let says = "To offer one of them is to take responsibility until somebody accepts.";
        let said = || block("", vec![heading(NOBODYS), plain::words("baton-hint", says)]);
        maybe(has_nobodys.get().then(said))
    });
    let without = "You are responsible for nobody here whom you have not offered.";
    let inside = vec![
        heading("Your patients"),
        waiting,
        form.ticked(
            "Your patients",
            without,
            |choice| of_patients(&choice.mine),
            true,
            row,
        ),
        nobodys,
        form.ticked(NOBODYS, "", |choice| of_patients(&choice.nobodys), false, row),
    ];
    block("baton-work__part", inside)
}

fn of_patients(all: &[PatientId]) -> Vec<Offer> {
    all.iter().map(|id| (*id.as_bytes(), String::new())).collect()
}

/// A patient who may be ticked.
fn row(form: Form, (id, _): Offer) -> AnyView {
    let row = baton()
        .command
        .handover_row(form.space, PatientId::from_bytes(id));
    maybe(row.map(|row| {
        let missing = gaps(&row.gaps);
        let who = vec![priority(row.priority), line(row.chip, form.alike)];
        block("baton-task__words", vec![block("baton-task__head", who), missing])
    }))
}

fn of_work(all: &[(OpId, String)]) -> Vec<Offer> {
    all.iter()
        .map(|(id, title)| (*id.as_bytes(), title.clone()))
        .collect()
}

fn title(_: Form, (_, title): Offer) -> AnyView {
    title.into_any()
}

/// What goes along.
fn along(form: Form) -> AnyView {
    let part = |label, without, of| form.ticked(label, without, of, true, title);
    let inside = vec![
        heading("Goes along with them"),
        part(
            "Roles that go along",
            "You hold no role in this team.",
            |choice| of_work(&choice.roles),
        ),
        part(
            "Tasks that go along",
            "You have no open tasks of your own in this team.",
            |choice| of_work(&choice.tasks),
        ),
    ];
    block("baton-work__part", inside)
}

/// Who is there.
fn present(form: Form) -> AnyView {
    let of = |choice: &Choice| {
        let all = choice.members.iter();
        all.map(|(user, name)| (*user.as_bytes(), name.clone())).collect()
    };
    let all = form.ticked("Who else is there", "", of, false, title);
    folded("baton-handover__past", "Who else is there", all)
}
