//! What was said and what happened of one patient, over all conversations that the reader belongs to: what is held on this
//! device of each, in the order in which it was done.

use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::message::Priority;
use baton_core::op::space::SpaceKind;
use baton_core::ordered::sort_by_key;
use baton_core::ordered::{SortedMap, SortedSet};
use baton_core::patient::{Report, three_identifiers};
use baton_core::state::{Item, Message, SpaceState, What};
use baton_core::sync::{HistoryState, Space, Sync};
use baton_core::time::At;

use super::super::handover;
use super::super::inbox;
use super::super::people::Card;
use super::super::{Viewer, event};
use super::news;
use crate::moment;

/// Lines that are shown at first, and so many more each time.
pub const STEP: usize = 100;

/// Something that was said of a patient, or that happened to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The operation that made it.
    pub id: OpId,
    /// The day, where it is another than that of the line before.
    pub day: Option<String>,
    /// The time of day.
    pub time: String,
    /// For the `datetime` attribute.
    pub datetime: String,
    /// Where it was said or told.
    pub space: SpaceId,
    /// What that is called; empty for what is told in several.
    pub title: String,
    /// What it is.
    pub kind: LineKind,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Something happened to them.
    Event(String),
    /// Somebody wrote something.
    Message {
        /// Who.
        author: Box<Card>,
        /// What; empty when it was withdrawn.
        text: String,
        /// Whether it is urgent.
        is_urgent: bool,
        /// Whether it was withdrawn.
        is_withdrawn: bool,
        /// Under which merged record it was written, in one line.
        written_about: Option<String>,
    },
}

/// The newest part of a patient's timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Oldest first.
    pub lines: Vec<Line>,
    /// Whether older ones are held on this device.
    pub is_cut: bool,
    /// Conversations about this patient of which older messages are not here.
    pub incomplete: Vec<SpaceId>,
    /// Whether some of them are on their way.
    pub is_loading: bool,
}

/// Gathers the newest lines about a patient, of whom these are all ids and `stands` is the one that holds.
pub fn part(
    sync: &Sync,
    stands: PatientId,
    ids: &SortedSet<PatientId>,
    spaces: &[SpaceId],
    most: usize,
    viewer: &Viewer,
) -> Part {
    let mut part = Part::default();
    let mut found: Vec<(At, &Space, &Item)> = Vec::new();
    for space in spaces.iter().filter_map(|id| sync.space(*id)) {
        match space.history() {
            HistoryState::Complete => {}
            HistoryState::Loading => {
                part.incomplete.push(space.id());
                part.is_loading = true;
            }
            HistoryState::More => part.incomplete.push(space.id()),
        }
        let is_theirs = space.kind() == SpaceKind::Patient
            && space.shown().about.is_some_and(|about| ids.contains(&about));
        let items = space.shown().timeline.items();
        let about = items.filter(|item| is_about(item, ids, is_theirs, space.shown()));
        found.extend(about.map(|item| (item.stamp().at, space, item)));
    }
    sort_by_key(&mut found, |(at, _, item)| (*at, item.stamp().op));
    let titles: SortedMap<SpaceId, String> = spaces
        .iter()
        .filter_map(|id| Some((*id, inbox::face(sync.space(*id)?, viewer).title)))
        .collect();
    let mut lines: Vec<(At, Line)> = Vec::new();
    for (at, space, item) in found {
        let title = titles.get(&space.id()).cloned().unwrap_or_default();
        let line = line(space, item, title, stands, viewer);
        if let Some(before) = same_news(&mut lines, at, &line) {
            before.title.clear();
        } else {
            lines.push((at, line));
        }
    }
    for space in spaces.iter().filter_map(|id| sync.space(*id)) {
        for held in ids.iter().filter_map(|id| space.shown().patients.find(*id)) {
            for report in &held.reports {
                add_report(&mut lines, space.id(), report, viewer);
            }
        }
    }
    let excess = lines.len().saturating_sub(most);
    part.is_cut = excess > 0;
    let mut before: Option<At> = None;
    for (at, mut line) in lines.into_iter().skip(excess) {
        let is_same = before.is_some_and(|before| moment::is_same_day(before, at, viewer.zone));
        line.day = (!is_same).then(|| moment::day(at, viewer.now, viewer.zone));
        before = Some(at);
        part.lines.push(line);
    }
    part
}

