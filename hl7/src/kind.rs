//! Which type a message is (MSH-9.1, HL7 v2.5.1 §2.15.9.9, table 0076), before it is read as one.

use crate::adt::read::whole;
use crate::message::Message;

/// A type of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `ADT`: for [`crate::adt::Adt::read`].
    Adt,
    /// `ORU`: for [`crate::oru::Oru::read`].
    Oru,
    /// Another, or none.
    Other,
}

impl Kind {
    /// The type that a message says it is. Whether it is one of that type that can be read is not looked at.
    pub fn of(message: &Message<'_>) -> Self {
        let kind = message.segment("MSH").and_then(|msh| msh.field(9));
        match kind.and_then(|kind| whole(kind.first(), 1)).as_deref() {
            Some("ADT") => Self::Adt,
            Some("ORU") => Self::Oru,
            Some(_) | None => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Limits;

    #[test]
    fn the_header_says_which_type_a_message_is() {
        for (type_, kind) in [
            ("ADT^A01^ADT_A01", Kind::Adt),
            ("ADT", Kind::Adt),
            ("ORU^R01^ORU_R01", Kind::Oru),
            (" ORU ^R30", Kind::Oru),
            ("ORM^O01", Kind::Other),
            ("oru^R01", Kind::Other),
            ("^R01", Kind::Other),
            ("\"\"", Kind::Other),
            ("", Kind::Other),
        ] {
            let text = format!("MSH|^~\\&|A|B|C|D|2026||{type_}|1|P|2.4\r");
            let message = Message::parse(text.as_bytes(), Limits::ORU).unwrap();
            assert_eq!(Kind::of(&message), kind, "{type_}");
        }
        assert_eq!(
            Kind::of(&Message::parse(b"MSH|^~\\&|", Limits::ORU).unwrap()),
            Kind::Other
        );
    }
}
