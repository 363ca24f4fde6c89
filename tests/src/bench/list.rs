//! What is done in a list of the patients of a ward, in Chromium.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::id::PatientId;
use baton_core::op::Body;
use baton_core::op::list::{Created, ListOp, Source};
use baton_core::secret::Personal;
use baton_core::sync::Sync;
use serde_json::json;
use xtask::app_build;
use xtask::progress::say;
use xtask::record_build::Profile;

use super::Figure;
use super::browser::{Acted, acting};
use super::chromium::Chromium;
use crate::client::Client;
use crate::stage::{Cast, Stage, spaces_by_title};

/// The ward.
const WARD: &str = "Bench ward";

/// What the list is called.
const TITLE: &str = "Everybody on the ward";

/// Whose list it is.
pub(super) const TEAM: &str = "Bench team";

/// Patients on it.
pub(super) const PATIENTS: usize = 500;

/// Measures; each kind of tap is done twice this often.
pub async fn measure(times: u32) -> Result<Vec<Figure>> {
    let stage = Stage::open_serving("bench-list", Profile::Release, &cast(), app_build::dist()).await?;
    let admins = stage.sign_in(std::iter::once(0)).await?;
    let admin = admins.first().context("there is an administrator")?;
    say("filling a list");
    fill(&stage, admin, TEAM, PATIENTS).await?;
    let mut chromium = Chromium::start(&stage).await?;
    say("acting in it");
    let question = json!({
        "do": "list", "subject": Cast::subject(1), "title": TITLE, "rows": PATIENTS, "times": times,
    });
    let acted: Acted = chromium.ask(&question).await?;
    Ok(vec![acting(
        format!("acting in a list of {} patients, p95", acted.rows),
        (&acted.taps, &acted.blank),
        &acted.slowest,
    )])
}

/// An administrator of the team, and one more in it.
pub(super) fn cast() -> Cast {
    Cast {
        people: 2,
        teams: vec![(TEAM.to_owned(), vec![0, 1])],
        planted: "Bench".to_owned(),
    }
}

/// Brings so many patients into the index, on one ward, and has an administrator of a team make a list of it; waits until all
/// are on it, and gives them.
pub(super) async fn fill(
    stage: &Stage,
    admin: &Client,
    team: &str,
    patients: usize,
) -> Result<Vec<PatientId>> {
    let file = stage.state.join("patients.csv");
    fs::write(&file, roll(patients)?)?;
    stage
        .with(move |stack| {
            stack
                .record
                .command(&["patients", "import", &file.to_string_lossy()])
        })
        .await?;
    let space = *admin
        .look(spaces_by_title)
        .await?
        .get(team)
        .context("there is the team")?;
    let made = admin
        .change(move |sync, now, rng| {
            let created = Created {
                title: Personal::from(TITLE),
                source: Some(Source::Ward {
                    facility: String::new(),
                    ward: WARD.to_owned(),
                }),
            };
            sync.act(space, Body::List(ListOp::Created(created)), now, rng)
        })
        .await?;
    let list = made.ok().context("the rules allow it")?;
    let is_full = move |sync: &Sync| {
        let list = sync.space(space)?.confirmed().lists.find(list)?;
        (list.rows().len() >= patients).then(|| list.rows().map(|row| row.patient).collect())
    };
    admin
        .until("everybody on the list", Duration::from_mins(5), is_full)
        .await
}

fn roll(patients: usize) -> Result<String> {
    let mut roll =
        "assigner,number,family,given,title,born,gender,visit_number,visit,facility,ward,room,bed\n"
            .to_owned();
    for number in 0..patients {
        let (day, month, year) = (number % 28 + 1, number % 12 + 1, 1930 + number % 70);
        writeln!(
            roll,
            "RXB,B{number},SURNAME{},Given{number},Mx,{year}-{month:02}-{day:02},not known,VB{number},admitted,RXB,{WARD},Bay {},{}",
            number % 97,
            number / 20,
            number % 20 + 1,
        )?;
    }
    Ok(roll)
}
