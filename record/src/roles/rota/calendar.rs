//! A rota as iCalendar (RFC 5545): each `VEVENT` is a shift. The grammar of content lines (3.1) is read here, since crates for
//! it do not say on which line something stands; of the format no more is needed.

use baton_core::device_api::{RotaLine, RotaRefusal};
use baton_core::time::At;

use super::{Read, Row, clock};

/// The rows, or why there are none.
pub(super) fn rows(file: &str) -> Result<Vec<Read>, RotaLine> {
    let mut rows = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut event: Option<Event> = None;
    let mut last = 1;
    let mut was_calendar = false;
    for (number, text) in unfolded(file) {
        last = number;
        let refuse = |why| RotaLine { line: number, why };
        let Some(line) = Line::parse(&text) else {
            if open.is_empty() {
                return Err(refuse(RotaRefusal::NotCalendar));
            }
            match &mut event {
                Some(event) => event.fail(RotaRefusal::Line),
                None => rows.push(Err(refuse(RotaRefusal::Line))),
            }
            continue;
        };
        match line.name.as_str() {
            "BEGIN" => {
                let name = line.value.to_ascii_uppercase();
                if open.is_empty() && name != "VCALENDAR" {
                    return Err(refuse(RotaRefusal::NotCalendar));
                }
                was_calendar = true;
                if name == "VEVENT" && open.len() == 1 {
                    event = Some(Event::new(number));
                }
                open.push(name);
            }
            "END" => {
                // What ends is what began last: otherwise something of it is missing.
                if open
                    .pop()
                    .is_none_or(|name| !name.eq_ignore_ascii_case(line.value))
                {
                    return Err(refuse(RotaRefusal::CutShort));
                }
                if open.len() == 1 {
                    rows.extend(event.take().and_then(Event::into_row));
                }
            }
            _ if open.is_empty() => return Err(refuse(RotaRefusal::NotCalendar)),
            _ => {
                if let Some(event) = event.as_mut().filter(|_| open.len() == 2) {
                    event.take(&line);
                }
            }
        }
    }
    let why = if was_calendar {
        RotaRefusal::CutShort
    } else {
        RotaRefusal::NotCalendar
    };
    if was_calendar && open.is_empty() {
        Ok(rows)
    } else {
        Err(RotaLine { line: last, why })
    }
}

/// The content lines, each with the number of the first line that it stands on; empty ones are passed over.
fn unfolded(file: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(file.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let more = line.strip_prefix([' ', '\t']);
        match (more, lines.last_mut()) {
            (Some(more), Some((_, begun))) => begun.push_str(more),
            _ if line.trim().is_empty() => {}
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// A content line: `NAME;PARAMETER=value:value`.
struct Line<'a> {
    /// In capitals.
    name: String,
    parameters: Vec<(String, &'a str)>,
    value: &'a str,
}

impl<'a> Line<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (head, value) = split(text, ':')?;
        let mut parts = Vec::new();
        let mut rest = head;
        while let Some((part, more)) = split(rest, ';') {
            parts.push(part);
            rest = more;
        }
        parts.push(rest);
        let (name, parameters) = parts.split_first()?;
        let is_name = |name: &str| {
            let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            !name.is_empty() && name.bytes().all(is_sound)
        };
        let parameters = parameters.iter().map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            is_name(name).then(|| (name.to_ascii_uppercase(), bare.unwrap_or(value)))
        });
        Some(Self {
            name: is_name(name).then(|| name.to_ascii_uppercase())?,
            parameters: parameters.collect::<Option<_>>()?,
            value,
        })
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        let mut parameters = self.parameters.iter();
        parameters
            .find(|(known, _)| known == name)
            .map(|(_, value)| *value)
    }

    /// A `DATE-TIME`: in UTC, or on the clocks of the UK.
    fn moment(&self) -> Result<At, RotaRefusal> {
        let zone = self.parameter("TZID").unwrap_or("Europe/London");
        // Some systems name zones as Windows does, or put something before the name.
        let is_uk = zone.ends_with("Europe/London") || zone == "GMT Standard Time";
        if is_uk {
            clock::moment(self.value)
        } else {
            Err(RotaRefusal::Zone)
        }
    }
}

/// Splits at the first `at` that is not between quotes.
fn split(text: &str, at: char) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let (place, _) = text.char_indices().find(|(_, letter)| {
        is_quoted ^= *letter == '"';
        !is_quoted && *letter == at
    })?;
    let (before, rest) = text.split_at_checked(place)?;
    Some((before, rest.strip_prefix(at)?))
}

/// An event as far as it was read.
struct Event {
    line: u32,
    from: Option<At>,
    until: Option<At>,
    summary: String,
    attendee: Option<String>,
    is_cancelled: bool,
    failed: Option<RotaRefusal>,
}

impl Event {
    fn new(line: u32) -> Self {
        Self {
            line,
            from: None,
            until: None,
            summary: String::new(),
            attendee: None,
            is_cancelled: false,
            failed: None,
        }
    }

    /// The first reason stands.
    fn fail(&mut self, why: RotaRefusal) {
        self.failed.get_or_insert(why);
    }

    fn take(&mut self, line: &Line<'_>) {
        match line.name.as_str() {
            "ATTENDEE" => {
                let name = line.parameter("CN").unwrap_or_default().to_owned();
                if self.attendee.replace(name).is_some() {
                    self.fail(RotaRefusal::Several);
                }
            }
            "DTEND" => match (line.moment(), self.until) {
                (Ok(at), None) => self.until = Some(at),
                (Ok(_), Some(_)) => self.fail(RotaRefusal::Incomplete),
                (Err(why), _) => self.fail(why),
            },
            "DTSTART" => match (line.moment(), self.from) {
                (Ok(at), None) => self.from = Some(at),
                (Ok(_), Some(_)) => self.fail(RotaRefusal::Incomplete),
                (Err(why), _) => self.fail(why),
            },
            "RDATE" | "RECURRENCE-ID" | "RRULE" => self.fail(RotaRefusal::Repeats),
            "STATUS" => self.is_cancelled = line.value.trim().eq_ignore_ascii_case("CANCELLED"),
            "SUMMARY" => self.summary = unescaped(line.value),
            _ => {}
        }
    }

    /// A shift that was cancelled is none.
    fn into_row(self) -> Option<Read> {
        if self.is_cancelled {
            return None;
        }
        let line = self.line;
        let refuse = |why| Some(Err(RotaLine { line, why }));
        match (self.failed, self.from, self.until) {
            (Some(why), ..) => refuse(why),
            (None, Some(from), Some(until)) => Some(Ok(Row {
                line,
                who: self
                    .attendee
                    .filter(|name| !name.is_empty())
                    .unwrap_or(self.summary),
                from,
                until,
            })),
            (None, ..) => refuse(RotaRefusal::Incomplete),
        }
    }
}

/// A text without its escapes (3.3.11); what a line break was is a space.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(escaped) => plain.push(escaped),
                None => {}
            },
            letter => plain.push(letter),
        }
    }
    plain
}
