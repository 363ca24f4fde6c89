//! Where one is in the app: typed paths, and the browser's history.

use crate::part::derived::RwSignal;
use baton_core::id::{OpId, PatientId, SpaceId};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::web;

/// A place in the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// What a coordinator sees of a team.
    Board,
    /// What this device keeps, and how it locks.
    Device,
    /// People of the directory.
    Directory,
    /// A handover: what was offered, and what became of it.
    Handed(SpaceId, OpId),
    /// Patients of a team as they are handed over; of the team that was chosen last while none is named.
    Handover(Option<SpaceId>),
    /// The list of conversations, with none open.
    Inbox,
    /// A list of patients, in the space that has it.
    List(SpaceId, OpId),
    /// Start a conversation.
    New,
    /// Patients of a team are offered to somebody.
    Offer(SpaceId),
    /// A patient. The id is opaque: it says nothing of who they are.
    Patient(PatientId),
    /// Find a patient; lists of patients.
    Patients,
    /// A handover as it goes to paper.
    PrintHandover(SpaceId, OpId),
    /// A list of patients as it goes to paper.
    PrintList(SpaceId, OpId),
    /// Who holds which role.
    Roles,
    /// Find messages and people.
    Search,
    /// A patient’s handover sheet in a team.
    Sheet(SpaceId, PatientId),
    /// A task, in the space that has it.
    Task(SpaceId, OpId),
    /// What is to be done.
    Tasks,
    /// A conversation.
    Thread(SpaceId),
    /// Who belongs to a conversation.
    ThreadDetails(SpaceId),
}

impl Route {
    /// Reads a path; what is no place of ours leads to the inbox.
    pub fn parse(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        let parts = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        );
        let conversation = |id: &str| id.parse().ok();
        let list = |space: &str, list: &str| Some((space.parse().ok()?, list.parse().ok()?));
        match parts {
            (Some("board"), None, ..) => Self::Board,
            (Some("roles"), None, ..) => Self::Roles,
            (Some("tasks"), None, ..) => Self::Tasks,
            (Some("tasks"), Some(space), Some(id), None, _) => {
                list(space, id).map_or(Self::Tasks, |(space, id)| Self::Task(space, id))
            }
            (Some("handover"), None, ..) => Self::Handover(None),
            (Some("handover"), Some(space), rest, last, None) => match space.parse() {
                Ok(space) => Self::in_handover(space, rest, last),
                Err(_) => Self::Handover(None),
            },
            (Some("device"), None, ..) => Self::Device,
            (Some("directory"), None, ..) => Self::Directory,
            (Some("new"), None, ..) => Self::New,
            (Some("search"), None, ..) => Self::Search,
            (Some("patients"), None, ..) => Self::Patients,
            (Some("patient"), Some(id), None, ..) => id.parse().map_or(Self::Patients, Self::Patient),
            (Some("list"), Some(space), Some(id), None, _) => {
                list(space, id).map_or(Self::Patients, |(space, id)| Self::List(space, id))
            }
            (Some("list"), Some(space), Some(id), Some("print"), None) => {
                list(space, id).map_or(Self::Patients, |(space, id)| Self::PrintList(space, id))
            }
            (Some("conversation"), Some(id), None, ..) => conversation(id).map_or(Self::Inbox, Self::Thread),
            (Some("conversation"), Some(id), Some("details"), None, _) => {
                conversation(id).map_or(Self::Inbox, Self::ThreadDetails)
            }
            _ => Self::Inbox,
        }
    }

    fn in_handover(space: SpaceId, what: Option<&str>, of: Option<&str>) -> Self {
        let here = Self::Handover(Some(space));
        match (what, of) {
            (Some("offer"), None) => Self::Offer(space),
            (Some("patient"), Some(id)) => id.parse().map_or(here, |id| Self::Sheet(space, id)),
            (Some(id), None) => id.parse().map_or(here, |id| Self::Handed(space, id)),
            (Some(id), Some("print")) => id.parse().map_or(here, |id| Self::PrintHandover(space, id)),
            (Some(_) | None, _) => here,
        }
    }

    /// The path of this place.
    pub fn path(self) -> String {
        match self {
            Self::Board => "/board".to_owned(),
            Self::Device => "/device".to_owned(),
            Self::Directory => "/directory".to_owned(),
            Self::Handed(space, id) => format!("/handover/{space}/{id}"),
            Self::Handover(None) => "/handover".to_owned(),
            Self::Handover(Some(space)) => format!("/handover/{space}"),
            Self::Inbox => "/".to_owned(),
            Self::List(space, list) => format!("/list/{space}/{list}"),
            Self::New => "/new".to_owned(),
            Self::Offer(space) => format!("/handover/{space}/offer"),
            Self::Patient(patient) => format!("/patient/{patient}"),
            Self::Patients => "/patients".to_owned(),
            Self::PrintHandover(space, id) => format!("/handover/{space}/{id}/print"),
            Self::PrintList(space, list) => format!("/list/{space}/{list}/print"),
            Self::Roles => "/roles".to_owned(),
            Self::Search => "/search".to_owned(),
            Self::Sheet(space, patient) => format!("/handover/{space}/patient/{patient}"),
            Self::Task(space, task) => format!("/tasks/{space}/{task}"),
            Self::Tasks => "/tasks".to_owned(),
            Self::Thread(space) => format!("/conversation/{space}"),
            Self::ThreadDetails(space) => format!("/conversation/{space}/details"),
        }
    }

    /// The conversation that is open here.
    pub fn space(self) -> Option<SpaceId> {
        match self {
            Self::Thread(space) | Self::ThreadDetails(space) => Some(space),
            Self::Board
            | Self::Device
            | Self::Directory
            | Self::Handed(..)
            | Self::Handover(_)
            | Self::Inbox
            | Self::List(..)
            | Self::New
            | Self::Offer(_)
            | Self::Patient(_)
            | Self::Patients
            | Self::PrintHandover(..)
            | Self::PrintList(..)
            | Self::Roles
            | Self::Search
            | Self::Sheet(..)
            | Self::Task(..)
            | Self::Tasks => None,
        }
    }

    /// The list that is open here.
    pub fn list(self) -> Option<(SpaceId, OpId)> {
        match self {
            Self::List(space, list) | Self::PrintList(space, list) => Some((space, list)),
            Self::Board
            | Self::Device
            | Self::Directory
            | Self::Handed(..)
            | Self::Handover(_)
            | Self::Inbox
            | Self::New
            | Self::Offer(_)
            | Self::Patient(_)
            | Self::Patients
            | Self::PrintHandover(..)
            | Self::Roles
            | Self::Search
            | Self::Sheet(..)
            | Self::Task(..)
            | Self::Tasks
            | Self::Thread(_)
            | Self::ThreadDetails(_) => None,
        }
    }

    /// Whether it is about patients, so that it has the whole width instead of the list of conversations beside it.
    pub fn is_about_patients(self) -> bool {
        match self {
            Self::List(..) | Self::Patient(_) | Self::Patients | Self::PrintList(..) => true,
            Self::Board
            | Self::Device
            | Self::Directory
            | Self::Handed(..)
            | Self::Handover(_)
            | Self::Inbox
            | Self::New
            | Self::Offer(_)
            | Self::PrintHandover(..)
            | Self::Roles
            | Self::Search
            | Self::Sheet(..)
            | Self::Task(..)
            | Self::Tasks
            | Self::Thread(_)
            | Self::ThreadDetails(_) => false,
        }
    }

    /// Whether it is about handing patients over, and has the whole width too.
    pub fn is_about_handover(self) -> bool {
        matches!(
            self,
            Self::Handed(..) | Self::Handover(_) | Self::Offer(_) | Self::PrintHandover(..) | Self::Sheet(..)
        )
    }

    /// Whether it is about what is to be done, and has the whole width too.
    pub fn is_about_tasks(self) -> bool {
        matches!(self, Self::Board | Self::Task(..) | Self::Tasks)
    }
}