fn is_about(item: &Item, ids: &SortedSet<PatientId>, is_theirs: bool, state: &SpaceState) -> bool {
    match item {
        Item::Event(event) => match &event.what {
            What::Handover(event) => event.patients().iter().any(|patient| ids.contains(patient)),
            What::Patient { patient, .. } => ids.contains(patient),
            What::Task { task, news } => {
                event::task::about(*task, news, state).map_or(is_theirs, |about| ids.contains(&about))
            }
            What::Added(_)
            | What::AnnouncementsOnly(_)
            | What::Created
            | What::MadeAdmin(_)
            | What::Newer
            | What::Pinned(_)
            | What::Purpose(_)
            | What::Removed(_)
            | What::Renamed(_)
            | What::Role { .. }
            | What::Unpinned => false,
        },
        Item::Message(message) => message.about.map_or(is_theirs, |about| ids.contains(&about)),
    }
}

fn line(space: &Space, item: &Item, title: String, stands: PatientId, viewer: &Viewer) -> Line {
    let stamp = item.stamp();
    let kind = match item {
        Item::Event(happened) => LineKind::Event(match &happened.what {
            What::Patient { patient, news } if *patient == stands => news::words(news, viewer.patients),
            What::Patient { patient, news } => news::words_of(*patient, news, viewer.patients),
            What::Handover(told) => handover::words(told, happened.stamp.by, space.shown(), viewer),
            What::Added(_)
            | What::AnnouncementsOnly(_)
            | What::Created
            | What::MadeAdmin(_)
            | What::Newer
            | What::Pinned(_)
            | What::Purpose(_)
            | What::Removed(_)
            | What::Renamed(_)
            | What::Role { .. }
            | What::Unpinned => String::new(),
            What::Task { .. } => event::words(happened, space.shown(), viewer),
        }),
        Item::Message(message) => said(message, stands, viewer),
    };
    Line {
        id: stamp.op,
        day: None,
        time: moment::clock(stamp.at, viewer.zone),
        datetime: moment::machine(stamp.at),
        space: space.id(),
        title,
        kind,
    }
}

fn said(message: &Message, stands: PatientId, viewer: &Viewer) -> LineKind {
    let is_withdrawn = message.withdrawn.is_some();
    let merged = message.about.filter(|about| *about != stands);
    LineKind::Message {
        author: Box::new(viewer.people.card_now(message.stamp.by)),
        text: if is_withdrawn {
            String::new()
        } else {
            message.text().to_owned()
        },
        is_urgent: message.priority == Priority::Urgent && !is_withdrawn,
        is_withdrawn,
        written_about: merged.map(|about| {
            let patient = viewer.patients.find_now(about);
            patient.map_or_else(
                || "a record that was merged".to_owned(),
                |patient| three_identifiers(&patient),
            )
        }),
    }
}

/// Puts a report of results where its time is. The record tells it in each conversation: it is shown once, and leads to none.
fn add_report(lines: &mut Vec<(At, Line)>, space: SpaceId, report: &Report, viewer: &Viewer) {
    let kind = LineKind::Event(format!("Result reported: {}", report.words()));
    let place = lines.partition_point(|(at, _)| *at <= report.at);
    let same = lines.iter().take(place).rev();
    let mut same = same.take_while(|(at, _)| *at == report.at);
    if same.all(|(_, line)| line.kind != kind) {
        let line = Line {
            id: OpId::from_bytes([0; 16]),
            day: None,
            time: moment::clock(report.at, viewer.zone),
            datetime: moment::machine(report.at),
            space,
            title: String::new(),
            kind,
        };
        lines.insert(place, (report.at, line));
    }
}

/// The record tells the same in each conversation: it is shown once.
fn same_news<'a>(lines: &'a mut [(At, Line)], at: At, new: &Line) -> Option<&'a mut Line> {
    let LineKind::Event(words) = &new.kind else {
        return None;
    };
    let recent = lines
        .iter_mut()
        .rev()
        .take_while(|(before, _)| at.since(*before) < TOLD_WITHIN);
    recent.map(|(_, line)| line).find(|line| {
        matches!(&line.kind, LineKind::Event(before) if before == words) && line.space != new.space
    })
}

/// The record tells all conversations of one change within this time.
const TOLD_WITHIN: std::time::Duration = std::time::Duration::from_mins(10);
