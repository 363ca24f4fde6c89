//! Spaces, who belongs to them, what is said in them, and what the record tells of patients.

use baton_core::chain::Seq;
use baton_core::id::{OpId, UserId};
use baton_core::op::Body;
use baton_core::op::member::{Added, CameOnDuty, Left, MadeAdmin, MemberOp, Removed, WentOffDuty};
use baton_core::op::message::{
    Acknowledged, Corrected, MENTIONS, MessageOp, Posted, Priority, TEXT_BYTES, Withdrawn,
};
use baton_core::op::patient::{PatientOp, Refreshed};
use baton_core::op::role::{Archived, Fallback, RoleOp};
use baton_core::op::space::{Created, Renamed, SpaceKind, SpaceOp, TITLE_CHARS};
use baton_core::patient::{Gender, Patient};
use baton_core::person::Name;
use baton_core::secret::Personal;
use baton_core::state::SpaceState;
use baton_core::text::AFTER;

use super::scene::{
    ADMIN, GONE, HELD, HERE, MEMBER, NOWHERE, OUTSIDER, OWNER, ROUTINE, URGENT, act, nth, posted,
};
use super::table::{Topic, case, row};
use super::team::only;

pub(super) fn spaces() -> Topic {
    let (kind, about) = (SpaceKind::Team, None);
    let title = "Ward 7".into();
    let created = Body::Space(SpaceOp::Created(Created { kind, title, about }));
    let renamed = |title: &str, after: Vec<OpId>| {
        let (title, base) = (title.into(), Seq::new(1));
        Body::Space(SpaceOp::Renamed(Renamed { title, base, after }))
    };
    Topic {
        title: "Spaces",
        about: "The record makes them, as people ask it to. The title of a \
                 conversation between two people is the other's name.",
        rows: vec![
            row(
                created,
                "The space is there: the first entry of its log, and never again.",
            )
            .given(|state| state.kind = None),
            row(renamed("Ward 8", vec![]), "The title is another.").refused([
                case("nothing is written", renamed(" ", vec![])),
                case(
                    "it has more than 120 characters",
                    renamed(&"x".repeat(TITLE_CHARS + 1), vec![]),
                ),
                case(
                    "it names more than 16 own edits that it was made on",
                    renamed("Ward 8", vec![NOWHERE; AFTER + 1]),
                ),
            ]),
        ],
    }
}

pub(super) fn members() -> Topic {
    let added = |user, admin| Body::Member(MemberOp::Added(Added { user, admin }));
    let made = |user| Body::Member(MemberOp::MadeAdmin(MadeAdmin { user }));
    let left = || Body::Member(MemberOp::Left(Left {}));
    let removed = |user| Body::Member(MemberOp::Removed(Removed { user }));
    Topic {
        title: "Members",
        about: "Whoever leaves holds no role from there on, covers for nobody, and what they had to \
                 do is for all of the space. Off duty is what its author says, and moves nothing: roles, tasks and patients \
                 stay with them until they are handed over.",
        rows: vec![
            row(
                added(OUTSIDER, false),
                "Somebody joins, and reads what was before, too.",
            )
            .refused([case(
                "they join as an administrator, and no administrator says so",
                added(OUTSIDER, true),
            )
            .by(MEMBER)
            .of(SpaceKind::Group)]),
            row(made(MEMBER), "A member becomes an administrator.")
                .refused([case("they are no member", made(OUTSIDER))]),
            row(left(), "The author leaves.")
                .given(move |state| act(state, nth(1), ADMIN, made(MEMBER)))
                .refused([case("nobody would be left to look after the space", left())]),
            row(
                removed(OWNER),
                "Somebody is removed, or leaves as older apps say it.",
            )
            .owner("themselves")
            .refused([
                case("they are no member", removed(OUTSIDER)),
                case("nobody would be left to look after the space", removed(ADMIN)),
            ]),
            row(
                off(None, None),
                "The author is off duty, perhaps until then, perhaps covered by a member or by whoever answers for a role.",
            )
            .refused([
                case("who covers is no member", off(Some(Fallback::Person(OUTSIDER)), None)),
                case("the author covers", off(Some(Fallback::Person(ADMIN)), None)),
                case("the role that covers is not there", off(Some(Fallback::Role(NOWHERE)), None)),
                case("the role that covers is in the archive", off(Some(Fallback::Role(HELD)), None)).given(|state| {
                    let archived = RoleOp::Archived(Archived { role: HELD });
                    act(state, nth(1), ADMIN, Body::Role(archived));
                }),
                case("the author said otherwise meanwhile", off(None, None)).given(gone),
            ]),
            row(on(None), "The author is on duty.").refused([
                case("the author said otherwise meanwhile", on(None)).given(gone),
                case("it names what the author did not say last", on(Some(NOWHERE))).given(gone),
            ]),
        ],
    }
}

