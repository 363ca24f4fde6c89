//! Which rows of a list are shown, and in which order. Every row is either shown or counted among the hidden, with the
//! filter that hides it: no rule hides a patient silently.

use std::sync::Arc;

use baton_core::id::PatientId;
use baton_core::letter;
use baton_core::ordered::sort_by;

use super::look::{Left, Sort, View};

/// What rows are ordered, grouped and filtered by.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The name, folded.
    pub name: String,
    /// Facility, ward, room and bed; empty when no place is known.
    pub place: Vec<Piece>,
    /// The heading under which it stands when rows are grouped: ward and room.
    pub location: String,
    /// The consultant.
    pub consultant: String,
    /// Flags, folded.
    pub flags: Vec<String>,
    /// Everything that is written in the row, folded.
    pub text: String,
    /// They left.
    pub has_left: bool,
}

/// A piece of a name of a place, so that bed 10 comes after bed 9.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// The end of one of the names of a place.
    End,
    /// A number.
    Number(u64),
    /// Anything else, folded.
    Word(String),
}

/// A row, or the heading of those that follow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A heading, and how many rows stand under it.
    Group(String, usize),
    /// A patient's row.
    Row(PatientId),
}

/// What is shown of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// What is shown, in order.
    pub entries: Vec<Entry>,
    /// How many rows are shown.
    pub shown: usize,
    /// How many rows there are.
    pub of: usize,
    /// Each filter that is set, in words, and how many rows it hides on its own.
    pub filters: Vec<(String, usize)>,
}

impl Arrangement {
    /// How many are shown and what hides the others: `18 of 24 shown. Filter “Flags: falls” hides 6.`
    pub fn words(&self) -> String {
        let of = self.of;
        let patients = if of == 1 { "patient" } else { "patients" };
        match (self.filters.as_slice(), of - self.shown) {
            ([], _) => format!("{of} {patients}"),
            ([(filter, _)], hidden) => {
                format!("{} of {of} shown. Filter “{filter}” hides {hidden}.", self.shown)
            }
            (filters, hidden) => {
                let names: Vec<String> = filters
                    .iter()
                    .map(|(filter, alone)| format!("“{filter}” ({alone})"))
                    .collect();
                format!(
                    "{} of {of} shown. {hidden} hidden by the filters {}.",
                    self.shown,
                    names.join(", ")
                )
            }
        }
    }

    /// The rows that are shown, in order.
    pub fn rows(&self) -> impl Iterator<Item = PatientId> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Group(..) => None,
            Entry::Row(patient) => Some(*patient),
        })
    }
}

/// The heading of those who left.
pub const LEFT: &str = "Left";

/// The heading of those of whom no place is known.
pub const NO_PLACE: &str = "Place not known";

/// Orders, groups and filters the rows of a list, which come in its own order.
pub fn arrange(rows: &[(PatientId, Arc<Facts>)], view: &View) -> Arrangement {
    let filters = filters(view);
    let is_shown = |facts: &Facts| filters.iter().all(|filter| filter.lets(facts));
    let mut shown: Vec<(usize, &(PatientId, Arc<Facts>))> = rows
        .iter()
        .enumerate()
        .filter(|(_, (_, facts))| is_shown(facts))
        .collect();
    sort_by(&mut shown, |one, other| {
        let ((at, (_, facts)), (other_at, (_, others))) = (one, other);
        let by_group = if view.is_grouped {
            rank(facts)
                .cmp(&rank(others))
                .then_with(|| group_order(facts).cmp(group_order(others)))
        } else {
            std::cmp::Ordering::Equal
        };
        let by_sort = match view.sort {
            Sort::Bed => rank(facts)
                .cmp(&rank(others))
                .then_with(|| facts.place.cmp(&others.place))
                .then_with(|| facts.name.cmp(&others.name)),
            Sort::Name => facts.name.cmp(&others.name),
            Sort::Own => std::cmp::Ordering::Equal,
        };
        by_group.then(by_sort).then(at.cmp(other_at))
    });
    let count = shown.len();
    let entries = if view.is_grouped {
        grouped(&shown)
    } else {
        shown
            .iter()
            .map(|(_, (patient, _))| Entry::Row(*patient))
            .collect()
    };
    let hides = |filter: &Filter| rows.iter().filter(|(_, facts)| !filter.lets(facts)).count();
    Arrangement {
        entries,
        shown: count,
        of: rows.len(),
        filters: filters
            .iter()
            .map(|filter| (filter.words(), hides(filter)))
            .collect(),
    }
}

