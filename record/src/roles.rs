//! Roles of teams, over all teams: who is on call now.
//!
//! What stands in the log of a team is projected into a table with each append ([`standing`]), and who held what when goes into
//! the audit with it (`role.held`, `role.ended`). Devices ask for it ([`on_call`]), and for what a
//! rota in a file says ([`rota`]).

pub mod on_call;
pub mod rota;
pub mod standing;
