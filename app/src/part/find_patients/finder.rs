//! What is looked for, who of this device it fits, and how it goes with asking the record.

use baton_core::date::LocalMoment;
use baton_core::patient::query::PatientQuery;
use wasm_bindgen_futures::spawn_local;

use crate::app::{Parts, baton};
use crate::command::patients::Found;
use crate::part::derived::{Memo, RwSignal, StoredValue, memo};
use crate::session::AskError;
use crate::store::connection::Mood;
use crate::store::patients::found::{self, Hit};
use crate::{clock, web};

/// How it goes with asking the record.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Failed(AskError),
    Found(Found),
    Looking,
    /// Nothing was asked.
    Not,
    /// There is no network.
    Offline,
}

/// What is shown together.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Results {
    pub(super) here: Vec<Hit>,
    pub(super) here_has_more: bool,
    pub(super) index: Vec<Hit>,
}

/// What is looked for, and how it goes.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    pub(super) text: RwSignal<String>,
    pub(super) query: Memo<PatientQuery>,
    /// Whether enough is typed to look for anybody.
    pub(super) is_asked: Memo<bool>,
    pub(super) asked: RwSignal<Asked>,
    /// Counts what was typed: only the answer to the last is shown.
    turn: StoredValue<u32>,
}

impl Finder {
    pub(super) fn of(text: RwSignal<String>) -> Self {
        Self {
            text,
            query: memo(move || {
                let today = LocalMoment::in_uk(clock::now()).date;
                text.with(|text| PatientQuery::parse(text, today))
            }),
            is_asked: memo(move || text.with(|text| !found::is_too_little(text))),
            asked: RwSignal::new(Asked::Not),
            turn: StoredValue::new(0),
        }
    }

    /// Who is shown. Follows changes.
    pub(super) fn results(self) -> Results {
        if !self.is_asked.get() {
            return Results::default();
        }
        let patients = &baton().store.patients;
        let now = LocalMoment::in_uk(clock::now());
        let query = self.query.get();
        let here = found::here(patients, &query, now);
        let mut results = Results {
            here: here.hits,
            here_has_more: here.has_more,
            index: self.asked.with(|asked| match asked {
                Asked::Found(found) => found::of_record(&found.patients, &query, patients, now),
                Asked::Failed(_) | Asked::Looking | Asked::Not | Asked::Offline => Vec::new(),
            }),
        };
        let Results { here, index, .. } = &mut results;
        index.retain(|hit| here.iter().all(|here| here.patient.id != hit.patient.id));
        found::mark_similar([here, index]);
        results
    }

    /// Asks the record once nothing was typed for a while.
    pub(super) fn ask(self, rest: i32) {
        let Parts { command, store, .. } = *baton();
        let next = |turn: &mut u32| {
            *turn = turn.wrapping_add(1);
            *turn
        };
        let now = self.turn.try_update_value(next).unwrap_or_default();
        if !self.is_asked.get_untracked() || self.query.with_untracked(|query| query.terms.is_empty()) {
            return self.asked.set(Asked::Not);
        }
        if store.connection.with_untracked(|line| line.mood == Mood::Offline) {
            return self.asked.set(Asked::Offline);
        }
        self.asked.set(Asked::Looking);
        let typed = self.text.get_untracked().trim().to_owned();
        spawn_local(async move {
            web::wait(rest).await;
            let is_last = move || self.turn.try_get_value() == Some(now);
            if !is_last() {
                return;
            }
            let answer = command.find_patients(typed).await;
            if is_last() {
                self.asked.try_set(match answer {
                    Ok(found) => Asked::Found(found),
                    Err(AskError::Unreachable) => Asked::Offline,
                    Err(error) => Asked::Failed(error),
                });
            }
        });
    }
}
