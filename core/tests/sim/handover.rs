//! What people do in a schedule with handovers, and with what a team says of itself.

use baton_core::id::{OpId, PatientId, UserId};
use baton_core::op::Body;
use baton_core::op::handover::{
    Accepted, Answered, Asked, CareEnded, Closed, HandoverOp, NoteSet, Offered, Priority, PrioritySet,
    ReadBack, Refused, ResponsibilityTaken, SectionId, Side, TemplateSet, To, Which, Withdrawn,
};
use baton_core::op::member::{Left, MemberOp};
use baton_core::op::space::{AnnouncementsOnly, NotePinned, NoteUnpinned, PurposeSet, SpaceOp};
use baton_core::state::handover::view;
use baton_core::state::{Handover, SpaceState, Task};
use baton_core::text::Basis;
use rand_chacha::ChaCha8Rng;

use super::lists::PATIENTS;
use super::net::{chance, pick};
use super::work::any;

/// Something that somebody does on what is shown.
pub fn body(shown: &SpaceState, me: UserId, users: &[UserId], rng: &mut ChaCha8Rng) -> Body {
    if chance(rng, 80) {
        return of_the_team(shown, rng);
    }
    let patient = PATIENTS[pick(rng, PATIENTS.len())];
    let op = match pick(rng, 12) {
        0..=2 => write(shown, patient, rng),
        3 => HandoverOp::PrioritySet(PrioritySet {
            patient,
            priority: [Priority::Unstable, Priority::Watch, Priority::Stable][pick(rng, 3)],
        }),
        4 => {
            let from = shown.handovers.responsible(patient).map(|known| known.user);
            let patients = vec![patient];
            HandoverOp::ResponsibilityTaken(ResponsibilityTaken { patients, from })
        }
        5 if chance(rng, 300) => HandoverOp::CareEnded(CareEnded {
            patients: vec![patient],
        }),
        5 if chance(rng, 300) => {
            let Basis { base, after } = shown.handovers.template.basis();
            let mut sections = baton_core::op::handover::section::standard();
            sections.truncate(1 + pick(rng, sections.len()));
            HandoverOp::TemplateSet(TemplateSet {
                sections,
                base,
                after,
            })
        }
        5 | 6 => offer(shown, patient, me, users, rng),
        _ => of_a_handover(shown, rng).unwrap_or_else(|| offer(shown, patient, me, users, rng)),
    };
    Body::Handover(op)
}

fn write(shown: &SpaceState, patient: PatientId, rng: &mut ChaCha8Rng) -> HandoverOp {
    let section = SectionId::new(["situation", "background"][pick(rng, 2)]);
    let sheet = shown.handovers.sheet(patient);
    let basis = sheet.map(|sheet| sheet.basis(&section)).unwrap_or_default();
    HandoverOp::NoteSet(NoteSet {
        patient,
        section,
        text: "day 2, still febrile".into(),
        base: basis.base,
        after: basis.after,
    })
}

/// One's own patients, and often one more.
fn offer(
    shown: &SpaceState,
    patient: PatientId,
    me: UserId,
    users: &[UserId],
    rng: &mut ChaCha8Rng,
) -> HandoverOp {
    let mut patients: Vec<PatientId> = shown.handovers.of(me).map(|sheet| sheet.patient).collect();
    if patients.is_empty() || (chance(rng, 400) && !patients.contains(&patient)) {
        patients.push(patient);
    }
    let roles: Vec<OpId> = shown.roles.iter().map(|(id, _)| id).collect();
    let to = match any(&roles, rng).filter(|_| chance(rng, 300)) {
        Some(role) => To::Role(role),
        None => To::Person(users[pick(rng, users.len())]),
    };
    let theirs = shown
        .tasks
        .iter()
        .filter(|task| task.who(&shown.roles) == Some(me));
    HandoverOp::Offered(Box::new(Offered {
        unsent: view::unsent(shown, &patients, me),
        patients,
        list: None,
        to,
        tasks: theirs.map(Task::id).take(20).collect(),
        roles: shown.roles.held_by(me).map(|(id, _)| id).take(20).collect(),
        place: "".into(),
        note: "a quiet night".into(),
        present: vec![],
    }))
}

fn of_a_handover(shown: &SpaceState, rng: &mut ChaCha8Rng) -> Option<HandoverOp> {
    let all: Vec<&Handover> = shown.handovers.iter().collect();
    // Mostly the newest, in which somebody may wait.
    let held = if chance(rng, 700) {
        *all.last()?
    } else {
        *all.get(pick(rng, all.len()))?
    };
    let handover = held.id();
    let patient = held.parts.first()?.patient;
    let patients = if chance(rng, 500) {
        Which::All
    } else {
        Which::Some(vec![patient])
    };
    let text = "bloods at 22:00".into();
    Some(match pick(rng, 10) {
        0..=3 => HandoverOp::Accepted(Accepted { handover, patients }),
        4 => HandoverOp::Refused(Refused {
            handover,
            patients,
            reason: "not ours".into(),
        }),
        5 => HandoverOp::Withdrawn(Withdrawn { handover }),
        6 => HandoverOp::Asked(Asked {
            handover,
            patient: chance(rng, 500).then_some(patient),
            text,
        }),
        7 => {
            let question = held.questions.last()?.asked.stamp.op;
            HandoverOp::Answered(Answered { question, text })
        }
        8 => HandoverOp::ReadBack(ReadBack {
            handover,
            patient,
            text,
        }),
        _ => HandoverOp::Closed(Closed {
            handover,
            side: [Side::Giving, Side::Receiving][pick(rng, 2)],
            satisfaction: None,
            text: "".into(),
            present: vec![],
        }),
    })
}

fn of_the_team(shown: &SpaceState, rng: &mut ChaCha8Rng) -> Body {
    let pinned = shown.team.pinned().next().map(baton_core::state::Pinned::id);
    Body::Space(match (pick(rng, 6), pinned) {
        (0, _) => SpaceOp::AnnouncementsOnly(AnnouncementsOnly { on: chance(rng, 500) }),
        (1, Some(note)) => SpaceOp::NoteUnpinned(NoteUnpinned { note }),
        (1 | 2, _) => SpaceOp::NotePinned(NotePinned {
            text: "crash bleep 2222".into(),
        }),
        (3, _) if chance(rng, 200) => return Body::Member(MemberOp::Left(Left {})),
        _ => {
            let Basis { base, after } = shown.team.purpose.basis();
            SpaceOp::PurposeSet(PurposeSet {
                text: "acute medicine".into(),
                base,
                after,
            })
        }
    })
}
