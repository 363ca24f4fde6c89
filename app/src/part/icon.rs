//! Inline icons, 24 by 24, drawn in the colour of the text. They say nothing by themselves: words stand beside them.

use crate::part::drawn::view;
use crate::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Back to the list.
    Back,
    /// Waits.
    Clock,
    /// Close.
    Close,
    /// Copy.
    Copy,
    /// More actions.
    Dots,
    /// Two ticks.
    DoubleTick,
    /// To the newest.
    Down,
    /// Several people.
    Group,
    /// From one to the next.
    Handover,
    /// Conversations.
    Inbox,
    /// This device.
    Device,
    /// Details.
    Info,
    /// A list of patients.
    List,
    /// Lock.
    Lock,
    /// A patient.
    Patient,
    /// People.
    People,
    /// Write anew.
    Pencil,
    /// A photo.
    Photo,
    /// Start something.
    Plus,
    /// Answer.
    Reply,
    /// Find.
    Search,
    /// Send.
    Send,
    /// One tick.
    Tick,
    /// Urgent, or an error.
    Warning,
    /// Take back.
    Withdraw,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Clock => "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Copy => "M9 9h10v11H9zM5 15V4h10",
            Self::Dots => "M5 12h.01M12 12h.01M19 12h.01",
            Self::DoubleTick => "M2 13l4 4 8-9M11 16l1 1 8-9",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Group => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.500M18 14.300c2.200.800 3.500 2.700 3.500 5.700"
            }
            Self::Handover => "M4 9h13l-4-4M20 15H7l4 4",
            Self::Inbox => "M4 5h16v11H9l-5 4z",
            Self::Device => "M7 3h10v18H7zM11 18h2",
            Self::List => "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
            Self::Lock => "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
            Self::Info => "M12 11v6M12 7.500v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
            Self::Patient => {
                "M3 6v13M3 16h18v3M21 16v-3a3 3 0 0 0-3-3h-8v6M6.500 12.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z"
            }
            Self::People => "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.500 3.500-7 8-7s8 2.500 8 7",
            Self::Pencil => "M4 20l1-5L16 4l4 4L9 19z",
            Self::Photo => "M4 8h4l2-3h4l2 3h4v11H4zM12 16.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Reply => "M10 6L4 12l6 6M4 12h9c4 0 7 2 7 6",
            Self::Search => "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20",
            Self::Send => "M4 12l-1-8 18 8-18 8zM4 12h9",
            Self::Tick => "M5 13l4 4L19 7",
            Self::Warning => "M12 9v5M12 17v.01M12 3l10 18H2z",
            Self::Withdraw => "M5 7h14M10 11v6M14 11v6M7 7l1 13h8l1-13M9 7V4h6v3",
        }
    }

    /// Draws it.
    pub fn draw(self) -> impl IntoView + use<> {
        view! {
            <svg class="baton-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
    }
}

/// The product's mark: a baton on its way from one hand to the next.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="baton-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="baton-mark__ground" d="M8 1h16a7 7 0 0 1 7 7v16a7 7 0 0 1-7 7H8a7 7 0 0 1-7-7V8a7 7 0 0 1 7-7z" />
            <path class="baton-mark__baton" d="M10 22L22 10" />
            <path class="baton-mark__hand" d="M6.500 16.500V24a1.500 1.500 0 0 0 1.500 1.500h7.500M25.500 15.500V8A1.500 1.500 0 0 0 24 6.500h-7.500" />
        </svg>
    }
}
