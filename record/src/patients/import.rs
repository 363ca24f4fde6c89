//! Bringing patients into the index from a file: CSV, or a JSON object a line. What cannot be taken is told by its line and reason,
//! never by its content; everything else is taken. Coming twice, a file changes nothing the second time.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use baton_core::time::At;
use sqlx::Connection;

use super::change::Event;
use super::decide::{Effect, EventRefusal};
use super::{apply, wake};
use crate::context::Context;
use crate::log::LogError;

mod cell;
mod line;

pub use line::{COLUMNS, Cells, LineRefusal};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a heading (RFC 4180), in UTF-8.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// By the ending of a file's name; `None` of any other.
    pub fn of(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines that were read, without the heading.
    pub lines: u64,
    /// Patients that are new.
    pub made: u64,
    /// Lines that changed a patient.
    pub changed: u64,
    /// Lines that said nothing new.
    pub same: u64,
    /// Pairs who may be one person.
    pub possible_duplicates: u64,
    /// Lines that were refused, and why.
    pub refused: Vec<Refused>,
}

/// A line that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which: the first of the file is 1, its heading included.
    pub line: u64,
    /// Why.
    pub why: LineRefusal,
}

/// Why an import ended early. What was taken before stays, and the file can be imported again from its beginning.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database.
    #[error("the database did not take it; import the file again")]
    Fault(#[from] LogError),
    /// The heading.
    #[error("the heading has a column that is not known: number {0}")]
    Heading(usize),
    /// The file.
    #[error("the file cannot be read")]
    Read(#[from] std::io::Error),
}

/// Imports a file. `as_of` is the moment of which it speaks: what feeds said later stands. `progress` is told now and then how many
/// lines were done.
pub async fn patients(
    cx: &Context,
    file: impl Read,
    format: Format,
    as_of: At,
    mut progress: impl FnMut(&Report),
) -> Result<Report, ImportError> {
    let mut import = Import {
        cx,
        report: Report::default(),
        waiting: Vec::new(),
    };
    match format {
        Format::Csv => {
            let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
            let heading = heading(&mut reader)?;
            let mut record = csv::StringRecord::new();
            loop {
                let read = reader.read_record(&mut record);
                let line = record.position().map_or(0, csv::Position::line);
                match read {
                    Ok(false) => break,
                    Ok(true) => {
                        let cells = Cells::of_csv(&heading, &record);
                        import
                            .line(line, line::event(&cells, as_of), &mut progress)
                            .await?;
                    }
                    Err(error) if error.is_io_error() => return Err(ImportError::Read(error.into())),
                    Err(error) => {
                        let line = error.position().map_or(line, csv::Position::line);
                        let is_utf8 = !matches!(error.kind(), csv::ErrorKind::Utf8 { .. });
                        let why = if is_utf8 {
                            LineRefusal::Fields
                        } else {
                            LineRefusal::NotUtf8
                        };
                        import.line(line, Err(why), &mut progress).await?;
                    }
                }
            }
        }
        Format::Ndjson => {
            let mut reader = BufReader::new(file);
            let mut number = 0;
            loop {
                let mut line = Vec::new();
                if read_line(&mut reader, &mut line)? == 0 {
                    break;
                }
                number += 1;
                if line.trim_ascii().is_empty() {
                    continue;
                }
                let event = Cells::of_json(&line).and_then(|cells| line::event(&cells, as_of));
                import.line(number, event, &mut progress).await?;
            }
        }
    }
    import.flush(&mut progress).await?;
    Ok(import.report)
}

/// The names of the columns, in their order.
fn heading(reader: &mut csv::Reader<impl Read>) -> Result<Vec<&'static str>, ImportError> {
    let heading = reader.headers().map_err(|error| {
        if error.is_io_error() {
            ImportError::Read(error.into())
        } else {
            ImportError::Heading(0)
        }
    })?;
    heading
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let known = COLUMNS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            known
                .map(|(name, _)| *name)
                .ok_or(ImportError::Heading(place + 1))
        })
        .collect()
}

/// Reads a line; of one that is too long only so much that it is known to be.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> Result<usize, std::io::Error> {
    let read = reader.by_ref().take(LINE_BYTES).read_until(b'\n', line)?;
    if line.last() != Some(&b'\n') && u64::try_from(read).is_ok_and(|read| read == LINE_BYTES) {
        reader.skip_until(b'\n')?;
    }
    Ok(read)
}

struct Import<'a> {
    cx: &'a Context,
    report: Report,
    waiting: Vec<(u64, Event)>,
}

impl Import<'_> {
    async fn line(
        &mut self,
        line: u64,
        event: Result<Event, LineRefusal>,
        progress: &mut impl FnMut(&Report),
    ) -> Result<(), ImportError> {
        self.report.lines += 1;
        match event {
            Ok(event) => self.waiting.push((line, event)),
            Err(why) => self.report.refused.push(Refused { line, why }),
        }
        if self.waiting.len() >= AT_ONCE {
            self.flush(progress).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, progress: &mut impl FnMut(&Report)) -> Result<(), ImportError> {
        let (lines, events): (Vec<u64>, Vec<Event>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        let mut tries = 0;
        let applied = loop {
            match self.take(&events).await {
                // A feed had the same patients the other way round.
                Err(LogError::Database(error)) if is_deadlock(&error) && tries < TRIES => tries += 1,
                done => break done?,
            }
        };
        for (line, outcome) in lines.into_iter().zip(applied.outcomes) {
            match outcome {
                Ok(outcome) => match outcome.effect {
                    Effect::Changed => self.report.changed += 1,
                    Effect::Made => self.report.made += 1,
                    Effect::Nothing => self.report.same += 1,
                },
                Err(why) => self.report.refused.push(Refused {
                    line,
                    why: refused(why),
                }),
            }
        }
        let doubts = u64::try_from(applied.possible_duplicates).unwrap_or(u64::MAX);
        self.report.possible_duplicates += doubts;
        self.report.refused.sort_by_key(|refused| refused.line);
        wake(self.cx);
        progress(&self.report);
        Ok(())
    }

    async fn take(&self, events: &[Event]) -> Result<super::Applied, LogError> {
        let mut conn = self.cx.pool.acquire().await?;
        let mut transaction = conn.begin().await?;
        let applied = apply(self.cx, &mut transaction, events).await?;
        transaction.commit().await?;
        Ok(applied)
    }
}

fn is_deadlock(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "40P01")
}

const fn refused(why: EventRefusal) -> LineRefusal {
    match why {
        EventRefusal::NoNumber | EventRefusal::NoSuchPatient | EventRefusal::SamePatient => {
            LineRefusal::NoNumber
        }
        EventRefusal::TooMuch => LineRefusal::TooLong,
    }
}

/// Lines in one transaction.
const AT_ONCE: usize = 500;

/// How often a batch is tried again that met a feed crosswise.
const TRIES: u32 = 5;

/// A longer line of JSON is refused.
const LINE_BYTES: u64 = 256 * 1024;
