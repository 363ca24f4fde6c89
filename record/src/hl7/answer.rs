//! What goes back to the sender (HL7 v2.5.1 §2.9): in original mode one answer, in enhanced mode one that the message is kept and
//! one of what came of it, as far as they are asked for (MSH-15, MSH-16). Both come after the commit, the first before the
//! second, on the sender's connection.

use baton_hl7::ack::{Envelope, Mode, Outcome, Own, Stage};
use baton_hl7::mllp;
use rand_core::Rng;

use super::clock;
use super::reason::Reason;
use super::take::Verdict;
use crate::context::Context;

/// The blocks to send, which may be none.
///
/// In enhanced mode, what is wrong is said once: by the application's answer where one is asked for and the header is good
/// (the message is kept, so *commit accept* comes first), else by *commit error* or *commit reject*.
pub(super) fn blocks(cx: &Context, bytes: &[u8], verdict: &Verdict) -> Vec<u8> {
    // Without a header, and to an answer, there is no sensible one.
    let Ok(envelope) = Envelope::read(bytes) else {
        return Vec::new();
    };
    let outcome = match verdict {
        Verdict::Accepted(notes) => Outcome::Accepted(notes),
        Verdict::Refused(reason) => reason.outcome(),
    };
    let block = |stage, outcome| {
        let control_id = control_id(cx);
        let own = Own {
            control_id: &control_id,
            at: clock::written(cx.now()),
        };
        let answer = envelope.answer(stage, outcome, own)?;
        // Control bytes are not in it: the envelope leaves them out.
        mllp::encode(&answer).ok()
    };
    if envelope.asks().mode == Mode::Original {
        return block(Stage::Application, outcome).unwrap_or_default();
    }
    let application = match outcome {
        Outcome::Accepted(_) | Outcome::Failed(_) => block(Stage::Application, outcome),
        Outcome::Rejected(_) => None,
    };
    let commit = match outcome {
        Outcome::Failed(_) if application.is_some() => block(Stage::Commit, Outcome::Accepted(&[])),
        Outcome::Accepted(_) | Outcome::Failed(_) | Outcome::Rejected(_) => block(Stage::Commit, outcome),
    };
    let application = match outcome {
        Outcome::Rejected(_) if commit.is_none() => block(Stage::Application, outcome),
        Outcome::Accepted(_) | Outcome::Failed(_) | Outcome::Rejected(_) => application,
    };
    [commit, application].into_iter().flatten().flatten().collect()
}

/// The answer to a message of which only the head is known.
pub(super) fn too_long(cx: &Context, head: &[u8]) -> Vec<u8> {
    blocks(
        cx,
        head,
        &Verdict::Refused(Reason::Parse(baton_hl7::ParseError::TooLong)),
    )
}

/// 20 characters, as many as versions before 2.7 have.
fn control_id(cx: &Context) -> String {
    let mut rng = cx.rng();
    format!("{:04X}{:016X}", rng.next_u32() & 0xffff, rng.next_u64())
}
