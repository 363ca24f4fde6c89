//! A rota as comma-separated values: columns `person`, `from`, `until`.

use baton_core::device_api::{RotaLine, RotaRefusal};

use super::{Read, Row, clock};

/// The rows, or why there are none.
pub(super) fn rows(file: &str) -> Result<Vec<Read>, RotaLine> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file.as_bytes());
    let heading = RotaLine {
        line: 1,
        why: RotaRefusal::Heading,
    };
    let columns = reader.headers().map_err(|_| heading)?;
    let place = |name: &str| {
        let mut places = columns.iter().enumerate();
        let is_it = |column: &str| column.eq_ignore_ascii_case(name);
        let first = places.find(|(_, column)| is_it(column)).map(|(place, _)| place);
        first.filter(|_| !places.any(|(_, column)| is_it(column)))
    };
    let places = [place("person"), place("from"), place("until")];
    let [Some(person), Some(from), Some(until)] = places else {
        return Err(heading);
    };
    let mut lines = Lines {
        rest: file.as_bytes(),
        byte: 0,
        line: 1,
    };
    let rows = reader.records().map(|record| {
        let record = record.map_err(|error| RotaLine {
            line: lines.of(error.position()),
            why: RotaRefusal::Line,
        })?;
        let line = lines.of(record.position());
        let refuse = |why| RotaLine { line, why };
        let cell = |place: usize| record.get(place).filter(|cell| !cell.is_empty());
        let (Some(from), Some(until)) = (cell(from), cell(until)) else {
            return Err(refuse(RotaRefusal::Incomplete));
        };
        Ok(Row {
            line,
            who: cell(person).unwrap_or_default().to_owned(),
            from: clock::moment(from).map_err(refuse)?,
            until: clock::moment(until).map_err(refuse)?,
        })
    });
    Ok(rows.collect())
}

/// On which line something stands. The reader's own count is one short where lines end with CR LF, which is where a record
/// ends for it before the LF.
struct Lines<'a> {
    rest: &'a [u8],
    byte: u64,
    line: u32,
}

impl Lines<'_> {
    /// The line of a record; they come in order.
    fn of(&mut self, position: Option<&csv::Position>) -> u32 {
        let begins = position.map_or(0, csv::Position::byte);
        while let Some((byte, rest)) = self.rest.split_first() {
            if self.byte >= begins && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u32::from(*byte == b'\n');
            self.byte += 1;
            self.rest = rest;
        }
        self.line
    }
}