/// Those who are somewhere, then those of whom that is not known, then those who left.
fn rank(facts: &Facts) -> u8 {
    match (facts.has_left, facts.place.is_empty()) {
        (false, false) => 0,
        (false, true) => 1,
        (true, _) => 2,
    }
}

fn heading(facts: &Facts) -> &str {
    match rank(facts) {
        0 => &facts.location,
        1 => NO_PLACE,
        _ => LEFT,
    }
}

/// Groups stand in the order of their places; the last of the pieces is the bed, which does not count.
fn group_order(facts: &Facts) -> &[Piece] {
    let names = facts.place.split(|piece| *piece == Piece::End);
    let before_bed = names.take(3).map(|name| name.len() + 1).sum();
    if rank(facts) == 0 {
        facts.place.get(..before_bed).unwrap_or(&facts.place)
    } else {
        &[]
    }
}

fn grouped(shown: &[(usize, &(PatientId, Arc<Facts>))]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let are_together =
        |one: &Facts, other: &Facts| rank(one) == rank(other) && group_order(one) == group_order(other);
    for group in shown.chunk_by(|(_, (_, one)), (_, (_, other))| are_together(one, other)) {
        if let Some((_, (_, facts))) = group.first() {
            entries.push(Entry::Group(heading(facts).to_owned(), group.len()));
        }
        entries.extend(group.iter().map(|(_, (patient, _))| Entry::Row(*patient)));
    }
    entries
}

enum Filter {
    Consultant(String),
    Flag(String),
    Left(Left),
    Text(String),
}

fn filters(view: &View) -> Vec<Filter> {
    let mut filters = Vec::new();
    if !view.text.trim().is_empty() {
        filters.push(Filter::Text(view.text.trim().to_owned()));
    }
    if !view.flag.is_empty() {
        filters.push(Filter::Flag(view.flag.clone()));
    }
    if !view.consultant.is_empty() {
        filters.push(Filter::Consultant(view.consultant.clone()));
    }
    if view.left != Left::Shown {
        filters.push(Filter::Left(view.left));
    }
    filters
}

impl Filter {
    fn lets(&self, facts: &Facts) -> bool {
        match self {
            Self::Consultant(consultant) => facts.consultant == *consultant,
            Self::Flag(flag) => facts.flags.contains(flag),
            Self::Left(Left::Shown) => true,
            Self::Left(Left::Hidden) => !facts.has_left,
            Self::Left(Left::Only) => facts.has_left,
            Self::Text(text) => letter::lowered(text)
                .split_whitespace()
                .all(|word| facts.text.contains(word)),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Consultant(consultant) => format!("Consultant: {consultant}"),
            Self::Flag(flag) => format!("Flags: {flag}"),
            Self::Left(left) => left.label().to_owned(),
            Self::Text(text) => format!("Text: {text}"),
        }
    }
}

/// A name of a place in pieces, so that what is a number is compared as one.
pub fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = name.trim();
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest
            .find(|sign: char| sign.is_ascii_digit() != is_number)
            .unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(match piece.parse() {
            Ok(number) if is_number => Piece::Number(number),
            Ok(_) | Err(_) => Piece::Word(letter::lowered(piece.trim())),
        });
        rest = after;
    }
    pieces.push(Piece::End);
    pieces
}

#[cfg(test)]
mod tests;
