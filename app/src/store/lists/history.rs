//! What was ever done to a list or to one of its rows: who, when, from what to what. All of it is in the record's log; what a
//! device holds of it is the newest.

use baton_core::chain::Seq;
use baton_core::id::{OpId, PatientId};
use baton_core::op::Body;
use baton_core::op::list::{Field, ListOp};
use baton_core::ordered::SortedMap;
use baton_core::ordered::sort_by_key;
use baton_core::state::{List, Row, Stamp};
use baton_core::sync::Past;
use baton_core::text::TextField;

use super::describe::who;
use super::head::{column_title, line_of, source_words};
use super::row::title;
use crate::moment;
use crate::store::Viewer;

/// One thing that was done.
#[derive(Clone, PartialEq, Eq)]
pub struct Deed {
    /// Its place.
    pub seq: Seq,
    /// When.
    pub at: String,
    /// When the record kept it, where that is so much later that it must be shown.
    pub recorded: Option<String>,
    /// Who.
    pub by: String,
    /// What, in words.
    pub what: String,
    /// Whose row it was about.
    pub patient: Option<PatientId>,
    /// What stood there before, and what after; `None` when it is not about a text.
    pub texts: Option<(Option<String>, String)>,
}

/// What is done in a deed, before it is said who did it.
struct Said {
    what: String,
    patient: Option<PatientId>,
    texts: Option<(Option<String>, String)>,
}

impl Said {
    fn of(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            patient: None,
            texts: None,
        }
    }

    fn about(self, patient: PatientId) -> Self {
        Self {
            patient: Some(patient),
            ..self
        }
    }

    fn wrote(self, before: Option<String>, after: &str) -> Self {
        Self {
            texts: Some((before, after.to_owned())),
            ..self
        }
    }

    fn by(self, seq: Seq, stamp: Stamp, viewer: &Viewer) -> Deed {
        let full = |at| moment::full(at, viewer.now, viewer.zone);
        Deed {
            seq,
            at: full(stamp.at),
            recorded: stamp
                .recorded
                .filter(|recorded| baton_core::time::must_show_recorded(stamp.at, *recorded))
                .map(full),
            by: who(stamp.by, viewer),
            what: self.what,
            patient: self.patient,
            texts: self.texts,
        }
    }
}

/// All that was done, out of the log, the newest first.
pub fn of_log(past: &[Past], viewer: &Viewer) -> Vec<Deed> {
    let mut teller = Teller::default();
    let deeds = past.iter().filter_map(|past| {
        let Body::List(op) = &past.op.body else {
            return None;
        };
        let stamp = Stamp {
            op: past.op.id,
            by: past.op.by,
            at: past.op.at,
            recorded: Some(past.recorded),
        };
        Some(teller.tell(stamp.op, op, viewer).by(past.seq, stamp, viewer))
    });
    let mut deeds: Vec<Deed> = deeds.collect();
    deeds.reverse();
    deeds
}

/// What stood where, as one goes through the log.
#[derive(Default)]
struct Teller {
    title: String,
    columns: SortedMap<OpId, String>,
    texts: SortedMap<(PatientId, Field), String>,
}

impl Teller {
    fn tell(&mut self, id: OpId, op: &ListOp, viewer: &Viewer) -> Said {
        let name = |patient: PatientId| line_of(patient, viewer);
        match op {
            ListOp::Archived(_) => Said::of("Put the list into the archive"),
            ListOp::ColumnAdded(op) => {
                let title = op.title.as_str().to_owned();
                self.columns.insert(id, title.clone());
                Said::of(format!("Added the column “{title}”"))
            }
            ListOp::ColumnRemoved(op) => {
                let title = self.columns.get(&op.column).cloned().unwrap_or_default();
                Said::of(format!("Removed the column “{title}”"))
            }
            ListOp::Created(op) => {
                op.title.as_str().clone_into(&mut self.title);
                let of = op
                    .source
                    .as_ref()
                    .map(|source| format!(": {}", source_words(source)));
                Said::of(format!(
                    "Made the list “{}”{}",
                    self.title,
                    of.unwrap_or_default()
                ))
            }
            ListOp::FieldSet(op) => {
                let place = (op.patient, op.field);
                let before = self.texts.insert(place, op.text.as_str().to_owned());
                Said::of(self.column(op.field))
                    .about(op.patient)
                    .wrote(before, op.text.as_str())
            }
            ListOp::Moved(op) => {
                let after = op.after.map_or_else(
                    || "to the top".to_owned(),
                    |after| format!("after {}", name(after)),
                );
                Said::of(format!("Moved {after}")).about(op.patient)
            }
            ListOp::PatientAdded(op) => Said::of("Added to the list").about(op.patient),
            ListOp::PatientLeft(op) => Said::of("Left").about(op.patient),
            ListOp::PatientRemoved(op) => Said::of("Taken off the list").about(op.patient),
            ListOp::Renamed(op) => {
                let before = std::mem::replace(&mut self.title, op.title.as_str().to_owned());
                Said::of("Title").wrote(Some(before), op.title.as_str())
            }
            ListOp::Restored(_) => Said::of("Took the list out of the archive"),
        }
    }

    fn column(&self, field: Field) -> String {
        match field {
            Field::Column(id) => self
                .columns
                .get(&id)
                .cloned()
                .unwrap_or_else(|| title(field).to_owned()),
            Field::ExpectedDischarge | Field::Flags | Field::Jobs | Field::Resuscitation | Field::Summary => {
                title(field).to_owned()
            }
        }
    }
}

/// What this device holds of it, the newest first.
pub fn held(list: &List, viewer: &Viewer) -> Vec<Deed> {
    let mut deeds = vec![Said::of("Made the list").by(list.created.seq, list.created.stamp, viewer)];
    if let Some(mark) = list.archived {
        deeds.push(Said::of("Put the list into the archive").by(mark.seq, mark.stamp, viewer));
    }
    deeds.extend(
        texts(&list.title, viewer, || Said::of("Title"))
            .into_iter()
            .skip(1),
    );
    for row in list.rows() {
        held_row(row, list, &mut deeds, viewer);
    }
    for removed in list.removed() {
        held_row(&removed.row, list, &mut deeds, viewer);
        let said = Said::of("Taken off the list").about(removed.row.patient);
        deeds.push(said.by(removed.by.seq, removed.by.stamp, viewer));
    }
    sort_by_key(&mut deeds, |deed| std::cmp::Reverse(deed.seq));
    deeds
}

fn held_row(row: &Row, list: &List, deeds: &mut Vec<Deed>, viewer: &Viewer) {
    let added = Said::of("Added to the list").about(row.patient);
    deeds.push(added.by(row.added.seq, row.added.stamp, viewer));
    if let Some(mark) = row.left {
        deeds.push(
            Said::of("Left")
                .about(row.patient)
                .by(mark.seq, mark.stamp, viewer),
        );
    }
    for (field, text) in row.fields() {
        let said = || Said::of(column_title(list, field)).about(row.patient);
        deeds.extend(texts(text, viewer, said));
    }
}

/// The versions of a text that are held; of the oldest it is not known what stood there before.
fn texts(field: &TextField, viewer: &Viewer, said: impl Fn() -> Said) -> Vec<Deed> {
    let mut before = None;
    let deeds = field.versions().map(|version| {
        let after = version.text.as_str().to_owned();
        let deed = said().wrote(before.replace(after.clone()), &after);
        deed.by(version.seq, version.stamp, viewer)
    });
    deeds.collect()
}