/// The current place, and how to go to another.
#[derive(Clone, Copy)]
pub struct Router {
    route: RwSignal<Route>,
}

impl Router {
    /// Starts at the address bar's place and follows Back and Forward.
    pub fn start() -> Self {
        let (path, _) = web::location();
        let route = RwSignal::new(Route::parse(&path));
        let on_back = Closure::<dyn Fn()>::new(move || {
            let (path, _) = web::location();
            route.try_set(Route::parse(&path));
        });
        _ = web::window().add_event_listener_with_callback("popstate", on_back.as_ref().unchecked_ref());
        on_back.forget();
        Self { route }
    }

    /// The current place.
    pub fn route(self) -> Route {
        self.route.get()
    }

    /// The current place, without following it.
    pub fn route_now(self) -> Route {
        self.route.get_untracked()
    }

    /// Goes to a place, so that Back leads here again.
    pub fn go(self, to: Route) {
        if self.route.get_untracked() != to {
            self.write(to, false);
        }
    }

    /// Goes to a place instead of the current one.
    pub fn replace(self, to: Route) {
        self.write(to, true);
    }

    fn write(self, to: Route, replace: bool) {
        if let Ok(history) = web::window().history() {
            let path = to.path();
            let state = wasm_bindgen::JsValue::NULL;
            _ = if replace {
                history.replace_state_with_url(&state, "", Some(&path))
            } else {
                history.push_state_with_url(&state, "", Some(&path))
            };
        }
        self.route.set(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_path_that_leads_back_to_it() {
        let space = SpaceId::from_bytes([7; 16]);
        let list = OpId::from_bytes([8; 16]);
        for route in [
            Route::Board,
            Route::Device,
            Route::Directory,
            Route::Handed(space, list),
            Route::Handover(None),
            Route::Handover(Some(space)),
            Route::Inbox,
            Route::List(space, list),
            Route::New,
            Route::Offer(space),
            Route::Patient(PatientId::from_bytes([9; 16])),
            Route::Patients,
            Route::PrintHandover(space, list),
            Route::PrintList(space, list),
            Route::Roles,
            Route::Search,
            Route::Sheet(space, PatientId::from_bytes([9; 16])),
            Route::Task(space, list),
            Route::Tasks,
            Route::Thread(space),
            Route::ThreadDetails(space),
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
    }

    #[test]
    fn what_is_no_place_leads_to_the_inbox() {
        for path in [
            "",
            "/nowhere",
            "/conversation/not-an-id",
            "/signed-in",
            "/directory/x",
        ] {
            assert_eq!(Route::parse(path), Route::Inbox, "{path}");
        }
    }

    #[test]
    fn what_is_no_place_of_a_handover_leads_to_the_team_or_to_all() {
        let space = SpaceId::from_bytes([7; 16]);
        for (path, to) in [
            ("/handover/x".to_owned(), None),
            (format!("/handover/{space}/x"), Some(space)),
            (format!("/handover/{space}/patient/900 000 0009"), Some(space)),
            (format!("/handover/{space}/x/print"), Some(space)),
        ] {
            assert_eq!(Route::parse(&path), Route::Handover(to), "{path}");
        }
    }

    #[test]
    fn what_names_no_patient_and_no_list_leads_to_all_of_them() {
        for path in [
            "/patient/900 000 0009",
            "/patient/x",
            "/list/x/y",
            "/list/x/y/print",
        ] {
            assert_eq!(Route::parse(path), Route::Patients, "{path}");
        }
    }
}
