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
    let rows = reader.records().map(|record| {
        let record = record.map_err(|error| RotaLine {
            line: line(error.position()),
            why: RotaRefusal::Line,
        })?;
        let line = line(record.position());
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

fn line(position: Option<&csv::Position>) -> u32 {
    let line = position.map_or(0, csv::Position::line);
    u32::try_from(line).unwrap_or(u32::MAX)
}
