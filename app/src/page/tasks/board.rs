//! A coordinator's board of a team: jobs that nobody has taken on and for how long, what each person has to do, and giving a job by
//! one tap to whoever is chosen.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, UserId};
use baton_core::op::task::Assignee;

use super::team::{is_team, team_choice};
use super::{Desk, rows};
use crate::app::baton;
use crate::command::work::Deed;
use crate::page::new::PaneHead;
use crate::part::derived::{Memo, RwSignal, memo};
use crate::part::person::PersonLine;
use crate::part::plain::{PRIMARY, block, button, follows, heading, maybe, none, told, words};
use crate::part::rows::{rows_of_ids, steady};
use crate::route::Route;
use crate::store::work::TaskKey;
use crate::store::work::board::LoadLine;
use crate::web;

/// The page.
#[component]
pub fn BoardPage() -> impl IntoView {
    let baton = baton();
    let desk = Desk::start();
    let chosen = RwSignal::new(None::<UserId>);
    let (here, choice) = team_choice("board-team", "Team", is_team, move || chosen.set(None));
    let board = memo(move || {
        here.get()
            .map(|space| baton.command.board(space))
            .unwrap_or_default()
    });
    let most = RwSignal::new(rows::STEP);
    let who = memo(move || {
        let chosen = chosen.get()?;
        board.with(|board| {
            let load = board.loads.iter().find(|load| load.card.id == chosen)?;
            Some((chosen, load.card.name.clone()))
        })
    });
    let many = memo(move || board.with(|board| board.jobs.len()));
    let jobs = move || {
        board.with(|board| {
            board
                .jobs
                .iter()
                .take(most.get())
                .map(|key| *key.task.as_bytes())
                .collect()
        })
    };
    let job = move |id: [u8; 16]| {
        let space = here.get_untracked();
        let row = space.map(|space| {
            let task = OpId::from_bytes(id);
            job(TaskKey { space, task }, who, desk)
        });
        view! { <li>{maybe(row)}</li> }
    };
    let late = memo(move || board.with(|board| board.overdue.clone()));
    let late_many = memo(move || late.with(Vec::len));
    let late_ids = move || {
        late.with(|late| {
            late.iter()
                .take(most.get())
                .map(|key| *key.task.as_bytes())
                .collect()
        })
    };
    let loads = memo(move || board.with(|board| board.loads.clone()));
    view! {
        <section class="baton-pane" aria-labelledby="pane-title">
            <PaneHead title="Board" back=Route::Tasks />
            <div class="baton-pane__inside baton-work baton-board" on:scroll=move |event| rows::go_on(&event, most)>
                {choice}
                {desk.notes()}
                <div class="baton-board__parts">
                    <section class="baton-work__part" aria-label="People">
                        {heading("People, who has least to do first")}
                        {words("baton-hint", "Choose somebody, then give jobs to them.")}
                        {follows(|| told("baton-hint", "status", rows::as_of()))}
                        {people(loads, chosen)}
                    </section>
                    <section class="baton-work__part" aria-label="Jobs">
                        {follows(move || heading(format!("Not accepted yet: {}", many.get())))}
                        {follows(move || if many.get() == 0 { told("baton-hint", "status", "Everything is taken on.") } else { none() })}
                        <ul class="baton-tasks" aria-label="Jobs that nobody has accepted">{rows_of_ids(jobs, job)}</ul>
                        {rows::more(many, most)}
                        {follows(move || match late_many.get() { 0 => none(), many => heading(format!("Overdue, and taken on: {many}")) })}
                        <ul class="baton-tasks" aria-label="Overdue jobs that somebody has taken on">{rows_of_ids(late_ids, job)}</ul>
                        {rows::more(late_many, most)}
                    </section>
                </div>
            </div>
        </section>
    }
}

fn people(loads: Memo<Vec<LoadLine>>, chosen: RwSignal<Option<UserId>>) -> AnyView {
    let person = move |load: LoadLine| {
        let id = load.card.id;
        let is_on = move || chosen.get() == Some(id);
        let holds = load.holds.join(", ");
        view! {
            <button
                type="button"
                class="baton-find__person"
                class:baton-board__chosen=is_on
                aria-pressed=move || is_on().to_string()
                on:click=move |_| chosen.set(Some(id))
            >
                <span class="baton-pick__words">
                    <PersonLine card=load.card />
                    {(!holds.is_empty()).then(|| words("baton-hint", format!("Holds {holds}")))}
                </span>
                <span class="baton-board__load">{load.words}</span>
            </button>
        }
    };
    let id = |load: &LoadLine| *load.card.id.as_bytes();
    steady(
        "baton-find__results",
        "People and what they have to do",
        loads,
        id,
        person,
    )
}

/// A job, since when it waits, and the one tap that gives it away.
fn job(key: TaskKey, who: Memo<Option<(UserId, String)>>, desk: Desk) -> AnyView {
    let baton = baton();
    let line = memo(move || baton.command.task_line(key));
    follows(move || {
        let Some(line) = line.get() else { return none() };
        let (hand, title) = (line.hand, line.title.clone());
        let waits = line
            .waits
            .clone()
            .map(|waits| words("baton-task__due", format!("Waits for {waits}")));
        // Drawn with the rest, not apart from it: it stays the same button while the time that the job waits is told anew.
        let give = who.get().map(|(user, name)| {
            let (says, about) = (format!("Give to {name}"), title.clone());
            let done = format!("{title}: given to {name}");
            button(PRIMARY, says, about, move || {
                if desk.took(
                    baton
                        .command
                        .do_task(key, Deed::Give(Assignee::Person(user), hand)),
                ) {
                    desk.say(done.clone(), Some(key), false);
                    web::focus("pane-title");
                }
            })
        });
        block(
            "baton-task baton-board__job",
            vec![rows::said(line), maybe(waits), maybe(give)],
        )
    })
}
