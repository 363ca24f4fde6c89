//! A list of patients on a ward, for what is done in it in the browser.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use baton_core::op::Body;
use baton_core::op::list::{Created, ListOp, Source};
use baton_core::secret::Personal;
use baton_core::sync::Sync;

use crate::client::Client;
use crate::stage::{Stage, spaces_by_title};

/// The ward.
const WARD: &str = "Bench ward";

/// What the list is called.
pub const TITLE: &str = "Everybody on the ward";

/// Brings so many patients into the index, on one ward, and has an administrator of a team make a list of it; waits until all
/// are on it.
pub async fn fill(stage: &Stage, admin: &Client, team: &str, patients: usize) -> Result<()> {
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
        (list.rows().len() >= patients).then_some(())
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
