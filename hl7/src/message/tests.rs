use super::*;

fn parse(text: &str) -> Result<Message<'_>, ParseError> {
    Message::parse(text.as_bytes(), Limits::ADT)
}

fn names(text: &str) -> Vec<String> {
    parse(text)
        .unwrap()
        .segments()
        .map(|s| s.name().to_owned())
        .collect()
}

#[test]
fn segments_end_with_a_return_a_feed_or_both() {
    for end in ["\r", "\n", "\r\n", "\r\r", "\n\n", "\r\n\r\n", "\r \r", "\n\r"] {
        let text = ["MSH|^~\\&|A", "EVN||2026", "PID|1||X", ""].join(end);
        assert_eq!(names(&text), ["MSH", "EVN", "PID"], "{end:?}");
    }
    assert_eq!(names("\r\n MSH|^~\\&|A\rPID|1\n\tPV1|1"), ["MSH", "PID", "PV1"]);
}

#[test]
fn a_line_feed_inside_a_field_stays_in_it() {
    let message = parse("MSH|^~\\&|A\rPID|1||X||||||||1 High St\nOld Town^^York|end\rPV1|1\r").unwrap();
    let pid = message.segment("PID").unwrap();
    assert_eq!(
        pid.field(11).unwrap().first().component(1).unwrap().text(),
        "1 High St\nOld Town"
    );
    assert_eq!(pid.field(12).unwrap().text(), "end");
    assert_eq!(message.segments().count(), 3);
}

#[test]
fn a_line_that_is_no_segment_is_refused() {
    for text in [
        "MSH|^~\\&|A\rPI|1\r",
        "MSH|^~\\&|A\r#\rPID|1",
        "MSH|^~\\&|A\r\nLondon\r\n",
        "MSH|^~\\&|A\nLondon\n",
        "MSH|^~\\&|A\rpid|1",
    ] {
        assert_eq!(parse(text).unwrap_err(), ParseError::NotASegment, "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_message_and_means_utf8() {
    let message = parse("\u{feff}MSH|^~\\&|A||||||||||||||||8859/1\rPID|1||||Siân").unwrap();
    assert_eq!(message.charset(), Charset::UTF_8);
    assert_eq!(message.segment("PID").unwrap().field(5).unwrap().text(), "Siân");
    assert_eq!(
        Message::parse(b"\xff\xfeM\0S\0H\0", Limits::ADT).unwrap_err(),
        ParseError::NoHeader
    );
}

#[test]
fn the_character_set_is_the_one_of_msh_18() {
    let read = |charset: &str, name: &[u8]| {
        let head = format!("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.4||||||{charset}\rPID|1||||");
        let bytes = [head.as_bytes(), name].concat();
        Message::parse(&bytes, Limits::ADT).map(|message| {
            let name = message
                .segment("PID")
                .unwrap()
                .field(5)
                .unwrap()
                .text()
                .into_owned();
            (name, message.is_charset_assumed())
        })
    };
    assert_eq!(read("8859/1", b"Si\xe2n"), Ok(("Siân".to_owned(), false)));
    assert_eq!(
        read("8859/1~ISO IR87", b"Si\xe2n"),
        Ok(("Siân".to_owned(), false))
    );
    assert_eq!(
        read("UNICODE UTF-8", "Siân".as_bytes()),
        Ok(("Siân".to_owned(), false))
    );
    assert_eq!(read("", b"Si\xe2n"), Ok(("Siân".to_owned(), true)));
    assert_eq!(read("\"\"", "Siân".as_bytes()), Ok(("Siân".to_owned(), true)));
    assert_eq!(read("ASCII", "Siân".as_bytes()), Ok(("Siân".to_owned(), true)));
    assert_eq!(read("UNICODE UTF-8", b"Si\xe2n"), Err(ParseError::NotInCharset));
    assert_eq!(read("EBCDIC", b"Sian"), Err(ParseError::UnknownCharset));
    assert_eq!(read("\u{e9}", b"Sian"), Err(ParseError::UnknownCharset));
}

#[test]
fn what_is_no_single_message_is_refused() {
    for (text, error) in [
        ("", ParseError::Empty),
        (" \r\n", ParseError::Empty),
        ("hello", ParseError::NoHeader),
        ("PID|1", ParseError::NoHeader),
        ("MS", ParseError::NoHeader),
        ("FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A", ParseError::Batch),
        ("BHS|^~\\&|A\rMSH|^~\\&|A\rBTS|1", ParseError::Batch),
        ("MSH|^~\\&|A\rPID|1\rBTS|2", ParseError::Batch),
        (
            "MSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rPID|1",
            ParseError::SeveralMessages,
        ),
        ("MSH|^~\\\\&|A", ParseError::Separators),
        ("MSH", ParseError::Separators),
    ] {
        assert_eq!(parse(text).unwrap_err(), error, "{text:?}");
    }
}

#[test]
fn limits_are_kept() {
    let text = "MSH|^~\\&|A\rNK1|1\rNK1|2";
    let of = |bytes, segments| Message::parse(text.as_bytes(), Limits { bytes, segments }).map(|_| ());
    assert_eq!(of(text.len(), 3), Ok(()));
    assert_eq!(of(text.len() - 1, 3), Err(ParseError::TooLong));
    assert_eq!(of(text.len(), 2), Err(ParseError::TooManySegments));
}

#[test]
fn other_separators_divide_as_well() {
    let message = parse("MSH#:@*%#AppA#FacA\rPID#1##X:::H%2.16%ISO@Y#\r").unwrap();
    let ids = message.segment("PID").unwrap().field(3).unwrap();
    let assigner = ids.first().component(4).unwrap();
    assert_eq!(assigner.subcomponent(2).unwrap().text(), "2.16");
    assert_eq!(
        ids.repetitions().nth(1).unwrap().component(1).unwrap().text(),
        "Y"
    );
}

#[test]
fn debug_names_segments_and_shows_no_content() {
    let message = parse("MSH|^~\\&|A\rPID|1||X||Smith").unwrap();
    assert_eq!(format!("{message:?}"), "[MSH(…), PID(…)]");
}

#[test]
fn every_refusal_has_a_fault_in_ascii() {
    for error in [
        ParseError::Batch,
        ParseError::NotInCharset,
        ParseError::TooLong,
        ParseError::SeveralMessages,
    ] {
        assert!(error.fault().message.is_ascii());
    }
    assert_eq!(
        ParseError::UnknownCharset.fault().to_string(),
        "103 Unknown character set at MSH-18"
    );
}
