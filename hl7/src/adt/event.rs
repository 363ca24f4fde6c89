//! What happened, by the trigger event of an ADT message (HL7 v2.5.1 §3.3, table 0003).

/// What happened, in clinical terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A11: an admission or visit was entered in error, or will not be.
    AdmissionCancelled,
    /// A14: an admission is planned.
    AdmissionPending,
    /// A27: a planned admission will not be.
    AdmissionPendingCancelled,
    /// A01: a patient was admitted.
    Admitted,
    /// A32: an arrival (A10) was entered in error.
    ArrivalCancelled,
    /// A10: a patient arrived at a place, without a change of the assigned location (tracking).
    Arrived,
    /// A55: a change of the attending doctor was entered in error.
    AttendingChangeCancelled,
    /// A54: the attending doctor changed.
    AttendingChanged,
    /// A06: an outpatient became an inpatient.
    BecameInpatient,
    /// A07: an inpatient became an outpatient.
    BecameOutpatient,
    /// A17: two patients exchanged beds; each of two persons has a visit.
    BedsSwapped,
    /// A62: a change of the consulting doctor was entered in error.
    ConsultingChangeCancelled,
    /// A61: the consulting doctor changed.
    ConsultingChanged,
    /// A33: a departure (A09) was entered in error.
    DepartureCancelled,
    /// A09: a patient left a place on the way to another (tracking).
    Departed,
    /// A13: a discharge was entered in error, or will not be: the visit goes on.
    DischargeCancelled,
    /// A16: a discharge is planned.
    DischargePending,
    /// A25: a planned discharge will not be.
    DischargePendingCancelled,
    /// A03: a patient was discharged, or a visit ended.
    Discharged,
    /// A46 to A51: an identifier was wrong and has another value; nothing is combined.
    IdentifierChanged(Level),
    /// An event of an ADT message that is of no consequence for who is where: A20 (bed status), A60 (allergies).
    Irrelevant {
        /// The trigger event.
        trigger: &'static str,
    },
    /// A53: a return from a leave of absence was entered in error: the patient is still away.
    LeaveEndCancelled,
    /// A22: a patient came back from a leave of absence.
    LeaveEnded,
    /// A52: a leave of absence was entered in error, or will not be.
    LeaveStartCancelled,
    /// A21: a patient went on a leave of absence.
    LeaveStarted,
    /// A24: two records are of one person; both stay.
    Linked,
    /// A18, A30, A34 to A36, A39 to A42: what [`super::Prior`] names is now what the patient's identifiers name.
    Merged(Level),
    /// A43 to A45: what [`super::Prior`] names now belongs to the patient or account that the patient's segment names.
    Moved(Level),
    /// A28: a person was added, without a visit.
    PersonAdded,
    /// A29: a person's record was deleted.
    PersonDeleted,
    /// A31: details of a person changed, without a visit.
    PersonUpdated,
    /// A38: a pre-admission was cancelled.
    PreAdmissionCancelled,
    /// A05: a patient was registered before an admission.
    PreAdmitted,
    /// A04: a patient was registered for a visit (outpatient, emergency).
    Registered,
    /// A12: a transfer was entered in error, or will not be.
    TransferCancelled,
    /// A15: a transfer is planned.
    TransferPending,
    /// A26: a planned transfer will not be.
    TransferPendingCancelled,
    /// A02: a patient moved to another location.
    Transferred,
    /// A37: two records that were linked (A24) are of two persons.
    Unlinked,
    /// A08: details of a patient or of a visit changed.
    Updated,
    /// A23: a visit that was entered in error was deleted.
    VisitDeleted,
}

/// What a merge, a move or a change of an identifier is about (v2.5.1 §3.6.2 "hierarchy of identifiers").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A person or patient, by any identifier: MRG-1, MRG-2 or MRG-4.
    Patient,
    /// A patient and an account of theirs: MRG-1 and MRG-3 (A36).
    PatientAndAccount,
    /// An account: MRG-3.
    Account,
    /// A visit: MRG-5.
    Visit,
    /// A visit by its alternate identifier: MRG-6.
    AlternateVisit,
}

impl Event {
    /// The event of a trigger code; `None` if table 0003 has no such event of an ADT message.
    pub fn named(trigger: &str) -> Option<Self> {
        Some(match trigger {
            "A01" => Self::Admitted,
            "A02" => Self::Transferred,
            "A03" => Self::Discharged,
            "A04" => Self::Registered,
            "A05" => Self::PreAdmitted,
            "A06" => Self::BecameInpatient,
            "A07" => Self::BecameOutpatient,
            "A08" => Self::Updated,
            "A09" => Self::Departed,
            "A10" => Self::Arrived,
            "A11" => Self::AdmissionCancelled,
            "A12" => Self::TransferCancelled,
            "A13" => Self::DischargeCancelled,
            "A14" => Self::AdmissionPending,
            "A15" => Self::TransferPending,
            "A16" => Self::DischargePending,
            "A17" => Self::BedsSwapped,
            "A18" | "A30" | "A34" | "A39" | "A40" => Self::Merged(Level::Patient),
            "A20" => Self::Irrelevant { trigger: "A20" },
            "A21" => Self::LeaveStarted,
            "A22" => Self::LeaveEnded,
            "A23" => Self::VisitDeleted,
            "A24" => Self::Linked,
            "A25" => Self::DischargePendingCancelled,
            "A26" => Self::TransferPendingCancelled,
            "A27" => Self::AdmissionPendingCancelled,
            "A28" => Self::PersonAdded,
            "A29" => Self::PersonDeleted,
            "A31" => Self::PersonUpdated,
            "A32" => Self::ArrivalCancelled,
            "A33" => Self::DepartureCancelled,
            "A35" | "A41" => Self::Merged(Level::Account),
            "A36" => Self::Merged(Level::PatientAndAccount),
            "A37" => Self::Unlinked,
            "A38" => Self::PreAdmissionCancelled,
            "A42" => Self::Merged(Level::Visit),
            "A43" => Self::Moved(Level::Patient),
            "A44" => Self::Moved(Level::Account),
            "A45" => Self::Moved(Level::Visit),
            "A46" | "A47" | "A48" => Self::IdentifierChanged(Level::Patient),
            "A49" => Self::IdentifierChanged(Level::Account),
            "A50" => Self::IdentifierChanged(Level::Visit),
            "A51" => Self::IdentifierChanged(Level::AlternateVisit),
            "A52" => Self::LeaveStartCancelled,
            "A53" => Self::LeaveEndCancelled,
            "A54" => Self::AttendingChanged,
            "A55" => Self::AttendingChangeCancelled,
            "A60" => Self::Irrelevant { trigger: "A60" },
            "A61" => Self::ConsultingChanged,
            "A62" => Self::ConsultingChangeCancelled,
            _ => return None,
        })
    }

