//! Why the record (or one's own device, first) does not take an operation, and what the person can do about it.

use serde::{Deserialize, Serialize};

/// A reason, for a person to read. The text that they wrote is kept until they correct or discard it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
)]
pub enum Refusal {
    /// The message is not urgent, so there is nothing to acknowledge.
    #[error("This message does not ask to be acknowledged.")]
    #[serde(rename = "ack-routine")]
    AcknowledgeRoutine,
    /// One's own message.
    #[error("You wrote this message, so somebody else has to acknowledge it.")]
    #[serde(rename = "ack-own")]
    AcknowledgeOwn,
    /// A direct conversation has two people for ever.
    #[error("A direct conversation is always between two people. Start a group to include others.")]
    #[serde(rename = "direct-fixed")]
    DirectFixed,
    /// So many lists are too many.
    #[error("There are as many lists here as can be held. Use one of them again, also one from the archive.")]
    #[serde(rename = "lists")]
    TooManyLists,
    /// So many columns are too many.
    #[error("This list has as many columns of its own as it can hold. Use one of them again.")]
    #[serde(rename = "columns")]
    TooManyColumns,
    /// Nothing was written.
    #[error("There is nothing to send. Write something first.")]
    #[serde(rename = "empty")]
    Empty,
    /// The space would have nobody to look after it.
    #[error("You are the only administrator. Make somebody else administrator first.")]
    #[serde(rename = "last-admin")]
    LastAdmin,
    /// A patient waits in another handover.
    #[error("One of these patients is offered to somebody already. Withdraw that first, or leave them out.")]
    #[serde(rename = "already-offered")]
    AlreadyOffered,
    /// Only administrators write here.
    #[error(
        "Only administrators write here. If it cannot wait, answer a message and mark the answer as urgent."
    )]
    #[serde(rename = "announcements-only")]
    AnnouncementsOnly,
    /// Somebody else changed it meanwhile.
    #[error("Somebody changed this meanwhile. See how it is now, then change it again.")]
    #[serde(rename = "changed-meanwhile")]
    ChangedMeanwhile,
    /// A handover holds as much as it may.
    #[error("This handover holds as much as it can. Say it in the conversation, or hand over in two parts.")]
    #[serde(rename = "handover-full")]
    HandoverFull,
    /// The list is in the archive.
    #[error("This list is in the archive. Take it out of the archive to change it.")]
    #[serde(rename = "list-archived")]
    ListArchived,
    /// The list has as many patients as it may.
    #[error("This list has as many patients as it can hold. Take some off it, or start another list.")]
    #[serde(rename = "list-full")]
    ListFull,
    /// What the operation is made of contradicts itself or its envelope.
    #[error("This could not be checked. Reload the app, then try again.")]
    #[serde(rename = "malformed")]
    Malformed,
    /// A newer app made it.
    #[error("The record does not know this kind of item yet. Keep the text and try again later.")]
    #[serde(rename = "unknown-kind")]
    UnknownKind,
    /// Only administrators may.
    #[error("Only an administrator of this team may do this. Ask one of them.")]
    #[serde(rename = "not-admin")]
    NotAdmin,
    /// Only the author may.
    #[error("Only the person who wrote this message may change it.")]
    #[serde(rename = "not-author")]
    NotAuthor,
    /// Not a member, or no longer.
    #[error("You are not a member of this conversation. Ask a member to add you.")]
    #[serde(rename = "not-member")]
    NotMember,
    /// Only the record does this.
    #[error("Only the record itself may do this.")]
    #[serde(rename = "record-only")]
    RecordOnly,
    /// Lists that fill themselves are made elsewhere, or by others.
    #[error(
        "A list that fills itself is made by a team, or among your own lists. Make it there, or keep this one by hand."
    )]
    #[serde(rename = "no-automatic")]
    NoAutomatic,
    /// The column is not there.
    #[error("This column is no longer on the list. Keep the text, and write it in another column.")]
    #[serde(rename = "no-column")]
    NoColumn,
    /// The list is not there.
    #[error("The list that this is about was not found. It may not have been sent.")]
    #[serde(rename = "no-list")]
    NoList,
    /// The handover is not there, or no longer.
    #[error(
        "The handover that this is about was not found. It may not have been sent, or it is from long ago."
    )]
    #[serde(rename = "no-handover")]
    NoHandover,
    /// The pinned note is not there.
    #[error("This note is not pinned any more.")]
    #[serde(rename = "no-pinned")]
    NoPinned,
    /// The question is not there.
    #[error("The question that this answers was not found. It may not have been sent.")]
    #[serde(rename = "no-question")]
    NoQuestion,
    /// The section is not on the sheet.
    #[error("This heading is no longer on the handover sheet. Keep the text, and write it under another.")]
    #[serde(rename = "no-section")]
    NoSection,
    /// There are no lists in a space of this kind.
    #[error("There are no lists here. Make the list in a team or a group, or among your own lists.")]
    #[serde(rename = "no-lists-here")]
    NoListsHere,
    /// The message is not there.
    #[error("The message that this is about was not found. It may not have been sent.")]
    #[serde(rename = "no-message")]
    NoMessage,
    /// The patient is not in the index.
    #[error("This patient was not found in the record. Look them up again.")]
    #[serde(rename = "no-such-patient")]
    NoSuchPatient,
    /// The space has no title of its own.
    #[error("This is shown under the name of its patient or owner, so it cannot be renamed.")]
    #[serde(rename = "no-title")]
    NoTitle,
    /// The patient is not on the list.
    #[error("This patient is not on the list any more. Put them on it again first, then write this again.")]
    #[serde(rename = "not-on-list")]
    NotOnList,
    /// Only who is responsible may.
    #[error(
        "Somebody else is responsible for one of these patients. Take them over first, or leave them out."
    )]
    #[serde(rename = "not-responsible")]
    NotResponsible,
    /// Nobody of these waits any more.
    #[error(
        "None of these patients is waiting here: accepted, refused, withdrawn or taken over. See who has them now."
    )]
    #[serde(rename = "not-waiting")]
    NotWaiting,
    /// Only the two sides of a handover may.
    #[error("Only the person who offered these patients, or to whom they were offered, may do this.")]
    #[serde(rename = "not-yours")]
    NotYours,
    /// It was refused once, and what the same person did later was taken.
    #[error(
        "What you did after this is in the record already. See how things stand, then do it again if it still holds."
    )]
    #[serde(rename = "overtaken")]
    Overtaken,
    /// Nobody else belongs to somebody's own space.
    #[error("Your own lists are for you alone. Copy a list to a team or a group to share it.")]
    #[serde(rename = "own-fixed")]
    OwnFixed,
    /// Somebody else is responsible by now.
    #[error("Somebody else is responsible for one of these patients by now. See who, then decide again.")]
    #[serde(rename = "responsibility-moved")]
    ResponsibilityMoved,
    /// Care of a patient who is on a list does not end.
    #[error("One of these patients is on a list of this team, or waits in a handover. Take them off first.")]
    #[serde(rename = "still-here")]
    StillHere,
    /// The receiver decides on each patient before they sign off.
    #[error("Some patients are still waiting. Accept or refuse them first, then sign off.")]
    #[serde(rename = "still-waiting")]
    StillWaiting,
    /// It is for teams only.
    #[error("This is there in teams only. Do it in a team.")]
    #[serde(rename = "teams-only")]
    TeamsOnly,
    /// The person is not in this space.
    #[error("This person is not a member of this conversation.")]
    #[serde(rename = "no-such-member")]
    NoSuchMember,
    /// The person is not in the directory.
    #[error("This person was not found in the directory.")]
    #[serde(rename = "no-such-person")]
    NoSuchPerson,
    /// Too long or too many.
    #[error("This is too long. Shorten it, or send it in parts.")]
    #[serde(rename = "too-long")]
    TooLong,
    /// So many handovers in which patients wait are too many.
    #[error("Too many handovers are waiting. Have some accepted, or withdraw them, then offer these again.")]
    #[serde(rename = "handovers")]
    TooManyHandovers,
    /// So many patients are too many.
    #[error(
        "These are more patients than can be held. Do it in parts, or end the care of those who have left."
    )]
    #[serde(rename = "patients")]
    TooManyPatients,
    /// So many pinned notes are too many.
    #[error("There are as many pinned notes as can be held. Take one down first.")]
    #[serde(rename = "pinned")]
    TooManyPinned,
    /// So many sections are too many.
    #[error(
        "These are more headings than a handover sheet can have. Use one of those that were there before."
    )]
    #[serde(rename = "sections")]
    TooManySections,
    /// Too many versions of a text stand beside each other.
    #[error(
        "Several people wrote here at the same time. Read what they wrote, then write one text for all of it."
    )]
    #[serde(rename = "unsettled")]
    Unsettled,
    /// The message was withdrawn.
    #[error("This message was withdrawn, so it can no longer be changed.")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
    /// A role would fall back to itself.
    #[error(
        "These roles would cover for each other in a circle, and in the end nobody would. Choose somebody else to cover."
    )]
    #[serde(rename = "fallback-circle")]
    FallbackCircle,
    /// The item is not on the checklist.
    #[error("This step is not on the checklist.")]
    #[serde(rename = "no-item")]
    NoItem,
    /// The role is not there.
    #[error("The role that this is about was not found. It may not have been sent.")]
    #[serde(rename = "no-role")]
    NoRole,
    /// The task is not there.
    #[error(
        "The task that this is about was not found. It may have been signed off long ago, or not have been sent."
    )]
    #[serde(rename = "no-task")]
    NoTask,
    /// The template is not there, or is another now.
    #[error("This template was changed or removed meanwhile. See how it is now, then change it again.")]
    #[serde(rename = "no-template")]
    NoTemplate,
    /// The task is somebody else's.
    #[error("This task is not for you now. See who has it. If you did it all the same, say that it is done.")]
    #[serde(rename = "not-for-you")]
    NotForYou,
    /// Somebody else holds the role.
    #[error("You do not hold this role now. See who does.")]
    #[serde(rename = "not-holder")]
    NotHolder,
    /// The offer is to somebody else.
    #[error("This role was offered to somebody else.")]
    #[serde(rename = "not-offered")]
    NotOffered,
    /// The offer no longer stands.
    #[error("This offer no longer stands. See who holds the role now.")]
    #[serde(rename = "offer-gone")]
    OfferGone,
    /// The role is in the archive.
    #[error("This role is in the archive. An administrator can take it out.")]
    #[serde(rename = "role-archived")]
    RoleArchived,
    /// The role is not vacant.
    #[error(
        "Somebody holds this role. See who: ask them to offer it to you, or take it from them if they left without handing it back."
    )]
    #[serde(rename = "role-held")]
    RoleHeld,
    /// Another holds the role than the one from whom it was to be taken.
    #[error("This role went to somebody else meanwhile. See who holds it now.")]
    #[serde(rename = "role-moved")]
    RoleMoved,
    /// Nobody holds the role.
    #[error("This role was handed back meanwhile. Take it as a vacant one if you are to hold it.")]
    #[serde(rename = "role-vacant")]
    RoleVacant,
    /// One holds the role oneself.
    #[error("You hold this role already.")]
    #[serde(rename = "role-yours")]
    RoleYours,
    /// Two would hold a role at once.
    #[error(
        "Two of these shifts are at the same time, and one person holds a role at a time. Change one of them."
    )]
    #[serde(rename = "shifts-overlap")]
    ShiftsOverlap,
    /// The task ended.
    #[error(
        "This task was done or cancelled meanwhile. See by whom and when. Reopen it if it is to be done after all."
    )]
    #[serde(rename = "task-closed")]
    TaskClosed,
    /// The task was also done by somebody else.
    #[error("Somebody else said meanwhile that they did this. See what they wrote, then sign it off.")]
    #[serde(rename = "task-ended-again")]
    TaskEndedAgain,
    /// The task holds as much as it may.
    #[error("This task holds as much as it can. Make another one.")]
    #[serde(rename = "task-full")]
    TaskFull,
    /// The task went to somebody else.
    #[error("Somebody else took this task or gave it away meanwhile. See who has it now.")]
    #[serde(rename = "task-moved")]
    TaskMoved,
    /// The task did not end.
    #[error("This task is still to be done.")]
    #[serde(rename = "task-open")]
    TaskOpen,
    /// Somebody else has taken the task on.
    #[error("Somebody else has taken this task on. See who.")]
    #[serde(rename = "task-taken")]
    TaskTaken,
    /// So many roles are too many.
    #[error("There are as many roles here as can be held. Use one of them again, also one from the archive.")]
    #[serde(rename = "roles")]
    TooManyRoles,
    /// So many tasks are too many.
    #[error("There are as many tasks here as can be held. Sign off those that are done.")]
    #[serde(rename = "tasks")]
    TooManyTasks,
    /// So many templates are too many.
    #[error("There are as many templates here as can be held. Use one of them again.")]
    #[serde(rename = "templates")]
    TooManyTemplates,
    /// A photo of it is not there.
    #[error(
        "A photo of this message is no longer on the device, or did not reach the record. Take it again, and send this anew."
    )]
    #[serde(rename = "no-photo")]
    NoPhoto,
    /// A reason that a newer record gave.
    #[error("The record did not take this. Reload the app to see why.")]
    #[serde(other, rename = "unknown")]
    Unknown,
}
