//! The reasons, each with what it says to a person.

use std::fmt::Write as _;

use baton_core::refusal::Refusal;

/// Those that rules give.
pub(super) const BY_RULES: [Refusal; 69] = [
    Refusal::AcknowledgeOwn,
    Refusal::AcknowledgeRoutine,
    Refusal::AlreadyOffered,
    Refusal::AnnouncementsOnly,
    Refusal::ChangedMeanwhile,
    Refusal::DirectFixed,
    Refusal::Empty,
    Refusal::FallbackCircle,
    Refusal::HandoverFull,
    Refusal::LastAdmin,
    Refusal::ListArchived,
    Refusal::ListFull,
    Refusal::Malformed,
    Refusal::NoAutomatic,
    Refusal::NoColumn,
    Refusal::NoHandover,
    Refusal::NoItem,
    Refusal::NoList,
    Refusal::NoListsHere,
    Refusal::NoMessage,
    Refusal::NoPinned,
    Refusal::NoQuestion,
    Refusal::NoRole,
    Refusal::NoSection,
    Refusal::NoSuchMember,
    Refusal::NoTask,
    Refusal::NoTemplate,
    Refusal::NoTitle,
    Refusal::NotAdmin,
    Refusal::NotAuthor,
    Refusal::NotForYou,
    Refusal::NotHolder,
    Refusal::NotMember,
    Refusal::NotOffered,
    Refusal::NotOnList,
    Refusal::NotResponsible,
    Refusal::NotWaiting,
    Refusal::NotYours,
    Refusal::OfferGone,
    Refusal::OwnFixed,
    Refusal::RecordOnly,
    Refusal::ResponsibilityMoved,
    Refusal::RoleArchived,
    Refusal::RoleHeld,
    Refusal::RoleMoved,
    Refusal::RoleVacant,
    Refusal::RoleYours,
    Refusal::ShiftsOverlap,
    Refusal::StillHere,
    Refusal::StillWaiting,
    Refusal::TaskClosed,
    Refusal::TaskEndedAgain,
    Refusal::TaskFull,
    Refusal::TaskMoved,
    Refusal::TaskOpen,
    Refusal::TaskTaken,
    Refusal::TeamsOnly,
    Refusal::TooLong,
    Refusal::TooManyColumns,
    Refusal::TooManyHandovers,
    Refusal::TooManyLists,
    Refusal::TooManyPatients,
    Refusal::TooManyPinned,
    Refusal::TooManyRoles,
    Refusal::TooManySections,
    Refusal::TooManyTasks,
    Refusal::TooManyTemplates,
    Refusal::Unsettled,
    Refusal::Withdrawn,
];

/// Those that are not asked of the state of a space, each with who gives it.
const OTHERS: [(Refusal, &str); 5] = [
    (
        Refusal::NoSuchPatient,
        "the record, whose index has no such patient",
    ),
    (
        Refusal::NoSuchPerson,
        "the record, whose directory has no such person",
    ),
    (
        Refusal::Overtaken,
        "the record, which has what the same person did later",
    ),
    (Refusal::Unknown, "a device, for the reason of a newer record"),
    (Refusal::UnknownKind, "the record, for what a newer app made"),
];

/// As it is on the wire.
pub(super) fn code(refusal: Refusal) -> &'static str {
    let bytes = baton_core::cbor::to_bytes(&refusal);
    let code: String = baton_core::cbor::from_bytes(&bytes).unwrap();
    Box::leak(code.into_boxed_str())
}

pub(super) fn markdown() -> String {
    let mut text = "## Reasons\n\n| reason | what a person reads |\n| --- | --- |\n".to_owned();
    let mut all: Vec<(&str, Refusal)> = BY_RULES
        .into_iter()
        .map(|refusal| (code(refusal), refusal))
        .collect();
    all.extend(OTHERS.into_iter().map(|(refusal, _)| (code(refusal), refusal)));
    all.sort_unstable();
    for (code, refusal) in all {
        let by = OTHERS.iter().find(|(known, _)| *known == refusal);
        let by = by.map_or_else(String::new, |(_, who)| format!(" (By {who}.)"));
        let _ = writeln!(text, "| `{code}` | {refusal}{by} |");
    }
    text
}
