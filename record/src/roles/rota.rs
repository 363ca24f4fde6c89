//! Rotas from files. Reads only: a person sets the rota. What cannot be taken is told by its line and reason, and everything
//! else is taken; of a file that was cut short nothing is, since nobody could tell which shifts are missing.

use baton_core::device_api::{ReadRotaAnswer, RotaFormat, RotaLine, RotaRefusal};
use baton_core::op::role::{SHIFTS, Shift};
use baton_core::person::Person;
use baton_core::time::At;

mod calendar;
mod clock;
mod people;
mod sheet;

use people::People;

/// A shift as a file has it.
struct Row {
    line: u32,
    /// Who, as they are written there.
    who: String,
    from: At,
    until: At,
}

/// What reading gives: a row, or why one is not taken.
type Read = Result<Row, RotaLine>;

/// Reads a file; `members` are who may be named.
pub fn read(format: RotaFormat, file: &str, members: &[Person]) -> ReadRotaAnswer {
    // Some systems begin a file with a byte order mark.
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let rows = match format {
        RotaFormat::Calendar => calendar::rows(file),
        RotaFormat::Csv => sheet::rows(file),
    };
    let rows = match rows {
        Ok(rows) => rows,
        Err(refused) => {
            return ReadRotaAnswer {
                shifts: Vec::new(),
                refused: vec![refused],
            };
        }
    };
    let people = People::new(members);
    let mut refused = Vec::new();
    let mut taken: Vec<(u32, Shift)> = Vec::new();
    for row in rows {
        match row.and_then(|row| shift(&row, &people)) {
            Ok(shift) => taken.push(shift),
            Err(line) => refused.push(line),
        }
    }
    taken.sort_by_key(|(line, shift)| (shift.from, *line));
    let mut shifts: Vec<Shift> = Vec::new();
    for (line, shift) in taken {
        let is_free = shifts.last().is_none_or(|last| last.until <= shift.from);
        let why = if is_free {
            RotaRefusal::TooMany
        } else {
            RotaRefusal::Overlaps
        };
        if is_free && shifts.len() < SHIFTS {
            shifts.push(shift);
        } else {
            refused.push(RotaLine { line, why });
        }
    }
    refused.sort_unstable();
    ReadRotaAnswer { shifts, refused }
}

fn shift(row: &Row, people: &People) -> Result<(u32, Shift), RotaLine> {
    let Row {
        line, from, until, ..
    } = *row;
    let refuse = |why| RotaLine { line, why };
    if from >= until {
        return Err(refuse(RotaRefusal::Backwards));
    }
    let who = people.find(&row.who).map_err(refuse)?;
    Ok((line, Shift { from, until, who }))
}

#[cfg(test)]
mod tests;
