//! This device as the screens show it: what it keeps and until when, and what is wrong with keeping it.

use crate::part::derived::RwSignal;
use baton_core::time::At;

use crate::vault::DbError;
use crate::visit::take::Progress;

/// This device.
#[derive(Clone, Copy)]
pub struct DeviceState {
    /// What the browser says when something cannot be kept; `None` while all is well.
    pub trouble: RwSignal<Option<DbError>>,
    /// Something that was written could not be kept before it was locked, and waits in this tab. It outlasts who is signed in.
    pub unkept: RwSignal<bool>,
    /// What somebody kept here cannot be read any more, and was erased.
    pub lost: RwSignal<bool>,
    /// Rows that could not be read at the start.
    pub unreadable: RwSignal<usize>,
    /// What is open was lent by another record than the app's configuration names by now.
    pub other_record: RwSignal<bool>,
    /// Whether something stays here when the tab is closed.
    pub kept: RwSignal<bool>,
    /// Until when the device may hold what it holds.
    pub lease_until: RwSignal<Option<At>>,
    /// Whether a PIN opens the screen again.
    pub has_pin: RwSignal<bool>,
    /// It locks by itself within a few seconds.
    pub locks_soon: RwSignal<bool>,
    /// What is being taken on a visit.
    pub taking: RwSignal<Progress>,
    /// Whether this tab has the connection; the others follow it.
    pub leads: RwSignal<bool>,
}

impl DeviceState {
    pub(super) fn new() -> Self {
        Self {
            trouble: RwSignal::new(None),
            unkept: RwSignal::new(false),
            lost: RwSignal::new(false),
            unreadable: RwSignal::new(0),
            other_record: RwSignal::new(false),
            kept: RwSignal::new(false),
            lease_until: RwSignal::new(None),
            has_pin: RwSignal::new(false),
            locks_soon: RwSignal::new(false),
            taking: RwSignal::new(Progress::Idle),
            leads: RwSignal::new(false),
        }
    }

    /// What the person is told on every page: what could not be read stands on that of the device too, and gives way.
    pub fn warning(&self) -> Option<&'static str> {
        if self.other_record.get() {
            Some(OTHER_RECORD_WORDS)
        } else {
            (self.unreadable.get() > 0).then_some(UNREADABLE_WORDS)
        }
    }

    pub(super) fn clear(&self) {
        self.trouble.set(None);
        self.unreadable.set(0);
        self.other_record.set(false);
        self.kept.set(false);
        self.lease_until.set(None);
        self.locks_soon.set(false);
        self.taking.set(Progress::Idle);
        self.leads.set(false);
    }
}

/// What the person is told when what they wrote could not be kept before it was locked.
pub const UNKEPT_WORDS: &str = "Something that was written could not be kept yet. It is only in this tab: do not close it. Free some space. Baton keeps trying.";

/// What the person is told when the list of what is kept here could not be read.
pub const LOST_WORDS: &str = "Some of what this device kept could not be read any more and was erased. What was sent is safe. If something that you wrote and had not sent is missing, write it again.";

/// What the person is told when something that was kept could not be read.
pub const UNREADABLE_WORDS: &str = "Some of what this device kept could not be read. Conversations are fetched again when there is a network. If something that you wrote and had not sent is missing, write it again.";

/// What the person is told where the app's configuration names another record than the one that lent what is open.
const OTHER_RECORD_WORDS: &str = "This address now names another record than this device’s. What is here is safe. Ask your IT service desk. If it is meant, lock this device and sign in with your work account.";

/// What the person is told when something cannot be kept.
pub fn trouble_words(error: &DbError) -> &'static str {
    match error {
        DbError::Full => {
            "This device’s storage is full. What you write is only in this tab until it is sent: do not close it. Free some space, or take fewer conversations offline."
        }
        DbError::Erased => {
            "What Baton kept on this device was erased, in another tab or by the browser. What you write is only in this tab until it is sent: do not close it."
        }
        DbError::Newer => {
            "A newer version of Baton has been used here. Close all its tabs and open it again."
        }
        DbError::Unavailable => {
            "This browser does not let Baton keep anything, as in a private window. What you write is only in this tab until it is sent: do not close it."
        }
        DbError::Blocked | DbError::Cut | DbError::Other(_) => {
            "This device cannot keep what you write just now. It is only in this tab until it is sent: do not close it. Baton keeps trying."
        }
    }
}
