//! How this person likes the app, kept for this tab only.

use crate::part::derived::RwSignal;

use crate::web;

const THEME: &str = "baton.theme";
const ENTER: &str = "baton.enter";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device has it.
    #[default]
    Device,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All, as they are offered.
    pub const ALL: [Self; 3] = [Self::Device, Self::Light, Self::Dark];

    /// What it is called on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Device => "As this device",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Preferences of this tab.
#[derive(Clone, Copy)]
pub struct Preference {
    theme: RwSignal<Theme>,
    enter_sends: RwSignal<bool>,
}

impl Preference {
    /// Reads what this tab keeps, and shows the theme.
    pub fn start() -> Self {
        let kept = web::kept(THEME);
        let theme = Theme::ALL
            .into_iter()
            .find(|theme| Some(theme.word()) == kept.as_deref())
            .unwrap_or_default();
        let enter_sends = web::kept(ENTER).map_or_else(|| !web::is_touch(), |kept| kept == "sends");
        let this = Self {
            theme: RwSignal::new(theme),
            enter_sends: RwSignal::new(enter_sends),
        };
        this.show();
        this
    }

    /// Light or dark.
    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Changes to light or dark.
    pub fn set_theme(self, theme: Theme) {
        self.theme.set(theme);
        web::keep(THEME, theme.word());
        self.show();
    }

    /// Whether Enter sends (Shift+Enter makes a new line), or makes a new line (Ctrl+Enter sends).
    pub fn enter_sends(self) -> bool {
        self.enter_sends.get()
    }

    /// Changes what Enter does.
    pub fn set_enter_sends(self, sends: bool) {
        self.enter_sends.set(sends);
        web::keep(ENTER, if sends { "sends" } else { "new line" });
    }

    fn show(self) {
        if let Some(root) = web::document().document_element() {
            _ = root.set_attribute("data-theme", self.theme.get_untracked().word());
        }
    }
}
