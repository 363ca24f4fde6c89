//! What is done among the open tasks of a busy team, in Chromium.

use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::id::{PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::message::Priority;
use baton_core::op::task::{Assignee, Created, TaskOp};
use baton_core::secret::Personal;
use baton_core::sync::Sync;
use serde_json::json;
use xtask::app_build;
use xtask::progress::say;
use xtask::record_build::Profile;

use super::Figure;
use super::browser::{Acted, acting};
use super::chromium::Chromium;
use super::list::{PATIENTS, TEAM, cast, fill};
use crate::client::Client;
use crate::stage::{Cast, Stage, spaces_by_title};

/// Open tasks of the team.
const TASKS: usize = 2_000;

/// One of so many is the reader's own.
const MINE: usize = 10;

/// Who acts.
const READER: usize = 1;

/// Measures; each kind of tap is done twice this often.
pub async fn measure(times: u32) -> Result<Vec<Figure>> {
    let stage = Stage::open_serving("bench-tasks", Profile::Release, &cast(), app_build::dist()).await?;
    let clients = stage.sign_in([0, READER].into_iter()).await?;
    let [admin, reader] = clients.as_slice() else {
        anyhow::bail!("two sign in");
    };
    say("filling a list, and making tasks");
    let patients = fill(&stage, admin, TEAM, PATIENTS).await?;
    make(admin, reader.seat().device.user, &patients).await?;
    let mut chromium = Chromium::start(&stage).await?;
    say("acting among them");
    let question = json!({
        "do": "tasks", "subject": Cast::subject(READER), "tasks": TASKS, "times": times,
    });
    let acted: Acted = chromium.ask(&question).await?;
    Ok(vec![acting(
        format!(
            "acting with {PATIENTS} patients and {} open tasks, p95",
            acted.rows
        ),
        (&acted.taps, &acted.blank),
        &acted.slowest,
    )])
}

/// Makes the tasks: about each of the patients in turn, some urgent, some due, some the reader's.
async fn make(admin: &Client, reader: UserId, patients: &[PatientId]) -> Result<()> {
    let space = *admin
        .look(spaces_by_title)
        .await?
        .get(TEAM)
        .context("there is the team")?;
    for (number, about) in patients.iter().copied().cycle().take(TASKS).enumerate() {
        let made = admin
            .change(move |sync, now, rng| {
                let created = Created {
                    title: Personal::from(format!("Bloods {number}").as_str()),
                    details: Personal::default(),
                    about: Some(about),
                    place: Personal::from(format!("Bay {}", number % 25).as_str()),
                    priority: if number % 40 == 7 {
                        Priority::Urgent
                    } else {
                        Priority::Routine
                    },
                    due: (number % 3 == 0).then(|| now.plus(Duration::from_mins(number as u64 % 600))),
                    to: if number % MINE == 0 {
                        Assignee::Person(reader)
                    } else {
                        Assignee::Team
                    },
                    checklist: Vec::new(),
                    from: None,
                };
                sync.act(space, Body::Task(TaskOp::Created(created)), now, rng)
            })
            .await?;
        made.ok().context("the rules allow it")?;
    }
    let are_there = move |sync: &Sync| {
        let space = sync.space(space)?;
        (space.confirmed().tasks.open().count() >= TASKS).then_some(())
    };
    admin
        .until("all tasks in the record", Duration::from_mins(5), are_there)
        .await
}
