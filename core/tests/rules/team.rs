//! What a team says of itself.

use baton_core::chain::Seq;
use baton_core::id::OpId;
use baton_core::op::Body;
use baton_core::op::space::{
    AnnouncementsOnly, NoteUnpinned, PINNED, PINNED_BYTES, PURPOSE_BYTES, PurposeSet, SpaceOp,
};
use baton_core::state::SpaceState;
use baton_core::text::UNSETTLED;

use super::scene::{ADMIN, NOTE, NOWHERE, act, future, nth, pinned};
use super::table::{Topic, case, row};

pub(super) fn only(on: bool) -> Body {
    Body::Space(SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on }))
}

fn purpose(text: &str, base: Seq) -> Body {
    let (text, after) = (text.into(), vec![]);
    Body::Space(SpaceOp::PurposeSet(PurposeSet { text, base, after }))
}

fn unpinned(note: OpId) -> Body {
    Body::Space(SpaceOp::NoteUnpinned(NoteUnpinned { note }))
}

fn at_once(state: &mut SpaceState) {
    for n in 0..UNSETTLED {
        act(state, nth(n), ADMIN, purpose("x", Seq::ZERO));
    }
}

fn many(state: &mut SpaceState) {
    for n in 0..PINNED {
        act(state, nth(n), ADMIN, pinned("x"));
    }
}

pub(super) fn team() -> Topic {
    Topic {
        title: "What a team says of itself",
        about: "Its administrators say it, and everybody in it reads it.",
        rows: vec![
            row(
                purpose("Acute medicine", Seq::ZERO),
                "What it is for is written, or cleared.",
            )
            .refused([
                case(
                    "it is longer than 2 KiB",
                    purpose(&"x".repeat(PURPOSE_BYTES + 1), Seq::ZERO),
                ),
                case("it was made on what is not there yet", purpose("x", future())),
                case(
                    "8 texts stand there that it was not made on",
                    purpose("x", Seq::ZERO),
                )
                .given(at_once),
            ]),
            row(
                pinned("Fast bleep 4422"),
                "A note that everybody should know is pinned.",
            )
            .refused([
                case("nothing is written", pinned(" ")),
                case("it is longer than 2 KiB", pinned(&"x".repeat(PINNED_BYTES + 1))),
                case("there are 10 already", pinned("x")).given(many),
            ]),
            row(unpinned(NOTE), "A pinned note is taken down.")
                .refused([case("it is not pinned, or no longer", unpinned(NOWHERE))]),
            row(
                only(true),
                "Only administrators write from here on, or everybody again. Once \
                 more is harmless.",
            ),
        ],
    }
}