fn off(cover: Option<Fallback>, base: Option<OpId>) -> Body {
    let until = None;
    Body::Member(MemberOp::WentOffDuty(WentOffDuty { until, cover, base }))
}

fn on(base: Option<OpId>) -> Body {
    Body::Member(MemberOp::CameOnDuty(CameOnDuty { base }))
}

/// The administrator has gone off duty, which the device of the case has not heard of.
fn gone(state: &mut SpaceState) {
    act(state, nth(1), ADMIN, off(None, None));
}

fn only_administrators(state: &mut SpaceState) {
    act(state, nth(1), ADMIN, only(true));
}

pub(super) fn messages() -> Topic {
    let corrected = |message, text: &str| {
        let text = text.into();
        Body::Message(MessageOp::Corrected(Corrected { message, text }))
    };
    let withdrawn = |message| Body::Message(MessageOp::Withdrawn(Withdrawn { message }));
    let acknowledged = |message| Body::Message(MessageOp::Acknowledged(Acknowledged { message }));
    let mentions = |mentions: Vec<UserId>| {
        Body::Message(MessageOp::Posted(Posted {
            text: "all".into(),
            priority: Priority::Routine,
            reply_to: None,
            mentions,
            roles: vec![],
            about: None,
            photos: vec![],
        }))
    };
    let urgent_answer = Body::Message(MessageOp::Posted(Posted {
        text: "I cannot come".into(),
        priority: Priority::Urgent,
        reply_to: Some(URGENT),
        mentions: vec![],
        roles: vec![],
        about: None,
        photos: vec![],
    }));
    Topic {
        title: "Messages",
        about: "Corrections keep every version. A withdrawal hides, and the record keeps.",
        rows: vec![
            row(
                posted("Bed 4 is ready", Priority::Routine),
                "Somebody says something.",
            )
            .refused([
                case("nothing is written", posted(" ", Priority::Routine)),
                case(
                    "it is longer than 16 KiB",
                    posted(&"x".repeat(TEXT_BYTES + 1), Priority::Routine),
                ),
                case(
                    "it names more than 50 people",
                    mentions(vec![ADMIN; MENTIONS + 1]),
                ),
                case(
                    "only administrators write, and it is no urgent answer",
                    posted("x", Priority::Urgent),
                )
                .by(MEMBER)
                .given(only_administrators),
            ]),
            row(
                urgent_answer,
                "An urgent answer: also where only administrators write.",
            )
            .given(only_administrators),
            row(corrected(ROUTINE, "better"), "The text is to be another.")
                .owner("its author")
                .refused([
                    case("nothing is written", corrected(ROUTINE, "")).by(OWNER),
                    case("it was withdrawn", corrected(GONE, "better")).by(OWNER),
                    case("it is not there", corrected(NOWHERE, "better")).by(OWNER),
                ]),
            row(withdrawn(ROUTINE), "It is hidden. Once more is harmless.")
                .owner("its author")
                .refused([case("it is not there", withdrawn(NOWHERE)).by(OWNER)]),
            row(
                acknowledged(URGENT),
                "Somebody has seen an urgent message and says so.",
            )
            .owner("its author")
            .refused([
                case("it is not urgent", acknowledged(ROUTINE)),
                case("it was withdrawn", acknowledged(GONE)),
                case("it is not there", acknowledged(NOWHERE)),
            ]),
        ],
    }
}

pub(super) fn patients() -> Topic {
    let patient = Patient {
        version: 1,
        name: Personal::new(Name {
            family: "OKONKWO".into(),
            given: "Ada".into(),
            title: String::new(),
        }),
        gender: Gender::Female,
        ..Patient::new(HERE)
    };
    let news = vec![];
    let refreshed = PatientOp::Refreshed(Box::new(Refreshed {
        patient,
        news,
        reports: Vec::new(),
    }));
    Topic {
        title: "Patients",
        about: "Only the record, which has the index, tells of patients. It \
                 refuses whatever names one who is not in it (`no-such-patient`).",
        rows: vec![row(
            Body::Patient(refreshed),
            "What is known of a patient now, and what happened to them.",
        )],
    }
}