    /// What the message must hold for this event to be understood.
    pub(crate) fn needs(&self) -> Needs {
        match self {
            Self::Irrelevant { .. } => Needs::of(Patients::Any),
            Self::BedsSwapped => Needs {
                visit: true,
                ..Needs::of(Patients::Two)
            },
            Self::Linked | Self::Unlinked => Needs::of(Patients::Two),
            Self::Moved(level) => Needs {
                prior: Some(*level),
                ..Needs::of(Patients::OneOrMore)
            },
            Self::Merged(level) | Self::IdentifierChanged(level) => Needs {
                prior: Some(*level),
                target: Some(*level),
                ..Needs::of(Patients::OneOrMore)
            },
            Self::Updated | Self::PersonAdded | Self::PersonDeleted | Self::PersonUpdated => {
                Needs::of(Patients::One)
            }
            Self::AdmissionCancelled
            | Self::AdmissionPending
            | Self::AdmissionPendingCancelled
            | Self::Admitted
            | Self::ArrivalCancelled
            | Self::Arrived
            | Self::AttendingChangeCancelled
            | Self::AttendingChanged
            | Self::BecameInpatient
            | Self::BecameOutpatient
            | Self::ConsultingChangeCancelled
            | Self::ConsultingChanged
            | Self::DepartureCancelled
            | Self::Departed
            | Self::DischargeCancelled
            | Self::DischargePending
            | Self::DischargePendingCancelled
            | Self::Discharged
            | Self::LeaveEndCancelled
            | Self::LeaveEnded
            | Self::LeaveStartCancelled
            | Self::LeaveStarted
            | Self::PreAdmissionCancelled
            | Self::PreAdmitted
            | Self::Registered
            | Self::TransferCancelled
            | Self::TransferPending
            | Self::TransferPendingCancelled
            | Self::Transferred
            | Self::VisitDeleted => Needs {
                visit: true,
                ..Needs::of(Patients::One)
            },
        }
    }
}

/// What an event needs of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    /// How many `PID`.
    pub(crate) patients: Patients,
    /// Whether each needs a `PV1`.
    pub(crate) visit: bool,
    /// Whether each needs an `MRG`, and what that must name.
    pub(crate) prior: Option<Level>,
    /// What `PID` or `PV1` must name for it to become: PID-18, PV1-19 or PV1-50. A move says no more than to whom.
    pub(crate) target: Option<Level>,
}

impl Needs {
    const fn of(patients: Patients) -> Self {
        Self {
            patients,
            visit: false,
            prior: None,
            target: None,
        }
    }
}

/// How many patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patients {
    Any,
    One,
    OneOrMore,
    Two,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trigger_says_what_happened() {
        assert_eq!(Event::named("A01"), Some(Event::Admitted));
        assert_eq!(Event::named("A38"), Some(Event::PreAdmissionCancelled));
        assert_eq!(Event::named("A52"), Some(Event::LeaveStartCancelled));
        assert_eq!(Event::named("A60"), Some(Event::Irrelevant { trigger: "A60" }));
    }

    #[test]
    fn each_event_of_an_adt_message_in_table_0003_is_known() {
        let all = (1..=62).map(|number| format!("A{number:02}"));
        let unknown: Vec<_> = all.filter(|trigger| Event::named(trigger).is_none()).collect();
        // A19 is a query (QRY), not an ADT message; table 0003 has no A56 to A59.
        assert_eq!(unknown, ["A19", "A56", "A57", "A58", "A59"]);
        for other in ["", "A00", "A1", "a01", "A001", "R01", "A99"] {
            assert_eq!(Event::named(other), None, "{other}");
        }
    }

    #[test]
    fn a_move_is_no_merge_and_a_change_is_neither() {
        assert_eq!(Event::named("A40"), Some(Event::Merged(Level::Patient)));
        assert_eq!(Event::named("A43"), Some(Event::Moved(Level::Patient)));
        assert_eq!(
            Event::named("A47"),
            Some(Event::IdentifierChanged(Level::Patient))
        );
        assert_eq!(Event::named("A45"), Some(Event::Moved(Level::Visit)));
        assert_eq!(Event::named("A36"), Some(Event::Merged(Level::PatientAndAccount)));
    }
}
