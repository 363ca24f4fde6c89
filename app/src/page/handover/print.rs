//! A handover on paper: A4, each page with whose it is, when it was printed and by whom.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::id::{OpId, SpaceId};

use super::handed::{facts, fetch, no_texts, read, sign_offs};
use super::show::priority;
use super::talk::questions;
use crate::app::baton;
use crate::page::list::{printed, to_paper};
use crate::page::new::PaneHead;
use crate::part::derived::memo;
use crate::part::patient::PatientLine;
use crate::part::plain::{self, block, follows, none};
use crate::route::Route;
use crate::store::handover::given::HandoverKey;
use crate::store::handover::paper::{Paper, PartLine};
use crate::store::patients::face::ON_THEIR_WAY;

/// The page.
#[component]
pub fn PrintHandoverPage(
    /// The team.
    space: SpaceId,
    /// Which.
    id: OpId,
) -> impl IntoView {
    let baton = baton();
    let paper = memo(move || baton.command.handover_on_paper(HandoverKey { space, id }));
    view! {
        <section class="baton-pane baton-print baton-print--upright" aria-labelledby="pane-title">
            <PaneHead title="Print a handover" back=Route::Handed(space, id) />
            {to_paper("This is the handover as it was offered and accepted.", none())}
            {follows(move || match paper.get() {
                Some(paper) => on_paper(&paper),
                None => fetch(HandoverKey { space, id }, "This handover is not on this device."),
            })}
        </section>
    }
}

fn on_paper(paper: &Paper) -> AnyView {
    let rows: Vec<AnyView> = paper.parts.iter().map(row).collect();
    let (facts, texts, signed) = (facts(paper), no_texts(paper), sign_offs(paper));
    let asked = questions(paper.questions.clone(), None);
    let words = format!("{}. {}", paper.status, paper.stays);
    view! {
        <div class="baton-paper" role="region" aria-label="The handover as it is printed" tabindex="0">
            <table class="baton-paper__table">
                <thead>
                    <tr>
                        <td class="baton-paper__top">
                            <span class="baton-paper__title">"Handover of patients"</span>
                            <strong>{printed()} "."</strong>
                            <span class="baton-paper__warning">"Confidential: NHS patient data. Shred after use."</span>
                        </td>
                    </tr>
                </thead>
                <tbody>
                    <tr><td>{facts} {plain::words("", words)} {texts} {asked}</td></tr>
                    {rows}
                    <tr><td>{signed}</td></tr>
                </tbody>
            </table>
        </div>
    }
}

fn row(part: &PartLine) -> AnyView {
    let who = match part.chip.face.clone() {
        Some(face) => view! { <PatientLine face /> },
        None => ON_THEIR_WAY.into_any(),
    };
    let mut inside = vec![block(
        "baton-task__head",
        vec![priority(part.offered.priority), who],
    )];
    inside.extend(read(part, None));
    view! { <tr class="baton-paper__row"><td>{inside}</td></tr> }
}
